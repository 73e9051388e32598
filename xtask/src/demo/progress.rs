//! Following a batch by subscription: a bar on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::batch::{Launched, number};
use crate::api::socket::{Event, Subscription};
use crate::api::{Client, queries};
use crate::failure::Failure;
use crate::step;

/// Cells of the bar.
const CELLS: i64 = 32;
/// Time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(3);
/// Sockets opened in a row without a word from the server.
const TRIES: u32 = 5;

/// Terminal counts of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    total: i64,
    delivered: i64,
    failed: i64,
    cancelled: i64,
}

impl Counts {
    const fn ended(self) -> i64 {
        self.delivered + self.failed + self.cancelled
    }
}

/// Follows until the batch has settled; returns how many updates came and how long it took.
///
/// A socket that breaks is opened again from the last revision seen.
///
/// # Errors
/// The server refuses or cannot be reached any more.
pub fn follow(
    client: &Client,
    workspace: &str,
    launched: &Launched,
) -> Result<(u32, Duration), Failure> {
    let mut view = View::new(launched.videos);
    let mut after = Value::Null;
    let mut tries = 0;
    loop {
        let variables = json!({ "workspace": workspace, "batch": launched.batch, "after": after });
        let seen = view.updates;
        match follow_one(client, variables, (&mut view, &mut after)) {
            Ok(()) => {
                view.finish();
                return Ok((view.updates, view.started.elapsed()));
            }
            Err(Failure::Interrupted) => return Err(Failure::Interrupted),
            Err(failure) => {
                tries = if view.updates > seen { 1 } else { tries + 1 };
                if tries >= TRIES {
                    return Err(failure);
                }
                step::note(&format!("{failure}; following again from revision {after}"));
                std::thread::sleep(Duration::from_millis(300));
            }
        }
    }
}

fn follow_one(
    client: &Client,
    variables: Value,
    (view, after): (&mut View, &mut Value),
) -> Result<(), Failure> {
    let mut subscription = Subscription::open(client, queries::PROGRESS, variables)?;
    loop {
        match subscription.next()? {
            Event::Quiet => view.tick(),
            Event::Complete => {
                return if view.settled {
                    Ok(())
                } else {
                    Err(Failure::new("the subscription ended before the batch"))
                };
            }
            Event::Next(data) => {
                let progress = &data["batchProgress"];
                *after = progress["rev"].clone();
                view.update(&progress["batch"])?;
                if view.settled {
                    return Ok(());
                }
            }
        }
    }
}

/// What is shown.
struct View {
    counts: Counts,
    settled: bool,
    updates: u32,
    terminal: bool,
    started: Instant,
    last_line: Option<(Instant, Counts)>,
}

impl View {
    fn new(total: i64) -> Self {
        Self {
            counts: Counts { total, ..Counts::default() },
            settled: false,
            updates: 0,
            terminal: std::io::stderr().is_terminal(),
            started: Instant::now(),
            last_line: None,
        }
    }

    fn update(&mut self, batch: &Value) -> Result<(), Failure> {
        let counts = &batch["counts"];
        self.counts = Counts {
            total: number(&counts["total"])?,
            delivered: number(&counts["delivered"])?,
            failed: number(&counts["failed"])?,
            cancelled: number(&counts["cancelled"])?,
        };
        self.settled = !batch["settledAt"].is_null();
        self.updates += 1;
        self.tick();
        Ok(())
    }

    fn tick(&mut self) {
        let line = line(self.counts, self.started.elapsed());
        if self.terminal {
            eprint!("\r\x1b[K{line}");
            // A terminal that went away is no reason to stop.
            let _ = std::io::stderr().flush();
            return;
        }
        let due = match self.last_line {
            None => true,
            Some((when, shown)) => {
                let changed = shown != self.counts;
                changed && (when.elapsed() >= BETWEEN_LINES || self.settled)
            }
        };
        if due {
            eprintln!("{line}");
            self.last_line = Some((Instant::now(), self.counts));
        }
    }

    fn finish(&mut self) {
        if self.terminal {
            eprintln!();
        }
    }
}

/// The bar with its words.
fn line(counts: Counts, elapsed: Duration) -> String {
    let total = counts.total.max(1);
    let full = usize::try_from(counts.ended() * CELLS / total).unwrap_or(0);
    let empty = usize::try_from(CELLS).unwrap_or(0).saturating_sub(full);
    let mut words = format!("{} of {} delivered", counts.delivered, counts.total);
    for (count, name) in [(counts.failed, "failed"), (counts.cancelled, "cancelled")] {
        if count > 0 {
            words.push_str(&format!(", {count} {name}"));
        }
    }
    let left = match remaining(counts, elapsed) {
        Some(left) => format!(", about {} left", step::seconds(left)),
        None => String::new(),
    };
    format!(
        "  {}{} {words} · {}{left}",
        "█".repeat(full),
        "░".repeat(empty),
        step::seconds(elapsed)
    )
}

/// At the pace so far; none before the first video and after the last.
fn remaining(counts: Counts, elapsed: Duration) -> Option<Duration> {
    let open = u32::try_from(counts.total - counts.ended()).ok()?;
    let ended = u32::try_from(counts.ended()).ok()?;
    (open > 0 && ended > 0).then(|| elapsed / ended * open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(delivered: i64, failed: i64) -> Counts {
        Counts { total: 24, delivered, failed, cancelled: 0 }
    }

    #[test]
    fn the_bar_fills_with_what_has_ended() {
        let at = Duration::from_secs(6);
        assert_eq!(
            line(counts(0, 0), at),
            format!("  {} 0 of 24 delivered · 6.0 s", "░".repeat(32))
        );
        assert_eq!(
            line(counts(5, 1), at),
            format!(
                "  {}{} 5 of 24 delivered, 1 failed · 6.0 s, about 18.0 s left",
                "█".repeat(8),
                "░".repeat(24)
            )
        );
        assert_eq!(
            line(counts(24, 0), at),
            format!("  {} 24 of 24 delivered · 6.0 s", "█".repeat(32))
        );
    }

    #[test]
    fn an_update_is_read_and_knows_the_end() {
        let mut view = View::new(2);
        let batch = json!({ "settledAt": null,
            "counts": { "total": 2, "delivered": 1, "failed": 0, "cancelled": 0 } });
        view.update(&batch).unwrap();
        assert!(!view.settled);
        let batch = json!({ "settledAt": "2026-01-01T00:00:00Z",
            "counts": { "total": 2, "delivered": 1, "failed": 1, "cancelled": 0 } });
        view.update(&batch).unwrap();
        assert!(view.settled);
        assert_eq!((view.counts.ended(), view.updates), (2, 2));
    }
}
