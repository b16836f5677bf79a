//! Every fault that a topic file can have, with its wording in Spanish and English. One table, so that no problem goes without a remedy or a translation.

use std::fmt;

use super::problem::{Bilingual, Severity};

/// A part of a sentence that may differ by language.
trait Part {
    fn es(&self) -> impl fmt::Display;
    fn en(&self) -> impl fmt::Display;
}

impl Part for String {
    fn es(&self) -> impl fmt::Display {
        self
    }
    fn en(&self) -> impl fmt::Display {
        self
    }
}

macro_rules! same_in_both {
    ($($kind:ty),+) => {$(
        impl Part for $kind {
            fn es(&self) -> impl fmt::Display {
                *self
            }
            fn en(&self) -> impl fmt::Display {
                *self
            }
        }
    )+};
}
same_in_both!(&'static str, usize, u64, char);

impl Part for Bilingual {
    fn es(&self) -> impl fmt::Display {
        &self.es
    }
    fn en(&self) -> impl fmt::Display {
        &self.en
    }
}

/// What a place of a file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Word,
    Number,
    Bool,
    List,
    Map,
    Nothing,
    Examples,
    TextByLang,
}

impl Part for Shape {
    fn es(&self) -> impl fmt::Display {
        match self {
            Self::Text => "un texto",
            Self::Word => "una palabra",
            Self::Number => "un número",
            Self::Bool => "`true` o `false`",
            Self::List => "una lista",
            Self::Map => "claves con valores",
            Self::Nothing => "nada",
            Self::Examples => "un bloque `|` con un ejemplo por línea",
            Self::TextByLang => "un texto por idioma, `{es: \"…\", en: \"…\"}`",
        }
    }
    fn en(&self) -> impl fmt::Display {
        match self {
            Self::Text => "a text",
            Self::Word => "a word",
            Self::Number => "a number",
            Self::Bool => "`true` or `false`",
            Self::List => "a list",
            Self::Map => "keys with values",
            Self::Nothing => "nothing",
            Self::Examples => "a `|` block with one example a line",
            Self::TextByLang => "a text by language, `{es: \"…\", en: \"…\"}`",
        }
    }
}

/// What a file refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Topic,
    Team,
    Skill,
    Call,
    Check,
    Question,
    Touchpoint,
    Schedule,
    List,
    Site,
    Slot,
    Fact,
    Media,
}

impl Part for Target {
    fn es(&self) -> impl fmt::Display {
        match self {
            Self::Topic => "el tema",
            Self::Team => "el equipo",
            Self::Skill => "la habilidad",
            Self::Call => "la llamada",
            Self::Check => "la comprobación",
            Self::Question => "la pregunta",
            Self::Touchpoint => "el punto de contacto",
            Self::Schedule => "el horario",
            Self::List => "la lista",
            Self::Site => "el sitio",
            Self::Slot => "el dato",
            Self::Fact => "el dato fijo",
            Self::Media => "el archivo",
        }
    }
    fn en(&self) -> impl fmt::Display {
        match self {
            Self::Topic => "topic",
            Self::Team => "team",
            Self::Skill => "skill",
            Self::Call => "call",
            Self::Check => "check",
            Self::Question => "question",
            Self::Touchpoint => "touchpoint",
            Self::Schedule => "schedule",
            Self::List => "list",
            Self::Site => "site",
            Self::Slot => "slot",
            Self::Fact => "fact",
            Self::Media => "file",
        }
    }
}

impl Target {
    /// Where such a thing is declared.
    pub(super) fn home(self) -> &'static str {
        match self {
            Self::Topic => "intents/",
            Self::Team | Self::Skill => "teams.yaml",
            Self::Call | Self::Check => "_calls.yaml",
            Self::Question => "feedback.yaml",
            Self::Touchpoint => "journey.yaml",
            Self::Schedule => "hours.yaml",
            Self::List => "_lists.yaml",
            Self::Site => "_assistant.yaml",
            Self::Slot => "_slots.yaml",
            Self::Fact => "_facts.yaml",
            Self::Media => "intents/media/",
        }
    }
}

/// The word that was probably meant, or, where none is near, those that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near(String);

/// Names listed when none is near.
const LISTED: usize = 14;

impl Near {
    pub(super) fn to<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let nearest = known
            .iter()
            .map(|name| (strsim::jaro_winkler(word, name), name))
            .filter(|(likeness, _)| *likeness >= 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        Self(match nearest {
            Some((_, name)) => format!("`{name}`"),
            None if known.is_empty() => String::new(),
            None => {
                let mut names: Vec<String> = known
                    .iter()
                    .take(LISTED)
                    .map(|name| format!("`{name}`"))
                    .collect();
                if known.len() > LISTED {
                    names.push("…".to_owned());
                }
                names.join(", ")
            }
        })
    }
}

impl Near {
    fn or<'a>(&'a self, none: &'a str) -> &'a str {
        if self.0.is_empty() { none } else { &self.0 }
    }
}

impl Part for Near {
    fn es(&self) -> impl fmt::Display {
        self.or("otro nombre")
    }
    fn en(&self) -> impl fmt::Display {
        self.or("another name")
    }
}

macro_rules! faults {
    ($($name:ident { $($field:ident: $kind:ty),* } $severity:ident $code:literal
        es $es:literal => $es_fix:literal
        en $en:literal => $en_fix:literal;)+) => {
        /// A fault, with what its sentences need.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(super) enum Fault {
            $($name { $($field: $kind),* },)+
        }

        impl Fault {
            /// Every code, in the order of the table.
            #[cfg(test)]
            pub(super) const CODES: &'static [&'static str] = &[$($code,)+];

            pub(super) fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)+
                }
            }

            pub(super) fn severity(&self) -> Severity {
                match self {
                    $(Self::$name { .. } => Severity::$severity,)+
                }
            }

            /// Message and remedy.
            #[allow(unused_variables, reason = "a sentence need not use every field")]
            pub(super) fn words(&self) -> (Bilingual, Bilingual) {
                match self {
                    $(Self::$name { $($field),* } => {
                        let (es, es_fix) = {
                            $(let $field = $field.es();)*
                            (format!($es), format!($es_fix))
                        };
                        let (en, en_fix) = {
                            $(let $field = $field.en();)*
                            (format!($en), format!($en_fix))
                        };
                        (Bilingual { es, en }, Bilingual { es: es_fix, en: en_fix })
                    })+
                }
            }
        }
    };
}

