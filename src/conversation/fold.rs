//! From an event to the next state. Total: it cannot fail, whatever the log says.

use super::asked::PastEnd;
use super::event::{Body, Event};
use super::memory::Memory;
use super::merge::{GivenBack, Joined, Merge, MergeStep};
use super::parts::{Closer, Opening, PromiseKind, Target, Told};
use super::state::{
    Handed, MailFailure, OpenCall, OpenQuestion, Owed, Owner, Session, ShutOut, StandingOffer,
    State, Unanswered, Waiting,
};
use crate::ids::{HandoffReason, Lang, Priority, Seq, SessionId, SlotName, TeamId, Timestamp};

impl State {
    /// Takes in one event.
    pub fn apply(&mut self, event: &Event) {
        self.seq = event.seq;
        self.acts.take_in(event);
        let owner = std::mem::discriminant(&self.owner);
        self.take_in(event);
        if std::mem::discriminant(&self.owner) != owner {
            self.owner_since = event.seq;
        }
    }

    fn take_in(&mut self, event: &Event) {
        match &event.body {
            Body::SessionOpened {
                session,
                opening,
                choices,
            } => {
                self.open((*session, event.seq), opening, event.at);
                self.choices = (!choices.is_empty()).then(|| (event.seq, choices.clone()));
            }
            Body::Reopened => {
                self.came_back = matches!(
                    self.owner,
                    Owner::Closed {
                        by: Closer::Agent { .. },
                        ..
                    }
                );
                self.owner = Owner::Bot;
                self.closed_at = None;
                self.question = None;
                self.activity_at = event.at;
            }
            Body::VisitorSaid { .. } => self.wrote(event, None, false),
            Body::VisitorChose { target, .. } => match target {
                // These speak to the queue, which answers them by what it does.
                Target::Wait | Target::LeaveMessage | Target::Assistant => {
                    self.visitor_seq = event.seq;
                    self.visitor_at = event.at;
                }
                Target::CallBack if matches!(self.owner, Owner::Queued(_)) => {
                    self.visitor_seq = event.seq;
                    self.visitor_at = event.at;
                }
                Target::Topic { .. }
                | Target::CallBack
                | Target::Appeal
                | Target::Person
                | Target::Yes
                | Target::No
                | Target::Forget { .. }
                | Target::Value { .. }
                | Target::Skip => self.wrote(event, Some(target.clone()), false),
            },
            Body::BotAnswered {
                upto,
                choices,
                memory,
                topic,
                ..
            } => {
                self.unanswered.retain(|left| left.seq > *upto);
                self.memory = Memory::clone(memory);
                self.memory.forget_blanks();
                let offered =
                    !choices.is_empty() && choices.iter().all(|choice| !choice.title.is_empty());
                self.choices = offered.then(|| (event.seq, choices.clone()));
                // The turn went on with the answer, or gave the service up for a person.
                self.call = None;
                for (name, value) in &event.private.values {
                    if let Ok(slot) = name.parse::<SlotName>() {
                        if value.is_empty() {
                            self.slots.remove(&slot);
                        } else {
                            self.slots.insert(slot, value.clone());
                        }
                    }
                }
                self.take_down(event.at);
                if let (Some(session), Some(topic)) = (&mut self.session, topic) {
                    session.topic = Some(topic.clone());
                }
                self.activity_at = event.at;
            }
            Body::Remembered { item } => {
                if let Some(value) = event.private.values.get(item.as_str()) {
                    let proofs = self.proofs_at(event.at);
                    self.kept.keep(item, value, event.at, proofs);
                }
            }
            Body::Forgotten { item } => self.kept.forget(item, event.at),
            Body::StyleSet { style, .. } => {
                if let Some(session) = &mut self.session {
                    session.opening.style = *style;
                }
            }
            Body::LangSet { lang, .. } => {
                if let Some(session) = &mut self.session {
                    session.opening.lang = lang.clone();
                }
            }
            Body::CallStarted {
                call_id,
                call,
                topic,
                deadline,
            } => {
                self.calls = *call_id;
                self.call = Some(OpenCall {
                    id: *call_id,
                    call: call.clone(),
                    topic: topic.clone(),
                    args: event.private.values.clone(),
                    deadline: *deadline,
                    answer: None,
                });
            }
            Body::CallReturned { case, .. } => {
                if let Some(call) = self.asked_call_mut() {
                    call.answer = Some(Ok((case.clone(), event.private.values.clone())));
                }
                self.activity_at = event.at;
            }
            Body::CallFailed { why, .. } => {
                if let Some(call) = self.asked_call_mut() {
                    call.answer = Some(Err(why.clone()));
                }
                self.activity_at = event.at;
            }
            Body::Queued {
                reason,
                team,
                priority,
                skills,
            } => {
                if let Some(session) = &mut self.session {
                    session.handoff = Some(*reason);
                    session.team = Some(team.clone());
                }
                self.owner = Owner::Queued(Waiting {
                    since: event.at,
                    wait_from: event.at,
                    reason: *reason,
                    team: team.clone(),
                    priority: *priority,
                    skills: skills.clone(),
                    returned: false,
                    offer: None,
                    asked_at: None,
                    reassured: false,
                    handed: None,
                });
                self.came_back = false;
                self.call = None;
                self.activity_at = event.at;
            }
            Body::Claimed { agent, name, .. } => {
                let place = match std::mem::take(&mut self.owner) {
                    Owner::Queued(waiting) => Waiting {
                        offer: None,
                        asked_at: None,
                        reassured: false,
                        handed: None,
                        ..waiting
                    },
                    _ => self.place_of_promise(event.at),
                };
                self.owner = Owner::Assigned {
                    agent: *agent,
                    name: name.clone(),
                    since: event.at,
                    place,
                    snoozed: None,
                };
                self.came_back = false;
                self.nudged = false;
                self.question = None;
                // The bot is silent from here on: nobody waits for what it asked.
                self.call = None;
                self.activity_at = event.at;
            }
            Body::Released { .. } => {
                if let Owner::Assigned { place, .. } = std::mem::take(&mut self.owner) {
                    self.owner = Owner::Queued(Waiting {
                        returned: true,
                        wait_from: event.at,
                        ..place
                    });
                } else {
                    self.owner = Owner::Bot;
                }
                self.activity_at = event.at;
            }
            Body::AgentSaid {
                seen, agent, name, ..
            } => {
                self.last_agent = Some((*agent, name.clone()));
                self.nudged = false;
                // What came while the agent was writing is answered by nobody yet.
                self.answered(seen.unwrap_or(event.seq));
                if let Some(session) = &mut self.session {
                    session.agent_wrote = true;
                }
                self.activity_at = event.at;
            }
            Body::NoteAdded { .. } => {}
            Body::Returned { .. } | Body::LeftQueue => {
                self.back_to_bot();
                self.memory = self.fresh_memory();
                self.activity_at = event.at;
            }
            Body::PromiseMade { promise, .. } => {
                if promise.kind == PromiseKind::Message {
                    // What was left in another conversation of theirs is a message of its own.
                    self.promises.retain(|owed| {
                        owed.promise.kind != PromiseKind::Message || owed.from.is_some()
                    });
                    if matches!(self.owner, Owner::Queued(_)) {
                        self.owner = Owner::Bot;
                        // What was written in the queue is part of the message that was left: the promise answers it.
                        self.unanswered.clear();
                    }
                }
                if promise.kind == PromiseKind::Appeal {
                    self.appealed = true;
                    self.review = None;
                }
                let from = (self.owed(&promise.case)).and_then(|owed| owed.from);
                self.promises
                    .retain(|owed| owed.promise.case != promise.case);
                self.promises.push(Owed {
                    from,
                    promise: promise.clone(),
                    what: event.private.first().unwrap_or_default().to_owned(),
                    warned: false,
                    late: false,
                    seq: event.seq,
                });
                self.kinds.insert(promise.case.clone(), promise.kind);
                if !self.cases.contains(&promise.case) {
                    self.cases.push(promise.case.clone());
                }
                self.takes_contact(event);
                self.activity_at = event.at;
            }
            Body::PromiseKept { case } => {
                self.promises.retain(|owed| owed.promise.case != *case);
            }
            Body::PromiseLate { case } => self.owing(case, |owed| owed.late = true),
            Body::PromiseWarned { case } => self.owing(case, |owed| owed.warned = true),
            Body::PromiseMoved { case, by, .. } => self.owing(case, |owed| {
                owed.promise.by = *by;
                owed.promise.made_at = event.at;
                owed.warned = false;
                owed.late = false;
            }),
            Body::Offered { agent, name, until } => {
                if let Owner::Queued(waiting) = &mut self.owner {
                    waiting.offer = Some(StandingOffer {
                        agent: *agent,
                        name: name.clone(),
                        until: *until,
                    });
                }
            }
            Body::OfferEnded { .. } => {
                if let Owner::Queued(waiting) = &mut self.owner {
                    waiting.offer = None;
                }
            }
            Body::Transferred { name, team, .. } => {
                if let Owner::Queued(place) | Owner::Assigned { place, .. } =
                    std::mem::take(&mut self.owner)
                {
                    // What was wished of one team says nothing to another.
                    let skills = if *team == place.team {
                        place.skills.clone()
                    } else {
                        Vec::new()
                    };
                    self.owner = Owner::Queued(Waiting {
                        team: team.clone(),
                        skills,
                        wait_from: event.at,
                        returned: true,
                        offer: None,
                        asked_at: None,
                        reassured: false,
                        handed: Some(Handed {
                            name: name.clone(),
                            note: event.private.first().unwrap_or_default().to_owned(),
                        }),
                        ..place
                    });
                }
                if let Some(session) = &mut self.session {
                    session.team = Some(team.clone());
                }
                self.activity_at = event.at;
            }
            Body::Snoozed { until, .. } => {
                if let Owner::Assigned { snoozed, .. } = &mut self.owner {
                    *snoozed = Some(*until);
                }
            }
            Body::Woken { .. } => {
                if let Owner::Assigned { snoozed, .. } = &mut self.owner {
                    *snoozed = None;
                }
                self.activity_at = event.at;
            }
            Body::Prioritised { priority, .. } => {
                if let Owner::Queued(place) | Owner::Assigned { place, .. } = &mut self.owner {
                    place.priority = *priority;
                }
            }
            Body::Told { what, choices, .. } => {
                self.choices = (!choices.is_empty()).then(|| (event.seq, choices.clone()));
                match (what, &mut self.owner) {
                    (Told::Nudge, _) => self.nudged = true,
                    (Told::LongWait, Owner::Queued(waiting)) => waiting.asked_at = Some(event.at),
                    (Told::StillQueued, Owner::Queued(waiting)) => waiting.reassured = true,
                    (Told::Blocked, _) => self.review.clone_from(&self.choices),
                    (Told::Reviewed, _) => self.review = None,
                    _ => {}
                }
            }
            Body::KeptWaiting => {
                if let Owner::Queued(waiting) = &mut self.owner {
                    waiting.asked_at = None;
                    waiting.wait_from = event.at;
                }
            }
            Body::VisitorSent { file, .. } => {
                self.files.push((file.id, event.seq));
                self.wrote(event, None, true);
            }
            Body::AgentSent {
                agent, name, file, ..
            } => {
                self.files.push((file.id, event.seq));
                self.answered(event.seq);
                self.last_agent = Some((*agent, name.clone()));
                if let Some(session) = &mut self.session {
                    session.agent_wrote = true;
                }
                self.activity_at = event.at;
            }
            Body::Flagged { name, level, .. } => {
                // Another block may be appealed anew; the same one, kept, may not, and is still of whoever set it.
                let same = self.abuse == *level;
                self.appealed = self.appealed && same;
                if !same {
                    self.shut_out = level.map(|_| ShutOut {
                        name: name.clone(),
                        at: event.at,
                        reason: event.private.first().unwrap_or_default().to_owned(),
                    });
                }
                self.abuse = *level;
            }
            Body::MailAsked { .. } => {
                self.mails_asked += 1;
                self.takes_contact(event);
            }
            Body::NoticeFollowed { notice, .. } => {
                self.follows.insert(notice.clone());
            }
            Body::NoticeHeard { notice, version } => {
                self.heard.insert(notice.clone(), *version);
            }
            Body::MailFailed { mail, status } => {
                self.mail_failed = Some(MailFailure {
                    mail: *mail,
                    status: status.clone(),
                });
            }
            Body::Closed {
                outcome,
                by,
                question,
                ..
            } => {
                self.owner = Owner::Closed {
                    at: event.at,
                    outcome: *outcome,
                    by: by.clone(),
                };
                self.closed_at = Some(event.at);
                self.unanswered.clear();
                self.call = None;
                self.choices = None;
                if let Some(asked) = question {
                    self.question_shown(asked, event.at);
                }
                self.question = match (question, &self.session) {
                    (Some(asked), Some(session)) => Some(OpenQuestion {
                        seq: event.seq,
                        session: session.id,
                        asked: asked.clone(),
                        at: event.at,
                        tapped: false,
                    }),
                    _ => None,
                };
                self.activity_at = event.at;
            }
            Body::Rated {
                value, kind, line, ..
            } => {
                self.opinion = kind.or(self.opinion);
                self.question_ended(PastEnd::Answered, event.at);
                if let Some(question) = &mut self.question {
                    // A line after the tap ends it; a tap alone leaves the line open.
                    if question.tapped || value.is_none() || *line || !question.asked.line {
                        self.question = None;
                    } else {
                        question.tapped = true;
                    }
                }
            }
            Body::OpinionAnswered { choices } => {
                self.choices = (!choices.is_empty()).then(|| (event.seq, choices.clone()));
            }
            Body::RatingMissed { declined, .. } => {
                self.question = None;
                let declined = if *declined {
                    PastEnd::Declined
                } else {
                    PastEnd::Missed
                };
                self.question_ended(declined, event.at);
            }
            Body::MergeBegun {
                agent, name, into, ..
            } => {
                self.merge = Some(Merge {
                    into: *into,
                    of: event.seq,
                    at: event.at,
                    agent: *agent,
                    name: name.clone(),
                    step: MergeStep::Begun,
                    was: None,
                    ended: None,
                });
            }
            Body::MergedInto { .. } => self.go(event.at),
            Body::UnmergeBegun { agent, name, .. } => {
                if let Some(merge) = &mut self.merge {
                    merge.step = MergeStep::Undoing(*agent);
                    merge.name.clone_from(name);
                }
            }
            Body::PartBegun => {
                if let Some(merge) = &mut self.merge {
                    merge.step = MergeStep::Parting;
                }
            }
            Body::UnmergeOff => {
                if let Some(merge) = &mut self.merge {
                    merge.step = MergeStep::Done;
                }
            }
            Body::Unmerged {
                owed,
                answered,
                abuse,
                over,
                ..
            } => {
                self.abuse = self.abuse.max(*abuse);
                self.come_back(owed.as_deref(), *answered, *over, event.at);
            }
            Body::MergedFrom {
                from,
                of,
                owed,
                unanswered,
                ..
            } => {
                let before = self.joined.iter().position(|joined| joined.from == *from);
                // One that went its own way behind an earlier merge left its cases here.
                let mut cases = before.map_or_else(Vec::new, |nth| self.joined.remove(nth).cases);
                for one in owed {
                    self.kinds
                        .insert(one.promise.case.clone(), one.promise.kind);
                    if !self.cases.contains(&one.promise.case) {
                        self.cases.push(one.promise.case.clone());
                        cases.push(one.promise.case.clone());
                    }
                    self.promises
                        .push(one.owed(event.seq, Some(*from), String::new()));
                }
                self.joined.push(Joined {
                    from: *from,
                    of: *of,
                    seq: event.seq,
                    at: event.at,
                    session: self.session.as_ref().map(|session| session.id),
                    floor: self.floor(),
                    waits: *unanswered,
                    cases,
                    abuse: self.abuse,
                    back: None,
                    parted: None,
                });
                if *unanswered {
                    // The words stand in the other log; that they are owed an answer stands here.
                    self.unanswered.push(Unanswered {
                        seq: event.seq,
                        at: event.at,
                        text: String::new(),
                        target: None,
                        file: false,
                    });
                }
                if let Owner::Assigned { snoozed, .. } = &mut self.owner {
                    *snoozed = None;
                }
                self.activity_at = event.at;
            }
            Body::UnmergedFrom {
                from,
                owed,
                answered,
                abuse,
                over,
                ..
            } => {
                if let Some(joined) = self.joined.iter_mut().find(|joined| joined.from == *from) {
                    joined.back = Some(GivenBack {
                        owed: owed.clone(),
                        answered: *answered,
                        abuse: *abuse,
                    });
                    joined.parted = Some(event.seq);
                    let seq = joined.seq;
                    self.unanswered.retain(|left| left.seq != seq);
                    let gone = std::mem::take(&mut joined.cases);
                    let went = |case: &String| owed.iter().any(|one| one.promise.case == *case);
                    self.promises.retain(|left| !went(&left.promise.case));
                    // What is owed here still has its case here.
                    let owed =
                        |case: &String| self.promises.iter().any(|left| left.promise.case == *case);
                    self.cases.retain(|case| !gone.contains(case) || owed(case));
                }
                if !*over {
                    self.activity_at = event.at;
                }
            }
        }
    }

