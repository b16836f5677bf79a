//! Breadth first through every state; then, from every state, the way to where everybody is held.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

use super::rules::{Rules, Violation};
use super::world::{Act, Bound, Conv, DESK, Fault, Flight, Here, World, bit};

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    bound: Bound,
    pub(super) states: usize,
    pub(super) steps: u64,
    asked: (usize, usize),
    /// The first thing that must not be, and the way to it: the shortest there is.
    pub(super) violation: Option<(Violation, Vec<String>)>,
    /// A state from which diligence does not lead to where everybody is held.
    pub(super) stuck: Option<String>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bound {
            agents,
            conversations,
            on_the_way,
            refusals,
        } = self.bound;
        write!(
            f,
            "{agents} agents, {conversations} conversations, {on_the_way} acts on the way, {refusals} refusals: {} states, {} steps, {} decisions, {} pictures of the desk",
            self.states, self.steps, self.asked.0, self.asked.1
        )?;
        if let Some((violation, way)) = &self.violation {
            write!(f, "\n{violation:?} by")?;
            for step in way {
                write!(f, "\n  {step}")?;
            }
        }
        if let Some(stuck) = &self.stuck {
            write!(f, "\nstuck: {stuck}")?;
        }
        Ok(())
    }
}

/// A step, and how much it helps to get everybody held: the smallest is taken by somebody diligent. Steps that help nobody have none.
struct Step {
    help: Option<u8>,
    to: World,
    what: String,
}

/// Multiplies and rotates: the keys are our own, nobody chooses them against us.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u8(*byte);
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(n)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

struct Explorer {
    bound: Bound,
    fault: Fault,
    rules: Rules,
    /// Whether steps are worded: only for the way to a violation.
    worded: bool,
}

pub(super) fn explore(bound: Bound, fault: Fault) -> Found {
    let mut explorer = Explorer {
        bound,
        fault,
        rules: Rules::new(bound),
        worded: false,
    };
    let start = World::start().canonical(bound.agents);
    let mut index: HashMap<World, u32, BuildHasherDefault<Quick>> = HashMap::default();
    index.insert(start, 0);
    let mut worlds = vec![start];
    let mut parents = vec![0_u32];
    // The step that somebody diligent takes from each state; itself where everybody is held.
    let mut diligent: Vec<u32> = Vec::new();
    let mut steps = 0_u64;
    let mut violation = None;
    let mut at = 0;
    'all: while let Some(world) = worlds.get(at).copied() {
        let told = explorer.told(&world);
        if let Some(bad) = told.filter(|bad| fault.shows(bad)) {
            violation = Some((bad, at, false));
            break 'all;
        }
        let mut best: Option<(u8, u32)> = None;
        for next in explorer.steps(&world) {
            steps += 1;
            let next = match next {
                Ok(next) => next,
                Err((bad, _unworded)) if !fault.shows(&bad) => continue,
                Err((bad, _unworded)) => {
                    violation = Some((bad, at, true));
                    break 'all;
                }
            };
            let to = next.to.canonical(bound.agents);
            let number = *index.entry(to).or_insert_with(|| {
                worlds.push(to);
                parents.push(u32::try_from(at).unwrap());
                u32::try_from(worlds.len() - 1).unwrap()
            });
            if let Some(help) = next.help
                && best.is_none_or(|(least, _)| help < least)
            {
                best = Some((help, number));
            }
        }
        let here = u32::try_from(at).unwrap();
        diligent.push(if is_held(&world, bound) {
            here
        } else {
            best.map_or(u32::MAX, |(_, number)| number)
        });
        at += 1;
    }
    let violation = violation.map(|(bad, at, by_a_step)| {
        explorer.worded = true;
        explorer.way(&worlds, &parents, at, bad, by_a_step)
    });
    let stuck = match violation {
        Some(_) => None,
        None => first_stuck(&diligent).map(|n| format!("{:?}", worlds[n])),
    };
    Found {
        bound,
        states: worlds.len(),
        steps,
        asked: explorer.rules.asked(),
        violation,
        stuck,
    }
}

/// Everybody is held, or has gone by themselves, and nothing is on its way.
fn is_held(world: &World, bound: Bound) -> bool {
    world.on_the_way() == 0
        && world.convs[..bound.conversations]
            .iter()
            .all(|conv| matches!(conv, Conv::Held { .. } | Conv::Gone))
}

/// A state from which the diligent steps run in a circle or end before the goal.
fn first_stuck(diligent: &[u32]) -> Option<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        Unknown,
        OnTheWay,
        Good,
    }
    let mut marks = vec![Mark::Unknown; diligent.len()];
    for start in 0..diligent.len() {
        let mut way = Vec::new();
        let mut at = start;
        let good = loop {
            match marks[at] {
                Mark::Good => break true,
                Mark::OnTheWay => break false,
                Mark::Unknown => {}
            }
            marks[at] = Mark::OnTheWay;
            way.push(at);
            match diligent[at] {
                u32::MAX => break false,
                next if usize::try_from(next) == Ok(at) => break true,
                next => at = usize::try_from(next).unwrap(),
            }
        };
        if !good {
            return Some(start);
        }
        for at in way {
            marks[at] = Mark::Good;
        }
    }
    None
}

