//! An agent's websocket: frames to the agent's door, events, the desk and cards back.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};

use super::agent_acts::{Done, act, act_id};
use super::socket::{Incoming, Socket};
use super::visitor_socket::error_code;
use crate::accounts::{Logins, People};
use crate::conversation::Event;
use crate::engine::{AgentDoor, Ear, EngineError, Heard, Note, Writer};
use crate::ids::{AgentStatus, ClientId, ConversationId, Seq};
use crate::protocol::agent::{AgentEvent, ToClient, ToServer};
use crate::protocol::{CloseCode, ErrorCode, for_agent};

/// How often an idle console's login is looked at; each act looks too.
const WELCOME_CHECK: std::time::Duration = std::time::Duration::from_secs(30);

/// Conversations that one console may watch at a time.
const WATCHED_MAX: usize = 50;

/// Where an agent's socket belongs.
pub struct Place {
    /// What this person may do.
    pub door: AgentDoor,
    /// Status as stored.
    pub status: AgentStatus,
    /// Where the status is kept.
    pub people: People,
    /// Whether this person may read a conversation that is not on the desk (any more).
    pub may_read: Box<dyn Fn(ConversationId) -> bool + Send + Sync>,
    /// Tells whether the login still is good.
    pub logins: Arc<Logins>,
    /// The login's secret.
    pub token: String,
    /// Turns true when the server goes down.
    pub stopping: watch::Receiver<bool>,
}

/// Serves one socket to its end.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut socket: Socket<S>, place: Place) {
    let engine = place.door.engine().clone();
    let me = place.door.me().clone();
    engine.agent_connected(&me, place.status);
    let code = Console::new(&mut socket, &place)
        .run(place.stopping.clone())
        .await;
    engine.agent_disconnected(me.id);
    if let Some(code) = code {
        socket.close(code).await;
    }
}

struct Console<'a, S> {
    socket: &'a mut Socket<S>,
    place: &'a Place,
    ear: Ear,
    heard: mpsc::Receiver<Heard>,
    /// Watched conversations.
    watched: HashMap<ConversationId, Watching>,
}

/// A conversation that is watched.
struct Watching {
    /// The last event that was sent.
    last: Seq,
    /// The first one that may be read.
    floor: Seq,
}

