//! The files of `media/`: pictures, videos, captions and documents that answers show. What they are is told by their content, never by their name alone.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::fault::Fault;
use super::source::SourceFile;

/// The folder, below that of the topic files.
pub const MEDIA_FOLDER: &str = "media/";

/// Largest video, in bytes. What is larger belongs on a host for videos.
pub const VIDEO_MAX_BYTES: usize = 6 << 20;

/// Largest other file, in bytes.
pub const MEDIA_MAX_BYTES: usize = 2 << 20;

/// All files together, in bytes: they stay in memory, and with every good set that is kept.
pub const ALL_MEDIA_MAX_BYTES: usize = 8 << 20;

/// A file of `media/`.
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// The first 16 hexadecimal digits of the SHA-256 of its content.
    pub hash: String,
    /// Its name without folders: `sizes.svg`.
    pub name: String,
    /// What it is.
    pub kind: MediaKind,
    /// Its content.
    pub data: Arc<[u8]>,
}

impl Media {
    /// Its address on this server. It holds the hash of the content, so it may be kept for good.
    pub fn address(&self) -> String {
        format!("/v1/media/{}/{}", self.hash, self.name)
    }
}

impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Media({} {} bytes)", self.name, self.data.len())
    }
}

/// What is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// A drawing.
    Svg,
    /// A picture.
    Png,
    /// A photograph.
    Jpeg,
    /// A picture.
    Gif,
    /// A picture.
    Webp,
    /// A video.
    Mp4,
    /// A video.
    Webm,
    /// Captions.
    Vtt,
    /// A document.
    Pdf,
}

/// What a place of a file may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Picture,
    Video,
    Captions,
    File,
}

impl Wanted {
    /// The endings that fit, for people.
    pub(super) fn endings(self) -> String {
        let all = MediaKind::ALL.iter().filter(|kind| kind.fits(self));
        all.map(|kind| format!("`.{}`", kind.ending()))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl MediaKind {
    const ALL: [Self; 9] = [
        Self::Svg,
        Self::Png,
        Self::Jpeg,
        Self::Gif,
        Self::Webp,
        Self::Mp4,
        Self::Webm,
        Self::Vtt,
        Self::Pdf,
    ];

    /// The ending that such files have.
    const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Mp4 => "mp4",
            Self::Webm => "webm",
            Self::Vtt => "vtt",
            Self::Pdf => "pdf",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::Webm => "video/webm",
            Self::Vtt => "text/vtt; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    /// The kind that a name says.
    pub(super) fn named(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        let ending = ending.to_ascii_lowercase();
        let ending = if ending == "jpeg" { "jpg" } else { &ending };
        Self::ALL.into_iter().find(|kind| kind.ending() == ending)
    }

    /// The kind that the content says.
    fn sniffed(data: &[u8]) -> Option<Self> {
        let at = |from: usize, magic: &[u8]| {
            data.get(from..).is_some_and(|rest| rest.starts_with(magic))
        };
        let text = || {
            let head = data.get(..data.len().min(4096)).unwrap_or_default();
            let head = String::from_utf8_lossy(head);
            head.trim_start_matches('\u{feff}').trim_start().to_owned()
        };
        if at(0, b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if at(0, b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
            Some(Self::Gif)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Some(Self::Webp)
        } else if at(4, b"ftyp") {
            Some(Self::Mp4)
        } else if at(0, b"\x1a\x45\xdf\xa3") {
            Some(Self::Webm)
        } else if at(0, b"%PDF-") {
            Some(Self::Pdf)
        } else if text().starts_with("WEBVTT") {
            Some(Self::Vtt)
        } else if text().starts_with('<') && text().contains("<svg") {
            Some(Self::Svg)
        } else {
            None
        }
    }

    pub(super) const fn fits(self, wanted: Wanted) -> bool {
        match self {
            Self::Svg | Self::Png | Self::Jpeg | Self::Gif | Self::Webp => {
                matches!(wanted, Wanted::Picture | Wanted::File)
            }
            Self::Mp4 | Self::Webm => matches!(wanted, Wanted::Video),
            Self::Vtt => matches!(wanted, Wanted::Captions),
            Self::Pdf => matches!(wanted, Wanted::File),
        }
    }

    const fn max_bytes(self) -> usize {
        match self {
            Self::Mp4 | Self::Webm => VIDEO_MAX_BYTES,
            Self::Svg | Self::Png | Self::Jpeg | Self::Gif | Self::Webp | Self::Vtt | Self::Pdf => {
                MEDIA_MAX_BYTES
            }
        }
    }
}

impl SourceFile {
    /// A file of `media/`, as a source: its bytes in base64, so that it goes wherever the other files go.
    pub fn media(path: String, data: &[u8]) -> Self {
        Self {
            path,
            text: STANDARD.encode(data),
        }
    }

    /// Whether it is a file of `media/`, whose text is base64.
    pub fn is_media(&self) -> bool {
        is_media_path(&self.path)
    }

    /// What stands on disk: the text, or the bytes of a file of `media/`; nothing where the base64 is broken.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        if self.is_media() {
            STANDARD.decode(&self.text).ok()
        } else {
            Some(self.text.clone().into_bytes())
        }
    }
}

/// Whether a path, relative to the folder of topic files, is one of `media/` that can be shown. What else lies there is left alone.
pub fn is_media_path(path: &str) -> bool {
    path.starts_with(MEDIA_FOLDER) && MediaKind::named(path).is_some()
}

/// Takes in a file of `media/`, or says what is wrong with it.
pub(super) fn take(file: &SourceFile) -> Result<Media, Fault> {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !file
        .path
        .split('/')
        .all(|part| !part.is_empty() && part.chars().all(plain))
    {
        let name = file.path.clone();
        return Err(Fault::MediaName { name });
    }
    let data = file.bytes().unwrap_or_default();
    let named = MediaKind::named(name);
    let Some(kind) = named.filter(|kind| MediaKind::sniffed(&data) == Some(*kind)) else {
        let name = name.to_owned();
        return Err(Fault::MediaMismatch { name });
    };
    if data.len() > kind.max_bytes() {
        return Err(Fault::MediaTooLarge {
            size: data.len() >> 10,
            limit: kind.max_bytes() >> 10,
        });
    }
    if kind == MediaKind::Svg
        && let Some(what) = active_in_svg(&data)
    {
        return Err(Fault::ActiveSvg { what });
    }
    let hash: String = Sha256::digest(&data)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Media {
        hash,
        name: name.to_owned(),
        kind,
        data: data.into(),
    })
}

