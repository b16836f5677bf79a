//! What holds of two conversations that become one and two again, cut off at any place.

use std::collections::BTreeSet;

use super::any_order::holds;
use super::*;

mod cut;
mod merging;
mod parting;

/// Two conversations of one person, and who has the first of them.
struct Two {
    here: Log,
    there: Log,
}

const HERE: ConversationId = ConversationId::from_bytes([1; 16]);
const THERE: ConversationId = ConversationId::from_bytes([2; 16]);

impl Two {
    /// `there` is left to the bot, waits, is held, or is closed with a message that was left; each with something owed where it can be.
    fn new(kind: u8) -> Self {
        let mut here = Log::default();
        here.says(1);
        here.answers(Effect::Handoff { wanted: wanted() });
        here.does(here.claim(1, here.state.seq));
        promised(&mut here, 1, "H-1");
        let mut there = Log::default();
        there.says(1);
        match kind {
            0 => {}
            1 => there.answers(Effect::Handoff { wanted: wanted() }),
            4 => {
                there.answers(called());
                assert!(there.state.unanswered.is_empty() && there.state.call.is_some());
            }
            2 => {
                there.answers(Effect::Handoff { wanted: wanted() });
                there.does(there.claim(1, there.state.seq));
                promised(&mut there, 1, "T-1");
                promised(&mut there, 1, "T-2");
                there.says(2);
            }
            _ => {
                there.answers(Effect::Promise {
                    promise: Promise {
                        case: "T-3".to_owned(),
                        ..promise(Timestamp(there.now))
                    },
                    contact: None,
                });
                there.does(Command::Close {
                    client_id: None,
                    by: Closer::Visitor,
                    outcome: None,
                    question: Some(question()),
                    because: "default".to_owned(),
                    seen: None,
                    wrap_up: None,
                });
            }
        }
        Self { here, there }
    }

    /// As the engine does it: at most `appends` of them, then the lights go out.
    fn go_on(&mut self, appends: u8) {
        for _ in 0..appends {
            let says = Says {
                from: says(),
                into: says(),
            };
            let (from, into) = (&self.there.state, &self.here.state);
            match next_turn(THERE, from, (HERE, Some(into)), says) {
                None => return,
                Some(Turn::From(command)) => drop(self.there.does(Command::Desk(command))),
                Some(Turn::Into(command)) => {
                    if self.here.tries(Command::Desk(command)).is_err() {
                        self.there.does(Command::Desk(DeskCommand::CallOff));
                        return;
                    }
                }
            }
        }
    }

    /// What is over by now is begun to be parted; whoever does not know of it is left alone.
    fn part(&mut self) {
        let (now, limits) = (Timestamp(self.here.now), Limits::default());
        for (from, of) in self.here.state.parts(now, &limits) {
            let merge = self.there.state.merge.as_ref();
            if from == THERE && merge.is_some_and(|merge| merge.of == of) {
                drop(self.there.tries(Command::Desk(DeskCommand::Part)));
            } else {
                self.here.does(Command::Desk(DeskCommand::GiveBack {
                    from,
                    of,
                    why: Parting::Alone,
                    says: says(),
                }));
            }
        }
    }

    fn closes(&mut self) -> Result<Vec<Event>, Refusal> {
        self.here.tries(goodbye())
    }

    /// An agent merges them.
    fn merge(&mut self) {
        self.there.does(merges(&self.there));
        self.go_on(2);
    }

    /// An agent parts them.
    fn undo(&mut self) {
        self.there.does(parts(&self.there));
        self.go_on(2);
    }

    /// The session in which the other one goes on is closed, and so long ago that nobody goes on with it.
    fn over(&mut self) {
        self.closes().unwrap();
        self.here.now += Limits::default().reopen_ms;
        self.there.now = self.here.now;
        self.part();
        self.go_on(2);
    }

    /// Cases that were promised in either and not kept.
    fn owed(&self) -> BTreeSet<String> {
        let mut owed = BTreeSet::new();
        let events = self.here.events.iter().chain(&self.there.events);
        for event in events {
            if let Body::PromiseMade { promise, .. } = &event.body {
                owed.insert(promise.case.clone());
            }
        }
        for event in self.here.events.iter().chain(&self.there.events) {
            if let Body::PromiseKept { case } = &event.body {
                owed.remove(case);
            }
        }
        owed
    }

