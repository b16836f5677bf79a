//! What the figures of the report are called, and how each is counted.

use super::super::operator::said;
use crate::ids::Lang;

pub(super) fn title(lang: &Lang) -> &'static str {
    said(
        lang,
        "Informe de calidad de la atención a la clientela",
        "Service-quality report of customer care",
    )
}

/// What this report is not.
pub(super) fn caution(lang: &Lang) -> &'static str {
    said(
        lang,
        "Modelo: Ley 10/2025, de 26 de diciembre, por la que se regulan los servicios de atención a la clientela (España). Qué exige la ley a cada empresa, \
         con qué plazos y excepciones, y si estas cifras bastan: a confirmar por un abogado. Solo se cuenta lo que pasó por este servidor: no las llamadas, el correo \
         postal ni otros canales.",
        "Model: Spain's Ley 10/2025 of 26 December on customer services. What the law asks of each company, with which periods and exceptions, and whether these \
         figures are enough: to be confirmed by a lawyer. Only what went through this server is counted: no phone calls, letters or other channels.",
    )
}

pub(super) fn heads(lang: &Lang) -> [&'static str; 4] {
    said(
        lang,
        ["Qué", "Cifra", "Se apoya en", "Cómo se cuenta"],
        ["What", "Figure", "Rests on", "How it is counted"],
    )
}

pub(super) fn audit(lang: &Lang) -> &'static str {
    said(
        lang,
        "Para auditarlo: cada cifra se vuelve a contar con la misma orden sobre los mismos datos o sobre una copia (ventanilla snapshot, ventanilla restore), y en la \
         página «Resultados» de la consola cada número abre las conversaciones que se contaron. Lo borrado a petición de alguien se sigue contando, sin sus palabras. \
         Los porcentajes llevan el intervalo de Wilson del 95 %; con menos de 30 casos no se da porcentaje.",
        "To audit it: every figure is counted again with the same command on the same data or on a copy (ventanilla snapshot, ventanilla restore), and on the page \
         “Insights” of the console every number opens the conversations that were counted. What was erased on somebody's request is still counted, without its words. \
         Percentages come with Wilson's 95% interval; under 30 cases no percentage is given.",
    )
}

/// Title of a figure, and how it is counted.
pub(super) fn of(name: &str, lang: &Lang) -> (&'static str, &'static str) {
    let (es, en) = both(name);
    said(lang, es, en)
}

/// The figures that differ in a number of days only.
macro_rules! within {
    ($es:literal, $en:literal) => {
        (
            (
                concat!("Casos respondidos en ", $es, " o menos"),
                "De los casos: lunes a viernes que no sean festivos del calendario del equipo, desde el día siguiente al de la apertura; lo respondido el mismo día son 0 días.",
            ),
            (
                concat!("Cases answered within ", $en),
                "Of the cases: Mondays to Fridays that are no holiday of the team's calendar, from the day after it was opened; what is answered on the same day took 0 days.",
            ),
        )
    };
}

type Told = (&'static str, &'static str);

