//! One courier for each receiver: writes down what is to be told as it happens, delivers it, tries again, gives up after a day.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::watch;

use super::address::{Fetcher, Forbidden};
use super::message::{self, Kind};
use super::outbox::{self, Outbox, Pile, Position, Waiting};
use super::sign::Secret;
use crate::conversation::{Body, Event, State};
use crate::ids::{ConversationId, Seq, Timestamp};
use crate::ports::{Clock, CommitNumber, Store, StoreError};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Breaths before a message is tried again, the last one again and again.
const AGAIN: [i64; 8] = [
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
];
/// Breaths before anything is sent to a receiver that took nothing of the last batch.
const HOLD: [i64; 5] = [2 * SECOND, 10 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE];
/// A message that could not be delivered for so long is given up.
const DAY: i64 = 24 * HOUR;
/// Messages under way to one receiver at a time.
const AT_ONCE: usize = 4;
/// Appends folded at a time.
const PAGE: usize = 200;
/// Events read at a time.
const EVENTS: usize = 512;
/// The receiver wants nothing more under this address.
const GONE: u16 = 410;

/// A receiver, as configured.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Its address.
    pub url: String,
    /// The secret that it shares with us.
    pub secret: Secret,
    /// What it is told.
    pub kinds: Vec<Kind>,
    /// Whether it gets what people wrote, too.
    pub texts: bool,
    /// Whether it may stand in the house, and go unencrypted.
    pub local: bool,
}

/// Delivers to one receiver.
pub struct Courier {
    receiver: Receiver,
    name: String,
    host: String,
    fetcher: Fetcher,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    commits: watch::Receiver<u64>,
}

/// Why there is no courier for a receiver.
#[derive(Debug, thiserror::Error)]
pub enum NoCourier {
    /// It is not spoken to.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The client cannot be built.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

impl Courier {
    /// A courier for a receiver. `commits` changes with each append.
    ///
    /// # Errors
    /// [`NoCourier`].
    pub fn new(
        receiver: Receiver,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        commits: watch::Receiver<u64>,
    ) -> Result<Self, NoCourier> {
        let fetcher = Fetcher::new(receiver.local)?;
        let url = fetcher.check(&receiver.url)?;
        Ok(Self {
            name: outbox::name_of(&receiver.url),
            host: url.host_str().unwrap_or_default().to_owned(),
            receiver,
            fetcher,
            store,
            clock,
            commits,
        })
    }

    /// Where a new receiver begins is the present: to be called before anything can happen. What is kept for receivers that are none of these goes.
    ///
    /// # Errors
    /// What the store says.
    pub async fn settle(couriers: &[Self], store: &dyn Store) -> Result<(), StoreError> {
        let names: Vec<String> = couriers.iter().map(|one| one.name.clone()).collect();
        outbox::retain(store, &names).await?;
        for courier in couriers {
            let outbox = Outbox::new(store, &courier.name);
            let (version, commit) = outbox.position().await?;
            if version == 0 {
                outbox.set_position(0, &courier.at(commit)).await?;
            }
        }
        Ok(())
    }

    fn at(&self, commit: CommitNumber) -> Position {
        Position {
            commit,
            host: self.host.clone(),
        }
    }

