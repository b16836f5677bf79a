//! What was shown beside a message, as it was shown: all words in the visitor's language, all addresses ready. An old log needs no topic files.

use serde::{Deserialize, Serialize};

use super::event::{Body, Event};

/// One thing under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Shown {
    /// How many messages of the turn stand before it.
    pub after: u32,
    /// What it is.
    pub what: Exhibit,
}

/// The kinds of thing that are shown. An address that begins with `/` is on this server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Exhibit {
    /// A picture.
    Picture {
        /// The picture.
        picture: ShownPicture,
    },
    /// A card.
    Card {
        /// Its title.
        title: String,
        /// What it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        text: Option<String>,
        /// Its picture.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        picture: Option<ShownPicture>,
        /// Where it leads.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        link: Option<ShownLink>,
    },
    /// A link.
    Link {
        /// The link.
        link: ShownLink,
    },
    /// A video.
    Video {
        /// What it is called.
        title: String,
        /// Where it is.
        src: String,
        /// The picture before it starts.
        poster: String,
        /// Captions; the visitor's language first.
        captions: Vec<Captions>,
        /// Width to height, as CSS has it: `16/9`.
        ratio: String,
    },
    /// A file.
    File {
        /// What it is called.
        name: String,
        /// Where it is.
        src: String,
        /// What kind of file, as people call it: `PDF`.
        format: String,
        /// Its size in bytes; 0 where it is not on this server.
        bytes: u32,
    },
    /// A place.
    Location {
        /// What is there.
        name: String,
        /// Its address.
        address: String,
        /// A page with a map of it.
        map: String,
    },
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ShownPicture {
    /// Where it is.
    pub src: String,
    /// What it tells.
    pub alt: String,
    /// Width to height, as CSS has it: `4/3`.
    pub ratio: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ShownLink {
    /// What it says.
    pub title: String,
    /// Where it leads: `https://`, `mailto:` or `tel:`.
    pub url: String,
}

/// Captions of a video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Captions {
    /// Language tag.
    pub lang: String,
    /// Where they are.
    pub src: String,
}

impl Exhibit {
    /// In one readable line, for whoever gets plain text: what it is, then where. `base` is this server's address, without a slash at its end; without
    /// one, what is here is only named.
    pub fn line(&self, base: &str) -> String {
        let led = |title: &str, url: &str| match (url.starts_with('/'), base) {
            (true, "") => title.to_owned(),
            (true, base) => format!("{title}: {base}{url}"),
            (false, _) => format!("{title}: {url}"),
        };
        match self {
            Self::Picture { picture } => led(&picture.alt, &picture.src),
            Self::Card {
                title, text, link, ..
            } => {
                let link = link.as_ref().map(|link| led(&link.title, &link.url));
                let parts = [Some(title.clone()), text.clone(), link];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                parts.join(" — ").replace('\n', " ")
            }
            Self::Link { link } => led(&link.title, &link.url),
            Self::Video { title, src, .. } => led(title, src),
            Self::File {
                name, src, format, ..
            } => led(&format!("{name} ({format})"), src),
            Self::Location { name, address, map } => led(&format!("{name}, {address}"), map),
        }
    }

    /// Each text that may hold what a person said or what is theirs.
    pub(super) fn visit(&mut self, each: &mut dyn FnMut(&mut String)) {
        match self {
            Self::Picture { picture } => each(&mut picture.alt),
            Self::Card {
                title,
                text,
                picture,
                link,
            } => {
                each(title);
                text.iter_mut().for_each(&mut *each);
                picture.iter_mut().for_each(|one| each(&mut one.alt));
                link.iter_mut().for_each(|link| link.visit(each));
            }
            Self::Link { link } => link.visit(each),
            Self::Video { title, .. } => each(title),
            Self::File { name, .. } => each(name),
            Self::Location { name, address, .. } => {
                each(name);
                each(address);
            }
        }
    }
}

impl ShownLink {
    fn visit(&mut self, each: &mut dyn FnMut(&mut String)) {
        each(&mut self.title);
        each(&mut self.url);
    }
}

impl Event {
    /// What was said in plain text: the messages in order, each thing that was shown as a line of its own behind the message that it stands under.
    /// Nothing of what was erased.
    pub fn said(&self, base: &str) -> Vec<String> {
        let texts = &self.private.texts;
        let shows = match &self.body {
            Body::BotAnswered { shows, .. } if !texts.is_empty() => shows.as_slice(),
            _ => &[],
        };
        let mut said = Vec::with_capacity(texts.len() + shows.len());
        let mut shows = shows.iter().peekable();
        for (before, text) in (0u32..).zip(texts) {
            while let Some(shown) = shows.next_if(|shown| shown.after <= before) {
                said.push(shown.what.line(base));
            }
            said.push(text.clone());
        }
        said.extend(shows.map(|shown| shown.what.line(base)));
        said
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Memory, Private};
    use crate::ids::{Lang, Seq, Timestamp};

