//! Projections: what a visitor, and what an agent, sees of an event.

use super::agent::{AgentEvent, AgentEventKind};
use super::visitor::{FileCard, QuestionCard, VisitorEvent};
use crate::conversation::{
    AskedQuestion, Attached, Body, Choice, Closer, Event, PromiseKind, Told, Understood, Verdict,
};
use crate::ids::{TeamId, TopicId};

/// What the visitor sees. `team` words a team's id.
pub fn for_visitor(event: &Event, team: impl Fn(&TeamId) -> String) -> VisitorEvent {
    let text = || event.private.first().unwrap_or_default().to_owned();
    match &event.body {
        Body::SessionOpened {
            choices, opening, ..
        } => VisitorEvent::SessionOpened {
            texts: event.private.texts.clone(),
            choices: titles(choices),
            lang: opening.lang.clone(),
        },
        Body::Reopened => VisitorEvent::Reopened,
        Body::VisitorSaid { .. } | Body::AgentSaid { .. } | Body::BotAnswered { .. }
            if event.private.texts.is_empty() =>
        {
            match &event.body {
                // A turn in which the bot only did something has no words; a person's message always has.
                Body::BotAnswered { .. } => VisitorEvent::Hidden,
                _ => VisitorEvent::Erased,
            }
        }
        Body::VisitorSaid { client_id } => VisitorEvent::Visitor {
            id: client_id.clone(),
            text: text(),
            tap: false,
        },
        Body::VisitorChose { client_id, .. } => VisitorEvent::Visitor {
            id: client_id.clone(),
            text: text(),
            tap: true,
        },
        Body::BotAnswered {
            choices,
            lang,
            shows,
            ..
        } => VisitorEvent::Bot {
            texts: event.private.texts.clone(),
            choices: titles(choices),
            lang: lang.clone(),
            shows: shows.clone(),
        },
        Body::StyleSet { style, .. } => VisitorEvent::Style { style: *style },
        Body::LangSet { lang, .. } => VisitorEvent::Lang { lang: lang.clone() },
        Body::Queued { team: id, .. } => VisitorEvent::Queued { team: team(id) },
        Body::Claimed { name, .. } => VisitorEvent::Joined { name: name.clone() },
        Body::Released { cause, .. } => VisitorEvent::Left { cause: *cause },
        Body::AgentSaid { name, .. } => VisitorEvent::Agent {
            name: name.clone(),
            text: text(),
        },
        Body::Returned { .. } => VisitorEvent::Returned,
        Body::PromiseMade { promise, .. } => VisitorEvent::Promise {
            case: promise.case.clone(),
            by: promise.by,
            owed: promise.kind,
            told: None,
            // The number of a call and the reasons of an appeal stand where the visitor wrote them.
            what: match promise.kind {
                PromiseKind::Message | PromiseKind::Agent | PromiseKind::Opinion => {
                    event.private.first().map(str::to_owned)
                }
                PromiseKind::CallBack | PromiseKind::Appeal => None,
            },
            receipt: None,
        },
        Body::PromiseMoved { case, by, .. } => VisitorEvent::PromiseMoved {
            case: case.clone(),
            by: *by,
            told: None,
        },
        // A colleague who is asked may decline: who has it is told once somebody does.
        Body::Transferred { team: id, .. } => VisitorEvent::Transferred { team: team(id) },
        Body::Told {
            what,
            choices,
            lang,
            ..
        } => VisitorEvent::Notice {
            what: *what,
            joined: Vec::new(),
            texts: event.private.texts.clone(),
            choices: titles(choices),
            lang: lang.clone(),
        },
        Body::LeftQueue => VisitorEvent::LeftQueue,
        Body::MergedFrom { lang, .. }
        | Body::MergedInto { lang, .. }
        | Body::UnmergedFrom { lang, .. }
        | Body::Unmerged { lang, .. }
            if !event.private.texts.is_empty() =>
        {
            VisitorEvent::Notice {
                what: Told::Merged,
                joined: Vec::new(),
                texts: event.private.texts.clone(),
                choices: Vec::new(),
                lang: lang.clone(),
            }
        }
        Body::VisitorSent { .. } | Body::AgentSent { .. } if event.private.texts.is_empty() => {
            VisitorEvent::Erased
        }
        Body::VisitorSent { client_id, file } => VisitorEvent::File {
            id: client_id.clone(),
            from: None,
            name: text(),
            file: file_card(file),
        },
        Body::AgentSent {
            client_id,
            name,
            file,
            ..
        } => VisitorEvent::File {
            id: client_id.clone(),
            from: Some(name.clone()),
            name: text(),
            file: file_card(file),
        },
        Body::MailAsked {
            client_id, case, ..
        } => VisitorEvent::MailAsked {
            id: client_id.clone(),
            case: case.clone(),
        },
        Body::NoticeFollowed { client_id, notice } => VisitorEvent::Followed {
            id: client_id.clone(),
            notice: notice.clone(),
            told: None,
        },
        Body::PromiseKept { case } => VisitorEvent::PromiseKept {
            case: case.clone(),
            told: None,
        },
        Body::PromiseLate { case } => VisitorEvent::PromiseLate {
            case: case.clone(),
            told: None,
        },
        Body::Closed {
            outcome,
            by,
            question,
            ..
        } => VisitorEvent::Closed {
            outcome: *outcome,
            by: closer(by).to_owned(),
            question: question.as_ref().map(question_card),
        },
        Body::Rated {
            client_id,
            tap,
            value,
            ..
        } => VisitorEvent::Rated {
            id: client_id.clone(),
            tap: *tap,
            value: *value,
            text: event.private.first().map(str::to_owned),
        },
        Body::OpinionAnswered { choices } => VisitorEvent::Opinion {
            text: text(),
            choices: titles(choices),
        },
        Body::RatingMissed { .. } => VisitorEvent::RatingMissed,
        Body::CallStarted { .. }
        | Body::CallReturned { .. }
        | Body::CallFailed { .. }
        | Body::PromiseWarned { .. }
        | Body::Offered { .. }
        | Body::OfferEnded { .. }
        | Body::Snoozed { .. }
        | Body::Woken { .. }
        | Body::Prioritised { .. }
        | Body::KeptWaiting
        | Body::Flagged { .. }
        | Body::MailFailed { .. }
        | Body::Remembered { .. }
        | Body::Forgotten { .. }
        | Body::NoticeHeard { .. }
        | Body::MergeBegun { .. }
        | Body::MergedFrom { .. }
        | Body::MergedInto { .. }
        | Body::UnmergeBegun { .. }
        | Body::UnmergedFrom { .. }
        | Body::Unmerged { .. }
        | Body::UnmergeOff
        | Body::PartBegun
        | Body::NoteAdded { .. } => VisitorEvent::Hidden,
    }
}

