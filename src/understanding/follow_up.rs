//! A short message that goes on with what was said before it: "¿y en azul?", "and for Canada?", "¿y si es un regalo?". Alone it says little; it
//! is read together with the message before it.

use super::background::is_common_anywhere;
use super::context::{Context, Expecting};
use super::engine::Engine;
use super::normalise::{Folded, Word, WordKind, words};
use crate::conversation::{Scored, Understood, Verdict};
use crate::ids::TopicId;

/// Words of a message that goes on, at most.
const LONGEST: usize = 10;
/// Telling words of one that does not say that it goes on, at most.
const TELLING: usize = 2;
/// Confidence that the message alone must have in a topic other than the last one.
const NOT_STRANGE: f32 = 0.05;

/// Confidence from which a message alone says something, and from which that is what it means.
const SAYS_SOMETHING: f32 = 0.35;
const SURE: f32 = 0.9;

/// Words with which a message begins that goes on with what was said.
const GOES_ON: &[&[&str]] = &[
    &["y"],
    &["e"],
    &["o"],
    &["and"],
    &["or"],
    &["pero"],
    &["but"],
    &["entonces"],
    &["so"],
    &["then"],
    &["con"],
    &["for"],
    &["para"],
    &["si", "es"],
    &["even"],
    &["es", "que"],
    &["what", "about"],
    &["how", "about"],
];

/// What may stand before them, and says nothing.
const INTERJECTIONS: &[&str] = &[
    "ok", "okay", "vale", "ah", "bueno", "dale", "hmm", "mmm", "hm", "uf", "oh", "right", "joya",
    "genial", "perfecto", "gracias", "thanks", "cool", "great",
];

/// Whether a message begins or ends as if something had been said before it: "y …", "but …", "… entonces", "… then".
pub(super) fn goes_on(words: &[Word], most: usize) -> bool {
    let text = |word: &Word| word.text.clone();
    let spoken: Vec<String> = words.iter().map(text).collect();
    let idle = spoken
        .iter()
        .take_while(|word| INTERJECTIONS.contains(&word.as_str()))
        .count();
    let rest = spoken.get(idle..).unwrap_or_default();
    let begins = GOES_ON.iter().any(|opener| {
        rest.len() > opener.len() && opener.iter().zip(rest).all(|(opener, word)| opener == word)
    });
    let ends = spoken
        .last()
        .is_some_and(|word| ["entonces", "then", "tambien", "tmb", "too"].contains(&word.as_str()));
    words.len() <= most && (begins || ends)
}

impl Engine {
    /// What a message means together with the one before it, where it says too little alone.
    pub(super) fn gone_on(
        &self,
        text: &str,
        context: &Context<'_>,
        alone: &Understood,
    ) -> Option<Understood> {
        let before = context.before?;
        let last = context.last_topic;
        // While a form waits, what goes on is its answer.
        if context.expecting != Expecting::Anything {
            return None;
        }
        let words = words(&Folded::new(text));
        let telling = words
            .iter()
            .filter(|word| word.kind == WordKind::Plain && !is_common_anywhere(&word.text))
            .count();
        if words.is_empty()
            || words.len() > LONGEST
            || !(goes_on(&words, LONGEST) || telling <= TELLING)
        {
            return None;
        }
        let together = self
            .read(&format!("{before}. {text}"), context, None)
            .understood;
        let topic = together.verdict.topic()?;
        // "¿Hasta cuándo?" has no word of its own: what it resembles alone is chance.
        let says_something = if telling == 0 { SURE } else { SAYS_SOMETHING };
        let alike = alone
            .nearest
            .first()
            .is_none_or(|best| best.confidence < says_something || best.topic == *topic);
        let candidate = match &alone.verdict {
            Verdict::Ambiguous { topics } => topics.contains(topic),
            Verdict::Match { topic: other } => {
                return self
                    .between(&alone.nearest, other, topic, together.clone())
                    .filter(|_| telling <= TELLING && last == Some(topic));
            }
            Verdict::OutOfScope => alone
                .nearest
                .iter()
                .any(|scored| scored.topic == *topic && scored.confidence >= NOT_STRANGE),
        };
        (alike && (candidate || last == Some(topic))).then_some(together)
    }

