//! Keys of objects, what was stored, what was probed, and ranges. Pure.

use std::ops::Range;

use entity::enums::{Aspect, Resolution};
use entity::ids::{BatchId, VideoId, WorkspaceId};

use super::error::Error;

/// Where the files of one claim of one video go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectKeys {
    /// The video.
    pub video: String,
    /// The still picture.
    pub poster: String,
}

impl ObjectKeys {
    /// `workspace/batch/video/attempt-epoch.mp4`: attempt and lease epoch together belong to one
    /// claimant, so nobody else ever writes to these keys.
    #[must_use]
    pub fn new(place: (WorkspaceId, BatchId, VideoId), attempt: i64, lease_epoch: i64) -> Self {
        let (workspace, batch, video) = place;
        let stem = format!("{workspace}/{batch}/{video}/{attempt}-{lease_epoch}");
        Self { video: format!("{stem}.mp4"), poster: format!("{stem}.jpg") }
    }

    /// A file name that belongs to the same claimant.
    #[must_use]
    pub fn stem(&self) -> String {
        self.video.replace('/', "_")
    }
}

/// Length and checksum of an object, taken from the store after it was made durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Length.
    pub bytes: i64,
    /// SHA-256.
    pub sha256: Vec<u8>,
}

/// What a file really is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Codec of the first video stream.
    pub codec: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// Length of the picture.
    pub duration_ms: i64,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whole seconds.
    pub seconds: i64,
    /// Shape.
    pub aspect: Aspect,
    /// Lines.
    pub resolution: Resolution,
    /// The file carries the mark.
    pub watermark: bool,
}

/// Length of the shorter side, pixels.
#[must_use]
pub const fn short_side(resolution: Resolution) -> i64 {
    match resolution {
        Resolution::P360 => 360,
        Resolution::P720 => 720,
    }
}

/// How far a video's length may be from what was asked for.
pub const DURATION_TOLERANCE_MS: i64 = 250;

impl Asked {
    /// Width and height in pixels.
    #[must_use]
    pub const fn size(self) -> (i64, i64) {
        let short = short_side(self.resolution);
        let long = short * 16 / 9;
        match self.aspect {
            Aspect::Wide => (long, short),
            Aspect::Tall => (short, long),
            Aspect::Square => (short, short),
        }
    }

    /// Compares a probe with what was asked for.
    ///
    /// # Errors
    /// [`Error::Unplayable`] with what differs.
    pub fn accept(self, probe: &Probe) -> Result<(), Error> {
        let size = self.size();
        if (probe.width, probe.height) != size {
            return Err(Error::Unplayable(format!(
                "{} × {} instead of {} × {}",
                probe.width, probe.height, size.0, size.1
            )));
        }
        let off = probe.duration_ms - self.seconds * 1000;
        if off.abs() > DURATION_TOLERANCE_MS {
            return Err(Error::Unplayable(format!("{} ms long", probe.duration_ms)));
        }
        Ok(())
    }
}

/// The bytes a `Range` header asks for: one range of the forms `a-b`, `a-`, `-n`. Anything else
/// that is no such range is ignored, as RFC 9110 wants, and means the whole object.
///
/// # Errors
/// [`Error::Range`] when it lies outside the object.
pub fn byte_range(header: Option<&str>, total: u64) -> Result<Option<Range<u64>>, Error> {
    let Some(spec) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else {
        return Ok(None);
    };
    let Some((first, last)) = spec.trim().split_once('-') else { return Ok(None) };
    let (Ok(first), Ok(last)) = (number(first), number(last)) else { return Ok(None) };
    let range = match (first, last) {
        (None, None) => return Ok(None),
        (Some(from), Some(to)) if from > to => return Ok(None),
        (Some(from), to) => from..to.unwrap_or(u64::MAX).saturating_add(1).min(total),
        (None, Some(count)) => total.saturating_sub(count)..total,
    };
    if range.is_empty() { Err(Error::Range { total }) } else { Ok(Some(range)) }
}

/// A number, none, or something that is no number. More digits than fit name a byte past any file.
fn number(text: &str) -> Result<Option<u64>, ()> {
    let text = text.trim();
    if text.bytes().all(|digit| digit.is_ascii_digit()) {
        Ok((!text.is_empty()).then(|| text.parse().unwrap_or(u64::MAX)))
    } else {
        Err(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_wants() {
        let ok = |text, total| byte_range(Some(text), total).expect("no refusal").expect("a part");
        assert!(matches!(byte_range(None, 10), Ok(None)));
        assert_eq!(ok("bytes=0-3", 10), 0..4);
        assert_eq!(ok("bytes=4-", 10), 4..10);
        assert_eq!(ok("bytes=-3", 10), 7..10);
        assert_eq!(ok("bytes=-30", 10), 0..10);
        assert_eq!(ok("bytes=9-99", 10), 9..10);
        assert_eq!(ok("bytes=0-18446744073709551615", 10), 0..10);
        for ignored in ["bytes=0-1,3-4", "lines=1-2", "bytes=x-", "bytes=5-2", "bytes=", "bytes=-"]
        {
            assert!(matches!(byte_range(Some(ignored), 10), Ok(None)), "{ignored}");
        }
        for outside in ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-"] {
            assert!(matches!(byte_range(Some(outside), 10), Err(Error::Range { total: 10 })));
        }
    }

    #[test]
    fn a_probe_must_match_what_was_asked_for() {
        let asked = Asked {
            seconds: 2,
            aspect: Aspect::Tall,
            resolution: Resolution::P360,
            watermark: false,
        };
        let good =
            Probe { codec: String::from("h264"), width: 360, height: 640, duration_ms: 2_000 };
        assert!(asked.accept(&good).is_ok());
        assert!(asked.accept(&Probe { duration_ms: 2_250, ..good.clone() }).is_ok());
        assert!(asked.accept(&Probe { duration_ms: 2_251, ..good.clone() }).is_err());
        assert!(asked.accept(&Probe { duration_ms: 1_749, ..good.clone() }).is_err());
        assert!(asked.accept(&Probe { width: 640, height: 360, ..good }).is_err());
    }
}
