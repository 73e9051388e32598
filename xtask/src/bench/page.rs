//! The page in real Chromium: what is fetched first, Lighthouse, a long batch scrolled, a batch
//! watched while it is made.
//!
//! The videos come from the scripted provider and go through the whole line. What would take most of
//! the time is not measured here and is stood in for: probing a file and making its still picture.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::{Measured, line, measure};
use crate::account::Account;
use crate::api::Client;
use crate::failure::{Failure, While as _};
use crate::npm::{self, Locked};
use crate::page::Program;
use crate::scripted::Scripted;
use crate::server::Installation;
use crate::{node, packages, page, process, run, server, step, target};

const SCRIPT: &str = include_str!("../../../tests/node/page/measure.mjs");
const LIGHTHOUSE: Locked = Locked {
    name: "bench/page/npm",
    what: "Lighthouse and the browser's driver",
    manifest: include_str!("../../../tests/node/page/package.json"),
    lock: include_str!("../../../tests/node/page/package-lock.json"),
};
/// Ten thousand videos in one batch, on the provider's own lane.
const PLAN: &str = "enterprise";
const CREDITS: &str = "100000";

/// Measures.
///
/// # Errors
/// Something is missing, or a measurement failed.
pub fn run() -> Result<Measured, Failure> {
    packages::ensure(&[packages::RENDER, packages::BROWSER])?;
    page::ensure()?;
    let folder = npm::ensure(&LIGHTHOUSE)?;
    let script = folder.join("measure.mjs");
    std::fs::write(&script, SCRIPT).or_fail("write the script")?;
    let data = target::own("bench/page/data")?;
    let _ = std::fs::remove_dir_all(&data);
    server::make_folder(&data)?;
    let provider = Scripted::start(&data)?;
    let settings = provider.settings(&data, &stand_ins(&data)?)?;
    let installation =
        Installation { binary: server::build()?, data: data.clone(), settings: Some(settings) };
    let serving = installation.serve(0)?;
    let account = Account::fresh()?;
    let workspace = account.sign_up(&mut Client::new(serving.address()), "Bench")?;
    run::endow(&installation, &workspace, (PLAN, CREDITS))?;
    let mut command = Command::new(node::ensure()?);
    command.arg(&script).current_dir(&folder);
    command.env("REELMILL_ADDRESS", serving.address()).env("REELMILL_WORKSPACE", workspace);
    command.env("REELMILL_EMAIL", account.email).env("REELMILL_PASSWORD", account.password);
    let mut measured = step::step("measuring page", || measure(&mut command))?;
    serving.stop()?;
    let _ = std::fs::remove_dir_all(data);
    for (program, metric) in [
        (Program::Books, "books_program_brotli_kb"),
        (Program::Watch, "watch_program_brotli_kb"),
        (Program::Page, "first_load_brotli_kb"),
    ] {
        let kilobytes = page::load_bytes(program)? as f64 / 1000.0;
        measured.results.insert(0, line("page", metric, (kilobytes, "KB")));
    }
    Ok(measured)
}

/// An `ffprobe` that says what every clip of the provider is, and an `ffmpeg` that has the still
/// picture already; settings that name them.
fn stand_ins(folder: &Path) -> Result<String, Failure> {
    let still = folder.join("still.jpg");
    let mut make = Command::new("ffmpeg");
    make.args(["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360", "-frames:v", "1"]);
    process::read(make.arg(&still))?;
    let report = json!({
        "format": { "duration": "4.000000" },
        "streams": [{
            "codec_type": "video", "codec_name": "h264", "width": 640, "height": 360,
            "duration": "4.000000", "nb_frames": "48", "nb_read_packets": "48",
        }],
    });
    let probe = program(&folder.join("ffprobe"), &format!("echo '{report}'"))?;
    let words = format!(
        "case \"$*\" in *image2*) for to; do :; done; exec cp '{}' \"$to\";; esac\n\
         exec ffmpeg \"$@\"",
        still.display()
    );
    let encoder = program(&folder.join("ffmpeg"), &words)?;
    Ok(format!("[tools]\nffmpeg = '{}'\nffprobe = '{}'\n", encoder.display(), probe.display()))
}

fn program(path: &Path, words: &str) -> Result<PathBuf, Failure> {
    let what = path.display();
    std::fs::write(path, format!("#!/bin/sh\n{words}\n")).or_fail(format!("write {what}"))?;
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, runs).or_fail(format!("make {what} run"))?;
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lighthouse_is_locked_with_its_sha512() {
        assert_eq!(npm::unsummed(LIGHTHOUSE.lock), [""; 0]);
    }
}
