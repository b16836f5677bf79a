//! How people write in chats, and how they say things where they live: *xq*, *pls*, *podés*, *remera*. What they write is read as the words that
//! the examples use; where it stood in the message stays known. A word that is right and that the catalogue uses itself is never touched.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use super::normalise::{Folded, Word, WordKind, key, words};
use crate::ids::Lang;

/// Regional words by locale: what is said there → what the examples say.
pub type RegionalWords = BTreeMap<Lang, BTreeMap<String, String>>;

/// Words of a message that are looked at; what follows is a pasted page.
const MOST_WORDS: usize = 400;

/// Longest regional expression, in words: "oficina de correo".
const LONGEST: usize = 4;

/// When a short form stands for the long one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In any message: no language has such a word.
    Anywhere,
    /// Only in a message of its language, of more than one word.
    InItsLanguage,
    /// Only where the catalogue does not use the form itself.
    IfUnknown,
}

struct Spoken {
    lang: Lang,
    /// Folded short form → long form.
    forms: HashMap<String, (Where, Vec<Word>)>,
}

static SPOKEN: LazyLock<[Spoken; 2]> = LazyLock::new(|| {
    [
        Spoken::read(Lang::es(), include_str!("data/spoken.es.txt")),
        Spoken::read(Lang::en(), include_str!("data/spoken.en.txt")),
    ]
});

impl Spoken {
    fn read(lang: Lang, lines: &str) -> Self {
        let lines = lines.lines().filter(|line| !line.starts_with('#'));
        let forms = lines.filter_map(|line| {
            let (short, long) = line.split_once('=')?;
            let (when, short) = match short.trim() {
                short if short.starts_with('~') => (Where::InItsLanguage, short.get(1..)?),
                short if short.starts_with('?') => (Where::IfUnknown, short.get(1..)?),
                short => (Where::Anywhere, short),
            };
            Some((
                key(&words(&Folded::new(short))),
                (when, words(&Folded::new(long))),
            ))
        });
        Self {
            lang,
            forms: forms.collect(),
        }
    }
}

/// The words with the short forms written out that belong to one language only.
pub(super) fn written_out(words: &[Word]) -> Vec<Word> {
    replaced(words, 1, |run| {
        let [word] = run else { return None };
        let mut known = SPOKEN
            .iter()
            .filter_map(|spoken| spoken.forms.get(&word.text));
        let (_, long) = known.find(|(when, _)| *when == Where::Anywhere)?;
        Some(long.clone())
    })
}

/// The same with those that are short forms in this language and words in another.
pub(super) fn written_out_in(words: &[Word], lang: &Lang) -> Vec<Word> {
    written_out_further(&written_out(words), lang)
}

/// What [`written_out_in`] does after [`written_out`].
pub(super) fn written_out_further(words: &[Word], lang: &Lang) -> Vec<Word> {
    let base = lang.base();
    let Some(spoken) = SPOKEN.iter().find(|spoken| spoken.lang == base) else {
        return words.to_vec();
    };
    let alone = words.len() < 2;
    replaced(words, 1, |run| {
        let [word] = run else { return None };
        let (when, long) = spoken.forms.get(&word.text)?;
        (*when == Where::InItsLanguage && !alone).then(|| long.clone())
    })
}

/// Folded expression → what it means where.
type Meanings = HashMap<String, Vec<(Lang, Vec<Word>)>>;

/// Regional words of a company, ready to be looked up.
#[derive(Debug, Default)]
pub(super) struct Regional {
    /// By base language.
    words: HashMap<Lang, Meanings>,
    /// Words with which an expression or a form begins: asked of every word, so that most are done with at once.
    beginnings: HashSet<String>,
}

impl Regional {
    pub(super) fn new(regional: &RegionalWords) -> Self {
        let mut all: HashMap<Lang, Meanings> = HashMap::new();
        for (locale, said) in regional {
            let of_language = all.entry(locale.base()).or_default();
            for (here, standard) in said {
                let meaning = (locale.clone(), words(&Folded::new(standard)));
                let here = key(&words(&Folded::new(here)));
                of_language.entry(here).or_default().push(meaning);
            }
        }
        let spoken = SPOKEN.iter().flat_map(|spoken| spoken.forms.keys());
        let said = all.values().flat_map(HashMap::keys).chain(spoken);
        let beginnings = said.filter_map(|said| said.split(' ').next().map(str::to_owned));
        Self {
            beginnings: beginnings.collect(),
            words: all,
        }
    }

