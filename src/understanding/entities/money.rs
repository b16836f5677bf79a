//! Amounts of money, in figures and in words: "€45,90", "$ 12.500", "45 euros con 90", "veinte lucas", "50 céntimos". Kept as `45.90 EUR`, without
//! a currency where the sign leaves it open.
//!
//! No crate reads amounts out of a sentence in both languages, least of all *lucas* and *quid*.

use super::amounts::decimal;
use super::numbers::{Spelled, scale, spelled};
use super::scan::Scan;
use crate::ids::Lang;

/// What is counted: how much of a currency one of it is, in hundredths.
struct Unit {
    hundredths: u64,
    currency: &'static str,
}

const fn whole(currency: &'static str) -> Unit {
    Unit {
        hundredths: 100,
        currency,
    }
}

/// The peso of a locale; Argentina's where nothing tells.
fn peso(locale: &Lang) -> &'static str {
    match locale.as_str() {
        "es-MX" => "MXN",
        "es-CO" => "COP",
        "es-CL" => "CLP",
        "es-UY" => "UYU",
        _ => "ARS",
    }
}

/// "$" is pesos in Córdoba and dollars in Chicago.
fn dollar_sign(locale: &Lang) -> &'static str {
    match locale.as_str() {
        "es-AR" | "es-MX" | "es-CO" | "es-CL" | "es-UY" => peso(locale),
        "en-US" => "USD",
        _ => "",
    }
}

/// Words of money, regional ones too.
fn unit(word: &str, locale: &Lang) -> Option<Unit> {
    let peso = peso(locale);
    Some(match word {
        "euro" | "euros" | "eur" | "eurito" | "euritos" | "pavo" | "pavos" | "leuros" => {
            whole("EUR")
        }
        "dolar" | "dolares" | "dollar" | "dollars" | "usd" | "bucks" | "buck" => whole("USD"),
        "libra" | "libras" | "pound" | "pounds" | "quid" | "gbp" => whole("GBP"),
        "peso" | "pesos" | "mango" | "mangos" | "pesitos" => whole(peso),
        "varo" | "varos" | "mxn" => whole("MXN"),
        "ars" => whole("ARS"),
        "clp" => whole("CLP"),
        "cop" => whole("COP"),
        "uyu" => whole("UYU"),
        "luca" | "lucas" => Unit {
            hundredths: 100_000,
            currency: peso,
        },
        "gamba" | "gambas" => Unit {
            hundredths: 10_000,
            currency: peso,
        },
        "palo" | "palos" => Unit {
            hundredths: 100_000_000,
            currency: peso,
        },
        "grand" => Unit {
            hundredths: 100_000,
            currency: "",
        },
        "centimo" | "centimos" => Unit {
            hundredths: 1,
            currency: "EUR",
        },
        "centavo" | "centavos" => Unit {
            hundredths: 1,
            currency: peso,
        },
        "cent" | "cents" => Unit {
            hundredths: 1,
            currency: "",
        },
        "pence" | "penny" => Unit {
            hundredths: 1,
            currency: "GBP",
        },
        _ => return None,
    })
}

/// Signs that stand in the gap before or behind a number.
fn sign(gap: &str, locale: &Lang) -> Option<&'static str> {
    let gap = gap.trim();
    if gap.ends_with('€') {
        Some("EUR")
    } else if gap.ends_with('£') {
        Some("GBP")
    } else if gap.ends_with('$') {
        Some(dollar_sign(locale))
    } else {
        None
    }
}

/// An amount that was read.
pub(super) struct Amount {
    /// `45.90 EUR`.
    pub(super) value: String,
    /// Bytes in the folded text.
    pub(super) span: (usize, usize),
    /// Words to go on behind.
    pub(super) words: usize,
}

/// A number in figures or words, in millionths, with its own spelling where it has one.
struct Number {
    millionths: u128,
    spelled: Option<String>,
    words: usize,
}

fn number(scan: Scan<'_>, folded: &str, at: usize) -> Option<Number> {
    let figures = figures(scan, at);
    let (mut read, more) = match figures {
        Some(words) => {
            let text = decimal(folded.get(scan.start(at)..scan.end(at + words - 1))?);
            let number = Number {
                millionths: millionths(&text)?,
                spelled: Some(text),
                words,
            };
            (number, words)
        }
        None => match scan.glued(at) {
            // "20k"
            Some((many, "k")) => {
                let millionths = u128::from(many) * 1_000_000_000;
                return Some(Number {
                    millionths,
                    spelled: None,
                    words: 1,
                });
            }
            _ => {
                let Spelled { value, words, .. } = spelled(scan, at)?;
                let millionths = u128::from(value) * 1_000_000;
                (
                    Number {
                        millionths,
                        spelled: None,
                        words,
                    },
                    words,
                )
            }
        },
    };
    // "20 mil", "2,5 millones"
    let next = at + more;
    if figures.is_some() && scan.gap(next) == " " {
        let times = match scan.word(next) {
            "k" => Some(1_000),
            word => scale(word).filter(|times| *times > 100),
        };
        if let Some(times) = times {
            read.millionths = read.millionths.checked_mul(u128::from(times))?;
            read.spelled = None;
            read.words += 1;
        }
    }
    Some(read)
}

/// Words of a number in figures with its separators: "1", ".", "234", ",", "50".
fn figures(scan: Scan<'_>, at: usize) -> Option<usize> {
    scan.number(at)?;
    let mut words = 1;
    while words < 5
        && matches!(scan.gap(at + words), "." | ",")
        && scan.number(at + words).is_some()
    {
        words += 1;
    }
    Some(words)
}

