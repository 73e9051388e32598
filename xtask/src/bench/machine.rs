//! What a measurement was made on.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::process;

/// Processor, cores, memory, system, compiler.
pub fn describe() -> Value {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    json!({
        "cpu": field("/proc/cpuinfo", "model name"),
        "cores": cores,
        "memory": field("/proc/meminfo", "MemTotal"),
        "kernel": said("uname", &["-sr"]),
        "compiler": said("rustc", &["--version"]),
    })
}

fn said(program: &str, words: &[&str]) -> String {
    let text = process::read(Command::new(program).args(words));
    text.map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

fn field(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    value_of(&text, name).unwrap_or("unknown").to_owned()
}

fn value_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_name() {
        assert_eq!(value_of("MemFree: 1 kB\nMemTotal:  24 kB\n", "MemTotal"), Some("24 kB"));
        assert_eq!(value_of("", "MemTotal"), None);
    }
}
