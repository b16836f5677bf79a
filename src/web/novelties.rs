//! The public page *Novedades*: what was changed because of what people said. It writes itself from published actions, needs neither a sign-in nor a script, and
//! may be kept by caches; the same as JSON for a company's own page.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::House;
use super::assets::escape;
use super::error::WebError;
use crate::ids::{Lang, SiteId, Style};
use crate::topics::Reader;

/// Actions on the page, the newest.
const MOST: usize = 60;
/// How many gave an opinion is told from so many on: fewer might be known by what they said.
const FEW: usize = 5;
/// Caches may keep it so long, in seconds.
const KEPT_S: u32 = 300;

const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'";

const STYLE: &str = "\
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; background: canvas; color: canvastext }
a { color: inherit }
body { max-width: 42rem; margin: 0 auto; padding: 2rem 1.25rem }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 }
nav { float: right }
nav a { display: inline-block; padding: .6rem 0 }
ol { list-style: none; padding: 0; margin: 2rem 0 }
li { padding: 1.25rem 0; border-top: 1px solid color-mix(in srgb, currentcolor 25%, transparent); overflow-wrap: anywhere }
time, small { font-size: .875rem }
dl { margin: .25rem 0 }
dt { font-weight: 600 }
dd { margin: 0 0 .5rem }
";

/// The page's address in each language.
const ADDRESSES: [(&str, &str); 2] = [("es", "/novedades"), ("en", "/whats-new")];

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/novedades.css", web::get().to(style))
        .route("/{page:novedades|whats-new}", web::get().to(page))
        .route("/{page:novedades|whats-new}.json", web::get().to(json));
}

async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, format!("public, max-age={KEPT_S}")))
        .body(STYLE)
}

#[derive(Deserialize)]
struct Wanted {
    site: Option<String>,
}

/// One change, worded.
#[derive(Serialize)]
struct Novelty {
    id: String,
    /// The first day on which it is so: `2026-11-23`.
    since: String,
    /// The same in words: `lunes 23 de noviembre de 2026`.
    day: String,
    said: String,
    did: String,
    /// How many opinions led to it; none where they are few.
    opinions: Option<usize>,
}

/// What stands on the page, for readers of a language on a site.
#[derive(Serialize)]
struct Novelties {
    site: SiteId,
    lang: Lang,
    brand: String,
    title: String,
    lead: String,
    changes: Vec<Novelty>,
}

/// What everybody may read, the newest first, and the words around it.
fn read<T>(
    house: &House,
    (page, wanted): (&str, &Wanted),
    write: impl FnOnce(&Novelties, &Reader<'_>) -> T,
) -> Result<T, WebError> {
    let site = house
        .site(wanted.site.as_deref())
        .ok_or(WebError::NotFound)?;
    let mut addresses = ADDRESSES.iter();
    let (lang, _) = addresses
        .find(|(_, address)| address.trim_start_matches('/') == page)
        .ok_or(WebError::NotFound)?;
    let lang: Lang = lang.parse().map_err(|_bad| WebError::NotFound)?;
    let live = house.engine.live();
    if !live.catalog.assistant.languages.contains(&lang) {
        return Err(WebError::NotFound);
    }
    let reader = Reader::new(&live.catalog, &site, &lang, Style::Warm);
    let mut public: Vec<_> = house.engine.actions();
    public.retain(|kept| kept.is_public() && kept.action.is_for(&site));
    // Stable: of one day, the one that was published last first.
    public.sort_by_key(|kept| std::cmp::Reverse(kept.action.since));
    let changes = public.into_iter().take(MOST).map(|kept| Novelty {
        id: kept.action.id.to_string(),
        since: kept.action.since.to_string(),
        day: house.engine.day_words(kept.action.since, &lang),
        said: reader.fill(&kept.action.said, |_| None),
        did: reader.fill(&kept.action.did, |_| None),
        opinions: Some(kept.action.opinions.len()).filter(|count| *count >= FEW),
    });
    let novelties = Novelties {
        changes: changes.collect(),
        brand: live.catalog.assistant.brand.clone(),
        title: reader.engine("novelties_title", &[]),
        lead: reader.engine("novelties_lead", &[]),
        lang: reader.lang.clone(),
        site,
    };
    Ok(write(&novelties, &reader))
}

/// The answer, or that nothing has changed since it was kept.
fn kept(request: &HttpRequest, kind: &'static str, body: String) -> HttpResponse {
    let hash = Sha256::digest(&body);
    let short = hash.iter().take(8).map(|byte| format!("{byte:02x}"));
    let tag = format!("\"{}\"", short.collect::<String>());
    let known = request.headers().get(header::IF_NONE_MATCH);
    let known = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let status = if known {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, format!("public, max-age={KEPT_S}")))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if known {
        return response.finish();
    }
    response.content_type(kind).body(body)
}