    /// Folds and delivers until its task ends.
    pub async fn run(mut self) {
        let mut round = Round::default();
        loop {
            self.commits.borrow_and_update();
            let next = match self.go_round(&mut round).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::warn!(receiver = self.host, %error, "webhooks wait for the store");
                    round.pile = None;
                    Some(self.clock.now().plus(AGAIN[0]))
                }
            };
            let sleep = async {
                match next {
                    Some(at) => self.clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = sleep => {}
                changed = self.commits.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Writes down what happened, delivers what is due. Gives when there is more to do.
    async fn go_round(&self, round: &mut Round) -> Result<Option<Timestamp>, StoreError> {
        let outbox = Outbox::new(self.store.as_ref(), &self.name);
        let mut pile = match round.pile.take() {
            Some(pile) => pile,
            None => outbox.pile(self.clock.now()).await?,
        };
        let result = async {
            self.write_down(&outbox, &mut pile).await?;
            self.deliver(&outbox, &mut pile, round).await
        };
        let result = result.await;
        round.pile = Some(pile);
        result
    }

    async fn write_down(&self, outbox: &Outbox<'_>, pile: &mut Pile) -> Result<(), StoreError> {
        let (mut version, mut after) = outbox.position().await?;
        loop {
            let page = self.store.tail(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            let now = self.clock.now();
            for commit in &page {
                for event in &commit.events {
                    for kind in self.wanted(commit.conversation, event).await? {
                        let id = message::id(self.store.epoch(), commit.conversation, event, kind);
                        let waiting = Waiting {
                            conversation: commit.conversation,
                            seq: event.seq,
                            kind,
                            commit: commit.number,
                            since: now,
                            next: now,
                            tries: 0,
                            why: None,
                            parked: false,
                        };
                        if let Some(version) = outbox.put(&id, 0, &waiting).await? {
                            pile.insert(id, (version, waiting));
                        }
                    }
                }
            }
            after = last.number;
            version = outbox.set_position(version, &self.at(after)).await?;
        }
    }

    async fn wanted(
        &self,
        conversation: ConversationId,
        event: &Event,
    ) -> Result<Vec<Kind>, StoreError> {
        let mut wanted = Vec::new();
        for kind in message::kinds(&event.body) {
            if !self.receiver.kinds.contains(kind) {
                continue;
            }
            let depends = *kind == Kind::HandoffClosed
                && matches!(
                    event.body,
                    Body::Closed { .. } | Body::PromiseMade { .. } | Body::MergedInto { .. }
                );
            if depends {
                let before = self.state_before(conversation, event.seq).await?;
                if !message::ends_handoff(&before, event) {
                    continue;
                }
            }
            let handoff = matches!(kind, Kind::HandoffRequested | Kind::HandoffAccepted);
            if let Some(after) = self.state_behind(conversation, event).await?
                && handoff
                && message::begins_again(&after) != Some(*kind)
            {
                continue;
            }
            wanted.push(*kind);
        }
        Ok(wanted)
    }

    /// The state behind the event with which a conversation goes its own way again; nothing for any other.
    async fn state_behind(
        &self,
        conversation: ConversationId,
        event: &Event,
    ) -> Result<Option<State>, StoreError> {
        if !matches!(event.body, Body::Unmerged { .. }) {
            return Ok(None);
        }
        let mut state = self.state_before(conversation, event.seq).await?;
        state.apply(event);
        Ok(Some(state))
    }

    async fn state_before(
        &self,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<State, StoreError> {
        let mut state = State::default();
        loop {
            let events = self.store.read(conversation, state.seq, EVENTS).await?;
            let last = events.len() < EVENTS;
            for event in &events {
                if event.seq >= seq {
                    return Ok(state);
                }
                state.apply(event);
            }
            if last {
                return Ok(state);
            }
        }
    }

    async fn deliver(
        &self,
        outbox: &Outbox<'_>,
        pile: &mut Pile,
        round: &mut Round,
    ) -> Result<Option<Timestamp>, StoreError> {
        loop {
            let now = self.clock.now();
            if let Some(hold) = round.hold.filter(|hold| *hold > now) {
                return Ok((!pile.is_empty()).then_some(hold));
            }
            let mut due: Vec<_> = pile
                .iter()
                .filter(|(_, (_, waiting))| waiting.next <= now)
                .map(|(id, (_, waiting))| (waiting.place(), waiting.conversation, id.clone()))
                .collect();
            if due.is_empty() {
                return Ok(pile.values().map(|(_, waiting)| waiting.next).min());
            }
            due.sort();
            // One of a conversation at a time: they arrive in their order, as long as each is taken.
            let mut under_way = BTreeSet::new();
            due.retain(|(_, conversation, _)| under_way.insert(*conversation));
            due.truncate(AT_ONCE);
            let tries = due.iter().filter_map(|(_, _, id)| {
                let (_, waiting) = pile.get(id)?;
                Some(self.attempt(id, waiting))
            });
            let results = join_all(tries).await;
            let mut taken = false;
            for ((_, _, id), result) in due.into_iter().zip(results) {
                let Some((version, mut waiting)) = pile.remove(&id) else {
                    continue;
                };
                match result? {
                    Ok(()) => {
                        taken = true;
                        outbox.remove(&id, version).await?;
                    }
                    Err(failed) => {
                        failed.note(&mut waiting, now);
                        if waiting.parked {
                            tracing::warn!(
                                receiver = self.host,
                                id,
                                why = waiting.why,
                                "a webhook was given up"
                            );
                        }
                        let version = outbox.put(&id, version, &waiting).await?;
                        if let (Some(version), false) = (version, waiting.parked) {
                            pile.insert(id, (version, waiting));
                        }
                    }
                }
            }
            // One message that is not taken holds up nobody; a receiver that takes none is left alone for a while.
            round.missed = if taken { 0 } else { round.missed + 1 };
            round.hold = round
                .missed
                .checked_sub(1)
                .map(|missed| now.plus(jittered(HOLD[missed.min(HOLD.len() - 1)])));
        }
    }

    async fn attempt(&self, id: &str, waiting: &Waiting) -> Result<Result<(), Failed>, StoreError> {
        let before = Seq(waiting.seq.0.saturating_sub(1));
        let events = self.store.read(waiting.conversation, before, 1).await?;
        let after = match events.first() {
            Some(event) => self.state_behind(waiting.conversation, event).await?,
            None => None,
        };
        let body = events.first().and_then(|event| {
            message::body(
                waiting.conversation,
                event,
                waiting.kind,
                after.as_ref(),
                self.receiver.texts,
            )
        });
        let Some(body) = body else {
            // Erased, or a turn without words: there is nothing to tell.
            return Ok(Ok(()));
        };
        let seconds = self.clock.now().0 / SECOND;
        let headers = [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", seconds.to_string()),
            (
                "webhook-signature",
                self.receiver.secret.sign(id, seconds, &body),
            ),
        ];
        let status = self.fetcher.post(&self.receiver.url, headers, body).await;
        Ok(match status {
            Ok(200..=299) => Ok(()),
            Ok(status) => Err(Failed {
                why: format!("status {status}"),
                lasting: status == GONE,
            }),
            Err(why) => Err(Failed {
                why,
                lasting: false,
            }),
        })
    }
}

/// What a courier keeps in mind from one round to the next.
#[derive(Default)]
struct Round {
    pile: Option<Pile>,
    /// Batches in a row of which nothing was taken.
    missed: usize,
    hold: Option<Timestamp>,
}

/// Why a message was not taken.
struct Failed {
    why: String,
    /// Whether trying again is of no use.
    lasting: bool,
}

impl Failed {
    /// Notes the failure: when the message is tried next, or that it is given up.
    fn note(self, waiting: &mut Waiting, now: Timestamp) {
        let breath = usize::try_from(waiting.tries).unwrap_or(usize::MAX);
        waiting.next = now.plus(jittered(AGAIN[breath.min(AGAIN.len() - 1)]));
        waiting.tries = waiting.tries.saturating_add(1);
        waiting.why = Some(self.why);
        waiting.parked = self.lasting || now.since(waiting.since) >= DAY;
    }
}

/// A breath a little shorter or longer, by a fifth at most: many that fail at once do not come back at once.
fn jittered(breath: i64) -> i64 {
    let mut byte = [0];
    // Without randomness everybody breathes alike, which is no harm.
    let _: Result<(), getrandom::Error> = getrandom::fill(&mut byte);
    breath * (205 + i64::from(byte[0]) * 2 / 5) / 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breath_differs_by_a_fifth_at_most() {
        for _ in 0..200 {
            let breath = jittered(1_000);
            assert!((800..=1_200).contains(&breath), "{breath}");
        }
    }
}
