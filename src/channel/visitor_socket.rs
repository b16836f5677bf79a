//! A visitor's websocket: frames to the visitor's door, events back.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, watch};

use super::socket::{Incoming, Socket};
use crate::accounts::{VisitorLinks, VisitorTokens};
use crate::conversation::{Event, Opening, Refusal};
use crate::engine::{Ear, Engine, EngineError, Heard, VisitorDoor, Writer, fresh};
use crate::ids::{
    ClientId, ConversationId, Lang, ParseError, Seq, SiteId, Stage, Style, Utterance,
};
use crate::protocol::visitor::{
    Greeting, NumberedEvent, SiteCard, ToClient, ToServer, VisitorEvent,
};
use crate::protocol::{CloseCode, ErrorCode, for_visitor};
use crate::topics::Contact;

/// A client that does not say hello within this time is none of ours.
const HELLO: Duration = Duration::from_secs(10);
/// Longest feedback line.
const LINE_MAX_CHARS: usize = 300;

/// Where a visitor's socket belongs.
pub struct Place {
    /// The engine.
    pub engine: Engine,
    /// Signs and opens tokens.
    pub tokens: VisitorTokens,
    /// Signs the addresses of receipts.
    pub links: VisitorLinks,
    /// The site that the widget named, its origin checked.
    pub site: SiteId,
    /// Whether files may be sent on it.
    pub files: bool,
    /// Turns true when the server goes down.
    pub stopping: watch::Receiver<bool>,
}

/// Serves one socket to its end.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut socket: Socket<S>, place: Place) {
    let code = match tokio::time::timeout(HELLO, greet(&mut socket, &place)).await {
        Ok(Ok((door, ear, heard, last))) => {
            let _here = place.engine.visitor_here(door.id());
            talk(&mut socket, &place, door, ear, heard, last).await
        }
        Ok(Err(code)) => code,
        Err(_) => Some(CloseCode::Protocol),
    };
    if let Some(code) = code {
        socket.close(code).await;
    }
}

/// Waits for `hello`, answers with `welcome` and what was missed.
async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
) -> Result<(VisitorDoor, Ear, mpsc::Receiver<Heard>, Seq), Option<CloseCode>> {
    let Incoming::Frame(ToServer::Hello {
        token,
        epoch,
        after,
        lang,
        style,
        page,
        stage,
        touchpoint,
        time_zone,
    }) = socket.receive().await?
    else {
        return Err(Some(CloseCode::Protocol));
    };
    let engine = &place.engine;
    let known = token
        .as_deref()
        .and_then(|token| place.tokens.open(token, place.site.as_str()));
    let id = known.unwrap_or_else(|| ConversationId::from(fresh::uuid(engine.now())));
    let opening = opening(
        engine,
        &place.site,
        "web",
        Came {
            lang,
            style,
            page,
            stage,
            touchpoint,
            time_zone,
        },
    );
    let door = VisitorDoor::new(engine.clone(), id, opening);

    // Listen first, read then: what happens in between comes twice and is dropped by its number, never not at all.
    let (mut ear, heard) = engine.hub().ear();
    ear.listen(id);
    ear.seal();
    let same_past = epoch.is_none_or(|epoch| epoch == engine.store().epoch().to_string());
    let after = known.and(after).filter(|_| same_past);
    let last = welcome(socket, place, &door, Since::Last(after)).await?;
    Ok((door, ear, heard, last))
}

/// Where a client goes on from.
#[derive(Clone, Copy)]
enum Since {
    /// From the last event that it has.
    Last(Option<Seq>),
    /// From nothing: what it has is to be forgotten.
    Nothing,
}