type Ended = Option<CloseCode>;

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Console<'a, S> {
    fn new(socket: &'a mut Socket<S>, place: &'a Place) -> Self {
        let (ear, heard) = place.door.ear();
        Self {
            socket,
            place,
            ear,
            heard,
            watched: HashMap::new(),
        }
    }

    async fn run(mut self, mut stopping: watch::Receiver<bool>) -> Ended {
        let mut desk = self.place.door.engine().desk_view();
        let view = desk.borrow_and_update().clone();
        let welcome = ToClient::Welcome {
            me: self.place.door.me().clone(),
            status: self.place.status,
            epoch: self.place.door.engine().store().epoch().to_string(),
            desk: self.place.door.worded(view),
        };
        if let Err(code) = self.socket.send(&welcome).await {
            return code;
        }
        let mut still_welcome = tokio::time::interval(WELCOME_CHECK);
        let mut ended = self.place.logins.ended();
        let mut notes = self.place.door.engine().notes();
        loop {
            let done = tokio::select! {
                biased;
                _ = still_welcome.tick() => self.check_welcome().await,
                _ = ended.changed() => self.check_welcome().await,
                _ = stopping.wait_for(|stop| *stop) => return Some(CloseCode::Restart),
                news = self.heard.recv() => match news {
                    Some(_) if self.ear.is_lost() => return Some(CloseCode::Slow),
                    Some(news) => self.tell(news).await,
                    None => return Some(CloseCode::Slow),
                },
                note = notes.recv() => match note {
                    Ok(note) => self.tell_named(&note).await,
                    // Hints that were missed stay in their conversations.
                    Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => return Some(CloseCode::Restart),
                },
                changed = desk.changed() => match changed {
                    Ok(()) => {
                        let view = desk.borrow_and_update().clone();
                        let desk = self.place.door.worded(view);
                        self.socket.send(&ToClient::Desk { desk }).await
                    }
                    Err(_) => return Some(CloseCode::Restart),
                },
                frame = self.socket.receive::<ToServer>() => match frame {
                    Ok(Incoming::Frame(frame)) => self.carry_out(frame).await,
                    Ok(Incoming::Bad) => self.refuse(None, ErrorCode::BadFrame).await,
                    Ok(Incoming::TooFast(frame)) => self.refuse(act_id(&frame), ErrorCode::SlowDown).await,
                    Err(code) => Err(code),
                },
            };
            if let Err(code) = done {
                return code;
            }
        }
    }

    async fn tell(&mut self, news: Heard) -> Result<(), Ended> {
        match news {
            Heard::Events(id, events) => {
                for event in events.iter() {
                    self.send_event(id, event).await?;
                }
                if self.watched.contains_key(&id) {
                    self.send_card(id).await?;
                }
                Ok(())
            }
            Heard::Typing(id, writer) => {
                let name = match writer {
                    Writer::Visitor => None,
                    Writer::Agent(name) if name != self.place.door.me().name => Some(name),
                    Writer::Agent(_) | Writer::Bot => return Ok(()),
                };
                self.socket
                    .send(&ToClient::Typing {
                        conversation: id,
                        name,
                    })
                    .await
            }
            Heard::Erased(id) if self.watched.contains_key(&id) => self.watch(id, None).await,
            Heard::Beside(id) if self.watched.contains_key(&id) => self.send_card(id).await,
            Heard::Beside(_) | Heard::Erased(_) | Heard::Position(..) => Ok(()),
        }
    }

    /// A watched conversation's note tells itself.
    async fn tell_named(&mut self, note: &Note) -> Result<(), Ended> {
        if self.watched.contains_key(&note.conversation) || !self.place.door.is_named_in(note) {
            return Ok(());
        }
        self.socket
            .send(&ToClient::Mentioned {
                conversation: note.conversation,
                name: note.name.clone(),
            })
            .await
    }

    async fn send_event(&mut self, id: ConversationId, event: &Event) -> Result<(), Ended> {
        let watching = self.watched.get_mut(&id);
        let Some(watching) = watching.filter(|watching| event.seq > watching.last) else {
            return Ok(());
        };
        watching.last = event.seq;
        let event = self.seen(event);
        self.socket
            .send(&ToClient::Event {
                conversation: id,
                event,
            })
            .await
    }

    async fn send_card(&mut self, id: ConversationId) -> Result<(), Ended> {
        match self.place.door.card(id).await {
            Ok(card) => {
                self.socket
                    .send(&ToClient::Card {
                        conversation: id,
                        card,
                    })
                    .await
            }
            Err(error) => self.refuse(None, error_code(&error)).await,
        }
    }

    async fn watch(&mut self, id: ConversationId, after: Option<Seq>) -> Result<(), Ended> {
        if self.watched.len() >= WATCHED_MAX && !self.watched.contains_key(&id) {
            return self.refuse(None, ErrorCode::SlowDown).await;
        }
        let engine = self.place.door.engine().clone();
        let floor = match self.reads_from(id).await {
            Ok(Some(floor)) => floor,
            Ok(None) => return self.refuse(None, ErrorCode::NotFound).await,
            Err(error) => return self.refuse(None, error_code(&error)).await,
        };
        self.ear.listen(id);
        let caught = match engine.catch_up(id, after, floor).await {
            Ok(caught) => caught,
            Err(error) => return self.refuse(None, error_code(&error)).await,
        };
        if caught.recovered && after.is_some() {
            let last = after.unwrap_or(Seq::ZERO);
            self.watched.insert(id, Watching { last, floor });
            for event in &caught.events {
                self.send_event(id, event).await?;
            }
            return self.send_card(id).await;
        }
        let last = caught.seq;
        self.watched.insert(id, Watching { last, floor });
        let card = match self.place.door.card(id).await {
            Ok(card) => card,
            Err(error) => return self.refuse(None, error_code(&error)).await,
        };
        let events = caught.events.iter().map(|event| self.seen(event)).collect();
        self.socket
            .send(&ToClient::Page {
                conversation: id,
                seq: caught.seq,
                card,
                events,
                older: caught.older,
            })
            .await
    }

    /// The first event that may be read: the desk is everybody's; what is on it no more is read by those whom it concerned.
    async fn reads_from(&self, id: ConversationId) -> Result<Option<Seq>, EngineError> {
        let door = &self.place.door;
        if !door.engine().exists(id).await? {
            return Ok(None);
        }
        let watching = self.watched.get(&id).map(|watching| watching.floor);
        if watching == Some(Seq::ZERO) || (self.place.may_read)(id) {
            return Ok(Some(Seq::ZERO));
        }
        // More of it may be theirs to read by now; what is on the screen stays there.
        Ok(door.reads_from(id).await?.or(watching))
    }

    async fn older(&mut self, id: ConversationId, before: Seq) -> Result<(), Ended> {
        let floor = match self.reads_from(id).await {
            Ok(Some(floor)) => floor,
            Ok(None) => return self.refuse(None, ErrorCode::NotFound).await,
            Err(error) => return self.refuse(None, error_code(&error)).await,
        };
        match self.place.door.engine().older(id, before, floor).await {
            Ok((events, older)) => {
                let events = events.iter().map(|event| self.seen(event)).collect();
                self.socket
                    .send(&ToClient::Older {
                        conversation: id,
                        events,
                        older,
                    })
                    .await
            }
            Err(error) => self.refuse(None, error_code(&error)).await,
        }
    }

    fn seen(&self, event: &Event) -> AgentEvent {
        let engine = self.place.door.engine();
        let lang = &self.place.door.me().lang;
        for_agent(event, |team| engine.team_name(team, lang))
    }

    /// Who has signed out or was barred, whose login has run out or whose password was set anew, is shown out.
    async fn check_welcome(&self) -> Result<(), Ended> {
        let now = self.place.door.engine().now();
        match self.place.logins.find(&self.place.token, now).await {
            // What they may do has changed: they come back as who they are now.
            Ok(Some(login))
                if login.account.role != self.place.door.me().role
                    || login.account.teams != self.place.door.me().teams =>
            {
                Err(Some(CloseCode::Restart))
            }
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(Some(CloseCode::Unauthorized)),
            // A store that cannot be read now says nothing about the person.
            Err(_) => Ok(()),
        }
    }

    async fn carry_out(&mut self, frame: ToServer) -> Result<(), Ended> {
        self.check_welcome().await?;
        let door = &self.place.door;
        let id = act_id(&frame);
        let result = match act(door, frame).await {
            Done::Acted(result) => result,
            Done::Unfit(code) => return self.refuse(id, code).await,
            Done::Other(ToServer::Watch {
                conversation,
                after,
            }) => return self.watch(conversation, after).await,
            Done::Other(ToServer::Unwatch { conversation }) => {
                self.watched.remove(&conversation);
                self.ear.unlisten(conversation);
                return Ok(());
            }
            Done::Other(ToServer::Older {
                conversation,
                before,
            }) => return self.older(conversation, before).await,
            Done::Other(ToServer::Typing { conversation }) => {
                door.typing(conversation).await;
                return Ok(());
            }
            Done::Other(ToServer::Status { status, .. }) => self.set_status(status).await,
            Done::Other(_) => return self.refuse(id, ErrorCode::BadFrame).await,
        };
        let Some(id) = id else { return Ok(()) };
        match result {
            Ok(seq) => self.socket.send(&ToClient::Ack { id, seq }).await,
            Err(error) => self.refuse(Some(id), error_code(&error)).await,
        }
    }

    async fn set_status(&self, status: AgentStatus) -> Result<Seq, EngineError> {
        let me = self.place.door.me();
        let changed = self
            .place
            .people
            .change(&me.email, move |account| account.status = status)
            .await;
        changed.map_err(|error| EngineError::Internal(error.to_string()))?;
        self.place.door.engine().agent_status(me.id, status);
        Ok(Seq::ZERO)
    }

    async fn refuse(&mut self, id: Option<ClientId>, code: ErrorCode) -> Result<(), Ended> {
        self.socket
            .send(&ToClient::Error {
                id,
                code,
                retry: code.retry(),
            })
            .await
    }
}
