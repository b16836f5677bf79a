//! Signed-in consoles.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::digest;
use super::people::{Account, AccountError, People};
use crate::ids::Timestamp;
use crate::ports::{Space, Store, StoreError};

/// A login is good for this long.
const LOGIN_MS: i64 = 12 * 60 * 60_000;
/// Wrong passwords for one account or address within [`WINDOW_MS`]; then it has to wait.
const TRIES: usize = 8;
/// The window of [`TRIES`].
const WINDOW_MS: i64 = 10 * 60_000;
/// Names for which tries are remembered at most.
const REMEMBERED: usize = 10_000;

/// A signed-in console.
#[derive(Debug, Clone)]
pub struct Login {
    /// Who.
    pub account: Account,
    /// Must come with each change, in a header: another site can make a browser send the cookie, not this.
    pub csrf: String,
}

/// Why somebody could not sign in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Address or password is wrong, or the account is disabled.
    #[error("wrong e-mail address or password")]
    Wrong,
    /// Too many wrong ones.
    #[error("too many tries, wait a few minutes")]
    TooMany,
    /// The store did not do it.
    #[error(transparent)]
    Account(#[from] AccountError),
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    email: String,
    /// [`Account::passwords`] at that time: a new password ends the logins of the old one.
    #[serde(default)]
    passwords: u32,
    csrf: String,
    expires: Timestamp,
}

/// Logins in the store, and wrong tries in memory.
pub struct Logins {
    store: Arc<dyn Store>,
    people: People,
    wrong: Mutex<HashMap<String, Vec<Timestamp>>>,
    ended: watch::Sender<()>,
}

impl Logins {
    /// The logins of a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            people: People::new(Arc::clone(&store)),
            store,
            wrong: Mutex::default(),
            ended: watch::Sender::default(),
        }
    }

    /// Changes when logins may have ended, so that open consoles look at theirs at once.
    pub fn ended(&self) -> watch::Receiver<()> {
        self.ended.subscribe()
    }

    /// To be told when a password was set or somebody was barred.
    pub fn look_again(&self) {
        self.ended.send_replace(());
    }

    /// Signs in. `token` and `csrf` are fresh secrets; the cookie carries `token`.
    ///
    /// # Errors
    /// `Wrong`, or `TooMany` for an account or an address that was wrong too often.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        address: &str,
        (token, csrf): (&str, String),
        now: Timestamp,
    ) -> Result<Login, LoginError> {
        let names = [
            format!("mail {}", email.trim().to_lowercase()),
            format!("from {address}"),
        ];
        if names.iter().any(|name| self.tried(name, now) >= TRIES) {
            return Err(LoginError::TooMany);
        }
        // Counted before it is checked: of many tries at once each one counts.
        {
            let mut wrong = self.wrong.lock();
            if wrong.len() > REMEMBERED {
                wrong.retain(|_, at| at.last().is_some_and(|at| now.since(*at) < WINDOW_MS));
            }
            for name in &names {
                wrong.entry(name.clone()).or_default().push(now);
            }
        }
        let account = self
            .people
            .verify(email, password)
            .await?
            .ok_or(LoginError::Wrong)?;
        {
            let mut wrong = self.wrong.lock();
            for name in &names {
                wrong.remove(name);
            }
        }
        self.open(account, token, csrf, now).await
    }

    /// Opens a login for somebody who has just shown who they are.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn open(
        &self,
        account: Account,
        token: &str,
        csrf: String,
        now: Timestamp,
    ) -> Result<Login, LoginError> {
        let stored = Stored {
            email: account.email.clone(),
            passwords: account.passwords(),
            csrf: csrf.clone(),
            expires: now.plus(LOGIN_MS),
        };
        let value =
            serde_json::to_value(stored).map_err(|why| AccountError::Hash(why.to_string()))?;
        let put = self
            .store
            .put_if(Space::Logins, &digest(token), 0, Some(value))
            .await;
        put.map_err(AccountError::from)?;
        Ok(Login { account, csrf })
    }

    fn tried(&self, name: &str, now: Timestamp) -> usize {
        let mut wrong = self.wrong.lock();
        match wrong.get_mut(name) {
            Some(at) => {
                at.retain(|at| now.since(*at) < WINDOW_MS);
                at.len()
            }
            None => 0,
        }
    }

    /// The login of a cookie, where it is good.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find(&self, token: &str, now: Timestamp) -> Result<Option<Login>, AccountError> {
        let Some(record) = self.store.get(Space::Logins, &digest(token)).await? else {
            return Ok(None);
        };
        let Ok(stored) = serde_json::from_value::<Stored>(record.value) else {
            return Ok(None);
        };
        if stored.expires < now {
            return Ok(None);
        }
        let account = self
            .people
            .find(&stored.email)
            .await?
            .map(|(_, account)| account);
        Ok(account
            .filter(|account| !account.disabled && account.passwords() == stored.passwords)
            .map(|account| Login {
                account,
                csrf: stored.csrf,
            }))
    }

    /// Signs out.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn sign_out(&self, token: &str) -> Result<(), AccountError> {
        let key = digest(token);
        if let Some(record) = self.store.get(Space::Logins, &key).await? {
            match self
                .store
                .put_if(Space::Logins, &key, record.version, None)
                .await
            {
                Ok(_) | Err(StoreError::Conflict { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        self.look_again();
        Ok(())
    }

    /// Takes away logins and links whose time is over.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), AccountError> {
        for space in [Space::Logins, Space::Links] {
            for (key, record) in self.store.list(space).await? {
                let expires = record
                    .value
                    .get("expires")
                    .and_then(serde_json::Value::as_i64);
                if expires.is_none_or(|at| at < now.0) {
                    match self.store.put_if(space, &key, record.version, None).await {
                        Ok(_) | Err(StoreError::Conflict { .. }) => {}
                        Err(other) => return Err(other.into()),
                    }
                }
            }
        }
        Ok(())
    }
}

impl Account {
    /// The person as consoles see them.
    pub fn person(&self) -> crate::protocol::agent::Person {
        crate::protocol::agent::Person {
            id: self.id,
            name: self.name.clone(),
            email: self.email.clone(),
            role: self.role,
            teams: self.teams.clone(),
            lang: self.lang.clone(),
            skills: self.work.skills.clone(),
            languages: self.work.languages.clone(),
            capacity: self.work.capacity,
        }
    }
}
