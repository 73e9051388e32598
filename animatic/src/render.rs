//! One request to two files: the clip and its poster.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::control::Control;
use crate::encode::{Encoder, Stop};
use crate::film::{Film, Held, frames};
use crate::planar::Frame;
use crate::request::{FPS, Request, RequestError};
use crate::text::Fonts;

/// Programs that are run.
#[derive(Clone, Debug)]
pub struct Tools {
    /// ffmpeg with libx264: a path, or a name that is looked up.
    pub ffmpeg: PathBuf,
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Number of frames, at 24 a second.
    pub frames: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Length in milliseconds.
    pub duration_ms: u32,
}

/// Why there is no clip. The files that were begun are gone.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The request is outside the limits.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// [`Control::cancel`] was called.
    #[error("the render was cancelled")]
    Cancelled,
    /// ffmpeg cannot be started.
    #[error("cannot start {tool}; install the Debian package ffmpeg")]
    ToolMissing {
        /// What was tried.
        tool: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The disk or the quota is full.
    #[error("no space left for the clip")]
    DiskFull,
    /// Reading or writing failed otherwise.
    #[error("a file or pipe failed")]
    Io(#[source] std::io::Error),
    /// ffmpeg ended with an error or did not go on.
    #[error("the encoder failed (status {status:?}): {stderr}")]
    EncoderFailed {
        /// Its exit status; none if it was killed or hung.
        status: Option<i32>,
        /// The beginning of its error output.
        stderr: String,
    },
}

/// Seconds into the clip at which the poster is taken: the title stands, the scene is complete.
const POSTER_S: f32 = 1.2;
/// JPEG quality of the poster, 1 to 100.
const POSTER_QUALITY: u8 = 86;

/// Renders a clip (H.264 in mp4) and its poster (JPEG). Blocks; one thread draws, ffmpeg encodes
/// on one more. On any error neither file is left behind.
pub fn render_to_files(
    request: &Request,
    fonts: &Fonts,
    tools: &Tools,
    mp4: &Path,
    poster: &Path,
    control: &Control,
) -> Result<Rendered, RenderError> {
    request.validate()?;
    let result = render(request, fonts, tools, (mp4, poster), control);
    if result.is_err() {
        // Best effort: what cannot be removed was never handed out.
        let _ = std::fs::remove_file(mp4);
        let _ = std::fs::remove_file(poster);
    }
    result
}

fn render(
    request: &Request,
    fonts: &Fonts,
    tools: &Tools,
    (mp4, poster): (&Path, &Path),
    control: &Control,
) -> Result<Rendered, RenderError> {
    control.report(0);
    let (width, height) = request.size();
    let stopped = |stop| explain(stop, tools);
    let mut encoder = Encoder::start(&tools.ffmpeg, (width, height), mp4).map_err(stopped)?;
    if control.is_cancelled() {
        return Err(RenderError::Cancelled);
    }
    let mut film = frames(request, fonts)?;
    let mut held = Held::new(&film);
    let mut frame = Frame::new(width as usize, height as usize);
    let count = film.len();
    for n in 0..count {
        film.draw(n, &mut frame, Some(&mut held));
        if n == (POSTER_S * FPS as f32) as u32 {
            write_poster(&frame, poster)?;
        }
        encoder.write(frame.bytes(), control).map_err(stopped)?;
        // The last hundredth is the encoder's own end.
        control.report((n + 1) * 990 / count);
    }
    encoder.finish(control).map_err(stopped)?;
    control.report(1000);
    Ok(rendered(&film, width, height))
}

fn rendered(film: &Film, width: u32, height: u32) -> Rendered {
    let frames = film.len();
    Rendered { frames, width, height, duration_ms: frames * 1000 / FPS }
}

fn write_poster(frame: &Frame, path: &Path) -> Result<(), RenderError> {
    let (w, h) = frame.size();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, POSTER_QUALITY);
    encoder
        .encode(&frame.rgb(), w as u16, h as u16, jpeg_encoder::ColorType::Rgb)
        .map_err(|error| RenderError::Io(std::io::Error::other(error)))?;
    std::fs::write(path, bytes).map_err(io)
}

fn io(error: std::io::Error) -> RenderError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => RenderError::DiskFull,
        _ => RenderError::Io(error),
    }
}

fn explain(stop: Stop, tools: &Tools) -> RenderError {
    match stop {
        Stop::Cancelled => RenderError::Cancelled,
        Stop::Missing(source) => RenderError::ToolMissing { tool: tools.ffmpeg.clone(), source },
        Stop::DiskFull => RenderError::DiskFull,
        Stop::Io(error) => io(error),
        Stop::Failed { status, stderr } => RenderError::EncoderFailed { status, stderr },
    }
}
