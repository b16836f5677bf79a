//! A visitor who sends something over HTTP: the same door as on the socket.

use super::visitor_socket::{Came, opening};
use crate::accounts::VisitorPass;
use crate::engine::{Engine, EngineError, VisitorDoor};
use crate::ids::{Lang, SiteId, Style};

/// The door of a visitor whose token was seen. `lang` and `style` count where their first act is this one.
pub async fn visitor_door(
    engine: &Engine,
    site: &SiteId,
    pass: VisitorPass,
    lang: Option<Lang>,
    style: Option<Style>,
) -> Result<VisitorDoor, EngineError> {
    let came = Came {
        lang,
        style,
        page: None,
        stage: None,
        touchpoint: None,
        time_zone: None,
        invite: None,
    };
    let opening = opening(engine, site, "web", came);
    VisitorDoor::led(engine.clone(), pass.conversation, opening, pass.follows).await
}
