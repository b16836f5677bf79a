//! No text makes the reader panic.

use super::*;

proptest! {
    #[test]
    fn no_text_panics(name in "(where|_assistant|_calls|_slots|_lists|_facts\\.ar|teams|hours|journey|feedback)\\.yaml", text in "(?s).{0,200}") {
        with(&name, &text);
    }

    #[test]
    fn no_yaml_panics(name in "(where|_assistant|_calls|_slots|_lists|_facts|teams|hours|journey|feedback)\\.yaml", text in "([a-z_]{1,9}:|- |[ \\n]{1,4}|[\\[\\]{}\"'|>#&*!%@:,]|ñ|\\$\\{|\t|es: ){0,60}") {
        with(&name, &text);
    }

    /// A good file with a stretch cut out or a sign put in: most of it is read, so the later checks are reached.
    #[test]
    fn no_damage_panics(which in 0usize..4, from in 0usize..1200, length in 0usize..40, sign in "[\\[\\]{}\"'|>#&*!%:,\\n ñ]{0,3}") {
        let (path, text) = [(WHERE, TOPIC), ("_calls.yaml", CALLS), ("_assistant.yaml", ASSISTANT), ("_slots.yaml", SLOTS)][which];
        let chars: Vec<char> = text.chars().collect();
        let from = from.min(chars.len());
        let to = (from + length).min(chars.len());
        let damaged: String = chars[..from].iter().copied().chain(sign.chars()).chain(chars[to..].iter().copied()).collect();
        let checked = with(path, &damaged);
        let lines = damaged.lines().count().max(1);
        for problem in checked.problems.iter().filter(|problem| problem.file == path) {
            prop_assert!((1..=lines + 1).contains(&problem.line), "{problem}");
        }
    }
}
