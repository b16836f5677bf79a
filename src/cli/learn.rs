//! From a catalogue to what the server runs on. Training is the slow part, so a catalogue that teaches the same keeps the engine of the last one,
//! and what was learnt is kept in the data folder for the next start.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::catalog_watch::{keep_newest, write_whole};
use crate::engine::Live;
use crate::ids::Timestamp;
use crate::topics::Catalog;
use crate::understanding::{Corpus, Engine};

/// Models that are kept: of the last sets of files, so that going back to one of them costs no training either.
const KEPT: usize = 8;

/// Trains, and remembers the last engine with what it was trained from.
#[derive(Default)]
pub(super) struct School {
    last: Mutex<Option<(Corpus, Arc<Engine>)>>,
    kept: Option<PathBuf>,
}

impl School {
    /// A school that keeps what it learnt in a folder, which is made when needed.
    pub(super) fn keeping(folder: PathBuf) -> Self {
        Self {
            kept: Some(folder),
            ..Self::default()
        }
    }

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
                let brain = Arc::new(self.engine(&corpus)?);
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

    /// The engine of a corpus: as it was kept, or trained and kept.
    fn engine(&self, corpus: &Corpus) -> anyhow::Result<Engine> {
        let path = self.kept.as_ref().map(|kept| kept.join(corpus.hash()));
        if let Some(engine) = path.as_deref().and_then(|path| kept(corpus, path)) {
            return Ok(engine);
        }
        let engine = Engine::train(corpus).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            anyhow::anyhow!(errors.join("; "))
        })?;
        if let (Some(path), Some(folder)) = (path, &self.kept) {
            let written = write_whole(&path, &engine.learnt());
            if let Err(error) = written.and_then(|()| keep_newest(folder, KEPT)) {
                let shown = folder.display();
                tracing::warn!(%error, "what was learnt could not be kept in {shown}; the next start trains again");
            }
        }
        Ok(engine)
    }
}

/// The engine of a corpus from a file, where there is one that fits. One that does not is no trouble: it is trained again and replaced.
fn kept(corpus: &Corpus, path: &Path) -> Option<Engine> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            if error.kind() != ErrorKind::NotFound {
                tracing::warn!(%error, "{} cannot be read; training again", path.display());
            }
            return None;
        }
    };
    match Engine::restore(corpus, &bytes) {
        Ok(engine) => {
            tracing::info!(model = engine.model_hash(), "nothing new to learn");
            Some(engine)
        }
        Err(why) => {
            let shown = path.display();
            tracing::warn!("the bytes of {shown} are not used: {why}; training again");
            None
        }
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

    #[test]
    fn what_was_learnt_is_there_at_the_next_start_and_a_damaged_file_is_replaced() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("models");
        let learn = |example: &str| {
            School::keeping(folder.clone())
                .learn(catalog(example, "Mañana."), Timestamp(1))
                .unwrap()
                .brain
        };
        let first = learn("cuándo llega");
        let path = folder.join(first.model_hash());
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes, first.learnt());

        let written = std::fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(learn("cuándo llega").learnt(), bytes);
        let again = std::fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(written, again, "it was not trained and written again");

        for damaged in [&bytes[..bytes.len() / 2], b""] {
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(learn("cuándo llega").learnt(), bytes);
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
        }
        for number in 0..KEPT {
            learn(&format!("cuándo llega el {number}"));
        }
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), KEPT);
        assert!(!path.exists(), "the oldest went");
    }
}
