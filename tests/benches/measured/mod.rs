//! A server in a process of its own, watched from outside: its memory and its time on the CPU.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// Says which part of a bench program a process plays.
pub const ROLE: &str = "REELMILL_BENCH_ROLE";

/// A process that ends with the measurement.
pub struct Watched {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Watched {
    /// This program once more, in another role.
    pub fn role(role: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.env(ROLE, role);
        Self::start(command)
    }

    /// Any program.
    pub fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a process starts");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { child, input, output }
    }

    /// The next line it says.
    pub fn line(&mut self) -> String {
        self.output.next().expect("a line").expect("text")
    }

    /// Tells it something; its answer.
    pub fn ask(&mut self, line: &str) -> String {
        writeln!(self.input, "{line}").expect("it listens");
        self.line()
    }

    /// Resident memory, bytes.
    pub fn memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("it lives");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
        kib.expect("a number") * 1024
    }

    /// Time on the CPU so far, its own and the kernel's for it.
    pub fn cpu(&self) -> Duration {
        let path = format!("/proc/{}/stat", self.child.id());
        let stat = std::fs::read_to_string(path).expect("it lives");
        // The name may hold anything but ends with the last parenthesis.
        let rest = stat.rsplit_once(')').expect("a name").1;
        let fields: Vec<u64> =
            rest.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
        // Ticks are hundredths of a second on every Linux that matters.
        Duration::from_millis((fields[11] + fields[12]) * 10)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // Ended already, unless something failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A number as `cargo xtask bench` reads it.
pub fn number(case: &str, metric: &str, (value, unit): (f64, &str)) -> Value {
    json!({ "case": case, "metric": metric, "value": value, "unit": unit })
}

/// A number from the environment, for a short run.
pub fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
