//! The language of one message: words that only one of the catalogue's languages uses, a general detector as one vote,
//! the session's language as the prior.

use whichlang::{Lang as Detected, detect_language};

use super::background::is_common;
use super::model::Model;
use super::normalise::{Word, WordKind};
use crate::ids::Lang;

/// Messages of fewer words keep the session's language: "ok", "no", "chau" belong to everybody.
const SHORT: usize = 3;
/// Votes of the general detector and of the session, in words.
const DETECTOR: f32 = 0.8;
const SESSION: f32 = 1.2;
/// From this share of the telling words on, the second language is read as well.
const MIXED: f32 = 0.2;

/// How a message should be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Languages {
    /// The language to answer in.
    pub(super) lang: Lang,
    /// Indices of the models to ask, most likely first.
    pub(super) models: Vec<usize>,
}

/// Decides among the languages that have a model. Where the session's has none, the likeliest of ours is used.
pub(super) fn choose(
    models: &[(Lang, Model)],
    words: &[Word],
    original: &str,
    session: &Lang,
) -> Languages {
    let base = session.base();
    if models.len() < 2 {
        let lang = models.first().map_or(
            session,
            |(lang, _)| if *lang == base { session } else { lang },
        );
        return Languages {
            lang: lang.clone(),
            models: (0..models.len()).collect(),
        };
    }
    let only = telling_words(models, words);
    let plain = words
        .iter()
        .filter(|word| word.kind == WordKind::Plain)
        .count();
    let detected = (plain >= SHORT)
        .then(|| code(detect_language(original)))
        .flatten();
    let votes: Vec<f32> = models
        .iter()
        .zip(&only)
        .map(|((lang, _), &only)| {
            let detector = if detected == Some(lang.as_str()) {
                DETECTOR
            } else {
                0.0
            };
            let session = if *lang == base { SESSION } else { 0.0 };
            only as f32 + detector + session
        })
        .collect();
    let mut order: Vec<usize> = (0..models.len()).collect();
    order.sort_by(|&a, &b| votes[b].total_cmp(&votes[a]));
    let ours = models.iter().position(|(lang, _)| *lang == base);
    let likeliest = order[0];
    let lang = match ours {
        Some(ours) if ours == likeliest || plain < SHORT => session.clone(),
        _ => models[likeliest].0.clone(),
    };
    let telling: u32 = only.iter().sum();
    let asked = order
        .into_iter()
        .enumerate()
        .filter(|&(rank, at)| {
            rank == 0 || (only[at] > 0 && only[at] as f32 >= MIXED * telling as f32)
        })
        .map(|(_, at)| at)
        .collect();
    Languages {
        lang,
        models: asked,
    }
}

/// For each model the words that its language has and no other.
fn telling_words(models: &[(Lang, Model)], words: &[Word]) -> Vec<u32> {
    let mut only = vec![0; models.len()];
    for word in words.iter().filter(|word| word.kind == WordKind::Plain) {
        let mut knowing = models
            .iter()
            .enumerate()
            .filter(|(_, (lang, model))| is_common(lang, &word.text) || model.knows(&word.text));
        if let (Some((at, _)), None) = (knowing.next(), knowing.next()) {
            only[at] += 1;
        }
    }
    only
}

fn code(detected: Detected) -> Option<&'static str> {
    match detected {
        Detected::Spa => Some("es"),
        Detected::Eng => Some("en"),
        Detected::Por => Some("pt"),
        Detected::Fra => Some("fr"),
        Detected::Ita => Some("it"),
        Detected::Deu => Some("de"),
        Detected::Nld => Some("nl"),
        Detected::Swe => Some("sv"),
        Detected::Tur => Some("tr"),
        Detected::Vie => Some("vi"),
        Detected::Ara => Some("ar"),
        Detected::Cmn => Some("zh"),
        Detected::Hin => Some("hi"),
        Detected::Jpn => Some("ja"),
        Detected::Kor => Some("ko"),
        Detected::Rus => Some("ru"),
    }
}
