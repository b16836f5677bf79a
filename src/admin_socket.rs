//! One process owns the store. Commands such as `user` and `snapshot` speak to the running server over a unix socket in the data folder, and
//! open the store themselves only when none runs.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::accounts::{Account, Change, KeyScope, Keys, Listed, NewAccount, People, Verdict, Work};
use crate::app::open_store;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::conversation::Body;
use crate::engine::{Engine, erase_stored, forget_news, fresh, merged_with};
use crate::files;
use crate::ids::{AgentId, ConversationId, Lang, Role, SiteId, SkillId, TeamId, Timestamp};
use crate::insights::figures::{Asked, Figures};
use crate::insights::{QualityReport, Rules};
use crate::mail::{BounceError, Failure, Outbox};
use crate::ports::{Clock, CommitNumber, Store};
use crate::store::dump;
use crate::topics::Catalog;
use crate::webhooks::overview;

/// Longest request in bytes: a list of some ten thousand people.
const REQUEST_MAX: u64 = 4 << 20;

/// What an operator asks for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Request {
    /// Adds a person; answers with a set-up link.
    UserAdd {
        /// Name as visitors see it.
        name: String,
        /// E-mail address.
        email: String,
        /// What they may do.
        role: Role,
        /// Teams.
        teams: Vec<TeamId>,
        /// Language of the console.
        lang: Lang,
        /// Skills, languages, capacity.
        #[serde(flatten)]
        work: Work,
    },
    /// Changes what somebody is called, may do and takes.
    UserSet {
        /// E-mail address.
        email: String,
        /// What is to be another.
        change: Change,
    },
    /// Takes over a list of people, or nothing of it; answers with what became of each, and a set-up link for each new one.
    UserImport {
        /// The list.
        people: Vec<Listed>,
        /// Only tells what would become of it.
        dry_run: bool,
    },
    /// Lists the people.
    UserList,
    /// Names what people can be given: teams, skills, languages.
    Names,
    /// Makes a new set-up link: a forgotten password.
    UserLink {
        /// E-mail address.
        email: String,
    },
    /// Bars or admits a person.
    UserDisable {
        /// E-mail address.
        email: String,
        /// Whether they are barred.
        disabled: bool,
    },
    /// Sets a password without a link, for machines that set themselves up.
    UserPassword {
        /// E-mail address.
        email: String,
        /// The password.
        password: String,
    },
    /// Makes a key for a program that sends business events.
    KeyAdd {
        /// What it is called.
        name: String,
    },
    /// Lists the keys.
    KeyList,
    /// Takes a key back.
    KeyRevoke {
        /// What it is called.
        name: String,
    },
    /// Tells how it stands with the receivers of webhooks.
    Webhooks,
    /// Takes away what people wrote in a conversation.
    Erase {
        /// Its id, or the number of a case in it.
        conversation: String,
    },
    /// Takes down that a mail did not arrive.
    Bounce {
        /// As the report tells it.
        failure: Failure,
    },
    /// Counts the service-quality report.
    Report {
        /// What of the topic files it is counted by.
        rules: Rules,
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
        /// Of this site.
        site: Option<SiteId>,
    },
    /// Streams a snapshot.
    Snapshot,
}

/// The answer's first line; a snapshot follows behind it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(serde_json::Value),
    Failed(String),
}

/// Removes the socket's file when the server ends.
#[derive(Debug)]
pub struct Serving {
    path: PathBuf,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
        // A file that stays behind is replaced at the next start.
        let _: std::io::Result<()> = std::fs::remove_file(&self.path);
    }
}

fn path(config: &Config) -> PathBuf {
    config.data.join("admin.sock")
}

