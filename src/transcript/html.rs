//! A transcript as one page that needs nothing else: no script, no address, fit to be printed or sent by mail.

use std::fmt::Write;

use super::{Session, Speaker, Transcript};

/// Says what the page may do, should somebody open it where that counts: show itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE: &str = "\
body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#1d2129;background:#fff}\
h1{font-size:1.4rem;margin:0}h2{font-size:1rem;margin:2rem 0 .25rem;padding-top:1rem;border-top:1px solid #c9ced6}\
p{margin:0}.soft,time{color:#565d68;font-size:.875rem}\
ol{list-style:none;margin:1rem 0 0;padding:0}li{margin:0 0 .75rem;overflow-wrap:anywhere;break-inside:avoid}\
.text{white-space:pre-wrap}.visitor{margin-left:15%}.notice{text-align:center;color:#565d68;font-size:.875rem}\
.joined{padding-left:.75rem;border-left:3px solid #c9ced6}.note{padding:.5rem .75rem;border-left:3px solid #b38600;background:#fff7dd}\
@media print{body{margin:0;max-width:none}}";

/// The page, in the language of the visitor.
pub fn html(transcript: &Transcript) -> String {
    let mut out = String::new();
    // Writing into a string does not fail.
    let _: std::fmt::Result = page(transcript, &mut out);
    out
}

fn page(transcript: &Transcript, out: &mut String) -> std::fmt::Result {
    let title = escaped(&transcript.title);
    write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        escaped(transcript.lang.as_str()),
    )?;
    for remark in transcript.remarks() {
        writeln!(out, "<p class=\"soft\">{}</p>", escaped(remark))?;
    }
    for session in &transcript.sessions {
        section(transcript, session, out)?;
    }
    out.push_str("</body>\n</html>\n");
    Ok(())
}

fn section(transcript: &Transcript, session: &Session, out: &mut String) -> std::fmt::Result {
    writeln!(out, "<h2>{}</h2>", escaped(&session.day))?;
    let topics: Vec<_> = session.topics.iter().map(|topic| &*topic.name).collect();
    if !topics.is_empty() {
        writeln!(
            out,
            "<p class=\"soft\">{}</p>",
            escaped(&topics.join(" · "))
        )?;
    }
    out.push_str("<ol>\n");
    for line in &session.lines {
        let class = match line.from {
            Speaker::Visitor => "visitor",
            Speaker::Assistant => "assistant",
            Speaker::Agent => "agent",
            Speaker::Note => "note",
            Speaker::Notice => "notice",
        };
        let joined = line.conversation.map_or("", |_| " joined");
        write!(out, "<li class=\"{class}{joined}\"><p>")?;
        if !line.name.is_empty() {
            write!(out, "<b>{}</b> ", escaped(&line.name))?;
        }
        write!(
            out,
            "<time datetime=\"{}\">{}</time></p><p class=\"text\">{}</p>",
            escaped(&line.time),
            escaped(&line.hour),
            escaped(&line.text),
        )?;
        if let Some(offered) = transcript.offered(line) {
            write!(out, "<p class=\"soft\">{}</p>", escaped(&offered))?;
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
    Ok(())
}

/// A text that stands for itself in an element or a quoted attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
