//! What kind of opinion was given: by the tap, by what was written, or both. The examples from which written opinions are told apart are here; the
//! classifier is whoever learns them.

use crate::ids::{Lang, OpinionKind};

const EXAMPLES: [(&str, &str); 2] = [
    ("es", include_str!("data/opinions.es.txt")),
    ("en", include_str!("data/opinions.en.txt")),
];

/// Examples of written opinions, one a line under the name of its kind, in each language: kind, language, text.
pub fn opinion_examples() -> impl Iterator<Item = (OpinionKind, Lang, &'static str)> {
    EXAMPLES.iter().flat_map(|(lang, text)| {
        let lang: Lang = lang.parse().expect("two letters are a tag");
        let mut kind = None;
        text.lines().filter_map(move |line| {
            if let Some(name) = line.strip_prefix("# ") {
                kind = name.parse().ok();
                return None;
            }
            Some((kind?, lang.clone(), line.trim())).filter(|(.., line)| !line.is_empty())
        })
    })
}

/// Forms that hint at a kind, as regular expressions without regard to case and accents: how praise, anger, a wish, a question, an open problem, a
/// breakdown are put in either language. They weigh beside the examples and decide nothing alone, unless they are all that was said.
pub fn opinion_patterns(kind: OpinionKind) -> &'static [&'static str] {
    match kind {
        OpinionKind::Suggestion => &[
            r"\b(podri|deberi|tendri)(a|an|ais|as|amos)\b",
            r"\b(estaria|seria|quedaria) (muy |mas |mejor|bien|buen|bueno|buenisimo|genial|util|ideal|comodo|practico|de ayuda|lindo|interesante)",
            r"\b(me gustaria|preferiria|ojala|agregaria|pondria|quitaria|cambiaria|anadiria|mejoraria|convendria|vendria bien|no vendria mal|no estaria de mas|haria falta|faltaria)\b",
            r"\b(sugiero|sugeriria|sugerencia|propongo|propuesta|recomiendo|recomendaria|aconsejo|una idea|como idea|un consejo|una mejora)\b",
            r"\b(agreguen|agregad|anadan|anadid|pongan|poned|incluyan|incluid|hagan|amplien|permitan|dejen|ofrezcan|mejoren|simplifiquen|implementen)\b",
            r"\b(should|ought to|could (you|we|they|also)|you could|they could|might want to|i wish|if only)\b",
            r"\b(would|wud|it'd|it would) be (\w+ )?(nice|good|great|better|useful|handy|ideal|cool|helpful|easier|welcome|convenient|lovely)\b",
            r"\b(suggest|suggestion|recommend (that|adding|you|a|packing)|my advice|an idea|one idea|one improvement|a tip)\b",
            r"\b(please (add|offer|include|consider|let|make|remember|allow)|consider (adding|offering|a|larger)|how about|what about (adding|offering))\b",
            r"\b(i'd|i would|would) (like|love|prefer|rather)\b",
        ],
        OpinionKind::Doubt => &[
            r"\?\s*$",
            r"¿",
            r"^\W*(y |and |so )?(cuanto|cuanta|cuantos|cuantas|cuando (me|lo|la|voy|llega|se)|donde|adonde|cual|hay que|how (long|many|much|do|can|soon)|when (will|can|do|does)|where (do|can|is)|do i|can i|am i|is it|will (i|it|you))\b",
            r"^\W*(y )?(si|como|cuando|cuanto|cuanta|cuantos|cuantas|donde|adonde|quien|cual|cuales|por que|para que|desde cuando|a que|con quien|que pasa|que significa)\b.*\?",
            r"\b(tengo una (duda|pregunta|consulta)|una (duda|pregunta|consulta)|otra (duda|pregunta|consulta)|me surgio|me queda (la|una) duda)\b",
            r"\b(no (me )?(quedo|queda) (muy |del todo |nada )?claro|no (entendi|entiendo|se) (bien )?(si|lo de|como|cuando|que|a donde|donde|por que|cuanto)|quisiera saber|me gustaria saber|queria saber|no estoy segur[oa])\b",
            r"^\W*(and |so |but )?(do|does|did|is|are|can|could|will|would|should|how|what|when|where|who|which|why|am|was|if)\b.*\?",
            r"\b(a question|one question|another question|a doubt|another doubt|not sure|unsure|wasn.?t clear|not clear|isn.?t clear|i'd like to know|i would like to know|wondering|did ?n.t understand|do ?n.t understand|do ?n.t know (if|whether|where|how|what))\b",
        ],
        OpinionKind::StillStuck => &[
            r"\b(sigo|seguimos|sige|sigue|siguen) (sin|igual|esperando|con|pendiente|bloquead|trabad|saliendo|mal|pasando|en )",
            r"\b(todavia|aun|todavía) (no|sin|me falta|sigo|sigue|estoy|estamos|espero)\b",
            r"\b(no (pude|puedo|pudimos|logro|logre|consigo|consegui|encontre|me deja|me dejo|me sirvio|me resolvi\w+|me lo resolvi\w+|se resolvio|se soluciono|esta resuelto|me llego|llega|aparece|funciono))\b",
            r"\b(necesito (ayuda|que|una solucion|hablar|otra|terminar)|quiero (hablar|mi dinero|mi plata|una solucion)|pasenme|comuniquenme|que me llame|ayuda|ayudenme|me ayudan|me pueden ayudar|espero (una )?(solucion|respuesta))\b",
            r"\b(still|yet)\b",
            r"\b(can ?no?t|can't|could ?n.t|couldn.t|won.t let me|would ?n.t let me|not (solved|resolved|fixed|working for me)|did ?n.t (work|help|solve|fix|arrive|come)|has ?n.t (arrived|come|been)|have ?n.t (heard|received|recieved|got))\b",
            r"\b(stuck|i need (help|a|some|you|it|another|to)|need (help|a human|a person)|help (me|please)|please help|waiting for|put me through|get me a|talk to (a|some)|speak to|call me|my money back|missing)\b",
        ],
        OpinionKind::Incident => &[
            r"\b(caid[oa]s?|se (cae|cayo|cuelga|colgo|corta|cierra|rompio|vacia)|no (carga|abre|habre|anda|funciona) (la|el|ningun\w*|bien la)|fallo (general|del|de la|el sistema)|fallan|fallando|servidor|sistema|mantenimiento|error)\b",
            r"\b(pagina|web|sitio|app|aplicacion|tienda online|servidor|chat|boton|enlace|link|formulario|buscador|pasarela|carrito|checkout)\b.*\b(no (carga|abre|habre|anda|funciona|va|responde|sirve)|falla|error|rot[oa]|caid[oa]|lent\w+|en blanco|se (cae|cuelga|cierra|corta|vacia|queda))\b",
            r"\b(no (me )?(carga|abre|habre|anda|funciona))\b.*\b(pagina|web|sitio|app|aplicacion|boton|qr|enlace|link|pago|tienda)\b",
            r"\b(humo|fuego|prendio|descarga electrica|quemo|exploto|chispas|phishing|estafa con su|truch[oa]|se hace pasar|datos de otr[oa]|otr[oa] (cliente|persona|senora?) en mi|duplic\w+|bug|404|500|503|timeout|time out)\b",
            r"\b(is|are|was|been|went|site|page|server|system|payments?) down\b",
            r"\b(crash\w*|outage|glitch\w*|freezes?|froze|hangs?|blank (screen|page)|server error|error (page|while|when|at|500|404)|an error|unavailable|broken (link|page)|is broken|bug|timeout|timed out|maintenance)\b",
            r"\b(site|page|pages|website|app|shop|button|link|form|search|checkout|basket|tracking|qr code)\b.*\b(does ?n.t|do ?n.t|won.?t|not|can.?t|never) (work\w*|load\w*|open\w*|respond\w*)\b",
            r"\b(smok\w+|caught fire|on fire|sparks|electric shock|a shock|phishing|scam site|fake (mail|email|site)|(somebody|someone|another customer|stranger|another lady).{0,3}s? (data|order|account|details))\b",
        ],
        OpinionKind::Positive => &[
            r"\b(genial|excelente|perfect[oa]|impecable|(buen|rapid|facil|clar|sencill|content|amabil)isim[oa]s?|maravill\w+|encant\w+|amables?|fenomenal|estupend[oa]|fantastic[oa]|barbar[oa]|joya|de (diez|lujo)|un (10|diez)|chapo|divin[oa])\b",
            r"\b(felicit\w+|enhorabuena|agradezco|agradecid[oa]|mil gracias|muchas gracias|gracias|content[oa]s?|conforme|encantad[oa]|recomendables?|vuelvo a comprar|da gusto|me (ayudaron|sirvio|gusto|solucion\w+)|ningun\w* (queja|pega|problema)|sin problemas|muy bien|muy buen[oa]?s?|(el|la) mejor)\b",
            r"\b(great|excellent|perfect(ly)?|brilliant|awesome|amazing|amazed|fantastic|superb|wonderful|lovely|impressive|helpful|kind|top notch|spot on|well done|full marks|ten out of ten|pleas(ed|ant\w*|ure)|happy|delighted)\b",
            r"\b(thanks|thank you|thx|cheers|appreciated?|love[d]?|legend|congratulations|recommended|no (fuss|complaints|problems?)|smoothly|very good|so easy|made my day|the best|sorted (straight|in)|fixed straight|solved everything|helped (me|us|a lot|loads))\b",
        ],
        OpinionKind::Neutral => &[
            r"\b(ni \w+ ni \w+|mas o menos|regular|normal(ito)?|pasable|aceptable|sin mas|a medias|en parte|depende|supongo|neutro|(un|una) (5|6|cinco|seis|aprobado)|nada (especial|del otro mundo|que comentar)|sin comentarios|da igual|no esta mal|lo (justo|basico|de siempre|esperable)|del monton|ni me quejo|zafa|safa|meh|pse|bah)\b",
            r"\b(bien|correct[oa]|rapid[oa]|amable|solucion\w*|resol\w+|resolvio)\b.{0,12}\b(aunque|pero|sin mas|tampoco)\b",
            r"\b(podria ser mejor|podria mejorar|could be (better|worse)|so.so|average|mediocre|acceptable|decent|alright|okay|nothing special|as expected|neither|partly|half|somewhat|mixed|middle of the road|pretty standard|not bad|it depends|no (comment|opinion)|i (guess|suppose)|meh|out of this world|to write home about|good enough|hard to say)\b",
            r"\b(ok|fine|good|quick|polite|correct|answered|helped)\b.{0,12}\b(but|although|though|i guess|i suppose|and that)\b",
        ],
        OpinionKind::Negative => &[
            r"\b(pesim[oa]s?|horribles?|fatal|desastre|verguenza|lamentable|asco|porqueria|basura|chapuza|estaf\w+|ladron\w*|mint\w+|mentira|inutil\w*|groser[oa]s?|maltrat\w+|maleducad[oa]s?|antipatic[oa]s?|decepcion\w*|indign\w+|hart[oa]|malisim[oa]|peor|muy (mal|lent[oa]|car[oa]|descontent[oa])|mal trato|que bronca)\b",
            r"\b(nunca mas|no (pienso )?vuelvo|no pienso volver|no les? compro|no (lo )?recomiendo|perdi (el|mi) tiempo|perder (el tiempo|toda)|tomadura|tomaron el pelo|falta de respeto|deja\w* mucho que desear|nadie (da|se|contesta)|me colgaron|me (trataron|senti) (como|mal\w*|estaf\w+)|no me gusto|demasiada? (espera|\w+)|prometieron|echaron la culpa|no entiende nada|cualquier cosa|se lavan)\b",
            r"\b(terrible|awful|horrible|worst|dreadful|disgusting|disgrace\w*|rubbish|pathetic|appalling|shoddy|shambles|disaster|rude|useless|wast(e|ed)|disappoint\w+|furious|outraged?|dissatisfied|disrespectful|unacceptable|a joke|a lie|lied|shame|thieves|rip.?off|cheated|blamed|ignored|very bad|so slow|far too|way too)\b",
            r"\b(never again|(will|would|wo) ?n.t (be )?(buy\w*|order\w*|recommend)|will not (be )?(buy\w*|order\w*)|not buy here|hung up|no empathy|zero stars|nobody (takes|has|cares)|leaves a lot|made me feel|treated (horribly|badly)|promised to|did not like|understands nothing|pillar to post|not even a sorry)\b",
            // Praise that is none.
            r"\b((gracias|thanks) (por|for) (nada|nothing)|solo (tard|esper)\w+|only took|si te gusta esperar|if you (enjoy|like)|que me vaya|lost a customer|salvo que|except|(semanas|horas|dias|meses) (esperando|de espera)|(weeks|hours|days) (of waiting|waiting|of my)|(otra vez|again)$|let down|dejaron plantad[oa]|otra hora|another hour|solo espere|como si me fueran|as if anybody)\b",
        ],
    }
}

