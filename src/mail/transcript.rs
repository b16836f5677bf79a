//! A transcript as parts of a mail. Pure.

use super::letter::Part;
use crate::transcript::{Speaker, Transcript};

/// Its lines, with a date at the beginning of each session; nothing where nobody said anything.
pub(super) fn parts(transcript: &Transcript) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = (transcript.remarks())
        .map(|remark| Part::Small(remark.to_owned()))
        .collect();
    let mut has_words = false;
    for session in &transcript.sessions {
        parts.push(Part::Words(session.day().to_owned()));
        for line in &session.lines {
            // What comes from another conversation stands behind a bar.
            let bar = line.conversation.map_or("", |_| "| ");
            let hour = line.hour();
            if line.from == Speaker::Notice {
                parts.push(Part::Small(format!("{bar}[{hour}] {}", line.text)));
                continue;
            }
            has_words = true;
            let offered = transcript.offered(line);
            let said = [Some(line.text.clone()), offered].into_iter().flatten();
            let said = said.collect::<Vec<_>>().join("\n");
            parts.push(Part::Field(format!("{bar}[{hour}] {}", line.name), said));
        }
    }
    has_words.then_some(parts)
}
