//! Numbers in words, and ordinals, in Spanish and English: "veintitrés", "two thousand and five", "3ro", "the second".
//!
//! No crate reads number words of both languages, so the grammar is ours: parts are added while each is smaller than what the one before left
//! open, and *mil*, *thousand*, *millón* multiply what stands before them.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::scan::Scan;

/// Words with which a number, an amount or a length of time may begin, besides figures.
static LEADING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let words = "cero un uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho \
        diecinueve veinte veintiun veintiuno veintiuna veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve \
        treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento doscientos doscientas trescientos trescientas cuatrocientos \
        cuatrocientas quinientos quinientas seiscientos seiscientas setecientos setecientas ochocientos ochocientas novecientos novecientas mil \
        media a an half zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen \
        nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety";
    words.split_whitespace().collect()
});

/// Whether a number, an amount or a length of time may begin with this folded word: asked of every word, so it is quick.
pub(super) fn may_lead(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || LEADING.contains(word)
}

/// Words of one number, at most.
const LONGEST: usize = 14;

/// A number in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spelled {
    pub(super) value: u64,
    /// Words that it takes.
    pub(super) words: usize,
    /// Whether it is "un", "una", "a", which is an article first.
    pub(super) article: bool,
}

/// What one word adds: its value, and the size below which the next part must stay.
fn part(word: &str) -> Option<(u64, u64)> {
    let value = match word {
        "cero" | "zero" => 0,
        "un" | "uno" | "una" | "one" => 1,
        "dos" | "two" => 2,
        "tres" | "three" => 3,
        "cuatro" | "four" => 4,
        "cinco" | "five" => 5,
        "seis" | "six" => 6,
        "siete" | "seven" => 7,
        "ocho" | "eight" => 8,
        "nueve" | "nine" => 9,
        "diez" | "ten" => 10,
        "once" | "eleven" => 11,
        "doce" | "twelve" => 12,
        "trece" | "thirteen" => 13,
        "catorce" | "fourteen" => 14,
        "quince" | "fifteen" => 15,
        "dieciseis" | "sixteen" => 16,
        "diecisiete" | "seventeen" => 17,
        "dieciocho" | "eighteen" => 18,
        "diecinueve" | "nineteen" => 19,
        "veinte" | "twenty" => return Some((20, 10)),
        "veintiun" | "veintiuno" | "veintiuna" => 21,
        "veintidos" => 22,
        "veintitres" => 23,
        "veinticuatro" => 24,
        "veinticinco" => 25,
        "veintiseis" => 26,
        "veintisiete" => 27,
        "veintiocho" => 28,
        "veintinueve" => 29,
        "treinta" | "thirty" => return Some((30, 10)),
        "cuarenta" | "forty" | "fourty" => return Some((40, 10)),
        "cincuenta" | "fifty" => return Some((50, 10)),
        "sesenta" | "sixty" => return Some((60, 10)),
        "setenta" | "seventy" => return Some((70, 10)),
        "ochenta" | "eighty" => return Some((80, 10)),
        "noventa" | "ninety" => return Some((90, 10)),
        "cien" | "ciento" => return Some((100, 100)),
        "doscientos" | "doscientas" => return Some((200, 100)),
        "trescientos" | "trescientas" => return Some((300, 100)),
        "cuatrocientos" | "cuatrocientas" => return Some((400, 100)),
        "quinientos" | "quinientas" => return Some((500, 100)),
        "seiscientos" | "seiscientas" => return Some((600, 100)),
        "setecientos" | "setecientas" => return Some((700, 100)),
        "ochocientos" | "ochocientas" => return Some((800, 100)),
        "novecientos" | "novecientas" => return Some((900, 100)),
        _ => return None,
    };
    Some((value, 1))
}

/// What multiplies the number before it, or stands alone for one of it.
pub(super) fn scale(word: &str) -> Option<u64> {
    Some(match word {
        "hundred" => 100,
        "mil" | "thousand" => 1_000,
        "millon" | "millones" | "million" | "millions" => 1_000_000,
        _ => return None,
    })
}

/// The number in words at a place. Linear in its words.
pub(super) fn spelled(scan: Scan<'_>, at: usize) -> Option<Spelled> {
    if let Some(some) = some(scan, at) {
        return Some(some);
    }
    let (mut total, mut current) = (0u64, 0u64);
    // What the last part left open: the next one must be smaller.
    let mut open = u64::MAX;
    let mut words = 0;
    let mut seen = false;
    while words < LONGEST && (words == 0 || scan.is_near(at + words)) {
        let here = at + words;
        let word = scan.word(here);
        if let Some((value, room)) = part(word).filter(|(value, _)| *value < open) {
            current += value;
            open = room;
            words += 1;
            seen = true;
        } else if word == "hundred" && (1..100).contains(&current) {
            current *= 100;
            open = 100;
            words += 1;
        } else if let Some(times) = scale(word).filter(|times| {
            // "Mil" stands alone, "million" does not.
            *times > 100
                && (current > 0 || (!seen && word == "mil"))
                && (total == 0 || *times < 1_000_000)
        }) {
            total = total.saturating_add(current.max(1).saturating_mul(times));
            current = 0;
            open = times;
            words += 1;
            seen = true;
        } else if seen
            && matches!(word, "y" | "and")
            && scan.is_near(here + 1)
            && part(scan.word(here + 1)).is_some_and(|(value, _)| value > 0 && value < open)
            && joins(word, open)
        {
            words += 1;
        } else {
            break;
        }
    }
    seen.then(|| Spelled {
        value: total.saturating_add(current),
        words,
        article: words == 1 && matches!(scan.word(at), "un" | "una" | "one" | "uno"),
    })
}

