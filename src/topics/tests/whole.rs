//! What a set of files comes to as a whole: what is missing, what it says, whose facts count, its version.

use super::*;

#[test]
fn the_base_set_is_clean() {
    let checked = run(&base());
    assert_eq!(checked.problems, []);
    let catalog = checked.catalog.unwrap();
    assert_eq!(catalog.version.len(), 16);
    let topic = catalog.topics.values().next().unwrap();
    assert_eq!(topic.slots.len(), 1);
    assert_eq!(topic.tests.last().unwrap().expect, Expectation::Nothing);
    assert!(
        matches!(&topic.steps.first().unwrap().act, Act::Call { cases, .. } if cases.len() == 2)
    );
    assert_eq!(
        catalog.calls.values().next().unwrap().url,
        "http://127.0.0.1:1/orders/{order_number}"
    );
    let body = catalog.calls.values().next().unwrap().body.clone().unwrap();
    assert_eq!(
        body,
        serde_json::json!({"address": "{address}", "urgent": true})
    );
}

#[test]
fn skills_are_those_of_the_step_or_else_of_the_topic() {
    let teams = TEAMS.replace("\"Care\"}}", "\"Care\"}, routing: {policy: round_robin}}");
    let mut files = base();
    files.retain(|file| !["teams.yaml", WHERE].contains(&file.path.as_str()));
    let text = topic("stage: use", "escalate: {skills: returns}").replace(
        "{reason: bot_error}",
        "{reason: bot_error, skills: [returns, returns]}",
    );
    for (path, text) in [("teams.yaml", teams), (WHERE, text)] {
        files.push(SourceFile {
            path: path.to_owned(),
            text,
        });
    }
    let checked = run(&files);
    assert_eq!(checked.problems, []);
    let catalog = checked.catalog.unwrap();
    let returns: crate::ids::SkillId = "returns".parse().unwrap();
    let shown = catalog.skill_name(&returns).unwrap();
    assert_eq!(shown.for_reader(&Lang::en(), Style::Warm), "Returns");
    let topic = catalog.topics.values().next().unwrap();
    assert_eq!(
        topic.escalate.skills.as_slice(),
        std::slice::from_ref(&returns)
    );
    let Act::Call { cases, .. } = &topic.steps.first().unwrap().act else {
        panic!("a call");
    };
    let failed = &cases["failed"].first().unwrap().act;
    assert!(matches!(failed, Act::Escalate { skills: Some(skills), .. } if *skills == [returns]));
}

#[test]
fn an_event_is_what_its_file_says() {
    let catalog = run(&base()).catalog.unwrap();
    let late = catalog.events.values().next().unwrap();
    assert_eq!(
        (late.name.as_str(), late.requires.as_deref()),
        ("late", Some("match"))
    );
    assert_eq!(late.quiet_hours, Some((21 * 60, 9 * 60)));
    assert!(late.mail && late.choices.len() == 1 && late.data.len() == 1);
}

#[test]
fn a_notice_is_what_its_file_says() {
    let catalog = run(&base()).catalog.unwrap();
    let cards = catalog.notices.values().next().unwrap();
    assert_eq!((cards.id.as_str(), cards.topics.len()), ("cards", 1));
    // 14:00 UTC.
    let next = cards.next_update.map(|at| at.0.rem_euclid(86_400_000));
    assert_eq!(next, Some(14 * 60 * 60_000));
    let other = notice("notice: cards", "notice: cars");
    let problems = with(CARDS, &other).problems;
    assert_eq!(problems[0].code, "name_is_not_file");
    let problems = with(CARDS, &notice("[where]", "[wehre]")).problems;
    assert_eq!(problems[0].code, "unknown_reference");
}

#[test]
fn a_proactive_message_is_what_its_file_says() {
    let checked = with(PROACTIVE, INVITE);
    assert_eq!(checked.problems, []);
    let catalog = checked.catalog.unwrap();
    let help = &catalog.invites[0];
    assert_eq!((help.id.as_str(), help.after_s), ("checkout_help", 30));
    assert_eq!((help.returning, help.choices.len()), (None, 1));
    let code = |text: &str| with(PROACTIVE, text).problems[0].code;
    assert_eq!(code(&invite("[where]", "[wehre]")), "unknown_reference");
    assert_eq!(code(&invite("pages:", "page:")), "missing_key");
    // Nobody is invited to talk about a death.
    let mut files = base();
    files.retain(|file| file.path != WHERE);
    for (path, text) in [
        (WHERE, topic("stage: use", "stage: use\nsensitive: true")),
        (PROACTIVE, INVITE.to_owned()),
    ] {
        let path = path.to_owned();
        files.push(SourceFile { path, text });
    }
    let problems = run(&files).problems;
    let found = problems.iter().find(|one| one.file == PROACTIVE);
    assert_eq!(found.unwrap().code, "invited_to_trouble");
}

