//! The encoder: ffmpeg as a child process that reads raw frames from a pipe. It is killed and
//! reaped whatever happens, and what it says on its error output becomes part of the error.
//!
//! No text of a request is ever part of its command line.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::control::Control;
use crate::request::FPS;

/// How much of the error output is kept, in bytes.
const STDERR_BYTES_MAX: usize = 2000;
/// How long the encoder may take no data or not end, in seconds.
const STALL_S: u64 = 60;
/// How often a cancellation is looked for while the encoder is busy, in milliseconds.
const LOOK_MS: i64 = 50;
/// What the pipe holds: more than one 640x360 frame, so that drawing and encoding overlap.
const PIPE_BYTES: usize = 1 << 20;

/// Why encoding stopped.
#[derive(Debug)]
pub enum Stop {
    Cancelled,
    Missing(std::io::Error),
    DiskFull,
    Io(std::io::Error),
    Failed { status: Option<i32>, stderr: String },
}

/// A running encoder. Dropping it kills the child.
pub struct Encoder {
    child: Child,
    stdin: Option<ChildStdin>,
    stderr: Option<JoinHandle<String>>,
}

/// What every clip is encoded with: see docs/decisions/0020-animatic.md.
const CODEC: &[&str] = &[
    "-an",
    "-c:v",
    "libx264",
    "-preset",
    "superfast",
    "-crf",
    "25",
    "-profile:v",
    "high",
    "-pix_fmt",
    "yuv420p",
    "-threads",
    "1",
    "-g",
    "48",
    "-x264-params",
    "cpu-independent=1:force-cfr=1",
    "-color_range",
    "tv",
    "-colorspace",
    "bt709",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "bt709",
    "-fflags",
    "+bitexact",
    "-flags:v",
    "+bitexact",
    "-map_metadata",
    "-1",
    "-movflags",
    "+faststart",
    "-f",
    "mp4",
];

impl Encoder {
    /// Starts ffmpeg; it writes to `out`.
    pub fn start(ffmpeg: &Path, size: (u32, u32), out: &Path) -> Result<Self, Stop> {
        let mut child = Command::new(ffmpeg)
            .args(["-v", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p"])
            .args(["-probesize", "32", "-analyzeduration", "0", "-threads", "1"])
            .args(["-s", &format!("{}x{}", size.0, size.1), "-r", &FPS.to_string()])
            .args(["-i", "pipe:0"])
            .args(CODEC)
            .arg(file_url(out))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound | ErrorKind::PermissionDenied => Stop::Missing(error),
                _ => Stop::Io(error),
            })?;
        let stdin = child.stdin.take();
        let stderr = child.stderr.take().map(|pipe| std::thread::spawn(move || drain(pipe)));
        let encoder = Self { child, stdin, stderr };
        if let Some(pipe) = &encoder.stdin {
            // A small pipe only costs speed.
            let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE_BYTES);
            let flags = fcntl_getfl(pipe).map_err(|e| Stop::Io(e.into()))?;
            fcntl_setfl(pipe, flags | OFlags::NONBLOCK).map_err(|e| Stop::Io(e.into()))?;
        }
        Ok(encoder)
    }

    /// Hands over one frame; returns early when a stop is asked for.
    pub fn write(&mut self, mut bytes: &[u8], control: &Control) -> Result<(), Stop> {
        let mut last = Instant::now();
        while !bytes.is_empty() {
            if control.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let Some(pipe) = &mut self.stdin else { return Err(self.failed(None)) };
            match pipe.write(bytes) {
                Ok(n) => {
                    bytes = &bytes[n..];
                    last = Instant::now();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let patience = Timespec { tv_sec: 0, tv_nsec: LOOK_MS * 1_000_000 };
                    let mut ready = [PollFd::new(pipe, PollFlags::OUT)];
                    let _ = poll(&mut ready, Some(&patience));
                    if last.elapsed() > Duration::from_secs(STALL_S) {
                        return Err(self.failed(None));
                    }
                }
                // The child ended early: its own words say why.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    let status = self.child.wait().ok();
                    return Err(self.failed(status));
                }
                Err(error) => return Err(Stop::Io(error)),
            }
        }
        Ok(())
    }

    /// Closes the input and waits for the file to be complete.
    pub fn finish(mut self, control: &Control) -> Result<(), Stop> {
        drop(self.stdin.take());
        let begun = Instant::now();
        loop {
            if control.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            match self.child.try_wait().map_err(Stop::Io)? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(self.failed(Some(status))),
                None if begun.elapsed() > Duration::from_secs(STALL_S) => {
                    return Err(self.failed(None));
                }
                None => std::thread::sleep(Duration::from_millis(3)),
            }
        }
    }

    fn failed(&mut self, status: Option<ExitStatus>) -> Stop {
        // Without a status it still runs, and its error output would never end.
        if status.is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        let stderr = self.stderr.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        if stderr.contains("No space left on device") || stderr.contains("Disk quota exceeded") {
            return Stop::DiskFull;
        }
        Stop::Failed { status: status.and_then(|status| status.code()), stderr }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        drop(self.stdin.take());
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if let Some(thread) = self.stderr.take() {
            let _ = thread.join();
        }
    }
}

/// The protocol is named, so that a path is never taken for one of ffmpeg's own.
fn file_url(path: &Path) -> std::ffi::OsString {
    let mut url = std::ffi::OsString::from("file:");
    url.push(path);
    url
}

/// Reads all, keeps the beginning.
fn drain(mut pipe: impl Read) -> String {
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(n) = pipe.read(&mut buffer) {
        if n == 0 {
            break;
        }
        let room = STDERR_BYTES_MAX.saturating_sub(kept.len());
        kept.extend_from_slice(&buffer[..n.min(room)]);
    }
    String::from_utf8_lossy(&kept).trim().to_owned()
}
