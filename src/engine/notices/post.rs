//! Posting from the console: a notice that lives in the store is made, changed, and marked as fixed; what there is, as leads see it.

use serde::{Deserialize, Serialize};

use super::InForce;
use super::fold::HOUR_MS;
use super::kept::{Author, Home, Kept, put, read};
use crate::engine::{Engine, EngineError};
use crate::ids::{AgentId, ConversationId, Lang, NoticeId, Timestamp, TopicId};
use crate::ports::{Space, StoreError};
use crate::smoke::Spike;
use crate::topics::{Catalog, Notice, NoticeState, Text, Wording, unreadable_place};

/// Longest text of a notice, in characters.
const TEXT_MAX: usize = 600;
/// Longest title, in characters: it is a heading on a phone.
const TITLE_MAX: usize = 80;
/// Longest part of what somebody wrote that stands for a group.
const WORDS_MAX: usize = 60;
/// Notices that are over are shown for so long.
const SHOWN_MS: i64 = 14 * 24 * 60 * 60_000;

/// What a lead posts: all of the notice, and what they saw of it before.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    /// The notice; its `state` does not count.
    pub notice: Notice,
    /// Its `changed_at` as they saw it; none for a new one.
    #[serde(default)]
    pub seen: Option<Timestamp>,
}

/// Why a notice was not posted.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// It has a file, in which it is changed.
    #[error("it lives in notices/{0}.yaml: change it there")]
    HasFile(NoticeId),
    /// A colleague changed it, or made one of this name.
    #[error("a colleague changed it meanwhile")]
    Changed,
    /// It is over.
    #[error("it is over")]
    Over,
    /// There is none.
    #[error("there is no such notice")]
    Nobody,
    /// A text is missing in a language.
    #[error("`{field}` is missing in {lang}")]
    Lacks {
        /// Which text.
        field: &'static str,
        /// The language.
        lang: String,
    },
    /// A text is too long.
    #[error("`{field}` has more than {most} characters")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// The most.
        most: usize,
    },
    /// A brace that is not closed, or that nothing fills.
    #[error("`{field}` has a {{place}} that nothing fills")]
    Place {
        /// Which text.
        field: &'static str,
    },
    /// A topic or site that there is not.
    #[error("there is no {0}")]
    Unknown(String),
    /// Its next update is in the past.
    #[error("the next update must be in the future")]
    Past,
    /// Store or engine did not do it.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for NoticeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Changed,
            other => Self::Engine(EngineError::Store(other)),
        }
    }
}

/// What leads see.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeBook {
    /// Those that hold, then those that were over not long ago; the one that was posted last first.
    pub notices: Vec<Shown>,
    /// What one can begin from.
    pub templates: Vec<Notice>,
    /// What more people ask about now than chance brings, where no notice covers it yet.
    pub smoke: Vec<Smoke>,
}

/// A proposal to post a notice.
#[derive(Debug, Clone, Serialize)]
pub struct Smoke {
    /// The topic; none where they were not understood.
    pub topic: Option<TopicId>,
    /// What it is called; of what was not understood, what one of them wrote.
    pub title: Text,
    /// People within the window.
    pub count: usize,
    /// The window, in minutes.
    pub minutes: i64,
    /// How many the same hour of past weeks lets expect.
    pub expected: f64,
    /// Their conversations.
    pub conversations: Vec<ConversationId>,
    /// The template that covers the topic, where there is one.
    pub template: Option<NoticeId>,
}

/// A notice as leads see it.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// The notice.
    pub notice: Notice,
    /// Whether it lives in a file, where alone it can be changed.
    pub file: bool,
    /// Who posted it.
    pub author: Option<String>,
    /// Whether whoever asks posted it.
    pub mine: bool,
    /// Since when it holds.
    pub opened_at: Timestamp,
    /// Since when it reads like this.
    pub changed_at: Timestamp,
    /// Since when it is over.
    pub fixed_at: Option<Timestamp>,
    /// Whether the time of its next update has passed.
    pub overdue: bool,
    /// Who wants to be told when it is fixed.
    pub followers: usize,
    /// Who was told.
    pub told: Option<u32>,
}

