//! The doors: what a visitor may do, and what an agent may do. Whoever holds a door can call nothing else.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::card::card;
use super::hub::{Ear, Heard, Writer};
use super::led::Led;
use super::{Engine, EngineError, bot, mask, routing};
use crate::conversation::{Closer, Command, Event, Opening, PromiseKind, Refusal, State};
use crate::ids::{
    AgentId, ClientId, ConversationId, Follows, Lang, Outcome, Seq, Style, Utterance,
};
use crate::protocol::agent::{Card, DeskView, Person};
use crate::protocol::{PAGE_MAX_EVENTS, RESUME_MAX_EVENTS};

/// A client's position and what it will hear from there on.
pub struct Watched {
    /// The state when it was opened, reduced to its last event.
    pub seq: Seq,
    /// Whether `events` are exactly what was missed; else they are the newest page.
    pub recovered: bool,
    /// What was missed, or the newest page, in order.
    pub events: Vec<Event>,
    /// Whether there are older events than these.
    pub older: bool,
}

impl Engine {
    /// What a client missed after `after`, or the newest page; nothing from before `floor`. The caller listens already, so nothing falls between.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn catch_up(
        &self,
        id: ConversationId,
        after: Option<Seq>,
        floor: Seq,
    ) -> Result<Watched, EngineError> {
        // A look waits for the commands before it, so `seq` is never behind what was published.
        let seq = self.look(id, |state| state.seq).await?;
        let missed = after
            .filter(|after| *after <= seq && after.next() >= floor)
            .map(|after| seq.0 - after.0);
        match (after, missed) {
            (Some(after), Some(missed)) if missed <= RESUME_MAX_EVENTS as u64 => {
                let events = self
                    .store()
                    .read(id, after, RESUME_MAX_EVENTS)
                    .await
                    .map_err(EngineError::Store)?;
                Ok(Watched {
                    seq,
                    recovered: true,
                    events,
                    older: after.next() > floor.max(Seq(1)),
                })
            }
            _ => {
                let mut events = self
                    .store()
                    .read_last(id, PAGE_MAX_EVENTS)
                    .await
                    .map_err(EngineError::Store)?;
                let whole = events.first().is_none_or(|first| first.seq <= Seq(1));
                let older = (events.first()).is_some_and(|first| first.seq > floor.max(Seq(1)));
                events.retain(|event| event.seq >= floor);
                Ok(Watched {
                    seq,
                    recovered: after.is_none_or(|after| after == Seq::ZERO)
                        && whole
                        && floor <= Seq(1),
                    events,
                    older,
                })
            }
        }
    }

    /// The page of events before `before` and not before `floor`, in order, and whether there are older ones still.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn older(
        &self,
        id: ConversationId,
        before: Seq,
        floor: Seq,
    ) -> Result<(Vec<Event>, bool), EngineError> {
        let (last, lowest) = (before.0.saturating_sub(1), floor.0.saturating_sub(1));
        let after = last.saturating_sub(PAGE_MAX_EVENTS as u64).max(lowest);
        let limit = usize::try_from(last.saturating_sub(after)).unwrap_or(PAGE_MAX_EVENTS);
        if limit == 0 {
            return Ok((Vec::new(), false));
        }
        let events = self
            .store()
            .read(id, Seq(after), limit)
            .await
            .map_err(EngineError::Store)?;
        Ok((events, after > lowest))
    }

    /// The event whose buttons can be tapped now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn choices_event(&self, id: ConversationId) -> Result<Option<Seq>, EngineError> {
        self.look(id, |state| state.choices.as_ref().map(|(seq, _)| *seq))
            .await
    }

    /// Whether nothing is left for the bot to answer.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_answered(&self, id: ConversationId) -> Result<bool, EngineError> {
        self.look(id, |state| {
            !matches!(state.owner, crate::conversation::Owner::Bot)
                || (state.unanswered.is_empty() && state.call.is_none())
        })
        .await
    }

    /// The event of an act that was made so long ago that the state has forgotten it.
    pub(super) async fn long_done(
        &self,
        id: ConversationId,
        act: &ClientId,
    ) -> Result<Option<Seq>, EngineError> {
        if !self
            .look(id, |state| state.acts.may_have_forgotten(act))
            .await?
        {
            return Ok(None);
        }
        self.store()
            .find_act(id, act)
            .await
            .map_err(EngineError::Store)
    }

    /// Whether a conversation has begun.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn exists(&self, id: ConversationId) -> Result<bool, EngineError> {
        self.look(id, |state| state.seq > Seq::ZERO).await
    }
}