/// Sends `welcome` and the events that belong to it; gives the last event that the client has now.
async fn welcome<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    door: &VisitorDoor,
    from: Since,
) -> Result<Seq, Option<CloseCode>> {
    let (engine, id) = (&place.engine, door.id());
    let after = match from {
        Since::Last(after) => after,
        Since::Nothing => None,
    };
    let mut caught = engine
        .catch_up(id, after)
        .await
        .map_err(|error| unavailable(&error))?;
    caught.recovered &= matches!(from, Since::Last(_));
    let (lang, style, _) = door.manner().await.map_err(|error| unavailable(&error))?;
    let (texts, choices) = greeting(engine, door.opening());
    socket
        .send(&ToClient::Welcome {
            conversation: id,
            token: place.tokens.issue(id, place.site.as_str()),
            epoch: engine.store().epoch().to_string(),
            seq: caught.seq,
            recovered: caught.recovered,
            site: site_card(place, &lang, style),
            greeting: Greeting { texts, choices },
            people: engine.availability(&place.site, None, &lang).people,
            lang,
            style,
        })
        .await?;
    let mut last = if caught.recovered {
        after.unwrap_or(Seq::ZERO)
    } else {
        Seq::ZERO
    };
    for event in &caught.events {
        send_event(socket, place, door, event, &mut last).await?;
    }
    if let Some((position, wait)) = engine.place(id) {
        socket.send(&ToClient::Queue { position, wait }).await?;
    }
    Ok(last)
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    door: VisitorDoor,
    ear: Ear,
    mut heard: mpsc::Receiver<Heard>,
    mut last: Seq,
) -> Option<CloseCode> {
    let mut stopping = place.stopping.clone();
    let code = loop {
        tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => break Some(CloseCode::Restart),
            news = heard.recv() => {
                let Some(news) = news else { break Some(CloseCode::Slow) };
                if let Err(code) = tell(socket, place, &door, news, &mut last).await {
                    break code;
                }
            }
            frame = socket.receive::<ToServer>() => {
                let done = match frame {
                    Ok(Incoming::Frame(frame)) => carry_out(socket, place, &door, frame).await,
                    Ok(Incoming::Bad) => refuse(socket, None, ErrorCode::BadFrame).await,
                    Ok(Incoming::TooFast(frame)) => refuse(socket, act_id(&frame), ErrorCode::SlowDown).await,
                    Err(code) => Err(code),
                };
                if let Err(code) = done {
                    break code;
                }
            }
        }
    };
    drop(ear);
    code
}

async fn tell<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    door: &VisitorDoor,
    news: Heard,
    last: &mut Seq,
) -> Result<(), Option<CloseCode>> {
    match news {
        Heard::Events(_, events) => {
            for event in events.iter() {
                send_event(socket, place, door, event, last).await?;
            }
            Ok(())
        }
        Heard::Erased(_) => {
            *last = welcome(socket, place, door, Since::Nothing).await?;
            Ok(())
        }
        Heard::Position(_, position, wait) => {
            socket.send(&ToClient::Queue { position, wait }).await
        }
        Heard::Typing(_, Writer::Bot) => socket.send(&ToClient::Typing { agent: false }).await,
        Heard::Typing(_, Writer::Agent(_)) => socket.send(&ToClient::Typing { agent: true }).await,
        Heard::Typing(_, Writer::Visitor) => Ok(()),
    }
}

async fn send_event<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    door: &VisitorDoor,
    event: &Event,
    last: &mut Seq,
) -> Result<(), Option<CloseCode>> {
    if event.seq <= *last {
        return Ok(());
    }
    *last = event.seq;
    socket
        .send(&ToClient::Event {
            seq: event.seq,
            at: event.at,
            event: seen(place, door, event),
        })
        .await
}

