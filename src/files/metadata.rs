//! What a picture tells besides itself (where it was taken, when, by whom, with what) is taken out. Kept is what is needed to show it: the
//! pixels, the colour profile, the resolution, and which side is up.
//!
//! Each format is a list of named parts, and only parts on a list of ours are copied: what nobody thought of goes too. What stands behind the end
//! of the picture (a second photo, a film) is not copied either. A PDF stays as it is.

use super::kind::FileKind;

/// The file does not hold together as what it begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file is damaged")]
pub struct Broken;

/// The file without its metadata.
///
/// # Errors
/// [`Broken`] where its parts do not follow each other to an end.
pub fn strip(kind: FileKind, bytes: Vec<u8>) -> Result<Vec<u8>, Broken> {
    match kind {
        FileKind::Jpeg => jpeg(&bytes),
        FileKind::Png => png(&bytes),
        FileKind::Webp => webp(&bytes),
        FileKind::Gif => gif(&bytes),
        FileKind::Pdf => return Ok(bytes),
    }
    .ok_or(Broken)
}

/// Reads a file from front to back; nothing is read twice and nothing beyond the end.
struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|one| one[0])
    }

    fn u16_be(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32_be(&mut self) -> Option<usize> {
        usize::try_from(u32::from_be_bytes(self.take(4)?.try_into().ok()?)).ok()
    }

    fn u32_le(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.take(4)?.try_into().ok()?)).ok()
    }
}

const EXIF: &[u8] = b"Exif\0\0";

/// ISO/IEC 10918-1, annex B: markers with segments, and behind each SOS the entropy-coded data.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut walk = Walk { rest: bytes };
    let mut kept = walk
        .take(2)
        .filter(|start| *start == [0xff, 0xd8])?
        .to_vec();
    let mut turned = false;
    loop {
        if walk.byte()? != 0xff {
            return None;
        }
        let mut marker = walk.byte()?;
        while marker == 0xff {
            marker = walk.byte()?;
        }
        match marker {
            0xd9 => {
                kept.extend([0xff, 0xd9]);
                return Some(kept);
            }
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => continue,
            0x00 | 0xd8 => return None,
            _ => {}
        }
        let length = walk.u16_be()?;
        let segment = walk.take(usize::from(length.checked_sub(2)?))?;
        if let (0xe1, Some(tiff)) = (marker, segment.strip_prefix(EXIF))
            && let Some(side) = orientation(tiff).filter(|_| !turned)
        {
            turned = true;
            let exif = [EXIF, &upright(side)].concat();
            push_segment(&mut kept, 0xe1, &exif)?;
        }
        let needed = match marker {
            0xe0 => segment.starts_with(b"JFIF\0"),
            0xe2 => segment.starts_with(b"ICC_PROFILE\0"),
            0xee => segment.starts_with(b"Adobe"),
            // Other applications' segments and comments.
            0xe1 | 0xe3..=0xed | 0xef | 0xfe => false,
            _ => true,
        };
        if needed {
            // A JFIF header may hold a small copy of the picture behind its fourteen bytes.
            match (marker, segment.get(..12)) {
                (0xe0, Some(header)) => {
                    push_segment(&mut kept, marker, &[header, &[0, 0]].concat())?
                }
                _ => push_segment(&mut kept, marker, segment)?,
            }
        }
        if marker == 0xda {
            let data = walk.take(entropy(walk.rest)?)?;
            kept.extend_from_slice(data);
        }
    }
}

/// Length of the entropy-coded data: up to the next marker that is none of its own (a stuffed 0xff or a restart).
fn entropy(data: &[u8]) -> Option<usize> {
    data.windows(2)
        .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff))
}

fn push_segment(kept: &mut Vec<u8>, marker: u8, segment: &[u8]) -> Option<()> {
    let length = u16::try_from(segment.len() + 2).ok()?;
    kept.extend([0xff, marker]);
    kept.extend(length.to_be_bytes());
    kept.extend_from_slice(segment);
    Some(())
}

