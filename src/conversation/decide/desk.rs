//! The rules of the human half: offers, transfers, things put aside, promises, files, abuse.

use super::super::acts::{self, digest};
use super::super::command::{Fresh, Refusal};
use super::super::desk_command::{DeskCommand, Receiver};
use super::super::event::{Body, Private};
use super::super::limits::Limits;
use super::super::parts::{AbuseLevel, OfferEnd, PromiseKind};
use super::super::state::{Owner, State, Waiting};
use super::merge::joins;
use super::{Log, arrive, known, known_if, owned_by, room, wake};
use crate::ids::{AgentId, ClientId, Timestamp, Utterance};

/// Mails that can be asked for in a session.
const MAILS_MAX: u32 = 10;
/// Furthest time until which something can be put aside or promised: half a year.
const FURTHEST_MS: i64 = 182 * 24 * 60 * 60_000;

pub(super) fn desk(
    state: &State,
    command: DeskCommand,
    fresh: &Fresh,
    limits: &Limits,
    log: &mut Log,
) -> Result<(), Refusal> {
    match command {
        DeskCommand::Offer { agent, name, until } => {
            let waiting = state.waiting().ok_or(Refusal::NotQueued)?;
            if waiting.offer.is_some() {
                return Err(Refusal::Stale);
            }
            log.push(Body::Offered { agent, name, until }, Private::default());
        }
        DeskCommand::EndOffer {
            client_id,
            agent,
            cause,
        } => {
            known_if(state, client_id.as_ref(), digest(acts::DECLINE))?;
            offered_to(state, agent)?;
            let ended = Body::OfferEnded {
                client_id,
                agent,
                cause,
            };
            log.push(ended, Private::default());
        }
        DeskCommand::Transfer {
            client_id,
            agent,
            name,
            lead,
            to,
            note,
        } => transfer(state, (client_id, agent, name), lead, to, note, log)?,
        DeskCommand::Snooze {
            client_id,
            agent,
            until,
        } => {
            known(state, &client_id, digest(&acts::snooze(until)))?;
            owned_by(state, agent)?;
            in_reach(until, fresh)?;
            // Whoever waits for a reply is not put aside: that would be an unanswered visitor with a nicer name.
            if !state.unanswered.is_empty() {
                return Err(Refusal::Stale);
            }
            let snoozed = Body::Snoozed {
                client_id,
                agent,
                until,
            };
            log.push(snoozed, Private::default());
        }
        DeskCommand::Wake { client_id, agent } => {
            known_if(state, client_id.as_ref(), digest(acts::WAKE))?;
            owned_by(state, agent)?;
            if state.snoozed_until().is_none() {
                return Err(Refusal::Nothing);
            }
            log.push(Body::Woken { client_id }, Private::default());
        }
        DeskCommand::Prioritise {
            client_id,
            agent,
            priority,
        } => {
            known(state, &client_id, digest(priority.as_str()))?;
            let place = state.place().ok_or(Refusal::NotQueued)?;
            if place.priority == priority {
                return Err(Refusal::Nothing);
            }
            let changed = Body::Prioritised {
                client_id,
                agent,
                priority,
            };
            log.push(changed, Private::default());
        }
        DeskCommand::Tell {
            what,
            says,
            choices,
            lang,
            news,
        } => {
            let act = news.as_ref().map(|news| &news.client_id);
            known_if(state, act, digest(acts::NEWS))?;
            if state.session.is_none() {
                return Err(Refusal::Closed);
            }
            let told = Body::Told {
                what,
                choices,
                lang,
                news,
            };
            let private = Private {
                texts: says,
                ..Private::default()
            };
            log.push(told, private);
        }
        DeskCommand::KeepWaiting => {
            state.waiting().ok_or(Refusal::NotQueued)?;
            log.push(Body::KeptWaiting, Private::default());
        }
        DeskCommand::LeaveQueue => {
            state.waiting().ok_or(Refusal::NotQueued)?;
            log.push(Body::LeftQueue, Private::default());
        }
        DeskCommand::Promise {
            client_id,
            promise,
            what,
        } => {
            known(state, &client_id, digest(acts::LEAVE))?;
            owned_by(state, promise.agent.ok_or(Refusal::NotOwner)?)?;
            in_reach(promise.by, fresh)?;
            if matches!(promise.kind, PromiseKind::Message | PromiseKind::Opinion)
                || state
                    .promises
                    .iter()
                    .any(|owed| owed.promise.case == promise.case)
            {
                return Err(Refusal::Stale);
            }
            let made = Body::PromiseMade {
                client_id: Some(client_id),
                promise,
            };
            log.push(made, Private::text(what.into_string()));
        }
        DeskCommand::KeepPromise { agent, case } => {
            owned_by(state, agent)?;
            let owed = state.owed(&case).ok_or(Refusal::Nothing)?;
            // A review ends with the decision over the block.
            if owed.promise.kind == PromiseKind::Appeal {
                return Err(Refusal::ReviewOpen);
            }
            log.push(Body::PromiseKept { case }, Private::default());
        }
        DeskCommand::OpinionSeen => {
            let mut open = state.promises.iter();
            let owed = open.find(|owed| owed.promise.kind == PromiseKind::Opinion);
            let case = owed.ok_or(Refusal::Nothing)?.promise.case.clone();
            log.push(Body::PromiseKept { case }, Private::default());
        }
        DeskCommand::MovePromise {
            client_id,
            agent,
            case,
            by,
        } => {
            known(state, &client_id, digest(&acts::moved(&case, by)))?;
            owned_by(state, agent)?;
            in_reach(by, fresh)?;
            state.owed(&case).ok_or(Refusal::NoPromise)?;
            let moved = Body::PromiseMoved {
                client_id,
                case,
                by,
            };
            log.push(moved, Private::default());
        }
        DeskCommand::WarnPromise => {
            let owed = state
                .promises
                .iter()
                .find(|owed| !owed.warned && !owed.late && owed.warn_at() <= fresh.now)
                .ok_or(Refusal::Nothing)?;
            let case = owed.promise.case.clone();
            log.push(Body::PromiseWarned { case }, Private::default());
        }
        DeskCommand::VisitorSends {
            client_id,
            file,
            name,
        } => {
            known(state, &client_id, digest(&file.id.to_string()))?;
            if state.abuse == Some(AbuseLevel::Blocked) {
                return Err(Refusal::Blocked);
            }
            room(state)?;
            shelf(state, limits)?;
            arrive(state, fresh, limits, log);
            log.push(Body::VisitorSent { client_id, file }, Private::text(name));
            wake(state, log);
        }
        DeskCommand::AgentSends {
            client_id,
            agent,
            agent_name,
            file,
            name,
        } => {
            known(state, &client_id, digest(&file.id.to_string()))?;
            owned_by(state, agent)?;
            shelf(state, limits)?;
            let sent = Body::AgentSent {
                client_id,
                agent,
                name: agent_name,
                file,
            };
            log.push(sent, Private::text(name));
        }
        DeskCommand::AskMail {
            client_id,
            case,
            to,
            halves,
            reached,
        } => {
            known(state, &client_id, digest(&acts::mail(case.as_deref())))?;
            let to = to.map(|to| to.trim().to_owned());
            match &to {
                Some(to) if !is_mail_address(to) => return Err(Refusal::BadAddress),
                None if !reached => return Err(Refusal::NoAddress),
                Some(_) | None => {}
            }
            if case
                .as_ref()
                .is_some_and(|case| !state.cases.contains(case))
            {
                return Err(Refusal::NoPromise);
            }
            if state.mails_asked >= MAILS_MAX {
                return Err(Refusal::TooManyMails);
            }
            let to = to.map(|to| ("contact".to_owned(), to));
            let asked = Body::MailAsked {
                client_id,
                case,
                halves,
            };
            log.push(asked, Private::default().with_values(to));
        }
        DeskCommand::FollowNotice { client_id, notice } => {
            known(state, &client_id, digest(&acts::follow(&notice)))?;
            if state.follows.contains(&notice) {
                return Err(Refusal::Nothing);
            }
            // It may be the first thing that a visitor does: there is a conversation from then on, in which they are told.
            if state.session.is_none() {
                arrive(state, fresh, limits, log);
            }
            let followed = Body::NoticeFollowed { client_id, notice };
            log.push(followed, Private::default());
        }
        DeskCommand::HearNotice { notice, version } => {
            if state.heard.get(&notice) == Some(&version) {
                return Err(Refusal::Nothing);
            }
            let heard = Body::NoticeHeard { notice, version };
            log.push(heard, Private::default());
        }
        DeskCommand::MailFailed { mail, status, to } => {
            // The same news may come twice: whoever brings it does not know whether the first was kept.
            if mail > state.seq
                || state
                    .mail_failed
                    .as_ref()
                    .is_some_and(|old| old.mail == mail)
            {
                return Err(Refusal::Nothing);
            }
            let private = Private::default().with_values([("to".to_owned(), to)]);
            log.push(Body::MailFailed { mail, status }, private);
        }
        DeskCommand::Flag {
            client_id,
            agent,
            name,
            lead,
            level,
            reason,
        } => {
            known(state, &client_id, digest(&acts::flag(level)))?;
            let blocked = Some(AbuseLevel::Blocked);
            if !lead && (level == blocked || state.abuse == blocked) {
                return Err(Refusal::LeadOnly);
            }
            // A block that is under review is decided over by saying it again.
            if state.abuse == level && (level != blocked || state.appeal().is_none()) {
                return Err(Refusal::Nothing);
            }
            let flagged = Body::Flagged {
                client_id,
                agent,
                name,
                level,
            };
            log.push(flagged, Private::text(reason.into_string()));
            if let Some(owed) = state.appeal() {
                let case = owed.promise.case.clone();
                log.push(Body::PromiseKept { case }, Private::default());
            }
            // The visitor is told that the assistant goes on: it does, whoever had them.
            match &state.owner {
                Owner::Queued(_) if level == blocked => {
                    log.push(Body::LeftQueue, Private::default());
                }
                Owner::Assigned { agent, .. } if level == blocked => {
                    let back = Body::Returned {
                        client_id: None,
                        agent: *agent,
                    };
                    log.push(back, Private::default());
                }
                Owner::Queued(_)
                | Owner::Assigned { .. }
                | Owner::Bot
                | Owner::Nobody
                | Owner::Closed { .. } => {}
            }
        }
        DeskCommand::Merge { .. }
        | DeskCommand::TakeIn { .. }
        | DeskCommand::Merged { .. }
        | DeskCommand::CallOff
        | DeskCommand::Unmerge { .. }
        | DeskCommand::Part
        | DeskCommand::GiveBack { .. }
        | DeskCommand::Unmerged { .. } => joins(state, command, fresh, limits, log)?,
    }
    Ok(())
}

