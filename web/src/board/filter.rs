//! Which videos are shown, and in which order.

use super::{Board, Tile};
use crate::api::videos::{Mark, VideoState};

/// States as people sort them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// In the store.
    Delivered,
    /// Not ended yet.
    Open,
    /// Ended without a file.
    Failed,
    /// Ended by request.
    Cancelled,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Delivered, Self::Open, Self::Failed, Self::Cancelled];

    /// The kind of a state.
    #[must_use]
    pub const fn of(state: VideoState) -> Self {
        match state {
            VideoState::Delivered => Self::Delivered,
            VideoState::Failed => Self::Failed,
            VideoState::Cancelled => Self::Cancelled,
            VideoState::Queued
            | VideoState::Submitting
            | VideoState::Rendering
            | VideoState::Storing
            | VideoState::OutcomeUnknown => Self::Open,
        }
    }
}

/// Marks as people look for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Marked {
    /// Kept.
    Keep,
    /// Nobody said anything.
    Not,
    /// Rejected.
    Reject,
}

impl Marked {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Reject, Self::Not];

    /// The kind of a mark.
    #[must_use]
    pub const fn of(mark: Option<Mark>) -> Self {
        match mark {
            Some(Mark::Keep) => Self::Keep,
            Some(Mark::Reject) => Self::Reject,
            None => Self::Not,
        }
    }
}

/// What comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The order of the selection.
    #[default]
    Order,
    /// Delivered first.
    State,
    /// Kept first.
    Mark,
    /// By the values of a variable, in the order of the selection.
    Value(String),
}

/// What somebody wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one kind.
    pub kind: Option<Kind>,
    /// Marked so.
    pub mark: Option<Marked>,
    /// With these values.
    pub values: Vec<(String, String)>,
    /// In this order.
    pub sort: Sort,
}

impl Filter {
    /// Fixes a variable to a value, or frees it.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        self.values.retain(|(known, _)| known != name);
        if let Some(value) = value {
            self.values.push((name.to_owned(), value));
        }
    }

    /// The ordinals that are shown, in order.
    #[must_use]
    pub fn of(&self, board: &Board) -> Vec<usize> {
        let mut wanted = Vec::new();
        for (name, value) in &self.values {
            let column = board.column_of(name);
            let value = column.and_then(|column| board.value_of(column, value));
            // A value that no video has.
            let (Some(column), Some(value)) = (column, value) else { return Vec::new() };
            wanted.push((column, value));
        }
        let meets = |(_, tile): &(usize, &Tile)| {
            self.kind.is_none_or(|kind| kind == Kind::of(tile.state))
                && self.mark.is_none_or(|mark| mark == Marked::of(tile.mark))
                && wanted.iter().all(|(column, value)| tile.value(*column) == *value)
        };
        let mut ordinals: Vec<usize> = board.tiles().filter(meets).map(|(at, _)| at).collect();
        self.arrange(board, &mut ordinals);
        ordinals
    }

    /// Videos that are alike stay in the order of the selection.
    fn arrange(&self, board: &Board, ordinals: &mut [usize]) {
        let column = match &self.sort {
            Sort::Order => return,
            Sort::Value(name) => board.column_of(name),
            Sort::State | Sort::Mark => None,
        };
        let texts = column.and_then(|column| board.columns.get(column));
        let key = |at: &usize| {
            let Some(tile) = board.get(*at) else { return usize::MAX };
            match (&self.sort, column) {
                (Sort::State, _) => Kind::of(tile.state) as usize,
                (Sort::Mark, _) => Marked::of(tile.mark) as usize,
                (_, Some(column)) => {
                    let text = texts.and_then(|known| known.texts.get(tile.value(column) as usize));
                    text.map_or(usize::MAX, |(_, first)| *first)
                }
                (_, None) => 0,
            }
        };
        ordinals.sort_by_key(key);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{board, change};
    use super::*;

    fn three() -> Board {
        let videos = [("b", "x", "s"), ("a", "x", "s"), ("b", "y", "s")];
        let mut board = board(&videos, VideoState::Delivered);
        board.change(&[change(1, 2, VideoState::Rendering)]);
        board
    }

    #[test]
    fn kind_mark_and_values_must_all_be_met() {
        let mut board = three();
        let mut filter = Filter::default();
        assert_eq!(filter.of(&board), [0, 1, 2]);
        filter.set("style", Some("b".into()));
        assert_eq!(filter.of(&board), [0, 2]);
        board.mark([2], Some(Mark::Keep));
        filter.mark = Some(Marked::Not);
        assert_eq!(filter.of(&board), [0]);
        filter.mark = Some(Marked::Keep);
        assert_eq!(filter.of(&board), [2]);
        filter = Filter { kind: Some(Kind::Delivered), ..Filter::default() };
        assert_eq!(filter.of(&board), [0, 2]);
        filter.set("style", Some("nowhere".into()));
        assert_eq!(filter.of(&board), [] as [usize; 0]);
    }

    #[test]
    fn what_is_alike_stays_in_order() {
        let mut board = three();
        let sorted = |board: &Board, sort| Filter { sort, ..Filter::default() }.of(board);
        assert_eq!(sorted(&board, Sort::State), [0, 2, 1]);
        board.mark([2], Some(Mark::Keep));
        board.mark([0], Some(Mark::Reject));
        assert_eq!(sorted(&board, Sort::Mark), [2, 1, 0]);
        // `b` came first in the selection.
        assert_eq!(sorted(&board, Sort::Value("style".into())), [0, 2, 1]);
        assert_eq!(sorted(&board, Sort::Value("gone".into())), [0, 1, 2]);
    }
}