#[test]
fn nothing_at_all_names_what_is_missing() {
    let codes: Vec<_> = run(&[])
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, ["no_topics", "missing_file"]);
}

#[test]
fn a_person_must_be_in_reach_of_words() {
    let checked = with(WHERE, &topic("role: talk_to_person\n", ""));
    let found: Vec<_> = checked
        .problems
        .iter()
        .map(|problem| (problem.file.as_str(), problem.line, problem.code))
        .collect();
    assert_eq!(found, [("_assistant.yaml", 1, "no_role")]);
}

#[test]
fn thresholds_and_word_vectors_are_what_the_assistant_file_says() {
    let read = |more: &str| {
        let checked = with("_assistant.yaml", &format!("{ASSISTANT}{more}"));
        checked.catalog.unwrap().assistant
    };
    let plain = read("");
    assert!(plain.word_vectors && plain.thresholds.answer == 0.0 && plain.thresholds.ask == 1.0);
    let moved = read("thresholds: {coverage: 0.9, answer: 0.6, ask: 0.3}\nword_vectors: false\n");
    assert!(!moved.word_vectors);
    let lines = moved.thresholds;
    assert_eq!((lines.coverage, lines.answer, lines.ask), (0.9, 0.6, 0.3));
    assert_eq!(lines.ambiguity_margin, plain.thresholds.ambiguity_margin);
}

#[test]
fn one_run_names_the_mistakes_of_all_files() {
    let mut files = base();
    files.push(SourceFile {
        path: "z.yaml".into(),
        text: "topic: Z\nstge: use\nsteps: [{say: {es: \"{x}\"}}]\n".into(),
    });
    files.push(SourceFile {
        path: "y.yaml".into(),
        text: "topic: [\n".into(),
    });
    let checked = run(&files);
    let found: Vec<(&str, usize, &str)> = checked
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| (problem.file.as_str(), problem.line, problem.code))
        .collect();
    assert_eq!(
        found,
        [
            ("y.yaml", 1, "unclosed_bracket"),
            ("z.yaml", 1, "missing_key"),
            ("z.yaml", 1, "missing_key"),
            ("z.yaml", 1, "missing_key"),
            ("z.yaml", 1, "bad_name"),
            ("z.yaml", 2, "unknown_key"),
            ("z.yaml", 3, "unknown_placeholder"),
        ]
    );
}

#[test]
fn an_unreadable_shared_file_is_one_error() {
    let checked = with("_calls.yaml", "calls: [\n");
    let errors: Vec<_> = checked
        .problems
        .iter()
        .map(|problem| (problem.file.as_str(), problem.code))
        .collect();
    assert_eq!(errors, [("_calls.yaml", "unclosed_bracket")]);
}

#[test]
fn the_environment_fills_calls() {
    let env = |name: &str| (name == "ORDERS_URL").then(|| "https://orders.example".to_owned());
    let catalog = parse(&base(), &env).unwrap();
    let call = catalog.calls.get("status").unwrap();
    assert_eq!(call.url, "https://orders.example/orders/{order_number}");
}

#[test]
fn facts_of_a_site_hide_the_common_ones() {
    let checked = with(
        "_facts.ar.yaml",
        "days: {es: \"10 días\", en: \"10 days\"}\n",
    );
    let catalog = checked.catalog.unwrap();
    let fact = |site: &str| {
        let site: SiteId = site.parse().unwrap();
        catalog
            .fact("days", &site)
            .unwrap()
            .for_reader(&Lang::es(), Style::Fast)
            .to_owned()
    };
    assert_eq!(
        (fact("ar"), fact("es")),
        ("10 días".into(), "14 días".into())
    );
}