    /// "Es que ya van doce días" may mean something else after another matter: it is asked which.
    fn between(
        &self,
        nearest: &[Scored],
        alone: &TopicId,
        topic: &TopicId,
        together: Understood,
    ) -> Option<Understood> {
        let sure = nearest.first().is_none_or(|best| best.confidence >= SURE);
        (!sure && alone != topic).then(|| Understood {
            verdict: Verdict::Ambiguous {
                topics: vec![topic.clone(), alone.clone()],
            },
            ..together
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::ids::{Lang, TopicId};
    use crate::understanding::tests::{SHOP, rule, topic};

    fn spoken(text: &str) -> Vec<Word> {
        words(&Folded::new(text))
    }

    /// When the hours of the shop have been asked for.
    fn after_hours<'c>(lang: &'c Lang, last: &'c TopicId) -> Context<'c> {
        Context {
            last_topic: Some(last),
            before: Some("¿a qué hora abren la tienda?"),
            ..Context::fresh(lang)
        }
    }

    #[test]
    fn what_goes_on_shows_at_its_beginning_or_end() {
        for text in [
            "¿y en azul?",
            "vale, ¿y los domingos?",
            "ok gracias, pero es un regalo",
            "and for Canada?",
            "what about Sundays",
            "con débito también",
            "cuándo entonces",
        ] {
            assert!(goes_on(&spoken(text), LONGEST), "{text}");
        }
        for text in [
            "",
            "y",
            "vale",
            "quiero devolver unas botas",
            "what is this",
            "también quiero cancelar",
        ] {
            assert!(!goes_on(&spoken(text), LONGEST), "{text}");
        }
        assert!(!goes_on(&spoken("y en azul"), 2));
    }

    #[test]
    fn a_message_that_says_little_is_read_with_the_one_before() {
        let spanish = Lang::es();
        let last = topic("stores_and_hours");
        let context = after_hours(&spanish, &last);
        let alone = SHOP.read("¿y en verano?", &Context::fresh(&spanish), None);
        let alone = alone.understood;
        assert_eq!(alone.verdict, Verdict::OutOfScope);
        let together = SHOP.gone_on("¿y en verano?", &context, &alone).unwrap();
        assert_eq!(together.verdict.topic(), Some(&last));
    }

    #[test]
    fn what_has_no_word_of_its_own_goes_on_whatever_it_resembles() {
        let spanish = Lang::es();
        let last = topic("stores_and_hours");
        let context = Context {
            last_topic: Some(&last),
            before: Some("¿a qué hora abren la tienda?"),
            ..Context::fresh(&spanish)
        };
        let scored = |confidence| Understood {
            nearest: vec![Scored {
                topic: topic("where_is_my_order"),
                confidence,
            }],
            ..SHOP
                .read("¿hasta cuándo?", &Context::fresh(&spanish), None)
                .understood
        };
        let mut alone = scored(0.5);
        alone.verdict = Verdict::OutOfScope;
        let meant = |text, alone: &Understood| SHOP.gone_on(text, &context, alone);
        let together = meant("¿hasta cuándo?", &alone).unwrap();
        assert_eq!(together.verdict.topic(), Some(&last));
        // A word of its own, or being sure, says something else.
        assert_eq!(meant("¿y el correo certificado?", &alone), None);
        alone.nearest[0].confidence = 0.95;
        assert_eq!(meant("¿hasta cuándo?", &alone), None);
    }

    #[test]
    fn without_a_message_before_or_while_a_form_waits_it_stands_alone() {
        let spanish = Lang::es();
        let last = topic("stores_and_hours");
        let (name, asked) = (
            "asked".parse().unwrap(),
            rule(crate::topics::SlotKind::Text, None),
        );
        let context = after_hours(&spanish, &last);
        let alone = SHOP.read("¿y en verano?", &Context::fresh(&spanish), None);
        let alone = alone.understood;
        for silent in [
            Context {
                before: None,
                ..context
            },
            Context {
                expecting: Expecting::YesNo,
                ..context
            },
            Context {
                expecting: Expecting::Slot {
                    name: &name,
                    rule: &asked,
                },
                ..context
            },
        ] {
            assert_eq!(SHOP.gone_on("¿y en verano?", &silent, &alone), None);
        }
        let long = "y en verano cuando cae la tarde sobre las montañas del norte";
        assert_eq!(SHOP.gone_on(long, &context, &alone), None);
    }

    #[test]
    fn what_means_something_else_alone_is_asked_about_or_stands() {
        let spanish = Lang::es();
        let last = topic("stores_and_hours");
        let context = after_hours(&spanish, &last);
        let alone = SHOP.read("cancelar el pedido", &context, None).understood;
        let meant = SHOP.gone_on("cancelar el pedido", &context, &alone);
        assert!(
            meant.is_none_or(|meant| meant.verdict.topic().is_none()),
            "it was taken for what was said before"
        );
    }
}
