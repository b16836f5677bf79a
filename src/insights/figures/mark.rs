//! What can be said of a session: each mark is a number of the report, and the question by which the sessions behind it are found.

use crate::ids::{HandoffReason, OpinionKind, Outcome};

macro_rules! marks {
    ($($(#[$doc:meta])+ $name:ident = $text:literal,)+) => {
        /// Something that holds of a session or not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Mark {
            $($(#[$doc])+ $name,)+
        }

        impl Mark {
            /// Every mark, in the order of the tallies.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

marks! {
    /// It began. Sessions that went on in another conversation of the same person count there, and nowhere else.
    Sessions = "sessions",
    /// It goes on.
    Open = "open",
    /// It ended.
    Ended = "ended",
    /// It ended, and no person was wanted in it. One of the four that follow.
    Contained = "contained",
    /// Contained, ended as resolved by the bot, nobody said otherwise, and the same person did not come back with the same matter.
    Solved = "solved",
    /// Contained, ended as resolved, and the same person came back with the same matter within the days of [`super::Settings::back_days`].
    CameBack = "came_back",
    /// Contained, ended as resolved, and the visitor's opinion says that it is not.
    SaidNo = "said_no",
    /// Contained, and not resolved: the visitor gave up.
    GaveUp = "gave_up",
    /// A person was wanted: by the visitor, by the bot, by a topic, by an agent who stepped in.
    Person = "person",
    /// A person was wanted, and an agent took it.
    Attended = "attended",
    /// A person was wanted and nobody came: the visitor left the queue, or nobody was there, and no message was left.
    Abandoned = "abandoned",
    /// A message or a wish to be called was left for people who were not there.
    LeftMessage = "left_message",
    /// The visitor asked for a person.
    AskedPerson = "asked_person",
    /// The visitor asked for a person, and an agent took it or an answer was promised.
    GotPerson = "got_person",
    /// Outcome.
    ResolvedByBot = "outcome_resolved_by_bot",
    /// Outcome.
    ResolvedByAgent = "outcome_resolved_by_agent",
    /// Outcome.
    Unresolved = "outcome_unresolved",
    /// Outcome.
    Referred = "outcome_referred",
    /// Outcome.
    OutcomeAbandoned = "outcome_abandoned",
    /// Outcome.
    Expired = "outcome_expired",
    /// Outcome.
    OutcomeLeftMessage = "outcome_left_message",
    /// Reason of a handoff.
    CustomerRequest = "reason_customer_request",
    /// Reason of a handoff.
    RepeatedFailure = "reason_repeated_failure",
    /// Reason of a handoff.
    FormFailure = "reason_form_failure",
    /// Reason of a handoff.
    NegativeFeedback = "reason_negative_feedback",
    /// Reason of a handoff.
    SensitiveTopic = "reason_sensitive_topic",
    /// Reason of a handoff.
    IntentRule = "reason_intent_rule",
    /// Reason of a handoff.
    BotError = "reason_bot_error",
    /// Reason of a handoff.
    AgentTakeover = "reason_agent_takeover",
    /// It ended with a question.
    Questioned = "questioned",
    /// Its question was put before the visitor, and not only left in the closing card.
    Pushed = "pushed",
    /// Its question was answered.
    Answered = "answered",
    /// Kind of the opinion.
    Positive = "opinion_positive",
    /// Kind of the opinion.
    Neutral = "opinion_neutral",
    /// Kind of the opinion.
    Negative = "opinion_negative",
    /// Kind of the opinion.
    StillStuck = "opinion_still_stuck",
    /// Kind of the opinion.
    Suggestion = "opinion_suggestion",
    /// Kind of the opinion.
    Doubt = "opinion_doubt",
    /// Kind of the opinion.
    Incident = "opinion_incident",
    /// The first contact of a person on a matter, as many days ago as it takes to know whether they came back.
    FirstContact = "first_contact",
    /// A first contact that was resolved, after which the person did not come back with that matter.
    FirstResolved = "first_resolved",
    /// A first contact that is too young to tell.
    FirstPending = "first_pending",
    /// An agent's first words were due by a target of the team.
    ResponseDue = "response_due",
    /// They came in time.
    ResponseMet = "response_met",
    /// The close was due by a target of the team.
    ResolutionDue = "resolution_due",
    /// It came in time.
    ResolutionMet = "resolution_met",
    /// The bot answered something whose language was read.
    LangRead = "lang_read",
    /// It answered all of it in the language in which it was written.
    LangKept = "lang_kept",
    /// At least one message was not understood.
    Missed = "missed",
    /// It ended badly: given up, ended as unresolved, resolved and back again with the same matter, left while waiting, or with an opinion that says so
    /// (negative, still stuck, something broken).
    Troubled = "troubled",
}

/// How many marks there are.
pub(super) const MARKS: usize = Mark::ALL.len();

impl Mark {
    /// The mark of an outcome.
    pub const fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::ResolvedByBot => Self::ResolvedByBot,
            Outcome::ResolvedByAgent => Self::ResolvedByAgent,
            Outcome::Unresolved => Self::Unresolved,
            Outcome::Referred => Self::Referred,
            Outcome::Abandoned => Self::OutcomeAbandoned,
            Outcome::Expired => Self::Expired,
            Outcome::LeftMessage => Self::OutcomeLeftMessage,
        }
    }

    /// The mark of a handoff's reason.
    pub const fn of_reason(reason: HandoffReason) -> Self {
        match reason {
            HandoffReason::CustomerRequest => Self::CustomerRequest,
            HandoffReason::RepeatedFailure => Self::RepeatedFailure,
            HandoffReason::FormFailure => Self::FormFailure,
            HandoffReason::NegativeFeedback => Self::NegativeFeedback,
            HandoffReason::SensitiveTopic => Self::SensitiveTopic,
            HandoffReason::IntentRule => Self::IntentRule,
            HandoffReason::BotError => Self::BotError,
            HandoffReason::AgentTakeover => Self::AgentTakeover,
        }
    }

    /// The mark of an opinion's kind.
    pub const fn of_opinion(kind: OpinionKind) -> Self {
        match kind {
            OpinionKind::Positive => Self::Positive,
            OpinionKind::Neutral => Self::Neutral,
            OpinionKind::Negative => Self::Negative,
            OpinionKind::StillStuck => Self::StillStuck,
            OpinionKind::Suggestion => Self::Suggestion,
            OpinionKind::Doubt => Self::Doubt,
            OpinionKind::Incident => Self::Incident,
        }
    }

    /// Its place in a set.
    const fn bit(self) -> u64 {
        1 << self as u8
    }
}

impl std::str::FromStr for Mark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.iter().copied();
        all.find(|mark| mark.as_str() == text).ok_or(())
    }
}

/// The marks of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks(u64);

impl Marks {
    pub(super) fn set(&mut self, mark: Mark, holds: bool) {
        if holds {
            self.0 |= mark.bit();
        }
    }

    pub(super) const fn has(self, mark: Mark) -> bool {
        self.0 & mark.bit() != 0
    }

    /// Those that hold, by their place in [`Mark::ALL`].
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros();
            (left != 0).then(|| {
                left &= left - 1;
                place as usize
            })
        })
    }
}

const _: () = assert!(MARKS <= 64, "marks are the bits of one number");
