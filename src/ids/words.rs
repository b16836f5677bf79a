//! Closed sets of words that every room shares. State, outcome and reason of a handoff are three sets and never mixed.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$item_doc])* $item,)+
        }

        impl $name {
            /// Every word of the set, in order.
            pub const ALL: &'static [Self] = &[$(Self::$item,)+];

            /// The word as it stands in files and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$item => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = super::ParseError;

            fn from_str(text: &str) -> Result<Self, super::ParseError> {
                match text {
                    $($text => Ok(Self::$item),)+
                    _ => Err(super::ParseError::Malformed),
                }
            }
        }
    };
}

words! {
    /// How the assistant talks: chosen by the visitor with one tap, pretending in neither.
    Style {
        /// Short, no small talk.
        Fast = "fast",
        /// Fuller sentences for those who want a person.
        Warm = "warm",
    }
}

words! {
    /// Stage of the customer's journey.
    Stage {
        /// They find out that we exist.
        Awareness = "awareness",
        /// They compare.
        Consideration = "consideration",
        /// They buy.
        Purchase = "purchase",
        /// They receive and use it.
        Use = "use",
        /// They come back.
        Loyalty = "loyalty",
    }
}

words! {
    /// How a session ended.
    Outcome {
        /// The bot solved it: a tap, a thanks or goodbye, or a matched last answer says so.
        ResolvedByBot = "resolved_by_bot",
        /// An agent solved it.
        ResolvedByAgent = "resolved_by_agent",
        /// Nobody did.
        Unresolved = "unresolved",
        /// Sent to somebody else who can.
        Referred = "referred",
        /// The visitor left while waiting.
        Abandoned = "abandoned",
        /// Nothing more came, and nothing was solved.
        Expired = "expired",
        /// The visitor left a message for people who were not there.
        LeftMessage = "left_message",
    }
}

words! {
    /// Why a person was brought in.
    HandoffReason {
        /// The visitor asked.
        CustomerRequest = "customer_request",
        /// The bot did not understand, several times.
        RepeatedFailure = "repeated_failure",
        /// A form could not be filled.
        FormFailure = "form_failure",
        /// The visitor said that it went badly.
        NegativeFeedback = "negative_feedback",
        /// Death, hardship, danger, fraud, minors, abuse.
        SensitiveTopic = "sensitive_topic",
        /// The topic's file says so.
        IntentRule = "intent_rule",
        /// A service that the bot needed failed.
        BotError = "bot_error",
        /// An agent stepped in.
        AgentTakeover = "agent_takeover",
    }
}

words! {
    /// Place in the queue before age; `Urgent` first.
    Priority {
        /// Can wait.
        Low = "low",
        /// The usual.
        Normal = "normal",
        /// Before the usual.
        High = "high",
        /// Before everything: sensitive matters.
        Urgent = "urgent",
    }
}

words! {
    /// Kind of an opinion; the reply fits it.
    OpinionKind {
        /// It went well.
        Positive = "positive",
        /// So-so.
        Neutral = "neutral",
        /// It went badly.
        Negative = "negative",
        /// The visitor still needs help.
        StillStuck = "still_stuck",
        /// An idea how it could be better.
        Suggestion = "suggestion",
        /// A question that is left open.
        Doubt = "doubt",
        /// Something of ours is broken or unsafe.
        Incident = "incident",
    }
}

words! {
    /// What a person of the company may do.
    Role {
        /// Answers visitors.
        Agent = "agent",
        /// Sees who waits, moves load, reads the opinions.
        Lead = "lead",
        /// Teaches the assistant and manages the others.
        Admin = "admin",
    }
}

words! {
    /// What an agent has chosen to be; presence (a live connection) is another thing.
    AgentStatus {
        /// Takes new conversations.
        Online = "online",
        /// Back soon; takes none.
        Away = "away",
        /// Takes only what colleagues hand over.
        TransferOnly = "transfer_only",
        /// Not working.
        Offline = "offline",
    }
}
