//! What words do in an opinion: praise, complain, wish, ask … Named in their order they are a second text that says how the first is built: praise that
//! a long time and a wait follow is irony, in whatever words. The classifier learns the words, their cues, and both together; on opinions of somebody
//! who wrote none of the examples the cues brought 5 to 9 points of macro-F1, the three ways of learning another 1 to 3, regular expressions beside
//! them 1 to 4, and the languages learnt as one, marks on negated words and cues only of the last clause nothing.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words a negation reaches over: "no me gustó nada".
const SCOPE: usize = 3;
/// Words of a phrase, at most.
const PHRASE: usize = 5;
/// Letters that a beginning has at least.
const BEGINNING: usize = 3;
/// What makes a cue a word that no language has, so that nothing is read as one and it as nothing.
const MARK: &str = "zxq";

/// Classes that a negation turns round.
const NEGATED: [&str; 6] = ["praise", "complaint", "wish", "open", "ask", "middle"];
const CONTRASTS: [&str; 6] = ["pero", "aunque", "but", "though", "although", "however"];
const NEGATIONS: [&str; 23] = [
    "no", "ni", "nunca", "nada", "nadie", "sin", "tampoco", "cero", "ningun", "ninguna", "not",
    "never", "nothing", "nobody", "without", "zero", "cannot", "cant", "dont", "didnt", "wasnt",
    "isnt", "wont",
];
/// Marks that say something on their own.
const MARKS: [(char, &str); 13] = [
    ('?', "question"),
    ('¿', "question"),
    ('!', "loud"),
    ('👍', "praise"),
    ('👏', "praise"),
    ('👌', "praise"),
    ('❤', "praise"),
    ('😊', "praise"),
    ('🙂', "praise"),
    ('👎', "complaint"),
    ('😡', "complaint"),
    ('😠', "complaint"),
    ('🤬', "complaint"),
];

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::read(include_str!("data/opinion_cues.txt")));

/// How an example is learnt: its words, what they do, and both. A word that nobody taught then leaves its cue to speak, and the other way round.
pub fn ways_to_learn(text: &str) -> [String; 3] {
    let cues = cues(text);
    [text.to_owned(), format!("{text} {cues}"), cues]
}

/// A text as it is read: with what its words do.
pub fn with_cues(text: &str) -> String {
    format!("{text} {}", cues(text))
}

/// What comes after the last "pero" or "but" of a text: it weighs more than what comes before, so it is read a second time.
pub fn last_clause(text: &str) -> Option<&str> {
    let mut rest = None;
    let mut end = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        end += word.len();
        let folded = fold(word);
        if CONTRASTS.contains(&folded.trim_matches(|letter: char| !letter.is_alphanumeric())) {
            rest = text.get(end..).map(str::trim);
        }
    }
    rest.filter(|rest| !rest.is_empty())
}

/// The cues of a text in their order. One within three words after a negation is another; marks, and how many words there are, are cues too.
fn cues(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let long = match words.len() {
        0 | 1 => "one",
        2 | 3 => "few",
        4..=7 => "some",
        _ => "many",
    };
    let mut cues = format!("{MARK}{long}");
    let mut cue = |not: &str, class: &str| {
        cues.push(' ');
        cues.push_str(MARK);
        cues.push_str(not);
        cues.push_str(class);
    };
    let mut reach = 0_usize;
    let mut at = 0;
    while let Some(&word) = words.get(at) {
        if is_negation(&words, at) {
            reach = SCOPE + 1;
        }
        let (classes, long) = CUES.at(&words, at);
        for class in classes {
            let not = reach > 0 && NEGATED.contains(&class);
            cue(if not { "not" } else { "" }, class);
        }
        reach = if CONTRASTS.contains(&word) {
            0
        } else {
            reach.saturating_sub(1)
        };
        at += long;
    }
    for (mark, class) in MARKS {
        if text.contains(mark) {
            cue("", class);
        }
    }
    cues
}

/// Whether a word turns what follows round: "sin", "never", the t of "don't".
fn is_negation(words: &[&str], at: usize) -> bool {
    let apostrophe = |before: &&str| before.ends_with('n');
    NEGATIONS.contains(&words[at])
        || (words[at] == "t" && at > 0 && words.get(at - 1).is_some_and(apostrophe))
}

