//! The product's own rules, asked by the model: `decide` and `apply` for each conversation, `Desk` for who is offered what.

use std::cell::RefCell;
use std::collections::HashMap;

use ventanilla::conversation::{
    Body, BotTurn, Closer, Command, DeskCommand, Effect, Event, Fresh, Limits, Memory, OfferEnd,
    Opening, Owner, Receiver, Refusal, ReleaseCause, State, Wanted, decide,
};
use ventanilla::desk::{Desk, Entry, Place, Profile};
use ventanilla::ids::{
    AgentId, AgentStatus, ConversationId, HandoffReason, Lang, Outcome, Priority, Seq, SessionId,
    TeamId, Timestamp,
};
use ventanilla::topics::{Policy, Routing};

use super::world::{Act, Bound, Conv, Here, MOST, World};

/// The moment of everything that happens after the arrivals.
const NOW: Timestamp = Timestamp(1_000_000);
/// How many an agent takes.
const CAPACITY: u32 = 1;

/// What must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Violation {
    /// A claim was stored while somebody else's hold had not ended.
    TwoHolders { held: u8, claimed: u8 },
    /// Words of an agent were stored who does not have the conversation.
    FencedWrote { agent: u8 },
    /// What was taken back is not before those who were never served, or has lost its waiting time.
    NotAtTheHead { conv: u8 },
    /// Somebody waits while the desk could offer them to somebody and does not.
    NotOffered { conv: u8, agent: u8 },
    /// An offer to one agent can be taken by another.
    OfferedAndClaimable { to: u8, by: u8 },
    /// An agent is gone, the grace is over, and the desk does not take back what they have.
    LeftWithTheGone { conv: u8 },
}

/// A decision on a conversation in some form: what it is afterwards.
type Decided = Result<Vec<Event>, Refusal>;

/// Remembers what the product said: the same question always has the same answer.
pub(super) struct Rules {
    bound: Bound,
    states: RefCell<HashMap<(u8, Conv), State>>,
    decided: RefCell<HashMap<Question, Option<Vec<Event>>>>,
    desks: RefCell<HashMap<Picture, Told>>,
}

/// A conversation, its form, who asks and for what.
type Question = (u8, Conv, u8, Act);

/// What the desk sees.
type Picture = ([Conv; MOST], [Here; MOST], u16);

/// What the desk wants done.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) acts: Vec<(u8, Act)>,
    pub(super) violation: Option<Violation>,
}

fn agent(n: usize) -> AgentId {
    AgentId::from_bytes([u8::try_from(n).unwrap() + 1; 16])
}

fn number(id: AgentId) -> u8 {
    id.as_bytes()[0] - 1
}

fn conversation(n: usize) -> ConversationId {
    ConversationId::from_bytes([u8::try_from(n).unwrap() + 1; 16])
}

fn arrived(conv: u8) -> Timestamp {
    Timestamp(1_000 + i64::from(conv))
}

fn team() -> TeamId {
    "default".parse().unwrap()
}

fn fresh(now: Timestamp) -> Fresh {
    Fresh {
        now,
        session: SessionId::from_bytes([9; 16]),
        opening: Opening::plain("es".parse().unwrap(), Lang::es()),
        greeting: (Vec::new(), Vec::new()),
    }
}

/// The command of an act, `by` an agent where it is one's.
fn command(state: &State, by: u8, act: Act) -> Command {
    let me = agent(by.into());
    let name = |n: u8| format!("agent {n}");
    let id = || format!("{act:?}-{}", state.seq.0).parse().unwrap();
    let offer_end = |asked: u8, cause| DeskCommand::EndOffer {
        client_id: None,
        agent: agent(asked.into()),
        cause,
    };
    match act {
        Act::Claim => Command::Claim {
            client_id: id(),
            agent: me,
            name: name(by),
            seen: state.seq,
        },
        Act::Reply => Command::Reply {
            client_id: id(),
            agent: me,
            name: name(by),
            text: "hola".parse().unwrap(),
            seen: None,
        },
        Act::PutBack => Command::Release {
            client_id: Some(id()),
            agent: me,
            cause: ReleaseCause::PutBack,
        },
        Act::GiveBack => Command::Return {
            client_id: id(),
            agent: me,
        },
        Act::Close => Command::Close {
            client_id: Some(id()),
            by: Closer::Agent { agent: me },
            outcome: Some(Outcome::ResolvedByAgent),
            question: None,
            because: String::new(),
            seen: None,
            wrap_up: None,
        },
        Act::Decline => Command::Desk(DeskCommand::EndOffer {
            client_id: Some(id()),
            agent: me,
            cause: OfferEnd::Declined,
        }),
        Act::TransferTo(other) => Command::Desk(DeskCommand::Transfer {
            client_id: id(),
            agent: me,
            name: name(by),
            lead: false,
            to: Receiver {
                team: team(),
                colleague: Some((agent(other.into()), name(other), NOW)),
            },
            note: Some("lo sabe todo".parse().unwrap()),
        }),
        Act::Offer(other) => Command::Desk(DeskCommand::Offer {
            agent: agent(other.into()),
            name: name(other),
            until: NOW,
        }),
        Act::TimeOut(other) => Command::Desk(offer_end(other, OfferEnd::TimedOut)),
        Act::Void(other) => Command::Desk(offer_end(other, OfferEnd::Gone)),
        Act::Release(other) => Command::Release {
            client_id: None,
            agent: agent(other.into()),
            cause: ReleaseCause::Dropped,
        },
    }
}

