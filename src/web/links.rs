//! Pages for visitors who come from a mail, and receipts of cases. A link is used up by a button, never by being opened: mail scanners open links.
//!
//! The way back to a conversation is a page of ours, so that it works on a site that knows nothing of it: it gives the browser the visitor's token
//! and goes on to the chat that stands alone.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};

use super::House;
use super::assets::escape;
use super::error::WebError;
use crate::accounts::{LinkTo, VisitorLink, VisitorPass};
use crate::ids::{ConversationId, Follows, Lang};
use crate::mail::Receipt;
use crate::topics::Reader;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/links/page.css", web::get().to(style))
        .route("/links/resume.js", web::get().to(script))
        .route("/r/{token}", web::get().to(ask_thread))
        .route("/r/{token}", web::post().to(resume))
        .route("/c/{token}", web::get().to(ask_case))
        .route("/c/{token}", web::post().to(case_status))
        .route("/v1/cases/{case}/receipt", web::get().to(receipt));
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'";

/// How these pages look, on a screen and on paper.
const STYLE: &str = "\
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 36rem; margin: 0 auto; padding: 2rem 1.25rem }
h1 { font-size: 1.35rem; line-height: 1.25 }
dt { margin-top: .75rem; font-weight: 600 }
dd { margin: 0; white-space: pre-line; overflow-wrap: anywhere }
fieldset { margin: 1.5rem 0 0; padding: 0; border: 0 }
legend { font-weight: 600 }
textarea { box-sizing: border-box; width: 100%; font: inherit }
button { font: inherit; min-height: 2.75rem; padding: .5rem 1.25rem; cursor: pointer }
@media print { .screen { display: none } body { padding: 0 } }
";

/// Gives the browser the visitor's token, in the place where the widget looks for it, and goes on to the chat.
const SCRIPT: &str = "\
const { site, pass, to } = document.body.dataset;
try {
  const begin = `ventanilla:${site}:`;
  for (const name of Object.keys(localStorage)) if (name.startsWith(begin)) localStorage.removeItem(name);
  localStorage.setItem(`${begin}pass`, pass);
  location.replace(to);
} catch {
  document.getElementById('blocked').hidden = false;
}
";

async fn style() -> HttpResponse {
    fixed("text/css; charset=utf-8", STYLE)
}

async fn script() -> HttpResponse {
    fixed("text/javascript; charset=utf-8", SCRIPT)
}

fn fixed(kind: &'static str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(body)
}

/// A page in the language of its reader. What stands in it is escaped already.
pub(super) fn page(status: StatusCode, lang: &Lang, title: &str, body: &str) -> HttpResponse {
    let (lang, title) = (escape(lang.as_str()), escape(title));
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Robots-Tag", "noindex"))
        .body(format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<link rel=\"stylesheet\" href=\"/links/page.css\">\n{body}\n"
        ))
}

/// The link was used, is too old or was never given: nobody learns which, and we do not know who reads.
pub(super) fn gone(house: &House) -> HttpResponse {
    let live = house.engine.live();
    let brand = &live.catalog.assistant.brand;
    let words = live.catalog.text("link_gone");
    let said = |lang: &Lang| {
        let words = words.map(|text| text.for_reader(lang, crate::ids::Style::Warm));
        format!(
            "<p lang=\"{}\">{}</p>",
            escape(lang.as_str()),
            escape(words.unwrap_or_default())
        )
    };
    let (es, en) = (said(&Lang::es()), said(&Lang::en()));
    let body = format!("<main><h1>{}</h1>{es}{en}</main>", escape(brand));
    page(StatusCode::GONE, &Lang::es(), brand, &body)
}

