//! How values are shown: dates, money and times in the visitor's language.

use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::ids::Lang;
use crate::topics::{SlotKind, ValueKind};
use crate::understanding::{MONTHS, WEEKDAYS};

/// A value of a call's answer as a reader sees it. `raw` is the JSON string's content, or the JSON text of anything else; what does not parse
/// as its kind is shown as it is. `currency` (ISO 4217) is for bare numbers, `this_year` leaves out the year of near dates.
pub fn shown(raw: &str, kind: ValueKind, lang: &Lang, currency: &str, this_year: i16) -> String {
    let worded = match kind {
        ValueKind::Text => None,
        ValueKind::Date => day_of(raw).map(|date| day(date, lang, this_year)),
        ValueKind::Time => time_of(raw).map(clock),
        ValueKind::Money => amount_of(raw, currency).map(|(minor, code)| money(minor, &code, lang)),
    };
    worded.unwrap_or_else(|| raw.to_owned())
}

/// Whether a value is of its kind, so that [`shown`] puts it in a reader's words. The currency is not looked at: every site has one.
pub fn is_of_kind(raw: &str, kind: ValueKind) -> bool {
    match kind {
        ValueKind::Text => true,
        ValueKind::Date => day_of(raw).is_some(),
        ValueKind::Time => time_of(raw).is_some(),
        ValueKind::Money => amount_of(raw, "EUR").is_some(),
    }
}

/// "martes 24 de noviembre", "Tuesday 24 November"; with the year where it is another one.
pub fn day(date: Date, lang: &Lang, this_year: i16) -> String {
    let month = usize::try_from(date.month() - 1).unwrap_or_default();
    let (number, weekday) = (date.day(), weekday(date.weekday(), lang));
    let spanish = lang.base() == Lang::es();
    let words = if spanish {
        format!("{weekday} {number} de {}", MONTHS[month].0)
    } else {
        format!("{weekday} {number} {}", MONTHS[month].1)
    };
    match (date.year() == this_year, spanish) {
        (true, _) => words,
        (false, true) => format!("{words} de {}", date.year()),
        (false, false) => format!("{words} {}", date.year()),
    }
}

/// A promised moment, seen from `now` on the same clock: "hoy a las 18:30", "mañana a la 1:00", "el martes 24 de noviembre a las 10:00";
/// "today at 18:30", "tomorrow at 10:00", "on Tuesday 24 November at 10:00".
pub fn moment(at: DateTime, now: DateTime, lang: &Lang) -> String {
    let spanish = lang.base() == Lang::es();
    let tomorrow = now.date().tomorrow().ok() == Some(at.date());
    let day = match (at.date() == now.date(), tomorrow, spanish) {
        (true, _, true) => "hoy".to_owned(),
        (true, _, false) => "today".to_owned(),
        (false, true, true) => "mañana".to_owned(),
        (false, true, false) => "tomorrow".to_owned(),
        (false, false, true) => format!("el {}", day(at.date(), lang, now.year())),
        (false, false, false) => format!("on {}", day(at.date(), lang, now.year())),
    };
    let hour = clock(at.time());
    match (spanish, at.hour()) {
        (true, 1) => format!("{day} a la {hour}"),
        (true, _) => format!("{day} a las {hour}"),
        (false, _) => format!("{day} at {hour}"),
    }
}

/// An amount in hundredths: "59,90 €", "$ 59.990", "€59.90", "ARS 59,990". Pesos without cents show none; a no-break space keeps sign and figure together.
pub fn money(hundredths: i64, currency: &str, lang: &Lang) -> String {
    let spanish = lang.base() == Lang::es();
    let (whole, cents) = (
        hundredths.unsigned_abs() / 100,
        hundredths.unsigned_abs() % 100,
    );
    let figure = grouped(whole, if spanish { '.' } else { ',' });
    let point = if spanish { ',' } else { '.' };
    let peso = !matches!(currency, "EUR" | "USD" | "GBP");
    let figure = if peso && cents == 0 {
        figure
    } else {
        format!("{figure}{point}{cents:02}")
    };
    let minus = if hundredths < 0 { "-" } else { "" };
    match (spanish, currency) {
        (true, "EUR") => format!("{minus}{figure}\u{a0}€"),
        (true, "ARS") => format!("{minus}$\u{a0}{figure}"),
        (true, code) => format!("{minus}{figure}\u{a0}{code}"),
        (false, "EUR") => format!("{minus}€{figure}"),
        (false, "USD") => format!("{minus}${figure}"),
        (false, "GBP") => format!("{minus}£{figure}"),
        (false, code) => format!("{minus}{code}\u{a0}{figure}"),
    }
}

