//! Accounts and one-time links.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use serde::{Deserialize, Serialize};

use super::digest;
use super::work::{CAPACITY, Change, Work, checked_name};
use crate::ids::{AgentId, AgentStatus, Lang, Role, TeamId, Timestamp};
use crate::ports::{Space, Store, StoreError};

/// Fewest characters of a password; long phrases beat rules about signs (NIST SP 800-63B).
const PASSWORD_MIN: usize = 10;
/// Most bytes of a password: hashing is slow on purpose.
const PASSWORD_MAX: usize = 256;
/// Hashes at a time: each takes 19 MiB, and many sign-ins at once must not take the machine.
static HASHING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);
/// A one-time link is good for this long.
const LINK_MS: i64 = 72 * 60 * 60_000;

/// A person of the company as stored, under the e-mail address in lower case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// Id.
    pub id: AgentId,
    /// Name as visitors see it.
    pub name: String,
    /// E-mail address, lower case.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Teams.
    pub teams: Vec<TeamId>,
    /// Language of the console.
    pub lang: Lang,
    /// What conversations they take.
    #[serde(flatten)]
    pub work: Work,
    /// Chosen status.
    pub status: AgentStatus,
    /// May not sign in.
    #[serde(default)]
    pub disabled: bool,
    /// Argon2id hash in PHC form; none until the set-up link was used.
    #[serde(default)]
    password: Option<Secret>,
    /// How often the password was set.
    #[serde(default)]
    passwords: u32,
}

impl Account {
    /// Somebody new, without a password.
    ///
    /// # Errors
    /// `Email`, `Name`, `Capacity`.
    pub(super) fn fresh(id: AgentId, new: NewAccount) -> Result<Self, AccountError> {
        let email = new.email.trim().to_lowercase();
        if !is_email(&email) {
            return Err(AccountError::Email(new.email));
        }
        Ok(Self {
            id,
            name: checked_name(&new.name)?,
            email,
            role: new.role,
            teams: new.teams,
            lang: new.lang,
            work: new.work.tidy()?,
            // Whoever opens the console comes to work; the status is there to say otherwise.
            status: AgentStatus::Online,
            disabled: false,
            password: None,
            passwords: 0,
        })
    }

    /// Somebody who can invite and bar people.
    pub(super) fn is_admin(&self) -> bool {
        self.role == Role::Admin && !self.disabled
    }

    /// Whether nothing that a [`Change`] can change differs.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        (&self.name, self.role, &self.teams, &self.work)
            == (&other.name, other.role, &other.teams, &other.work)
    }

    /// How often the password was set: a login belongs to one of them.
    pub(super) fn passwords(&self) -> u32 {
        self.passwords
    }
}

/// A hash that does not show itself.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Somebody to add.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Name as visitors see it.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Teams.
    pub teams: Vec<TeamId>,
    /// Language of the console.
    pub lang: Lang,
    /// What conversations they take.
    pub work: Work,
}

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Not an e-mail address.
    #[error("{0:?} is no e-mail address")]
    Email(String),
    /// No name.
    #[error("a name is needed, of at most 60 characters")]
    Name,
    /// The password is too short or too long.
    #[error("a password has at least {PASSWORD_MIN} characters and at most {PASSWORD_MAX} bytes")]
    Password,
    /// More conversations at a time than anybody can have, or none.
    #[error("a capacity is {} to {}", CAPACITY.start(), CAPACITY.end())]
    Capacity,
    /// Nobody could invite and bar people any more.
    #[error("there must be an admin")]
    LastAdmin,
    /// There is one with this address.
    #[error("there is an account {0} already")]
    Exists(String),
    /// There is none with this address.
    #[error("there is no account {0}")]
    Missing(String),
    /// The link was used, is too old or was never given.
    #[error("this link is not valid (any more)")]
    Link,
    /// No name of a key.
    #[error("a key needs a name, of at most 60 characters")]
    KeyName,
    /// There is a key of this name.
    #[error("there is a key {0} already")]
    KeyExists(String),
    /// There is no key of this name.
    #[error("there is no key {0}")]
    NoKey(String),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hash could not be made.
    #[error("hashing failed: {0}")]
    Hash(String),
}

