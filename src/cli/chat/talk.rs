//! A talk as the terminal holds it: what was heard becomes lines, what is typed becomes frames. Pure.

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::tz::TimeZone;
use regex::Regex;

use super::words::Words;
use crate::ids::{ClientId, Lang, Seq, Style};
use crate::protocol::visitor::{
    Greeting, JoinedBy, QuestionCard, SiteCard, ToClient, ToServer, VisitorEvent,
};

/// The visitor's side of a conversation.
#[derive(Debug)]
pub(super) struct Talk {
    /// Address of the server, for what it shows.
    base: String,
    words: Words,
    lang: Option<Lang>,
    style: Option<Style>,
    zone: TimeZone,
    assistant: String,
    token: Option<String>,
    epoch: Option<String>,
    seq: Seq,
    welcomed: bool,
    greeted: bool,
    mine: HashSet<ClientId>,
    /// Acts that are not acked yet, in order.
    unacked: Vec<(ClientId, ToServer)>,
    offer: Offer,
    person: bool,
    owed: Owed,
}

/// What a number would choose.
#[derive(Debug, PartialEq)]
enum Offer {
    Nothing,
    Choices { of: Seq, options: Vec<String> },
    Question { card: QuestionCard, tapped: bool },
}

/// What the last act still waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Owed {
    Nothing,
    /// The ack of this act.
    Ack(ClientId),
    /// An answer after this event.
    Answer {
        act: ClientId,
        after: Seq,
    },
}

/// What a typed line means.
#[derive(Debug, PartialEq)]
pub(super) enum Typed {
    /// To be sent.
    Act(ToServer),
    /// To be shown.
    Lines(Vec<String>),
}

impl Talk {
    /// The same with the address of the server, `http://127.0.0.1:8080`, under which is what it shows.
    pub(super) fn with_base(self, base: String) -> Self {
        Self { base, ..self }
    }

    pub(super) fn new(lang: Option<Lang>, style: Option<Style>, zone: TimeZone) -> Self {
        Self {
            base: String::new(),
            words: Words::of(lang.as_ref().unwrap_or(&Lang::es())),
            lang,
            style,
            zone,
            assistant: String::new(),
            token: None,
            epoch: None,
            seq: Seq::ZERO,
            welcomed: false,
            greeted: false,
            mine: HashSet::new(),
            unacked: Vec::new(),
            offer: Offer::Nothing,
            person: false,
            owed: Owed::Nothing,
        }
    }

    pub(super) fn words(&self) -> Words {
        self.words
    }

    /// The first frame of a connection: the first one, or the next after a break.
    pub(super) fn hello(&self) -> ToServer {
        ToServer::Hello {
            token: self.token.clone(),
            epoch: self.epoch.clone(),
            after: self.token.is_some().then_some(self.seq),
            lang: self.lang.clone(),
            style: self.style,
            page: None,
            stage: None,
            touchpoint: Some("terminal".to_owned()),
            time_zone: self.zone.iana_name().map(str::to_owned),
            invite: None,
        }
    }

    /// Acts to send again after a welcome.
    pub(super) fn unacked(&self) -> Vec<ToServer> {
        self.unacked.iter().map(|(_, act)| act.clone()).collect()
    }

    /// Whether the server said hello on this connection and owes nothing to the last act.
    pub(super) fn is_quiet(&self) -> bool {
        self.welcomed && self.owed == Owed::Nothing
    }

    /// The connection is gone.
    pub(super) fn lost(&mut self) {
        self.welcomed = false;
    }

