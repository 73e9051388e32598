//! Which videos are shown.

use super::Board;
use crate::api::videos::VideoState;

/// States as people sort them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// What somebody wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one kind.
    pub kind: Option<Kind>,
    /// With these values.
    pub values: Vec<(String, String)>,
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
        let meets = |video: &&crate::api::videos::Video| {
            self.kind.is_none_or(|kind| kind == Kind::of(video.state))
                && self.values.iter().all(|(name, value)| {
                    video.values.iter().any(|own| own.name == *name && own.value == *value)
                })
        };
        let ordinals = board.videos().filter(meets).map(|video| usize::try_from(video.ordinal));
        ordinals.flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{video, with};
    use super::*;

    #[test]
    fn kind_and_values_must_both_be_met() {
        let mut board = Board::new(3);
        board.take(vec![
            with(video(0, 1, VideoState::Delivered), &[("a", "1")]),
            with(video(1, 1, VideoState::Rendering), &[("a", "1")]),
            with(video(2, 1, VideoState::Delivered), &[("a", "2")]),
        ]);
        let mut filter = Filter::default();
        assert_eq!(filter.of(&board), [0, 1, 2]);
        filter.set("a", Some("1".into()));
        assert_eq!(filter.of(&board), [0, 1]);
        filter.kind = Some(Kind::Delivered);
        assert_eq!(filter.of(&board), [0]);
        filter.set("a", None);
        assert_eq!(filter.of(&board), [0, 2]);
    }
}
