//! What an import knows so far, whatever it came from, and how it is written as topic files that `check` accepts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use super::label::{self, by_lang, quoted};
use super::note::{Note, Notes, Place, Refused, both, refused, short};
use super::{ANSWER_MAX, EXAMPLE_MAX, EXAMPLES_MAX, TOPIC_EXAMPLES_MAX, TOPICS_MAX, company};
use crate::ids::{Lang, TopicId};
use crate::topics::{Bilingual, is_example};

/// A file of the new folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Path below the folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The topic files.
    pub files: Vec<Written>,
    /// What was changed or not carried over.
    pub notes: Vec<Note>,
    /// Topics made.
    pub topics: usize,
    /// Examples taken.
    pub examples: usize,
    /// Topics that answer with words that came along.
    pub answered: usize,
}

/// Words by language.
pub(super) type Words = BTreeMap<Lang, String>;

/// A topic in the making.
#[derive(Debug, Default)]
pub(super) struct DraftTopic {
    /// Its name where it comes from.
    pub(super) label: String,
    /// Where it stands there.
    pub(super) place: Option<Place>,
    /// Words for its title, where its name tells less.
    pub(super) title: Option<String>,
    pub(super) examples: BTreeMap<Lang, Vec<String>>,
    pub(super) patterns: Vec<String>,
    pub(super) slots: Vec<DraftSlot>,
    pub(super) says: Vec<DraftSay>,
    /// Whether a person takes over at the end.
    pub(super) escalates: bool,
    pub(super) role: Option<&'static str>,
    pub(super) small_talk: bool,
}

/// An answer.
#[derive(Debug, Default, Clone)]
pub(super) struct DraftSay {
    pub(super) words: Words,
    /// Buttons: their words, and the label of the topic to which each leads.
    pub(super) choices: Vec<(String, String, Place)>,
}

/// A value that a topic needs.
#[derive(Debug, Clone)]
pub(super) struct DraftSlot {
    pub(super) name: String,
    /// `text`, `number`, `yes_no` or `list`.
    pub(super) kind: &'static str,
    pub(super) pattern: Option<String>,
    /// The question; without one it is taken when it is there.
    pub(super) ask: Option<Words>,
}

/// What an import knows.
pub(super) struct Draft {
    /// The first is the default.
    pub(super) languages: Vec<Lang>,
    pub(super) topics: Vec<DraftTopic>,
    /// Values with their synonyms, by the list's name.
    pub(super) lists: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    pub(super) notes: Notes,
    /// Whether the signs of templates in examples keep their meaning.
    pub(super) templates: bool,
    pub(super) examples: usize,
    /// Names of responses and forms that a topic took.
    pub(super) carried: BTreeSet<String>,
    by_label: HashMap<String, usize>,
}

impl Draft {
    pub(super) fn new(languages: Vec<Lang>) -> Self {
        Self {
            languages,
            topics: Vec::new(),
            lists: BTreeMap::new(),
            notes: Notes::default(),
            templates: false,
            examples: 0,
            carried: BTreeSet::new(),
            by_label: HashMap::new(),
        }
    }

    /// The topic of a label, made where there is none.
    ///
    /// # Errors
    /// When there would be more topics than an import makes.
    pub(super) fn topic(&mut self, label: &str, place: &Place) -> Result<&mut DraftTopic, Refused> {
        let label = label::one_line(label);
        let at = match self.by_label.get(&label) {
            Some(&at) => at,
            None => {
                if self.topics.len() >= TOPICS_MAX {
                    return Err(refused(
                        place,
                        "too_many_topics",
                        both(
                            format!("hay más de {TOPICS_MAX} intenciones"),
                            format!("there are more than {TOPICS_MAX} intents"),
                        ),
                        both(
                            "Ver que la columna sea la de la intención, o importar por partes.",
                            "See that the column is the intent's, or import it in parts.",
                        ),
                    ));
                }
                self.topics.push(DraftTopic {
                    label: label.clone(),
                    place: Some(place.clone()),
                    ..DraftTopic::default()
                });
                self.by_label.insert(label, self.topics.len() - 1);
                self.topics.len() - 1
            }
        };
        Ok(&mut self.topics[at])
    }

    pub(super) fn find(&self, label: &str) -> Option<&DraftTopic> {
        let at = self.by_label.get(&label::one_line(label))?;
        self.topics.get(*at)
    }

    pub(super) fn find_mut(&mut self, label: &str) -> Option<&mut DraftTopic> {
        let at = self.by_label.get(&label::one_line(label))?;
        self.topics.get_mut(*at)
    }

