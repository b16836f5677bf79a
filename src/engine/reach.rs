//! How a visitor can be reached outside the chat: address, language and whether they are here; what they ask for by mail, and what did not arrive.

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
        let joined = |state: &State| {
            let joined = state.joined.iter().rev().filter(|one| one.back.is_none());
            joined.map(|one| (one.from, one.floor)).collect::<Vec<_>>()
        };
        let found = self.look(id, |state| {
            let reach = state.session.as_ref().map(|session| Reach {
                mail: state.mail_address().map(str::to_owned),
                floor: Seq::ZERO,
                opening: session.opening.clone(),
                visitor_seq: state.visitor_seq,
                promises: state.promises.clone(),
            });
            (reach, joined(state))
        });
        let (mut reach, joined) = found.await?;
        if let Some(reach) = reach.as_mut().filter(|reach| reach.mail.is_none()) {
            // An address that they left in a conversation that goes on here, and that was proven there to be theirs.
            for (from, floor) in joined {
                let left = |state: &State| {
                    let mail = state.mail_address()?.to_lowercase();
                    let proven = state.proofs_at(state.merge.as_ref()?.at);
                    let proven = proven.contains(&Proof::Mail(mail));
                    proven.then(|| state.mail_address().map(str::to_owned))?
                };
                reach.mail = self.look(from, left).await?;
                if reach.mail.is_some() {
                    reach.floor = floor;
                    break;
                }
            }
        }
        Ok(reach)
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
        let mut last = home;
        for _ in 0..FAR {
            let Some(later) = self.look(last, |state| state.handed_to(number)).await? else {
                break;
            };
            let of_case = |event: &Event| event.body.case() == Some(number);
            events.extend(self.whole(later).await?.into_iter().filter(of_case));
            last = later;
        }
        let case = Case::of(&events, number).ok_or(EngineError::NotFound)?;
        Ok((case, reach.opening))
    }

    /// The conversation in which a case number was given: this one, or one that goes on here.
    async fn home_of(
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
        self.act(&act, move |step| {
            if !step.engine.settings().mail {
                return Err(Refusal::NoAddress);
            }
            let asked = step.decide(Command::Desk(DeskCommand::AskMail {
                client_id,
                case,
                to,
                halves,
            }))?;
            may().then_some(asked).ok_or(Refusal::TooManyMails)
        })
        .await
    }
}