fn grouped(whole: u64, separator: char) -> String {
    let digits = whole.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

fn weekday(day: Weekday, lang: &Lang) -> &'static str {
    let spanish = lang.base() == Lang::es();
    let named = WEEKDAYS.iter().find(|(known, _, _)| *known == day);
    named.map_or("", |(_, es, en)| if spanish { es } else { en })
}

/// The value of a slot as a reader sees it: kept as `2026-11-27`, read as "viernes 27 de noviembre". What is no value of its kind is shown as it is.
pub(super) fn slot_value(
    value: &str,
    kind: SlotKind,
    lang: &Lang,
    currency: &str,
    this_year: i16,
) -> String {
    let worded = match kind {
        SlotKind::Date => day_of(value).map(|date| day(date, lang, this_year)),
        SlotKind::Time => time_of(value).map(clock),
        SlotKind::Money => {
            let (figure, told) = value.split_once(' ').unwrap_or((value, currency));
            let json = format!("\"{figure}\"");
            amount_of(&json, told).map(|(hundredths, code)| money(hundredths, &code, lang))
        }
        SlotKind::Duration => length(value, lang),
        SlotKind::Ordinal => value.parse().ok().map(|rank| ranked(rank, lang)),
        SlotKind::Text
        | SlotKind::Number
        | SlotKind::Email
        | SlotKind::Phone
        | SlotKind::Postcode
        | SlotKind::Address
        | SlotKind::YesNo
        | SlotKind::List
        | SlotKind::Url
        | SlotKind::IdNumber => None,
    };
    worded.unwrap_or_else(|| value.to_owned())
}

