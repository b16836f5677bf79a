//! What training found out, as bytes, so that the same corpus need not be learnt twice: the weights and the lines of each language. Everything
//! else of an engine is made from the corpus again, in a moment.
//!
//! The bytes say what they were learnt from and carry a checksum; whatever does not fit is refused, and then training does it.

use super::calibration::Calibration;
use super::model::Weights;
use super::softmax::Softmax;

/// The first bytes of this form.
const MAGIC: &[u8] = b"VENTLRN2";
/// Other programs may train otherwise.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Why bytes are not taken for what was learnt from a corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotLearnt {
    /// Something else, or of another version of the program.
    #[error("they are of another form or version of the program")]
    OtherForm,
    /// They are whole, but from another corpus.
    #[error("they were learnt from other topics")]
    OtherCorpus,
    /// Cut off or changed.
    #[error("they are damaged")]
    Damaged,
    /// The corpus has faults; training names them.
    #[error("the topics have faults")]
    Corpus,
}

/// What one language was learnt as.
pub(super) type Learnt = (Weights, Calibration);

/// Writes what was learnt from the corpus with this hash.
pub(super) fn write<'l>(
    hash: &str,
    languages: impl ExactSizeIterator<Item = (&'l Weights, Calibration)>,
) -> Vec<u8> {
    let mut bytes = Vec::from(MAGIC);
    text(&mut bytes, PROGRAM);
    text(&mut bytes, hash);
    number(&mut bytes, languages.len());
    for (weights, lines) in languages {
        numbers(&mut bytes, &[lines.threshold, lines.temperature]);
        weights.topics.write(&mut bytes);
        number(&mut bytes, usize::from(weights.gate.is_some()));
        if let Some(gate) = &weights.gate {
            gate.write(&mut bytes);
        }
    }
    let sum = crc32fast::hash(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// Reads what was learnt from the corpus with this hash, language by language.
///
/// # Errors
/// Why these bytes are not that.
pub(super) fn read(bytes: &[u8], hash: &str) -> Result<Vec<Learnt>, NotLearnt> {
    let mut from = Bytes(bytes.strip_prefix(MAGIC).ok_or(NotLearnt::OtherForm)?);
    let known = bytes.split_last_chunk().ok_or(NotLearnt::Damaged)?;
    if crc32fast::hash(known.0) != u32::from_le_bytes(*known.1) {
        return Err(NotLearnt::Damaged);
    }
    if from.text() != Some(PROGRAM.as_bytes()) {
        return Err(NotLearnt::OtherForm);
    }
    if from.text() != Some(hash.as_bytes()) {
        return Err(NotLearnt::OtherCorpus);
    }
    let languages = from.languages().ok_or(NotLearnt::Damaged)?;
    if from.0.len() == size_of::<u32>() {
        Ok(languages)
    } else {
        Err(NotLearnt::Damaged)
    }
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    number(bytes, text.len());
    bytes.extend(text.as_bytes());
}

/// A number of things, as `u32`, little-endian.
pub(super) fn number(bytes: &mut Vec<u8>, number: usize) {
    let number = u32::try_from(number).expect("no model has four thousand million weights");
    bytes.extend(number.to_le_bytes());
}

/// Numbers as `f32`, little-endian.
pub(super) fn numbers(bytes: &mut Vec<u8>, numbers: &[f32]) {
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

/// Bytes that are being read; `None` where there are not enough.
pub(super) struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn languages(&mut self) -> Option<Vec<Learnt>> {
        let count = self.number()?;
        (0..count).map(|_| self.language()).collect()
    }

    fn language(&mut self) -> Option<Learnt> {
        let lines = self.numbers(2)?;
        let lines = Calibration {
            threshold: *lines.first()?,
            temperature: *lines.get(1)?,
        };
        let topics = Softmax::read(self)?;
        let gate = match self.number()? {
            0 => None,
            1 => Some(Softmax::read(self)?),
            _ => return None,
        };
        Some((Weights { topics, gate }, lines))
    }

    fn text(&mut self) -> Option<&'b [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    /// So many bytes.
    pub(super) fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of things.
    pub(super) fn number(&mut self) -> Option<usize> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        usize::try_from(u32::from_le_bytes(*number)).ok()
    }

    /// So many numbers.
    pub(super) fn numbers(&mut self, count: usize) -> Option<Vec<f32>> {
        let bytes = self.take(count.checked_mul(size_of::<f32>())?)?;
        let (numbers, _none_left) = bytes.as_chunks();
        Some(
            numbers
                .iter()
                .map(|&number| f32::from_le_bytes(number))
                .collect(),
        )
    }
}
