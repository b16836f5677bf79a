//! What a step shows beside its words (`show:`): pictures, cards, links, videos, files, places. As written in the files; a reader's own is made of it.

use super::text::Text;
use crate::ids::Lang;

/// One thing that is shown under a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Show {
    /// A picture.
    Picture(Picture),
    /// A card: a title, a few words, perhaps a picture and a link.
    Card {
        /// Its title.
        title: Text,
        /// What it says.
        text: Option<Text>,
        /// Its picture.
        picture: Option<Picture>,
        /// Where it leads.
        link: Option<Link>,
    },
    /// A link that stands by itself.
    Link(Link),
    /// A short video. It never starts by itself.
    Video {
        /// What it is called.
        title: Text,
        /// Where the video is.
        src: Source,
        /// The picture before it starts.
        poster: Source,
        /// Captions by language; at least one.
        captions: Vec<(Lang, Source)>,
        /// Its shape.
        ratio: Ratio,
    },
    /// A file to take home.
    File {
        /// What it is called.
        name: Text,
        /// Where it is.
        src: Source,
    },
    /// A place on a map: a link to one, never a map of somebody else inside the page.
    Location {
        /// What is there.
        name: Text,
        /// Its address.
        address: Text,
        /// Degrees north of the equator, -90 to 90.
        lat: f64,
        /// Degrees east of Greenwich, -180 to 180.
        lon: f64,
    },
}

/// A picture, and what it tells to whoever does not see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Where it is.
    pub src: Source,
    /// What it tells.
    pub alt: Text,
    /// Its shape.
    pub ratio: Ratio,
}

/// A link and its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// What it says.
    pub title: Text,
    /// Where it leads, places unfilled.
    pub url: Text,
}

/// Where something that is shown is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file of ours below the folder of topic files: `media/sizes.svg`.
    Own(String),
    /// `https://` on a host that `_assistant.yaml` allows.
    Elsewhere(String),
}

/// Width to height, so that the place is kept before the picture has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Width, 1 to 99.
    pub wide: u8,
    /// Height, 1 to 99.
    pub high: u8,
}
