//! Builds the house: topic files, store, engine, web. `run` takes the listener and the stop signal from outside, so that the program, the tests
//! and whoever embeds it use one door.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;

use crate::accounts::{Keys, Logins, People, VisitorLinks, VisitorTokens};
use crate::admin_socket;
use crate::config::{Config, FilesConfig, StoreKind};
use crate::engine::{Engine, LiveNow, Parts as EngineParts, Settings, fresh, learn_opinions};
use crate::files::{FileAddresses, Rate, Scan, Shelf};
use crate::ids::ConversationId;
use crate::inbox::Inbox;
use crate::insights::figures::Figures;
use crate::insights::{History, Opinions, Rules};
use crate::mail::{self, Mailer, Outbox};
use crate::ports::{Clock, Commit, CommitNumber, Space, Store, StoreError};
use crate::store::{MemStore, SledStore};
use crate::topics::Problem;
use crate::web::{self, House, MailAsks};
use crate::webhooks::Courier;
use crate::workbench::{self, Workbench};

/// What tests replace.
pub struct Parts {
    /// Where conversations are kept.
    pub store: Arc<dyn Store>,
    /// Product time.
    pub clock: Arc<dyn Clock>,
    /// What the bot knows; swapped by whoever watches the files.
    pub live: Arc<LiveNow>,
    /// What is wrong with the files on disk.
    pub problems: Arc<parking_lot::RwLock<Vec<Problem>>>,
}

/// Opens the store that the configuration names.
///
/// # Errors
/// When it cannot be opened; the message says what to do.
pub fn open_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    Ok(match config.store {
        StoreKind::Mem => Arc::new(MemStore::default()),
        StoreKind::Sled => {
            std::fs::create_dir_all(&config.data).with_context(|| {
                format!("cannot make the data folder {}", config.data.display())
            })?;
            Arc::new(SledStore::open(&config.data.join("store"))?)
        }
    })
}

