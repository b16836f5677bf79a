//! What an admin does with a group: its phrases into a topic, a new topic from it, a test case, none of ours, not worth it.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::missed::{Query, reference};
use super::{fresh, of_bench, of_inbox, reader, teacher, told, who};
use crate::authoring::{NewTopic, TestRow, TopicChange};
use crate::ids::{DraftId, Lang, TopicId};
use crate::inbox::Kept;
use crate::missed::{Decided, Decision, Reference};
use crate::web::House;
use crate::web::error::WebError;

/// Most lines that one decision adds.
const LINES: usize = 50;
/// Longest line, in characters.
const LINE_MAX: usize = 400;

#[derive(Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
enum Wish {
    /// The lines become examples of a topic.
    Topic {
        topic: TopicId,
        examples: BTreeMap<Lang, Vec<String>>,
        draft: Option<DraftId>,
    },
    /// They become a topic of their own.
    NewTopic {
        new: Box<NewTopic>,
        draft: Option<DraftId>,
    },
    /// A line becomes a test of a topic.
    Test {
        topic: TopicId,
        say: String,
        lang: Lang,
        draft: Option<DraftId>,
    },
    /// The lines become sentences that are none of the company's business; without any the group goes and nothing is learnt.
    NotForUs {
        #[serde(default)]
        examples: BTreeMap<Lang, Vec<String>>,
        draft: Option<DraftId>,
    },
    Ignore,
}

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(flatten)]
    wish: Wish,
    /// Only about these messages of the group; about all where there are none.
    #[serde(default)]
    phrases: Vec<String>,
}

#[derive(Serialize)]
struct Done {
    decision: Decision,
    /// The draft that holds the change.
    draft: Option<DraftId>,
}

fn unfit(lang: &Lang, code: &'static str, es: &str, en: &str) -> WebError {
    told(StatusCode::UNPROCESSABLE_ENTITY, lang, code, es, en)
}

/// Lines that are worth a place, each once.
fn lines(
    reader: &Lang,
    examples: &BTreeMap<Lang, Vec<String>>,
) -> Result<BTreeMap<Lang, Vec<String>>, WebError> {
    let mut kept: BTreeMap<Lang, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for (lang, lines) in examples {
        let kept = kept.entry(lang.clone()).or_default();
        for line in lines {
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            if line.is_empty() || kept.contains(&line) {
                continue;
            }
            if line.chars().count() > LINE_MAX {
                let es = "Una frase de ejemplo puede tener hasta 400 caracteres.";
                let en = "An example can have at most 400 characters.";
                return Err(unfit(reader, "too_long", es, en));
            }
            kept.push(line);
            count += 1;
        }
    }
    match count {
        0 => Err(unfit(
            reader,
            "no_examples",
            "Falta al menos una frase.",
            "At least one phrase is needed.",
        )),
        1..=LINES => Ok(kept),
        _ => Err(unfit(
            reader,
            "too_many",
            "Son demasiadas frases de una vez: hasta 50.",
            "Too many phrases at a time: at most 50.",
        )),
    }
}

pub(super) async fn decide(
    house: web::Data<House>,
    request: HttpRequest,
    of: web::Path<String>,
    query: web::Query<Query>,
    body: web::Json<Body>,
) -> Result<HttpResponse, WebError> {
    let account = teacher(&house, &request).await?;
    let lang = &account.lang;
    let (filter, of) = (query.filter(lang)?, reference(lang, &of)?);
    let Body { wish, phrases } = body.into_inner();
    let only: Result<Vec<Reference>, WebError> =
        phrases.iter().map(|one| reference(lang, one)).collect();
    let only = only?;
    // Before a draft is touched: the group must be there.
    let group = house.inbox.group(filter.clone(), of).await;
    let group = group.map_err(|error| of_inbox(lang, error))?;
    let about = if lang.base() == Lang::es() {
        format!("No entendidas: «{}»", group.text)
    } else {
        format!("Not understood: “{}”", group.text)
    };
    let teaching = Teaching {
        house: &house,
        lang,
        who: who(&account),
        about,
    };
    let (decided, draft) = match wish {
        Wish::Ignore => (Decided::Ignored, None),
        Wish::NotForUs { examples, draft } => {
            let draft = if examples.values().all(Vec::is_empty) {
                None
            } else {
                Some(teaching.not_ours(&examples, draft).await?)
            };
            let named = draft.map(|draft| draft.to_string());
            (Decided::NotForUs { draft: named }, draft)
        }
        Wish::Topic {
            topic,
            examples,
            draft,
        } => {
            let draft = teaching.examples(&topic, &examples, draft).await?;
            let named = draft.to_string();
            (
                Decided::Topic {
                    topic,
                    draft: named,
                },
                Some(draft),
            )
        }
        Wish::NewTopic { mut new, draft } => {
            new.examples = lines(lang, &new.examples)?;
            let draft = teaching.topic(&new, draft).await?;
            let (topic, named) = (new.topic, draft.to_string());
            (
                Decided::Topic {
                    topic,
                    draft: named,
                },
                Some(draft),
            )
        }
        Wish::Test {
            topic,
            say,
            lang,
            draft,
        } => {
            let draft = teaching.test(&topic, say, lang, draft).await?;
            let named = draft.to_string();
            (
                Decided::Test {
                    topic,
                    draft: named,
                },
                Some(draft),
            )
        }
    };
    let decision = house
        .inbox
        .decide(filter, of, &only, decided, &account.name)
        .await
        .map_err(|error| of_inbox(lang, error))?;
    Ok(HttpResponse::Created().json(Done { decision, draft }))
}

