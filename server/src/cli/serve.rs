//! `reelmill serve`

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::app::{self, App};
use crate::config::Config;
use crate::http;
use crate::kernel::clock::Clock;

/// Serve the API and run the line.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR:PORT")]
    pub(super) listen: Option<String>,
}

impl Serve {
    pub(super) async fn run(self, config: Config) -> super::Outcome {
        let node = app::lock_data(&config.server.data)?;
        let listener = TcpListener::bind(&config.server.listen).await?;
        let address = listener.local_addr()?;
        let app = App::build(config, Clock::system()).await?;
        stop_on_signal(app.stopping.clone())?;
        let line = app.start_line(&node).await?;
        // The one line on standard output: tools that start a server read its address here.
        println!("reelmill listens on http://{address}");
        let served = serve(app, listener).await;
        line.drain().await;
        served?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Serves until `app.stopping` is cancelled, then lets what is under way end within its grace.
///
/// # Errors
/// When the listener fails.
pub async fn serve(app: App, listener: TcpListener) -> std::io::Result<()> {
    let stopping = app.stopping.clone();
    let grace = Duration::from_secs(app.config.server.shutdown_grace_s);
    let accounts = app.sweep_accounts();
    let router = http::router(app).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let asked = stopping.clone();
    let served = axum::serve(listener, router).with_graceful_shutdown(asked.cancelled_owned());
    tokio::select! {
        result = served => result?,
        () = after(stopping, grace) => tracing::warn!("connections were still open at the end of the grace"),
    }
    accounts.await?;
    tracing::info!("stopped");
    Ok(())
}

async fn after(stopping: CancellationToken, grace: Duration) {
    stopping.cancelled().await;
    tokio::time::sleep(grace).await;
}

/// SIGTERM and SIGINT ask the process to stop; a second one ends it at once.
pub(super) fn stop_on_signal(stopping: CancellationToken) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stopping.is_cancelled() {
                std::process::exit(130);
            }
            tracing::info!("stopping");
            stopping.cancel();
        }
    });
    Ok(())
}
