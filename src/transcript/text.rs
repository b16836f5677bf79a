//! A transcript as plain text.

use std::fmt::Write;

use super::{Speaker, Transcript};

/// One line a message: `[11:02] Marta: Hola`. What goes on over several lines is indented under its first.
pub fn text(transcript: &Transcript) -> String {
    let mut out = String::new();
    // Writing into a string does not fail.
    let _: std::fmt::Result = write(transcript, &mut out);
    out
}

fn write(transcript: &Transcript, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{}", transcript.title)?;
    for remark in transcript.remarks() {
        writeln!(out, "{remark}")?;
    }
    for session in &transcript.sessions {
        writeln!(out, "\n— {} —", session.day)?;
        let topics: Vec<_> = session.topics.iter().map(|topic| &*topic.name).collect();
        if !topics.is_empty() {
            writeln!(out, "{}", topics.join(" · "))?;
        }
        writeln!(out)?;
        for line in &session.lines {
            let said = line.text.replace('\n', "\n        ");
            let hour = &line.hour;
            // What comes from another conversation stands behind a bar.
            if line.conversation.is_some() {
                out.push_str("| ");
            }
            match line.from {
                Speaker::Notice => writeln!(out, "[{hour}] * {said}")?,
                Speaker::Note => writeln!(out, "[{hour}] # {}: {said}", line.name)?,
                Speaker::Visitor | Speaker::Assistant | Speaker::Agent => {
                    writeln!(out, "[{hour}] {}: {said}", line.name)?;
                }
            }
            if let Some(offered) = transcript.offered(line) {
                writeln!(out, "        ({offered})")?;
            }
        }
    }
    Ok(())
}
