//! One message, stage by stage: the words of the files decide, else the classifier; what a message sets aside is not meant.

use super::choice;
use super::context::{Context, Expecting, Reading};
use super::contrast;
use super::engine::Engine;
use super::entities::{self, Searched, SlotReader};
use super::language::{self, Languages};
use super::mood;
use super::normalise::{Folded, Word, key, words};
use super::patterns::Matched;
use super::spoken::{written_out, written_out_further};
use super::yes_no;
use crate::conversation::{Found, Reason, Scored, Understood, Verdict};
use crate::ids::{Lang, TopicId, UTTERANCE_MAX_CHARS};

/// Confidence from which what is set aside names its topic so plainly that the rest of the message cannot mean it.
const NAMED: f32 = 0.5;

#[cfg(test)]
thread_local! {
    /// How often a text was read.
    pub(super) static READS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// A message with its stages' opinions so far.
pub(super) struct Heard<'t> {
    pub(super) text: Searched<'t>,
    /// Its words as they are read: written out, and said as the examples say them.
    pub(super) read: &'t [Word],
    pub(super) lang: Lang,
    pub(super) models: Vec<usize>,
    pub(super) because: Vec<Reason>,
}

/// What a message was found to mean, and how: `contrast`, `story`, `before`.
pub(super) struct Meant {
    understood: Understood,
    kind: &'static str,
}

impl Engine {
    /// Reads a message. Linear in its length; never fails: what means nothing is out of scope. What stands behind the longest text that a
    /// visitor may send is not read.
    pub fn understand(&self, text: &str, context: &Context<'_>) -> Reading {
        let text = readable(text);
        let reading = self.read(text, context, None);
        if reading.choice.is_some() || is_settled(&reading.understood) {
            return reading;
        }
        match self.meant_otherwise(text, context, &reading.understood) {
            Some(meant) => self.read(text, context, Some(meant)),
            None => reading,
        }
    }

    /// What a message means that says other things too, or too little: without what it sets aside, by the one of its sentences that says what is
    /// wanted, or together with the message before it.
    fn meant_otherwise(
        &self,
        text: &str,
        context: &Context<'_>,
        whole: &Understood,
    ) -> Option<Meant> {
        let named = |kind| move |understood| Meant { understood, kind };
        if contrast::only_forbids(text) {
            return (whole.verdict != Verdict::OutOfScope).then(|| {
                named("contrast")(Understood {
                    verdict: Verdict::OutOfScope,
                    ..whole.clone()
                })
            });
        }
        if let Some(parts) = contrast::apart(text)
            && let Some(meant) = self.meant(&parts, whole, context)
        {
            return Some(named("contrast")(meant));
        }
        if whole.verdict.topic().is_some() {
            return self.gone_on(text, context, whole).map(named("before"));
        }
        self.told(text, context, whole)
            .map(named("story"))
            .or_else(|| self.gone_on(text, context, whole).map(named("before")))
    }

    /// What a message means that says what it does not: its other part, where that is a topic. Where it is none, the topic of what was set
    /// aside is not the answer either.
    fn meant(
        &self,
        parts: &contrast::Contrast,
        whole: &Understood,
        context: &Context<'_>,
    ) -> Option<Understood> {
        let mut meant = self.read(&parts.meant, context, None).understood;
        let refused = self.read(&parts.refused, context, None).understood;
        let refused_best = refused.nearest.first();
        let refused = refused_best.map(|best| &best.topic);
        if let Some(topic) = meant.verdict.topic() {
            let sure = refused_best.is_some_and(|best| best.confidence >= NAMED);
            if Some(topic) != refused || !sure {
                return (meant.verdict != whole.verdict).then_some(meant);
            }
            if parts.maybe {
                return None;
            }
            // "Quiero mi cuenta, no la borréis": what is named is what is not wanted.
            if !is_settled(&meant) {
                meant.verdict = Verdict::OutOfScope;
            }
        }
        if parts.maybe && meant.verdict.topic().is_none() {
            return None;
        }
        if let Verdict::Ambiguous { topics } = &mut meant.verdict {
            let rivals = topics.len();
            topics.retain(|topic| Some(topic) != refused);
            let first = meant.nearest.first().map(|best| &best.topic);
            meant.verdict = match topics.as_slice() {
                [] => Verdict::OutOfScope,
                // Its only rival is what is not wanted.
                [only] if rivals == 2 && first == Some(only) => Verdict::Match {
                    topic: only.clone(),
                },
                _ => meant.verdict,
            };
        }
        let taken = match &whole.verdict {
            Verdict::Match { topic } => Some(topic) == refused,
            Verdict::Ambiguous { topics } => topics.iter().any(|topic| Some(topic) == refused),
            Verdict::OutOfScope => false,
        };
        taken.then_some(meant)
    }

