//! Speed of a render beside the encoder alone, in one run: prints one JSON line.
//!
//! `video_seconds_per_cpu_second` counts the processor time of this process and of its children,
//! drawing, encoding, poster and process starts included. The reference is ffmpeg encoding its
//! own `testsrc2` with the same settings.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use animatic::{Aspect, Control, Fonts, Request, Resolution, Tools, render_to_files};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::json;

/// Length of every clip, in seconds.
const SECONDS: u8 = 4;

const PROMPTS: [&str; 10] = [
    "黄昏的海边，一座灯塔守望着归航的船",
    "A detective waits under the city rain at midnight, film noir",
    "霓虹都市的雨夜街头，一辆跑车驶过",
    "Watercolor spring mountains with cherry blossom and a hot air balloon",
    "雪山脚下亮着灯的小木屋，冬夜大雪",
    "Aurum One, the watch that keeps its own time, studio product shot",
    "A fox spirit wanders the ancient forest at dawn, storybook",
    "水墨江上孤舟，远山如黛",
    "A geometric poster for a windmill in a tulip field",
    "古镇的夜市，灯笼下的猫",
];

fn main() -> Result<(), Box<dyn Error>> {
    let fonts = Fonts::system()?;
    let tools = Tools { ffmpeg: "ffmpeg".into() };
    let dir = tempfile::tempdir()?;
    let mp4 = dir.path().join("clip.mp4");
    let (mut speeds, mut references, mut bytes, mut cases) = (vec![], vec![], 0, vec![]);
    for prompt in PROMPTS {
        let request = request(prompt);
        let before = cpu_s()?;
        render_to_files(
            &request,
            &fonts,
            &tools,
            &mp4,
            &dir.path().join("p.jpg"),
            &Control::new(),
        )?;
        let own = cpu_s()? - before;
        bytes += std::fs::metadata(&mp4)?.len();
        let before = cpu_s()?;
        reference(&mp4)?;
        let other = cpu_s()? - before;
        speeds.push(f64::from(SECONDS) / own);
        references.push(f64::from(SECONDS) / other);
        cases.push(
            json!({ "case": prompt, "cpu_seconds_per_video_second": own / f64::from(SECONDS) }),
        );
    }
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let metric = |value: f64| json!([{ "case": "mean-of-10-640x360", "metric": "video_seconds_per_cpu_second", "value": value, "unit": "s/s" }]);
    let line = json!({
        "bench": "render",
        "machine": machine(),
        "results": metric(mean(&speeds)),
        "reference": metric(mean(&references)),
        "ratio": mean(&speeds) / mean(&references),
        "cpu_seconds_per_video_second": mean(&speeds.iter().map(|s| 1.0 / s).collect::<Vec<_>>()),
        "mean_clip_bytes": bytes / PROMPTS.len() as u64,
        "prompts": cases,
    });
    println!("{line}");
    Ok(())
}

fn request(prompt: &str) -> Request {
    Request {
        prompt: prompt.into(),
        values: vec![],
        seed: 7,
        aspect: Aspect::Wide,
        resolution: Resolution::P360,
        seconds: SECONDS,
        watermark: true,
    }
}

/// ffmpeg's own test picture through the same encoder settings.
fn reference(out: &Path) -> Result<(), Box<dyn Error>> {
    let source = format!("testsrc2=size=640x360:rate=24:duration={SECONDS}");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y", "-threads", "1", "-f", "lavfi", "-i", &source])
        .args(["-an", "-c:v", "libx264", "-preset", "superfast", "-crf", "25"])
        .args(["-profile:v", "high", "-pix_fmt", "yuv420p", "-threads", "1", "-g", "48"])
        .args(["-x264-params", "cpu-independent=1:force-cfr=1", "-movflags", "+faststart"])
        .arg(out)
        .status()?;
    if status.success() { Ok(()) } else { Err("ffmpeg failed on its own test source".into()) }
}

/// Processor time of this process and of the children it has waited for, in seconds.
fn cpu_s() -> Result<f64, Box<dyn Error>> {
    let mut sum = 0.0;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who)?;
        for time in [usage.user_time(), usage.system_time()] {
            sum += time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
        }
    }
    Ok(sum)
}

fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{} × {cores}", name.trim_start_matches([' ', '\t', ':']))
}