    fn answered(shows: Vec<Shown>) -> Event {
        Event {
            seq: Seq(1),
            at: Timestamp(0),
            body: Body::BotAnswered {
                upto: Seq(0),
                understood: Vec::new(),
                choices: Vec::new(),
                memory: Box::new(Memory::default()),
                topic: None,
                lang: Lang::es(),
                shows,
            },
            private: Private {
                texts: vec!["Uno.".to_owned(), "Dos.".to_owned()],
                values: std::collections::BTreeMap::new(),
            },
        }
    }

    fn all() -> Vec<Shown> {
        let picture = ShownPicture {
            src: "/v1/media/0a/t.svg".to_owned(),
            alt: "Tabla: 39 son 25 cm".to_owned(),
            ratio: "4/3".to_owned(),
        };
        let link = ShownLink {
            title: "Ver la ficha".to_owned(),
            url: "https://es.mareas.example/brisa".to_owned(),
        };
        let kinds = [
            (
                1,
                Exhibit::Picture {
                    picture: picture.clone(),
                },
            ),
            (
                1,
                Exhibit::Card {
                    title: "Brisa".to_owned(),
                    text: Some("59,90 €".to_owned()),
                    picture: Some(picture),
                    link: Some(link.clone()),
                },
            ),
            (2, Exhibit::Link { link }),
            (
                2,
                Exhibit::Video {
                    title: "Cómo medir el pie".to_owned(),
                    src: "/v1/media/0b/m.mp4".to_owned(),
                    poster: "/v1/media/0c/p.png".to_owned(),
                    captions: vec![Captions {
                        lang: "es".to_owned(),
                        src: "/v1/media/0d/m.vtt".to_owned(),
                    }],
                    ratio: "16/9".to_owned(),
                },
            ),
            (
                2,
                Exhibit::File {
                    name: "Etiqueta".to_owned(),
                    src: "/v1/media/0e/e.pdf".to_owned(),
                    format: "PDF".to_owned(),
                    bytes: 900,
                },
            ),
            (
                2,
                Exhibit::Location {
                    name: "Mareas Centro".to_owned(),
                    address: "calle de la Palma 28".to_owned(),
                    map: "https://www.openstreetmap.org/?mlat=40&mlon=-3".to_owned(),
                },
            ),
        ];
        let shown = kinds.into_iter();
        shown.map(|(after, what)| Shown { after, what }).collect()
    }

    #[test]
    fn each_kind_is_one_readable_line_behind_its_message() {
        let said = answered(all()).said("https://chat.example.com");
        assert_eq!(
            said,
            [
                "Uno.",
                "Tabla: 39 son 25 cm: https://chat.example.com/v1/media/0a/t.svg",
                "Brisa — 59,90 € — Ver la ficha: https://es.mareas.example/brisa",
                "Dos.",
                "Ver la ficha: https://es.mareas.example/brisa",
                "Cómo medir el pie: https://chat.example.com/v1/media/0b/m.mp4",
                "Etiqueta (PDF): https://chat.example.com/v1/media/0e/e.pdf",
                "Mareas Centro, calle de la Palma 28: https://www.openstreetmap.org/?mlat=40&mlon=-3",
            ]
        );
    }

    #[test]
    fn erasure_takes_the_words_and_a_log_from_before_still_reads() {
        let mut event = answered(all());
        let whole = event.body.clone();
        let texts = event.body.take_texts();
        let stored = serde_json::to_string(&event.body).unwrap();
        for word in [
            "Brisa",
            "Palma",
            "ficha",
            "Etiqueta",
            "25 cm",
            "medir",
            "es.mareas",
        ] {
            assert!(!stored.contains(word), "{word}: {stored}");
        }
        event.private = Private::default();
        assert!(event.said("").is_empty());
        event.body.put_texts(texts);
        assert_eq!(event.body, whole);

        let old = serde_json::to_value(answered(Vec::new()).body).unwrap();
        assert!(old.get("shows").is_none());
        assert_eq!(
            serde_json::from_value::<Body>(old).unwrap(),
            answered(Vec::new()).body
        );
    }
}
