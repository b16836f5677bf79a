//! The writer's memory of where conversations stand, so that an append need not read the disk.

use std::collections::HashMap;

use crate::ids::{ConversationId, Seq};

/// Heads kept in each of the two generations: about 4 MB in all.
const GENERATION: usize = 32_768;

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Head {
    /// Its last event.
    pub(super) last: Seq,
    /// Whether it is marked as one to look after.
    pub(super) open: bool,
}

/// A bounded cache: what was not touched while a generation filled is forgotten.
#[derive(Debug, Default)]
pub(super) struct Heads {
    young: HashMap<ConversationId, Head>,
    old: HashMap<ConversationId, Head>,
}

impl Heads {
    /// The head, where it is remembered.
    pub(super) fn get(&mut self, id: ConversationId) -> Option<Head> {
        if let Some(head) = self.young.get(&id) {
            return Some(*head);
        }
        let head = self.old.remove(&id)?;
        self.set(id, head);
        Some(head)
    }

    /// Remembers a head.
    pub(super) fn set(&mut self, id: ConversationId, head: Head) {
        if self.young.len() >= GENERATION && !self.young.contains_key(&id) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id, head);
    }

    /// Forgets everything: what is on disk may be something else.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded_and_keeps_what_is_used() {
        let id = |n: u32| {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&n.to_be_bytes());
            ConversationId::from_bytes(bytes)
        };
        let mut heads = Heads::default();
        let kept = Head {
            last: Seq(9),
            open: true,
        };
        heads.set(id(0), kept);
        for n in 1..200_000 {
            heads.set(id(n), Head::default());
            assert_eq!(heads.get(id(0)), Some(kept));
        }
        assert!(heads.young.len() + heads.old.len() <= 2 * GENERATION);
        assert_eq!(heads.get(id(1)), None);
    }
}
