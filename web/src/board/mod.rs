//! The videos of a batch as the page knows them.
//!
//! Invariants: a video is never replaced by an older one; after any order of blocks, events and
//! repeats the board holds the newest of each. That, and asking again from [`Board::rev`], is why
//! a lost socket loses nothing. A tile is small and each value's text is kept once: ten thousand
//! videos are a megabyte. Deliberately absent: prompts and errors, which are asked for one by one.

mod filter;
mod matrix;
mod pick;
mod standing;
mod window;

use std::collections::HashMap;

pub use filter::{Filter, Kind, Marked, Sort};
pub use matrix::{Axis, Matrix, matrix};
pub use pick::Picked;
pub use standing::{Standing, eta_s};
pub use window::{Flow, Pane, Shape, Step, span};

use crate::api::videos::{Change, Mark, VideoBlock, VideoState};

/// Stands where a video has no value of a variable.
const NONE: u32 = u32::MAX;

/// Videos by ordinal, at a revision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    rev: i64,
    tiles: Vec<Option<Tile>>,
    columns: Vec<Column>,
}

/// What is known of one video.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// `vid_…`.
    pub id: Box<str>,
    /// Where it stands.
    pub state: VideoState,
    /// The newest mark.
    pub mark: Option<Mark>,
    rev: i64,
    /// For each column, which of its values.
    values: Box<[u32]>,
}

/// A variable with every value it has in the batch.
#[derive(Clone, Debug, Default, PartialEq)]
struct Column {
    name: String,
    /// Each with the first video that has it.
    texts: Vec<(String, usize)>,
    places: HashMap<String, u32>,
}

impl Column {
    fn place(&mut self, text: &str, ordinal: usize) -> u32 {
        if let Some(place) = self.places.get(text) {
            if let Some((_, first)) = self.texts.get_mut(*place as usize) {
                *first = ordinal.min(*first);
            }
            return *place;
        }
        let place = u32::try_from(self.texts.len()).unwrap_or(NONE);
        self.texts.push((text.to_owned(), ordinal));
        self.places.insert(text.to_owned(), place);
        place
    }
}

impl Board {
    /// An empty board for so many videos.
    #[must_use]
    pub fn new(total: usize) -> Self {
        Self { tiles: vec![None; total], ..Self::default() }
    }

    /// The revision that is wholly known: resume from here.
    #[must_use]
    pub const fn rev(&self) -> i64 {
        self.rev
    }

    /// Everything up to `rev` is known from here on.
    pub fn reached(&mut self, rev: i64) {
        self.rev = self.rev.max(rev);
    }

    /// Takes a block in; says whether anything is new.
    pub fn take(&mut self, block: &VideoBlock) -> bool {
        let columns: Vec<usize> = block.names.iter().map(|name| self.column(name)).collect();
        let width = columns.len();
        let mut changed = false;
        for (row, ordinal) in block.ordinals.iter().enumerate() {
            let Ok(at) = usize::try_from(*ordinal) else { continue };
            let (Some(id), Some(state), Some(rev)) =
                (block.ids.get(row), block.states.get(row), block.revs.get(row))
            else {
                continue;
            };
            let mark = block.marks.get(row).copied().flatten();
            if at >= self.tiles.len() {
                self.tiles.resize(at + 1, None);
            }
            if self.tiles.get(at).is_some_and(Option::is_some) {
                changed |= self.patch(at, *state, rev.0) | self.mark([at], mark);
                continue;
            }
            let own = block.values.get(row * width..(row + 1) * width).unwrap_or_default();
            let values = self.bind(at, (&columns, own), &block.texts);
            let tile = Tile { id: id.inner().into(), state: *state, mark, rev: rev.0, values };
            if let Some(place) = self.tiles.get_mut(at) {
                *place = Some(tile);
                changed = true;
            }
        }
        changed
    }

    fn column(&mut self, name: &str) -> usize {
        if let Some(known) = self.columns.iter().position(|column| column.name == name) {
            return known;
        }
        self.columns.push(Column { name: name.to_owned(), ..Column::default() });
        self.columns.len() - 1
    }

    fn bind(
        &mut self,
        at: usize,
        (columns, own): (&[usize], &[i32]),
        texts: &[String],
    ) -> Box<[u32]> {
        let mut values = vec![NONE; self.columns.len()];
        for (column, place) in columns.iter().zip(own) {
            let text = usize::try_from(*place).ok().and_then(|place| texts.get(place));
            let (Some(text), Some(known)) = (text, self.columns.get_mut(*column)) else { continue };
            if let Some(value) = values.get_mut(*column) {
                *value = known.place(text, at);
            }
        }
        values.into()
    }

