//! The envelope of every value: version, kind, checksum, stamp, payload. What does not open is damaged, never half read.
//!
//! ```text
//! 0       1     2        6        14
//! version kind  crc32    stamp    payload …      (numbers big-endian)
//! ```
//! The checksum covers the key too: a value under a wrong key is damaged as well. The stamp is the commit number of what an append wrote and the
//! version of a small record. Readers hide what is stamped later than the last durable commit.

/// Version of this layout.
const VERSION: u8 = 1;

const HEADER: usize = 14;

/// What the payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The content.
    Inline = 0,
    /// The digest of a blob file that holds the content.
    Blob = 1,
    /// Nothing: the content was erased.
    Erased = 2,
}

/// A value that opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value<'a> {
    pub(super) kind: Kind,
    pub(super) stamp: u64,
    pub(super) payload: &'a [u8],
}

/// Writes a value for a key.
pub(super) fn pack(key: &[u8], kind: Kind, stamp: u64, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + payload.len());
    bytes.extend_from_slice(&[VERSION, kind as u8, 0, 0, 0, 0]);
    bytes.extend_from_slice(&stamp.to_be_bytes());
    bytes.extend_from_slice(payload);
    let sum = checksum(key, &bytes);
    bytes[2..6].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// Opens the value of a key. The error says what is wrong with it.
pub(super) fn unpack<'a>(key: &[u8], bytes: &'a [u8]) -> Result<Value<'a>, String> {
    let Some((header, payload)) = bytes.split_first_chunk::<HEADER>() else {
        return Err(format!("a value of {} bytes has no header", bytes.len()));
    };
    let [version, kind, sum @ .., _, _, _, _, _, _, _, _] = header;
    if u32::from_be_bytes(*sum) != checksum(key, bytes) {
        return Err("the checksum does not match".to_owned());
    }
    if *version != VERSION {
        return Err(format!(
            "written as version {version}, this program knows version {VERSION}"
        ));
    }
    let kind = match kind {
        0 => Kind::Inline,
        1 => Kind::Blob,
        2 => Kind::Erased,
        other => return Err(format!("a value of unknown kind {other}")),
    };
    let stamp = header
        .last_chunk()
        .expect("the header ends with 8 bytes of stamp");
    Ok(Value {
        kind,
        stamp: u64::from_be_bytes(*stamp),
        payload,
    })
}

fn checksum(key: &[u8], bytes: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(key);
    sum.update(&bytes[..2]);
    sum.update(&bytes[6..]);
    sum.finalize()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_opens() {
        let bytes = pack(b"key", Kind::Inline, 77, "año".as_bytes());
        let value = unpack(b"key", &bytes).unwrap();
        assert_eq!(value.kind, Kind::Inline);
        assert_eq!(value.stamp, 77);
        assert_eq!(value.payload, "año".as_bytes());
    }

    #[test]
    fn any_flipped_bit_any_cut_and_any_other_key_are_noticed() {
        let bytes = pack(b"key", Kind::Blob, 3, b"0123456789");
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(unpack(b"key", &damaged).is_err(), "bit {bit}");
        }
        for len in 0..bytes.len() {
            assert!(unpack(b"key", &bytes[..len]).is_err(), "cut to {len}");
        }
        assert!(unpack(b"kez", &bytes).is_err());
    }
}
