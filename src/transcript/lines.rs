//! From events to sessions and lines.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::why::why;
use super::{Asked, Frame, Line, Named, Session, Speaker, Transcript};
use crate::conversation::{AskedQuestion, Body, Choice, Event, Promise, PromiseKind, shortened};
use crate::ids::{ConversationId, Lang, Outcome, TeamId, Timestamp, TopicId};
use crate::topics::Reader;

/// Conversations that went into one another in a row, at most: a log that says more is wrong.
const DEEP: usize = 8;

/// What these events tell, for a reader of the conversation's site and language.
pub fn transcript<'a>(
    reader: &'a Reader<'_>,
    asked: &'a Asked<'_>,
    events: &'a [Event],
) -> Transcript {
    let zone = TimeZone::get(asked.time_zone);
    let writer = Writer {
        reader,
        zone: zone.clone().unwrap_or(TimeZone::UTC),
        zone_name: reader.zone(zone.as_ref().map_or("UTC", |_| asked.time_zone)),
        calls: calls(events),
        visitor: reader.engine("transcript_visitor", &[]),
        assistant: reader.words(&reader.catalog.assistant.name).to_owned(),
        base: asked.base,
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
            writer.join(session, asked, (asked.conversation, event), 0);
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
    /// The zone in words: «hora de Madrid».
    zone_name: String,
    /// The cases that are calls at an hour.
    calls: BTreeSet<&'a str>,
    visitor: String,
    assistant: String,
    /// This server's address, for what was shown.
    base: &'a str,
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

    /// The lines of what an event took in, each marked with the conversation in which it was said.
    fn join(
        &self,
        session: &mut Session,
        asked: &Asked<'_>,
        (into, event): (ConversationId, &Event),
        deep: usize,
    ) {
        let Body::MergedFrom { from, .. } = &event.body else {
            return;
        };
        let half = asked.halves.get(&(into, event.seq));
        let Some(half) = half.filter(|_| deep < DEEP) else {
            return;
        };
        let mut question = None;
        session
            .lines
            .extend(half.first().and_then(|first| self.joint(first, *from)));
        for event in half {
            self.take_in_half(session, event);
            let line = self.line(event, question, asked.notes);
            session.lines.extend(line.map(|line| Line {
                conversation: Some(*from),
                ..line
            }));
            if let Body::Closed { question: next, .. } = &event.body {
                question = next.as_ref();
            }
            self.join(session, asked, (*from, event), deep + 1);
        }
    }

    /// Says where the lines behind it come from.
    fn joint(&self, first: &Event, from: ConversationId) -> Option<Line> {
        let local = self.local(first.at)?;
        Some(Line {
            seq: first.seq,
            at: first.at,
            time: local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            hour: local.strftime("%H:%M").to_string(),
            from: Speaker::Notice,
            name: String::new(),
            text: self.notice("joined_from", &[]),
            choices: Vec::new(),
            conversation: Some(from),
        })
    }

    /// What a joined half adds to what the session as a whole is about: how it ended there is not how this one did.
    fn take_in_half(&self, session: &mut Session, event: &Event) {
        if !matches!(event.body, Body::Closed { .. } | Body::Reopened) {
            self.take_in(session, event);
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
            conversation: None,
        })
    }

    fn said(
        &self,
        event: &Event,
        question: Option<&AskedQuestion>,
        notes: bool,
    ) -> Option<(Speaker, String, String, Vec<String>)> {
        let erased = || self.reader.engine("transcript_erased", &[]);
        let mut said = event.said(self.base);
        said.retain(|text| !text.trim().is_empty());
        let text = said.join("\n\n");
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
                let told = self.happened(event, question, notes)?;
                let told = format!("{told}\n\n{text}");
                Some((Speaker::Note, name.clone(), told, Vec::new()))
            }
            _ => {
                let told = self.happened(event, question, notes)?;
                Some((Speaker::Notice, String::new(), told, Vec::new()))
            }
        }
    }

    /// What happened, as the visitor was told.
    fn happened(
        &self,
        event: &Event,
        question: Option<&AskedQuestion>,
        notes: bool,
    ) -> Option<String> {
        Some(match &event.body {
            Body::Queued { team, .. } => {
                self.notice("transcript_queued", &[("team", &self.team(team).name)])
            }
            Body::Claimed { name, .. } => self.notice("transcript_joined", &[("name", name)]),
            Body::Released { .. } => self.notice("transcript_left", &[]),
            Body::Returned { .. } | Body::LeftQueue => self.notice("transcript_returned", &[]),
            Body::Transferred { team, .. } => {
                self.notice("transcript_transferred", &[("to", &self.team(team).name)])
            }
            Body::PromiseMade { promise, .. } => self.promised(promise, event, notes),
            Body::PromiseMoved { case, by, .. } => self.of_case("moved", case, *by),
            Body::PromiseKept { case } => self.of_case("kept", case, event.at),
            Body::PromiseLate { case } => self.of_case("late", case, event.at),
            Body::MergedFrom { from, .. } => self.joins("transcript_merged_here", *from),
            Body::MergedInto { into, .. } => self.joins("transcript_merged_there", *into),
            Body::UnmergedFrom { from, .. }
            | Body::Unmerged {
                from,
                owed: Some(_),
                ..
            } => self.joins("transcript_unmerged", *from),
            Body::Reopened => self.notice("transcript_reopened", &[]),
            Body::Closed {
                outcome,
                question,
                because,
                ..
            } => {
                let outcome = self.reader.engine(outcome_key(*outcome), &[]);
                let closed = self.notice("transcript_closed", &[("outcome", &outcome)]);
                match why(self.reader, question.as_ref(), because) {
                    Some(why) => format!("{closed}. {why}"),
                    None => closed,
                }
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

    /// What was promised. A number to call stands in full only for the company.
    fn promised(&self, promise: &Promise, event: &Event, notes: bool) -> String {
        let case = ("case", promise.case.as_str());
        match promise.kind {
            PromiseKind::CallBack => {
                let phone = event.private.values.get("phone");
                let phone = phone.map_or_else(
                    || "—".to_owned(),
                    |phone| {
                        if notes {
                            phone.clone()
                        } else {
                            shortened(phone)
                        }
                    },
                );
                let when = self.hour(promise.by);
                let values = [
                    case,
                    ("when", when.as_str()),
                    ("zone", &self.zone_name),
                    ("phone", &phone),
                ];
                self.notice("transcript_promise_call", &values)
            }
            // The reasons stand above it, where the visitor wrote them.
            PromiseKind::Appeal => {
                let when = self.dated(promise.by);
                self.notice("transcript_promise_appeal", &[case, ("when", &when)])
            }
            PromiseKind::Message | PromiseKind::Agent | PromiseKind::Opinion => {
                let when = self.dated(promise.by);
                let told = self.notice("transcript_promise", &[case, ("when", &when)]);
                match event.private.first() {
                    Some(what) if !what.is_empty() => format!("{told} {what}"),
                    Some(_) | None => told,
                }
            }
        }
    }

    /// What became of it.
    fn of_case(&self, what: &str, case: &str, at: Timestamp) -> String {
        let (key, when) = if self.calls.contains(case) {
            (format!("transcript_promise_call_{what}"), self.hour(at))
        } else {
            (format!("transcript_promise_{what}"), self.dated(at))
        };
        let values = [("case", case), ("when", &when), ("zone", &self.zone_name)];
        self.notice(&key, &values)
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
        self.shaped(at, "%d/%m/%Y, %H:%M", "%Y-%m-%d, %H:%M")
    }

    /// The same as the hour of something that happens then: `23/11/2026 a las 11:40`, `2026-11-23 at 11:40`.
    fn hour(&self, at: Timestamp) -> String {
        self.shaped(at, "%d/%m/%Y a las %-H:%M", "%Y-%m-%d at %-H:%M")
    }

    fn shaped(&self, at: Timestamp, spanish: &str, otherwise: &str) -> String {
        let shape = if self.reader.lang.base() == Lang::es() {
            spanish
        } else {
            otherwise
        };
        self.local(at)
            .map_or_else(String::new, |local| local.strftime(shape).to_string())
    }
}

/// The cases that are calls, made here or taken over from another conversation.
fn calls(events: &[Event]) -> BTreeSet<&str> {
    let promises = events.iter().flat_map(|event| match &event.body {
        Body::PromiseMade { promise, .. } => vec![promise],
        Body::MergedFrom { owed, .. } => owed.iter().map(|one| &one.promise).collect(),
        _ => Vec::new(),
    });
    promises
        .filter(|promise| promise.kind == PromiseKind::CallBack)
        .map(|promise| promise.case.as_str())
        .collect()
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