faults! {
    // Files
    UnreadableFile { reason: String } Error "unreadable_file"
        es "no se puede leer el archivo: {reason}" => "Revisar que exista y que el servidor tenga permiso de lectura."
        en "the file cannot be read: {reason}" => "See that it exists and that the server may read it.";
    NotUtf8 { byte: usize } Error "not_utf8"
        es "el archivo no está en UTF-8 (primer byte inválido: {byte})" => "Guardarlo como UTF-8; en hojas de cálculo y editores antiguos se elige al guardar."
        en "the file is not UTF-8 (first bad byte: {byte})" => "Save it as UTF-8; spreadsheets and old editors ask when saving.";
    FileTooLarge { limit: u64 } Error "file_too_large"
        es "el archivo pasa de {limit} KiB" => "Repartirlo en varios temas, o sacarlo de la carpeta si no es un tema."
        en "the file is larger than {limit} KiB" => "Split it into several topics, or move it away if it is not a topic.";
    TooManyFiles { limit: usize } Error "too_many_files"
        es "la carpeta tiene más de {limit} archivos YAML" => "Revisar que sea la carpeta de temas y no una de más arriba."
        en "the folder holds more than {limit} YAML files" => "See that it is the folder of topics and not one above it.";
    MissingFile { name: &'static str } Error "missing_file"
        es "falta el archivo `{name}`" => "Crearlo; `docs/topic-files.md` muestra qué lleva."
        en "the file `{name}` is missing" => "Create it; `docs/topic-files.md` shows what it holds.";
    NoTopics {} Error "no_topics"
        es "en la carpeta no hay ningún tema" => "Agregar un archivo por tema, por ejemplo `talk_to_person.yaml`."
        en "there is no topic in the folder" => "Add one file a topic, for example `talk_to_person.yaml`.";
    UnknownFile { name: String, near: Near } Error "unknown_file"
        es "`{name}` empieza con `_`, pero no es ninguno de los archivos comunes" => "Usar {near}, o quitar el `_` si es un tema."
        en "`{name}` begins with `_` but is none of the shared files" => "Use {near}, or drop the `_` if it is a topic.";
    FileTwice { other: String } Error "file_twice"
        es "este archivo común ya está en {other}" => "Dejar uno solo."
        en "this shared file is also {other}" => "Keep one of them.";

    // YAML
    EmptyFile {} Error "empty_file"
        es "el archivo está vacío" => "Escribirlo o borrarlo."
        en "the file is empty" => "Write it or delete it.";
    SeveralDocuments {} Error "several_documents"
        es "el archivo tiene más de un documento YAML (`---`)" => "Un archivo, un documento: quitar el `---` o partir el archivo."
        en "the file holds more than one YAML document (`---`)" => "One file, one document: remove the `---` or split the file.";
    Syntax { reason: Bilingual } Error "yaml_syntax"
        es "esto no es YAML: {reason}" => "Comparar la sangría y las comillas con las líneas de arriba; lo que se escribe dentro de `\"…\"` nunca estorba."
        en "this is not YAML: {reason}" => "Compare indentation and quotes with the lines above; what stands inside `\"…\"` is always safe.";
    UnclosedQuote { quote: char } Error "unclosed_quote"
        es "la comilla {quote} se abre aquí y no se cierra" => "Cerrarla en la misma línea. Dentro de '…' una comilla simple se escribe doble; dentro de \"…\", con \\ delante."
        en "the quote {quote} opens here and is never closed" => "Close it on the same line. Inside '…' write a single quote twice; inside \"…\" put a \\ before a double one.";
    UnclosedBracket { bracket: char } Error "unclosed_bracket"
        es "`{bracket}` se abre aquí y no se cierra" => "Cerrarlo, o poner la frase entre comillas si es parte de ella."
        en "`{bracket}` opens here and is never closed" => "Close it, or quote the sentence if it is part of it.";
    Tab {} Error "yaml_tab"
        es "hay un tabulador en la sangría" => "Usar espacios: YAML no admite tabuladores ahí."
        en "a tab indents this line" => "Use spaces: YAML allows no tabs there.";
    ColonInSentence {} Error "yaml_colon"
        es "dos puntos y espacio dentro de una frase sin comillas: YAML los lee como clave y valor" => "Poner la frase entre comillas: \"…\"."
        en "a colon and a space inside an unquoted sentence: YAML reads them as key and value" => "Quote the sentence: \"…\".";
    LeadingIndicator { sign: char } Error "yaml_leading_sign"
        es "un texto sin comillas no puede empezar con `{sign}`: para YAML significa otra cosa" => "Poner la frase entre comillas, o usar un bloque `|` (allí nada necesita comillas)."
        en "an unquoted text cannot begin with `{sign}`: it means something else in YAML" => "Quote the sentence, or use a `|` block (nothing needs quoting there).";
    HashComment { lost: String } Error "yaml_hash"
        es "lo que sigue a ` #` es un comentario y se pierde: «{lost}»" => "Poner la frase entre comillas; si es de verdad un comentario, moverlo a su propia línea."
        en "what follows ` #` is a comment and is lost: “{lost}”" => "Quote the sentence; if it really is a comment, move it to a line of its own.";
    SplitAtComma { part: String } Error "yaml_comma"
        es "dentro de `[…]` o `{{…}}` la coma separa: «{part}» quedó suelto" => "Poner cada frase entre comillas, o usar un bloque `|` con una por línea."
        en "inside `[…]` or `{{…}}` a comma separates: “{part}” stands alone" => "Quote each sentence, or use a `|` block with one a line.";
    FoldedExamples {} Error "yaml_folded"
        es "así todas las líneas se unen en un solo ejemplo" => "Escribir `|` después de los dos puntos y un ejemplo por línea, con sangría."
        en "written like this all lines become one example" => "Write `|` after the colon and one example a line, indented.";
    BooleanKey { key: String } Warning "yaml_boolean_key"
        es "la clave sin comillas `{key}:` es, para muchos programas de YAML, verdadero o falso" => "Ponerla entre comillas: \"{key}\":."
        en "the unquoted key `{key}:` means true or false to many YAML programs" => "Quote it: \"{key}\":.";
    AnchorOrTag { sign: char } Error "yaml_leading_sign"
        es "`{sign}` al comienzo es una referencia o una etiqueta de YAML, que los temas no usan" => "Si es parte de la frase, ponerla entre comillas."
        en "a leading `{sign}` is a YAML reference or tag, which topic files do not use" => "If it is part of the sentence, quote the sentence.";
    DuplicateKey { key: String, first: usize } Error "duplicate_key"
        es "la clave `{key}` ya está en la línea {first}" => "Dejar una sola, o unir las dos."
        en "the key `{key}` is already on line {first}" => "Keep one, or join the two.";

    // Shapes
    WrongShape { wanted: Shape, found: Shape } Error "wrong_shape"
        es "aquí va {wanted}, y hay {found}" => "Escribir {wanted}."
        en "this wants {wanted} and has {found}" => "Write {wanted}.";
    UnknownKey { key: String, near: Near } Error "unknown_key"
        es "la clave `{key}` no existe aquí" => "Usar {near}."
        en "there is no key `{key}` here" => "Use {near}.";
    MissingKey { key: &'static str } Error "missing_key"
        es "falta la clave `{key}`" => "Agregar `{key}:`; `docs/topic-files.md` muestra cómo."
        en "the key `{key}` is missing" => "Add `{key}:`; `docs/topic-files.md` shows how.";
    UnknownWord { word: String, near: Near } Error "unknown_word"
        es "`{word}` no sirve aquí" => "Usar {near}."
        en "`{word}` does not fit here" => "Use {near}.";
    BadName { name: String } Error "bad_name"
        es "`{name}` no sirve como nombre" => "Usar `a-z`, `0-9` y `_`, empezando con una letra, hasta 64 caracteres."
        en "`{name}` cannot be a name" => "Use `a-z`, `0-9` and `_`, beginning with a letter, up to 64 characters.";
    BadLang { tag: String } Error "bad_language"
        es "`{tag}` no es un código de idioma" => "Usar `es`, `en`, o una variante como `es-AR` o `es-usted`."
        en "`{tag}` is not a language tag" => "Use `es`, `en`, or a variant such as `es-AR` or `es-usted`.";
    RegionalWithoutRegion { tag: String } Error "regional_without_region"
        es "`{tag}` no dice de qué región son estas palabras" => "Usar un idioma con región, como `es-AR` o `en-US`."
        en "`{tag}` does not tell whose words these are" => "Use a language with a region, such as `es-AR` or `en-US`.";
    RegionalItself { word: String } Error "regional_itself"
        es "`{word}` se lee como sí misma" => "Quitar la línea, o poner la palabra que usan los ejemplos."
        en "`{word}` is read as itself" => "Remove the line, or give the word that the examples use.";
    RegionalChain { word: String, standard: String } Error "regional_chain"
        es "`{word}` se lee como `{standard}`, que a su vez se lee como otra" => "Poner directamente la palabra que usan los ejemplos."
        en "`{word}` is read as `{standard}`, which is read as another word itself" => "Give the word that the examples use at once.";
    RegionalLanguage { tag: String } Warning "regional_language"
        es "el asistente no habla el idioma de `{tag}`: estas palabras no se leen nunca" => "Agregar el idioma a `languages` de _assistant.yaml, o quitar estas palabras."
        en "the assistant does not speak the language of `{tag}`: these words are never read" => "Add the language to `languages` of _assistant.yaml, or remove these words.";
    OutOfRange { value: String, least: String, most: String } Error "out_of_range"
        es "{value} está fuera de lo permitido" => "Usar un valor de {least} a {most}."
        en "{value} is out of range" => "Use a value from {least} to {most}.";
    EmptyText {} Error "empty_text"
        es "el texto está vacío" => "Escribirlo o quitar la clave."
        en "the text is empty" => "Write it or remove the key.";
    OneStyle { missing: &'static str } Error "one_style"
        es "hay un estilo pero falta `{missing}`" => "Escribir los dos (`fast` y `warm`), o una sola frase para ambos."
        en "there is one style but `{missing}` is missing" => "Write both (`fast` and `warm`), or one sentence for both.";
    BadDate { text: String } Error "bad_date"
        es "`{text}` no es una fecha" => "Escribirla como 2027-03-01."
        en "`{text}` is not a date" => "Write it as 2027-03-01.";
    BadSpan { text: String } Error "bad_opening_span"
        es "`{text}` no es un tramo horario" => "Escribirlo como \"09:00-14:00\": la hora final va después y no pasa de 24:00."
        en "`{text}` is not a span of hours" => "Write it as \"09:00-14:00\": the end comes after the start, at most 24:00.";
    Overlap { text: String } Error "overlapping_hours"
        es "el tramo `{text}` se superpone con otro del mismo día" => "Unirlos o separarlos."
        en "the span `{text}` overlaps another of the same day" => "Join or separate them.";
    UnknownCountry { code: String } Error "unknown_country"
        es "no conozco los días festivos del país `{code}`" => "Escribir su código de dos letras (ES, AR, MX, CO …), o quitar `country` y listar los días en `holidays`."
        en "I do not know the public holidays of a country `{code}`" => "Write its two-letter code (ES, AR, MX, GB …), or remove `country` and list the days under `holidays`.";
    OpenAnyway { day: String } Warning "open_anyway"
        es "el {day} no es festivo: `open_on` no cambia nada" => "Quitarlo, o corregir la fecha."
        en "{day} is not a public holiday: `open_on` changes nothing" => "Remove it, or correct the date.";
    CallbackWithoutHours {} Warning "callback_without_hours"
        es "`callback: true` sin `hours`: sin horario no hay horas que ofrecer" => "Dar `hours` al equipo, o quitar `callback`."
        en "`callback: true` without `hours`: without a schedule there are no times to offer" => "Give the team `hours`, or remove `callback`.";
    OnlyWithOffers { key: &'static str } Warning "only_with_offers"
        es "con `policy: manual` no se ofrece nada, así que `{key}` no hace nada" => "Quitarlo, o elegir round_robin, least_busy o longest_idle."
        en "with `policy: manual` nothing is offered, so `{key}` does nothing" => "Remove it, or choose round_robin, least_busy or longest_idle.";
    SkillsByHand { team: String } Warning "skills_by_hand"
        es "el equipo `{team}` elige a mano (`policy: manual`): `skills` no decide a quién le llega" => "Elegir round_robin, least_busy o longest_idle en teams.yaml, o quitar `skills`."
        en "the team `{team}` picks by hand (`policy: manual`): `skills` does not decide who gets it" => "Choose round_robin, least_busy or longest_idle in teams.yaml, or remove `skills`.";
    DecideBeforeOffer { offer: u64 } Error "decide_before_offer"
        es "se decide antes de preguntar: `offer_minutes` es {offer}" => "Poner `decide_minutes` por encima de {offer}."
        en "it is decided before it is asked: `offer_minutes` is {offer}" => "Set `decide_minutes` above {offer}.";
    TooManyReasons { most: usize } Warning "too_many_wrap_up_reasons"
        es "más de {most} motivos de cierre: nadie lee una lista tan larga" => "Unir los que se parecen; lo demás va en una nota."
        en "more than {most} reasons for the close: nobody reads so long a list" => "Join those that are alike; the rest goes into a note.";
    UnknownTimeZone { name: String, near: Near } Error "unknown_time_zone"
        es "no existe la zona horaria `{name}`" => "Usar {near}, o un nombre de la base IANA como Europe/Madrid."
        en "there is no time zone `{name}`" => "Use {near}, or a name of the IANA database such as Europe/Madrid.";
    BadUrl { url: String } Error "bad_url"
        es "`{url}` no es una dirección completa" => "Empezar con http:// o https://."
        en "`{url}` is not a complete address" => "Begin with http:// or https://.";
    BadPointer { pointer: String } Error "bad_pointer"
        es "`{pointer}` no es un puntero JSON" => "Empezar con `/`: `/state`, `/items/0/price`."
        en "`{pointer}` is not a JSON pointer" => "Begin with `/`: `/state`, `/items/0/price`.";
    MissingVariable { name: String } Error "missing_variable"
        es "la variable de entorno `{name}` no está definida y no tiene valor por omisión" => "Definirla, o escribir ${{{name}:-valor}}."
        en "the environment variable `{name}` is not set and has no default" => "Set it, or write ${{{name}:-value}}.";
    BadVariable {} Error "bad_variable"
        es "`${{` se abre y no se cierra, o el nombre no es válido" => "Escribir ${{NOMBRE}} o ${{NOMBRE:-valor}}."
        en "`${{` is not closed, or its name is not valid" => "Write ${{NAME}} or ${{NAME:-value}}.";

    // Topics
    EventIsNotFile { name: String, file: String } Error "name_is_not_file"
        es "el evento se llama `{name}` y el archivo `{file}`" => "Darles el mismo nombre."
        en "the event is named `{name}` and the file `{file}`" => "Give both the same name.";
    EventTwice { name: String, other: String } Error "event_twice"
        es "el evento `{name}` ya está en {other}" => "Cambiar el nombre de uno o unirlos."
        en "the event `{name}` is already in {other}" => "Rename one or join them.";
    BadQuietHours { text: String } Error "bad_quiet_hours"
        es "`{text}` no son horas de silencio" => "Escribir de qué hora a qué hora, por ejemplo \"21:00-09:00\"."
        en "`{text}` are no quiet hours" => "Write from which hour to which, for example \"21:00-09:00\".";
    UnusedData { name: String } Warning "unused_data"
        es "`{name}` llega con el evento y ningún texto lo usa" => "Usarlo como `{{data.{name}}}`, o quitarlo de `data:`."
        en "`{name}` comes with the event and no text uses it" => "Use it as `{{data.{name}}}`, or remove it from `data:`.";
    NoticeIsNotFile { name: String, file: String } Error "name_is_not_file"
        es "el aviso se llama `{name}` y el archivo `{file}`" => "Darles el mismo nombre."
        en "the notice is named `{name}` and the file `{file}`" => "Give both the same name.";
    NoticeTwice { name: String } Error "notice_twice"
        es "ya hay otro aviso `{name}`" => "Cambiar el nombre de uno."
        en "there is another notice `{name}` already" => "Rename one.";
    BadMoment { text: String } Error "bad_moment"
        es "`{text}` no es un momento" => "Escribir día, hora y diferencia con UTC: \"2026-11-22T15:00+01:00\"."
        en "`{text}` is no moment" => "Write day, hour and offset from UTC: \"2026-11-22T15:00+01:00\".";
    NoNextUpdate {} Warning "notice_without_update"
        es "el aviso no dice cuándo habrá novedades" => "Agregar `next_update:`: quien espera quiere saber hasta cuándo."
        en "the notice does not say when there will be news" => "Add `next_update:`: whoever waits wants to know until when.";
    NameIsNotFile { name: String, file: String } Error "name_is_not_file"
        es "el tema se llama `{name}` y el archivo `{file}`" => "Darles el mismo nombre."
        en "the topic is named `{name}` and the file `{file}`" => "Give both the same name.";
    TopicTwice { name: String, other: String } Error "topic_twice"
        es "el tema `{name}` ya está en {other}" => "Cambiar el nombre de uno o unirlos."
        en "the topic `{name}` is already in {other}" => "Rename one or join them.";
    RoleTwice { role: String, other: String } Error "role_twice"
        es "el papel `{role}` ya lo tiene {other}" => "Dejarlo en un solo tema."
        en "the role `{role}` is already taken by {other}" => "Leave it to one topic.";
    NoRole { role: &'static str } Warning "no_role"
        es "ningún tema tiene `role: {role}`" => "Agregarlo: pedir una persona tiene que funcionar con palabras, no solo con el botón."
        en "no topic has `role: {role}`" => "Add it: asking for a person must work in words, not only by the button.";
    TitleLength { chars: usize } Error "title_length"
        es "el título tiene {chars} caracteres" => "Usar de 2 a 40: es el texto de un botón."
        en "the title has {chars} characters" => "Use 2 to 40: it is what a button says.";
    Unknown { target: Target, name: String, near: Near, home: &'static str } Error "unknown_reference"
        es "no existe {target} `{name}`" => "Usar {near}, o crear lo que falta (`{home}`)."
        en "there is no {target} `{name}`" => "Use {near}, or create what is missing (`{home}`).";
    Placeholder { name: String, near: Near } Error "unknown_placeholder"
        es "nada rellena `{{{name}}}` en este texto" => "Usar {near}; si la llave es parte de la frase, escribir `{{{{`."
        en "nothing fills `{{{name}}}` in this text" => "Use {near}; if the brace is part of the sentence, write `{{{{`.";
    FactNotOnSite { fact: String, site: String } Error "fact_not_on_site"
        es "`{fact}` no está definido para el sitio `{site}`: ahí el texto quedaría con un hueco" => "Agregarlo a `_facts.{site}.yaml` o a `_facts.yaml`, o limitar el paso con `when: {{site: …}}`."
        en "`{fact}` is not defined for the site `{site}`: there the text would have a hole" => "Add it to `_facts.{site}.yaml` or `_facts.yaml`, or limit the step by `when: {{site: …}}`.";
    BadPlaceholder {} Error "bad_placeholder"
        es "esta `{{` no se cierra, o lo que encierra no es un nombre" => "Escribir `{{nombre}}`; una llave suelta se escribe `{{{{`."
        en "this `{{` is not closed, or what it holds is not a name" => "Write `{{name}}`; a brace by itself is written `{{{{`.";
    CallNeeds { call: String, slot: String } Error "call_needs_slot"
        es "la llamada `{call}` necesita `{{{slot}}}` y en este tema nada lo da" => "Agregar `{slot}` a `slots:`, o hacer antes la llamada que lo trae."
        en "the call `{call}` needs `{{{slot}}}` and nothing in this topic gives it" => "Add `{slot}` to `slots:`, or make the call that brings it first.";
    AskUnknown { name: String, near: Near } Error "unknown_asked_slot"
        es "el paso `ask` pide `{name}`, que no está en `slots:` de este tema" => "Usar {near}, o agregarlo a `slots:`."
        en "the step `ask` asks for `{name}`, which is not in this topic's `slots:`" => "Use {near}, or add it to `slots:`.";
    BadRegex { reason: Bilingual } Error "bad_pattern"
        es "la expresión regular no es válida aquí: {reason}" => "Corregirla; dentro de comillas simples la barra invertida se escribe una vez."
        en "the regular expression is not valid here: {reason}" => "Correct it; inside single quotes a backslash is written once.";
    EmptyRegex {} Error "pattern_matches_empty"
        es "la expresión acepta un texto vacío: coincidiría con cualquier mensaje" => "Exigir al menos un carácter, por ejemplo `+` en lugar de `*`."
        en "the expression accepts an empty text: it would match every message" => "Ask for at least one character, for instance `+` in place of `*`.";
    BadTemplate { sign: char } Error "bad_template"
        es "`{sign}` sin pareja en el ejemplo" => "Cerrar el paréntesis, corchete o llave, o quitarlo: `[x]` puede faltar, `(a|b)` uno de los dos, `{{dato}}` un valor."
        en "`{sign}` has no partner in this example" => "Close the bracket or remove it: `[x]` may be missing, `(a|b)` one of them, `{{slot}}` a value.";
    EmptyTemplate {} Error "empty_template"
        es "el ejemplo puede quedar vacío: es opcional de principio a fin" => "Dejar fuera de `[…]` al menos una palabra."
        en "the example may be empty: all of it is optional" => "Leave at least one word outside `[…]`.";
    TemplateSlot { name: String, near: Near } Warning "template_slot"
        es "`{{{name}}}` no es un dato de este tema ni una lista: ahí valdrá cualquier texto" => "Usar {near}, o declararlo en `slots:`."
        en "`{{{name}}}` is neither a slot of this topic nor a list: any words will do there" => "Use {near}, or declare it in `slots:`.";
    RememberPersonal { slot: String } Error "remember_personal"
        es "`{slot}` puede llevar datos que no se guardan de una visita a otra" => "Quitar `remember:`. Se recuerdan listas, sí o no, horas, duraciones y números con `max` de 999 o menos; nunca pedidos, correos, teléfonos, direcciones, documentos ni texto libre."
        en "`{slot}` may hold data that is not kept from one visit to the next" => "Remove `remember:`. Lists, yes or no, times, durations and numbers with a `max` of 999 or less are remembered; never orders, e-mails, phones, addresses, documents or free text.";
    RememberSensitive {} Error "remember_sensitive"
        es "de un tema delicado no se recuerda nada" => "Quitar `remember:` de sus datos."
        en "nothing of a sensitive topic is remembered" => "Remove `remember:` from its slots.";
    RememberUncalled { slot: String } Error "remember_uncalled"
        es "para preguntar si se recuerda `{slot}` falta cómo se llama" => "Agregar `called:` con su artículo, por ejemplo `called: {{es: \"la talla\", en: \"your size\"}}`."
        en "to ask whether `{slot}` shall be remembered it needs a name" => "Add `called:` with its article, for example `called: {{es: \"la talla\", en: \"your size\"}}`.";
    RememberTwice { item: String } Error "remember_two_kinds"
        es "`{item}` ya se recuerda en otra parte con otro tipo o con otros valores" => "Darle otro nombre, o el mismo tipo y la misma lista."
        en "`{item}` is remembered elsewhere with another type or other values" => "Give it another name, or the same type and list.";
    LongInvite { chars: usize } Error "long_invite"
        es "el mensaje tiene {chars} caracteres y tapa la página" => "Dejarlo en 140 o menos: lo demás se dice cuando la conversación está abierta."
        en "the message has {chars} characters and covers the page" => "Keep it to 140 or less: the rest is said once the chat is open.";
    ManyInvited {} Error "many_invited"
        es "son demasiados temas para un mensaje" => "Dejar cuatro o menos."
        en "these are too many topics for one message" => "Keep four or less.";
    InvitedEverywhere {} Error "invited_everywhere"
        es "un mensaje que sale en todas las páginas es publicidad" => "Nombrar las páginas en las que ayuda, por ejemplo `/checkout*`."
        en "a message that comes on every page is an advertisement" => "Name the pages where it helps, for example `/checkout*`.";
    InvitedToTrouble { topic: String } Error "invited_to_trouble"
        es "`{topic}` es un tema delicado: a hablar de eso no se invita" => "Quitarlo de `choices:`."
        en "`{topic}` is a sensitive topic: nobody is invited to talk about that" => "Remove it from `choices:`.";
    EmptySlot { name: String } Error "empty_slot"
        es "el dato `{name}` está vacío y `_slots.yaml` no lo define" => "Definirlo aquí (`type`, `ask`, `retry`) o en `_slots.yaml`."
        en "the slot `{name}` is empty and `_slots.yaml` does not define it" => "Define it here (`type`, `ask`, `retry`) or in `_slots.yaml`.";
    ListMissing {} Error "list_missing"
        es "un dato de tipo `list` necesita `list:`" => "Agregar `list:` con el nombre de una lista de `_lists.yaml`."
        en "a slot of type `list` needs `list:`" => "Add `list:` with the name of a list of `_lists.yaml`.";
    NeverAsked {} Error "slot_without_question"
        es "falta `ask:` en un dato que se pide" => "Escribir la pregunta, o poner `optional: true`."
        en "`ask:` is missing in a slot that is asked for" => "Write the question, or set `optional: true`.";
    NoSteps {} Error "no_steps"
        es "el tema no hace nada" => "Agregar al menos un paso, por ejemplo `- say:`."
        en "the topic does nothing" => "Add at least one step, for instance `- say:`.";
    StepKinds { found: String } Error "step_kind"
        es "cada paso hace una sola cosa, y este tiene: {found}" => "Escribir un paso para cada una: `say`, `confirm`, `ask`, `call`, `go` o `escalate`."
        en "each step does one thing, and this one has: {found}" => "Write a step for each: `say`, `confirm`, `ask`, `call`, `go` or `escalate`.";
    AfterEnd {} Warning "never_reached"
        es "este paso no se alcanza nunca: el anterior termina el tema" => "Moverlo antes del `go` o `escalate`, o quitarlo."
        en "this step is never reached: the one before ends the topic" => "Move it before the `go` or `escalate`, or remove it.";
    NoFailedCase { call: String } Error "no_failed_case"
        es "la llamada `{call}` no dice qué hacer si el servicio no responde" => "Agregar el caso `failed:` con un aviso sincero y, si hace falta, `escalate`."
        en "the call `{call}` does not say what to do when the service does not answer" => "Add the case `failed:` with an honest message and, where needed, `escalate`.";
    NoConfirm { call: String } Error "no_confirm"
        es "`{call}` no tiene vuelta atrás y antes no hay `confirm`" => "Agregar antes un paso `- confirm:` que lea lo que se va a hacer."
        en "`{call}` is irreversible and no `confirm` comes before it" => "Add a step `- confirm:` before it that reads back what will be done.";
    GoLoop { path: String } Error "go_loop"
        es "estos temas se llaman en círculo sin detenerse: {path}" => "Romper el círculo: que uno termine, pregunte o pase a una persona."
        en "these topics go round in a circle without a stop: {path}" => "Break the circle: one of them should end, ask, or hand over to a person.";
    CaseLoop { path: String } Warning "case_loop"
        es "estos temas pueden llamarse en círculo según lo que responda el servicio: {path}" => "Revisar que los casos se excluyan; el motor corta el círculo y pasa a una persona."
        en "these topics may go round in a circle, depending on the service's answer: {path}" => "See that their cases exclude each other; the engine breaks the circle and hands over to a person.";
    TapCount { count: usize } Error "tap_count"
        es "la pregunta tiene {count} respuestas de un toque" => "Usar dos o tres."
        en "the question has {count} one-tap answers" => "Use two or three.";
    TapsAndScale {} Error "taps_and_scale"
        es "la pregunta tiene `scale` y también `taps`" => "Dejar uno: `scale` trae sus respuestas ya escritas; `taps` son propias."
        en "the question has `scale` and `taps` too" => "Keep one: `scale` brings its answers in words; `taps` are your own.";
    QuestionWithoutUse { question: String } Error "question_without_use"
        es "la pregunta `{question}` no dice quién lee la respuesta ni para qué" => "Agregar `use: {{es: \"Lo lee el equipo de … y se usa solo para …\", en: \"Read by …, used only to …\"}}`: sin eso no se pregunta."
        en "the question `{question}` does not say who reads the answer and what for" => "Add `use: {{es: \"Lo lee el equipo de … y se usa solo para …\", en: \"Read by …, used only to …\"}}`: without it nothing is asked.";
    BadPage { page: String } Error "bad_page"
        es "`{page}` no es la ruta de una página" => "Empezar con `/`, sin dominio, `?` ni `#`; `*` vale por cualquier resto: `/productos/*`."
        en "`{page}` is not the path of a page" => "Begin with `/`, without a domain, `?` or `#`; `*` stands for anything: `/products/*`.";
    TouchpointTwice { what: String, other: String } Error "touchpoint_twice"
        es "`{what}` ya está en el punto de contacto `{other}`" => "Dejarlo en uno solo: cada página, canal y tema es de un punto de contacto."
        en "`{what}` is already in the touchpoint `{other}`" => "Keep it in one: each page, channel and topic is of one touchpoint.";

    // What is shown
    ShowKinds { found: String } Error "show_kinds"
        es "aquí va una sola clase de cosa, y hay: {found}" => "Usar una de `picture`, `card`, `link`, `video`, `file` o `location`; para varias, una lista."
        en "this wants one kind of thing and has: {found}" => "Use one of `picture`, `card`, `link`, `video`, `file` or `location`; for several, a list.";
    TooMuchShown { most: usize } Error "too_much_shown"
        es "más de {most} cosas debajo de un mensaje" => "Dejar las que deciden y enlazar una página con el resto."
        en "more than {most} things under one message" => "Keep those that decide and link to a page with the rest.";
    PictureWithoutAlt {} Error "picture_without_alt"
        es "la imagen no dice qué cuenta a quien no la ve" => "Agregar `alt: {{es: \"…\", en: \"…\"}}` con lo que la imagen dice, no con que es una imagen."
        en "the picture does not say what it tells to those who do not see it" => "Add `alt: {{es: \"…\", en: \"…\"}}` with what the picture says, not that it is one.";
    AltNotIn { lang: String } Error "picture_without_alt"
        es "falta el texto alternativo en `{lang}`" => "Agregarlo: quien no ve la imagen no tiene otra cosa."
        en "the alternative text is missing in `{lang}`" => "Add it: whoever does not see the picture has nothing else.";
    VideoWithoutCaptions {} Error "video_without_captions"
        es "el video no tiene subtítulos" => "Agregar `captions: {{es: media/….es.vtt}}` con un archivo WebVTT por idioma."
        en "the video has no captions" => "Add `captions: {{en: media/….en.vtt}}` with one WebVTT file a language.";
    InsecureSource { url: String } Error "insecure_source"
        es "`{url}` viaja sin cifrar y los navegadores no lo muestran en una página segura" => "Usar https://, o poner el archivo en `intents/media/`."
        en "`{url}` travels unencrypted, and browsers do not show it on a secure page" => "Use https://, or put the file into `intents/media/`.";
    BadSource { source: String } Error "bad_source"
        es "`{source}` no es un archivo de `media/` ni una dirección https:// completa" => "Escribir `media/nombre.ext`, o `https://host/ruta` sin puerto ni espacios."
        en "`{source}` is neither a file of `media/` nor a complete https:// address" => "Write `media/name.ext`, or `https://host/path` without port or blanks.";
    HostNotAllowed { host: String, near: Near } Error "host_not_allowed"
        es "las páginas no pueden cargar nada de `{host}`: no está en `media_hosts`" => "Agregarlo a `media_hosts:` de _assistant.yaml, usar {near}, o poner el archivo en `intents/media/`."
        en "the pages may load nothing from `{host}`: it is not in `media_hosts`" => "Add it to `media_hosts:` of _assistant.yaml, use {near}, or put the file into `intents/media/`.";
    BadHost { host: String } Error "bad_host"
        es "`{host}` no es un nombre de servidor" => "Escribirlo sin https:// ni ruta: `cdn.example.com`."
        en "`{host}` is not the name of a host" => "Write it without https:// or path: `cdn.example.com`.";
    WrongMedia { name: String, endings: String } Error "wrong_media"
        es "`{name}` no se puede mostrar aquí" => "Usar un archivo {endings}."
        en "`{name}` cannot be shown here" => "Use a file {endings}.";
    BadLink { url: String } Error "bad_link"
        es "`{url}` no lleva a ninguna parte" => "Empezar con https://, mailto: o tel:, o con un dato: `{{shop_url}}`."
        en "`{url}` leads nowhere" => "Begin with https://, mailto: or tel:, or with a fact: `{{shop_url}}`.";
    BadRatio { text: String } Error "bad_ratio"
        es "`{text}` no es una proporción" => "Escribir ancho y alto entre comillas: \"3:2\"."
        en "`{text}` is no ratio" => "Write width and height in quotes: \"3:2\".";
    MediaName { name: String } Error "media_name"
        es "`{name}` no sirve como nombre de un archivo que se muestra" => "Usar letras sin acento, cifras, `.`, `_` y `-`, sin espacios."
        en "`{name}` cannot be the name of a file that is shown" => "Use unaccented letters, digits, `.`, `_` and `-`, without blanks.";
    MediaMismatch { name: String } Error "media_mismatch"
        es "el contenido de `{name}` no es lo que dice su nombre" => "Guardarlo de nuevo en ese formato, o darle la terminación del suyo."
        en "the content of `{name}` is not what its name says" => "Save it again in that format, or give it the ending of its own.";
    MediaTooLarge { size: usize, limit: usize } Error "media_too_large"
        es "el archivo ocupa {size} KiB; aquí caben {limit}" => "Reducirlo, o enlazarlo desde un servidor de `media_hosts`."
        en "the file has {size} KiB; {limit} is the limit" => "Make it smaller, or link to it on a host of `media_hosts`.";
    AllMediaTooLarge { size: usize, limit: usize } Error "all_media_too_large"
        es "los archivos de `media/` ocupan juntos {size} KiB; caben {limit}" => "Reducirlos, quitar los que no se usan, o enlazarlos desde un servidor de `media_hosts`."
        en "the files of `media/` have {size} KiB together; {limit} is the limit" => "Make them smaller, remove those not used, or link to them on a host of `media_hosts`.";
    ActiveSvg { what: String } Error "active_svg"
        es "el dibujo contiene `{what}`: un dibujo no ejecuta ni trae nada" => "Exportarlo como SVG simple, sin scripts, animación ni archivos ajenos."
        en "the drawing holds `{what}`: a drawing runs and fetches nothing" => "Export it as plain SVG, without scripts, animation or files from elsewhere.";

    // Examples and tests
    SameExample { example: String, topic: String, other: String } Error "same_example"
        es "«{example}» es también ejemplo de `{topic}`: {other}" => "Dejarlo en un solo tema; el otro necesita palabras propias."
        en "“{example}” is also an example of `{topic}`: {other}" => "Keep it in one topic; the other needs words of its own.";
    NotOursExample { example: String, other: String } Error "same_example"
        es "«{example}» está entre lo que no es asunto nuestro: {other}" => "Dejarlo en uno de los dos: aquí se responde, allí se descarta."
        en "“{example}” stands among what is not ours: {other}" => "Keep it in one of the two: here it is answered, there it is declined.";
    NearExample { example: String, score: usize, topic: String, twin: String, other: String } Warning "near_example"
        es "«{example}» se parece en un {score} % a «{twin}», de `{topic}`: {other}" => "Decir en cada uno lo que lo distingue, o unir los temas: con frases así se repregunta o se acierta por casualidad."
        en "“{example}” is {score} % like “{twin}” of `{topic}`: {other}" => "Say in each what tells it from the other, or join the topics: sentences like these are asked about or hit by luck.";
    PatternShadowed { topic: String, other: String } Warning "unreachable_pattern"
        es "todo lo que cumple este patrón ya es un ejemplo de `{topic}`: {other}" => "Quitar el patrón o esos ejemplos: un ejemplo igual decide antes."
        en "everything that fits this pattern is already an example of `{topic}`: {other}" => "Remove the pattern or those examples: an equal example decides first.";
    PatternCovered { topic: String, pattern: String, other: String } Warning "unreachable_pattern"
        es "todo lo que cumple este patrón cumple también `{pattern}`, de `{topic}`: {other}; ninguno de los dos decide" => "Hacer uno más preciso o dejar uno solo."
        en "all that fits this pattern also fits `{pattern}` of `{topic}`: {other}; neither of them decides" => "Make one more precise or keep only one.";
    RepeatedExample { first: usize } Warning "repeated_example"
        es "el mismo ejemplo está en la línea {first}" => "Quitar uno."
        en "the same example is on line {first}" => "Remove one.";
    FewExamples { lang: String, count: usize } Warning "few_examples"
        es "solo {count} ejemplos en `{lang}`" => "Escribir al menos 6, mejor 12, como los escribe la gente."
        en "only {count} examples in `{lang}`" => "Write at least 6, better 12, the way people write.";
    NoExamples { lang: String } Warning "no_examples"
        es "no hay ejemplos en `{lang}`: en ese idioma no se reconocerá" => "Escribir al menos 6."
        en "there are no examples in `{lang}`: it will not be recognised in that language" => "Write at least 6.";
    FewTests { lang: String, count: usize } Warning "few_tests"
        es "{count} pruebas en `{lang}`" => "Escribir al menos dos, con frases que no estén en los ejemplos."
        en "{count} tests in `{lang}`" => "Write at least two, with sentences that are not among the examples.";
    TestIsExample { line: usize } Warning "test_is_example"
        es "la prueba repite el ejemplo de la línea {line} (acentos y signos no cuentan): no prueba nada" => "Escribirla con otras palabras."
        en "the test repeats the example of line {line} (accents and marks do not count): it proves nothing" => "Write it in other words.";
    TestWithoutAim {} Error "test_without_aim"
        es "la prueba no dice qué espera" => "Agregar `expect:` o `not:`, uno de los dos."
        en "the test does not say what it expects" => "Add `expect:` or `not:`, one of them.";

    // Answers
    NoAnswer { topic: String } Warning "no_answer"
        es "`{topic}` no responde nada: quien pregunta por eso pasa a una persona" => "Escribir la respuesta con un paso `say:` antes de `escalate:`, y quitar `escalate:` si ya no hace falta una persona."
        en "`{topic}` answers nothing: whoever asks about it is handed to a person" => "Write the answer as a step `say:` before `escalate:`, and remove `escalate:` once no person is needed.";
    PlaceholderAnswer {} Warning "placeholder_answer"
        es "el texto es un hueco que dejó `import`, y los visitantes lo leerían" => "Escribir la respuesta en su lugar, o poner un paso `escalate:`."
        en "the text is a placeholder that `import` left, and visitors would read it" => "Write the answer in its place, or use a step `escalate:`.";

    // Wording
    MissingLang { lang: String } Warning "missing_language"
        es "el texto no está en `{lang}`" => "Traducirlo: quien lee en `{lang}` verá otro idioma."
        en "the text is missing in `{lang}`" => "Translate it: whoever reads `{lang}` will see another language.";
    MixedRegister { word: String, register: &'static str, lang: String } Warning "mixed_register"
        es "«{word}» es una forma de {register}, y el texto está en `{lang}`" => "Redactarlo de modo que tú y vos coincidan, o ponerlo bajo `es` (tú), `es-AR` (vos) o `es-usted`."
        en "“{word}” belongs to {register}, and the text is under `{lang}`" => "Word it so that tú and vos coincide, or put it under `es` (tú), `es-AR` (vos) or `es-usted`.";
    TwoRegisters { word: String, register: &'static str, other: String, beside: &'static str } Warning "mixed_register"
        es "«{word}» es de {register} y «{other}» de {beside}, en el mismo texto" => "Elegir un trato y mantenerlo."
        en "“{word}” belongs to {register} and “{other}” to {beside}, in the same text" => "Choose one form of address and keep it.";
    FactTyped { fact: String, value: String } Warning "fact_typed_twice"
        es "«{value}» ya está en `_facts.yaml` como `{fact}`" => "Escribir `{{{fact}}}`: así se cambia en un solo lugar."
        en "“{value}” is already `{fact}` of `_facts.yaml`" => "Write `{{{fact}}}`: then it changes in one place.";
    FakeEmpathy { phrase: String } Warning "fake_empathy"
        es "«{phrase}» finge lo que un programa no siente" => "Decir qué pasa y qué se hace; una disculpa de la empresa sí vale."
        en "“{phrase}” feigns what a program does not feel" => "Say what has happened and what is being done; an apology from the company is fine.";
    ReviewPast { date: String } Warning "review_past"
        es "la revisión estaba prevista para el {date}" => "Releer el tema y poner una fecha nueva."
        en "the review was due on {date}" => "Read the topic again and set a new date.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named_or_all_are() {
        assert_eq!(Near::to("exmples", ["examples", "steps"]).0, "`examples`");
        assert_eq!(
            Near::to("zzz", ["examples", "steps"]).0,
            "`examples`, `steps`"
        );
    }

    #[test]
    fn sentences_fill_their_places_in_both_languages() {
        let (message, remedy) = Fault::MissingVariable {
            name: "ORDERS_URL".into(),
        }
        .words();
        assert!(message.es.contains("`ORDERS_URL`"), "{}", message.es);
        assert_eq!(remedy.en, "Set it, or write ${ORDERS_URL:-value}.");
    }
}
