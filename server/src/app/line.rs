//! The workers of this process: how configuration becomes a running line.

use std::path::Path;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::line_options::options;
use super::{App, Node, StartError};
use crate::config;
use crate::domain::batches::line;
use crate::domain::media::probe::{Mark, Prober};
use crate::domain::plans::models;
use crate::ports::egress::Egress;
use crate::ports::egress::guard::Reach;
use crate::ports::provider::animatic::{Animatic, Options as Pool, default_threads};
use crate::ports::provider::key::Key;
use crate::ports::provider::offer::{Offer, Offers, Promises};
use crate::ports::provider::remote::Remote;
use crate::ports::provider::{Cancel, Cost, Provider, intern, openai_videos, replicate};
use crate::worker::{Line, Parts, accounts, keys};

/// Render threads yield to everything that answers people.
const RENDER_NICENESS: i32 = 10;

impl App {
    /// Recovers what an earlier process left, then starts to claim, render, store and settle.
    ///
    /// # Errors
    /// When fonts or threads are missing, or recovery fails.
    pub async fn start_line(&self, node: &Node) -> Result<Line, StartError> {
        // Said in the log; /readyz says it to whoever sends traffic here.
        self.tools.missing().await;
        let fetched = self.config.server.data.join("fetched").join(&node.name);
        clear(&fetched).map_err(|error| StartError::Data(fetched.clone(), error))?;
        let (offers, kept) = self.offers(node).await?;
        self.watch_keys(kept);
        let parts = Parts {
            line: line::Parts {
                db: self.db.clone(),
                clock: self.clock.clone(),
                wallet: self.wallet.clone(),
                queue: self.queue.clone(),
                bus: self.bus.clone(),
            },
            store: self.media.store().clone(),
            prober: self.prober()?,
            offers,
            fetched,
        };
        Line::start(parts, options(&self.config, node.name.clone())).await.map_err(StartError::Line)
    }

    /// Starts the sweep of accounts; it ends with a last round when the process is asked to stop.
    pub fn sweep_accounts(&self) -> JoinHandle<()> {
        let (access, onboarding) = (self.access.clone(), self.onboarding.clone());
        tokio::spawn(accounts::run(access, onboarding, self.stopping.clone()))
    }

    /// Keeps the keys that are not in the configuration as the operator sets them.
    fn watch_keys(&self, kept: Vec<(String, Key)>) {
        if kept.is_empty() {
            return;
        }
        let every = Duration::from_millis(self.config.providers.keys_ms);
        tokio::spawn(keys::run(self.offer_keys(), kept, (every, self.stopping.clone())));
    }

    /// Every offer of the configuration, and the keys of those whose keys are kept in the database;
    /// the embedded model's threads start here.
    async fn offers(&self, node: &Node) -> Result<(Offers, Vec<(String, Key)>), StartError> {
        let config = &self.config.providers;
        let (mut offers, mut kept) = (Vec::new(), Vec::new());
        if config.embedded {
            let threads = match self.config.line.render_threads {
                0 => default_threads(),
                set => set,
            };
            offers.push(Offer {
                provider: Provider::Animatic(self.start_animatic(threads, node)?),
                model: EMBEDDED_MODEL,
                cap: config.embedded_cap,
                // Enough to keep every thread busy while finished videos are stored and settled.
                slots: threads * 2 + 2,
                order: config.embedded_order,
                cost_per_s: None,
            });
        }
        let mut keys = self.offer_keys().all().await.map_err(StartError::OfferKeys)?;
        for offer in &config.offers {
            let key = Key::new(offer.key.clone().or_else(|| keys.remove(&offer.name)));
            if offer.key.is_none() {
                kept.push((offer.name.clone(), key.clone()));
            }
            offers.push(self.offer(offer, key)?);
        }
        Ok((Offers::new(offers), kept))
    }

