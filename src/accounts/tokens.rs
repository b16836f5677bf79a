//! Tokens: what a visitor's client keeps, and digests under which secrets are stored.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::ids::{ConversationId, Follows, Seq};

/// What a visitor's token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitorPass {
    /// The conversation.
    pub conversation: ConversationId,
    /// Where it leads when that one goes on in another one.
    pub follows: Follows,
}

impl VisitorPass {
    /// That of the device on which the conversation began.
    pub const fn own(conversation: ConversationId) -> Self {
        Self {
            conversation,
            follows: Follows::Always,
        }
    }
}

/// Signs visitors' tokens: the conversation's id and its HMAC-SHA-256, so that nothing has to be stored before the visitor's first word.
#[derive(Clone)]
pub struct VisitorTokens {
    secret: [u8; 32],
}

impl VisitorTokens {
    /// Tokens under a secret of this server.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    fn mac(&self, pass: VisitorPass, site: &str) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        let label: &[u8] = match pass.follows {
            Follows::Always => b"visitor\0",
            Follows::Never => b"visitor by mail\0",
            Follows::Merge(_) => b"visitor by mail, with a merge\0",
        };
        mac.update(label);
        if let Follows::Merge(of) = pass.follows {
            mac.update(&of.0.to_be_bytes());
        }
        mac.update(site.as_bytes());
        mac.update(b"\0");
        mac.update(pass.conversation.as_bytes());
        mac
    }

    /// The token of a pass on a site.
    pub fn issue(&self, pass: VisitorPass, site: &str) -> String {
        let mut bytes = pass.conversation.as_bytes().to_vec();
        if let Follows::Merge(of) = pass.follows {
            bytes.extend_from_slice(&of.0.to_be_bytes());
        }
        bytes.extend_from_slice(&self.mac(pass, site).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a token opens, where it is genuine and of this site. Compared in constant time.
    pub fn open(&self, token: &str, site: &str) -> Option<VisitorPass> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (rest, tag) = rest.split_last_chunk::<32>()?;
        let kinds = match <[u8; 8]>::try_from(rest) {
            Ok(of) => vec![Follows::Merge(Seq(u64::from_be_bytes(of)))],
            Err(_) if rest.is_empty() => vec![Follows::Always, Follows::Never],
            Err(_) => return None,
        };
        let conversation = ConversationId::from_bytes(*id);
        let passes = kinds.into_iter().map(|follows| VisitorPass {
            conversation,
            follows,
        });
        let genuine = |pass: &VisitorPass| self.mac(*pass, site).verify_slice(tag).is_ok();
        passes.into_iter().find(genuine)
    }
}

/// SHA-256 in hexadecimal: secrets are stored and looked up under it, so that a copy of the store gives nobody access.
pub fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _: Result<(), std::fmt::Error> = write!(hex, "{byte:02x}");
            hex
        })
}