/// The kind of an answer of which a tap and a line are known, `line` being what the classifier made of it.
///
/// A tap says how it went, and a line behind it what about: it may add a wish, a question, a problem, but it never turns a bad tap into praise, for
/// "great, three weeks of waiting" reads like one.
pub fn opinion_kind(tap: Option<OpinionKind>, line: Option<OpinionKind>) -> Option<OpinionKind> {
    match (tap, line) {
        (
            _,
            Some(
                said @ (OpinionKind::Suggestion
                | OpinionKind::Doubt
                | OpinionKind::StillStuck
                | OpinionKind::Incident),
            ),
        ) => Some(said),
        (Some(tapped), _) => Some(tapped),
        (None, line) => line,
    }
}

/// How much of the likelihood of a kind is left once a tap is known, from 0 to 1: who tapped that it went well seldom means that it is broken, and who tapped
/// that it went badly praises in irony.
pub fn after_tap(tap: Option<OpinionKind>, kind: OpinionKind) -> f32 {
    match (tap, kind) {
        (Some(OpinionKind::Negative | OpinionKind::StillStuck), OpinionKind::Positive) => 0.1,
        (
            Some(OpinionKind::Positive),
            OpinionKind::Negative | OpinionKind::StillStuck | OpinionKind::Incident,
        ) => 0.4,
        _ => 1.0,
    }
}