    /// Reads a message; `meant` is what it was found to mean, where that is not what its words say as they stand.
    pub(super) fn read(&self, text: &str, context: &Context<'_>, meant: Option<Meant>) -> Reading {
        #[cfg(test)]
        READS.set(READS.get() + 1);
        let folded = Folded::new(text);
        let words = words(&folded);
        let plain = written_out(&words);
        let languages = language::choose(&self.models, &plain, text, context.session_lang);
        let read = self.as_the_examples_say(&plain, &languages, context);
        let mut heard = Heard {
            text: Searched {
                original: text,
                folded: &folded,
                words: &words,
                read: &read,
                around: context.around,
            },
            read: &read,
            lang: languages.lang,
            models: languages.models,
            because: Vec::new(),
        };
        let mut found = entities::find(heard.text, &self.lists);
        let yes_no = yes_no::read(&words, text).or_else(|| yes_no::read(&read, text));
        let answer = match context.expecting {
            Expecting::Slot { name, rule } => SlotReader::new(name, rule).answer(heard.text),
            Expecting::Anything | Expecting::YesNo => None,
        };
        if answer.is_some() {
            heard.because.push(Reason::Context {
                kind: "form".to_owned(),
            });
        }
        if yes_no.is_some() && context.expecting == Expecting::YesNo {
            heard.because.push(Reason::Context {
                kind: "yes_no".to_owned(),
            });
        }
        let choice = choice::read(
            &words,
            context.offered.iter().map(|offered| offered.label.as_str()),
        );
        let matched = self.patterns.matches(&folded, text);
        let (verdict, nearest) = match meant {
            Some(meant) => {
                heard.because.extend(meant.understood.because);
                heard.because.push(Reason::Context {
                    kind: meant.kind.to_owned(),
                });
                (meant.understood.verdict, meant.understood.nearest)
            }
            None => self.verdict(&mut heard, context, choice, &matched),
        };
        if let Some(topic) = verdict.topic()
            && let Some(at) = self.topics.iter().position(|known| known == topic)
        {
            let named = matched.iter().filter(|matched| matched.topic == at);
            for group in named.flat_map(|matched| &matched.found) {
                if !found.iter().any(|known| known.name == group.name) {
                    found.push(self.checked(at, group, heard.text));
                }
            }
            found.extend(entities::fill_slots(&self.slots[at], &found, heard.text));
        }
        let understood = Understood {
            lang: heard.lang,
            verdict,
            nearest,
            because: heard.because,
            mood: mood::read(text, &folded, &words),
            model: self.hash.clone(),
        };
        Reading {
            understood,
            found,
            answer,
            choice,
            yes_no,
        }
    }

