//! What follows from a published action: its opinions are closed, with their cases, and everybody who gave one is told, each person once.
//!
//! Whom it concerns is kept before anybody is told, so that a crash in between neither forgets nor doubles; each person then gets an entry among the
//! business events that are to be told, under a key of action and conversation.

use std::collections::BTreeMap;

use super::Kept;
use crate::engine::news::Own;
use crate::engine::{Engine, EngineError};
use crate::ids::{ConversationId, Follows, Seq, Timestamp};
use crate::improving::{Teller, WayError, Who};
use crate::ports::{Space, StoreError};
use crate::topics::Text;

impl Engine {
    /// For whoever writes alone.
    pub(super) async fn settle_actions(&self) -> Result<(), EngineError> {
        let unfinished: Vec<Kept> = {
            let book = self.inner.improvements.book.read();
            let all = book.actions.values().map(|(_, kept)| kept);
            let unfinished = all.filter(|kept| kept.is_public() && kept.telling.is_none());
            unfinished.cloned().collect()
        };
        let mut done = Ok(());
        for kept in unfinished {
            let id = kept.action.id.clone();
            // One that cannot be finished now keeps no other.
            if let Err(error) = self.finish(kept).await {
                tracing::warn!(action = %id, %error, "it is finished later");
                done = Err(error);
            }
        }
        done
    }

    async fn finish(&self, mut kept: Kept) -> Result<(), EngineError> {
        let Some(at) = kept.published_at else {
            return Ok(());
        };
        let by = kept.published_by.clone().unwrap_or(kept.author.clone());
        for of in kept.action.opinions.clone() {
            self.close(&kept, of, &by, at).await?;
        }
        let id = kept.action.id.clone();
        let people = match kept.people.clone() {
            Some(people) => people,
            None => {
                let people = self.people_of(&kept).await?;
                kept.people = Some(people.clone());
                self.keep(&kept).await?;
                people
            }
        };
        let say = self.told_words(&kept);
        let mut telling = 0;
        for conversation in people.keys() {
            // Of an erased one nothing is left to be told to.
            let first = self.store().read(*conversation, Seq::ZERO, 1).await;
            let first = first.map_err(EngineError::Store)?;
            if first.first().is_none_or(|first| first.private.is_empty()) {
                continue;
            }
            let key = format!("action/{id}/{conversation}");
            let told = self.will_tell((Own::ActionDone, &key), *conversation, &say);
            told.await.map_err(EngineError::Store)?;
            telling += 1;
        }
        kept.telling = Some(telling);
        self.keep(&kept).await?;
        self.inner.news.notify_one();
        Ok(())
    }

    async fn keep(&self, kept: &Kept) -> Result<(), EngineError> {
        let keep = self.keep_action(&kept.action.id, Some(kept.clone()));
        keep.await.map_err(EngineError::Store)
    }

    /// The opinion is closed by the action, and so is its case; one that another action closed stays as it is.
    async fn close(
        &self,
        kept: &Kept,
        of: crate::improving::OpinionRef,
        by: &Who,
        at: Timestamp,
    ) -> Result<(), EngineError> {
        let fixed = self.stride(of, |way| match way.fix(&kept.action.id, by.clone(), at) {
            Ok(changed) => Ok(changed),
            Err(WayError::Closed(_) | WayError::Open) => Ok(false),
        });
        fixed.await.map_err(EngineError::Store)?;
        let mark = serde_json::json!({"by": by.name, "at": at});
        let key = of.handled_mark();
        let put = (self.store()).put_if(Space::Marks, &key, 0, Some(mark));
        match put.await {
            Ok(_) => self.opinion_seen(of.conversation).await,
            // Looked after already.
            Err(StoreError::Conflict { .. }) => Ok(()),
            Err(other) => Err(EngineError::Store(other)),
        }
    }

    /// Those whose opinions this action closed: conversations that go on in the same one are of the same person.
    async fn people_of(
        &self,
        kept: &Kept,
    ) -> Result<BTreeMap<ConversationId, Vec<ConversationId>>, EngineError> {
        let ways = self.ways(&kept.action.opinions);
        let closed = |of: &&crate::improving::OpinionRef| {
            let way = ways.get(*of);
            way.is_some_and(|way| way.action.as_ref() == Some(&kept.action.id))
        };
        let mut homes: BTreeMap<ConversationId, ConversationId> = BTreeMap::new();
        let mut people: BTreeMap<ConversationId, Vec<ConversationId>> = BTreeMap::new();
        for of in kept.action.opinions.iter().filter(closed) {
            let home = self.led(of.conversation, Follows::Always).await?.here();
            let first = *homes.entry(home).or_insert(of.conversation);
            let theirs = people.entry(first).or_default();
            if !theirs.contains(&of.conversation) {
                theirs.push(of.conversation);
            }
        }
        Ok(people)
    }

    fn told_words(&self, kept: &Kept) -> Text {
        let live = self.live();
        match live.catalog.text("action_told") {
            Some(sentence) => Teller { sentence }.tells(&kept.action),
            None => kept.action.did.clone(),
        }
    }

    /// The action that an entry is about, and whom it is told to. Other keys mean nothing here.
    fn action_of(&self, key: &str) -> Option<(Kept, ConversationId)> {
        let (id, conversation) = key.strip_prefix("action/")?.split_once('/')?;
        Some((self.action(&id.parse().ok()?)?, conversation.parse().ok()?))
    }

    /// Whether an entry is about an action that was taken back from sight before it was told.
    pub(in crate::engine) fn is_withdrawn(&self, key: &str) -> bool {
        self.action_of(key)
            .is_some_and(|(kept, _)| !kept.is_public())
    }

    /// Somebody was told of an action, as the key of the entry says: their opinions have come to their end. Other keys mean nothing here.
    pub(in crate::engine) async fn action_told(&self, key: &str) -> Result<(), StoreError> {
        let Some((kept, conversation)) = self.action_of(key) else {
            return Ok(());
        };
        let now = self.now();
        let _alone = self.inner.improvements.writing.lock().await;
        let theirs = kept.people.iter().flatten();
        let theirs = theirs.filter(|(first, _)| **first == conversation);
        let theirs: Vec<_> = theirs.flat_map(|(_, all)| all).collect();
        for of in &kept.action.opinions {
            if !theirs.contains(&&of.conversation) {
                continue;
            }
            self.stride(*of, |way| {
                let mine = way.action.as_ref() == Some(&kept.action.id);
                Ok::<_, StoreError>(mine && way.tell(now).unwrap_or(false))
            })
            .await?;
        }
        Ok(())
    }
}
