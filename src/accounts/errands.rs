//! Errands: one case, asked of somebody who has no console, behind a link that is good for one answer. Only a digest of the link is kept, beside the
//! conversation's name, so that an erasure finds it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::digest;
use crate::ids::{ConversationId, Lang, Seq, Timestamp};
use crate::ports::{Space, Store, StoreError};

/// A link is good for this long: seven days.
pub const ERRAND_MS: i64 = 7 * 24 * 60 * 60_000;

/// What is asked, of whom, and what they answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// The conversation of the opinion.
    pub conversation: ConversationId,
    /// The event of the opinion.
    pub seq: Seq,
    /// The mail address of whoever is asked.
    pub to: String,
    /// What is asked of them.
    pub note: String,
    /// Who asks.
    pub by: String,
    /// Language of the mail and the page.
    pub lang: Lang,
    /// When it was asked.
    pub made_at: Timestamp,
    /// Until when the link is good.
    pub expires: Timestamp,
    /// What they answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ErrandAnswer>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrandAnswer {
    /// How it stands.
    pub result: ErrandResult,
    /// What they wrote; empty where nothing.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// How an errand ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrandResult {
    /// It is done.
    Done,
    /// More must be known before it can be done.
    NeedMore,
    /// It is for somebody else.
    NotOurs,
}

/// The errands in the store.
#[derive(Clone)]
pub struct Errands {
    store: Arc<dyn Store>,
}

const PREFIX: &str = "errand/";
/// What was answered is kept for a year: what expires is swept away, and this is the only copy.
const ANSWER_KEPT_MS: i64 = 365 * 24 * 60 * 60_000;

/// Apart from the links of accounts and visitors: none of these may ever be taken for one.
fn key(token: &str) -> String {
    format!("{PREFIX}{}", digest(token))
}

impl Errands {
    /// Errands of a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Keeps an errand under a fresh token.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn make(&self, token: &str, errand: &Errand) -> Result<(), StoreError> {
        let key = key(token);
        let put = (self.store).put_if(Space::Links, &key, 0, Some(json(errand)));
        put.await.map(drop)
    }

    /// Forgets an errand whose mail did not go out.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn take_back(&self, token: &str) -> Result<(), StoreError> {
        let key = key(token);
        match self.store.get(Space::Links, &key).await? {
            Some(record) => {
                let put = self.store.put_if(Space::Links, &key, record.version, None);
                put.await.map(drop)
            }
            None => Ok(()),
        }
    }

    async fn find(&self, token: &str, now: Timestamp) -> Result<Option<(u64, Errand)>, StoreError> {
        let record = self.store.get(Space::Links, &key(token)).await?;
        Ok(record.and_then(|record| {
            let errand: Errand = serde_json::from_value(record.value).ok()?;
            let good = errand.answer.is_none() && now <= errand.expires;
            good.then_some((record.version, errand))
        }))
    }

    /// What a link opens, as long as it is good. Looking uses nothing up: mail scanners open links.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn look(&self, token: &str, now: Timestamp) -> Result<Option<Errand>, StoreError> {
        Ok(self.find(token, now).await?.map(|(_, errand)| errand))
    }

    /// Takes the answer down and uses the link up: of two who answer at once one does.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn answer(
        &self,
        token: &str,
        answer: ErrandAnswer,
    ) -> Result<Option<Errand>, StoreError> {
        let Some((version, mut errand)) = self.find(token, answer.at).await? else {
            return Ok(None);
        };
        errand.expires = answer.at.plus(ANSWER_KEPT_MS);
        errand.answer = Some(answer);
        let (key, value) = (key(token), Some(json(&errand)));
        let put = (self.store).put_if(Space::Links, &key, version, value);
        match put.await {
            Ok(_) => Ok(Some(errand)),
            Err(StoreError::Conflict { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Every errand, the one that was asked last first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn all(&self) -> Result<Vec<Errand>, StoreError> {
        let links = self.store.list(Space::Links).await?;
        let errands = links.into_iter().filter(|(key, _)| key.starts_with(PREFIX));
        let mut all: Vec<Errand> = errands
            .filter_map(|(_, record)| serde_json::from_value(record.value).ok())
            .collect();
        all.sort_by_key(|errand| std::cmp::Reverse(errand.made_at));
        Ok(all)
    }
}

fn json(errand: &Errand) -> serde_json::Value {
    serde_json::to_value(errand).expect("plain fields are JSON")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::store::MemStore;

    const NOW: Timestamp = Timestamp(1_795_428_000_000);

    fn errand() -> Errand {
        Errand {
            conversation: ConversationId::from_bytes([1; 16]),
            seq: Seq(4),
            to: "almacen@example.org".to_owned(),
            note: "¿Queda alguno?".to_owned(),
            by: "Lía".to_owned(),
            lang: Lang::es(),
            made_at: NOW,
            expires: NOW.plus(ERRAND_MS),
            answer: None,
        }
    }

    fn done(at: Timestamp) -> ErrandAnswer {
        ErrandAnswer {
            result: ErrandResult::Done,
            note: String::new(),
            at,
        }
    }

    #[tokio::test]
    async fn a_link_takes_one_answer_and_expires() {
        let store: Arc<dyn Store> = Arc::new(MemStore::default());
        let errands = Errands::new(Arc::clone(&store));
        errands.make("token", &errand()).await.unwrap();
        assert!(errands.make("token", &errand()).await.is_err());
        let keys = store.list(Space::Links).await.unwrap();
        assert!(!keys.keys().any(|key| key.contains("token")));
        for _ in 0..2 {
            assert_eq!(errands.look("token", NOW).await.unwrap(), Some(errand()));
        }
        let late = NOW.plus(ERRAND_MS + 1);
        assert_eq!(errands.look("token", late).await.unwrap(), None);
        assert_eq!(errands.answer("token", done(late)).await.unwrap(), None);
        assert_eq!(errands.answer("other", done(NOW)).await.unwrap(), None);
        let answered = errands.answer("token", done(NOW)).await.unwrap().unwrap();
        assert_eq!(answered.answer, Some(done(NOW)));
        assert_eq!(errands.answer("token", done(NOW)).await.unwrap(), None);
        assert_eq!(errands.look("token", NOW).await.unwrap(), None);
        assert_eq!(errands.all().await.unwrap(), [answered]);
    }

    #[tokio::test]
    async fn an_erasure_takes_it_along() {
        let store: Arc<dyn Store> = Arc::new(MemStore::default());
        let errands = Errands::new(Arc::clone(&store));
        errands.make("token", &errand()).await.unwrap();
        crate::engine::erase_stored(store.as_ref(), errand().conversation)
            .await
            .unwrap();
        assert_eq!(errands.all().await.unwrap(), []);
    }
}
