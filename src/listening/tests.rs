//! Which question for whom, and what is replied.

mod rows;
mod whom;

use super::*;
use crate::conversation::{AskedQuestion, Closer, Opening, People, Session, State, Target};
use crate::ids::{HandoffReason, Lang, OpinionKind, Outcome, Stage, Style, Timestamp};
use crate::topics::Catalog;
use crate::topics::shop::{id, question, shop};

/// A session that ended after this topic.
fn after(topic: Option<&str>) -> State {
    let session = Some(Session {
        id: crate::ids::SessionId::from_bytes([1; 16]),
        seq: crate::ids::Seq(1),
        opened_at: Timestamp(0),
        opening: Opening::plain("es".parse().unwrap(), Lang::es()),
        turns: 2,
        agent_wrote: false,
        topic: topic.map(id),
        handoff: None,
        team: None,
    });
    let mut state = State {
        session,
        ..State::default()
    };
    state.memory.tried.extend(topic.map(id));
    state
}

/// Ends a session by the visitor, in a week without answers.
fn ends(
    catalog: &Catalog,
    state: &State,
    outcome: Outcome,
    lang: &Lang,
    style: Style,
) -> (Option<AskedQuestion>, String) {
    let end = Ending {
        now: Timestamp(60_000),
        notice: false,
        by: &Closer::Visitor,
        outcome,
        answers: &|_| 0,
        improved: &|_| None,
    };
    choose_question(catalog, state, &end, lang, style)
}

fn chosen(state: &State, outcome: Outcome) -> (Option<String>, String) {
    let (question, because) = ends(&shop(), state, outcome, &Lang::es(), Style::Warm);
    (question.map(|asked| asked.id.to_string()), because)
}

#[test]
fn topic_before_outcome_before_stage_before_default() {
    for (topic, outcome, wanted, because) in [
        (
            Some("where_is_my_order"),
            Outcome::ResolvedByBot,
            "order_tracking",
            "topic:where_is_my_order",
        ),
        (
            Some("hours"),
            Outcome::ResolvedByBot,
            "order_tracking",
            "outcome:resolved_by_bot,stage:use",
        ),
        (
            Some("shipping_cost"),
            Outcome::ResolvedByBot,
            "by_bot",
            "outcome:resolved_by_bot",
        ),
        (
            Some("shipping_cost"),
            Outcome::ResolvedByAgent,
            "when_considering",
            "stage:consideration",
        ),
        (
            Some("hours"),
            Outcome::ResolvedByAgent,
            "any_stage",
            "default",
        ),
        (None, Outcome::Expired, "any_stage", "default"),
        (
            Some("where_is_my_order"),
            Outcome::ResolvedByAgent,
            "any_stage",
            "default",
        ),
    ] {
        assert_eq!(
            chosen(&after(topic), outcome),
            (Some(wanted.to_owned()), because.to_owned()),
            "{topic:?} {outcome}"
        );
    }
}

#[test]
fn the_page_tells_the_stage_where_no_topic_does() {
    let mut state = after(None);
    state.session.as_mut().unwrap().opening.stage = Some(Stage::Consideration);
    assert_eq!(chosen(&state, Outcome::Referred).1, "stage:consideration");
}

#[test]
fn who_leaves_without_help_gets_an_apology() {
    assert_eq!(
        chosen(&after(Some("where_is_my_order")), Outcome::Unresolved),
        (
            Some("unresolved".to_owned()),
            "outcome:unresolved".to_owned()
        )
    );
    // No question of the file is for it: the built-in one, never the default "did it help".
    let (question, because) = ends(
        &shop(),
        &after(Some("hours")),
        Outcome::Abandoned,
        &Lang::en(),
        Style::Warm,
    );
    let question = question.unwrap();
    assert_eq!(because, "apology:abandoned");
    assert_eq!(question.ask, "Sorry. What was missing?");
    assert_eq!(question.used_for, "Read by Customer care.");
    assert!(question.taps.iter().all(|tap| tap.value < 0));
    // A topic's own question, too, is asked of them only if it says so.
    let mut catalog = shop();
    catalog.questions.push(question_without_rule());
    catalog.topics.get_mut(&id("hours")).unwrap().feedback = Some("own".parse().unwrap());
    let asked = |outcome| {
        ends(
            &catalog,
            &after(Some("hours")),
            outcome,
            &Lang::es(),
            Style::Warm,
        )
    };
    assert_eq!(asked(Outcome::ResolvedByBot).1, "topic:hours");
    assert_eq!(asked(Outcome::Unresolved).1, "outcome:unresolved");
}

