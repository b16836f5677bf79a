//! A mail server of a few commands (RFC 5321), which keeps what it is given and behaves as a story needs it.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How the server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes everything.
    Takes,
    /// Sends everybody away at the door.
    Away,
    /// Knows nobody.
    KnowsNobody,
    /// Takes the mail and never says so.
    Silent,
}

/// The server.
#[derive(Clone)]
pub(crate) struct MailServer {
    pub(crate) port: u16,
    manner: Arc<Mutex<Manner>>,
    mails: Arc<watch::Sender<Vec<Vec<u8>>>>,
}

impl MailServer {
    pub(crate) async fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            manner: Arc::new(Mutex::new(manner)),
            mails: Arc::new(watch::Sender::new(Vec::new())),
        };
        let serving = server.clone();
        drop(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                drop(tokio::spawn(async move { server.serve(stream).await }));
            }
        }));
        server
    }

    pub(crate) fn now(&self, manner: Manner) {
        *self.manner.lock() = manner;
    }

    /// What was given so far, once it is so many.
    pub(crate) async fn mails(&self, count: usize) -> Vec<Vec<u8>> {
        let mut mails = self.mails.subscribe();
        let waiting = mails.wait_for(|mails| mails.len() >= count);
        let mails = tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await;
        let mails = mails.expect("a mail should have come").unwrap().clone();
        assert_eq!(mails.len(), count);
        mails
    }

    async fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let (reader, mut writer) = stream.split();
        let mut lines = BufReader::new(reader).lines();
        if *self.manner.lock() == Manner::Away {
            return writer.write_all(b"421 4.3.2 closed\r\n").await.ok();
        }
        writer.write_all(b"220 mx.example ESMTP\r\n").await.ok()?;
        while let Ok(Some(line)) = lines.next_line().await {
            let manner = *self.manner.lock();
            let command = line.to_uppercase();
            let answer = match command.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => "250-mx.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                "RCPT" if manner == Manner::KnowsNobody => {
                    "550 5.1.1 <ana@example.org>: no such user here\r\n"
                }
                "MAIL" | "RCPT" | "RSET" | "NOOP" => "250 2.1.0 ok\r\n",
                "DATA" => {
                    writer.write_all(b"354 go on\r\n").await.ok()?;
                    let mut mail = Vec::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".")
                    {
                        let line = line.strip_prefix('.').unwrap_or(&line);
                        mail.extend_from_slice(line.as_bytes());
                        mail.extend_from_slice(b"\r\n");
                    }
                    self.mails.send_modify(|mails| mails.push(mail));
                    if manner == Manner::Silent {
                        // The client goes before an answer comes.
                        drop(lines.next_line().await);
                        return None;
                    }
                    "250 2.0.0 queued for <ana@example.org>\r\n"
                }
                "QUIT" => return writer.write_all(b"221 2.0.0 bye\r\n").await.ok(),
                _ => "502 5.5.1 not here\r\n",
            };
            writer.write_all(answer.as_bytes()).await.ok()?;
        }
        None
    }
}
