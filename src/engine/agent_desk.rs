//! What agents and leads do with a conversation beyond taking, writing and closing: hand it over, put it aside, promise.

use super::agent_door::AgentDoor;
use super::doors::masked;
use super::{EngineError, bot, fresh};
use crate::conversation::{
    AbuseLevel, Command, DeskCommand, OfferEnd, Promise, PromiseKind, Receiver, Refusal,
};
use crate::ids::{
    AgentId, ClientId, ConversationId, HandoffReason, Priority, Role, Seq, TeamId, Timestamp,
    Utterance,
};

impl AgentDoor {
    async fn desk_act(
        &self,
        id: ConversationId,
        client_id: &ClientId,
        command: impl FnOnce(AgentId, String) -> DeskCommand + Send + 'static,
    ) -> Result<Seq, EngineError> {
        self.act(id, client_id, move |step, agent, name| {
            match step.decide(Command::Desk(command(agent, name))) {
                // It is so already.
                Err(Refusal::Nothing) => Ok(Seq::ZERO),
                other => other,
            }
        })
        .await
    }

    /// Lets an offer pass.
    ///
    /// # Errors
    /// `NotQueued` when it does not stand (any more).
    pub async fn decline(
        &self,
        id: ConversationId,
        client_id: ClientId,
    ) -> Result<Seq, EngineError> {
        self.desk_act(id, &client_id.clone(), |agent, _| DeskCommand::EndOffer {
            client_id: Some(client_id),
            agent,
            cause: OfferEnd::Declined,
        })
        .await
    }

    /// Hands it to a team, or asks a colleague.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation (a lead may), `NoteNeeded` without a note, `NotFound` for a team that there is not or a
    /// colleague who takes nothing now.
    pub async fn transfer(
        &self,
        id: ConversationId,
        client_id: ClientId,
        team: TeamId,
        colleague: Option<AgentId>,
        note: Option<&Utterance>,
    ) -> Result<Seq, EngineError> {
        let engine = self.engine();
        let rules = engine
            .live()
            .catalog
            .teams
            .get(&team)
            .map(|team| team.routing)
            .ok_or(EngineError::NotFound)?;
        let colleague = match colleague {
            None => None,
            Some(agent) => {
                let name = engine.takes_transfers(agent).ok_or(EngineError::NotFound)?;
                let until = engine.now().plus(i64::from(rules.offer_seconds) * 1_000);
                Some((agent, name, until))
            }
        };
        let lead = self.leads();
        let to = Receiver { team, colleague };
        let note = note.map(masked);
        self.desk_act(id, &client_id.clone(), move |agent, name| {
            DeskCommand::Transfer {
                client_id,
                agent,
                name,
                lead,
                to,
                note,
            }
        })
        .await
    }

    /// Puts it aside.
    ///
    /// # Errors
    /// `NotOwner`, `BadTime`, `Stale` while the visitor waits for a reply.
    pub async fn snooze(
        &self,
        id: ConversationId,
        client_id: ClientId,
        until: Timestamp,
    ) -> Result<Seq, EngineError> {
        self.desk_act(id, &client_id.clone(), move |agent, _| {
            DeskCommand::Snooze {
                client_id,
                agent,
                until,
            }
        })
        .await
    }

    /// Takes up again what was put aside.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation.
    pub async fn wake(&self, id: ConversationId, client_id: ClientId) -> Result<Seq, EngineError> {
        self.desk_act(id, &client_id.clone(), |agent, _| DeskCommand::Wake {
            client_id: Some(client_id),
            agent,
        })
        .await
    }

    /// Changes its place before age.
    ///
    /// # Errors
    /// `NotQueued` where it has no place in the queue.
    pub async fn prioritise(
        &self,
        id: ConversationId,
        client_id: ClientId,
        priority: Priority,
    ) -> Result<Seq, EngineError> {
        self.desk_act(id, &client_id.clone(), move |agent, _| {
            DeskCommand::Prioritise {
                client_id,
                agent,
                priority,
            }
        })
        .await
    }

    /// Promises something until a time.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation, `BadTime`.
    pub async fn promise(
        &self,
        id: ConversationId,
        client_id: ClientId,
        what: &Utterance,
        by: Timestamp,
    ) -> Result<Seq, EngineError> {
        let what = masked(what);
        let made_at = self.engine().now();
        self.act(id, &client_id.clone(), move |step, agent, _| {
            let place = step.state.place().ok_or(Refusal::NotOwner)?;
            let promise = Promise {
                case: fresh::case_number(),
                team: place.team.clone(),
                reason: HandoffReason::AgentTakeover,
                priority: place.priority,
                made_at,
                by,
                kind: PromiseKind::Agent,
                agent: Some(agent),
            };
            step.decide(Command::Desk(DeskCommand::Promise {
                client_id,
                promise,
                what,
            }))
        })
        .await
    }

    /// Says that a promise is kept.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation.
    pub async fn keep_promise(
        &self,
        id: ConversationId,
        client_id: &ClientId,
        case: String,
    ) -> Result<Seq, EngineError> {
        self.desk_act(id, client_id, |agent, _| DeskCommand::KeepPromise {
            agent,
            case,
        })
        .await
    }

    /// Gives a promise another time.
    ///
    /// # Errors
    /// `NotOwner`, `NoPromise`, `BadTime`.
    pub async fn move_promise(
        &self,
        id: ConversationId,
        client_id: ClientId,
        case: String,
        by: Timestamp,
    ) -> Result<Seq, EngineError> {
        self.desk_act(id, &client_id.clone(), move |agent, _| {
            DeskCommand::MovePromise {
                client_id,
                agent,
                case,
                by,
            }
        })
        .await
    }

    /// Flags or blocks an abusive visitor, or lifts that. Only a lead blocks, and decides over a block: to block once more while a review is
    /// asked for keeps it. The visitor is told.
    ///
    /// # Errors
    /// `LeadOnly` where an agent does that.
    pub async fn flag(
        &self,
        id: ConversationId,
        client_id: ClientId,
        level: Option<AbuseLevel>,
        reason: &Utterance,
    ) -> Result<Seq, EngineError> {
        let reason = masked(reason);
        let lead = self.leads();
        self.act(id, &client_id.clone(), move |step, agent, name| {
            let (before, reviewed) = (step.state.abuse, step.state.appeal().is_some());
            let flagged = step.decide(Command::Desk(DeskCommand::Flag {
                client_id,
                agent,
                name,
                lead,
                level,
                reason,
            }));
            let seq = match flagged {
                // It is so already.
                Err(Refusal::Nothing) => return Ok(Seq::ZERO),
                other => other?,
            };
            if reviewed {
                bot::tell_reviewed(step)?;
            } else if level == Some(AbuseLevel::Blocked) && before != level {
                bot::tell_blocked(step)?;
            }
            Ok(seq)
        })
        .await
    }

    /// Whether this person may move and judge what colleagues have.
    pub(super) fn leads(&self) -> bool {
        matches!(self.me.role, Role::Lead | Role::Admin)
    }
}