/// What a drawing must not hold: something that acts, or that is fetched from elsewhere.
fn active_in_svg(data: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(data).to_lowercase();
    let found = [
        "<script",
        "<foreignobject",
        "<iframe",
        "<!entity",
        "<animate",
        "<set",
        "javascript:",
        "@import",
    ]
    .into_iter()
    .find(|bad| text.contains(bad));
    if let Some(found) = found {
        return Some(found.to_owned());
    }
    // An attribute: a blank, a name that begins with `on`, `=`; or an address that leads out of the drawing.
    for (at, _) in text.match_indices(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let (name, value) = rest.split_once('=').unwrap_or((rest, ""));
        let name = name.trim_end();
        if name.starts_with("on") && name.len() > 2 && name.bytes().all(|b| b.is_ascii_lowercase())
        {
            return Some(name.to_owned());
        }
        let value = value.trim_start();
        let inside = value.get(1..).is_some_and(|value| value.starts_with('#'));
        if matches!(name, "href" | "xlink:href") && !inside {
            return Some(name.to_owned());
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn taken(path: &str, data: &[u8]) -> Result<Media, &'static str> {
        take(&SourceFile::media(path.to_owned(), data)).map_err(|fault| fault.code())
    }

    #[test]
    fn the_content_must_be_what_the_name_says() {
        let svg = taken(
            "media/a.svg",
            b"<?xml version=\"1.0\"?>\n<svg><rect/></svg>",
        )
        .unwrap();
        assert_eq!(svg.kind, MediaKind::Svg);
        assert!(svg.address().starts_with("/v1/media/") && svg.address().ends_with("/a.svg"));
        assert_eq!(
            taken("media/a.vtt", b"WEBVTT\n\n").unwrap().kind,
            MediaKind::Vtt
        );
        assert_eq!(
            taken("media/b/a.mp4", b"\0\0\0\x18ftypmp42").unwrap().name,
            "a.mp4"
        );
        for (path, data) in [
            ("media/a.png", &b"<svg></svg>"[..]),
            ("media/a.svg", b"<html><script>"),
            ("media/a.pdf", b""),
            ("media/a.jpeg", b"GIF89a"),
        ] {
            assert_eq!(taken(path, data), Err("media_mismatch"), "{path}");
        }
        assert_eq!(taken("media/a b.svg", b"<svg/>"), Err("media_name"));
        let large = [b"%PDF-1.7".to_vec(), vec![0; MEDIA_MAX_BYTES]].concat();
        assert_eq!(taken("media/a.pdf", &large), Err("media_too_large"));
    }

    #[test]
    fn a_drawing_that_acts_or_fetches_is_refused() {
        for bad in [
            "<svg><script>alert(1)</script></svg>",
            "<svg ONLOAD = 'a()'></svg>",
            "<svg><a href=\"https://elsewhere.example\"/></svg>",
            "<svg><image xlink:href='data:x'/></svg>",
            "<svg><style>@import 'x'</style></svg>",
            "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg/>",
        ] {
            assert_eq!(
                taken("media/a.svg", bad.as_bytes()),
                Err("active_svg"),
                "{bad}"
            );
        }
        for good in [
            "<svg><use href=\"#shoe\"/><text>one on = two</text></svg>",
            "<svg font-family='a' stroke='none'><path d='M0 0'/></svg>",
        ] {
            assert!(taken("media/a.svg", good.as_bytes()).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_source_keeps_its_bytes() {
        let file = SourceFile::media("media/a.png".to_owned(), b"\x89PNG\r\n\x1a\n\0");
        assert_eq!(file.bytes().unwrap(), b"\x89PNG\r\n\x1a\n\0");
        assert!(
            is_media_path("media/a.JPG")
                && !is_media_path("media/readme.md")
                && !is_media_path("use/a.png")
        );
    }
}
