//! The videos of a batch as the page knows them.
//!
//! Invariants: a video is never replaced by an older one; after any order of pages, events and
//! repeats the board holds the newest of each. That, and asking again from [`Board::rev`], is why
//! a lost socket loses nothing.

mod filter;
mod matrix;
mod standing;

pub use filter::{Filter, Kind};
pub use matrix::{Axis, Matrix, axes, matrix};
pub use standing::{Standing, eta_s};

use crate::api::videos::Video;

/// Videos by ordinal, at a revision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    rev: i64,
    videos: Vec<Option<Video>>,
}

impl Board {
    /// An empty board for so many videos.
    #[must_use]
    pub fn new(total: usize) -> Self {
        Self { rev: 0, videos: vec![None; total] }
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

    /// Takes videos in; returns the ordinals that changed.
    pub fn take(&mut self, videos: Vec<Video>) -> Vec<usize> {
        videos.into_iter().filter_map(|video| self.take_one(video)).collect()
    }

    fn take_one(&mut self, video: Video) -> Option<usize> {
        let at = usize::try_from(video.ordinal).ok()?;
        if at >= self.videos.len() {
            self.videos.resize(at + 1, None);
        }
        let place = self.videos.get_mut(at)?;
        let newer = place.as_ref().is_none_or(|known| known.rev < video.rev);
        newer.then(|| {
            *place = Some(video);
            at
        })
    }

    /// The video at a place.
    #[must_use]
    pub fn get(&self, ordinal: usize) -> Option<&Video> {
        self.videos.get(ordinal)?.as_ref()
    }

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.videos.len()
    }

    /// Whether there is no place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.videos.is_empty()
    }

    /// The videos that are known, in order.
    pub fn videos(&self) -> impl Iterator<Item = &Video> {
        self.videos.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::scalars::Long;
    use crate::api::videos::{BoundValue, VideoState};

    pub(super) fn video(ordinal: i32, rev: i64, state: VideoState) -> Video {
        Video {
            id: format!("vid_{ordinal}").into(),
            ordinal,
            prompt: String::new(),
            values: Vec::new(),
            seed: Long(1),
            state,
            attempt: 1,
            rev: Long(rev),
            error: None,
            asset: None,
        }
    }

    pub(super) fn with(video: Video, values: &[(&str, &str)]) -> Video {
        let bound = |(name, value): &(&str, &str)| BoundValue {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        Video { values: values.iter().map(bound).collect(), ..video }
    }

    #[test]
    fn a_late_page_does_not_undo_an_event() {
        let mut board = Board::new(2);
        assert_eq!(board.take(vec![video(0, 5, VideoState::Delivered)]), [0]);
        let page = vec![video(0, 3, VideoState::Queued), video(1, 3, VideoState::Queued)];
        assert_eq!(board.take(page), [1]);
        assert_eq!(board.get(0).unwrap().state, VideoState::Delivered);
    }

    #[test]
    fn what_comes_twice_changes_nothing() {
        let mut board = Board::new(1);
        board.take(vec![video(0, 1, VideoState::Rendering)]);
        assert_eq!(board.take(vec![video(0, 1, VideoState::Rendering)]), [] as [usize; 0]);
    }

    #[test]
    fn a_retry_makes_an_ended_video_open_again() {
        let mut board = Board::new(1);
        board.take(vec![video(0, 4, VideoState::Failed)]);
        assert_eq!(board.take(vec![video(0, 9, VideoState::Queued)]), [0]);
    }

    #[test]
    fn any_order_of_events_ends_alike() {
        let events: Vec<Vec<Video>> = vec![
            vec![video(0, 1, VideoState::Rendering), video(1, 1, VideoState::Rendering)],
            vec![video(0, 2, VideoState::Delivered)],
            vec![video(1, 3, VideoState::Failed), video(2, 3, VideoState::Delivered)],
        ];
        let orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]];
        let ends: Vec<_> = orders
            .iter()
            .map(|order| {
                let mut board = Board::new(3);
                for at in order {
                    board.take(events[*at].clone());
                    board.take(events[*at].clone());
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
}
