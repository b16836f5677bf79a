//! Texts that nobody has saved yet: what is wrong with them, how a sentence would be read with them, which tests pass.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::House;
use super::super::error::WebError;
use super::{answer, lang_or_es, problems, reading, refusal, writing};
use crate::authoring::{
    self, Changes, FilePath, NewTopic, NotOursForm, Refused, TopicForm, apply_all, changes, diff,
    form, not_ours_changes, not_ours_form,
};
use crate::engine::Live;
use crate::ids::{DraftId, Lang, SiteId, Style, TopicId};
use crate::topics::{Catalog, Reader, Text};
use crate::workbench::{self, BenchError};

/// Longest sentence that is tried, in characters.
const SAY_MAX: usize = 4_000;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/file", web::get().to(file))
        .route("/new", web::post().to(new))
        .route("/check", web::post().to(check))
        .route("/try", web::post().to(try_it))
        .route("/tests", web::post().to(tests));
}

#[derive(Deserialize)]
struct FileQuery {
    topic: Option<TopicId>,
    path: Option<String>,
    /// With the changes of this draft.
    draft: Option<DraftId>,
}

/// The lists of the file of what is not ours; no other file has them.
fn lists(path: &str, text: &str) -> Option<NotOursForm> {
    let is_it = path == FilePath::not_ours().as_str();
    is_it.then(|| not_ours_form(text).ok()).flatten()
}

/// `{path, text, on_disk, form, lists}` of a topic's file; `form` and `lists` are missing where only its text can be shown.
async fn file(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<FileQuery>,
) -> Result<HttpResponse, WebError> {
    reading(&house, &request).await?;
    let query = query.into_inner();
    let drafted = match query.draft {
        None => Changes::new(),
        Some(id) => match house.workbench.draft(id).await {
            Ok(kept) => kept.draft.changes(),
            Err(why) => return refusal(why),
        },
    };
    let found = house
        .workbench
        .file(query.path.as_deref(), query.topic.as_ref(), &drafted)
        .await;
    let found = match found {
        Ok(found) => found,
        Err(why) => return refusal(why),
    };
    let text = match drafted.get(&found.path) {
        Some(text) => text.clone(),
        None => found.on_disk.clone(),
    };
    let source = text.as_deref().unwrap_or_default();
    Ok(answer(&json!({
        "form": form(source).ok(),
        "lists": lists(&found.path, source),
        "path": found.path,
        "text": text,
        "on_disk": found.on_disk,
    })))
}

/// `{path, text, form}` of a topic that nobody has saved yet.
async fn new(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<NewTopic>,
) -> Result<HttpResponse, WebError> {
    writing(&house, &request).await?;
    let (path, text) = match authoring::new_topic(&body) {
        Ok(made) => made,
        Err(why) => return refusal(why.into()),
    };
    let taken = house
        .workbench
        .file(None, Some(&body.topic), &Changes::new())
        .await;
    if taken.is_ok() {
        return Err(WebError::Conflict(format!(
            "there is a topic {} already",
            body.topic
        )));
    }
    let shown = form(&text).ok();
    Ok(answer(
        &json!({"path": path.as_str(), "text": text, "form": shown}),
    ))
}

/// A text on its way.
#[derive(Deserialize)]
struct Work {
    /// Draft whose other files count too.
    draft: Option<DraftId>,
    path: String,
    /// The text as it stands; `None`: the file goes.
    text: Option<String>,
    /// What the form shows by now; its changes are written into the text.
    form: Option<TopicForm>,
    /// The same of the file of what is not ours.
    lists: Option<NotOursForm>,
    /// For whom answers are worded.
    site: Option<SiteId>,
    lang: Option<Lang>,
    style: Option<Style>,
}

/// A text with the changes of its form, and all changes that count with it.
struct Written {
    path: FilePath,
    text: Option<String>,
    refused: Option<Refused>,
    changes: Changes,
}

async fn written(house: &House, work: &Work) -> Result<Written, BenchError> {
    let path: FilePath = work.path.parse()?;
    let mut all = match work.draft {
        None => Changes::new(),
        Some(id) => house.workbench.draft(id).await?.draft.changes(),
    };
    let mut text = work.text.clone();
    let mut refused = None;
    if let Some(before) = &work.text {
        let wanted = match (&work.form, &work.lists) {
            (Some(wanted), _) => form(before).map(|shown| changes(&shown, wanted)),
            (None, Some(wanted)) => {
                not_ours_form(before).map(|shown| not_ours_changes(&shown, wanted))
            }
            (None, None) => Ok(Vec::new()),
        };
        match wanted.and_then(|changes| apply_all(before, &changes)) {
            Ok(edited) => text = Some(edited),
            Err(why) => refused = Some(why),
        }
    }
    all.insert(path.as_str().to_owned(), text.clone());
    Ok(Written {
        path,
        text,
        refused,
        changes: all,
    })
}

