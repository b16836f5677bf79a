//! Acknowledged appends a second of the sled store, beside a floor: a file to which the same bytes are appended with the same grouping and one
//! `fdatasync` a group. Both run in turn, so that a busy disk is busy for both.
//!
//! `cargo run --release --example store_rate [SECONDS] [ROUNDS]`

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::sync::{mpsc, oneshot};
use ventanilla::conversation::{Body, Event, Private};
use ventanilla::ids::{ClientId, ConversationId, Seq, Timestamp};
use ventanilla::ports::Store;
use ventanilla::store::SledStore;

/// What a turn's visitor message looks like.
fn said(seq: u64) -> anyhow::Result<Event> {
    let client_id: ClientId = format!("0190a5a0-0000-7000-8000-{seq:012}").parse()?;
    Ok(Event {
        seq: Seq(seq),
        at: Timestamp(1_760_000_000_000),
        body: Body::VisitorSaid { client_id },
        private: Private::text("Hola, ¿dónde está mi pedido 1234567? Lo esperaba ayer y no llegó."),
    })
}

/// Runs so many writers for so long; the answer is how many appends were acknowledged a second, and their middle and 99th wait.
async fn measure<F, W>(writers: u16, time: Duration, write: F) -> anyhow::Result<(f64, f64, f64)>
where
    F: Fn(u16, u64) -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<()>> + Send,
{
    let start = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let write = write.clone();
            tokio::spawn(async move {
                let mut waits = Vec::new();
                while start.elapsed() < time {
                    let asked = Instant::now();
                    write(writer, waits.len() as u64 + 1).await?;
                    waits.push(asked.elapsed().as_secs_f64() * 1e3);
                }
                anyhow::Ok(waits)
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await??);
    }
    let rate = waits.len() as f64 / start.elapsed().as_secs_f64();
    waits.sort_by(f64::total_cmp);
    let at = |part: usize| waits.get(waits.len() * part / 100).copied();
    let (middle, high) = at(50).zip(at(99)).context("nothing was acknowledged")?;
    Ok((rate, middle, high))
}

async fn store(folder: &Path, writers: u16, time: Duration) -> anyhow::Result<(f64, f64, f64)> {
    let store = Arc::new(SledStore::open(folder)?);
    let kept = Arc::clone(&store);
    let run = uuid::Uuid::now_v7();
    let measured = measure(writers, time, move |writer, seq| {
        let store = Arc::clone(&kept);
        let mut id = *run.as_bytes();
        id[14..].copy_from_slice(&writer.to_be_bytes());
        async move {
            let id = ConversationId::from_bytes(id);
            store.append(id, Seq(seq - 1), vec![said(seq)?]).await?;
            Ok(())
        }
    });
    let measured = measured.await?;
    store.close().await?;
    Ok(measured)
}

type Line = (Vec<u8>, oneshot::Sender<()>);

async fn floor(folder: &Path, writers: u16, time: Duration) -> anyhow::Result<(f64, f64, f64)> {
    let mut file = File::create(folder.join("floor"))?;
    let (lines, mut waiting) = mpsc::channel::<Line>(1024);
    let thread = std::thread::spawn(move || -> std::io::Result<()> {
        while let Some((mut bytes, first)) = waiting.blocking_recv() {
            let mut acks = vec![first];
            while acks.len() < 1024
                && let Ok((line, ack)) = waiting.try_recv()
            {
                bytes.extend(line);
                acks.push(ack);
            }
            file.write_all(&bytes)?;
            file.sync_data()?;
            for ack in acks {
                let _gone = ack.send(());
            }
        }
        Ok(())
    });
    let measured = measure(writers, time, move |_, seq| {
        let lines = lines.clone();
        async move {
            let (ack, kept) = oneshot::channel();
            lines.send((serde_json::to_vec(&said(seq)?)?, ack)).await?;
            Ok(kept.await?)
        }
    });
    let measured = measured.await?;
    thread.join().ok().context("the floor's writer failed")??;
    Ok(measured)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let seconds: u64 = args.next().map_or(Ok(2), |text| text.parse())?;
    let rounds: usize = args.next().map_or(Ok(5), |text| text.parse())?;
    let time = Duration::from_secs(seconds);
    let folder = tempfile::tempdir_in(".")?;
    println!(
        "writers  store/s  p50 ms  p99 ms  floor/s  p50 ms  p99 ms  store/floor (medians of {rounds})"
    );
    for writers in [1, 16, 64] {
        let (mut stores, mut floors) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            stores.push(store(&folder.path().join("store"), writers, time).await?);
            floors.push(floor(folder.path(), writers, time).await?);
        }
        let middle = |of: &mut Vec<(f64, f64, f64)>| {
            of.sort_by(|one, other| one.0.total_cmp(&other.0));
            of[of.len() / 2]
        };
        let (store, floor) = (middle(&mut stores), middle(&mut floors));
        println!(
            "{writers:7}  {:7.0}  {:6.2}  {:6.2}  {:7.0}  {:6.2}  {:6.2}  {:.2}",
            store.0,
            store.1,
            store.2,
            floor.0,
            floor.1,
            floor.2,
            store.0 / floor.0
        );
    }
    Ok(())
}
