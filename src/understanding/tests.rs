//! The engine from outside: a shop of six topics in Spanish and English, as people write to it.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::conversation::{Reason, Verdict};
use crate::ids::{Lang, TopicId};
use crate::topics::{ListValue, SlotKind, SlotRule};

const TOPICS: &[(&str, &str, &str)] = &[
    (
        "where_is_my_order",
        "¿dónde está mi pedido?\n¿cuándo llega mi compra?\n¿por dónde va mi paquete?\nquiero saber el estado de mi envío\n\
         [todavía] no (llegó|llegaron|me llega) [mi] {item}\nno me llegó nada todavía\nseguimiento del envío\nrastrear mi paquete",
        "where is my order\nwhen will my package arrive\ntrack my parcel\nhas my order shipped yet\nmy {item} (has|have) not arrived\n\
         what's the status of my delivery\nis it on its way\nI have not received anything yet",
    ),
    (
        "return_or_withdraw",
        "quiero devolver mi compra\n¿cómo hago una devolución?\nme arrepentí de la compra\nno me gustó, lo quiero devolver\n\
         plazo para devolver un producto\n¿puedo devolver los zapatos?\nnecesito hacer un cambio por otro dinero, devolución",
        "I want to return my purchase\nhow do I send something back\nI changed my mind about the shoes\nreturn policy\n\
         can I return these boots\nhow long do I have to return an item",
    ),
    (
        "cancel_order",
        "quiero cancelar mi pedido\ncancelen la compra por favor\nanular el pedido\nya no lo quiero, no lo manden\n¿puedo cancelar?\n\
         me equivoqué al comprar, cancélenlo",
        "cancel my order\nplease cancel the purchase\nI don't want it anymore, do not ship it\ncan I still cancel\n\
         I ordered by mistake, cancel it",
    ),
    (
        "payment_methods",
        "¿cómo puedo pagar?\n¿aceptan tarjeta?\nmedios de pago\n¿se puede pagar en cuotas?\n¿aceptan transferencia?\n¿tienen pago con Bizum?",
        "how can I pay\ndo you accept credit cards\npayment methods\ncan I pay in instalments\ndo you take bank transfer",
    ),
    (
        "stores_and_hours",
        "¿a qué hora abren?\n¿dónde queda la tienda?\nhorario de atención\n¿abren los domingos?\ndirección del local\n¿tienen tienda en Madrid?",
        "what are your opening hours\nwhere is the shop\nare you open on Sunday\nstore address\nwhen do you close",
    ),
    (
        "talk_to_person",
        "quiero hablar con una persona\npásame con un agente\nnecesito un humano\nque me atienda alguien\nhablar con atención al cliente",
        "I want to talk to a person\nconnect me to an agent\nhuman please\nlet me speak to somebody\nreal person",
    ),
];

pub(super) fn topic(name: &str) -> TopicId {
    name.parse().unwrap()
}

pub(super) fn rule(kind: SlotKind, pattern: Option<&str>) -> SlotRule {
    SlotRule {
        kind,
        pattern: pattern.map(str::to_owned),
        min: None,
        max: None,
        values: Vec::new(),
    }
}

fn shop() -> Corpus {
    let lines = |lang: Lang, text: &str| -> Vec<Example> {
        text.lines()
            .map(|line| Example::line(lang.clone(), line.trim()))
            .collect()
    };
    let topics = TOPICS.iter().map(|&(name, es, en)| CorpusTopic {
        id: topic(name),
        examples: [lines(Lang::es(), es), lines(Lang::en(), en)].concat(),
        patterns: match name {
            "where_is_my_order" => vec![
                r"^(mi |el |my )?(pedido|orden|order) ?#?(?<order_number>\d{7})$".into(),
                r"\b(pedido|órden|order)\s*#?(?<order_number>\d{7})\b".into(),
            ],
            _ => Vec::new(),
        },
        slots: match name {
            "where_is_my_order" => vec![
                (
                    "order_number".parse().unwrap(),
                    rule(SlotKind::Number, Some(r"\d{7}")),
                ),
                ("email".parse().unwrap(), rule(SlotKind::Email, None)),
            ],
            _ => Vec::new(),
        },
        floor: 0.0,
        sensitive: name == "product_danger",
    });
    let value = |value: &str, es: &str, en: &str| ListValue {
        value: value.into(),
        synonyms: [
            (Lang::es(), es.split(',').map(str::to_owned).collect()),
            (Lang::en(), en.split(',').map(str::to_owned).collect()),
        ]
        .into(),
    };
    let items = vec![
        value("shoes", "zapatos,calzado", "shoes"),
        value("boots", "botas,botines", "boots,ankle boots"),
    ];
    Corpus {
        topics: topics.collect(),
        lists: [("item".to_owned(), items)].into(),
        ..Corpus::default()
    }
}

