use super::*;
use crate::topics::{SourceFile, parse};
use crate::understanding::Corpus;

fn case(line: &str) -> Case {
    serde_json::from_str(line).unwrap()
}

/// A shop with five topics and one service.
fn shop() -> Catalog {
    let file = |path: &str, text: String| SourceFile {
        path: path.to_owned(),
        text,
    };
    let topic = |name: &str, rest: &str| {
        let text = format!("topic: {name}\ntitle: {{es: Un tema, en: A topic}}\n{rest}tests: []\n");
        file(&format!("{name}.yaml"), text)
    };
    let files = [
        file(
            "_assistant.yaml",
            "name: M\nbrand: M\nlanguages: [es, en]\ngreeting: {es: Hola, en: Hello}\nsites:\n  es: {register: es, currency: EUR, time_zone: Europe/Madrid}\n".into(),
        ),
        file(
            "_calls.yaml",
            "calls:\n  status:\n    method: GET\n    url: http://127.0.0.1:9/{order}\n    case: /state\n    values: {date: {at: /eta, as: date}}\n".into(),
        ),
        topic(
            "parcel",
            "examples:\n  es: |\n    dónde está mi paquete\n    cuándo llega mi paquete\n    no llegó el paquete\n    quiero saber por mi paquete\n  en: |\n    where is my parcel\n    when does my parcel arrive\n    my parcel has not arrived\npatterns: ['paquete (?<order>\\d{4})']\nslots:\n  order: {type: number, ask: {es: '¿Qué número?', en: 'Which number?'}, retry: {es: 'Cuatro cifras.', en: 'Four digits.'}}\nsteps:\n  - call: status\n    case:\n      failed: [{escalate: {team: default}}]\n      on_its_way: [{say: {es: 'Llega el {date}.', en: 'It arrives on {date}.'}}]\n",
        ),
        topic(
            "invoice",
            "examples:\n  es: |\n    quiero una factura\n    necesito la factura de la compra\n    me falta la factura\n    puedo pedir la factura\n  en: |\n    I need an invoice\n    please send me the invoice\n    can I get an invoice\nsteps: [{say: {es: 'La factura va por mail.', en: 'It goes by mail.'}}]\n",
        ),
        topic(
            "hello",
            "small_talk: true\nrole: greeting\nexamples:\n  es: |\n    hola\n    buenas tardes\n  en: |\n    hello\nsteps: [{say: {es: Hola, en: Hello}}]\n",
        ),
    ];
    parse(&files, &|_| None).unwrap()
}

/// Five talks with it, as a file would hold them.
const TALKS: &str = include_str!("sample.jsonl");

#[test]
fn talks_are_played_and_judged() {
    let catalog = shop();
    let engine = Engine::train(&Corpus::from(&catalog)).unwrap();
    let judged: Vec<Judged> = TALKS
        .lines()
        .map(|line| judge(&case(line), &catalog, &engine))
        .collect();
    let verdicts: Vec<(&str, Verdict)> = judged
        .iter()
        .map(|talk| (talk.case.id.as_str(), talk.verdict))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("1", Verdict::Expected),
            ("2", Verdict::Expected),
            ("3", Verdict::Expected),
            ("4", Verdict::Expected),
            ("5", Verdict::ConfidentWrong),
        ],
        "{judged:#?}"
    );
    let report = report(judged);
    assert_eq!((report.all.expected, report.all.confident_wrong), (4, 1));
    assert_eq!(report.all.all(), 5);
    assert_eq!(report.by_language["en"].all(), 1);
    assert_eq!(report.failures.len(), 1);
}

#[test]
fn verdicts_weigh_what_was_meant_and_what_would_do() {
    let ids = |names: &[&str]| -> Vec<TopicId> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    };
    let of = |expect: &str, also: &str, topics: &[&str], offered: &[&str]| {
        let case = case(&format!(
            r#"{{"id":7,"lang":"es","turns":["x"],"expect":{expect},"also":{also},"kind":"k"}}"#
        ));
        judge::verdict(&case, &ids(topics), &ids(offered))
    };
    assert_eq!(of(r#"["a"]"#, "[]", &["a"], &[]), Verdict::Expected);
    assert_eq!(
        of(r#"["a","b"]"#, "[]", &["a", "b"], &[]),
        Verdict::Expected
    );
    assert_eq!(of(r#"["a","b"]"#, "[]", &["b", "a"], &[]), Verdict::Missed);
    assert_eq!(of(r#"["a","b"]"#, "[]", &["a"], &["b"]), Verdict::Missed);
    assert_eq!(of(r#"["a"]"#, r#"["c"]"#, &["c"], &[]), Verdict::Expected);
    assert_eq!(of(r#"["a","b"]"#, r#"["c"]"#, &["c"], &[]), Verdict::Missed);
    assert_eq!(
        of(r#"["a"]"#, "[]", &["a", "x"], &[]),
        Verdict::ConfidentWrong
    );
    assert_eq!(of(r#"["a"]"#, "[]", &[], &["x", "a"]), Verdict::Clarified);
    assert_eq!(of(r#"["a"]"#, "[]", &[], &["x"]), Verdict::Missed);
    assert_eq!(of(r#"["none"]"#, "[]", &[], &["x"]), Verdict::Expected);
    assert_eq!(
        of(r#"["none"]"#, "[]", &["x"], &[]),
        Verdict::ConfidentWrong
    );
    assert_eq!(
        of(r#"["none"]"#, r#"["x"]"#, &["x"], &[]),
        Verdict::Expected
    );
}
