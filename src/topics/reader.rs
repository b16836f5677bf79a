//! Whoever reads a text: site, language with its register, style. One place decides which words they get.

use super::catalog::Catalog;
use super::placeholders::fill;
use super::text::Text;
use crate::ids::{Lang, SiteId, Style};

/// A reader of the catalogue's texts.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    /// The catalogue.
    pub catalog: &'a Catalog,
    /// The site, for its facts.
    pub site: SiteId,
    /// The language with the site's register: `es-AR` for Spanish on a site of Argentina.
    pub lang: Lang,
    /// Short or fuller sentences.
    pub style: Style,
}

impl<'a> Reader<'a> {
    /// A reader of `lang` on `site`: where the site's register is of that language, it is the register that they read, unless they wish for *usted*.
    pub fn new(catalog: &'a Catalog, site: &SiteId, lang: &Lang, style: Style) -> Self {
        let lang = catalog
            .site(site)
            .map(|site| &site.register)
            .filter(|register| register.base() == lang.base() && !lang.is_formal())
            .unwrap_or(lang);
        Self {
            catalog,
            site: site.clone(),
            lang: lang.clone(),
            style,
        }
    }

    /// The words of a text for this reader, places unfilled.
    pub fn words<'t>(&self, text: &'t Text) -> &'t str {
        text.for_reader(&self.lang, self.style)
    }

    /// A text with its places filled by `value`, then by facts, `{brand}` and `{assistant}`; what nobody knows says so.
    pub fn fill(&self, text: &Text, value: impl Fn(&str) -> Option<String>) -> String {
        fill(
            self.words(text),
            |name| value(name).or_else(|| self.common(name)),
            |_unknown| {
                self.catalog
                    .text("unknown_value")
                    .map_or_else(|| "—".to_owned(), |text| self.words(text).to_owned())
            },
        )
    }

    /// The places of a text that nobody can fill.
    pub fn unfilled(&self, text: &Text, value: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let unknown = std::cell::RefCell::new(Vec::new());
        fill(
            self.words(text),
            |name| value(name).or_else(|| self.common(name)),
            |name| {
                unknown.borrow_mut().push(name.to_owned());
                String::new()
            },
        );
        unknown.into_inner()
    }

    /// One of the engine's own texts, with these values. A key without a text gives its name: a missing sentence is seen, not hidden.
    pub fn engine(&self, key: &str, values: &[(&str, &str)]) -> String {
        match self.catalog.text(key) {
            None => key.to_owned(),
            Some(text) => self.fill(text, |name| {
                values
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| (*value).to_owned())
            }),
        }
    }

    /// A fact of the site, the brand, or the assistant's name.
    fn common(&self, name: &str) -> Option<String> {
        if let Some(fact) = self.catalog.fact(name, &self.site) {
            return Some(self.words(fact).to_owned());
        }
        match name {
            "brand" => Some(self.catalog.assistant.brand.clone()),
            "assistant" => Some(self.words(&self.catalog.assistant.name).to_owned()),
            _ => None,
        }
    }
}
