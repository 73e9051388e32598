//! Files, encoder and cancellation.

use std::process::Command;
use std::time::{Duration, Instant};

use animatic::{Control, RenderError, RequestError, Resolution, SECONDS_MAX, SECONDS_MIN, Tools};

use crate::support::{render, render_with, request, script, tools};

/// What ffprobe says: codec, profile, pixel format, width, height, rate, frames, seconds.
fn probe(path: &std::path::Path) -> Vec<String> {
    let out = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-select_streams", "v:0", "-of", "csv=p=0"])
        .args([
            "-show_entries",
            "stream=codec_name,width,height,pix_fmt,r_frame_rate,duration,nb_read_frames",
        ])
        .arg(path)
        .output()
        .expect("apt-get install ffmpeg");
    let text = String::from_utf8(out.stdout).unwrap();
    text.trim().split(',').map(str::to_owned).collect()
}

#[test]
fn the_clip_is_what_was_asked_for() {
    for (aspect, resolution, seconds) in [
        ("16:9", Resolution::P360, 2),
        ("9:16", Resolution::P360, 3),
        ("1:1", Resolution::P720, 2),
        ("16:9", Resolution::P360, 10),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let mut request = request("黄昏的海边，一座灯塔");
        request.aspect = aspect.parse().unwrap();
        (request.resolution, request.seconds, request.watermark) = (resolution, seconds, true);
        let control = Control::new();
        let made = render_with(&request, dir.path(), &tools(), &control).unwrap();
        let (w, h) = request.size();
        let count = u32::from(seconds) * 24;
        assert_eq!((made.frames, made.width, made.height), (count, w, h));
        assert_eq!(made.duration_ms, u32::from(seconds) * 1000);
        assert_eq!(control.per_mille(), 1000);
        let seen = probe(&dir.path().join("clip.mp4"));
        let duration = format!("{seconds}.000000");
        let (w, h, count) = (w.to_string(), h.to_string(), count.to_string());
        assert_eq!(seen, ["h264", &w, &h, "yuv420p", "24/1", &duration, &count]);
        let poster = std::fs::read(dir.path().join("poster.jpg")).unwrap();
        assert!(poster.starts_with(&[0xff, 0xd8]) && poster.ends_with(&[0xff, 0xd9]));
        assert_eq!(probe(&dir.path().join("poster.jpg"))[..3], ["mjpeg".to_owned(), w, h]);
    }
}

#[test]
fn lengths_outside_the_limits_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for seconds in [0, SECONDS_MIN - 1, SECONDS_MAX + 1, 255] {
        let mut request = request("sea");
        request.seconds = seconds;
        let refused = render(&request, dir.path()).unwrap_err();
        let expected = RequestError::SecondsOutOfRange { seconds };
        assert!(matches!(refused, RenderError::Request(e) if e == expected));
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    for prompt in
        ["雪山脚下亮着灯的小木屋，冬夜大雪", "vintage train through the desert", "neon car"]
    {
        let bytes = || {
            let dir = tempfile::tempdir().unwrap();
            render(&request(prompt), dir.path()).unwrap();
            let read = |name| std::fs::read(dir.path().join(name)).unwrap();
            (read("clip.mp4"), read("poster.jpg"))
        };
        assert!(bytes() == bytes(), "{prompt}");
    }
}

#[test]
fn odd_paths_are_only_paths() {
    let dir = tempfile::tempdir().unwrap();
    let odd = dir.path().join("pipe:1 ';%{x}:[in]");
    std::fs::create_dir(&odd).unwrap();
    render(&request("sea"), &odd).unwrap();
    assert!(odd.join("clip.mp4").exists());
}

fn gone(pid: &str) -> bool {
    !std::path::Path::new("/proc").join(pid).exists()
}

/// Waits until a script has written its process id.
fn pid_in(path: &std::path::Path) -> String {
    let begun = Instant::now();
    loop {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        if text.ends_with('\n') {
            return text.trim().to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the encoder never started");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn cancelling_kills_and_reaps_an_encoder_that_hangs() {
    let dir = tempfile::tempdir().unwrap();
    let out = tempfile::tempdir().unwrap();
    // It never reads: the pipe fills up, and a plain write would block for ever.
    let pid_file = dir.path().join("pid");
    let tools = script(dir.path(), &format!("echo $$ > '{}'\nexec sleep 600", pid_file.display()));
    let control = Control::new();
    let (shared, out_path) = (control.clone(), out.path().to_owned());
    let thread =
        std::thread::spawn(move || render_with(&request("sea"), &out_path, &tools, &shared));
    let pid = pid_in(&pid_file);
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    control.cancel();
    let result = thread.join().unwrap();
    assert!(matches!(result, Err(RenderError::Cancelled)), "{result:?}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(gone(&pid), "process {pid} is still there");
    assert!(control.per_mille() < 1000);
}

#[test]
fn cancelling_a_real_encoder_leaves_no_file() {
    let out = tempfile::tempdir().unwrap();
    let mut request = request("sea");
    (request.seconds, request.resolution) = (10, Resolution::P720);
    let control = Control::new();
    let (shared, path, tools) = (control.clone(), out.path().to_owned(), tools());
    let thread = std::thread::spawn(move || render_with(&request, &path, &tools, &shared));
    let begun = Instant::now();
    while control.per_mille() < 50 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(2));
    }
    control.cancel();
    assert!(matches!(thread.join().unwrap(), Err(RenderError::Cancelled)));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn each_failure_has_its_own_error() {
    let dir = tempfile::tempdir().unwrap();
    let run = |tools: &Tools| {
        render_with(&request("sea"), dir.path(), tools, &Control::new()).unwrap_err()
    };
    let missing = run(&Tools { ffmpeg: dir.path().join("no-such-program") });
    assert!(matches!(missing, RenderError::ToolMissing { .. }), "{missing:?}");
    let full = run(&script(
        dir.path(),
        "echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1",
    ));
    assert!(matches!(full, RenderError::DiskFull), "{full:?}");
    let failed = run(&script(dir.path(), "head -c 5000 /dev/zero | tr '\\0' x >&2; exit 3"));
    let RenderError::EncoderFailed { status, stderr } = failed else { panic!("{failed:?}") };
    assert_eq!((status, stderr.len()), (Some(3), 2000), "said, and not too much");
    let unwritable = std::path::Path::new("/proc/nowhere");
    let nowhere = render_with(&request("sea"), unwritable, &tools(), &Control::new()).unwrap_err();
    assert!(
        matches!(nowhere, RenderError::EncoderFailed { .. } | RenderError::Io(_)),
        "{nowhere:?}"
    );
}

#[test]
fn errors_can_cross_threads() {
    fn send<T: Send>() {}
    send::<RenderError>();
    send::<animatic::Film>();
    send::<animatic::Fonts>();
    send::<Control>();
}