impl Engine {
    /// The notices as somebody sees them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn notice_book(&self, me: AgentId) -> Result<NoticeBook, EngineError> {
        let live = self.live();
        let now = self.now();
        let files = &live.catalog.notices;
        let records = self.store().list(Space::Notices).await;
        let mut notices = Vec::new();
        for (key, record) in records.map_err(EngineError::Store)? {
            let Ok(kept) = read(&record) else { continue };
            let file = key.strip_prefix("file/").and_then(|id| files.get(id));
            let Some(notice) = kept.posted.clone().or_else(|| file.cloned()) else {
                continue;
            };
            if kept.fixed_at.is_some_and(|at| now.since(at) > SHOWN_MS) {
                continue;
            }
            let open = kept.fixed_at.is_none();
            let followers = {
                let known = self.inner.notices.known.read();
                known.followers(&notice.id, kept.opened_at)
            };
            notices.push(Shown {
                overdue: open && notice.next_update.is_some_and(|at| at <= now),
                file: kept.posted.is_none(),
                mine: kept.author.as_ref().is_some_and(|author| author.id == me),
                author: kept.author.map(|author| author.name),
                opened_at: kept.opened_at,
                changed_at: kept.changed_at,
                fixed_at: kept.fixed_at,
                followers,
                told: kept.told,
                notice,
            });
        }
        notices.sort_by_key(|one| (one.fixed_at.is_some(), std::cmp::Reverse(one.opened_at)));
        let templates = files.values();
        let templates = templates.filter(|notice| notice.state == NoticeState::Template);
        Ok(NoticeBook {
            smoke: self.smoke(now).await?,
            notices,
            templates: templates.cloned().collect(),
        })
    }

    /// What to speak of before the tenth complaint: topics of no role that no notice covers yet, then what was not understood, unless a notice of no topic or a new one
    /// is about that.
    async fn smoke(&self, now: Timestamp) -> Result<Vec<Smoke>, EngineError> {
        let (live, in_force) = (self.live(), self.in_force());
        let (topics, misses) = {
            let known = self.inner.notices.known.read();
            (known.smoke(now), known.misses(now))
        };
        let mut found = Vec::new();
        for (id, spike, conversations) in topics {
            let Some(topic) = live.catalog.topics.get(&id) else {
                continue;
            };
            let covered = in_force.iter().any(|one| one.notice.covers(&id));
            if covered || topic.role.is_some() {
                continue;
            }
            let mut templates = live.catalog.notices.values();
            let template = templates
                .find(|notice| notice.state == NoticeState::Template && notice.covers(&id));
            found.push(Smoke {
                topic: Some(id),
                template: template.map(|notice| notice.id.clone()),
                ..smoke(topic.title.clone(), spike, conversations)
            });
        }
        let told =
            |one: &InForce| one.notice.topics.is_empty() || now.since(one.opened_at) < HOUR_MS;
        for (spike, conversations) in misses {
            let Some(first) = conversations.first().filter(|_| !in_force.iter().any(told)) else {
                continue;
            };
            let said = self.look(*first, |state| {
                let lang = state.lang().cloned().unwrap_or_else(Lang::es);
                let words: String = state.last_words.chars().take(WORDS_MAX).collect();
                Text::plain(lang, words)
            });
            found.push(smoke(said.await?, spike, conversations));
        }
        Ok(found)
    }

    /// Posts a notice, or changes one that was posted; in force when this returns.
    ///
    /// # Errors
    /// [`NoticeError`]; nothing is changed then.
    pub async fn post_notice(
        &self,
        posted: Posted,
        (me, name): (AgentId, String),
    ) -> Result<(), NoticeError> {
        let (live, now) = (self.live(), self.now());
        let notice = Notice {
            state: NoticeState::Open,
            ..posted.notice
        };
        fits(&notice, &live.catalog)?;
        if notice.next_update.is_some_and(|at| at <= now) {
            return Err(NoticeError::Past);
        }
        let _alone = self.inner.notices.settling.lock().await;
        let (key, known) = self.posted(&notice.id).await?;
        let next = match known {
            None if posted.seen.is_some() => return Err(NoticeError::Nobody),
            None => (
                0,
                Kept {
                    posted: Some(notice),
                    author: Some(Author { id: me, name }),
                    opened_at: now,
                    changed_at: now,
                    digest: String::new(),
                    fixed_at: None,
                    told: None,
                },
            ),
            // The answer to the same post was lost on its way.
            Some((_, kept)) if kept.posted.as_ref() == Some(&notice) => return Ok(()),
            Some((_, kept)) if kept.fixed_at.is_some() => return Err(NoticeError::Over),
            Some((_, kept)) if posted.seen != Some(kept.changed_at) => {
                return Err(NoticeError::Changed);
            }
            Some((version, kept)) => (
                version,
                Kept {
                    posted: Some(notice),
                    changed_at: now.max(kept.changed_at.plus(1)),
                    ..kept
                },
            ),
        };
        put(self.store().as_ref(), &key, next.0, &next.1).await?;
        Ok(self.settle_alone().await?)
    }

    /// Marks a posted notice as fixed; everybody concerned is told.
    ///
    /// # Errors
    /// [`NoticeError`]; nothing is changed then.
    pub async fn fix_notice(&self, id: &NoticeId) -> Result<(), NoticeError> {
        let now = self.now();
        let _alone = self.inner.notices.settling.lock().await;
        let (key, known) = self.posted(id).await?;
        let (version, kept) = known.ok_or(NoticeError::Nobody)?;
        if kept.fixed_at.is_none() {
            let posted = kept.posted.map(|notice| Notice {
                state: NoticeState::Fixed,
                ..notice
            });
            let fixed = Kept {
                posted,
                fixed_at: Some(now),
                changed_at: now.max(kept.changed_at.plus(1)),
                ..kept
            };
            put(self.store().as_ref(), &key, version, &fixed).await?;
        }
        Ok(self.settle_alone().await?)
    }

    /// The key of a posted notice and its record.
    async fn posted(&self, id: &NoticeId) -> Result<(String, Option<(u64, Kept)>), NoticeError> {
        if self.live().catalog.notices.contains_key(id) {
            return Err(NoticeError::HasFile(id.clone()));
        }
        let key = Home::Posted.key(id);
        let record = self.store().get(Space::Notices, &key).await?;
        let known = match &record {
            None => None,
            Some(record) => Some((record.version, read(record)?)),
        };
        Ok((key, known))
    }
}