fn question_without_rule() -> crate::topics::Question {
    question("own", &[], None, false)
}

#[test]
fn sensitive_sessions_and_silent_ones_are_asked_nothing() {
    let mut handed = after(Some("hours"));
    handed.session.as_mut().unwrap().handoff = Some(HandoffReason::SensitiveTopic);
    let mut silent = after(Some("hours"));
    silent.session.as_mut().unwrap().turns = 0;
    for (state, because) in [
        (after(Some("fraud")), "sensitive_topic"),
        (handed, "sensitive_topic"),
        (silent, "no_visitor_turn"),
        (State::default(), "no_visitor_turn"),
    ] {
        assert_eq!(
            chosen(&state, Outcome::Unresolved),
            (None, because.to_owned())
        );
    }
    // Also when the sensitive matter was not the last.
    let mut before = after(Some("fraud"));
    before.session.as_mut().unwrap().topic = Some(id("hours"));
    assert_eq!(
        chosen(&before, Outcome::ResolvedByAgent).1,
        "sensitive_topic"
    );
}

#[test]
fn fast_is_one_tap_and_every_question_says_who_reads_it() {
    for style in [Style::Fast, Style::Warm] {
        for outcome in Outcome::ALL {
            let (question, _) = ends(&shop(), &after(Some("hours")), *outcome, &Lang::en(), style);
            let question = question.unwrap();
            assert_eq!(question.line, style == Style::Warm);
            assert!(!question.used_for.is_empty() && !question.ask.contains('{'));
            assert!((2..=3).contains(&question.taps.len()));
        }
    }
}

#[test]
fn without_a_question_that_fits_the_reason_says_so() {
    let mut catalog = shop();
    catalog.questions.clear();
    let (question, because) = ends(
        &catalog,
        &after(None),
        Outcome::Expired,
        &Lang::es(),
        Style::Warm,
    );
    assert_eq!((question, because.as_str()), (None, "no_question_fits"));
}

#[test]
fn each_kind_of_opinion_has_its_reply() {
    let nobody = People::Nobody {
        reply_by: None,
        when: String::new(),
        full: false,
    };
    let state = after(Some("hours"));
    let here = &People::Available;
    let ways = &["Hablar con una persona", "Horarios", "Dónde está mi pedido"][..];
    let person = &["Hablar con una persona"][..];
    use OpinionKind::{Doubt, Incident, Negative, Neutral, Positive, StillStuck, Suggestion};
    for (kind, case, people, words, buttons) in [
        (Some(Positive), None, here, "Gracias, Atención.", &[][..]),
        (Some(Neutral), None, here, "Lo lee Atención.", &[]),
        (
            Some(Negative),
            Some("M-1"),
            here,
            "Perdón. Lo lee Atención en 48 horas. Caso M-1. ¿Una persona ahora?",
            person,
        ),
        (
            Some(Negative),
            Some("M-1"),
            &nobody,
            "Perdón. Lo lee Atención en 48 horas. Caso M-1.",
            &[],
        ),
        // One case a visitor: the second bad opinion opens none.
        (
            Some(Negative),
            None,
            &nobody,
            "Perdón. Lo lee Atención en 48 horas.",
            &[],
        ),
        (Some(StillStuck), None, &nobody, "Falta algo.", ways),
        (Some(Suggestion), None, here, "Buena idea, Atención.", &[]),
        (Some(Doubt), None, &nobody, "Queda una duda.", ways),
        (
            Some(Incident),
            Some("M-2"),
            here,
            "Culpa nuestra: Atención en 48 horas. Caso M-2. ¿Una persona ahora?",
            person,
        ),
        (None, None, &nobody, "Lo lee Atención.", &[]),
    ] {
        let (reply, choices) = reply_to_opinion(&shop(), &state, kind, case, people);
        assert_eq!(reply, words);
        let titles: Vec<_> = choices.iter().map(|choice| choice.title.as_str()).collect();
        assert_eq!(titles, buttons);
        assert!(
            choices
                .first()
                .is_none_or(|first| first.target == Target::Person)
        );
        let opens = opinion_case(&shop(), &state, kind).is_some();
        assert_eq!(opens, matches!(kind, Some(Negative | Incident)));
    }
}