/// Somebody who changes drafts.
struct Teaching<'a> {
    house: &'a House,
    lang: &'a Lang,
    who: crate::authoring::Who,
    about: String,
}

impl Teaching<'_> {
    fn now(&self) -> crate::ids::Timestamp {
        self.house.engine.now()
    }

    /// The draft that was named, or a new one.
    async fn draft(&self, named: Option<DraftId>) -> Result<DraftId, WebError> {
        let bench = &self.house.workbench;
        let kept = match named {
            Some(id) => bench.draft(id).await,
            None => bench.open(&self.who, &self.about, self.now()).await,
        };
        let kept = kept.map_err(|error| of_bench(self.lang, error))?;
        if !kept.draft.is_open() {
            let closed = crate::authoring::NotNow::Closed;
            return Err(of_bench(self.lang, closed.into()));
        }
        Ok(kept.draft.id)
    }

    async fn change(
        &self,
        id: DraftId,
        topic: &TopicId,
        change: &TopicChange,
    ) -> Result<(), WebError> {
        let bench = &self.house.workbench;
        let done = bench
            .add_change(id, &self.who, topic, change, self.now())
            .await;
        done.map(drop).map_err(|error| of_bench(self.lang, error))
    }

    /// A draft that was opened for a change which could not be made is thrown away.
    async fn or_discard<T>(
        &self,
        named: Option<DraftId>,
        id: DraftId,
        done: Result<T, WebError>,
    ) -> Result<T, WebError> {
        if done.is_err() && named.is_none() {
            let bench = &self.house.workbench;
            let gone = bench.discard(id, &self.who, "", self.now()).await;
            if let Err(error) = gone {
                tracing::warn!(%error, draft = %id, "an empty draft stays");
            }
        }
        done
    }

    async fn examples(
        &self,
        topic: &TopicId,
        examples: &BTreeMap<Lang, Vec<String>>,
        named: Option<DraftId>,
    ) -> Result<DraftId, WebError> {
        let examples = lines(self.lang, examples)?;
        let id = self.draft(named).await?;
        let done = async {
            for (lang, lines) in examples {
                for example in lines {
                    let lang = lang.clone();
                    let change = TopicChange::AddExample { lang, example };
                    self.change(id, topic, &change).await?;
                }
            }
            Ok(id)
        }
        .await;
        self.or_discard(named, id, done).await
    }

    async fn not_ours(
        &self,
        examples: &BTreeMap<Lang, Vec<String>>,
        named: Option<DraftId>,
    ) -> Result<DraftId, WebError> {
        let examples = lines(self.lang, examples)?;
        let id = self.draft(named).await?;
        let bench = &self.house.workbench;
        let done = bench
            .add_not_ours(id, &self.who, &examples, self.now())
            .await;
        let done = done.map(|_| id).map_err(|error| of_bench(self.lang, error));
        self.or_discard(named, id, done).await
    }

    async fn topic(&self, new: &NewTopic, named: Option<DraftId>) -> Result<DraftId, WebError> {
        let id = self.draft(named).await?;
        let bench = &self.house.workbench;
        let done = bench.add_topic(id, &self.who, new, self.now()).await;
        let done = done.map(|_| id).map_err(|error| of_bench(self.lang, error));
        self.or_discard(named, id, done).await
    }

    async fn test(
        &self,
        topic: &TopicId,
        say: String,
        lang: Lang,
        named: Option<DraftId>,
    ) -> Result<DraftId, WebError> {
        let say = say.split_whitespace().collect::<Vec<_>>().join(" ");
        if say.is_empty() {
            let es = "Falta la frase de la prueba.";
            return Err(unfit(
                self.lang,
                "no_examples",
                es,
                "The test needs a phrase.",
            ));
        }
        let id = self.draft(named).await?;
        let test = TestRow {
            say,
            lang,
            expect: Some(topic.to_string()),
            not: None,
            slots: BTreeMap::new(),
        };
        let done = self.change(id, topic, &TopicChange::AddTest { test }).await;
        self.or_discard(named, id, done.map(|()| id)).await
    }
}

pub(super) async fn decisions(
    house: web::Data<House>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let account = reader(&house, &request).await?;
    let decisions: Vec<Kept> = (house.inbox.decisions().await)
        .map_err(|error| of_inbox(&account.lang, error))?
        .into_iter()
        .take(100)
        .collect();
    Ok(fresh(serde_json::json!({ "decisions": decisions })))
}

pub(super) async fn undo(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let account = teacher(&house, &request).await?;
    let undone = house.inbox.undo(&id, &account.name).await;
    undone.map_err(|error| of_inbox(&account.lang, error))?;
    Ok(HttpResponse::NoContent().finish())
}
