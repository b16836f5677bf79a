//! Mail: the answer that follows a visitor who has left, promises that slip, what does not arrive, servers that are away and kills in between.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use ventanilla::config::MailConfig;
use ventanilla::conversation::{Body, Event, Private};
use ventanilla::ids::{AgentId, ConversationId};

use super::mail_kit::{
    HOUR, Letter, MINUTE, comes_by, from_address, get, leaves, leaves_a_message, letters, mail,
    post, takes_the_message, waits_for_an_answer, with_folder, with_server,
};
use super::mail_server::{MailServer, Manner};
use super::support::House;

/// From Monday 11:00 to Tuesday 02:00 in Madrid.
const UNTIL_NIGHT: i64 = 15 * HOUR;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_left_message_is_answered_in_the_morning_and_the_mail_leads_back_to_the_same_thread() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let signed = house.sign_up("Marta", "agent").await;
    house.clock.advance(UNTIL_NIGHT);
    let mut ana = house.visitor().await;
    leaves_a_message(&mut ana).await;
    let conversation = ana.welcome["conversation"].clone();
    let own = ana.token.clone();
    leaves(&house, ana, 0).await;
    drop(signed);
    house.clock.advance(7 * HOUR);
    let signed = house
        .sign_in("marta@mareas.example", "una frase bastante larga")
        .await;
    let mut marta = house.console(signed).await;
    assert_eq!(takes_the_message(&mut marta).await, conversation);
    marta
        .replies(&conversation, "Te enviamos otro hoy mismo.")
        .await;
    marta
        .replies(&conversation, "No hace falta devolver <nada>.")
        .await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);

    let letters = letters(&house, &folder, 1).await;
    let letter = &letters[0];
    assert_eq!(letter.to, "ana@example.org");
    assert_eq!(letter.subject, "Respuesta de Mareas");
    assert!(letter.text.contains("Marta, de Mareas"), "{letter:?}");
    for words in [
        "> Te enviamos otro hoy mismo.",
        "> No hace falta devolver <nada>.",
    ] {
        assert!(letter.text.contains(words), "{letter:?}");
    }
    assert!(letter.html.contains("devolver &lt;nada&gt;"), "{letter:?}");
    assert!(
        !letter.text.contains("hervidor"),
        "no history is quoted: {letter:?}"
    );
    let id = conversation.as_str().unwrap();
    assert!(letter.id.starts_with(&format!("{id}.")), "{letter:?}");
    assert!(letter.id.ends_with("@mareas.example"), "{letter:?}");

    // Being looked at, by a scanner say, does not use it up.
    let link = letter.link("r");
    for _ in 0..2 {
        let (status, page) = get(&house, &link).await;
        assert_eq!(status, 200);
        assert!(
            page.contains("<form method=\"post\"><button>Abrir la conversación</button>"),
            "{page}"
        );
    }
    let (pass, mut again) = comes_by(&house, letter).await;
    assert_eq!(again.welcome["conversation"], conversation);
    // It is not the token of her own device: that one would be led on by a merge.
    assert_eq!(pass["token"], json!(again.token));
    assert_ne!(again.token, own);
    assert_eq!(
        again.sees("agent").await["event"]["text"],
        "Te enviamos otro hoy mismo."
    );
    let (status, page) = post(&house, &link).await;
    assert_eq!(status, 410);
    assert!(!page.contains("data-pass"), "{page}");
    assert_eq!(get(&house, &link).await.0, 410);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_good_for_seven_days_and_opens_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let (mut marta, conversation, _) = waits_for_an_answer(&mut house).await;
    marta.replies(&conversation, "Hola.").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    let link = letters(&house, &folder, 1).await[0].link("r");
    let as_case = link.replacen("/r/", "/c/", 1);
    assert_eq!(get(&house, &as_case).await.0, 410);
    assert_eq!(post(&house, &as_case).await.0, 410);
    assert_eq!(get(&house, &link).await.0, 200);
    house.clock.advance(7 * 24 * HOUR + MINUTE);
    assert_eq!(get(&house, &link).await.0, 410);
    assert_eq!(post(&house, &link).await.0, 410);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_here_or_has_come_back_gets_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let (mut marta, conversation, token) = waits_for_an_answer(&mut house).await;
    marta.replies(&conversation, "Ya sale.").await;
    house.until_metric("mails_queued", 1).await;
    let hello = json!({"type": "hello", "token": token});
    let mut ana = house.visitor_with(hello).await;
    // An answer behind the welcome: now she is known to be here.
    ana.send(json!({"type": "older", "before": 2})).await;
    ana.frame("older").await;
    house.clock.advance(3 * MINUTE);
    house.until_metric("mails_queued", 0).await;
    // Gone again, but what they wrote shows that they have read it.
    marta.replies(&conversation, "¿Algo más?").await;
    house.until_metric("mails_queued", 1).await;
    ana.says_as("ana-back", "No, gracias por todo, ya llegó")
        .await;
    leaves(&house, ana, 1).await;
    house.clock.advance(MINUTE);
    house.until_metric("mails_queued", 0).await;
    house.until_metric("mails_sent", 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_mail_none_is_promised_and_none_can_be_asked_for() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.hears().await;
    ana.asks("Nadie me contesta").await;
    let heard = ana.asks("ana@example.org").await;
    assert_eq!(heard, "Anotado: ana@example.org.");
    ana.send(json!({"type": "mail", "id": "m-1"})).await;
    assert_eq!(ana.frame("error").await["code"], "no_address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_that_slips_tells_the_visitor_by_mail_and_so_does_its_new_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let mut ana = house.visitor().await;
    let promise = leaves_a_message(&mut ana).await;
    let case = promise["event"]["case"].as_str().unwrap().to_owned();
    leaves(&house, ana, 0).await;
    house.until_metric("promises_open", 1).await;
    house.until_metric("promises_overdue", 0).await;
    house.clock.advance(61 * MINUTE);
    house.until_metric("promises_overdue", 1).await;
    house.until_metric("orphans", 0).await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    let late = letters(&house, &folder, 1).await.remove(0);
    assert_eq!(late.subject, "Mareas: se nos pasó el plazo");
    assert!(
        late.text.contains(&case) && late.text.contains("Atención al cliente"),
        "{late:?}"
    );
    // A mail is read later: it names the day.
    assert!(
        late.text.contains("el lunes 23 de noviembre a las 12:00"),
        "{late:?}"
    );

    let link = late.link("c");
    assert_eq!(get(&house, &link).await.0, 200);
    let (status, page) = post(&house, &link).await;
    assert_eq!(status, 200, "{page}");
    for words in [
        &*case,
        "Me llegó el hervidor roto",
        "abierto, fuera de plazo",
        "Atención al cliente",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(
        !page.contains("ana@example.org") && !page.contains("Marta"),
        "{page}"
    );
    assert_eq!(post(&house, &link).await.0, 410);

    let mut marta = house.agent("Marta").await;
    let conversation = takes_the_message(&mut marta).await;
    let by = super::support::MONDAY.0 + 26 * HOUR;
    let moved =
        json!({"type": "move_promise", "conversation": conversation, "case": case, "by": by});
    assert_eq!(marta.acts(moved).await["type"], "ack");
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    let moved = letters(&house, &folder, 2).await.remove(1);
    assert_eq!(moved.subject, "Mareas: nuevo plazo");
    assert!(
        moved.text.contains("el martes 24 de noviembre a las 13:00"),
        "{moved:?}"
    );
    assert_ne!(moved.id, late.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_there_to_download_and_by_mail_and_so_is_the_conversation() {
    let folder = tempfile::tempdir().unwrap();
    let house = with_folder(&folder).await;
    let mut ana = house.visitor().await;
    let promise = leaves_a_message(&mut ana).await;
    let case = promise["event"]["case"].as_str().unwrap().to_owned();
    let address = promise["event"]["receipt"].as_str().unwrap().to_owned();
    let (status, page) = get(&house, &address).await;
    assert_eq!(status, 200);
    let (status, text) = get(&house, &format!("{address}&format=text")).await;
    assert_eq!(status, 200);
    for sheet in [&page, &text] {
        for words in [
            &*case,
            "Me llegó el hervidor roto",
            "el lunes 23 de noviembre a las 11:00",
            "el lunes 23 de noviembre a las 12:00",
        ] {
            assert!(sheet.contains(words), "{words}: {sheet}");
        }
    }
    let other = address.replacen(&case, "M-0000-0000", 1);
    assert_eq!(get(&house, &other).await.0, 403);
    assert_eq!(get(&house, &format!("{address}x")).await.0, 403);

    ana.acts(json!({"type": "mail", "case": case})).await;
    assert_eq!(ana.sees("mail_asked").await["event"]["case"], case);
    let receipt = letters(&house, &folder, 1).await.remove(0);
    assert_eq!(
        receipt.subject,
        format!("Mareas: comprobante del caso {case}")
    );
    assert!(
        receipt.text.contains("Me llegó el hervidor roto"),
        "{receipt:?}"
    );
    assert_eq!(get(&house, &receipt.link("c")).await.0, 200);

    house.clock.advance(1);
    ana.acts(json!({"type": "mail"})).await;
    let transcript = letters(&house, &folder, 2).await.remove(1);
    for words in [
        "Hora de Europe/Madrid.",
        "[11:00] Visitante: Me llegó el hervidor roto",
        "[11:00] Mara: Hola, soy Mara",
        &format!("[11:00] Caso {case}: respuesta antes del 23/11/2026, 12:00."),
    ] {
        assert!(transcript.text.contains(words), "{transcript:?}");
    }
    ana.send(json!({"type": "mail", "id": "m-9", "case": "M-0000-0000"}))
        .await;
    assert_eq!(ana.frame("error").await["code"], "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_gets_no_more_than_so_many_mails_an_hour_and_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::configured(|config| {
        config.limits.pause_ms = 0;
        config.mail = Some(MailConfig {
            folder: Some(folder.path().into()),
            per_hour: Some(2),
            ..mail()
        });
    })
    .await;
    let mut ana = house.visitor().await;
    let promise = leaves_a_message(&mut ana).await;
    let case = promise["event"]["case"].clone();
    for sent in 1..=2 {
        ana.acts(json!({"type": "mail", "case": case})).await;
        house.until_metric("mails_sent", sent).await;
        house.clock.advance(1);
    }
    ana.acts(json!({"type": "mail", "case": case})).await;
    house.until_metric("mails_queued", 1).await;
    // The limit holds over a restart.
    let house = house.restarts().await;
    house.clock.advance(30 * MINUTE);
    house.until_metric("mails_queued", 1).await;
    house.until_metric("mails_sent", 0).await;
    house.clock.advance(31 * MINUTE);
    house.until_metric("mails_sent", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_with_many_conversations_asks_for_so_many_mails_and_all_together_for_so_many() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::configured(|config| {
        config.limits.pause_ms = 0;
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        config.metrics_token = Some("metrics".to_owned());
        config.mail = Some(MailConfig {
            folder: Some(folder.path().into()),
            asks_per_client: Some(2),
            asks_per_hour: Some(3),
            ..mail()
        });
    })
    .await;
    let whole = || json!({"type": "mail"});
    // One household: its devices change their addresses as they like.
    let mut visitors = Vec::new();
    for address in [
        "2001:db8::1",
        "2001:db8::2",
        "2001:db8:0:1::1",
        "203.0.113.7",
    ] {
        let mut visitor = from_address(&house, address).await;
        leaves_a_message(&mut visitor).await;
        visitors.push(visitor);
    }
    let [one, two, three, four] = &mut visitors[..] else {
        panic!("four came");
    };
    let none_such = json!({"type": "mail", "case": "M-0000-0000"});
    assert_eq!(one.tries(none_such).await["code"], "not_found");
    let asked = one.tries_as("mail-1", whole()).await;
    assert_eq!(asked["type"], "ack", "{asked}");
    assert_eq!(one.tries_as("mail-1", whole()).await, asked);
    two.acts(whole()).await;
    for visitor in [&mut *one, two] {
        let refused = visitor.tries_as("mail-2", whole()).await;
        assert_eq!(
            (&refused["code"], &refused["retry"]),
            (&json!("too_many_mails"), &json!(false))
        );
    }
    house.until_metric("mail_asks_refused_client", 2).await;
    three.acts(whole()).await;
    let refused = four.tries(whole()).await;
    assert_eq!(refused["code"], "too_many_mails", "{refused}");
    house.until_metric("mail_asks_refused_all", 1).await;
    house.until_metric("mails_sent", 3).await;
    // What was refused was not stored: the same act counts as new in the next hour.
    house.clock.advance(HOUR);
    let asked = one.tries_as("mail-2", whole()).await;
    assert_eq!(asked["type"], "ack", "{asked}");
    house.until_metric("mails_sent", 4).await;
    house.until_metric("mail_asks_refused_client", 2).await;
}

/// The report of a mail server that a mail did not arrive.
fn report(id: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: hola@mareas.example\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
         --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; ana@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\n\r\n--B--\r\n"
    )
}

/// `ventanilla bounce`, as a mail server's pipe runs it: its exit code.
async fn bounce(house: &House, mail: String) -> Option<i32> {
    let data = house.data().to_owned();
    let run = move || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ventanilla"))
            .args(["bounce", "--data"])
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(mail.as_bytes()).unwrap();
        drop(stdin);
        child.wait().unwrap().code()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bounce_is_shown_to_the_agent() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let (mut marta, conversation, _) = waits_for_an_answer(&mut house).await;
    marta.replies(&conversation, "Ya sale.").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    let id = letters(&house, &folder, 1).await.remove(0).id;
    assert_eq!(
        marta.opens(&conversation).await["card"]["mail_failed"],
        Value::Null
    );

    assert_eq!(bounce(&house, report(&id)).await, Some(0));
    let shown = marta.sees("mail_failed").await;
    assert_eq!(shown["to"], "a…@example.org");
    assert_eq!(shown["status"], "5.1.1");
    assert_eq!(
        marta.opens(&conversation).await["card"]["mail_failed"],
        "5.1.1"
    );
    // Brought again it is the same; another's is none of ours.
    assert_eq!(bounce(&house, report(&id)).await, Some(0));
    house.until_metric("mails_bounced", 1).await;
    let strange = "01930000-0000-7000-8000-000000000001.4@mareas.example";
    assert_eq!(bounce(&house, report(strange)).await, Some(65));
    assert_eq!(
        bounce(&house, report(&id.replace("mareas", "otra"))).await,
        Some(65)
    );
    let page = marta.opens(&conversation).await;
    let events = page["events"].as_array().unwrap();
    let failed = events
        .iter()
        .filter(|event| event["event"]["kind"] == "mail_failed");
    assert_eq!(failed.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_the_server_refuses_is_told_and_not_tried_again() {
    let server = MailServer::open(Manner::KnowsNobody).await;
    let mut house = with_server(&server).await;
    let (mut marta, conversation, _) = waits_for_an_answer(&mut house).await;
    marta.opens(&conversation).await;
    marta.replies(&conversation, "Ya sale.").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    let shown = marta.sees("mail_failed").await;
    assert_eq!(
        (&shown["to"], &shown["status"]),
        (&json!("a…@example.org"), &json!("5.1.1"))
    );
    house.until_metric("mails_failed", 1).await;
    server.now(Manner::Takes);
    house.clock.advance(HOUR);
    house.until_metric("mails_queued", 0).await;
    server.mails(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_mail_server_is_away_nothing_is_lost_and_later_nothing_comes_twice() {
    let server = MailServer::open(Manner::Away).await;
    let mut house = with_server(&server).await;
    let (mut marta, conversation, _) = waits_for_an_answer(&mut house).await;
    marta.replies(&conversation, "Ya sale.").await;
    // Nothing is owed any more, so that the hours that follow bring nothing new.
    let seen = marta.opens(&conversation).await["seq"].clone();
    let close = json!({"type": "close", "conversation": conversation, "outcome": "resolved_by_agent", "seen": seen});
    assert_eq!(marta.acts(close).await["type"], "ack");
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    house.until_metric("mail_works", 0).await;
    let (status, health) = get(&house, "/healthz").await;
    assert_eq!(status, 200, "the process is well");
    assert!(health.contains("mail: nothing goes out since"), "{health}");
    // Away over a restart, and for hours.
    drop(marta);
    let house = house.restarts().await;
    house.until_metric("mails_queued", 1).await;
    for _ in 0..5 {
        house.clock.advance(HOUR);
        house.until_metric("mail_works", 0).await;
        house.until_metric("mails_queued", 1).await;
    }
    server.now(Manner::Takes);
    house.clock.advance(HOUR);
    let mails = server.mails(1).await;
    assert!(Letter::read(&mails[0]).text.contains("> Ya sale."));
    house.until_metric("mails_queued", 0).await;
    assert_eq!(get(&house, "/healthz").await.1, "ok\n");
    let house = house.restarts().await;
    house.clock.advance(HOUR);
    house.until_metric("mails_queued", 0).await;
    server.mails(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_waits_survives_a_restart_and_goes_out_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let (mut marta, conversation, _) = waits_for_an_answer(&mut house).await;
    marta.replies(&conversation, "Ya sale.").await;
    house.until_metric("mails_queued", 1).await;
    let house = house.restarts().await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    letters(&house, &folder, 1).await;
    let house = house.restarts().await;
    house.clock.advance(HOUR);
    house.until_metric("mails_queued", 0).await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_between_sending_and_record_the_same_mail_comes_again_under_the_same_name() {
    let server = MailServer::open(Manner::Silent).await;
    let mut house = with_server(&server).await;
    let (mut marta, conversation, _) = waits_for_an_answer(&mut house).await;
    marta.replies(&conversation, "Ya sale.").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    server.mails(1).await;
    // The server has taken it; we go down before it says so.
    let house = house.restarts().await;
    server.now(Manner::Takes);
    house.clock.advance(MINUTE);
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(3 * MINUTE);
    let mails = server.mails(2).await;
    let (first, second) = (Letter::read(&mails[0]), Letter::read(&mails[1]));
    assert_eq!(first.id, second.id);
    assert_eq!(first.link("r"), second.link("r"));
    house.until_metric("mails_queued", 0).await;
    house.clock.advance(HOUR);
    house.until_metric("mails_sent", 1).await;
    server.mails(2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_conversation_keeps_nobody_elses_mail() {
    let folder = tempfile::tempdir().unwrap();
    let house = with_folder(&folder).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut visitor = house.visitor().await;
        leaves_a_message(&mut visitor).await;
        let id = visitor.welcome["conversation"].as_str().unwrap();
        ids.push(id.parse::<ConversationId>().unwrap());
        leaves(&house, visitor, 0).await;
    }
    // An agent's words are stored, and the server goes down before they are on their way.
    for (id, text) in ids.iter().zip(["Perdido.", "Te enviamos otro."]) {
        let last = house.store().read_last(*id, 1).await.unwrap()[0].seq;
        let said = Event {
            seq: last.next(),
            at: house.clock_now(),
            body: Body::AgentSaid {
                client_id: "words".parse().unwrap(),
                agent: AgentId::from_bytes([7; 16]),
                name: "Marta".to_owned(),
                seen: None,
            },
            private: Private::text(text),
        };
        house.store().append(*id, last, vec![said]).await.unwrap();
    }
    let house = house
        .restarts_after(|store| {
            let db = sled::Config::new()
                .path(store.join("sled"))
                .segment_size(2 * 1024 * 1024)
                .open()
                .unwrap();
            let mut rows = db.iter().map(|row| row.unwrap().0);
            let row = rows
                .find(|key| key[0] == b'E' && key.get(1..17) == Some(ids[0].as_bytes()))
                .unwrap();
            let flip = |value: Option<&[u8]>| {
                let mut value = value.unwrap().to_vec();
                value[3] ^= 0x10;
                Some(value)
            };
            db.update_and_fetch(&row, flip).unwrap();
            db.flush().unwrap();
        })
        .await;
    house.until_metric("mails_unread", 1).await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(2 * MINUTE);
    let letter = letters(&house, &folder, 1).await.remove(0);
    assert!(letter.text.contains("Te enviamos otro."), "{letter:?}");
}
