//! `eval --conversations`: whole talks, played with the topic files of a folder.

use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::{locale, print, read_lines, said, test};
use crate::rehearsal::{Case, judge, report};
use crate::topics::Catalog;

/// Plays each talk of a file, prints what became of their last messages.
///
/// # Errors
/// A file that cannot be read, a line that is no talk, a topic that the folder does not have, topic files with errors.
pub(super) fn run(file: &Path, intents: &Path, json: bool) -> anyhow::Result<()> {
    let reader = locale();
    let cases: Vec<Case> = read_lines(
        file,
        r#"not an object with "lang", "turns" and "expect" (and "id", "site", "also", "kind")"#,
    )?;
    let Some((catalog, engine)) = test::load(intents, &reader)? else {
        bail!(said(
            &reader,
            "los archivos de temas tienen errores",
            "the topic files have errors"
        ));
    };
    must_fit(&cases, &catalog).with_context(|| file.display().to_string())?;
    let judged = cases
        .iter()
        .map(|case| judge(case, &catalog, &engine))
        .collect();
    let mut out = std::io::stdout().lock();
    print(&mut out, &report(judged), json)
}

fn must_fit(cases: &[Case], catalog: &Catalog) -> anyhow::Result<()> {
    for case in cases {
        ensure!(
            !case.turns.is_empty() && !case.expect.is_empty(),
            "talk {:?}: `turns` and `expect` must hold something",
            case.id
        );
        for topic in case.expect.iter().chain(&case.also) {
            let known = topic == "none" || catalog.topics.keys().any(|id| id.as_str() == topic);
            ensure!(known, "talk {:?}: there is no topic {topic:?}", case.id);
        }
        if let Some(site) = &case.site {
            let known = catalog.assistant.sites.is_empty() || catalog.site(site).is_some();
            ensure!(known, "talk {:?}: there is no site {site}", case.id);
        }
    }
    Ok(())
}