/// Parts of a PNG that show it (W3C PNG, third edition). Texts, times and EXIF are not among them.
const PNG_PARTS: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
    let mut walk = Walk { rest: bytes };
    let mut kept = walk.take(8).filter(|start| *start == SIGNATURE)?.to_vec();
    loop {
        let length = walk.u32_be()?;
        let name: &[u8; 4] = walk.take(4)?.try_into().ok()?;
        let data = walk.take(length)?;
        let check = walk.take(4)?;
        if name == b"eXIf"
            && let Some(side) = orientation(data)
        {
            push_chunk(&mut kept, *b"eXIf", &upright(side))?;
        }
        if PNG_PARTS.contains(&name) {
            kept.extend(u32::try_from(length).ok()?.to_be_bytes());
            kept.extend_from_slice(name);
            kept.extend_from_slice(data);
            kept.extend_from_slice(check);
        }
        if name == b"IEND" {
            return Some(kept);
        }
    }
}

fn push_chunk(kept: &mut Vec<u8>, name: [u8; 4], data: &[u8]) -> Option<()> {
    kept.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
    let named = [&name[..], data].concat();
    kept.extend_from_slice(&named);
    kept.extend(crc32fast::hash(&named).to_be_bytes());
    Some(())
}

/// Parts of a WebP that show it (RFC 9649).
const WEBP_PARTS: [&[u8; 4]; 7] = [
    b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
];

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    // Bits of the VP8X header that announce EXIF and XMP.
    const EXIF_BIT: u8 = 0x08;
    const XMP_BIT: u8 = 0x04;
    let mut walk = Walk { rest: bytes };
    walk.take(4).filter(|start| *start == b"RIFF")?;
    let size = walk.u32_le()?;
    let mut walk = Walk {
        rest: walk.take(size)?,
    };
    let mut parts = walk.take(4).filter(|form| *form == b"WEBP")?.to_vec();
    let (mut header, mut side) = (None, None);
    while !walk.rest.is_empty() {
        let name: &[u8; 4] = walk.take(4)?.try_into().ok()?;
        let length = walk.u32_le()?;
        let data = walk.take(length)?;
        if length % 2 == 1 {
            walk.take(1)?;
        }
        if name == b"EXIF" {
            side = orientation(data.strip_prefix(EXIF).unwrap_or(data));
        }
        if !WEBP_PARTS.contains(&name) {
            continue;
        }
        if name == b"VP8X" {
            // Where its flags will stand.
            header = Some(parts.len() + 8);
        }
        push_riff(&mut parts, *name, data)?;
    }
    if let Some(flags) = header.and_then(|at| parts.get_mut(at)) {
        *flags &= !(EXIF_BIT | XMP_BIT);
        if side.is_some() {
            *flags |= EXIF_BIT;
        }
    }
    if let (Some(side), Some(_)) = (side, header) {
        push_riff(&mut parts, *b"EXIF", &upright(side))?;
    }
    let mut kept = b"RIFF".to_vec();
    kept.extend(u32::try_from(parts.len()).ok()?.to_le_bytes());
    kept.extend(parts);
    Some(kept)
}

fn push_riff(kept: &mut Vec<u8>, name: [u8; 4], data: &[u8]) -> Option<()> {
    kept.extend(name);
    kept.extend(u32::try_from(data.len()).ok()?.to_le_bytes());
    kept.extend_from_slice(data);
    if data.len() % 2 == 1 {
        kept.push(0);
    }
    Some(())
}

/// GIF89a: comments and applications' blocks go, except those that say how often it is played.
fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut walk = Walk { rest: bytes };
    let header = walk.take(13)?;
    let mut kept = header.to_vec();
    kept.extend_from_slice(walk.take(table(header[10]))?);
    loop {
        let before = walk.rest;
        let keep = match walk.byte()? {
            0x3b => {
                kept.push(0x3b);
                return Some(kept);
            }
            0x2c => {
                let image = walk.take(9)?;
                walk.take(table(image[8]) + 1)?;
                blocks(&mut walk)?;
                true
            }
            0x21 => {
                let label = walk.byte()?;
                let first = walk.rest.get(1..12).unwrap_or_default();
                let counts = first == b"NETSCAPE2.0" || first == b"ANIMEXTS1.0";
                blocks(&mut walk)?;
                match label {
                    0xf9 | 0x01 => true,
                    0xff => counts,
                    _ => false,
                }
            }
            _ => return None,
        };
        if keep {
            let read = before.len() - walk.rest.len();
            kept.extend_from_slice(before.get(..read)?);
        }
    }
}

