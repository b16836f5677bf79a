//! `ventanilla demo-orders`: serves the demo shop's orders.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;

use crate::clock::SystemClock;
use crate::demo_orders;

/// Serves the demo shop's order service: 60 orders in every state, kept in memory.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8091)]
    port: u16,
    /// Address to listen on. The service asks for no password: keep it on this machine.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    super::block_on(serve(args))
}

async fn serve(args: &Args) -> anyhow::Result<ExitCode> {
    let listener = TcpListener::bind((args.host, args.port)).with_context(|| {
        format!(
            "cannot listen on {}:{}: choose another port with --port",
            args.host, args.port
        )
    })?;
    let addr = listener.local_addr()?;
    if !args.host.is_loopback() {
        eprintln!(
            "warning: {addr} may be reached from other machines, and the demo orders ask for no password"
        );
    }
    println!("Demo orders      http://{addr}/admin/orders");
    println!("Slow, dead, ok   curl -d '{{\"mode\":\"slow\"}}' http://{addr}/admin/mode");
    println!(
        "To try           1000007 late (28013) · 1000012 delivered (41001) · 1000003 being packed (08002) · 2000004 late (X5000)"
    );
    let stop = async {
        // Without a signal handler the service runs until it is killed, which is no reason not to serve.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    demo_orders::run(listener, Arc::new(SystemClock), stop).await?;
    Ok(ExitCode::SUCCESS)
}
