//! The desk acts: it offers what waits, lets void offers go to the next one, asks those who wait long, and takes their message in the end.

use super::Engine;
use super::bot;
use super::conversations::Step;
use crate::conversation::{Command, DeskCommand, OfferEnd, Refusal};
use crate::desk::{Desk, LongWait, Offer};
use crate::ids::{AgentId, AgentStatus, ConversationId, Seq, TeamId, Timestamp};
use crate::topics::{QueueRules, Routing};

impl Engine {
    /// Offers what waits to whoever is free, until nobody or nothing is left.
    pub(super) async fn drain(&self, now: Timestamp) {
        let void = self.inner.desk.read(Desk::void_offers);
        for (conversation, agent) in void {
            self.desk_command(
                conversation,
                DeskCommand::EndOffer {
                    client_id: None,
                    agent,
                    cause: OfferEnd::Gone,
                },
            )
            .await;
        }
        let offers = {
            let live = self.live();
            let rules = |team: &TeamId| routing(&live, team);
            self.inner.desk.with(|desk| desk.offers(rules, now))
        };
        for (conversation, offer) in offers {
            let Offer { agent, name, until } = offer;
            self.desk_command(conversation, DeskCommand::Offer { agent, name, until })
                .await;
        }
    }

    /// Asks those who have waited long, and takes the message of those who have waited too long.
    pub(super) async fn look_after_long_waits(&self, now: Timestamp) {
        let due = {
            let live = self.live();
            let rules = |team: &TeamId| queue_rules(&live, team);
            self.inner.desk.read(|desk| desk.long_waits(rules, now))
        };
        for (conversation, what) in due {
            let result = self
                .run(conversation, None, move |step| {
                    match what {
                        LongWait::Ask => bot::ask_to_wait(step),
                        LongWait::Decide => bot::nobody_came(step),
                    }
                    .map(|()| step.state.seq)
                })
                .await;
            if let Err(error) = result {
                tracing::debug!(%conversation, %error, "somebody who waited long waits no more");
                self.look_again(conversation).await;
            }
        }
    }

    /// When the desk has something to do although nothing happens.
    pub(super) fn next_desk_time(&self, now: Timestamp) -> Option<Timestamp> {
        let live = self.live();
        let grace = self.settings().limits.grace_ms;
        self.inner.desk.read(|desk| {
            [
                desk.next_grace(grace),
                desk.next_offers(|team| routing(&live, team), now),
                desk.next_long_wait(|team| queue_rules(&live, team), now),
            ]
            .into_iter()
            .flatten()
            .min()
        })
    }

    async fn desk_command(&self, conversation: ConversationId, command: DeskCommand) {
        let result = self
            .run(conversation, None, move |step: &mut Step<'_>| {
                step.decide(Command::Desk(command))
            })
            .await;
        if let Err(error) = result {
            // The visitor left, or an agent was faster: the picture is read anew.
            tracing::debug!(%conversation, %error, "the desk was late");
            self.look_again(conversation).await;
        }
    }

    /// The name of a colleague who takes what is handed over now.
    pub(super) fn takes_transfers(&self, agent: AgentId) -> Option<String> {
        self.inner.desk.read(|desk| {
            desk.people()
                .find(|(id, person)| {
                    *id == agent
                        && person.connections > 0
                        && matches!(
                            person.profile.status,
                            AgentStatus::Online | AgentStatus::TransferOnly
                        )
                })
                .map(|(_, person)| person.profile.name.clone())
        })
    }

    /// An offer of this conversation ended.
    pub(super) fn offer_ended(
        &self,
        conversation: ConversationId,
        agent: AgentId,
        cause: OfferEnd,
        now: Timestamp,
    ) {
        self.inner
            .desk
            .with(|desk| desk.passed(conversation, agent, cause == OfferEnd::TimedOut, now));
    }
}

/// The visitor's tap on the question whether they want to go on waiting.
pub(super) fn answer_to_long_wait(
    step: &mut Step<'_>,
    target: &crate::conversation::Target,
) -> Result<Option<Seq>, Refusal> {
    use crate::conversation::Target;
    if step.state.waiting().is_none() {
        return Ok(None);
    }
    match target {
        Target::Wait => step
            .decide(Command::Desk(DeskCommand::KeepWaiting))
            .map(Some),
        Target::LeaveMessage => bot::nobody_came(step).map(|()| Some(step.state.seq)),
        Target::CallBack => bot::call_instead(step).map(|()| Some(step.state.seq)),
        // Offered before they came along: the words of another conversation, which the assistant does not have, are promised an answer.
        Target::Assistant if step.state.owes_elsewhere() => {
            bot::rather_assistant(step).map(|()| Some(step.state.seq))
        }
        Target::Assistant => {
            step.decide(Command::Desk(DeskCommand::LeaveQueue))?;
            bot::take_back(step)?;
            Ok(Some(step.state.seq))
        }
        Target::Topic { .. }
        | Target::Person
        | Target::Appeal
        | Target::Forget { .. }
        | Target::Yes
        | Target::No
        | Target::Value { .. }
        | Target::Skip => Ok(None),
    }
}

fn routing(live: &super::Live, team: &TeamId) -> Routing {
    live.catalog
        .teams
        .get(team)
        .map(|team| team.routing)
        .unwrap_or_default()
}

fn queue_rules(live: &super::Live, team: &TeamId) -> QueueRules {
    live.catalog
        .teams
        .get(team)
        .map(|team| team.queue)
        .unwrap_or_default()
}
