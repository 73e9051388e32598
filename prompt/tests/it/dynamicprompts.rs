//! The shared subset (variants, nesting, `$$` counts and separators, order, white space) means
//! what it means to PyPI's dynamicprompts 0.31.0: random templates, all prompts, equal in order.
//!
//! Where the two differ on purpose (we refuse duplicates and impossible counts, it drops or clamps
//! them) the template is not of the subset; the test counts that enough are.

use std::io::Write;
use std::process::{Command, Stdio};

use prompt::{Code, Limits, Selection, expand};

use crate::case::{Dice, rolls};

const TEMPLATES: u64 = 1_000;
const MOST_PROMPTS: u128 = 1_000;

/// Text that both read as text. `//` and `#` begin comments there; `%{` wraps.
const WORDS: [&str; 14] =
    ["a", "b", "cat ", " dog", "x y", ", ", "水墨", "(d:1.2)", "e\n", "\\n", ".5", "7", "-", "é"];
const SEPARATORS: [&str; 7] = [" and ", ", ", "|", " ", "+", "a", "<>"];

fn text(dice: &mut Dice<'_>, depth: usize, out: &mut String) {
    for _ in 0..dice.roll(3) {
        if depth < 3 && dice.roll(2 + depth) == 1 {
            group(dice, depth, out);
        } else {
            out.push_str(dice.pick(&WORDS));
        }
    }
}

fn group(dice: &mut Dice<'_>, depth: usize, out: &mut String) {
    let options = 2 + dice.roll(3);
    out.push('{');
    if dice.roll(2) == 1 {
        let max = 1 + dice.roll(options.min(3));
        let min = dice.roll(max + 1);
        match dice.roll(4) {
            0 => out.push_str(&max.to_string()),
            1 => out.push_str(&format!("-{max}")),
            2 => out.push_str(&format!("{min}-{max}")),
            _ => out.push_str(&format!("{max}-")),
        }
        out.push_str("$$");
        if dice.roll(2) == 1 {
            out.push_str(dice.pick(&SEPARATORS));
            out.push_str("$$");
        }
    }
    for option in 0..options {
        if option > 0 {
            out.push('|');
        }
        out.push_str(dice.pick(&["", "", " ", "2::", " .5::"]));
        // Mostly different beginnings, for readings that repeat are not of the subset.
        let first = ["k", "l", "m", "n"][option];
        out.push_str(if dice.roll(8) == 0 { "" } else { first });
        text(dice, depth + 1, out);
    }
    out.push('}');
}

fn shared() -> Vec<(String, Vec<String>)> {
    let mut templates = Vec::new();
    for seed in 0..TEMPLATES {
        let rolls = rolls(seed, 200);
        let mut dice = Dice::new(&rolls);
        let mut template = String::from("p ");
        group(&mut dice, 0, &mut template);
        text(&mut dice, 0, &mut template);
        match expand(&template, &Selection::default(), &Limits::default()) {
            Ok(made) if made.count() <= MOST_PROMPTS => {
                templates.push((template, made.iter_from(0).map(|c| c.prompt).collect()));
            }
            Ok(_) => {}
            Err(problems) => {
                let known = [Code::DuplicateVariant, Code::TooManyVariants, Code::SpaceOverflow];
                assert!(
                    problems.iter().all(|p| known.contains(&p.code)),
                    "{template}: {problems:?}"
                );
            }
        }
    }
    templates
}

fn theirs(templates: &[&str]) -> Vec<Vec<String>> {
    let python = std::env::var_os("REELMILL_PYTHON").expect(
        "REELMILL_PYTHON must name a Python with dynamicprompts 0.31.0: `cargo xtask test` \
         prepares one and sets it",
    );
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/reference.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Python that REELMILL_PYTHON names starts");
    let input = serde_json::to_vec(templates).unwrap();
    let sent = child.stdin.take().unwrap().write_all(&input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the comparison script failed; see its words above");
    sent.unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn shared_templates_make_the_same_prompts_in_the_same_order() {
    let ours = shared();
    let prompts: usize = ours.iter().map(|(_, prompts)| prompts.len()).sum();
    assert!(ours.len() >= 600 && prompts >= 20_000, "{} templates, {prompts}", ours.len());
    let templates: Vec<&str> = ours.iter().map(|(template, _)| template.as_str()).collect();
    let theirs = theirs(&templates);
    assert_eq!(ours.len(), theirs.len());
    for ((template, ours), theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs, "{template:?}");
    }
}
