use super::*;

/// An assistant with the teams `default` and `logistics`, two skills and a data folder on which no server runs.
fn house() -> (tempfile::TempDir, Config) {
    let folder = tempfile::tempdir().unwrap();
    let intents = folder.path().join("intents");
    std::fs::create_dir(&intents).unwrap();
    for (name, text) in [
        (
            "_assistant.yaml",
            "name: M\nbrand: M\nlanguages: [es, en]\ngreeting: {es: Hola, en: Hi}\n",
        ),
        (
            "teams.yaml",
            "teams:\n  logistics: {name: {es: Envíos, en: Deliveries}}\nskills:\n  returns: {es: Devoluciones, en: Returns}\n  large_items: {es: Muebles, en: Furniture}\n",
        ),
        (
            "hola.yaml",
            "topic: hola\ntitle: {es: Hola, en: Hi}\nexamples:\n  es: |\n    hola\n  en: |\n    hi\nsteps: [{say: {es: Hola, en: Hi}}]\ntests: []\n",
        ),
    ] {
        std::fs::write(intents.join(name), text).unwrap();
    }
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let config = Config {
        data: folder.path().join("data"),
        intents,
        ..Config::default()
    };
    (folder, config)
}

/// A command as it is typed.
fn typed(words: &[&str]) -> Act {
    #[derive(clap::Parser)]
    struct Line {
        #[command(subcommand)]
        act: Act,
    }
    let line = <Line as clap::Parser>::try_parse_from([&["user"], words].concat());
    line.unwrap_or_else(|why| panic!("{why}")).act
}

async fn does(config: &Config, words: &[&str], reader: Lang) -> Result<(), String> {
    let done = act(config.clone(), typed(words), reader).await;
    done.map(|_| ()).map_err(|why| why.to_string())
}

async fn list(config: &Config, reader: &Lang) -> Vec<String> {
    let people = asked(config, Request::UserList).await;
    let people = people.unwrap();
    let lines = people.as_array().unwrap().iter();
    lines.map(|person| listed(person, reader)).collect()
}