fn millionths(text: &str) -> Option<u128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let whole: u128 = whole.parse().ok()?;
    whole
        .checked_mul(1_000_000)?
        .checked_add(fraction.parse().ok()?)
}

fn written(millionths: u128) -> String {
    let (whole, cents) = (millionths / 1_000_000, millionths % 1_000_000 / 10_000);
    if cents == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{cents:02}")
    }
}

fn with_currency(figure: String, currency: &str) -> String {
    if currency.is_empty() {
        figure
    } else {
        format!("{figure} {currency}")
    }
}

/// The amount whose number stands at a place.
pub(super) fn read(scan: Scan<'_>, folded: &str, at: usize, locale: &Lang) -> Option<Amount> {
    let read = number(scan, folded, at)?;
    let next = at + read.words;
    let before = before(scan, at, locale);
    let behind = sign_behind(scan, folded, next, locale);
    let of = usize::from(scan.word(next) == "de" && scan.word(next - 1).starts_with("millon"));
    let unit = (scan.is_near(next) && before.is_none())
        .then(|| unit(scan.word(next + of), locale))
        .flatten();
    if before.is_none() && behind.is_none() && unit.is_none() {
        return None;
    }
    let article = read.spelled.is_none() && read.words == 1 && read.millionths == 1_000_000;
    let slang = matches!(
        scan.word(next),
        "palo" | "palos" | "gamba" | "gambas" | "grand" | "pavo" | "mango"
    );
    if article && slang {
        // "Un palo" is a stick as well.
        return None;
    }
    let start = before.as_ref().map_or(scan.start(at), |(_, start)| *start);
    if let Some(unit) = unit {
        let millionths = read.millionths.checked_mul(u128::from(unit.hundredths))? / 100;
        let (more, words) = cents(scan, next + of + 1);
        let plain = unit.hundredths == 100 && more == 0;
        let figure = match read.spelled {
            Some(as_written) if plain => as_written,
            _ => written(millionths + more),
        };
        return Some(Amount {
            value: with_currency(figure, unit.currency),
            span: (start, scan.end(next + of + words)),
            words: read.words + of + 1 + words,
        });
    }
    let (currency, end) = match (&before, behind) {
        (Some((currency, _)), _) => (*currency, scan.end(next - 1)),
        (None, Some((currency, end))) => (currency, end),
        (None, None) => return None,
    };
    let figure = read.spelled.unwrap_or_else(|| written(read.millionths));
    Some(Amount {
        value: with_currency(figure, currency),
        span: (start, end),
        words: read.words,
    })
}

/// "Con 90", "with 50 cents", "y 20 céntimos" behind a unit: in millionths, and the words that it takes.
fn cents(scan: Scan<'_>, at: usize) -> (u128, usize) {
    let lead = usize::from(matches!(scan.word(at), "con" | "y" | "and" | "with"));
    let read = scan
        .number(at + lead)
        .map(|n| (u64::from(n), 1))
        .or_else(|| {
            let read = spelled(scan, at + lead)?;
            Some((read.value, read.words))
        });
    let Some((many, words)) = read.filter(|(many, _)| (1..100).contains(many) && scan.is_near(at))
    else {
        return (0, 0);
    };
    let named = matches!(
        scan.word(at + lead + words),
        "centimos" | "centimo" | "centavos" | "cents" | "cent" | "pence" | "p"
    );
    let con = scan.word(at) == "con";
    // "20 euros y 2 camisas" are no cents.
    if !named && !con {
        return (0, 0);
    }
    (u128::from(many) * 10_000, lead + words + usize::from(named))
}

/// The currency before a number, and where it begins.
fn before(scan: Scan<'_>, at: usize, locale: &Lang) -> Option<(&'static str, usize)> {
    let gap = scan.gap(at);
    let word = scan.before(at);
    let named = |currency: &'static str| {
        at.checked_sub(1)
            .map(|before| (currency, scan.start(before)))
    };
    if let Some(currency) = sign(gap, locale) {
        let bare = gap.trim();
        let prefix = match (word, bare) {
            ("us" | "u", "$") if scan.gap(at).starts_with('$') => named("USD"),
            ("ar", "$") if scan.gap(at).starts_with('$') => named("ARS"),
            ("mx", "$") if scan.gap(at).starts_with('$') => named("MXN"),
            _ => None,
        };
        let sign_at = scan.start(at) - gap.len() + gap.rfind(['€', '£', '$'])?;
        return prefix.or(Some((currency, sign_at)));
    }
    // "u$s 20" and "eur 20": the letters are a word of their own.
    if gap.trim().is_empty() {
        return match word {
            "s" | "d" if at >= 2 && scan.gap(at - 1) == "$" && scan.before(at - 1) == "u" => {
                Some(("USD", scan.start(at - 2)))
            }
            "usd" => named("USD"),
            "eur" => named("EUR"),
            "ars" => named("ARS"),
            "gbp" => named("GBP"),
            "mxn" => named("MXN"),
            "cop" => named("COP"),
            "clp" => named("CLP"),
            "uyu" => named("UYU"),
            _ => None,
        };
    }
    None
}

/// The sign behind a number, and where it ends.
fn sign_behind(
    scan: Scan<'_>,
    folded: &str,
    next: usize,
    locale: &Lang,
) -> Option<(&'static str, usize)> {
    let from = scan.end(next - 1);
    let rest = folded.get(from..scan.start(next))?;
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    let first = rest.chars().nth(spaces)?;
    let currency = match first {
        '€' => "EUR",
        '£' => "GBP",
        '$' => dollar_sign(locale),
        _ => return None,
    };
    Some((currency, from + spaces + first.len_utf8()))
}