    /// What a frame adds to the screen.
    pub(super) fn heard(&mut self, frame: ToClient) -> Vec<String> {
        match frame {
            ToClient::Welcome {
                token,
                epoch,
                seq,
                recovered,
                lang,
                site,
                greeting,
                ..
            } => self.welcome((token, epoch), seq, recovered, &lang, &site, greeting),
            ToClient::Notices { notices } => notices
                .iter()
                .map(|notice| aside(&format!("{}: {}", notice.title, notice.texts.join(" "))))
                .collect(),
            ToClient::Ack { id, .. } => {
                self.unacked.retain(|(act, _)| *act != id);
                let settles = match &self.owed {
                    Owed::Ack(act) => *act == id,
                    Owed::Answer { act, .. } => *act == id && self.person,
                    Owed::Nothing => false,
                };
                if settles {
                    self.owed = Owed::Nothing;
                }
                Vec::new()
            }
            ToClient::Error { id, code, retry } => {
                if !retry {
                    self.owed = Owed::Nothing;
                    self.unacked.retain(|(act, _)| Some(act) != id.as_ref());
                }
                vec![aside(&self.words.refused(code))]
            }
            ToClient::Event { seq, at: _, event } => {
                if seq <= self.seq {
                    return Vec::new();
                }
                self.seq = seq;
                self.event(seq, event)
            }
            ToClient::Queue { position, wait } => {
                let wait = wait.map(|wait| (wait.from_minutes, wait.to_minutes));
                vec![aside(&self.words.queue(position, wait))]
            }
            ToClient::Typing { .. } | ToClient::Older { .. } => Vec::new(),
        }
    }

    fn welcome(
        &mut self,
        (token, epoch): (String, String),
        seq: Seq,
        recovered: bool,
        lang: &Lang,
        site: &SiteCard,
        greeting: Greeting,
    ) -> Vec<String> {
        let again = self.token.is_some();
        self.words = Words::of(lang);
        self.assistant.clone_from(&site.assistant);
        self.token = Some(token);
        self.epoch = Some(epoch);
        self.welcomed = true;
        if again && recovered {
            return vec![aside(self.words.back)];
        }
        let mut lines = Vec::new();
        if again {
            self.seq = Seq::ZERO;
            lines.push(aside(self.words.reloaded));
        } else {
            let contact = &site.contact;
            let told = [
                Some(site.brand.as_str()),
                contact.phone.as_deref(),
                contact.mail.as_deref(),
            ];
            let told: Vec<&str> = told.into_iter().flatten().collect();
            lines.push(aside(&told.join(" · ")));
            lines.push(aside(self.words.hint));
        }
        if seq == Seq::ZERO {
            self.greeted = true;
            lines.extend(self.bot(Seq::ZERO, &greeting.texts, greeting.choices));
        }
        lines
    }

