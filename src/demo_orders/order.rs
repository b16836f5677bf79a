//! An order, and how it is shown. Days are counted from today, so that the demo is never stale.

use jiff::civil::{Date, Weekday};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// Days from today; negative for the past.
pub(super) type Days = i32;

/// Where an order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Site {
    Es,
    Ar,
}

impl Site {
    pub(super) fn currency(self) -> &'static str {
        match self {
            Self::Es => "EUR",
            Self::Ar => "ARS",
        }
    }

    fn time_zone(self) -> &'static str {
        match self {
            Self::Es => "Europe/Madrid",
            Self::Ar => "America/Argentina/Cordoba",
        }
    }

    /// Days in which what was delivered may be sent back.
    pub(super) fn return_days(self) -> Days {
        match self {
            Self::Es => 14,
            Self::Ar => 10,
        }
    }

    pub(super) fn today(self, now: crate::ids::Timestamp) -> Date {
        let now = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
        // The zones are in the binary's own table; a build without it falls back to UTC, which is right for most of the day.
        match now.in_tz(self.time_zone()) {
            Ok(there) => there.date(),
            Err(_unknown) => now.to_zoned(jiff::tz::TimeZone::UTC).date(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    AwaitingPayment,
    Processing,
    Shipped,
    OutForDelivery,
    Delayed,
    Delivered,
    ReadyForPickup,
    Cancelled,
    Returned,
    Lost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refund {
    None,
    Requested(Days),
    Received(Days),
    Paid(Days),
}

/// Hundredths of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cents(pub(super) i64);

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    pub(super) number: u32,
    pub(super) site: Site,
    pub(super) state: State,
    pub(super) email: String,
    pub(super) postcode: String,
    pub(super) address: String,
    pub(super) items: String,
    pub(super) total: Cents,
    pub(super) paid_with: &'static str,
    pub(super) carrier: &'static str,
    pub(super) eta: Option<Days>,
    pub(super) delivered: Option<Days>,
    pub(super) pickup_until: Option<Days>,
    pub(super) returned_as: Option<String>,
    pub(super) refund: Refund,
}

/// An amount of money on the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Money {
    pub(super) amount: f64,
    pub(super) currency: String,
}

/// An order on the wire; what it does not have is left out.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    pub(super) state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    eta: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eta_from: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eta_to: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking: Option<String>,
    address: String,
    items: String,
    total: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pickup_store: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pickup_until: Option<Date>,
    paid_with: &'static str,
}

/// An order in the list for people who show the demo: with what proves that it is theirs.
#[derive(Debug, Serialize)]
pub(super) struct Listed {
    number: String,
    site: Site,
    email: String,
    postcode: String,
    #[serde(flatten)]
    order: Shown,
}

impl Order {
    pub(super) fn money(&self) -> Money {
        #[allow(
            clippy::cast_precision_loss,
            reason = "totals of a shop are far below 2^53 cents"
        )]
        let amount = self.total.0 as f64 / 100.0;
        Money {
            amount,
            currency: self.site.currency().to_owned(),
        }
    }

    pub(super) fn eta_on(&self, today: Date) -> Option<Date> {
        self.eta.map(|days| working_day(day(today, days)))
    }

    pub(super) fn return_code(&self) -> String {
        format!("DEV-{}", self.number)
    }

    /// Whether it is in a carrier's hands or was.
    fn travels(&self) -> bool {
        matches!(
            self.state,
            State::Shipped
                | State::OutForDelivery
                | State::Delayed
                | State::Delivered
                | State::Lost
                | State::Returned
        )
    }

    pub(super) fn shown(&self, today: Date) -> Shown {
        let on_its_way = matches!(self.state, State::Shipped | State::OutForDelivery);
        Shown {
            state: self.state,
            eta: self.eta_on(today),
            eta_from: on_its_way.then_some("10:00"),
            eta_to: on_its_way.then_some("14:00"),
            carrier: (self.travels() || self.state == State::Processing).then_some(self.carrier),
            tracking: self
                .travels()
                .then(|| format!("https://seguimiento.mareas.example/{}", self.number)),
            address: self.address.clone(),
            items: self.items.clone(),
            total: self.money(),
            delivered_on: self.delivered.map(|days| day(today, days)),
            pickup_store: self.pickup_until.map(|_| match self.site {
                Site::Es => "Mareas Centro",
                Site::Ar => "Mareas Nueva Córdoba",
            }),
            pickup_until: self.pickup_until.map(|days| day(today, days)),
            paid_with: self.paid_with,
        }
    }

    pub(super) fn listed(&self, today: Date) -> Listed {
        Listed {
            number: self.number.to_string(),
            site: self.site,
            email: self.email.clone(),
            postcode: self.postcode.clone(),
            order: self.shown(today),
        }
    }

    /// Whether this e-mail or postcode is the order's. An Argentine postcode counts with or without its letters: 5000, X5000, X5000HUA.
    pub(super) fn proves(&self, proof: &str) -> bool {
        let proof = proof.trim();
        if proof.contains('@') {
            return proof.eq_ignore_ascii_case(&self.email);
        }
        let squeezed: String = proof
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        match self.site {
            Site::Es => squeezed == self.postcode,
            Site::Ar => {
                let digits: String = squeezed.chars().filter(char::is_ascii_digit).collect();
                let own = self
                    .postcode
                    .trim_start_matches(|c: char| !c.is_ascii_digit());
                let province = squeezed.chars().next().filter(char::is_ascii_uppercase);
                digits == own && province.is_none_or(|letter| self.postcode.starts_with(letter))
            }
        }
    }
}

/// The date so many days from today.
pub(super) fn day(today: Date, days: Days) -> Date {
    today.saturating_add(Span::new().days(days))
}

/// Carriers rest on Sundays.
fn working_day(date: Date) -> Date {
    match date.weekday() {
        Weekday::Sunday => day(date, 1),
        _ => date,
    }
}