fn smoke(title: Text, spike: Spike, conversations: Vec<ConversationId>) -> Smoke {
    Smoke {
        topic: None,
        title,
        count: spike.count,
        minutes: spike.minutes,
        expected: spike.expected,
        conversations,
        template: None,
    }
}

/// Whether a notice can be posted: every text in every language that it is for, none too long, nothing in it that nobody fills.
fn fits(notice: &Notice, catalog: &Catalog) -> Result<(), NoticeError> {
    let unknown = |topic: &&TopicId| !catalog.topics.contains_key(*topic);
    if let Some(topic) = notice.topics.iter().find(unknown) {
        return Err(NoticeError::Unknown(topic.to_string()));
    }
    let sites = &catalog.assistant.sites;
    if let Some(site) = notice.sites.iter().find(|site| !sites.contains_key(*site)) {
        return Err(NoticeError::Unknown(site.to_string()));
    }
    let texts: [(&'static str, Option<&Text>, usize); 5] = [
        ("title", Some(&notice.title), TITLE_MAX),
        ("apology", Some(&notice.apology), TEXT_MAX),
        ("happens", Some(&notice.happens), TEXT_MAX),
        ("workaround", notice.workaround.as_ref(), TEXT_MAX),
        ("fixed", notice.fixed.as_ref(), TEXT_MAX),
    ];
    for (field, text, most) in texts {
        let Some(text) = text else { continue };
        let wanted = catalog.assistant.languages.iter();
        let wanted = wanted
            .filter(|lang| notice.languages.is_empty() || notice.languages.contains(&lang.base()));
        for lang in wanted {
            let there = text.by_lang.get(lang).is_some_and(|wording| {
                wording
                    .variants()
                    .iter()
                    .all(|words| !words.trim().is_empty())
            });
            if !there {
                let lang = lang.to_string();
                return Err(NoticeError::Lacks { field, lang });
            }
        }
        let words: Vec<&str> = text.by_lang.values().flat_map(Wording::variants).collect();
        if words.iter().any(|words| words.chars().count() > most) {
            return Err(NoticeError::TooLong { field, most });
        }
        if words.iter().any(|words| unreadable_place(words, catalog)) {
            return Err(NoticeError::Place { field });
        }
    }
    Ok(())
}
