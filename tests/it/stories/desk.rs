//! The desk at work: offers, transfers, long waits, things put aside, promises. Each hard case of a queue has a story of its own.

use serde_json::{Value, json};
use ventanilla::topics::{Policy, QueueRules, Routing, Team};

use super::client::{Agent, Visitor};
use super::support::House;

/// The house with a team that is offered what waits.
async fn offering() -> House {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    house.team(|team| team.routing.policy = Policy::LongestIdle);
    house
}

/// A house where agents pick by hand.
async fn by_hand(change: impl Fn(&mut Team)) -> House {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    house.team(change);
    house
}

async fn asks_for_a_person(visitor: &mut Visitor) {
    visitor.acts(json!({"type": "ask_person"})).await;
    visitor.sees("queued").await;
}

/// A visitor who asked for a person, and whom this agent has taken: what the queue knew of them.
async fn in_hand(house: &House, agent: &mut Agent) -> (Visitor, Value) {
    let mut visitor = house.visitor().await;
    asks_for_a_person(&mut visitor).await;
    let item = agent.sees_waiting().await;
    agent.takes(&item).await;
    (visitor, item)
}

/// What is offered to this agent.
async fn offered(agent: &mut Agent) -> Value {
    let me = agent.welcome["me"]["id"].clone();
    let mine = move |item: &Value| item["agent"] == me && item["offered_until"].is_number();
    let fits = mine.clone();
    let desk = agent
        .sees_desk_now(move |desk| desk["waiting"].as_array().unwrap().iter().any(&fits))
        .await;
    let waiting = desk["waiting"].as_array().unwrap();
    waiting.iter().find(|item| mine(item)).unwrap().clone()
}

fn person(desk: &Value, name: &str) -> Value {
    let people = desk["people"].as_array().unwrap();
    let found = people.iter().find(|person| person["name"] == name);
    found.cloned().unwrap_or(Value::Null)
}

async fn sets(agent: &mut Agent, status: &str) {
    let answer = agent
        .acts(json!({"type": "status", "status": status}))
        .await;
    assert_eq!(answer["type"], "ack");
}

async fn says(agent: &mut Agent, item: &Value, kind: &str) -> Value {
    agent
        .acts(json!({"type": kind, "conversation": item["conversation"]}))
        .await
}

