//! Requests and tools for the tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use animatic::{
    Aspect, Control, Film, Fonts, Frame, RenderError, Rendered, Request, Resolution, Tools, frames,
    render_to_files,
};

pub fn fonts() -> Fonts {
    Fonts::system().expect("apt-get install fonts-smiley-sans fonts-droid-fallback")
}

pub fn tools() -> Tools {
    let found = Command::new("ffmpeg").arg("-version").output();
    assert!(found.is_ok_and(|out| out.status.success()), "apt-get install ffmpeg");
    Tools { ffmpeg: "ffmpeg".into() }
}

pub fn request(prompt: &str) -> Request {
    Request {
        prompt: prompt.into(),
        values: vec![],
        seed: 7,
        aspect: Aspect::Wide,
        resolution: Resolution::P360,
        seconds: 2,
        watermark: false,
    }
}

pub fn film(request: &Request) -> Film {
    frames(request, &fonts()).unwrap()
}

/// The frame in which title and scene are complete.
pub fn still(prompt: &str) -> Frame {
    film(&request(prompt)).frame(28)
}

/// Renders into a folder: `clip.mp4` and `poster.jpg`.
pub fn render(request: &Request, dir: &Path) -> Result<Rendered, RenderError> {
    render_with(request, dir, &tools(), &Control::new())
}

pub fn render_with(
    request: &Request,
    dir: &Path,
    tools: &Tools,
    control: &Control,
) -> Result<Rendered, RenderError> {
    let (mp4, poster) = (dir.join("clip.mp4"), dir.join("poster.jpg"));
    render_to_files(request, &fonts(), tools, &mp4, &poster, control)
}

/// An executable script that is given to the renderer in place of ffmpeg.
pub fn script(dir: &Path, text: &str) -> Tools {
    use std::os::unix::fs::PermissionsExt;
    let path: PathBuf = dir.join("encoder");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Tools { ffmpeg: path }
}
