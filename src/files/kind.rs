//! Types of file, by what is in them: neither a name nor what a client says of a file counts.

use serde::Deserialize;

/// What may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// A photo.
    Jpeg,
    /// An image.
    Png,
    /// An image.
    Webp,
    /// An image, perhaps moving.
    Gif,
    /// A document.
    Pdf,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::Webp, Self::Gif, Self::Pdf];

    /// The kind of a file that begins with these bytes.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        let media = infer::get(head)?.mime_type();
        Self::ALL.into_iter().find(|kind| kind.media() == media)
    }

    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Pdf => "application/pdf",
        }
    }

    /// The ending that its files have.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Pdf => "pdf",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_kind() {
        assert_eq!(
            FileKind::sniff(b"\xff\xd8\xff\xe0\0\x10JFIF"),
            Some(FileKind::Jpeg)
        );
        assert_eq!(FileKind::sniff(b"%PDF-1.7\n"), Some(FileKind::Pdf));
        assert_eq!(FileKind::sniff(b"<html><script>alert(1)</script>"), None);
        assert_eq!(FileKind::sniff(b"PK\x03\x04 a zip"), None);
        assert_eq!(FileKind::sniff(b""), None);
    }
}
