//! Where the inputs come from: a generator of numbers, and what they do to a text.

/// SplitMix64: the same seed gives the same inputs everywhere.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What inputs break on.
pub(crate) const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\t",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{301}",
    "\u{303}",
    "ñ",
    "Ñ",
    "ß",
    "İ",
    "ﬃ",
    "𝔘",
    "🏳️‍🌈",
    "１２３",
    "'",
    "\"",
    "`",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "|",
    "^",
    "$",
    ".*",
    "+",
    "?",
    "{9999}",
    "{0,}",
    "\\d",
    "\\p{L}",
    "\\b",
    "(?i)",
    "(?<a>",
    "(?=x)",
    "[^",
    "[a-",
    "#",
    ":",
    ": ",
    "- ",
    "&a ",
    "*a",
    "!!x ",
    "%",
    "@",
    "---\n",
    "|\n  ",
    ">\n  ",
    "~",
    "null",
    "0",
    "-1",
    "1e999",
    "99999999999999999999",
    "2027-13-45",
    "es",
    "en",
    "es-AR",
    "a.b@c.d",
    "https://x.y/z",
    "+34 900 000 000",
    "1.234,50",
    "mañana a las 10",
    "y quiero",
    "no",
    "sí",
    "hola",
    "pedido 1234567",
    "\r\n",
    "\r",
    "/",
    "../",
    "\u{e000}",
    "\u{10ffff}",
];

/// A text with a few edits: pieces put in, stretches left out, doubled, moved.
pub(crate) fn mutated(dice: &mut Dice, from: &str) -> String {
    let mut chars: Vec<char> = from.chars().collect();
    let edits = dice.below(4).min(dice.below(4));
    for _ in 0..=edits {
        let at = dice.below(chars.len() + 1);
        let to = (at + dice.below(12)).min(chars.len());
        match dice.below(5) {
            0 => drop(chars.drain(at..to)),
            1 => {
                let copy: Vec<char> = chars[at..to].to_vec();
                let most = if dice.below(50) == 0 { 200 } else { 3 };
                let times = 1 + dice.below(most);
                for _ in 0..times {
                    chars.splice(at..at, copy.iter().copied());
                }
            }
            2 => {
                let piece: Vec<char> = chars.drain(at..to).collect();
                let other = dice.below(chars.len() + 1);
                chars.splice(other..other, piece);
            }
            _ => {
                let piece = dice.one(PIECES).chars();
                chars.splice(at..at, piece);
            }
        }
    }
    chars.into_iter().collect()
}