/// The accounts in the store.
#[derive(Clone)]
pub struct People {
    store: Arc<dyn Store>,
}

/// What a one-time link is for.
#[derive(Debug, Serialize, Deserialize)]
struct Link {
    email: Option<String>,
    expires: Timestamp,
}

impl People {
    /// The accounts of a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Everybody, by e-mail.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn all(&self) -> Result<Vec<Account>, AccountError> {
        let records = self.store.list(Space::Agents).await?;
        Ok(records
            .into_values()
            .filter_map(|record| serde_json::from_value(record.value).ok())
            .collect())
    }

    /// Whether somebody can invite the others.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn has_admin(&self) -> Result<bool, AccountError> {
        Ok(self.all().await?.iter().any(Account::is_admin))
    }

    /// One account, by e-mail in any letter case.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find(&self, email: &str) -> Result<Option<(u64, Account)>, AccountError> {
        let record = self
            .store
            .get(Space::Agents, &email.trim().to_lowercase())
            .await?;
        Ok(record
            .and_then(|record| Some((record.version, serde_json::from_value(record.value).ok()?))))
    }

    /// Adds an account without a password: a set-up link gives it one.
    ///
    /// # Errors
    /// A bad name or address, or one that exists.
    pub async fn add(&self, id: AgentId, new: NewAccount) -> Result<Account, AccountError> {
        let account = Account::fresh(id, new)?;
        self.create(&account).await?;
        Ok(account)
    }

    /// Stores an account that there is not yet.
    pub(super) async fn create(&self, account: &Account) -> Result<(), AccountError> {
        match self.write(account, 0).await {
            Err(AccountError::Store(StoreError::Conflict { .. })) => {
                Err(AccountError::Exists(account.email.clone()))
            }
            other => other,
        }
    }

    /// Changes what somebody is called, may do and takes.
    ///
    /// # Errors
    /// `Missing`, `Name`, `Capacity`, `LastAdmin`.
    pub async fn set(&self, email: &str, change: &Change) -> Result<Account, AccountError> {
        let (_, account) = self
            .find(email)
            .await?
            .ok_or_else(|| AccountError::Missing(email.to_owned()))?;
        let changed = change.of(&account)?;
        self.leaves_an_admin(&account, changed.is_admin()).await?;
        self.apply(email, change).await
    }

    /// Bars an account, or lets it in again.
    ///
    /// # Errors
    /// `Missing`, `LastAdmin`.
    pub async fn bar(&self, email: &str, disabled: bool) -> Result<Account, AccountError> {
        if disabled && let Some((_, account)) = self.find(email).await? {
            self.leaves_an_admin(&account, false).await?;
        }
        self.change(email, move |account| account.disabled = disabled)
            .await
    }

    async fn leaves_an_admin(&self, account: &Account, stays: bool) -> Result<(), AccountError> {
        if !account.is_admin() || stays {
            return Ok(());
        }
        let others = |other: &Account| other.is_admin() && other.email != account.email;
        if self.all().await?.iter().any(others) {
            Ok(())
        } else {
            Err(AccountError::LastAdmin)
        }
    }

    /// Makes a change that was found good.
    pub(super) async fn apply(
        &self,
        email: &str,
        change: &Change,
    ) -> Result<Account, AccountError> {
        self.change(email, |account| {
            if let Ok(changed) = change.of(account) {
                *account = changed;
            }
        })
        .await
    }

    async fn write(&self, account: &Account, version: u64) -> Result<(), AccountError> {
        let value =
            serde_json::to_value(account).map_err(|why| AccountError::Hash(why.to_string()))?;
        self.store
            .put_if(Space::Agents, &account.email, version, Some(value))
            .await?;
        Ok(())
    }

    /// Changes an account, again from what is stored when somebody else was first.
    ///
    /// # Errors
    /// `Missing`, or what the store says.
    pub async fn change(
        &self,
        email: &str,
        change: impl Fn(&mut Account),
    ) -> Result<Account, AccountError> {
        loop {
            let (version, mut account) = self
                .find(email)
                .await?
                .ok_or_else(|| AccountError::Missing(email.to_owned()))?;
            change(&mut account);
            match self.write(&account, version).await {
                Ok(()) => return Ok(account),
                Err(AccountError::Store(StoreError::Conflict { .. })) => {}
                Err(other) => return Err(other),
            }
        }
    }

    /// Sets a password.
    ///
    /// # Errors
    /// `Password` when it is too short or long, `Missing`.
    pub async fn set_password(&self, email: &str, password: &str) -> Result<Account, AccountError> {
        let hash = hash(password).await?;
        self.change(email, move |account| {
            account.password = Some(Secret(hash.clone()));
            account.passwords += 1;
        })
        .await
    }

    /// Whether the password is that of the account. Takes as long for an unknown address as for a known one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn verify(
        &self,
        email: &str,
        password: &str,
    ) -> Result<Option<Account>, AccountError> {
        let found = self.find(email).await?.map(|(_, account)| account);
        let usable = found.filter(|account| !account.disabled && account.password.is_some());
        let stored = usable
            .as_ref()
            .and_then(|account| account.password.as_ref())
            .map(|secret| secret.0.clone());
        let password = password.to_owned();
        let _turn = HASHING.acquire().await;
        let holds = tokio::task::spawn_blocking(move || match stored {
            Some(stored) => Argon2::default()
                .verify_password(password.as_bytes(), stored.as_str())
                .is_ok(),
            None => {
                // The same work as for a known address, so that the time tells nothing.
                let _: Result<_, _> = Argon2::default().hash_password(password.as_bytes());
                false
            }
        })
        .await
        .map_err(|died| AccountError::Hash(died.to_string()))?;
        Ok(usable.filter(|_| holds))
    }

    /// Makes a one-time link: for an account, or for the first admin.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn make_link(
        &self,
        email: Option<&str>,
        token: &str,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let link = Link {
            email: email.map(str::to_lowercase),
            expires: now.plus(LINK_MS),
        };
        let value =
            serde_json::to_value(link).map_err(|why| AccountError::Hash(why.to_string()))?;
        self.store
            .put_if(Space::Links, &digest(token), 0, Some(value))
            .await?;
        Ok(())
    }

    /// Uses a one-time link: sets the password of its account, or makes the first admin. Of two who use it at once one wins.
    ///
    /// # Errors
    /// `Link`, a bad name, address or password.
    pub async fn use_link(
        &self,
        token: &str,
        id: AgentId,
        new: NewAccount,
        password: &str,
        now: Timestamp,
    ) -> Result<Account, AccountError> {
        check_password(password)?;
        let key = digest(token);
        let record = self
            .store
            .get(Space::Links, &key)
            .await?
            .ok_or(AccountError::Link)?;
        let link: Link =
            serde_json::from_value(record.value).map_err(|_damaged| AccountError::Link)?;
        if link.expires < now {
            return Err(AccountError::Link);
        }
        let email = match link.email {
            Some(email) => email,
            None if !self.has_admin().await? => {
                let email = new.email.trim().to_lowercase();
                self.add(
                    id,
                    NewAccount {
                        role: Role::Admin,
                        ..new
                    },
                )
                .await?;
                email
            }
            None => return Err(AccountError::Link),
        };
        match self
            .store
            .put_if(Space::Links, &key, record.version, None)
            .await
        {
            Ok(_) => {}
            Err(StoreError::Conflict { .. }) => return Err(AccountError::Link),
            Err(other) => return Err(other.into()),
        }
        self.set_password(&email, password).await
    }
}

fn check_password(password: &str) -> Result<(), AccountError> {
    if password.chars().count() < PASSWORD_MIN || password.len() > PASSWORD_MAX {
        return Err(AccountError::Password);
    }
    Ok(())
}

async fn hash(password: &str) -> Result<String, AccountError> {
    check_password(password)?;
    let password = password.to_owned();
    let _turn = HASHING.acquire().await;
    tokio::task::spawn_blocking(move || {
        // argon2id with the crate's defaults: 19 MiB, 2 passes, as the OWASP cheat sheet asks.
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    })
    .await
    .map_err(|died| AccountError::Hash(died.to_string()))?
    .map_err(|why| AccountError::Hash(why.to_string()))
}

/// One `@` with something on both sides and a dot behind it: mail itself is the only real test.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && text.len() <= 254
        && !domain.contains('@')
        && domain.split('.').count() >= 2
        && domain.split('.').all(|label| !label.is_empty())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}