/// To another team it goes back into the queue; to a colleague it is offered, and into the queue of the team when they do not take it.
fn transfer(
    state: &State,
    (client_id, agent, name): (ClientId, AgentId, String),
    lead: bool,
    to: Receiver,
    note: Option<Utterance>,
    log: &mut Log,
) -> Result<(), Refusal> {
    let colleague = to.colleague.as_ref().map(|(_, name, _)| name.clone());
    let same = digest(&acts::transfer(&to.team, colleague.as_deref()));
    known(state, &client_id, same)?;
    match &state.owner {
        Owner::Assigned { agent: owner, .. } if *owner == agent => {
            if note.is_none() {
                return Err(Refusal::NoteNeeded);
            }
        }
        Owner::Assigned { .. } | Owner::Queued(_) if lead => {}
        Owner::Assigned { .. } | Owner::Queued(_) | Owner::Nobody | Owner::Bot => {
            return Err(Refusal::NotOwner);
        }
        Owner::Closed { .. } => return Err(Refusal::Closed),
    }
    // Whoever is asked now is no longer asked.
    if let Some(Waiting {
        offer: Some(offer), ..
    }) = state.waiting()
    {
        let ended = Body::OfferEnded {
            client_id: None,
            agent: offer.agent,
            cause: OfferEnd::Gone,
        };
        log.push(ended, Private::default());
    }
    let note = note.map_or_else(Private::default, |note| Private::text(note.into_string()));
    let transferred = Body::Transferred {
        client_id,
        agent,
        name,
        team: to.team,
        colleague,
    };
    log.push(transferred, note);
    if let Some((agent, name, until)) = to.colleague {
        log.push(Body::Offered { agent, name, until }, Private::default());
    }
    Ok(())
}

