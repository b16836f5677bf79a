//! The sixty orders: made by rule from short tables, so that each start gives the same ones.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::order::{Cents, Days, Order, Refund, Site, State};

/// What the shop sells; the demo shop page reads the same file.
const PRODUCTS: &str = include_str!("../../widget/demo/products.json");

#[derive(Debug, Deserialize)]
struct Product {
    group: Group,
    es: String,
    ar: String,
    eur: f64,
    ars: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Group {
    Shoes,
    Clothes,
    Home,
}

/// Name as in the e-mail, street, postcode, city.
type Customer = (&'static str, &'static str, &'static str, &'static str);

const SPAIN: [Customer; 12] = [
    ("marta.ruiz", "Carrer de Mallorca 214", "08002", "Barcelona"),
    ("pablo.soto", "Calle San Vicente 41", "46002", "Valencia"),
    ("nuria.vidal", "Carrer Major 9", "17001", "Girona"),
    ("iker.etxeberria", "Calle Ercilla 18", "48009", "Bilbao"),
    ("ana.garcia", "Calle Mayor 3", "28013", "Madrid"),
    ("rocio.moreno", "Calle Larios 6", "29015", "Málaga"),
    (
        "xoan.castro",
        "Rúa do Franco 22",
        "15702",
        "Santiago de Compostela",
    ),
    ("carmen.navarro", "Calle Alfonso I 15", "50003", "Zaragoza"),
    ("luis.perez", "Calle Sierpes 30", "41001", "Sevilla"),
    ("ines.ortega", "Calle Uría 12", "33003", "Oviedo"),
    (
        "david.santana",
        "Calle Triana 77",
        "35002",
        "Las Palmas de Gran Canaria",
    ),
    ("laia.ferrer", "Carrer de Sant Miquel 50", "07002", "Palma"),
];

const ARGENTINA: [Customer; 8] = [
    ("juan.molina", "San Martín 640", "M5500", "Mendoza"),
    ("lucia.ferreyra", "Bulevar Oroño 1120", "S2000", "Rosario"),
    ("sofia.gomez", "Chacabuco 445", "X5000", "Córdoba"),
    ("martin.aguirre", "Calle 12 1371", "B1900", "La Plata"),
    (
        "camila.rios",
        "25 de Mayo 310",
        "T4000",
        "San Miguel de Tucumán",
    ),
    (
        "tomas.diaz",
        "Avenida Corrientes 1865",
        "C1043",
        "Buenos Aires",
    ),
    (
        "valentina.sosa",
        "Mitre 850",
        "R8400",
        "San Carlos de Bariloche",
    ),
    ("agustin.luna", "Caseros 722", "A4400", "Salta"),
];

/// States in turn, so that each comes up several times on each site.
const SPAIN_STATES: [State; 10] = [
    State::Shipped,
    State::Delivered,
    State::Processing,
    State::OutForDelivery,
    State::ReadyForPickup,
    State::Cancelled,
    State::Delayed,
    State::Returned,
    State::AwaitingPayment,
    State::Lost,
];
const ARGENTINA_STATES: [State; 10] = [
    State::Shipped,
    State::Processing,
    State::OutForDelivery,
    State::Delayed,
    State::ReadyForPickup,
    State::Cancelled,
    State::AwaitingPayment,
    State::Returned,
    State::Delivered,
    State::Lost,
];

/// Orders that the documents and the shop page name: whose they are, and how long ago they were delivered.
const SHOWN: [(u32, &str, Option<Days>); 5] = [
    (1_000_003, "marta.ruiz", None),
    (1_000_007, "ana.garcia", None),
    (1_000_012, "luis.perez", Some(-3)),
    (2_000_004, "sofia.gomez", None),
    (2_000_009, "tomas.diaz", Some(-2)),
];

pub(super) fn orders() -> BTreeMap<u32, Order> {
    let products: Vec<Product> =
        serde_json::from_str(PRODUCTS).expect("the embedded list of products is tested");
    let spain = (1..=36).map(|place| (Site::Es, 1_000_000 + place, place));
    let argentina = (1..=24).map(|place| (Site::Ar, 2_000_000 + place, place));
    spain
        .chain(argentina)
        .map(|(site, number, place)| (number, order(site, number, place as usize, &products)))
        .collect()
}

fn order(site: Site, number: u32, place: usize, products: &[Product]) -> Order {
    let (customers, states, carriers, means): (&[Customer], _, _, [&'static str; 4]) = match site {
        Site::Es => (
            &SPAIN,
            SPAIN_STATES,
            ["SEUR", "Correos Express"],
            ["Bizum", "tarjeta", "PayPal", "tarjeta"],
        ),
        Site::Ar => (
            &ARGENTINA,
            ARGENTINA_STATES,
            ["Andreani", "OCA"],
            ["tarjeta", "Mercado Pago", "transferencia", "tarjeta"],
        ),
    };
    let shown = SHOWN.iter().find(|(known, ..)| *known == number);
    let (name, street, postcode, city) = *shown
        .and_then(|(_, owner, _)| customers.iter().find(|(name, ..)| name == owner))
        .unwrap_or(&customers[place % customers.len()]);
    let state = states[(place - 1) % states.len()];
    let round = (place - 1) / states.len();
    let days = |choices: [Days; 4]| choices[round % choices.len()];
    let delivered = match state {
        State::Delivered => Some(
            shown
                .and_then(|(_, _, ago)| *ago)
                .unwrap_or_else(|| days([-25, -16, -9, -1])),
        ),
        State::Returned => Some(days([-24, -13, -30, -20])),
        _ => None,
    };
    let (items, total) = basket(site, place, products);
    let mut order = Order {
        number,
        site,
        state,
        email: format!("{name}@example.com"),
        postcode: postcode.to_owned(),
        address: format!("{street}, {postcode} {city}"),
        items,
        total,
        paid_with: means[(place + 1) % means.len()],
        carrier: carriers[(place + 1) % carriers.len()],
        eta: match state {
            State::OutForDelivery => Some(0),
            State::Shipped => Some(days([1, 2, 3, 2])),
            State::Delayed => Some(days([4, 3, 6, 5])),
            State::Processing => Some(days([3, 4, 2, 5])),
            State::AwaitingPayment => Some(days([6, 5, 7, 6])),
            _ => None,
        },
        delivered,
        pickup_until: (state == State::ReadyForPickup).then(|| days([8, 5, 2, 9])),
        returned_as: None,
        refund: match state {
            State::Cancelled => Refund::Paid(days([-6, -2, -11, -4])),
            State::Returned if round == 0 => Refund::Received(-1),
            State::Returned => Refund::Paid(days([-3, -5, -9, -7])),
            _ => Refund::None,
        },
    };
    // One delivered order whose return is under way already.
    if order.state == State::Delivered && order.delivered == Some(-9) {
        order.returned_as = Some(order.return_code());
        order.refund = Refund::Requested(-2);
    }
    order
}

/// One to three products; the showcase order 1000007 gets trainers and a kettle.
fn basket(site: Site, place: usize, products: &[Product]) -> (String, Cents) {
    let wanted = 1 + place % 3;
    let first = (place + 23) % products.len();
    let mut items = Vec::new();
    let mut total = 0;
    for step in 0..wanted {
        let product = &products[(first + step * 20) % products.len()];
        let name = match site {
            Site::Es => &product.es,
            Site::Ar => &product.ar,
        };
        let price = match site {
            Site::Es => product.eur,
            Site::Ar => product.ars,
        };
        items.push(match product.group {
            Group::Shoes => format!("{name} {}", 36 + (place + 5) % 9),
            Group::Clothes => format!("{name} {}", ["S", "M", "L", "XL"][place % 4]),
            Group::Home => name.clone(),
        });
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a price in cents is a small whole number"
        )]
        let cents = (price * 100.0).round() as i64;
        total += cents;
    }
    (items.join(", "), Cents(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sixty_orders_in_every_state_on_both_sites() {
        let orders = orders();
        assert_eq!(orders.len(), 60);
        for (site, states) in [(Site::Es, SPAIN_STATES), (Site::Ar, ARGENTINA_STATES)] {
            for state in states {
                assert!(
                    orders
                        .values()
                        .any(|order| order.site == site && order.state == state),
                    "{site:?} has no order that is {state:?}"
                );
            }
        }
    }

    #[test]
    fn the_orders_that_the_documents_name_are_as_they_say() {
        let orders = orders();
        for (number, state, email, postcode, delivered) in [
            (1_000_003, State::Processing, "marta.ruiz", "08002", None),
            (1_000_007, State::Delayed, "ana.garcia", "28013", None),
            (1_000_012, State::Delivered, "luis.perez", "41001", Some(-3)),
            (2_000_004, State::Delayed, "sofia.gomez", "X5000", None),
            (2_000_009, State::Delivered, "tomas.diaz", "C1043", Some(-2)),
        ] {
            let order = &orders[&number];
            assert_eq!(order.state, state, "{number}");
            assert_eq!(order.email, format!("{email}@example.com"), "{number}");
            assert_eq!(order.postcode, postcode, "{number}");
            assert_eq!(order.delivered, delivered, "{number}");
        }
        let ana = &orders[&1_000_007];
        assert_eq!(ana.items, "zapatillas Brisa 39, hervidor Alba");
        assert_eq!(ana.total, Cents(5_990));
    }

    #[test]
    fn one_order_is_past_the_deadline_for_returns_on_each_site() {
        for site in [Site::Es, Site::Ar] {
            assert!(orders().values().any(|order| {
                order.site == site
                    && order.state == State::Delivered
                    && order.delivered.is_some_and(|ago| -ago > site.return_days())
            }));
        }
    }
}
