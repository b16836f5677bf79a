//! The index against its rebuilding, and what it counts.

use super::*;

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
        shows: Vec::new(),
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
