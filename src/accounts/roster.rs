//! A list of people taken over at once: who is new, who changes, what keeps the list from being taken. All of it or nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::people::{Account, AccountError, NewAccount, People};
use super::work::{Change, Work};
use crate::ids::{AgentId, Lang, Role};

/// Somebody on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// E-mail address, the login.
    pub email: String,
    /// What the list says of them. Somebody new has the usual of everything else.
    pub change: Change,
}

/// What the list is for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They are new.
    Added,
    /// Something of theirs is another now.
    Changed,
    /// It is so already.
    Unchanged,
}

/// Why somebody on the list cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListFault {
    /// Not an e-mail address.
    Email,
    /// No name, or one that is too long.
    Name,
    /// Out of range.
    Capacity,
    /// The same address stands further up.
    Twice {
        /// There, counted from 0.
        first: usize,
    },
    /// After this nobody could invite and bar people.
    LastAdmin,
}

/// What became of a list: each of it in order, or what is wrong with which.
pub type Taken = Result<Vec<(Account, Verdict)>, Vec<(usize, ListFault)>>;

impl People {
    /// Takes a list over. With `write` false nothing is stored, and the answer is what would be.
    ///
    /// # Errors
    /// When the store cannot be read or written: then the first ones of the list may be stored already, and taking it again does the rest.
    pub async fn import(
        &self,
        list: &[Listed],
        mut id: impl FnMut() -> AgentId,
        write: bool,
    ) -> Result<Taken, AccountError> {
        let before: BTreeMap<String, Account> = self
            .all()
            .await?
            .into_iter()
            .map(|account| (account.email.clone(), account))
            .collect();
        let mut faults = Vec::new();
        let mut taken = Vec::new();
        let mut seen = BTreeMap::new();
        for (place, listed) in list.iter().enumerate() {
            let email = listed.email.trim().to_lowercase();
            if let Some(first) = seen.insert(email.clone(), place) {
                faults.push((place, ListFault::Twice { first }));
                continue;
            }
            let old = before.get(&email);
            let made = match old {
                Some(old) => Ok(old.clone()),
                None => fresh(&email, &listed.change, id()),
            };
            match made.and_then(|account| listed.change.of(&account)) {
                Ok(account) => {
                    let verdict = match old {
                        None => Verdict::Added,
                        Some(old) if old.is_as(&account) => Verdict::Unchanged,
                        Some(_) => Verdict::Changed,
                    };
                    taken.push((account, verdict));
                }
                Err(why) => faults.push((place, fault(why)?)),
            }
        }
        if let Some(place) = loses_admins(&before, list, &taken) {
            faults.push((place, ListFault::LastAdmin));
        }
        if !faults.is_empty() {
            faults.sort_by_key(|(place, _)| *place);
            return Ok(Err(faults));
        }
        if write {
            for (place, (account, verdict)) in taken.iter_mut().enumerate() {
                match (verdict, list.get(place)) {
                    (Verdict::Added, _) => self.create(account).await?,
                    // From what is stored now: a status that was chosen meanwhile is kept.
                    (Verdict::Changed, Some(listed)) => {
                        *account = self.apply(&account.email, &listed.change).await?;
                    }
                    (Verdict::Changed | Verdict::Unchanged, _) => {}
                }
            }
        }
        Ok(Ok(taken))
    }
}

fn fresh(email: &str, change: &Change, id: AgentId) -> Result<Account, AccountError> {
    // The console comes in Spanish or English; who answers in English only reads English.
    let languages = change.languages.as_deref().unwrap_or_default();
    let english = languages.contains(&Lang::en()) && !languages.contains(&Lang::es());
    Account::fresh(
        id,
        NewAccount {
            name: change.name.clone().unwrap_or_default(),
            email: email.to_owned(),
            role: change.role.unwrap_or(Role::Agent),
            teams: Vec::new(),
            lang: if english { Lang::en() } else { Lang::es() },
            work: Work::default(),
        },
    )
}

/// What is wrong with one of the list; anything else is no fault of the list.
fn fault(why: AccountError) -> Result<ListFault, AccountError> {
    match why {
        AccountError::Email(_) => Ok(ListFault::Email),
        AccountError::Name => Ok(ListFault::Name),
        AccountError::Capacity => Ok(ListFault::Capacity),
        other => Err(other),
    }
}

/// Who takes the last admin's role away, where there was one before.
fn loses_admins(
    before: &BTreeMap<String, Account>,
    list: &[Listed],
    taken: &[(Account, Verdict)],
) -> Option<usize> {
    let admins = |account: &&Account| account.is_admin();
    let listed: BTreeSet<&str> = taken.iter().map(|(new, _)| new.email.as_str()).collect();
    let others = before
        .values()
        .filter(|account| !listed.contains(account.email.as_str()));
    let after = others.chain(taken.iter().map(|(account, _)| account));
    if !before.values().any(Account::is_admin) || after.filter(admins).count() > 0 {
        return None;
    }
    list.iter().rposition(|listed| {
        let email = listed.email.trim().to_lowercase();
        before.get(&email).is_some_and(Account::is_admin)
    })
}
