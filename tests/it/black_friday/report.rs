//! What the day came to: read from the logs as they are stored, and held against what each client was told.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::day::{Day, MINUTE, Moment, OPENING};
use super::visitor::{Phase, Wait};
use ventanilla::conversation::{Body, Deadline, Limits, PromiseKind, State};
use ventanilla::ids::{Seq, Timestamp};

#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) conversations: usize,
    pub(super) events: usize,
    /// Conversations that are still open.
    pub(super) open: Vec<String>,
    /// Conversations that owe something that nothing watches.
    pub(super) orphans: u64,
    /// Claims during somebody else's hold, and words of agents outside their own.
    pub(super) two_owners: usize,
    pub(super) holds: usize,
    pub(super) lines: usize,
    pub(super) lost_lines: usize,
    pub(super) doubled_lines: usize,
    pub(super) unanswered_clients: usize,
    /// Taken from the queue by an agent, first wait of a handoff.
    pub(super) taken: usize,
    pub(super) told: usize,
    pub(super) held_true: usize,
    pub(super) too_short: usize,
    pub(super) too_long: usize,
    /// Width of what was told, in minutes.
    pub(super) width: f64,
    pub(super) waits_minutes: Vec<f64>,
    pub(super) waits: Vec<Wait>,
    pub(super) left_message: usize,
    /// Of these, those who met a full queue, or nobody: they never waited.
    pub(super) turned_away: usize,
    /// Claims that were acked once more to who had it already.
    pub(super) claimed_again: usize,
    /// Acked lines that are not where they were acked, with what is there.
    pub(super) missing: Vec<String>,
    pub(super) utilisation: Vec<f64>,
    pub(super) peak: Moment,
    counts: String,
    frames: u64,
    plan: String,
    by_position: BTreeMap<&'static str, (usize, usize)>,
}

pub(super) async fn of(day: &Day) -> Report {
    let mut report = Report {
        orphans: day.counts.orphans,
        counts: format!("{:?}", day.counts),
        frames: day.traffic.frames(),
        plan: format!("{:?}", day.plan),
        ..Report::default()
    };
    reads_logs(day, &mut report).await;
    for visitor in &day.visitors {
        report.unanswered_clients += usize::from(visitor.is_there() && !visitor.is_answered());
        assert_ne!(visitor.phase, Phase::New, "everybody came");
        for wait in &visitor.served {
            report.takes(wait);
        }
    }
    report.waits_minutes.sort_by(f64::total_cmp);
    for agent in &day.agents {
        report.unanswered_clients += usize::from(agent.wire.is_some() && !agent.is_answered());
        report
            .utilisation
            .push(agent.worked.1 / agent.worked.0.max(1.0));
    }
    let peak = day.moments.iter().max_by_key(|moment| moment.waiting);
    report.peak = peak.copied().unwrap_or_default();
    report
}

async fn reads_logs(day: &Day, report: &mut Report) {
    let store = day.house().store();
    let acked = day.acked();
    for id in store.conversations(None, usize::MAX).await.unwrap() {
        let mut state = State::default();
        let mut holder = None;
        let mut acts: HashMap<String, Vec<(u64, String)>> = HashMap::new();
        let mut holders: HashMap<u64, String> = HashMap::new();
        for event in store.read(id, Seq::ZERO, usize::MAX).await.unwrap() {
            assert_eq!(event.seq, state.seq.next(), "numbers have no gaps");
            if let Body::PromiseMade { promise, .. } = &event.body {
                let message = promise.kind == PromiseKind::Message;
                report.left_message += usize::from(message);
                report.turned_away += usize::from(message && state.waiting().is_none());
            }
            state.apply(&event);
            report.events += 1;
            if let Some(act) = event.body.act() {
                let text = event.private.first().unwrap_or_default().to_owned();
                acts.entry(act.as_str().to_owned())
                    .or_default()
                    .push((event.seq.0, text));
            }
            match &event.body {
                Body::Claimed { agent, .. } => {
                    report.holds += 1;
                    report.two_owners += usize::from(holder.replace(*agent).is_some());
                }
                Body::AgentSaid { agent, .. } => {
                    report.two_owners += usize::from(holder != Some(*agent));
                }
                Body::BotAnswered { .. } => report.two_owners += usize::from(holder.is_some()),
                Body::Released { .. }
                | Body::Returned { .. }
                | Body::Transferred { .. }
                | Body::Closed { .. } => holder = None,
                _ => {}
            }
            if let Some(holder) = holder {
                holders.insert(event.seq.0, holder.to_string());
            }
        }
        report.conversations += 1;
        let deadlines = state.deadlines(&Limits::default());
        if state.is_open() {
            report.open.push(still_open(&state, &deadlines));
        }
        report.orphans += u64::from(state.owes() && deadlines.is_empty());
        for (act, seq, text) in acked.get(&id.to_string()).into_iter().flatten() {
            report.lines += 1;
            let kept = acts.get(act).map(Vec::as_slice).unwrap_or_default();
            match kept {
                // Acts that change nothing make no event and are acked with 0.
                [] if *seq == 0 => {}
                [(at, stored)] if at == seq && text.as_ref().is_none_or(|text| text == stored) => {}
                [_, _, ..] => report.doubled_lines += 1,
                // Who claims what they have is told so, with the number at which it is theirs.
                [] if holders.contains_key(seq) && holders.get(seq) == day.agent_of(act) => {
                    report.claimed_again += 1;
                }
                _ => {
                    report.lost_lines += 1;
                    report
                        .missing
                        .push(format!("{id} {act} at {seq}, {text:?}: {kept:?}"));
                }
            }
        }
    }
}