async fn page(
    house: web::Data<House>,
    request: HttpRequest,
    page: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, WebError> {
    let body = read(&house, (&page, &wanted), |novelties, reader| {
        let languages = &reader.catalog.assistant.languages;
        html(novelties, reader, languages)
    })?;
    Ok(kept(&request, "text/html; charset=utf-8", body))
}

/// For pages of the company's own, wherever they are.
async fn json(
    house: web::Data<House>,
    request: HttpRequest,
    page: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, WebError> {
    let body = read(&house, (&page, &wanted), |novelties, _| {
        serde_json::to_string(novelties)
    })?;
    let body = body.map_err(|why| WebError::Internal(why.to_string()))?;
    let mut response = kept(&request, "application/json", body);
    response.headers_mut().insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::HeaderValue::from_static("*"),
    );
    Ok(response)
}

fn html(novelties: &Novelties, reader: &Reader<'_>, languages: &[Lang]) -> String {
    let word = |key: &str| escape(&reader.engine(key, &[]));
    let (said, did) = (word("novelties_said"), word("novelties_did"));
    let change = |one: &Novelty| {
        let count = one.opinions.map(|count| {
            let count = count.to_string();
            let words = reader.engine("novelties_count", &[("count", &count)]);
            format!("<small>{}</small>", escape(&words))
        });
        format!(
            "<li id=\"{}\">\n<time datetime=\"{since}\">{day}</time>\n<dl><dt>{said}</dt><dd>{}</dd>\n<dt>{did}</dt><dd>{}</dd></dl>\n{}</li>\n",
            escape(&one.id),
            escape(&one.said),
            escape(&one.did),
            count.unwrap_or_default(),
            since = escape(&one.since),
            day = escape(&one.day),
        )
    };
    let changes: String = novelties.changes.iter().map(change).collect();
    let body = if changes.is_empty() {
        format!("<p>{}</p>", word("novelties_none"))
    } else {
        format!("<ol>\n{changes}</ol>")
    };
    let site = escape(novelties.site.as_str());
    let base = novelties.lang.base();
    let others = ADDRESSES.iter().filter(|(lang, _)| {
        *lang != base.as_str() && languages.iter().any(|own| own.as_str() == *lang)
    });
    let others: String = others
        .map(|(lang, address)| {
            let name = if *lang == "es" { "Español" } else { "English" };
            format!(
                "<nav><a href=\"{address}?site={site}\" lang=\"{lang}\" hreflang=\"{lang}\">{name}</a></nav>\n"
            )
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} · {brand}</title>\n<link rel=\"stylesheet\" href=\"/novedades.css\">\n\
         <body>\n{others}<main>\n<p>{brand}</p>\n<h1>{title}</h1>\n<p>{}</p>\n{body}\n</main>\n",
        escape(novelties.lang.as_str()),
        escape(&novelties.lead),
        title = escape(&novelties.title),
        brand = escape(&novelties.brand),
    )
}
