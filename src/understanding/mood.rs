//! The mood in which a turn was written: rules over its words, capitals, marks and repetitions, each with its reason. Calm unless something says
//! otherwise: whoever is taken for angry without being so is annoyed by that.

use super::normalise::{Folded, Word, key};
use crate::conversation::{Mood, MoodSign, TurnMood};

/// Weight of each sign; annoyed from two on, angry from four on.
const STRONG: u32 = 4;
const PLAIN: u32 = 2;
const SLIGHT: u32 = 1;
const ANNOYED: u32 = 2;
const ANGRY: u32 = 4;
/// Letters from which capitals are shouted: an order code or a name is none.
const SHOUTED: usize = 8;

/// Insults, and words of somebody who has had enough.
const OUTRAGE: &[&str] = &[
    "mierda",
    "de mierda",
    "porqueria",
    "una basura",
    "sois unos inutiles",
    "inutil",
    "inutiles",
    "idiota",
    "idiotas",
    "imbecil",
    "imbeciles",
    "estafadores",
    "ladrones",
    "chorros",
    "sinverguenzas",
    "caraduras",
    "una verguenza",
    "que verguenza",
    "es una burla",
    "una tomadura de pelo",
    "tomando el pelo",
    "estoy harto",
    "estoy harta",
    "me tienen harto",
    "me tienen harta",
    "me teneis harto",
    "me teneis harta",
    "me tenes harta",
    "me tenes harto",
    "podrido",
    "podrida",
    "hasta las narices",
    "hasta la coronilla",
    "hasta los huevos",
    "las pelotas",
    "me cago en",
    "la puta",
    "hijos de",
    "que asco",
    "vayanse al",
    "iros al",
    "vete al",
    "andate al",
    "que bronca",
    "no mames",
    "chinguen",
    "pinche",
    "weones",
    "culiaos",
    "boludos",
    "pelotudos",
    "estoy furioso",
    "estoy furiosa",
    "estoy indignado",
    "estoy indignada",
    "indignante",
    "inadmisible",
    "los voy a denunciar",
    "os voy a denunciar",
    "los denuncio",
    "bullshit",
    "crap",
    "shit",
    "shitty",
    "fuck",
    "fucking",
    "wtf",
    "damn",
    "idiots",
    "idiot",
    "useless",
    "pathetic",
    "thieves",
    "crooks",
    "scammers",
    "a joke",
    "disgrace",
    "disgraceful",
    "fed up",
    "sick of",
    "furious",
    "so angry",
    "go to hell",
    "stupid",
    "outrageous",
    "unacceptable",
    "kidding me",
    "worst company",
    "worst service",
    "worst shop",
    "sue you",
    "ridiculous",
];

/// Words of somebody who waits, or says it again.
const TROUBLE: &[&str] = &[
    "otra vez lo mismo",
    "siempre lo mismo",
    "sigo esperando",
    "seguimos esperando",
    "todavia sigo",
    "nadie contesta",
    "nadie responde",
    "nadie me contesta",
    "nadie me responde",
    "no contesta nadie",
    "no me contestan",
    "ya lo dije",
    "ya te lo dije",
    "ya se lo dije",
    "ya os lo dije",
    "ya les dije",
    "te lo dije",
    "cuantas veces",
    "por tercera vez",
    "tercera vez",
    "cuarta vez",
    "enesima vez",
    "no puede ser",
    "hasta cuando",
    "estoy cansado",
    "estoy cansada",
    "pesimo",
    "pesima",
    "un desastre",
    "que desastre",
    "malisimo",
    "lamentable",
    "decepcionado",
    "decepcionada",
    "muy molesto",
    "muy molesta",
    "no sirve para nada",
    "no servis",
    "no entendes nada",
    "no entiendes nada",
    "no entiende nada",
    "dando vueltas",
    "dar vueltas",
    "pierdo el tiempo",
    "perdiendo el tiempo",
    "ya esta bien",
    "vaya servicio",
    "qué poca seriedad",
    "poca seriedad",
    "still waiting",
    "again and again",
    "same thing again",
    "yet again",
    "third time",
    "fourth time",
    "umpteenth",
    "how many times",
    "nobody answers",
    "no one answers",
    "nobody replies",
    "no one replies",
    "i already told you",
    "already told you",
    "i told you",
    "i said already",
    "getting tired",
    "tired of",
    "terrible",
    "awful",
    "appalling",
    "very disappointed",
    "so disappointed",
    "waste of time",
    "wasting my time",
    "going in circles",
    "round in circles",
    "not good enough",
    "annoying",
    "frustrating",
    "frustrated",
    "doesnt understand",
    "dont understand anything",
    "never answer",
    "for the last time",
];

