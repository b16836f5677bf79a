//! A message of several sentences of which one says what is wanted: read whole, the story around it drowns the matter. A sentence out of its story
//! is too little to act on, and enough to ask.

use super::context::Context;
use super::engine::Engine;
use super::normalise::{Folded, words};
use crate::conversation::{Scored, Understood, Verdict};

/// Words from which a message is a story, and those that a part must have to say something.
const STORY: usize = 8;
const LEAST: usize = 3;
/// Words from which a sentence is taken apart at its commas too.
const LONG: usize = 14;
/// Parts that are read.
const MOST_PARTS: usize = 12;
/// Topics that are asked about.
const MOST: usize = 3;

impl Engine {
    /// What its sentences say that a message may mean of which the whole says nothing: something to ask about, not to act on.
    pub(super) fn told(
        &self,
        text: &str,
        context: &Context<'_>,
        whole: &Understood,
    ) -> Option<Understood> {
        if whole.verdict != Verdict::OutOfScope {
            return None;
        }
        let alone = Context {
            around: context.around,
            ..Context::fresh(context.session_lang)
        };
        let mut told: Vec<Scored> = Vec::new();
        for part in parts(text) {
            let read = self.read(part, &alone, None).understood;
            let Some(topic) = read.verdict.topic() else {
                continue;
            };
            let of = |all: &[Scored]| all.iter().find(|scored| scored.topic == *topic).cloned();
            if let (Some(best), Some(_)) = (of(&read.nearest), of(&whole.nearest))
                && told.iter().all(|known| known.topic != *topic)
            {
                told.push(best);
            }
        }
        told.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let topics: Vec<_> = told
            .into_iter()
            .map(|scored| scored.topic)
            .take(MOST)
            .collect();
        (!topics.is_empty()).then(|| Understood {
            verdict: Verdict::Ambiguous { topics },
            ..whole.clone()
        })
    }
}

/// The sentences of a message, long ones at their commas.
fn parts(text: &str) -> Vec<&str> {
    let count = |part: &str| words(&Folded::new(part)).len();
    if count(text) < STORY {
        return Vec::new();
    }
    let sentences = text.split(['.', '!', '?', ';', '\n', '\u{2026}']);
    let mut parts = Vec::new();
    for sentence in sentences {
        if count(sentence) > LONG {
            parts.extend(sentence.split([',', ':']));
        } else {
            parts.push(sentence);
        }
    }
    parts.retain(|part| count(part) >= LEAST);
    parts.truncate(MOST_PARTS);
    parts
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::ids::Lang;
    use crate::understanding::tests::SHOP;

    #[test]
    fn a_story_is_taken_apart_at_its_sentences() {
        assert_eq!(
            parts("Soy clienta desde hace años. Ayer no vino nadie. ¿Qué hago ahora?"),
            [
                "Soy clienta desde hace años",
                " Ayer no vino nadie",
                " ¿Qué hago ahora"
            ]
        );
    }

    #[test]
    fn a_long_sentence_is_taken_apart_at_its_commas_too() {
        assert_eq!(
            parts(
                "el viernes estuve en casa toda la mañana, no llamó nadie, ok, y ahora dice que está entregado"
            ),
            [
                "el viernes estuve en casa toda la mañana",
                " no llamó nadie",
                " y ahora dice que está entregado"
            ]
        );
        assert_eq!(
            parts("estuve en casa, no llamó nadie en todo el día").len(),
            1
        );
    }

    #[test]
    fn a_short_message_is_no_story_and_a_long_one_is_read_in_part() {
        for short in [
            "",
            "no llegó. ¿dónde está mi pedido?",
            "a. b. c. d. e. f. g. h",
        ] {
            assert_eq!(parts(short), Vec::<&str>::new(), "{short}");
        }
        assert_eq!(parts(&"no vino nadie. ".repeat(40)).len(), MOST_PARTS);
    }

    #[test]
    fn what_one_sentence_says_is_asked_about_and_never_acted_on() {
        let story = "Mi cuñada cumple años el sábado con toda la familia en el campo. Vamos en tren con los \
                     niños y el perro de la vecina. ¿Cuándo llega mi compra? Hace un calor tremendo por acá.";
        let spanish = Lang::es();
        let context = Context::fresh(&spanish);
        let whole = SHOP.read(story, &context, None).understood;
        assert_eq!(whole.verdict, Verdict::OutOfScope);
        let Some(Understood {
            verdict: Verdict::Ambiguous { topics },
            ..
        }) = SHOP.told(story, &context, &whole)
        else {
            panic!("nothing was found in the story");
        };
        assert_eq!(topics[0].as_str(), "where_is_my_order");
        assert_eq!(
            SHOP.understand(story, &context).understood.verdict,
            Verdict::Ambiguous { topics }
        );
    }

    #[test]
    fn nothing_is_looked_for_in_what_is_understood_or_says_nothing() {
        let spanish = Lang::es();
        let context = Context::fresh(&spanish);
        for text in [
            "hola buenas tardes, quiero devolver mi compra. ¿cómo hago una devolución?",
            "Zxqvw kjhgf brmpt wqx. Qwrtx plmkj vbnxz ghj. Jkwqp zxcvd mnbpt.",
        ] {
            let whole = SHOP.read(text, &context, None).understood;
            assert_eq!(SHOP.told(text, &context, &whole), None, "{text}");
        }
    }
}
