//! One visitor of a load: writes, waits for the answer, writes again; then comes back to read what was kept.

use std::time::{Duration, Instant};

use anyhow::bail;
use tokio::time::timeout;

use crate::cli::rows::Row;
use crate::cli::visitor_link::{LinkError, ServerUrl, VisitorLink, new_act};
use crate::ids::{ClientId, Lang, Seq, SiteId};
use crate::protocol::visitor::{ToClient, ToServer, VisitorEvent};

/// Tries to connect, the first included, before a visitor gives up.
const TRIES: u32 = 8;
/// The wait before the second try; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// The wait after "slow down".
const SLOW_DOWN_WAIT: Duration = Duration::from_millis(200);

/// Where the visitors are.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) url: ServerUrl,
    pub(super) site: SiteId,
    pub(super) lang: Option<Lang>,
    pub(super) patience: Duration,
}

/// A message and what came of it.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) row: Row,
    pub(super) id: ClientId,
    /// From the sending to the ack.
    pub(super) acked: Option<Duration>,
    /// From the sending to the answer.
    pub(super) answered: Option<Duration>,
    /// The server refused it for good, with this code.
    pub(super) refused: Option<String>,
}

/// A conversation.
#[derive(Debug, Default)]
pub(super) struct Talk {
    pub(super) sent: Vec<Sent>,
    /// Messages for which no time was left.
    pub(super) unsent: usize,
    /// What was seen while talking.
    pub(super) seen: Vec<(Seq, VisitorEvent)>,
    /// What was read back afterwards; `None` when that failed.
    pub(super) kept: Option<Vec<(Seq, VisitorEvent)>>,
    /// Connections after the first.
    pub(super) reconnects: u32,
    /// Times that the server asked to slow down.
    pub(super) slowed: u32,
    /// Events that came with a number other than the next.
    pub(super) holes: u32,
    token: Option<String>,
    epoch: Option<String>,
    last: Seq,
    person: bool,
}

impl Talk {
    /// A conversation that was not begun.
    pub(super) fn unsent(rows: &[Row]) -> Self {
        Self {
            unsent: rows.len(),
            ..Self::default()
        }
    }

    /// Holds a conversation of these messages.
    ///
    /// # Errors
    /// When no server is there, or one that does not let visitors in.
    pub(super) async fn hold(place: &Place, rows: Vec<Row>) -> anyhow::Result<Self> {
        let mut talk = Self::default();
        let mut link = talk.connect(place).await?;
        for row in rows {
            let mut sent = Sent {
                row,
                id: new_act(),
                acked: None,
                answered: None,
                refused: None,
            };
            // Patience is for one message, over all its connections.
            let began = Instant::now();
            let exchange = async {
                loop {
                    match talk.exchange(&mut link, &mut sent, began).await {
                        Ok(()) => return anyhow::Ok(()),
                        Err(why) if why.is_passing() => {
                            talk.reconnects += 1;
                            link = talk.connect(place).await?;
                        }
                        Err(why) => bail!("{}: {why}", place.url),
                    }
                }
            };
            // Running out of patience shows in the message: it has no answer.
            if let Ok(done) = timeout(place.patience, exchange).await {
                done?;
            }
            talk.sent.push(sent);
        }
        link.close().await;
        Ok(talk)
    }

    async fn connect(&mut self, place: &Place) -> anyhow::Result<VisitorLink> {
        let mut wait = FIRST_WAIT;
        let mut tries = 1;
        loop {
            let hello = self.hello(place, self.last);
            match VisitorLink::open(&place.url, &place.site, None, &hello).await {
                Ok(link) => return Ok(link),
                Err(why) if why.is_passing() && tries < TRIES => {
                    tries += 1;
                    pause(wait).await;
                    wait *= 2;
                }
                Err(why) => bail!("{}: {why}; is the server running there?", place.url),
            }
        }
    }

    fn hello(&self, place: &Place, after: Seq) -> ToServer {
        ToServer::Hello {
            token: self.token.clone(),
            epoch: self.epoch.clone(),
            after: self.token.is_some().then_some(after),
            lang: place.lang.clone(),
            style: None,
            page: None,
            stage: None,
            touchpoint: None,
            time_zone: None,
            invite: None,
        }
    }

