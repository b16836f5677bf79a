//! A table as topic files: `example,intent[,lang]`, one topic an intent; or `question,answer[,lang]`, one topic an answer. As spreadsheets
//! write them: comma, semicolon, tab or bar between the columns, quotes, a byte-order mark, head lines in Spanish or English.

use std::collections::{BTreeMap, HashMap};

use encoding_rs::WINDOWS_1252;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use whichlang::{Lang as Detected, detect_language};

use super::draft::{Draft, DraftSay, Imported, answer};
use super::label;
use super::note::{Place, Refused, both, refused, short};
use super::{ImportFile, yaml};
use crate::ids::Lang;

const EXAMPLE: [&str; 9] = [
    "example",
    "ejemplo",
    "text",
    "texto",
    "utterance",
    "frase",
    "phrase",
    "question",
    "pregunta",
];
/// Names of a column that joins rows into one topic, also beside answers.
const INTENT: [&str; 2] = ["intent", "intencion"];
/// Names that tell the topic of an example. Beside answers they only group: questions of one category have answers of their own.
const GROUP: [&str; 5] = ["label", "category", "categoria", "topic", "tema"];
const ANSWER: [&str; 4] = ["answer", "respuesta", "response", "reply"];
const LANGUAGE: [&str; 4] = ["lang", "language", "idioma", "locale"];
/// What heads add to those names: `Posible pregunta`, `faq_respuesta`.
const ADDED: [&str; 7] = [
    "faq",
    "faqs",
    "posible",
    "possible",
    "frecuente",
    "frequent",
    "sugerida",
];

/// Longest label that is made of a question, in words.
const LABEL_WORDS: usize = 6;

fn read_western(bytes: &[u8]) -> String {
    WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}