/// Words for the visitor of a conversation.
async fn words<T>(
    house: &House,
    id: ConversationId,
    say: impl FnOnce(&Reader<'_>) -> T,
) -> Result<T, WebError> {
    let reach = house.engine.reach(id).await?.ok_or(WebError::NotFound)?;
    let live = house.engine.live();
    let opening = &reach.opening;
    Ok(say(&Reader::new(
        &live.catalog,
        &opening.site,
        &opening.lang,
        opening.style,
    )))
}

async fn look(house: &House, token: &str) -> Result<Option<VisitorLink>, WebError> {
    let found = house.links.look(token, house.engine.now()).await;
    found.map_err(|why| WebError::Unavailable(why.to_string()))
}

async fn take(house: &House, token: &str) -> Result<Option<VisitorLink>, WebError> {
    let taken = house.links.take(token, house.engine.now()).await;
    taken.map_err(|why| WebError::Unavailable(why.to_string()))
}

async fn ask_thread(
    house: web::Data<House>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    match look(&house, &token).await? {
        Some(link) if link.goal == LinkTo::Thread => ask(&house, &link, "mail_open").await,
        Some(_) | None => Ok(gone(&house)),
    }
}

async fn ask_case(
    house: web::Data<House>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    match look(&house, &token).await? {
        Some(link) if link.goal != LinkTo::Thread => ask(&house, &link, "mail_status").await,
        Some(_) | None => Ok(gone(&house)),
    }
}

/// The button that uses the link up.
async fn ask(house: &House, link: &VisitorLink, label: &str) -> Result<HttpResponse, WebError> {
    words(house, link.conversation, |reader| {
        let brand = &reader.catalog.assistant.brand;
        let (note, label) = (reader.engine("link_ask", &[]), reader.engine(label, &[]));
        let body = format!(
            "<main><h1>{}</h1><p>{}</p><form method=\"post\"><button>{}</button></form></main>",
            escape(brand),
            escape(&note),
            escape(&label)
        );
        page(StatusCode::OK, &reader.lang, brand, &body)
    })
    .await
}

async fn resume(
    house: web::Data<House>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    // A link to something else is not used up here.
    let fits = look(&house, &token)
        .await?
        .is_some_and(|link| link.goal == LinkTo::Thread);
    let Some(link) = (if fits {
        take(&house, &token).await?
    } else {
        None
    }) else {
        return Ok(gone(&house));
    };
    let site = link.site.as_str();
    let pass = VisitorPass {
        conversation: link.conversation,
        follows: link.merge.map_or(Follows::Never, Follows::Merge),
    };
    let pass = serde_json::json!({
        "token": house.tokens.issue(pass, site),
        "epoch": house.engine.store().epoch().to_string(),
    });
    words(&house, link.conversation, |reader| {
        let brand = &reader.catalog.assistant.brand;
        let body = format!(
            "<body data-site=\"{site}\" data-pass=\"{}\" data-to=\"/chat?site={site}\">\n<main><h1>{}</h1><p id=\"blocked\" hidden>{}</p></main>\n\
             <script src=\"/links/resume.js\"></script>",
            escape(&pass.to_string()),
            escape(brand),
            escape(&reader.engine("link_blocked", &[]))
        );
        page(StatusCode::OK, &reader.lang, brand, &body)
    })
    .await
}

async fn case_status(
    house: web::Data<House>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let fits = look(&house, &token)
        .await?
        .is_some_and(|link| link.goal != LinkTo::Thread);
    let taken = if fits {
        take(&house, &token).await?
    } else {
        None
    };
    let Some(VisitorLink {
        conversation,
        goal: LinkTo::Case { case },
        ..
    }) = taken
    else {
        return Ok(gone(&house));
    };
    let status = told(&house, conversation, &case, What::Status).await?;
    Ok(sheet(&status, ""))
}

#[derive(serde::Deserialize)]
struct Wanted {
    token: String,
    format: Option<String>,
}

/// The receipt of a case: number, text, date, promised time. To be printed, or as text.
async fn receipt(
    house: web::Data<House>,
    case: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, WebError> {
    let conversation = house
        .links
        .open_receipt(&wanted.token, &case, house.engine.now())
        .ok_or(WebError::Forbidden(
            "this address is not valid (any more); the chat has a new one",
        ))?;
    let receipt = told(&house, conversation, &case, What::Receipt).await?;
    match wanted.format.as_deref() {
        None | Some("html") => {
            let label = words(&house, conversation, |reader| {
                reader.engine("case_print", &[])
            })
            .await?;
            // The token is of base64's URL alphabet, the number of our own making: neither needs escaping.
            let address = format!(
                "/v1/cases/{case}/receipt?token={}&amp;format=text",
                wanted.token
            );
            Ok(sheet(
                &receipt,
                &format!(
                    "<p class=\"screen\"><a href=\"{address}\">{}</a></p>",
                    escape(&label)
                ),
            ))
        }
        Some("text") => Ok(HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{case}.txt\""),
            ))
            .body(receipt.text())),
        Some(_) => Err(WebError::Bad("format is html or text".into())),
    }
}

enum What {
    Receipt,
    Status,
}

async fn told(
    house: &House,
    id: ConversationId,
    number: &str,
    what: What,
) -> Result<Receipt, WebError> {
    let (case, opening) = house.engine.case(id, number).await?;
    let team = house.engine.team_name(&case.team, &opening.lang);
    let dated = |at| house.engine.dated(at, &opening);
    let zone = house.engine.zone_of(&opening);
    words(house, id, |reader| match what {
        What::Receipt => Receipt::of(reader, &case, &team, &zone, dated),
        What::Status => Receipt::status(reader, &case, &team, &zone, dated),
    })
    .await
}

fn sheet(receipt: &Receipt, foot: &str) -> HttpResponse {
    let fields = receipt.fields.iter().map(|field| {
        format!(
            "<dt>{}</dt><dd>{}</dd>\n",
            escape(&field.name),
            escape(&field.value)
        )
    });
    let body = format!(
        "<main><p>{}</p><h1>{}</h1>\n<dl>\n{}</dl>{foot}</main>",
        escape(&receipt.brand),
        escape(&receipt.title),
        fields.collect::<String>()
    );
    page(StatusCode::OK, &receipt.lang, &receipt.title, &body)
}
