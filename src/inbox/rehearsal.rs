//! The time machine: a change rehearsed on what visitors really wrote, newest first, before it is published. It runs aside, can be stopped, says how
//! far it has come, and keeps references, no words.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::{Inbox, InboxError};
use crate::conversation::Event;
use crate::engine::{Live, fresh};
use crate::ids::{ConversationId, Lang, Seq, Timestamp, TopicId};
use crate::insights::{Past, Wanted};
use crate::missed::{
    Change, Decided, Decision, Evidence, Judged, Reference, Replay, Stand, Truth, replay,
};

/// Sessions that are read at a time: after each lot the progress is told, and a wish to stop heard.
const LOT: usize = 50;
/// Most turns of a rehearsal.
const MOST_TURNS: usize = 20_000;
/// Most sessions that are read for it: most of them have a turn.
const MOST_SESSIONS: usize = 20_000;
/// Events of a session that are read.
const EVENTS: usize = 1_000;
/// Changed turns that are remembered, of each kind.
const REMEMBERED: usize = 300;
/// Rehearsals that are remembered.
const KEPT: usize = 20;
const DAY_MS: i64 = 24 * 60 * 60_000;

/// What a rehearsal is of.
pub struct Begun {
    /// Names the change: a draft.
    pub draft: String,
    /// The changed topics and the engine trained from them, which takes a while; what is wrong with them where they cannot be used.
    pub changed: Pin<Box<dyn Future<Output = Result<Arc<Live>, String>> + Send>>,
    /// Days back.
    pub days: u32,
    /// Name of who began it.
    pub by: String,
}

/// How far a rehearsal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RehearsalState {
    /// The changed engine learns.
    Learning,
    /// Talks are read.
    Running,
    /// All was read, or as much as is read at most.
    Done,
    /// Somebody stopped it.
    Cancelled,
    /// It could not be done.
    Failed,
}

/// What is known of a turn's meaning, on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// It meant this topic; nothing of ours where both are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant: Option<TopicId>,
    /// It did not mean this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<TopicId>,
    /// Why that is believed.
    pub because: Evidence,
}

/// A changed turn.
#[derive(Debug, Clone, Serialize)]
pub struct TurnRow {
    /// The message: `<conversation>.<event>`.
    pub of: String,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Its event.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// Its language.
    pub lang: Lang,
    /// What the change does to it.
    pub change: Change,
    /// Topics that it is read as now: one is answered, several are asked about, none is not understood.
    pub now: Vec<TopicId>,
    /// Topics that it would be read as.
    pub then: Vec<TopicId>,
    /// What it meant, where that is known.
    pub known: Option<Known>,
    /// Its words; nothing after an erasure.
    pub text: Option<String>,
}

/// What a rehearsal has come to so far.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Its id.
    pub id: String,
    /// The draft.
    pub draft: String,
    /// Who began it.
    pub by: String,
    /// When.
    pub begun: Timestamp,
    /// How far it is.
    pub state: RehearsalState,
    /// Why it failed.
    pub why: Option<String>,
    /// Days back that were asked for.
    pub days: u32,
    /// Sessions read so far.
    pub sessions: usize,
    /// Sessions that there are in these days, as far as they are read.
    pub of_sessions: usize,
    /// Turns read.
    pub turns: usize,
    /// The oldest session read began then.
    pub until: Option<Timestamp>,
    /// It has come to its bound before the first of these days.
    pub cut: bool,
    /// Turns by what the change does to them.
    pub changes: BTreeMap<Change, usize>,
    /// The same by why their meaning is known.
    pub evidence: BTreeMap<Evidence, BTreeMap<Change, usize>>,
    /// Turns whose meaning is known.
    pub known: usize,
    /// Of those, answered rightly now.
    pub right_now: usize,
    /// Of those, answered rightly with the change.
    pub right_then: usize,
    /// Of those, answered wrongly now.
    pub wrong_now: usize,
    /// Of those, answered wrongly with the change.
    pub wrong_then: usize,
}

/// A rehearsal.
pub struct Rehearsal {
    stop: AtomicBool,
    progress: parking_lot::RwLock<Progress>,
}

struct Progress {
    summary: Summary,
    rows: Vec<TurnRow>,
}

impl Rehearsal {
    /// What it has come to so far.
    pub fn summary(&self) -> Summary {
        self.progress.read().summary.clone()
    }

