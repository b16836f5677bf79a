//! What may be done with an order: pure rules over the orders in memory.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::order::{Days, Listed, Money, Order, Refund, Shown, State, day};
use super::stock;
use crate::ids::Timestamp;

/// Working days plus a margin: the day by which a refund is promised.
const REFUND_DAYS: Days = 10;

/// All orders.
#[derive(Debug)]
pub(super) struct Book {
    orders: BTreeMap<u32, Order>,
}

/// What became of a wish. Its name on the wire chooses the case of the assistant's `call:`.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub(super) enum Done {
    Matched,
    NoMatch,
    NotFound,
    Changed {
        #[serde(skip_serializing_if = "Option::is_none")]
        eta: Option<Date>,
    },
    TooLate {
        state: State,
    },
    Cancelled {
        amount: Money,
        refund_by: Date,
    },
    AlreadyCancelled,
    Accepted {
        code: String,
        deadline: Date,
        amount: Money,
    },
    PastDeadline,
    NotDelivered,
    AlreadyReturned {
        code: String,
    },
}

impl Done {
    /// The HTTP status: 409 for what the order's state does not allow.
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Matched
            | Self::NoMatch
            | Self::Changed { .. }
            | Self::Cancelled { .. }
            | Self::Accepted { .. } => 200,
            Self::NotFound => 404,
            Self::TooLate { .. }
            | Self::AlreadyCancelled
            | Self::PastDeadline
            | Self::NotDelivered
            | Self::AlreadyReturned { .. } => 409,
        }
    }
}

/// Where the money is.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct RefundShown {
    state: &'static str,
    amount: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    method: &'static str,
}

impl Book {
    /// The book at the start.
    pub(super) fn new() -> Self {
        Self {
            orders: stock::orders(),
        }
    }

    /// Every order.
    pub(super) fn list(&self, now: Timestamp) -> Vec<Listed> {
        self.orders
            .values()
            .map(|order| order.listed(order.site.today(now)))
            .collect()
    }

    /// Whether the proof is the order's. An unknown order answers as a wrong proof does, so that numbers cannot be tried out.
    pub(super) fn matches(&self, number: u32, proof: &str) -> Done {
        match self.orders.get(&number) {
            Some(order) if order.proves(proof) => Done::Matched,
            _ => Done::NoMatch,
        }
    }

    /// An order.
    pub(super) fn show(&self, number: u32, now: Timestamp) -> Option<Shown> {
        let order = self.orders.get(&number)?;
        Some(order.shown(order.site.today(now)))
    }

    /// Another address, as long as the parcel has not left, or waits with the carrier because it is late.
    pub(super) fn change_address(&mut self, number: u32, address: &str, now: Timestamp) -> Done {
        let Some(order) = self.orders.get_mut(&number) else {
            return Done::NotFound;
        };
        match order.state {
            State::AwaitingPayment | State::Processing | State::Delayed => {
                address.trim().clone_into(&mut order.address);
                Done::Changed {
                    eta: order.eta_on(order.site.today(now)),
                }
            }
            state => Done::TooLate { state },
        }
    }

    /// Cancels what has not left.
    pub(super) fn cancel(&mut self, number: u32, now: Timestamp) -> Done {
        let Some(order) = self.orders.get_mut(&number) else {
            return Done::NotFound;
        };
        match order.state {
            State::Cancelled => Done::AlreadyCancelled,
            state @ (State::AwaitingPayment | State::Processing) => {
                order.state = State::Cancelled;
                order.eta = None;
                let mut amount = order.money();
                if state == State::AwaitingPayment {
                    amount.amount = 0.0;
                } else {
                    order.refund = Refund::Requested(0);
                }
                Done::Cancelled {
                    amount,
                    refund_by: day(order.site.today(now), REFUND_DAYS),
                }
            }
            state => Done::TooLate { state },
        }
    }

    /// Opens a return within the site's days from delivery.
    pub(super) fn open_return(&mut self, number: u32, now: Timestamp) -> Done {
        let Some(order) = self.orders.get_mut(&number) else {
            return Done::NotFound;
        };
        if order.state == State::Returned || order.returned_as.is_some() {
            let code = order.return_code();
            return Done::AlreadyReturned { code };
        }
        let Some(delivered) = order.delivered.filter(|_| order.state == State::Delivered) else {
            return Done::NotDelivered;
        };
        if -delivered > order.site.return_days() {
            return Done::PastDeadline;
        }
        let code = order.return_code();
        order.returned_as = Some(code.clone());
        order.refund = Refund::Requested(0);
        Done::Accepted {
            code,
            deadline: day(order.site.today(now), order.site.return_days()),
            amount: order.money(),
        }
    }

