//! Ways to files, asked for together for all cells that come into sight at about the same time, and
//! not for those that have left it meanwhile.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::files::{
    AssetLink, CreateAssetLinks, CreateAssetLinksInput, CreateAssetLinksVariables,
};
use crate::board::Board;
use crate::page::browser::clock::{at_ms, now_ms};
use crate::page::state::App;

/// How long wishes are gathered.
const GATHER: Duration = Duration::from_millis(25);
/// Most links asked for at once.
const MOST: usize = 50;
/// Most links that are kept; the oldest half goes when there are more.
const KEPT: usize = 800;
/// A link that ends sooner than this is not handed out.
const SPARE_MS: f64 = 60_000.0;

/// Links of one batch; cheap to copy.
#[derive(Clone, Copy)]
pub struct Links {
    app: App,
    batch: StoredValue<String>,
    board: RwSignal<Board>,
    known: RwSignal<Known>,
    wanted: StoredValue<BTreeSet<usize>>,
}

/// Links by ordinal, each with its number in the order they came.
#[derive(Default)]
struct Known {
    links: HashMap<usize, (usize, AssetLink)>,
    number: usize,
}

impl Known {
    fn add(&mut self, ordinal: usize, link: AssetLink) {
        self.number += 1;
        self.links.insert(ordinal, (self.number, link));
        if self.links.len() > KEPT {
            let oldest = self.number.saturating_sub(KEPT / 2);
            self.links.retain(|_, (number, _)| *number > oldest);
        }
    }

    fn of(&self, ordinal: usize) -> Option<&AssetLink> {
        let (_, link) = self.links.get(&ordinal)?;
        (at_ms(&link.expires_at.0) - now_ms() > SPARE_MS).then_some(link)
    }
}

impl Links {
    /// None yet.
    pub fn new(app: App, batch: String, board: RwSignal<Board>) -> Self {
        Self {
            app,
            batch: StoredValue::new(batch),
            board,
            known: RwSignal::default(),
            wanted: StoredValue::default(),
        }
    }

    /// The link of a video, if it still holds.
    pub fn of(self, ordinal: usize) -> Option<AssetLink> {
        self.known.with(|known| known.of(ordinal).cloned())
    }

    /// Asks for the link of a video, unless there is one.
    pub fn want(self, ordinal: usize) {
        let has = self.known.try_with_untracked(|known| known.of(ordinal).is_some());
        if has != Some(false) {
            return;
        }
        let first = self.wanted.try_update_value(|wanted| {
            let first = wanted.is_empty();
            wanted.insert(ordinal);
            first
        });
        if first == Some(true) {
            set_timeout(move || self.gather(), GATHER);
        }
    }

    /// Nobody looks at a video any more.
    pub fn leave(self, ordinal: usize) {
        // An empty set would start a second timer.
        self.wanted.try_update_value(|wanted| wanted.len() > 1 && wanted.remove(&ordinal));
    }

    fn gather(self) {
        let wanted = self.wanted.try_update_value(std::mem::take).unwrap_or_default();
        let named = self.board.try_with_untracked(|board| {
            let named = wanted.into_iter().filter_map(|at| Some((at, board.get(at)?.id.clone())));
            named.collect::<Vec<_>>()
        });
        for some in named.unwrap_or_default().chunks(MOST) {
            let some = some.to_vec();
            spawn_local(async move { self.fetch(some).await });
        }
    }

    async fn fetch(self, some: Vec<(usize, Box<str>)>) {
        let Some(batch) = self.batch.try_get_value() else { return };
        let input = CreateAssetLinksInput {
            workspace_id: self.app.workspace(),
            batch_id: batch.as_str().into(),
            video_ids: some.iter().map(|(_, id)| id.to_string().into()).collect(),
        };
        let asked = CreateAssetLinks::build(CreateAssetLinksVariables { input });
        let links = self.app.read::<_, _, Vec<AssetLink>>(asked, &["createAssetLinks", "links"]);
        // A picture that cannot be had now is asked for again when its cell is seen again.
        let Ok(links) = links.await else { return };
        self.known.try_update(|known| {
            for link in links {
                let own = some.iter().find(|(_, id)| **id == *link.video_id.inner());
                if let Some((ordinal, _)) = own {
                    known.add(*ordinal, link);
                }
            }
        });
    }
}
