//! The Markdown of Rasa 1: `nlu.md`, `stories.md`, `responses.md`.

use super::super::ImportFile;
use super::super::note::{Place, Refused, both};
use super::rules::{not_run, told};
use super::{Bot, Response, nlu};

/// What a heading begins.
enum Section {
    Intent(String),
    Synonym(String),
    Regex(String),
    Lookup(String),
    Story,
}

/// What has been read of a section.
struct Open {
    section: Section,
    place: Place,
    items: Vec<(String, Place)>,
    said: Option<(Vec<String>, Vec<String>)>,
}

/// # Errors
/// When there are more examples than an import takes.
pub(super) fn read(file: &ImportFile, bot: &mut Bot) -> Result<(), Refused> {
    // A README beside the bot is no part of it.
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let page = name.to_ascii_lowercase().starts_with("readme");
    let is_bot = file.text.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("## intent:") || line.starts_with('*')
    });
    if page && file.text.contains("## intent:") {
        readme(&file.path, bot);
    }
    if page || !is_bot {
        return Ok(());
    }
    let mut open: Option<Open> = None;
    let mut stories = 0_usize;
    let mut comment = false;
    for (number, line) in file.text.lines().enumerate() {
        let place = Place {
            file: file.path.clone(),
            line: number + 1,
            column: 1,
        };
        let line = without_comments(line, &mut comment);
        let text = line.trim();
        if let Some(heading) = text.strip_prefix("## ") {
            close(open.take(), bot)?;
            let section = section(heading.trim());
            stories += usize::from(matches!(section, Section::Story));
            open = Some(Open {
                section,
                place,
                items: Vec::new(),
                said: None,
            });
            continue;
        }
        let Some(open) = &mut open else { continue };
        if let (Section::Story, Some(intent)) = (&open.section, text.strip_prefix('*')) {
            told(open.said.take(), &open.place, bot);
            // `greet OR hello{"name": "Ana"}`
            let intents = intent.split(" OR ").map(|one| {
                let name = one.split('{').next().unwrap_or_default().trim();
                name.to_owned()
            });
            open.said = Some((intents.collect(), Vec::new()));
        } else if let Some(item) = text.strip_prefix(['-', '*', '+']) {
            let item = item.trim().to_owned();
            match (&open.section, &mut open.said) {
                (Section::Story, Some((_, actions))) => {
                    if !item.contains('{') {
                        actions.push(item.clone());
                    }
                    open.items.push((item, place));
                }
                (Section::Story, None) => {}
                _ => open.items.push((item, place)),
            }
        } else if let Section::Lookup(_) = open.section
            && !text.is_empty()
        {
            open.items.push((text.to_owned(), place));
        } else if !text.is_empty() && !text.starts_with('>') && !text.starts_with('#') {
            nlu::no_item(&place, text, &mut bot.notes);
        }
    }
    close(open.take(), bot)?;
    let place = Place {
        file: file.path.clone(),
        line: 1,
        column: 1,
    };
    not_run(stories, &place, bot);
    Ok(())
}

/// The line without `<!-- … -->`; `open`: whether a comment goes on.
fn without_comments(line: &str, open: &mut bool) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    loop {
        let sign = if *open { "-->" } else { "<!--" };
        let Some((before, after)) = rest.split_once(sign) else {
            break;
        };
        if !*open {
            out.push_str(before);
        }
        *open = !*open;
        rest = after;
    }
    if !*open {
        out.push_str(rest);
    }
    out
}

fn readme(path: &str, bot: &mut Bot) {
    let place = Place {
        file: path.to_owned(),
        line: 1,
        column: 1,
    };
    bot.notes.add(
        &place,
        "readme",
        both(
            "un README explica el bot y no es parte de él: sus `## intent:` no se importan",
            "a README explains the bot and is no part of it: its `## intent:` are not imported",
        ),
        both(
            "Si son ejemplos del bot: darle otro nombre al archivo.",
            "If they are the bot's examples: give the file another name.",
        ),
    );
}

fn section(heading: &str) -> Section {
    let after = |kind: &str| {
        heading
            .strip_prefix(kind)
            .and_then(|rest| rest.trim_start().strip_prefix(':'))
            .map(|name| name.trim().to_owned())
    };
    if let Some(name) = after("intent") {
        Section::Intent(name)
    } else if let Some(name) = after("synonym") {
        Section::Synonym(name)
    } else if let Some(name) = after("regex") {
        Section::Regex(name)
    } else if let Some(name) = after("lookup") {
        // `## lookup:city.txt` names the entity by its file.
        Section::Lookup(name.trim_end_matches(".txt").to_owned())
    } else {
        Section::Story
    }
}

fn close(open: Option<Open>, bot: &mut Bot) -> Result<(), Refused> {
    let Some(open) = open else { return Ok(()) };
    match open.section {
        Section::Intent(name) => {
            bot.intent(&name, &open.place);
            for (text, place) in &open.items {
                nlu::example(&name, text, place, bot)?;
            }
        }
        Section::Synonym(name) => nlu::synonym(&name, &open.items, &open.place, bot),
        Section::Regex(name) => nlu::regex(&name, &open.items, bot),
        Section::Lookup(name) => nlu::lookup(&name, &open.items, &open.place, bot),
        Section::Story => {
            // Under a retrieval intent stands the answer itself.
            let answer = open.said.as_ref().and_then(|(intents, actions)| {
                let intent = intents.first().filter(|intent| intent.contains('/'))?;
                let words = open.items.first()?;
                (!actions.iter().any(|action| is_name(action)))
                    .then(|| (intent.clone(), words.clone()))
            });
            match answer {
                Some((intent, (text, place))) => {
                    let response = Response {
                        place,
                        // Rasa 1 writes a new line as two signs.
                        text: text.replace("\\n", "\n"),
                        buttons: Vec::new(),
                        image: None,
                        conditional: false,
                    };
                    let name = format!("utter_{intent}");
                    bot.responses.entry(name).or_default().push(response);
                }
                None => told(open.said, &open.place, bot),
            }
        }
    }
    Ok(())
}

/// `utter_greet` is the name of an action; words with spaces are an answer.
fn is_name(item: &str) -> bool {
    !item.contains(' ') && (item.starts_with("utter_") || item.contains('_'))
}