    /// Takes changes in; says whether anything is new, and whether one is of a video that is not
    /// known.
    pub fn change(&mut self, changes: &[Change]) -> (bool, bool) {
        let (mut changed, mut unknown) = (false, false);
        for change in changes {
            let at = usize::try_from(change.ordinal).unwrap_or(usize::MAX);
            if self.get(at).is_none() {
                unknown = true;
            } else {
                changed |= self.patch(at, change.state, change.rev.0);
            }
        }
        (changed, unknown)
    }

    fn patch(&mut self, at: usize, state: VideoState, rev: i64) -> bool {
        let Some(Some(tile)) = self.tiles.get_mut(at) else { return false };
        let newer = tile.rev < rev;
        if newer {
            (tile.state, tile.rev) = (state, rev);
        }
        newer
    }

    /// Marks videos, or takes their marks away.
    pub fn mark(&mut self, some: impl IntoIterator<Item = usize>, mark: Option<Mark>) -> bool {
        let mut changed = false;
        for at in some {
            if let Some(Some(tile)) = self.tiles.get_mut(at) {
                changed |= tile.mark != mark;
                tile.mark = mark;
            }
        }
        changed
    }

    /// The video at a place.
    #[must_use]
    pub fn get(&self, ordinal: usize) -> Option<&Tile> {
        self.tiles.get(ordinal)?.as_ref()
    }

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    /// Whether there is no place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// The videos that are known, in order.
    pub fn tiles(&self) -> impl Iterator<Item = (usize, &Tile)> {
        self.tiles.iter().enumerate().filter_map(|(at, tile)| Some((at, tile.as_ref()?)))
    }

    /// How many have this mark.
    #[must_use]
    pub fn marked(&self, mark: Mark) -> usize {
        self.tiles().filter(|(_, tile)| tile.mark == Some(mark)).count()
    }

    /// The variables that vary, their values in the order of the videos.
    #[must_use]
    pub fn axes(&self) -> Vec<Axis> {
        let varied = self.columns.iter().filter(|column| column.texts.len() > 1);
        let axis = |column: &Column| {
            let mut texts: Vec<_> = column.texts.iter().collect();
            texts.sort_by_key(|(_, first)| *first);
            let values = texts.into_iter().map(|(text, _)| text.clone()).collect();
            Axis { name: column.name.clone(), values }
        };
        varied.map(axis).collect()
    }

    /// What tells a video from the others; everything it was made of where nothing does.
    #[must_use]
    pub fn told_apart(&self, ordinal: usize) -> String {
        let Some(tile) = self.get(ordinal) else { return String::new() };
        let texts = |varied: bool| {
            let own = self.columns.iter().zip(&tile.values);
            let own = own.filter(|(column, _)| !varied || column.texts.len() > 1);
            let texts: Vec<&str> = own.filter_map(|(column, at)| column.text(*at)).collect();
            texts.join(" · ")
        };
        let own = texts(true);
        if own.is_empty() { texts(false) } else { own }
    }
}

impl Column {
    fn text(&self, place: u32) -> Option<&str> {
        self.texts.get(place as usize).map(|(text, _)| text.as_str())
    }
}