    fn offer(&self, offer: &config::Offer, key: Key) -> Result<Offer, StartError> {
        if models::find(&offer.model).is_none() {
            return Err(StartError::Model(offer.name.clone(), offer.model.clone()));
        }
        let reach = if offer.private { Reach::Private } else { Reach::Public };
        let egress = Egress::new(reach).map_err(StartError::Egress)?;
        let currency = intern(&offer.currency);
        let cost_per_s = offer.cost_minor_per_s.map(|minor| Cost { minor, currency });
        let remote = Remote {
            promises: self.promises(offer),
            base_url: offer.base_url.clone(),
            key,
            model: offer.provider_model.clone(),
            cost_per_s,
            submit_timeout: Duration::from_secs(offer.submit_timeout_s),
        };
        let provider = match offer.adapter {
            config::Adapter::OpenaiVideos => {
                Provider::OpenAiVideos(openai_videos::OpenAiVideos::new(remote, egress))
            }
            config::Adapter::Replicate => {
                let options = replicate::Options { remote, inputs: offer.inputs.clone() };
                Provider::Replicate(replicate::Replicate::new(options, egress))
            }
        };
        let (cap, slots) = (offer.cap, usize::try_from(offer.cap).unwrap_or(1));
        let model = intern(&offer.model);
        Ok(Offer { provider, model, cap, slots, order: offer.order, cost_per_s })
    }

    fn promises(&self, offer: &config::Offer) -> Promises {
        let lease = Duration::from_secs(self.config.line.lease_s.unsigned_abs());
        let least = lease + Duration::from_secs(offer.submit_timeout_s);
        let absence = Duration::from_secs(offer.absence_proves_after_s);
        Promises {
            name: intern(&offer.name),
            idempotent_submit: offer.idempotent_submit,
            find_by_reference: offer.find_by_reference,
            cancel: match offer.cancel {
                config::Cancel::None => Cancel::None,
                config::Cancel::Queued => Cancel::Queued,
                config::Cancel::Running => Cancel::Running,
            },
            cancel_refunds: offer.cancel_refunds,
            deadline_s: offer.deadline_s,
            poll_every: Duration::from_millis(offer.poll_ms),
            result_lifetime: Duration::from_secs(offer.result_lifetime_s),
            // A holder that was silent for its whole lease hands nothing over any more; a call it
            // made before has ended by its timeout.
            absence_proves_after: absence.max(least),
        }
    }

    /// What looks at results; with the mark where somebody else makes videos.
    fn prober(&self) -> Result<Prober, StartError> {
        let tools = &self.config.tools;
        let mark = match self.config.providers.offers.as_slice() {
            [] => None,
            _ => {
                let at_once = default_threads();
                Some(Mark::new(&self.config.media.mark, &self.fonts()?, at_once))
            }
        };
        Ok(Prober { ffprobe: tools.ffprobe.clone(), ffmpeg: tools.ffmpeg.clone(), mark })
    }

    fn fonts(&self) -> Result<animatic::Fonts, StartError> {
        let fonts = if self.config.tools.fonts.is_empty() {
            animatic::Fonts::system()
        } else {
            animatic::Fonts::load(&self.config.tools.fonts)
        };
        fonts.map_err(StartError::Fonts)
    }

    fn start_animatic(&self, threads: usize, node: &Node) -> Result<Animatic, StartError> {
        let fonts = self.fonts()?;
        let tools = animatic::Tools { ffmpeg: self.config.tools.ffmpeg.clone() };
        let work_dir = self.config.server.data.join(&node.work);
        let pool = Pool { work_dir, threads, niceness: RENDER_NICENESS };
        Animatic::start(pool, fonts, tools).map_err(StartError::Render)
    }
}

/// The model the embedded provider makes.
const EMBEDDED_MODEL: &str = "animatic-1";

/// A folder for files on their way in; what an earlier process left there is gone.
fn clear(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::create_dir_all(folder)
}