/// The text of a file's bytes. `western`: they are those of Windows and old spreadsheets (Windows-1252, which holds Latin-1).
///
/// # Errors
/// The line of the first byte that is no UTF-8, and what to do.
pub fn decode(path: &str, bytes: &[u8], western: bool) -> Result<String, Refused> {
    if western {
        return Ok(read_western(bytes));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(refused(
            &yaml::top(path),
            "utf16",
            both("el archivo está en UTF-16", "the file is in UTF-16"),
            both("Guardarlo como «CSV UTF-8».", "Save it as “CSV UTF-8”."),
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            let start = good
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            let line_of_it = bytes.get(start..).unwrap_or_default();
            let line_of_it = line_of_it
                .split(|byte| matches!(byte, b'\n' | b'\r'))
                .next();
            let shown: String = read_western(line_of_it.unwrap_or_default())
                .chars()
                .take(60)
                .collect();
            let place = Place {
                file: path.to_owned(),
                line,
                column: String::from_utf8_lossy(good.get(start..).unwrap_or_default())
                    .chars()
                    .count()
                    + 1,
            };
            Err(refused(
                &place,
                "not_utf8",
                both(
                    format!(
                        "el archivo no está en UTF-8; leído como Latin-1 (Windows) dice «{shown}»"
                    ),
                    format!("the file is not UTF-8; read as Latin-1 (Windows) it says “{shown}”"),
                ),
                both(
                    "Si así se lee bien, agregar --latin1; si no, guardarlo como «CSV UTF-8».",
                    "If it reads right like that, add --latin1; if not, save it as “CSV UTF-8”.",
                ),
            ))
        }
    }
}

/// Topic files from a table. `lang`: the language of rows that do not tell theirs; the likelier of Spanish and English where it is not given.
///
/// # Errors
/// A head line without the columns, too many topics or examples, a table without rows.
pub fn import(
    file: &ImportFile,
    lang: Option<&Lang>,
    templates: bool,
) -> Result<Imported, Refused> {
    yaml::must_be_small(file)?;
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    // Excel may say its separator in a line of its own.
    let (told, text, skipped) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().to_ascii_lowercase().starts_with("sep=") => {
            (first.trim_end().chars().nth(4), rest, 1)
        }
        _ => (None, text, 0),
    };
    let separator = told
        .and_then(|sign| u8::try_from(sign).ok())
        .unwrap_or_else(|| separator(text));
    let text = &quotes_at_the_start(text, char::from(separator));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let place = |line: u64| Place {
        file: file.path.clone(),
        line: usize::try_from(line).unwrap_or(usize::MAX) + skipped,
        column: 1,
    };
    let mut records = reader.records();
    let Some(Ok(head)) = records.next() else {
        return Err(empty(&place(1)));
    };
    let names: Vec<String> = head.iter().map(str::to_lowercase).collect();
    let plain: Vec<String> = names.iter().map(|name| folded(name)).collect();
    let column = |wanted: &[&str]| {
        let exactly = plain
            .iter()
            .position(|name| wanted.contains(&name.as_str()));
        exactly.or_else(|| {
            plain
                .iter()
                .position(|name| wanted.contains(&bare(name).as_str()))
        })
    };
    let (example, answered, language) = (column(&EXAMPLE), column(&ANSWER), column(&LANGUAGE));
    let group = column(&GROUP);
    // Beside answers a category joins nothing: each question keeps its own.
    let intent = column(&INTENT).or(group.filter(|_| answered.is_none()));
    let group = group.filter(|group| Some(*group) != intent);
    let (Some(example), true) = (example, intent.is_some() || answered.is_some()) else {
        return Err(refused(
            &place(1),
            "columns",
            both(
                format!(
                    "la primera línea tiene las columnas «{}»",
                    short(&names.join(", "))
                ),
                format!(
                    "the first line has the columns “{}”",
                    short(&names.join(", "))
                ),
            ),
            both(
                "Poner una primera línea `ejemplo,intencion` o `pregunta,respuesta` (también con `idioma`).",
                "Begin with a line `example,intent` or `question,answer` (`lang` may follow).",
            ),
        ));
    };
    let mut rows = Vec::new();
    let mut notes = super::note::Notes::default();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(why) => {
                let line = why.position().map_or(1, csv::Position::line);
                notes.add(
                    &place(line),
                    "bad_row",
                    both(
                        format!("la fila no se pudo leer: {why}"),
                        format!("the row could not be read: {why}"),
                    ),
                    both(
                        "Ver si falta una comilla.",
                        "See whether a quote is missing.",
                    ),
                );
                continue;
            }
        };
        let at = place(record.position().map_or(1, csv::Position::line));
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() > names.len() {
            notes.add(
                &at,
                "too_many_fields",
                both(
                    format!(
                        "la fila tiene {} campos y la primera línea {}",
                        record.len(),
                        names.len()
                    ),
                    format!(
                        "the row has {} fields and the first line {}",
                        record.len(),
                        names.len()
                    ),
                ),
                both(
                    "Se dejó fuera: poner entre comillas lo que lleva el separador.",
                    "It was left out: quote what holds the separator.",
                ),
            );
            continue;
        }
        let field =
            |column: Option<usize>| column.and_then(|at| record.get(at)).unwrap_or_default();
        let tag = field(language);
        let told = tag.replace('_', "-").parse::<Lang>().ok();
        if told.is_none() && !tag.is_empty() {
            notes.add(
                &at,
                "language",
                both(
                    format!("«{}» no es un código de idioma", short(tag)),
                    format!("“{}” is no language tag", short(tag)),
                ),
                both(
                    "Se tomó el idioma por omisión; escribir es o en.",
                    "The default was taken; write es or en.",
                ),
            );
        }
        let row = Row {
            example: field(Some(example)).to_owned(),
            intent: field(intent).to_owned(),
            answer: field(answered).to_owned(),
            group: field(group).to_owned(),
            lang: told,
            at,
        };
        let missing = if row.example.is_empty() {
            Some(names.get(example).map_or("example", String::as_str))
        } else if row.intent.is_empty() && row.answer.is_empty() {
            let awaited = intent.or(answered);
            Some(
                awaited
                    .and_then(|at| names.get(at))
                    .map_or("intent", String::as_str),
            )
        } else {
            None
        };
        if let Some(missing) = missing {
            notes.add(
                &row.at,
                "empty_field",
                both(
                    format!("la columna `{missing}` está vacía"),
                    format!("the column `{missing}` is empty"),
                ),
                both("La fila se dejó fuera.", "The row was left out."),
            );
            continue;
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(empty(&place(1)));
    }
    let default = lang.cloned().unwrap_or_else(|| likely(&rows));
    let mut draft = Draft::new(vec![default.clone()]);
    draft.notes = notes;
    draft.templates = templates;
    if let Some(name) = group.and_then(|at| names.get(at)) {
        grouped(name, &rows, &place(1), &mut draft);
    }
    fill(&rows, &default, &mut draft)?;
    let spoken = |lang: &Lang| {
        draft
            .topics
            .iter()
            .any(|topic| topic.examples.contains_key(lang))
    };
    // A default that no row is written in would leave every topic without examples in it.
    if draft.languages.len() > 1 && !spoken(&default) {
        draft.languages.remove(0);
    }
    Ok(draft.write())
}