/// What an agent sees.
pub fn for_agent(event: &Event, team: impl Fn(&TeamId) -> String) -> AgentEvent {
    let text = || event.private.first().unwrap_or_default().to_owned();
    let kind = match &event.body {
        Body::BotAnswered {
            understood,
            choices,
            topic,
            lang,
            shows,
            ..
        } => AgentEventKind::Bot {
            texts: event.private.texts.clone(),
            choices: titles(choices),
            lang: lang.clone(),
            // Nothing is left of it where its words were erased.
            shows: if event.private.texts.is_empty() {
                Vec::new()
            } else {
                shows.clone()
            },
            topic: topic.clone(),
            nearest: reading(understood, topic.as_ref(), event)
                .map(|read| read.nearest.clone())
                .unwrap_or_default(),
            verdict: reading(understood, topic.as_ref(), event)
                .map(verdict)
                .unwrap_or_default()
                .to_owned(),
        },
        Body::AgentSaid {
            client_id,
            agent,
            name,
            ..
        } => AgentEventKind::Agent {
            id: client_id.clone(),
            agent: *agent,
            name: name.clone(),
            text: text(),
        },
        Body::NoteAdded {
            client_id, name, ..
        } => AgentEventKind::Note {
            id: client_id.clone(),
            name: name.clone(),
            text: text(),
        },
        Body::Queued {
            reason,
            team,
            priority,
            ..
        } => AgentEventKind::Queued {
            reason: *reason,
            team: team.clone(),
            priority: *priority,
        },
        Body::CallStarted { call, .. } => AgentEventKind::Call { call: call.clone() },
        Body::CallReturned { case, .. } => AgentEventKind::CallReturned { case: case.clone() },
        Body::CallFailed { why, .. } => AgentEventKind::CallFailed { why: why.clone() },
        Body::Closed {
            outcome,
            by,
            question,
            because,
            wrap_up,
            ..
        } => AgentEventKind::Closed {
            outcome: *outcome,
            by: closer(by).to_owned(),
            question: question.as_ref().map(question_card),
            because: because.clone(),
            put_because: question
                .as_ref()
                .map(|asked| asked.put_because.clone())
                .filter(|code| !code.is_empty()),
            wrap_up: wrap_up.clone(),
        },
        Body::Offered { name, until, .. } => AgentEventKind::Offered {
            name: name.clone(),
            until: *until,
        },
        Body::OfferEnded { cause, .. } => AgentEventKind::OfferEnded { cause: *cause },
        Body::Transferred {
            name,
            team: id,
            colleague,
            ..
        } => AgentEventKind::Transferred {
            name: name.clone(),
            team: team(id),
            colleague: colleague.clone(),
            note: event.private.first().map(str::to_owned),
        },
        Body::Snoozed { until, .. } => AgentEventKind::Snoozed { until: *until },
        Body::Woken { .. } => AgentEventKind::Woken,
        Body::Prioritised { priority, .. } => AgentEventKind::Prioritised {
            priority: *priority,
        },
        Body::PromiseWarned { case } => AgentEventKind::PromiseWarned { case: case.clone() },
        Body::Flagged { name, level, .. } => AgentEventKind::Flagged {
            name: name.clone(),
            level: *level,
            reason: text(),
        },
        Body::MailFailed { status, .. } => AgentEventKind::MailFailed {
            to: event.private.values.get("to").cloned().unwrap_or_default(),
            status: status.clone(),
        },
        Body::Rated { value, kind, .. } => AgentEventKind::Rated {
            value: *value,
            opinion: *kind,
            text: event.private.first().map(str::to_owned),
        },
        Body::MergedFrom { from, name, .. } => AgentEventKind::MergedFrom {
            from: *from,
            name: name.clone(),
        },
        Body::MergedInto { into, name, .. } => AgentEventKind::MergedInto {
            into: *into,
            name: name.clone(),
        },
        Body::UnmergedFrom { from, .. }
        | Body::Unmerged {
            from,
            owed: Some(_),
            ..
        } => AgentEventKind::Unmerged { other: *from },
        Body::MergeBegun { .. }
        | Body::UnmergeBegun { .. }
        | Body::Unmerged { .. }
        | Body::UnmergeOff
        | Body::PartBegun
        | Body::SessionOpened { .. }
        | Body::Reopened
        | Body::VisitorSaid { .. }
        | Body::VisitorChose { .. }
        | Body::Remembered { .. }
        | Body::Forgotten { .. }
        | Body::StyleSet { .. }
        | Body::LangSet { .. }
        | Body::Claimed { .. }
        | Body::Released { .. }
        | Body::Returned { .. }
        | Body::PromiseMade { .. }
        | Body::PromiseKept { .. }
        | Body::PromiseLate { .. }
        | Body::PromiseMoved { .. }
        | Body::Told { .. }
        | Body::KeptWaiting
        | Body::LeftQueue
        | Body::VisitorSent { .. }
        | Body::AgentSent { .. }
        | Body::MailAsked { .. }
        | Body::NoticeFollowed { .. }
        | Body::NoticeHeard { .. }
        | Body::OpinionAnswered { .. }
        | Body::RatingMissed { .. } => AgentEventKind::Seen {
            event: with_words(for_visitor(event, team), event),
        },
    };
    AgentEvent {
        seq: event.seq,
        at: event.at,
        event: kind,
    }
}

