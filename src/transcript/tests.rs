//! What a transcript tells, to whom, and that nothing in it can act.

#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use super::*;
use crate::conversation::{Body, Choice, Closer, Event, Opening, Private, Target};
use crate::ids::{AgentId, HandoffReason, Priority, SessionId, Style};
use crate::topics::{Catalog, Reader, own_texts, shop};

/// Monday 23 November 2026, 11:02 in Madrid.
const AT: i64 = 1_795_428_120_000;

fn events(said: &str) -> Vec<Event> {
    let opening = Opening::plain("es".parse().unwrap(), Lang::es());
    let agent = AgentId::from_bytes([7; 16]);
    let bodies = [
        (
            Body::SessionOpened {
                session: SessionId::from_bytes([1; 16]),
                opening,
                choices: vec![Choice {
                    title: "Mi pedido".into(),
                    target: Target::Person,
                }],
            },
            Private::text("Hola, soy Mara."),
        ),
        (
            Body::VisitorSaid {
                client_id: "a".parse().unwrap(),
            },
            Private::text(said),
        ),
        (
            Body::Queued {
                reason: HandoffReason::CustomerRequest,
                team: "gone".parse().unwrap(),
                priority: Priority::Normal,
                skills: Vec::new(),
            },
            Private::default(),
        ),
        (
            Body::Claimed {
                client_id: None,
                agent,
                name: "Marta".into(),
            },
            Private::default(),
        ),
        (
            Body::NoteAdded {
                client_id: "n".parse().unwrap(),
                agent,
                name: "Marta".into(),
            },
            Private::text("cliente difícil"),
        ),
        (
            Body::AgentSaid {
                client_id: "b".parse().unwrap(),
                agent,
                name: "Marta".into(),
                seen: None,
            },
            Private::text("Lo miro.\nUn momento."),
        ),
        (
            Body::Closed {
                client_id: None,
                outcome: Outcome::ResolvedByAgent,
                by: Closer::Agent { agent },
                question: None,
                because: String::new(),
                wrap_up: None,
            },
            Private::default(),
        ),
    ];
    (1..)
        .zip(bodies)
        .map(|(seq, (body, private))| Event {
            seq: Seq(seq),
            at: Timestamp(AT),
            body,
            private,
        })
        .collect()
}

/// A small shop with the built-in words.
fn catalog() -> Catalog {
    Catalog {
        texts: own_texts().clone(),
        ..shop::shop()
    }
}

fn told(said: &str, lang: &Lang, notes: bool) -> Transcript {
    let catalog = catalog();
    let reader = Reader::new(&catalog, &"es".parse().unwrap(), lang, Style::Warm);
    let asked = Asked {
        conversation: ConversationId::from_bytes([9; 16]),
        time_zone: "Europe/Madrid",
        now: Timestamp(AT + 60_000),
        notes,
        base: "https://chat.example.com",
        left_out: 0,
        halves: &Halves::new(),
    };
    transcript(&reader, &asked, &events(said))
}

#[test]
fn a_text_reads_as_it_was_talked() {
    let text = text(&told("¿dónde está?", &Lang::es(), false));
    let expected = "Conversación con Mareas\n\
        Hora de Europe/Madrid. Copia del 23/11/2026, 11:03.\n\
        \n— 23/11/2026, 11:02 —\n\
        \n[11:02] Mara: Hola, soy Mara.\n        (Opciones: Mi pedido)\n\
        [11:02] Visitante: ¿dónde está?\n\
        [11:02] * En la fila para hablar con una persona: gone\n\
        [11:02] * Marta ya está en la conversación\n\
        [11:02] Marta: Lo miro.\n        Un momento.\n\
        [11:02] * La conversación terminó: resuelto\n";
    assert_eq!(text, expected);
}

#[test]
fn english_is_english_throughout() {
    let text = text(&told("where is it", &Lang::en(), false));
    assert!(text.starts_with("Chat with Mareas\nTimes in Europe/Madrid. Saved 2026-11-23, 11:03."));
    assert!(text.contains("[11:02] Visitor: where is it"), "{text}");
    assert!(text.ends_with("The chat ended: resolved\n"), "{text}");
}

#[test]
fn notes_are_for_leads_who_ask_for_them() {
    for (notes, there) in [(false, false), (true, true)] {
        let told = told("hola", &Lang::es(), notes);
        let json = serde_json::to_string(&told).unwrap();
        for written in [html(&told), text(&told), json] {
            assert_eq!(written.contains("difícil"), there, "{written}");
        }
    }
}

