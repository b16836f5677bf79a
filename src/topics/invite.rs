//! A proactive message: what the company says beside the launcher before anybody asks, on which pages and to whom.

use super::journey::PagePattern;
use super::text::Text;
use crate::ids::{InviteId, Lang, SiteId, TopicId};

/// One rule of `proactive.yaml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Invite {
    /// Its name.
    pub id: InviteId,
    /// Sites it is for; every site when empty.
    pub sites: Vec<SiteId>,
    /// Pages on which it is shown, never empty: a message that comes everywhere is an advertisement.
    pub pages: Vec<PagePattern>,
    /// Base languages it is for; every language when empty.
    pub languages: Vec<Lang>,
    /// Seconds on the page after which it is shown.
    pub after_s: u32,
    /// Only for who was here before, or only for who was not; nothing: for everybody.
    pub returning: Option<bool>,
    /// The message.
    pub say: Text,
    /// Topics whose buttons stand under the message once the panel is open.
    pub choices: Vec<TopicId>,
}

impl Invite {
    /// Whether it is a message of this site.
    pub fn is_of(&self, site: &SiteId) -> bool {
        self.sites.is_empty() || self.sites.contains(site)
    }

    /// Whether it is for who reads this language on this page of this site. `returning`: whether they were here before.
    pub fn is_for(&self, site: &SiteId, page: &str, lang: &Lang, returning: bool) -> bool {
        self.is_of(site)
            && (self.languages.is_empty() || self.languages.contains(&lang.base()))
            && self.returning.is_none_or(|wanted| wanted == returning)
            && self.pages.iter().any(|pattern| pattern.fits(page))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn whom_it_is_for_is_site_page_language_and_visit() {
        let (es, ar): (SiteId, SiteId) = ("es".parse().unwrap(), "ar".parse().unwrap());
        let all = Invite {
            id: "help".parse().unwrap(),
            sites: Vec::new(),
            pages: vec![PagePattern::new("/checkout*").unwrap()],
            languages: Vec::new(),
            after_s: 30,
            returning: None,
            say: Text::default(),
            choices: Vec::new(),
        };
        assert!(all.is_for(&es, "/checkout/pay", &Lang::en(), false));
        assert!(!all.is_for(&es, "/", &Lang::en(), false));
        let some = Invite {
            sites: vec![ar.clone()],
            languages: vec![Lang::es()],
            returning: Some(true),
            ..all
        };
        let rio: Lang = "es-AR".parse().unwrap();
        assert!(some.is_for(&ar, "/checkout", &rio, true));
        assert!(!some.is_for(&ar, "/checkout", &rio, false));
        assert!(!some.is_for(&ar, "/checkout", &Lang::en(), true));
        assert!(!some.is_for(&es, "/checkout", &rio, true));
    }
}