/// The same for an agent, who needs all the words of a promise: the number that is to be called.
fn with_words(mut seen: VisitorEvent, event: &Event) -> VisitorEvent {
    if let VisitorEvent::Promise { what, .. } = &mut seen {
        *what = event.private.first().map(str::to_owned);
    }
    seen
}

fn titles(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|choice| choice.title.clone()).collect()
}

fn closer(by: &Closer) -> &'static str {
    match by {
        Closer::Visitor => "visitor",
        Closer::Agent { .. } => "agent",
        Closer::Timer => "timer",
    }
}

/// How the turn was read, where that says anything: an answer that the form took, a number say, is about no topic, and whoever reads "not understood"
/// under it is misled.
fn reading<'a>(
    understood: &'a [Understood],
    topic: Option<&TopicId>,
    event: &Event,
) -> Option<&'a Understood> {
    let read = understood.last()?;
    let matched = matches!(read.verdict, Verdict::Match { .. });
    let taken = topic.is_some() || !event.private.values.is_empty();
    (matched || !taken).then_some(read)
}

fn verdict(read: &Understood) -> &'static str {
    match read.verdict {
        Verdict::Match { .. } => "match",
        Verdict::Ambiguous { .. } => "ambiguous",
        Verdict::OutOfScope => "out_of_scope",
    }
}

fn file_card(file: &Attached) -> FileCard {
    FileCard {
        id: file.id,
        media: file.media.clone(),
        bytes: file.bytes,
    }
}

fn question_card(asked: &AskedQuestion) -> QuestionCard {
    QuestionCard {
        id: asked.id.clone(),
        ask: asked.ask.clone(),
        taps: asked.taps.clone(),
        used_for: asked.used_for.clone(),
        line: asked.line,
        put: !asked.quiet,
    }
}
