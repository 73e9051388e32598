//! A watched batch: pages of videos first, then events from the revision those were read at.

use std::collections::BTreeMap;
use std::rc::Rc;

use cynic::{QueryBuilder as _, SubscriptionBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::feed::{Feed, Purpose};
use super::hands;
use super::links::Links;
use crate::api::batches::{
    BLOCKS, Batch, BatchOf, Follow, FollowVariables, OneBatch, OneBatchVariables,
};
use crate::api::refusal::Refusal;
use crate::api::scalars::{Aspect, Long};
use crate::api::videos::VideoBlock;
use crate::board::{Axis, Board, Filter, Matrix, Picked, Shape, matrix};
use crate::live::line::Phase;
use crate::live::wire;
use crate::page::state::{App, app};

/// How the videos are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One after another.
    Gallery,
    /// By two variables.
    Matrix,
}

/// Variables of the columns and of the rows, by their place among those that vary.
pub type Axes = (Option<usize>, Option<usize>);

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
    /// Shape of its pictures.
    pub shape: Memo<Shape>,
    /// How it is laid out.
    pub layout: RwSignal<Layout>,
    /// What is shown of it in the gallery.
    pub filter: RwSignal<Filter>,
    /// Columns and rows of the matrix.
    pub axes: Memo<Axes>,
    chosen: RwSignal<Option<Axes>>,
    /// Values of the other variables that the matrix is of.
    pub fixed: RwSignal<BTreeMap<String, String>>,
    /// The matrix.
    pub matrix: Memo<Matrix>,
    /// The videos as they are shown, one after another.
    pub order: Memo<Vec<usize>>,
    /// Ways to its files.
    pub links: Links,
    /// The video that is looked at.
    pub open: RwSignal<Option<usize>>,
    /// The video that plays in its cell.
    pub playing: RwSignal<Option<usize>>,
    /// The video whose cell had the focus last: it is kept.
    pub held: RwSignal<Option<usize>>,
    /// Videos that something is to be done with.
    pub picked: RwSignal<Picked>,
    /// The comparison is open.
    pub comparing: RwSignal<bool>,
    /// The dialog of links is open.
    pub sharing: RwSignal<bool>,
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
        let (board, batch) = (RwSignal::<Board>::default(), RwSignal::new(None::<Batch>));
        let (layout, filter) = (RwSignal::new(Layout::Gallery), RwSignal::<Filter>::default());
        let (chosen, fixed) = (RwSignal::new(None::<Axes>), RwSignal::default());
        let varied = Memo::new(move |_| board.with(Board::axes));
        let shape = Memo::new(move |_| {
            batch.with(|batch| match batch.as_ref().map(|batch| batch.aspect) {
                Some(Aspect::Tall) => Shape::Tall,
                Some(Aspect::Square) => Shape::Square,
                _ => Shape::Flat,
            })
        });
        let axes =
            Memo::new(move |_| chosen.get().unwrap_or_else(|| varied.with(|all| first(all))));
        let matrix = Memo::new(move |_| {
            let (across, down) = axes.get();
            varied.with(|all| {
                let axis = |at: Option<usize>| at.and_then(|at| all.get(at));
                board.with(|board| matrix(board, axis(across), axis(down), &fixed.get()))
            })
        });
        let order = Memo::new(move |_| match layout.get() {
            Layout::Gallery => board.with(|board| filter.get().of(board)),
            Layout::Matrix => matrix.with(Matrix::order),
        });
        Self {
            app,
            varied,
            shape,
            layout,
            filter,
            axes,
            chosen,
            fixed,
            matrix,
            order,
            links: Links::new(app, id.clone(), board),
            id: StoredValue::new(id),
            batch,
            board,
            phase: RwSignal::new(Phase::Connecting),
            refused: RwSignal::new(None),
            open: RwSignal::new(None),
            playing: RwSignal::new(None),
            held: RwSignal::new(None),
            picked: RwSignal::default(),
            comparing: RwSignal::new(false),
            sharing: RwSignal::new(false),
            feed: StoredValue::new_local(None),
        }
    }

    /// Its id, as requests have it.
    pub fn batch_id(self) -> cynic::Id {
        self.id.get_value().into()
    }

    /// Ids of videos.
    pub fn ids(self, some: &[usize]) -> Vec<cynic::Id> {
        self.board.with_untracked(|board| {
            let known = some.iter().filter_map(|at| board.get(*at));
            known.map(|tile| tile.id.to_string().into()).collect()
        })
    }

    /// Lays the matrix out otherwise.
    pub fn lay(self, axes: Axes) {
        self.chosen.set(Some(axes));
    }

    /// What the columns and the rows of the matrix are called; one without a name where there is no
    /// variable.
    pub fn names(self) -> (Vec<String>, Vec<String>) {
        let (across, down) = self.axes.get_untracked();
        self.varied.with_untracked(|all| {
            let names = |at: Option<usize>| {
                let axis = at.and_then(|at| all.get(at));
                axis.map_or_else(|| vec![String::new()], |axis| axis.values.clone())
            };
            (names(across), names(down))
        })
    }

    /// Somebody points at a video: it plays.
    pub fn point(self, event: &web_sys::Event) {
        let at = hands::ordinal(event);
        if self.playing.get_untracked() != at {
            self.playing.set(at);
        }
    }

    /// A video has the focus: it plays, and its cell stays however far one scrolls.
    pub fn hold(self, event: &web_sys::Event) {
        self.point(event);
        self.held.set(hands::ordinal(event));
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

    /// Reads everything once: the batch and all of its videos.
    async fn read(self) -> Result<(), Refusal> {
        let (Some(id), mut after) = (self.id.try_get_value(), None) else { return Ok(()) };
        let mut reached = None;
        loop {
            let variables = OneBatchVariables {
                workspace: self.app.workspace(),
                batch: id.as_str().into(),
                after,
            };
            let asked = OneBatch::build(variables);
            let answer: BatchOf = self.app.read(asked, &["workspace"]).await?;
            // Videos read later can only be newer than the first answer's revision, never older.
            let rev = *reached.get_or_insert(answer.batch.rev.0);
            let blocks = answer.page.video_blocks;
            let last = blocks.last().and_then(|block| block.ordinals.last().copied());
            self.take(answer.batch, &blocks);
            after = last;
            if after.is_none() || blocks.len() < BLOCKS {
                self.board.try_maybe_update(|board| {
                    board.reached(rev);
                    (false, ())
                });
                return Ok(());
            }
        }
    }

    /// Takes in what was read.
    fn take(self, batch: Batch, blocks: &[VideoBlock]) {
        let total = usize::try_from(batch.counts.total).unwrap_or_default();
        self.take_batch(batch);
        self.board.try_maybe_update(|board| {
            if board.is_empty() {
                *board = Board::new(total);
            }
            let changed = blocks.iter().fold(false, |changed, block| board.take(block) | changed);
            (changed, ())
        });
    }

    fn take_batch(self, batch: Batch) {
        let newer = |known: &Option<Batch>| {
            known.as_ref().is_none_or(|known| known.rev <= batch.rev && *known != batch)
        };
        if self.batch.try_with_untracked(newer) == Some(true) {
            self.batch.try_set(Some(batch));
            self.app.count_credits();
        }
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
        // Too much has changed to be listed: the blocks say it.
        let unlisted = progress.snapshot && progress.videos.is_empty();
        self.take_batch(progress.batch);
        let unknown = self.board.try_maybe_update(|board| {
            let (changed, unknown) = board.change(&progress.videos);
            if !unlisted && !unknown {
                board.reached(progress.rev.0);
            }
            (changed, unknown)
        });
        if unlisted || unknown == Some(true) {
            spawn_local(async move {
                let _ = self.read().await;
            });
        }
        settled
    }
}

/// The longer of the first two variables goes down.
fn first(axes: &[Axis]) -> Axes {
    match axes {
        [a, b, ..] if a.values.len() >= b.values.len() => (Some(1), Some(0)),
        [_, _, ..] => (Some(0), Some(1)),
        [_] => (Some(0), None),
        [] => (None, None),
    }
}
