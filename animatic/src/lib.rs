//! The embedded storyboard model of Reelmill.
