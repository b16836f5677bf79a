//! An action: what people said, what was done about it, since when and where. What it must be to be shown, and its words for those who read of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::way::OpinionRef;
use crate::ids::{ActionId, Lang, SiteId, Style, TopicId};
use crate::topics::{Catalog, Reader, Text, Wording, fill, unreadable_place};

/// Longest `said`, in characters: it stands in quotes within a sentence.
pub const SAID_MAX: usize = 120;
/// Longest `did`, in characters: it stands behind a question on a phone.
const DID_MAX: usize = 300;
/// Most opinions that one action closes.
const OPINIONS_MAX: usize = 2_000;
/// Most touchpoints, and the longest name of one.
const TOUCHPOINTS_MAX: (usize, usize) = (32, 64);

/// "You said, we did".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its name.
    pub id: ActionId,
    /// What people said, in a few words without a full stop: `El cupón no se acepta`.
    pub said: Text,
    /// What was done about it, as a sentence: `Ahora el cupón se puede pegar con espacios.`
    pub did: Text,
    /// The first day on which it is so.
    pub since: Date,
    /// Touchpoints whose next question tells it; none: it stands on the public page alone.
    #[serde(default)]
    pub touchpoints: Vec<String>,
    /// Sites it is for; every site when empty.
    #[serde(default)]
    pub sites: Vec<SiteId>,
    /// The topic whose file was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicId>,
    /// The opinions that it closes.
    #[serde(default)]
    pub opinions: Vec<OpinionRef>,
}

/// Why an action cannot be kept like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// A text is missing in a language.
    #[error("`{field}` is missing in {lang}")]
    Lacks {
        /// Which text.
        field: &'static str,
        /// The language.
        lang: String,
    },
    /// A text or a list is too long.
    #[error("`{field}` has more than {most}")]
    TooLong {
        /// Which.
        field: &'static str,
        /// The most: characters of a text, entries of a list.
        most: usize,
    },
    /// A brace that is not closed, or that nothing fills.
    #[error("`{field}` has a {{place}} that nothing fills")]
    Place {
        /// Which text.
        field: &'static str,
    },
    /// A topic or site that there is not.
    #[error("there is no {0}")]
    Unknown(String),
    /// It holds only from a later day on.
    #[error("`since` is in the future: tell people when it is done")]
    Future,
}

/// What a closed action says behind the next question about its touchpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Improved {
    /// What people said.
    pub said: Text,
    /// What was done.
    pub did: Text,
}

impl Action {
    /// Whether it can be kept: words in every language of the company, none too long, nothing in it that nobody fills, nothing unknown.
    ///
    /// # Errors
    /// [`ActionError`]: the first fault.
    pub fn fits(&self, catalog: &Catalog, today: Date) -> Result<(), ActionError> {
        for (field, text, most) in [("said", &self.said, SAID_MAX), ("did", &self.did, DID_MAX)] {
            text_fits(field, text, most, catalog)?;
        }
        if self.since > today {
            return Err(ActionError::Future);
        }
        let too_long = |field, most| Err(ActionError::TooLong { field, most });
        let (touchpoints, name) = TOUCHPOINTS_MAX;
        let named = |one: &String| (1..=name).contains(&one.chars().count());
        if self.touchpoints.len() > touchpoints || !self.touchpoints.iter().all(named) {
            return too_long("touchpoints", touchpoints);
        }
        if self.opinions.len() > OPINIONS_MAX {
            return too_long("opinions", OPINIONS_MAX);
        }
        let strange = |topic: &&TopicId| !catalog.topics.contains_key(*topic);
        if let Some(topic) = self.topic.as_ref().filter(strange) {
            return Err(ActionError::Unknown(topic.to_string()));
        }
        let sites = &catalog.assistant.sites;
        match self.sites.iter().find(|site| !sites.contains_key(*site)) {
            Some(site) => Err(ActionError::Unknown(site.to_string())),
            None => Ok(()),
        }
    }

    /// Whether it is for who is on this site.
    pub fn is_for(&self, site: &SiteId) -> bool {
        self.sites.is_empty() || self.sites.contains(site)
    }

    /// Whether the question about a touchpoint of a site tells it.
    pub fn is_told_at(&self, touchpoint: Option<&str>, site: &SiteId) -> bool {
        let named = |one: &str| self.touchpoints.iter().any(|own| own == one);
        self.is_for(site) && touchpoint.is_some_and(named)
    }

    /// What it says behind a question.
    pub fn improved(&self) -> Improved {
        Improved {
            said: self.said.clone(),
            did: self.did.clone(),
        }
    }
}

impl Improved {
    /// The use line with what changed behind it, for a reader.
    pub fn behind(&self, used_for: &str, reader: &Reader<'_>) -> String {
        let (said, did) = (
            reader.fill(&self.said, |_| None),
            reader.fill(&self.did, |_| None),
        );
        let told = reader.engine("use_changed", &[("said", &said), ("did", &did)]);
        format!("{used_for} {told}").trim_start().to_owned()
    }
}

/// Words an action for those who gave the opinions behind it.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// The engine's sentence, with `{said}` and `{did}`.
    pub sentence: &'a Text,
}

