//! Addresses and the names of our mails.

use crate::ids::{ConversationId, Seq};

/// An address that tells only whoever knows it which one it is: `a…@example.org`.
pub(super) fn shortened(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

/// A text of a mail server, with each address in it shortened and the whole cut to a line.
pub(super) fn discreet(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.contains('@') {
            shortened(bare)
        } else {
            word.to_owned()
        }
    });
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().take(200).collect()
}

/// The name of a mail, `<conversation.event@domain>`; event 0 is the thread itself.
pub(super) fn message_id(conversation: ConversationId, seq: Seq, domain: &str) -> String {
    format!("<{conversation}.{}@{domain}>", seq.0)
}

/// The conversation and event of one of our names.
pub(super) fn read_message_id(id: &str) -> Option<(ConversationId, Seq, String)> {
    let bare = id.trim().trim_start_matches('<').trim_end_matches('>');
    let (local, domain) = bare.split_once('@')?;
    let (conversation, seq) = local.split_once('.')?;
    Some((
        conversation.parse().ok()?,
        Seq(seq.parse().ok()?),
        domain.to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_s_words_carry_no_address() {
        assert_eq!(
            discreet(
                "550 5.1.1 <ana.garcia@example.org>: Recipient address rejected:\r\n User unknown"
            ),
            "550 5.1.1 a…@example.org Recipient address rejected: User unknown"
        );
        assert_eq!(shortened("ñandú@example.org"), "ñ…@example.org");
    }

    #[test]
    fn our_names_are_read_back() {
        let id = ConversationId::from_bytes([9; 16]);
        let name = message_id(id, Seq(12), "mareas.example");
        assert_eq!(
            read_message_id(&name),
            Some((id, Seq(12), "mareas.example".to_owned()))
        );
        for strange in ["<abc@mareas.example>", "", "<1.2@x>", "no"] {
            assert_eq!(read_message_id(strange), None, "{strange}");
        }
    }
}
