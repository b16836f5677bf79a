//! Addresses under which a file can be fetched for a short while, by whoever has the address: a browser that shows a picture sends no token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::ids::{FileId, Timestamp};

/// How long an address is good.
const GOOD_MS: i64 = 10 * 60_000;

/// Signs addresses of files: HMAC-SHA-256 over the id and the end of its time.
#[derive(Clone)]
pub struct FileAddresses {
    secret: [u8; 32],
}

/// What makes an address good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Until when.
    pub expires: Timestamp,
    /// The signature, as it stands in the address.
    pub signature: String,
}

impl FileAddresses {
    /// Addresses under a secret of this server.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    fn mac(&self, id: FileId, expires: Timestamp) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        mac.update(b"file\0");
        mac.update(id.as_bytes());
        mac.update(&expires.0.to_be_bytes());
        mac
    }

    /// An address for ten minutes from now on.
    pub fn sign(&self, id: FileId, now: Timestamp) -> Signed {
        let expires = now.plus(GOOD_MS);
        let tag = self.mac(id, expires).finalize().into_bytes();
        Signed {
            expires,
            signature: URL_SAFE_NO_PAD.encode(tag),
        }
    }

    /// Whether an address is one of ours and its time is not over. Compared in constant time.
    pub fn holds(&self, id: FileId, signed: &Signed, now: Timestamp) -> bool {
        let Ok(tag) = URL_SAFE_NO_PAD.decode(&signed.signature) else {
            return false;
        };
        now <= signed.expires && self.mac(id, signed.expires).verify_slice(&tag).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_good_for_its_file_and_its_time() {
        let addresses = FileAddresses::new([1; 32]);
        let (one, other) = (FileId::from_bytes([1; 16]), FileId::from_bytes([2; 16]));
        let now = Timestamp(1_000_000);
        let signed = addresses.sign(one, now);
        assert!(addresses.holds(one, &signed, now.plus(GOOD_MS)));
        assert!(!addresses.holds(one, &signed, now.plus(GOOD_MS + 1)));
        assert!(!addresses.holds(other, &signed, now));
        let longer = Signed {
            expires: signed.expires.plus(1),
            ..signed.clone()
        };
        assert!(!addresses.holds(one, &longer, now));
        assert!(!FileAddresses::new([2; 32]).holds(one, &signed, now));
    }
}
