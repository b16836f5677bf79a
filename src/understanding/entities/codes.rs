//! Order codes and postcodes.

use super::expression::expression;

expression!(
    ORDER,
    r"#\s?[a-z]{0,4}-?\d{3,14}\b|\b[a-z]{1,4}-\d{3,14}\b|\b[a-z]{2,4}\d{5,14}\b"
);
expression!(
    POSTCODE_SAID,
    r"\b(?:cp|c\.p\.|cpa|codigo postal|cod\.? postal|post ?code|postal code|zip(?: code)?)\W{0,3}(?:es |is )?(?P<value>[a-z]{0,2}\d[a-z\d]{1,7}(?: \d[a-z]{2})?)\b"
);
expression!(
    POSTCODE,
    r"\b(?:[a-hj-np-z]\d{4}[a-z]{3}|\d{4,5}(?:-\d{4})?|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})\b"
);
expression!(ANY_CODE, r"#?\b[a-z]{0,4}-?\d[\d.,-]{0,20}\b");

pub(super) fn code(text: &str) -> String {
    text.trim_start_matches('#').trim().to_uppercase()
}
