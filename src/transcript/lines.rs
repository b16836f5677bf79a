//! From events to sessions and lines.

use jiff::tz::TimeZone;

use super::{Asked, Frame, Line, Named, Session, Speaker, Transcript};
use crate::conversation::{AskedQuestion, Body, Choice, Event};
use crate::ids::{ConversationId, Lang, Outcome, TeamId, Timestamp, TopicId};
use crate::topics::Reader;

/// What these events tell, for a reader of the conversation's site and language.
pub fn transcript(reader: &Reader<'_>, asked: &Asked<'_>, events: &[Event]) -> Transcript {
    let zone = TimeZone::get(asked.time_zone);
    let writer = Writer {
        reader,
        zone: zone.clone().unwrap_or(TimeZone::UTC),
        visitor: reader.engine("transcript_visitor", &[]),
        assistant: reader.words(&reader.catalog.assistant.name).to_owned(),
    };
    let mut sessions: Vec<Session> = Vec::new();
    let mut question: Option<&AskedQuestion> = None;
    for event in events {
        if sessions.is_empty() || matches!(event.body, Body::SessionOpened { .. }) {
            sessions.push(writer.session(event.at));
        }
        if let Some(session) = sessions.last_mut() {
            writer.take_in(session, event);
            let line = writer.line(event, question, asked.notes);
            session.lines.extend(line);
        }
        if let Body::Closed { question: next, .. } = &event.body {
            question = next.as_ref();
        }
    }
    let time_zone = zone.map_or("UTC", |_| asked.time_zone).to_owned();
    let written = writer.dated(asked.now);
    let left_out = asked.left_out.to_string();
    Transcript {
        conversation: asked.conversation,
        brand: reader.catalog.assistant.brand.clone(),
        title: reader.engine("transcript_title", &[]),
        site: reader.site.clone(),
        lang: reader.lang.clone(),
        written: asked.now,
        left_out: asked.left_out,
        sessions,
        frame: Frame {
            zone: reader.engine(
                "transcript_zone",
                &[("zone", &time_zone), ("when", &written)],
            ),
            left_out: (asked.left_out > 0)
                .then(|| reader.engine("transcript_left_out", &[("count", &left_out)])),
            choices: reader.engine("transcript_choices", &[]),
        },
        time_zone,
    }
}

struct Writer<'a> {
    reader: &'a Reader<'a>,
    zone: TimeZone,
    visitor: String,
    assistant: String,
}

