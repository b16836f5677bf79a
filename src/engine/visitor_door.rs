//! The visitor's door: what a visitor may do. Whoever holds it can call nothing else.

use super::doors::{masked, once};
use super::hub::{Heard, Writer};
use super::led::Led;
use super::reading_on::Watched;
use super::{Engine, EngineError, bot, routing};
use crate::conversation::{Closer, Command, Event, Opening, Refusal, State};
use crate::dialogue;
use crate::ids::{ClientId, ConversationId, Follows, Lang, Seq, Style, Utterance};

/// What a visitor may do in their conversation.
#[derive(Clone)]
pub struct VisitorDoor {
    engine: Engine,
    led: Led,
    opening: Opening,
    /// Whether they may read what was said in conversations that go on here.
    halves: bool,
}

impl VisitorDoor {
    /// The door to one conversation. Whoever makes it has seen the visitor's token.
    pub fn new(engine: Engine, id: ConversationId, opening: Opening) -> Self {
        let led = Led::at(id);
        Self {
            engine,
            led,
            opening,
            halves: true,
        }
    }

    /// The door to the conversation in which that of a token goes on, as far as whoever holds it is led there; else it is the door to their own, in
    /// which nothing can be done meanwhile.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn led(
        engine: Engine,
        own: ConversationId,
        opening: Opening,
        follows: Follows,
    ) -> Result<Self, EngineError> {
        let led = engine.led(own, follows).await?;
        Ok(Self {
            engine,
            led,
            opening,
            halves: matches!(follows, Follows::Always),
        })
    }

    /// Whether they may read what was said in conversations that go on here: whoever came by a link from a mail has shown nothing.
    pub(super) fn shows_halves(&self) -> bool {
        self.halves
    }

    /// How its visitor came here.
    pub fn way(&self) -> &Led {
        &self.led
    }

    /// Where an act was done already: on the way here, or where its visitor was led before.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn did_before(
        &self,
        act: &ClientId,
    ) -> Result<Option<(ConversationId, Seq)>, EngineError> {
        self.engine.did_before(&self.led, act).await
    }

    /// What a client missed after `after`, or the newest page: of what is theirs.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn catch_up(&self, after: Option<Seq>) -> Result<Watched, EngineError> {
        let (id, floor) = (self.id(), self.led.floor());
        self.engine.catch_up(id, after, floor).await
    }

    /// The conversation.
    pub fn id(&self) -> ConversationId {
        self.led.here()
    }

    /// Where and how the visitor comes.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The engine, for reading along.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) async fn act(
        &self,
        client_id: &ClientId,
        work: impl FnOnce(&mut super::conversations::Step<'_>) -> Result<Seq, Refusal> + Send + 'static,
    ) -> Result<Seq, EngineError> {
        // Its ack was lost on the way here.
        if self.did_before(client_id).await?.is_some() {
            return Ok(Seq::ZERO);
        }
        if let Some(seq) = self.engine.long_done(self.id(), client_id).await? {
            return Ok(seq);
        }
        if let Err(error) = self.engine.recall(self.id()).await {
            tracing::warn!(conversation = %self.id(), %error, "what was kept elsewhere is not known");
        }
        let led = self.led.clone();
        self.engine
            .run(self.id(), Some(self.opening.clone()), move |step| {
                led.holds(step.state, step.now, &step.engine.settings().limits)?;
                once(work(step))
            })
            .await
    }

    /// Writes. Gives the number of the event once it is durable; the same id gives the same number.
    ///
    /// # Errors
    /// `IdReused`, or what the store says.
    pub async fn say(&self, client_id: ClientId, text: &Utterance) -> Result<Seq, EngineError> {
        let (id, text) = (self.id(), masked(text));
        self.act(&client_id.clone(), move |step| {
            let asks_for_us = dialogue::asks_for_anybody(text.as_str());
            let seq = step.decide(Command::Say { client_id, text })?;
            if asks_for_us {
                bot::tell_still_queued(step, id)?;
            }
            bot::answer_at_once(step)?;
            Ok(seq)
        })
        .await
    }

    /// Taps a button.
    ///
    /// # Errors
    /// `NoSuchChoice` for a button that is gone.
    pub async fn choose(
        &self,
        client_id: ClientId,
        of: Seq,
        option: u32,
    ) -> Result<Seq, EngineError> {
        self.act(&client_id.clone(), move |step| {
            let seq = step.decide(Command::Choose {
                client_id,
                of,
                option,
            })?;
            let target = step.chosen();
            if let Some(target) = target
                && routing::answer_to_long_wait(step, &target)?.is_some()
            {
                return Ok(seq);
            }
            // A tap is a whole turn: nobody taps half a sentence.
            bot::answer_now(step)?;
            Ok(seq)
        })
        .await
    }

    /// Asks for a person.
    ///
    /// # Errors
    /// What the store says.
    pub async fn ask_person(&self, client_id: ClientId) -> Result<Seq, EngineError> {
        self.act(&client_id.clone(), move |step| {
            let title = bot::person_title(step);
            let seq = step.decide(Command::AskPerson { client_id, title })?;
            bot::answer_now(step)?;
            Ok(seq)
        })
        .await
    }

    /// Sets style or language.
    ///
    /// # Errors
    /// `Closed` without an open session: the next one opens with what `hello` said.
    pub async fn set(
        &self,
        client_id: ClientId,
        style: Option<Style>,
        lang: Option<Lang>,
    ) -> Result<Seq, EngineError> {
        self.act(&client_id.clone(), move |step| {
            match step.decide(Command::Set {
                client_id,
                style,
                lang,
            }) {
                Err(Refusal::Nothing) => Ok(Seq::ZERO),
                other => other,
            }
        })
        .await
    }

    /// Rather leaves a message than waits.
    ///
    /// # Errors
    /// `NotQueued` when it does not wait.
    pub async fn leave_message(&self, client_id: ClientId) -> Result<Seq, EngineError> {
        self.act(&client_id.clone(), move |step| {
            bot::leave_message(step, client_id)
        })
        .await
    }

    /// The page of events before `before`, and whether there are older ones still.
    ///
    /// # Errors
    /// `Merged` where its visitor is led here no longer, or what the store says.
    pub async fn older(&self, before: Seq) -> Result<(Vec<Event>, bool), EngineError> {
        self.is_here().await?;
        let (id, floor) = (self.id(), self.led.floor());
        self.engine.older(id, before, floor).await
    }

    /// Ends the session.
    ///
    /// # Errors
    /// `Closed` when it is over already.
    pub async fn end(&self, client_id: ClientId) -> Result<Seq, EngineError> {
        self.act(&client_id.clone(), move |step| {
            let (question, because) = bot::closing_question(step, &Closer::Visitor, None);
            step.decide(Command::Close {
                client_id: Some(client_id),
                by: Closer::Visitor,
                outcome: None,
                question,
                because,
                seen: None,
                wrap_up: None,
            })
        })
        .await
    }

    /// Answers the question of the closing card.
    ///
    /// # Errors
    /// `NoQuestion` when none is open.
    pub async fn rate(
        &self,
        client_id: ClientId,
        tap: Option<u32>,
        line: Option<&Utterance>,
    ) -> Result<Seq, EngineError> {
        let line = line.map(masked);
        self.act(&client_id.clone(), move |step| {
            let bot::Opinion { kind, reply, case } = bot::hear_opinion(step, tap, line.as_ref());
            step.decide(Command::Rate {
                client_id,
                tap,
                line,
                kind,
                reply,
                case,
            })
        })
        .await
    }

    /// "Not now".
    ///
    /// # Errors
    /// `NoQuestion` when none is open.
    pub async fn skip_rating(&self, client_id: ClientId) -> Result<Seq, EngineError> {
        self.act(&client_id.clone(), move |step| {
            step.decide(Command::MissRating {
                client_id: Some(client_id),
                declined: true,
            })
        })
        .await
    }

    async fn is_here(&self) -> Result<(), EngineError> {
        let (now, limits) = (self.engine.now(), self.engine.settings().limits);
        let holds = |state: &State| self.led.holds(state, now, &limits);
        Ok(self.engine.look(self.id(), holds).await??)
    }

    /// Is writing.
    pub async fn typing(&self) {
        if self.is_here().await.is_err() {
            return;
        }
        self.engine
            .conversations()
            .slot(self.id())
            .set_typing(self.engine.now());
        self.engine
            .hub()
            .publish(self.id(), &Heard::Typing(self.id(), Writer::Visitor));
    }

    /// Style and language in force, once a session has begun.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn manner(&self) -> Result<(Lang, Style, bool), EngineError> {
        let opening = self.opening.clone();
        self.engine
            .look(self.id(), move |state| match &state.session {
                Some(session) if state.is_open() => {
                    (session.opening.lang.clone(), session.opening.style, true)
                }
                Some(_) | None => (opening.lang, opening.style, false),
            })
            .await
    }
}
