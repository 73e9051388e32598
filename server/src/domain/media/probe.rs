//! What looks at videos and changes them: ffprobe, posters, the mark. Paths are arguments of their own; no text of a customer reaches a tool.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use animatic::{Fonts, Notice};
use entity::enums::Resolution;
use serde::Deserialize;
use tokio::process::Command;
use tokio::sync::Semaphore;

use super::error::Error;
use super::model::{Probe, short_side};

/// Longest a tool that only looks may take.
const LOOK_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest an encoder may take.
const ENCODE_TIMEOUT: Duration = Duration::from_secs(600);

/// Where the tools are.
#[derive(Clone, Debug)]
pub struct Prober {
    /// ffprobe.
    pub ffprobe: PathBuf,
    /// ffmpeg, for posters and the mark.
    pub ffmpeg: PathBuf,
    /// What is drawn onto videos of plans that ask for it, where the provider draws nothing.
    pub mark: Option<Mark>,
}

impl Default for Prober {
    fn default() -> Self {
        let (ffprobe, ffmpeg) = (PathBuf::from("ffprobe"), PathBuf::from("ffmpeg"));
        Self { ffprobe, ffmpeg, mark: None }
    }
}

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Option<Format>,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
    codec_name: Option<String>,
    width: Option<i64>,
    height: Option<i64>,
    duration: Option<String>,
    /// As the header has it.
    nb_frames: Option<String>,
    /// As the file has it.
    nb_read_packets: Option<String>,
}

#[derive(Deserialize)]
struct Format {
    duration: Option<String>,
}

impl Prober {
    /// What the file is.
    ///
    /// # Errors
    /// [`Error::Unplayable`] when it is no video, [`Error::Tool`] when ffprobe cannot be run.
    pub async fn probe(&self, file: &Path) -> Result<Probe, Error> {
        let mut command = Command::new(&self.ffprobe);
        command
            .args(["-v", "error", "-of", "json", "-count_packets", "-show_entries"])
            .arg(
                "format=duration:stream=codec_type,codec_name,width,height,duration,nb_frames,\
                 nb_read_packets",
            )
            .arg(file);
        let output = run(command, "ffprobe", LOOK_TIMEOUT).await?;
        if !output.status.success() {
            return Err(Error::Unplayable(first_line(&output.stderr)));
        }
        // A file whose header comes first tells its full length however little of it arrived.
        if String::from_utf8_lossy(&output.stderr).contains("partial file") {
            return Err(Error::Unplayable(String::from("the file is not whole")));
        }
        let report: Report = serde_json::from_slice(&output.stdout)
            .map_err(|error| Error::Unplayable(error.to_string()))?;
        read(report)
    }

    /// Makes a still picture of a video's first second.
    ///
    /// # Errors
    /// [`Error::Tool`] when ffmpeg cannot be run or makes none.
    pub async fn poster(&self, video: &Path, poster: &Path) -> Result<(), Error> {
        let mut command = Command::new(&self.ffmpeg);
        command.args(["-v", "error", "-nostdin", "-y", "-ss", "1", "-i"]).arg(video);
        command.args(["-frames:v", "1", "-q:v", "4", "-f", "image2"]).arg(poster);
        let output = run(command, "ffmpeg", LOOK_TIMEOUT).await?;
        let made = tokio::fs::metadata(poster).await.is_ok_and(|meta| meta.len() > 0);
        if output.status.success() && made {
            Ok(())
        } else {
            Err(Error::Tool(format!("ffmpeg: {}", first_line(&output.stderr))))
        }
    }

