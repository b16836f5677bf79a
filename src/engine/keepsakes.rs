//! What a visitor wanted remembered, on their other devices: looked up once they have proven there to be the same person, and forgotten in both places.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::conversations::Elsewhere;
use super::{Engine, EngineError};
use crate::conversation::{Body, Command, Event, Refusal, Shared, State};
use crate::ids::{ConversationId, SiteId, SlotName};

impl Engine {
    /// Looks up what the person who is proven in a conversation wanted kept in others of the same site. Nobody proven, nothing found.
    pub(super) async fn recall(&self, id: ConversationId) -> Result<(), EngineError> {
        let (now, limits) = (self.now(), self.settings().limits);
        let (mine, own_site) = self
            .look(id, |state| {
                (state.proofs(now, &limits), site(state).cloned())
            })
            .await?;
        let mut found = Elsewhere::default();
        if Shared::of(&mine, &mine).same_person() {
            for other in self.candidates(id, &mine) {
                let items = self
                    .look(other, |state| {
                        let here = state.kept.of_person(&mine, now, &limits);
                        let same = own_site.is_some() && site(state) == own_site.as_ref();
                        let items = here.filter(|_| same);
                        let items = items.map(|(name, item)| (name.clone(), item.clone()));
                        items.collect::<BTreeMap<_, _>>()
                    })
                    .await?;
                if !items.is_empty() {
                    found.holders.push(other);
                }
                for (name, item) in items {
                    let newer = found
                        .items
                        .get(&name)
                        .is_none_or(|known| known.at < item.at);
                    if newer {
                        found.items.insert(name, item);
                    }
                }
            }
        }
        self.conversations().slot(id).set_elsewhere(Arc::new(found));
        Ok(())
    }

    /// What was forgotten here is forgotten wherever it came from.
    pub(super) fn forget_elsewhere(&self, elsewhere: &Arc<Elsewhere>, events: &[Event]) {
        let forgotten: Vec<SlotName> = events
            .iter()
            .filter_map(|event| match &event.body {
                Body::Forgotten { item } => Some(item.clone()),
                _ => None,
            })
            .filter(|item| elsewhere.items.contains_key(item))
            .collect();
        if forgotten.is_empty() {
            return;
        }
        let (engine, elsewhere) = (self.clone(), Arc::clone(elsewhere));
        let task = self.runtime().spawn(async move {
            for holder in &elsewhere.holders {
                for item in &forgotten {
                    let item = item.clone();
                    let forget = engine.run(*holder, None, move |step| {
                        step.decide(Command::Forget { item })
                    });
                    match forget.await {
                        Ok(_) | Err(EngineError::Refused(Refusal::Nothing)) => {}
                        Err(error) => {
                            tracing::error!(conversation = %holder, %error, "not forgotten there");
                        }
                    }
                }
            }
        });
        self.inner.tasks.lock().push(task);
    }
}

fn site(state: &State) -> Option<&SiteId> {
    state.session.as_ref().map(|session| &session.opening.site)
}
