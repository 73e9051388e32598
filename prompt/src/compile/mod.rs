//! From a template and a selection to an expansion: bind every variable once, order the axes,
//! count, exclude, sample. Every check that can be made before a quote is made here.
//!
//! Axes stand in order of first appearance in the template: a list or an inline group at its
//! place, a zip group or the rows at the place of the first member. Takes come last.

mod bind;
mod lists;
mod near;
mod resolve;
mod rule;
mod table;

use crate::expansion::{
    Axis, AxisKind, Cover, Diagram, Expansion, Layout, Order, Permutation, Source, TooManyPairs,
};
use crate::limits::Limits;
use crate::problem::{Place, Problem, Report};
use crate::selection::{PAIRWISE_ALGORITHM, SAMPLE_ALGORITHM, Sample, Selection};
use crate::template::{TAKE, Template, readings};
use crate::words::{exclusion, selection as words, template as template_words};
pub(crate) use table::check_columns;

/// The rules alive at a node of the diagram are one bit each of a `u64`.
pub(crate) const MAX_RULES: usize = 64;

/// Binds, counts, excludes and samples, without expanding anything.
///
/// # Errors
/// Every problem found.
pub fn compile(
    template: &Template,
    selection: &Selection,
    limits: &Limits,
) -> Result<Expansion, Vec<Problem>> {
    let mut report = Report::new(limits.max_problems);
    if template.chars > limits.max_template_chars {
        let max = limits.max_template_chars;
        let problem = template_words::template_too_long(template.chars, max);
        report.push(problem.within(Place::Template));
    }
    check_takes(selection.takes, limits, &mut report);
    check_sample(selection.sample, &mut report);
    let layout = bind::bind(template, selection, limits, &mut report)
        .and_then(|layout| with_takes(layout, selection.takes, limits, &mut report));
    let Some(layout) = layout else {
        return Err(report.finish().err().unwrap_or_default());
    };
    check_prompts(template, &layout, limits, &mut report);
    let space = layout.axes.iter().try_fold(1_u128, |n, axis| n.checked_mul(axis.len));
    if space.is_none() {
        report.push(words::space_overflow().within(Place::Axes));
    }
    let diagram = exclude(template, &layout, (selection, limits), &mut report);
    if report.errors() > 0 {
        return Err(report.finish().err().unwrap_or_default());
    }
    let space = space.unwrap_or_default();
    let left = diagram.as_ref().map_or(space, Diagram::count);
    if left == 0 {
        report.push(exclusion::everything_excluded().within(Place::Exclusions));
    }
    let drawn = sample(selection.sample, left, (&layout, diagram.as_ref(), limits), &mut report);
    let (count, order) = drawn.unwrap_or((0, Order::Natural));
    let notices = report.finish()?;
    Ok(Expansion { layout, space, left, count, diagram, order, notices })
}

fn check_takes(takes: u32, limits: &Limits, report: &mut Report) {
    if takes == 0 || takes > limits.max_takes {
        report.push(words::takes_out_of_range(takes, limits.max_takes).within(Place::Takes));
    }
}

fn check_sample(sample: Sample, report: &mut Report) {
    if matches!(sample, Sample::First { n: 0 } | Sample::Random { n: 0, .. }) {
        report.push(words::sample_empty().within(Place::Sample));
    }
    let (algorithm, newest) = match sample {
        Sample::Random { algorithm, .. } => (algorithm, SAMPLE_ALGORITHM),
        Sample::Pairwise { algorithm } => (algorithm, PAIRWISE_ALGORITHM),
        Sample::All | Sample::First { .. } => return,
    };
    if algorithm != newest {
        report.push(words::unknown_sample_algorithm(algorithm, newest).within(Place::Sample));
    }
}

