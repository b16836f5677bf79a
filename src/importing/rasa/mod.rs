//! A Rasa bot (versions 1 to 3) as topic files: intents with their examples, entities with values and synonyms, lookups, regular
//! expressions, responses with buttons, simple rules, forms as questions. What runs as Python or depends on the story so far is reported.

mod assemble;
mod domain;
mod markdown;
mod nlu;
mod rules;
mod topic;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Imported;
use super::note::{Notes, Place, Refused, both, refused};
use super::{ImportFile, yaml};
use crate::ids::Lang;

/// What the files of a bot say, before it becomes topics.
#[derive(Default)]
struct Bot {
    notes: Notes,
    /// Language that `config.yml` tells.
    lang: Option<Lang>,
    /// Intents in the order of their first mention.
    intents: Vec<(String, Place)>,
    /// Examples: intent, text without annotation, place.
    examples: Vec<(String, String, Place)>,
    /// Entities that the examples of an intent annotate.
    annotated: BTreeMap<String, BTreeSet<String>>,
    /// Values of an entity that examples or lookups name, with their synonyms.
    values: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Other words for a value.
    synonyms: Vec<(String, Vec<String>, Place)>,
    /// Roles and groups of entities that examples tell, and where first.
    parts: BTreeMap<(String, String), Place>,
    /// Files that lookups name: entity, path, place.
    lookup_files: Vec<(String, String, Place)>,
    /// Plain texts by path, for those lookups.
    texts: BTreeMap<String, String>,
    regexes: Vec<(String, String, Place)>,
    responses: BTreeMap<String, Vec<Response>>,
    /// Slots of a form in the order asked.
    forms: BTreeMap<String, (Vec<String>, Place)>,
    /// Slots that are asked: the topic type, and values where only these will do.
    slots: BTreeMap<String, (&'static str, Vec<String>)>,
    rules: Vec<Rule>,
    /// What comes after a form, by the form's name.
    after_form: BTreeMap<String, Vec<(String, Place)>>,
    /// What stories answer to an intent, each way once.
    told: BTreeMap<String, BTreeSet<Vec<String>>>,
    told_at: BTreeMap<String, Place>,
}

/// One wording of a response.
#[derive(Debug, Clone)]
struct Response {
    place: Place,
    text: String,
    /// Words and payload.
    buttons: Vec<(String, String, Place)>,
    image: Option<String>,
    /// Only said under a condition or on one channel.
    conditional: bool,
}

/// A rule that begins with an intent.
#[derive(Debug, Clone)]
struct Rule {
    name: String,
    place: Place,
    intents: Vec<String>,
    actions: Vec<(String, Place)>,
}

impl Bot {
    fn intent(&mut self, name: &str, place: &Place) {
        if !self.intents.iter().any(|(known, _)| known == name) {
            self.intents.push((name.to_owned(), place.clone()));
        }
    }
}

/// Topic files from the files of a bot. `lang`: its language, where whoever imports knows better than its `config.yml` and its examples.
///
/// # Errors
/// Hostile or broken input, and a folder without a bot, with place and remedy.
pub fn import(files: &[ImportFile], lang: Option<&Lang>) -> Result<Imported, Refused> {
    let mut bot = Bot::default();
    for file in files {
        let ending = file.path.rsplit('.').next().unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "yml" | "yaml" => {
                if let Some(root) = yaml::parse(file, &mut bot.notes)? {
                    read(&root, &mut bot)?;
                }
            }
            "md" => {
                yaml::must_be_small(file)?;
                markdown::read(file, &mut bot)?;
            }
            "json" if file.text.contains("rasa_nlu_data") => bot.notes.add(
                &yaml::top(&file.path),
                "json",
                both(
                    "los ejemplos en JSON de Rasa 1 no se importan",
                    "the examples in the JSON of Rasa 1 are not imported",
                ),
                both(
                    "Si no están también en un .md o .yml: convertirlos antes con `rasa data convert nlu`.",
                    "Where a .md or .yml does not hold them too: convert them first with `rasa data convert nlu`.",
                ),
            ),
            "txt" => {
                yaml::must_be_small(file)?;
                bot.texts.insert(file.path.clone(), file.text.clone());
            }
            _ => {}
        }
    }
    if bot.examples.is_empty() {
        let first = files.first().map_or("", |file| file.path.as_str());
        let mut why = refused(
            &yaml::top(first),
            "no_bot",
            both(
                "aquí no hay ejemplos de Rasa (`nlu:` en un .yml, o `## intent:` en un .md)",
                "there are no examples of Rasa here (`nlu:` in a .yml, or `## intent:` in a .md)",
            ),
            both(
                "Indicar la carpeta del bot, la que tiene domain.yml y data/.",
                "Name the bot's folder, the one with domain.yml and data/.",
            ),
        );
        // A file that could not be read is the likelier reason.
        if let Some(note) = bot
            .notes
            .0
            .into_iter()
            .find(|note| matches!(note.code, "not_yaml" | "json"))
        {
            why = Refused(Box::new(note));
        }
        return Err(why);
    }
    assemble::assemble(bot, lang)
}

fn read(root: &yaml::Node, bot: &mut Bot) -> Result<(), Refused> {
    for (key, at, node) in root.entries() {
        match key {
            "nlu" => nlu::read(node, bot)?,
            "rules" => rules::rules(node, bot),
            "stories" => rules::stories(node, bot),
            "language" => {
                bot.lang = node
                    .text()
                    .and_then(|tag| tag.parse().ok())
                    .or(bot.lang.take())
            }
            "intents" => domain::intents(node, bot),
            "responses" | "templates" => domain::responses(node, bot),
            "slots" => domain::slots(node, bot),
            "forms" => domain::forms(node, bot),
            "flows" => bot.notes.add(
                &at.place,
                "flows",
                both(
                    "los flujos (`flows:`) no se importan",
                    "flows (`flows:`) are not imported",
                ),
                both(
                    "Escribirlos como pasos de un tema: ask, call, say.",
                    "Write them as steps of a topic: ask, call, say.",
                ),
            ),
            _ => {}
        }
    }
    Ok(())
}
