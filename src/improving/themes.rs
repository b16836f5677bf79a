//! Themes: where opinions gather, by touchpoint and stage, with how far they have come.

use std::collections::BTreeMap;

use serde::Serialize;

use super::way::Standing;
use crate::ids::{Stage, Timestamp};
use crate::insights::Opinion;

/// How many opinions have come how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Standings {
    /// Nobody has taken them.
    pub new: u32,
    /// Somebody looks after them.
    pub owned: u32,
    /// Whoever gave them was spoken to.
    pub contacted: u32,
    /// Something was changed.
    pub fixed: u32,
    /// Whoever gave them was told.
    pub told: u32,
}

impl Standings {
    /// Counts one more.
    pub fn count(&mut self, standing: Standing) {
        let number = match standing {
            Standing::New => &mut self.new,
            Standing::Owned => &mut self.owned,
            Standing::Contacted => &mut self.contacted,
            Standing::Fixed => &mut self.fixed,
            Standing::Told => &mut self.told,
        };
        *number += 1;
    }

    /// Those about which nothing was done yet.
    pub const fn open(&self) -> u32 {
        self.new + self.owned + self.contacted
    }
}

/// Opinions of one place on the customer's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Theme {
    /// The touchpoint, where it is known.
    pub touchpoint: Option<String>,
    /// The stage, where it is known.
    pub stage: Option<Stage>,
    /// Answers, of every kind.
    pub answers: u32,
    /// Those in which something is wrong or wished: all but the positive and the neutral.
    pub asking: u32,
    /// How far those have come.
    pub standings: Standings,
    /// When the last of those came.
    pub last_at: Option<Timestamp>,
}

/// Opinions by touchpoint and stage; the place where most is still open first, then where most was said.
pub fn themes<'a>(
    opinions: impl IntoIterator<Item = &'a Opinion>,
    standing: impl Fn(&Opinion) -> Standing,
) -> Vec<Theme> {
    let mut places: BTreeMap<(Option<&str>, Option<Stage>), Theme> = BTreeMap::new();
    for opinion in opinions {
        let place = (opinion.touchpoint.as_deref(), opinion.stage);
        let theme = places.entry(place).or_insert_with(|| Theme {
            touchpoint: opinion.touchpoint.clone(),
            stage: opinion.stage,
            answers: 0,
            asking: 0,
            standings: Standings::default(),
            last_at: None,
        });
        theme.answers += 1;
        if opinion.asks_for_change() {
            theme.asking += 1;
            theme.standings.count(standing(opinion));
            theme.last_at = theme.last_at.max(Some(opinion.at));
        }
    }
    let mut themes: Vec<Theme> = places.into_values().collect();
    // Stable: of the same weight, by name.
    themes.sort_by_key(|theme| std::cmp::Reverse((theme.standings.open(), theme.asking)));
    themes
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::ids::{ConversationId, OpinionKind, Outcome, Seq};

    /// An opinion of a number, about a touchpoint.
    pub(in crate::improving) fn opinion(n: u8, touchpoint: &str, kind: OpinionKind) -> Opinion {
        Opinion {
            conversation: ConversationId::from_bytes([n; 16]),
            seq: Seq(3),
            at: Timestamp(i64::from(n)),
            question: "by_default".parse().expect("a slug"),
            ask: "¿Sirvió?".to_owned(),
            value: None,
            label: None,
            kind: Some(kind),
            text: None,
            outcome: Outcome::ResolvedByBot,
            topic: None,
            touchpoint: (!touchpoint.is_empty()).then(|| touchpoint.to_owned()),
            stage: Some(Stage::Purchase),
            team: "default".parse().expect("a slug"),
            agent_name: None,
            agent_team: None,
        }
    }

    #[test]
    fn the_place_with_most_left_to_do_comes_first() {
        use OpinionKind::{Negative, Positive, Suggestion};
        let all = [
            opinion(1, "checkout", Negative),
            opinion(2, "delivery", Negative),
            opinion(3, "delivery", Suggestion),
            opinion(4, "delivery", Positive),
            opinion(5, "", Negative),
        ];
        let standing = |opinion: &Opinion| match opinion.at.0 {
            2 => Standing::Told,
            3 => Standing::Fixed,
            _ => Standing::New,
        };
        let found = themes(&all, standing);
        let names = found.iter().map(|one| one.touchpoint.as_deref());
        assert_eq!(
            names.collect::<Vec<_>>(),
            [None, Some("checkout"), Some("delivery")]
        );
        let last = found.last().expect("three");
        assert_eq!(
            (last.answers, last.asking, last.last_at),
            (3, 2, Some(Timestamp(3)))
        );
        assert_eq!(
            (
                last.standings.fixed,
                last.standings.told,
                last.standings.open()
            ),
            (1, 1, 0)
        );
    }
}
