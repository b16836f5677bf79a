//! Why somebody was asked at the end, or was not: the code of the log in words that its reader is owed.

use crate::conversation::AskedQuestion;
use crate::topics::Reader;

/// What became of asking at a close, as a sentence; nothing in logs from before it was decided.
pub(super) fn why(
    reader: &Reader<'_>,
    question: Option<&AskedQuestion>,
    because: &str,
) -> Option<String> {
    let Some(asked) = question else {
        let key = none_key(because)?;
        let why = reader.engine(key, &[]);
        return Some(reader.engine("transcript_no_question", &[("why", &why)]));
    };
    let (code, number) = asked
        .put_because
        .split_once(':')
        .unwrap_or((&asked.put_because, ""));
    let why = reader.engine(put_key(code)?, &[("count", number)]);
    let key = if asked.quiet {
        "transcript_not_asked"
    } else {
        "transcript_asked"
    };
    Some(reader.engine(key, &[("ask", &asked.ask), ("why", &why)]))
}

/// Of `Closed::because`, where there was no question.
fn none_key(because: &str) -> Option<&'static str> {
    Some(match because {
        "sensitive_topic" => "why_sensitive_topic",
        "no_visitor_turn" => "why_no_visitor_turn",
        "no_question_fits" => "why_no_question_fits",
        _ => return None,
    })
}

/// Of `AskedQuestion::put_because`, without its number.
fn put_key(code: &str) -> Option<&'static str> {
    Some(match code {
        "everybody" => "why_everybody",
        "few_answers" => "why_few_answers",
        "silent" => "why_silent",
        "drawn" => "why_drawn",
        "not_drawn" => "why_not_drawn",
        "nobody_there" => "why_nobody_there",
        "flagged" => "why_flagged",
        "notice" => "why_notice",
        "too_short" => "why_too_short",
        "asked_this_session" => "why_asked_this_session",
        "case_open" => "why_case_open",
        "answered_lately" => "why_answered_lately",
        "declined_lately" => "why_declined_lately",
        "asked_enough" => "why_asked_enough",
        _ => return None,
    })
}