    /// The assistant goes on. It does not have what was said elsewhere: where it gets whoever is kept from people, nobody reads that.
    pub(super) fn back_to_bot(&mut self) {
        self.owner = Owner::Bot;
        let elsewhere: Vec<_> = self.joined.iter().map(|joined| joined.seq).collect();
        self.unanswered
            .retain(|left| !elsewhere.contains(&left.seq));
    }

    /// What stands up to here was answered by a person.
    pub(super) fn answered(&mut self, upto: Seq) {
        self.unanswered.retain(|left| left.seq > upto);
        for joined in self.joined.iter_mut().filter(|joined| joined.seq <= upto) {
            joined.waits = false;
        }
    }

    fn open(&mut self, (id, seq): (SessionId, Seq), opening: &Opening, at: Timestamp) {
        let mut opening = opening.clone();
        // Whoever was addressed as usted still is at the next visit, unless they come with another language.
        if self.lang().is_some_and(Lang::is_formal) && opening.lang == Lang::es() {
            opening.lang = Lang::formal();
        }
        self.session = Some(Session {
            id,
            seq,
            opened_at: at,
            opening,
            turns: 0,
            agent_wrote: false,
            topic: None,
            handoff: None,
            team: None,
        });
        // In old logs a session was opened while the merge stood.
        self.went.extend(self.merge.take().map(|merge| Merge {
            ended: Some(at),
            ..merge
        }));
        self.owner = Owner::Bot;
        self.closed_at = None;
        self.call = None;
        self.memory = Memory::default();
        self.proven.clear();
        // What a person proved or said in one session is not taken for granted in the next: the device may be shared.
        self.slots.clear();
        self.words_before.clear();
        self.told.clear();
        self.question = None;
        self.opinion = None;
        self.choices = None;
        self.mails_asked = 0;
        self.heard.clear();
        self.activity_at = at;
    }

