//! A batch as a table: one variable across, one down, the others fixed.
//!
//! Axes are read from the videos themselves: what was really made, in the order it was selected.

use std::collections::BTreeMap;

use super::Board;
use crate::api::videos::Video;

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

/// The variables that vary in a batch.
#[must_use]
pub fn axes(board: &Board) -> Vec<Axis> {
    let mut axes: Vec<Axis> = Vec::new();
    for video in board.videos() {
        for bound in &video.values {
            let axis = match axes.iter_mut().find(|axis| axis.name == bound.name) {
                Some(axis) => axis,
                None => {
                    axes.push(Axis { name: bound.name.clone(), values: Vec::new() });
                    let Some(last) = axes.last_mut() else { continue };
                    last
                }
            };
            if !axis.values.contains(&bound.value) {
                axis.values.push(bound.value.clone());
            }
        }
    }
    axes.retain(|axis| axis.values.len() > 1);
    axes
}

/// The value a video has of a variable.
fn value<'a>(video: &'a Video, name: &str) -> Option<&'a str> {
    video.values.iter().find(|bound| bound.name == name).map(|bound| bound.value.as_str())
}

/// The table of two axes, of the videos that have the fixed values.
#[must_use]
pub fn matrix(
    board: &Board,
    columns: Option<&Axis>,
    rows: Option<&Axis>,
    fixed: &BTreeMap<String, String>,
) -> Matrix {
    let place = |axis: Option<&Axis>, video: &Video| match axis {
        None => Some(0),
        Some(axis) => {
            let own = value(video, &axis.name)?;
            axis.values.iter().position(|known| known == own)
        }
    };
    let size = |axis: Option<&Axis>| axis.map_or(1, |axis| axis.values.len());
    let mut cells = vec![vec![Vec::new(); size(columns)]; size(rows)];
    for video in board.videos() {
        let meets = fixed.iter().all(|(name, wanted)| value(video, name) == Some(wanted.as_str()));
        let (Some(row), Some(column)) = (place(rows, video), place(columns, video)) else {
            continue;
        };
        let ordinal = usize::try_from(video.ordinal);
        if let (true, Ok(ordinal), Some(cell)) =
            (meets, ordinal, cells.get_mut(row).and_then(|row| row.get_mut(column)))
        {
            cell.push(ordinal);
        }
    }
    Matrix { cells }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{video, with};
    use super::*;
    use crate::api::videos::VideoState;

    fn board() -> Board {
        let mut board = Board::new(4);
        let values = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")];
        let videos = values.iter().enumerate().map(|(at, (style, scene))| {
            let bare = video(at as i32, 1, VideoState::Queued);
            with(bare, &[("style", style), ("scene", scene), ("brand", "same")])
        });
        board.take(videos.collect());
        board
    }

    #[test]
    fn only_what_varies_is_an_axis() {
        let found = axes(&board());
        let names: Vec<_> = found.iter().map(|axis| axis.name.as_str()).collect();
        assert_eq!(names, ["style", "scene"]);
        assert_eq!(found[0].values, ["a", "b"]);
    }

    #[test]
    fn every_video_has_its_cell() {
        let found = axes(&board());
        let made = matrix(&board(), Some(&found[1]), Some(&found[0]), &BTreeMap::new());
        assert_eq!(made.cells, [[[0], [1]], [[2], [3]]]);
        let swapped = matrix(&board(), Some(&found[0]), Some(&found[1]), &BTreeMap::new());
        assert_eq!(swapped.cells, [[[0], [2]], [[1], [3]]]);
    }

    #[test]
    fn a_fixed_value_leaves_the_others_out() {
        let found = axes(&board());
        let fixed = BTreeMap::from([("scene".to_owned(), "y".to_owned())]);
        let made = matrix(&board(), Some(&found[0]), None, &fixed);
        assert_eq!(made.cells, [[[1], [3]]]);
    }

    #[test]
    fn one_axis_or_none_is_a_table_too() {
        assert_eq!(matrix(&board(), None, None, &BTreeMap::new()).cells, [[[0, 1, 2, 3]]]);
        assert_eq!(
            matrix(&Board::new(0), None, None, &BTreeMap::new()).cells[0][0],
            [] as [usize; 0]
        );
    }
}
