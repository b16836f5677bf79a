//! Sends: by SMTP, or into a folder, for small installations that pick mail up from there and for tests.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::address::{discreet, message_id};
use super::bounce::is_status;
use super::letter::Letter;
use crate::config::MailConfig;
use crate::ids::{ConversationId, Seq, Timestamp};

/// The network's patience with a mail server.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends mails under the company's name.
pub struct Mailer {
    way: Way,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    bounces: Address,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// A mail that is ready to go.
pub(super) struct Outgoing {
    pub conversation: ConversationId,
    pub seq: Seq,
    pub to: Address,
    pub at: Timestamp,
    pub letter: Letter,
}

/// A server has taken a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What it said, addresses shortened.
    pub answer: String,
}

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Never: this mail, or this address.
    #[error("refused: {why}")]
    Refused {
        /// Enhanced status code: `5.1.1`.
        status: String,
        /// What the server said, addresses shortened.
        why: String,
    },
    /// Not now, but this mail alone.
    #[error("put off: {0}")]
    PutOff(String),
    /// No mail goes out now: no server, or it does not let us in.
    #[error("{0}")]
    NoServer(String),
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer({})", self.from)
    }
}

impl Mailer {
    /// A mailer as configured.
    ///
    /// # Errors
    /// What is wrong with the configuration, in words for the operator.
    pub fn new(config: &MailConfig) -> Result<Self, String> {
        let from: Mailbox = mailbox("from", &config.from)?;
        let reply_to = config.reply_to.as_deref();
        let reply_to = reply_to.map(|text| mailbox("reply_to", text)).transpose()?;
        let bounces = config.bounces.as_deref();
        let bounces = bounces.map(|text| mailbox("bounces", text)).transpose()?;
        let way = match (&config.smtp, &config.folder) {
            (Some(url), None) => Way::Smtp(smtp(config, url)?),
            (None, Some(folder)) => {
                std::fs::create_dir_all(folder).map_err(|why| {
                    format!("mail.folder: cannot make {}: {why}", folder.display())
                })?;
                Way::Folder(folder.clone())
            }
            _ => return Err("mail: either smtp or folder is needed, not both".to_owned()),
        };
        Ok(Self {
            way,
            bounces: bounces.map_or_else(|| from.email.clone(), |bounces| bounces.email),
            from,
            reply_to,
        })
    }

    /// The domain in the names of our mails.
    pub(super) fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// Whether somebody reads what is answered to a mail.
    pub(super) fn is_read(&self) -> bool {
        self.reply_to.is_some()
    }

    /// Sends one. When it fails after the server has taken it, which nobody can know, it may go out again under the same name.
    pub(super) async fn send(&self, mail: Outgoing) -> Result<Sent, SendError> {
        let file = format!("{}-{}.{}.eml", mail.at.0, mail.conversation, mail.seq.0);
        let message = self.written(mail).map_err(|why| SendError::Refused {
            status: "5.6.0".to_owned(),
            why: discreet(&why),
        })?;
        match &self.way {
            Way::Smtp(server) => match server.send(message).await {
                Ok(response) => {
                    let words: Vec<&str> = response.message().collect();
                    let answer = format!("{} {}", response.code(), words.join(" "));
                    Ok(Sent {
                        answer: discreet(&answer),
                    })
                }
                Err(error) => Err(sorted(&error)),
            },
            Way::Folder(folder) => {
                put(folder, &file, &message.formatted())
                    .await
                    .map_err(|why| {
                        SendError::NoServer(format!("cannot write to {}: {why}", folder.display()))
                    })?;
                Ok(Sent { answer: file })
            }
        }
    }

    fn written(&self, mail: Outgoing) -> Result<Message, String> {
        let name = |seq| message_id(mail.conversation, seq, self.domain());
        let thread = name(Seq::ZERO);
        let since = Duration::from_millis(u64::try_from(mail.at.0).unwrap_or(0));
        let envelope = Envelope::new(Some(self.bounces.clone()), vec![mail.to.clone()]);
        let mut message = Message::builder()
            .envelope(envelope.map_err(|why| why.to_string())?)
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.to))
            .subject(&mail.letter.subject)
            .message_id(Some(name(mail.seq)))
            .in_reply_to(thread.clone())
            .references(thread)
            .date(UNIX_EPOCH + since)
            // So that no holiday notice answers (RFC 3834).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        let body = MultiPart::alternative_plain_html(mail.letter.text(), mail.letter.html());
        message.multipart(body).map_err(|why| why.to_string())
    }
}

fn mailbox(key: &str, text: &str) -> Result<Mailbox, String> {
    text.parse().map_err(|_bad| {
        format!("mail.{key}: {text:?} is no address such as \"Mareas <hola@mareas.example>\"")
    })
}

