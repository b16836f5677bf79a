//! Numbers that are facts and were typed by hand in another way: "+34 900 000 000" as "900000000", "4,95 €" as "4.95".

/// Fewest digits of a phone number that is looked for.
const PHONE_DIGITS: usize = 8;

/// The numbers of the facts.
pub(super) struct Numbers {
    /// Digits alone, fact, value.
    phones: Vec<(String, String, String)>,
    /// Amount with a point, fact, value.
    amounts: Vec<(String, String, String)>,
}

impl Numbers {
    /// From names and values of facts: those that are a phone number or an amount with cents and little else.
    pub(super) fn of(facts: &[(String, String)]) -> Self {
        let mut numbers = Self {
            phones: Vec::new(),
            amounts: Vec::new(),
        };
        for (fact, value) in facts {
            let letters = value.chars().filter(|c| c.is_alphabetic()).count();
            let mut runs = runs(value).into_iter();
            let (Some((_, run)), None) = (runs.next(), runs.next()) else {
                continue;
            };
            if letters > 4 {
                continue;
            }
            if let Some(amount) = amount(run) {
                numbers.amounts.push((amount, fact.clone(), value.clone()));
            } else if let Some(digits) = phone(run) {
                numbers.phones.push((digits, fact.clone(), value.clone()));
            }
        }
        numbers
    }

    /// A number of a text that is a fact: byte offset, fact, value. A country's prefix may be missing.
    pub(super) fn typed(&self, text: &str) -> Option<(usize, String, String)> {
        runs(text).into_iter().find_map(|(at, run)| {
            let is_amount = amount(run);
            let known = self
                .amounts
                .iter()
                .find(|(known, ..)| is_amount.as_ref() == Some(known))
                .or_else(|| {
                    let digits = phone(run)?;
                    self.phones.iter().find(|(known, ..)| {
                        known.ends_with(&digits) || digits.ends_with(known.as_str())
                    })
                });
            known.map(|(_, fact, value)| (at, fact.clone(), value.clone()))
        })
    }
}

/// Stretches of digits and the signs that stand between them, with byte offsets.
fn runs(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            start.get_or_insert(at);
            end = at + 1;
        } else if !matches!(c, ' ' | '.' | ',' | '-' | '(' | ')' | '\u{a0}' | '\u{202f}')
            || at > end + 1
        {
            push(&mut found, text, &mut start, end);
        }
    }
    push(&mut found, text, &mut start, end);
    found
}

fn push<'t>(
    found: &mut Vec<(usize, &'t str)>,
    text: &'t str,
    start: &mut Option<usize>,
    end: usize,
) {
    if let Some(from) = start.take()
        && let Some(run) = text.get(from..end)
    {
        found.push((from, run));
    }
}

fn phone(run: &str) -> Option<String> {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    // Dates and spans of hours have few groups of two; a phone number is long.
    (digits.len() >= PHONE_DIGITS).then_some(digits)
}

/// `1.234,50` and `1,234.50` are `1234.50`; without cents it is no amount that could be nothing else.
fn amount(run: &str) -> Option<String> {
    let cents = run.rfind(['.', ',']).filter(|at| run.len() - at == 3)?;
    let (whole, cents) = run.split_at(cents);
    if whole.contains([' ', '-', '(']) {
        return None;
    }
    let digits = |part: &str| {
        part.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    Some(format!("{}.{}", digits(whole), digits(cents)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Numbers {
        let facts = [
            ("phone", "+34 900 123 456"),
            ("shipping", "4,95 €"),
            ("days", "14 días"),
            ("hours", "de 9 a 20, de lunes a viernes"),
        ];
        Numbers::of(&facts.map(|(name, value)| (name.to_owned(), value.to_owned())))
    }

    #[test]
    fn the_same_number_is_known_however_it_is_typed() {
        let numbers = numbers();
        let fact = |text: &str| numbers.typed(text).map(|(at, fact, _)| (at, fact));
        for text in [
            "al 900123456.",
            "al 900 123 456",
            "al 900-12-34-56",
            "al +34900123456",
        ] {
            assert_eq!(
                fact(text).map(|(_, fact)| fact),
                Some("phone".to_owned()),
                "{text}"
            );
        }
        assert_eq!(fact("Cuesta 4.95 euros"), Some((7, "shipping".to_owned())));
    }

    #[test]
    fn other_numbers_are_left_alone() {
        let numbers = numbers();
        for text in [
            "en 14 días",
            "el pedido 1234567",
            "el 24.11.2026",
            "5,95 €",
            "de 9:00 a 20:00",
            "900 1234",
        ] {
            assert_eq!(numbers.typed(text), None, "{text}");
        }
    }
}
