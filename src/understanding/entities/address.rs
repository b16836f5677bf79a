//! A street with its number, told by the word for street that comes before or after the name; with the floor, the postcode and the town that
//! stand behind it.

use super::expression::expression;

expression!(
    ADDRESS,
    concat!(
        r"(?:\b(?:calle|avenida|avda|paseo|plaza|bulevar|boulevard|ruta|camino|ronda|pasaje|carrer|rua|travesia|diagonal|carretera)\b|\b(?:av|avda|bv|blvd|pza|pje|pso)\b\.?|\bc/)",
        r"\s*[a-z][a-z .']{1,40}? (?:n[o\u{ba}\u{b0}]?\.? ?)?\d{1,5}\b",
        // Floor, door, staircase, in any order.
        r"(?:,? ?\b(?:\d{1,2} ?[\u{ba}\u{aa}\u{b0}](?: ?[a-z]\b)?|\d{1,2} ?[a-z]\b",
        r"|(?:piso|planta|puerta|pta|depto|dpto|dto|departamento|escalera|esc|bloque|blq|local|oficina|torre)\b\.?(?: (?:\d{1,3}[\u{ba}\u{aa}\u{b0}]?|[a-z])\b)?",
        r"|(?:izq|izqda|izda|izquierda|dcha|der|derecha|bajo|atico)\b\.?)){0,6}",
        // Postcode and town without a comma.
        r"(?:,? (?:[a-z]\d{4}|\d{4,5})\b(?: [a-z]{3,20}\b)?| [a-z]{3,20} \d{5}\b)?",
        r"(?:, ?[^,?!;]{1,40}){0,5}",
        r"|\b\d{1,5} [a-z][a-z ']{1,30} (?:street|st|road|rd|avenue|ave|lane|drive|square)\b(?:, ?[^,?!;]{1,40}){0,5}"
    )
);
