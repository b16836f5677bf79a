//! `show:` of a step: what is shown beside its words. Where something may come from is judged here, at its place in the file.

use super::super::fault::{Fault, Near, Target};
use super::super::fields::{Fields, entries, lang, number, one_or_more, text_or_plain, word};
use super::super::media::{MEDIA_FOLDER, MediaKind, Wanted};
use super::super::notes::{Notes, Scope};
use super::super::problem::Place;
use super::super::show::{Link, Picture, Ratio, Show, Source};
use super::super::text::Text;
use super::super::yaml::Node;
use crate::ids::Lang;

/// The kinds, of which each item names exactly one.
const KINDS: [&str; 6] = ["picture", "card", "link", "video", "file", "location"];

/// Most things under one message: more is a page, to which a link leads.
const SHOWN_MAX: usize = 4;

/// The shape of a picture that says none.
const PICTURE_RATIO: Ratio = Ratio { wide: 4, high: 3 };

/// The shape of a video that says none.
const VIDEO_RATIO: Ratio = Ratio { wide: 16, high: 9 };

/// One item, or a list of them.
pub(super) fn read(node: &Node, scope: &Scope, notes: &mut Notes) -> Vec<Show> {
    let items = one_or_more(node);
    if items.len() > SHOWN_MAX {
        notes.fault(&node.place, &Fault::TooMuchShown { most: SHOWN_MAX });
    }
    items
        .into_iter()
        .filter_map(|item| one(item, scope, notes))
        .collect()
}

fn one(node: &Node, scope: &Scope, notes: &mut Notes) -> Option<Show> {
    let fields = Fields::of(node, &KINDS, notes)?;
    let found: Vec<&str> = KINDS
        .into_iter()
        .filter(|kind| fields.key(kind).is_some())
        .collect();
    let [kind] = found.as_slice() else {
        let found = if found.is_empty() {
            "—".to_owned()
        } else {
            found.join(", ")
        };
        notes.fault(&node.place, &Fault::ShowKinds { found });
        return None;
    };
    let inside = fields.must(kind, notes)?;
    match *kind {
        "picture" => picture(inside, scope, notes).map(Show::Picture),
        "card" => card(inside, scope, notes),
        "link" => link(inside, scope, notes).map(Show::Link),
        "video" => video(inside, scope, notes),
        "file" => file(inside, scope, notes),
        _ => location(inside, scope, notes),
    }
}

fn picture(node: &Node, scope: &Scope, notes: &mut Notes) -> Option<Picture> {
    let fields = Fields::of(node, &["src", "alt", "ratio"], notes)?;
    let src = source(&fields, "src", Wanted::Picture, notes);
    let alt = alt(&fields, scope, notes);
    Some(Picture {
        src: src?,
        alt: alt?,
        ratio: ratio(&fields, PICTURE_RATIO, notes),
    })
}

/// What a picture tells: in every language of the assistant, for it stands in for the picture.
fn alt(fields: &Fields<'_>, scope: &Scope, notes: &mut Notes) -> Option<Text> {
    let Some(node) = fields.get("alt") else {
        let place = fields.key("alt").unwrap_or(fields.place).clone();
        notes.fault(&place, &Fault::PictureWithoutAlt {});
        return None;
    };
    let alt = text_or_plain(node, scope.clone(), notes)?;
    let plain = node.scalar().is_some();
    let languages = notes.languages.clone();
    for language in languages.iter().filter(|_| !plain) {
        if !alt
            .by_lang
            .keys()
            .any(|known| known.base() == language.base())
        {
            let lang = language.to_string();
            notes.fault(&node.place, &Fault::AltNotIn { lang });
        }
    }
    Some(alt)
}

fn card(node: &Node, scope: &Scope, notes: &mut Notes) -> Option<Show> {
    let fields = Fields::of(node, &["title", "text", "picture", "link"], notes)?;
    let title = words(&fields, "title", scope, notes);
    let text = fields
        .get("text")
        .and_then(|node| text_or_plain(node, scope.clone(), notes));
    let picture = fields
        .get("picture")
        .and_then(|node| picture(node, scope, notes));
    let link = fields.get("link").and_then(|node| link(node, scope, notes));
    Some(Show::Card {
        title: title?,
        text,
        picture,
        link,
    })
}

fn link(node: &Node, scope: &Scope, notes: &mut Notes) -> Option<Link> {
    let fields = Fields::of(node, &["title", "url"], notes)?;
    let title = words(&fields, "title", scope, notes);
    let node = fields.must("url", notes)?;
    let url = text_or_plain(node, scope.clone(), notes)?;
    let said = url.by_lang.values().flat_map(|wording| wording.variants());
    let wrong = said.map(str::to_owned).find(|url| !leads_somewhere(url));
    if let Some(url) = wrong {
        let fault = if url.starts_with("http://") {
            Fault::InsecureSource { url }
        } else {
            Fault::BadLink { url }
        };
        notes.fault(&node.place, &fault);
    }
    Some(Link { title: title?, url })
}

/// Whether an address as written can be one that a visitor is sent to: a place that is filled decides later.
fn leads_somewhere(url: &str) -> bool {
    ["https://", "mailto:", "tel:", "{"]
        .iter()
        .any(|begin| url.starts_with(begin) && url.len() > begin.len())
        && !url.contains(char::is_whitespace)
}

fn video(node: &Node, scope: &Scope, notes: &mut Notes) -> Option<Show> {
    let known = ["title", "src", "poster", "captions", "ratio"];
    let fields = Fields::of(node, &known, notes)?;
    let title = words(&fields, "title", scope, notes);
    let src = source(&fields, "src", Wanted::Video, notes);
    let poster = source(&fields, "poster", Wanted::Picture, notes);
    let captions = captions(&fields, notes);
    let ratio = ratio(&fields, VIDEO_RATIO, notes);
    Some(Show::Video {
        title: title?,
        src: src?,
        poster: poster?,
        captions: captions?,
        ratio,
    })
}