struct Row {
    example: String,
    intent: String,
    answer: String,
    /// What a column of categories says beside the answer.
    group: String,
    lang: Option<Lang>,
    at: Place,
}

/// A head without accents and with one blank between words.
fn folded(name: &str) -> String {
    let letters = name.nfd().filter(|c| !is_combining_mark(*c));
    let spaced: String = letters
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A head without what is added to its name, in the singular.
fn bare(name: &str) -> String {
    let one = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    let words = name.split(' ').map(one);
    let words: Vec<String> = words
        .filter(|word| !ADDED.contains(&word.as_str()))
        .collect();
    words.join(" ")
}

/// `a, "b, c"` as `a,"b, c"`: a quote begins a field also behind blanks, if it ends one too.
fn quotes_at_the_start(text: &str, separator: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut at_start = true;
    let blank = |c: char| (c == ' ' || c == '\t') && c != separator;
    while let Some(first) = rest.chars().next() {
        if at_start {
            let field = rest.trim_start_matches(blank);
            if let Some(quoted) = quoted(field) {
                let after = field.get(quoted.len()..).unwrap_or_default();
                let next = after.trim_start_matches(blank).chars().next();
                if next.is_none_or(|c| c == separator || c == '\n' || c == '\r') {
                    out.push_str(quoted);
                    rest = after.trim_start_matches(blank);
                    at_start = false;
                    continue;
                }
                if field.len() == rest.len() {
                    // A quote that ends in the middle of a field is the reader's to judge.
                    out.push_str(quoted);
                    rest = after;
                    at_start = false;
                    continue;
                }
            }
        }
        at_start = first == separator || first == '\n';
        out.push(first);
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    out
}

/// The quoted text with which a field begins, `""` being a quote inside.
fn quoted(field: &str) -> Option<&str> {
    let inside = field.strip_prefix('"')?;
    let mut signs = inside.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        if sign == '"' && signs.next_if(|(_, next)| *next == '"').is_none() {
            return field.get(..at + 2);
        }
    }
    None
}

/// Tells of a category with several answers, once for the column: its questions stay apart.
fn grouped(name: &str, rows: &[Row], head: &Place, draft: &mut Draft) {
    let mut first: BTreeMap<&str, &Row> = BTreeMap::new();
    let mut apart: BTreeMap<&str, (&Row, &Row)> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.group.is_empty()) {
        let one = *first.entry(&row.group).or_insert(row);
        if label::compared(&one.answer) != label::compared(&row.answer) {
            apart.entry(&row.group).or_insert((one, row));
        }
    }
    let Some((group, (one, other))) = apart.iter().next() else {
        return;
    };
    let (group, count) = (short(group), apart.len());
    let (one, other) = (short(&one.answer), short(&other.answer));
    draft.notes.add(
        head,
        "category",
        both(
            format!(
                "la columna `{name}` agrupa preguntas con respuestas distintas (grupos así: {count}): «{group}» responde «{one}» y también «{other}»"
            ),
            format!(
                "the column `{name}` groups questions with different answers (such groups: {count}): “{group}” answers “{one}” and also “{other}”"
            ),
        ),
        both(
            "Cada pregunta quedó como tema propio, con su respuesta. Para unir filas en un tema: una columna `intencion`.",
            "Each question became a topic of its own, with its answer. To join rows into one topic: a column `intent`.",
        ),
    );
}

