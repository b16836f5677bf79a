//! The mail by which somebody without a console is asked about a case. It goes out at once, while whoever asks waits for it: when it does not, they know and ask
//! again. So it needs no entry, and no address of a colleague is kept for sending.

use std::sync::atomic::Ordering;

use super::super::letter::{Letter, Part};
use super::super::transport::{Outgoing, SendError};
use super::Outbox;
use crate::accounts::{Errand, digest};
use crate::ids::{Seq, Style};
use crate::topics::Reader;

/// The number in the mail's name: of no event, so that it is of no mail to the visitor, and another one for each errand.
fn number(token: &str) -> Seq {
    const BEYOND_EVENTS: u64 = 1 << 48;
    let begin: String = digest(token).chars().take(12).collect();
    Seq(BEYOND_EVENTS + u64::from_str_radix(&begin, 16).unwrap_or_default())
}

impl Outbox {
    /// Sends the mail of an errand; `token` opens its page.
    ///
    /// # Errors
    /// Why no server took it.
    pub async fn send_errand(&self, errand: &Errand, token: &str) -> Result<(), SendError> {
        let engine = self.engine();
        let site = match engine.reach(errand.conversation).await {
            Ok(Some(reach)) => reach.opening.site,
            Ok(None) => return Err(SendError::PutOff("there is no such conversation".into())),
            Err(why) => return Err(SendError::PutOff(why.to_string())),
        };
        let live = engine.live();
        let reader = Reader::new(&live.catalog, &site, &errand.lang, Style::Warm);
        let words = |key: &str| reader.engine(key, &[("name", &errand.by)]);
        let letter = Letter {
            subject: words("errand_subject"),
            lang: reader.lang.clone(),
            parts: vec![
                Part::Words(words("errand_mail")),
                Part::Quote(errand.note.clone()),
                Part::Link {
                    label: words("errand_open"),
                    url: format!("{}/e/{token}", self.inner.parts.base_url),
                },
                Part::Small(words("errand_link_note")),
            ],
        };
        let to = errand.to.parse().map_err(|_bad| SendError::Refused {
            status: "5.1.3".to_owned(),
            why: "no mail address".to_owned(),
        })?;
        let outgoing = Outgoing {
            conversation: errand.conversation,
            seq: number(token),
            to,
            at: engine.now(),
            letter,
        };
        self.inner.parts.mailer.send(outgoing).await?;
        self.inner.sent.fetch_add(1, Ordering::Relaxed);
        tracing::info!(conversation = %errand.conversation, "an errand went out");
        Ok(())
    }
}
