//! What is found, by whom, in which order; what an erasure leaves.

#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use super::*;
use crate::conversation::{Closer, Memory, Opening, Private, Promise, PromiseKind};
use crate::ids::{HandoffReason, Priority, SessionId};

/// A fold with verbs.
#[derive(Default)]
struct Told {
    history: History,
    seqs: HashMap<ConversationId, u64>,
}

fn id(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

fn agent(n: u8) -> AgentId {
    AgentId::from_bytes([n; 16])
}

impl Told {
    fn event(&mut self, n: u8, at: i64, body: Body, private: Private) {
        let seq = self.seqs.entry(id(n)).or_default();
        *seq += 1;
        let event = Event {
            seq: Seq(*seq),
            at: Timestamp(at),
            body,
            private,
        };
        self.history.apply(id(n), &event);
    }

    fn opens(&mut self, n: u8, at: i64) {
        let body = Body::SessionOpened {
            session: SessionId::from_bytes([n; 16]),
            opening: Opening::plain("es".parse().unwrap(), Lang::es()),
            choices: Vec::new(),
        };
        self.event(n, at, body, Private::text("Hola"));
    }

    fn answered(&mut self, n: u8, at: i64, topic: &str) {
        let body = Body::BotAnswered {
            upto: Seq(1),
            understood: Vec::new(),
            choices: Vec::new(),
            memory: Box::<Memory>::default(),
            topic: Some(topic.parse().unwrap()),
            lang: Lang::es(),
            shows: Vec::new(),
        };
        self.event(n, at, body, Private::text("Abrimos a las 9"));
    }

    fn queued(&mut self, n: u8, at: i64, team: &str) {
        let body = Body::Queued {
            reason: HandoffReason::CustomerRequest,
            team: team.parse().unwrap(),
            priority: Priority::Normal,
            skills: Vec::new(),
        };
        self.event(n, at, body, Private::default());
    }

    fn claimed(&mut self, n: u8, at: i64, by: u8, name: &str) {
        let body = Body::Claimed {
            client_id: None,
            agent: agent(by),
            name: name.into(),
        };
        self.event(n, at, body, Private::default());
    }

    fn promised(&mut self, n: u8, at: i64, case: &str) {
        let promise = Promise {
            case: case.into(),
            team: "default".parse().unwrap(),
            reason: HandoffReason::CustomerRequest,
            priority: Priority::Normal,
            made_at: Timestamp(at),
            by: Timestamp(at + 1),
            kind: PromiseKind::Message,
            agent: None,
        };
        let body = Body::PromiseMade {
            client_id: None,
            promise,
        };
        self.event(n, at, body, Private::default());
    }

    fn closes(&mut self, n: u8, at: i64, outcome: Outcome) {
        let body = Body::Closed {
            client_id: None,
            outcome,
            by: Closer::Timer,
            question: None,
            because: String::new(),
            wrap_up: None,
        };
        self.event(n, at, body, Private::default());
    }

    fn found(&self, wanted: &Wanted) -> Vec<(ConversationId, i64)> {
        let found = self.history.newest(wanted, None, 99);
        (found.iter())
            .map(|past| (past.conversation, past.opened.0))
            .collect()
    }
}

#[test]
fn a_session_is_found_by_what_happened_in_it() {
    let mut told = Told::default();
    told.opens(1, 10);
    told.answered(1, 11, "opening_hours");
    told.answered(1, 12, "refund_status");
    told.closes(1, 13, Outcome::ResolvedByBot);
    told.opens(2, 20);
    told.answered(2, 21, "refund_status");
    told.queued(2, 22, "payments");
    told.claimed(2, 23, 7, "Marta");
    told.promised(2, 24, "M-7F3K-2Q");
    let all = Wanted::default();
    assert_eq!(told.found(&all), [(id(2), 20), (id(1), 10)]);
    let by = |change: &dyn Fn(&mut Wanted)| {
        let mut wanted = Wanted::default();
        change(&mut wanted);
        told.found(&wanted)
    };
    let refund = by(&|w| w.topic = Some("refund_status".parse().unwrap()));
    assert_eq!(refund, [(id(2), 20), (id(1), 10)]);
    let hours = by(&|w| w.topic = Some("opening_hours".parse().unwrap()));
    assert_eq!(hours, [(id(1), 10)]);
    let bot = by(&|w| w.outcome = Some(Ended::As(Outcome::ResolvedByBot)));
    assert_eq!(bot, [(id(1), 10)]);
    assert_eq!(by(&|w| w.outcome = Some(Ended::Open)), [(id(2), 20)]);
    assert_eq!(by(&|w| w.agent = Some(agent(7))), [(id(2), 20)]);
    assert_eq!(by(&|w| w.agent = Some(agent(8))), []);
    let team = by(&|w| w.team = Some("payments".parse().unwrap()));
    assert_eq!(team, [(id(2), 20)]);
    assert_eq!(by(&|w| w.case = Some("M-7F3K-2Q".into())), [(id(2), 20)]);
    assert_eq!(by(&|w| w.case = Some("M-0000-00".into())), []);
    assert_eq!(by(&|w| w.conversation = Some(id(1))), [(id(1), 10)]);
    let day = by(&|w| {
        w.from = Some(Timestamp(10));
        w.until = Some(Timestamp(20));
    });
    assert_eq!(day, [(id(1), 10)]);
    let both = by(&|w| {
        w.topic = Some("refund_status".parse().unwrap());
        w.from = Some(Timestamp(11));
    });
    assert_eq!(both, [(id(2), 20)]);

    let row = told.history.newest(&all, None, 1).remove(0);
    assert_eq!(row.agents, [(agent(7), "Marta".to_owned())]);
    assert_eq!(row.cases, ["M-7F3K-2Q"]);
    assert_eq!((row.first, row.last), (Seq(1), Seq(5)));
}

#[test]
fn a_session_that_goes_on_is_open_again_and_ends_once() {
    let mut told = Told::default();
    told.opens(1, 10);
    told.closes(1, 11, Outcome::Unresolved);
    told.event(1, 12, Body::Reopened, Private::default());
    let unresolved = Wanted {
        outcome: Some(Ended::As(Outcome::Unresolved)),
        ..Wanted::default()
    };
    assert_eq!(told.found(&unresolved), []);
    told.closes(1, 13, Outcome::ResolvedByAgent);
    assert_eq!(told.found(&unresolved), []);
    let row = told.history.newest(&Wanted::default(), None, 9).remove(0);
    assert_eq!(row.closed, Some(Timestamp(13)));
    assert_eq!(row.outcome, Some(Outcome::ResolvedByAgent));
}

#[test]
fn pages_follow_on_each_other_whatever_the_clock_did() {
    let mut told = Told::default();
    for (n, at) in [(1, 10), (2, 30), (3, 20), (4, 40), (5, 40)] {
        told.opens(n, at);
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = told.history.newest(&Wanted::default(), before, 2);
        let Some(last) = page.last() else { break };
        before = Some(last.place);
        seen.extend(page.iter().map(|past| past.conversation));
    }
    assert_eq!(seen, [id(5), id(4), id(3), id(2), id(1)]);
    let early = Wanted {
        until: Some(Timestamp(30)),
        ..Wanted::default()
    };
    assert_eq!(
        told.found(&early),
        [(id(1), 10)],
        "3 came when it was 30 already"
    );
    let from = Wanted {
        from: Some(Timestamp(25)),
        ..Wanted::default()
    };
    assert_eq!(told.found(&from), [(id(5), 40), (id(4), 40), (id(2), 30)]);
}

#[test]
fn an_agent_reads_what_their_team_or_they_themselves_had() {
    let mut told = Told::default();
    told.opens(1, 10);
    told.queued(1, 11, "payments");
    told.claimed(1, 12, 7, "Marta");
    told.closes(1, 13, Outcome::ResolvedByAgent);
    told.opens(1, 14);
    told.opens(2, 20);
    let mine = |by: u8, team: &str| Reads::Of {
        agent: agent(by),
        teams: vec![team.parse().unwrap()],
    };
    let seen = |reads: Reads| {
        told.found(&Wanted {
            reads,
            ..Wanted::default()
        })
    };
    let all_of_it = [(id(1), 14), (id(1), 10)];
    assert_eq!(seen(mine(8, "payments")), all_of_it);
    assert_eq!(seen(mine(7, "returns")), all_of_it, "took part");
    assert_eq!(seen(mine(8, "returns")), []);
    assert!(told.history.may_read(id(1), &mine(8, "payments")));
    assert!(!told.history.may_read(id(1), &mine(8, "returns")));
    assert!(
        !told.history.may_read(id(2), &mine(8, "payments")),
        "the bot's alone"
    );
    assert!(told.history.may_read(id(2), &Reads::All));
    assert!(!told.history.may_read(id(3), &Reads::All), "there is none");
}

#[test]
fn what_was_erased_is_found_no_more_before_and_after_a_restart() {
    let mut told = Told::default();
    for n in [1, 2] {
        told.opens(n, 10);
        told.promised(n, 11, &format!("M-000{n}"));
        told.closes(n, 12, Outcome::LeftMessage);
    }
    told.history.forget(id(1));
    assert_eq!(told.found(&Wanted::default()), [(id(2), 10)]);
    let case = Wanted {
        case: Some("M-0001".into()),
        ..Wanted::default()
    };
    assert_eq!(told.found(&case), []);
    assert!(!told.history.may_read(id(1), &Reads::All));

    // After a restart the events come without their words.
    let mut again = Told::default();
    again.opens(1, 10);
    again.history.forget(id(1));
    again.closes(1, 12, Outcome::LeftMessage);
    assert_eq!(again.found(&Wanted::default()), []);
    // What is written from now on is a conversation like any other.
    again.opens(1, 20);
    assert_eq!(again.found(&Wanted::default()), [(id(1), 20)]);
}

#[test]
fn what_became_one_is_told_of_the_session_in_which_it_did() {
    let mut told = Told::default();
    let lang = Lang::es;
    let seen = |told: &Told, n: u8| {
        let wanted = Wanted {
            conversation: Some(id(n)),
            ..Wanted::default()
        };
        let rows = told.history.newest(&wanted, None, 10);
        let joint = |past: Past| (past.merged_into, past.merged_from);
        rows.into_iter().map(joint).collect::<Vec<_>>()
    };
    told.opens(1, 10);
    told.opens(2, 11);
    let into = Body::MergedInto {
        into: id(1),
        name: "Marta".into(),
        lang: lang(),
    };
    let from = Body::MergedFrom {
        from: id(2),
        of: Seq(2),
        agent: agent(1),
        name: "Marta".into(),
        owed: Vec::new(),
        unanswered: false,
        lang: lang(),
    };
    told.event(2, 12, into.clone(), Private::text("Seguimos"));
    told.event(1, 12, from.clone(), Private::text("Unidas"));
    // Each goes its own way once that session is over, and begins another one.
    let over = |from, over| Body::Unmerged {
        from: id(from),
        owed: Some(Vec::new()),
        answered: true,
        abuse: None,
        over,
        lang: lang(),
    };
    let back = |over| Body::UnmergedFrom {
        from: id(2),
        of: Seq(2),
        name: String::new(),
        owed: Vec::new(),
        answered: true,
        abuse: None,
        over,
        lang: lang(),
    };
    told.event(1, 13, back(true), Private::default());
    told.event(2, 13, over(1, true), Private::text("Terminó"));
    told.opens(1, 20);
    told.opens(2, 20);
    let none = (None, Vec::new());
    assert_eq!(seen(&told, 1), [none.clone(), (None, vec![id(2)])]);
    assert_eq!(seen(&told, 2), [none.clone(), (Some(id(1)), Vec::new())]);
    // What somebody undid never was.
    told.event(2, 21, into, Private::text("Seguimos"));
    told.event(1, 21, from, Private::text("Unidas"));
    told.event(1, 22, back(false), Private::default());
    told.event(2, 22, over(1, false), Private::text("Por separado"));
    assert_eq!(seen(&told, 1), [none.clone(), (None, vec![id(2)])]);
    assert_eq!(seen(&told, 2), [none, (Some(id(1)), Vec::new())]);
}
