//! `ventanilla bounce < MAIL`: the end of a pipe into which a mail server puts the reports of mail that did not arrive.
//!
//! The exit code is the mail server's language (`sysexits.h`): 0 taken, 75 bring it again, 65 not for us.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::Context;

use super::operator::{locale, said};
use super::options::Options;
use crate::admin_socket::tell_bounce;
use crate::config::Config;
use crate::ids::Lang;
use crate::mail::{NotAReport, read_bounce};

/// A report encloses a mail of ours, which is small; what is larger is read no further.
const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// `EX_DATAERR`.
const NOT_FOR_US: u8 = 65;
/// `EX_TEMPFAIL`.
const AGAIN: u8 = 75;

/// Records that an e-mail did not arrive.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let mut mail = Vec::new();
    let read = std::io::stdin().take(MOST_BYTES).read_to_end(&mut mail);
    read.context("while reading standard input")?;
    super::block_on(async move {
        let (code, words) = taken(&config, &mail, &locale()).await;
        match code {
            0 => println!("{words}"),
            _ => eprintln!("ventanilla: {words}"),
        }
        Ok(ExitCode::from(code))
    })
}

/// The exit code, and a line that says why.
async fn taken(config: &Config, mail: &[u8], reader: &Lang) -> (u8, String) {
    let failure = match read_bounce(mail) {
        Ok(Some(failure)) => failure,
        Ok(None) => {
            let only_late = said(
                reader,
                "el correo solo se demora; no hay nada que anotar",
                "the mail is only late; nothing to note",
            );
            return (0, only_late.to_owned());
        }
        Err(why @ (NotAReport::OtherMail | NotAReport::NotOurs)) => {
            let words = said(
                reader,
                match why {
                    NotAReport::OtherMail => {
                        "esto no es un aviso de correo no entregado (multipart/report, RFC 3464)"
                            .to_owned()
                    }
                    NotAReport::NotOurs => {
                        "el aviso no nombra ningún correo de este servidor (Message-ID)".to_owned()
                    }
                },
                why.to_string(),
            );
            return (NOT_FOR_US, words);
        }
    };
    let (to, status) = (failure.to.clone(), failure.status.clone());
    match tell_bounce(config, failure).await {
        Ok(Some(true)) => {
            let es = format!("anotado: el correo a {to} no llegó ({status})");
            (
                0,
                said(
                    reader,
                    es,
                    format!("noted: the e-mail to {to} did not arrive ({status})"),
                ),
            )
        }
        Ok(Some(false)) => {
            let es = "este servidor no envió ningún correo con ese nombre";
            (
                NOT_FOR_US,
                said(reader, es, "this server has sent no mail of that name").to_owned(),
            )
        }
        Ok(None) => {
            let data = config.data.display();
            let es = format!("no hay ningún servidor en marcha con {data}");
            (
                AGAIN,
                said(reader, es, format!("no server is running on {data}")),
            )
        }
        Err(why) => (AGAIN, format!("{why:#}")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn other_mail_is_not_for_us_and_without_a_server_it_is_to_be_brought_again() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            data: folder.path().into(),
            ..Config::default()
        };
        let (code, words) = taken(&config, b"Subject: Hola\r\n\r\nHola\r\n", &Lang::es()).await;
        assert_eq!((code, words.contains("RFC 3464")), (65, true), "{words}");
        let report = "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\
             In-Reply-To: <01930000-0000-7000-8000-000000000001.12@mareas.example>\r\n\r\n\
             --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; ana@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--B--\r\n";
        let (code, words) = taken(&config, report.as_bytes(), &Lang::es()).await;
        assert_eq!(code, 75, "{words}");
        let late = report.replace("Action: failed", "Action: delayed");
        assert_eq!(taken(&config, late.as_bytes(), &Lang::es()).await.0, 0);
    }
}