/// Bytes of a colour table that these flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 0x07) + 1)
    }
}

/// Passes over sub-blocks up to the empty one.
fn blocks(walk: &mut Walk<'_>) -> Option<()> {
    loop {
        match walk.byte()? {
            0 => return Some(()),
            length => walk.take(usize::from(length)).map(drop)?,
        }
    }
}

/// Which side is up, where it is not the first line: tag 0x0112 of a TIFF header's first directory (EXIF 2.32, §4.6.4).
fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let two: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little {
            u16::from_le_bytes(two)
        } else {
            u16::from_be_bytes(two)
        })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = if little {
        u32::from_le_bytes(four)
    } else {
        u32::from_be_bytes(four)
    };
    let first = usize::try_from(first).ok()?;
    let entries = usize::from(short(first)?);
    let entry = (0..entries)
        .map(|nth| first.checked_add(2 + nth * 12))
        .find(|at| at.is_some_and(|at| short(at) == Some(0x0112)))??;
    let side = u8::try_from(short(entry.checked_add(8)?)?).ok()?;
    (2..=8).contains(&side).then_some(side)
}

/// A TIFF header that says only which side is up.
fn upright(side: u8) -> [u8; 26] {
    [
        b'M', b'M', 0, 42, 0, 0, 0, 8, // header, first directory at 8
        0, 1, // one entry
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, side, 0, 0, // orientation, a short, once
        0, 0, 0, 0, // no further directory
    ]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    /// A TIFF header with the orientation and a GPS directory that holds a recognisable text.
    fn exif(side: u8) -> Vec<u8> {
        let mut tiff = vec![b'I', b'I', 42, 0, 8, 0, 0, 0, 2, 0];
        tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, side, 0, 0, 0]);
        tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
        tiff.extend([0, 0, 0, 0]);
        tiff.extend(b"GPS 40.4168 N 3.7038 W");
        tiff
    }

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        push_segment(&mut out, marker, data).unwrap();
        out
    }

    fn holds(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn a_photo_loses_where_it_was_taken_and_keeps_which_side_is_up() {
        let photo = [
            vec![0xff, 0xd8],
            segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01thumb"),
            segment(0xe1, &[EXIF, &exif(6)].concat()),
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta GPS/>"),
            segment(0xe2, b"ICC_PROFILE\0\x01\x01profile"),
            segment(0xe2, b"MPF\0another GPS"),
            segment(0xfe, b"a comment, GPS"),
            segment(0xdb, b"tables"),
            segment(0xda, b"scan"),
            vec![1, 2, 0xff, 0x00, 3, 0xff, 0xd1, 4],
            segment(0xc4, b"more tables"),
            segment(0xfe, b"between scans, GPS"),
            segment(0xda, b"scan two"),
            vec![5, 6, 0xff, 0xd9],
            b"a film behind the picture, GPS".to_vec(),
        ]
        .concat();
        let clean = strip(FileKind::Jpeg, photo).unwrap();
        let wanted = [
            vec![0xff, 0xd8],
            segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            segment(0xe1, &[EXIF, &upright(6)].concat()),
            segment(0xe2, b"ICC_PROFILE\0\x01\x01profile"),
            segment(0xdb, b"tables"),
            segment(0xda, b"scan"),
            vec![1, 2, 0xff, 0x00, 3, 0xff, 0xd1, 4],
            segment(0xc4, b"more tables"),
            segment(0xda, b"scan two"),
            vec![5, 6, 0xff, 0xd9],
        ]
        .concat();
        assert_eq!(clean, wanted);
        assert_eq!(orientation(&upright(6)), Some(6));
        assert_eq!(strip(FileKind::Jpeg, clean.clone()).unwrap(), clean);
    }

    #[test]
    fn a_png_loses_texts_and_exif() {
        let chunk = |name: &[u8; 4], data: &[u8]| {
            let mut out = Vec::new();
            push_chunk(&mut out, *name, data).unwrap();
            out
        };
        let signature = b"\x89PNG\r\n\x1a\n".to_vec();
        let image = [
            signature.clone(),
            chunk(b"IHDR", b"header"),
            chunk(b"eXIf", &exif(3)),
            chunk(b"tEXt", b"Comment\0GPS"),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0GPS"),
            chunk(b"tIME", b"1234567"),
            chunk(b"IDAT", b"pixels"),
            chunk(b"IEND", b""),
            b"GPS behind".to_vec(),
        ]
        .concat();
        let wanted = [
            signature,
            chunk(b"IHDR", b"header"),
            chunk(b"eXIf", &upright(3)),
            chunk(b"IDAT", b"pixels"),
            chunk(b"IEND", b""),
        ]
        .concat();
        assert_eq!(strip(FileKind::Png, image).unwrap(), wanted);
    }

    #[test]
    fn a_webp_loses_exif_and_xmp_and_its_header_says_so() {
        let riff = |parts: &[u8]| {
            let mut out = b"RIFF".to_vec();
            out.extend(u32::try_from(parts.len()).unwrap().to_le_bytes());
            out.extend(parts);
            out
        };
        let with = |flags: u8, side: Option<&[u8]>, xmp: bool| {
            let mut parts = b"WEBP".to_vec();
            push_riff(&mut parts, *b"VP8X", &[flags, 0, 0, 0, 1, 0, 0, 1, 0, 0]).unwrap();
            push_riff(&mut parts, *b"VP8L", b"odd").unwrap();
            if let Some(exif) = side {
                push_riff(&mut parts, *b"EXIF", exif).unwrap();
            }
            if xmp {
                push_riff(&mut parts, *b"XMP ", b"<GPS/>").unwrap();
            }
            riff(&parts)
        };
        let clean = strip(FileKind::Webp, with(0x1c, Some(&exif(8)), true)).unwrap();
        assert_eq!(clean, with(0x18, Some(&upright(8)), false));
        let clean = strip(FileKind::Webp, with(0x0c, Some(&exif(1)), true)).unwrap();
        assert_eq!(clean, with(0, None, false));
    }

    #[test]
    fn a_gif_loses_comments_and_keeps_its_loop() {
        let parts = |comment: bool| {
            let mut image = b"GIF89a\x01\0\x01\0\x80\0\0".to_vec();
            image.extend([0; 6]);
            image.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
            if comment {
                image.extend(b"\x21\xfe\x03GPS\0\x21\xff\x0bXMP DataXMP\x03GPS\0");
            }
            image.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b");
            image
        };
        let clean = strip(FileKind::Gif, [parts(true), b"GPS".to_vec()].concat()).unwrap();
        assert_eq!(clean, parts(false));
        assert!(!holds(&clean, b"GPS"));
    }

    #[test]
    fn what_does_not_hold_together_is_refused_and_never_panics() {
        let photo = [
            vec![0xff, 0xd8],
            segment(0xe1, &[EXIF, &exif(6)].concat()),
            segment(0xda, b"scan"),
            vec![1, 2, 0xff, 0xd9],
        ]
        .concat();
        for end in 0..photo.len() {
            let cut = photo.get(..end).unwrap().to_vec();
            for kind in [FileKind::Jpeg, FileKind::Png, FileKind::Webp, FileKind::Gif] {
                assert_eq!(strip(kind, cut.clone()), Err(Broken));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_stripped_or_refused(bytes: Vec<u8>, kind in 0_usize..5) {
            let kind = FileKind::ALL[kind];
            let starts: [&[u8]; 5] = [b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b"GIF89a\x01\0\x01\0\0\0\0", b""];
            let whole = [starts[FileKind::ALL.iter().position(|one| *one == kind).unwrap()], &bytes].concat();
            if let Ok(clean) = strip(kind, whole) {
                proptest::prop_assert_eq!(strip(kind, clean.clone()), Ok(clean));
            }
        }
    }
}
