//! What counts as missed and what is believed of it, event by event; the index against its rebuilding; a change replayed on known turns.

use super::*;
use crate::conversation::{
    Asking, Body, Choice, Closer, Event, Form, Memory, Opening, Private, Reason, Scored, Target,
    Understood, Verdict, Wanted,
};
use crate::ids::{
    AgentId, ConversationId, HandoffReason, Lang, OpinionKind, Outcome, Priority, Seq, SessionId,
    Timestamp, TopicId,
};
use crate::topics::{Around, Catalog, SourceFile, check};
use crate::understanding::{Corpus, Engine};

/// The events of one conversation, told with verbs.
#[derive(Default)]
pub(super) struct Talk {
    pub(super) events: Vec<Event>,
    pub(super) at: i64,
    failures: u32,
}

fn topic(name: &str) -> TopicId {
    name.parse().unwrap()
}

fn matched(name: &str) -> Verdict {
    Verdict::Match { topic: topic(name) }
}

fn asked(names: &[&str]) -> Verdict {
    Verdict::Ambiguous {
        topics: names.iter().map(|name| topic(name)).collect(),
    }
}

impl Talk {
    fn tell(&mut self, body: Body, private: Private) -> Seq {
        let seq = Seq(self.events.len() as u64 + 1);
        self.at += 1_000;
        self.events.push(Event {
            seq,
            at: Timestamp(self.at),
            body,
            private,
        });
        seq
    }

    pub(super) fn open(at: i64) -> Self {
        let mut talk = Self {
            at,
            ..Self::default()
        };
        let opening = Opening::plain("es".parse().unwrap(), Lang::es());
        let body = Body::SessionOpened {
            session: SessionId::from_bytes([1; 16]),
            opening,
            choices: Vec::new(),
        };
        talk.tell(body, Private::text("Hola"));
        talk
    }

    fn says(&mut self, text: &str) -> Seq {
        let n = self.events.len();
        let body = Body::VisitorSaid {
            client_id: format!("m{n}").parse().unwrap(),
        };
        self.tell(body, Private::text(text))
    }

    fn answer(
        &mut self,
        read: Vec<Verdict>,
        because: &[Reason],
        memory: Memory,
        choices: Vec<Choice>,
    ) -> Seq {
        let upto = Seq(self.events.len() as u64);
        let answered = read.last().and_then(|read| read.topic().cloned());
        let understood = read
            .into_iter()
            .map(|verdict| Understood {
                lang: Lang::es(),
                nearest: Vec::new(),
                verdict,
                because: because.to_vec(),
                mood: Default::default(),
                model: String::new(),
            })
            .collect();
        let body = Body::BotAnswered {
            upto,
            understood,
            choices,
            memory: Box::new(memory),
            topic: answered,
            lang: Lang::es(),
        };
        self.tell(body, Private::text("…"))
    }

    /// The visitor writes, and it is read so; a miss counts.
    fn asks(&mut self, text: &str, read: Verdict) -> Seq {
        let seq = self.says(text);
        self.failures = match read {
            Verdict::OutOfScope => self.failures + 1,
            Verdict::Match { .. } => 0,
            Verdict::Ambiguous { .. } => self.failures,
        };
        self.answer(vec![read], &[], self.memory(), Vec::new());
        seq
    }

    fn memory(&self) -> Memory {
        Memory {
            failures: self.failures,
            ..Memory::default()
        }
    }

    fn taps(&mut self, of: Seq, target: Target) {
        let n = self.events.len();
        let body = Body::VisitorChose {
            client_id: format!("t{n}").parse().unwrap(),
            of,
            option: 0,
            target,
        };
        self.tell(body, Private::text("botón"));
    }

    fn last(&self) -> Seq {
        Seq(self.events.len() as u64)
    }

    fn queued(&mut self, reason: HandoffReason) {
        let body = Body::Queued {
            reason,
            team: "default".parse().unwrap(),
            priority: Priority::Normal,
            skills: Vec::new(),
        };
        self.tell(body, Private::default());
    }

