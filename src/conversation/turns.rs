//! Whose turn it is in a merge or its undoing: the one table of it, for the engine and for the tests that cut it off anywhere.

use super::desk_command::DeskCommand;
use super::merge::{GivenBack, HandedOver, MergeStep, Parting};
use super::state::State;
use crate::ids::{ConversationId, Lang};

/// What the visitor is told with a step, in the conversation that ends and in the other one.
#[derive(Debug, Clone)]
pub struct Says {
    /// In the one that ends.
    pub from: (String, Lang),
    /// In the other one.
    pub into: (String, Lang),
}

/// Whose turn it is in a merge or its undoing, and with what.
#[derive(Debug, Clone)]
pub enum Turn {
    /// The conversation that ends, or that goes its own way again.
    From(DeskCommand),
    /// The other one.
    Into(DeskCommand),
}

/// What comes next in what was begun between `id`, whose state is `from`, and `other`; nothing where nothing is under way between them. `into`: the
/// other one's state, nothing where it is damaged. Each turn is one append, and what is known after any of them says which one follows. A turn of the
/// other one that is refused is called off with [`DeskCommand::CallOff`].
pub fn next_turn(
    id: ConversationId,
    from: &State,
    (other, into): (ConversationId, Option<&State>),
    says: Says,
) -> Option<Turn> {
    let merge = from.merge.as_ref().filter(|merge| merge.into == other)?;
    let joined = into.and_then(|state| {
        let mut joined = state.joined.iter();
        joined.find(|one| one.from == id && one.of == merge.of)
    });
    let why = match merge.step {
        MergeStep::Done => return None,
        MergeStep::Begun => {
            let (owed, unanswered) = from.hand_over();
            let name = merge.name.clone();
            return Some(match (into, joined) {
                (None, _) => Turn::From(DeskCommand::CallOff),
                (Some(_), Some(_)) => Turn::From(DeskCommand::Merged {
                    name,
                    says: says.from,
                }),
                (Some(_), None) => Turn::Into(DeskCommand::TakeIn {
                    from: id,
                    of: merge.of,
                    agent: merge.agent,
                    name,
                    owed,
                    unanswered,
                    says: says.into,
                }),
            });
        }
        MergeStep::Undoing(agent) => Parting::Undone {
            agent,
            name: merge.name.clone(),
        },
        MergeStep::Parting => Parting::Over,
    };
    let back = match joined {
        Some(joined) => (joined.back.clone()).map(|back| (back, why == Parting::Over)),
        // Nobody can tell what became of it there: all of it is owed here again, and somebody has to look after it.
        None => Some((from.all_of_it(), false)),
    };
    Some(match back {
        Some((back, over)) => Turn::From(DeskCommand::Unmerged {
            back,
            over,
            says: says.from,
        }),
        None => Turn::Into(DeskCommand::GiveBack {
            from: id,
            of: merge.of,
            why,
            says: says.into,
        }),
    })
}

impl State {
    /// Everything that went, as if nothing had become of it.
    fn all_of_it(&self) -> GivenBack {
        let was = self.merge.iter().filter_map(|merge| merge.was.as_ref());
        let owed = was.flat_map(|was| was.promises.iter().map(HandedOver::of));
        GivenBack {
            owed: owed.collect(),
            ..GivenBack::default()
        }
    }
}
