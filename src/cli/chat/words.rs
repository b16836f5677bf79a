//! The terminal client's own words. What the assistant says comes from the server.

use crate::ids::{Lang, Outcome, Style};
use crate::protocol::ErrorCode;

/// Words in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) you: &'static str,
    pub(super) hint: &'static str,
    pub(super) help: &'static str,
    pub(super) lost: &'static str,
    pub(super) back: &'static str,
    pub(super) reloaded: &'static str,
    pub(super) waiting: &'static str,
    pub(super) returned: &'static str,
    pub(super) left: &'static str,
    pub(super) reopened: &'static str,
    pub(super) not_now: &'static str,
    pub(super) one_line: &'static str,
    pub(super) skipped: &'static str,
    pub(super) erased: &'static str,
    spanish: bool,
}

const ES: Words = Words {
    you: "Yo",
    hint: "Un número elige una opción. /ayuda muestra lo demás; Ctrl-D termina.",
    help: "/persona  hablar con una persona\n/fin      terminar la sesión\n/fast     respuestas cortas\n/warm     respuestas más completas\n/es, /en  idioma",
    lost: "se cortó la conexión; se vuelve a intentar",
    back: "conexión recuperada, no falta nada",
    reloaded: "se recarga la conversación",
    waiting: "en espera de una persona",
    returned: "vuelve a atender el asistente",
    left: "quien atendía tuvo que salir; primer puesto en la fila",
    reopened: "la conversación sigue",
    not_now: "Ahora no",
    one_line: "¿Algo más que debamos saber? (opcional; con una línea vacía se omite)",
    skipped: "sin opinión, está bien",
    erased: "[borrado]",
    spanish: true,
};

const EN: Words = Words {
    you: "You",
    hint: "A number picks an option. /help shows the rest; Ctrl-D ends.",
    help: "/person   talk to a person\n/end      end the session\n/fast     short answers\n/warm     fuller answers\n/es, /en  language",
    lost: "the connection was lost; trying again",
    back: "connected again, nothing is missing",
    reloaded: "the conversation is loaded afresh",
    waiting: "waiting for a person",
    returned: "the assistant is back",
    left: "the person helping you had to leave; you are first in the queue",
    reopened: "the conversation continues",
    not_now: "Not now",
    one_line: "Anything else we should know? (optional; an empty line goes on)",
    skipped: "no opinion, that is fine",
    erased: "[erased]",
    spanish: false,
};

impl Words {
    /// Spanish, or English for any other language.
    pub(super) fn of(lang: &Lang) -> Self {
        if lang.base() == Lang::es() { ES } else { EN }
    }

    pub(super) fn queue(&self, position: u32, wait: Option<(u32, u32)>) -> String {
        match (self.spanish, wait) {
            (true, None) => format!("puesto {position} en la fila"),
            (true, Some((from, to))) => {
                format!("puesto {position} en la fila, espera de {from} a {to} minutos")
            }
            (false, None) => format!("number {position} in the queue"),
            (false, Some((from, to))) => {
                format!("number {position} in the queue, a wait of {from} to {to} minutes")
            }
        }
    }

    pub(super) fn queued(&self, team: &str) -> String {
        if self.spanish {
            format!("pasa al equipo: {team}")
        } else {
            format!("handed to the team: {team}")
        }
    }

    pub(super) fn joined(&self, name: &str) -> String {
        if self.spanish {
            format!("{name} está en la conversación")
        } else {
            format!("{name} is in the conversation")
        }
    }