/// "Treinta y dos", but "two hundred and five": "dos mil y cinco" are two numbers.
fn joins(word: &str, open: u64) -> bool {
    if word == "y" { open == 10 } else { open >= 100 }
}

/// "A hundred", "una docena", "a couple": the article and what it counts.
fn some(scan: Scan<'_>, at: usize) -> Option<Spelled> {
    let next = if scan.is_near(at + 1) {
        scan.word(at + 1)
    } else {
        ""
    };
    let (value, words) = match (scan.word(at), next) {
        ("a", "hundred") => (100, 2),
        ("a", "thousand") => (1_000, 2),
        ("a", "million") => (1_000_000, 2),
        ("una", "docena") | ("a", "dozen") => (12, 2),
        ("media", "docena") => (6, 2),
        ("half", "a") if scan.says(at, "half a dozen").is_some() => (6, 3),
        ("un", "par") | ("a", "couple") => (2, 2),
        _ => return None,
    };
    Some(Spelled {
        value,
        words,
        article: false,
    })
}

/// The rank, from one on, that a folded word names: "segunda", "3ro", "2nd".
pub(in crate::understanding) fn ordinal(word: &str) -> Option<u32> {
    const NAMES: &[(u32, &[&str])] = &[
        (1, &["primera", "primero", "primer", "first"]),
        (2, &["segunda", "segundo", "second"]),
        (3, &["tercera", "tercero", "tercer", "third"]),
        (4, &["cuarta", "cuarto", "fourth"]),
        (5, &["quinta", "quinto", "fifth"]),
        (6, &["sexta", "sexto", "sixth"]),
        (7, &["septima", "septimo", "setima", "setimo", "seventh"]),
        (8, &["octava", "octavo", "eighth"]),
        (9, &["novena", "noveno", "ninth"]),
        (10, &["decima", "decimo", "tenth"]),
        (11, &["undecima", "undecimo", "eleventh"]),
        (12, &["duodecima", "duodecimo", "twelfth"]),
    ];
    const ENDINGS: &[&str] = &[
        "o", "a", "er", "ero", "era", "ro", "ra", "do", "da", "to", "ta", "mo", "ma", "vo", "va",
        "no", "na", "st", "nd", "rd", "th",
    ];
    let named = NAMES.iter().find(|(_, names)| names.contains(&word));
    named.map(|&(rank, _)| rank).or_else(|| {
        let ending = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = word.strip_suffix(ending)?;
        let rank = (digits.len() <= 3 && ENDINGS.contains(&ending)).then(|| digits.parse().ok());
        rank.flatten().filter(|rank| *rank > 0)
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::normalise::{Folded, words};
    use super::*;

    fn read(text: &str) -> Option<(u64, usize)> {
        let folded = Folded::new(text);
        let words = words(&folded);
        spelled(Scan::new(folded.as_str(), &words), 0).map(|read| (read.value, read.words))
    }

    #[test]
    fn numbers_in_words_are_read_whole() {
        for (text, value) in [
            ("cero", 0),
            ("una", 1),
            ("quince", 15),
            ("veintitrés", 23),
            ("treinta y uno", 31),
            ("ciento cinco", 105),
            ("dos mil quinientos", 2_500),
            ("cien mil", 100_000),
            ("tres millones doscientos mil cuarenta y dos", 3_200_042),
            ("mil", 1_000),
            ("una docena", 12),
            ("forty-two", 42),
            ("two hundred and five", 205),
            ("a thousand", 1_000),
            ("nineteen", 19),
            ("one million two hundred thousand", 1_200_000),
        ] {
            assert_eq!(read(text).map(|read| read.0), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_ends_one() {
        for (text, wanted) in [
            ("dos tres", Some((2, 1))),
            ("veinte pares", Some((20, 1))),
            ("dos y tres", Some((2, 1))),
            ("hundred", None),
            ("million", None),
            ("pedido", None),
            ("", None),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn ranks_are_read_in_both_languages() {
        for (word, rank) in [
            ("segunda", Some(2)),
            ("3ro", Some(3)),
            ("1er", Some(1)),
            ("2nd", Some(2)),
            ("21st", Some(21)),
            ("tenth", Some(10)),
            ("10k", None),
            ("0th", None),
            ("dos", None),
        ] {
            assert_eq!(ordinal(word), rank, "{word}");
        }
    }
}