fn fill(rows: &[Row], default: &Lang, draft: &mut Draft) -> Result<(), Refused> {
    let mut by_answer: HashMap<String, String> = HashMap::new();
    let mut labels: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let lang = row.lang.as_ref().unwrap_or(default);
        let label = if row.intent.is_empty() {
            // Questions with the same answer are one topic.
            let key = label::compared(&row.answer);
            match by_answer.get(&key) {
                Some(label) => label.clone(),
                None => {
                    let label = label_of(&row.example, &mut labels);
                    by_answer.insert(key, label.clone());
                    label
                }
            }
        } else {
            row.intent.clone()
        };
        draft.example(&label, lang, &row.example, &row.at)?;
        if row.answer.is_empty() {
            continue;
        }
        let (words, unfilled) = answer(&row.answer, &|_| false);
        for value in unfilled {
            draft.notes.add(
                &row.at,
                "value",
                both(
                    format!("nada rellena `{}`: quedó entre corchetes", short(&value)),
                    format!("nothing fills `{}`: it stands in brackets", short(&value)),
                ),
                both(
                    "Un dato fijo va en _facts.yaml y se cita con llaves.",
                    "A fact goes into _facts.yaml and is cited in braces.",
                ),
            );
        }
        let topic = draft.topic(&label, &row.at)?;
        if row.intent.is_empty() && topic.title.is_none() {
            topic.title = Some(label::without_signs(&label::one_line(&row.example)));
        }
        match topic.says.first_mut() {
            None => topic.says.push(DraftSay {
                words: BTreeMap::from([(lang.clone(), words)]),
                choices: Vec::new(),
            }),
            Some(said) => match said.words.get(lang) {
                None => {
                    said.words.insert(lang.clone(), words);
                }
                Some(first) if *first == words => {}
                Some(first) => {
                    let (label, first, other) = (short(&label), short(first), short(&words));
                    draft.notes.add(
                        &row.at,
                        "second_answer",
                        both(
                            format!("`{label}` ya responde «{first}»; no entró «{other}»"),
                            format!("`{label}` answers “{first}” already; “{other}” was left out"),
                        ),
                        both(
                            "Quedó la primera; si son dos cosas, darles dos intenciones.",
                            "The first was kept; if these are two matters, give them two intents.",
                        ),
                    );
                }
            },
        }
    }
    Ok(())
}

/// The first words of a question, different from every other topic's.
fn label_of(question: &str, labels: &mut HashMap<String, usize>) -> String {
    let words = label::words(&label::one_line(question));
    let label: Vec<&str> = words.split(' ').take(LABEL_WORDS).collect();
    let label = label.join(" ").to_lowercase();
    let count = labels.entry(label.clone()).or_default();
    *count += 1;
    if *count == 1 {
        label
    } else {
        format!("{label} {count}")
    }
}

/// The sign that stands most often in the first line, outside of quotes.
fn separator(text: &str) -> u8 {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        for (sign, count) in &mut counts {
            *count += usize::from(!quoted && byte == *sign);
        }
    }
    let mut best = counts[0];
    for count in counts {
        if count.1 > best.1 {
            best = count;
        }
    }
    best.0
}

fn likely(rows: &[Row]) -> Lang {
    let (mut es, mut en) = (0_usize, 0_usize);
    for row in rows.iter().filter(|row| row.lang.is_none()).take(5_000) {
        match detect_language(&row.example) {
            Detected::Spa => es += 1,
            Detected::Eng => en += 1,
            _ => {}
        }
    }
    if es >= en { Lang::es() } else { Lang::en() }
}

fn empty(place: &Place) -> Refused {
    refused(
        place,
        "no_rows",
        both("la tabla no tiene filas", "the table has no rows"),
        both(
            "La primera línea nombra las columnas; las demás, un ejemplo cada una.",
            "The first line names the columns; each other line is one example.",
        ),
    )
}
