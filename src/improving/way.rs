//! The way of one opinion: new, owned, contacted, fixed, told. Each stride says who and when.

use serde::{Deserialize, Serialize};

use crate::ids::{ActionId, AgentId, ConversationId, Seq, Timestamp};

/// An opinion: the event of an answer in its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionRef {
    /// The conversation.
    pub conversation: ConversationId,
    /// The event of the answer.
    pub seq: Seq,
}

impl OpinionRef {
    /// The key of the mark that somebody looked after it.
    pub fn handled_mark(self) -> String {
        format!("handled/{}/{}", self.conversation, self.seq)
    }
}

/// How far an opinion has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has taken it.
    New,
    /// Somebody looks after it.
    Owned,
    /// Whoever gave it was spoken to, or somebody looked after their case.
    Contacted,
    /// An action changed what it was about.
    Fixed,
    /// Whoever gave it was told of that.
    Told,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Their account; none where only a name is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AgentId>,
    /// Their name then.
    pub name: String,
}

/// One stride.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stride {
    /// Where it led.
    pub to: Standing,
    /// Who made it; none for the server, which tells people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Who>,
    /// When.
    pub at: Timestamp,
}

/// The way of an opinion so far, oldest stride first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Way {
    /// The strides.
    pub strides: Vec<Stride>,
    /// What fixed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionId>,
}

/// Why a stride cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WayError {
    /// An action closed it.
    #[error("it was closed by the action {0}")]
    Closed(ActionId),
    /// Nothing was done about it yet.
    #[error("nothing was done about it yet")]
    Open,
}

impl Way {
    /// How far it has come.
    pub fn standing(&self) -> Standing {
        let furthest = self.strides.iter().map(|stride| stride.to).max();
        furthest.unwrap_or(Standing::New)
    }

    /// Who looks after it: whoever took it last.
    pub fn owner(&self) -> Option<&Who> {
        let mut last_first = self.strides.iter().rev();
        let taken = last_first.find(|stride| stride.to == Standing::Owned)?;
        taken.by.as_ref()
    }

    fn still_open(&self) -> Result<(), WayError> {
        match &self.action {
            Some(action) => Err(WayError::Closed(action.clone())),
            None => Ok(()),
        }
    }

    fn stride(&mut self, to: Standing, by: Option<Who>, at: Timestamp) -> bool {
        self.strides.push(Stride { to, by, at });
        true
    }

    /// Somebody takes it, also from a colleague. Gives whether anything changed.
    ///
    /// # Errors
    /// [`WayError::Closed`].
    pub fn take(&mut self, by: Who, at: Timestamp) -> Result<bool, WayError> {
        self.still_open()?;
        let mine = self.owner().is_some_and(|owner| *owner == by);
        Ok(!mine && self.stride(Standing::Owned, Some(by), at))
    }

    /// Whoever gave it was spoken to; somebody without an owner gets this one. Gives whether anything changed.
    ///
    /// # Errors
    /// [`WayError::Closed`].
    pub fn contact(&mut self, by: Who, at: Timestamp) -> Result<bool, WayError> {
        self.still_open()?;
        if self.standing() >= Standing::Contacted {
            return Ok(false);
        }
        if self.owner().is_none() {
            self.stride(Standing::Owned, Some(by.clone()), at);
        }
        Ok(self.stride(Standing::Contacted, Some(by), at))
    }

    /// An action fixed what it was about. The same action again changes nothing. Gives whether anything changed.
    ///
    /// # Errors
    /// [`WayError::Closed`] by another action.
    pub fn fix(&mut self, action: &ActionId, by: Who, at: Timestamp) -> Result<bool, WayError> {
        if self.action.as_ref() == Some(action) {
            return Ok(false);
        }
        self.still_open()?;
        self.action = Some(action.clone());
        Ok(self.stride(Standing::Fixed, Some(by), at))
    }

    /// Whoever gave it was told what was done; once. Gives whether anything changed.
    ///
    /// # Errors
    /// [`WayError::Open`] before anything was done.
    pub fn tell(&mut self, at: Timestamp) -> Result<bool, WayError> {
        match self.standing() {
            Standing::Told => Ok(false),
            Standing::Fixed => Ok(self.stride(Standing::Told, None, at)),
            Standing::New | Standing::Owned | Standing::Contacted => Err(WayError::Open),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn who(n: u8) -> Who {
        Who {
            id: Some(AgentId::from_bytes([n; 16])),
            name: format!("Lead {n}"),
        }
    }

    fn action(name: &str) -> ActionId {
        name.parse().unwrap()
    }

    const NOW: Timestamp = Timestamp(5);

    #[test]
    fn an_opinion_goes_from_new_to_told_and_each_stride_says_who_and_when() {
        let mut way = Way::default();
        assert_eq!((way.standing(), way.owner()), (Standing::New, None));
        assert_eq!(way.tell(NOW), Err(WayError::Open));
        assert!(way.take(who(1), NOW).unwrap());
        assert!(!way.take(who(1), NOW).unwrap(), "taking it twice is once");
        assert!(way.take(who(2), Timestamp(6)).unwrap());
        assert_eq!(way.owner(), Some(&who(2)));
        assert!(way.contact(who(1), Timestamp(7)).unwrap());
        assert!(way.take(who(1), Timestamp(8)).unwrap());
        assert_eq!(
            way.standing(),
            Standing::Contacted,
            "an owner takes nothing back"
        );
        assert!(way.fix(&action("a"), who(1), Timestamp(9)).unwrap());
        assert!(way.tell(Timestamp(10)).unwrap());
        assert!(!way.tell(Timestamp(11)).unwrap());
        let last = way.strides.last().unwrap();
        assert_eq!(
            (last.to, &last.by, last.at),
            (Standing::Told, &None, Timestamp(10))
        );
        let kept = serde_json::to_value(&way).unwrap();
        assert_eq!(serde_json::from_value::<Way>(kept).unwrap(), way);
    }

    #[test]
    fn who_speaks_to_somebody_looks_after_them() {
        let mut way = Way::default();
        assert!(way.contact(who(3), NOW).unwrap());
        assert!(!way.contact(who(4), NOW).unwrap());
        assert_eq!(way.owner(), Some(&who(3)));
    }

    #[test]
    fn one_action_closes_it_and_nothing_opens_it_again() {
        let mut way = Way::default();
        assert!(way.fix(&action("a"), who(1), NOW).unwrap());
        assert!(!way.fix(&action("a"), who(2), NOW).unwrap());
        let closed = Err(WayError::Closed(action("a")));
        assert_eq!(way.fix(&action("b"), who(1), NOW), closed);
        assert_eq!(way.take(who(1), NOW), closed);
        assert_eq!(way.contact(who(1), NOW), closed);
    }
}
