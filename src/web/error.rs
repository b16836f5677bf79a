//! Errors become statuses here and nowhere else. The body carries a code and a sentence; the log has the story.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};

use crate::accounts::{AccountError, LoginError};
use crate::conversation::Refusal;
use crate::engine::EngineError;
use crate::files::FileError;

/// Why a request was not served.
#[derive(Debug, thiserror::Error)]
pub(super) enum WebError {
    #[error("{0}")]
    Bad(String),
    #[error("sign in first")]
    Unauthorized,
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("no such thing")]
    NotFound,
    #[error("{0}")]
    Conflict(String),
    #[error("{2}")]
    Coded(StatusCode, &'static str, String),
    #[error("too many tries, wait a few minutes")]
    TooMany,
    #[error("not available right now, try again")]
    Unavailable(String),
    #[error("our fault; it is in the log")]
    Internal(String),
}

impl WebError {
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Bad(_) => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict(_) => "conflict",
            Self::Coded(_, code, _) => code,
            Self::TooMany => "too_many",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

impl WebError {
    /// The answer, with a sentence of the caller's own in place of the one for programmers.
    pub(super) fn told(&self, words: Option<String>) -> HttpResponse {
        if let Self::Unavailable(why) | Self::Internal(why) = self {
            tracing::error!(why, "a request failed");
        }
        let message = words.unwrap_or_else(|| self.to_string());
        HttpResponse::build(self.status_code())
            .json(serde_json::json!({"error": self.code(), "message": message}))
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Coded(status, ..) => *status,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.told(None)
    }
}

impl From<FileError> for WebError {
    fn from(error: FileError) -> Self {
        let (status, code) = match &error {
            FileError::Empty => (StatusCode::BAD_REQUEST, "empty"),
            FileError::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            FileError::Kind => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_kind"),
            FileError::Damaged => (StatusCode::UNPROCESSABLE_ENTITY, "damaged"),
            FileError::Infected => (StatusCode::UNPROCESSABLE_ENTITY, "infected"),
            FileError::Unscanned(why) => {
                tracing::warn!(why, "the scanner did not look at a file");
                (StatusCode::SERVICE_UNAVAILABLE, "not_scanned")
            }
            FileError::Disk(why) => return Self::Unavailable(why.to_string()),
            FileError::Store(why) => return Self::Unavailable(why.to_string()),
        };
        Self::Coded(status, code, error.to_string())
    }
}

impl From<LoginError> for WebError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Wrong => Self::Unauthorized,
            LoginError::TooMany => Self::TooMany,
            LoginError::Account(why) => why.into(),
        }
    }
}

impl From<AccountError> for WebError {
    fn from(error: AccountError) -> Self {
        match &error {
            AccountError::Email(_)
            | AccountError::Name
            | AccountError::Password
            | AccountError::Capacity
            | AccountError::LastAdmin
            | AccountError::KeyName => Self::Bad(error.to_string()),
            AccountError::Exists(_) | AccountError::KeyExists(_) => {
                Self::Conflict(error.to_string())
            }
            AccountError::Missing(_) | AccountError::NoKey(_) => Self::NotFound,
            AccountError::Link => Self::Forbidden("this link is not valid (any more)"),
            AccountError::Store(why) => Self::Unavailable(why.to_string()),
            AccountError::Hash(why) => Self::Internal(why.clone()),
        }
    }
}

impl From<EngineError> for WebError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Refused(Refusal::IdReused) => {
                Self::Conflict("this id was used for something else".into())
            }
            EngineError::Refused(why) => Self::Conflict(why.to_string()),
            EngineError::Store(why) => Self::Unavailable(why.to_string()),
            EngineError::NotFound => Self::NotFound,
            EngineError::Forbidden => Self::Forbidden("this role may not"),
            EngineError::Internal(why) => Self::Internal(why),
        }
    }
}

/// A body that is no JSON of ours, in the same shape as other errors.
#[allow(
    clippy::needless_pass_by_value,
    reason = "actix-web gives this signature"
)]
pub(super) fn bad_json(
    error: actix_web::error::JsonPayloadError,
    _: &HttpRequest,
) -> actix_web::Error {
    WebError::Bad(error.to_string()).into()
}
