//! What a visitor reads of what was promised: made, moved, kept, late. One place words it for every channel.

use super::{Engine, VisitorDoor};
use crate::conversation::{Body, Event, Opening, Promise, PromiseKind, shortened};
use crate::ids::{Lang, Style, Timestamp};
use crate::protocol::agent::PromiseCard;
use crate::topics::Reader;

impl Engine {
    /// Puts the hour of each call to its words on a card, as the visitor was told it, in the agent's language: they may live by another clock.
    pub(super) fn tell_hours(&self, promises: &mut [PromiseCard], opening: &Opening, lang: &Lang) {
        let live = self.live();
        let reader = Reader::new(&live.catalog, &opening.site, lang, Style::Warm);
        let opening = Opening {
            lang: lang.clone(),
            ..opening.clone()
        };
        let zone = reader.zone(&self.zone_of(&opening));
        let calls = (promises.iter_mut()).filter(|card| card.kind == PromiseKind::CallBack);
        for card in calls {
            let when = self.dated(card.by, &opening);
            card.what = card.what.take().map(|what| {
                reader.engine(
                    "call_owed",
                    &[("what", &what), ("when", &when), ("zone", &zone)],
                )
            });
        }
    }
}

impl VisitorDoor {
    /// The line of an event about a promise; nothing for any other event, and where the store does not say whose case it is.
    pub async fn told_of_promise(&self, event: &Event) -> Option<String> {
        let case = event.body.case()?;
        let kind = match &event.body {
            Body::PromiseMade { promise, .. } => promise.kind,
            _ => match self
                .engine()
                .look(self.id(), |state| state.kinds.get(case).copied())
                .await
            {
                Ok(kind) => kind.unwrap_or_default(),
                Err(error) => {
                    tracing::warn!(conversation = %self.id(), %error, "what was promised is not known");
                    return None;
                }
            },
        };
        let opening = self.opening();
        let live = self.engine().live();
        let reader = Reader::new(&live.catalog, &opening.site, &opening.lang, opening.style);
        let calls = kind == PromiseKind::CallBack;
        let at = |by: Timestamp| {
            let when = self.engine().dated(by, opening);
            (when, reader.zone(&self.engine().zone_of(opening)))
        };
        Some(match &event.body {
            Body::PromiseMade { promise, .. } => {
                let (when, zone) = at(promise.by);
                made(&reader, promise, event, &when, &zone)
            }
            Body::PromiseMoved { by, .. } => {
                let (when, zone) = at(*by);
                let key = if calls {
                    "promise_call_moved"
                } else {
                    "promise_moved"
                };
                reader.engine(key, &[("case", case), ("when", &when), ("zone", &zone)])
            }
            Body::PromiseKept { .. } => {
                let key = match kind {
                    PromiseKind::CallBack => "promise_call_kept",
                    PromiseKind::Appeal => "promise_appeal_kept",
                    PromiseKind::Agent => "promise_agent_kept",
                    PromiseKind::Message | PromiseKind::Opinion => "promise_kept",
                };
                reader.engine(key, &[("case", case)])
            }
            Body::PromiseLate { .. } => {
                let key = if calls {
                    "promise_call_late"
                } else {
                    "promise_late"
                };
                reader.engine(key, &[("case", case)])
            }
            _ => return None,
        })
    }
}

fn made(reader: &Reader<'_>, promise: &Promise, event: &Event, when: &str, zone: &str) -> String {
    let case = ("case", promise.case.as_str());
    match promise.kind {
        PromiseKind::CallBack => {
            let phone = event.private.values.get("phone");
            let phone = phone.map_or_else(String::new, |phone| shortened(phone));
            let values = [case, ("when", when), ("zone", zone), ("phone", &phone)];
            reader.engine("promise_call", &values)
        }
        PromiseKind::Appeal => reader.engine("promise_appeal", &[case, ("when", when)]),
        PromiseKind::Message | PromiseKind::Agent | PromiseKind::Opinion => {
            let what = event.private.first().filter(|what| !what.is_empty());
            let what = what.map_or_else(
                || reader.engine("promise_answer", &[]),
                |what| what.trim_end_matches('.').to_owned(),
            );
            reader.engine("promise_told", &[case, ("what", &what), ("when", when)])
        }
    }
}
