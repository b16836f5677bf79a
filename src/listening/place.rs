//! Where on the customer's way a session begins.

use crate::conversation::Opening;
use crate::topics::Journey;

/// Fills in the touchpoint and the stage of somebody who arrives, by page and channel. What the page itself declares stays.
pub fn place_arrival(journey: &Journey, opening: &mut Opening) {
    let found = match &opening.touchpoint {
        Some(declared) => journey.named(declared),
        None => journey.of_arrival(opening.page.as_deref(), &opening.channel),
    };
    let Some(touchpoint) = found else { return };
    if opening.touchpoint.is_none() {
        opening.touchpoint = Some(touchpoint.id.to_string());
    }
    opening.stage = opening.stage.or(touchpoint.stage);
}
