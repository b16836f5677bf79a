//! The demo company's questions: one row a situation, in each register.

use super::{after, ends};
use crate::conversation::{AskedQuestion, Opening, State};
use crate::ids::{AgentId, HandoffReason, Lang, OpinionKind, Outcome, Stage, Style};
use crate::listening::place_arrival;
use crate::topics::Catalog;
use crate::topics::tests::demo::mareas;

/// Ends a session in a register, as its site would have it.
fn asked(
    catalog: &mut Catalog,
    mut state: State,
    outcome: Outcome,
    register: &str,
    style: Style,
) -> (AskedQuestion, String) {
    let tag: Lang = register.parse().unwrap();
    let opening = &mut state.session.as_mut().unwrap().opening;
    if tag.base() == Lang::es() {
        catalog
            .assistant
            .sites
            .get_mut(&opening.site)
            .unwrap()
            .register = tag.clone();
    }
    opening.style = style;
    let (question, because) = ends(catalog, &state, outcome, &tag.base(), style);
    (question.unwrap(), because)
}

fn arrived(page: &str) -> State {
    let mut state = after(None);
    opening(&mut state).page = Some(page.to_owned());
    place_arrival(&mareas().journey, opening(&mut state));
    state
}

fn opening(state: &mut State) -> &mut Opening {
    &mut state.session.as_mut().unwrap().opening
}

fn staged(stage: Stage) -> State {
    let mut state = after(None);
    opening(&mut state).stage = Some(stage);
    state
}

/// A session that an agent ended, after this reason for bringing one.
fn by_person(handoff: HandoffReason) -> State {
    let mut state = after(Some("damaged_item"));
    state.last_agent = Some((AgentId::from_bytes([5; 16]), "Marta".to_owned()));
    let session = state.session.as_mut().unwrap();
    session.agent_wrote = true;
    session.handoff = Some(handoff);
    state
}