impl Explorer {
    fn told(&self, world: &World) -> Option<Violation> {
        let violation = self.rules.desk(world).violation;
        match (self.fault, violation) {
            // The planted desk forgets what the real one tells.
            (Fault::LeaseNeverEnds, _) => {
                world.convs.iter().zip(0_u8..).find_map(|(form, conv)| {
                    let Conv::Held { by, .. } = *form else {
                        return None;
                    };
                    let gone = world.here[usize::from(by)] == Here::Gone;
                    let acts = self.desk_acts(world);
                    (gone && !acts.contains(&(conv, Act::Release(by))))
                        .then_some(Violation::LeftWithTheGone { conv })
                })
            }
            (_, violation) => violation,
        }
    }

    /// What the desk wants done, the planted fault included.
    fn desk_acts(&self, world: &World) -> Vec<(u8, Act)> {
        let mut acts = self.rules.desk(world).acts;
        if self.fault == Fault::LeaseNeverEnds {
            acts.retain(|(_, act)| !matches!(act, Act::Release(_)));
        }
        acts
    }

    fn say(&self, what: impl FnOnce() -> String) -> String {
        if self.worded { what() } else { String::new() }
    }

    /// Every step from a state, or the first that must not be.
    fn steps(&self, world: &World) -> Vec<Result<Step, (Violation, String)>> {
        let mut steps = Vec::new();
        self.visitors(world, &mut steps);
        self.presence(world, &mut steps);
        self.decisions(world, &mut steps);
        self.appends(world, &mut steps);
        steps
    }

    fn visitors(&self, world: &World, steps: &mut Vec<Result<Step, (Violation, String)>>) {
        for conv in 0..self.bound.conversations {
            let n = u8::try_from(conv).unwrap();
            let mut step = |after: Result<Conv, Violation>, help, what: &str| {
                let what = self.say(|| format!("visitor {conv} {what}"));
                steps.push(match after {
                    Ok(after) => {
                        let mut to = *world;
                        change(&mut to, conv, after, self.fault);
                        Ok(Step { help, to, what })
                    }
                    Err(violation) => Err((violation, what)),
                });
            };
            match world.convs[conv] {
                Conv::Bot => step(self.rules.asks(n), Some(40), "asks for a person"),
                Conv::Gone => {}
                form => step(self.rules.ends(n, form), None, "leaves"),
            }
        }
    }

    fn presence(&self, world: &World, steps: &mut Vec<Result<Step, (Violation, String)>>) {
        for agent in 0..self.bound.agents {
            let (others, help): (&[Here], _) = match world.here[agent] {
                Here::Online => (&[Here::Away, Here::Gone], None),
                Here::Away => (&[Here::Online, Here::Gone], Some(20)),
                Here::Gone => (&[Here::Online], Some(20)),
            };
            for here in others {
                let mut to = *world;
                to.here[agent] = *here;
                let what = self.say(|| format!("agent {agent} is {here:?}"));
                let help = help.filter(|_| *here == Here::Online);
                steps.push(Ok(Step { help, to, what }));
            }
        }
        for conv in 0..self.bound.conversations {
            for agent in 0..self.bound.agents {
                if world.has_refused(conv, agent) {
                    let mut to = *world;
                    to.refused &= !bit(conv, agent);
                    let what = self.say(|| "a refusal is forgotten".to_owned());
                    steps.push(Ok(Step {
                        help: Some(30),
                        to,
                        what,
                    }));
                }
            }
        }
    }

    /// Somebody reads and decides; the append is on its way.
    fn decisions(&self, world: &World, steps: &mut Vec<Result<Step, (Violation, String)>>) {
        if world.on_the_way() >= self.bound.on_the_way {
            return;
        }
        let room = world.refused.count_ones() < self.bound.refusals;
        let mut decide = |slot: usize, conv: u8, act: Act, help: Option<u8>| {
            let read = world.convs[usize::from(conv)];
            let by = u8::try_from(slot).unwrap();
            if self.rules.decide(conv, read, by, act).is_none() {
                return;
            }
            let mut to = *world;
            to.flights[slot] = Some(Flight {
                conv,
                act,
                read,
                fresh: true,
            });
            let what = self.say(|| format!("{} decides {act:?} of {conv}", name(slot)));
            steps.push(Ok(Step { help, to, what }));
        };
        for agent in 0..self.bound.agents {
            if world.flights[agent].is_some() || world.here[agent] == Here::Gone {
                continue;
            }
            for (conv, form) in (0..self.bound.conversations).map(|n| (n, world.convs[n])) {
                let conv = u8::try_from(conv).unwrap();
                if matches!(form, Conv::Waiting { .. } | Conv::Offered { .. }) {
                    decide(agent, conv, Act::Claim, Some(60));
                }
                for act in [Act::Reply, Act::PutBack, Act::GiveBack, Act::Close] {
                    // The first human word takes over from the bot; here the bot's are left alone.
                    if form != Conv::Bot {
                        decide(agent, conv, act, None);
                    }
                }
                if room {
                    decide(agent, conv, Act::Decline, None);
                }
                for other in (0..self.bound.agents).filter(|other| *other != agent) {
                    if world.here[other] != Here::Gone {
                        let other = u8::try_from(other).unwrap();
                        decide(agent, conv, Act::TransferTo(other), None);
                    }
                }
            }
        }
        if world.flights[DESK].is_none() {
            for (conv, act) in self.desk_acts(world) {
                decide(DESK, conv, act, Some(50));
            }
            for (form, conv) in world.convs.iter().zip(0_u8..) {
                if let (Conv::Offered { to, .. }, true) = (form, room) {
                    decide(DESK, conv, Act::TimeOut(*to), None);
                }
            }
        }
    }