    pub(super) fn cancel(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Rows of an erased conversation name it no more.
    pub(super) fn forget(&self, conversation: ConversationId) {
        let mut progress = self.progress.write();
        progress.rows.retain(|row| row.conversation != conversation);
    }

    fn end(&self, state: RehearsalState, why: Option<String>) {
        let mut progress = self.progress.write();
        progress.summary.state = state;
        progress.summary.why = why;
    }

    fn take(&self, lot: &[Past], judged: Vec<(ConversationId, Vec<Judged>)>) {
        let mut progress = self.progress.write();
        let Progress { summary, rows } = &mut *progress;
        summary.sessions += lot.len();
        summary.until = lot.last().map(|past| past.opened).or(summary.until);
        for (conversation, one) in judged
            .into_iter()
            .flat_map(|(id, all)| all.into_iter().map(move |one| (id, one)))
        {
            summary.turns += 1;
            *summary.changes.entry(one.change).or_default() += 1;
            if let Some((_, why)) = &one.known {
                let by = summary.evidence.entry(*why).or_default();
                *by.entry(one.change).or_default() += 1;
                summary.known += 1;
                let counts = |stand: Option<Stand>, wanted| usize::from(stand == Some(wanted));
                let (now, then) = (one.stands_now(), one.would_stand());
                summary.right_now += counts(now, Stand::Right);
                summary.right_then += counts(then, Stand::Right);
                summary.wrong_now += counts(now, Stand::Wrong);
                summary.wrong_then += counts(then, Stand::Wrong);
            }
            let so_far = summary
                .changes
                .get(&one.change)
                .copied()
                .unwrap_or_default();
            if one.change != Change::Same && so_far <= REMEMBERED {
                rows.push(row(conversation, one));
            }
        }
    }
}

fn topics(read: &crate::conversation::Verdict) -> Vec<TopicId> {
    use crate::conversation::Verdict;
    match read {
        Verdict::Match { topic } => vec![topic.clone()],
        Verdict::Ambiguous { topics } => topics.clone(),
        Verdict::OutOfScope => Vec::new(),
    }
}

fn row(conversation: ConversationId, one: Judged) -> TurnRow {
    let of = Reference {
        conversation,
        seq: one.seq,
    };
    TurnRow {
        of: of.to_string(),
        conversation,
        seq: one.seq,
        at: one.at,
        lang: one.lang,
        change: one.change,
        now: topics(&one.now),
        then: topics(&one.then),
        known: one.known.map(|(truth, because)| {
            let (meant, not) = match truth {
                Truth::Meant(topic) => (topic, None),
                Truth::Not(topic) => (None, Some(topic)),
            };
            Known {
                meant,
                not,
                because,
            }
        }),
        text: None,
    }
}

/// What people who teach the assistant have said that messages mean.
fn taught(decisions: &[Decision]) -> BTreeMap<Reference, Option<TopicId>> {
    let mut said = BTreeMap::new();
    // The newest first: what was said first stays.
    for decision in decisions {
        let meant = match &decision.decided {
            Decided::Topic { topic, .. } | Decided::Test { topic, .. } => Some(topic.clone()),
            Decided::NotForUs { .. } => None,
            Decided::Ignored => continue,
        };
        for of in &decision.of {
            said.entry(*of).or_insert_with(|| meant.clone());
        }
    }
    said
}

impl Inbox {
    /// Begins a rehearsal; gives its id.
    ///
    /// # Errors
    /// [`InboxError::Busy`] while another runs.
    pub fn rehearse(&self, begun: Begun) -> Result<String, InboxError> {
        let now = self.engine().now();
        let id = fresh::uuid(now).simple().to_string();
        let rehearsal = Arc::new(Rehearsal {
            stop: AtomicBool::new(false),
            progress: parking_lot::RwLock::new(Progress {
                summary: Summary {
                    id: id.clone(),
                    draft: begun.draft.clone(),
                    by: begun.by.clone(),
                    begun: now,
                    state: RehearsalState::Learning,
                    why: None,
                    days: begun.days,
                    sessions: 0,
                    of_sessions: 0,
                    turns: 0,
                    until: None,
                    cut: false,
                    changes: BTreeMap::new(),
                    evidence: BTreeMap::new(),
                    known: 0,
                    right_now: 0,
                    right_then: 0,
                    wrong_now: 0,
                    wrong_then: 0,
                },
                rows: Vec::new(),
            }),
        });
        {
            let mut all = self.inner.rehearsals.lock();
            let runs = |one: &Arc<Rehearsal>| {
                matches!(
                    one.progress.read().summary.state,
                    RehearsalState::Learning | RehearsalState::Running
                )
            };
            if all.iter().any(runs) {
                return Err(InboxError::Busy);
            }
            all.push(Arc::clone(&rehearsal));
            let excess = all.len().saturating_sub(KEPT);
            all.drain(..excess);
        }
        let inbox = self.clone();
        drop(self.inner.runtime.spawn(async move {
            match inbox.run(&rehearsal, begun).await {
                Ok(state) => rehearsal.end(state, None),
                Err(why) => rehearsal.end(RehearsalState::Failed, Some(why.to_string())),
            }
        }));
        Ok(id)
    }

