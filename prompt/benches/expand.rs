//! How fast prompts are made: 40 × 40 × 20 = 32,000 of them, again and again in each
//! way. Prints one JSON object. `dynamicprompts.py` beside this file does the same work with the
//! reference.

use std::hint::black_box;
use std::time::{Duration, Instant};

use prompt::{Expansion, Limits, SAMPLE_ALGORITHM, Sample, Selection, ValueList, expand};

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
    println!(
        "{{\"prompts_per_second\":{},\"list_prompts_per_second\":{},\
         \"combinations_per_second\":{},\"excluded_prompts_per_second\":{},\
         \"sampled_prompts_per_second\":{},\"prompts\":{}}}",
        rate(|| prompts(&inline, &none)),
        rate(|| prompts(by_name, &lists)),
        rate(combinations),
        rate(|| prompts(by_name, &excluded)),
        rate(|| prompts(by_name, &sampled)),
        made(&inline, &none).count(),
    );
}