    /// Sends a message (again) and reads until it is acked and answered.
    async fn exchange(
        &mut self,
        link: &mut VisitorLink,
        sent: &mut Sent,
        began: Instant,
    ) -> Result<(), LinkError> {
        let say = ToServer::Say {
            id: sent.id.clone(),
            text: sent.row.text.clone(),
        };
        link.send(&say).await?;
        // After a break the own message may be among the events that were seen before it.
        let mut said = self.seen.iter().any(|(_, event)| is_own(event, &sent.id));
        loop {
            if sent.refused.is_some()
                || (sent.acked.is_some() && (sent.answered.is_some() || self.person))
            {
                return Ok(());
            }
            match link.next().await? {
                ToClient::Welcome {
                    token,
                    epoch,
                    seq,
                    recovered,
                    ..
                } => {
                    self.token = Some(token);
                    self.epoch = Some(epoch);
                    if !recovered {
                        self.holes += u32::from(self.last != Seq::ZERO);
                        self.seen.clear();
                        self.last = seq;
                    }
                }
                ToClient::Ack { id, .. } if id == sent.id => {
                    sent.acked.get_or_insert_with(|| began.elapsed());
                }
                ToClient::Error { id, code, retry } if id.as_ref() == Some(&sent.id) => {
                    if retry {
                        self.slowed += 1;
                        pause(SLOW_DOWN_WAIT).await;
                        link.send(&say).await?;
                    } else {
                        sent.refused = Some(format!("{code:?}"));
                    }
                }
                ToClient::Event { seq, event, .. } => {
                    if seq <= self.last {
                        continue;
                    }
                    self.holes += u32::from(seq != self.last.next());
                    self.last = seq;
                    said |= is_own(&event, &sent.id);
                    match event {
                        VisitorEvent::Queued { .. } | VisitorEvent::Joined { .. } => {
                            self.person = true
                        }
                        VisitorEvent::Returned | VisitorEvent::Closed { .. } => self.person = false,
                        _ => {}
                    }
                    if said && is_answer(&event) {
                        sent.answered.get_or_insert_with(|| began.elapsed());
                    }
                    self.seen.push((seq, event));
                }
                ToClient::Ack { .. }
                | ToClient::Error { .. }
                | ToClient::Older { .. }
                | ToClient::Notices { .. }
                | ToClient::Queue { .. }
                | ToClient::Typing { .. } => {}
            }
        }
    }

    /// Comes back and reads the whole conversation.
    pub(super) async fn read_back(&mut self, place: &Place) {
        if self.token.is_none() {
            return;
        }
        // What cannot be read back stays `None` and is counted as such.
        if let Ok(Ok(kept)) = timeout(place.patience, self.log(place)).await {
            self.kept = Some(kept);
        }
    }

    async fn log(&mut self, place: &Place) -> anyhow::Result<Vec<(Seq, VisitorEvent)>> {
        let mut wait = FIRST_WAIT;
        for _ in 0..TRIES {
            match self.log_once(place).await {
                Ok(log) => return Ok(log),
                Err(why) if why.is_passing() => {
                    pause(wait).await;
                    wait *= 2;
                }
                Err(why) => bail!(why),
            }
        }
        bail!("no way back")
    }

    async fn log_once(&self, place: &Place) -> Result<Vec<(Seq, VisitorEvent)>, LinkError> {
        let hello = self.hello(place, Seq::ZERO);
        let mut link = VisitorLink::open(&place.url, &place.site, None, &hello).await?;
        let mut last = None;
        let mut log = Vec::new();
        loop {
            if last.is_some_and(|last| log.last().map_or(Seq::ZERO, |(seq, _)| *seq) >= last) {
                link.close().await;
                return Ok(log);
            }
            match link.next().await? {
                ToClient::Welcome { seq, .. } => last = Some(seq),
                ToClient::Event { seq, event, .. } => log.push((seq, event)),
                _ => {}
            }
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a client on the wall clock; it has no product time"
)]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

pub(super) fn is_own(event: &VisitorEvent, act: &ClientId) -> bool {
    matches!(event, VisitorEvent::Visitor { id, .. } if id == act)
}

fn is_answer(event: &VisitorEvent) -> bool {
    matches!(
        event,
        VisitorEvent::Bot { .. }
            | VisitorEvent::Queued { .. }
            | VisitorEvent::Joined { .. }
            | VisitorEvent::Promise { .. }
            | VisitorEvent::Closed { .. }
    )
}
