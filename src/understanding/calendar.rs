//! Names of months and days of the week: one list for those who read them and those who say them.

use jiff::civil::Weekday;

/// Months as they are written, from January on: Spanish, English.
pub const MONTHS: [(&str, &str); 12] = [
    ("enero", "January"),
    ("febrero", "February"),
    ("marzo", "March"),
    ("abril", "April"),
    ("mayo", "May"),
    ("junio", "June"),
    ("julio", "July"),
    ("agosto", "August"),
    ("septiembre", "September"),
    ("octubre", "October"),
    ("noviembre", "November"),
    ("diciembre", "December"),
];

/// Days of the week as they are written: Spanish, English.
pub const WEEKDAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "lunes", "Monday"),
    (Weekday::Tuesday, "martes", "Tuesday"),
    (Weekday::Wednesday, "miércoles", "Wednesday"),
    (Weekday::Thursday, "jueves", "Thursday"),
    (Weekday::Friday, "viernes", "Friday"),
    (Weekday::Saturday, "sábado", "Saturday"),
    (Weekday::Sunday, "domingo", "Sunday"),
];

/// Other ways to write a month, folded.
const MONTH_ALIASES: &[(&str, i8)] = &[
    ("ene", 1),
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("abr", 4),
    ("apr", 4),
    ("jun", 6),
    ("jul", 7),
    ("ago", 8),
    ("aug", 8),
    ("setiembre", 9),
    ("sep", 9),
    ("sept", 9),
    ("set", 9),
    ("oct", 10),
    ("nov", 11),
    ("dic", 12),
    ("dec", 12),
];

/// The month, 1 to 12, of a folded word.
pub(super) fn month_of(word: &str) -> Option<i8> {
    (1..)
        .zip(MONTHS)
        .find(|(_, (es, en))| *es == word || en.eq_ignore_ascii_case(word))
        .map(|(month, _)| month)
        .or_else(|| {
            let known = MONTH_ALIASES.iter().find(|(name, _)| *name == word);
            known.map(|&(_, month)| month)
        })
}

/// The day of a folded word: "miercoles", "wednesday", "thurs".
pub(super) fn weekday_of(word: &str) -> Option<Weekday> {
    Some(match word {
        "lunes" | "monday" => Weekday::Monday,
        "martes" | "tuesday" | "tues" => Weekday::Tuesday,
        "miercoles" | "wednesday" => Weekday::Wednesday,
        "jueves" | "thursday" | "thurs" => Weekday::Thursday,
        "viernes" | "friday" => Weekday::Friday,
        "sabado" | "saturday" => Weekday::Saturday,
        "domingo" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}
