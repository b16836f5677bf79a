//! Misspelling on purpose: random edits at letters, so that what typos cost can be measured the same way everywhere.

use super::dice::Dice;

/// How texts are misspelt before they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typos {
    /// Edits a text.
    pub edits: usize,
    /// The same seed misspells alike.
    pub seed: u64,
}

/// Letters that are put in.
const LETTERS: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";

impl Typos {
    /// The text with its edits, each at a random letter and with equal chance: the letter is left out, another is put before it, it becomes
    /// another, it changes places with the next one. `row` keeps texts apart that are the same.
    pub(super) fn misspell(self, text: &str, row: usize) -> String {
        let mut dice = Dice::new(
            self.seed
                .wrapping_mul(0x2545_f491_4f6c_dd1d)
                .wrapping_add(row as u64),
        );
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..self.edits {
            edit(&mut chars, &mut dice);
        }
        chars.into_iter().collect()
    }
}

fn edit(chars: &mut Vec<char>, dice: &mut Dice) {
    let letters: Vec<usize> = (0..chars.len())
        .filter(|&at| chars.get(at).is_some_and(|c| c.is_alphabetic()))
        .collect();
    let Some(&at) = letters.get(dice.below(letters.len())) else {
        return;
    };
    match dice.below(4) {
        0 => {
            chars.remove(at);
        }
        1 => chars.insert(at, letter(dice)),
        2 => {
            let old = chars[at];
            let mut new = letter(dice);
            while new == old {
                new = letter(dice);
            }
            chars[at] = new;
        }
        _ => {
            let next = at + 1;
            if chars.get(next).is_some_and(|c| c.is_alphabetic()) {
                chars.swap(at, next);
            } else if let Some(before) = at.checked_sub(1)
                && chars.get(before).is_some_and(|c| c.is_alphabetic())
            {
                chars.swap(before, at);
            }
        }
    }
}

fn letter(dice: &mut Dice) -> char {
    let at = dice.below(LETTERS.len());
    LETTERS.get(at).copied().map_or('a', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_misspelt_the_same_way_each_time() {
        let typos = Typos { edits: 2, seed: 1 };
        let text = "¿dónde está mi tarjeta?";
        let once = typos.misspell(text, 3);
        assert_ne!(once, text);
        assert_eq!(once, typos.misspell(text, 3));
        assert_ne!(once, typos.misspell(text, 4));
        assert_ne!(once, Typos { edits: 2, seed: 2 }.misspell(text, 3));
    }

    #[test]
    fn only_letters_are_touched_and_every_kind_of_edit_occurs() {
        assert_eq!(Typos { edits: 3, seed: 1 }.misspell("123 ?!", 0), "123 ?!");
        assert_eq!(Typos { edits: 0, seed: 1 }.misspell("hola", 0), "hola");
        let (mut shorter, mut longer, mut swapped, mut changed) = (0, 0, 0, 0);
        for row in 0..400 {
            let text = "abcdefgh 12";
            let other = Typos { edits: 1, seed: 9 }.misspell(text, row);
            assert!(other.ends_with(" 12"), "{other}");
            let mut sorted: Vec<char> = other.chars().collect();
            sorted.sort_unstable();
            let mut same: Vec<char> = text.chars().collect();
            same.sort_unstable();
            match other.len().cmp(&text.len()) {
                std::cmp::Ordering::Less => shorter += 1,
                std::cmp::Ordering::Greater => longer += 1,
                std::cmp::Ordering::Equal if sorted == same => swapped += 1,
                std::cmp::Ordering::Equal => changed += 1,
            }
        }
        for count in [shorter, longer, swapped, changed] {
            assert!(
                (60..=140).contains(&count),
                "{shorter} {longer} {swapped} {changed}"
            );
        }
    }
}