    /// Where the money is.
    pub(super) fn refund(&self, number: u32, now: Timestamp) -> Option<RefundShown> {
        let order = self.orders.get(&number)?;
        let (state, since) = match order.refund {
            Refund::None => ("none", None),
            Refund::Requested(since) => ("requested", Some(since)),
            Refund::Received(since) => ("received", Some(since)),
            Refund::Paid(since) => ("paid", Some(since)),
        };
        Some(RefundShown {
            state,
            amount: order.money(),
            date: since.map(|days| day(order.site.today(now), days)),
            method: order.paid_with,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    /// 2026-11-21, 23:30 in Madrid and 19:30 in Córdoba.
    const NOW: Timestamp = Timestamp(1_795_300_200_000);

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn an_order_is_proved_by_mail_or_postcode() {
        let book = Book::new();
        for (number, proof) in [
            (1_000_007, "ana.garcia@example.com"),
            (1_000_007, " Ana.Garcia@EXAMPLE.com "),
            (1_000_007, "28013"),
            (2_000_004, "X5000"),
            (2_000_004, "5000"),
            (2_000_004, "x 5000 hua"),
        ] {
            assert_eq!(book.matches(number, proof), Done::Matched, "{proof}");
        }
        for (number, proof) in [
            (1_000_007, "luis.perez@example.com"),
            (1_000_007, "28014"),
            (1_000_007, ""),
            (2_000_004, "C5000"),
            (2_000_004, ""),
            (9_999_999, "28013"),
        ] {
            assert_eq!(book.matches(number, proof), Done::NoMatch, "{proof}");
        }
    }

    #[test]
    fn a_late_order_shows_a_date_after_today() {
        let shown = serde_json::to_value(Book::new().show(1_000_007, NOW).unwrap()).unwrap();
        assert_eq!(shown["state"], "delayed");
        assert_eq!(shown["eta"], "2026-11-25");
        assert_eq!(shown["carrier"], "SEUR");
        assert_eq!(
            shown["total"],
            serde_json::json!({"amount": 59.9, "currency": "EUR"})
        );
        assert_eq!(shown.get("delivered_on"), None);
    }

    #[test]
    fn no_carrier_promises_a_sunday() {
        for order in Book::new().list(NOW) {
            let order = serde_json::to_value(order).unwrap();
            if let Some(eta) = order["eta"].as_str() {
                assert_ne!(date(eta).weekday(), jiff::civil::Weekday::Sunday, "{order}");
            }
        }
    }

    #[test]
    fn today_is_the_sites_own() {
        // Half past midnight of the 22nd in Madrid, half past eight in the evening of the 21st in Córdoba.
        let night = NOW.plus(3_600_000);
        let book = Book::new();
        let delivered = |number| {
            serde_json::to_value(book.show(number, night).unwrap()).unwrap()["delivered_on"].clone()
        };
        assert_eq!(delivered(1_000_012), "2026-11-19");
        assert_eq!(delivered(2_000_009), "2026-11-19");
    }

    #[test]
    fn an_address_changes_until_the_parcel_leaves() {
        let mut book = Book::new();
        let changed = book.change_address(1_000_003, " Gran Vía 1, 08010 Barcelona ", NOW);
        assert_eq!(
            changed,
            Done::Changed {
                eta: Some(date("2026-11-24"))
            }
        );
        let shown = serde_json::to_value(book.show(1_000_003, NOW).unwrap()).unwrap();
        assert_eq!(shown["address"], "Gran Vía 1, 08010 Barcelona");
        assert_eq!(
            book.change_address(1_000_001, "Gran Vía 1", NOW),
            Done::TooLate {
                state: State::Shipped
            }
        );
        assert_eq!(book.change_address(1, "Gran Vía 1", NOW), Done::NotFound);
    }

    #[test]
    fn a_cancelled_order_is_paid_back_and_not_cancelled_twice() {
        let mut book = Book::new();
        let Done::Cancelled { refund_by, .. } = book.cancel(1_000_003, NOW) else {
            panic!("it was still being packed");
        };
        assert_eq!(refund_by, date("2026-12-01"));
        assert_eq!(book.cancel(1_000_003, NOW), Done::AlreadyCancelled);
        assert_eq!(book.refund(1_000_003, NOW).unwrap().state, "requested");
        assert_eq!(
            book.cancel(1_000_012, NOW),
            Done::TooLate {
                state: State::Delivered
            }
        );
    }

    #[test]
    fn nothing_is_paid_back_that_was_never_paid() {
        let mut book = Book::new();
        let Done::Cancelled { amount, .. } = book.cancel(1_000_009, NOW) else {
            panic!("it waits for its payment");
        };
        assert!(amount.amount.abs() < f64::EPSILON);
        assert_eq!(book.refund(1_000_009, NOW).unwrap().state, "none");
    }

    #[test]
    fn a_return_needs_a_delivery_within_the_sites_days() {
        let mut book = Book::new();
        let accepted = book.open_return(1_000_012, NOW);
        let Done::Accepted { code, deadline, .. } = accepted else {
            panic!("it was delivered three days ago");
        };
        assert_eq!(code, "DEV-1000012");
        assert_eq!(deadline, date("2026-12-05"));
        assert_eq!(
            book.open_return(1_000_012, NOW),
            Done::AlreadyReturned {
                code: "DEV-1000012".into()
            }
        );
        assert_eq!(book.open_return(1_000_002, NOW), Done::PastDeadline);
        assert_eq!(book.open_return(1_000_001, NOW), Done::NotDelivered);
        assert_eq!(book.refund(1_000_012, NOW).unwrap().state, "requested");
        assert_eq!(book.refund(1_000_001, NOW).unwrap().state, "none");
    }
}