    /// Takes an example, or notes why not.
    ///
    /// # Errors
    /// When there are more topics or examples than an import takes.
    pub(super) fn example(
        &mut self,
        label: &str,
        lang: &Lang,
        text: &str,
        place: &Place,
    ) -> Result<(), Refused> {
        let mut line = label::one_line(text);
        if self.templates && !is_example(&line) {
            self.notes.add(
                place,
                "bad_template",
                both(
                    format!("los signos del ejemplo no forman pares: «{}»", short(&line)),
                    format!("the signs of the example do not pair: “{}”", short(&line)),
                ),
                both(
                    "Quedó sin ellos: `[x]` puede faltar, `(a|b)` uno de los dos, `{dato}` un valor.",
                    "It came without them: `[x]` may be missing, `(a|b)` one of them, `{slot}` a value.",
                ),
            );
        }
        if !self.templates || !is_example(&line) {
            line = label::without_signs(&line);
        }
        self.topic(label, place)?;
        if !line.chars().any(char::is_alphanumeric) {
            if !text.trim().is_empty() {
                self.notes.add(
                    place,
                    "no_words",
                    both(
                        format!("el ejemplo no tiene palabras: «{}»", short(text)),
                        format!("the example has no words: “{}”", short(text)),
                    ),
                    both(
                        "Nada que hacer: se dejó fuera.",
                        "Nothing to do: it was left out.",
                    ),
                );
            }
            return Ok(());
        }
        if line.chars().count() > EXAMPLE_MAX {
            self.notes.add(
                place,
                "long_example",
                both(
                    format!("el ejemplo pasa de {EXAMPLE_MAX} caracteres"),
                    format!("the example is longer than {EXAMPLE_MAX} characters"),
                ),
                both(
                    "Se dejó fuera; escribir lo que la gente pregunta, en una frase.",
                    "It was left out; write what people ask, in one sentence.",
                ),
            );
            return Ok(());
        }
        if self.examples >= EXAMPLES_MAX {
            return Err(refused(
                place,
                "too_many_examples",
                both(
                    format!("hay más de {EXAMPLES_MAX} ejemplos"),
                    format!("there are more than {EXAMPLES_MAX} examples"),
                ),
                both("Importar una parte.", "Import a part of them."),
            ));
        }
        if !self.languages.contains(lang) {
            self.languages.push(lang.clone());
        }
        let topic = self.topic(label, place)?;
        let lines = topic.examples.entry(lang.clone()).or_default();
        if lines.len() >= TOPIC_EXAMPLES_MAX {
            let label = short(label);
            self.notes.add(
                place,
                "topic_full",
                both(
                    format!("`{label}` ya tiene {TOPIC_EXAMPLES_MAX} ejemplos"),
                    format!("`{label}` has {TOPIC_EXAMPLES_MAX} examples already"),
                ),
                both(
                    "Los que siguen se dejaron fuera; con unos cientos alcanza.",
                    "What follows was left out; a few hundred are enough.",
                ),
            );
            return Ok(());
        }
        lines.push(line);
        self.examples += 1;
        Ok(())
    }

    /// Writes the topic files.
    pub(super) fn write(mut self) -> Imported {
        self.drop_shared_examples();
        let mut taken = BTreeSet::new();
        let ids: Vec<TopicId> = self
            .topics
            .iter()
            .map(|topic| label::topic_id(&topic.label, &mut taken))
            .collect();
        let by_label: HashMap<String, TopicId> = self
            .topics
            .iter()
            .zip(&ids)
            .map(|(topic, id)| (topic.label.clone(), id.clone()))
            .collect();
        let roles = self.only_one_each();
        let mut files: Vec<Written> = company::files(&self.languages, false)
            .into_iter()
            .map(|(path, text)| Written { path, text })
            .collect();
        if let Some(text) = self.lists_yaml() {
            files.push(Written {
                path: "_lists.yaml".to_owned(),
                text,
            });
        }
        let mut answered = 0;
        for ((at, id), role) in (0..self.topics.len()).zip(&ids).zip(roles) {
            let text = self.topic_yaml(at, id, role, &by_label);
            answered += usize::from(!self.topics[at].says.is_empty());
            files.push(Written {
                path: format!("{id}.yaml"),
                text,
            });
        }
        Imported {
            files,
            notes: self.notes.0,
            topics: ids.len(),
            examples: self.examples,
            answered,
        }
    }

