//! A watched batch: pages of videos first, then events from the revision those were read at.

use std::rc::Rc;

use cynic::{QueryBuilder as _, SubscriptionBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::feed::{Feed, Purpose};
use super::links::Links;
use crate::api::batches::{Batch, Follow, FollowVariables, OneBatch, OneBatchVariables};
use crate::api::refusal::Refusal;
use crate::api::scalars::Long;
use crate::api::videos::Video;
use crate::board::{Axis, Board, Filter, axes};
use crate::live::line::Phase;
use crate::live::wire;
use crate::page::state::{App, app};

/// A watched batch; cheap to copy.
#[derive(Clone, Copy)]
pub struct Watch {
    /// Shared by every page.
    pub app: App,
    /// Which.
    pub id: StoredValue<String>,
    /// All but its videos.
    pub batch: RwSignal<Option<Batch>>,
    /// Its videos.
    pub board: RwSignal<Board>,
    /// How the connection stands.
    pub phase: RwSignal<Phase>,
    /// Why it cannot be shown.
    pub refused: RwSignal<Option<Refusal>>,
    /// The variables that differ within it.
    pub varied: Memo<Vec<Axis>>,
    /// What is shown of it.
    pub filter: RwSignal<Filter>,
    /// Ways to its files.
    pub links: Links,
    /// The video that is looked at.
    pub open: RwSignal<Option<usize>>,
    /// Videos picked for comparison.
    pub picked: RwSignal<Vec<usize>>,
    /// The comparison is open.
    pub comparing: RwSignal<bool>,
    feed: StoredValue<Option<Rc<Feed>>, LocalStorage>,
}

/// The batch that is watched here.
pub fn watch() -> Watch {
    use_context::<Watch>().unwrap_or_else(|| Watch::new(String::new()))
}

impl Watch {
    /// Nothing is known yet.
    pub fn new(id: String) -> Self {
        let app = app();
        let board = RwSignal::<Board>::default();
        Self {
            app,
            varied: Memo::new(move |_| board.with(axes)),
            links: Links::new(app, id.clone()),
            id: StoredValue::new(id),
            batch: RwSignal::new(None),
            board,
            phase: RwSignal::new(Phase::Connecting),
            refused: RwSignal::new(None),
            filter: RwSignal::default(),
            open: RwSignal::new(None),
            picked: RwSignal::default(),
            comparing: RwSignal::new(false),
            feed: StoredValue::new_local(None),
        }
    }

    /// Reads the batch, then follows it until the page is left.
    pub fn begin(self) {
        on_cleanup(move || self.hang_up());
        spawn_local(async move {
            match self.read().await {
                Ok(()) => self.follow(),
                Err(refusal) => {
                    self.refused.try_set(Some(refusal));
                }
            }
        });
    }

    /// Reads everything once: the batch and all pages of its videos.
    async fn read(self) -> Result<(), Refusal> {
        let (Some(id), mut after) = (self.id.try_get_value(), None) else { return Ok(()) };
        let mut reached = None;
        loop {
            let variables = OneBatchVariables {
                workspace: self.app.workspace(),
                batch: id.as_str().into(),
                after: after.take(),
            };
            let answer = self.app.ask(OneBatch::build(variables)).await?.workspace;
            // Videos read later can only be newer than the first page's revision, never older.
            let rev = *reached.get_or_insert(answer.batch.rev.0);
            let more = answer.page.videos.page_info;
            self.take(Some(answer.batch), answer.page.videos.nodes, None);
            if !more.has_next_page {
                self.board.try_update(|board| board.reached(rev));
                return Ok(());
            }
            after = more.end_cursor;
        }
    }

    /// Takes in what came, in whatever order.
    fn take(self, batch: Option<Batch>, videos: Vec<Video>, rev: Option<i64>) {
        if let Some(batch) = batch {
            let total = usize::try_from(batch.counts.total).unwrap_or_default();
            self.board.try_maybe_update(|board| {
                let fresh = board.is_empty() && total > 0;
                if fresh {
                    *board = Board::new(total);
                }
                (fresh, ())
            });
            let newer = |known: &Option<Batch>| {
                known.as_ref().is_none_or(|known| known.rev <= batch.rev && *known != batch)
            };
            if self.batch.try_with_untracked(newer) == Some(true) {
                self.batch.try_set(Some(batch));
                self.app.count_credits();
            }
        }
        self.board.try_maybe_update(|board| {
            let changed = !board.take(videos).is_empty();
            if let Some(rev) = rev {
                board.reached(rev);
            }
            (changed, ())
        });
    }

    /// What a request said the batch is now.
    pub fn settle_on(self, batch: Batch) {
        let over = self.phase.get_untracked() == Phase::Ended && batch.settled_at.is_none();
        self.batch.set(Some(batch));
        self.app.count_credits();
        if over {
            self.hang_up();
            self.follow();
        }
    }

    fn follow(self) {
        let settled = self.batch.try_with_untracked(|batch| {
            batch.as_ref().is_some_and(|batch| batch.settled_at.is_some())
        });
        match settled {
            None => return,
            Some(true) => {
                self.phase.try_set(Phase::Ended);
                return;
            }
            Some(false) => {}
        }
        let purpose = Purpose {
            subscribe: Box::new(move || self.subscription()),
            event: Box::new(move |event| self.event(event)),
            ask: Box::new(move || {
                spawn_local(async move {
                    // What cannot be read now is asked for again in some seconds.
                    let _ = self.read().await;
                });
            }),
            phase: Box::new(move |phase| {
                if self.phase.try_get_untracked() != Some(phase) {
                    self.phase.try_set(phase);
                }
            }),
        };
        self.phase.try_set(Phase::Connecting);
        self.feed.try_update_value(|feed| *feed = Some(Feed::start(purpose)));
    }

    fn hang_up(self) {
        let feed = self.feed.try_update_value(Option::take).flatten();
        if let Some(feed) = feed {
            feed.stop();
        }
    }

    fn subscription(self) -> String {
        let rev = self.board.try_with_untracked(Board::rev).unwrap_or_default();
        wire::subscribe(&Follow::build(FollowVariables {
            workspace: self.app.workspace(),
            batch: self.id.try_get_value().unwrap_or_default().as_str().into(),
            after_rev: Some(Long(rev)),
        }))
    }

    fn event(self, event: Follow) -> bool {
        let progress = event.batch_progress;
        let settled = progress.batch.settled_at.is_some();
        // Too much has changed to be listed: the pages say it.
        let unlisted = progress.snapshot && progress.videos.is_empty();
        let rev = (!unlisted).then_some(progress.rev.0);
        self.take(Some(progress.batch), progress.videos, rev);
        if unlisted {
            spawn_local(async move {
                let _ = self.read().await;
            });
        }
        settled
    }
}