impl Board {
    /// Where a variable stands in [`Tile::values`].
    fn column_of(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Which value of a column a text is.
    fn value_of(&self, column: usize, text: &str) -> Option<u32> {
        self.columns.get(column)?.places.get(text).copied()
    }
}

impl Tile {
    fn value(&self, column: usize) -> u32 {
        self.values.get(column).copied().unwrap_or(NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::scalars::Long;

    /// A board of videos with these values of `style`, `scene` and `brand`, all in one state.
    pub(super) fn board(videos: &[(&str, &str, &str)], state: VideoState) -> Board {
        let mut board = Board::new(videos.len());
        board.take(&block(0, videos, state));
        board
    }

    pub(super) fn block(
        from: usize,
        videos: &[(&str, &str, &str)],
        state: VideoState,
    ) -> VideoBlock {
        let mut texts: Vec<String> = Vec::new();
        let mut values = Vec::new();
        for (a, b, c) in videos {
            for text in [a, b, c] {
                let known = texts.iter().position(|known| known == text);
                let at = known.unwrap_or_else(|| {
                    texts.push((*text).to_owned());
                    texts.len() - 1
                });
                values.push(if text.is_empty() { -1 } else { at as i32 });
            }
        }
        let ordinals = from..from + videos.len();
        VideoBlock {
            ids: ordinals.clone().map(|at| format!("vid_{at}").as_str().into()).collect(),
            ordinals: ordinals.map(|at| at as i32).collect(),
            states: vec![state; videos.len()],
            revs: vec![Long(1); videos.len()],
            marks: vec![None; videos.len()],
            names: ["style", "scene", "brand"].map(str::to_owned).to_vec(),
            texts,
            values,
        }
    }

    pub(super) fn change(ordinal: i32, rev: i64, state: VideoState) -> Change {
        Change { ordinal, state, rev: Long(rev) }
    }

    const TWO: &[(&str, &str, &str)] = &[("a", "x", "same"), ("b", "x", "same")];

    #[test]
    fn a_late_block_does_not_undo_an_event() {
        let mut board = board(TWO, VideoState::Queued);
        assert_eq!(board.change(&[change(0, 5, VideoState::Delivered)]), (true, false));
        let mut late = block(0, TWO, VideoState::Queued);
        late.revs = vec![Long(3), Long(3)];
        late.states[1] = VideoState::Rendering;
        assert!(board.take(&late));
        assert_eq!(board.get(0).unwrap().state, VideoState::Delivered);
        assert_eq!(board.get(1).unwrap().state, VideoState::Rendering);
    }

    #[test]
    fn what_comes_twice_changes_nothing() {
        let mut board = board(TWO, VideoState::Queued);
        assert!(!board.take(&block(0, TWO, VideoState::Queued)));
        let event = [change(1, 2, VideoState::Rendering)];
        assert_eq!(board.change(&event), (true, false));
        assert_eq!(board.change(&event), (false, false));
    }

    #[test]
    fn an_event_of_a_video_that_is_not_known_asks_for_the_pages() {
        let mut board = Board::new(2);
        board.take(&block(0, &TWO[..1], VideoState::Queued));
        assert_eq!(board.change(&[change(1, 2, VideoState::Delivered)]), (false, true));
        assert_eq!(board.change(&[change(-1, 2, VideoState::Delivered)]), (false, true));
    }

    #[test]
    fn a_retry_makes_an_ended_video_open_again() {
        let mut board = board(TWO, VideoState::Failed);
        assert_eq!(board.change(&[change(0, 9, VideoState::Queued)]), (true, false));
    }

    #[test]
    fn any_order_of_events_ends_alike() {
        let events = [
            vec![change(0, 2, VideoState::Rendering), change(1, 2, VideoState::Rendering)],
            vec![change(0, 3, VideoState::Delivered)],
            vec![change(1, 4, VideoState::Failed), change(2, 4, VideoState::Delivered)],
        ];
        let orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]];
        let ends: Vec<_> = orders
            .iter()
            .map(|order| {
                let mut board = board(&[("a", "x", "s"); 3], VideoState::Queued);
                for at in order {
                    board.change(&events[*at]);
                    board.change(&events[*at]);
                }
                board
            })
            .collect();
        assert!(ends.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_revision_never_goes_back() {
        let mut board = Board::new(0);
        board.reached(7);
        board.reached(3);
        assert_eq!(board.rev(), 7);
    }

    #[test]
    fn blocks_in_any_order_make_the_same_axes() {
        let (first, second) = (
            block(0, &[("a", "x", "same")], VideoState::Queued),
            block(1, &[("b", "", "same"), ("a", "y", "same")], VideoState::Queued),
        );
        for order in [[&first, &second], [&second, &first]] {
            let mut board = Board::new(3);
            for block in order {
                board.take(block);
            }
            let axes = board.axes();
            let names: Vec<_> = axes.iter().map(|axis| axis.name.as_str()).collect();
            assert_eq!(names, ["style", "scene"], "only what varies is an axis");
            assert_eq!(axes[0].values, ["a", "b"], "in the order of the videos");
            assert_eq!(axes[1].values, ["x", "y"]);
            assert_eq!(board.told_apart(1), "b");
            assert_eq!(board.told_apart(2), "a · y");
        }
    }

    #[test]
    fn videos_of_one_kind_are_told_by_everything() {
        assert_eq!(board(&TWO[..1], VideoState::Queued).told_apart(0), "a · x · same");
        assert_eq!(Board::new(1).told_apart(0), "");
    }

    #[test]
    fn the_newest_mark_is_the_one_that_was_read_last() {
        let mut board = board(TWO, VideoState::Delivered);
        assert!(board.mark([0, 1], Some(Mark::Keep)));
        assert!(!board.mark([0], Some(Mark::Keep)));
        let mut later = block(0, TWO, VideoState::Delivered);
        later.marks = vec![Some(Mark::Reject), None];
        assert!(board.take(&later));
        assert_eq!(board.marked(Mark::Keep), 0);
        assert_eq!(board.marked(Mark::Reject), 1);
    }

    #[test]
    fn ten_thousand_videos_are_small() {
        assert!(size_of::<Option<Tile>>() <= 64, "{}", size_of::<Option<Tile>>());
    }
}
