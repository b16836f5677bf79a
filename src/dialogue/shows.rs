//! What a step shows beside its words, made ready for this visitor. What cannot be told whole is not shown: the words of the step stand by themselves.

use super::turn::Turn;
use crate::conversation::{Captions, Exhibit, Shown, ShownLink, ShownPicture};
use crate::topics::{Link, Media, Picture, Ratio, Show, Source, Text, Topic};

/// Shows these behind what was said last.
pub(super) fn show(turn: &mut Turn<'_>, shows: &[Show], topic: &Topic) {
    let after = u32::try_from(turn.says.len()).unwrap_or(u32::MAX);
    let ready: Vec<Exhibit> = shows
        .iter()
        .filter_map(|show| exhibit(turn, show, topic))
        .collect();
    let ready = ready.into_iter().map(|what| Shown { after, what });
    turn.shows.extend(ready);
}

fn exhibit(turn: &Turn<'_>, show: &Show, topic: &Topic) -> Option<Exhibit> {
    let words = |text: &Text| words(turn, text, topic);
    Some(match show {
        Show::Picture(one) => Exhibit::Picture {
            picture: picture(turn, one, topic)?,
        },
        Show::Card {
            title,
            text,
            picture: one,
            link: to,
        } => Exhibit::Card {
            title: words(title)?,
            text: match text {
                Some(text) => Some(words(text)?),
                None => None,
            },
            // Without its picture or its link a card still says something.
            picture: one.as_ref().and_then(|one| picture(turn, one, topic)),
            link: to.as_ref().and_then(|to| link(turn, to, topic)),
        },
        Show::Link(to) => Exhibit::Link {
            link: link(turn, to, topic)?,
        },
        Show::Video {
            title,
            src,
            poster,
            captions,
            ratio,
        } => {
            let mut tracks: Vec<Captions> = Vec::new();
            for (lang, src) in captions {
                let track = Captions {
                    lang: lang.to_string(),
                    src: address(turn, src)?,
                };
                if lang.base() == turn.reader.lang.base() {
                    tracks.insert(0, track);
                } else {
                    tracks.push(track);
                }
            }
            Exhibit::Video {
                title: words(title)?,
                src: address(turn, src)?,
                poster: address(turn, poster)?,
                captions: tracks,
                ratio: css(*ratio),
            }
        }
        Show::File { name, src } => Exhibit::File {
            name: words(name)?,
            src: address(turn, src)?,
            format: format(src),
            bytes: own(turn, src)
                .and_then(|media| u32::try_from(media.data.len()).ok())
                .unwrap_or_default(),
        },
        Show::Location {
            name,
            address,
            lat,
            lon,
        } => Exhibit::Location {
            name: words(name)?,
            address: words(address)?,
            map: format!("https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}"),
        },
    })
}

/// The words for this visitor; nothing where they would have a hole.
fn words(turn: &Turn<'_>, text: &Text, topic: &Topic) -> Option<String> {
    turn.unfilled(text, topic)
        .is_empty()
        .then(|| turn.fill(text, topic))
}

fn picture(turn: &Turn<'_>, picture: &Picture, topic: &Topic) -> Option<ShownPicture> {
    Some(ShownPicture {
        src: address(turn, &picture.src)?,
        alt: words(turn, &picture.alt, topic)?,
        ratio: css(picture.ratio),
    })
}

/// A link that leads where a page may send somebody, whatever filled its places.
fn link(turn: &Turn<'_>, link: &Link, topic: &Topic) -> Option<ShownLink> {
    let url = words(turn, &link.url, topic)?;
    let safe = ["https://", "mailto:", "tel:"]
        .iter()
        .any(|begin| url.starts_with(begin));
    let clean = !url.contains(|c: char| c.is_whitespace() || c.is_control());
    (safe && clean).then_some(())?;
    Some(ShownLink {
        title: words(turn, &link.title, topic)?,
        url,
    })
}

fn own<'a>(turn: &Turn<'a>, source: &Source) -> Option<&'a Media> {
    match source {
        Source::Own(path) => turn.catalog.media.get(path),
        Source::Elsewhere(_) => None,
    }
}

fn address(turn: &Turn<'_>, source: &Source) -> Option<String> {
    match source {
        Source::Own(_) => own(turn, source).map(Media::address),
        Source::Elsewhere(url) => Some(url.clone()),
    }
}

/// The ending as people call it: `PDF`.
fn format(source: &Source) -> String {
    let (Source::Own(path) | Source::Elsewhere(path)) = source;
    let name = path.split(['?', '#']).next().unwrap_or(path);
    let name = name.rsplit('/').next().unwrap_or(name);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.map_or_else(|| "—".to_owned(), str::to_uppercase)
}

fn css(ratio: Ratio) -> String {
    format!("{}/{}", ratio.wide, ratio.high)
}
