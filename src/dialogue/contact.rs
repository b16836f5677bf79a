//! Where a person can answer: the address in a text, told from the numbers of orders; one that is given once the message is left.

use std::sync::LazyLock;

use regex::Regex;

use super::cues::{fold, is_question, telling_words};
use super::handoff::take_contact;
use super::slot;
use super::slot_text;
use super::turn::Turn;
use crate::conversation::{Asking, Found, Reading, Wanted};
use crate::topics::{SlotKind, SlotRule};

/// Words that tell something beside an address: what has more is no mere address.
const BESIDE_ADDRESS_MAX: usize = 5;

/// Words from which a text that holds no address tells something.
const TELLS: usize = 4;

/// A number that could be a telephone: figures with what people put between them.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\+?\(?\d[\d\s().\-/]{5,}\d").expect("a valid pattern, held by the tests below")
});

/// What a number is called that is no telephone, at the end of the words before it.
static NAMED_OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:^| )(?:pedidos?|ordene?s?|orders?|compras?|facturas?|invoice|tickets?|tiques?|casos?|cases?|referencia|ref|seguimiento|tracking|envio|albaran|dni|nif|cuit)(?: (?:numero|number|nro|num|n|no|nº|º|o|es|era|el|la|is|was|de|mi|my|con|of|the))*$|(?:^| )(?:n [oº]|nº|nro|num)$",
    )
    .expect("a valid pattern, held by the tests below")
});

/// An e-mail, or a telephone by the visitor's own numbering plan.
pub(super) fn in_text(turn: &Turn<'_>, text: &str, found: &[Found]) -> Option<String> {
    let mail = SlotRule {
        kind: SlotKind::Email,
        pattern: None,
        min: None,
        max: None,
        values: Vec::new(),
    };
    slot::typed(&mail, found)
        .or_else(|| slot_text::from_text(&mail, text))
        .or_else(|| phone(turn, text))
}

/// A telephone: figures that have the length of one where the visitor is, under no other name, and no value that is known as something else.
pub(super) fn phone(turn: &Turn<'_>, text: &str) -> Option<String> {
    phone_in(text, turn.reader.lang.as_str()).filter(|phone| {
        turn.slots.iter().all(|(name, value)| {
            value != phone || name.as_str().contains("phone") || name.as_str().contains("tel")
        })
    })
}

/// A text without its long numbers, so that what is left can be read for an hour.
pub(super) fn without_figures(text: &str) -> String {
    FIGURES.replace_all(text, " ").into_owned()
}

/// The same by the locale alone.
fn phone_in(text: &str, locale: &str) -> Option<String> {
    FIGURES.find_iter(text).find_map(|written| {
        let before = fold(text.get(..written.start()).unwrap_or_default());
        if NAMED_OTHERWISE.is_match(&before)
            || text.get(..written.start())?.trim_end().ends_with('#')
        {
            return None;
        }
        let found = slot_text::phone(written.as_str())?;
        is_a_number_of(&found, locale).then_some(found)
    })
}

/// Whether figures are a telephone there: any with a country's prefix; nine figures in Spain, ten in Argentina (ITU-T E.164 national numbers), the
/// prefixes of which people also write without a plus; elsewhere eight at least, which is longer than most order numbers.
fn is_a_number_of(phone: &str, locale: &str) -> bool {
    if let Some(abroad) = phone.strip_prefix('+') {
        return abroad.len() >= 8;
    }
    let national = phone.strip_prefix("00").unwrap_or(phone);
    match locale {
        "es" | "es-ES" | "es-usted" => {
            let own = national.strip_prefix("34").filter(|own| own.len() == 9);
            let own = own.unwrap_or(national);
            (own.len() == 9 && own.starts_with(['6', '7', '8', '9'])) || own.len() >= 11
        }
        "es-AR" => {
            let own = national.trim_start_matches('0');
            (10..=13).contains(&own.len())
        }
        _ => phone.len() >= 8,
    }
}

/// Whether a text tells something, so that it belongs to the message that was left and not to the address.
pub(super) fn tells(text: &str) -> bool {
    telling_words(text) >= TELLS && !is_question(text)
}

/// "Mi correo es luis@example.com", once a message is left and an answer owed: it replaces what was noted. Whether it was that.
pub(super) fn given_later(turn: &mut Turn<'_>, text: &str, reading: &Reading) -> bool {
    let Some(owed) = turn.scene.state.left_message() else {
        return false;
    };
    if turn.memory.open.is_some() || telling_words(text) > BESIDE_ADDRESS_MAX || is_question(text) {
        return false;
    }
    let Some(contact) = in_text(turn, text, &reading.found) else {
        return false;
    };
    let wanted = Wanted {
        reason: owed.promise.reason,
        team: owed.promise.team.clone(),
        priority: owed.promise.priority,
        skills: Vec::new(),
    };
    turn.memory
        .suspended
        .retain(|form| !matches!(form.asking, Asking::Contact { .. }));
    turn.memory.offered = None;
    take_contact(turn, &wanted, Some(contact));
    true
}

#[cfg(test)]
mod tests {
    use super::{phone_in, tells};

    #[test]
    fn an_order_number_is_no_telephone() {
        for (text, locale) in [
            ("me vino rota la lampara, orden 2000009", "es-AR"),
            ("es el pedido 1000012", "es"),
            ("2000009", "es-AR"),
            ("1000012", "es"),
            ("my order is 1000012", "en"),
            ("pedido n.º 600112233", "es"),
            ("el pedido número 600112233", "es"),
            ("#600112233", "es"),
            ("nro 2000009123", "es-AR"),
            ("caso 1234567890", "es-AR"),
        ] {
            assert_eq!(phone_in(text, locale), None, "{text}");
        }
    }

    #[test]
    fn a_telephone_has_the_shape_of_one_where_the_visitor_is() {
        for (text, locale, phone) in [
            ("600 11 22 33", "es", "600112233"),
            ("mi móvil es el 600-112-233", "es", "600112233"),
            ("+34 600 112 233", "es-AR", "+34600112233"),
            ("0034 912 345 678", "es", "0034912345678"),
            ("011 4321-5678", "es-AR", "01143215678"),
            ("351 432 5678", "es-AR", "3514325678"),
            ("cel 11 15 4321 5678", "es-AR", "111543215678"),
            (
                "es por el pedido 1000012, mi tel es 612345678",
                "es",
                "612345678",
            ),
            ("call me on 020 7946 0958", "en", "02079460958"),
        ] {
            assert_eq!(phone_in(text, locale).as_deref(), Some(phone), "{text}");
        }
    }

    #[test]
    fn words_about_a_trouble_are_no_address() {
        assert!(tells("me vino rota la lampara, orden 2000009"));
        assert!(!tells("¿y los horarios de la tienda?"));
        assert!(!tells("por correo"));
    }
}
