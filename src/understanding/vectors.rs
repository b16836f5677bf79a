//! What frequent Spanish and English words mean, as numbers: a table built into the program, and the vector of a message.
//!
//! The table is made by `tools/word_vectors`; `models/README.md` tells from what. Its words are folded as `normalise` folds,
//! its rows already carry the weight of the word: the more frequent, the shorter. Nothing is copied but the places of the words.

use std::sync::LazyLock;

/// The first bytes of a table of this form.
const MAGIC: &[u8] = b"VENTVEC1";
/// More dimensions than any table of ours will have; a larger number is a damaged file.
const MOST_DIMS: usize = 1024;
/// Words of one message that are looked up; a pasted page has said what it means by then.
const MOST_WORDS: usize = 256;
/// An unknown word is read as the words that begin alike if they share this much of it, in bytes,
const SHARED: usize = 5;
/// and if what follows on both sides is not longer than this: an ending, not another word.
const ENDING: usize = 4;
/// Words on either side that are compared with it.
const NEIGHBOURS: usize = 6;

/// A table of word vectors over bytes that live as long as it.
pub(super) struct Vectors<'t> {
    dims: usize,
    text: &'t str,
    /// Where each word begins in `text`, and one entry more for the end. Each word is followed by a line feed.
    starts: Vec<u32>,
    /// For each beginning, see [`beginning`], the first word that does not come before it, and one entry more.
    shelves: Vec<u32>,
    /// One `f32` a word, little-endian.
    scales: &'t [u8],
    /// `dims` values `i8` a word, to be multiplied by its scale.
    rows: &'t [u8],
}

/// Why bytes are not a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadTable {
    /// Something else, or a later form.
    #[error("not a table of word vectors")]
    NotATable,
    /// The parts do not fill the file, or there is more.
    #[error("the table is cut off, or has something after its end")]
    Length,
    /// The number of dimensions cannot be.
    #[error("a table cannot have {0} dimensions")]
    Dimensions(usize),
    /// The words are not UTF-8, not as many as promised, empty or out of order.
    #[error("the words of the table are not in order")]
    Words,
    /// A scale is not a number from zero on.
    #[error("word {0} has no proper scale")]
    Scale(usize),
}

static BUILT_IN: LazyLock<Vectors<'static>> = LazyLock::new(|| {
    Vectors::parse(include_bytes!("../../models/word_vectors.bin"))
        .expect("a test reads this very table")
});

impl Vectors<'static> {
    /// The table that comes with the program; it is checked once, when first asked for.
    pub(super) fn built_in() -> &'static Self {
        &BUILT_IN
    }
}

/// Length from which the sum of the words' vectors counts in full. A word of content has about 1, a greeting 0.4, words like "es el" together
/// less than 0.1; of a thousand messages of BANKING77's training part one is shorter.
const ENOUGH: f32 = 0.2;

fn norm(vector: &[f32]) -> f32 {
    vector.iter().map(|value| value * value).sum::<f32>().sqrt()
}

impl<'t> Vectors<'t> {
    /// Reads a table: [`MAGIC`], how many words, how many dimensions, how long the text is (each `u32`, little-endian); the words in
    /// ascending order of their bytes, each with a line feed; the scales; the rows.
    pub(super) fn parse(bytes: &'t [u8]) -> Result<Self, BadTable> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(BadTable::NotATable)?;
        let (count, rest) = number(rest)?;
        let (dims, rest) = number(rest)?;
        let (length, rest) = number(rest)?;
        if dims == 0 || dims > MOST_DIMS {
            return Err(BadTable::Dimensions(dims));
        }
        let (text, rest) = rest.split_at_checked(length).ok_or(BadTable::Length)?;
        let (scales, rows) = count
            .checked_mul(size_of::<f32>())
            .and_then(|length| rest.split_at_checked(length))
            .ok_or(BadTable::Length)?;
        if Some(rows.len()) != count.checked_mul(dims) {
            return Err(BadTable::Length);
        }
        let text = std::str::from_utf8(text).map_err(|_| BadTable::Words)?;
        let starts = starts(text, count).ok_or(BadTable::Words)?;
        let shelves = shelves(text);
        let table = Self {
            dims,
            text,
            starts,
            shelves,
            scales,
            rows,
        };
        match (0..count).find(|&at| !(0.0..f32::MAX).contains(&table.scale(at))) {
            Some(at) => Err(BadTable::Scale(at)),
            None => Ok(table),
        }
    }