/// Opens the socket, for the owner of the process only.
///
/// # Errors
/// When the data folder cannot hold a socket.
pub fn serve(config: &Config, engine: &Engine, outbox: Option<Outbox>) -> anyhow::Result<Serving> {
    let path = path(config);
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot make {}", config.data.display()))?;
    // The store's lock has shown that no other server runs here: a socket that is there is a dead one's.
    let _: std::io::Result<()> = std::fs::remove_file(&path);
    let listener =
        UnixListener::bind(&path).with_context(|| format!("cannot open {}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
        .with_context(|| format!("cannot protect {}", path.display()))?;
    let (config, engine) = (config.clone(), engine.clone());
    let task = tokio::spawn(async move {
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Too many open files, say: it passes.
                    tracing::warn!(%error, "the admin socket could not take a command");
                    #[allow(clippy::disallowed_methods, reason = "a breath, no product time")]
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                    continue;
                }
            };
            let (config, engine) = (config.clone(), engine.clone());
            let outbox = outbox.clone();
            drop(tokio::spawn(async move {
                if let Err(error) = answer(stream, &config, &engine, outbox.as_ref()).await {
                    tracing::warn!(%error, "an admin command was not answered");
                }
            }));
        }
    });
    Ok(Serving { path, task })
}

async fn answer(
    stream: UnixStream,
    config: &Config,
    engine: &Engine,
    outbox: Option<&Outbox>,
) -> anyhow::Result<()> {
    let site = Site {
        store: engine.store(),
        clock: engine.clock().as_ref(),
        engine: Some(engine),
    };
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reader.take(REQUEST_MAX))
        .read_line(&mut line)
        .await?;
    let result = match serde_json::from_str(&line) {
        Ok(Request::Names) => Ok(Done::Value(serde_json::to_value(Names::of(
            &engine.live().catalog,
        ))?)),
        Ok(Request::Bounce { failure }) => bounced(outbox, &failure).await,
        Ok(request) => carry_out(request, config, &site).await,
        Err(why) => Err(anyhow::anyhow!("not a request: {why}")),
    };
    let (first, snapshot) = match result {
        Ok(Done::Value(value)) => (Answer::Done(value), false),
        Ok(Done::Snapshot) => (Answer::Done(serde_json::Value::Null), true),
        Err(error) => (Answer::Failed(format!("{error:#}")), false),
    };
    writer
        .write_all(format!("{}\n", serde_json::to_string(&first)?).as_bytes())
        .await?;
    if snapshot {
        dump::snapshot(site.store.as_ref(), &mut writer).await?;
    }
    writer.shutdown().await?;
    Ok(())
}

/// What commands are carried out on.
struct Site<'a> {
    store: &'a Arc<dyn Store>,
    clock: &'a dyn Clock,
    /// None where no server runs.
    engine: Option<&'a Engine>,
}

/// The conversation of an id or a case number.
async fn conversation(store: &dyn Store, named: &str) -> anyhow::Result<ConversationId> {
    let named = named.trim();
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let mut after = CommitNumber::default();
    loop {
        let page = store.tail(after, 500).await?;
        let Some(last) = page.last() else {
            bail!("{named} is neither the id of a conversation nor the number of a case");
        };
        after = last.number;
        for commit in page {
            let promised = commit.events.iter().any(|event| match &event.body {
                Body::PromiseMade { promise, .. } => promise.case.eq_ignore_ascii_case(named),
                _ => false,
            });
            if promised {
                return Ok(commit.conversation);
            }
        }
    }
}

/// `taken`, or `unknown` where it is not a mail of this server: bringing it again would not help.
async fn bounced(outbox: Option<&Outbox>, failure: &Failure) -> anyhow::Result<Done> {
    let outbox = outbox.context("this server sends no mail: [mail] is not configured")?;
    let word = match outbox.bounced(failure).await {
        Ok(()) => "taken",
        Err(BounceError::Unknown) => "unknown",
        Err(other) => return Err(other.into()),
    };
    Ok(Done::Value(word.into()))
}

enum Done {
    Value(serde_json::Value),
    Snapshot,
}

/// An account as the commands show it.
fn shown(account: &Account) -> serde_json::Value {
    serde_json::json!({
        "email": account.email, "name": account.name, "role": account.role, "teams": account.teams,
        "lang": account.lang, "disabled": account.disabled, "skills": account.work.skills,
        "languages": account.work.languages, "capacity": account.work.capacity,
    })
}