    fn agent_says(&mut self, text: &str) {
        let n = self.events.len();
        let body = Body::AgentSaid {
            client_id: format!("a{n}").parse().unwrap(),
            agent: AgentId::from_bytes([7; 16]),
            name: "Marta".into(),
            seen: None,
        };
        self.tell(body, Private::text(text));
    }

    fn closes(&mut self, outcome: Outcome, wrap_up: Option<&str>) {
        let body = Body::Closed {
            client_id: None,
            outcome,
            by: Closer::Visitor,
            question: None,
            because: String::new(),
            wrap_up: wrap_up.map(str::to_owned),
        };
        self.tell(body, Private::default());
    }

    fn rated(&mut self, kind: OpinionKind) {
        let body = Body::Rated {
            client_id: "r".parse().unwrap(),
            session: SessionId::from_bytes([1; 16]),
            question: "by_default".parse().unwrap(),
            tap: Some(0),
            value: Some(-1),
            kind: Some(kind),
            line: false,
        };
        self.tell(body, Private::default());
    }

    fn watched(&self) -> Watch {
        let mut watch = Watch::default();
        for event in &self.events {
            watch.apply(event);
        }
        watch
    }

    fn misses(&self) -> Vec<(u64, Vec<Miss>)> {
        let watch = self.watched();
        let turns = watch.turns().iter();
        turns
            .map(|turn| (turn.seq.0, turn.misses.iter().collect()))
            .collect()
    }

    fn truth(&self, of: Seq) -> Option<(Truth, Evidence)> {
        let watch = self.watched();
        let turn = watch.turns().iter().find(|turn| turn.seq == of)?;
        turn.truth(watch.facts()?, |_| true)
    }
}

