//! A first look from outside: one clip and its poster.

use animatic::{Aspect, Control, Fonts, Request, Resolution, Tools, render_to_files};

#[test]
fn a_clip_and_a_poster() {
    let fonts = Fonts::system().expect("apt-get install fonts-smiley-sans fonts-droid-fallback");
    let dir = tempfile::tempdir().unwrap();
    let request = Request {
        prompt: "黄昏的海边，一座灯塔".into(),
        values: vec![("地点".into(), "海边".into())],
        seed: 7,
        aspect: Aspect::Wide,
        resolution: Resolution::P360,
        seconds: 2,
        watermark: true,
    };
    let (mp4, poster) = (dir.path().join("a.mp4"), dir.path().join("a.jpg"));
    let tools = Tools { ffmpeg: "ffmpeg".into() };
    let control = Control::new();
    let made = render_to_files(&request, &fonts, &tools, &mp4, &poster, &control).unwrap();
    assert_eq!((made.frames, made.width, made.height, made.duration_ms), (48, 640, 360, 2000));
    assert_eq!(control.per_mille(), 1000);
    assert!(std::fs::metadata(&mp4).unwrap().len() > 10_000);
    assert!(std::fs::read(&poster).unwrap().starts_with(&[0xff, 0xd8]));
}
