//! The records, and their picture in memory.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError};
use crate::ids::{ActionId, ConversationId, Seq, Timestamp};
use crate::improving::{Action, OpinionRef, Standing, Stride, Way, Who};
use crate::ports::{Space, Store, StoreError};

/// The record of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The action.
    pub action: Action,
    /// Who wrote it first.
    pub author: Who,
    /// Since when it reads like this.
    pub changed_at: Timestamp,
    /// Since when everybody may read it, and who saw to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_by: Option<Who>,
    /// Since when it is shown to nobody any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Timestamp>,
    /// Whom it is told to: under the first conversation of a person, all of theirs in which they gave one of its opinions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<BTreeMap<ConversationId, Vec<ConversationId>>>,
    /// How many of them are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telling: Option<u32>,
}

impl Kept {
    /// Whether everybody may read it.
    pub const fn is_public(&self) -> bool {
        self.published_at.is_some() && self.retired_at.is_none()
    }

    pub(super) fn key(id: &ActionId) -> String {
        format!("action/{id}")
    }
}

/// What is in memory, each with the version of its record; 0 for what follows from records of another kind.
#[derive(Default)]
pub(super) struct Book {
    pub(super) actions: BTreeMap<ActionId, (u64, Kept)>,
    pub(super) ways: HashMap<OpinionRef, (u64, Way)>,
}

fn way_key(of: OpinionRef) -> String {
    format!("way/{}/{}", of.conversation, of.seq)
}

fn opinion(key: &str, prefix: &str) -> Option<OpinionRef> {
    let (conversation, seq) = key.strip_prefix(prefix)?.split_once('/')?;
    Some(OpinionRef {
        conversation: conversation.parse().ok()?,
        seq: Seq(seq.parse().ok()?),
    })
}

/// What the mark says that somebody looked after an opinion.
#[derive(Deserialize)]
struct Handled {
    by: String,
    at: Timestamp,
}

fn read<T: DeserializeOwned>(key: &str, value: serde_json::Value) -> Option<T> {
    match serde_json::from_value(value) {
        Ok(read) => Some(read),
        Err(why) => {
            tracing::error!(key, %why, "a record of improvements cannot be read");
            None
        }
    }
}

impl Engine {
    /// Reads the records, once.
    pub(in crate::engine) async fn load_improvements(&self) -> Result<(), EngineError> {
        let improvements = &self.inner.improvements;
        let load = || async {
            let book = self.read_book().await.map_err(EngineError::Store)?;
            *improvements.book.write() = book;
            Ok::<_, EngineError>(())
        };
        improvements.loaded.get_or_try_init(load).await?;
        Ok(())
    }

    async fn read_book(&self) -> Result<Book, StoreError> {
        let mut book = Book::default();
        for (key, record) in self.store().list(Space::Improvements).await? {
            if let Some(of) = opinion(&key, "way/") {
                let way = read(&key, record.value).map(|way| (record.version, way));
                book.ways.extend(way.map(|way| (of, way)));
            } else if let Some(kept) = read::<Kept>(&key, record.value) {
                book.actions
                    .insert(kept.action.id.clone(), (record.version, kept));
            }
        }
        // Who was looked after on the page of opinions was contacted, also before there were ways.
        for (key, record) in self.store().list(Space::Marks).await? {
            let Some(of) = opinion(&key, "handled/").filter(|of| !book.ways.contains_key(of))
            else {
                continue;
            };
            if let Some(Handled { by, at }) = read(&key, record.value) {
                let by = Some(Who { id: None, name: by });
                let to = Standing::Contacted;
                let strides = vec![Stride { to, by, at }];
                let way = Way {
                    strides,
                    action: None,
                };
                book.ways.insert(of, (0, way));
            }
        }
        Ok(book)
    }

    /// Keeps an action, in the store and then in memory; `None` removes it. For whoever writes alone.
    pub(super) async fn keep_action(
        &self,
        id: &ActionId,
        next: Option<Kept>,
    ) -> Result<(), StoreError> {
        let version = {
            let book = self.inner.improvements.book.read();
            book.actions.get(id).map_or(0, |(version, _)| *version)
        };
        let value = next.as_ref().map(json);
        let key = Kept::key(id);
        let version = self.write(&key, version, value).await?;
        let mut book = self.inner.improvements.book.write();
        match next {
            Some(kept) => book.actions.insert(id.clone(), (version, kept)),
            None => book.actions.remove(id),
        };
        Ok(())
    }

