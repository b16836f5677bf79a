//! How a visitor can be reached outside the chat: address, language and whether they are here; what they ask for by mail, and what did not arrive.

use std::collections::VecDeque;

use super::bot::worded;
use super::led::FAR;
use super::{Engine, EngineError, VisitorDoor};
use crate::conversation::{
    Case, Command, DeskCommand, Event, Joined, Opening, Owed, Proof, Refusal, State,
};
use crate::ids::{ClientId, ConversationId, Lang, Seq, Timestamp};

/// A visitor as someone who writes to them must know them.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The mail address that they left in this conversation, or in one that goes on here and in which it was proven to be theirs.
    pub mail: Option<String>,
    /// That other conversation, and the event there that began the merge.
    pub left: Option<(ConversationId, Seq)>,
    /// The first event that is for whoever has that address.
    pub floor: Seq,
    /// Site, language, style and time zone of their last session.
    pub opening: Opening,
    /// What they did last.
    pub visitor_seq: Seq,
    /// What is owed to them.
    pub promises: Vec<Owed>,
}

/// Events read at a time.
const PAGE: usize = 512;

impl Engine {
    /// How the visitor of a conversation can be reached; nothing where no session ever began.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reach(&self, id: ConversationId) -> Result<Option<Reach>, EngineError> {
        self.reach_about(id, None).await
    }

    /// How the visitor of a conversation can be reached about one of its events: at an address of another one also where the two were parted since.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reach_about(
        &self,
        id: ConversationId,
        event: Option<Seq>,
    ) -> Result<Option<Reach>, EngineError> {
        let found = self.look(id, |state| {
            state.session.as_ref().map(|session| Reach {
                mail: state.mail_address().map(str::to_owned),
                left: None,
                floor: Seq::ZERO,
                opening: session.opening.clone(),
                visitor_seq: state.visitor_seq,
                promises: state.promises.clone(),
            })
        });
        let mut reach = found.await?;
        if let Some(reach) = reach.as_mut().filter(|reach| reach.mail.is_none()) {
            self.reach_elsewhere(reach, id, event).await?;
        }
        Ok(reach)
    }

    /// Whether a mail address of the visitor is known.
    pub(super) async fn reaches(&self, id: ConversationId) -> Result<bool, EngineError> {
        let reach = self.reach(id).await?;
        Ok(reach.is_some_and(|reach| reach.mail.is_some()))
    }

    /// Finds an address that was left in a conversation that goes on in this one, and was proven there to be theirs: the nearest, the latest first.
    async fn reach_elsewhere(
        &self,
        reach: &mut Reach,
        id: ConversationId,
        event: Option<Seq>,
    ) -> Result<(), EngineError> {
        let stood = |joined: &Joined| match (event, joined.parted) {
            (Some(event), parted) => {
                joined.seq < event && parted.is_none_or(|parted| event < parted)
            }
            (None, parted) => parted.is_none(),
        };
        let joined = |state: &State| state.joined.clone();
        let mut open: VecDeque<Joined> = (self.look(id, joined).await?.into_iter().rev())
            .filter(stood)
            .collect();
        for _ in 0..FAR {
            let Some(Joined {
                from, of, floor, ..
            }) = open.pop_front()
            else {
                break;
            };
            let left = |state: &State| {
                let mail = state.mail_address()?;
                let merge = state.merges().find(|merge| merge.of == of)?;
                let proven = state.proofs_at(merge.at);
                let proven = proven.contains(&Proof::Mail(mail.to_lowercase()));
                proven.then(|| mail.to_owned())
            };
            let look = |state: &State| (left(state), state.joined.clone());
            let (mail, before) = self.look(from, look).await?;
            if mail.is_some() {
                reach.mail = mail;
                reach.left = Some((from, of));
                reach.floor = floor;
                reach.promises.retain(|owed| owed.seq >= floor);
                break;
            }
            // Nothing of the ways between is told: the session is this one's.
            let stand = before.into_iter().rev().filter(|one| one.back.is_none());
            open.extend(stand.map(|one| Joined { floor, ..one }));
        }
        Ok(())
    }

    /// All events of a conversation, in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn whole(&self, id: ConversationId) -> Result<Vec<Event>, EngineError> {
        let mut events: Vec<Event> = Vec::new();
        loop {
            let after = events.last().map_or(Seq::ZERO, |event| event.seq);
            let page = self.store().read(id, after, PAGE).await;
            let page = page.map_err(EngineError::Store)?;
            let last = page.len() < PAGE;
            events.extend(page);
            if last {
                return Ok(events);
            }
        }
    }

    /// A case of a conversation, and how its visitor reads.
    ///
    /// # Errors
    /// `NotFound` where this number was never given there.
    pub async fn case(
        &self,
        id: ConversationId,
        number: &str,
    ) -> Result<(Case, Opening), EngineError> {
        let reach = self.reach(id).await?.ok_or(EngineError::NotFound)?;
        let home = self.home_of(id, number).await?;
        let mut events = self.whole(home).await?;
        // What became of it where the conversation goes on.
        let (mut ways, mut nth) = (vec![home], 0);
        while let Some(last) = ways.get(nth).copied().filter(|_| nth < FAR) {
            let later = |state: &State| state.handed_to(number).collect::<Vec<_>>();
            for later in self.look(last, later).await? {
                if !ways.contains(&later) {
                    let of_case = |event: &Event| event.body.case() == Some(number);
                    events.extend(self.whole(later).await?.into_iter().filter(of_case));
                    ways.push(later);
                }
            }
            nth += 1;
        }
        // It may have come back from there.
        events.sort_by_key(|event| event.at);
        let case = Case::of(&events, number).ok_or(EngineError::NotFound)?;
        Ok((case, reach.opening))
    }

    /// The conversation in which a case number was given: this one, or one that goes on here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn home_of(
        &self,
        id: ConversationId,
        number: &str,
    ) -> Result<ConversationId, EngineError> {
        let mut home = id;
        for _ in 0..FAR {
            // Once they were parted, its words are none of this one's any more.
            let from = |state: &State| {
                let owed = state.owed(number).and_then(|owed| owed.from);
                let had = |joined: &&Joined| joined.cases.iter().any(|case| case == number);
                let mut stands = state.joined.iter().filter(|joined| joined.back.is_none());
                owed.or_else(|| stands.find(had).map(|joined| joined.from))
            };
            let next = self.look(home, from).await?;
            match next {
                Some(next) => home = next,
                None => break,
            }
        }
        Ok(home)
    }

    /// A moment in the visitor's words and time zone, with its date: what is read later must not say "tomorrow".
    pub fn dated(&self, at: Timestamp, opening: &Opening) -> String {
        const LONG_BEFORE_MS: i64 = 7 * 24 * 60 * 60_000;
        let lang: Lang = self.reader_lang(&opening.site, &opening.lang);
        let zone = self.zone_of(opening);
        worded(at, at.plus(-LONG_BEFORE_MS), &zone, &lang).unwrap_or_default()
    }

    /// Whether this server sends mail.
    pub fn sends_mail(&self) -> bool {
        self.settings().mail
    }

    /// The visitor's time zone: that of their device, else that of the site.
    pub fn zone_of(&self, opening: &Opening) -> String {
        opening.time_zone.clone().unwrap_or_else(|| {
            let live = self.live();
            let site = live.catalog.site(&opening.site);
            site.map_or_else(|| "UTC".to_owned(), |site| site.time_zone.clone())
        })
    }

    /// A mail did not arrive: whoever has the conversation sees it. Telling it twice is telling it once.
    ///
    /// # Errors
    /// What the store says.
    pub async fn mail_failed(
        &self,
        id: ConversationId,
        mail: Seq,
        status: String,
        to: String,
    ) -> Result<(), EngineError> {
        self.run(id, None, move |step| {
            // One that was left in another conversation stays there: it goes with that one.
            let own = step.state.mail_address().is_some();
            let to = if own { to } else { String::new() };
            let failed = DeskCommand::MailFailed { mail, status, to };
            match step.decide(Command::Desk(failed)) {
                Ok(_) | Err(Refusal::Nothing) => Ok(()),
                Err(other) => Err(other),
            }
        })
        .await
    }
}

impl VisitorDoor {
    /// Wants the conversation by mail, or the receipt of a case; `to`: at this address, which is left in the conversation with it. `may`: asked once, for
    /// a mail that nothing else stands against.
    ///
    /// # Errors
    /// `NoAddress` where no mail address was left or this server sends no mail, `BadAddress` where `to` is none, `NoPromise` for a case that there is not, `TooManyMails` where this
    /// session has asked for enough or `may` says no.
    pub async fn ask_mail(
        &self,
        client_id: ClientId,
        case: Option<String>,
        to: Option<String>,
        may: impl FnOnce() -> bool + Send + 'static,
    ) -> Result<Seq, EngineError> {
        let act = client_id.clone();
        let halves = self.shows_halves();
        let reached = self.engine().reaches(self.id()).await?;
        self.act(&act, move |step| {
            if !step.engine.settings().mail {
                return Err(Refusal::NoAddress);
            }
            let ask = DeskCommand::AskMail {
                client_id,
                case,
                to,
                halves,
                reached,
            };
            let asked = step.decide(Command::Desk(ask))?;
            may().then_some(asked).ok_or(Refusal::TooManyMails)
        })
        .await
    }
}
