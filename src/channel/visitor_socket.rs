//! A visitor's websocket: frames to the visitor's door, events back.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, watch};

use super::socket::{Incoming, Socket};
use crate::accounts::{VisitorLinks, VisitorPass, VisitorTokens};
use crate::conversation::{Body, Event, Opening, Refusal};
use crate::engine::{Ear, Engine, EngineError, Heard, VisitorDoor, Writer, fresh};
use crate::ids::{
    ClientId, ConversationId, Follows, InviteId, Lang, ParseError, Seq, SiteId, Stage, Style,
    Utterance,
};
use crate::protocol::visitor::{
    Greeting, NoticeCard, NumberedEvent, SiteCard, ToClient, ToServer, VisitorEvent,
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
    /// Counts one more mail that this visitor's client asks for, where it may ask for one.
    pub may_ask_mail: Arc<dyn Fn() -> bool + Send + Sync>,
    /// Turns true when the server goes down.
    pub stopping: watch::Receiver<bool>,
}

/// Serves one socket to its end.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut socket: Socket<S>, place: Place) {
    let code = match tokio::time::timeout(HELLO, greet(&mut socket, &place)).await {
        Ok(Ok(visit)) => stay(&mut socket, &place, visit).await,
        Ok(Err(code)) => code,
        Err(_) => Some(CloseCode::Protocol),
    };
    if let Some(code) = code {
        socket.close(code).await;
    }
}

/// A visitor who was welcomed.
struct Visit {
    /// What their token opens.
    own: VisitorPass,
    /// The door to the one in which it goes on, or to itself.
    door: VisitorDoor,
    /// Dropped, it hears no more.
    _ear: Ear,
    heard: mpsc::Receiver<Heard>,
    /// The last event that the client has.
    last: Seq,
    /// The notices that it shows.
    notices: Vec<NoticeCard>,
}

/// Why a visit ends.
enum End {
    /// The socket is to be closed so, or is gone.
    Over(Option<CloseCode>),
    /// The conversation goes on in another one, and this frame is to be carried out there.
    Moved(Option<ToServer>),
}

impl From<Option<CloseCode>> for End {
    fn from(code: Option<CloseCode>) -> Self {
        Self::Over(code)
    }
}

/// Times that an act is carried to where the conversation goes on; more only happen while agents merge and part faster than that.
const CARRIED_MAX: u32 = 3;

/// Talks until the socket ends, wherever the conversation goes on.
async fn stay<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    mut visit: Visit,
) -> Option<CloseCode> {
    loop {
        let here = place.engine.visitor_here(visit.door.id());
        let mut frame = match talk(socket, place, &mut visit).await {
            End::Over(code) => return code,
            End::Moved(frame) => frame,
        };
        drop(here);
        for carried in 1..=CARRIED_MAX {
            let opening = visit.door.opening().clone();
            let left = visit.door.id();
            visit = match enter(socket, place, visit.own, opening, |_| Since::Nothing).await {
                Ok(visit) => visit,
                Err(code) => return code,
            };
            let Some(act) = frame.take() else { break };
            let moved = left != visit.door.id();
            let done = match bound(&act).filter(|_| moved) {
                Some(code) => refuse(socket, act_id(&act), code).await.map_err(End::Over),
                None => carry_out(socket, place, &visit, act.clone()).await,
            };
            match done {
                Ok(()) => break,
                Err(End::Over(code)) => return code,
                Err(End::Moved(again)) if carried < CARRIED_MAX => frame = again,
                // Where it goes on cannot be reached now.
                Err(End::Moved(_)) => {
                    let code = ErrorCode::Unavailable;
                    if let Err(code) = refuse(socket, act_id(&act), code).await {
                        return code;
                    }
                }
            }
        }
    }
}

/// Why an act is not carried out in another conversation than the one on whose screen it was done; nothing where it means the same in both.
fn bound(act: &ToServer) -> Option<ErrorCode> {
    match act {
        ToServer::Choose { .. } => Some(ErrorCode::NoSuchChoice),
        ToServer::Rate { .. } | ToServer::SkipRating { .. } | ToServer::End { .. } => {
            Some(ErrorCode::Merged)
        }
        ToServer::Hello { .. }
        | ToServer::Typing
        | ToServer::Older { .. }
        | ToServer::Say { .. }
        | ToServer::AskPerson { .. }
        | ToServer::LeaveMessage { .. }
        | ToServer::Mail { .. }
        | ToServer::Follow { .. }
        | ToServer::Set { .. } => None,
    }
}