/// "2.º", "2nd".
fn ranked(rank: u32, lang: &Lang) -> String {
    if lang.base() == Lang::es() {
        return format!("{rank}.º");
    }
    let ending = match (rank % 10, rank % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{rank}{ending}")
}

/// An ISO 8601 length of time in words: "2 semanas", "1 hour and 30 minutes".
fn length(iso: &str, lang: &Lang) -> Option<String> {
    let spanish = lang.base() == Lang::es();
    let mut parts = Vec::new();
    let mut number = String::new();
    let mut of_day = false;
    for c in iso.strip_prefix('P')?.chars() {
        let unit = match c {
            'T' => {
                of_day = true;
                continue;
            }
            c if c.is_ascii_digit() => {
                number.push(c);
                continue;
            }
            'Y' => ("año", "años", "year"),
            'M' if of_day => ("minuto", "minutos", "minute"),
            'M' => ("mes", "meses", "month"),
            'W' => ("semana", "semanas", "week"),
            'D' => ("día", "días", "day"),
            'H' => ("hora", "horas", "hour"),
            'S' => ("segundo", "segundos", "second"),
            _ => return None,
        };
        let many: u64 = std::mem::take(&mut number).parse().ok()?;
        parts.push(match (spanish, many) {
            (true, 1) => format!("1 {}", unit.0),
            (true, _) => format!("{many} {}", unit.1),
            (false, 1) => format!("1 {}", unit.2),
            (false, _) => format!("{many} {}s", unit.2),
        });
    }
    let last = parts.pop()?;
    if parts.is_empty() {
        return Some(last);
    }
    let and = if spanish { "y" } else { "and" };
    Some(format!("{} {and} {last}", parts.join(", ")))
}

fn day_of(raw: &str) -> Option<Date> {
    raw.parse()
        .ok()
        .or_else(|| raw.split_once('T')?.0.parse().ok())
}

fn time_of(raw: &str) -> Option<Time> {
    raw.parse().ok().or_else(|| {
        let (_, rest) = raw.split_once('T')?;
        rest.get(..5)?.parse().ok()
    })
}

/// Hundredths and currency of `{"amount": 59.9, "currency": "EUR"}`, `59.9` or `"59.9"`.
fn amount_of(raw: &str, currency: &str) -> Option<(i64, String)> {
    let json: serde_json::Value = serde_json::from_str(raw).ok()?;
    let (amount, code) = match &json {
        serde_json::Value::Object(fields) => (
            fields.get("amount")?,
            fields
                .get("currency")
                .and_then(serde_json::Value::as_str)
                .unwrap_or(currency),
        ),
        bare => (bare, currency),
    };
    let amount = amount
        .as_f64()
        .or_else(|| amount.as_str().and_then(|text| text.parse().ok()))
        .filter(|amount| amount.abs() < 1e13)?;
    // Beyond the range check the rounding is exact to the cent.
    #[allow(clippy::cast_possible_truncation, reason = "bounded above")]
    let hundredths = (amount * 100.0).round() as i64;
    Some((hundredths, code.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    #[test]
    fn dates_are_worded() {
        let near = date(2026, 11, 24);
        assert_eq!(day(near, &Lang::es(), 2026), "martes 24 de noviembre");
        assert_eq!(day(near, &Lang::en(), 2026), "Tuesday 24 November");
        assert_eq!(
            day(near, &"es-AR".parse().unwrap(), 2025),
            "martes 24 de noviembre de 2026"
        );
        assert_eq!(day(near, &Lang::en(), 2027), "Tuesday 24 November 2026");
    }

    #[test]
    fn moments_are_worded_from_now() {
        let now = datetime(2026, 11, 23, 2, 0, 0, 0);
        for (at, es, en) in [
            (
                datetime(2026, 11, 23, 18, 30, 0, 0),
                "hoy a las 18:30",
                "today at 18:30",
            ),
            (
                datetime(2026, 11, 24, 1, 0, 0, 0),
                "mañana a la 1:00",
                "tomorrow at 1:00",
            ),
            (
                datetime(2026, 11, 28, 10, 0, 0, 0),
                "el sábado 28 de noviembre a las 10:00",
                "on Saturday 28 November at 10:00",
            ),
        ] {
            assert_eq!(moment(at, now, &Lang::es()), es);
            assert_eq!(moment(at, now, &Lang::en()), en);
        }
    }

    #[test]
    fn money_follows_language_and_currency() {
        for (hundredths, currency, es, en) in [
            (5990, "EUR", "59,90\u{a0}€", "€59.90"),
            (5_999_000, "ARS", "$\u{a0}59.990", "ARS\u{a0}59,990"),
            (5_999_050, "ARS", "$\u{a0}59.990,50", "ARS\u{a0}59,990.50"),
            (-123_456, "USD", "-1.234,56\u{a0}USD", "-$1,234.56"),
            (5, "EUR", "0,05\u{a0}€", "€0.05"),
        ] {
            assert_eq!(money(hundredths, currency, &Lang::es()), es);
            assert_eq!(money(hundredths, currency, &Lang::en()), en);
        }
    }

    #[test]
    fn values_of_slots_are_worded_in_the_language_of_the_reader() {
        for (value, kind, es, en) in [
            (
                "2026-11-27",
                SlotKind::Date,
                "viernes 27 de noviembre",
                "Friday 27 November",
            ),
            ("09:30", SlotKind::Time, "9:30", "9:30"),
            ("45.9 EUR", SlotKind::Money, "45,90\u{a0}€", "€45.90"),
            ("12500", SlotKind::Money, "$\u{a0}12.500", "ARS\u{a0}12,500"),
            ("P2W", SlotKind::Duration, "2 semanas", "2 weeks"),
            (
                "PT1H30M",
                SlotKind::Duration,
                "1 hora y 30 minutos",
                "1 hour and 30 minutes",
            ),
            ("3", SlotKind::Ordinal, "3.º", "3rd"),
            ("12", SlotKind::Ordinal, "12.º", "12th"),
            ("pronto", SlotKind::Date, "pronto", "pronto"),
            ("28013", SlotKind::Postcode, "28013", "28013"),
        ] {
            let worded = |lang: &Lang| slot_value(value, kind, lang, "ARS", 2026);
            assert_eq!(worded(&Lang::es()), es);
            assert_eq!(worded(&Lang::en()), en);
        }
    }

    #[test]
    fn answers_of_services_are_shown_by_their_kind() {
        let es = Lang::es();
        for (raw, kind, wanted) in [
            ("2026-11-24", ValueKind::Date, "martes 24 de noviembre"),
            (
                "2026-11-24T10:00:00Z",
                ValueKind::Date,
                "martes 24 de noviembre",
            ),
            ("pronto", ValueKind::Date, "pronto"),
            (
                r#"{"amount": 59.9, "currency": "EUR"}"#,
                ValueKind::Money,
                "59,90\u{a0}€",
            ),
            ("59990", ValueKind::Money, "$\u{a0}59.990"),
            ("null", ValueKind::Money, "null"),
            ("14:00", ValueKind::Time, "14:00"),
            ("2026-11-24T09:30:00Z", ValueKind::Time, "9:30"),
            ("Correos", ValueKind::Text, "Correos"),
        ] {
            assert_eq!(shown(raw, kind, &es, "ARS", 2026), wanted, "{raw}");
        }
    }
}