/// Adds the axis of repeats, if there is more than one take.
fn with_takes(
    mut layout: Layout,
    takes: u32,
    limits: &Limits,
    report: &mut Report,
) -> Option<Layout> {
    if layout.axes.len() > limits.max_axes {
        let problem = words::too_many_axes(layout.axes.len(), limits.max_axes);
        report.push(problem.within(Place::Axes));
        return None;
    }
    if takes > 1 {
        layout.axes.push(Axis {
            name: TAKE.to_owned(),
            kind: AxisKind::Take,
            members: vec![TAKE.to_owned()],
            len: u128::from(takes),
        });
        layout.sources.push(Source::Take);
    }
    Some(layout)
}

/// Refuses prompts that could be blank or too long.
fn check_prompts(template: &Template, layout: &Layout, limits: &Limits, report: &mut Report) {
    let dissolves = |variable: usize, within: &str| {
        layout.values(variable).iter().any(|value| readings::consists_of(value, within))
    };
    if readings::can_be_blank(&template.parts, &dissolves) {
        report.push(words::prompt_may_be_blank().within(Place::Template));
    }
    let chars: Vec<usize> = (0..template.variables().len())
        .map(|variable| {
            layout.values(variable).iter().map(|v| v.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let longest = readings::longest(&template.parts, &|variable| chars[variable]);
    if longest > limits.max_prompt_chars {
        let problem = words::prompt_too_long(longest, limits.max_prompt_chars);
        report.push(problem.within(Place::Template));
    }
}

/// The diagram that leaves out what the exclusions name; `None` when nothing is excluded.
fn exclude(
    template: &Template,
    layout: &Layout,
    (selection, limits): (&Selection, &Limits),
    report: &mut Report,
) -> Option<Diagram> {
    let max = limits.max_exclusions.min(MAX_RULES);
    if selection.exclude.len() > max {
        let problem = exclusion::too_many(selection.exclude.len(), max);
        report.push(problem.within(Place::Exclusions));
        return None;
    }
    let rules = resolve::resolve(template, layout, (&selection.exclude, limits), report);
    if rules.is_empty() || report.errors() > 0 {
        return None;
    }
    let lens: Vec<u128> = layout.axes.iter().map(|axis| axis.len).collect();
    let (numbers, rules): (Vec<usize>, Vec<_>) = rules.into_iter().unzip();
    match Diagram::build(&lens, &rules, limits.max_nodes) {
        Ok(diagram) => Some(diagram),
        Err(rule) => {
            let place = Place::Exclusion { rule: numbers[rule], character: None };
            report.push(exclusion::too_complex(numbers[rule], limits.max_nodes).within(place));
            None
        }
    }
}

/// How many of what is left, and in which order; `None` where the report says why not.
fn sample(
    sample: Sample,
    left: u128,
    (layout, diagram, limits): (&Layout, Option<&Diagram>, &Limits),
    report: &mut Report,
) -> Option<(u128, Order)> {
    let (n, order) = match sample {
        Sample::All => return Some((left, Order::Natural)),
        Sample::First { n } => (n, Order::Natural),
        Sample::Random { n, seed, .. } => (n, Order::Keyed(Box::new(Permutation::new(left, seed)))),
        Sample::Pairwise { .. } if left == 0 => return None,
        Sample::Pairwise { .. } => {
            let lens: Vec<u128> = layout.axes.iter().map(|axis| axis.len).collect();
            let cover = cover(&lens, diagram, limits);
            let cover = cover.map_err(|problem| report.push(problem.within(Place::Sample))).ok()?;
            return Some((cover.len() as u128, Order::Listed(Box::new(cover))));
        }
    };
    if left > 0 && u128::from(n) > left {
        report.push(words::sample_covers_all(n, left).within(Place::Sample));
    }
    Some((u128::from(n).min(left), order))
}

fn cover(lens: &[u128], diagram: Option<&Diagram>, limits: &Limits) -> Result<Cover, Box<Problem>> {
    if lens.len() < 2 {
        return Err(Box::new(words::pairwise_one_axis()));
    }
    Cover::build(lens, diagram, limits.max_pairs)
        .map_err(|TooManyPairs(pairs)| Box::new(words::pairwise_too_large(pairs, limits.max_pairs)))
}
