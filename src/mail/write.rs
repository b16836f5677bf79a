//! Writes a mail: from the events that it is about, as they stand in the store now, to its words. What was erased is not written.

use std::collections::BTreeMap;

use super::entry::{Entry, Kind};
use super::letter::{Letter, Part};
use super::receipt::Receipt;
use super::transcript;
use crate::accounts::{LinkTo, VISITOR_LINK_MS, VisitorLink, VisitorLinks};
use crate::conversation::{Body, Event, PromiseKind};
use crate::engine::{Engine, EngineError, Reach};
use crate::ids::Timestamp;
use crate::topics::Reader;
use crate::transcript::Asked;

/// Most events of a conversation that goes by mail; the oldest are left out, and it says so.
const TRANSCRIPT_EVENTS: usize = 1_000;

/// What a mail is written with.
pub(super) struct Desk<'a> {
    pub engine: &'a Engine,
    pub links: &'a VisitorLinks,
    /// Address of this server, for links.
    pub base_url: &'a str,
    /// Whether somebody reads what is answered to a mail.
    pub is_read: bool,
}

/// What a mail tells, and the case that it is about.
struct Told {
    subject: String,
    parts: Vec<Part>,
    case: Option<String>,
}

impl Desk<'_> {
    /// The mail; nothing where there is nothing left to tell.
    pub(super) async fn write(
        &self,
        entry: &Entry,
        reach: &Reach,
        now: Timestamp,
    ) -> Result<Option<Letter>, EngineError> {
        let Some(mut told) = self.tell(entry, reach, now).await? else {
            return Ok(None);
        };
        let live = self.engine.live();
        let reader = self.reader(&live.catalog, reach);
        let thread = self.link(entry, reach, LinkTo::Thread, "r", now).await?;
        told.parts.push(Part::Link {
            label: reader.engine("mail_open", &[]),
            url: thread,
        });
        if let Some(case) = told.case {
            let url = self
                .link(entry, reach, LinkTo::Case { case }, "c", now)
                .await?;
            let label = reader.engine("mail_status", &[]);
            told.parts.push(Part::Link { label, url });
        }
        told.parts
            .push(Part::Small(reader.engine("mail_link_note", &[])));
        if !self.is_read {
            told.parts
                .push(Part::Small(reader.engine("mail_no_reply", &[])));
        }
        told.parts.push(Part::Small(reader.engine("mail_why", &[])));
        Ok(Some(Letter {
            subject: told.subject,
            lang: reader.lang.clone(),
            parts: told.parts,
        }))
    }

    fn reader<'c>(&self, catalog: &'c crate::topics::Catalog, reach: &Reach) -> Reader<'c> {
        let opening = &reach.opening;
        Reader::new(catalog, &opening.site, &opening.lang, opening.style)
    }

    async fn link(
        &self,
        entry: &Entry,
        reach: &Reach,
        goal: LinkTo,
        page: &str,
        now: Timestamp,
    ) -> Result<String, EngineError> {
        // Where the address was left: what opens that one opens of this one no more than the merge does, and as long.
        let (conversation, merge) = match (&goal, reach.left) {
            (LinkTo::Case { case }, _) => {
                (self.engine.home_of(entry.conversation, case).await?, None)
            }
            (LinkTo::Thread, Some((left, merge))) => (left, Some(merge)),
            (LinkTo::Thread, None) => (entry.conversation, None),
        };
        let link = VisitorLink {
            conversation,
            site: reach.opening.site.clone(),
            goal,
            merge,
            expires: now.plus(VISITOR_LINK_MS),
        };
        let token = self
            .links
            .make(&link, (entry.conversation, entry.seq))
            .await
            .map_err(EngineError::Store)?;
        Ok(format!("{}/{page}/{token}", self.base_url))
    }

    async fn tell(
        &self,
        entry: &Entry,
        reach: &Reach,
        now: Timestamp,
    ) -> Result<Option<Told>, EngineError> {
        let live = self.engine.live();
        let reader = self.reader(&live.catalog, reach);
        let dated = |at| self.engine.dated(at, &reach.opening);
        match entry.kind {
            Kind::News => {
                let events = self.events(entry).await?;
                let (subject, parts, case) = match (
                    answered(&reader, &events),
                    self.slipped(&reader, &events, reach),
                ) {
                    (None, None) => return Ok(None),
                    (Some((subject, mut parts)), slipped) => {
                        let (words, case) = slipped
                            .map_or((None, None), |(_, words, case)| (Some(words), Some(case)));
                        parts.extend(words.map(Part::Words));
                        (subject, parts, case)
                    }
                    (None, Some((subject, words, case))) => {
                        (subject, vec![Part::Words(words)], Some(case))
                    }
                };
                Ok(Some(Told {
                    subject,
                    parts,
                    case,
                }))
            }
            Kind::BusinessEvent => {
                let events = self.events(entry).await?;
                let said = events.iter().flat_map(|event| &event.private.texts);
                let said = said.filter(|text| !text.is_empty()).cloned();
                let told: Vec<Part> = said.map(Part::Words).collect();
                Ok((!told.is_empty()).then(|| Told {
                    subject: reader.engine("mail_news_subject", &[]),
                    parts: [Part::Words(reader.engine("mail_news", &[]))]
                        .into_iter()
                        .chain(told)
                        .collect(),
                    case: None,
                }))
            }
            Kind::Transcript => {
                let mut events = self.engine.whole(entry.conversation).await?;
                events.retain(|event| event.seq >= reach.floor);
                let early = events.len().saturating_sub(TRANSCRIPT_EVENTS);
                let (left_out, events) = events.split_at(early);
                let halves = if self.asks_for_halves(entry).await? {
                    self.engine
                        .standing_halves(entry.conversation, events)
                        .await?
                } else {
                    BTreeMap::new()
                };
                let asked = Asked {
                    conversation: entry.conversation,
                    time_zone: &self.engine.zone_of(&reach.opening),
                    now,
                    notes: false,
                    base: self.base_url,
                    left_out: left_out.len() as u64,
                    halves: &halves,
                };
                let written = crate::transcript::transcript(&reader, &asked, events);
                Ok(transcript::parts(&written).map(|lines| Told {
                    subject: reader.engine("mail_transcript_subject", &[]),
                    parts: [Part::Words(reader.engine("mail_transcript", &[]))]
                        .into_iter()
                        .chain(lines)
                        .collect(),
                    case: None,
                }))
            }
            Kind::Receipt => {
                let asked = self.events(entry).await?;
                let number = asked.iter().find_map(|event| match &event.body {
                    Body::MailAsked { case, .. } => case.clone(),
                    _ => None,
                });
                let Some(number) = number else {
                    return Ok(None);
                };
                let case = match self.engine.case(entry.conversation, &number).await {
                    Ok((case, _)) => case,
                    Err(EngineError::NotFound) => return Ok(None),
                    Err(other) => return Err(other),
                };
                let team = self.engine.team_name(&case.team, &reach.opening.lang);
                let zone = self.engine.zone_of(&reach.opening);
                let receipt = Receipt::of(&reader, &case, &team, &zone, dated);
                let fields = receipt
                    .fields
                    .into_iter()
                    .map(|field| Part::Field(field.name, field.value));
                Ok(Some(Told {
                    subject: reader.engine("mail_receipt_subject", &[("case", &case.number)]),
                    parts: [Part::Words(receipt.title)]
                        .into_iter()
                        .chain(fields)
                        .collect(),
                    case: Some(case.number),
                }))
            }
        }
    }

    /// Whether whoever asked for the conversation may read what was said in others that go on in it.
    async fn asks_for_halves(&self, entry: &Entry) -> Result<bool, EngineError> {
        let asked = self.events(entry).await?;
        let halves = |event: &Event| matches!(event.body, Body::MailAsked { halves: true, .. });
        Ok(asked.iter().any(halves))
    }

    /// The events that a mail is about.
    async fn events(&self, entry: &Entry) -> Result<Vec<Event>, EngineError> {
        let mut events = Vec::with_capacity(entry.events.len());
        for seq in &entry.events {
            let before = crate::ids::Seq(seq.0.saturating_sub(1));
            let found = self
                .engine
                .store()
                .read(entry.conversation, before, 1)
                .await;
            events.extend(found.map_err(EngineError::Store)?);
        }
        Ok(events)
    }

    /// The promise among these events that slipped or moved last and is still owed: subject, words, case.
    fn slipped(
        &self,
        reader: &Reader<'_>,
        events: &[Event],
        reach: &Reach,
    ) -> Option<(String, String, String)> {
        let mut found = None;
        for event in events {
            let (number, late) = match &event.body {
                Body::PromiseLate { case } => (case, true),
                Body::PromiseMoved { case, .. } => (case, false),
                // The rest changes no time.
                _ => continue,
            };
            let owed = reach
                .promises
                .iter()
                .find(|owed| owed.promise.case == *number);
            // A time that has moved since is told as moved; what was kept since is not told.
            found = owed.filter(|owed| owed.late == late).or(found);
        }
        let owed = found?;
        let promise = &owed.promise;
        let key = match (promise.kind, owed.late) {
            (PromiseKind::CallBack, true) => "mail_call_late",
            (PromiseKind::CallBack, false) => "mail_call_moved",
            (
                PromiseKind::Message
                | PromiseKind::Agent
                | PromiseKind::Appeal
                | PromiseKind::Opinion,
                late,
            ) => {
                if late {
                    "mail_late"
                } else {
                    "mail_moved"
                }
            }
        };
        let zone = reader.zone(&self.engine.zone_of(&reach.opening));
        let team = self.engine.team_name(&promise.team, &reach.opening.lang);
        let when = self.engine.dated(promise.by, &reach.opening);
        let values = [
            ("case", promise.case.as_str()),
            ("team", &team),
            ("when", &when),
            ("zone", &zone),
        ];
        let subject = reader.engine(&format!("{key}_subject"), &[]);
        Some((subject, reader.engine(key, &values), promise.case.clone()))
    }
}

/// What agents wrote in these events: subject and parts. Nothing of what was said before.
fn answered(reader: &Reader<'_>, events: &[Event]) -> Option<(String, Vec<Part>)> {
    let mut parts: Vec<Part> = Vec::new();
    let mut last = "";
    for event in events {
        let (Body::AgentSaid { name, .. } | Body::AgentSent { name, .. }) = &event.body else {
            continue;
        };
        let Some(text) = event.private.first() else {
            continue;
        };
        if name != last {
            last = name;
            parts.push(Part::Words(
                reader.engine("mail_answer", &[("agent", name)]),
            ));
        }
        parts.push(Part::Quote(text.to_owned()));
    }
    (!parts.is_empty()).then(|| (reader.engine("mail_answer_subject", &[]), parts))
}
