//! A visitor who sends something over HTTP: the same door as on the socket.

use super::visitor_socket::{Came, opening};
use crate::engine::{Engine, VisitorDoor};
use crate::ids::{ConversationId, Lang, SiteId, Style};

/// The door of a visitor whose token was seen. `lang` and `style` count where their first act is this one.
pub fn visitor_door(
    engine: &Engine,
    site: &SiteId,
    id: ConversationId,
    lang: Option<Lang>,
    style: Option<Style>,
) -> VisitorDoor {
    let came = Came {
        lang,
        style,
        page: None,
        stage: None,
        touchpoint: None,
        time_zone: None,
    };
    VisitorDoor::new(engine.clone(), id, opening(engine, site, "web", came))
}