impl Teller<'_> {
    /// What they are told, in every language and register of the sentence and of the action.
    pub fn tells(&self, action: &Action) -> Text {
        let of = |text: &Text| text.by_lang.keys().cloned().collect::<Vec<Lang>>();
        let langs = of(self.sentence).into_iter().chain(of(&action.did));
        let worded = |lang: &Lang, style: Style| {
            let place = |name: &str| match name {
                "said" => Some(action.said.for_reader(lang, style).to_owned()),
                "did" => Some(action.did.for_reader(lang, style).to_owned()),
                _ => None,
            };
            let sentence = self.sentence.for_reader(lang, style);
            fill(sentence, place, |_| String::new())
        };
        let both = |lang: Lang| {
            let wording = Wording::Styled {
                fast: worded(&lang, Style::Fast),
                warm: worded(&lang, Style::Warm),
            };
            (lang, wording)
        };
        // A language that the company does not write in would tell the sentence in one and the change in another.
        let written = |lang: &Lang| {
            action
                .did
                .by_lang
                .keys()
                .any(|own| own.base() == lang.base())
        };
        Text {
            by_lang: langs.filter(written).map(both).collect(),
        }
    }
}

fn text_fits(
    field: &'static str,
    text: &Text,
    most: usize,
    catalog: &Catalog,
) -> Result<(), ActionError> {
    for lang in &catalog.assistant.languages {
        let there = text.by_lang.get(lang).is_some_and(|wording| {
            let variants = wording.variants();
            variants.iter().all(|words| !words.trim().is_empty())
        });
        if !there {
            let lang = lang.to_string();
            return Err(ActionError::Lacks { field, lang });
        }
    }
    for words in text.by_lang.values().flat_map(Wording::variants) {
        if words.chars().count() > most {
            return Err(ActionError::TooLong { field, most });
        }
        if unreadable_place(words, catalog) {
            return Err(ActionError::Place { field });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::topics::own_texts;
    use crate::topics::shop::shop;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    fn text(es: &str, en: &str) -> Text {
        let plain = |words: &str| Wording::Plain(words.to_owned());
        Text {
            by_lang: [(Lang::es(), plain(es)), (Lang::en(), plain(en))].into(),
        }
    }

    fn coupon() -> Action {
        Action {
            id: "coupon".parse().unwrap(),
            said: text("El cupón no se acepta", "The coupon is refused"),
            did: text(
                "Ahora se puede pegar con espacios.",
                "It may be pasted with spaces now.",
            ),
            since: TODAY,
            touchpoints: vec!["checkout".to_owned()],
            sites: Vec::new(),
            topic: None,
            opinions: Vec::new(),
        }
    }

    #[test]
    fn an_action_needs_its_words_in_every_language_and_a_day_that_has_come() {
        let catalog = shop();
        let fits = |change: &dyn Fn(&mut Action)| {
            let mut action = coupon();
            change(&mut action);
            action.fits(&catalog, TODAY).map_err(|why| why.to_string())
        };
        assert_eq!(fits(&|_| {}), Ok(()));
        let told = |words: &str| Err(words.to_owned());
        let lacks = fits(&|one| drop(one.did.by_lang.remove(&Lang::en())));
        assert_eq!(lacks, told("`did` is missing in en"));
        let blank = fits(&|one| one.said = text(" ", "The coupon is refused"));
        assert_eq!(blank, told("`said` is missing in es"));
        let long = fits(&|one| one.said = text(&"ñ".repeat(121), "x"));
        assert_eq!(long, told("`said` has more than 120"));
        let place = fits(&|one| one.did = text("Hasta {nobody}.", "Until then."));
        assert_eq!(place, told("`did` has a {place} that nothing fills"));
        let later = fits(&|one| one.since = TODAY.tomorrow().unwrap());
        assert_eq!(
            later,
            told("`since` is in the future: tell people when it is done")
        );
        let topic = fits(&|one| one.topic = Some("no_such_topic".parse().unwrap()));
        assert_eq!(topic, told("there is no no_such_topic"));
        let nameless = fits(&|one| one.touchpoints.push(String::new()));
        assert_eq!(nameless, told("`touchpoints` has more than 32"));
    }

    #[test]
    fn it_is_told_at_its_touchpoints_on_its_sites() {
        let (es, other) = ("es".parse().unwrap(), "ar".parse().unwrap());
        let mut action = coupon();
        assert!(action.is_told_at(Some("checkout"), &es));
        assert!(!action.is_told_at(Some("delivery"), &es) && !action.is_told_at(None, &es));
        action.sites = vec![other];
        assert!(!action.is_told_at(Some("checkout"), &es));
    }

    #[test]
    fn the_use_line_and_those_who_said_it_read_it_in_their_language_and_register() {
        let mut catalog = shop();
        catalog.texts.clone_from(own_texts());
        let site = "es".parse().unwrap();
        let read = |lang: &str, style| {
            let reader = Reader::new(&catalog, &site, &lang.parse().unwrap(), style);
            coupon().improved().behind("Lo lee Ventas.", &reader)
        };
        assert_eq!(
            read("es", Style::Warm),
            "Lo lee Ventas. La última vez nos dijeron «El cupón no se acepta», y lo cambiamos. Ahora se puede pegar con espacios."
        );
        assert!(read("en", Style::Fast).ends_with("like yours. It may be pasted with spaces now."));
        let sentence = catalog.text("action_told").unwrap();
        let told = Teller { sentence }.tells(&coupon());
        let said = |lang: &str| {
            told.for_reader(&lang.parse().unwrap(), Style::Warm)
                .to_owned()
        };
        assert!(
            said("es").contains("«El cupón no se acepta»") && said("es-usted").starts_with("Dejó")
        );
        assert!(said("en").contains("It may be pasted with spaces now."));
    }
}