    /// Changes the way of an opinion, in the store and then in memory, where `stride` changes anything. For whoever writes alone.
    pub(super) async fn stride<E: From<StoreError>>(
        &self,
        of: OpinionRef,
        stride: impl FnOnce(&mut Way) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let (version, mut way) = {
            let book = self.inner.improvements.book.read();
            book.ways.get(&of).cloned().unwrap_or_default()
        };
        if !stride(&mut way)? {
            return Ok(false);
        }
        let (key, value) = (way_key(of), Some(json(&way)));
        let version = self.write(&key, version, value).await?;
        let mut book = self.inner.improvements.book.write();
        book.ways.insert(of, (version, way));
        Ok(true)
    }

    /// Writes a record. Where it does not stand as the book has it, or nobody knows how it stands, the book is read anew before that is told: the
    /// next try sees what is there. So it is where a writer was dropped between store and book.
    async fn write(
        &self,
        key: &str,
        version: u64,
        value: Option<serde_json::Value>,
    ) -> Result<u64, StoreError> {
        let put = (self.store()).put_if(Space::Improvements, key, version, value);
        let put = put.await;
        if let Err(StoreError::Conflict { .. } | StoreError::Unavailable(_)) = put {
            let book = self.read_book().await?;
            *self.inner.improvements.book.write() = book;
        }
        put
    }
}

/// Takes a conversation that is erased out of who is told together: which conversations are of one person is nobody's business any more. A server that runs
/// sees it when it next writes the action.
pub(in crate::engine) async fn forget_people(
    store: &dyn Store,
    erased: ConversationId,
) -> Result<(), StoreError> {
    for (key, record) in store.list(Space::Improvements).await? {
        let (mut version, mut value) = (record.version, record.value);
        while let Some(kept) = without(&key, value, erased) {
            match store
                .put_if(Space::Improvements, &key, version, Some(json(&kept)))
                .await
            {
                Ok(_) => break,
                Err(StoreError::Conflict { .. }) => {}
                Err(other) => return Err(other),
            }
            let Some(record) = store.get(Space::Improvements, &key).await? else {
                break;
            };
            (version, value) = (record.version, record.value);
        }
    }
    Ok(())
}

/// An action without a conversation among its people; `None` where it is not among them.
fn without(key: &str, value: serde_json::Value, erased: ConversationId) -> Option<Kept> {
    let mut kept: Kept = key.starts_with("action/").then(|| read(key, value))??;
    let people = kept.people.take()?;
    let named = |people: &BTreeMap<_, Vec<_>>| people.values().any(|all| all.contains(&erased));
    if !named(&people) {
        return None;
    }
    let left = people.into_iter().filter_map(|(first, mut all)| {
        all.retain(|conversation| *conversation != erased);
        let first = if first == erased {
            *all.first()?
        } else {
            first
        };
        Some((first, all))
    });
    kept.people = Some(left.collect());
    Some(kept)
}

fn json<T: Serialize>(kept: &T) -> serde_json::Value {
    serde_json::to_value(kept).expect("plain fields are JSON")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::MemStore;

    #[tokio::test]
    async fn who_is_erased_is_told_with_nobody_any_more() {
        let [ana, phone, ben] = [1, 2, 3].map(|n| ConversationId::from_bytes([n; 16]));
        let kept = json!({
            "action": {
                "id": "boxes", "said": {"es": "Llegan rotas."}, "did": {"es": "Otra caja."}, "since": "2026-11-23",
                "touchpoints": [], "sites": [], "opinions": [],
            },
            "author": {"name": "Lía"}, "changed_at": 1,
            "people": {ana.to_string(): [ana, phone], ben.to_string(): [ben]},
        });
        let store = MemStore::new();
        let put = store.put_if(Space::Improvements, "action/boxes", 0, Some(kept));
        put.await.unwrap();
        for (erased, left) in [
            (
                ana,
                json!({phone.to_string(): [phone], ben.to_string(): [ben]}),
            ),
            (ben, json!({phone.to_string(): [phone]})),
            (phone, json!({})),
            (ana, json!({})),
        ] {
            forget_people(&store, erased).await.unwrap();
            let record = store.get(Space::Improvements, "action/boxes").await;
            assert_eq!(record.unwrap().unwrap().value["people"], left);
        }
    }
}
