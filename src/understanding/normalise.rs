//! From what was typed to words that can be compared: case, accents, repeated letters, masks. Every word and every byte of
//! the folded text knows where it stood in the original, so that a found value is quoted as it was written.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Combining tilde, combining marks below: the only mark that makes another letter in Spanish (año, ano).
const COMBINING_TILDE: char = '\u{303}';

/// Longest folded text, in bytes: what stands behind is not read. Of the longest message no writing takes more (Korean, nine bytes a letter);
/// only ligatures do that stand for a whole sentence, four thousand times.
const MOST_BYTES: usize = 40_000;

/// A text, folded: compatibility forms resolved (NFKD), lower-case, no accents; white space runs are one space.
#[derive(Debug, Clone, Default)]
pub(super) struct Folded {
    text: String,
    /// For each byte of `text` the byte offset in the original of the character it came from, and one entry more for the end.
    origin: Vec<u32>,
    /// For each byte of `text` the offset in the original where that character ends.
    ends: Vec<u32>,
    /// Byte offsets in `text` of each `n` that was an `ñ`.
    enyes: Vec<u32>,
}

impl Folded {
    /// Folds a text. Linear in its length.
    pub(super) fn new(original: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len() + 1),
            ends: Vec::with_capacity(original.len()),
            enyes: Vec::new(),
        };
        for (at, c) in original.char_indices() {
            if folded.text.len() >= MOST_BYTES {
                break;
            }
            let end = at + c.len_utf8();
            if c.is_ascii() {
                folded.push(c.to_ascii_lowercase(), at, end);
            } else {
                for lower in c.to_lowercase() {
                    for part in std::iter::once(lower).nfkd() {
                        // Compatibility forms such as fullwidth or mathematical letters reappear as capitals.
                        folded.push(part.to_lowercase().next().unwrap_or(part), at, end);
                    }
                }
            }
        }
        folded.origin.push(offset(original.len()));
        folded
    }

    fn push(&mut self, c: char, at: usize, end: usize) {
        if is_combining_mark(c) {
            if let Some(last) = self.ends.last_mut() {
                // A mark belongs to the letter before it, also when it was typed apart.
                *last = offset(end);
            }
            if c == COMBINING_TILDE && self.text.ends_with('n') {
                self.enyes.push(offset(self.text.len() - 1));
            }
            return;
        }
        let c = match c {
            '\u{2019}' | '\u{2018}' | '\u{b4}' | '`' => '\'',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c == ' ' && self.text.ends_with(' ') {
            if let Some(last) = self.ends.last_mut() {
                *last = offset(end);
            }
            return;
        }
        self.text.push(c);
        for _ in 0..c.len_utf8() {
            self.origin.push(offset(at));
            self.ends.push(offset(end));
        }
    }

    /// The folded text.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of the original from which these bytes of the folded text came; character boundaries of the original.
    pub(super) fn original_span(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.origin.get(start).or(self.origin.last());
        let from = first.map_or(0, |&at| at as usize);
        let to = end
            .checked_sub(1)
            .and_then(|last| self.ends.get(last))
            .map_or(from, |&at| at as usize);
        (from, to.max(from))
    }
}

/// An offset in a text of at most 4,000 characters; longer texts saturate, which only blurs spans.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What kind of token a word is; all but plain words are masked in features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum WordKind {
    /// A word, perhaps with digits in it.
    Plain,
    /// Digits only.
    Number,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
}

/// One word of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Folded, without apostrophes, runs of three or more equal letters as one.
    pub(super) text: String,
    /// The same with its `ñ`, when it has one.
    pub(super) with_enye: Option<String>,
    /// What it is.
    pub(super) kind: WordKind,
    /// Byte offsets in the folded text.
    pub(super) folded: (usize, usize),
}

/// Splits a folded text into words; e-mail and web addresses are one word each, an emoji is a word. Linear.
pub(super) fn words(folded: &Folded) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for chunk in folded.text.split_inclusive(' ') {
        let token = chunk.trim_end_matches(' ');
        if !token.is_empty() {
            split_token(folded, token, start, &mut words);
        }
        start += chunk.len();
    }
    words
}

fn split_token(folded: &Folded, token: &str, start: usize, words: &mut Vec<Word>) {
    let address = if token.starts_with("http://")
        || token.starts_with("https://")
        || token.starts_with("www.")
    {
        Some(WordKind::Url)
    } else if is_email(token) {
        Some(WordKind::Email)
    } else {
        None
    };
    if let Some(kind) = address {
        let bare = token.trim_matches(|c: char| !c.is_alphanumeric());
        words.push(Word {
            text: bare.to_owned(),
            with_enye: None,
            kind,
            folded: (start, start + token.len()),
        });
        return;
    }
    let mut word = WordBuilder::default();
    let mut chars = token.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_alphanumeric() {
            let enye = c == 'n' && folded.enyes.binary_search(&offset(start + at)).is_ok();
            word.push(c, enye, start + at);
        } else if c == '\''
            && word.is_letters()
            && chars.peek().is_some_and(|(_, n)| n.is_alphabetic())
        {
            // "haven't" and "havent" are one word.
        } else {
            word.finish(start + at, words);
            if is_emoji(c) {
                words.push(Word {
                    text: c.to_string(),
                    with_enye: None,
                    kind: WordKind::Plain,
                    folded: (start + at, start + at + c.len_utf8()),
                });
            }
        }
    }
    word.finish(start + token.len(), words);
}

#[derive(Default)]
struct WordBuilder {
    text: String,
    enye: Option<String>,
    start: usize,
    run: usize,
}

impl WordBuilder {
    fn is_letters(&self) -> bool {
        self.text
            .chars()
            .next_back()
            .is_some_and(char::is_alphabetic)
    }

    fn push(&mut self, c: char, enye: bool, at: usize) {
        if self.text.is_empty() {
            self.start = at;
        }
        if !c.is_numeric() && self.text.ends_with(c) {
            self.run += 1;
        } else {
            self.run = 1;
        }
        if self.run == 3 {
            // No Spanish or English word has three equal letters in a row: "holaaa" is "hola".
            self.text.pop();
            if let Some(kept) = &mut self.enye {
                kept.pop();
            }
        }
        if self.run >= 3 {
            return;
        }
        if enye && self.enye.is_none() {
            self.enye = Some(self.text.clone());
        }
        self.text.push(c);
        if let Some(kept) = &mut self.enye {
            kept.push(if enye { 'ñ' } else { c });
        }
    }

    fn finish(&mut self, end: usize, words: &mut Vec<Word>) {
        let built = std::mem::take(self);
        if built.text.is_empty() {
            return;
        }
        let kind = if built.text.chars().all(char::is_numeric) {
            WordKind::Number
        } else {
            WordKind::Plain
        };
        words.push(Word {
            text: built.text,
            with_enye: built.enye,
            kind,
            folded: (built.start, end),
        });
    }
}

fn is_email(token: &str) -> bool {
    token.split_once('@').is_some_and(|(name, host)| {
        name.chars().next_back().is_some_and(char::is_alphanumeric)
            && host.chars().next().is_some_and(char::is_alphanumeric)
            && host.contains('.')
    })
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1F300..=0x1FAFF | 0x2600..=0x27BF)
}

/// The words of a text joined by single spaces: equal keys are the same sentence but for case, accents and punctuation.
pub(super) fn key(words: &[Word]) -> String {
    let mut key = String::new();
    for word in words {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&word.text);
    }
    key
}
