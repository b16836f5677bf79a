//! Files through the doors: the bytes are kept before anything comes here, so that an event never tells of a file that is not there.

use super::agent_door::AgentDoor;
use super::visitor_door::VisitorDoor;
use super::{Engine, EngineError, bot, mask};
use crate::conversation::{AbuseLevel, Attached, Command, DeskCommand, Refusal, State};
use crate::ids::{ClientId, ConversationId, FileId, Seq};

impl Engine {
    /// The event with which a file was sent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn file_sent_at(
        &self,
        id: ConversationId,
        file: FileId,
    ) -> Result<Option<Seq>, EngineError> {
        let sent = |state: &State| {
            let mut files = state.files.iter();
            files.find(|(one, _)| *one == file).map(|(_, seq)| *seq)
        };
        self.look(id, sent).await
    }
}

impl VisitorDoor {
    /// Whether a file would be taken now: asked before its bytes are.
    ///
    /// # Errors
    /// `Blocked`, `TooManyFiles`, or what the store says.
    pub async fn may_send(&self) -> Result<(), EngineError> {
        let most = self.engine().settings().limits.files;
        let may = self.engine().look(self.id(), move |state| {
            if state.abuse == Some(AbuseLevel::Blocked) {
                return Err(Refusal::Blocked);
            }
            room(state, most)
        });
        Ok(may.await??)
    }

    /// Sends a file that is kept already. The bot, where it has the conversation, says that it cannot see it.
    ///
    /// # Errors
    /// `Blocked`, `TooManyFiles`, `IdReused`, or what the store says.
    pub async fn send_file(
        &self,
        client_id: ClientId,
        file: Attached,
        name: &str,
    ) -> Result<Seq, EngineError> {
        let name = mask(name);
        self.act(&client_id.clone(), move |step| {
            let seq = step.decide(Command::Desk(DeskCommand::VisitorSends {
                client_id,
                file,
                name,
            }))?;
            bot::answer_at_once(step)?;
            Ok(seq)
        })
        .await
    }
}

impl AgentDoor {
    /// Whether a file of this agent would be taken now: asked before its bytes are.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation, `TooManyFiles`, or what the store says.
    pub async fn may_send(&self, id: ConversationId) -> Result<(), EngineError> {
        let most = self.engine().settings().limits.files;
        let me = self.me().id;
        let may = self.engine().look(id, move |state| {
            if state.agent() != Some(me) {
                return Err(Refusal::NotOwner);
            }
            room(state, most)
        });
        Ok(may.await??)
    }

    /// Sends a file that is kept already.
    ///
    /// # Errors
    /// `NotOwner` for somebody else's conversation, `TooManyFiles`, `IdReused`, or what the store says.
    pub async fn send_file(
        &self,
        id: ConversationId,
        client_id: ClientId,
        file: Attached,
        name: &str,
    ) -> Result<Seq, EngineError> {
        let name = mask(name);
        self.act(id, &client_id.clone(), move |step, agent, agent_name| {
            step.decide(Command::Desk(DeskCommand::AgentSends {
                client_id,
                agent,
                agent_name,
                file,
                name,
            }))
        })
        .await
    }
}

fn room(state: &State, most: usize) -> Result<(), Refusal> {
    if state.files.len() < most {
        Ok(())
    } else {
        Err(Refusal::TooManyFiles)
    }
}
