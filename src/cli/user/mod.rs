//! `ventanilla user …`: the people who answer.

mod known;
mod roster;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use serde::Deserialize;

use super::operator::{locale, said};
use super::options::Options;
use crate::accounts::{Change, ListFault, Verdict, Work};
use crate::admin_socket::{Request, asked};
use crate::config::Config;
use crate::ids::{Lang, Role, SkillId, TeamId};
use known::Known;

/// Adds, changes, imports, lists and bars the people who answer. Works beside a running server.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Adds a person and prints a one-time link with which they choose a password.
    Add {
        /// E-mail address, the login.
        email: String,
        /// Name as visitors see it.
        #[arg(long)]
        name: String,
        /// What they may do: agent, lead, admin.
        #[arg(long, default_value = "agent", value_parser = role)]
        role: Role,
        #[command(flatten)]
        given: Given,
        /// Language of their console.
        #[arg(long, default_value = "es")]
        lang: String,
        /// Reads the password from standard input in place of printing a link.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Changes what somebody is called, may do and takes. What is not named stays as it is; an empty list ("") takes it away.
    Set {
        /// E-mail address.
        email: String,
        /// Name as visitors see it.
        #[arg(long)]
        name: Option<String>,
        /// What they may do: agent, lead, admin.
        #[arg(long, value_parser = role)]
        role: Option<Role>,
        #[command(flatten)]
        given: Given,
    },
    /// Takes over a list of people: all of it, or nothing and what is wrong on which line. Prints a one-time link for each new one.
    Import {
        /// A CSV file with the columns name and email, and where wanted role, teams, languages, skills, capacity.
        file: PathBuf,
        /// Only tells what would become of it.
        #[arg(long)]
        dry_run: bool,
    },
    /// Lists everybody.
    List,
    /// Prints a new one-time link, for a forgotten password.
    Link {
        /// E-mail address.
        email: String,
    },
    /// Bars a person: their console is signed out.
    Disable {
        /// E-mail address.
        email: String,
    },
    /// Admits a barred person again.
    Enable {
        /// E-mail address.
        email: String,
    },
}

/// What somebody is given to do. Names are those of the running server, or else of the folder of --intents.
#[derive(Debug, Default, clap::Args)]
struct Given {
    /// Teams of teams.yaml, separated by commas; none: every team.
    #[arg(
        long = "team",
        alias = "teams",
        value_name = "TEAM",
        value_delimiter = ','
    )]
    teams: Option<Vec<String>>,
    /// Skills of teams.yaml, separated by commas.
    #[arg(long, alias = "skill", value_name = "SKILL", value_delimiter = ',')]
    skills: Option<Vec<String>>,
    /// Languages in which they answer, separated by commas; none: every language.
    #[arg(long, alias = "language", value_name = "LANG", value_delimiter = ',')]
    languages: Option<Vec<String>>,
    /// Most active conversations at a time; 4 unless given.
    #[arg(long, value_name = "N")]
    capacity: Option<String>,
}

/// The same, found good.
#[derive(Debug, Default)]
struct Found {
    teams: Option<Vec<TeamId>>,
    skills: Option<Vec<SkillId>>,
    languages: Option<Vec<Lang>>,
    capacity: Option<u32>,
}

impl Given {
    async fn find(self, config: &Config, reader: &Lang) -> anyhow::Result<Found> {
        let named = |names: &Option<Vec<String>>| {
            let mut names = names.iter().flatten();
            names.any(|name| !name.trim().is_empty())
        };
        let known = if [&self.teams, &self.skills, &self.languages]
            .into_iter()
            .any(named)
        {
            Some(Known::ask(config, reader).await?)
        } else {
            None
        };
        let capacity = self.capacity.as_deref();
        let capacity = capacity.map(|typed| known::capacity(typed, reader));
        Ok(Found {
            teams: found(self.teams, known.as_ref(), Known::teams)?,
            skills: found(self.skills, known.as_ref(), Known::skills)?,
            languages: found(self.languages, known.as_ref(), Known::languages)?,
            capacity: capacity.transpose().map_err(anyhow::Error::msg)?,
        })
    }
}

