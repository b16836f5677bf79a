//! What somebody is given to do: teams, skills, languages, how much at a time; and how that is changed.

use serde::{Deserialize, Serialize};

use super::people::{Account, AccountError};
use crate::ids::{Lang, Role, SkillId, TeamId};

/// Conversations at a time that somebody may be given; beyond that it is a slip of the keyboard.
pub const CAPACITY: std::ops::RangeInclusive<u32> = 1..=100;

/// What conversations somebody takes, beside those of their teams. Records from before it have none of it: everybody's usual.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Work {
    /// Skills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<SkillId>,
    /// Languages in which they answer, without region; none: every language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Lang>,
    /// Most active conversations at a time, within [`CAPACITY`]; none: as many as everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
}

impl Work {
    /// The same with each name once and no regions.
    ///
    /// # Errors
    /// `Capacity` when it is out of range.
    pub(super) fn tidy(self) -> Result<Self, AccountError> {
        if self.capacity.is_some_and(|most| !CAPACITY.contains(&most)) {
            return Err(AccountError::Capacity);
        }
        Ok(Self {
            skills: once(self.skills),
            languages: once(self.languages.iter().map(Lang::base)),
            capacity: self.capacity,
        })
    }
}

/// Each name where it stood first.
fn once<T: PartialEq>(names: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for name in names {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

/// What is to be another with an account; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Name as visitors see it.
    pub name: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// Teams.
    pub teams: Option<Vec<TeamId>>,
    /// Skills.
    pub skills: Option<Vec<SkillId>>,
    /// Languages in which they answer.
    pub languages: Option<Vec<Lang>>,
    /// Most active conversations at a time.
    pub capacity: Option<u32>,
}

impl Change {
    /// The account with this change.
    ///
    /// # Errors
    /// `Name`, `Capacity`.
    pub(super) fn of(&self, account: &Account) -> Result<Account, AccountError> {
        let mut changed = account.clone();
        let Self {
            name,
            role,
            teams,
            skills,
            languages,
            capacity,
        } = self.clone();
        if let Some(name) = name {
            changed.name = checked_name(&name)?;
        }
        changed.role = role.unwrap_or(changed.role);
        if let Some(teams) = teams {
            changed.teams = once(teams);
        }
        changed.work = Work {
            skills: skills.unwrap_or(changed.work.skills),
            languages: languages.unwrap_or(changed.work.languages),
            capacity: capacity.or(changed.work.capacity),
        }
        .tidy()?;
        Ok(changed)
    }
}

/// A name without the space around it.
///
/// # Errors
/// `Name` when there is none or too much of it.
pub(super) fn checked_name(name: &str) -> Result<String, AccountError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(AccountError::Name);
    }
    Ok(name.to_owned())
}
