//! The rules by which two conversations of one person become one, and two again.

use super::super::acts::{self, digest};
use super::super::command::{Fresh, Refusal};
use super::super::desk_command::DeskCommand;
use super::super::event::{Body, Private};
use super::super::limits::Limits;
use super::super::merge::{HandedOver, MergeStep, Parting, in_time, may_go, may_join};
use super::super::state::{Owner, State};
use super::{Log, known, owned_by};

pub(super) fn joins(
    state: &State,
    command: DeskCommand,
    fresh: &Fresh,
    limits: &Limits,
    log: &mut Log,
) -> Result<(), Refusal> {
    match command {
        DeskCommand::Merge {
            client_id,
            agent,
            name,
            into,
            seen,
        } => {
            known(state, &client_id, digest(&acts::merge(into)))?;
            if state.merge.is_some() {
                return Err(Refusal::Merged);
            }
            may_go(state, agent, seen, (fresh.now, limits))?;
            let begun = Body::MergeBegun {
                client_id,
                agent,
                name,
                into,
            };
            log.push(begun, Private::default());
        }
        DeskCommand::TakeIn {
            from,
            of,
            agent,
            name,
            owed,
            unanswered,
            says: (text, lang),
        } => {
            // It may be told again after a kill: what came in with the same event is here already.
            if let Some(here) = state.joined.iter().find(|one| one.from == from)
                && here.of == of
            {
                return Err(Refusal::Duplicate(here.seq));
            }
            match state.owner {
                Owner::Closed { .. } | Owner::Nobody => return Err(Refusal::Closed),
                Owner::Bot | Owner::Queued(_) | Owner::Assigned { .. } => owned_by(state, agent)?,
            }
            may_join(state)?;
            let taken = Body::MergedFrom {
                from,
                of,
                agent,
                name,
                owed,
                unanswered,
                lang,
            };
            log.push(taken, Private::text(text));
        }
        DeskCommand::Merged {
            name,
            says: (text, lang),
        } => {
            let merge = at_step(state, |step| step == MergeStep::Begun)?;
            let into = merge.into;
            log.push(Body::MergedInto { into, name, lang }, Private::text(text));
        }
        DeskCommand::CallOff => {
            let merge = state.merge.as_ref().ok_or(Refusal::Nothing)?;
            let off = match merge.step {
                MergeStep::Begun => Body::Unmerged {
                    from: merge.into,
                    owed: None,
                    answered: false,
                    abuse: None,
                    over: false,
                    lang: state.lang().cloned().unwrap_or_else(crate::ids::Lang::es),
                },
                MergeStep::Undoing(_) | MergeStep::Parting => Body::UnmergeOff,
                MergeStep::Done => return Err(Refusal::Nothing),
            };
            log.push(off, Private::default());
        }
        DeskCommand::Unmerge {
            client_id,
            agent,
            name,
        } => {
            known(state, &client_id, digest(acts::UNMERGE))?;
            let merge = at_step(state, |step| step == MergeStep::Done)?;
            in_time(merge, fresh)?;
            let begun = Body::UnmergeBegun {
                client_id,
                agent,
                name,
            };
            log.push(begun, Private::default());
        }
        DeskCommand::Part => {
            at_step(state, |step| step == MergeStep::Done)?;
            log.push(Body::PartBegun, Private::default());
        }
        DeskCommand::GiveBack {
            from,
            of,
            why,
            says: (text, lang),
        } => {
            let joined = (state.joined.iter())
                .find(|joined| joined.from == from && joined.of == of)
                .ok_or(Refusal::Nothing)?;
            if joined.back.is_some() {
                return Err(Refusal::Duplicate(state.seq));
            }
            let (over, kept) = (
                !matches!(why, Parting::Undone { .. }),
                why == Parting::Alone,
            );
            match &why {
                Parting::Undone { agent, .. } => {
                    // A colleague who has it now decides over it.
                    if state.agent().is_some_and(|owner| owner != *agent) {
                        return Err(Refusal::NotOwner);
                    }
                    if state.owes_behind(joined) {
                        return Err(Refusal::Stale);
                    }
                }
                // The visitor went on with it in the meantime.
                Parting::Over | Parting::Alone if state.leads(from, fresh.now, limits) => {
                    return Err(Refusal::Stale);
                }
                Parting::Over | Parting::Alone => {}
            }
            let name = match why {
                Parting::Undone { name, .. } => name,
                Parting::Over | Parting::Alone => String::new(),
            };
            let owed = (state.promises.iter()).filter(|owed| owed.from == Some(from) && !kept);
            // Whoever closed a session over what was written in it has decided that, here as where it goes back to.
            let back = Body::UnmergedFrom {
                from,
                of,
                name,
                owed: owed.map(HandedOver::of).collect(),
                answered: over || !joined.waits,
                abuse: state.abuse.filter(|level| Some(*level) > joined.abuse),
                over,
                lang,
            };
            let private = if over {
                Private::default()
            } else {
                Private::text(text)
            };
            log.push(back, private);
        }
        DeskCommand::Unmerged {
            back,
            over,
            says: (text, lang),
        } => {
            let undone = |step| matches!(step, MergeStep::Undoing(_) | MergeStep::Parting);
            let merge = at_step(state, undone)?;
            let apart = Body::Unmerged {
                from: merge.into,
                owed: Some(back.owed),
                answered: over || back.answered,
                abuse: back.abuse,
                over,
                lang,
            };
            log.push(apart, Private::text(text));
        }
        // The others are decided elsewhere.
        _ => return Err(Refusal::Nothing),
    }
    Ok(())
}

/// The merge, where it is at this step.
fn at_step(
    state: &State,
    wanted: impl Fn(MergeStep) -> bool,
) -> Result<&super::super::merge::Merge, Refusal> {
    (state.merge.as_ref())
        .filter(|merge| wanted(merge.step))
        .ok_or(Refusal::Nothing)
}
