//! The workers of this process: how configuration becomes a running line.

use std::time::Duration;

use tokio::task::JoinHandle;

use super::{App, StartError, data};
use crate::domain::batches::line::{self, Rules};
use crate::domain::media::probe::Prober;
use crate::ports::provider::Provider;
use crate::ports::provider::animatic::{Animatic, Options as Pool, default_threads};
use crate::worker::{FlushOptions, Line, Options, Parts, accounts};

/// Render threads yield to everything that answers people.
const RENDER_NICENESS: i32 = 10;

impl App {
    /// Recovers what an earlier process left, then starts to claim, render, store and settle.
    ///
    /// # Errors
    /// When fonts or threads are missing, or recovery fails.
    pub async fn start_line(&self) -> Result<Line, StartError> {
        let threads = match self.config.line.render_threads {
            0 => default_threads(),
            set => set,
        };
        let provider = Provider::Animatic(self.start_animatic(threads)?);
        let parts = Parts {
            line: line::Parts {
                db: self.db.clone(),
                clock: self.clock.clone(),
                wallet: self.wallet.clone(),
                queue: self.queue.clone(),
                bus: self.bus.clone(),
            },
            store: self.media.store().clone(),
            prober: Prober {
                ffprobe: self.config.tools.ffprobe.clone(),
                ffmpeg: self.config.tools.ffmpeg.clone(),
            },
            provider,
        };
        Line::start(parts, self.line_options(threads)?).await.map_err(StartError::Line)
    }

    /// Starts the sweep of accounts; it ends with a last round when the process is asked to stop.
    pub fn sweep_accounts(&self) -> JoinHandle<()> {
        let (access, onboarding) = (self.access.clone(), self.onboarding.clone());
        tokio::spawn(accounts::run(access, onboarding, self.stopping.clone()))
    }

    fn start_animatic(&self, threads: usize) -> Result<Animatic, StartError> {
        let fonts = if self.config.tools.fonts.is_empty() {
            animatic::Fonts::system()
        } else {
            animatic::Fonts::load(&self.config.tools.fonts)
        };
        let fonts = fonts.map_err(StartError::Fonts)?;
        let tools = animatic::Tools { ffmpeg: self.config.tools.ffmpeg.clone() };
        let work_dir = self.config.server.data.join("work");
        let pool = Pool { work_dir, threads, niceness: RENDER_NICENESS };
        Animatic::start(pool, fonts, tools).map_err(StartError::Render)
    }

    fn line_options(&self, threads: usize) -> Result<Options, StartError> {
        let config = &self.config.line;
        let seconds = |s: i64| Duration::from_secs(s.unsigned_abs());
        let rules = Rules {
            owner: data::node_name(&self.config.server.data)?,
            lease: seconds(config.lease_s),
            max_attempts: config.max_attempts,
            undecided_after: seconds(self.config.batches.undecided_days * 86_400),
            ..Rules::default()
        };
        let flush = FlushOptions {
            max: config.flush_max,
            wait: Duration::from_millis(config.flush_wait_ms),
            ..FlushOptions::default()
        };
        Ok(Options {
            rules,
            // Enough to keep every thread busy while finished videos are stored and settled.
            slots: threads * 2 + 2,
            sweep_every: Duration::from_millis(config.sweep_ms),
            orphan_after: seconds(self.config.media.orphan_after_h * 3_600),
            drain: Duration::from_secs(self.config.server.shutdown_grace_s),
            flush,
            ..Options::default()
        })
    }
}
