//! A notice: what the company says of a trouble before anybody asks, for whom it is, and which topics it comes before.

use serde::{Deserialize, Serialize};

use super::journey::PagePattern;
use super::text::Text;
use crate::ids::{Lang, NoticeId, SiteId, Timestamp, TopicId};

/// A file of `notices/`, or one that a lead posted from the console: the two have the same shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Its name.
    pub id: NoticeId,
    /// Whether it holds.
    pub state: NoticeState,
    /// Topics whose answers it comes before; none: of no topic, and every handoff.
    #[serde(default)]
    pub topics: Vec<TopicId>,
    /// Pages on which it is shown; every page when empty.
    #[serde(default)]
    pub pages: Vec<PagePattern>,
    /// Sites it is for; every site when empty.
    #[serde(default)]
    pub sites: Vec<SiteId>,
    /// Base languages it is for; every language when empty.
    #[serde(default)]
    pub languages: Vec<Lang>,
    /// The trouble in a few words: `Fallo en los pagos con tarjeta`.
    pub title: Text,
    /// The company's apology.
    pub apology: Text,
    /// What happens.
    pub happens: Text,
    /// What one can do meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workaround: Option<Text>,
    /// What is told when it is fixed; the engine's own words where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Text>,
    /// When there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Timestamp>,
}

/// Whether a notice holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// It holds.
    Open,
    /// The trouble is over.
    Fixed,
    /// It never holds by itself: what a lead begins from.
    Template,
}

impl Notice {
    /// Whether it is for who reads this language on this site.
    pub fn is_for(&self, site: &SiteId, lang: &Lang) -> bool {
        (self.sites.is_empty() || self.sites.contains(site))
            && (self.languages.is_empty() || self.languages.contains(&lang.base()))
    }

    /// Whether it is shown on a page, by its path; one that is for some pages is not shown where none is known.
    pub fn is_on(&self, page: Option<&str>) -> bool {
        self.pages.is_empty()
            || page.is_some_and(|page| self.pages.iter().any(|pattern| pattern.fits(page)))
    }

    /// Whether it comes before the answers of a topic.
    pub fn covers(&self, topic: &TopicId) -> bool {
        self.topics.contains(topic)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn scope_is_site_language_page_and_topic() {
        let all = Notice {
            id: "cards".parse().unwrap(),
            state: NoticeState::Open,
            topics: Vec::new(),
            pages: Vec::new(),
            sites: Vec::new(),
            languages: Vec::new(),
            title: Text::default(),
            apology: Text::default(),
            happens: Text::default(),
            workaround: None,
            fixed: None,
            next_update: None,
        };
        let (es, ar) = ("es".parse().unwrap(), "ar".parse().unwrap());
        let (rio, en) = ("es-AR".parse().unwrap(), Lang::en());
        assert!(all.is_for(&es, &en) && all.is_for(&ar, &rio) && all.is_on(None));
        let some = Notice {
            topics: vec!["payment_declined".parse().unwrap()],
            pages: vec![PagePattern::new("/checkout*").unwrap()],
            sites: vec![ar.clone()],
            languages: vec![Lang::es()],
            ..all
        };
        assert!(some.is_for(&ar, &rio) && !some.is_for(&es, &rio) && !some.is_for(&ar, &en));
        assert!(some.is_on(Some("/checkout/pay")) && !some.is_on(Some("/")) && !some.is_on(None));
        let (covered, other) = (
            "payment_declined".parse().unwrap(),
            "size_guide".parse().unwrap(),
        );
        assert!(some.covers(&covered) && !some.covers(&other));
        let kept = serde_json::to_value(&some).unwrap();
        assert_eq!(kept["pages"], serde_json::json!(["/checkout*"]));
        assert_eq!(serde_json::from_value::<Notice>(kept).unwrap(), some);
    }
}