    fn event(&mut self, seq: Seq, event: VisitorEvent) -> Vec<String> {
        let words = self.words;
        let answers = matches!(
            event,
            VisitorEvent::Bot { .. }
                | VisitorEvent::Agent { .. }
                | VisitorEvent::Queued { .. }
                | VisitorEvent::Joined { .. }
                | VisitorEvent::Promise { .. }
                | VisitorEvent::Opinion { .. }
                | VisitorEvent::Closed { .. }
        );
        if answers && matches!(&self.owed, Owed::Answer { after, .. } if seq > *after) {
            self.owed = Owed::Nothing;
        }
        match event {
            VisitorEvent::SessionOpened { texts, choices, .. } => {
                if std::mem::replace(&mut self.greeted, false) {
                    return Vec::new();
                }
                self.bot(seq, &texts, choices)
            }
            VisitorEvent::Reopened => vec![aside(words.reopened)],
            VisitorEvent::Visitor { id, text, .. } => {
                self.offer = Offer::Nothing;
                if self.mine.contains(&id) {
                    return Vec::new();
                }
                vec![format!("{}: {text}", words.you)]
            }
            VisitorEvent::Bot {
                texts,
                choices,
                shows,
                ..
            } => {
                let mut lines = self.bot(seq, &texts, Vec::new());
                let shown = shows
                    .iter()
                    .map(|shown| format!("  {}", shown.what.line(&self.base)));
                lines.extend(shown);
                lines.extend(self.buttons(seq, choices));
                lines
            }
            VisitorEvent::Agent { name, text } => vec![format!("{name}: {}", plain(&text))],
            VisitorEvent::Queued { team } => {
                self.person = true;
                vec![aside(&words.queued(&team)), aside(words.waiting)]
            }
            VisitorEvent::Joined { name } => {
                self.person = true;
                vec![aside(&words.joined(&name))]
            }
            VisitorEvent::Left { .. } => vec![aside(words.left)],
            VisitorEvent::Returned => {
                self.person = false;
                vec![aside(words.returned)]
            }
            // The server words it, in the language and the time of whoever reads.
            VisitorEvent::Promise { case, told, .. }
            | VisitorEvent::PromiseMoved { case, told, .. }
            | VisitorEvent::PromiseKept { case, told }
            | VisitorEvent::PromiseLate { case, told } => {
                vec![aside(&told.unwrap_or(case))]
            }
            VisitorEvent::Transferred { team, .. } => vec![aside(&words.queued(&team))],
            VisitorEvent::Notice {
                joined,
                texts,
                choices,
                ..
            } => {
                let joined = joined.iter().map(|line| match line.by {
                    JoinedBy::Note => aside(&line.text),
                    JoinedBy::Visitor | JoinedBy::Bot | JoinedBy::Agent => {
                        format!("{}: {}", line.name, plain(&line.text))
                    }
                });
                let mut lines: Vec<String> = joined.collect();
                lines.extend(self.bot(seq, &texts, choices));
                lines
            }
            VisitorEvent::LeftQueue => {
                self.person = false;
                vec![aside(words.returned)]
            }
            VisitorEvent::File { id, from, name, .. } => {
                if self.mine.contains(&id) {
                    return Vec::new();
                }
                let from = from.unwrap_or_else(|| words.you.to_owned());
                vec![format!("{from}: [{name}]")]
            }
            VisitorEvent::Closed {
                outcome, question, ..
            } => {
                self.person = false;
                let mut lines = vec![aside(&words.closed(outcome))];
                lines.extend(self.ask(question));
                lines
            }
            VisitorEvent::Rated { .. } => match &mut self.offer {
                Offer::Question { card, tapped } if card.line && !*tapped => {
                    *tapped = true;
                    vec![aside(words.one_line)]
                }
                _ => {
                    self.offer = Offer::Nothing;
                    Vec::new()
                }
            },
            VisitorEvent::Opinion { text, choices } => self.opinion(seq, text, choices),
            VisitorEvent::RatingMissed => {
                self.offer = Offer::Nothing;
                vec![aside(words.skipped)]
            }
            VisitorEvent::Style { style } => {
                self.style = Some(style);
                vec![aside(words.style(style))]
            }
            VisitorEvent::Lang { lang } => {
                self.words = Words::of(&lang);
                let told = vec![aside(&self.words.language(&lang))];
                self.lang = Some(lang);
                told
            }
            // Another client of theirs asked; nothing is said here.
            VisitorEvent::Followed { told, .. } => told.iter().map(|told| aside(told)).collect(),
            VisitorEvent::MailAsked { .. } | VisitorEvent::Hidden => Vec::new(),
            VisitorEvent::Erased => vec![aside(words.erased)],
        }
    }

    fn bot(&mut self, of: Seq, texts: &[String], options: Vec<String>) -> Vec<String> {
        let mut lines: Vec<String> = texts
            .iter()
            .map(|text| format!("{}: {}", self.assistant, plain(text)))
            .collect();
        lines.extend(self.buttons(of, options));
        lines
    }

    fn buttons(&mut self, of: Seq, options: Vec<String>) -> Vec<String> {
        let lines = numbered(&options).collect();
        self.offer = if options.is_empty() {
            Offer::Nothing
        } else {
            Offer::Choices { of, options }
        };
        lines
    }

    fn ask(&mut self, question: Option<QuestionCard>) -> Vec<String> {
        let Some(card) = question else {
            self.offer = Offer::Nothing;
            return Vec::new();
        };
        let labels: Vec<String> = card.taps.iter().map(|tap| tap.label.clone()).collect();
        let mut lines = vec![card.ask.clone()];
        lines.extend(numbered(&labels));
        lines.push(format!("  0. {}", self.words.not_now));
        lines.push(format!("  ({})", card.used_for));
        // Where there is nothing to tap, what is written next is the answer.
        let tapped = card.taps.is_empty();
        self.offer = Offer::Question { card, tapped };
        lines
    }