    fn wrote(&mut self, event: &Event, target: Option<Target>, file: bool) {
        let text = event.private.first().unwrap_or_default().to_owned();
        // A button's label are our words, and a file's name hardly any: they tell an agent less than what was written before.
        let own = target.is_none() && !file;
        if self.unanswered.is_empty() {
            self.words_before.clone_from(&self.last_words);
        }
        if own || self.last_words.is_empty() {
            self.last_words.clone_from(&text);
        }
        if own && text.split_whitespace().nth(2).is_some() {
            self.told.clone_from(&text);
        }
        self.unanswered.push(Unanswered {
            seq: event.seq,
            at: event.at,
            text,
            target,
            file,
        });
        self.visitor_seq = event.seq;
        self.visitor_at = event.at;
        self.activity_at = event.at;
        if let Some(session) = &mut self.session {
            session.turns += 1;
        }
    }

    fn owing(&mut self, case: &str, change: impl FnOnce(&mut Owed)) {
        let owed = self.promises.iter_mut();
        if let Some(owed) = owed.into_iter().find(|owed| owed.promise.case == case) {
            change(owed);
        }
    }

    /// Where the visitor asked to be answered, where that was said with an event.
    fn takes_contact(&mut self, event: &Event) {
        if let Some(contact) = event.private.values.get("contact") {
            self.contact = Some(contact.clone());
            self.mail_failed = None;
        }
    }

    /// What the bot still knows when it gets a conversation back.
    fn fresh_memory(&mut self) -> Memory {
        Memory {
            tried: std::mem::take(&mut self.memory.tried),
            verified: std::mem::take(&mut self.memory.verified),
            passed: std::mem::take(&mut self.memory.passed),
            greeted: true,
            ..Memory::default()
        }
    }

    fn place_of_promise(&self, now: Timestamp) -> Waiting {
        let (since, reason, team, priority) = match (
            self.promises.first().map(|owed| &owed.promise),
            self.session.as_ref().and_then(|s| s.team.clone()),
        ) {
            (Some(promise), _) => (
                promise.made_at,
                promise.reason,
                promise.team.clone(),
                promise.priority,
            ),
            (None, team) => (
                now,
                HandoffReason::AgentTakeover,
                team.unwrap_or_else(default_team),
                Priority::Normal,
            ),
        };
        Waiting {
            since,
            wait_from: now,
            reason,
            team,
            priority,
            skills: Vec::new(),
            returned: false,
            offer: None,
            asked_at: None,
            reassured: false,
            handed: None,
        }
    }
}

/// The team that is always there.
fn default_team() -> TeamId {
    "default".parse().expect("a valid slug")
}