pub(super) static SHOP: LazyLock<Engine> = LazyLock::new(|| Engine::train(&shop()).unwrap());

fn read(text: &str, lang: &Lang) -> Reading {
    SHOP.understand(text, &Context::fresh(lang))
}

fn nearest(reading: &Reading) -> &str {
    reading
        .understood
        .nearest
        .first()
        .map_or("", |scored| scored.topic.as_str())
}

#[test]
fn people_are_understood_as_they_type() {
    for (text, lang, wanted) in [
        ("donde esta mi pedio", "es", "where_is_my_order"),
        ("DÓNDE ESTÁ MI PEDIDO???", "es", "where_is_my_order"),
        (
            "hola, queria saber cuando me llega la compra",
            "es",
            "where_is_my_order",
        ),
        (
            "che decime por donde viene mi paquete",
            "es",
            "where_is_my_order",
        ),
        ("kiero devolver los zapatos", "es", "return_or_withdraw"),
        (
            "querés decirme cómo hago una debolución?",
            "es",
            "return_or_withdraw",
        ),
        ("cancelame el pedido xfa", "es", "cancel_order"),
        ("aceptan targeta de credito?", "es", "payment_methods"),
        ("q horario tienen los domingos", "es", "stores_and_hours"),
        ("pasame con un humanoooo", "es", "talk_to_person"),
        ("wheres my pakage", "en", "where_is_my_order"),
        ("pls cancle my order", "en", "cancel_order"),
        ("can i pay by card", "en", "payment_methods"),
        ("I'd like to return the boots", "en", "return_or_withdraw"),
        ("let me talk to a real person", "en", "talk_to_person"),
    ] {
        let reading = read(text, &lang.parse().unwrap());
        assert_eq!(nearest(&reading), wanted, "{text}: {reading:?}");
        assert_ne!(
            reading.understood.verdict,
            Verdict::OutOfScope,
            "{text}: {reading:?}"
        );
    }
}

#[test]
fn what_is_nobodys_business_is_out_of_scope() {
    for (text, lang) in [
        ("¿quién ganó la liga en 1998?", "es"),
        ("contame un chiste de médicos", "es"),
        ("lkjasd oiqwe zxmn", "es"),
        ("what is the tallest mountain in Africa", "en"),
        ("write me a song about rain", "en"),
        ("…", "en"),
        ("", "es"),
    ] {
        let reading = read(text, &lang.parse().unwrap());
        assert_eq!(
            reading.understood.verdict,
            Verdict::OutOfScope,
            "{text}: {reading:?}"
        );
    }
}

#[test]
fn an_example_decides_whatever_its_accents_and_case() {
    let reading = read("¡DONDE ESTA MI PEDIDO!", &Lang::es());
    let id = topic("where_is_my_order");
    assert_eq!(
        reading.understood.verdict,
        Verdict::Match { topic: id.clone() }
    );
    assert_eq!(reading.understood.because, [Reason::Example { topic: id }]);
    assert_eq!(reading.understood.nearest[0].confidence, 1.0);
}

#[test]
fn a_pattern_decides_when_it_covers_the_message_and_fills_a_slot_when_it_covers_a_part() {
    let whole = read("Pedido #1234567.", &Lang::es());
    assert!(
        matches!(
            &whole.understood.because[0],
            Reason::Pattern { whole: true, .. }
        ),
        "{whole:?}"
    );
    let part = read(
        "hola, ¿me dicen cuándo llega el pedido 1234567? soy ana@example.org",
        &Lang::es(),
    );
    assert_eq!(
        part.understood.verdict.topic(),
        Some(&topic("where_is_my_order")),
        "{part:?}"
    );
    let value = |name: &str| {
        part.found
            .iter()
            .find(|found| found.name.as_str() == name)
            .map(|found| found.value.as_str())
    };
    assert_eq!(value("order_number"), Some("1234567"));
    assert_eq!(value("email"), Some("ana@example.org"));
}