impl Writer<'_> {
    fn session(&self, opened: Timestamp) -> Session {
        Session {
            opened,
            closed: None,
            outcome: None,
            topics: Vec::new(),
            teams: Vec::new(),
            agents: Vec::new(),
            cases: Vec::new(),
            lines: Vec::new(),
            day: self.dated(opened),
        }
    }

    /// What a session as a whole is about.
    fn take_in(&self, session: &mut Session, event: &Event) {
        match &event.body {
            Body::BotAnswered {
                topic: Some(topic), ..
            } => once(&mut session.topics, self.topic(topic)),
            Body::Queued { team, .. } | Body::Transferred { team, .. } => {
                once(&mut session.teams, self.team(team));
            }
            Body::Claimed { name, .. }
            | Body::AgentSaid { name, .. }
            | Body::AgentSent { name, .. } => once(&mut session.agents, name.clone()),
            Body::PromiseMade { promise, .. } => once(&mut session.cases, promise.case.clone()),
            Body::Closed { outcome, .. } => {
                session.closed = Some(event.at);
                session.outcome = Some(*outcome);
            }
            Body::Reopened => {
                session.closed = None;
                session.outcome = None;
            }
            // The rest is told by its line alone.
            _ => {}
        }
    }

    fn topic(&self, topic: &TopicId) -> Named<TopicId> {
        let known = self.reader.catalog.topics.get(topic);
        Named {
            id: topic.clone(),
            name: known.map_or_else(
                || topic.to_string(),
                |known| self.reader.words(&known.title).to_owned(),
            ),
        }
    }

    fn team(&self, team: &TeamId) -> Named<TeamId> {
        let known = self.reader.catalog.team_name(team);
        Named {
            id: team.clone(),
            name: known.map_or_else(
                || team.to_string(),
                |known| self.reader.words(known).to_owned(),
            ),
        }
    }

    fn line(&self, event: &Event, question: Option<&AskedQuestion>, notes: bool) -> Option<Line> {
        let (from, name, text, choices) = self.said(event, question, notes)?;
        let local = self.local(event.at)?;
        Some(Line {
            seq: event.seq,
            at: event.at,
            time: local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            hour: local.strftime("%H:%M").to_string(),
            from,
            name,
            text,
            choices,
        })
    }

    fn said(
        &self,
        event: &Event,
        question: Option<&AskedQuestion>,
        notes: bool,
    ) -> Option<(Speaker, String, String, Vec<String>)> {
        let erased = || self.reader.engine("transcript_erased", &[]);
        let texts = (event.private.texts.iter()).filter(|text| !text.trim().is_empty());
        let text = texts.cloned().collect::<Vec<_>>().join("\n\n");
        let words = || {
            if text.is_empty() {
                erased()
            } else {
                text.clone()
            }
        };
        let by_visitor = |text| Some((Speaker::Visitor, self.visitor.clone(), text, Vec::new()));
        let file = || self.notice("transcript_file", &[("name", &words())]);
        match &event.body {
            Body::VisitorSaid { .. } | Body::VisitorChose { .. } => by_visitor(words()),
            Body::VisitorSent { .. } => by_visitor(file()),
            Body::AgentSaid { name, .. } => {
                Some((Speaker::Agent, name.clone(), words(), Vec::new()))
            }
            Body::AgentSent { name, .. } => {
                Some((Speaker::Agent, name.clone(), file(), Vec::new()))
            }
            Body::NoteAdded { name, .. } => {
                notes.then(|| (Speaker::Note, name.clone(), words(), Vec::new()))
            }
            // A turn in which the assistant only did something has no words.
            Body::SessionOpened { choices, .. }
            | Body::BotAnswered { choices, .. }
            | Body::Told { choices, .. }
            | Body::OpinionAnswered { choices } => (!text.is_empty()).then(|| {
                let name = self.assistant.clone();
                (Speaker::Assistant, name, text.clone(), titles(choices))
            }),
            // What an agent writes to whoever takes over is a note.
            Body::Transferred { name, .. } if notes && !text.is_empty() => {
                let told = self.happened(event, question)?;
                let told = format!("{told}\n\n{text}");
                Some((Speaker::Note, name.clone(), told, Vec::new()))
            }
            _ => {
                let told = self.happened(event, question)?;
                Some((Speaker::Notice, String::new(), told, Vec::new()))
            }
        }
    }

    /// What happened, as the visitor was told.
    fn happened(&self, event: &Event, question: Option<&AskedQuestion>) -> Option<String> {
        Some(match &event.body {
            Body::Queued { team, .. } => {
                self.notice("transcript_queued", &[("team", &self.team(team).name)])
            }
            Body::Claimed { name, .. } => self.notice("transcript_joined", &[("name", name)]),
            Body::Released { .. } => self.notice("transcript_left", &[]),
            Body::Returned { .. } | Body::LeftQueue => self.notice("transcript_returned", &[]),
            Body::Transferred {
                team, colleague, ..
            } => {
                let team = self.team(team).name;
                let to = colleague.as_deref().unwrap_or(&team);
                self.notice("transcript_transferred", &[("to", to)])
            }
            Body::PromiseMade { promise, .. } => {
                let when = self.dated(promise.by);
                let values = [("case", promise.case.as_str()), ("when", &when)];
                let told = self.notice("transcript_promise", &values);
                match event.private.first() {
                    Some(what) if !what.is_empty() => format!("{told} {what}"),
                    Some(_) | None => told,
                }
            }
            Body::PromiseMoved { case, by, .. } => {
                let when = self.dated(*by);
                self.notice(
                    "transcript_promise_moved",
                    &[("case", case), ("when", &when)],
                )
            }
            Body::PromiseKept { case } => self.notice("transcript_promise_kept", &[("case", case)]),
            Body::PromiseLate { case } => self.notice("transcript_promise_late", &[("case", case)]),
            Body::MergedFrom { from, .. } => self.joins("transcript_merged_here", *from),
            Body::MergedInto { into, .. } => self.joins("transcript_merged_there", *into),
            Body::UnmergedFrom { from, .. }
            | Body::Unmerged {
                from,
                owed: Some(_),
                ..
            } => self.joins("transcript_unmerged", *from),
            Body::Reopened => self.notice("transcript_reopened", &[]),
            Body::Closed { outcome, .. } => {
                let outcome = self.reader.engine(outcome_key(*outcome), &[]);
                self.notice("transcript_closed", &[("outcome", &outcome)])
            }
            Body::Rated { tap, .. } => {
                let tap = question.and_then(|asked| {
                    let tap = asked.taps.get(usize::try_from((*tap)?).ok()?)?;
                    Some(format!("{} {}", asked.ask, tap.label))
                });
                let line = event.private.first().map(str::to_owned);
                let said: Vec<_> = tap.into_iter().chain(line).collect();
                self.notice("transcript_opinion", &[("said", &said.join(" · "))])
            }
            // Visitors are told nothing of the rest.
            _ => return None,
        })
    }

    /// What happened between this conversation and another one of the same person.
    fn joins(&self, key: &str, other: ConversationId) -> String {
        self.notice(key, &[("conversation", &other.to_string())])
    }

    fn notice(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.reader.engine(key, values)
    }

    fn local(&self, at: Timestamp) -> Option<jiff::Zoned> {
        let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
        Some(at.to_zoned(self.zone.clone()))
    }

    /// `23/11/2026, 11:40`; outside Spanish `2026-11-23, 11:40`, which nobody misreads.
    fn dated(&self, at: Timestamp) -> String {
        let shape = if self.reader.lang.base() == Lang::es() {
            "%d/%m/%Y, %H:%M"
        } else {
            "%Y-%m-%d, %H:%M"
        };
        self.local(at)
            .map_or_else(String::new, |local| local.strftime(shape).to_string())
    }
}

fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::ResolvedByBot => "outcome_resolved_by_bot",
        Outcome::ResolvedByAgent => "outcome_resolved_by_agent",
        Outcome::Unresolved => "outcome_unresolved",
        Outcome::Referred => "outcome_referred",
        Outcome::Abandoned => "outcome_abandoned",
        Outcome::Expired => "outcome_expired",
        Outcome::LeftMessage => "outcome_left_message",
    }
}

fn titles(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|choice| choice.title.clone()).collect()
}

fn once<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}