/// What says the opposite of its words whatever stands beside it.
const IRONY: &[&str] = &[
    "gracias por nada",
    "muchas gracias por nada",
    "thanks for nothing",
    "thank you for nothing",
    "que eficiencia",
    "que eficientes",
    "vaya eficiencia",
    "menuda eficiencia",
    "un exito rotundo",
    "que rapidez la vuestra",
    "que rapidos que son",
    "que rapidos sois",
    "menuda rapidez",
    "menos mal que eran",
    "menos mal que erais",
    "menos mal que era urgente",
    "que maravilla de servicio",
    "vaya maravilla",
    "que joyita",
    "una joyita",
    "great job guys",
    "nice job breaking",
    "how lovely",
    "oh great",
    "oh wonderful",
    "oh joy",
    "just great",
    "just what i needed",
    "slow clap",
    "so much for",
    "sigan asi que van",
    "seguid asi que vais",
];

/// Praise that a complaint behind it turns round: "genial, otra semana sin noticias".
const PRAISE: &[&str] = &[
    "genial",
    "que bien",
    "perfecto",
    "estupendo",
    "fantastico",
    "excelente",
    "maravilloso",
    "bravo",
    "felicitaciones",
    "felicidades",
    "enhorabuena",
    "buenisimo",
    "que buen servicio",
    "great",
    "wonderful",
    "brilliant",
    "lovely",
    "fantastic",
    "excellent",
    "perfect",
    "amazing",
    "bravo",
    "congratulations",
    "well done",
    "good job",
    "nice",
];

/// Complaints behind praise; slighter than [`TROUBLE`], since praise stands before them.
const BUT: &[&str] = &[
    "otra vez",
    "otra semana",
    "otro mes",
    "otro dia",
    "sin noticias",
    "sin mi pedido",
    "sigue sin",
    "sigo sin",
    "tampoco",
    "tarde",
    "para variar",
    "como siempre",
    "again",
    "another week",
    "another day",
    "another month",
    "still no",
    "still nothing",
    "still not",
    "yet another",
    "late as usual",
    "as usual",
    "as always",
    "broken again",
];

/// The mood of a text.
pub(super) fn read(original: &str, folded: &Folded, words: &[Word]) -> TurnMood {
    let said = format!(" {} ", key(words.get(..MOST_WORDS).unwrap_or(words)));
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| holds(&said, phrase));
    let mut because = Vec::new();
    let mut weight = 0;
    let mut sign = |is: bool, sign: MoodSign, by: u32| {
        if is {
            because.push(sign);
            weight += by;
        }
    };
    let furious = original.contains(['😡', '🤬', '👿', '🖕']);
    sign(has(OUTRAGE) || furious, MoodSign::Outrage, STRONG);
    sign(
        has(TROUBLE) || original.contains(['😠', '😤']),
        MoodSign::Trouble,
        PLAIN,
    );
    sign(is_shouted(original), MoodSign::Capitals, SLIGHT);
    sign(has_many_marks(folded.as_str()), MoodSign::Marks, SLIGHT);
    sign(repeats(words), MoodSign::Repetition, SLIGHT);
    let praised = PRAISE.iter().any(|praise| {
        let rest = said
            .strip_prefix(' ')
            .and_then(|said| said.strip_prefix(praise));
        rest.is_some_and(|rest| rest.starts_with(' '))
    });
    let turned = praised && (has(BUT) || has(TROUBLE));
    let ironic = has(IRONY) || turned || (original.contains('🙄') && (praised || weight > 0));
    if ironic && !because.contains(&MoodSign::Outrage) {
        because.push(MoodSign::Irony);
        return TurnMood {
            is: Mood::Ironic,
            because,
        };
    }
    let is = match weight {
        ANGRY.. => Mood::Angry,
        ANNOYED.. => Mood::Annoyed,
        _ => Mood::Calm,
    };
    if is == Mood::Calm {
        because.clear();
    }
    TurnMood { is, because }
}

/// Words that are looked at: a mood shows at once.
const MOST_WORDS: usize = 200;

fn holds(said: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(at) = said.get(from..).and_then(|rest| rest.find(phrase)) {
        let (start, end) = (from + at, from + at + phrase.len());
        let borders = said
            .get(..start)
            .is_some_and(|before| before.ends_with(' '))
            && said
                .get(end..)
                .is_some_and(|behind| behind.starts_with(' '));
        if borders {
            return true;
        }
        from = end;
    }
    false
}

/// Whether most of it is in capitals.
fn is_shouted(original: &str) -> bool {
    let letters = || original.chars().filter(|c| c.is_alphabetic()).take(400);
    let (all, big) = (
        letters().count(),
        letters().filter(|c| c.is_uppercase()).count(),
    );
    let words = original
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_uppercase()).count() > 1);
    all >= SHOUTED && big * 10 >= all * 7 && words.count() >= 2
}