#[test]
fn a_template_decides_only_with_values_of_its_list() {
    let listed = read("todavía no llegaron mis botines", &Lang::es());
    assert_eq!(nearest(&listed), "where_is_my_order");
    let exact = read("Todavía no me llega: mi calzado", &Lang::es());
    assert!(
        matches!(&exact.understood.because[..], [Reason::Template { template, .. }] if template.contains("{item}")),
        "{exact:?}"
    );
    let other = read("no me llega mi felicidad", &Lang::es());
    assert!(
        !other
            .understood
            .because
            .iter()
            .any(|reason| matches!(reason, Reason::Template { .. }))
    );
}

#[test]
fn the_language_is_the_messages_but_short_ones_keep_the_sessions() {
    for (text, session, lang) in [
        ("where is my order please", "es", "en"),
        ("quiero devolver los zapatos", "en", "es"),
        ("ok", "es-AR", "es-AR"),
        ("no", "en", "en"),
        ("dónde está mi pedido", "es-AR", "es-AR"),
    ] {
        let reading = read(text, &session.parse().unwrap());
        assert_eq!(reading.understood.lang.as_str(), lang, "{text}");
    }
    // Half and half: the telling word decides, whichever the session.
    for session in [Lang::es(), Lang::en()] {
        assert_eq!(
            nearest(&read("hola, can I return los zapatos?", &session)),
            "return_or_withdraw"
        );
        assert_eq!(
            nearest(&read("quiero cancelar my order", &session)),
            "cancel_order"
        );
    }
}

#[test]
fn choices_just_offered_are_taken_by_number_or_name() {
    let offered = [
        Offered {
            label: "Cancelar el pedido".into(),
            topic: Some(topic("cancel_order")),
        },
        Offered {
            label: "Hablar con una persona".into(),
            topic: Some(topic("talk_to_person")),
        },
    ];
    let session = Lang::es();
    let context = Context {
        offered: &offered,
        ..Context::fresh(&session)
    };
    for (text, index, wanted) in [
        ("la segunda", 1, "talk_to_person"),
        ("1", 0, "cancel_order"),
        ("una persona", 1, "talk_to_person"),
    ] {
        let reading = SHOP.understand(text, &context);
        if text == "una persona" {
            // Half of the label is not most of it, but it is what the topic is about.
            assert_eq!(nearest(&reading), wanted);
            continue;
        }
        assert_eq!(reading.choice, Some(index), "{text}");
        assert_eq!(
            reading.understood.verdict.topic(),
            Some(&topic(wanted)),
            "{text}"
        );
    }
    assert_eq!(
        SHOP.understand("¿dónde está mi pedido?", &context).choice,
        None
    );
}

#[test]
fn an_open_form_gets_its_answer_and_a_digression_is_still_seen() {
    let (name, rule) = (
        "order_number".parse().unwrap(),
        rule(SlotKind::Number, Some(r"\d{7}")),
    );
    let session = Lang::es();
    let context = Context {
        expecting: Expecting::Slot {
            name: &name,
            rule: &rule,
        },
        ..Context::fresh(&session)
    };
    let answer = SHOP.understand("es el 1234567, gracias", &context);
    assert_eq!(
        answer.answer.map(|found| found.value).as_deref(),
        Some("1234567")
    );
    let digression = SHOP.understand("antes dime: ¿abren los domingos?", &context);
    assert_eq!(digression.answer, None);
    assert_eq!(nearest(&digression), "stores_and_hours");
    let asked = Context {
        expecting: Expecting::YesNo,
        ..Context::fresh(&session)
    };
    let yes = SHOP.understand("sí, dale", &asked);
    assert_eq!(yes.yes_no, Some(true));
    assert!(yes.understood.because.contains(&Reason::Context {
        kind: "yes_no".into()
    }));
}

#[test]
fn the_same_corpus_gives_the_same_engine() {
    let again = Engine::train(&shop()).unwrap();
    assert_eq!(again.model_hash(), SHOP.model_hash());
    for text in [
        "donde esta mi pedio",
        "cancle my order",
        "¿quién ganó la liga?",
    ] {
        assert_eq!(
            read(text, &Lang::es()),
            again.understand(text, &Context::fresh(&Lang::es()))
        );
    }
    let mut other = shop();
    other.topics[0].examples.pop();
    assert_ne!(
        Engine::train(&other).unwrap().model_hash(),
        SHOP.model_hash()
    );
}