/// Opens the conversation in which that of a token goes on, and sends what belongs to it. `since`: where the client goes on from, given the epoch as
/// it is told there.
async fn enter<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    own: VisitorPass,
    opening: Opening,
    since: impl FnOnce(&str) -> Since,
) -> Result<Visit, Option<CloseCode>> {
    let engine = &place.engine;
    let door = VisitorDoor::led(engine.clone(), own.conversation, opening, own.follows).await;
    let door = door.map_err(|error| unavailable(&error))?;
    let id = door.id();
    // Listen first, read then: what happens in between comes twice and is dropped by its number, never not at all.
    let (mut ear, heard) = engine.hub().ear();
    ear.listen(id);
    ear.seal();
    let since = since(&epoch(engine, &door));
    let last = welcome(socket, place, own, &door, since).await?;
    let mut visit = Visit {
        own,
        door,
        _ear: ear,
        heard,
        last,
        notices: Vec::new(),
    };
    notices(socket, &mut visit).await?;
    Ok(visit)
}

/// Sends the notices that hold for this visitor, where they are others than the client shows.
async fn notices<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    visit: &mut Visit,
) -> Result<(), Option<CloseCode>> {
    let now = (visit.door.notices().await).map_err(|error| unavailable(&error))?;
    if now == visit.notices {
        return Ok(());
    }
    visit.notices.clone_from(&now);
    socket.send(&ToClient::Notices { notices: now }).await
}

/// Identity of the past that a client resumes: of the store, and of the conversation where it is another one than that of the token.
fn epoch(engine: &Engine, door: &VisitorDoor) -> String {
    let epoch = engine.store().epoch();
    if door.way().is_away() {
        format!("{epoch}.{}", door.id())
    } else {
        epoch.to_string()
    }
}

