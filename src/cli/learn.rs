//! From a catalogue to what the server runs on. Training is the slow part, so a catalogue that teaches the same keeps the engine of the last one.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::engine::Live;
use crate::ids::Timestamp;
use crate::topics::Catalog;
use crate::understanding::{Corpus, Engine};

/// Trains, and remembers the last engine with what it was trained from.
#[derive(Default)]
pub(super) struct School {
    last: Mutex<Option<(Corpus, Arc<Engine>)>>,
}

impl School {
    /// The catalogue with an engine that knows it: the last one when only answers, hours, texts changed.
    ///
    /// # Errors
    /// What the training says.
    pub(super) fn learn(&self, catalog: Catalog, now: Timestamp) -> anyhow::Result<Live> {
        let corpus = Corpus::from(&catalog);
        let mut last = self.last.lock();
        let brain = match &*last {
            Some((learnt, brain)) if *learnt == corpus => Arc::clone(brain),
            _ => {
                let trained = Engine::train(&corpus).map_err(|errors| {
                    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                    anyhow::anyhow!(errors.join("; "))
                })?;
                let brain = Arc::new(trained);
                *last = Some((corpus, Arc::clone(&brain)));
                brain
            }
        };
        Ok(Live {
            catalog: Arc::new(catalog),
            brain,
            since: now,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::topics::{SourceFile, parse};
    use crate::understanding::Context;

    fn catalog(example: &str, answer: &str) -> Catalog {
        let files = [
            SourceFile {
                path: "_assistant.yaml".into(),
                text: "name: M\nbrand: M\nlanguages: [es]\ngreeting: {es: Hola}\n".into(),
            },
            SourceFile {
                path: "parcel.yaml".into(),
                text: format!(
                    "topic: parcel\ntitle: {{es: Un tema}}\nexamples:\n  es: |\n    dónde está mi paquete\n    {example}\nsteps: [{{say: {{es: {answer}}}}}]\ntests: []\n"
                ),
            },
        ];
        parse(&files, &|_| None).unwrap()
    }

    #[test]
    fn only_what_teaches_something_new_is_trained_anew() {
        let school = School::default();
        let learn = |example, answer| {
            school
                .learn(catalog(example, answer), Timestamp(1))
                .unwrap()
        };
        let first = learn("cuándo llega", "Mañana.");
        let answered = learn("cuándo llega", "Pasado mañana.");
        assert!(Arc::ptr_eq(&first.brain, &answered.brain));
        assert_ne!(first.catalog.version, answered.catalog.version);

        let taught = learn("se perdió el envío", "Pasado mañana.");
        assert!(!Arc::ptr_eq(&answered.brain, &taught.brain));
        let es = crate::ids::Lang::es();
        let read = taught
            .brain
            .understand("se perdió el envío", &Context::fresh(&es));
        assert!(read.understood.verdict.topic().is_some());
    }
}
