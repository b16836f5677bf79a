//! Frames that do something with a conversation, to the agent's door.

use super::visitor_socket::unfit;
use crate::engine::{AgentDoor, EngineError};
use crate::ids::{ClientId, Seq, Utterance};
use crate::protocol::ErrorCode;
use crate::protocol::agent::ToServer;

/// What became of an act.
pub(super) enum Done {
    /// Carried out, or refused by the engine.
    Acted(Result<Seq, EngineError>),
    /// Its text is none.
    Unfit(ErrorCode),
    /// Not one of these frames.
    Other(ToServer),
}

/// Carries out a frame of this kind.
pub(super) async fn act(door: &AgentDoor, frame: ToServer) -> Done {
    let text = |text: String| text.parse::<Utterance>().map_err(unfit);
    let result = match frame {
        ToServer::Claim {
            id,
            conversation,
            seen,
        } => door.claim(conversation, id, seen).await,
        ToServer::Reply {
            id,
            conversation,
            text: words,
            seen,
        } => match text(words) {
            Ok(words) => door.reply(conversation, id, &words, seen).await,
            Err(code) => return Done::Unfit(code),
        },
        ToServer::Note {
            id,
            conversation,
            text: words,
        } => match text(words) {
            Ok(words) => door.note(conversation, id, &words).await,
            Err(code) => return Done::Unfit(code),
        },
        ToServer::Return { id, conversation } => door.give_back(conversation, id).await,
        ToServer::PutBack { id, conversation } => door.put_back(conversation, id).await,
        ToServer::Close {
            id,
            conversation,
            outcome,
            seen,
            wrap_up,
        } => door.close(conversation, id, outcome, seen, wrap_up).await,
        ToServer::Decline { id, conversation } => door.decline(conversation, id).await,
        ToServer::Transfer {
            id,
            conversation,
            team,
            colleague,
            note,
        } => match note.filter(|note| !note.trim().is_empty()).map(text) {
            None => door.transfer(conversation, id, team, colleague, None).await,
            Some(Ok(note)) => {
                door.transfer(conversation, id, team, colleague, Some(&note))
                    .await
            }
            Some(Err(code)) => return Done::Unfit(code),
        },
        ToServer::Snooze {
            id,
            conversation,
            until,
        } => door.snooze(conversation, id, until).await,
        ToServer::Wake { id, conversation } => door.wake(conversation, id).await,
        ToServer::Prioritise {
            id,
            conversation,
            priority,
        } => door.prioritise(conversation, id, priority).await,
        ToServer::Promise {
            id,
            conversation,
            what,
            by,
        } => match text(what) {
            Ok(what) => door.promise(conversation, id, &what, by).await,
            Err(code) => return Done::Unfit(code),
        },
        ToServer::KeepPromise {
            id,
            conversation,
            case,
        } => door.keep_promise(conversation, &id, case).await,
        ToServer::MovePromise {
            id,
            conversation,
            case,
            by,
        } => door.move_promise(conversation, id, case, by).await,
        ToServer::Flag {
            id,
            conversation,
            level,
            reason,
        } => match text(reason) {
            Ok(reason) => door.flag(conversation, id, level, &reason).await,
            Err(code) => return Done::Unfit(code),
        },
        ToServer::Merge {
            id,
            conversation,
            into,
            seen,
        } => door.merge(conversation, id, into, seen).await,
        ToServer::Unmerge { id, conversation } => door.unmerge(conversation, id).await,
        other @ (ToServer::Watch { .. }
        | ToServer::Unwatch { .. }
        | ToServer::Older { .. }
        | ToServer::Status { .. }
        | ToServer::Typing { .. }) => return Done::Other(other),
    };
    Done::Acted(result)
}

/// The client's own id of the act, where the frame is one.
pub(super) fn act_id(frame: &ToServer) -> Option<ClientId> {
    match frame {
        ToServer::Watch { .. }
        | ToServer::Older { .. }
        | ToServer::Unwatch { .. }
        | ToServer::Typing { .. } => None,
        ToServer::Claim { id, .. }
        | ToServer::Reply { id, .. }
        | ToServer::Note { id, .. }
        | ToServer::Return { id, .. }
        | ToServer::PutBack { id, .. }
        | ToServer::Close { id, .. }
        | ToServer::Decline { id, .. }
        | ToServer::Transfer { id, .. }
        | ToServer::Snooze { id, .. }
        | ToServer::Wake { id, .. }
        | ToServer::Prioritise { id, .. }
        | ToServer::Promise { id, .. }
        | ToServer::KeepPromise { id, .. }
        | ToServer::MovePromise { id, .. }
        | ToServer::Flag { id, .. }
        | ToServer::Merge { id, .. }
        | ToServer::Unmerge { id, .. }
        | ToServer::Status { id, .. } => Some(id.clone()),
    }
}
