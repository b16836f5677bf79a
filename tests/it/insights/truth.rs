//! The same numbers counted by going through the truth of every session: slow, plain, and without a look at the code that is tested.

use std::collections::{BTreeMap, HashMap};

use ventanilla::ids::{HandoffReason, OpinionKind, Outcome, Stage};

use super::world::{BEGIN, DAY, HOUR, SECOND, Truth};

pub(super) const BACK_DAYS: i64 = 7;
/// Targets of every team, from the wish for a person on.
pub(super) const RESPONSE: i64 = 300 * SECOND;
pub(super) const RESOLUTION: i64 = 900 * SECOND;

/// Of which sessions.
#[derive(Debug, Clone, Default)]
pub(super) struct Only {
    pub(super) days: Option<(i64, i64)>,
    pub(super) site: Option<usize>,
    pub(super) touchpoint: Option<Option<&'static str>>,
    pub(super) stage: Option<Option<Stage>>,
}

impl Only {
    pub(super) fn fits(&self, truth: &Truth) -> bool {
        let day = (truth.opened - BEGIN).div_euclid(DAY);
        self.days
            .is_none_or(|(from, to)| (from..=to).contains(&day))
            && self.site.is_none_or(|site| site == truth.site)
            && self
                .touchpoint
                .is_none_or(|touchpoint| touchpoint == truth.touchpoint)
            && self.stage.is_none_or(|stage| stage == truth.stage)
    }
}

/// Of each session: whether the person came back with its matter, and whether it is such a return.
pub(super) fn returns(truths: &[Truth]) -> Vec<(bool, bool)> {
    let mut of: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, truth) in truths.iter().enumerate() {
        of.entry(truth.person).or_default().push(at);
    }
    let back = |earlier: &Truth, later: &Truth| {
        let gap = earlier.closed.map(|closed| later.opened - closed);
        gap.is_some_and(|gap| (0..=BACK_DAYS * DAY).contains(&gap))
            && earlier.topic.is_some()
            && earlier.topic == later.topic
    };
    let mut all = vec![(false, false); truths.len()];
    for sessions in of.values() {
        for one in sessions {
            for other in sessions {
                all[*one].0 |= back(&truths[*one], &truths[*other]);
                all[*one].1 |= back(&truths[*other], &truths[*one]);
            }
        }
    }
    all
}