    /// Draws the mark onto every frame of a video whose shorter side is so long; sound goes along
    /// as it is.
    ///
    /// # Errors
    /// [`Error::Tool`] when there is no mark, ffmpeg cannot be run or makes none; [`Error::File`].
    pub async fn mark(&self, video: &Path, short_side: i64, marked: &Path) -> Result<(), Error> {
        let mark = self.mark.as_ref().ok_or_else(|| Error::Tool(String::from("no mark")))?;
        let notice = mark.of(short_side);
        let picture = marked.with_extension("rgba");
        tokio::fs::write(&picture, &notice.rgba).await?;
        let size = format!("{}x{}", notice.width, notice.height);
        let over = format!("[0:v:0][1:v:0]overlay=W-w-{0}:{0}[v]", notice.margin);
        let mut command = Command::new(&self.ffmpeg);
        command.args(["-v", "error", "-nostdin", "-y", "-threads", "1", "-i"]).arg(video);
        command.args(["-f", "rawvideo", "-pix_fmt", "rgba", "-video_size", &size, "-i"]);
        command.arg(&picture);
        command.args(["-filter_complex", &over, "-map", "[v]", "-map", "0:a?", "-c:a", "copy"]);
        command.args(["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-threads", "1"]);
        command.args(["-pix_fmt", "yuv420p", "-movflags", "+faststart", "-f", "mp4"]).arg(marked);
        let output = {
            let _one = mark.desk.acquire().await;
            run(command, "ffmpeg", ENCODE_TIMEOUT).await
        };
        // Ours, and written again for the next.
        let _ = tokio::fs::remove_file(&picture).await;
        let output = output?;
        if output.status.success() {
            Ok(())
        } else {
            Err(Error::Tool(format!("ffmpeg: {}", first_line(&output.stderr))))
        }
    }
}

/// The notice in the sizes that videos come in, and how many are drawn at once.
#[derive(Clone, Debug)]
pub struct Mark {
    /// By the length of the shorter side, pixels.
    notices: Arc<[(i64, Notice)]>,
    desk: Arc<Semaphore>,
}

impl Mark {
    /// A line of text, drawn onto so many videos at once.
    #[must_use]
    pub fn new(text: &str, fonts: &Fonts, at_once: usize) -> Self {
        let sides = [Resolution::P360, Resolution::P720].map(short_side);
        let notices = sides.map(|side| {
            let pixels = u32::try_from(side).unwrap_or(0);
            (side, Notice::draw(text, pixels, fonts))
        });
        Self { notices: Arc::new(notices), desk: Arc::new(Semaphore::new(at_once.max(1))) }
    }

    /// The largest that is not too large for a frame.
    fn of(&self, short_side: i64) -> &Notice {
        let fits = self.notices.iter().rev().find(|(side, _)| *side <= short_side);
        &fits.unwrap_or(&self.notices[0]).1
    }
}

async fn run(
    mut command: Command,
    name: &str,
    most: Duration,
) -> Result<std::process::Output, Error> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    match tokio::time::timeout(most, command.output()).await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) => Err(Error::Tool(format!("{name}: {error}"))),
        Err(_) => Err(Error::Tool(format!("{name} took too long"))),
    }
}

fn first_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    text.lines().next().unwrap_or("no output").chars().take(200).collect()
}

fn read(report: Report) -> Result<Probe, Error> {
    let broken = |what: &str| Error::Unplayable(what.to_owned());
    let video = report
        .streams
        .into_iter()
        .find(|stream| stream.codec_type.as_deref() == Some("video"))
        .ok_or_else(|| broken("no video stream"))?;
    let count = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<i64>().ok());
    if let (Some(said), Some(read)) = (count(&video.nb_frames), count(&video.nb_read_packets))
        && read < said
    {
        return Err(Error::Unplayable(format!("{read} of {said} pictures arrived")));
    }
    let format_duration = report.format.and_then(|format| format.duration);
    let duration = video.duration.or(format_duration).ok_or_else(|| broken("no duration"))?;
    let (Some(codec), Some(width), Some(height)) = (video.codec_name, video.width, video.height)
    else {
        return Err(broken("no codec or size"));
    };
    let duration_ms = milliseconds(&duration).ok_or_else(|| broken("no duration"))?;
    Ok(Probe { codec, width, height, duration_ms })
}

/// `"2.041667"` → 2041, without a float.
fn milliseconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let ms = whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    (ms > 0).then_some(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_without_floats() {
        assert_eq!(milliseconds("2.041667"), Some(2041));
        assert_eq!(milliseconds("10"), Some(10_000));
        assert_eq!(milliseconds("0.5"), Some(500));
        for bad in ["", "N/A", "-1.0", "0.000", "1.x"] {
            assert_eq!(milliseconds(bad), None, "{bad}");
        }
    }
}