    /// How many numbers a vector has.
    pub(super) fn dims(&self) -> usize {
        self.dims
    }

    /// Whether it has this folded word.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.place(word).is_ok()
    }

    /// The sum of the vectors of these folded words, brought to `length`: to less than that where it is shorter than [`ENOUGH`], so that "uy, es
    /// el" means next to nothing and not as much as a sentence.
    pub(super) fn message<'w>(
        &self,
        words: impl Iterator<Item = &'w str>,
        length: f32,
    ) -> Vec<f32> {
        let mut sum = vec![0.0; self.dims];
        for word in words.take(MOST_WORDS) {
            self.add(word, 1.0, &mut sum);
        }
        let factor = length / norm(&sum).max(ENOUGH);
        sum.iter_mut().for_each(|value| *value *= factor);
        sum
    }

    /// For each word the product of its vector with `weights`, and the length of the sum of all vectors, [`ENOUGH`] at least.
    pub(super) fn products<'w>(
        &self,
        words: impl Iterator<Item = &'w str>,
        weights: &[f32],
    ) -> (Vec<(&'w str, f32)>, f32) {
        let mut sum = vec![0.0; self.dims];
        let mut before = 0.0;
        let mut products = Vec::new();
        for word in words.take(MOST_WORDS) {
            self.add(word, 1.0, &mut sum);
            let all: f32 = sum
                .iter()
                .zip(weights)
                .map(|(sum, weight)| sum * weight)
                .sum();
            products.push((word, all - before));
            before = all;
        }
        (products, norm(&sum).max(ENOUGH))
    }

    /// Adds `factor` times the vector of a word: its own, or the mean of those of the words that begin alike.
    fn add(&self, word: &str, factor: f32, sum: &mut [f32]) {
        // A letter alone means nothing, and "zzz" is read as one.
        if word.len() < 2 {
            return;
        }
        match self.place(word) {
            Ok(at) => self.add_row(at, factor, sum),
            Err(at) => {
                let alike = self.alike(word, at);
                let factor = factor / alike.len().max(1) as f32;
                for at in alike {
                    self.add_row(at, factor, sum);
                }
            }
        }
    }

    /// Whether anything is known of this word.
    pub(super) fn knows(&self, word: &str) -> bool {
        match self.place(word) {
            Ok(_) => true,
            Err(at) => !self.alike(word, at).is_empty(),
        }
    }

    fn add_row(&self, at: usize, factor: f32, sum: &mut [f32]) {
        let Some(row) = self.rows.get(at * self.dims..(at + 1) * self.dims) else {
            return;
        };
        let factor = factor * self.scale(at);
        for (sum, &value) in sum.iter_mut().zip(row) {
            *sum += factor * f32::from(value.cast_signed());
        }
    }

    /// The words that share most of the beginning of this one, which is not in the table and would stand at `at`.
    fn alike(&self, word: &str, at: usize) -> Vec<usize> {
        let shared = |other: usize| {
            let pairs = self.word(other).bytes().zip(word.bytes());
            pairs.take_while(|(a, b)| a == b).count()
        };
        let near = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS).min(self.len());
        let most = near.clone().map(shared).max().unwrap_or(0);
        if most < SHARED || word.len() > most + ENDING {
            return Vec::new();
        }
        near.filter(|&other| shared(other) == most && self.word(other).len() <= most + ENDING)
            .collect()
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn word(&self, at: usize) -> &'t str {
        let bounds = self.starts.get(at).zip(self.starts.get(at + 1));
        bounds
            .and_then(|(&start, &end)| self.text.get(start as usize..end as usize - 1))
            .unwrap_or("")
    }

    fn scale(&self, at: usize) -> f32 {
        let bytes = self.scales.get(at * size_of::<f32>()..);
        bytes
            .and_then(<[u8]>::first_chunk)
            .map_or(0.0, |&bytes| f32::from_le_bytes(bytes))
    }

    /// Where the word is, or where it would be.
    fn place(&self, word: &str) -> Result<usize, usize> {
        // A search through all words would wait for memory at each of its sixteen steps; those of a shelf lie together.
        let shelf = beginning(word);
        let bounds = self.shelves.get(shelf).zip(self.shelves.get(shelf + 1));
        let (mut low, mut high) = bounds.map_or((0, self.len()), |(&low, &high)| {
            (low as usize, high as usize)
        });
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.word(middle).cmp(word) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }
}

