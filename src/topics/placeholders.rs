//! The `{name}` places of a text. `{{` is a brace, and so is `}}`.

use super::catalog::Catalog;

/// Whether a text that comes from no file has a place that is not closed, or that neither a fact nor the company fills.
pub fn unreadable_place(text: &str, catalog: &Catalog) -> bool {
    let facts = |name: &str| {
        let mut of_sites = catalog.site_facts.values();
        catalog.facts.contains_key(name) || of_sites.any(|facts| facts.contains_key(name))
    };
    find(text).map_or(true, |found| {
        let filled = |name: &str| matches!(name, "brand" | "assistant") || facts(name);
        !found.iter().all(|(_, name)| filled(name))
    })
}

/// The places of a text with the byte offset of their brace, or the offset of one that is not right.
pub(super) fn find(text: &str) -> Result<Vec<(usize, &str)>, usize> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text
        .get(from..)
        .and_then(|rest| rest.find('{'))
        .map(|at| at + from)
    {
        let after = text.get(at + 1..).unwrap_or_default();
        if after.starts_with('{') {
            from = at + 2;
            continue;
        }
        let Some((name, _)) = after.split_once('}') else {
            return Err(at);
        };
        let valid = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
            && name.bytes().all(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'.')
            });
        if !valid {
            return Err(at);
        }
        found.push((at, name));
        from = at + name.len() + 2;
    }
    Ok(found)
}

/// A text with its places filled by `value`, and `{{`, `}}` as single braces. A place that `value` does not know is left to `unknown`.
pub fn fill(
    text: &str,
    mut value: impl FnMut(&str) -> Option<String>,
    mut unknown: impl FnMut(&str) -> String,
) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        filled.push_str(before);
        let closing = brace.starts_with('}');
        rest = brace.get(1..).unwrap_or_default();
        if let Some(tail) = rest.strip_prefix(if closing { '}' } else { '{' }) {
            filled.push(if closing { '}' } else { '{' });
            rest = tail;
        } else if closing {
            filled.push('}');
        } else if let Some((name, tail)) = rest.split_once('}') {
            filled.push_str(&value(name).unwrap_or_else(|| unknown(name)));
            rest = tail;
        } else {
            filled.push('{');
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_and_braces_left() {
        assert_eq!(find("{{x}} ñ {date}."), Ok(vec![(9, "date")]));
        assert_eq!(find("a {Date}"), Err(2));
        assert_eq!(find("a {date"), Err(2));
    }

    #[test]
    fn a_text_is_filled_once() {
        // What a visitor typed may hold braces; it is not filled again.
        let filled = fill(
            "{{a}} {b} {c} }",
            |name| (name == "b").then(|| "{c}".to_owned()),
            |name| format!("<{name}>"),
        );
        assert_eq!(filled, "{a} {c} <c> }");
    }
}
