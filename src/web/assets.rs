//! The front end, embedded in the binary: widget, console, demo shop. Without a build of it every page says so.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

use super::{House, media};

/// What `npm run build` made. A missing folder embeds nothing, so that `cargo test` passes without Node; [`is_built`] tells.
#[derive(RustEmbed)]
#[folder = "widget/dist"]
#[allow_missing = true]
struct Dist;

const NOT_BUILT: &str = "front end not built: make run\n";

/// Whether the front end was built into this binary.
pub fn is_built() -> bool {
    Dist::get("embed.js").is_some() && Dist::get("console/index.html").is_some()
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(home))
        .route("/favicon.ico", web::get().to(no_icon))
        .route("/demo", web::get().to(demo))
        .route("/demo/{file:.*}", web::get().to(demo_file))
        .route("/chat", web::get().to(chat))
        .route("/console", web::get().to(console))
        .route("/console/{file:.*}", web::get().to(console_file))
        .route(
            "/{file:embed\\.js|later\\.js|rich\\.js|invite\\.js|widget-[a-z]+\\.js|words-[a-z]+\\.js}",
            web::get().to(widget),
        );
}

async fn home() -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, "/console"))
        .finish()
}

/// Browsers ask for one on pages that name none.
async fn no_icon() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::CACHE_CONTROL, "max-age=86400"))
        .finish()
}

/// Scripts of the widget may be loaded by any page; whether they may talk is decided at the websocket.
async fn widget(request: HttpRequest, file: web::Path<String>) -> HttpResponse {
    let mut response = asset(&request, &file, None);
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::HeaderValue::from_static("*"),
    );
    headers.insert(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        header::HeaderValue::from_static("cross-origin"),
    );
    response
}

fn console_policy(house: &House) -> String {
    let hosts = media::hosts(house);
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:{hosts}; media-src 'self'{hosts}; \
         font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
}

async fn console(house: web::Data<House>, request: HttpRequest) -> HttpResponse {
    asset(
        &request,
        "console/index.html",
        Some(&console_policy(&house)),
    )
}

async fn console_file(
    house: web::Data<House>,
    request: HttpRequest,
    file: web::Path<String>,
) -> HttpResponse {
    let name = format!("console/{file}");
    // Addresses such as /console/setup are screens of the one page.
    let name = if Dist::get(&name).is_some() {
        name
    } else {
        "console/index.html".to_owned()
    };
    asset(&request, &name, Some(&console_policy(&house)))
}

/// The demo shop stands on another origin than the widget (`localhost` against `127.0.0.1`), so that CORS, Origin and CSP are really exercised.
async fn demo(house: web::Data<House>, request: HttpRequest) -> HttpResponse {
    let Some(page) = Dist::get("demo/index.html") else {
        return HttpResponse::ServiceUnavailable().body(NOT_BUILT);
    };
    let port = request.app_config().local_addr().port();
    let port = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .and_then(|host| host.rsplit_once(':'))
        .and_then(|(_, port)| port.parse().ok())
        .unwrap_or(port);
    let widget = house
        .config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://127.0.0.1:{port}"));
    let sockets = widget.replacen("http", "ws", 1);
    let wanted =
        web::Query::<std::collections::HashMap<String, String>>::from_query(request.query_string());
    let wanted = wanted
        .map(|query| query.into_inner().remove("site").unwrap_or_default())
        .unwrap_or_default();
    let site = house.site(Some(&wanted)).or_else(|| house.site(None));
    let text = String::from_utf8_lossy(&page.data)
        .replace("{{WIDGET_ORIGIN}}", &widget)
        .replace(
            "{{SITE}}",
            site.as_ref().map_or("demo", |site| site.as_str()),
        );
    let hosts = media::hosts(&house);
    let policy = format!(
        "default-src 'none'; script-src 'self' {widget}; style-src 'self'; connect-src 'self' {widget} {sockets}; img-src 'self' data: {widget}{hosts}; \
         media-src {widget}{hosts}; \
         base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(text)
}

async fn demo_file(request: HttpRequest, file: web::Path<String>) -> HttpResponse {
    asset(&request, &format!("demo/{file}"), None)
}

/// The chat as a page of its own, for a link, a QR code, a mail.
async fn chat(house: web::Data<House>, request: HttpRequest) -> HttpResponse {
    let wanted =
        web::Query::<std::collections::HashMap<String, String>>::from_query(request.query_string());
    let wanted = wanted
        .map(|query| query.into_inner().remove("site").unwrap_or_default())
        .unwrap_or_default();
    let Some(site) = house.site(Some(&wanted)) else {
        return HttpResponse::NotFound().body("no such site\n");
    };
    if !is_built() {
        return HttpResponse::ServiceUnavailable().body(NOT_BUILT);
    }
    let live = house.engine.live();
    let brand = escape(&live.catalog.assistant.brand);
    let hosts = media::hosts(&house);
    let page = format!(
        "<!doctype html>\n<html lang=\"es\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\n\
         <title>{brand}</title>\n<script async src=\"/embed.js\" data-site=\"{site}\" data-open=\"true\"></script>\n"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            format!(
                "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:{hosts}; media-src 'self'{hosts}; base-uri 'none'; \
                 require-trusted-types-for 'script'"
            ),
        ))
        .body(page)
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn asset(request: &HttpRequest, name: &str, policy: Option<&str>) -> HttpResponse {
    let Some(file) = Dist::get(name) else {
        return if is_built() {
            HttpResponse::NotFound().body("no such file\n")
        } else {
            HttpResponse::ServiceUnavailable().body(NOT_BUILT)
        };
    };
    let hash = file.metadata.sha256_hash();
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{hash:.16}\"");
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    let kept = if is_named_by_content(name, request.query_string(), &hash) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, kept));
    if let Some(policy) = policy {
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy));
    }
    if known {
        return response.finish();
    }
    response
        .content_type(content_type(name))
        .body(file.data.into_owned())
}

/// Whether what was asked for can never become something else: `?v=` and the first 12 digits of the file's own hash, or a later part of the
/// console, whose name carries its hash. An old hash gets today's file, which must not be kept under yesterday's name.
fn is_named_by_content(name: &str, query: &str, hash: &str) -> bool {
    let asked = query.strip_prefix("v=");
    asked.is_some_and(|asked| asked.len() == 12 && hash.starts_with(asked))
        || name.starts_with("console/parts/")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json" | "map") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::is_named_by_content;

    #[test]
    fn only_an_address_that_carries_the_hash_is_kept_for_good() {
        let hash = "0123456789abcdef";
        let kept = |name, query| is_named_by_content(name, query, hash);
        assert!(kept("widget-es.js", "v=0123456789ab"));
        assert!(kept("console/parts/Feedback-AB12CD34.js", ""));
        for (name, query) in [
            ("widget-es.js", ""),
            ("widget-es.js", "v="),
            ("widget-es.js", "v=0123"),
            ("widget-es.js", "v=ffffffffffff"),
            ("console/index.html", ""),
        ] {
            assert!(!kept(name, query), "{name}?{query}");
        }
    }
}
