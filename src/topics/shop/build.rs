//! Parts of a catalogue in few words.

use super::*;

pub(crate) fn id(name: &str) -> TopicId {
    name.parse().unwrap()
}

pub(crate) fn slot_name(name: &str) -> SlotName {
    name.parse().unwrap()
}

pub(super) fn team(name: &str) -> TeamId {
    name.parse().unwrap()
}

pub(crate) fn text(es: &str, en: &str) -> Text {
    words(&[("es", es), ("en", en)])
}

pub(super) fn words(all: &[(&str, &str)]) -> Text {
    Text {
        by_lang: all
            .iter()
            .map(|(lang, said)| (lang.parse().unwrap(), Wording::Plain((*said).to_owned())))
            .collect(),
    }
}

pub(super) fn step(act: Act) -> Step {
    Step {
        when: When::default(),
        act,
    }
}

pub(crate) fn say(es: &str, en: &str) -> Step {
    step(Act::Say {
        text: text(es, en),
        choices: Vec::new(),
        show: Vec::new(),
    })
}

pub(crate) fn say_with(es: &str, en: &str, choices: &[&str]) -> Step {
    let choices = choices
        .iter()
        .map(|go| ChoiceSpec {
            title: None,
            go: id(go),
        })
        .collect();
    step(Act::Say {
        text: text(es, en),
        choices,
        show: Vec::new(),
    })
}

pub(super) fn confirm(es: &str, en: &str) -> Step {
    step(Act::Confirm { text: text(es, en) })
}

pub(crate) fn call(name: &str, cases: Vec<(&str, Vec<Step>)>) -> Step {
    step(Act::Call {
        call: name.to_owned(),
        cases: cases
            .into_iter()
            .map(|(case, steps)| (case.to_owned(), steps))
            .collect(),
    })
}

pub(crate) fn go(topic: &str) -> Step {
    step(Act::Go { topic: id(topic) })
}

pub(crate) fn escalate(to: Option<&str>, reason: HandoffReason) -> Step {
    step(Act::Escalate {
        team: to.map(team),
        reason,
        priority: None,
        skills: None,
    })
}

pub(crate) fn topic(name: &str, title: (&str, &str), steps: Vec<Step>) -> Topic {
    Topic {
        id: id(name),
        title: text(title.0, title.1),
        stage: Some(Stage::Use),
        sensitive: false,
        floor: 0.0,
        small_talk: false,
        role: None,
        requires: None,
        examples: BTreeMap::new(),
        patterns: Vec::new(),
        slots: Vec::new(),
        steps,
        escalate: Escalation {
            after_failures: 2,
            team: team("logistics"),
            priority: Priority::Normal,
            skills: Vec::new(),
        },
        feedback: None,
        owner: None,
        review_by: None,
        tests: Vec::new(),
        file: format!("{name}.yaml"),
    }
}

pub(super) fn role(name: &str, role: TopicRole, steps: Vec<Step>) -> Topic {
    Topic {
        role: Some(role),
        stage: None,
        small_talk: role != TopicRole::TalkToPerson,
        escalate: Escalation {
            after_failures: 2,
            team: team("default"),
            priority: Priority::Normal,
            skills: Vec::new(),
        },
        ..topic(name, (name, name), steps)
    }
}

pub(crate) fn slot(name: &str, kind: SlotKind, pattern: Option<&str>, ask: (&str, &str)) -> Slot {
    Slot {
        name: slot_name(name),
        rule: SlotRule {
            kind,
            pattern: pattern.map(str::to_owned),
            min: None,
            max: None,
            values: Vec::new(),
        },
        optional: false,
        remember: None,
        called: None,
        ask: text(ask.0, ask.1),
        retry: text(&format!("{name}?"), &format!("{name} please")),
    }
}

pub(super) fn webhook(name: &str, irreversible: bool, values: &[(&str, ValueKind)]) -> Call {
    Call {
        name: name.to_owned(),
        method: "POST".to_owned(),
        url: format!("http://127.0.0.1/orders/{{order_number}}/{name}"),
        headers: BTreeMap::new(),
        body: Some(serde_json::json!({"address": "{new_address}", "proof": "{order_proof}"})),
        timeout_ms: 1000,
        retries: 0,
        irreversible,
        case: Some("/state".to_owned()),
        status: BTreeMap::new(),
        values: values
            .iter()
            .map(|(name, kind)| {
                let value = CallValue {
                    at: format!("/{name}"),
                    shown_as: *kind,
                };
                ((*name).to_owned(), value)
            })
            .collect(),
    }
}