    /// A role belongs to one topic: the first that asks for it.
    fn only_one_each(&self) -> Vec<Option<&'static str>> {
        let mut seen = BTreeSet::new();
        self.topics
            .iter()
            .map(|topic| topic.role.filter(|role| seen.insert(*role)))
            .collect()
    }

    /// Two topics may not share an example: nobody could tell which is meant. The first keeps it.
    fn drop_shared_examples(&mut self) {
        let mut owner: HashMap<(Lang, String), usize> = HashMap::new();
        let labels: Vec<String> = self
            .topics
            .iter()
            .map(|topic| topic.label.clone())
            .collect();
        for (at, topic) in self.topics.iter_mut().enumerate() {
            let place = topic.place.clone();
            for (lang, lines) in &mut topic.examples {
                lines.retain(|line| {
                    let key = (lang.base(), label::compared(line));
                    let first = *owner.entry(key.clone()).or_insert(usize::MAX);
                    if first == usize::MAX {
                        owner.insert(key, at);
                        return true;
                    }
                    self.examples -= 1;
                    if first != at
                        && let Some(place) = &place
                    {
                        let (own, other) = (short(&labels[at]), short(&labels[first]));
                        let line = short(line);
                        self.notes.add(
                            place,
                            "same_example",
                            both(
                                format!("«{line}» ya es ejemplo de `{other}`; se quitó de `{own}`"),
                                format!("“{line}” is an example of `{other}` already; it was taken from `{own}`"),
                            ),
                            both(
                                "Decidir de cuál de los dos es.",
                                "Decide to which of the two it belongs.",
                            ),
                        );
                    }
                    false
                });
            }
            topic.examples.retain(|_, lines| !lines.is_empty());
        }
        // A topic that nobody can reach by words is one that only buttons lead to: it stays.
    }

    fn lists_yaml(&self) -> Option<String> {
        if self.lists.is_empty() {
            return None;
        }
        let mut yaml =
            String::from("# Made by `ventanilla import`. The format: docs/topic-files.md.\n");
        for (name, values) in &self.lists {
            let _infallible = writeln!(yaml, "{name}:");
            for (value, synonyms) in values {
                let said: Vec<String> = std::iter::once(value)
                    .chain(synonyms.iter().filter(|synonym| *synonym != value))
                    .map(|word| quoted(word))
                    .collect();
                let by_lang: Vec<String> = self
                    .languages
                    .iter()
                    .map(|lang| format!("{lang}: [{}]", said.join(", ")))
                    .collect();
                let _infallible = writeln!(
                    yaml,
                    "  - {{value: {}, {}}}",
                    quoted(value),
                    by_lang.join(", ")
                );
            }
        }
        Some(yaml)
    }

    fn topic_yaml(
        &mut self,
        at: usize,
        id: &TopicId,
        role: Option<&'static str>,
        by_label: &HashMap<String, TopicId>,
    ) -> String {
        let mut left = Vec::new();
        let topic = &self.topics[at];
        let words = topic
            .title
            .clone()
            .unwrap_or_else(|| label::words(&topic.label));
        let words = label::without_signs(&label::one_line(&words));
        let title = label::title(&label::long_enough(words.clone()));
        let titles = by_lang(&self.languages, |_| title.clone());
        let mut yaml = format!("topic: {id}\ntitle: {titles}\n");
        if topic.small_talk {
            yaml.push_str("small_talk: true\n");
        }
        if let Some(role) = role {
            let _infallible = writeln!(yaml, "role: {role}");
        }
        if topic.examples.is_empty() {
            yaml.push_str("examples: {}\n");
        } else {
            yaml.push_str("examples:\n");
        }
        for (lang, lines) in &topic.examples {
            let _infallible = writeln!(yaml, "  {lang}: |");
            for line in lines {
                let _infallible = writeln!(yaml, "    {line}");
            }
        }
        if !topic.patterns.is_empty() {
            yaml.push_str("patterns:\n");
            for pattern in &topic.patterns {
                let _infallible = writeln!(yaml, "  - '{}'", pattern.replace('\'', "''"));
            }
        }
        if !topic.slots.is_empty() {
            yaml.push_str("slots:\n");
            for slot in &topic.slots {
                yaml.push_str(&slot_yaml(slot));
            }
        }
        yaml.push_str("steps:\n");
        // Nobody should read that an answer is missing: a person gives it, and `check` asks for it.
        let mute = topic.says.is_empty();
        let asks = topic.slots.iter().any(|slot| slot.ask.is_some());
        if mute
            && !(topic.escalates && (asks || topic.role == Some("talk_to_person")))
            && let Some(place) = &topic.place
        {
            left.push((
                place.clone(),
                "no_answer",
                both(
                    format!("`{id}` no trajo ninguna respuesta: pasa a una persona"),
                    format!("`{id}` brought no answer: a person takes over"),
                ),
                both(
                    format!("Escribirla en {id}.yaml."),
                    format!("Write it in {id}.yaml."),
                ),
            ));
        }
        for say in &topic.says {
            let texts: Vec<String> = say
                .words
                .iter()
                .map(|(lang, words)| format!("{lang}: {}", quoted(words)))
                .collect();
            let _infallible = writeln!(yaml, "  - say: {{{}}}", texts.join(", "));
            let mut seen = BTreeSet::new();
            let mut choices = Vec::new();
            for (title, label, place) in &say.choices {
                let whole = label::one_line(title);
                let title = label::title(&whole);
                let go = by_label.get(&label::one_line(label));
                let Some(go) = go.filter(|_| title.chars().count() >= 2) else {
                    left.push(button_gone(place, &whole));
                    continue;
                };
                // Two buttons with the same words to the same topic are one.
                if !seen.insert((title.clone(), go.clone())) {
                    continue;
                }
                if title.to_lowercase() != whole.to_lowercase() {
                    left.push(button_cut(place, &whole, &title));
                }
                let titles = by_lang(&self.languages, |_| title.clone());
                choices.push(format!("{{title: {titles}, go: {go}}}"));
            }
            if !choices.is_empty() {
                let _infallible = writeln!(yaml, "    choices: [{}]", choices.join(", "));
            }
        }
        if topic.escalates || mute {
            yaml.push_str("  - escalate: {team: default}\n");
        }
        yaml.push_str("tests: []\n");
        for (place, code, message, remedy) in left {
            self.notes.add(&place, code, message, remedy);
        }
        yaml
    }
}

