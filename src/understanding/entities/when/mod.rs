//! Days and hours as people name them, in Spanish and English: "el viernes que viene", "hace tres días", "pasado mañana a las 7 de la tarde",
//! "in two weeks", "3/4".
//!
//! The crates for this read English only (`interim`, `two_timer`, `chrono-english`, `dateparser`), and none tells "mañana" from "por la mañana":
//! the reader is ours. It knows no clock: what a [`Day`] means is asked with the day that today is.

mod clock;
mod day;

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::calendar::{month_of, weekday_of};
use super::super::normalise::{Folded, words};
use super::numbers::{may_lead, ordinal};
use super::scan::Scan;
use crate::ids::Lang;

pub use clock::{Clock, Part};
use clock::{clock_from, clock_named, hour, part, part_named};
pub(super) use day::date_of;
use day::day_named;
pub use day::{Day, Toward, Which};

/// What was asked for, so that a bare number may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nothing of that kind.
    Nothing,
    /// A day: "el 27".
    Day,
    /// An hour: "17", "5 y media".
    Hour,
}

/// What a text says of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct When {
    /// The day.
    pub day: Option<Day>,
    /// The hour.
    pub clock: Option<Clock>,
    /// The part of the day.
    pub part: Option<Part>,
    /// As soon as can be.
    pub soon: bool,
}

impl When {
    /// Reads a text; nothing where it says nothing of a time. `locale` tells which number of "3/4" is the day.
    pub fn read(text: &str, asked: Asked, locale: &Lang) -> Option<Self> {
        let folded = Folded::new(text);
        let words = words(&folded);
        let mut when = Self::default();
        for piece in pieces(Scan::new(folded.as_str(), &words), asked, locale) {
            match piece.what {
                What::Day(day) => when.day = when.day.or(Some(day)),
                What::Clock(clock, part) => {
                    when.clock = when.clock.or(Some(clock));
                    when.part = when.part.or(part);
                }
                What::Part(part) => when.part = when.part.or(Some(part)),
                What::Soon => when.soon = true,
            }
        }
        (when != Self::default()).then_some(when)
    }
}

/// One thing that was said of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Day(Day),
    Clock(Clock, Option<Part>),
    Part(Part),
    Soon,
}

/// Where it was said, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) what: What,
    pub(super) at: usize,
    pub(super) words: usize,
}

/// All that a message says of days and hours, in order. Linear: each place is looked at once, a few words ahead.
pub(super) fn pieces(scan: Scan<'_>, asked: Asked, locale: &Lang) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut bare = Vec::new();
    let mut at = 0;
    while at < scan.len() && found.len() < super::MOST_FOUND {
        if !may_begin(scan.word(at)) {
            at += 1;
            continue;
        }
        let here = piece(scan, at, asked, locale);
        let words = here.map_or(1, |(_, words)| words);
        match here {
            Some((What::Day(day), words)) => {
                found.push(Piece {
                    what: What::Day(day),
                    at,
                    words,
                });
                // "Esta tarde" and "tomorrow morning" are a day and a part of it.
                let last = scan.word(at + words - 1);
                if let Some(part) =
                    part_named(last).filter(|_| last != "manana" || scan.word(at) == "esta")
                {
                    found.push(Piece {
                        what: What::Part(part),
                        at,
                        words,
                    });
                }
            }
            Some((what, words)) => found.push(Piece { what, at, words }),
            None if asked == Asked::Hour && bare.len() < 3 => {
                bare.extend(hour(scan, at).map(|_| at))
            }
            None => {}
        }
        at += words;
    }
    let told = found
        .iter()
        .any(|piece| matches!(piece.what, What::Clock(..)));
    if let (false, Some(&first)) = (told, bare.first())
        && let Some((clock, part, words)) = clock_from(scan, first)
        && bare.iter().all(|at| *at < first + words)
    {
        found.push(Piece {
            what: What::Clock(clock, part),
            at: first,
            words,
        });
    }
    found
}

/// Words with which something of a time may begin, besides numbers, months and weekdays.
static BEGINNING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let words = "hoy today tonight esta this ayer yesterday anoche last anteayer antier antes pasado manana tomorrow tomorow tmrw tmr day proximo \
        next este hace dentro en in de a por al el dia the at around about by las la tipo desde hasta sobre hacia mediodia noon midday medianoche \
        midnight quarter cuanto lo ahora ya asap as now morning afternoon evening";
    words.split_whitespace().collect()
});

/// Whether something of a time may begin with this folded word: asked of every word, so it is quick.
fn may_begin(word: &str) -> bool {
    BEGINNING.contains(word)
        || may_lead(word)
        || (word.len() > 2
            && (month_of(word).is_some() || weekday_of(word).is_some() || ordinal(word).is_some()))
}

fn piece(scan: Scan<'_>, at: usize, asked: Asked, locale: &Lang) -> Option<(What, usize)> {
    if let Some(words) = scan.one_of(at, SOON) {
        return Some((What::Soon, words));
    }
    if let Some((part, words)) = part(scan, at) {
        return Some((What::Part(part), words));
    }
    if let Some((day, words)) = day_named(scan, at, asked, locale) {
        return Some((What::Day(day), words));
    }
    let (clock, part, words) = clock_named(scan, at, asked)?;
    Some((What::Clock(clock, part), words))
}

const SOON: &[&str] = &[
    "cuanto antes",
    "lo antes posible",
    "ahora",
    "ahora mismo",
    "ya mismo",
    "asap",
    "as soon as possible",
    "as soon as you can",
    "now",
];
