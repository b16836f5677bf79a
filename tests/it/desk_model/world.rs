//! What a state of the model is, and how it is packed: small, and the same for agents who are only called differently.

use super::rules::Violation;

/// Most agents and conversations of a model.
pub(super) const MOST: usize = 3;

/// How large the model is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub(super) agents: usize,
    pub(super) conversations: usize,
    /// Acts that may be on their way at a time.
    pub(super) on_the_way: usize,
    /// Refusals of an offer that the desk remembers at a time.
    pub(super) refusals: u32,
}

/// What is planted into the model's store and desk. The product has no such switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The store appends a claim whatever happened since it was decided.
    ClaimIgnoresVersion,
    /// The store appends what an agent writes although the hold has ended since.
    LeaseUnfenced,
    /// The desk never takes back what a gone agent has.
    LeaseNeverEnds,
}

impl Fault {
    /// Whether this is what the fault is planted for; a model of the product itself must show nothing at all.
    pub(super) fn shows(self, violation: &Violation) -> bool {
        match self {
            Self::None => true,
            Self::ClaimIgnoresVersion => matches!(violation, Violation::TwoHolders { .. }),
            Self::LeaseUnfenced => matches!(violation, Violation::FencedWrote { .. }),
            Self::LeaseNeverEnds => matches!(violation, Violation::LeftWithTheGone { .. }),
        }
    }
}

/// A conversation, in what the desk knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Conv {
    /// The bot has it and no person was wanted yet.
    Bot,
    /// It is over for the desk: closed, or given back to the bot.
    Gone,
    Waiting {
        back: bool,
    },
    Offered {
        to: u8,
        back: bool,
    },
    Held {
        by: u8,
        back: bool,
    },
}

/// Whether an agent is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Here {
    Online,
    Away,
    Gone,
}

/// What somebody wants to do with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Act {
    // Of agents.
    Claim,
    Reply,
    PutBack,
    GiveBack,
    Close,
    Decline,
    TransferTo(u8),
    // Of the desk.
    Offer(u8),
    TimeOut(u8),
    Void(u8),
    Release(u8),
}

/// An act that was decided and is not appended yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Flight {
    pub(super) conv: u8,
    pub(super) act: Act,
    /// What it was decided on.
    pub(super) read: Conv,
    /// Whether that is still the last version.
    pub(super) fresh: bool,
}

/// A state of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct World {
    pub(super) convs: [Conv; MOST],
    pub(super) here: [Here; MOST],
    /// Bit `conversation * MOST + agent`: the desk remembers that this agent let it pass.
    pub(super) refused: u16,
    /// One act an agent, and one of the desk, which is the last.
    pub(super) flights: [Option<Flight>; MOST + 1],
}

/// Where the desk's act stands.
pub(super) const DESK: usize = MOST;

impl World {
    pub(super) fn start() -> Self {
        Self {
            convs: [Conv::Bot; MOST],
            here: [Here::Online; MOST],
            refused: 0,
            flights: [None; MOST + 1],
        }
    }

    pub(super) fn on_the_way(&self) -> usize {
        self.flights.iter().flatten().count()
    }

    pub(super) fn has_refused(&self, conv: usize, agent: usize) -> bool {
        self.refused & bit(conv, agent) != 0
    }

    /// The same with agents renamed: `names[old]` is the new one.
    fn renamed(&self, names: [u8; MOST]) -> Self {
        let new = |agent: u8| names[usize::from(agent)];
        let mut world = *self;
        for conv in &mut world.convs {
            *conv = conv.renamed(new);
        }
        world.refused = 0;
        for (old, name) in names.iter().enumerate() {
            let name = usize::from(*name);
            world.here[name] = self.here[old];
            world.flights[name] = self.flights[old];
            for conv in 0..MOST {
                if self.has_refused(conv, old) {
                    world.refused |= bit(conv, name);
                }
            }
        }
        for flight in world.flights.iter_mut().flatten() {
            flight.act = flight.act.renamed(new);
            flight.read = flight.read.renamed(new);
        }
        world
    }

    /// The first of all that differ only in the agents' names.
    pub(super) fn canonical(&self, agents: usize) -> Self {
        const TWO: [[u8; MOST]; 2] = [[0, 1, 2], [1, 0, 2]];
        const THREE: [[u8; MOST]; 6] = [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ];
        let names: &[[u8; MOST]] = if agents == 2 { &TWO } else { &THREE };
        let renamed = names.iter().map(|names| self.renamed(*names));
        renamed.min().expect("there is at least one order")
    }
}

/// The place of a refusal.
pub(super) fn bit(conv: usize, agent: usize) -> u16 {
    1 << (conv * MOST + agent)
}

impl Conv {
    fn renamed(self, new: impl Fn(u8) -> u8) -> Self {
        match self {
            Self::Offered { to, back } => Self::Offered { to: new(to), back },
            Self::Held { by, back } => Self::Held { by: new(by), back },
            Self::Bot | Self::Gone | Self::Waiting { .. } => self,
        }
    }
}

impl Act {
    fn renamed(self, new: impl Fn(u8) -> u8) -> Self {
        match self {
            Self::TransferTo(agent) => Self::TransferTo(new(agent)),
            Self::Offer(agent) => Self::Offer(new(agent)),
            Self::TimeOut(agent) => Self::TimeOut(new(agent)),
            Self::Void(agent) => Self::Void(new(agent)),
            Self::Release(agent) => Self::Release(new(agent)),
            Self::Claim
            | Self::Reply
            | Self::PutBack
            | Self::GiveBack
            | Self::Close
            | Self::Decline => self,
        }
    }
}
