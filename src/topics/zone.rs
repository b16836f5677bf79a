//! A time zone as people call it: by its town, in the reader's language.

use super::reader::Reader;
use crate::ids::Lang;

/// Towns of IANA names that are called otherwise: IANA's word, in Spanish, in English.
const TOWNS: &[(&str, &str, &str)] = &[
    ("Asuncion", "Asunción", "Asunción"),
    ("Bogota", "Bogotá", "Bogotá"),
    ("Canary", "Canarias", "Canary Islands"),
    ("Cancun", "Cancún", "Cancún"),
    ("Cordoba", "Córdoba", "Córdoba"),
    ("London", "Londres", "London"),
    ("Mexico City", "Ciudad de México", "Mexico City"),
    ("New York", "Nueva York", "New York"),
    ("Panama", "Panamá", "Panama"),
    ("Sao Paulo", "São Paulo", "São Paulo"),
    ("Tucuman", "Tucumán", "Tucumán"),
];

impl Reader<'_> {
    /// A zone by its IANA name: «hora de Buenos Aires», "Buenos Aires time". One without a town, as `UTC`, keeps its name.
    pub fn zone(&self, name: &str) -> String {
        let Some((_, town)) = name.rsplit_once('/').filter(|(region, _)| *region != "Etc") else {
            return self.engine("zone_plain", &[("zone", name)]);
        };
        let town = town.replace('_', " ");
        let known = TOWNS.iter().find(|(iana, _, _)| *iana == town);
        let town = match known {
            Some((_, es, _)) if self.lang.base() == Lang::es() => es,
            Some((_, _, en)) => en,
            None => town.as_str(),
        };
        self.engine("zone_of_town", &[("town", town)])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::ids::{SiteId, Style};
    use crate::topics::{Catalog, own_texts, shop};

    #[test]
    fn a_zone_is_called_by_its_town() {
        let catalog = Catalog {
            texts: own_texts().clone(),
            ..shop::shop()
        };
        let site: SiteId = "es".parse().unwrap();
        let said =
            |lang: Lang, zone: &str| Reader::new(&catalog, &site, &lang, Style::Warm).zone(zone);
        for (zone, es, en) in [
            ("Europe/Madrid", "hora de Madrid", "Madrid time"),
            (
                "America/Argentina/Buenos_Aires",
                "hora de Buenos Aires",
                "Buenos Aires time",
            ),
            ("America/New_York", "hora de Nueva York", "New York time"),
            ("UTC", "hora UTC", "UTC time"),
            ("Etc/GMT+3", "hora Etc/GMT+3", "Etc/GMT+3 time"),
        ] {
            assert_eq!(said(Lang::es(), zone), es);
            assert_eq!(said(Lang::en(), zone), en);
        }
    }
}