/// Waits for `hello`, answers with `welcome` and what was missed.
async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
) -> Result<Visit, Option<CloseCode>> {
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
        invite,
    }) = socket.receive().await?
    else {
        return Err(Some(CloseCode::Protocol));
    };
    let engine = &place.engine;
    let known = token
        .as_deref()
        .and_then(|token| place.tokens.open(token, place.site.as_str()));
    let own =
        known.unwrap_or_else(|| VisitorPass::own(ConversationId::from(fresh::uuid(engine.now()))));
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
            invite,
        },
    );
    let plain = engine.store().epoch().to_string();
    enter(socket, place, own, opening, move |past| {
        // A client that tells no epoch knows only the conversation of its token.
        match known.and(after) {
            // What it has is of another past, or of another conversation.
            Some(_) if epoch.unwrap_or(plain) != past => Since::Nothing,
            after => Since::Last(after),
        }
    })
    .await
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
    own: VisitorPass,
    door: &VisitorDoor,
    from: Since,
) -> Result<Seq, Option<CloseCode>> {
    let (engine, id) = (&place.engine, door.id());
    let after = match from {
        Since::Last(after) => after,
        Since::Nothing => None,
    };
    let mut caught = (door.catch_up(after).await).map_err(|error| unavailable(&error))?;
    caught.recovered &= matches!(from, Since::Last(_));
    let (lang, style, _) = door.manner().await.map_err(|error| unavailable(&error))?;
    let (texts, choices) = greeting(engine, door.opening());
    socket
        .send(&ToClient::Welcome {
            conversation: id,
            // That of where they came from: should the two be parted again, it leads back there.
            token: place.tokens.issue(own, place.site.as_str()),
            epoch: epoch(engine, door),
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
    visit: &mut Visit,
) -> End {
    let mut stopping = place.stopping.clone();
    let mut changed = place.engine.notices_changed();
    loop {
        let done = tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => return End::Over(Some(CloseCode::Restart)),
            news = visit.heard.recv() => match news {
                Some(news) => tell(socket, place, visit, news).await,
                None => return End::Over(Some(CloseCode::Slow)),
            },
            Ok(()) = changed.changed() => notices(socket, visit).await.map_err(End::Over),
            frame = socket.receive::<ToServer>() => match frame {
                Ok(Incoming::Frame(frame)) => carry_out(socket, place, visit, frame).await,
                Ok(Incoming::Bad) => refuse(socket, None, ErrorCode::BadFrame).await.map_err(End::Over),
                Ok(Incoming::TooFast(frame)) => {
                    let refused = refuse(socket, act_id(&frame), ErrorCode::SlowDown).await;
                    refused.map_err(End::Over)
                }
                Err(code) => Err(End::Over(code)),
            },
        };
        if let Err(end) = done {
            return end;
        }
    }
}

/// Whether a conversation goes on elsewhere from this event on, for its visitor.
fn moves(event: &Event, visit: &Visit) -> bool {
    let way = visit.door.way();
    match &event.body {
        Body::MergedInto { .. } => visit.own.follows != Follows::Never,
        // Somewhere on the way here.
        Body::UnmergedFrom { from, .. } => way.is_away() && way.floor_of(*from).is_some(),
        // With its next session it leads nobody any more.
        Body::SessionOpened { .. } => way.is_away(),
        _ => false,
    }
}

async fn tell<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    visit: &mut Visit,
    news: Heard,
) -> Result<(), End> {
    let told = match news {
        Heard::Events(_, events) => {
            for event in events.iter() {
                let moves = moves(event, visit);
                if !(moves && matches!(event.body, Body::SessionOpened { .. })) {
                    send_event(socket, place, &visit.door, event, &mut visit.last).await?;
                }
                if moves {
                    return Err(End::Moved(None));
                }
                if matches!(
                    event.body,
                    Body::NoticeFollowed { .. } | Body::LangSet { .. } | Body::StyleSet { .. }
                ) {
                    notices(socket, visit).await?;
                }
                if matches!(event.body, Body::UnmergedFrom { .. }) {
                    // What was said in the other one is none of this one's any more.
                    let again = welcome(socket, place, visit.own, &visit.door, Since::Nothing);
                    visit.last = again.await?;
                }
            }
            Ok(())
        }
        Heard::Erased(_) => {
            visit.last = welcome(socket, place, visit.own, &visit.door, Since::Nothing).await?;
            Ok(())
        }
        Heard::Position(_, position, wait) => {
            socket.send(&ToClient::Queue { position, wait }).await
        }
        Heard::Typing(_, Writer::Bot) => socket.send(&ToClient::Typing { agent: false }).await,
        Heard::Typing(_, Writer::Agent(_)) => socket.send(&ToClient::Typing { agent: true }).await,
        Heard::Typing(_, Writer::Visitor) | Heard::Beside(_) => Ok(()),
    };
    told.map_err(End::Over)
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
            event: seen(place, door, event).await,
        })
        .await
}

async fn carry_out<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    visit: &Visit,
    frame: ToServer,
) -> Result<(), End> {
    let door = &visit.door;
    let stays = door.way().stays() || visit.own.follows == Follows::Never;
    match act(socket, place, door, frame.clone()).await {
        Err(Stop::Merged) if stays => {
            let refused = refuse(socket, act_id(&frame), ErrorCode::Merged).await;
            refused.map_err(End::Over)
        }
        Err(Stop::Merged) => Err(End::Moved(Some(frame))),
        Err(Stop::Over(code)) => Err(End::Over(code)),
        Ok(()) => Ok(()),
    }
}

/// Why an act was neither carried out nor refused.
enum Stop {
    Merged,
    Over(Option<CloseCode>),
}

impl From<Option<CloseCode>> for Stop {
    fn from(code: Option<CloseCode>) -> Self {
        Self::Over(code)
    }
}

