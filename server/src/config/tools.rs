//! `[tools]`: external programs and fonts.

use std::path::PathBuf;

use serde::Deserialize;

use super::{Problems, Section};

/// External programs and fonts.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tools {
    /// The encoder.
    pub ffmpeg: PathBuf,
    /// The prober.
    pub ffprobe: PathBuf,
    /// Font files, best first; empty means the system's Smiley Sans and Droid Fallback.
    pub fonts: Vec<PathBuf>,
}

impl Default for Tools {
    fn default() -> Self {
        Self {
            ffmpeg: PathBuf::from("ffmpeg"),
            ffprobe: PathBuf::from("ffprobe"),
            fonts: Vec::new(),
        }
    }
}

impl Section for Tools {
    const NAME: &'static str = "tools";

    fn check(&self, _: &mut Problems) {
        // Whether they exist is for `reelmill doctor` and the start of the line to say.
    }
}