    pub(super) fn closed(&self, outcome: Outcome) -> String {
        let how = match (outcome, self.spanish) {
            (Outcome::ResolvedByBot, true) => "resuelta por el asistente",
            (Outcome::ResolvedByBot, false) => "solved by the assistant",
            (Outcome::ResolvedByAgent, true) => "resuelta por una persona",
            (Outcome::ResolvedByAgent, false) => "solved by a person",
            (Outcome::Unresolved, true) => "sin resolver",
            (Outcome::Unresolved, false) => "not solved",
            (Outcome::Referred, true) => "derivada a quien puede ayudar",
            (Outcome::Referred, false) => "referred to somebody who can help",
            (Outcome::Abandoned, true) => "abandonada durante la espera",
            (Outcome::Abandoned, false) => "left while waiting",
            (Outcome::Expired, true) => "vencida sin respuesta",
            (Outcome::Expired, false) => "expired without an answer",
            (Outcome::LeftMessage, true) => "quedó un mensaje para el equipo",
            (Outcome::LeftMessage, false) => "a message was left for the team",
        };
        if self.spanish {
            format!("sesión terminada: {how}")
        } else {
            format!("session ended: {how}")
        }
    }

    pub(super) fn refused(&self, code: ErrorCode) -> String {
        let why = match (code, self.spanish) {
            (ErrorCode::Empty, true) => "el mensaje no tiene texto",
            (ErrorCode::Empty, false) => "the message has no text",
            (ErrorCode::TooLong, true) => "el mensaje pasa de 4000 caracteres",
            (ErrorCode::TooLong, false) => "the message is longer than 4,000 characters",
            (ErrorCode::Closed, true) => "la sesión está cerrada",
            (ErrorCode::Closed, false) => "the session is closed",
            (ErrorCode::NoSuchChoice, true) => "esa opción ya no existe",
            (ErrorCode::NoSuchChoice, false) => "that option is gone",
            (ErrorCode::NoQuestion, true) => "no hay ninguna pregunta abierta",
            (ErrorCode::NoQuestion, false) => "no question is open",
            (ErrorCode::SlowDown, true) => "demasiado seguido; se reintenta en un momento",
            (ErrorCode::SlowDown, false) => "too fast; trying again in a moment",
            (ErrorCode::Unavailable, true) => "no se pudo guardar; se reintenta en un momento",
            (ErrorCode::Unavailable, false) => "it could not be saved; trying again in a moment",
            (ErrorCode::Internal, true) => {
                "el servidor tuvo un problema; se reintenta en un momento"
            }
            (ErrorCode::Internal, false) => "the server had a problem; trying again in a moment",
            (ErrorCode::Stale, true) => "la conversación cambió mientras tanto",
            (ErrorCode::Stale, false) => "the conversation has changed meanwhile",
            (ErrorCode::Blocked, true) => {
                "el equipo no atiende esta conversación; sigue el asistente"
            }
            (ErrorCode::Blocked, false) => {
                "the team is not taking this conversation; the assistant is still here"
            }
            // What a terminal that keeps to the protocol is never told: the code helps whoever looks for the fault.
            (
                ErrorCode::BadFrame
                | ErrorCode::IdReused
                | ErrorCode::NotOwner
                | ErrorCode::NotQueued
                | ErrorCode::NotFound
                | ErrorCode::NoteNeeded
                | ErrorCode::PromiseOpen
                | ErrorCode::ReviewOpen
                | ErrorCode::NoAddress
                | ErrorCode::BadAddress
                | ErrorCode::TooManyMails
                | ErrorCode::Merged
                | ErrorCode::NotSame
                | ErrorCode::OtherSite
                | ErrorCode::TooLate
                | ErrorCode::BadTime
                | ErrorCode::Forbidden,
                spanish,
            ) => {
                return if spanish {
                    format!("no se pudo ({code:?})")
                } else {
                    format!("not done ({code:?})")
                };
            }
        };
        if self.spanish {
            format!("no se pudo: {why}")
        } else {
            format!("not done: {why}")
        }
    }

    pub(super) fn style(&self, style: Style) -> &'static str {
        match (style, self.spanish) {
            (Style::Fast, true) => "respuestas cortas",
            (Style::Fast, false) => "short answers",
            (Style::Warm, true) => "respuestas más completas",
            (Style::Warm, false) => "fuller answers",
        }
    }

    pub(super) fn language(&self, lang: &Lang) -> String {
        if self.spanish {
            "desde aquí, en español".to_owned()
        } else if lang.base() == Lang::en() {
            "from here on in English".to_owned()
        } else {
            format!("from here on in {lang}")
        }
    }
}