/// A repeated act is done, not refused.
fn once(result: Result<Seq, Refusal>) -> Result<Seq, Refusal> {
    match result {
        Err(Refusal::Duplicate(seq)) => Ok(seq),
        other => other,
    }
}

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
        let text = masked(text);
        self.act(&client_id.clone(), move |step| {
            let seq = step.decide(Command::Say { client_id, text })?;
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

/// What an agent may do.
#[derive(Clone)]
pub struct AgentDoor {
    pub(super) engine: Engine,
    pub(super) me: Arc<Person>,
}

impl AgentDoor {
    /// The door of a person who has signed in.
    pub fn new(engine: Engine, me: Person) -> Self {
        Self {
            engine,
            me: Arc::new(me),
        }
    }

    /// Who it is.
    pub fn me(&self) -> &Person {
        &self.me
    }

    /// The engine, for reading along.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// An ear of one's own.
    pub fn ear(&self) -> (Ear, mpsc::Receiver<Heard>) {
        self.engine.hub().ear()
    }

    pub(super) async fn act(
        &self,
        id: ConversationId,
        client_id: &ClientId,
        work: impl FnOnce(&mut super::conversations::Step<'_>, AgentId, String) -> Result<Seq, Refusal>
        + Send
        + 'static,
    ) -> Result<Seq, EngineError> {
        if !self.engine.exists(id).await? {
            return Err(EngineError::NotFound);
        }
        if let Some(seq) = self.engine.long_done(id, client_id).await? {
            return Ok(seq);
        }
        let me = Arc::clone(&self.me);
        self.engine
            .run(id, None, move |step| {
                once(work(step, me.id, me.name.clone()))
            })
            .await
    }

    /// Takes a conversation: one of many racing agents wins.
    ///
    /// # Errors
    /// `NotOwner` when a colleague has it, `NotQueued` or `Closed` when there is nothing to take.
    pub async fn claim(
        &self,
        id: ConversationId,
        client_id: ClientId,
        seen: Seq,
    ) -> Result<Seq, EngineError> {
        self.act(id, &client_id.clone(), move |step, agent, name| {
            step.decide(Command::Claim {
                client_id,
                agent,
                name,
                seen,
            })
        })
        .await
    }

    /// Writes to the visitor. What they wrote behind `seen` stays unanswered; without it everything is answered.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation.
    pub async fn reply(
        &self,
        id: ConversationId,
        client_id: ClientId,
        text: &Utterance,
        seen: Option<Seq>,
    ) -> Result<Seq, EngineError> {
        let text = masked(text);
        self.act(id, &client_id.clone(), move |step, agent, name| {
            step.decide(Command::Reply {
                client_id,
                agent,
                name,
                text,
                seen,
            })
        })
        .await
    }

    /// Leaves a note.
    ///
    /// # Errors
    /// What the store says.
    pub async fn note(
        &self,
        id: ConversationId,
        client_id: ClientId,
        text: &Utterance,
    ) -> Result<Seq, EngineError> {
        let text = masked(text);
        let shown = text.clone();
        let noted = self
            .act(id, &client_id.clone(), move |step, agent, name| {
                step.decide(Command::Note {
                    client_id,
                    agent,
                    name,
                    text,
                })
            })
            .await?;
        self.tell_named(id, shown.as_str());
        Ok(noted)
    }

    /// Gives it back to the bot, which answers what is unanswered.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation.
    pub async fn give_back(
        &self,
        id: ConversationId,
        client_id: ClientId,
    ) -> Result<Seq, EngineError> {
        self.act(id, &client_id.clone(), move |step, agent, _| {
            let seq = step.decide(Command::Return { client_id, agent })?;
            bot::take_back(step)?;
            Ok(seq)
        })
        .await
    }

    /// Puts it back at the head of the queue.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation.
    pub async fn put_back(
        &self,
        id: ConversationId,
        client_id: ClientId,
    ) -> Result<Seq, EngineError> {
        self.act(id, &client_id.clone(), move |step, agent, _| {
            step.decide(Command::Release {
                client_id: Some(client_id),
                agent,
                cause: crate::conversation::ReleaseCause::PutBack,
            })
        })
        .await
    }

    /// Closes it.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation, `Stale` when the visitor wrote behind `seen`, `Forbidden` for an outcome that an agent
    /// cannot give.
    pub async fn close(
        &self,
        id: ConversationId,
        client_id: ClientId,
        outcome: Outcome,
        seen: Seq,
        wrap_up: Option<String>,
    ) -> Result<Seq, EngineError> {
        match outcome {
            Outcome::ResolvedByAgent | Outcome::Unresolved | Outcome::Referred => {}
            Outcome::ResolvedByBot
            | Outcome::Abandoned
            | Outcome::Expired
            | Outcome::LeftMessage => {
                return Err(EngineError::Forbidden);
            }
        }
        self.act(id, &client_id.clone(), move |step, agent, _| {
            let by = Closer::Agent { agent };
            let (question, because) = bot::closing_question(step, &by, Some(outcome));
            step.decide(Command::Close {
                client_id: Some(client_id),
                by,
                outcome: Some(outcome),
                question,
                because,
                seen: Some(seen),
                wrap_up,
            })
        })
        .await
    }

    /// Is writing to the visitor; only who has the conversation is seen writing.
    pub async fn typing(&self, id: ConversationId) {
        let me = Some(self.me.id);
        if !self
            .engine
            .look(id, |state| state.agent() == me)
            .await
            .unwrap_or(false)
        {
            return;
        }
        self.engine
            .hub()
            .publish(id, &Heard::Typing(id, Writer::Agent(self.me.name.clone())));
    }

    /// The desk in this person's language, without what is not for them.
    pub fn worded(&self, mut desk: DeskView) -> DeskView {
        // Reviews are for those who decide over them.
        if !self.leads() {
            desk.messages.retain(|item| {
                let promise = item.promise.as_ref();
                promise.is_none_or(|promise| promise.kind != PromiseKind::Appeal)
            });
        }
        self.engine.word_desk(&mut desk, &self.me.lang);
        desk
    }

    /// The card of a conversation.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn card(&self, id: ConversationId) -> Result<Card, EngineError> {
        let live = self.engine.live();
        let lang = &self.me.lang;
        let (mut card, opening) = (self.engine)
            .look(id, |state: &State| {
                let opening = (state.session.as_ref()).map(|session| session.opening.clone());
                (card(state, &live.catalog, lang), opening)
            })
            .await?;
        card.related = self.related(id, &mut card.promises).await?;
        if let Some(opening) = opening {
            self.engine.tell_hours(&mut card.promises, &opening, lang);
        }
        Ok(card)
    }
}

/// Cards and IBANs never reach an event.
pub(super) fn masked(text: &Utterance) -> Utterance {
    mask(text.as_str())
        .parse()
        .unwrap_or_else(|_impossible| text.clone())
}
