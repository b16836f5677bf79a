//! What answers of the demo company show beside their words.

use super::fixture::*;
use super::mareas::mareas;
use crate::conversation::{BotTurn, Exhibit, Shown};
use crate::ids::{Lang, Style};
use crate::topics::Catalog;

fn answer(catalog: &Catalog, site: &str, lang: &Lang, topic: &str) -> BotTurn {
    let mut talk = Talk::new();
    talk.catalog = catalog.clone();
    talk.opening.site = site.parse().unwrap();
    talk.opening.lang = lang.clone();
    talk.opening.style = Style::Fast;
    let read = is(topic);
    let read = if *lang == Lang::en() { read.en() } else { read };
    talk.hears("algo", read)
}

#[test]
fn a_picture_has_its_address_its_shape_and_its_words_in_the_visitors_language() {
    let catalog = mareas();
    for (lang, begins) in [(Lang::es(), "Tabla de calzado"), (Lang::en(), "Shoe sizes")] {
        let turn = answer(&catalog, "es", &lang, "size_guide");
        let [
            Shown {
                after: 1,
                what: Exhibit::Picture { picture },
            },
        ] = turn.shows.as_slice()
        else {
            panic!("{:?}", turn.shows);
        };
        assert_eq!(picture.src, catalog.media["media/sizes.svg"].address());
        assert!(picture.alt.starts_with(begins), "{}", picture.alt);
        assert_eq!(picture.ratio, "4/3");
    }
}

#[test]
fn facts_fill_a_card_and_places_lead_to_a_map() {
    let catalog = mareas();
    let card = answer(&catalog, "ar", &Lang::es(), "product_details");
    let [
        Shown {
            what:
                Exhibit::Card {
                    link: Some(link),
                    picture: Some(_),
                    ..
                },
            ..
        },
    ] = card.shows.as_slice()
    else {
        panic!("{:?}", card.shows);
    };
    assert_eq!(link.url, "https://ar.mareas.example");
    let shops = answer(&catalog, "es", &Lang::es(), "stores_and_hours");
    let maps: Vec<&str> = shops
        .shows
        .iter()
        .filter_map(|shown| match &shown.what {
            Exhibit::Location { map, .. } => Some(map.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(
        maps,
        [
            "https://www.openstreetmap.org/?mlat=40.427&mlon=-3.7046#map=17/40.427/-3.7046",
            "https://www.openstreetmap.org/?mlat=-31.4278&mlon=-64.1878#map=17/-31.4278/-64.1878",
        ]
    );
}

#[test]
fn what_cannot_be_shown_whole_is_left_out_and_the_words_stay() {
    let mut catalog = mareas();
    catalog.media.clear();
    let guide = answer(&catalog, "es", &Lang::es(), "size_guide");
    assert!(guide.shows.is_empty() && !guide.says.is_empty());
    let card = answer(&catalog, "es", &Lang::es(), "product_details");
    assert!(
        matches!(
            &card.shows.first().unwrap().what,
            Exhibit::Card { picture: None, .. }
        ),
        "{:?}",
        card.shows
    );
    // A link that a fact made unsafe is no link.
    for facts in catalog.site_facts.values_mut() {
        let shop = facts.get_mut("shop_url").unwrap();
        *shop = crate::topics::Text::plain(Lang::es(), "javascript:alert(1)");
    }
    let card = answer(&catalog, "es", &Lang::es(), "product_details");
    assert!(
        matches!(
            &card.shows.first().unwrap().what,
            Exhibit::Card { link: None, .. }
        ),
        "{:?}",
        card.shows
    );
}

#[test]
fn the_longer_answer_to_the_same_question_shows_it_once() {
    let mut talk = Talk::new();
    talk.catalog = mareas();
    talk.opening.site = "es".parse().unwrap();
    talk.opening.style = Style::Fast;
    talk.hears("tallas", is("size_guide"));
    let again = talk.hears("y las tallas", is("size_guide"));
    assert_eq!(again.shows.len(), 1, "{:?}", again.says);
    let says = u32::try_from(again.says.len()).unwrap();
    assert!(
        again
            .shows
            .iter()
            .all(|shown| (1..=says).contains(&shown.after))
    );
}
