//! Where cells stand, and which of them are in sight.
//!
//! Everything is in whole pixels: what writes fractions is as large as a view. Places are
//! computed and not measured, so a grid of ten thousand needs no more elements than one of fifty.

use std::ops::Range;

/// Shape of the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 9:16.
    Tall,
    /// 1:1.
    Square,
    /// 16:9.
    Flat,
}

impl Shape {
    const fn height(self, width: i32) -> i32 {
        match self {
            Self::Tall => width * 16 / 9,
            Self::Square => width,
            Self::Flat => width * 9 / 16,
        }
    }
}

/// A move by a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the one before.
    Left,
    /// To the next one.
    Right,
    /// A row up.
    Up,
    /// A row down.
    Down,
    /// To the first.
    First,
    /// To the last.
    Last,
}

impl Step {
    /// What a key means, by its name in the browser.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        Some(match key {
            "ArrowLeft" => Self::Left,
            "ArrowRight" => Self::Right,
            "ArrowUp" => Self::Up,
            "ArrowDown" => Self::Down,
            "Home" => Self::First,
            "End" => Self::Last,
            _ => return None,
        })
    }
}

/// Which of `count` lines of `pitch` are within `room` from `from` on, and `spare` ones around.
#[must_use]
pub fn span(from: i32, room: i32, (pitch, count): (i32, usize), spare: usize) -> Range<usize> {
    let line = |at: i32| usize::try_from(at.max(0) / pitch.max(1)).unwrap_or_default();
    let first = line(from).saturating_sub(spare).min(count);
    let end = line(from.saturating_add(room)).saturating_add(spare + 1).min(count);
    first..end.max(first)
}

/// Equal cells that follow one another in rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Cells in a row; 0 while nothing is known of the screen.
    pub columns: usize,
    /// Of a cell.
    pub width: i32,
    /// Of a cell with its caption.
    pub height: i32,
    gap: i32,
}

impl Flow {
    /// As many columns as fit into `room`, where a letter is `rem` high.
    #[must_use]
    pub fn of(room: i32, rem: i32, shape: Shape) -> Self {
        if room <= 0 {
            return Self::default();
        }
        // Tenths of a letter's height.
        let narrow = room < rem * 44;
        let (least, gap) = match (shape, narrow) {
            (Shape::Flat, false) => (140, 75),
            (Shape::Square, false) => (110, 75),
            (Shape::Tall, false) => (90, 75),
            (Shape::Flat, true) => (100, 50),
            (Shape::Square, true) => (80, 50),
            (Shape::Tall, true) => (65, 50),
        };
        let (least, gap) = ((rem * least / 10).min(room), rem * gap / 100);
        let columns = ((room + gap) / (least + gap)).max(1);
        let width = (room - gap * (columns - 1)) / columns;
        // Two lines of small text and their padding, and the border.
        let height = shape.height(width) + rem * 7 / 2 + 2;
        Self { columns: usize::try_from(columns).unwrap_or(1), width, height, gap }
    }

    /// From one row to the next.
    #[must_use]
    pub const fn pitch(&self) -> i32 {
        self.height + self.gap
    }

    /// Rows that so many cells need.
    #[must_use]
    pub fn rows(&self, count: usize) -> usize {
        count.div_ceil(self.columns.max(1))
    }

    /// Height of so many cells.
    #[must_use]
    pub fn tall(&self, count: usize) -> i32 {
        px(self.rows(count)).saturating_mul(self.pitch()).saturating_sub(self.gap).max(0)
    }

    /// Left and top of a cell.
    #[must_use]
    pub fn place(&self, at: usize) -> (i32, i32) {
        let columns = self.columns.max(1);
        (px(at % columns) * (self.width + self.gap), px(at / columns).saturating_mul(self.pitch()))
    }

    /// The cells in sight.
    #[must_use]
    pub fn seen(&self, from: i32, room: i32, count: usize) -> Range<usize> {
        if self.columns == 0 {
            return 0..0;
        }
        let rows = span(from, room, (self.pitch(), self.rows(count)), 1);
        rows.start * self.columns..(rows.end * self.columns).min(count)
    }

    /// Where one goes from a cell by a key.
    #[must_use]
    pub fn step(&self, at: usize, count: usize, step: Step) -> Option<usize> {
        let to = match step {
            Step::Left => at.checked_sub(1)?,
            Step::Right => at + 1,
            Step::Up => at.checked_sub(self.columns)?,
            Step::Down => at + self.columns,
            Step::First => 0,
            Step::Last => count.checked_sub(1)?,
        };
        (to < count).then_some(to)
    }
}

/// A table that is scrolled within itself: equal cells, each with some pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pane {
    /// Pictures beside one another in a cell.
    pub across: usize,
    /// Pictures of a cell that are shown.
    pub shown: usize,
    /// Width and height of a picture.
    pub picture: (i32, i32),
    /// Width and height of a cell.
    pub cell: (i32, i32),
    /// Width of the names of rows, height of the names of columns.
    pub head: (i32, i32),
    gap: i32,
}