async fn carry_out(request: Request, config: &Config, site: &Site<'_>) -> anyhow::Result<Done> {
    let store = site.store;
    let people = People::new(Arc::clone(store));
    let keys = Keys::new(Arc::clone(store));
    let now = site.clock.now();
    let link = async |email: &str| -> anyhow::Result<serde_json::Value> {
        let token = fresh::token();
        people.make_link(Some(email), &token, now).await?;
        Ok(serde_json::json!({"email": email, "link": config.password_link(&token)}))
    };
    // The desk goes by what it knows of those who are there.
    let changed = |account: &Account| {
        if let Some(engine) = site.engine {
            engine.agent_changed(&account.person());
        }
    };
    Ok(Done::Value(match request {
        Request::UserAdd {
            name,
            email,
            role,
            teams,
            lang,
            work,
        } => {
            let id = AgentId::from(fresh::uuid(now));
            let account = people
                .add(
                    id,
                    NewAccount {
                        name,
                        email,
                        role,
                        teams,
                        lang,
                        work,
                    },
                )
                .await?;
            link(&account.email).await?
        }
        Request::UserSet { email, change } => {
            let account = people.set(&email, &change).await?;
            changed(&account);
            shown(&account)
        }
        Request::UserImport {
            people: list,
            dry_run,
        } => {
            let id = || AgentId::from(fresh::uuid(now));
            match people.import(&list, id, !dry_run).await? {
                Err(faults) => serde_json::json!({"faults": faults}),
                Ok(taken) => {
                    let mut people = Vec::new();
                    for (account, verdict) in taken {
                        if verdict == Verdict::Changed && !dry_run {
                            changed(&account);
                        }
                        let link = if verdict == Verdict::Added && !dry_run {
                            Some(link(&account.email).await?)
                        } else {
                            None
                        };
                        let link = link.as_ref().and_then(|made| made.get("link"));
                        people.push(serde_json::json!({"email": account.email, "verdict": verdict, "link": link}));
                    }
                    serde_json::json!({"people": people})
                }
            }
        }
        Request::UserList => people
            .all()
            .await?
            .into_iter()
            .map(|account| shown(&account))
            .collect(),
        Request::UserLink { email } => {
            if people.find(&email).await?.is_none() {
                bail!("there is no account {email}");
            }
            link(&email.trim().to_lowercase()).await?
        }
        Request::UserDisable { email, disabled } => {
            people.bar(&email, disabled).await?;
            serde_json::json!({"email": email, "disabled": disabled})
        }
        Request::UserPassword { email, password } => {
            people.set_password(&email, &password).await?;
            serde_json::json!({"email": email})
        }
        Request::KeyAdd { name } => {
            let scopes = vec![KeyScope::Events];
            let key = keys.add(&name, scopes, &fresh::token(), now).await?;
            serde_json::json!({"name": name, "key": key})
        }
        Request::KeyList => serde_json::to_value(keys.all().await?)?,
        Request::KeyRevoke { name } => {
            keys.revoke(&name).await?;
            serde_json::json!({"name": name})
        }
        Request::Webhooks => serde_json::to_value(overview(store.as_ref()).await?)?,
        Request::Erase { conversation } => {
            let id = self::conversation(store.as_ref(), &conversation).await?;
            if store.read_last(id, 1).await?.is_empty() {
                bail!("there is no conversation {id}");
            }
            // Before, so that nothing is told behind the erasure; and after, for what came meanwhile.
            forget_news(store.as_ref(), id).await?;
            let events = match site.engine {
                Some(engine) => engine.erase(id).await?,
                None => erase_stored(store.as_ref(), id).await?,
            };
            forget_news(store.as_ref(), id).await?;
            let files = files::forget(&config.data, store.as_ref(), id).await?;
            let merged = merged_with(store.as_ref(), id).await?;
            serde_json::json!({"conversation": id, "events": events, "files": files, "merged": merged})
        }
        Request::Report {
            rules,
            from,
            to,
            site,
        } => {
            let figures = counted(store.as_ref(), &rules, now).await?;
            let asked = Asked {
                from,
                to,
                site,
                touchpoint: None,
                stage: None,
            };
            let today = figures.day_at(now);
            serde_json::to_value(QualityReport::of(&figures, &rules, &asked, today))?
        }
        Request::Names | Request::Bounce { .. } => bail!("no server runs on this data folder"),
        Request::Snapshot => return Ok(Done::Snapshot),
    }))
}