/// How many bytes of the beginning of a word count, and in how many kinds.
const BEGINNING: u32 = 3;
const KINDS: usize = 29;

/// The number of the beginning of a word, in the order of the words: for each byte nothing, what comes before `a`, the letters, what comes after
/// `z`. What follows a byte that is no letter does not count, or the order would be lost.
fn beginning(word: &str) -> usize {
    let mut letters = true;
    let mut bytes = word.bytes();
    (0..BEGINNING).fold(0, |number, _| {
        let kind = match bytes.next().filter(|_| letters) {
            None => 0,
            Some(letter @ b'a'..=b'z') => usize::from(letter - b'a') + 2,
            Some(other) => {
                letters = false;
                if other < b'a' { 1 } else { KINDS - 1 }
            }
        };
        number * KINDS + kind
    })
}

/// Where each shelf begins among words in ascending order.
fn shelves(text: &str) -> Vec<u32> {
    let mut shelves = vec![0u32; KINDS.pow(BEGINNING) + 1];
    for word in text.lines() {
        if let Some(words) = shelves.get_mut(beginning(word) + 1) {
            *words += 1;
        }
    }
    let mut before = 0;
    for words in &mut shelves {
        before += *words;
        *words = before;
    }
    shelves
}

fn number(bytes: &[u8]) -> Result<(usize, &[u8]), BadTable> {
    let (number, rest) = bytes.split_first_chunk().ok_or(BadTable::Length)?;
    let number = usize::try_from(u32::from_le_bytes(*number)).map_err(|_| BadTable::Length)?;
    Ok((number, rest))
}