/// Whether mail can be addressed to a text: one name, one domain with a top level of letters. Whether somebody is there only a mail tells.
fn is_mail_address(text: &str) -> bool {
    /// Longest address that a mail server takes, in bytes (RFC 5321, 4.5.3.1.3, without its brackets).
    const MAX: usize = 254;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>(),;:\"\\[]".contains(c);
    let fits = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..")
    };
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    let Some((host, top)) = domain.rsplit_once('.') else {
        return false;
    };
    text.len() <= MAX
        && !text.contains(odd)
        && !domain.contains('@')
        && fits(name)
        && fits(host)
        && top.chars().count() >= 2
        && top.chars().all(char::is_alphabetic)
}

fn shelf(state: &State, limits: &Limits) -> Result<(), Refusal> {
    if state.files.len() < limits.files {
        Ok(())
    } else {
        Err(Refusal::TooManyFiles)
    }
}

fn offered_to(state: &State, agent: AgentId) -> Result<(), Refusal> {
    let offer = state.waiting().and_then(|waiting| waiting.offer.as_ref());
    match offer {
        Some(offer) if offer.agent == agent => Ok(()),
        Some(_) | None => Err(Refusal::NotQueued),
    }
}

fn in_reach(at: Timestamp, fresh: &Fresh) -> Result<(), Refusal> {
    if at > fresh.now && at.since(fresh.now) <= FURTHEST_MS {
        Ok(())
    } else {
        Err(Refusal::BadTime)
    }
}