/// `{text, form, lists, refused, problems, elsewhere, diff, shown}`: the text with what the form changed, what is wrong with it (`elsewhere`: errors of
/// other files), what differs from the disk, and the answers as a visitor would read them.
async fn check(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<Work>,
) -> Result<HttpResponse, WebError> {
    writing(&house, &request).await?;
    let work = body.into_inner();
    let written = match written(&house, &work).await {
        Ok(written) => written,
        Err(why) => return refusal(why),
    };
    let found = match house.workbench.problems(&written.changes).await {
        Ok(found) => found,
        Err(why) => return refusal(why),
    };
    let on_disk = house
        .workbench
        .file(Some(written.path.as_str()), None, &written.changes)
        .await
        .ok()
        .and_then(|found| found.on_disk);
    // What is about two files is told in words for the one that is being written.
    let path = written.path.as_str();
    let own: Vec<_> = found
        .iter()
        .filter_map(|one| one.told_in(path).cloned())
        .collect();
    let elsewhere: Vec<_> = found
        .iter()
        .filter(|one| one.severity == crate::topics::Severity::Error && one.told_in(path).is_none())
        .cloned()
        .collect();
    let text = written.text.as_deref().unwrap_or_default();
    let shown = form(text).ok();
    let live = house.engine.live();
    let bubbles = shown
        .as_ref()
        .map(|form| bubbles(&live.catalog, form, &work, &house));
    Ok(answer(&json!({
        "text": written.text,
        "form": shown,
        "lists": lists(path, text),
        "refused": written.refused.map(|why| {
            let words = why.told();
            json!({"code": why.code(), "message_es": words.es, "message_en": words.en})
        }),
        "problems": problems(&own),
        "elsewhere": problems(&elsewhere),
        "diff": diff(on_disk.as_deref().unwrap_or_default(), text),
        "shown": bubbles,
    })))
}

/// The texts of a form as a visitor reads them: facts filled in, what only a conversation knows as `{name}`.
fn bubbles(catalog: &Catalog, form: &TopicForm, work: &Work, house: &House) -> Vec<Value> {
    let lang = lang_or_es(work.lang.clone());
    let style = work.style.unwrap_or(Style::Warm);
    let Some(site) = work.site.clone().or_else(|| house.site(None)) else {
        return Vec::new();
    };
    let reader = Reader::new(catalog, &site, &lang, style);
    let worded = |words: &authoring::Worded| {
        let text = Text {
            by_lang: words.clone(),
        };
        reader.fill(&text, |name| {
            let is_known =
                catalog.fact(name, &site).is_some() || matches!(name, "brand" | "assistant");
            (!is_known).then(|| format!("{{{name}}}"))
        })
    };
    let label = |choice: &authoring::Choice| {
        if !choice.title.is_empty() {
            return worded(&choice.title);
        }
        if choice.go.as_str() == form.topic {
            return worded(&form.title);
        }
        catalog.topics.get(&choice.go).map_or_else(
            || choice.go.to_string(),
            |topic| worded(&topic.title.by_lang),
        )
    };
    form.texts
        .iter()
        .map(|text| {
            let choices: Option<Vec<String>> = text
                .choices
                .as_ref()
                .map(|choices| choices.iter().map(label).collect());
            json!({"at": text.at, "text": worded(&text.words), "choices": choices})
        })
        .collect()
}

#[derive(Deserialize)]
struct Try {
    #[serde(flatten)]
    work: Work,
    /// What a visitor would write.
    say: String,
}

/// `{before, after}`: how a sentence is read now, and how with this text.
async fn try_it(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<Try>,
) -> Result<HttpResponse, WebError> {
    writing(&house, &request).await?;
    let Try { work, say } = body.into_inner();
    let say = say.trim().to_owned();
    if say.is_empty() || say.chars().count() > SAY_MAX {
        return Err(WebError::Bad("a sentence has 1 to 4,000 characters".into()));
    }
    let written = match written(&house, &work).await {
        Ok(written) => written,
        Err(why) => return refusal(why),
    };
    let trial = match house.workbench.catalog_with(&written.changes).await {
        Ok(trial) => trial,
        Err(why) => return refusal(why),
    };
    let lang = lang_or_es(work.lang);
    let before = read(&house.engine.live(), &say, &lang);
    Ok(answer(
        &json!({"before": before, "after": read(&trial, &say, &lang)}),
    ))
}

fn read(live: &Live, say: &str, lang: &Lang) -> Value {
    let reading = workbench::read(live, say, lang);
    let title = |topic: &TopicId| {
        live.catalog.topics.get(topic).map_or_else(
            || topic.to_string(),
            |known| known.title.for_reader(lang, Style::Warm).to_owned(),
        )
    };
    let nearest: Vec<Value> = reading
        .understood
        .nearest
        .iter()
        .map(|near| json!({"topic": near.topic, "title": title(&near.topic), "confidence": near.confidence}))
        .collect();
    let slots: Vec<Value> = reading
        .found
        .iter()
        .map(|found| json!({"name": found.name, "value": found.value}))
        .collect();
    json!({
        "verdict": reading.understood.verdict,
        "nearest": nearest,
        "slots": slots,
        "because": reading.understood.because,
    })
}

/// All tests with this text: how many pass, which break, and those of the topic itself.
async fn tests(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<Work>,
) -> Result<HttpResponse, WebError> {
    writing(&house, &request).await?;
    let written = match written(&house, &body).await {
        Ok(written) => written,
        Err(why) => return refusal(why),
    };
    match house.workbench.tests(&written.changes).await {
        Ok(tests) => Ok(answer(&serde_json::to_value(tests).unwrap_or_default())),
        Err(why) => refusal(why),
    }
}
