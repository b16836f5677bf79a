//! Tokens: what a visitor's client keeps, and digests under which secrets are stored.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::ids::ConversationId;

/// What a visitor's token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitorPass {
    /// The conversation.
    pub conversation: ConversationId,
    /// Whether it was given to whoever opened a link in a mail. They read and go on with this conversation and are led into no other one: whoever
    /// left the address may have written down somebody else's.
    pub mailed: bool,
}

impl VisitorPass {
    /// That of the device on which the conversation began.
    pub const fn own(conversation: ConversationId) -> Self {
        Self {
            conversation,
            mailed: false,
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
        let label: &[u8] = if pass.mailed {
            b"visitor by mail\0"
        } else {
            b"visitor\0"
        };
        mac.update(label);
        mac.update(site.as_bytes());
        mac.update(b"\0");
        mac.update(pass.conversation.as_bytes());
        mac
    }

    /// The token of a pass on a site.
    pub fn issue(&self, pass: VisitorPass, site: &str) -> String {
        let mut bytes = pass.conversation.as_bytes().to_vec();
        bytes.extend_from_slice(&self.mac(pass, site).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a token opens, where it is genuine and of this site. Compared in constant time.
    pub fn open(&self, token: &str, site: &str) -> Option<VisitorPass> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, tag) = bytes.split_first_chunk::<16>()?;
        let conversation = ConversationId::from_bytes(*id);
        let passes = [false, true].map(|mailed| VisitorPass {
            conversation,
            mailed,
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