    /// Words that the catalogue does not know, said as it says them: forms of *vos*, then what is said in this locale, or elsewhere where that is
    /// clear. `knows` tells which folded words the examples use.
    pub(super) fn read(
        &self,
        words: &[Word],
        locale: &Lang,
        knows: impl Fn(&str) -> bool,
    ) -> Vec<Word> {
        let base = locale.base();
        let spoken = SPOKEN.iter().find(|spoken| spoken.lang == base);
        let regional = self.words.get(&base);
        let use_words = |long: &[Word]| {
            let telling = long.iter().filter(|word| word.text.len() > 3);
            long.iter()
                .all(|word| word.text.len() <= 3 || knows(&word.text))
                && telling.count() > 0
        };
        replaced(words, LONGEST, |run| {
            let first = run.first().map_or("", |word| word.text.as_str());
            let begins = |word: &str| self.beginnings.contains(word);
            let one = |ending| first.strip_suffix(ending).is_some_and(begins);
            if !begins(first) && !one("s") && !one("es") {
                return None;
            }
            if run
                .iter()
                .all(|word| word.kind != WordKind::Plain || knows(&word.text))
            {
                return None;
            }
            let said = key(run);
            if let Some((Where::IfUnknown, long)) =
                spoken.and_then(|spoken| spoken.forms.get(&said))
            {
                return Some(long.clone());
            }
            let meanings = regional.and_then(|regional| {
                // "Remeras" are more than one "remera".
                let one = said.strip_suffix('s').filter(|one| one.len() > 3);
                let ones = said.strip_suffix("es").filter(|one| one.len() > 3);
                [Some(said.as_str()), one, ones]
                    .into_iter()
                    .flatten()
                    .find_map(|form| regional.get(form))
            })?;
            let here = meanings.iter().find(|(known, _)| known == locale);
            let clear = || {
                let (_, first) = meanings.first()?;
                let same = |other: &[Word]| key(other) == key(first);
                meanings
                    .iter()
                    .all(|(_, other)| same(other))
                    .then_some(first)
            };
            let long = here.map(|(_, long)| long).or_else(clear)?;
            use_words(long).then(|| long.clone())
        })
    }
}

/// Replaces runs of words, the longest first, each new word standing where the run stood.
fn replaced(
    words: &[Word],
    longest: usize,
    with: impl Fn(&[Word]) -> Option<Vec<Word>>,
) -> Vec<Word> {
    let mut out = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let longest = if at < MOST_WORDS {
            longest.min(words.len() - at)
        } else {
            0
        };
        let run = (1..=longest).rev().find_map(|length| {
            let run = words.get(at..at + length)?;
            Some((length, with(run)?))
        });
        let Some((length, long)) = run else {
            out.push(word.clone());
            at += 1;
            continue;
        };
        let end = words
            .get(at + length - 1)
            .map_or(word.folded.1, |last| last.folded.1);
        out.extend(long.into_iter().map(|new| Word {
            folded: (word.folded.0, end),
            ..new
        }));
        at += length;
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn read(text: &str, lang: &str) -> String {
        key(&written_out_in(
            &words(&Folded::new(text)),
            &lang.parse().unwrap(),
        ))
    }

    #[test]
    fn chat_shorthand_is_written_out() {
        for (text, lang, long) in [
            ("xq no llega xfa", "es", "por que no llega por favor"),
            ("dnd esta, q paso?", "es", "donde esta que paso"),
            ("tmb kiero saber", "es", "tambien quiero saber"),
            ("el msj x wasap", "es", "el mensaje por wasap"),
            ("pls where r u", "en", "please where are you"),
            ("thx, need it asap", "en", "thanks need it soon"),
            (
                "i wanna return it b4 2moro",
                "en",
                "i want to return it before tomorrow",
            ),
            ("mñn voy", "es-AR", "manana voy"),
        ] {
            assert_eq!(read(text, lang), long, "{text}");
        }
    }

    #[test]
    fn real_words_stay() {
        for (text, lang) in [
            ("siete u ocho", "es"),
            ("talla m", "es"),
            ("size s or l", "en"),
            ("k", "es"),
            ("piso 3 b", "es"),
            ("r 2", "es"),
            ("x 2", "en"),
            ("pa 10", "en"),
        ] {
            assert_eq!(read(text, lang), key(&words(&Folded::new(text))), "{text}");
        }
    }

    fn regional(text: &str, locale: &str) -> String {
        let mut all = RegionalWords::new();
        for (locale, here, standard) in [
            ("es-AR", "remera", "camiseta"),
            ("es-AR", "pava eléctrica", "hervidor"),
            ("es-AR", "saco", "chaqueta"),
            ("es-MX", "saco", "americana"),
            ("es-MX", "playera", "camiseta"),
            ("es-AR", "zapas", "deportivas"),
        ] {
            let said = all.entry(locale.parse().unwrap()).or_default();
            said.insert(here.to_owned(), standard.to_owned());
        }
        let known = [
            "camiseta",
            "hervidor",
            "chaqueta",
            "americana",
            "campera",
            "quiero",
        ];
        let words = words(&Folded::new(text));
        let read = Regional::new(&all).read(&words, &locale.parse().unwrap(), |word| {
            known.contains(&word)
        });
        key(&read)
    }

    #[test]
    fn regional_words_are_read_as_those_of_the_catalogue() {
        for (text, locale, standard) in [
            ("quiero una remera", "es-AR", "quiero una camiseta"),
            ("dos remeras", "es", "dos camiseta"),
            ("la pava electrica", "es-AR", "la hervidor"),
            ("podes mandar", "es-AR", "puedes mandar"),
            // What it means depends on where it is said.
            ("un saco", "es-AR", "un chaqueta"),
            ("un saco", "es-MX", "un americana"),
            ("un saco", "es", "un saco"),
            // The catalogue says so itself; and it does not know the other word either.
            ("una campera", "es-AR", "una campera"),
            ("unas zapas", "es-AR", "unas zapas"),
        ] {
            assert_eq!(regional(text, locale), standard, "{text} {locale}");
        }
    }
}