fn both(name: &str) -> (Told, Told) {
    match name {
        "sessions" => (
            (
                "Conversaciones atendidas",
                "Las que empezaron en el periodo; la que se unió a otra de la misma persona cuenta una vez.",
            ),
            (
                "Conversations",
                "Those that began in the period; one that was merged into another of the same person counts once.",
            ),
        ),
        "own_language" => (
            (
                "Respondidas en el idioma del cliente",
                "Todas las respuestas del asistente fueron en el idioma en que se leyó el mensaje. Lo que escriben las personas del equipo no se juzga.",
            ),
            (
                "Answered in the customer's language",
                "Every answer of the assistant was in the language in which the message was read. What people of the team write is not judged.",
            ),
        ),
        "asked_person" => (
            (
                "Pidieron una persona",
                "Conversaciones en las que el cliente pidió hablar con una persona.",
            ),
            (
                "Asked for a person",
                "Conversations in which the customer asked to talk to a person.",
            ),
        ),
        "got_person" => (
            (
                "La tuvieron",
                "De quienes la pidieron: los atendió una persona, o se les prometió respuesta con código y plazo porque no había nadie.",
            ),
            (
                "Got one",
                "Of those who asked: a person attended, or an answer was promised with a code and a deadline because nobody was there.",
            ),
        ),
        "wait_within" => (
            (
                "Atendidos por una persona en tres minutos",
                "Esperas en la fila que acabaron con una persona en 180 segundos o menos, de todas las que acabaron así o duraron más. Quien se fue antes de los tres minutos no cuenta.",
            ),
            (
                "Attended by a person within three minutes",
                "Waits in the queue that ended with a person within 180 seconds, of all that did or lasted longer. Who left before the three minutes is not counted.",
            ),
        ),
        "wait" => (
            (
                "Espera hasta una persona (mediana)",
                "Segundos desde que se pasa a la fila hasta que una persona toma la conversación.",
            ),
            (
                "Wait for a person (median)",
                "Seconds from joining the queue until a person takes the conversation.",
            ),
        ),
        "abandoned" => (
            (
                "Se quedaron sin persona",
                "De las conversaciones con persona pedida o necesaria: nadie llegó (dejaron la fila, o no había nadie) y no dejaron mensaje.",
            ),
            (
                "Were left without a person",
                "Of the conversations in which a person was wanted: nobody came (they left the queue, or nobody was there) and no message was left.",
            ),
        ),
        "codes" => (
            (
                "Casos con código propio",
                "Cada promesa de respuesta, llamada o revisión lleva un número de caso que el cliente recibe; cuenta en el periodo en que empezó su conversación.",
            ),
            (
                "Cases with a code of their own",
                "Every promised answer, call or review has a case number that the customer gets; it counts in the period in which its conversation began.",
            ),
        ),
        "cases_answered" => (
            (
                "Casos respondidos",
                "De los casos: se cumplió lo prometido, a tiempo o tarde.",
            ),
            (
                "Cases answered",
                "Of the cases: what was promised was done, in time or late.",
            ),
        ),
        "cases_in_time" => (
            (
                "Casos respondidos en el plazo prometido",
                "De los casos: antes de la hora que se dijo al cliente (la nueva, si se le avisó de un cambio).",
            ),
            (
                "Cases answered within the promised time",
                "Of the cases: before the time that the customer was told (the new one, where they were told of a change).",
            ),
        ),
        "resolved_1" => within!("un día hábil", "one working day"),
        "resolved_5" => within!("5 días hábiles", "5 working days"),
        "resolved_10" => within!("10 días hábiles", "10 working days"),
        "resolved_15" => within!("15 días hábiles", "15 working days"),
        "open_too_long" => (
            (
                "Casos abiertos desde hace más de 15 días hábiles",
                "Sin respuesta al hacer el informe.",
            ),
            (
                "Cases open for more than 15 working days",
                "Without an answer when the report was made.",
            ),
        ),
        "ended" => (
            (
                "Conversaciones terminadas",
                "Las que habían acabado al hacer el informe.",
            ),
            (
                "Conversations that ended",
                "Those that had ended when the report was made.",
            ),
        ),
        "resolved_by_bot" => (
            (
                "Acabaron resueltas por el asistente",
                "De las terminadas: una respuesta que encajó, un gracias o una despedida sin fallos. Que no se quejaran no prueba que estuviera resuelto: véase «al primer contacto».",
            ),
            (
                "Ended as resolved by the assistant",
                "Of those that ended: an answer that fitted, thanks or a goodbye without a failure. That nobody complained does not prove it: see “at first contact”.",
            ),
        ),
        "resolved_by_agent" => (
            (
                "Acabaron resueltas por una persona",
                "De las terminadas: la persona que atendió la cerró como resuelta.",
            ),
            (
                "Ended as resolved by a person",
                "Of those that ended: whoever attended closed it as resolved.",
            ),
        ),
        "gave_up" => (
            (
                "Se fueron sin solución ni ayuda de una persona",
                "De las terminadas: ni quedó resuelta ni se pidió a nadie.",
            ),
            (
                "Gave up, without an answer or a person",
                "Of those that ended: neither resolved nor was anybody asked.",
            ),
        ),
        "unresolved" => (
            (
                "Acabaron sin resolver",
                "De las terminadas: el asistente o la persona la dejaron como no resuelta.",
            ),
            (
                "Ended unresolved",
                "Of those that ended: the assistant or the person left it as not resolved.",
            ),
        ),
        "first_contact" => (
            (
                "Resueltas al primer contacto",
                "De los primeros contactos por un asunto, acabados hace más de 7 días: resuelto, sin opinión en contra y sin que la misma persona volviera por lo mismo en 7 días.",
            ),
            (
                "Resolved at first contact",
                "Of first contacts on a matter that ended more than 7 days ago: resolved, no opinion against it, and the same person did not come back about it within 7 days.",
            ),
        ),
        "answered" => (
            (
                "Contestaron la pregunta del final",
                "De las conversaciones que acabaron con pregunta.",
            ),
            (
                "Answered the closing question",
                "Of the conversations that ended with a question.",
            ),
        ),
        "positive" => (
            (
                "Opiniones positivas",
                "De quienes contestaron. Quien contesta no es una muestra de todos.",
            ),
            (
                "Positive opinions",
                "Of those who answered. Those who answer are no sample of all.",
            ),
        ),
        _ => (("?", ""), ("?", "")),
    }
}
