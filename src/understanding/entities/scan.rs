//! The words of a message with what stands between them, so that "3/4", "12:30" and "45,90" are read from words.

use super::super::normalise::Word;

/// A message to be read word by word.
#[derive(Clone, Copy)]
pub(in crate::understanding) struct Scan<'t> {
    folded: &'t str,
    words: &'t [Word],
}

impl<'t> Scan<'t> {
    /// These words of this folded text.
    pub(in crate::understanding) fn new(folded: &'t str, words: &'t [Word]) -> Self {
        Self { folded, words }
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// A word; empty beyond the end.
    pub(super) fn word(&self, at: usize) -> &'t str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    /// The word before.
    pub(super) fn before(&self, at: usize) -> &'t str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    /// What stands before a word and behind the one before it.
    pub(super) fn gap(&self, at: usize) -> &'t str {
        let from = at.checked_sub(1).and_then(|at| self.words.get(at));
        let from = from.map_or(0, |word| word.folded.1);
        let to = self.words.get(at).map_or(from, |word| word.folded.0);
        self.folded.get(from..to).unwrap_or("")
    }

    /// Whether the words from a place on are these, with nothing but spaces, points and hyphens between.
    pub(super) fn says(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut length = 0;
        for word in phrase.split(' ') {
            let here = at + length;
            if self.word(here) != word || (length > 0 && !self.is_near(here)) {
                return None;
            }
            length += 1;
        }
        Some(length)
    }

    /// The longest of these phrases that stands at a place, in words.
    pub(super) fn one_of(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        let found = phrases.iter().filter_map(|phrase| self.says(at, phrase));
        found.max()
    }

    /// Whether a word follows the one before it in the same breath.
    pub(super) fn is_near(&self, at: usize) -> bool {
        self.gap(at)
            .chars()
            .all(|c| matches!(c, ' ' | '.' | '-' | '\''))
    }

    /// First byte of a word in the folded text.
    pub(super) fn start(&self, at: usize) -> usize {
        self.words
            .get(at)
            .map_or(self.folded.len(), |word| word.folded.0)
    }

    /// End of a word in the folded text.
    pub(super) fn end(&self, at: usize) -> usize {
        self.words
            .get(at)
            .map_or(self.folded.len(), |word| word.folded.1)
    }

    /// What a word is glued to: "17h" is 17 and "h".
    pub(super) fn glued(&self, at: usize) -> Option<(u32, &'t str)> {
        let word = self.word(at);
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = word.strip_suffix(letters)?;
        let number = (1..=9).contains(&digits.len()).then(|| digits.parse().ok());
        Some((number.flatten()?, letters))
    }

    /// A word that is digits only.
    pub(super) fn number(&self, at: usize) -> Option<u32> {
        self.glued(at)
            .filter(|(_, unit)| unit.is_empty())
            .map(|(number, _)| number)
    }
}
