//! Messages, in every context in which one can come.

use ventanilla::ids::{Lang, SlotName};
use ventanilla::topics::{self, SlotRule, SourceFile};
use ventanilla::understanding::{Around, Context, Corpus, Engine, Expecting, Offered};

use super::dice::{Dice, PIECES, mutated};
use super::run::{Done, run};

pub(crate) fn messages(files: &[SourceFile], count: u64, seed: u64) -> bool {
    let catalog = topics::parse(files, &|_| Some(String::new())).expect("the folder holds topics");
    let engine = Engine::train(&Corpus::from(&catalog)).expect("the topics can be learnt");
    let examples = |topic: &topics::Topic| topic.examples.values().flatten().cloned().collect();
    let seeds: Vec<String> = catalog
        .topics
        .values()
        .flat_map(|topic| -> Vec<String> { examples(topic) })
        .collect();
    let slots: Vec<(SlotName, SlotRule)> = catalog
        .topics
        .values()
        .flat_map(|topic| &topic.slots)
        .map(|slot| (slot.name.clone(), slot.rule.clone()))
        .collect();
    let all = World {
        engine,
        seeds,
        slots,
    };
    run("messages", count, seed, |dice| all.once(dice))
}

struct World {
    engine: Engine,
    seeds: Vec<String>,
    slots: Vec<(SlotName, SlotRule)>,
}

impl World {
    fn once(&self, dice: &mut Dice) -> Done {
        let mut text = dice.one(&self.seeds).clone();
        if dice.below(3) == 0 {
            text = format!("{text}{}{}", dice.one(PIECES), dice.one(&self.seeds));
        }
        let text = mutated(dice, &text);
        let (lang, locale) = match dice.below(3) {
            0 => (Lang::en(), Lang::en()),
            1 => (Lang::es(), "es-AR".parse().expect("a language")),
            _ => (Lang::es(), Lang::es()),
        };
        let label = *dice.one(&["Sí, la segunda", "Where is my order"]);
        let label = mutated(dice, label);
        let topic = Some(dice.one(self.engine.topics()).clone());
        let offered = [Offered {
            label,
            topic: topic.clone(),
        }];
        let expecting = match dice.below(4) {
            0 => Expecting::YesNo,
            1 if !self.slots.is_empty() => {
                let (name, rule) = dice.one(&self.slots);
                Expecting::Slot { name, rule }
            }
            _ => Expecting::Anything,
        };
        let now = i64::try_from(dice.below(4_000_000_000)).unwrap_or_default();
        let now = jiff::Timestamp::from_second(now).expect("before the year 2100");
        let context = Context {
            offered: if dice.below(3) == 0 { &offered } else { &[] },
            last_topic: topic.as_ref().filter(|_| dice.below(2) == 0),
            expecting,
            around: Around {
                now: (dice.below(3) > 0).then(|| now.to_zoned(jiff::tz::TimeZone::UTC).datetime()),
                locale: &locale,
            },
            ..Context::fresh(&lang)
        };
        let reading = self.engine.understand(&text, &context);
        // What it may be parted into is read part by part: ten times the work.
        if dice.below(8) == 0 {
            for request in self.engine.requests(&text, &context) {
                assert!(
                    text.is_char_boundary(request.at),
                    "a request begins in a letter"
                );
            }
        }
        for found in reading.found.iter().chain(&reading.answer) {
            assert!(
                text.get(found.span.0..found.span.1).is_some(),
                "a span in a letter"
            );
        }
        let sure = |nearest: f32| (0.0..=1.0).contains(&nearest);
        assert!(
            reading
                .understood
                .nearest
                .iter()
                .all(|one| sure(one.confidence)),
            "a confidence that is none"
        );
        Done {
            accepted: reading.understood.verdict.topic().is_some(),
            input: text,
        }
    }
}
