//! What a caller asks for. Everything has a limit, and a request that passes [`Request::validate`]
//! can be rendered: nothing further down refuses it.

use std::fmt;
use std::str::FromStr;

/// The shape of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// 16:9, landscape.
    Wide,
    /// 9:16, portrait.
    Tall,
    /// 1:1.
    Square,
}

/// The length of the short edge, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// 360 pixels: the draft.
    P360,
    /// 720 pixels.
    P720,
}

/// One clip to render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The words: what is drawn is read from them, and they are shown.
    pub prompt: String,
    /// Name and value of each variable bound in this video, shown as chips and read as words.
    pub values: Vec<(String, String)>,
    /// Layout and chance: the same seed gives the same picture.
    pub seed: u64,
    /// Shape of the picture.
    pub aspect: Aspect,
    /// Short edge.
    pub resolution: Resolution,
    /// Length in whole seconds, [`SECONDS_MIN`] to [`SECONDS_MAX`].
    pub seconds: u8,
    /// Whether "AI generated" is written into every frame.
    pub watermark: bool,
}

/// Shortest clip, in seconds.
pub const SECONDS_MIN: u8 = 2;
/// Longest clip, in seconds.
pub const SECONDS_MAX: u8 = 10;
/// Longest prompt, in characters.
pub const PROMPT_CHARS_MAX: usize = 4000;
/// Most values one request may carry.
pub const VALUES_MAX: usize = 32;
/// Longest name or value, in characters.
pub const VALUE_CHARS_MAX: usize = 400;
/// Frames per second of every clip.
pub const FPS: u32 = 24;

/// Why a request cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The prompt holds nothing to read.
    #[error("the prompt is empty")]
    PromptEmpty,
    /// The prompt is over [`PROMPT_CHARS_MAX`].
    #[error("the prompt has {chars} characters; at most {PROMPT_CHARS_MAX} are read")]
    PromptTooLong {
        /// How many it has.
        chars: usize,
    },
    /// More values than [`VALUES_MAX`].
    #[error("{count} values; at most {VALUES_MAX} are shown")]
    TooManyValues {
        /// How many there are.
        count: usize,
    },
    /// A name or value is over [`VALUE_CHARS_MAX`].
    #[error("value {index} has more than {VALUE_CHARS_MAX} characters")]
    ValueTooLong {
        /// Which one, from 0.
        index: usize,
    },
    /// The length is outside [`SECONDS_MIN`] to [`SECONDS_MAX`].
    #[error("{seconds} s is outside {SECONDS_MIN} to {SECONDS_MAX} s")]
    SecondsOutOfRange {
        /// What was asked for.
        seconds: u8,
    },
    /// Not one of the three shapes.
    #[error("the aspect is 16:9, 9:16 or 1:1")]
    UnknownAspect,
    /// Not one of the two resolutions.
    #[error("the resolution is 360p or 720p")]
    UnknownResolution,
}

impl Request {
    /// Refuses what lies outside the limits.
    pub fn validate(&self) -> Result<(), RequestError> {
        if self.prompt.trim().is_empty() {
            return Err(RequestError::PromptEmpty);
        }
        let chars = self.prompt.chars().count();
        if chars > PROMPT_CHARS_MAX {
            return Err(RequestError::PromptTooLong { chars });
        }
        if self.values.len() > VALUES_MAX {
            return Err(RequestError::TooManyValues { count: self.values.len() });
        }
        let long = |text: &String| text.chars().count() > VALUE_CHARS_MAX;
        if let Some(index) = self.values.iter().position(|(name, value)| long(name) || long(value))
        {
            return Err(RequestError::ValueTooLong { index });
        }
        if !(SECONDS_MIN..=SECONDS_MAX).contains(&self.seconds) {
            return Err(RequestError::SecondsOutOfRange { seconds: self.seconds });
        }
        Ok(())
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        let (short, long) = match self.resolution {
            Resolution::P360 => (360, 640),
            Resolution::P720 => (720, 1280),
        };
        match self.aspect {
            Aspect::Wide => (long, short),
            Aspect::Tall => (short, long),
            Aspect::Square => (short, short),
        }
    }

    /// How many frames the clip has.
    pub fn frame_count(&self) -> u32 {
        u32::from(self.seconds) * FPS
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wide => "16:9",
            Self::Tall => "9:16",
            Self::Square => "1:1",
        })
    }
}

impl FromStr for Aspect {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        match text {
            "16:9" => Ok(Self::Wide),
            "9:16" => Ok(Self::Tall),
            "1:1" => Ok(Self::Square),
            _ => Err(RequestError::UnknownAspect),
        }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P360 => "360p",
            Self::P720 => "720p",
        })
    }
}

impl FromStr for Resolution {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        match text {
            "360p" => Ok(Self::P360),
            "720p" => Ok(Self::P720),
            _ => Err(RequestError::UnknownResolution),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            prompt: "sea".into(),
            values: vec![],
            seed: 1,
            aspect: Aspect::Wide,
            resolution: Resolution::P360,
            seconds: 4,
            watermark: false,
        }
    }

    #[test]
    fn the_edges_of_the_length() {
        for (seconds, ok) in [(0, false), (1, false), (2, true), (10, true), (11, false)] {
            assert_eq!(Request { seconds, ..request() }.validate().is_ok(), ok, "{seconds} s");
        }
    }

    #[test]
    fn the_edges_of_the_text() {
        let prompt = |n| Request { prompt: "海".repeat(n), ..request() }.validate();
        assert_eq!(prompt(PROMPT_CHARS_MAX), Ok(()));
        let chars = PROMPT_CHARS_MAX + 1;
        assert_eq!(prompt(chars), Err(RequestError::PromptTooLong { chars }));
        assert_eq!(
            Request { prompt: " \n".into(), ..request() }.validate(),
            Err(RequestError::PromptEmpty)
        );
        let values = |n, len: usize| {
            Request { values: vec![("a".into(), "b".repeat(len)); n], ..request() }.validate()
        };
        assert_eq!(values(VALUES_MAX, VALUE_CHARS_MAX), Ok(()));
        assert_eq!(
            values(VALUES_MAX + 1, 1),
            Err(RequestError::TooManyValues { count: VALUES_MAX + 1 })
        );
        assert_eq!(values(1, VALUE_CHARS_MAX + 1), Err(RequestError::ValueTooLong { index: 0 }));
    }

    #[test]
    fn sizes_and_names() {
        for (name, resolution, size) in [
            ("16:9", Resolution::P360, (640, 360)),
            ("9:16", Resolution::P360, (360, 640)),
            ("1:1", Resolution::P360, (360, 360)),
            ("16:9", Resolution::P720, (1280, 720)),
            ("9:16", Resolution::P720, (720, 1280)),
            ("1:1", Resolution::P720, (720, 720)),
        ] {
            let aspect: Aspect = name.parse().unwrap();
            assert_eq!(aspect.to_string(), name);
            assert_eq!(resolution.to_string().parse(), Ok(resolution));
            assert_eq!(Request { aspect, resolution, ..request() }.size(), size);
        }
        assert_eq!("4:3".parse::<Aspect>(), Err(RequestError::UnknownAspect));
        assert_eq!("480p".parse::<Resolution>(), Err(RequestError::UnknownResolution));
    }
}
