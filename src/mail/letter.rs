//! What a mail is made of, and its two forms: plain text and HTML with the same words. Pure.

use std::fmt::Write as _;

use crate::ids::Lang;

/// A mail before it has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    /// Its subject.
    pub subject: String,
    /// Language of the words.
    pub lang: Lang,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Our words.
    Words(String),
    /// Somebody's words as they were written.
    Quote(String),
    /// A name and its value, as on a form.
    Field(String, String),
    /// A link.
    Link {
        /// What it does.
        label: String,
        /// Its address.
        url: String,
    },
    /// Our words at the foot.
    Small(String),
}

impl Letter {
    /// The mail as plain text.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        let mut in_fields = false;
        for part in &self.parts {
            let is_field = matches!(part, Part::Field(..));
            if !(out.is_empty() || in_fields && is_field) {
                out.push('\n');
            }
            in_fields = is_field;
            match part {
                Part::Words(words) | Part::Small(words) => {
                    out.push_str(words);
                    out.push('\n');
                }
                Part::Quote(words) => {
                    for line in words.lines() {
                        let _: std::fmt::Result = writeln!(out, "> {line}");
                    }
                }
                Part::Field(name, value) => {
                    let _: std::fmt::Result = writeln!(out, "{name}: {value}");
                }
                Part::Link { label, url } => {
                    let _: std::fmt::Result = writeln!(out, "{label}:\n{url}");
                }
            }
        }
        out
    }

    /// The mail as HTML: no image, no script, nothing that is fetched.
    pub(super) fn html(&self) -> String {
        let mut out = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n<title>{}</title>\n\
             <body style=\"margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1d1d1f;background:#fff\">\n\
             <div style=\"max-width:36em\">\n",
            escaped(self.lang.as_str()),
            escaped(&self.subject)
        );
        for part in &self.parts {
            let _: std::fmt::Result = match part {
                Part::Words(words) => writeln!(out, "<p>{}</p>", escaped(words)),
                Part::Quote(words) => writeln!(
                    out,
                    "<blockquote style=\"margin:16px 0;padding:0 16px;border-left:3px solid #7a7a80;white-space:pre-line\">{}</blockquote>",
                    escaped(words)
                ),
                Part::Field(name, value) => writeln!(
                    out,
                    "<p style=\"margin:4px 0;white-space:pre-line\"><b>{}:</b> {}</p>",
                    escaped(name),
                    escaped(value)
                ),
                Part::Link { label, url } => writeln!(
                    out,
                    "<p><a href=\"{}\" style=\"color:#0b57d0\">{}</a></p>",
                    escaped(url),
                    escaped(label)
                ),
                Part::Small(words) => writeln!(
                    out,
                    "<p style=\"font-size:13px;color:#5f5f66\">{}</p>",
                    escaped(words)
                ),
            };
        }
        out.push_str("</div>\n</body>\n</html>\n");
        out
    }
}

/// A text that means nothing in HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same_and_nothing_that_was_written_is_markup() {
        let letter = Letter {
            subject: "Respuesta de Mareas".to_owned(),
            lang: Lang::es(),
            parts: vec![
                Part::Words("Marta respondió:".to_owned()),
                Part::Quote("Hola,\n<b>ya salió</b>".to_owned()),
                Part::Field("Caso".to_owned(), "M-1".to_owned()),
                Part::Field("Plazo".to_owned(), "hoy".to_owned()),
                Part::Link {
                    label: "Abrir".to_owned(),
                    url: "https://chat.example/r/a".to_owned(),
                },
            ],
        };
        assert_eq!(
            letter.text(),
            "Marta respondió:\n\n> Hola,\n> <b>ya salió</b>\n\nCaso: M-1\nPlazo: hoy\n\nAbrir:\nhttps://chat.example/r/a\n"
        );
        let html = letter.html();
        assert!(
            html.contains("&lt;b&gt;ya salió&lt;/b&gt;") && !html.contains("<b>ya"),
            "{html}"
        );
        assert!(
            html.contains("<a href=\"https://chat.example/r/a\""),
            "{html}"
        );
    }
}