async fn carry_out<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    door: &VisitorDoor,
    frame: ToServer,
) -> Result<(), Option<CloseCode>> {
    let (id, result) = match frame {
        // A second hello is none of our clients'.
        ToServer::Hello { .. } => return Err(Some(CloseCode::Protocol)),
        ToServer::Typing => {
            door.typing();
            return Ok(());
        }
        ToServer::Older { before } => return older(socket, place, door, before).await,
        ToServer::Say { id, text } => match text.parse::<Utterance>() {
            Ok(text) => (id.clone(), door.say(id, &text).await),
            Err(why) => return refuse(socket, Some(id), unfit(why)).await,
        },
        ToServer::Choose { id, of, option } => (id.clone(), door.choose(id, of, option).await),
        ToServer::Rate { id, tap, text, .. } => {
            let line = match text
                .as_deref()
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::parse::<Utterance>)
            {
                None => None,
                Some(Ok(line)) if line.as_str().chars().count() <= LINE_MAX_CHARS => Some(line),
                Some(Ok(_)) => return refuse(socket, Some(id), ErrorCode::TooLong).await,
                Some(Err(why)) => return refuse(socket, Some(id), unfit(why)).await,
            };
            (id.clone(), door.rate(id, tap, line.as_ref()).await)
        }
        ToServer::SkipRating { id } => (id.clone(), door.skip_rating(id).await),
        ToServer::AskPerson { id } => (id.clone(), door.ask_person(id).await),
        ToServer::LeaveMessage { id } => (id.clone(), door.leave_message(id).await),
        ToServer::Mail { id, case } => (id.clone(), door.ask_mail(id, case).await),
        ToServer::End { id } => (id.clone(), door.end(id).await),
        ToServer::Set { id, style, lang } => (id.clone(), door.set(id, style, lang).await),
    };
    match result {
        Ok(seq) => socket.send(&ToClient::Ack { id, seq }).await,
        Err(error) => refuse(socket, Some(id), error_code(&error)).await,
    }
}

async fn older<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    door: &VisitorDoor,
    before: Seq,
) -> Result<(), Option<CloseCode>> {
    match door.older(before).await {
        Ok((events, older)) => {
            let events = events.iter().map(|event| NumberedEvent {
                seq: event.seq,
                at: event.at,
                event: seen(place, door, event),
            });
            let events = events.collect();
            socket.send(&ToClient::Older { events, older }).await
        }
        Err(error) => refuse(socket, None, error_code(&error)).await,
    }
}

fn seen(place: &Place, door: &VisitorDoor, event: &Event) -> VisitorEvent {
    let lang = &door.opening().lang;
    let mut seen = for_visitor(event, |team| door.engine().team_name(team, lang));
    if let VisitorEvent::Promise { case, receipt, .. } = &mut seen {
        let token = place.links.receipt(door.id(), case, door.engine().now());
        *receipt = Some(format!("/v1/cases/{case}/receipt?token={token}"));
    }
    seen
}

async fn refuse<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    id: Option<ClientId>,
    code: ErrorCode,
) -> Result<(), Option<CloseCode>> {
    socket
        .send(&ToClient::Error {
            id,
            code,
            retry: code.retry(),
        })
        .await
}

fn act_id(frame: &ToServer) -> Option<ClientId> {
    match frame {
        ToServer::Hello { .. } | ToServer::Typing | ToServer::Older { .. } => None,
        ToServer::Say { id, .. }
        | ToServer::Choose { id, .. }
        | ToServer::Rate { id, .. }
        | ToServer::SkipRating { id }
        | ToServer::AskPerson { id }
        | ToServer::LeaveMessage { id }
        | ToServer::Mail { id, .. }
        | ToServer::End { id }
        | ToServer::Set { id, .. } => Some(id.clone()),
    }
}

/// How a visitor came, as their client tells it.
pub(super) struct Came {
    pub(super) lang: Option<Lang>,
    pub(super) style: Option<Style>,
    pub(super) page: Option<String>,
    pub(super) stage: Option<Stage>,
    pub(super) touchpoint: Option<String>,
    pub(super) time_zone: Option<String>,
}