/// Until when, from the welcome's clock: the house's clock stands still but for what the story moves.
fn at(house: &House, ms: i64) -> i64 {
    use ventanilla::ports::Clock;
    house.clock.now().0 + ms
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_is_accepted_by_the_one_who_is_asked() {
    let mut house = offering().await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    let item = offered(&mut marta).await;
    let mut luis = house.agent("Luis").await;
    let claim = json!({"type": "claim", "conversation": item["conversation"], "seen": item["seq"]});
    assert_eq!(
        luis.acts(claim).await["code"],
        "not_owner",
        "it is offered to somebody else"
    );
    marta.takes(&item).await;
    assert_eq!(ana.sees("joined").await["event"]["name"], "Marta");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_that_runs_out_or_is_declined_goes_to_the_next_one() {
    let mut house = offering().await;
    let mut marta = house.agent("Marta").await;
    house.clock.advance(1_000);
    let mut luis = house.agent("Luis").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    let item = offered(&mut marta).await;
    house.clock.advance(30_000);
    let next = offered(&mut luis).await;
    assert_eq!(next["conversation"], item["conversation"]);
    assert_eq!(next["since"], item["since"], "the waiting time is kept");
    assert_eq!(says(&mut luis, &next, "decline").await["type"], "ack");
    luis.sees_desk(|desk| desk["waiting"][0]["agent"].is_null())
        .await;
    // Both let it pass: they are asked again after a while, the visitor is not forgotten.
    house.clock.advance(120_000);
    let again = offered(&mut marta).await;
    marta.takes(&again).await;
    ana.sees("joined").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lets_two_offers_run_out_is_left_in_peace_until_they_touch_their_status() {
    let mut house = offering().await;
    house.team(|team| {
        team.routing = Routing {
            policy: Policy::RoundRobin,
            ..Routing::default()
        };
    });
    let mut marta = house.agent("Marta").await;
    let mut visitors = Vec::new();
    for _ in 0..3 {
        let mut visitor = house.visitor().await;
        asks_for_a_person(&mut visitor).await;
        visitors.push(visitor);
    }
    marta
        .sees_desk_now(|desk| {
            let waiting = desk["waiting"].as_array().unwrap();
            waiting.len() == 3 && waiting.iter().all(|item| item["agent"].is_string())
        })
        .await;
    house.clock.advance(30_000);
    marta
        .sees_desk(|desk| {
            let waiting = desk["waiting"].as_array().unwrap();
            waiting.iter().all(|item| item["agent"].is_null())
        })
        .await;
    house.clock.advance(180_000);
    sets(&mut marta, "online").await;
    offered(&mut marta).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_offered_more_than_their_capacity() {
    let mut house = offering().await;
    let mut marta = house.agent("Marta").await;
    let mut visitors = Vec::new();
    for _ in 0..6 {
        let mut visitor = house.visitor().await;
        asks_for_a_person(&mut visitor).await;
        visitors.push(visitor);
    }
    let desk = marta
        .sees_desk_now(|desk| {
            let waiting = desk["waiting"].as_array().unwrap();
            let asked = waiting.iter().filter(|item| item["agent"].is_string());
            let capacity = person(desk, "Marta")["capacity"].as_u64();
            waiting.len() == 6 && Some(asked.count() as u64) >= capacity
        })
        .await;
    let me = person(&desk, "Marta");
    assert_eq!(me["busy"], me["capacity"], "{me}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn agents_come_back_and_the_backlog_is_drained() {
    let mut house = offering().await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    let first = offered(&mut marta).await;
    sets(&mut marta, "away").await;
    marta
        .sees_desk(|desk| desk["waiting"][0]["agent"].is_null())
        .await;
    sets(&mut marta, "online").await;
    house.clock.advance(121_000);
    let again = offered(&mut marta).await;
    assert_eq!(again["conversation"], first["conversation"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_needs_a_note_and_the_colleague_must_accept() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let mut luis = house.agent("Luis").await;
    let (mut ana, item) = in_hand(&house, &mut marta).await;
    ana.sees("joined").await;
    let mut transfer = json!({
        "type": "transfer", "conversation": item["conversation"], "team": "logistics",
        "colleague": luis.welcome["me"]["id"],
    });
    assert_eq!(marta.acts(transfer.clone()).await["code"], "note_needed");
    transfer["note"] = json!("Pide el reembolso del envío, ya verifiqué el pedido.");
    assert_eq!(marta.acts(transfer).await["type"], "ack");
    let told = ana.sees("transferred").await;
    // Luis is only asked: that he has it is told when he does.
    assert_eq!(told["event"]["team"], "Envíos");
    assert_eq!(told["event"]["colleague"], Value::Null);

    let asked = offered(&mut luis).await;
    assert_eq!(asked["team"], "logistics");
    assert_eq!(asked["since"], item["since"], "the waiting time is kept");
    // Who sends it and why is on the offer, before it is accepted.
    assert_eq!(asked["handed"]["name"], "Marta");
    let note = asked["handed"]["note"].as_str().unwrap();
    assert!(note.contains("ya verifiqué"), "{note}");
    let page = luis.opens(&asked["conversation"]).await;
    let events = page["events"].as_array().unwrap();
    let handed = events
        .iter()
        .find(|event| event["event"]["kind"] == "transferred")
        .unwrap();
    assert!(
        handed["event"]["note"]
            .as_str()
            .unwrap()
            .contains("reembolso")
    );
    luis.takes(&asked).await;
    let desk = luis
        .sees_desk(|desk| desk["assigned"][0]["agent_name"] == "Luis")
        .await;
    assert_eq!(desk["assigned"][0]["handed"], Value::Null, "taken");
    assert_eq!(ana.sees("joined").await["event"]["name"], "Luis");
    let reply = json!({"type": "reply", "conversation": item["conversation"], "text": "hola"});
    assert_eq!(marta.acts(reply).await["code"], "not_owner", "fenced");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_that_nobody_takes_falls_to_the_team() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let mut luis = house.agent("Luis").await;
    sets(&mut luis, "transfer_only").await;
    let (_ana, item) = in_hand(&house, &mut marta).await;
    let transfer = json!({
        "type": "transfer", "conversation": item["conversation"], "team": "logistics",
        "colleague": luis.welcome["me"]["id"], "note": "es de envíos",
    });
    assert_eq!(marta.acts(transfer).await["type"], "ack");
    let asked = offered(&mut luis).await;
    assert_eq!(says(&mut luis, &asked, "decline").await["type"], "ack");
    let desk = marta
        .sees_desk(|desk| {
            desk["waiting"][0]["agent"].is_null() && desk["waiting"][0]["team"] == "logistics"
        })
        .await;
    assert_eq!(desk["waiting"][0]["returned"], true, "at the head");
    assert_eq!(desk["waiting"][0]["handed"]["note"], "es de envíos");
    marta.takes(&desk["waiting"][0]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_in_the_queue_whether_anybody_is_there_is_told_once() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    marta.sees_waiting().await;
    let about = ana.says("es por el pedido").await;
    let asked = ana.says("¿está alguien?").await;
    assert_eq!(asked, about + 1, "what only tells more is told nothing");
    let notice = ana.sees("notice").await;
    assert_eq!(notice["event"]["what"], "still_queued");
    assert!(notice.to_string().contains("en el lugar 1"), "{notice}");
    let again = ana.says("hola?").await;
    assert_eq!(again, asked + 2);
    assert_eq!(
        ana.says("¿hay alguien ahí?").await,
        again + 1,
        "once is enough"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_that_gets_long_is_asked_about_and_decided() {
    let mut house = by_hand(|team| {
        team.queue = QueueRules {
            most: None,
            offer_minutes: Some(3),
            decide_minutes: Some(15),
        };
    })
    .await;
    let _marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    house.clock.advance(3 * 60_000);
    let notice = ana.sees("notice").await;
    assert_eq!(notice["event"]["what"], "long_wait");
    assert_eq!(notice["event"]["choices"].as_array().unwrap().len(), 4);
    ana.acts(json!({"type": "choose", "of": notice["seq"], "option": 0}))
        .await;
    // Whoever chose to wait is asked anew, and not decided over at the old time.
    house.clock.advance(3 * 60_000);
    assert_eq!(ana.sees("notice").await["event"]["what"], "long_wait");
    house.clock.advance(12 * 60_000);
    let promise = ana.sees("promise").await;
    assert!(promise["event"]["case"].as_str().unwrap().len() > 4);
    assert!(!ana.hears().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_long_may_go_back_to_the_assistant() {
    let mut house = by_hand(|team| team.queue.offer_minutes = Some(3)).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    marta.sees_waiting().await;
    house.clock.advance(3 * 60_000);
    let notice = ana.sees("notice").await;
    ana.acts(json!({"type": "choose", "of": notice["seq"], "option": 2}))
        .await;
    ana.sees("left_queue").await;
    marta
        .sees_desk(|desk| desk["waiting"].as_array().unwrap().is_empty())
        .await;
    assert!(ana.asks("¿a qué hora abren?").await.contains("9 a 19"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_takes_a_message_and_says_why() {
    let mut house = by_hand(|team| team.queue.most = Some(1)).await;
    let _marta = house.agent("Marta").await;
    let mut first = house.visitor().await;
    asks_for_a_person(&mut first).await;
    let mut second = house.visitor().await;
    second.acts(json!({"type": "ask_person"})).await;
    let told = second.hears().await;
    assert!(told.contains("esperando"), "{told}");
    second.says("no me llegó el pedido 1000003").await;
    second.says("ana@example.org").await;
    second.sees("promise").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_who_leaves_the_queue_keeps_the_place_for_a_while_and_then_is_owed_an_answer() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    let item = marta.sees_waiting().await;
    let mut ana = {
        let back = ana;
        let next = house.again(&back).await;
        drop(back);
        next
    };
    house.clock.advance(6 * 60_000);
    ana.says("sigo aquí").await;
    let conversation = item["conversation"].clone();
    drop(ana);
    marta.opens(&conversation).await;
    let mut gone = false;
    for _ in 0..20 {
        house.clock.advance(60_000);
        let desk = marta.sees_desk_now(|_| true).await;
        gone = !desk["messages"].as_array().unwrap().is_empty();
        if gone {
            break;
        }
        tokio::task::yield_now().await;
    }
    if !gone {
        marta
            .sees_desk(|desk| !desk["messages"].as_array().unwrap().is_empty())
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_after_the_close_gets_the_same_agent_first() {
    let mut house = offering().await;
    house.team(|team| team.routing.preferred = true);
    let mut luis = house.agent("Luis").await;
    house.clock.advance(1_000);
    let mut marta = house.agent("Marta").await;
    sets(&mut luis, "away").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    let item = offered(&mut marta).await;
    marta.takes(&item).await;
    marta.replies(&item["conversation"], "Hola Ana.").await;
    ana.sees("agent").await;
    let answer = marta.closes(&item["conversation"], 1_000).await;
    assert_eq!(answer["type"], "ack", "{answer}");
    ana.sees("closed").await;
    sets(&mut luis, "online").await;
    house.clock.advance(5 * 60_000);
    ana.says("perdón, falta algo con el pedido 1000003").await;
    ana.sees("reopened").await;
    ana.sees("queued").await;
    let again = offered(&mut marta).await;
    assert_eq!(again["conversation"], item["conversation"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thanks_after_the_close_bring_nobody_back() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let (mut ana, item) = in_hand(&house, &mut marta).await;
    marta.replies(&item["conversation"], "Listo.").await;
    ana.sees("agent").await;
    marta.closes(&item["conversation"], 1_000).await;
    ana.sees("closed").await;
    let words = ana.asks("muchas gracias").await;
    assert!(!words.is_empty());
    let desk = marta.sees_desk_now(|_| true).await;
    assert!(desk["waiting"].as_array().unwrap().len() <= 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_human_word_takes_over_from_the_bot() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    let conversation = ana.welcome["conversation"].clone();
    marta.opens(&conversation).await;
    marta
        .replies(&conversation, "Hola, veo que buscas el horario.")
        .await;
    assert_eq!(ana.sees("joined").await["event"]["name"], "Marta");
    ana.sees("agent").await;
    ana.says("¿a qué hora abren?").await;
    house.clock.advance(5_000);
    marta.replies(&conversation, "De 9 a 19.").await;
    let next = ana.frame("event").await;
    assert_ne!(next["event"]["kind"], "bot", "the bot is silent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiet_visitor_is_nudged_then_closed_but_never_while_we_owe_the_reply() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let (mut ana, item) = in_hand(&house, &mut marta).await;
    marta
        .replies(&item["conversation"], "¿Me das el número de pedido?")
        .await;
    ana.sees("agent").await;
    house.clock.advance(10 * 60_000);
    assert_eq!(ana.sees("notice").await["event"]["what"], "nudge");
    ana.says("1000003").await;
    // Now we owe the reply: silence gives it back to the queue, it never closes.
    house.clock.advance(10 * 60_000);
    assert_eq!(ana.sees("left").await["event"]["cause"], "silent");
    let desk = marta
        .sees_desk(|desk| !desk["waiting"].as_array().unwrap().is_empty())
        .await;
    marta.takes(&desk["waiting"][0]).await;
    marta.replies(&item["conversation"], "Ya lo veo.").await;
    house.clock.advance(10 * 60_000);
    assert_eq!(ana.sees("notice").await["event"]["what"], "nudge");
    house.clock.advance(20 * 60_000);
    assert_eq!(ana.sees("closed").await["event"]["by"], "timer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_aside_comes_back_with_the_time_or_with_the_visitor() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let (mut ana, item) = in_hand(&house, &mut marta).await;
    let snooze = |until: i64| json!({"type": "snooze", "conversation": item["conversation"], "until": until});
    ana.says("no me llegó el pedido").await;
    let owing = marta.acts(snooze(at(&house, 3_600_000))).await;
    assert_eq!(owing["code"], "stale", "they wait for a reply");
    marta
        .replies(&item["conversation"], "Lo miro y te digo.")
        .await;
    assert_eq!(marta.acts(snooze(at(&house, -1))).await["code"], "bad_time");
    assert_eq!(
        marta.acts(snooze(at(&house, 3_600_000))).await["type"],
        "ack"
    );
    marta
        .sees_desk(|desk| desk["assigned"][0]["snoozed_until"].is_number())
        .await;
    // Nobody is nudged or closed meanwhile.
    house.clock.advance(3_600_000);
    marta
        .sees_desk(|desk| desk["assigned"][0]["snoozed_until"].is_null())
        .await;
    assert_eq!(
        marta.acts(snooze(at(&house, 3_600_000))).await["type"],
        "ack"
    );
    marta
        .sees_desk(|desk| desk["assigned"][0]["snoozed_until"].is_number())
        .await;
    ana.says("¿novedades?").await;
    marta
        .sees_desk(|desk| desk["assigned"][0]["snoozed_until"].is_null())
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_aside_is_not_taken_back_when_its_agent_goes_home() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let mut luis = house.agent("Luis").await;
    let (_ana, item) = in_hand(&house, &mut marta).await;
    marta
        .replies(&item["conversation"], "En un rato te digo.")
        .await;
    let until = at(&house, 5 * 3_600_000);
    let aside = json!({"type": "snooze", "conversation": item["conversation"], "until": until});
    assert_eq!(marta.acts(aside).await["type"], "ack");
    let Agent { client, signed } = marta;
    drop(client);
    luis.sees_desk(|desk| {
        desk["people"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["name"] == "Marta" && one["present"] == false)
    })
    .await;
    house.clock.advance(10 * 60_000);
    // She is back, and it is still hers.
    let mut marta = house.console(signed).await;
    let held = marta.welcome["desk"]["assigned"][0].clone();
    assert_eq!(held["agent_name"], "Marta");
    assert_eq!(held["snoozed_until"], until);
    house.clock.advance(5 * 3_600_000);
    marta
        .sees_desk(|desk| desk["assigned"][0]["snoozed_until"].is_null())
        .await;
    let page = marta.opens(&item["conversation"]).await;
    let left = |event: &&Value| event["event"]["event"]["kind"] == "left";
    assert_eq!(page["events"].as_array().unwrap().iter().find(left), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_is_watched_and_nobody_closes_over_it() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    let item = marta.sees_waiting().await;
    marta.opens(&item["conversation"]).await;
    marta.takes(&item).await;
    marta
        .replies(&item["conversation"], "Te aviso antes de las 13.")
        .await;
    let promise = json!({
        "type": "promise", "conversation": item["conversation"],
        "what": "Te aviso cuando salga del depósito", "by": at(&house, 2 * 3_600_000),
    });
    assert_eq!(marta.acts(promise).await["type"], "ack");
    let told = ana.sees("promise").await;
    assert_eq!(told["event"]["what"], "Te aviso cuando salga del depósito");
    let case = told["event"]["case"].clone();
    let close = marta.closes(&item["conversation"], 1_000).await;
    assert_eq!(close["code"], "promise_open");

    let moved = json!({
        "type": "move_promise", "conversation": item["conversation"], "case": case,
        "by": at(&house, 4 * 3_600_000),
    });
    assert_eq!(marta.acts(moved).await["type"], "ack");
    assert_eq!(ana.sees("promise_moved").await["event"]["case"], case);
    ana.says("gracias, espero").await;
    marta.replies(&item["conversation"], "De nada.").await;
    let snooze = json!({"type": "snooze", "conversation": item["conversation"], "until": at(&house, 5 * 3_600_000)});
    assert_eq!(marta.acts(snooze).await["type"], "ack");
    house.clock.advance(3 * 3_600_000);
    assert_eq!(marta.sees("promise_warned").await["case"], case);
    house.clock.advance(3_600_000);
    assert_eq!(ana.sees("promise_late").await["event"]["case"], case);
    let keep = json!({"type": "keep_promise", "conversation": item["conversation"], "case": case});
    assert_eq!(marta.acts(keep).await["type"], "ack");
    assert_eq!(ana.sees("promise_kept").await["event"]["case"], case);
    let close = marta.closes(&item["conversation"], 1_000).await;
    assert_eq!(close["type"], "ack", "{close}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_moves_what_a_colleague_has() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let (mut ana, item) = in_hand(&house, &mut marta).await;
    let transfer =
        json!({"type": "transfer", "conversation": item["conversation"], "team": "logistics"});
    let mut luis = house.agent("Luis").await;
    assert_eq!(
        luis.acts(transfer.clone()).await["code"],
        "not_owner",
        "an agent may not"
    );
    let sol = house.sign_up("Sol", "lead").await;
    let mut sol = house.console(sol).await;
    assert_eq!(sol.acts(transfer).await["type"], "ack");
    ana.sees("transferred").await;
    sol.sees_desk_now(|desk| desk["waiting"][0]["team"] == "logistics")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_visitor_keeps_the_assistant_and_gets_no_person() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let (mut ana, item) = in_hand(&house, &mut marta).await;
    let flag = |level: &str| json!({"type": "flag", "conversation": item["conversation"], "level": level, "reason": "insultos"});
    assert_eq!(
        marta.acts(flag("blocked")).await["code"],
        "forbidden",
        "that is a lead's decision"
    );
    assert_eq!(marta.acts(flag("flagged")).await["type"], "ack");
    let sol = house.sign_up("Sol", "lead").await;
    let mut sol = house.console(sol).await;
    assert_eq!(sol.acts(flag("blocked")).await["type"], "ack");
    // The assistant goes on at once, as the visitor is told.
    ana.sees("returned").await;
    assert_eq!(says(&mut marta, &item, "return").await["code"], "not_owner");
    let refused = ana.tries(json!({"type": "ask_person"})).await;
    assert_eq!(refused["code"], "blocked");
    assert!(ana.asks("¿a qué hora abren?").await.contains("9 a 19"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offers_and_waits_survive_a_restart() {
    let mut house = by_hand(|_| {}).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    asks_for_a_person(&mut ana).await;
    let item = marta.sees_waiting().await;
    let signed = marta.signed;
    let token = ana.token.clone();
    let house = house.restarts().await;
    house.team(|team| team.routing.policy = Policy::LongestIdle);
    let mut marta = house.console(signed).await;
    let again = offered(&mut marta).await;
    assert_eq!(again["conversation"], item["conversation"]);
    assert_eq!(again["since"], item["since"]);
    let mut ana = house
        .visitor_with(json!({"type": "hello", "token": token}))
        .await;
    assert_eq!(ana.frame("queue").await["position"], 1);
}