/// A note before it is entered.
type Left = (Place, &'static str, Bilingual, Bilingual);

fn button_gone(place: &Place, words: &str) -> Left {
    let words = short(words);
    (
        place.clone(),
        "button",
        both(
            format!("el botón «{words}» no entró: es muy breve o no lleva a ningún tema"),
            format!("the button “{words}” was left out: it is too short or leads to no topic"),
        ),
        both(
            "Agregarlo en `choices:` con un título de dos letras o más.",
            "Add it to `choices:` with a title of two letters or more.",
        ),
    )
}

fn button_cut(place: &Place, words: &str, title: &str) -> Left {
    (
        place.clone(),
        "button_cut",
        both(
            format!("el botón «{words}» pasa de 40 caracteres: quedó «{title}»"),
            format!("the button “{words}” is longer than 40 characters: “{title}” was kept"),
        ),
        both(
            "Escribir un título más breve en `choices:`.",
            "Write a shorter title in `choices:`.",
        ),
    )
}

fn slot_yaml(slot: &DraftSlot) -> String {
    let mut parts = Vec::new();
    if slot.kind == "list" {
        parts.push(format!("type: list, list: {}", slot.name));
    } else {
        parts.push(format!("type: {}", slot.kind));
    }
    if let Some(pattern) = &slot.pattern {
        parts.push(format!("pattern: '{}'", pattern.replace('\'', "''")));
    }
    match &slot.ask {
        None => parts.push("optional: true".to_owned()),
        Some(ask) => {
            let texts: Vec<String> = ask
                .iter()
                .map(|(lang, words)| format!("{lang}: {}", quoted(words)))
                .collect();
            let texts = texts.join(", ");
            parts.push(format!("ask: {{{texts}}}, retry: {{{texts}}}"));
        }
    }
    format!("  {}: {{{}}}\n", slot.name, parts.join(", "))
}

/// An answer as topic files have it: without control characters, no longer than they take, `{name}` only where something fills it.
/// Gives the names that nothing fills.
pub(super) fn answer(text: &str, filled: &dyn Fn(&str) -> bool) -> (String, Vec<String>) {
    let kept: String = text
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| !c.is_control() || *c == '\n')
        .filter(|c| !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
        .take(ANSWER_MAX)
        .collect();
    let mut out = String::with_capacity(kept.len());
    let mut unfilled = Vec::new();
    let mut rest = kept.trim();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('{') {
            out.push_str("{{");
            rest = after;
            continue;
        }
        let name = after
            .split_once('}')
            .map(|(name, after)| (name.trim(), after))
            .filter(|(name, _)| {
                !name.is_empty()
                    && name.len() <= 64
                    && name
                        .chars()
                        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
            });
        match name {
            Some((name, after)) => {
                if filled(name) {
                    let _infallible = write!(out, "{{{}}}", slot_name(name));
                } else {
                    let _infallible = write!(out, "[{name}]");
                    unfilled.push(name.to_owned());
                }
                rest = after;
            }
            None => {
                out.push_str("{{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    (out, unfilled)
}

/// A slot's or list's name as topic files take it: `amount-of-money` is `amount_of_money`.
pub(super) fn slot_name(name: &str) -> String {
    let id = label::topic_id(name, &mut BTreeSet::new());
    let id = id.as_str();
    id.strip_prefix("topic_")
        .filter(|rest| {
            rest.starts_with(|c: char| c.is_ascii_lowercase()) && !name.starts_with("topic")
        })
        .unwrap_or(id)
        .to_owned()
}