/// The names of everything that holds of a session.
pub(super) fn holds(
    truth: &Truth,
    (came_back, is_return): (bool, bool),
    now: i64,
) -> Vec<&'static str> {
    let mut names = vec!["sessions"];
    let mut set = |name, holds: bool| {
        if holds {
            names.push(name);
        }
    };
    let ended = truth.closed.is_some();
    let outcome = truth.outcome;
    let resolved = matches!(
        outcome,
        Some(Outcome::ResolvedByBot | Outcome::ResolvedByAgent)
    );
    let said = truth.tap.map(|(_, kind)| kind);
    let said_no = matches!(said, Some(OpinionKind::Negative | OpinionKind::StillStuck));
    let person = truth.reason.is_some();
    let attended = truth.words.is_some();
    let left_queue = truth.wait.is_some_and(|(_, taken)| !taken) || truth.nobody_there;
    set("open", !ended);
    set("ended", ended);
    set("contained", ended && !person);
    set("gave_up", ended && !person && !resolved);
    set("said_no", ended && !person && resolved && said_no);
    set(
        "came_back",
        ended && !person && resolved && !said_no && came_back,
    );
    set(
        "solved",
        ended && !person && resolved && !said_no && !came_back,
    );
    set("person", person);
    set("attended", attended);
    set("abandoned", left_queue);
    set("left_message", truth.promise.is_some());
    set(
        "asked_person",
        truth.reason == Some(HandoffReason::CustomerRequest),
    );
    let got = attended || truth.promise.is_some();
    set(
        "got_person",
        got && truth.reason == Some(HandoffReason::CustomerRequest),
    );
    set(
        "outcome_resolved_by_bot",
        outcome == Some(Outcome::ResolvedByBot),
    );
    set(
        "outcome_resolved_by_agent",
        outcome == Some(Outcome::ResolvedByAgent),
    );
    set("outcome_unresolved", outcome == Some(Outcome::Unresolved));
    set("outcome_referred", outcome == Some(Outcome::Referred));
    set("outcome_abandoned", outcome == Some(Outcome::Abandoned));
    set("outcome_expired", outcome == Some(Outcome::Expired));
    set(
        "outcome_left_message",
        outcome == Some(Outcome::LeftMessage),
    );
    set(
        "reason_customer_request",
        truth.reason == Some(HandoffReason::CustomerRequest),
    );
    set(
        "reason_repeated_failure",
        truth.reason == Some(HandoffReason::RepeatedFailure),
    );
    set(
        "reason_form_failure",
        truth.reason == Some(HandoffReason::FormFailure),
    );
    set(
        "reason_negative_feedback",
        truth.reason == Some(HandoffReason::NegativeFeedback),
    );
    set(
        "reason_sensitive_topic",
        truth.reason == Some(HandoffReason::SensitiveTopic),
    );
    set(
        "reason_intent_rule",
        truth.reason == Some(HandoffReason::IntentRule),
    );
    set(
        "reason_bot_error",
        truth.reason == Some(HandoffReason::BotError),
    );
    set(
        "reason_agent_takeover",
        truth.reason == Some(HandoffReason::AgentTakeover),
    );
    set("questioned", truth.question.is_some());
    set("pushed", truth.question.is_some_and(|(_, quiet)| !quiet));
    set("answered", said.is_some());
    set("opinion_positive", said == Some(OpinionKind::Positive));
    set("opinion_neutral", said == Some(OpinionKind::Neutral));
    set("opinion_negative", said == Some(OpinionKind::Negative));
    set("opinion_still_stuck", said == Some(OpinionKind::StillStuck));
    let first = ended && truth.topic.is_some() && !is_return;
    let known = truth
        .closed
        .is_some_and(|closed| now - closed > BACK_DAYS * DAY);
    set("first_contact", first && known);
    set("first_pending", first && !known);
    set(
        "first_resolved",
        first && known && resolved && !said_no && !came_back,
    );
    if let Some((waited, _)) = truth.wait {
        let seconds = |seconds: u64| i64::try_from(seconds).unwrap() * SECOND;
        let late = truth.words.map_or(seconds(waited), seconds) > RESPONSE;
        set("response_due", attended || late);
        set("response_met", attended && !late);
        let done = truth.words.map(|words| seconds(words) + 300 * SECOND);
        set("resolution_due", done.is_some());
        set(
            "resolution_met",
            done.is_some_and(|done| done <= RESOLUTION),
        );
    }
    set("lang_read", true);
    set("lang_kept", !truth.other_lang);
    set("missed", truth.missed);
    let gave_up = ended && !person && !resolved;
    let troubled = gave_up
        || outcome == Some(Outcome::Unresolved)
        || (resolved && came_back)
        || left_queue
        || said_no;
    set("troubled", ended && troubled);
    names
}

/// The truth of a whole world, ready to be counted.
pub(super) struct Counted<'a> {
    pub(super) truths: &'a [Truth],
    pub(super) names: Vec<Vec<&'static str>>,
}

impl<'a> Counted<'a> {
    pub(super) fn of(truths: &'a [Truth], now: i64) -> Self {
        let returns = returns(truths);
        let names = truths.iter().zip(returns);
        let names = names
            .map(|(truth, returns)| holds(truth, returns, now))
            .collect();
        Self { truths, names }
    }

    /// How many sessions of those that `fits` holds for have each name.
    pub(super) fn counts(&self, fits: impl Fn(&Truth) -> bool) -> BTreeMap<&'static str, u32> {
        let mut counts = BTreeMap::new();
        for (truth, names) in self.truths.iter().zip(&self.names) {
            if fits(truth) {
                for name in names {
                    *counts.entry(*name).or_default() += 1;
                }
            }
        }
        counts
    }

    /// Sessions for which both hold, newest first: person and when it was opened.
    pub(super) fn which(&self, fits: impl Fn(&Truth, &[&str]) -> bool) -> Vec<(u64, i64)> {
        let all = self.truths.iter().zip(&self.names).rev();
        let which = all.filter(|(truth, names)| fits(truth, names));
        which
            .map(|(truth, _)| (truth.person, truth.opened))
            .collect()
    }
}

pub(super) fn hour(truth: &Truth) -> u8 {
    u8::try_from((truth.opened - BEGIN).rem_euclid(DAY) / HOUR).unwrap()
}