fn fold(text: &str) -> String {
    text.nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

#[derive(Default)]
struct Cues {
    whole: HashMap<String, Vec<&'static str>>,
    beginnings: HashMap<String, Vec<&'static str>>,
    /// By first word.
    phrases: HashMap<String, Vec<(Vec<String>, &'static str)>>,
}

impl Cues {
    fn read(list: &'static str) -> Self {
        let mut cues = Self::default();
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let Some((class, entries)) = line.split_once(':') else {
                continue;
            };
            for entry in entries.split_whitespace() {
                let folded = fold(entry);
                let parts: Vec<&str> = folded.split(['_', '\'']).collect();
                if parts.len() > 1 {
                    let rest = parts
                        .iter()
                        .skip(1)
                        .map(|part| (*part).to_owned())
                        .collect();
                    let of_first = cues
                        .phrases
                        .entry(parts[0].trim_end_matches('*').to_owned());
                    of_first.or_default().push((rest, class));
                } else if let Some(beginning) = folded.strip_suffix('*') {
                    cues.beginnings
                        .entry(beginning.to_owned())
                        .or_default()
                        .push(class);
                } else {
                    cues.whole.entry(folded).or_default().push(class);
                }
            }
        }
        cues
    }

    /// The classes of the words from here on, and how many words they are.
    fn at(&self, words: &[&str], at: usize) -> (Vec<&'static str>, usize) {
        let word = words[at];
        let mut longest: Option<(&'static str, usize)> = None;
        for (rest, class) in self.phrases.get(word).into_iter().flatten() {
            let fits = rest.len() < PHRASE
                && rest.iter().enumerate().all(|(offset, part)| {
                    words.get(at + 1 + offset).is_some_and(|word| {
                        part.strip_suffix('*')
                            .map_or(word == part, |beginning| word.starts_with(beginning))
                    })
                });
            if fits && longest.is_none_or(|(_, long)| rest.len() + 1 > long) {
                longest = Some((class, rest.len() + 1));
            }
        }
        if let Some((class, long)) = longest {
            return (vec![class], long);
        }
        let mut classes: Vec<&'static str> = self
            .whole
            .get(word)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        if classes.is_empty() {
            let ends = word.char_indices().map(|(end, _)| end).chain([word.len()]);
            let beginnings: Vec<usize> = ends.filter(|&end| end >= BEGINNING).collect();
            for end in beginnings.into_iter().rev() {
                let beginning = word.get(..end).unwrap_or_default();
                if let Some(found) = self.beginnings.get(beginning) {
                    classes.extend(found);
                    break;
                }
            }
        }
        classes.dedup();
        (classes, 1)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        cues(text).replace(MARK, "")
    }

    #[test]
    fn irony_shows_in_the_order_of_its_cues() {
        assert_eq!(
            of("Genial, tres semanas esperando"),
            "some praise long open"
        );
        assert_eq!(
            of("brilliant, two weeks of waiting"),
            "some praise long open"
        );
    }

    #[test]
    fn a_negation_turns_what_follows_round_as_far_as_it_reaches() {
        assert_eq!(of("no es bueno"), "few notpraise");
        assert_eq!(of("it wasn't good"), "some notpraise");
        assert_eq!(of("no llegué a la hora, bueno"), "some long praise");
        assert_eq!(of("no, pero bueno"), "few but praise");
    }

    #[test]
    fn phrases_go_before_their_words_and_marks_speak_too() {
        assert_eq!(of("un poco así así"), "some middle");
        assert_eq!(of("👎"), "one complaint");
        assert_eq!(of("¿es gratis?"), "few question question");
        assert_eq!(of(""), "one");
    }

    #[test]
    fn the_last_clause_is_what_follows_a_contrast() {
        assert_eq!(
            last_clause("Muy amables, pero sigo sin pedido"),
            Some("sigo sin pedido")
        );
        assert_eq!(last_clause("good but slow BUT cheap"), Some("cheap"));
        for whole in ["todo bien", "pero", "perol grande", ""] {
            assert_eq!(last_clause(whole), None, "{whole}");
        }
    }

    #[test]
    fn each_line_of_the_list_is_read() {
        let list = include_str!("data/opinion_cues.txt");
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let (class, entries) = line.split_once(": ").unwrap();
            for entry in entries.split_whitespace() {
                let text = entry.replace('_', " ").replace('*', "");
                assert!(
                    !cues(&text).is_empty() && entry.chars().count() > 1,
                    "{class}: {entry}"
                );
            }
        }
    }
}