fn id(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

#[test]
fn what_no_topic_fitted_is_missed_and_what_was_answered_well_is_not() {
    let mut talk = Talk::open(0);
    let missed = talk.asks("¿tienen paraguas?", Verdict::OutOfScope);
    let found = talk.asks("¿dónde está mi pedido?", matched("where"));
    talk.closes(Outcome::ResolvedByBot, None);
    assert_eq!(
        talk.misses(),
        [(missed.0, vec![Miss::NotUnderstood]), (found.0, vec![])]
    );
    assert_eq!(talk.truth(missed), None);
    let accepted = Some((Truth::Meant(Some(topic("where"))), Evidence::Accepted));
    assert_eq!(talk.truth(found), accepted);
    talk.rated(OpinionKind::Negative);
    assert_eq!(talk.truth(found), None, "somebody complained");
}

#[test]
fn a_tap_tells_what_an_ambiguous_message_meant() {
    let mut talk = Talk::open(0);
    let asks = talk.asks("cambiar", asked(&["exchange", "address"]));
    let of = talk.last();
    talk.taps(
        of,
        Target::Topic {
            topic: topic("address"),
        },
    );
    assert_eq!(talk.misses(), [(asks.0, vec![Miss::Ambiguous])]);
    let chosen = Some((Truth::Meant(Some(topic("address"))), Evidence::Chosen));
    assert_eq!(talk.truth(asks), chosen);
    // A button under an older answer tells nothing about this one.
    let mut talk = Talk::open(0);
    let asks = talk.asks("cambiar", asked(&["exchange", "address"]));
    talk.taps(
        Seq(1),
        Target::Topic {
            topic: topic("address"),
        },
    );
    assert_eq!(talk.truth(asks), None);
}

#[test]
fn a_choice_that_is_typed_tells_the_same_and_is_no_turn() {
    let mut talk = Talk::open(0);
    let asks = talk.asks("cambiar", asked(&["exchange", "address"]));
    talk.says("la segunda");
    let because = vec![Reason::Context {
        kind: "choice".into(),
    }];
    talk.answer(
        vec![matched("address")],
        &because,
        Memory::default(),
        Vec::new(),
    );
    assert_eq!(talk.misses(), [(asks.0, vec![Miss::Ambiguous])]);
    let chosen = Some((Truth::Meant(Some(topic("address"))), Evidence::Chosen));
    assert_eq!(talk.truth(asks), chosen);
}

#[test]
fn an_answer_is_disowned_by_words_by_repeating_and_by_asking_for_a_person() {
    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    talk.asks("no es eso", Verdict::OutOfScope);
    assert_eq!(
        talk.misses(),
        [(first.0, vec![Miss::SaidSo])],
        "and the complaint is no phrase"
    );
    let not = Some((Truth::Not(topic("address")), Evidence::Disowned));
    assert_eq!(talk.truth(first), not);

    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    let again = talk.asks("CAMBIAR la talla!!", matched("exchange"));
    assert_eq!(talk.misses()[0], (first.0, vec![Miss::Repeated]));
    let corrected = Some((Truth::Meant(Some(topic("exchange"))), Evidence::Corrected));
    assert_eq!(talk.truth(first), corrected);
    assert_eq!(talk.misses()[1], (again.0, vec![]));

    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    talk.asks("pasame con alguien", matched("talk_to_person"));
    talk.queued(HandoffReason::CustomerRequest);
    assert_eq!(talk.misses(), [(first.0, vec![Miss::AskedPerson])]);

    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    let of = talk.last();
    talk.taps(of, Target::Person);
    talk.answer(Vec::new(), &[], Memory::default(), Vec::new());
    talk.queued(HandoffReason::CustomerRequest);
    assert_eq!(talk.misses(), [(first.0, vec![Miss::AskedPerson])]);
}

#[test]
fn whoever_begins_with_a_person_has_disowned_nothing() {
    let mut talk = Talk::open(0);
    talk.asks("quiero hablar con una persona", matched("talk_to_person"));
    talk.queued(HandoffReason::CustomerRequest);
    assert_eq!(talk.misses(), []);
}

#[test]
fn where_nobody_is_there_asking_for_a_person_is_seen_by_the_message_that_is_taken() {
    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    talk.says("quiero un agente");
    let wanted = Wanted {
        reason: HandoffReason::CustomerRequest,
        team: "default".parse().unwrap(),
        priority: Priority::Normal,
        skills: Vec::new(),
    };
    let form = Form {
        topic: topic("talk_to_person"),
        asking: Asking::Message { wanted },
        invalid: 0,
        lacking: false,
        cursor: Default::default(),
    };
    let memory = Memory {
        open: Some(form),
        ..Memory::default()
    };
    talk.answer(
        vec![matched("talk_to_person")],
        &[],
        memory.clone(),
        Vec::new(),
    );
    talk.says("me llegó rota la caja y nadie contesta");
    talk.answer(vec![Verdict::OutOfScope], &[], memory, Vec::new());
    assert_eq!(
        talk.misses(),
        [(first.0, vec![Miss::AskedPerson])],
        "the message is no turn"
    );
}

#[test]
fn misses_that_end_with_a_person_are_marked_back_to_the_last_success() {
    let mut talk = Talk::open(0);
    let early = talk.asks("¿venden hornos?", Verdict::OutOfScope);
    let found = talk.asks("¿a qué hora abren?", matched("opening"));
    let one = talk.asks("el cinturón trae hebilla", Verdict::OutOfScope);
    let two = talk.says("hebilla de metal digo");
    talk.answer(
        vec![Verdict::OutOfScope],
        &[],
        Memory::default(),
        Vec::new(),
    );
    talk.queued(HandoffReason::RepeatedFailure);
    talk.agent_says("Trae hebilla de metal.");
    talk.closes(Outcome::ResolvedByAgent, Some("belts"));
    let both = vec![Miss::NotUnderstood, Miss::HandedOff];
    assert_eq!(
        talk.misses(),
        [
            (early.0, vec![Miss::NotUnderstood]),
            (found.0, vec![]),
            (one.0, both.clone()),
            (two.0, both)
        ]
    );
    let wrapped = Some((Truth::Meant(Some(topic("belts"))), Evidence::WrappedUp));
    assert_eq!(talk.truth(two), wrapped);
    assert_eq!(talk.watched().facts().unwrap().agent_said.len(), 1);
    // The reason of a close is believed where it is a topic's name.
    let watch = talk.watched();
    let turn = watch.turns().last().unwrap();
    assert_eq!(turn.truth(watch.facts().unwrap(), |_| false), None);
}

#[test]
fn what_a_form_asked_for_is_no_turn_but_another_matter_is() {
    let mut talk = Talk::open(0);
    let first = talk.says("¿dónde está mi pedido?");
    let form = Form {
        topic: topic("where"),
        asking: Asking::Confirm {
            text: String::new(),
        },
        invalid: 0,
        lacking: false,
        cursor: Default::default(),
    };
    let memory = Memory {
        open: Some(form),
        ..Memory::default()
    };
    talk.answer(vec![matched("where")], &[], memory.clone(), Vec::new());
    talk.says("1234567");
    talk.answer(vec![Verdict::OutOfScope], &[], memory.clone(), Vec::new());
    let other = talk.says("¿a qué hora abren?");
    talk.answer(vec![matched("opening")], &[], memory, Vec::new());
    let turns: Vec<u64> = talk.misses().into_iter().map(|(seq, _)| seq).collect();
    assert_eq!(turns, [first.0, other.0]);
}

/// Conversations of all kinds, one commit after another.
fn many() -> Vec<(ConversationId, Event)> {
    let mut all = Vec::new();
    for n in 0..40_u8 {
        let mut talk = Talk::open(i64::from(n) * 3_600_000 * 60);
        talk.asks("¿tienen paraguas?", Verdict::OutOfScope);
        if n % 3 == 0 {
            talk.asks("quiero cambiar la talla", matched("address"));
            talk.asks("no es eso", Verdict::OutOfScope);
        }
        if n % 4 == 0 {
            talk.asks("¿y hebillas?", Verdict::OutOfScope);
            talk.queued(HandoffReason::RepeatedFailure);
            talk.agent_says("Sí.");
        }
        talk.closes(Outcome::Unresolved, None);
        if n % 5 == 0 {
            talk.rated(OpinionKind::Negative);
        }
        all.extend(talk.events.into_iter().map(|event| (id(n), event)));
    }
    all
}

fn seen(index: &Missed) -> Vec<Entry> {
    index.newest(Timestamp(0)).cloned().collect()
}

#[test]
fn the_index_is_the_same_after_a_start_also_when_something_was_erased() {
    let all = many();
    let mut running = Missed::default();
    for (conversation, event) in &all {
        running.apply(*conversation, event);
    }
    assert!(running.len() > 40, "{}", running.len());
    for gone in [id(36), id(39)] {
        running.forget(gone);
        assert!(
            seen(&running)
                .iter()
                .all(|entry| entry.of.conversation != gone)
        );
    }
    // After a restart the erased events come without their words.
    let mut again = Missed::default();
    for (conversation, event) in &all {
        let mut event = event.clone();
        if [id(36), id(39)].contains(conversation) {
            event.private = Private::default();
        }
        again.apply(*conversation, &event);
    }
    assert_eq!(seen(&again), seen(&running));
    assert_eq!(again.uses(Timestamp(0)), running.uses(Timestamp(0)));
}

#[test]
fn old_turns_are_forgotten_and_what_was_changed_is_told() {
    let mut index = Missed::default();
    for (conversation, event) in &many() {
        index.apply(*conversation, event);
    }
    let all = seen(&index);
    // Forty talks sixty hours apart: ninety days are thirty-six of them.
    let oldest = all.last().unwrap().turn.at.0;
    let newest = all.first().unwrap().turn.at.0;
    assert!(newest - oldest <= 90 * 24 * 3_600_000);
    assert!(all.iter().all(|entry| entry.of.conversation != id(0)));
    let before = index.generation();
    let mut talk = Talk::open(newest);
    talk.asks("¿dónde está mi pedido?", matched("where"));
    for event in &talk.events {
        index.apply(id(99), event);
    }
    assert_eq!(seen(&index), all, "nothing was missed");
    let mut talk = Talk::open(newest);
    talk.asks("¿tienen sombrillas?", Verdict::OutOfScope);
    for event in &talk.events {
        index.apply(id(98), event);
    }
    assert!(index.generation() > before);
    assert_eq!(seen(&index).len(), all.len() + 1);
}

#[test]
fn use_opinions_and_handoffs_are_counted_for_the_last_topic() {
    let mut talk = Talk::open(0);
    talk.asks("¿a qué hora abren?", matched("opening"));
    talk.asks("¿dónde está mi pedido?", matched("where"));
    talk.queued(HandoffReason::IntentRule);
    talk.closes(Outcome::ResolvedByAgent, None);
    talk.rated(OpinionKind::Positive);
    let mut index = Missed::default();
    for event in &talk.events {
        index.apply(id(1), event);
    }
    let uses = index.uses(Timestamp(0));
    let of = |name: &str| uses[&(topic(name), Lang::es())];
    assert_eq!(
        of("opening"),
        Use {
            answered: 1,
            ..Use::default()
        }
    );
    let all = Use {
        answered: 1,
        positive: 1,
        opinions: 1,
        handoffs: 1,
    };
    assert_eq!(of("where"), all);
}

#[test]
fn nearest_topics_are_kept_for_whoever_looks_and_no_words_are() {
    let mut talk = Talk::open(0);
    talk.says("soy Ana Quiroga, ¿venden hornos?");
    let upto = Seq(2);
    let understood = vec![Understood {
        lang: Lang::es(),
        verdict: Verdict::OutOfScope,
        nearest: vec![Scored {
            topic: topic("stock"),
            confidence: 0.3,
        }],
        because: Vec::new(),
        mood: Default::default(),
        model: String::new(),
    }];
    let memory = Memory {
        failures: 1,
        ..Memory::default()
    };
    let body = Body::BotAnswered {
        upto,
        understood,
        choices: Vec::new(),
        memory: Box::new(memory),
        topic: None,
        lang: Lang::es(),
    };
    talk.tell(body, Private::text("No te entendí."));
    let mut index = Missed::default();
    for event in &talk.events {
        index.apply(id(1), event);
    }
    let all = seen(&index);
    assert_eq!(all[0].turn.nearest[0].topic, topic("stock"));
    assert!(!format!("{index:?}").contains("Quiroga"));
}

/// Two topics, with these examples more.
fn learnt(exchange: &[&str], hours: &[&str]) -> (Catalog, Engine) {
    let topic = |id: &str, title: &str, own: &[&str], more: &[&str]| {
        let lines: String = own
            .iter()
            .chain(more)
            .map(|line| format!("    {line}\n"))
            .collect();
        SourceFile {
            path: format!("{id}.yaml"),
            text: format!(
                "topic: {id}\ntitle: {{es: {title}}}\nexamples:\n  es: |\n{lines}steps:\n  - say: {{es: {title}}}\ntests: []\n"
            ),
        }
    };
    let assistant = SourceFile {
        path: "_assistant.yaml".into(),
        text: "name: Mara\nbrand: Mareas\nlanguages: [es]\ngreeting: {es: Hola}\n".into(),
    };
    let sizes = [
        "quiero cambiar la talla",
        "necesito otro número de zapato",
        "me queda chico y quiero uno más grande",
        "cambio de talle",
    ];
    let open = [
        "¿a qué hora abren?",
        "horario de la tienda",
        "¿cuándo cierran hoy?",
        "abren los domingos",
    ];
    let files = [
        assistant,
        topic("exchange", "Cambios", &sizes, exchange),
        topic("opening", "Horario", &open, hours),
    ];
    let around = Around {
        env: &|_| None,
        today: None,
    };
    let checked = check(&files, &around);
    let catalog = checked
        .catalog
        .unwrap_or_else(|| panic!("{:?}", checked.problems));
    let engine = Engine::train(&Corpus::from(&catalog)).unwrap();
    (catalog, engine)
}

/// What the change does to each turn of a talk, by its words.
fn rehearsed(talk: &Talk, said: Said<'_>) -> Vec<(String, Change, Option<Evidence>)> {
    let now = learnt(&[], &["dejan entrar perros"]);
    let then = learnt(&["kkk www", "dejan entrar perros", "zzz qqq"], &[]);
    let with = |(catalog, engine): &'static (Catalog, Engine)| Replay { catalog, engine };
    let (now, then) = (Box::leak(Box::new(now)), Box::leak(Box::new(then)));
    let judged = replay(&talk.events, with(now), with(then), said);
    judged
        .into_iter()
        .map(|one| {
            let at = usize::try_from(one.seq.0).unwrap() - 1;
            let text = talk.events[at].private.first().unwrap().to_owned();
            (text, one.change, one.known.map(|(_, why)| why))
        })
        .collect()
}

#[test]
fn a_change_is_judged_on_talks_whose_truth_is_known() {
    let mut talk = Talk::open(0);
    // Better: it was asked about, and they took it.
    talk.asks("kkk www", asked(&["opening", "exchange"]));
    let of = talk.last();
    talk.taps(
        of,
        Target::Topic {
            topic: topic("exchange"),
        },
    );
    talk.answer(Vec::new(), &[], Memory::default(), Vec::new());
    // Worse: it was answered rightly, and goes elsewhere with the change.
    talk.asks("dejan entrar perros", matched("opening"));
    // Different: nobody knows what it meant.
    talk.asks("zzz qqq", Verdict::OutOfScope);
    // Same.
    talk.asks("¿a qué hora abren?", matched("opening"));
    talk.closes(Outcome::ResolvedByBot, None);
    let nothing = |_| None;
    let told = |text: &str, change, why| (text.to_owned(), change, why);
    assert_eq!(
        rehearsed(&talk, &nothing),
        [
            told("kkk www", Change::Better, Some(Evidence::Chosen)),
            told(
                "dejan entrar perros",
                Change::Worse,
                Some(Evidence::Accepted)
            ),
            told("zzz qqq", Change::Different, None),
            told("¿a qué hora abren?", Change::Same, Some(Evidence::Accepted)),
        ]
    );
    // What somebody of the company says counts before all else: it is none of ours, so reading it as something is worse.
    let zzz = talk
        .events
        .iter()
        .find(|event| event.private.first() == Some("zzz qqq"));
    let zzz = zzz.unwrap().seq;
    let not_ours = |seq| (seq == zzz).then_some(None);
    let judged = rehearsed(&talk, &not_ours);
    assert_eq!(
        judged[2],
        told("zzz qqq", Change::Worse, Some(Evidence::Taught))
    );
    // After an erasure there is nothing to rehearse.
    for event in &mut talk.events {
        event.private = Private::default();
    }
    let (catalog, engine) = learnt(&[], &[]);
    let with = Replay {
        catalog: &catalog,
        engine: &engine,
    };
    assert_eq!(replay(&talk.events, with, with, &nothing), []);
}

#[test]
fn a_turn_is_read_again_in_the_context_that_it_had() {
    // "La segunda" is a choice where two were offered, and no turn; a tapped topic's follow-up keeps the topic.
    let mut talk = Talk::open(0);
    talk.says("cambiar u horario");
    let choices: Vec<Choice> = ["exchange", "opening"]
        .map(|id| Choice {
            title: id.to_owned(),
            target: Target::Topic { topic: topic(id) },
        })
        .into();
    talk.answer(
        vec![asked(&["exchange", "opening"])],
        &[],
        Memory::default(),
        choices,
    );
    talk.says("opening");
    let because = vec![Reason::Context {
        kind: "choice".into(),
    }];
    talk.answer(
        vec![matched("opening")],
        &because,
        Memory::default(),
        Vec::new(),
    );
    talk.closes(Outcome::ResolvedByBot, None);
    let judged = rehearsed(&talk, &|_| None);
    assert_eq!(judged.len(), 1);
    assert_eq!(judged[0].0, "cambiar u horario");
    assert_eq!(judged[0].2, Some(Evidence::Chosen));
}

#[test]
fn each_example_is_asked_of_an_engine_that_was_not_shown_it() {
    let (catalog, engine) = learnt(&["[todavía] quiero (otra|distinta) talla"], &[]);
    let crossed = cross_validate(&catalog, &|| true).unwrap();
    let exchange = &crossed[&(topic("exchange"), Lang::es())];
    let hours = &crossed[&(topic("opening"), Lang::es())];
    assert_eq!((exchange.all, hours.all), (5, 4));
    let told = |one: &CrossValidated| one.right + one.confused.values().sum::<u32>();
    assert_eq!((told(exchange), told(hours)), (5, 4));
    assert_eq!(
        cross_validate(&catalog, &|| false),
        None,
        "it can be stopped"
    );
    assert!(tests_of(&catalog, &engine).is_empty());
}