    async fn run(&self, rehearsal: &Rehearsal, begun: Begun) -> Result<RehearsalState, InboxError> {
        let live = self.engine().live();
        let then = begun.changed.await.map_err(InboxError::Unfit)?;
        let from = self.engine().now().plus(-i64::from(begun.days) * DAY_MS);
        let wanted = Wanted {
            from: Some(from),
            ..Wanted::default()
        };
        let said = Arc::new(taught(&self.standing().await?));
        {
            let in_all = self.inner.history.read();
            let of_sessions = in_all.newest(&wanted, None, MOST_SESSIONS).len();
            let mut progress = rehearsal.progress.write();
            progress.summary.of_sessions = of_sessions;
            progress.summary.state = RehearsalState::Running;
        }
        let mut before = None;
        loop {
            let lot = self.inner.history.read().newest(&wanted, before, LOT);
            let Some(last) = lot.last() else {
                return Ok(RehearsalState::Done);
            };
            before = Some(last.place);
            let mut sessions: Vec<(ConversationId, Vec<Event>)> = Vec::with_capacity(lot.len());
            for past in &lot {
                sessions.push((past.conversation, self.session(past).await?));
            }
            let (live, then, said) = (Arc::clone(&live), Arc::clone(&then), Arc::clone(&said));
            let judged = self
                .aside(move || {
                    let sessions = sessions.iter();
                    sessions
                        .map(|(id, events)| (*id, judged(*id, events, &live, &then, &said)))
                        .collect::<Vec<_>>()
                })
                .await?;
            rehearsal.take(&lot, judged);
            if rehearsal.stopped() {
                return Ok(RehearsalState::Cancelled);
            }
            let (turns, sessions) = {
                let progress = rehearsal.progress.read();
                (progress.summary.turns, progress.summary.sessions)
            };
            if turns >= MOST_TURNS || sessions >= MOST_SESSIONS {
                let more = !self
                    .inner
                    .history
                    .read()
                    .newest(&wanted, before, 1)
                    .is_empty();
                rehearsal.progress.write().summary.cut = more;
                return Ok(RehearsalState::Done);
            }
        }
    }

    async fn session(&self, past: &Past) -> Result<Vec<Event>, InboxError> {
        let count = usize::try_from(past.last.0 + 1 - past.first.0).unwrap_or(EVENTS);
        let read =
            self.engine()
                .store()
                .read(past.conversation, Seq(past.first.0 - 1), count.min(EVENTS));
        match read.await {
            Ok(events) => Ok(events),
            // One damaged conversation does not end a rehearsal.
            Err(crate::ports::StoreError::Corrupt(why)) => {
                tracing::error!(conversation = %past.conversation, why, "cannot be rehearsed");
                Ok(Vec::new())
            }
            Err(other) => Err(other.into()),
        }
    }

    fn rehearsal(&self, id: &str) -> Result<Arc<Rehearsal>, InboxError> {
        let all = self.inner.rehearsals.lock();
        let found = all.iter().find(|one| one.progress.read().summary.id == id);
        found.cloned().ok_or(InboxError::NotFound)
    }

    /// The rehearsals since the start, the newest first.
    pub fn rehearsals(&self) -> Vec<Summary> {
        let all = self.inner.rehearsals.lock();
        all.iter().rev().map(|one| one.summary()).collect()
    }

    /// What a rehearsal has come to so far.
    ///
    /// # Errors
    /// [`InboxError::NotFound`].
    pub fn rehearsed(&self, id: &str) -> Result<Summary, InboxError> {
        Ok(self.rehearsal(id)?.summary())
    }

    /// Stops a rehearsal after the lot that it is reading.
    ///
    /// # Errors
    /// [`InboxError::NotFound`].
    pub fn stop_rehearsal(&self, id: &str) -> Result<(), InboxError> {
        self.rehearsal(id)?.cancel();
        Ok(())
    }

    /// Changed turns of a rehearsal with their words, in the order in which they were read, from a place on.
    ///
    /// # Errors
    /// [`InboxError::NotFound`], or the store cannot be read.
    pub async fn rehearsed_turns(
        &self,
        id: &str,
        change: Change,
        from: usize,
        limit: usize,
    ) -> Result<Vec<TurnRow>, InboxError> {
        let rehearsal = self.rehearsal(id)?;
        let mut rows: Vec<TurnRow> = {
            let progress = rehearsal.progress.read();
            let of_kind = progress.rows.iter().filter(|row| row.change == change);
            of_kind.skip(from).take(limit).cloned().collect()
        };
        for row in &mut rows {
            let read = self
                .engine()
                .store()
                .read(row.conversation, Seq(row.seq.0 - 1), 1);
            let event = read.await?.into_iter().next();
            row.text = event.and_then(|event| event.private.first().map(str::to_owned));
        }
        Ok(rows)
    }
}

fn judged(
    id: ConversationId,
    events: &[Event],
    live: &Live,
    then: &Live,
    said: &BTreeMap<Reference, Option<TopicId>>,
) -> Vec<Judged> {
    let now = Replay {
        catalog: &live.catalog,
        engine: &live.brain,
    };
    let then = Replay {
        catalog: &then.catalog,
        engine: &then.brain,
    };
    let of = |seq| Reference {
        conversation: id,
        seq,
    };
    replay(events, now, then, &|seq| said.get(&of(seq)).cloned())
}