#[test]
fn what_was_learnt_can_be_kept_and_nothing_else_is_taken_for_it() {
    let bytes = SHOP.learnt();
    let restored = Engine::restore(&shop(), &bytes).unwrap();
    assert_eq!(restored.model_hash(), SHOP.model_hash());
    for text in [
        "donde esta mi pedio",
        "cancle my order",
        "¿quién ganó la liga?",
    ] {
        let read_again = restored.understand(text, &Context::fresh(&Lang::es()));
        assert_eq!(read(text, &Lang::es()), read_again);
    }
    let refused = |bytes: &[u8]| Engine::restore(&shop(), bytes).err();
    assert_eq!(refused(b"{}"), Some(NotLearnt::OtherForm));
    for cut in [8, 9, 40, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(refused(&bytes[..cut]), Some(NotLearnt::Damaged), "{cut}");
    }
    for at in [12, 60, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert_eq!(refused(&changed), Some(NotLearnt::Damaged), "{at}");
    }
    let mut other = shop();
    other.topics[0].examples.pop();
    assert_eq!(
        Engine::restore(&other, &bytes).err(),
        Some(NotLearnt::OtherCorpus)
    );
    other.topics[0].patterns.push("(".to_owned());
    let of_other = Engine::restore(&other, &bytes).err();
    assert_eq!(of_other, Some(NotLearnt::OtherCorpus));
}

#[test]
fn word_vectors_read_what_no_example_says_and_can_be_switched_off() {
    let with = Engine::train(&shop()).unwrap();
    let mut plain = shop();
    plain.settings.word_vectors = false;
    let without = Engine::train(&plain).unwrap();
    assert_ne!(with.model_hash(), without.model_hash());
    let spanish = Lang::es();
    let fresh = Context::fresh(&spanish);
    let terms = |engine: &Engine, text: &str| -> Vec<String> {
        let because = engine.understand(text, &fresh).understood.because;
        let terms = because.into_iter().find_map(|reason| match reason {
            Reason::Classifier { terms, .. } => Some(terms),
            _ => None,
        });
        terms.unwrap().into_iter().map(|(term, _)| term).collect()
    };
    // No example has one of these words, nor letters like them.
    let text = "¿reintegran el efectivo?";
    assert!(terms(&with, text).iter().any(|term| term.starts_with("≈ ")));
    assert!(
        !terms(&without, text)
            .iter()
            .any(|term| term.starts_with("≈ "))
    );
    let best = |engine: &Engine, text: &str| -> Option<TopicId> {
        let nearest = engine.understand(text, &fresh).understood.nearest;
        nearest.first().map(|first| first.topic.clone())
    };
    let unseen = [
        ("¿qué calle y número es el comercio?", "stores_and_hours"),
        ("¿se abona en efectivo?", "payment_methods"),
        ("¿por qué tarda tanto la mercadería?", "where_is_my_order"),
        ("quisiera charlar con un empleado", "talk_to_person"),
    ];
    let right = |engine: &Engine| {
        let hits = unseen
            .iter()
            .filter(|(text, wanted)| best(engine, text) == Some(topic(wanted)));
        hits.count()
    };
    assert!(
        right(&with) > right(&without),
        "{} {}",
        right(&with),
        right(&without)
    );
}

#[test]
fn the_lines_between_answer_question_and_nothing_can_be_moved() {
    let text = "necesito devolver unas botas que compré";
    let engine = |answer: f32, ask: f32| {
        let mut moved = shop();
        moved.settings.thresholds.answer = answer;
        moved.settings.thresholds.ask = ask;
        Engine::train(&moved).unwrap()
    };
    let verdict = |engine: &Engine| {
        let spanish = Lang::es();
        engine
            .understand(text, &Context::fresh(&spanish))
            .understood
            .verdict
    };
    let wanted = topic("return_or_withdraw");
    assert_eq!(
        verdict(&SHOP),
        Verdict::Match {
            topic: wanted.clone()
        }
    );
    assert_eq!(verdict(&engine(1.0, 1.0)), Verdict::OutOfScope);
    let Verdict::Ambiguous { topics } = verdict(&engine(1.0, 0.2)) else {
        panic!("{:?}", verdict(&engine(1.0, 0.2)));
    };
    assert_eq!(topics.first(), Some(&wanted));
    assert!((2..=3).contains(&topics.len()), "{topics:?}");
}