/// The opening of a session, with what the client told cut to a sane size.
pub(super) fn opening(engine: &Engine, site: &SiteId, channel: &str, came: Came) -> Opening {
    let live = engine.live();
    let spoken = &live.catalog.assistant.languages;
    // `es-MX` where only `es` is spoken is `es`.
    let lang = came
        .lang
        .map(|lang| lang.base())
        .filter(|lang| spoken.contains(lang));
    let short = |text: String| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect::<String>()
    };
    Opening {
        site: site.clone(),
        lang: lang
            .or_else(|| spoken.first().cloned())
            .unwrap_or_else(Lang::es),
        style: came.style.unwrap_or(Style::Warm),
        channel: channel.to_owned(),
        page: came
            .page
            .map(|page| short(page.split(['?', '#']).next().unwrap_or_default().to_owned())),
        stage: came.stage,
        touchpoint: came.touchpoint.map(short),
        // One that nobody knows would pass for UTC: the site's is nearer.
        time_zone: came
            .time_zone
            .filter(|zone| jiff::tz::TimeZone::get(zone).is_ok_and(|known| !known.is_unknown())),
    }
}

fn greeting(engine: &Engine, opening: &Opening) -> (Vec<String>, Vec<String>) {
    let (texts, choices) = engine.greeting(opening);
    (
        texts,
        choices.into_iter().map(|choice| choice.title).collect(),
    )
}

fn site_card(place: &Place, lang: &Lang, style: Style) -> SiteCard {
    let live = place.engine.live();
    let assistant = &live.catalog.assistant;
    let contact = assistant
        .contact
        .get(&place.site)
        .or_else(|| assistant.contact.values().next());
    SiteCard {
        brand: assistant.brand.clone(),
        assistant: assistant.name.for_reader(lang, style).to_owned(),
        contact: contact.cloned().unwrap_or_else(Contact::default),
        languages: assistant.languages.clone(),
        files: place.files,
    }
}

pub(super) fn unfit(why: ParseError) -> ErrorCode {
    match why {
        ParseError::Empty => ErrorCode::Empty,
        ParseError::TooLong => ErrorCode::TooLong,
        ParseError::Malformed => ErrorCode::BadFrame,
    }
}

fn unavailable(error: &EngineError) -> Option<CloseCode> {
    tracing::warn!(%error, "a visitor could not be welcomed");
    Some(CloseCode::Restart)
}

/// The code on the wire of an error of the engine; the story goes to the log.
pub(super) fn error_code(error: &EngineError) -> ErrorCode {
    match error {
        EngineError::Refused(refusal) => match refusal {
            Refusal::IdReused => ErrorCode::IdReused,
            Refusal::Closed => ErrorCode::Closed,
            Refusal::NotOwner => ErrorCode::NotOwner,
            Refusal::NotQueued => ErrorCode::NotQueued,
            Refusal::Stale => ErrorCode::Stale,
            Refusal::TooMuch | Refusal::TooManyFiles => ErrorCode::SlowDown,
            Refusal::NoSuchChoice => ErrorCode::NoSuchChoice,
            Refusal::NoQuestion => ErrorCode::NoQuestion,
            Refusal::NoteNeeded => ErrorCode::NoteNeeded,
            Refusal::PromiseOpen => ErrorCode::PromiseOpen,
            Refusal::NoPromise => ErrorCode::NotFound,
            Refusal::BadTime => ErrorCode::BadTime,
            Refusal::LeadOnly => ErrorCode::Forbidden,
            Refusal::Blocked => ErrorCode::Blocked,
            Refusal::NoAddress => ErrorCode::NoAddress,
            Refusal::Duplicate(_) | Refusal::NoCall | Refusal::Nothing => ErrorCode::Internal,
        },
        EngineError::Store(why) => {
            tracing::warn!(%why, "not stored");
            ErrorCode::Unavailable
        }
        EngineError::NotFound => ErrorCode::NotFound,
        EngineError::Forbidden => ErrorCode::Forbidden,
        EngineError::Internal(why) => {
            tracing::error!(why, "internal error");
            ErrorCode::Internal
        }
    }
}
