//! `scripted-provider --book FILE [--listen 127.0.0.1:0] [--render-ms 300]`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use scripted_provider::Options;

#[tokio::main]
async fn main() -> ExitCode {
    let Some(options) = options(std::env::args().skip(1)) else {
        eprintln!("scripted-provider --book FILE [--listen 127.0.0.1:0] [--render-ms 300]");
        return ExitCode::FAILURE;
    };
    match scripted_provider::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scripted-provider: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Option<Options> {
    let (mut book, mut listen) = (None, String::from("127.0.0.1:0"));
    let mut render = Duration::from_millis(300);
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--book" => book = Some(PathBuf::from(value)),
            "--listen" => listen = value,
            "--render-ms" => render = Duration::from_millis(value.parse().ok()?),
            _ => return None,
        }
    }
    Some(Options { book: book?, listen, render })
}