#[test]
fn an_explanation_names_words_and_the_threshold() {
    let reading = read("me dirían el estado de mi pedio, por favor", &Lang::es());
    let because = &reading.understood.because;
    assert!(
        because.contains(&Reason::Repaired { words: 1 }),
        "{because:?}"
    );
    let Some(Reason::Classifier {
        terms,
        threshold,
        logit,
        ..
    }) = because.last()
    else {
        panic!("{because:?}");
    };
    assert!(threshold.is_finite() && logit.is_finite());
    assert!(!terms.is_empty() && terms.len() <= 8);
    assert!(
        terms
            .iter()
            .any(|(term, by)| term.contains("pedido") || term.contains("estado") && *by > 0.0),
        "{terms:?}"
    );
}

#[test]
fn faults_of_a_corpus_are_all_reported() {
    assert_eq!(
        Engine::train(&Corpus::default()).err().unwrap()[0].fault,
        Fault::Empty
    );
    let mut bad = shop();
    bad.topics[0].patterns.push("(abc".into());
    bad.topics[1]
        .examples
        .push(Example::line(Lang::es(), "quiero [devolver"));
    let twin = bad.topics[2].clone();
    bad.topics.push(twin);
    let errors = Engine::train(&bad).err().unwrap();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(
        errors.iter().any(|error| error.to_string()
            == "return_or_withdraw: \"quiero [devolver\": `[` has no partner")
    );
}

#[test]
fn a_bot_of_one_topic_and_one_language_still_declines() {
    let corpus = Corpus {
        topics: shop().topics.into_iter().take(1).collect(),
        ..shop()
    };
    let one = Engine::train(&corpus).unwrap();
    let session = Lang::es();
    let verdict = |text: &str| {
        one.understand(text, &Context::fresh(&session))
            .understood
            .verdict
    };
    assert_eq!(
        verdict("donde anda mi pedido"),
        Verdict::Match {
            topic: topic("where_is_my_order")
        }
    );
    assert_eq!(verdict("contame un chiste de médicos"), Verdict::OutOfScope);
}

#[test]
fn a_topic_below_its_floor_is_asked_about() {
    let mut corpus = shop();
    for topic in &mut corpus.topics {
        topic.floor = 1.0;
    }
    let engine = Engine::train(&corpus).unwrap();
    let session = Lang::es();
    let read = |text: &str| {
        engine
            .understand(text, &Context::fresh(&session))
            .understood
    };
    let Verdict::Ambiguous { topics } = read("donde anda mi pedido").verdict else {
        panic!("answered or declined");
    };
    assert_eq!(topics[0], topic("where_is_my_order"));
}

#[test]
fn a_bot_of_patterns_alone_works() {
    let corpus = Corpus {
        topics: vec![CorpusTopic {
            id: topic("hours"),
            examples: Vec::new(),
            patterns: vec!["horarios?".into()],
            slots: Vec::new(),
            sensitive: false,
            floor: 0.0,
        }],
        ..Corpus::default()
    };
    let engine = Engine::train(&corpus).unwrap();
    let session = Lang::es();
    let verdict = |text: &str| {
        engine
            .understand(text, &Context::fresh(&session))
            .understood
            .verdict
    };
    assert_eq!(
        verdict("¿Horario?"),
        Verdict::Match {
            topic: topic("hours")
        }
    );
    assert_eq!(verdict("hola"), Verdict::OutOfScope);
}

#[test]
fn the_longest_message_is_read_once_over() {
    for unit in [
        "pedido ",
        "ñandú",
        "1.234 ",
        "a@b.c ",
        "(",
        "zapatos botas ",
        "e\u{301}",
        "𝔭𝔢𝔡𝔦𝔡𝔬 ",
        "xq",
    ] {
        let text: String = unit.chars().cycle().take(4_000).collect();
        let reading = read(&text, &Lang::es());
        assert!(reading.understood.nearest.len() <= 5);
    }
}