async fn act<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    door: &VisitorDoor,
    frame: ToServer,
) -> Result<(), Stop> {
    let (id, result) = match frame {
        // A second hello is none of our clients'.
        ToServer::Hello { .. } => return Err(Stop::Over(Some(CloseCode::Protocol))),
        ToServer::Typing => {
            door.typing().await;
            return Ok(());
        }
        ToServer::Older { before } => return older(socket, place, door, before).await,
        ToServer::Say { id, text } => match text.parse::<Utterance>() {
            Ok(text) => (id.clone(), door.say(id, &text).await),
            Err(why) => return Ok(refuse(socket, Some(id), unfit(why)).await?),
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
                Some(Ok(_)) => return Ok(refuse(socket, Some(id), ErrorCode::TooLong).await?),
                Some(Err(why)) => return Ok(refuse(socket, Some(id), unfit(why)).await?),
            };
            (id.clone(), door.rate(id, tap, line.as_ref()).await)
        }
        ToServer::SkipRating { id } => (id.clone(), door.skip_rating(id).await),
        ToServer::AskPerson { id } => (id.clone(), door.ask_person(id).await),
        ToServer::LeaveMessage { id } => (id.clone(), door.leave_message(id).await),
        ToServer::Mail { id, case, to } => {
            let may = Arc::clone(&place.may_ask_mail);
            (id.clone(), door.ask_mail(id, case, to, move || may()).await)
        }
        ToServer::Follow { id, notice } => (id.clone(), door.follow(id, notice).await),
        ToServer::End { id } => (id.clone(), door.end(id).await),
        ToServer::Set { id, style, lang } => (id.clone(), door.set(id, style, lang).await),
    };
    match result {
        Ok(seq) => Ok(socket.send(&ToClient::Ack { id, seq }).await?),
        Err(EngineError::Refused(Refusal::Merged)) => Err(Stop::Merged),
        Err(error) => Ok(refuse(socket, Some(id), error_code(&error)).await?),
    }
}

async fn older<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &Place,
    door: &VisitorDoor,
    before: Seq,
) -> Result<(), Stop> {
    let done = match door.older(before).await {
        Ok((events, older)) => {
            let mut page = Vec::with_capacity(events.len());
            for event in &events {
                page.push(NumberedEvent {
                    seq: event.seq,
                    at: event.at,
                    event: seen(place, door, event).await,
                });
            }
            let events = page;
            socket.send(&ToClient::Older { events, older }).await
        }
        Err(EngineError::Refused(Refusal::Merged)) => return Err(Stop::Merged),
        Err(error) => refuse(socket, None, error_code(&error)).await,
    };
    Ok(done?)
}

async fn seen(place: &Place, door: &VisitorDoor, event: &Event) -> VisitorEvent {
    let lang = &door.opening().lang;
    let mut seen = for_visitor(event, |team| door.engine().team_name(team, lang));
    if let VisitorEvent::Promise { case, receipt, .. } = &mut seen {
        let token = place.links.receipt(door.id(), case, door.engine().now());
        *receipt = Some(format!("/v1/cases/{case}/receipt?token={token}"));
    }
    if let VisitorEvent::Promise { told, .. }
    | VisitorEvent::PromiseMoved { told, .. }
    | VisitorEvent::PromiseKept { told, .. }
    | VisitorEvent::PromiseLate { told, .. } = &mut seen
    {
        *told = door.told_of_promise(event).await;
    }
    if let VisitorEvent::Followed { told, .. } = &mut seen {
        *told = door.told_of_follow(event).await;
    }
    if let VisitorEvent::Notice { joined, .. } = &mut seen {
        *joined = door.joined_lines(event).await;
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
        | ToServer::Follow { id, .. }
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
    pub(super) invite: Option<InviteId>,
}

/// The opening of a session, with what the client told cut to a sane size.
pub(super) fn opening(engine: &Engine, site: &SiteId, channel: &str, came: Came) -> Opening {
    let live = engine.live();
    let spoken = &live.catalog.assistant.languages;
    // `es-MX` where only `es` is spoken is `es`.
    let lang = came
        .lang
        .map(|lang| if lang.is_formal() { lang } else { lang.base() })
        .filter(|lang| spoken.contains(&lang.base()));
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
        // Only a message of this site is one.
        invite: came.invite.filter(|id| {
            let mut known = live.catalog.invites.iter();
            known.any(|invite| invite.id == *id && invite.is_of(site))
        }),
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
        mails: place.engine.sends_mail(),
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
            Refusal::ReviewOpen => ErrorCode::ReviewOpen,
            Refusal::BadTime => ErrorCode::BadTime,
            Refusal::LeadOnly => ErrorCode::Forbidden,
            Refusal::Blocked => ErrorCode::Blocked,
            Refusal::NoAddress => ErrorCode::NoAddress,
            Refusal::BadAddress => ErrorCode::BadAddress,
            Refusal::TooManyMails => ErrorCode::TooManyMails,
            Refusal::Merged => ErrorCode::Merged,
            Refusal::NotSame => ErrorCode::NotSame,
            Refusal::OtherSite => ErrorCode::OtherSite,
            Refusal::Itself => ErrorCode::BadFrame,
            Refusal::TooLate => ErrorCode::TooLate,
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