/// Every session that there was, counted from the events.
async fn counted(store: &dyn Store, rules: &Rules, now: Timestamp) -> anyhow::Result<Figures> {
    let mut figures = Figures::new(rules.settings());
    let mut after = CommitNumber::default();
    loop {
        let page = store.tail(after, 500).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for commit in &page {
            for event in &commit.events {
                figures.apply(commit.conversation, event);
            }
        }
    }
    figures.settle(now);
    Ok(figures)
}

/// What people can be given, as the topic files in use have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Teams.
    pub teams: Vec<TeamId>,
    /// Skills.
    pub skills: Vec<SkillId>,
    /// Languages that the assistant speaks.
    pub languages: Vec<Lang>,
}

impl Names {
    /// Those of a catalogue.
    pub fn of(catalog: &Catalog) -> Self {
        Self {
            teams: catalog.teams.keys().cloned().collect(),
            skills: catalog.skills.keys().cloned().collect(),
            languages: catalog.assistant.languages.clone(),
        }
    }
}

/// The names that the running server knows; `None` when none runs.
///
/// # Errors
/// What went wrong, in one line.
pub async fn running_names(config: &Config) -> anyhow::Result<Option<Names>> {
    let Ok(stream) = UnixStream::connect(path(config)).await else {
        return Ok(None);
    };
    let names = converse(stream, Request::Names, &mut tokio::io::sink()).await?;
    Ok(Some(serde_json::from_value(names)?))
}

/// Asks where nothing is to be shown on the way: as [`ask`].
///
/// # Errors
/// As [`ask`].
pub async fn asked(config: &Config, request: Request) -> anyhow::Result<serde_json::Value> {
    ask(config, request, &mut tokio::io::sink()).await
}

/// Asks the running server, or does it on the store itself when none runs. A snapshot is written to `out`.
///
/// # Errors
/// What went wrong, in one line.
pub async fn ask(
    config: &Config,
    request: Request,
    out: &mut (impl AsyncWrite + Send + Unpin),
) -> anyhow::Result<serde_json::Value> {
    let path = path(config);
    let Ok(stream) = UnixStream::connect(&path).await else {
        // A mistyped folder must not become an empty one; only what sets a new machine up makes it.
        let makes_it = matches!(
            request,
            Request::UserAdd { .. } | Request::UserImport { .. } | Request::KeyAdd { .. }
        );
        if !config.data.exists() {
            let folder = config.data.display();
            if !makes_it {
                bail!("there is no data folder {folder}: check --data");
            }
            eprintln!("ventanilla: a new data folder is made: {folder}");
        }
        let store = open_store(config)?;
        let site = Site {
            store: &store,
            clock: &SystemClock,
            engine: None,
        };
        let done = carry_out(request, config, &site).await;
        let value = match done {
            Ok(Done::Value(value)) => Ok(value),
            Ok(Done::Snapshot) => dump::snapshot(store.as_ref(), out)
                .await
                .map(|_| serde_json::Value::Null)
                .map_err(Into::into),
            Err(error) => Err(error),
        };
        store.close().await?;
        return value;
    };
    converse(stream, request, out).await
}

/// Tells the running server that a mail did not arrive; whether the mail was its own. `None` when none runs.
///
/// # Errors
/// What went wrong, in one line.
pub async fn tell_bounce(config: &Config, failure: Failure) -> anyhow::Result<Option<bool>> {
    let Ok(stream) = UnixStream::connect(path(config)).await else {
        return Ok(None);
    };
    let request = Request::Bounce { failure };
    let word = converse(stream, request, &mut tokio::io::sink()).await?;
    Ok(Some(word == "taken"))
}

async fn converse(
    mut stream: UnixStream,
    request: Request,
    out: &mut (impl AsyncWrite + Send + Unpin),
) -> anyhow::Result<serde_json::Value> {
    stream
        .write_all(format!("{}\n", serde_json::to_string(&request)?).as_bytes())
        .await?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .await
        .context("the server did not answer")?;
    match serde_json::from_str(&line).context("the server answered something else")? {
        Answer::Done(value) => {
            tokio::io::copy(&mut reader, out).await?;
            Ok(value)
        }
        Answer::Failed(why) => bail!("{why}"),
    }
}
