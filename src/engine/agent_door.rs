//! The agent's door: what an agent may do. Whoever holds it can call nothing else.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::card::card;
use super::doors::{masked, once};
use super::hub::{Ear, Heard, Writer};
use super::{Engine, EngineError, bot};
use crate::conversation::{Closer, Command, PromiseKind, Refusal, State};
use crate::ids::{AgentId, ClientId, ConversationId, Outcome, Seq, Utterance};
use crate::protocol::agent::{Card, DeskView, Person};

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
        let (now, limits) = (self.engine.now(), self.engine.settings().limits);
        let (mut card, opening) = (self.engine)
            .look(id, |state: &State| {
                let opening = (state.session.as_ref()).map(|session| session.opening.clone());
                (card(state, &live.catalog, lang, (now, &limits)), opening)
            })
            .await?;
        card.related = self.related(id, &mut card.promises).await?;
        if let Some(opening) = opening {
            self.engine.tell_hours(&mut card.promises, &opening, lang);
        }
        Ok(card)
    }
}
