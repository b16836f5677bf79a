//! The template syntax of examples, checked: `[x]` may be missing, `(a|b)` one of, `{slot}` any value of the slot.

use crate::ids::SlotName;

/// What is wrong with a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// A sign without its partner, at this byte offset.
    Unpaired { at: usize, sign: char },
    /// Everything in it may be missing.
    MayBeEmpty,
}

/// Brackets within brackets that the engine reads.
const DEEPEST: usize = 6;

/// Whether a line may stand among the examples: its signs pair and are not too deep, something is said outside of them, its slots have names.
pub fn is_example(line: &str) -> bool {
    let mut depth = 0_usize;
    let deep = line.chars().any(|c| {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    });
    let named = |slots: Vec<(usize, &str)>| {
        let mut names = slots.into_iter();
        names.all(|(_, name)| name.parse::<SlotName>().is_ok())
    };
    !deep && slots(line).is_ok_and(named)
}

/// The slots that a template names, with their byte offsets.
pub(super) fn slots(template: &str) -> Result<Vec<(usize, &str)>, Broken> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut slots = Vec::new();
    // Whether something outside every `[…]` is said.
    let mut said = false;
    for (at, c) in template.char_indices() {
        let unpaired = Err(Broken::Unpaired { at, sign: c });
        match c {
            '{' | '(' | '[' if open.last().is_some_and(|(_, sign)| *sign == '{') => {
                return unpaired;
            }
            '[' | '(' | '{' => open.push((at, c)),
            ']' | ')' | '}' => {
                let partner = match c {
                    ']' => '[',
                    ')' => '(',
                    _ => '{',
                };
                match open.pop() {
                    Some((from, sign)) if sign == partner => {
                        if c == '}' {
                            let name = template.get(from + 1..at).unwrap_or_default();
                            if name.is_empty() {
                                return unpaired;
                            }
                            slots.push((from, name));
                            said |= !open.iter().any(|(_, sign)| *sign == '[');
                        }
                    }
                    _ => return unpaired,
                }
            }
            '|' if !open.iter().any(|(_, sign)| *sign == '(' || *sign == '[') => return unpaired,
            _ => {
                said |= c.is_alphanumeric() && open.iter().all(|(_, sign)| *sign == '(');
            }
        }
    }
    match open.first() {
        Some(&(at, sign)) => Err(Broken::Unpaired { at, sign }),
        None if said => Ok(slots),
        None => Err(Broken::MayBeEmpty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_must_pair() {
        assert_eq!(
            slots("[todavía] no (llegó|me llega) {item}"),
            Ok(vec![(32, "item")])
        );
        for (bad, at, sign) in [
            ("[todavía no", 0, '['),
            ("no) llega", 2, ')'),
            ("(a|b]", 4, ']'),
            ("a|b", 1, '|'),
            ("{}", 1, '}'),
        ] {
            assert_eq!(slots(bad), Err(Broken::Unpaired { at, sign }), "{bad}");
        }
        assert!(is_example("[todavía] no (llegó|me llega) {item}"));
        for bad in ["no) llega", "[hola]", "a {Mi Dato}", "[[[[[[[a]]]]]]] b"] {
            assert!(!is_example(bad), "{bad}");
        }
        assert_eq!(slots("[hola]"), Err(Broken::MayBeEmpty));
        assert_eq!(slots("(hola|buenas)"), Ok(vec![]));
    }
}
