//! `journey.yaml`: which pages, channels and topics are which touchpoint, and which stage of the customer's way each of those is.

use super::text::Text;
use crate::ids::{Stage, TopicId, TouchpointId};

/// The touchpoints in file order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journey {
    /// Touchpoints; a page, a channel and a topic belong to one at most.
    pub touchpoints: Vec<Touchpoint>,
}

/// Where customers meet the company: the checkout page, the parcel at the door, a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touchpoint {
    /// Its name; a page may declare it with `data-touchpoint`.
    pub id: TouchpointId,
    /// What people of the company call it.
    pub name: Text,
    /// Stage of the journey; `None` is `any`.
    pub stage: Option<Stage>,
    /// Paths of pages: `/checkout`, `/products/*`.
    pub pages: Vec<PagePattern>,
    /// Channels that are this touchpoint whatever the page: `rest`.
    pub channels: Vec<String>,
    /// Topics that are about it, wherever they are asked.
    pub topics: Vec<TopicId>,
}

/// A path with `*` for any run of characters. Capitals count, a slash at the end does not.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PagePattern(String);

impl TryFrom<String> for PagePattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::new(&text).ok_or_else(|| format!("{text:?} is not the path of a page"))
    }
}

impl From<PagePattern> for String {
    fn from(pattern: PagePattern) -> Self {
        pattern.0
    }
}

impl PagePattern {
    /// A pattern, or nothing where the text does not begin with a slash or holds a query, which pages never carry here.
    pub fn new(text: &str) -> Option<Self> {
        let path = text.starts_with('/') && !text.contains(['?', '#', ' ']);
        path.then(|| Self(bare(text).to_owned()))
    }

    /// The pattern as it was written, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the path of a page fits.
    pub fn fits(&self, path: &str) -> bool {
        let mut rest = bare(path);
        let mut pieces = self.0.split('*');
        let first = pieces.next().unwrap_or_default();
        let Some(after) = rest.strip_prefix(first) else {
            return false;
        };
        rest = after;
        let mut last = None;
        for piece in pieces {
            if let Some(middle) = last.replace(piece) {
                // The earliest place leaves the most for what follows.
                match rest.split_once(middle) {
                    Some((_, after)) => rest = after,
                    None => return false,
                }
            }
        }
        last.map_or(rest.is_empty(), |last| rest.ends_with(last))
    }

    /// How much it says: its characters without the stars.
    fn weight(&self) -> usize {
        self.0.chars().filter(|sign| *sign != '*').count()
    }
}

/// A path without the slash at its end; the root stays `/`.
fn bare(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => "/",
        bare => bare,
    }
}

impl Journey {
    /// A touchpoint by its name.
    pub fn named(&self, id: &str) -> Option<&Touchpoint> {
        self.touchpoints.iter().find(|one| one.id.as_str() == id)
    }

    /// The touchpoint of a topic.
    pub fn of_topic(&self, topic: &TopicId) -> Option<&Touchpoint> {
        let mut all = self.touchpoints.iter();
        all.find(|one| one.topics.contains(topic))
    }

    /// The touchpoint of who comes on this page over this channel: the pattern that says most, then the channel.
    pub fn of_arrival(&self, page: Option<&str>, channel: &str) -> Option<&Touchpoint> {
        let mut best: Option<(&Touchpoint, usize)> = None;
        for touchpoint in &self.touchpoints {
            for pattern in &touchpoint.pages {
                let weight = pattern.weight();
                if page.is_some_and(|page| pattern.fits(page))
                    && best.is_none_or(|(_, most)| weight > most)
                {
                    best = Some((touchpoint, weight));
                }
            }
        }
        best.map(|(touchpoint, _)| touchpoint).or_else(|| {
            let mut all = self.touchpoints.iter();
            all.find(|one| one.channels.iter().any(|own| own == channel))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_run_of_characters() {
        for (pattern, page, fits) in [
            ("/", "/", true),
            ("/", "/pay", false),
            ("/pay", "/pay/", true),
            ("/pay/", "/pay", true),
            ("/pay", "/payment", false),
            ("/shoes/*", "/shoes/red/41", true),
            ("/shoes/*", "/shoes", false),
            ("/shoes*", "/shoes", true),
            ("/*/help", "/es/help", true),
            ("/*/help", "/es/help/more", false),
            ("/*/b/*/d", "/a/b/b/c/d", true),
            ("/a*a", "/a", false),
            ("*", "/a", false),
        ] {
            let found = PagePattern::new(pattern).is_some_and(|pattern| pattern.fits(page));
            assert_eq!(found, fits, "{pattern} {page}");
        }
        for bad in ["pay", "", "/pay?a=1", "/pay#top", "/my page"] {
            assert_eq!(PagePattern::new(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_pattern_that_says_most_decides_then_the_channel() {
        let touchpoint = |name: &str, page: &str, channel: &str| Touchpoint {
            id: name.parse().unwrap(),
            name: Text::default(),
            stage: None,
            pages: PagePattern::new(page).into_iter().collect(),
            channels: vec![channel.to_owned()],
            topics: Vec::new(),
        };
        let journey = Journey {
            touchpoints: vec![
                touchpoint("shop", "/*", "web"),
                touchpoint("checkout", "/shop/pay*", "rest"),
                touchpoint("catalogue", "/shop/*", "-"),
            ],
        };
        for (page, channel, wanted) in [
            (Some("/shop/pay/card"), "web", Some("checkout")),
            (Some("/shop/shoes"), "web", Some("catalogue")),
            (Some("/about"), "rest", Some("shop")),
            (None, "rest", Some("checkout")),
            (None, "terminal", None),
        ] {
            let found = journey.of_arrival(page, channel);
            assert_eq!(
                found.map(|one| one.id.as_str()),
                wanted,
                "{page:?} {channel}"
            );
        }
    }
}
