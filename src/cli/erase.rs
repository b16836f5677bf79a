//! `ventanilla erase`: takes away what people wrote in a conversation.

use std::collections::{BTreeSet, VecDeque};
use std::io::{BufRead, IsTerminal as _};
use std::process::ExitCode;

use anyhow::bail;

use super::operator::{locale, said};
use super::options::Options;
use crate::admin_socket::{Request, asked};
use crate::config::Config;
use crate::ids::Lang;

/// Takes away, for good, what people wrote in a conversation and what is personal in it; numbers and kinds of its events stay. Works beside a
/// running server, whose screens forget it too. Snapshots made before still hold it.
///
/// Of conversations that were merged each has its own words: the others are named, and erased too with --all-of-this-person.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
    /// The conversation's id, or a case number such as M-7F3K-2Q.
    conversation: String,
    /// Those that were merged with it too, and with them.
    #[arg(long)]
    all_of_this_person: bool,
    /// Does not ask back. Needed where no terminal is there to answer at.
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let (lang, input) = (locale(), std::io::stdin());
    if !args.yes {
        if !input.is_terminal() {
            bail!(
                "{}",
                said(
                    &lang,
                    "borrar no se puede deshacer: agregar --yes si es a propósito",
                    "erasing cannot be undone: add --yes if it is meant"
                )
            );
        }
        if !confirmed(&lang, &args.conversation, &mut input.lock())? {
            println!(
                "{}",
                said(&lang, "No se borró nada.", "Nothing was erased.")
            );
            return Ok(ExitCode::FAILURE);
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let lines = runtime.block_on(erase(&config, args.conversation, args.all_of_this_person))?;
    for line in lines {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks whoever sits there. Only a plain yes is one.
fn confirmed(lang: &Lang, what: &str, input: &mut impl BufRead) -> anyhow::Result<bool> {
    let es = "¿Borrar para siempre lo que se escribió en";
    let en = "Erase for good what was written in";
    eprint!(
        "{} {what}? [{}/N] ",
        said(lang, es, en),
        said(lang, "s", "y")
    );
    let mut answer = String::new();
    input.read_line(&mut answer)?;
    let yes = ["s", "si", "sí", "y", "yes"];
    Ok(yes.contains(&answer.trim().to_lowercase().as_str()))
}

/// Erases, and tells in one line each what was erased and what was not.
async fn erase(config: &Config, first: String, all: bool) -> anyhow::Result<Vec<String>> {
    let lang = locale();
    let (mut done, mut left) = (BTreeSet::new(), VecDeque::from([first]));
    let (mut lines, mut others) = (Vec::new(), BTreeSet::new());
    while let Some(conversation) = left.pop_front() {
        let request = Request::Erase { conversation };
        let told = asked(config, request).await?;
        let id = told["conversation"].as_str().unwrap_or_default().to_owned();
        let emptied = said(&lang, "eventos vaciados", "events emptied");
        lines.push(format!("{id}: {} {emptied}", told["events"]));
        done.insert(id);
        let merged = told["merged"].as_array().into_iter().flatten();
        others.extend(merged.filter_map(|id| id.as_str().map(str::to_owned)));
        if all {
            let more = others
                .iter()
                .filter(|id| !done.contains(*id) && !left.contains(id));
            let more: Vec<_> = more.cloned().collect();
            left.extend(more);
        }
    }
    for other in others.difference(&done) {
        let es = "de la misma persona, y no se ha borrado: --all-of-this-person la borra también";
        let en = "of the same person, and not erased: --all-of-this-person erases it too";
        lines.push(format!("{other}: {}", said(&lang, es, en)));
    }
    Ok(lines)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Body, Event, Private};
    use crate::ids::{ConversationId, Seq, Timestamp};
    use crate::ports::Store;
    use crate::store::SledStore;

    #[test]
    fn only_a_plain_yes_erases() {
        let answers = |answer: &str| confirmed(&Lang::es(), "M-7F3K-2Q", &mut answer.as_bytes());
        for yes in ["s\n", "Sí\n", " YES "] {
            assert!(answers(yes).unwrap(), "{yes}");
        }
        for no in ["", "\n", "n\n", "sip\n", "M-7F3K-2Q\n"] {
            assert!(!answers(no).unwrap(), "{no}");
        }
    }

    #[tokio::test]
    async fn those_that_were_merged_with_it_are_named_or_erased_too() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let config = Config {
            data,
            ..Config::default()
        };
        let id = |n: u8| ConversationId::from_bytes([n; 16]);
        let store = SledStore::open(&config.data.join("store")).unwrap();
        for (one, into) in [(1, 2), (2, 3)] {
            let (name, lang) = (String::new(), Lang::es());
            let body = Body::MergedInto {
                into: id(into),
                name,
                lang,
            };
            let event = Event {
                seq: Seq(1),
                at: Timestamp(1),
                body,
                private: Private::text("Seguimos"),
            };
            store.append(id(one), Seq::ZERO, vec![event]).await.unwrap();
        }
        let opened = Body::Reopened;
        let event = Event {
            seq: Seq(1),
            at: Timestamp(1),
            body: opened,
            private: Private::default(),
        };
        store.append(id(3), Seq::ZERO, vec![event]).await.unwrap();
        store.close().await.unwrap();
        drop(store);
        let lines = erase(&config, id(1).to_string(), false).await.unwrap();
        assert_eq!(lines.len(), 2);
        assert!(
            lines[1].starts_with(&id(2).to_string()) && lines[1].contains("--all-of-this-person")
        );
        let lines = erase(&config, id(1).to_string(), true).await.unwrap();
        assert_eq!(lines.len(), 3);
        assert!(lines[2].starts_with(&id(3).to_string()));
    }
}