/// "!!!", "???", "?!".
fn has_many_marks(folded: &str) -> bool {
    let mut run = 0;
    folded.chars().any(|c| {
        run = if matches!(c, '!' | '?') { run + 1 } else { 0 };
        run >= 3
    })
}

/// "No no no no", "hola? hola? hola?".
fn repeats(words: &[Word]) -> bool {
    words
        .windows(3)
        .take(MOST_WORDS)
        .any(|three| matches!(three, [a, b, c] if a.text == b.text && b.text == c.text && a.text.chars().any(char::is_alphabetic)))
}

#[cfg(test)]
mod tests {
    use super::super::normalise::words;
    use super::*;

    fn mood(text: &str) -> Mood {
        let folded = Folded::new(text);
        let words = words(&folded);
        read(text, &folded, &words).is
    }

    const CALM: &[&str] = &[
        "hola, ¿dónde está mi pedido?",
        "no me llegó el paquete",
        "quiero devolver unas zapatillas que llegaron rotas",
        "me cobraron dos veces",
        "¿Cuánto tarda el envío a Córdoba?",
        "NECESITO UN CAMBIO",
        "PEDIDO 1000007",
        "gracias!!",
        "¡Genial, muchas gracias!",
        "perfecto, quedo a la espera",
        "¿me pueden ayudar? es urgente",
        "todavía no llegó",
        "creo que el SMS que recibí es una estafa",
        "no, no quiero cancelarlo",
        "hice el pedido la semana pasada y sigue en preparación",
        "where is my order?",
        "it arrived broken, what can I do?",
        "I would like to return the shoes",
        "OK thanks",
        "great, thank you!",
        "my parcel has not arrived yet",
        "the size is wrong again, can I swap it?",
        "please hurry, it's a gift",
        "my card was declined twice",
        "is this a scam?",
    ];

    const ANNOYED: &[&str] = &[
        "sigo esperando una respuesta",
        "ya te lo dije, el pedido es 1000007",
        "¿hasta cuándo tengo que esperar?",
        "DONDE ESTA MI PEDIDO!!!",
        "es la tercera vez que escribo",
        "nadie me contesta",
        "no entendés nada",
        "qué desastre de envío",
        "estoy cansada de esperar",
        "esto no puede ser",
        "me estoy perdiendo el tiempo... digo, perdiendo el tiempo con esto",
        "I am still waiting for an answer",
        "I already told you the number",
        "how many times do I have to say it?",
        "WHERE IS MY ORDER???",
        "this is frustrating",
        "you keep going in circles",
        "nobody answers the phone",
        "very disappointed with the delivery",
    ];

    const ANGRY: &[&str] = &[
        "sois unos inútiles",
        "esto es una vergüenza",
        "estoy harta de ustedes",
        "me están tomando el pelo",
        "qué servicio de mierda",
        "son unos ladrones, devuélvanme la plata",
        "🤬🤬",
        "NO ENTENDÉS NADA!!! HASTA CUÁNDO",
        "los voy a denunciar",
        "this is a disgrace",
        "I'm fed up with you people",
        "bunch of crooks",
        "what a useless bot",
        "are you kidding me??",
        "this is unacceptable, I want my money",
        "NOBODY ANSWERS!!! STILL WAITING!!! NO NO NO",
    ];

    const IRONIC: &[&str] = &[
        "gracias por nada",
        "genial, otra semana sin noticias",
        "qué bien, sigo esperando",
        "menos mal que era urgente",
        "bravo, otra vez roto",
        "excelente servicio, como siempre tarde 🙄",
        "thanks for nothing",
        "oh great, it's late",
        "brilliant, still no parcel",
        "well done, broken again",
    ];

    #[test]
    fn sentences_are_taken_in_the_mood_in_which_they_were_written() {
        for (wanted, sentences) in [
            (Mood::Calm, CALM),
            (Mood::Annoyed, ANNOYED),
            (Mood::Angry, ANGRY),
            (Mood::Ironic, IRONIC),
        ] {
            for text in sentences {
                assert_eq!(mood(text), wanted, "{text}");
            }
        }
        assert!(CALM.len() + ANNOYED.len() + ANGRY.len() + IRONIC.len() >= 60);
    }

    #[test]
    fn a_mood_has_its_reasons_and_calm_needs_none() {
        let text = "ES UNA VERGÜENZA!!!";
        let folded = Folded::new(text);
        let read = read(text, &folded, &words(&folded));
        assert_eq!(
            read.because,
            [MoodSign::Outrage, MoodSign::Capitals, MoodSign::Marks]
        );
        let folded = Folded::new("hola!!!");
        assert!(
            super::read("hola!!!", &folded, &words(&folded))
                .because
                .is_empty()
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_mood(text in "\\PC{0,200}") {
            let folded = Folded::new(&text);
            let read = read(&text, &folded, &words(&folded));
            proptest::prop_assert_eq!(read.is == Mood::Calm, read.because.is_empty());
        }
    }
}