    fn as_the_examples_say(
        &self,
        words: &[Word],
        languages: &Languages,
        context: &Context<'_>,
    ) -> Vec<Word> {
        let lang = &languages.lang;
        let locale = context.around.locale;
        let locale = if locale.base() == lang.base() {
            locale
        } else {
            lang
        };
        let base = lang.base();
        let model = self.models.iter().find(|(known, _)| *known == base);
        let read = written_out_further(words, lang);
        match model {
            Some((_, model)) => self.regional.read(&read, locale, |word| model.knows(word)),
            None => read,
        }
    }
    fn verdict(
        &self,
        heard: &mut Heard<'_>,
        context: &Context<'_>,
        choice: Option<usize>,
        matched: &[Matched<'_>],
    ) -> (Verdict, Vec<Scored>) {
        if let Some(offered) = choice.and_then(|at| context.offered.get(at)) {
            heard.because.push(Reason::Context {
                kind: "choice".to_owned(),
            });
            if let Some(topic) = &offered.topic {
                return certain(topic);
            }
        }
        let keys = [key(heard.text.words), key(heard.read)];
        let same = keys
            .iter()
            .find_map(|key| self.exact.get(key).copied().flatten());
        if let Some(topic) = same {
            let topic = &self.topics[topic];
            heard.because.push(Reason::Example {
                topic: topic.clone(),
            });
            return certain(topic);
        }
        for matched in matched {
            heard.because.push(self.reason(matched));
        }
        let mut deciding: Vec<usize> = matched
            .iter()
            .filter(|m| m.whole && m.decides)
            .map(|m| m.topic)
            .collect();
        deciding.dedup();
        if let [only] = deciding[..] {
            return certain(&self.topics[only]);
        }
        if keys.iter().any(|key| self.out_of_scope.contains(key)) {
            return (Verdict::OutOfScope, Vec::new());
        }
        if self.elsewhere.concerns(heard.text.words) {
            heard.because.push(Reason::Context {
                kind: "elsewhere".to_owned(),
            });
            return (Verdict::OutOfScope, Vec::new());
        }
        let (verdict, nearest) = self.classify(heard, context, matched);
        match verdict {
            Verdict::Match { topic }
                if !self.is_sensitive(&topic) && self.elsewhere.is_strange(heard.text.words) =>
            {
                heard.because.push(Reason::Context {
                    kind: "elsewhere".to_owned(),
                });
                let topics = vec![topic];
                (Verdict::Ambiguous { topics }, nearest)
            }
            verdict => (verdict, nearest),
        }
    }

    fn reason(&self, matched: &Matched<'_>) -> Reason {
        let topic = self.topics[matched.topic].clone();
        if matched.template {
            Reason::Template {
                topic,
                template: matched.source.to_owned(),
            }
        } else {
            Reason::Pattern {
                topic,
                pattern: matched.source.to_owned(),
                whole: matched.whole,
            }
        }
    }
    /// A named group whose slot is typed is kept in the normal form of that type.
    fn checked(&self, topic: usize, group: &Found, text: Searched<'_>) -> Found {
        let slot = self.slots[topic]
            .iter()
            .find(|slot| *slot.name() == group.name);
        slot.and_then(|slot| {
            let quoted = text.original.get(group.span.0..group.span.1)?;
            let folded = Folded::new(quoted);
            let words = words(&folded);
            let part = Searched {
                original: quoted,
                folded: &folded,
                words: &words,
                read: &words,
                around: text.around,
            };
            slot.answer(part)
        })
        .map_or_else(
            || group.clone(),
            |read| Found {
                span: group.span,
                ..read
            },
        )
    }
}

/// The part of a text that a visitor may send: a longer one comes from elsewhere, and must not cost more.
pub(super) fn readable(text: &str) -> &str {
    let end = text.char_indices().nth(UTTERANCE_MAX_CHARS);
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Whether the words of the files decided, or another company's name.
fn is_settled(understood: &Understood) -> bool {
    understood.because.iter().any(|why| match why {
        Reason::Example { .. } => true,
        Reason::Context { kind } => kind == "elsewhere",
        Reason::Pattern { .. }
        | Reason::Template { .. }
        | Reason::Classifier { .. }
        | Reason::Repaired { .. } => false,
    })
}

fn certain(topic: &TopicId) -> (Verdict, Vec<Scored>) {
    let scored = Scored {
        topic: topic.clone(),
        confidence: 1.0,
    };
    (
        Verdict::Match {
            topic: topic.clone(),
        },
        vec![scored],
    )
}