    fn holds(&self) {
        holds(&self.here);
        holds(&self.there);
        let cases = |log: &Log| {
            let owed = log.state.promises.iter();
            owed.map(|owed| owed.promise.case.clone())
                .collect::<Vec<_>>()
        };
        let (here, there) = (cases(&self.here), cases(&self.there));
        if self.there.state.moving().is_none() {
            let all: Vec<_> = here.iter().chain(&there).cloned().collect();
            assert_eq!(
                all.iter().cloned().collect::<BTreeSet<_>>(),
                self.owed(),
                "something owed is lost, or owed though it was kept"
            );
            assert_eq!(all.len(), self.owed().len(), "owed twice");
        }
        // What another conversation handed to this one is not taken for its own.
        let message = self.here.state.left_message();
        assert!(message.is_none_or(|owed| owed.from.is_none()));
        let joined = self.here.state.joined.iter();
        let Some(joined) = joined.rev().find(|joined| joined.from == THERE) else {
            return;
        };
        self.holds_for_whoever_waited(joined);
        self.leaves_nobody_behind(joined);
    }

    /// Whoever waited in the one that went still waits where it goes on, or waits in their own again, or an answer or a message taken came behind that.
    fn holds_for_whoever_waited(&self, joined: &Joined) {
        let there = &self.there.state;
        let before = self.there.events.iter();
        let before = State::fold(before.filter(|event| event.seq < joined.of));
        let answered = (self.here.events.iter()).any(|event| {
            event.seq > joined.seq
                && matches!(
                    event.body,
                    Body::AgentSaid { .. }
                        | Body::AgentSent { .. }
                        | Body::BotAnswered { .. }
                        | Body::Closed { .. }
                )
        });
        let spared = [there, &self.here.state].map(|state| state.abuse);
        if !before.owes() || answered || spared.contains(&Some(AbuseLevel::Blocked)) {
            return;
        }
        let last = self.there.events.last().map(|event| &event.body);
        match &there.merge {
            Some(merge) if merge.step == MergeStep::Done => {
                assert!(there.unanswered.is_empty() && there.call.is_none());
                assert_eq!(joined.of, merge.of);
                let mut left = self.here.state.unanswered.iter();
                let waits = left.any(|left| left.seq == joined.seq);
                assert!(waits, "whoever waited is forgotten");
            }
            None if matches!(last, Some(Body::Unmerged { owed: Some(_), .. })) => {
                assert!(there.owes(), "whoever waited is forgotten behind it");
            }
            Some(_) | None => {}
        }
    }

    /// Once parted, nothing stands here any more that came behind the merge: whoever is owed it may be gone with the other one.
    fn leaves_nobody_behind(&self, joined: &Joined) {
        let mut events = self.here.events.iter();
        let Some(parted) = events.rfind(|event| {
            event.seq > joined.seq
                && matches!(&event.body, Body::UnmergedFrom { from, .. } if *from == joined.from)
        }) else {
            return;
        };
        let events = self.here.events.iter();
        let then = State::fold(events.filter(|event| event.seq <= parted.seq));
        if then.session.as_ref().map(|session| session.id) != joined.session {
            // What came with the next session is its own.
            return;
        }
        let mut left = then.unanswered.iter();
        let queued = then.waiting().is_some_and(|place| place.since > joined.at);
        assert!(
            !left.any(|left| left.seq > joined.seq && !then.took_in(left.seq))
                && !queued
                && then.call.is_none(),
            "what came behind the merge is left behind"
        );
    }
}

fn promised(log: &mut Log, who: u8, case: &str) {
    log.does(Command::Desk(DeskCommand::Promise {
        client_id: once(log),
        promise: Promise {
            case: case.to_owned(),
            kind: PromiseKind::Agent,
            agent: Some(agent(who)),
            ..promise(Timestamp(log.now))
        },
        what: said("te aviso"),
    }));
}

fn merges(log: &Log) -> Command {
    Command::Desk(DeskCommand::Merge {
        client_id: once(log),
        agent: agent(1),
        name: "A1".to_owned(),
        into: HERE,
        seen: log.state.seq,
    })
}

fn parts(log: &Log) -> Command {
    Command::Desk(DeskCommand::Unmerge {
        client_id: once(log),
        agent: agent(1),
        name: "A1".to_owned(),
    })
}

fn reply(log: &Log) -> Command {
    Command::Reply {
        client_id: once(log),
        agent: agent(1),
        name: "A1".to_owned(),
        text: said("hola"),
        seen: None,
    }
}

fn replies(log: &mut Log) {
    log.does(reply(log));
}

/// Back to the bot.
fn returns(log: &Log) -> Command {
    Command::Return {
        client_id: once(log),
        agent: agent(1),
    }
}

fn merged(kind: u8) -> Two {
    let mut two = Two::new(kind);
    two.merge();
    assert!(two.there.state.merged_into().is_some());
    two
}

fn flag(log: &Log, level: AbuseLevel) -> Command {
    Command::Desk(DeskCommand::Flag {
        client_id: once(log),
        agent: agent(2),
        name: "A2".to_owned(),
        lead: true,
        level: Some(level),
        reason: said("insultos"),
    })
}

fn flags(log: &mut Log, level: AbuseLevel) {
    log.does(flag(log, level));
}