fn captions(fields: &Fields<'_>, notes: &mut Notes) -> Option<Vec<(Lang, Source)>> {
    let mut captions = Vec::new();
    let node = fields.get("captions");
    let all = node.and_then(|node| entries(node, notes));
    for (key, node) in all.into_iter().flatten() {
        if let (Some(lang), Some(source)) =
            (lang(key, node, notes), from(node, Wanted::Captions, notes))
        {
            captions.push((lang, source));
        }
    }
    if all.is_none_or(<[_]>::is_empty) {
        let place = fields.key("captions").unwrap_or(fields.place).clone();
        notes.fault(&place, &Fault::VideoWithoutCaptions {});
    }
    (!captions.is_empty()).then_some(captions)
}

fn file(node: &Node, scope: &Scope, notes: &mut Notes) -> Option<Show> {
    let fields = Fields::of(node, &["name", "src"], notes)?;
    let name = words(&fields, "name", scope, notes);
    let src = source(&fields, "src", Wanted::File, notes);
    Some(Show::File {
        name: name?,
        src: src?,
    })
}

fn location(node: &Node, scope: &Scope, notes: &mut Notes) -> Option<Show> {
    let fields = Fields::of(node, &["name", "address", "lat", "lon"], notes)?;
    let name = words(&fields, "name", scope, notes);
    let address = words(&fields, "address", scope, notes);
    let mut degrees = |key, most: f64| {
        let node = fields.must(key, notes)?;
        number(node, &(-most..=most), notes)
    };
    let (lat, lon) = (degrees("lat", 90.0), degrees("lon", 180.0));
    Some(Show::Location {
        name: name?,
        address: address?,
        lat: lat?,
        lon: lon?,
    })
}

fn words(fields: &Fields<'_>, key: &'static str, scope: &Scope, notes: &mut Notes) -> Option<Text> {
    let node = fields.must(key, notes)?;
    text_or_plain(node, scope.clone(), notes)
}

/// `3:2`.
fn ratio(fields: &Fields<'_>, usual: Ratio, notes: &mut Notes) -> Ratio {
    let Some(node) = fields.get("ratio") else {
        return usual;
    };
    let Some(text) = word(node, notes) else {
        return usual;
    };
    let side = |text: &str| text.parse().ok().filter(|side| (1..=99).contains(side));
    let read = text
        .split_once(':')
        .and_then(|(wide, high)| Some((side(wide)?, side(high)?)));
    if let Some((wide, high)) = read {
        return Ratio { wide, high };
    }
    let text = text.to_owned();
    notes.fault(&node.place, &Fault::BadRatio { text });
    usual
}

fn source(
    fields: &Fields<'_>,
    key: &'static str,
    wanted: Wanted,
    notes: &mut Notes,
) -> Option<Source> {
    let node = fields.must(key, notes)?;
    from(node, wanted, notes)
}

/// A file of ours that fits, or an address on an allowed host: what the pages that show it may load.
fn from(node: &Node, wanted: Wanted, notes: &mut Notes) -> Option<Source> {
    let text = word(node, notes)?.to_owned();
    if text.starts_with(MEDIA_FOLDER) {
        let kind = MediaKind::named(&text);
        if kind.is_none_or(|kind| !kind.fits(wanted)) {
            let endings = wanted.endings();
            notes.fault(
                &node.place,
                &Fault::WrongMedia {
                    name: text,
                    endings,
                },
            );
            return None;
        }
        notes.refer(Target::Media, &text, &node.place);
        return Some(Source::Own(text));
    }
    if let Some(host) = host(&text) {
        if !allowed(host, notes) {
            let host = host.to_owned();
            let near = Near::to(&host, notes.media_hosts.iter().map(String::as_str));
            notes.fault(&node.place, &Fault::HostNotAllowed { host, near });
        }
        return Some(Source::Elsewhere(text));
    }
    let fault = if text.starts_with("http://") {
        Fault::InsecureSource { url: text }
    } else {
        Fault::BadSource { source: text }
    };
    notes.fault(&node.place, &fault);
    None
}

/// The host of an `https://` address without user, port and blanks.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let clean = !path.contains(|c: char| c.is_whitespace() || "\"'<>\\;".contains(c));
    (!host.is_empty() && host.chars().all(plain) && clean).then_some(host)
}

/// With `_assistant.yaml` unreadable nobody knows which hosts are allowed.
fn allowed(host: &str, notes: &Notes) -> bool {
    notes.unreadable.contains(&Target::Site)
        || notes.media_hosts.iter().any(|allowed| allowed == host)
}

/// `media_hosts:` of `_assistant.yaml`.
pub(super) fn hosts(node: &Node, notes: &mut Notes) -> Vec<String> {
    let mut hosts = Vec::new();
    for node in one_or_more(node) {
        let Some(text) = word(node, notes) else {
            continue;
        };
        let text = text.to_owned();
        let whole = host(&format!("https://{text}/")).is_some();
        if whole && text.contains('.') && !text.starts_with(['.', '-']) {
            hosts.push(text);
        } else {
            notes.fault(&node.place, &Fault::BadHost { host: text });
        }
    }
    hosts
}

/// What the files of `media/` hold together.
pub(super) fn too_much(bytes: usize, most: usize, notes: &mut Notes) {
    if bytes > most {
        let fault = Fault::AllMediaTooLarge {
            size: bytes >> 10,
            limit: most >> 10,
        };
        notes.fault(&Place::top(MEDIA_FOLDER.into()), &fault);
    }
}