#[test]
fn the_work_on_a_pasted_page_is_bounded_whatever_is_in_it() {
    for unit in [
        "quiero devolver unas botas ",
        "pedidp cancle zaptos botsa ",
        "zxqvw kjhgf ",
        "a ",
        "12 345 6789,50 1.234 ",
        "€ 12,50 ",
        "https://a.b/c?d=e ",
        "a.b@c.d ",
        "?! . , ; ",
        "([{",
        "\u{1f469}\u{200d}\u{1f467}",
        "日本語한국어",
        "\u{301}",
        "\u{fdfa}",
        "\u{0}\u{feff}\u{202e}",
    ] {
        let page: String = unit.chars().cycle().take(65_536).collect();
        let text = reading::readable(&page);
        assert!(text.chars().count() <= 4_000, "{unit}");
        let folded = normalise::Folded::new(text);
        assert!(folded.as_str().len() < 40_100, "{unit}");
        assert!(normalise::words(&folded).len() <= 4_000, "{unit}");
        let reading = read(&page, &Lang::es());
        assert_eq!(reading, read(text, &Lang::es()), "{unit}");
        let repaired = reading.understood.because.iter().find_map(|why| match why {
            Reason::Repaired { words } => Some(*words),
            _ => None,
        });
        assert!(repaired.unwrap_or_default() <= 48, "{unit}: {repaired:?}");
    }
}

#[test]
fn a_pasted_page_is_read_a_few_times_whatever_it_may_be_parted_into() {
    // The whole twice, what it sets aside, the sentences of a story, together with the message before.
    const ONCE: usize = 2 + 2 + 12 + 1;
    // The sentences of a letter; or five tries to part it, each at eight places in two.
    const PARTED: usize = 24 * ONCE + 5 * 8 * 2 * ONCE;
    let spanish = Lang::es();
    let last = topic("stores_and_hours");
    for unit in [
        "quiero devolver unas botas y cancelar el pedido, ",
        "¿dónde está? ¿cuándo llega? ",
        "además quiero cancelar. también ",
        "no quiero cancelar, sino devolver. ",
        "y ",
        ", ",
        ". ",
        "1) cancelar 2) devolver ",
        "pero no lo canceles; ",
        "a. b. c. ",
    ] {
        for length in [300, 700, 65_536] {
            let page: String = unit.chars().cycle().take(length).collect();
            let context = Context {
                last_topic: Some(&last),
                before: Some("¿abren los domingos?"),
                ..Context::fresh(&spanish)
            };
            reading::READS.set(0);
            SHOP.understand(&page, &context);
            assert!(reading::READS.replace(0) <= ONCE, "{unit} {length}");
            let requests = SHOP.requests(&page, &context);
            assert!(reading::READS.replace(0) <= PARTED, "{unit} {length}");
            assert!(requests.len() <= 3, "{unit} {length}");
            let places: Vec<usize> = requests.iter().map(|request| request.at).collect();
            assert!(places.is_sorted(), "{unit} {length}: {places:?}");
            assert!(
                places
                    .iter()
                    .all(|&at| at < page.len() && page.is_char_boundary(at))
            );
        }
    }
}

#[test]
fn of_a_pasted_page_the_beginning_is_read() {
    let page = "quiero devolver unas botas que no me gustan nada ".repeat(70);
    let longer = format!("{page}{}", "cancelar el pedido ahora ".repeat(2_000));
    let spanish = Lang::es();
    assert_eq!(nearest(&read(&longer, &spanish)), "return_or_withdraw");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_panics_and_spans_quote_the_original(text in r"(\PC|[ñáüÑ¿¡ \n]|pedido|order|#?[0-9]{1,9}|@|\.com|botas|€|\u{301}|ﷺ|ß|İ){0,40}") {
        let name = "asked".parse().unwrap();
        for kind in [SlotKind::Text, SlotKind::Number, SlotKind::Phone, SlotKind::Postcode, SlotKind::Address] {
            let rule = rule(kind, Some(r"\d{5}|.{1,9}"));
            let session = Lang::es();
            let expecting = Expecting::Slot { name: &name, rule: &rule };
            let reading = SHOP.understand(&text, &Context { expecting, ..Context::fresh(&session) });
            for found in reading.found.iter().chain(&reading.answer) {
                prop_assert!(text.get(found.span.0..found.span.1).is_some(), "{found:?}");
            }
            let sum: f32 = reading.understood.nearest.iter().map(|scored| scored.confidence).sum();
            prop_assert!((0.0..=1.0001).contains(&sum), "{sum}");
        }
    }
}
