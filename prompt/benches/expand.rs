//! How fast prompts are made: 40 × 40 × 20 = 32,000 of them, again and again in each
//! way, and beside it the same work by the reference, which `dynamicprompts.py` runs. Prints one JSON
//! object.

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use prompt::{Expansion, Limits, SAMPLE_ALGORITHM, Sample, Selection, ValueList, expand};
use serde_json::{Value, json};

const METRIC: &str = "prompts_per_second";

/// Names and lengths of the three axes.
const AXES: [(&str, usize); 3] = [("style", 40), ("scene", 40), ("camera", 20)];
const WINDOWS: usize = 5;
const TIME: Duration = Duration::from_millis(300);

fn values(name: &str, n: usize) -> Vec<String> {
    (0..n).map(|i| format!("{name} {i}")).collect()
}

/// The text that the reference reads too: a group of options an axis.
fn inline_text() -> String {
    let groups: Vec<String> =
        AXES.iter().map(|(name, n)| format!("{{{}}}", values(name, *n).join("|"))).collect();
    format!("a {} shot of {}, {} move", groups[0], groups[1], groups[2])
}

fn lists() -> Selection {
    let list =
        |(name, n): &(&str, usize)| ValueList { name: (*name).into(), values: values(name, *n) };
    Selection { lists: AXES.iter().map(list).collect(), ..Selection::default() }
}

/// Prompts a second, over reading the template, binding, counting and making every prompt: the
/// best window, which on a shared machine is the one that was disturbed least.
fn rate(make: impl Fn() -> Vec<String>) -> u64 {
    let window = || {
        let start = Instant::now();
        let mut prompts = 0;
        while start.elapsed() < TIME {
            prompts += black_box(make()).len();
        }
        (prompts as f64 / start.elapsed().as_secs_f64()) as u64
    };
    (0..WINDOWS).map(|_| window()).max().unwrap_or(0)
}

fn made(text: &str, selection: &Selection) -> Expansion {
    expand(text, selection, &Limits::default()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn prompts(text: &str, selection: &Selection) -> Vec<String> {
    made(text, selection).prompts_from(0).collect()
}

/// What `dynamicprompts.py` beside this file measured.
fn reference() -> Value {
    let python = std::env::var_os("REELMILL_PYTHON").unwrap_or_else(|| {
        panic!("REELMILL_PYTHON must name a Python with dynamicprompts: `cargo xtask bench prompt` sets it")
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/dynamicprompts.py");
    let output = Command::new(python).arg(script).stderr(Stdio::inherit()).output();
    let output = output.unwrap_or_else(|error| panic!("the reference does not start: {error}"));
    assert!(output.status.success(), "the reference failed; its words are above");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}"))
}

fn line(case: &str, value: &Value) -> Value {
    json!({ "case": case, "metric": METRIC, "value": value, "unit": "1/s" })
}

fn main() {
    let by_name = "a {style} shot of {scene}, {camera} move";
    let inline = inline_text();
    let none = Selection::default();
    let lists = lists();
    let mut excluded = lists.clone();
    excluded.exclude = (0..40).map(|i| format!("style=style {i} & scene=scene {i}")).collect();
    let mut sampled = lists.clone();
    sampled.sample = Sample::Random { n: 32_000, seed: 1, algorithm: SAMPLE_ALGORITHM };
    let combinations = || made(by_name, &lists).iter_from(0).map(|c| c.prompt).collect();
    let reference = reference();
    assert_eq!(reference["prompts"], json!(prompts(&inline, &none).len()), "the same work");
    let rates = [
        ("inline", rate(|| prompts(&inline, &none))),
        ("lists", rate(|| prompts(by_name, &lists))),
        ("combinations with values", rate(combinations)),
        ("40 exclusions", rate(|| prompts(by_name, &excluded))),
        ("random sample", rate(|| prompts(by_name, &sampled))),
    ];
    let results: Vec<Value> = rates.iter().map(|(case, rate)| line(case, &json!(rate))).collect();
    println!(
        "{}",
        json!({
            METRIC: rates[0].1,
            "results": results,
            "reference": [line("dynamicprompts 0.31.0, inline", &reference[METRIC])],
        })
    );
}