/// Where each of `count` words begins, if they are that many, not empty and in ascending order.
fn starts(text: &str, count: usize) -> Option<Vec<u32>> {
    let mut starts = Vec::with_capacity(count.min(text.len()) + 1);
    let mut before = "";
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let word = line.strip_suffix('\n')?;
        if word <= before {
            return None;
        }
        before = word;
        starts.push(u32::try_from(start).ok()?);
        start += line.len();
    }
    starts.push(u32::try_from(start).ok()?);
    (starts.len() == count + 1).then_some(starts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    /// A table of two dimensions.
    fn table(words: &[(&str, f32, [i8; 2])]) -> Vec<u8> {
        let text: String = words.iter().map(|(word, ..)| format!("{word}\n")).collect();
        let mut bytes = MAGIC.to_vec();
        for number in [words.len(), 2, text.len()] {
            bytes.extend(u32::try_from(number).unwrap().to_le_bytes());
        }
        bytes.extend(text.bytes());
        bytes.extend(words.iter().flat_map(|(_, scale, _)| scale.to_le_bytes()));
        let values = words.iter().flat_map(|(.., row)| row);
        bytes.extend(values.map(|value| value.cast_unsigned()));
        bytes
    }

    fn small() -> Vec<u8> {
        table(&[
            ("devolver", 0.5, [2, 0]),
            ("devolviendo", 0.5, [0, 2]),
            ("pedido", 1.0, [-3, 4]),
        ])
    }

    #[test]
    fn a_table_reads_back() {
        let bytes = small();
        let read = Vectors::parse(&bytes).unwrap();
        assert_eq!((read.len(), read.dims()), (3, 2));
        assert!(read.contains("pedido") && !read.contains("pedid") && !read.contains(""));
        assert_eq!(read.message(["pedido"].into_iter(), 5.0), [-3.0, 4.0]);
        let two = read.message(["pedido", "devolver"].into_iter(), 20f32.sqrt());
        assert_eq!(two, [-2.0, 4.0]);
    }

    #[test]
    fn every_word_is_found_where_it_stands() {
        let words = [
            "", "1", "1z", "2a", "a", "a1z", "a2a", "ab", "abc", "abcd", "b", "ba", "z", "zz",
            "zzz", "zzzz", "{", "é",
        ];
        let rows: Vec<_> = words[1..].iter().map(|&word| (word, 1.0, [1, 1])).collect();
        let bytes = table(&rows);
        let read = Vectors::parse(&bytes).unwrap();
        for (at, (word, ..)) in rows.iter().enumerate() {
            assert_eq!(read.place(word), Ok(at), "{word}");
        }
        assert_eq!(read.place(""), Err(0));
        assert_eq!(read.place("abcc"), Err(8));
        assert_eq!(read.place("c"), Err(11));
        assert_eq!(read.place("zzzzz"), Err(15));
    }

    #[test]
    fn an_unknown_word_is_read_by_its_beginning() {
        let bytes = small();
        let read = Vectors::parse(&bytes).unwrap();
        // The longer beginning is shared with "devolviendo"; of the shorter one only "devolver" ends soon enough.
        assert_eq!(read.message(["devolvio"].into_iter(), 1.0), [0.0, 1.0]);
        assert_eq!(read.message(["devolvamos"].into_iter(), 1.0), [1.0, 0.0]);
        assert!(read.knows("pedidos") && read.knows("pedido"));
        for word in ["pedi", "pedagogia", "xilofono", "pedidosasegurados", ""] {
            assert!(!read.knows(word), "{word}");
            assert_eq!(read.message([word].into_iter(), 1.0), [0.0, 0.0]);
        }
    }

    #[test]
    fn bytes_that_are_no_table_are_refused() {
        let good = small();
        let refused = |bytes: &[u8]| Vectors::parse(bytes).err();
        for cut in 0..good.len() {
            assert!(refused(&good[..cut]).is_some(), "cut at {cut}");
        }
        assert_eq!(refused(b"something else"), Some(BadTable::NotATable));
        let longer: Vec<u8> = good.iter().copied().chain([0]).collect();
        assert_eq!(refused(&longer), Some(BadTable::Length));
        let unordered = table(&[("b", 1.0, [0, 0]), ("a", 1.0, [0, 0])]);
        assert_eq!(refused(&unordered), Some(BadTable::Words));
        let twice = table(&[("a", 1.0, [0, 0]), ("a", 1.0, [0, 0])]);
        assert_eq!(refused(&twice), Some(BadTable::Words));
        let strange = table(&[("a", f32::NAN, [0, 0])]);
        assert_eq!(refused(&strange), Some(BadTable::Scale(0)));
        let mut vast = good.clone();
        vast[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(refused(&vast), Some(BadTable::Dimensions(0xffff_ffff)));
        let mut promised = good;
        promised[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(refused(&promised), Some(BadTable::Length));
    }

    #[test]
    fn the_built_in_table_knows_that_words_are_alike() {
        let read = Vectors::parse(include_bytes!("../../models/word_vectors.bin")).unwrap();
        let cosine = |a: &str, b: &str| -> f32 {
            let (a, b) = (
                read.message(a.split(' '), 1.0),
                read.message(b.split(' '), 1.0),
            );
            a.iter().zip(&b).map(|(a, b)| a * b).sum()
        };
        for (word, near, far) in [
            ("reembolso", "devolucion", "zapato"),
            ("refund", "reembolso", "lluvia"),
            ("invoice", "factura", "perro"),
            ("coche", "auto", "pedido"),
        ] {
            assert!(
                cosine(word, near) > cosine(word, far) + 0.1,
                "{word}: {near} {}, {far} {}",
                cosine(word, near),
                cosine(word, far)
            );
        }
        assert!(read.contains("podes") && read.contains("dont"));
    }
}
