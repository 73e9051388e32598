//! What ffprobe says about a file once it has decoded every frame of it.

use std::path::Path;
use std::process::Command;
use std::thread;

use serde_json::Value;

use crate::failure::{Failure, While as _};
use crate::{interrupt, process};

/// A file that could be decoded to its end.
#[derive(Debug, PartialEq)]
pub struct Probed {
    /// The codec of its picture.
    pub codec: String,
    /// Width of a frame, pixels.
    pub width: u64,
    /// Height of a frame, pixels.
    pub height: u64,
    /// Frames decoded.
    pub frames: u64,
    /// Playing time, milliseconds.
    pub duration_ms: u64,
}

/// Decodes files, on every core. In the order given.
///
/// # Errors
/// Those of [`probe`], of the first file that has one.
pub fn all(paths: &[&Path]) -> Result<Vec<Probed>, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let each = paths.len().div_ceil(cores).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = paths
            .chunks(each)
            .map(|part| scope.spawn(|| part.iter().map(|path| probe(path)).collect::<Vec<_>>()))
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Decodes a file.
///
/// # Errors
/// It cannot be decoded, or holds no picture.
fn probe(path: &Path) -> Result<Probed, Failure> {
    interrupt::check()?;
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-count_frames", "-select_streams", "v:0", "-of", "json"]);
    command.args(["-show_entries"]);
    command.arg("stream=codec_name,width,height,nb_read_frames:format=duration").arg(path);
    let text = process::read(&mut command)?;
    read(&text).or_fail(format!("play {}", path.display()))
}

fn read(text: &str) -> Result<Probed, Failure> {
    let answer: Value = serde_json::from_str(text).or_fail("understand ffprobe")?;
    let stream = &answer["streams"][0];
    let number = |value: &Value| {
        let read = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        read.ok_or_else(|| Failure::new(format!("ffprobe says {value} for a number")))
    };
    let seconds = answer["format"]["duration"].as_str().and_then(milliseconds);
    Ok(Probed {
        codec: stream["codec_name"].as_str().unwrap_or_default().to_owned(),
        width: number(&stream["width"])?,
        height: number(&stream["height"])?,
        frames: number(&stream["nb_read_frames"])?,
        duration_ms: seconds.ok_or_else(|| Failure::new("ffprobe gives no duration"))?,
    })
}

/// `4.041667` → 4041.
fn milliseconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let thousandths: String = part.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u64>().ok()? * 1000 + thousandths.parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ffprobe_prints_is_understood() {
        let text = r#"{"programs": [], "streams": [{"codec_name": "h264", "width": 640,
            "height": 360, "nb_read_frames": "96"}], "format": {"duration": "4.000000"}}"#;
        let expected =
            Probed { codec: "h264".into(), width: 640, height: 360, frames: 96, duration_ms: 4000 };
        assert_eq!(read(text).unwrap(), expected);
        assert!(read(r#"{"streams": [], "format": {}}"#).is_err());
    }

    #[test]
    fn durations_are_cut_to_milliseconds() {
        assert_eq!(milliseconds("4.041667"), Some(4041));
        assert_eq!(milliseconds("10.5"), Some(10_500));
        assert_eq!(milliseconds("N/A"), None);
    }
}