#[test]
fn each_situation_has_its_question_in_each_register() {
    use Outcome::{Expired, LeftMessage, Referred, ResolvedByAgent, ResolvedByBot, Unresolved};
    use Style::{Fast, Warm};
    // Situation, outcome, style, why; then es, es-AR and es-usted where they differ, en; the taps in Spanish.
    type Row = (
        State,
        Outcome,
        Style,
        &'static str,
        [&'static str; 4],
        &'static str,
    );
    let rows: Vec<Row> = vec![
        (
            after(None),
            ResolvedByBot,
            Fast,
            "outcome:resolved_by_bot",
            ["¿Te sirvió?", "", "¿Le sirvió?", "Did this help?"],
            "Sí|No",
        ),
        (
            after(None),
            ResolvedByBot,
            Warm,
            "outcome:resolved_by_bot",
            [
                "¿Se resolvió lo que necesitabas?",
                "",
                "¿Se resolvió lo que necesitaba?",
                "Did you get what you needed?",
            ],
            "Sí|A medias|No",
        ),
        (
            by_person(HandoffReason::CustomerRequest),
            ResolvedByAgent,
            Warm,
            "outcome:resolved_by_agent",
            [
                "¿Cómo resultó la atención de Marta?",
                "",
                "",
                "How was your chat with Marta?",
            ],
            "Bien|Regular|Mal",
        ),
        (
            by_person(HandoffReason::RepeatedFailure),
            ResolvedByAgent,
            Warm,
            "outcome:resolved_by_agent,handoff:repeated_failure",
            [
                "¿Fue fácil llegar a una persona y resolverlo?",
                "",
                "",
                "Was it easy to reach a person and sort this out?",
            ],
            "Fácil|Más o menos|Difícil",
        ),
        (
            after(Some("where_is_my_order")),
            Unresolved,
            Fast,
            "outcome:unresolved",
            [
                "Perdón: hoy no pudimos resolverlo. ¿Qué faltó?",
                "",
                "",
                "Sorry, we could not solve this today. What was missing?",
            ],
            "No se entendió mi consulta|La respuesta no ayudó|Hablar con una persona",
        ),
        (
            after(Some("damaged_item")),
            Expired,
            Warm,
            "outcome:expired",
            [
                "La última vez quedó pendiente «Llegó roto o dañado». ¿Ya está?",
                "",
                "",
                "Last time “It arrived damaged” was left open. Is it sorted?",
            ],
            "Ya está|Seguir ahora|Ya no importa",
        ),
        (
            after(None),
            Expired,
            Warm,
            "outcome:expired",
            [
                "La última vez la conversación quedó a medias. ¿Ya está resuelto?",
                "",
                "",
                "Last time we stopped half-way. Is it sorted?",
            ],
            "Ya está|Seguir ahora|Ya no importa",
        ),
        (
            after(None),
            LeftMessage,
            Warm,
            "outcome:left_message",
            [
                "No había nadie del equipo para responder. ¿Fue fácil dejar el mensaje?",
                "",
                "",
                "Nobody from the team was here to answer. Was it easy to leave the message?",
            ],
            "Fácil|Más o menos|Difícil",
        ),
        (
            after(None),
            Referred,
            Warm,
            "outcome:referred",
            [
                "Esto se resuelve en otro lugar. ¿Quedó claro adónde ir?",
                "",
                "",
                "This is solved elsewhere. Is it clear where to go?",
            ],
            "Sí|A medias|No",
        ),
        (
            staged(Stage::Awareness),
            ResolvedByBot,
            Warm,
            "outcome:resolved_by_bot,stage:awareness",
            [
                "¿Estaba la información que buscabas?",
                "",
                "¿Estaba la información que buscaba?",
                "Was the information you wanted here?",
            ],
            "Sí|En parte|No",
        ),
        (
            staged(Stage::Consideration),
            ResolvedByBot,
            Warm,
            "outcome:resolved_by_bot,stage:consideration",
            [
                "¿Quedó claro qué opción conviene?",
                "",
                "",
                "Is it clear which option suits you?",
            ],
            "Sí|Más o menos|No",
        ),
        (
            staged(Stage::Purchase),
            ResolvedByBot,
            Warm,
            "outcome:resolved_by_bot,stage:purchase",
            [
                "¿Pudiste terminar la compra sin problemas?",
                "",
                "¿Pudo terminar la compra sin problemas?",
                "Could you finish your purchase without trouble?",
            ],
            "Sí|Con problemas|No",
        ),
        (
            after(Some("warranty_and_repair")),
            ResolvedByBot,
            Warm,
            "touchpoint:product_in_hand,outcome:resolved_by_bot",
            ["¿Quedó funcionando?", "", "", "Is it working now?"],
            "Sí|A medias|No",
        ),
        (
            staged(Stage::Loyalty),
            ResolvedByBot,
            Warm,
            "outcome:resolved_by_bot,stage:loyalty",
            [
                "¿Recibiste el trato que esperabas?",
                "",
                "¿Recibió el trato que esperaba?",
                "Were you treated as you expected?",
            ],
            "Sí|Más o menos|No",
        ),
        (
            arrived("/checkout/card"),
            ResolvedByBot,
            Warm,
            "touchpoint:checkout,outcome:resolved_by_bot",
            [
                "¿Pudiste pagar sin trabas?",
                "",
                "¿Pudo pagar sin trabas?",
                "Could you pay without trouble?",
            ],
            "Sí|Con trabas|No",
        ),
        (
            after(Some("where_is_my_order")),
            ResolvedByBot,
            Warm,
            "topic:where_is_my_order",
            [
                "¿Quedó claro dónde está tu pedido y cuándo llega?",
                "",
                "¿Quedó claro dónde está su pedido y cuándo llega?",
                "Is it clear where your order is and when it arrives?",
            ],
            "Sí|A medias|No",
        ),
        (
            after(Some("formal_complaint")),
            ResolvedByBot,
            Warm,
            "topic:formal_complaint",
            [
                "¿Qué pasó, en pocas palabras?",
                "",
                "",
                "What happened, in a few words?",
            ],
            "",
        ),
    ];
    let mut catalog = mareas();
    for (state, outcome, style, why, words, taps) in rows {
        for (register, wanted) in ["es", "es-AR", "es-usted", "en"].into_iter().zip(words) {
            let wanted = if wanted.is_empty() { words[0] } else { wanted };
            let (question, because) = asked(&mut catalog, state.clone(), outcome, register, style);
            assert_eq!(
                (question.ask.as_str(), because.as_str()),
                (wanted, why),
                "{register}"
            );
            assert!(!question.used_for.is_empty() && !question.used_for.contains('{'));
            assert_eq!(question.line, style == Warm);
            if register == "es" {
                let labels: Vec<_> = question.taps.iter().map(|tap| tap.label.as_str()).collect();
                assert_eq!(labels.join("|"), taps, "{wanted}");
            }
        }
    }
}

#[test]
fn the_fast_style_is_one_tap_of_two_and_tells_no_story() {
    let mut catalog = mareas();
    for topic in catalog.topics.keys().cloned().collect::<Vec<_>>() {
        for outcome in Outcome::ALL {
            let state = after(Some(topic.as_str()));
            let sensitive = catalog.topics[&topic].sensitive;
            if sensitive {
                continue;
            }
            let (question, _) = asked(&mut catalog, state, *outcome, "es", Style::Fast);
            assert!(
                !question.line && question.taps.len() >= 2,
                "{topic} {outcome}"
            );
            let kinds: Vec<_> = question.taps.iter().map(|tap| tap.kind).collect();
            assert!(
                !kinds.contains(&OpinionKind::Neutral),
                "{topic} {outcome}: {kinds:?}"
            );
        }
    }
}

#[test]
fn the_touchpoint_is_what_the_page_declares_else_its_path_else_the_channel() {
    let journey = mareas().journey;
    for (declared, page, channel, touchpoint, stage) in [
        (
            None,
            Some("/products/boots"),
            "web",
            Some("catalogue"),
            Some(Stage::Consideration),
        ),
        (
            Some("checkout"),
            Some("/products/boots"),
            "web",
            Some("checkout"),
            Some(Stage::Purchase),
        ),
        (
            Some("fair_in_may"),
            Some("/products/boots"),
            "web",
            Some("fair_in_may"),
            None,
        ),
        (None, None, "rest", Some("messaging"), None),
        (None, Some("/nowhere"), "web", None, None),
    ] {
        let mut state = after(None);
        let opening = opening(&mut state);
        opening.touchpoint = declared.map(str::to_owned);
        opening.page = page.map(str::to_owned);
        opening.channel = channel.to_owned();
        place_arrival(&journey, opening);
        assert_eq!(
            (opening.touchpoint.as_deref(), opening.stage),
            (touchpoint, stage),
            "{page:?}"
        );
    }
    // What the page says of the stage stays.
    let mut state = staged(Stage::Loyalty);
    opening(&mut state).page = Some("/checkout".to_owned());
    place_arrival(&journey, opening(&mut state));
    assert_eq!(opening(&mut state).stage, Some(Stage::Loyalty));
}
