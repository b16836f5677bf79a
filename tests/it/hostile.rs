//! Patterns that would hang or eat other engines: each is refused when the files are read, or harmless in use.

use ventanilla::ids::Lang;
use ventanilla::topics::{SourceFile, parse};
use ventanilla::understanding::{Context, Corpus, Engine};

/// A hundred of them and more: nested repetitions, alternatives that overlap, sizes, look-around, broken syntax.
fn patterns() -> Vec<String> {
    let mut all: Vec<String> = [
        "",
        ".*",
        ".*?",
        "(.*)*",
        "a*",
        "(a*)*",
        "(a+)+$",
        "(a|a)*b",
        "(a|aa)+$",
        "(a|b|ab)*c",
        r"(\w+\s?)+!",
        r"(\d+)*x",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        "(x+x+)+y",
        "([a-zA-Z]+)*1",
        r"(.*a){20}b",
        "((((a*)*)*)*)*b",
        r"(?:(?:a?){30}){30}a",
        "(?=a)b",
        "(?!a)b",
        "(?<=a)b",
        "(?<!a)b",
        r"(a)\1",
        r"\k<x>",
        "(?P>x)",
        "(?R)",
        "(?(1)a|b)",
        "a**",
        "a{2,1}",
        "(",
        ")",
        "[",
        "]",
        "{",
        "a{",
        "[a",
        "[z-a]",
        "[[:nope:]]",
        r"\",
        r"\p{Nope}",
        r"\u{110000}",
        r"\x{ffffffff}",
        "(?<1>a)",
        "(?<>a)",
        "(?<a>b)(?<a>c)",
        "(?<Número>a)",
        "(?z)a",
        "(?-u)\\xff",
        "a)(b",
        "a|*",
        "+",
        "?",
        "*",
        "^$",
        r"\b",
        r"\B",
        "^",
        "$",
        "(?m)^",
        "()",
        "(|)",
        "|",
        "a||b",
        "(?s).",
        r"[\s\S]*",
        r"\d{1000000000}",
        "(?x) #",
        "(?i:ß)",
        r"[^\x00-\x{10ffff}]",
        "\u{0}",
        "\u{202e}a",
        "🏳️‍🌈+",
    ]
    .map(str::to_owned)
    .to_vec();
    for size in [10, 100, 1_000, 10_000, 100_000] {
        all.push(format!("a{{{size}}}"));
        all.push(format!("(a{{{size}}}){{{size}}}"));
        all.push(format!(r"\pL{{{size}}}x"));
        all.push("(".repeat(size) + &")".repeat(size));
        all.push("a|".repeat(size) + "b");
        all.push("(a?)".repeat(size.min(1_000)) + &"a".repeat(size.min(1_000)));
        all.push(format!("[{}]", "a-z".repeat(size)));
    }
    all
}

#[test]
fn a_hundred_hostile_patterns_are_refused_or_harmless() {
    let patterns = patterns();
    assert!(patterns.len() >= 100, "{}", patterns.len());
    let hard = [
        "a".repeat(4_000),
        "a".repeat(2_000) + "!",
        "ab ".repeat(1_300),
        "1".repeat(4_000) + "x",
    ];
    let spanish = Lang::es();
    let mut refused = 0;
    for pattern in &patterns {
        let quoted = serde_json::Value::from(pattern.as_str());
        let file = |path: &str, text: String| SourceFile {
            path: path.to_owned(),
            text,
        };
        let files = [
            file(
                "_assistant.yaml",
                "name: M\nbrand: M\nlanguages: [es]\ngreeting: {es: Hola}\n".to_owned(),
            ),
            file(
                "a.yaml",
                format!(
                    "topic: a\ntitle: {{es: Un tema}}\nexamples:\n  es: |\n    dónde está mi pedido\n    no llegó\npatterns: [{quoted}]\nsteps: [{{say: {{es: Bien}}}}]\ntests: []\n"
                ),
            ),
        ];
        match parse(&files, &|_| None) {
            Err(problems) => {
                refused += 1;
                let first = &problems[0];
                assert!(
                    !first.remedy.es.is_empty() && !first.remedy.en.is_empty(),
                    "{first}"
                );
            }
            Ok(catalog) => {
                let mut corpus = Corpus::from(&catalog);
                // Only the patterns are tried: the classifier need not learn a hundred times over.
                corpus.settings.calibrate = false;
                corpus.settings.generic_out_of_scope = false;
                corpus.settings.word_vectors = false;
                let Ok(engine) = Engine::train(&corpus) else {
                    refused += 1;
                    continue;
                };
                for text in &hard {
                    let _reading = engine.understand(text, &Context::fresh(&spanish));
                }
            }
        }
    }
    assert!(refused > 40, "only {refused} were refused");
}