#[test]
fn a_line_adds_to_the_tap_and_never_turns_it_into_praise() {
    use OpinionKind::{Doubt, Incident, Negative, Neutral, Positive, StillStuck, Suggestion};
    for (tap, line, kind) in [
        (None, None, None),
        (Some(Negative), None, Some(Negative)),
        (None, Some(Positive), Some(Positive)),
        (Some(Negative), Some(Positive), Some(Negative)),
        (Some(Positive), Some(Negative), Some(Positive)),
        (Some(StillStuck), Some(Neutral), Some(StillStuck)),
        (Some(Positive), Some(Suggestion), Some(Suggestion)),
        (Some(Neutral), Some(Doubt), Some(Doubt)),
        (Some(Negative), Some(StillStuck), Some(StillStuck)),
        (Some(Neutral), Some(Incident), Some(Incident)),
    ] {
        assert_eq!(opinion_kind(tap, line), kind, "{tap:?} {line:?}");
    }
}

#[test]
fn every_kind_has_examples_of_its_own_in_both_languages() {
    let mut seen = std::collections::BTreeMap::new();
    let mut lines = std::collections::BTreeSet::new();
    for (kind, lang, text) in opinion_examples() {
        assert!(lines.insert((lang.clone(), text)), "twice: {text}");
        *seen.entry((kind, lang)).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 2 * OpinionKind::ALL.len());
    assert!(seen.values().all(|count| *count >= 55), "{seen:?}");
}

#[test]
fn what_was_changed_at_a_touchpoint_is_told_with_the_next_question_about_it() {
    let mut catalog = shop();
    catalog.texts.clone_from(crate::topics::own_texts());
    let state = after(Some("where_is_my_order"));
    let plain = |es: &str, en: &str| crate::topics::Text {
        by_lang: [("es", es), ("en", en)]
            .map(|(lang, words)| {
                (
                    lang.parse().unwrap(),
                    crate::topics::Wording::Plain(words.to_owned()),
                )
            })
            .into(),
    };
    let improved = crate::improving::Improved {
        said: plain("No se sabe cuándo llega", "Nobody knows when it arrives"),
        did: plain("Ahora se ve el día.", "Now the day is shown."),
    };
    let asked = |at: &dyn Fn(Option<&str>) -> bool| {
        let improved = |touchpoint: Option<&str>| at(touchpoint).then(|| improved.clone());
        let end = Ending {
            now: Timestamp(60_000),
            notice: false,
            by: &Closer::Visitor,
            outcome: Outcome::ResolvedByBot,
            answers: &|_| 0,
            improved: &improved,
        };
        let (asked, _) = choose_question(&catalog, &state, &end, &Lang::es(), Style::Warm);
        asked.unwrap()
    };
    let without = asked(&|_| false);
    let touchpoint = without.touchpoint.clone();
    let with = asked(&|one| one == touchpoint.as_deref());
    let told =
        " La última vez nos dijeron «No se sabe cuándo llega», y lo cambiamos. Ahora se ve el día.";
    assert_eq!(with.used_for, format!("{}{told}", without.used_for));
    assert_eq!(with.ask, without.ask);
}