#[test]
fn what_people_wrote_stays_text() {
    let evil = r#"<script>alert(1)</script><img src=x onerror='a()'> "&amp;""#;
    let page = html(&told(evil, &Lang::es(), false));
    assert!(
        !page.contains("<script") && !page.contains("<img"),
        "{page}"
    );
    let safe = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;a()&#39;&gt; &quot;&amp;amp;&quot;";
    assert!(page.contains(safe), "{page}");
    assert!(page.contains("<html lang=\"es\">"));
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn the_data_has_ids_times_and_names() {
    let json = serde_json::to_value(told("hola", &Lang::es(), false)).unwrap();
    assert_eq!(json["time_zone"], "Europe/Madrid");
    let session = &json["sessions"][0];
    assert_eq!(session["outcome"], "resolved_by_agent");
    assert_eq!(session["agents"], serde_json::json!(["Marta"]));
    assert_eq!(
        session["teams"][0],
        serde_json::json!({"id": "gone", "name": "gone"})
    );
    let line = &session["lines"][1];
    let expected = serde_json::json!({
        "seq": 2, "at": AT, "time": "2026-11-23T11:02:00+01:00",
        "from": "visitor", "name": "Visitante", "text": "hola"});
    assert_eq!(*line, expected);
}

#[test]
fn what_is_missing_is_said() {
    let catalog = catalog();
    let reader = Reader::new(&catalog, &"es".parse().unwrap(), &Lang::es(), Style::Warm);
    let asked = Asked {
        conversation: ConversationId::from_bytes([9; 16]),
        time_zone: "Nowhere/Land",
        now: Timestamp(AT),
        notes: false,
        base: "https://chat.example.com",
        left_out: 40,
        halves: &Halves::new(),
    };
    let mut late = events("hola").split_off(1);
    late[0].private = Private::default();
    let told = transcript(&reader, &asked, &late);
    let text = text(&told);
    assert!(text.contains("Líneas anteriores que faltan: 40."), "{text}");
    assert!(
        text.contains("[10:02] Visitante: (mensaje borrado)"),
        "{text}"
    );
    assert!(text.contains("Hora de UTC."), "{text}");
    assert!(html(&told).contains("faltan: 40."));
}

/// The close of a session with this code, as it is told.
fn told_close(quiet: Option<bool>, code: &str, lang: &Lang) -> String {
    let mut all = events("hola");
    let Body::Closed {
        question, because, ..
    } = &mut all.last_mut().unwrap().body
    else {
        panic!("the last one closes");
    };
    *because = code.to_owned();
    *question = quiet.map(|quiet| crate::conversation::AskedQuestion {
        id: "q".parse().unwrap(),
        ask: "¿Te sirvió?".to_owned(),
        taps: Vec::new(),
        used_for: String::new(),
        team: "default".parse().unwrap(),
        line: false,
        touchpoint: None,
        stage: None,
        quiet,
        put_because: code.to_owned(),
    });
    let catalog = catalog();
    let reader = Reader::new(&catalog, &"es".parse().unwrap(), lang, Style::Warm);
    let halves = Halves::new();
    let asked = Asked {
        conversation: ConversationId::from_bytes([9; 16]),
        time_zone: "Europe/Madrid",
        now: Timestamp(AT),
        notes: false,
        base: "",
        left_out: 0,
        halves: &halves,
    };
    let told = transcript(&reader, &asked, &all);
    told.sessions[0].lines.last().unwrap().text.clone()
}

#[test]
fn who_was_asked_and_who_was_not_may_read_why() {
    assert_eq!(
        told_close(Some(false), "drawn:30", &Lang::es()),
        "La conversación terminó: resuelto. Al final se preguntó «¿Te sirvió?»: tocó por sorteo, en 30 de cada 100 conversaciones."
    );
    assert_eq!(
        told_close(Some(true), "answered_lately", &Lang::en()),
        "The chat ended: resolved. At the end “¿Te sirvió?” was only left in the closing card: there was an answer not long ago."
    );
    assert_eq!(
        told_close(None, "sensitive_topic", &Lang::es()),
        "La conversación terminó: resuelto. Al final no se preguntó nada: en conversaciones así no se pregunta."
    );
    // A log from before it was decided, and a code of another version.
    for code in ["", "moon_phase:3"] {
        let told = told_close(Some(false), code, &Lang::es());
        assert_eq!(told, "La conversación terminó: resuelto");
    }
    let codes = "everybody few_answers silent drawn:5 not_drawn:5 nobody_there flagged notice too_short asked_this_session case_open \
        answered_lately declined_lately asked_enough";
    for code in codes.split_whitespace() {
        let told = told_close(Some(false), code, &Lang::es());
        assert!(
            told.contains("se preguntó") && !told.contains("why_"),
            "{told}"
        );
    }
}