/// The names, each of which there is; an empty one is none at all.
fn found<'a, T>(
    given: Option<Vec<String>>,
    known: Option<&Known<'a>>,
    find: impl Fn(&Known<'a>, &[String]) -> Result<Vec<T>, String>,
) -> anyhow::Result<Option<Vec<T>>> {
    let Some(given) = given else { return Ok(None) };
    let given: Vec<String> = given
        .iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let names = match known {
        Some(known) => find(known, &given).map_err(anyhow::Error::msg)?,
        None => Vec::new(),
    };
    Ok(Some(names))
}

fn role(text: &str) -> Result<Role, String> {
    text.parse()
        .map_err(|_unknown| "it is agent, lead or admin".to_owned())
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    super::block_on(act(config, args.act, locale()))
}

async fn act(config: Config, act: Act, reader: Lang) -> anyhow::Result<ExitCode> {
    match act {
        Act::Add {
            email,
            name,
            role,
            given,
            lang,
            password_stdin,
        } => {
            let found = given.find(&config, &reader).await?;
            let lang: Lang = lang
                .parse()
                .map_err(|why| anyhow::anyhow!("language {lang:?}: {why}"))?;
            let request = Request::UserAdd {
                name,
                email: email.clone(),
                role,
                teams: found.teams.unwrap_or_default(),
                lang,
                work: Work {
                    skills: found.skills.unwrap_or_default(),
                    languages: found.languages.unwrap_or_default(),
                    capacity: found.capacity,
                },
            };
            let added = asked(&config, request).await?;
            if password_stdin {
                let mut password = String::new();
                std::io::stdin().read_line(&mut password)?;
                let password = password.trim_end_matches(['\r', '\n']).to_owned();
                let request = Request::UserPassword {
                    email: email.clone(),
                    password,
                };
                asked(&config, request).await?;
                println!(
                    "{email} {}",
                    said(&reader, "ya puede entrar", "can sign in")
                );
            } else {
                print_link(&added);
            }
        }
        Act::Set {
            email,
            name,
            role,
            given,
        } => {
            let found = given.find(&config, &reader).await?;
            let change = Change {
                name,
                role,
                teams: found.teams,
                skills: found.skills,
                languages: found.languages,
                capacity: found.capacity,
            };
            if change == Change::default() {
                bail!(said(
                    &reader,
                    "no hay nada que cambiar: hay que indicar --name, --role, --team, --skills, --languages o --capacity",
                    "there is nothing to change: give --name, --role, --team, --skills, --languages or --capacity",
                ));
            }
            let set = asked(&config, Request::UserSet { email, change }).await?;
            println!("{}", listed(&set, &reader));
        }
        Act::Import { file, dry_run } => {
            for line in import(&config, &file, dry_run, &reader).await? {
                println!("{line}");
            }
        }
        Act::List => {
            let people = asked(&config, Request::UserList).await?;
            for person in people.as_array().into_iter().flatten() {
                println!("{}", listed(person, &reader));
            }
        }
        Act::Link { email } => {
            print_link(&asked(&config, Request::UserLink { email }).await?);
        }
        Act::Disable { email } => {
            bar(&config, &email, true).await?;
            let done = said(&reader, "ya no puede entrar", "is barred");
            println!("{email} {done}");
        }
        Act::Enable { email } => {
            bar(&config, &email, false).await?;
            let done = said(&reader, "puede entrar otra vez", "is admitted again");
            println!("{email} {done}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn bar(config: &Config, email: &str, disabled: bool) -> anyhow::Result<()> {
    let email = email.to_owned();
    let request = Request::UserDisable { email, disabled };
    asked(config, request).await?;
    Ok(())
}

/// What became of a list.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Imported {
    People(Vec<Became>),
    Faults(Vec<(usize, ListFault)>),
}

#[derive(Deserialize)]
struct Became {
    email: String,
    verdict: Verdict,
    link: Option<String>,
}

/// Takes a list over; gives the lines to be shown.
///
/// # Errors
/// Each line that is wrong, as `file:line: why`; then nothing was taken.
async fn import(
    config: &Config,
    file: &Path,
    dry_run: bool,
    reader: &Lang,
) -> anyhow::Result<Vec<String>> {
    let known = Known::ask(config, reader).await?;
    let mut roster = roster::read(file, &known, reader)?;
    // What the server has against the rest is told in the same go.
    let request = Request::UserImport {
        people: roster.rows.iter().map(|row| row.listed.clone()).collect(),
        dry_run: dry_run || !roster.faults.is_empty(),
    };
    let answer = asked(config, request).await?;
    let people =
        match serde_json::from_value(answer).context("the server answered something else")? {
            Imported::People(people) => people,
            Imported::Faults(faults) => {
                for (place, fault) in faults {
                    if let Some(row) = roster.rows.get(place) {
                        let why = roster::worded(&fault, row, &roster.rows, reader);
                        roster.faults.push((row.line, why));
                    }
                }
                Vec::new()
            }
        };
    if !roster.faults.is_empty() {
        roster.faults.sort();
        let faults = roster.faults.iter();
        let lines: Vec<String> = faults
            .map(|(line, why)| format!("{}:{line}: {why}", file.display()))
            .collect();
        let none = said(reader, "no se importó nada", "nothing was imported");
        bail!("{none}\n{}", lines.join("\n"));
    }
    let mut lines: Vec<String> = people.iter().map(|one| became(one, reader)).collect();
    let count = |verdict| people.iter().filter(|one| one.verdict == verdict).count();
    let (new, changed, same) = (
        count(Verdict::Added),
        count(Verdict::Changed),
        count(Verdict::Unchanged),
    );
    let done = if dry_run {
        said(
            reader,
            " (prueba: no se guardó nada)",
            " (dry run: nothing was stored)",
        )
    } else {
        ""
    };
    lines.push(said(
        reader,
        format!("nuevas: {new}, cambiadas: {changed}, sin cambios: {same}{done}"),
        format!("new: {new}, changed: {changed}, unchanged: {same}{done}"),
    ));
    Ok(lines)
}

/// E-mail, what became of it, and the link of somebody new, between tabs.
fn became(one: &Became, reader: &Lang) -> String {
    let verdict = match one.verdict {
        Verdict::Added => said(reader, "nueva", "new"),
        Verdict::Changed => said(reader, "cambiada", "changed"),
        Verdict::Unchanged => said(reader, "sin cambios", "unchanged"),
    };
    let link = one.link.iter().map(|link| format!("\t{link}"));
    format!("{}\t{verdict}{}", one.email, link.collect::<String>())
}

/// E-mail, role, name, teams, then what else is set: skills, languages, capacity, and whether they are barred; between tabs.
fn listed(person: &serde_json::Value, reader: &Lang) -> String {
    let text = |key| {
        let value = person.get(key).and_then(serde_json::Value::as_str);
        value.unwrap_or_default()
    };
    let names = |key| {
        let names = person.get(key).and_then(serde_json::Value::as_array);
        let names = names.into_iter().flatten();
        let names: Vec<&str> = names.filter_map(serde_json::Value::as_str).collect();
        names.join(",")
    };
    let mut more = String::new();
    for (key, name) in [
        ("skills", said(reader, "habilidades", "skills")),
        ("languages", said(reader, "idiomas", "languages")),
    ] {
        let names = names(key);
        if !names.is_empty() {
            more.push_str(&format!("\t{name}: {names}"));
        }
    }
    let capacity = person.get("capacity").and_then(serde_json::Value::as_u64);
    if let Some(capacity) = capacity {
        let name = said(reader, "capacidad", "capacity");
        more.push_str(&format!("\t{name}: {capacity}"));
    }
    let barred = person
        .get("disabled")
        .and_then(serde_json::Value::as_bool)
        .unwrap_or_default();
    format!(
        "{}\t{}\t{}\t{}{more}{}",
        text("email"),
        text("role"),
        text("name"),
        names("teams"),
        if barred {
            said(reader, "\t(sin acceso)", "\t(barred)")
        } else {
            ""
        }
    )
}

fn print_link(answer: &serde_json::Value) {
    println!(
        "{}",
        answer
            .get("link")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
    );
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