fn decided(state: &State, command: Command, now: Timestamp) -> Decided {
    decide(state, command, &fresh(now), &Limits::default())
}

fn must(state: &mut State, command: Command, now: Timestamp) {
    for event in decided(state, command, now).expect("a step of a plain story") {
        state.apply(&event);
    }
}

fn handoff(state: &State) -> Command {
    Command::Answer(Box::new(BotTurn {
        upto: state.seq,
        understood: Vec::new(),
        says: Vec::new(),
        choices: Vec::new(),
        slots: std::collections::BTreeMap::new(),
        remember: std::collections::BTreeMap::new(),
        memory: Memory::default(),
        topic: None,
        lang: None,
        effect: Effect::Handoff {
            wanted: Wanted {
                reason: HandoffReason::CustomerRequest,
                team: team(),
                priority: Priority::Normal,
                skills: Vec::new(),
            },
        },
        shows: Vec::new(),
    }))
}

/// A plain story that ends in this form of the conversation.
fn story(conv: u8, form: Conv) -> State {
    let mut state = State::default();
    let say = Command::Say {
        client_id: "first".parse().unwrap(),
        text: "quiero una persona".parse().unwrap(),
    };
    must(&mut state, say, arrived(conv));
    let back = match form {
        Conv::Bot => return state,
        Conv::Gone => {
            let end = Command::Close {
                client_id: None,
                by: Closer::Visitor,
                outcome: None,
                question: None,
                because: String::new(),
                seen: None,
                wrap_up: None,
            };
            must(&mut state, end, arrived(conv));
            return state;
        }
        Conv::Waiting { back } | Conv::Offered { back, .. } | Conv::Held { back, .. } => back,
    };
    let handoff = handoff(&state);
    must(&mut state, handoff, arrived(conv));
    if back {
        for act in [Act::Claim, Act::Release(0)] {
            let command = command(&state, 0, act);
            must(&mut state, command, NOW);
        }
    }
    let last = match form {
        Conv::Offered { to, .. } => Some(Act::Offer(to)),
        Conv::Held { .. } => Some(Act::Claim),
        Conv::Bot | Conv::Gone | Conv::Waiting { .. } => None,
    };
    if let Some(act) = last {
        let by = match form {
            Conv::Held { by, .. } => by,
            _ => 0,
        };
        let command = command(&state, by, act);
        must(&mut state, command, NOW);
    }
    state
}

/// The form of a conversation, or what is wrong with it.
fn form(conv: u8, state: &State) -> Result<Conv, Violation> {
    let kept = |since: Timestamp| {
        if since == arrived(conv) {
            Ok(())
        } else {
            Err(Violation::NotAtTheHead { conv })
        }
    };
    Ok(match &state.owner {
        Owner::Nobody => Conv::Gone,
        Owner::Bot if state.session.as_ref().is_some_and(|s| s.handoff.is_none()) => Conv::Bot,
        Owner::Bot | Owner::Closed { .. } => Conv::Gone,
        Owner::Queued(waiting) => {
            kept(waiting.since)?;
            let back = waiting.returned;
            match &waiting.offer {
                Some(offer) => Conv::Offered {
                    to: number(offer.agent),
                    back,
                },
                None => Conv::Waiting { back },
            }
        }
        Owner::Assigned { agent, place, .. } => {
            kept(place.since)?;
            Conv::Held {
                by: number(*agent),
                back: place.returned,
            }
        }
    })
}

impl Rules {
    pub(super) fn new(bound: Bound) -> Self {
        Self {
            bound,
            states: RefCell::default(),
            decided: RefCell::default(),
            desks: RefCell::default(),
        }
    }

