//! Keys of programs: shown once, stored as digests.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::digest;
use super::people::AccountError;
use crate::ids::Timestamp;
use crate::ports::{Space, Store, StoreError};

/// With which every key begins, so that one that leaks is found.
const PREFIX: &str = "vk_";

/// What a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// `POST /v1/events`.
    Events,
}

/// What is known of a key; not the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// What it is called.
    pub name: String,
    /// What it opens.
    pub scopes: Vec<KeyScope>,
    /// Since when.
    pub made_at: Timestamp,
}

/// The keys in the store.
pub struct Keys {
    store: Arc<dyn Store>,
}

impl Keys {
    /// The keys of a store.
    pub const fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Makes a key from a fresh secret and gives it: nobody can see it again.
    ///
    /// # Errors
    /// `KeyName` for a name that is none, `KeyExists`, or what the store says.
    pub async fn add(
        &self,
        name: &str,
        scopes: Vec<KeyScope>,
        secret: &str,
        now: Timestamp,
    ) -> Result<String, AccountError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
            return Err(AccountError::KeyName);
        }
        if self.all().await?.iter().any(|key| key.name == name) {
            return Err(AccountError::KeyExists(name.to_owned()));
        }
        let key = format!("{PREFIX}{secret}");
        let value = serde_json::to_value(Key {
            name: name.to_owned(),
            scopes,
            made_at: now,
        })
        .map_err(|why| AccountError::Hash(why.to_string()))?;
        self.store
            .put_if(Space::Keys, &digest(&key), 0, Some(value))
            .await?;
        Ok(key)
    }

    /// Every key, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn all(&self) -> Result<Vec<Key>, AccountError> {
        let records = self.store.list(Space::Keys).await?;
        let mut keys: Vec<Key> = records
            .into_values()
            .filter_map(|record| serde_json::from_value(record.value).ok())
            .collect();
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(keys)
    }

    /// Takes a key back, at once.
    ///
    /// # Errors
    /// `NoKey`, or what the store says.
    pub async fn revoke(&self, name: &str) -> Result<(), AccountError> {
        for (digest, record) in self.store.list(Space::Keys).await? {
            let known = serde_json::from_value::<Key>(record.value);
            if known.is_ok_and(|key| key.name == name.trim()) {
                let put = self
                    .store
                    .put_if(Space::Keys, &digest, record.version, None);
                return match put.await {
                    Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
                    Err(other) => Err(other.into()),
                };
            }
        }
        Err(AccountError::NoKey(name.to_owned()))
    }

    /// The key of a request, where it is good for this.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find(&self, key: &str, scope: KeyScope) -> Result<Option<Key>, AccountError> {
        // Looked up by digest, so that the time tells nothing of the key.
        let record = self.store.get(Space::Keys, &digest(key)).await?;
        Ok(record
            .and_then(|record| serde_json::from_value::<Key>(record.value).ok())
            .filter(|key| key.scopes.contains(&scope)))
    }
}
