//! Reads reports of mail that did not arrive (RFC 3464: `multipart/report` with `message/delivery-status`). Pure.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use super::address::{read_message_id, shortened};
use crate::ids::{ConversationId, Seq};

/// A mail of ours that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// The event after which the mail is named.
    pub mail: Seq,
    /// The domain in its name.
    pub domain: String,
    /// To whom, shortened.
    pub to: String,
    /// Why, as an enhanced status code (RFC 3463): `5.1.1`.
    pub status: String,
}

/// Why a mail tells of no failure of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAReport {
    /// No mail, or one of another kind.
    #[error("this is no report of a mail that did not arrive (multipart/report, RFC 3464)")]
    OtherMail,
    /// The report does not name one of our mails.
    #[error("the report does not name a mail of this server (Message-ID)")]
    NotOurs,
}

/// What a report says: a failure, or nothing yet where the mail is only late.
///
/// # Errors
/// Where it is no report, or not of a mail of ours.
pub fn read(mail: &[u8]) -> Result<Option<Failure>, NotAReport> {
    let mail = MessageParser::default()
        .parse(mail)
        .ok_or(NotAReport::OtherMail)?;
    let statuses: Vec<String> = (mail.parts.iter())
        .filter(|part| {
            part.content_type().is_some_and(|kind| {
                kind.ctype() == "message"
                    && matches!(
                        kind.subtype(),
                        Some("delivery-status" | "global-delivery-status")
                    )
            })
        })
        .map(|part| String::from_utf8_lossy(part.contents()).into_owned())
        .collect();
    if statuses.is_empty() {
        return Err(NotAReport::OtherMail);
    }
    let (conversation, seq, domain) = named(&mail).ok_or(NotAReport::NotOurs)?;
    let failed = statuses.iter().flat_map(|text| groups(text)).find(|group| {
        field(group, "action").is_some_and(|action| action.eq_ignore_ascii_case("failed"))
    });
    Ok(failed.map(|group| Failure {
        conversation,
        mail: seq,
        domain,
        to: field(&group, "final-recipient")
            .or_else(|| field(&group, "original-recipient"))
            .map(|to| shortened(to.rsplit(';').next().unwrap_or_default().trim()))
            .unwrap_or_default(),
        status: field(&group, "status")
            .and_then(|status| status.split_whitespace().next().map(str::to_owned))
            .filter(|status| is_status(status))
            .unwrap_or_else(|| "5.0.0".to_owned()),
    }))
}

/// Class, subject and detail: three numbers with dots between.
pub(super) fn is_status(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3
        && matches!(parts.first(), Some(&("2" | "4" | "5")))
        && (parts.iter())
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Groups of fields: one of the mail, then one a recipient, with empty lines between.
fn groups(text: &str) -> Vec<Vec<(String, String)>> {
    let mut groups: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            groups.push(Vec::new());
        } else if line.starts_with([' ', '\t']) {
            let last = groups.last_mut().and_then(|group| group.last_mut());
            if let Some((_, value)) = last {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let (Some((name, value)), Some(group)) = (line.split_once(':'), groups.last_mut())
        {
            group.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

fn field(group: &[(String, String)], name: &str) -> Option<String> {
    let found = group.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone())
}

/// Our mail that the report is about: enclosed whole or as headers, else named by the report's own threading.
fn named(report: &Message<'_>) -> Option<(ConversationId, Seq, String)> {
    let enclosed = report.parts.iter().find_map(|part| match &part.body {
        PartType::Message(mail) => mail.message_id().and_then(read_message_id),
        PartType::Text(_) | PartType::Binary(_) | PartType::InlineBinary(_) => {
            let kind = part.content_type()?;
            let headers = kind.subtype()? == "rfc822-headers" || kind.ctype() == "message";
            let mail = headers.then(|| MessageParser::default().parse(part.contents()))??;
            mail.message_id().and_then(read_message_id)
        }
        PartType::Html(_) | PartType::Multipart(_) => None,
    });
    let threaded = || {
        [report.in_reply_to(), report.references()]
            .into_iter()
            .filter_map(mail_parser::HeaderValue::as_text_list)
            .flatten()
            .filter_map(|id| read_message_id(id))
            // Event 0 names the thread, not a mail.
            .find(|(_, seq, _)| *seq > Seq::ZERO)
    };
    enclosed.or_else(threaded)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    const ID: &str = "01930000-0000-7000-8000-000000000001";

    /// A report as Postfix writes it (RFC 3464, with the headers of the mail enclosed), made up for this test.
    fn report(action: &str, enclosed: &str) -> String {
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: hola@mareas.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
             Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
             --B\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example\r\nArrival-Date: Mon, 23 Nov 2026 11:00:00 +0100\r\n\r\n\
             Final-Recipient: rfc822; ana@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n    User unknown\r\n\r\n\
             --B\r\n{enclosed}\r\n--B--\r\n"
        )
    }

    fn ours() -> Failure {
        Failure {
            conversation: ID.parse().unwrap(),
            mail: Seq(12),
            domain: "mareas.example".to_owned(),
            to: "a…@example.org".to_owned(),
            status: "5.1.1".to_owned(),
        }
    }

    #[test]
    fn a_report_names_our_mail_whole_or_by_its_headers() {
        let headers = format!(
            "From: hola@mareas.example\r\nSubject: Hola\r\nMessage-ID: <{ID}.12@mareas.example>\r\n"
        );
        for enclosed in [
            format!("Content-Type: message/rfc822\r\n\r\n{headers}\r\nHola\r\n"),
            format!("Content-Type: text/rfc822-headers\r\n\r\n{headers}"),
        ] {
            let mail = report("failed", &enclosed);
            assert_eq!(read(mail.as_bytes()), Ok(Some(ours())), "{enclosed}");
        }
    }

    #[test]
    fn a_report_that_encloses_nothing_is_known_by_its_thread() {
        let mail = report("failed", "Content-Type: text/plain\r\n\r\n-\r\n");
        let threaded = format!("In-Reply-To: <{ID}.12@mareas.example>\r\n{mail}");
        assert_eq!(read(threaded.as_bytes()), Ok(Some(ours())));
        assert_eq!(read(mail.as_bytes()), Err(NotAReport::NotOurs));
    }

    #[test]
    fn a_mail_that_is_only_late_has_not_failed_and_other_mail_is_no_report() {
        let headers = format!(
            "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ID}.12@mareas.example>\r\n"
        );
        assert_eq!(read(report("delayed", &headers).as_bytes()), Ok(None));
        assert_eq!(
            read(b"Subject: Hola\r\n\r\nHola\r\n"),
            Err(NotAReport::OtherMail)
        );
        assert_eq!(read(b""), Err(NotAReport::OtherMail));
        assert_eq!(read(&[0xff; 4000]), Err(NotAReport::OtherMail));
    }
}
