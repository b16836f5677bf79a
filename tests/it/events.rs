//! Events for stories about the store.

use ventanilla::conversation::{
    AskedQuestion, AskedTap, Body, Choice, Closer, Event, Memory, Opening, Private, Target,
};
use ventanilla::ids::{ConversationId, Lang, OpinionKind, Outcome, Seq, SessionId, Timestamp};

/// A conversation by number.
pub(crate) fn conversation(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

fn event(seq: u64, body: Body, private: Private) -> Event {
    Event {
        seq: Seq(seq),
        at: Timestamp(1_760_000_000_000 + i64::try_from(seq).unwrap()),
        body,
        private,
    }
}

/// The visitor comes.
pub(crate) fn opened(seq: u64) -> Event {
    let opening = Opening {
        page: Some("/año".to_owned()),
        time_zone: Some("Europe/Madrid".to_owned()),
        invite: None,
        ..Opening::plain("es".parse().unwrap(), Lang::es())
    };
    let session = SessionId::from_bytes([7; 16]);
    event(
        seq,
        Body::SessionOpened {
            session,
            opening,
            choices: Vec::new(),
        },
        Private::default(),
    )
}

/// The visitor writes.
pub(crate) fn said(seq: u64, client_id: &str, text: &str) -> Event {
    let client_id = client_id.parse().unwrap();
    event(seq, Body::VisitorSaid { client_id }, Private::text(text))
}

/// The bot answers, and fills a slot.
pub(crate) fn answered(seq: u64, texts: &[&str]) -> Event {
    let body = Body::BotAnswered {
        upto: Seq(seq - 1),
        understood: Vec::new(),
        choices: vec![Choice {
            title: "Sí".to_owned(),
            target: Target::Yes,
        }],
        memory: Box::new(Memory {
            greeted: true,
            ..Memory::default()
        }),
        topic: Some("where_is_my_order".parse().unwrap()),
        lang: "es".parse().unwrap(),
        shows: Vec::new(),
    };
    let private = Private {
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        values: [("order_number".to_owned(), "1234567".to_owned())].into(),
    };
    event(seq, body, private)
}

/// An agent gives it back: an event in which nothing is private.
pub(crate) fn returned(seq: u64) -> Event {
    let agent = ventanilla::ids::AgentId::from_bytes([5; 16]);
    event(
        seq,
        Body::Returned {
            client_id: None,
            agent,
        },
        Private::default(),
    )
}

/// The session ends with a question.
pub(crate) fn closed(seq: u64) -> Event {
    let question = AskedQuestion {
        id: "order_tracking".parse().unwrap(),
        ask: "¿Se resolvió?".to_owned(),
        taps: vec![AskedTap {
            value: -1,
            kind: OpinionKind::Negative,
            label: "No".to_owned(),
        }],
        used_for: "Lo lee logística.".to_owned(),
        team: "logistics".parse().unwrap(),
        line: true,
        touchpoint: None,
        stage: None,
        quiet: false,
        put_because: String::new(),
    };
    let body = Body::Closed {
        client_id: None,
        outcome: Outcome::ResolvedByBot,
        by: Closer::Visitor,
        question: Some(question),
        because: "stage use".to_owned(),
        wrap_up: Some("solved".to_owned()),
    };
    event(seq, body, Private::default())
}

/// The visitor taps and writes a line.
pub(crate) fn rated(seq: u64, client_id: &str, line: &str) -> Event {
    let body = Body::Rated {
        client_id: client_id.parse().unwrap(),
        session: SessionId::from_bytes([7; 16]),
        question: "order_tracking".parse().unwrap(),
        tap: Some(2),
        value: Some(-1),
        kind: Some(OpinionKind::Negative),
        line: true,
    };
    event(seq, body, Private::text(line))
}