/// Runs the server until `stop` turns true, then lets it end: sockets are told to come back, what was acked is stored.
///
/// Calls `ready` once the doors are open, with a set-up link where there is no account yet.
///
/// # Errors
/// When something that the server needs cannot be had.
pub async fn run(
    config: Config,
    parts: Parts,
    listener: TcpListener,
    stop: watch::Receiver<bool>,
    ready: impl FnOnce(Option<String>),
) -> anyhow::Result<()> {
    config.check()?;
    let mailer = config.mail.as_ref().map(Mailer::new);
    let mailer = mailer.transpose().map_err(anyhow::Error::msg)?;
    let engine = Engine::new(EngineParts {
        store: Arc::clone(&parts.store),
        clock: Arc::clone(&parts.clock),
        live: Arc::clone(&parts.live),
        settings: Settings {
            limits: config.limits,
            hours: config.hours,
            mail: mailer.is_some(),
            notice_hours: config.notices.hours_before,
        },
        runtime: tokio::runtime::Handle::current(),
    })?;
    let taken_up = engine
        .take_up()
        .await
        .context("while taking up the open conversations")?;
    tracing::info!(conversations = taken_up, "taken up");

    // Whoever writes the first opinion shall not wait for it.
    tokio::task::spawn_blocking(learn_opinions);
    let people = People::new(Arc::clone(&parts.store));
    let opinions = Arc::new(parking_lot::RwLock::new(Opinions::default()));
    let counted = Arc::clone(&opinions);
    engine.count_answers_with(Arc::new(move |touchpoint, since| {
        counted.read().answered_since(touchpoint, since)
    }));
    let history = Arc::new(parking_lot::RwLock::new(History::default()));
    let rules = rules(&config, &engine);
    let figures = Figures::new(rules.settings());
    let figures = Arc::new(parking_lot::RwLock::new(figures));
    let inbox = Inbox::new(
        engine.clone(),
        Arc::clone(&history),
        tokio::runtime::Handle::current(),
    );
    let (folded, has_folded) = watch::channel(CommitNumber::default());
    let folding = tokio::spawn(fold_insights(
        Arc::clone(&parts.store),
        Folds {
            opinions: Arc::clone(&opinions),
            history: Arc::clone(&history),
            figures: Arc::clone(&figures),
            rules,
            inbox: inbox.clone(),
        },
        (engine.clone(), config.clone()),
        folded,
    ));
    let couriers = couriers(&config, &parts, &engine).await?;
    let carrying: Vec<_> = couriers
        .into_iter()
        .map(|courier| tokio::spawn(courier.run()))
        .collect();
    let setup = first_link(&config, &people, &engine).await?;
    let shelf = Shelf::open(
        &config.data,
        Arc::clone(&parts.store),
        scanner(&config.files),
    )
    .context("while opening the folder of files")?;
    let links_secret = secret(parts.store.as_ref(), "visitor_links").await?;
    let links = VisitorLinks::new(Arc::clone(&parts.store), links_secret);
    let mail_limits = config.mail.clone().unwrap_or_default();
    let outbox = match mailer {
        Some(mailer) => Some(Outbox::new(mail::Parts {
            engine: engine.clone(),
            links: links.clone(),
            mailer,
            base_url: config.base_url(),
            per_hour: mail_limits.per_hour(),
            secret: secret(parts.store.as_ref(), "mail_addresses").await?,
        })),
        None => {
            mail::put_aside(parts.store.as_ref()).await?;
            None
        }
    };
    let mailing = outbox
        .clone()
        .map(|outbox| tokio::spawn(outbox.run(stop.clone())));
    let workbench = Workbench::new(workbench::Parts {
        store: Arc::clone(&parts.store),
        folder: config.intents.clone(),
        live: Arc::clone(&parts.live),
        settings: config.authoring,
    });
    workbench
        .settle()
        .await
        .context("while looking at the drafts of topic files")?;
    let house = Arc::new(House {
        workbench,
        keys: Keys::new(Arc::clone(&parts.store)),
        shelf,
        file_addresses: FileAddresses::new(secret(parts.store.as_ref(), "file_addresses").await?),
        invites: Rate::new(60, 60 * 60_000),
        uploads: Rate::new(config.files.uploads, UPLOADS_MS),
        tokens: VisitorTokens::new(secret(parts.store.as_ref(), "visitor_tokens").await?),
        logins: Arc::new(Logins::new(Arc::clone(&parts.store))),
        people,
        links,
        outbox: outbox.clone(),
        mail_asks: MailAsks::new(mail_limits.asks()),
        engine: engine.clone(),
        config,
        opinions,
        history,
        figures,
        inbox: inbox.clone(),
        folded: has_folded,
        problems: parts.problems,
        stopping: stop.clone(),
        sockets: Arc::new(AtomicUsize::new(0)),
        addresses: Arc::default(),
    });
    let (sweeping, clock) = (Arc::clone(&house), Arc::clone(&parts.clock));
    let sweep = tokio::spawn(async move {
        loop {
            if let Err(error) = sweeping.logins.sweep(clock.now()).await {
                tracing::warn!(%error, "old logins are not cleared away");
            }
            if let Err(error) = sweeping.shelf.sweep(clock.now()).await {
                tracing::warn!(%error, "files without an event are not cleared away");
            }
            clock.sleep_until(clock.now().plus(60 * 60_000)).await;
        }
    });
    let socket = admin_socket::serve(&house.config, &engine, outbox)?;
    let server = web::server(&house, listener).context("while opening the port")?;
    let handle = server.handle();
    let mut stopping = stop;
    let serving = server;
    tokio::pin!(serving);
    ready(setup);
    tokio::select! {
        ended = &mut serving => ended.context("the web server ended by itself")?,
        () = async { drop(stopping.wait_for(|stop| *stop).await) } => {
            let (ended, ()) = tokio::join!(&mut serving, handle.stop(true));
            ended.context("while the web server ended")?;
        }
    }
    if let Some(mut mailing) = mailing {
        // A mail that is on its way is worth a moment: cut off, it might go out twice.
        if tokio::time::timeout(MAIL_PATIENCE, &mut mailing)
            .await
            .is_err()
        {
            mailing.abort();
        }
    }
    engine.stop();
    inbox.stop();
    folding.abort();
    sweep.abort();
    for courier in carrying {
        courier.abort();
    }
    drop(socket);
    parts
        .store
        .close()
        .await
        .context("while closing the store")?;
    Ok(())
}

/// One for each receiver of webhooks.
async fn couriers(config: &Config, parts: &Parts, engine: &Engine) -> anyhow::Result<Vec<Courier>> {
    let mut couriers = Vec::new();
    for (number, webhook) in (1..).zip(&config.webhooks) {
        let courier = webhook.receiver().and_then(|receiver| {
            let (store, clock) = (Arc::clone(&parts.store), Arc::clone(&parts.clock));
            Ok(Courier::new(receiver, store, clock, engine.commits())?)
        });
        couriers.push(courier.with_context(|| format!("in [[webhook]] number {number}"))?);
    }
    Courier::settle(&couriers, parts.store.as_ref())
        .await
        .context("while reading the outbox of webhooks")?;
    Ok(couriers)
}