    /// How often the product was really asked.
    pub(super) fn asked(&self) -> (usize, usize) {
        (self.decided.borrow().len(), self.desks.borrow().len())
    }

    fn state(&self, conv: u8, form: Conv) -> State {
        let mut states = self.states.borrow_mut();
        let state = states
            .entry((conv, form))
            .or_insert_with(|| story(conv, form));
        state.clone()
    }

    /// What an act would append, decided on this form; nothing where it is refused at once.
    pub(super) fn decide(&self, conv: u8, read: Conv, by: u8, act: Act) -> Option<Vec<Event>> {
        let key = (conv, read, by, act);
        if let Some(known) = self.decided.borrow().get(&key) {
            return known.clone();
        }
        let state = self.state(conv, read);
        let events = decided(&state, command(&state, by, act), NOW).ok();
        self.decided.borrow_mut().insert(key, events.clone());
        events
    }

    /// The visitor asks for a person.
    pub(super) fn asks(&self, conv: u8) -> Result<Conv, Violation> {
        let mut state = self.state(conv, Conv::Bot);
        let command = handoff(&state);
        must(&mut state, command, arrived(conv));
        form(conv, &state)
    }

    /// The visitor ends it.
    pub(super) fn ends(&self, conv: u8, now: Conv) -> Result<Conv, Violation> {
        let mut state = self.state(conv, now);
        let end = Command::Close {
            client_id: None,
            by: Closer::Visitor,
            outcome: None,
            question: None,
            because: String::new(),
            seen: None,
            wrap_up: None,
        };
        must(&mut state, end, NOW);
        form(conv, &state)
    }

    /// Appends events to a conversation as it is now, whatever they were decided on, and judges that.
    pub(super) fn append(&self, conv: u8, now: Conv, events: &[Event]) -> Result<Conv, Violation> {
        let mut state = self.state(conv, now);
        let mut holder = match now {
            Conv::Held { by, .. } => Some(by),
            _ => None,
        };
        let mut taken_back = false;
        for event in events {
            match &event.body {
                Body::Claimed { agent, .. } => {
                    let claimed = number(*agent);
                    match holder.replace(claimed) {
                        Some(held) if held != claimed => {
                            return Err(Violation::TwoHolders { held, claimed });
                        }
                        _ => {}
                    }
                }
                Body::AgentSaid { agent, .. } if holder != Some(number(*agent)) => {
                    let agent = number(*agent);
                    return Err(Violation::FencedWrote { agent });
                }
                Body::Released { .. } => {
                    holder = None;
                    taken_back = true;
                }
                Body::Returned { .. } | Body::Closed { .. } | Body::Transferred { .. } => {
                    holder = None;
                }
                _ => {}
            }
            // Numbers follow on what is there, as a store without a fence would give them.
            let event = Event {
                seq: state.seq.next(),
                ..event.clone()
            };
            state.apply(&event);
        }
        let after = form(conv, &state)?;
        if taken_back && after != (Conv::Waiting { back: true }) {
            return Err(Violation::NotAtTheHead { conv });
        }
        Ok(after)
    }

    /// What the desk would do in this picture, with each agent in turn the one it would rather ask.
    pub(super) fn desk(&self, world: &World) -> Told {
        let picture = (world.convs, world.here, world.refused);
        if let Some(known) = self.desks.borrow().get(&picture) {
            return known.clone();
        }
        let told = self.ask_desk(world);
        self.desks.borrow_mut().insert(picture, told.clone());
        told
    }

    fn ask_desk(&self, world: &World) -> Told {
        let mut acts = Vec::new();
        let mut violation = self.queue_in_order(world).or(self.claimable(world));
        for favourite in 0..self.bound.agents {
            let mut desk = self.picture(world, favourite);
            for (id, asked) in desk.void_offers() {
                acts.push((id.as_bytes()[0] - 1, Act::Void(number(asked))));
            }
            for (id, gone) in desk.dropped(NOW, 0) {
                acts.push((id.as_bytes()[0] - 1, Act::Release(number(gone))));
            }
            let offers = desk.offers(|_| routing(), NOW);
            for (id, offer) in &offers {
                acts.push((id.as_bytes()[0] - 1, Act::Offer(number(offer.agent))));
            }
            let missing = self.not_offered(world, &offers);
            violation = violation.or(missing);
        }
        acts.sort_unstable();
        acts.dedup();
        let kept_by_the_gone = world.convs.iter().zip(0_u8..).find_map(|(form, conv)| {
            let Conv::Held { by, .. } = *form else {
                return None;
            };
            let gone = world.here[usize::from(by)] == Here::Gone;
            (gone && !acts.contains(&(conv, Act::Release(by))))
                .then_some(Violation::LeftWithTheGone { conv })
        });
        Told {
            acts,
            violation: violation.or(kept_by_the_gone),
        }
    }

