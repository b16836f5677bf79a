//! Lengths of time: "dos semanas", "48 h", "media hora", "an hour and a half". Kept as ISO 8601: `P2W`, `PT48H`, `PT30M`.

use super::numbers::spelled;
use super::scan::Scan;

/// What time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    /// Two weeks.
    Fortnight,
    /// *Quincena*: fifteen days.
    HalfMonth,
    Month,
    Year,
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "segundo" | "segundos" | "seg" | "segs" | "second" | "seconds" | "sec" | "secs" => {
            Unit::Second
        }
        "minuto" | "minutos" | "minutito" | "minutitos" | "min" | "mins" | "minute" | "minutes" => {
            Unit::Minute
        }
        "hora" | "horas" | "h" | "hs" | "hrs" | "hr" | "hour" | "hours" => Unit::Hour,
        "dia" | "dias" | "day" | "days" => Unit::Day,
        "semana" | "semanas" | "week" | "weeks" | "wk" | "wks" => Unit::Week,
        "fortnight" | "fortnights" => Unit::Fortnight,
        "quincena" | "quincenas" => Unit::HalfMonth,
        "mes" | "meses" | "month" | "months" => Unit::Month,
        "ano" | "anos" | "year" | "years" | "yr" | "yrs" => Unit::Year,
        _ => return None,
    })
}

/// A whole number of one unit at a place, and the words that it takes: "3 días", "una semana", "48h".
pub(super) fn counted(scan: Scan<'_>, at: usize) -> Option<(u32, Unit, usize)> {
    if let Some((many, glued)) = scan.glued(at).filter(|(_, glued)| !glued.is_empty()) {
        let unit = if glued == "d" {
            Some(Unit::Day)
        } else {
            unit(glued)
        };
        return Some((many, unit?, 1));
    }
    let (many, words) = match scan.number(at) {
        Some(many) => (many, 1),
        None => match spelled(scan, at) {
            Some(read) => (u32::try_from(read.value).ok()?, read.words),
            None if matches!(scan.word(at), "a" | "an") => (1, 1),
            None => return None,
        },
    };
    let next = at + words;
    // "A couple of days", "un par de horas".
    let of =
        usize::from(matches!(scan.word(next), "of" | "de") && unit(scan.word(next + 1)).is_some());
    let unit = unit(scan.word(next + of))?;
    (many <= 100_000 && scan.is_near(next)).then_some((many, unit, words + of + 1))
}

/// A length of time, in the three measures that do not turn into one another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Length {
    months: u32,
    days: u32,
    seconds: u64,
}

impl Length {
    fn add(&mut self, many: u32, unit: Unit) {
        match unit {
            Unit::Second => self.seconds += u64::from(many),
            Unit::Minute => self.seconds += u64::from(many) * 60,
            Unit::Hour => self.seconds += u64::from(many) * 3_600,
            Unit::Day => self.days += many,
            Unit::Week => self.days += many * 7,
            Unit::Fortnight => self.days += many * 14,
            Unit::HalfMonth => self.days += many * 15,
            Unit::Month => self.months += many,
            Unit::Year => self.months += many * 12,
        }
    }

    /// Half of one unit more.
    fn add_half(&mut self, unit: Unit) {
        match unit {
            Unit::Second => {}
            Unit::Minute => self.seconds += 30,
            Unit::Hour => self.seconds += 1_800,
            Unit::Day => self.seconds += 12 * 3_600,
            Unit::Week | Unit::Fortnight => self.days += 7,
            Unit::HalfMonth => self.days += 7,
            Unit::Month => self.days += 15,
            Unit::Year => self.months += 6,
        }
    }

    /// As ISO 8601 has it.
    pub(super) fn iso(self) -> String {
        let mut iso = "P".to_owned();
        let mut put = |many: u64, sign: char| {
            if many > 0 {
                iso.push_str(&format!("{many}{sign}"));
            }
        };
        put(u64::from(self.months / 12), 'Y');
        put(u64::from(self.months % 12), 'M');
        let weeks =
            self.months == 0 && self.seconds == 0 && self.days > 0 && self.days.is_multiple_of(7);
        if weeks {
            put(u64::from(self.days / 7), 'W');
        } else {
            put(u64::from(self.days), 'D');
        }
        if self.seconds > 0 || iso == "P" {
            iso.push('T');
            let mut put = |many: u64, sign: char| {
                if many > 0 {
                    iso.push_str(&format!("{many}{sign}"));
                }
            };
            put(self.seconds / 3_600, 'H');
            put(self.seconds % 3_600 / 60, 'M');
            put(self.seconds % 60, 'S');
            if self.seconds == 0 {
                iso.push_str("0S");
            }
        }
        iso
    }
}

/// The length of time at a place, and the words that it takes.
pub(super) fn read(scan: Scan<'_>, at: usize) -> Option<(Length, usize)> {
    let mut length = Length::default();
    let half = scan.one_of(at, &["media", "half an", "half a"]);
    if let Some(lead) = half {
        let unit = unit(scan.word(at + lead)).filter(|unit| *unit != Unit::Second)?;
        length.add_half(unit);
        return Some((length, lead + 1));
    }
    let (many, first, mut words) = counted(scan, at)?;
    length.add(many, first);
    let mut last = first;
    // "Dos horas y media", "1 hora 30 minutos": each smaller than the one before.
    for _ in 0..3 {
        let next = at + words;
        let and = usize::from(matches!(scan.word(next), "y" | "and"));
        if !scan.is_near(next) {
            break;
        }
        if and == 1
            && let Some(more) = scan.one_of(next + 1, &["media", "medio", "a half"])
        {
            length.add_half(last);
            return Some((length, words + 1 + more));
        }
        match counted(scan, next + and) {
            Some((many, unit, more)) if unit < last => {
                length.add(many, unit);
                last = unit;
                words += and + more;
            }
            Some(_) | None => break,
        }
    }
    Some((length, words))
}

#[cfg(test)]
mod tests {
    use super::super::super::normalise::{Folded, words};
    use super::*;

    #[test]
    fn lengths_are_read_in_both_languages() {
        for (text, iso) in [
            ("dos semanas", "P2W"),
            ("3 días", "P3D"),
            ("48h", "PT48H"),
            ("48 hs", "PT48H"),
            ("media hora", "PT30M"),
            ("una hora y media", "PT1H30M"),
            ("hora y media", ""),
            ("1 hora 30 minutos", "PT1H30M"),
            ("quince días", "P15D"),
            ("un mes y medio", "P1M15D"),
            ("dos años", "P2Y"),
            ("half an hour", "PT30M"),
            ("an hour and a half", "PT1H30M"),
            ("a couple of days", "P2D"),
            ("a fortnight", "P2W"),
            ("two and a half hours", ""),
            ("un par de horas", "PT2H"),
            ("45 min", "PT45M"),
            ("dos camisas", ""),
        ] {
            let folded = Folded::new(text);
            let words = words(&folded);
            let scan = Scan::new(folded.as_str(), &words);
            let read = read(scan, 0)
                .map(|(length, _)| length.iso())
                .unwrap_or_default();
            assert_eq!(read, iso, "{text}");
        }
    }
}
