//! What the engine knows besides the catalogue: common words of Spanish and English, and sentences that no company's
//! assistant answers. Both lists were written for this product and live in `data/`.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::corpus::Example;
use super::normalise::{Folded, words};
use crate::ids::Lang;

static SPANISH: LazyLock<HashSet<String>> =
    LazyLock::new(|| folded_words(include_str!("data/words.es.txt")));
static ENGLISH: LazyLock<HashSet<String>> =
    LazyLock::new(|| folded_words(include_str!("data/words.en.txt")));

fn folded_words(list: &str) -> HashSet<String> {
    words(&Folded::new(list))
        .into_iter()
        .map(|word| word.text)
        .collect()
}

/// Whether this folded word is a common one of that language; of languages without a list nothing is.
pub(super) fn is_common(lang: &Lang, word: &str) -> bool {
    match lang.as_str() {
        "es" => SPANISH.contains(word),
        "en" => ENGLISH.contains(word),
        _ => false,
    }
}

/// Whether this folded word is a common one of any language.
pub(super) fn is_common_anywhere(word: &str) -> bool {
    SPANISH.contains(word) || ENGLISH.contains(word)
}

/// Weather, jokes, football, homework: about 150 sentences a language.
pub(super) fn out_of_scope() -> impl Iterator<Item = Example> {
    let spanish = include_str!("data/out_of_scope.es.txt").lines();
    let english = include_str!("data/out_of_scope.en.txt").lines();
    spanish
        .map(|line| Example::literal(Lang::es(), line))
        .chain(english.map(|line| Example::literal(Lang::en(), line)))
}