/// Uploads of one address are counted over this time.
const UPLOADS_MS: i64 = 10 * 60_000;

fn scanner(files: &FilesConfig) -> Option<Scan> {
    let patience = Duration::from_millis(files.scan_timeout_ms);
    Scan::new(files.scan.as_deref()?, patience)
}

/// How long the end waits for a mail that is on its way.
const MAIL_PATIENCE: Duration = Duration::from_secs(5);

/// A link for the first admin, as long as there is none.
async fn first_link(
    config: &Config,
    people: &People,
    engine: &Engine,
) -> anyhow::Result<Option<String>> {
    if people.has_admin().await? {
        return Ok(None);
    }
    let token = fresh::token();
    people.make_link(None, &token, engine.now()).await?;
    Ok(Some(config.setup_link(&token)))
}

/// A secret of this server, made at the first start.
async fn secret(store: &dyn Store, name: &str) -> anyhow::Result<[u8; 32]> {
    loop {
        if let Some(record) = store.get(Space::Secrets, name).await? {
            let bytes: Vec<u8> =
                serde_json::from_value(record.value).context("a damaged secret")?;
            return bytes
                .try_into()
                .map_err(|_short| anyhow::anyhow!("the secret {name} is damaged"));
        }
        let made = fresh::random::<32>();
        match store
            .put_if(
                Space::Secrets,
                name,
                0,
                Some(serde_json::to_value(made.to_vec())?),
            )
            .await
        {
            Ok(_) => return Ok(made),
            Err(StoreError::Conflict { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
}

/// What of the topic files numbers are counted by, as they are now.
fn rules(config: &Config, engine: &Engine) -> Rules {
    let live = engine.live();
    Rules::of(
        &live.catalog,
        web::main_site(config, &live.catalog).as_ref(),
    )
}

/// What is folded from the store's tail.
struct Folds {
    opinions: Arc<parking_lot::RwLock<Opinions>>,
    history: Arc<parking_lot::RwLock<History>>,
    figures: Arc<parking_lot::RwLock<Figures>>,
    rules: Rules,
    inbox: Inbox,
}

impl Folds {
    fn apply(&self, page: &[Commit]) {
        {
            let (mut opinions, mut history) = (self.opinions.write(), self.history.write());
            let mut figures = self.figures.write();
            for commit in page {
                for event in &commit.events {
                    opinions.apply(commit.conversation, event);
                    history.apply(commit.conversation, event);
                    figures.apply(commit.conversation, event);
                }
            }
        }
        self.inbox.apply(page.iter().flat_map(|commit| {
            let events = commit.events.iter();
            events.map(|event| (commit.conversation, event))
        }));
    }

    async fn forget(&self, id: ConversationId) {
        self.opinions.write().forget(id);
        self.history.write().forget(id);
        self.inbox.forget(id).await;
    }

    /// Counts anew where the topic files have changed in what counts: seconds for a million sessions, so not among those who serve sockets.
    async fn keep_to(&mut self, rules: Rules) {
        if rules == self.rules {
            return;
        }
        let (figures, settings) = (Arc::clone(&self.figures), rules.settings());
        let counting = tokio::task::spawn_blocking(move || figures.write().set(settings));
        if let Err(error) = counting.await {
            tracing::error!(%error, "the figures were not counted anew");
        }
        self.rules = rules;
    }
}

/// Folds the answers to feedback questions, the history, the figures and the inbox of missed utterances from the store's tail, now and from now on.
async fn fold_insights(
    store: Arc<dyn Store>,
    mut folds: Folds,
    (engine, config): (Engine, Config),
    folded: watch::Sender<CommitNumber>,
) {
    let mut after = CommitNumber::default();
    let mut commits = engine.commits();
    let mut erased = engine.erased();
    let mut forgotten = 0;
    loop {
        commits.borrow_and_update();
        match store.tail(after, 500).await {
            Ok(page) if !page.is_empty() => {
                folds.apply(&page);
                after = page.last().map_or(after, |commit| commit.number);
                folded.send_replace(after);
                continue;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "opinions and history are not up to date"),
        }
        // Behind the page: one that was read before an erasure still has the words.
        let gone: Vec<_> = erased
            .borrow_and_update()
            .iter()
            .skip(forgotten)
            .copied()
            .collect();
        forgotten += gone.len();
        for id in gone {
            folds.forget(id).await;
        }
        folds.keep_to(rules(&config, &engine)).await;
        tokio::select! {
            changed = commits.changed() => if changed.is_err() { return },
            changed = erased.changed() => if changed.is_err() { return },
        }
    }
}
