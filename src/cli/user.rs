//! `ventanilla user …`: the people who answer.

use std::process::ExitCode;

use clap::Subcommand;

use super::options::Options;
use crate::admin_socket::{Request, ask};
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
        /// A team of teams.yaml; may be given several times.
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
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut nothing = tokio::io::sink();
        match args.act {
            Act::Add {
                email,
                name,
                role,
                teams,
                lang,
                password_stdin,
            } => {
                let teams = teams.iter().map(|team| {
                    team.parse::<TeamId>()
                        .map_err(|why| anyhow::anyhow!("team {team:?}: {why}"))
                });
                let teams = teams.collect::<Result<Vec<_>, _>>()?;
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
                    ask(
                        &config,
                        Request::UserPassword {
                            email: email.clone(),
                            password,
                        },
                        &mut nothing,
                    )
                    .await?;
                    println!("{email} can sign in");
                } else {
                    print_link(&added);
                }
            }
            Act::List => {
                let people = ask(&config, Request::UserList, &mut nothing).await?;
                for person in people.as_array().into_iter().flatten() {
                    let text = |key| {
                        person
                            .get(key)
                            .and_then(serde_json::Value::as_str)
                            .unwrap_or_default()
                    };
                    let barred = person
                        .get("disabled")
                        .and_then(serde_json::Value::as_bool)
                        .unwrap_or_default();
                    println!(
                        "{}\t{}\t{}{}",
                        text("email"),
                        text("role"),
                        text("name"),
                        if barred { "\t(barred)" } else { "" }
                    );
                }
            }
            Act::Link { email } => {
                print_link(&ask(&config, Request::UserLink { email }, &mut nothing).await?)
            }
            Act::Disable { email } => {
                ask(
                    &config,
                    Request::UserDisable {
                        email: email.clone(),
                        disabled: true,
                    },
                    &mut nothing,
                )
                .await?;
                println!("{email} is barred");
            }
            Act::Enable { email } => {
                ask(
                    &config,
                    Request::UserDisable {
                        email: email.clone(),
                        disabled: false,
                    },
                    &mut nothing,
                )
                .await?;
                println!("{email} is admitted");
            }
        }
        Ok(ExitCode::SUCCESS)
    })
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
