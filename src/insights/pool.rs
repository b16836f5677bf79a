//! Words that are said again and again, kept once.

use std::collections::HashMap;
use std::hash::Hash;

/// Number of a word in its pool.
pub(super) type Word = u32;

/// Words by number and numbers by word.
#[derive(Debug)]
pub(super) struct Pool<T> {
    words: Vec<T>,
    numbers: HashMap<T, Word>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Pool<T> {
    /// The number of a word; a new one gets the next.
    pub(super) fn word(&mut self, word: &T) -> Word {
        if let Some(known) = self.numbers.get(word) {
            return *known;
        }
        let number = Word::try_from(self.words.len()).unwrap_or(Word::MAX);
        self.words.push(word.clone());
        self.numbers.insert(word.clone(), number);
        number
    }

    /// The number of a word that was there.
    pub(super) fn find(&self, word: &T) -> Option<Word> {
        self.numbers.get(word).copied()
    }

    /// The word of a number.
    pub(super) fn get(&self, number: Word) -> Option<&T> {
        self.words.get(number as usize)
    }
}