const ANA: [&str; 4] = ["add", "ana@example.com", "--name", "Ana"];

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_none_is_refused_with_the_nearest_and_adds_nobody() {
    let (_folder, config) = house();
    for (flag, value, reader, why) in [
        (
            "--team",
            "logistic",
            Lang::es(),
            "no hay ningún equipo logistic en teams.yaml. ¿Era logistics? Hay: default, logistics",
        ),
        (
            "--skills",
            "returns,larg_items",
            Lang::es(),
            "no hay ninguna habilidad larg_items en teams.yaml. ¿Era large_items? Hay: large_items, returns",
        ),
        (
            "--languages",
            "fr",
            Lang::en(),
            "the assistant does not speak fr. There are: es, en",
        ),
        (
            "--capacity",
            "0",
            Lang::es(),
            "la capacidad es un número de 1 a 100: \"0\"",
        ),
        (
            "--capacity",
            "many",
            Lang::en(),
            "a capacity is a number from 1 to 100: \"many\"",
        ),
    ] {
        let words = [&ANA[..], &[flag, value]].concat();
        let refused = does(&config, &words, reader).await;
        assert_eq!(refused.unwrap_err(), why);
    }
    assert!(list(&config, &Lang::en()).await.is_empty());
    let words = [&ANA[..], &["--team", "logistics"]].concat();
    does(&config, &words, Lang::es()).await.unwrap();
    assert_eq!(
        list(&config, &Lang::en()).await,
        ["ana@example.com\tagent\tAna\tlogistics"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_takes_is_set_shown_and_taken_away() {
    let (_folder, config) = house();
    let given = [
        "--skills",
        "returns,large_items,returns",
        "--languages",
        "es-AR,en",
        "--capacity",
        "3",
    ];
    let words = [&ANA[..], &given].concat();
    does(&config, &words, Lang::es()).await.unwrap();
    assert_eq!(
        list(&config, &Lang::es()).await,
        [
            "ana@example.com\tagent\tAna\t\thabilidades: returns,large_items\tidiomas: es,en\tcapacidad: 3"
        ]
    );
    let set = ["set", "ANA@example.com", "--skills", "", "--capacity", "5"];
    does(&config, &set, Lang::es()).await.unwrap();
    assert_eq!(
        list(&config, &Lang::en()).await,
        ["ana@example.com\tagent\tAna\t\tlanguages: es,en\tcapacity: 5"]
    );
    let nothing = does(&config, &["set", "ana@example.com"], Lang::en()).await;
    assert!(
        nothing
            .unwrap_err()
            .starts_with("there is nothing to change")
    );
    let nobody = ["set", "eva@example.com", "--name", "Eva"];
    let nobody = does(&config, &nobody, Lang::en()).await;
    assert_eq!(nobody.unwrap_err(), "there is no account eva@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays_one() {
    let (_folder, config) = house();
    let words = [&ANA[..], &["--role", "admin"]].concat();
    does(&config, &words, Lang::es()).await.unwrap();
    let demoted = ["set", "ana@example.com", "--role", "lead"];
    let refused = does(&config, &demoted, Lang::es()).await;
    assert_eq!(refused.unwrap_err(), "there must be an admin");
    let file = "name,email,role\nAna,ana@example.com,agent\nLuis,luis@example.com,lead\n";
    assert_eq!(
        imports(&config, file.as_bytes(), false, Lang::es()).await,
        Err(vec!["2: así no quedaría nadie como admin".to_owned()])
    );
    // Whoever hands the office over in the same list may.
    let file = "name,email,role\nAna,ana@example.com,agent\nLuis,luis@example.com,admin\n";
    imports(&config, file.as_bytes(), false, Lang::es())
        .await
        .unwrap();
    assert_eq!(
        list(&config, &Lang::es()).await,
        [
            "ana@example.com\tagent\tAna\t",
            "luis@example.com\tadmin\tLuis\t"
        ]
    );
}

/// What an import shows, without the links; or its faults, as `line: why`.
async fn imports(
    config: &Config,
    bytes: &[u8],
    dry_run: bool,
    reader: Lang,
) -> Result<Vec<String>, Vec<String>> {
    let file = config.intents.join("../people.csv");
    std::fs::write(&file, bytes).unwrap();
    let shown = format!("{}:", file.display());
    match import(config, &file, dry_run, &reader).await {
        Ok(lines) => Ok(lines
            .iter()
            .map(|line| match line.split_once("\thttp") {
                Some((before, link)) => {
                    assert!(link.contains('#'), "a link with its secret: {link}");
                    format!("{before}\tLINK")
                }
                None => line.clone(),
            })
            .collect()),
        Err(why) => {
            let why = why.to_string();
            let mut lines = why.lines().map(|line| line.replace(&shown, ""));
            let first = lines.next().unwrap();
            assert!(["no se importó nada", "nothing was imported"].contains(&first.as_str()));
            Err(lines.collect())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_adds_and_changes_and_a_second_time_does_nothing() {
    let (_folder, config) = house();
    let words = [&ANA[..], &["--password-stdin"]].concat();
    assert!(matches!(
        typed(&words),
        Act::Add {
            password_stdin: true,
            ..
        }
    ));
    does(&config, &ANA, Lang::es()).await.unwrap();
    let request = Request::UserPassword {
        email: "ana@example.com".to_owned(),
        password: "una frase bastante larga".to_owned(),
    };
    asked(&config, request).await.unwrap();
    let file = "name,email,role,teams,languages,skills,capacity\n\
                Ana María,ana@example.com,lead,,es,returns,6\n\
                \"Pérez, Luis\",Luis@Example.com,,default;logistics,es;en,returns;large_items,\n";
    let would = imports(&config, file.as_bytes(), true, Lang::es()).await;
    assert_eq!(
        would.unwrap(),
        [
            "ana@example.com\tcambiada",
            "luis@example.com\tnueva",
            "nuevas: 1, cambiadas: 1, sin cambios: 0 (prueba: no se guardó nada)"
        ]
    );
    assert_eq!(list(&config, &Lang::en()).await.len(), 1, "a dry run");
    let done = imports(&config, file.as_bytes(), false, Lang::en()).await;
    assert_eq!(
        done.unwrap(),
        [
            "ana@example.com\tchanged",
            "luis@example.com\tnew\tLINK",
            "new: 1, changed: 1, unchanged: 0"
        ]
    );
    let now = [
        "ana@example.com\tlead\tAna María\t\tskills: returns\tlanguages: es\tcapacity: 6",
        "luis@example.com\tagent\tPérez, Luis\tdefault,logistics\tskills: returns,large_items\tlanguages: es,en",
    ];
    assert_eq!(list(&config, &Lang::en()).await, now);
    let again = imports(&config, file.as_bytes(), false, Lang::en()).await;
    assert_eq!(
        again.unwrap().last().unwrap(),
        "new: 0, changed: 0, unchanged: 2"
    );
    assert_eq!(list(&config, &Lang::en()).await, now);
    let store = crate::app::open_store(&config).unwrap();
    let people = crate::accounts::People::new(std::sync::Arc::clone(&store));
    let password = people.verify("ana@example.com", "una frase bastante larga");
    assert!(
        password.await.unwrap().is_some(),
        "her password is as it was"
    );
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_the_documents_is_good_for_the_demo() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        data: folder.path().join("data"),
        intents: root.join("intents"),
        ..Config::default()
    };
    let file = root.join("docs/people.csv");
    let lines = import(&config, &file, true, &Lang::en()).await.unwrap();
    assert_eq!(
        lines.last().unwrap(),
        "new: 4, changed: 0, unchanged: 0 (dry run: nothing was stored)"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_in_spanish_says_the_same() {
    let (_folder, config) = house();
    let excel = "\u{feff}Nombre;Correo;Equipos;Idiomas;Habilidades;Capacidad\r\n\
                 Íñigo Muñoz;inigo@example.com;\"default;logistics\";es;returns,large_items;2\r\n\
                 ;;;;;\r\n\
                 \r\n\
                 Eva;eva@example.com;;;;;;\r\n";
    imports(&config, excel.as_bytes(), false, Lang::es())
        .await
        .unwrap();
    assert_eq!(
        list(&config, &Lang::es()).await,
        [
            "eva@example.com\tagent\tEva\t",
            "inigo@example.com\tagent\tÍñigo Muñoz\tdefault,logistics\thabilidades: returns,large_items\tidiomas: es\tcapacidad: 2"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_wrong_line_is_named_and_nothing_is_taken() {
    let (_folder, config) = house();
    let file = "name,email,role,teams,languages,skills,capacity\r\n\
                Ana,ana@example.com,boss,logistic,,,\r\n\
                \r\n\
                ,luis@example.com,,,,,\r\n\
                Eva,eva.example.com,,,fr,,\r\n\
                Sol,sol@example.com,,,,retuns,0\r\n\
                Luz,ANA@example.com,,,,,\r\n\
                Mar,mar@example.com,,\r\n\
                Paz,paz@example.com,,,,,,more\r\n";
    let es = imports(&config, file.as_bytes(), false, Lang::es()).await;
    assert_eq!(
        es.unwrap_err(),
        [
            "2: \"boss\" no es un rol: es agent, lead o admin",
            "2: no hay ningún equipo logistic en teams.yaml. ¿Era logistics? Hay: default, logistics",
            "4: falta el nombre, o pasa de 60 caracteres",
            "5: \"eva.example.com\" no es una dirección de correo",
            "5: el asistente no habla fr. Hay: es, en",
            "6: la capacidad es un número de 1 a 100: \"0\"",
            "6: no hay ninguna habilidad retuns en teams.yaml. ¿Era returns? Hay: large_items, returns",
            "7: esta dirección ya está en la línea 2",
            "8: tiene 4 celdas y la primera línea, 7: ¿falta una comilla o un separador?",
            "9: tiene 8 celdas y la primera línea, 7: ¿falta una comilla o un separador?",
        ]
    );
    assert!(list(&config, &Lang::en()).await.is_empty());
    for (bytes, why) in [
        (
            &b"name,emial\nAna,a@b.c\n"[..],
            "1: there is no column \"emial\". Did you mean email? There are: name, email, role, teams, languages, skills, capacity",
        ),
        (b"name,role\nAna,agent\n", "1: the column email is missing"),
        (b"name,email,correo\n", "1: the column correo appears twice"),
        (b"name,email\n", "1: the list is empty"),
        (b"", "1: the column name is missing"),
        (
            b"name,email\nAna,ana@example.com\nI\xf1igo,i@example.com\n",
            "3: the file is not UTF-8: Excel asks when saving, “CSV UTF-8”",
        ),
    ] {
        let en = imports(&config, bytes, false, Lang::en()).await;
        assert_eq!(en.unwrap_err(), [why]);
    }
    assert!(list(&config, &Lang::en()).await.is_empty());
}
