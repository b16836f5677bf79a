//! What binds an event to its private part and outlives it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::event::Private;
use crate::ids::ParseError;

/// SHA-256 of a random salt followed by the private part as JSON.
///
/// With the salt, which is kept and erased together with the private part, it proves that a transcript is the true one. Without the salt it tells
/// nothing: a digest alone of "yes" or of a phone number could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The salt; gone after erasure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<Hex<16>>,
    /// The digest; stays after erasure.
    pub digest: Hex<32>,
}

impl Seal {
    /// Seals a private part with a salt that nobody can guess. An empty part has no seal.
    pub fn of(private: &Private, salt: [u8; 16]) -> Option<Self> {
        if private.is_empty() {
            return None;
        }
        Some(Self {
            salt: Some(Hex(salt)),
            digest: Self::digest(private, &salt),
        })
    }

    /// Whether this is the seal of that part. After erasure only the empty part fits.
    pub fn fits(&self, private: &Private) -> bool {
        match &self.salt {
            None => private.is_empty(),
            Some(Hex(salt)) => !private.is_empty() && Self::digest(private, salt) == self.digest,
        }
    }

    /// The seal that is left when the private part is gone.
    #[must_use]
    pub fn erased(self) -> Self {
        Self {
            salt: None,
            digest: self.digest,
        }
    }

    fn digest(private: &Private, salt: &[u8; 16]) -> Hex<32> {
        let json = serde_json::to_vec(private).expect("texts and a map of texts always are JSON");
        let mut hash = Sha256::new();
        hash.update(salt);
        hash.update(&json);
        Hex(hash.finalize().into())
    }
}

/// Bytes that are written as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> FromStr for Hex<N> {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
                .ok_or(ParseError::Malformed)
        };
        if text.len() != 2 * N {
            return Err(ParseError::Malformed);
        }
        let mut bytes = [0; N];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(from)?
            .parse()
            .map_err(|_malformed| serde::de::Error::custom(format_args!("not {N} bytes in hex")))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_seal_fits_its_own_part_only() {
        let seal = Seal::of(&Private::text("sí"), [7; 16]).unwrap();
        assert!(seal.fits(&Private::text("sí")));
        assert!(!seal.fits(&Private::text("si")));
        assert!(!seal.fits(&Private::default()));
        assert!(seal.erased().fits(&Private::default()));
        assert!(!seal.erased().fits(&Private::text("sí")));
    }

    #[test]
    fn equal_texts_have_unequal_digests() {
        let one = Seal::of(&Private::text("sí"), [1; 16]).unwrap();
        let two = Seal::of(&Private::text("sí"), [2; 16]).unwrap();
        assert_ne!(one.digest, two.digest);
        assert_eq!(Seal::of(&Private::default(), [1; 16]), None);
    }

    #[test]
    fn hexadecimal_digits_come_back() {
        let hex = Hex([0, 15, 16, 255]);
        assert_eq!(hex.to_string(), "000f10ff");
        assert_eq!("000F10ff".parse(), Ok(hex));
        for bad in ["", "000f10f", "000f10fg", "000f10ff00", "ñ0f10ff"] {
            assert_eq!(bad.parse::<Hex<4>>(), Err(ParseError::Malformed), "{bad}");
        }
    }
}