    /// The reply to an opinion. It leaves the optional line open, unless it brings buttons of its own.
    fn opinion(&mut self, of: Seq, text: String, options: Vec<String>) -> Vec<String> {
        if !options.is_empty() {
            return self.bot(of, &[text], options);
        }
        vec![format!("{}: {}", self.assistant, plain(&text))]
    }

    /// What a typed line means; `id` is for the act, if it is one.
    pub(super) fn typed(&mut self, line: &str, id: ClientId) -> Typed {
        let line = line.trim();
        if let Offer::Question { tapped: true, .. } = &self.offer
            && line.is_empty()
        {
            self.offer = Offer::Nothing;
            return Typed::Lines(Vec::new());
        }
        if line.is_empty() {
            return Typed::Lines(Vec::new());
        }
        match self.meant(line, &id) {
            Ok(act) => {
                self.owed = match act {
                    ToServer::Say { .. }
                    | ToServer::Choose { .. }
                    | ToServer::AskPerson { .. }
                    | ToServer::End { .. } => Owed::Answer {
                        act: id.clone(),
                        after: self.seq,
                    },
                    _ => Owed::Ack(id.clone()),
                };
                self.mine.insert(id.clone());
                self.unacked.push((id, act.clone()));
                Typed::Act(act)
            }
            Err(lines) => Typed::Lines(lines),
        }
    }

    fn meant(&self, line: &str, id: &ClientId) -> Result<ToServer, Vec<String>> {
        let id = id.clone();
        let set = |style, lang| ToServer::Set {
            id: id.clone(),
            style,
            lang,
        };
        if let Some(command) = line.strip_prefix('/') {
            return match command {
                "persona" | "person" => Ok(ToServer::AskPerson { id }),
                "fin" | "end" => Ok(ToServer::End { id }),
                "fast" => Ok(set(Some(Style::Fast), None)),
                "warm" => Ok(set(Some(Style::Warm), None)),
                "es" => Ok(set(None, Some(Lang::es()))),
                "en" => Ok(set(None, Some(Lang::en()))),
                _ => Err(self.words.help.lines().map(str::to_owned).collect()),
            };
        }
        let number: Option<u32> = line.parse().ok();
        match (&self.offer, number) {
            (Offer::Choices { of, options }, Some(number @ 1..))
                if number as usize <= options.len() =>
            {
                Ok(ToServer::Choose {
                    id,
                    of: *of,
                    option: number - 1,
                })
            }
            (
                Offer::Question {
                    card,
                    tapped: false,
                },
                Some(number),
            ) if number as usize <= card.taps.len() => Ok(match number.checked_sub(1) {
                None => ToServer::SkipRating { id },
                Some(tap) => ToServer::Rate {
                    id,
                    question: card.id.clone(),
                    tap: Some(tap),
                    text: None,
                },
            }),
            (Offer::Question { card, tapped: true }, _) => Ok(ToServer::Rate {
                id,
                question: card.id.clone(),
                tap: None,
                text: Some(line.to_owned()),
            }),
            _ => Ok(ToServer::Say {
                id,
                text: line.to_owned(),
            }),
        }
    }
}

fn numbered(options: &[String]) -> impl Iterator<Item = String> {
    options
        .iter()
        .enumerate()
        .map(|(at, option)| format!("  {}. {option}", at + 1))
}

/// What nobody says.
pub(super) fn aside(text: &str) -> String {
    format!("— {text} —")
}

/// A terminal shows no bold and no links: `**a** [b](c)` becomes `a b (c)`.
fn plain(text: &str) -> String {
    static BOLD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\*\*(.+?)\*\*").expect("the expression is constant"));
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\[([^\]]+)\]\(([^)]+)\)").expect("the expression is constant")
    });
    let text = BOLD.replace_all(text, "$1");
    LINK.replace_all(&text, "$1 ($2)").into_owned()
}

#[cfg(test)]
#[path = "talk_tests.rs"]
mod tests;