impl Pane {
    /// For at most so many videos in a cell and so many columns in a `room`, where a letter is `rem`
    /// high: a few columns are larger than many, which are scrolled.
    #[must_use]
    pub fn of(rem: i32, shape: Shape, most: usize, (room, columns): (i32, usize)) -> Self {
        let (across, shown) = match most {
            0 | 1 => (1, 1),
            2..=4 => (2, most),
            _ => (3, most.min(9)),
        };
        let (least, largest) = match (shape, across) {
            (Shape::Flat, 1) => (100, 170),
            (Shape::Square, 1) => (80, 130),
            (Shape::Tall, 1) => (65, 100),
            (Shape::Flat, _) => (65, 100),
            (Shape::Square, _) => (55, 80),
            (Shape::Tall, _) => (45, 65),
        };
        let head = (if room < rem * 44 { rem * 5 } else { rem * 9 }, rem * 3);
        let gap = rem / 2;
        let (small, lines) = (gap / 2, px(shown.div_ceil(across)));
        let fits = (room - head.0) / px(columns.max(1)) - gap;
        let columns = px(across);
        let fits = (fits - (columns - 1) * small) / columns;
        let width = fits.clamp(rem * least / 10, rem * largest / 10);
        // The border of a picture's button.
        let picture = (width, shape.height(width - 2) + 2);
        let cell =
            (columns * width + (columns - 1) * small, lines * picture.1 + (lines - 1) * small);
        Self { across, shown, picture, cell, head, gap }
    }

    /// Left and top of a picture within its cell.
    #[must_use]
    pub fn inside(&self, at: usize) -> (i32, i32) {
        let small = self.gap / 2;
        let (column, line) = (px(at % self.across), px(at / self.across));
        (column * (self.picture.0 + small), line * (self.picture.1 + small))
    }

    /// Left of a column, top of a row.
    #[must_use]
    pub fn place(&self, column: usize, row: usize) -> (i32, i32) {
        let pitch = self.pitch();
        (
            self.head.0 + px(column).saturating_mul(pitch.0),
            self.head.1 + self.gap + px(row).saturating_mul(pitch.1),
        )
    }

    /// From one column to the next, and from one row to the next.
    #[must_use]
    pub const fn pitch(&self) -> (i32, i32) {
        (self.cell.0 + self.gap, self.cell.1 + self.gap)
    }

    /// Columns and rows in sight of a pane that is scrolled to `from` and `room` large.
    #[must_use]
    pub fn seen(
        &self,
        from: (i32, i32),
        room: (i32, i32),
        count: (usize, usize),
    ) -> (Range<usize>, Range<usize>) {
        let pitch = self.pitch();
        (
            span(from.0, room.0 - self.head.0, (pitch.0, count.0), 1),
            span(from.1, room.1 - self.head.1, (pitch.1, count.1), 1),
        )
    }
}

fn px(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_sight_is_bounded_wherever_one_is() {
        let flow = Flow::of(1200, 16, Shape::Flat);
        assert_eq!((flow.columns, flow.width), (5, 230));
        let screen = 900;
        for count in [0, 1, 7, 10_000] {
            for from in (-500..flow.tall(count) + 500).step_by(97) {
                let seen = flow.seen(from, screen, count);
                assert!(seen.end <= count && seen.len() <= 9 * flow.columns, "{seen:?} at {from}");
                for at in seen.clone() {
                    assert!(flow.place(at).0 + flow.width <= 1200);
                }
            }
        }
    }

    #[test]
    fn nothing_that_is_in_sight_is_left_out() {
        let flow = Flow::of(390, 16, Shape::Tall);
        for from in (0..flow.tall(500)).step_by(61) {
            let seen = flow.seen(from, 800, 500);
            for at in 0..500 {
                let top = flow.place(at).1;
                let visible = top + flow.height > from && top < from + 800;
                assert!(!visible || seen.contains(&at), "{at} at {from}");
            }
        }
    }

    #[test]
    fn a_screen_that_is_not_known_shows_nothing() {
        let flow = Flow::of(0, 16, Shape::Flat);
        assert_eq!(flow.seen(0, 900, 10), 0..0);
        assert_eq!(Flow::of(60, 16, Shape::Flat).columns, 1, "however narrow, one");
    }

    #[test]
    fn arrows_stay_inside() {
        let flow = Flow::of(1200, 16, Shape::Flat);
        let go = |at, step| flow.step(at, 12, step);
        assert_eq!(go(0, Step::Left), None);
        assert_eq!(go(3, Step::Down), Some(8));
        assert_eq!(go(8, Step::Down), None);
        assert_eq!(go(2, Step::Up), None);
        assert_eq!((go(5, Step::First), go(5, Step::Last)), (Some(0), Some(11)));
        assert_eq!(go(11, Step::Right), None);
        assert_eq!(flow.step(0, 0, Step::Last), None);
    }

    #[test]
    fn a_large_table_shows_a_screen_of_it() {
        let pane = Pane::of(16, Shape::Flat, 1, (1200, 100));
        let (columns, rows) = pane.seen((4_000, 3_000), (1200, 800), (100, 100));
        assert!(columns.len() * rows.len() <= 120, "{columns:?} × {rows:?}");
        for (range, from, room, pitch) in
            [(&columns, 4_000, 1200, pane.pitch().0), (&rows, 3_000, 800, pane.pitch().1)]
        {
            assert!(px(range.start) * pitch <= from);
            assert!(px(range.end) * pitch >= from + room - pane.head.0.max(pane.head.1));
        }
        let few = Pane::of(16, Shape::Flat, 1, (1200, 3));
        assert!(few.picture.0 > pane.picture.0, "a few columns are larger");
        assert!(few.place(3, 0).0 <= 1200, "and fit");
    }

    #[test]
    fn pictures_of_a_cell_stay_in_it() {
        for most in [1, 2, 3, 4, 5, 9, 40] {
            let pane = Pane::of(16, Shape::Tall, most, (390, 4));
            for at in 0..pane.shown {
                let (left, top) = pane.inside(at);
                assert!(left + pane.picture.0 <= pane.cell.0, "{most}");
                assert!(top + pane.picture.1 <= pane.cell.1, "{most}");
            }
        }
        assert_eq!(Pane::of(16, Shape::Tall, 40, (390, 4)).shown, 9);
    }
}
