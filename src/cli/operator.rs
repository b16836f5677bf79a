//! The language of whoever runs the commands: Spanish or English, from the environment as programs read it.

use crate::ids::Lang;

/// Spanish when the locale is Spanish, English for everybody else.
pub(super) fn locale() -> Lang {
    of(|name| std::env::var(name).ok())
}

fn of(env: impl Fn(&str) -> Option<String>) -> Lang {
    let wanted = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(env)
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    if wanted.starts_with("es") {
        Lang::es()
    } else {
        Lang::en()
    }
}

/// The wording for a reader.
pub(super) fn said<T>(lang: &Lang, es: T, en: T) -> T {
    if lang.base() == Lang::es() { es } else { en }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_something_decides() {
        let env = |pairs: &'static [(&str, &str)]| {
            move |name: &str| {
                let found = pairs.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            }
        };
        assert_eq!(of(env(&[("LANG", "es_AR.UTF-8")])), Lang::es());
        assert_eq!(
            of(env(&[
                ("LC_ALL", ""),
                ("LC_MESSAGES", "en_GB"),
                ("LANG", "es")
            ])),
            Lang::en()
        );
        assert_eq!(of(env(&[])), Lang::en());
    }
}