/// `smtps://host` speaks TLS from the beginning, `smtp://host` must come to it by STARTTLS; only a server on this machine may do without.
fn smtp(config: &MailConfig, url: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let bad = || {
        format!(
            "mail.smtp: {url:?} is no address such as smtps://smtp.example.com or smtp://localhost:25"
        )
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(bad)?;
    let authority = rest.trim_end_matches('/');
    if authority.contains('@') {
        return Err("mail.smtp: user and password do not stand in the address; there are mail.user and VENTANILLA_MAIL_PASSWORD".to_owned());
    }
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    if host.is_empty() || authority.contains(['/', '?', '#', ' ']) {
        return Err(bad());
    }
    let is_here = matches!(host, "localhost" | "[::1]") || host.starts_with("127.");
    let address = match (scheme, is_here && config.user.is_none()) {
        ("smtps", _) => format!("smtps://{authority}"),
        ("smtp", true) => format!("smtp://{authority}"),
        ("smtp", false) => format!("smtp://{authority}?tls=required"),
        _ => return Err(bad()),
    };
    let mut server =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&address).map_err(|_bad| bad())?;
    if let Some(file) = &config.ca {
        let shown = file.display();
        let pem =
            std::fs::read(file).map_err(|why| format!("mail.ca: cannot read {shown}: {why}"))?;
        let ca = Certificate::from_pem(&pem).map_err(|why| format!("mail.ca: {shown}: {why}"))?;
        let tls = TlsParameters::builder(host.to_owned())
            .add_root_certificate(ca)
            .build_rustls();
        let tls = tls.map_err(|why| format!("mail.ca: {shown}: {why}"))?;
        server = server.tls(if scheme == "smtps" {
            Tls::Wrapper(tls)
        } else {
            Tls::Required(tls)
        });
    }
    if let Some(user) = &config.user {
        let password = config.password.as_ref();
        let password = password
            .ok_or("mail.user is given, and VENTANILLA_MAIL_PASSWORD is not in the environment")?;
        server = server.credentials(Credentials::new(user.clone(), password.told().to_owned()));
    }
    Ok(server.timeout(Some(TIMEOUT)).build())
}

/// What an error of the server means for this mail, and for the others.
fn sorted(error: &lettre::transport::smtp::Error) -> SendError {
    let mut why = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !why.contains(&cause_text) {
            why.push_str(": ");
            why.push_str(&cause_text);
        }
        source = cause.source();
    }
    let code = error.status().map(u16::from);
    let why = discreet(&why);
    // This mail is what cannot be sent, an address that the server has no letters for, say (RFC 6531 §3.5): the others can.
    if error.is_client() {
        return SendError::Refused {
            status: "5.6.7".to_owned(),
            why,
        };
    }
    match code {
        // 421 closes the connection; 454 and 53x are about us and our password, whoever the mail is for.
        Some(421 | 454 | 530 | 534 | 535 | 538) | None => SendError::NoServer(why),
        Some(code) if error.is_permanent() => {
            let said = why
                .split_whitespace()
                .map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()));
            let mut said = said.filter(|word| is_status(word));
            SendError::Refused {
                status: said.next().map_or_else(|| code.to_string(), str::to_owned),
                why,
            }
        }
        Some(_) => SendError::PutOff(why),
    }
}

/// Whole or not at all: whoever picks mail up from the folder must not meet half of one.
async fn put(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let beside = folder.join(format!(".{name}.tmp"));
    tokio::fs::write(&beside, bytes).await?;
    tokio::fs::rename(&beside, folder.join(name)).await
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::ids::Lang;
    use crate::mail::letter::Part;

    fn config(smtp: &str) -> MailConfig {
        MailConfig {
            from: "Mareas <hola@mareas.example>".to_owned(),
            smtp: Some(smtp.to_owned()),
            ..MailConfig::default()
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_what_to_do() {
        for (smtp, told) in [
            ("smtp.example.com", "mail.smtp:"),
            ("http://smtp.example.com", "mail.smtp:"),
            ("smtps://", "mail.smtp:"),
            (
                "smtp://ana:secret@smtp.example.com",
                "VENTANILLA_MAIL_PASSWORD",
            ),
        ] {
            let error = Mailer::new(&config(smtp)).unwrap_err();
            assert!(error.contains(told) && !error.contains("secret"), "{error}");
        }
        let nobody = MailConfig {
            from: "Mareas".to_owned(),
            ..config("smtps://smtp.example.com")
        };
        assert!(Mailer::new(&nobody).unwrap_err().contains("mail.from"));
        let no_password = MailConfig {
            user: Some("ana".to_owned()),
            ..config("smtps://smtp.example.com")
        };
        assert!(
            Mailer::new(&no_password)
                .unwrap_err()
                .contains("VENTANILLA_MAIL_PASSWORD")
        );
        assert!(
            Mailer::new(&MailConfig {
                folder: Some("f".into()),
                ..config("smtps://a.example")
            })
            .is_err()
        );
    }

    #[tokio::test]
    async fn a_mail_has_a_name_of_its_own_a_thread_and_two_forms() {
        let folder = tempfile::tempdir().unwrap();
        let config = MailConfig {
            from: "Mareas <hola@mareas.example>".to_owned(),
            folder: Some(folder.path().into()),
            bounces: Some("rebotes@mareas.example".to_owned()),
            ..MailConfig::default()
        };
        let mail = Outgoing {
            conversation: ConversationId::from_bytes([1; 16]),
            seq: Seq(7),
            to: "ana@example.org".parse().unwrap(),
            at: Timestamp(1_795_428_000_000),
            letter: Letter {
                subject: "Respuesta: mañana sí\r\nBcc: eva@example.org".to_owned(),
                lang: Lang::es(),
                parts: vec![Part::Words("Mañana llega.".to_owned())],
            },
        };
        let sent = Mailer::new(&config).unwrap().send(mail).await.unwrap();
        let written = std::fs::read(folder.path().join(&sent.answer)).unwrap();
        let mail = mail_parser::MessageParser::default()
            .parse(&written)
            .unwrap();
        assert_eq!(
            mail.message_id(),
            Some("01010101-0101-0101-0101-010101010101.7@mareas.example")
        );
        assert_eq!(
            mail.references().as_text(),
            Some("01010101-0101-0101-0101-010101010101.0@mareas.example")
        );
        assert!(mail.bcc().is_none(), "a subject cannot add a header");
        assert_eq!(
            mail.header("Auto-Submitted")
                .and_then(|value| value.as_text()),
            Some("auto-generated")
        );
        assert_eq!(mail.body_text(0).unwrap().trim(), "Mañana llega.");
        assert!(mail.body_html(0).unwrap().contains("<p>Mañana llega.</p>"));
    }
}
