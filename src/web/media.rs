//! The files that answers show, under addresses that hold the hash of their content: they may be kept for good, and any page may show them.

use std::sync::Arc;

use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};

use super::House;
use super::error::WebError;
use crate::topics::MediaKind;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/v1/media/{hash}/{name}", web::get().to(media));
}

/// Opened by itself, a drawing still runs and fetches nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
/// Browsers show no document in a sandbox; its own viewer keeps it apart from the page.
const POLICY_OF_PDF: &str = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'";

async fn media(
    house: web::Data<House>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let (hash, name) = path.into_inner();
    let live = house.engine.live();
    let mut all = live.catalog.media.values();
    let media = all.find(|media| media.hash == hash && media.name == name);
    let media = media.ok_or(WebError::NotFound)?;
    // Shared, not copied: many may read a video at once.
    let data = web::Bytes::from_owner(Arc::clone(&media.data));
    let whole = data.len();
    let policy = match media.kind {
        MediaKind::Pdf => POLICY_OF_PDF,
        _ => POLICY,
    };
    let is_video = matches!(media.kind, MediaKind::Mp4 | MediaKind::Webm);
    let asked = request.headers().get(header::RANGE);
    let asked = asked.and_then(|asked| asked.to_str().ok());
    let range = asked.filter(|_| is_video).map(|asked| range(asked, whole));
    let (mut response, data) = match range {
        // Some browsers play a video only where they may ask for a part of it.
        Some(Asked::Part(from, to)) => {
            let mut response = HttpResponse::PartialContent();
            let part = format!("bytes {from}-{to}/{whole}");
            response.insert_header((header::CONTENT_RANGE, part));
            (response, data.slice(from..=to))
        }
        Some(Asked::Beyond) => {
            return Ok(HttpResponse::RangeNotSatisfiable()
                .insert_header((header::CONTENT_RANGE, format!("bytes */{whole}")))
                .finish());
        }
        Some(Asked::Whole) | None => (HttpResponse::Ok(), data),
    };
    if is_video {
        response.insert_header((header::ACCEPT_RANGES, "bytes"));
    }
    Ok(response
        .content_type(media.kind.media_type())
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ))
        .body(data))
}

/// What a `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// From this byte to that one.
    Part(usize, usize),
    /// Something that is not there.
    Beyond,
    /// Several parts, or nothing that can be read: the whole is an answer too (RFC 9110, 14.2).
    Whole,
}

fn range(asked: &str, whole: usize) -> Asked {
    let one = asked
        .strip_prefix("bytes=")
        .filter(|one| !one.contains(','));
    let Some((from, to)) = one.and_then(|one| one.trim().split_once('-')) else {
        return Asked::Whole;
    };
    let last = whole.saturating_sub(1);
    match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), _) if from > last => Asked::Beyond,
        (Ok(from), Ok(to)) if from <= to => Asked::Part(from, to.min(last)),
        (Ok(from), Err(_)) if to.is_empty() => Asked::Part(from, last),
        (Err(_), Ok(0)) if from.is_empty() => Asked::Beyond,
        (Err(_), Ok(length)) if from.is_empty() => Asked::Part(whole.saturating_sub(length), last),
        _ => Asked::Whole,
    }
}

/// The sources of pictures and videos that our own pages allow beside this server.
pub(super) fn hosts(house: &House) -> String {
    let live = house.engine.live();
    let hosts = live.catalog.assistant.media_hosts.iter();
    hosts.map(|host| format!(" https://{host}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Asked, range};

    #[test]
    fn a_range_is_one_part_or_the_whole() {
        for (asked, expected) in [
            ("bytes=0-", Asked::Part(0, 9)),
            ("bytes=2-4", Asked::Part(2, 4)),
            ("bytes=2-99", Asked::Part(2, 9)),
            ("bytes=-3", Asked::Part(7, 9)),
            ("bytes=-30", Asked::Part(0, 9)),
            ("bytes=10-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=4-2", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("lines=1-2", Asked::Whole),
            ("bytes=x-y", Asked::Whole),
        ] {
            assert_eq!(range(asked, 10), expected, "{asked}");
        }
    }
}
