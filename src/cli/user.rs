//! `ventanilla user …`: the people who answer.

use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;

use super::check;
use super::operator::{locale, said};
use super::options::Options;
use crate::admin_socket::{Request, ask, running_teams};
use crate::config::{Config, nearest};
use crate::ids::{Lang, Role, TeamId};

/// Adds, lists and bars the people who answer. Works beside a running server.
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
        /// A team of teams.yaml, as the running server or else the folder of --intents has it; may be given several times.
        #[arg(long = "team", value_name = "TEAM")]
        teams: Vec<String>,
        /// Language of their console.
        #[arg(long, default_value = "es")]
        lang: String,
        /// Reads the password from standard input in place of printing a link.
        #[arg(long)]
        password_stdin: bool,
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

fn role(text: &str) -> Result<Role, String> {
    text.parse()
        .map_err(|_unknown| "it is agent, lead or admin".to_owned())
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    super::block_on(act(config, args.act, locale()))
}

async fn act(config: Config, act: Act, reader: Lang) -> anyhow::Result<ExitCode> {
    let mut nothing = tokio::io::sink();
    match act {
        Act::Add {
            email,
            name,
            role,
            teams,
            lang,
            password_stdin,
        } => {
            let teams = known(teams, &config, &reader).await?;
            let lang: Lang = lang
                .parse()
                .map_err(|why| anyhow::anyhow!("language {lang:?}: {why}"))?;
            let request = Request::UserAdd {
                name,
                email: email.clone(),
                role,
                teams,
                lang,
            };
            let added = ask(&config, request, &mut nothing).await?;
            if password_stdin {
                let mut password = String::new();
                std::io::stdin().read_line(&mut password)?;
                let password = password.trim_end_matches(['\r', '\n']).to_owned();
                let request = Request::UserPassword {
                    email: email.clone(),
                    password,
                };
                ask(&config, request, &mut nothing).await?;
                println!(
                    "{email} {}",
                    said(&reader, "ya puede entrar", "can sign in")
                );
            } else {
                print_link(&added);
            }
        }
        Act::List => {
            let people = ask(&config, Request::UserList, &mut nothing).await?;
            for person in people.as_array().into_iter().flatten() {
                println!("{}", listed(person, &reader));
            }
        }
        Act::Link { email } => {
            print_link(&ask(&config, Request::UserLink { email }, &mut nothing).await?);
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
    ask(config, request, &mut tokio::io::sink()).await?;
    Ok(())
}

/// E-mail, role, name and teams, and whether they are barred, between tabs.
fn listed(person: &serde_json::Value, reader: &Lang) -> String {
    let text = |key| {
        let value = person.get(key).and_then(serde_json::Value::as_str);
        value.unwrap_or_default()
    };
    let teams = person.get("teams").and_then(serde_json::Value::as_array);
    let teams: Vec<&str> = teams
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let barred = person
        .get("disabled")
        .and_then(serde_json::Value::as_bool)
        .unwrap_or_default();
    format!(
        "{}\t{}\t{}\t{}{}",
        text("email"),
        text("role"),
        text("name"),
        teams.join(","),
        if barred {
            said(reader, "\t(sin acceso)", "\t(barred)")
        } else {
            ""
        }
    )
}

/// The teams as ids, each of which the running server knows, or the topic files when none runs: a person in a team that is none would never get
/// anybody.
async fn known(teams: Vec<String>, config: &Config, reader: &Lang) -> anyhow::Result<Vec<TeamId>> {
    if teams.is_empty() {
        return Ok(Vec::new());
    }
    let known = match running_teams(config).await? {
        Some(known) => known,
        None => teams_of_files(config, reader)?,
    };
    let chosen = teams.iter().map(|team| {
        let found = known.iter().find(|known| known.as_str() == team);
        found.cloned().ok_or_else(|| unknown(team, &known, reader))
    });
    chosen.collect()
}

fn teams_of_files(config: &Config, reader: &Lang) -> anyhow::Result<Vec<TeamId>> {
    let folder = &config.intents;
    check::must_be_folder(folder, reader)?;
    match check::read(folder).catalog {
        Some(catalog) => Ok(catalog.teams.into_keys().collect()),
        None => {
            let shown = folder.display();
            bail!(said(
                reader,
                format!(
                    "--team se compara con teams.yaml, y los archivos de {shown} tienen errores: `ventanilla check {shown}` los nombra"
                ),
                format!(
                    "--team is compared with teams.yaml, and the files in {shown} have errors: `ventanilla check {shown}` names them"
                ),
            ))
        }
    }
}

fn unknown(team: &str, known: &[TeamId], reader: &Lang) -> anyhow::Error {
    let names: Vec<&str> = known.iter().map(TeamId::as_str).collect();
    let meant = nearest(team, names.iter().copied());
    let meant = meant.map_or_else(String::new, |meant| {
        said(
            reader,
            format!(" ¿Era {meant}?"),
            format!(" Did you mean {meant}?"),
        )
    });
    let names = names.join(", ");
    anyhow::anyhow!(said(
        reader,
        format!("no hay ningún equipo {team} en teams.yaml.{meant} Están: {names}"),
        format!("there is no team {team} in teams.yaml.{meant} There are: {names}"),
    ))
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
mod tests {
    use super::*;

    /// An assistant with the teams `default` and `logistics`, and a data folder on which no server runs.
    fn house() -> (tempfile::TempDir, Config) {
        let folder = tempfile::tempdir().unwrap();
        let intents = folder.path().join("intents");
        std::fs::create_dir(&intents).unwrap();
        for (name, text) in [
            (
                "_assistant.yaml",
                "name: M\nbrand: M\nlanguages: [es]\ngreeting: {es: Hola}\n",
            ),
            ("teams.yaml", "teams:\n  logistics: {name: {es: Envíos}}\n"),
            (
                "hola.yaml",
                "topic: hola\ntitle: {es: Hola}\nexamples:\n  es: |\n    hola\nsteps: [{say: {es: Hola}}]\ntests: []\n",
            ),
        ] {
            std::fs::write(intents.join(name), text).unwrap();
        }
        let config = Config {
            data: folder.path().join("data"),
            intents,
            ..Config::default()
        };
        (folder, config)
    }

    fn add(team: &str) -> Act {
        Act::Add {
            email: "ana@example.com".to_owned(),
            name: "Ana".to_owned(),
            role: Role::Agent,
            teams: vec![team.to_owned()],
            lang: "es".to_owned(),
            password_stdin: false,
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_team_that_is_none_is_refused_with_the_nearest_and_adds_nobody() {
        let (_folder, config) = house();
        let refused = act(config.clone(), add("logistic"), Lang::es()).await;
        assert_eq!(
            refused.unwrap_err().to_string(),
            "no hay ningún equipo logistic en teams.yaml. ¿Era logistics? Están: default, logistics"
        );
        let list = async || {
            let people = ask(&config, Request::UserList, &mut tokio::io::sink()).await;
            let people = people.unwrap();
            let lines = people.as_array().unwrap().iter();
            lines
                .map(|person| listed(person, &Lang::en()))
                .collect::<Vec<_>>()
        };
        assert!(list().await.is_empty());
        act(config.clone(), add("logistics"), Lang::es())
            .await
            .unwrap();
        assert_eq!(list().await, ["ana@example.com\tagent\tAna\tlogistics"]);
    }
}