/// In whose hands it is, since when, and what ends it when, in minutes of the day.
fn still_open(state: &State, deadlines: &[Deadline]) -> String {
    let minutes = |at: Timestamp| at.since(OPENING) / MINUTE;
    let due: Vec<_> = deadlines
        .iter()
        .map(|due| (due.kind, minutes(due.at)))
        .collect();
    let (owner, since) = (&state.owner, minutes(state.activity_at));
    format!("at {}: {owner:?} since {since}, due {due:?}", state.seq)
}

impl Report {
    fn takes(&mut self, wait: &Wait) {
        #[allow(clippy::cast_precision_loss, reason = "a wait in milliseconds")]
        let minutes = wait.ms as f64 / MINUTE as f64;
        self.taken += 1;
        self.waits_minutes.push(minutes);
        self.waits.push(*wait);
        let Some((from, to)) = wait.shown else { return };
        self.told += 1;
        self.width += f64::from(to - from);
        let place = match wait.position {
            1 => "place 1",
            2..=5 => "places 2 to 5",
            6..=20 => "places 6 to 20",
            _ => "places over 20",
        };
        let place = self.by_position.entry(place).or_default();
        place.1 += 1;
        if minutes < f64::from(from) {
            self.too_long += 1;
        } else if minutes > f64::from(to) {
            self.too_short += 1;
        } else {
            self.held_true += 1;
            place.0 += 1;
        }
    }

    /// A quantile of the waits, in minutes.
    pub(super) fn wait(&self, share: f64) -> f64 {
        quantile(&self.waits_minutes, share)
    }
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let place = (share * sorted.len().saturating_sub(1) as f64) as usize;
    sorted.get(place).copied().unwrap_or_default()
}

#[allow(clippy::cast_precision_loss, reason = "counts of a day")]
fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.plan)?;
        writeln!(
            f,
            "{} conversations, {} events, {} holds, {} frames to clients",
            self.conversations, self.events, self.holds, self.frames
        )?;
        writeln!(
            f,
            "{} orphans, {} open at the end, {} double owners, {} acked lines: {} lost, {} doubled; {} claims acked again {:?}",
            self.orphans,
            self.open.len(),
            self.two_owners,
            self.lines,
            self.lost_lines,
            self.doubled_lines,
            self.claimed_again,
            self.missing
        )?;
        writeln!(
            f,
            "taken from the queue: {}; wait in minutes: half under {:.1}, nine of ten under {:.1}, longest {:.1}; left a message {}, of them {} met a full queue or nobody",
            self.taken,
            self.wait(0.5),
            self.wait(0.9),
            self.wait(1.0),
            self.left_message,
            self.turned_away
        )?;
        #[allow(clippy::cast_precision_loss, reason = "counts of a day")]
        let width = self.width / self.told.max(1) as f64;
        writeln!(
            f,
            "a range was shown to {}: it held the true wait for {:.1} % ({:.1} % waited longer, {:.1} % less), {width:.1} minutes wide on average",
            self.told,
            share(self.held_true, self.told),
            share(self.too_short, self.told),
            share(self.too_long, self.told)
        )?;
        for (place, (held, all)) in &self.by_position {
            writeln!(f, "  {place}: {:.1} % of {all}", share(*held, *all))?;
        }
        let mut busy = self.utilisation.clone();
        busy.sort_by(f64::total_cmp);
        writeln!(
            f,
            "utilisation of agents while online: lowest {:.0} %, half under {:.0} %, highest {:.0} %",
            100.0 * quantile(&busy, 0.0),
            100.0 * quantile(&busy, 0.5),
            100.0 * quantile(&busy, 1.0)
        )?;
        writeln!(
            f,
            "longest queue: {} waiting at {:.1} h, {} on duty",
            self.peak.waiting,
            hours(self.peak.at),
            self.peak.on_duty
        )?;
        write!(f, "{}", self.counts)
    }
}

#[allow(clippy::cast_precision_loss, reason = "a day in milliseconds")]
pub(super) fn hours(ms: i64) -> f64 {
    ms as f64 / (60.0 * MINUTE as f64)
}