    /// What is on its way arrives at the store.
    fn appends(&self, world: &World, steps: &mut Vec<Result<Step, (Violation, String)>>) {
        for (slot, flight) in world.flights.iter().enumerate() {
            let Some(flight) = *flight else { continue };
            let conv = usize::from(flight.conv);
            let mut to = *world;
            to.flights[slot] = None;
            let help = Some(10);
            let refused = !flight.fresh && !self.unfenced(flight.act, world.convs[conv]);
            let what = self.say(|| {
                let answer = if refused { "refused" } else { "appended" };
                format!("{}'s {:?} of {conv} is {answer}", name(slot), flight.act)
            });
            if refused {
                steps.push(Ok(Step { help, to, what }));
                continue;
            }
            let by = u8::try_from(slot).unwrap();
            let events = self
                .rules
                .decide(flight.conv, flight.read, by, flight.act)
                .expect("it was decided before");
            match self.rules.append(flight.conv, world.convs[conv], &events) {
                Ok(after) => {
                    change(&mut to, conv, after, self.fault);
                    let refusal = match flight.act {
                        Act::Decline => Some(slot),
                        Act::TimeOut(agent) | Act::Void(agent) => Some(usize::from(agent)),
                        _ => None,
                    };
                    // What the gone let pass counts as refused too; here only while there is room to remember it.
                    let room = to.refused.count_ones() < self.bound.refusals;
                    if let (Some(agent), true) = (refusal, room) {
                        to.refused |= bit(conv, agent);
                    }
                    steps.push(Ok(Step { help, to, what }));
                }
                Err(violation) => steps.push(Err((violation, what))),
            }
        }
    }

    /// Where the planted fault lets the store append on an old version.
    fn unfenced(&self, act: Act, now: Conv) -> bool {
        match self.fault {
            Fault::ClaimIgnoresVersion => act == Act::Claim,
            Fault::LeaseUnfenced => {
                act == Act::Reply
                    && matches!(
                        now,
                        Conv::Waiting { back: true } | Conv::Offered { back: true, .. }
                    )
            }
            Fault::None | Fault::LeaseNeverEnds => false,
        }
    }

    /// The steps to a state, and one more that must not be where `one_more`; agents keep their names from one step to the next.
    fn way(
        &self,
        worlds: &[World],
        parents: &[u32],
        at: usize,
        bad: Violation,
        one_more: bool,
    ) -> (Violation, Vec<String>) {
        let mut stations = Vec::new();
        let mut station = at;
        while station != 0 {
            stations.push(worlds[station]);
            station = usize::try_from(parents[station]).unwrap();
        }
        let mut here = World::start();
        let mut way = Vec::new();
        for station in stations.into_iter().rev() {
            let mut steps = self.steps(&here).into_iter().flatten();
            let step = steps
                .find(|step| step.to.canonical(self.bound.agents) == station)
                .expect("it was come by");
            here = step.to;
            way.push(step.what);
        }
        if !one_more {
            return (bad, way);
        }
        let last = self
            .steps(&here)
            .into_iter()
            .filter_map(Result::err)
            .find(|(bad, _)| self.fault.shows(bad));
        let (bad, what) = last.expect("it was come by");
        way.push(what);
        (bad, way)
    }
}

/// A conversation is another one now: what was decided on it before is stale.
fn change(world: &mut World, conv: usize, after: Conv, fault: Fault) {
    world.convs[conv] = after;
    if after == Conv::Gone {
        for agent in 0..super::world::MOST {
            world.refused &= !bit(conv, agent);
        }
    }
    for flight in world.flights.iter_mut().flatten() {
        if usize::from(flight.conv) == conv {
            flight.fresh = false;
            if fault == Fault::None {
                // It will be refused, whatever it was.
                flight.act = Act::Reply;
                flight.read = Conv::Gone;
            }
        }
    }
}

fn name(slot: usize) -> String {
    if slot == DESK {
        "the desk".to_owned()
    } else {
        format!("agent {slot}")
    }
}