    /// The real desk, having seen all this.
    fn picture(&self, world: &World, favourite: usize) -> Desk {
        let mut desk = Desk::default();
        for conv in 0..self.bound.conversations {
            let n = u8::try_from(conv).unwrap();
            let state = self.state(n, world.convs[conv]);
            desk.observe(conversation(conv), Entry::of(&state, ""), NOW);
        }
        for n in 0..self.bound.agents {
            let status = match world.here[n] {
                Here::Away => AgentStatus::Away,
                Here::Online | Here::Gone => AgentStatus::Online,
            };
            let profile = Profile {
                capacity: CAPACITY,
                ..Profile::named(&format!("agent {n}"), status)
            };
            // Whoever has been idle for longest is asked first: so each may be the one.
            let idle_since = Timestamp(if n == favourite { 1 } else { 2 });
            desk.connected(agent(n), profile, idle_since);
            if world.here[n] == Here::Gone {
                desk.disconnected(agent(n), NOW);
            }
            for conv in 0..self.bound.conversations {
                if world.has_refused(conv, n) {
                    desk.passed(conversation(conv), agent(n), false, NOW);
                }
            }
        }
        desk
    }

    /// Those who were served already come before those who were not, each group by arrival.
    fn queue_in_order(&self, world: &World) -> Option<Violation> {
        let desk = self.picture(world, 0);
        let mut last = (false, Timestamp(0));
        for (id, entry) in desk.waiting() {
            let rank = (!entry.returned, entry.since);
            if rank < last {
                let conv = id.as_bytes()[0] - 1;
                return Some(Violation::NotAtTheHead { conv });
            }
            last = rank;
        }
        None
    }

    /// An offer is for one.
    fn claimable(&self, world: &World) -> Option<Violation> {
        for (form, conv) in world.convs.iter().zip(0_u8..) {
            let Conv::Offered { to, .. } = *form else {
                continue;
            };
            for by in (0..MOST).filter_map(|by| u8::try_from(by).ok()) {
                if by != to && self.decide(conv, *form, by, Act::Claim).is_some() {
                    return Some(Violation::OfferedAndClaimable { to, by });
                }
            }
        }
        None
    }

    /// Whoever waits is offered to somebody, as long as somebody is free for them. Told apart from the desk's own reckoning.
    fn not_offered(
        &self,
        world: &World,
        offers: &[(ConversationId, ventanilla::desk::Offer)],
    ) -> Option<Violation> {
        let offered = |conv: usize| offers.iter().any(|(id, _)| *id == conversation(conv));
        for n in 0..self.bound.agents {
            let me = u8::try_from(n).unwrap();
            let in_hand = world.convs.iter().filter(|form| match form {
                Conv::Held { by, .. } => *by == me,
                Conv::Offered { to, .. } => *to == me,
                _ => false,
            });
            let new = offers.iter().filter(|(_, offer)| offer.agent == agent(n));
            let busy = in_hand.count() + new.count();
            if world.here[n] != Here::Online || busy >= CAPACITY as usize {
                continue;
            }
            for conv in 0..self.bound.conversations {
                let waits = matches!(world.convs[conv], Conv::Waiting { .. });
                if waits && !offered(conv) && !world.has_refused(conv, n) {
                    return Some(Violation::NotOffered {
                        conv: u8::try_from(conv).unwrap(),
                        agent: me,
                    });
                }
            }
        }
        None
    }
}

fn routing() -> Routing {
    Routing {
        policy: Policy::LongestIdle,
        ..Routing::default()
    }
}

#[test]
fn a_story_has_the_form_that_it_was_told_for() {
    let forms = [
        Conv::Bot,
        Conv::Gone,
        Conv::Waiting { back: true },
        Conv::Offered { to: 1, back: false },
        Conv::Offered { to: 2, back: true },
        Conv::Held { by: 2, back: true },
        Conv::Held { by: 0, back: false },
    ];
    for told in forms {
        let state = story(1, told);
        assert_eq!(form(1, &state), Ok(told));
        let entry = Entry::of(&state, "");
        let waits = matches!(told, Conv::Waiting { .. });
        assert_eq!(entry.is_some_and(|e| e.place == Place::Waiting), waits);
        assert!(state.seq > Seq::ZERO);
    }
}
