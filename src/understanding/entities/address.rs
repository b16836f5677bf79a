//! A street with its number, told by the word for street that comes before or after the name.

use super::expression::expression;

expression!(
    ADDRESS,
    r"(?:\b(?:calle|avenida|avda|paseo|plaza|bulevar|boulevard|ruta|camino|ronda|pasaje|carrer|rua|travesia|diagonal|carretera)\b|\b(?:av|avda|bv|blvd|pza|pje|pso)\b\.?|\bc/)\s*[a-z][a-z .']{1,40}? (?:n[o\u{ba}\u{b0}]?\.? ?)?\d{1,5}\b(?: \d{1,2} ?[\u{ba}\u{aa}\u{b0}]?[a-z]?\b)?(?:, ?[^,?!;]{1,40}){0,5}|\b\d{1,5} [a-z][a-z ']{1,30} (?:street|st|road|rd|avenue|ave|lane|drive|square)\b(?:, ?[^,?!;]{1,40}){0,5}"
);