#[test]
fn a_step_for_one_site_needs_its_facts_only() {
    let say = |when: &str| {
        let step = format!(
            "- say: {{es: \"{{only_es}}\", en: \"{{only_es}}\"}}\n    when: {{site: {when}}}"
        );
        with(WHERE, &topic("  - call:", &format!("  {step}\n  - call:")))
    };
    assert_eq!(say("es").problems, []);
    assert_eq!(say("[es, ar]").count(Severity::Error), 2);
}

#[test]
fn the_version_follows_the_files_and_not_their_order() {
    let mut files = base();
    let version = |files: &[SourceFile]| run(files).catalog.unwrap().version;
    let first = version(&files);
    files.reverse();
    assert_eq!(version(&files), first);
    files.first_mut().unwrap().text.push_str("# a remark\n");
    assert_ne!(version(&files), first);
}

#[test]
fn the_main_site_speaks_the_first_language_whatever_the_alphabet_says() {
    let mut assistant = crate::topics::shop::shop().assistant;
    let main =
        |assistant: &crate::topics::Assistant| assistant.main_site().map(ToString::to_string);
    assert_eq!(main(&assistant).as_deref(), Some("es"));
    assistant.sites.retain(|id, _| id.as_str() == "ar");
    assert_eq!(main(&assistant).as_deref(), Some("ar"));
}

#[test]
fn everything_that_can_be_shown_is_read() {
    let say = "{es: \"Llega el {date}.\", en: \"Arrives {date}.\"}";
    let show = "[\
        {picture: {src: media/sizes.svg, ratio: \"3:2\", alt: {es: \"Tabla\", en: \"Table\"}}}, \
        {card: {title: Brisa, text: {es: \"Lona\", en: \"Canvas\"}, link: {title: Ver, url: \"{shop}\"}}}, \
        {video: {title: Pie, src: \"https://cdn.mareas.example/a.mp4\", poster: media/sizes.svg, captions: {es: \"https://cdn.mareas.example/a.es.vtt\"}}}, \
        {location: {name: Tienda, address: \"Calle 1\", lat: -31.4278, lon: -64.1878}}]";
    let mut files = base();
    files.retain(|file| !["_facts.yaml", WHERE].contains(&file.path.as_str()));
    let facts = "days: {es: \"14 días\", en: \"14 days\"}\nshop: \"https://mareas.example\"\n";
    for (path, text) in [
        (WHERE, topic(say, &format!("{say}, show: {show}"))),
        ("_facts.yaml", facts.to_owned()),
    ] {
        files.push(SourceFile {
            path: path.to_owned(),
            text,
        });
    }
    files.push(SourceFile::media(
        "media/sizes.svg".to_owned(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ));
    let checked = run(&files);
    assert_eq!(checked.problems, []);
    let catalog = checked.catalog.unwrap();
    assert_eq!(catalog.media["media/sizes.svg"].name, "sizes.svg");
    let topic = catalog.topics.values().next().unwrap();
    let Act::Call { cases, .. } = &topic.steps.first().unwrap().act else {
        panic!("a call");
    };
    let said = cases.values().flatten().find_map(|step| match &step.act {
        Act::Say { show, .. } if !show.is_empty() => Some(show),
        _ => None,
    });
    let [picture, card, video, place] = said.unwrap().as_slice() else {
        panic!("four things");
    };
    assert!(matches!(picture, Show::Picture(one) if one.ratio == Ratio { wide: 3, high: 2 }));
    assert!(matches!(
        card,
        Show::Card {
            link: Some(_),
            picture: None,
            ..
        }
    ));
    assert!(
        matches!(video, Show::Video { captions, ratio, .. } if captions.len() == 1 && ratio.wide == 16)
    );
    assert!(matches!(place, Show::Location { lat, .. } if *lat < -31.0));

    // Another picture is another catalogue: what is live changes with it.
    let media = files.last_mut().unwrap();
    *media = SourceFile::media(
        media.path.clone(),
        b"<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>",
    );
    assert_ne!(run(&files).catalog.unwrap().version, catalog.version);

    let all: Vec<SourceFile> = (0..5)
        .map(|n| {
            let data = [b"%PDF-1.7".to_vec(), vec![b' '; MEDIA_MAX_BYTES - 8]].concat();
            SourceFile::media(format!("media/{n}.pdf"), &data)
        })
        .collect();
    let checked = run(&[base(), all].concat());
    assert_eq!(
        checked.problems.first().unwrap().code,
        "all_media_too_large"
    );
}
