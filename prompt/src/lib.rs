//! The template language of Reelmill.
