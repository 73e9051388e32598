//! A batch as a table: one variable across, one down, the others fixed.
//!
//! Axes are read from the videos themselves: what was really made, in the order it was selected.

use std::collections::BTreeMap;

use super::window::Step;
use super::{Board, Tile};

/// A variable with the values it has in a batch, in order of first appearance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The variable.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

/// Ordinals by row and column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// `cells[row][column]`: the videos there. Several when something else varies too.
    pub cells: Vec<Vec<Vec<usize>>>,
}

/// The table of two axes, of the videos that have the fixed values.
#[must_use]
pub fn matrix(
    board: &Board,
    columns: Option<&Axis>,
    rows: Option<&Axis>,
    fixed: &BTreeMap<String, String>,
) -> Matrix {
    let wanted = fixed.iter().map(|(name, text)| {
        let column = board.column_of(name)?;
        Some((column, board.value_of(column, text)?))
    });
    let wanted: Option<Vec<_>> = wanted.collect();
    let (across, down) = (Places::of(board, columns), Places::of(board, rows));
    let mut cells = vec![vec![Vec::new(); across.count]; down.count];
    for (ordinal, tile) in board.tiles() {
        let meets = wanted.as_ref().is_some_and(|wanted| {
            wanted.iter().all(|(column, value)| tile.value(*column) == *value)
        });
        let (Some(row), Some(column)) = (down.at(tile), across.at(tile)) else { continue };
        if let (true, Some(cell)) =
            (meets, cells.get_mut(row).and_then(|row: &mut Vec<Vec<usize>>| row.get_mut(column)))
        {
            cell.push(ordinal);
        }
    }
    Matrix { cells }
}

/// Where each value of an axis stands.
struct Places {
    column: Option<usize>,
    /// By the value's number in the board.
    places: Vec<Option<usize>>,
    count: usize,
}

impl Places {
    fn of(board: &Board, axis: Option<&Axis>) -> Self {
        let Some(axis) = axis else { return Self { column: None, places: Vec::new(), count: 1 } };
        let column = board.column_of(&axis.name);
        let mut places = Vec::new();
        for (place, text) in axis.values.iter().enumerate() {
            let value = column.and_then(|column| board.value_of(column, text));
            let Some(value) = value.map(|value| value as usize) else { continue };
            if places.len() <= value {
                places.resize(value + 1, None);
            }
            if let Some(known) = places.get_mut(value) {
                *known = Some(place);
            }
        }
        Self { column, places, count: axis.values.len() }
    }

    fn at(&self, tile: &Tile) -> Option<usize> {
        match self.column {
            None => Some(0),
            Some(column) => *self.places.get(tile.value(column) as usize)?,
        }
    }
}

impl Matrix {
    /// Most videos in one cell.
    #[must_use]
    pub fn most(&self) -> usize {
        self.cells.iter().flatten().map(Vec::len).max().unwrap_or_default()
    }

    /// Every video, row by row.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        self.cells.iter().flatten().flatten().copied().collect()
    }

    /// Row and column of a video.
    #[must_use]
    pub fn place(&self, ordinal: usize) -> Option<(usize, usize)> {
        self.cells.iter().enumerate().find_map(|(row, cells)| {
            let column = cells.iter().position(|cell| cell.contains(&ordinal))?;
            Some((row, column))
        })
    }

    /// Where one goes from a video by a key: within a cell, then to the next one that has a video.
    #[must_use]
    pub fn step(&self, ordinal: usize, step: Step) -> Option<usize> {
        let (row, column) = self.place(ordinal)?;
        let along = self.cells.get(row)?;
        let flat: Vec<usize> = along.iter().flatten().copied().collect();
        let place = flat.iter().position(|known| *known == ordinal)?;
        let in_column = |row: &Vec<Vec<usize>>| row.get(column)?.first().copied();
        match step {
            Step::Left => flat.get(place.checked_sub(1)?).copied(),
            Step::Right => flat.get(place + 1).copied(),
            Step::First => flat.first().copied(),
            Step::Last => flat.last().copied(),
            Step::Up => self.cells.get(..row)?.iter().rev().find_map(in_column),
            Step::Down => self.cells.get(row + 1..)?.iter().find_map(in_column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::board;
    use super::*;
    use crate::api::videos::VideoState;

    const FOUR: &[(&str, &str, &str)] =
        &[("a", "x", "same"), ("a", "y", "same"), ("b", "x", "same"), ("b", "y", "same")];

    fn four() -> Board {
        board(FOUR, VideoState::Queued)
    }

    #[test]
    fn every_video_has_its_cell() {
        let found = four().axes();
        let made = matrix(&four(), Some(&found[1]), Some(&found[0]), &BTreeMap::new());
        assert_eq!(made.cells, [[[0], [1]], [[2], [3]]]);
        let swapped = matrix(&four(), Some(&found[0]), Some(&found[1]), &BTreeMap::new());
        assert_eq!(swapped.cells, [[[0], [2]], [[1], [3]]]);
        assert_eq!((swapped.most(), swapped.order()), (1, vec![0, 2, 1, 3]));
    }

    #[test]
    fn a_fixed_value_leaves_the_others_out() {
        let found = four().axes();
        let fixed = BTreeMap::from([("scene".to_owned(), "y".to_owned())]);
        let made = matrix(&four(), Some(&found[0]), None, &fixed);
        assert_eq!(made.cells, [[[1], [3]]]);
        let nowhere = BTreeMap::from([("scene".to_owned(), "z".to_owned())]);
        assert_eq!(matrix(&four(), Some(&found[0]), None, &nowhere).order(), [] as [usize; 0]);
    }

    #[test]
    fn one_axis_or_none_is_a_table_too() {
        assert_eq!(matrix(&four(), None, None, &BTreeMap::new()).cells, [[[0, 1, 2, 3]]]);
        assert_eq!(
            matrix(&Board::new(0), None, None, &BTreeMap::new()).cells[0][0],
            [] as [usize; 0]
        );
    }

    #[test]
    fn arrows_go_through_a_cell_and_over_empty_ones() {
        let videos = [("a", "x", "1"), ("a", "x", "2"), ("b", "y", "1"), ("c", "x", "1")];
        let board = board(&videos, VideoState::Queued);
        let axes = board.axes();
        // Columns x and y; rows a, b, c: [0 1] [], [] [2], [3] [].
        let made = matrix(&board, Some(&axes[1]), Some(&axes[0]), &BTreeMap::new());
        assert_eq!(made.most(), 2);
        let go = |from, step| made.step(from, step);
        assert_eq!(go(0, Step::Right), Some(1));
        assert_eq!(go(1, Step::Right), None);
        assert_eq!(go(0, Step::Down), Some(3), "over the row that has none there");
        assert_eq!(go(3, Step::Up), Some(0));
        assert_eq!((go(2, Step::Up), go(2, Step::Down)), (None, None));
        assert_eq!((go(1, Step::First), go(0, Step::Last)), (Some(0), Some(1)));
        assert_eq!(go(9, Step::Left), None);
        assert_eq!((made.place(1), made.place(9)), (Some((0, 0)), None));
    }
}
