//! Ways to files, asked for together for all cells that come into sight at about the same time.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::files::{
    AssetLink, CreateAssetLinks, CreateAssetLinksInput, CreateAssetLinksVariables,
};
use crate::page::browser::clock::{at_ms, now_ms};
use crate::page::state::App;

/// How long wishes are gathered.
const GATHER: Duration = Duration::from_millis(60);
/// Most links asked for at once.
const MOST: usize = 50;
/// A link that ends sooner than this is not handed out.
const SPARE_MS: f64 = 60_000.0;

/// Links of one batch; cheap to copy.
#[derive(Clone, Copy)]
pub struct Links {
    app: App,
    batch: StoredValue<String>,
    known: RwSignal<HashMap<String, AssetLink>>,
    wanted: StoredValue<HashSet<String>>,
}

impl Links {
    /// None yet.
    pub fn new(app: App, batch: String) -> Self {
        Self {
            app,
            batch: StoredValue::new(batch),
            known: RwSignal::default(),
            wanted: StoredValue::default(),
        }
    }

    /// The link of a video, if it still holds.
    pub fn of(self, video: &str) -> Option<AssetLink> {
        self.known.with(|known| known.get(video).filter(|link| holds(link)).cloned())
    }

    /// Asks for the link of a video, unless there is one.
    pub fn want(self, video: &str) {
        let has = self.known.try_with_untracked(|known| known.get(video).is_some_and(holds));
        if has != Some(false) {
            return;
        }
        let first = self.wanted.try_update_value(|wanted| {
            let first = wanted.is_empty();
            wanted.insert(video.to_owned());
            first
        });
        if first == Some(true) {
            set_timeout(move || self.gather(), GATHER);
        }
    }

    fn gather(self) {
        let wanted = self.wanted.try_update_value(std::mem::take).unwrap_or_default();
        let wanted: Vec<_> = wanted.into_iter().collect();
        for some in wanted.chunks(MOST) {
            let video_ids = some.iter().map(|id| id.as_str().into()).collect();
            spawn_local(async move { self.fetch(video_ids).await });
        }
    }

    async fn fetch(self, video_ids: Vec<cynic::Id>) {
        let Some(batch) = self.batch.try_get_value() else { return };
        let input = CreateAssetLinksInput {
            workspace_id: self.app.workspace(),
            batch_id: batch.as_str().into(),
            video_ids,
        };
        let answer =
            self.app.ask(CreateAssetLinks::build(CreateAssetLinksVariables { input })).await;
        // A picture that cannot be had now is asked for again when its cell is seen again.
        let Ok(answer) = answer else { return };
        self.known.try_update(|known| {
            for link in answer.create_asset_links.links {
                known.insert(link.video_id.inner().to_owned(), link);
            }
        });
    }
}

fn holds(link: &AssetLink) -> bool {
    at_ms(&link.expires_at.0) - now_ms() > SPARE_MS
}
