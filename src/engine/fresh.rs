//! What the pure rooms must be given: new ids, tokens, case numbers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::ids::Timestamp;

/// Bytes that nobody can guess.
///
/// # Panics
/// When the operating system has no randomness: going on without would give away tokens.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A UUIDv7 of this moment, so that ids sort by age.
pub fn uuid(now: Timestamp) -> uuid::Uuid {
    let millis = u64::try_from(now.0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random()).into_uuid()
}

/// A secret for a link, a login, a key: 256 bits as 43 characters.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// A case number as people say it on the phone: `M-7F3K-2QX9`, without letters that are taken for one another (Crockford's base 32).
pub fn case_number() -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let letters: String = random::<8>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    let (left, right) = letters.split_at(4);
    format!("M-{left}-{right}")
}
