//! What a template and a selection make together: counted at once, read anywhere, never listed.
//!
//! Three numbers name a combination. Its *index* counts all combinations of the axes, last axis
//! fastest, before exclusions and sample: it never changes while the axes don't. Its *rank* counts
//! only what the exclusions leave. Its *ordinal* is its place in the sample: what `nth` takes.
//! Ordinal → rank is the order (natural, or keyed by a seed), rank → digits the diagram. A pairwise
//! sample alone is a list, made once.

mod axis;
mod diagram;
mod pairwise;
mod permutation;
mod pilot;
mod reach;

use serde::{Deserialize, Serialize};
use std::fmt::Write;

use crate::problem::Problem;
use crate::selection::Selection;
pub use axis::{Axis, AxisKind};
pub(crate) use axis::{Binding, Column, Layout, Source};
pub(crate) use diagram::{Diagram, Rule};
pub(crate) use pairwise::{Cover, TooManyPairs};
pub(crate) use permutation::Permutation;

/// The combinations that a selection makes of a template.
#[derive(Clone, Debug)]
pub struct Expansion {
    pub(crate) layout: Layout,
    pub(crate) space: u128,
    pub(crate) left: u128,
    pub(crate) count: u128,
    pub(crate) diagram: Option<Diagram>,
    pub(crate) order: Order,
    pub(crate) notices: Vec<Problem>,
}

/// From a place in the sample to a place among what is left; a pairwise sample is a list.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    Natural,
    Keyed(Box<Permutation>),
    Listed(Box<Cover>),
}

/// One combination: one video's prompt and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Combination {
    /// Its number among all combinations of the axes, before exclusions and sample, from 0.
    #[serde(with = "crate::decimal")]
    pub index: u128,
    /// Its place in the sample, from 0: what [`Expansion::nth`] was given.
    #[serde(with = "crate::decimal")]
    pub ordinal: u128,
    /// The prompt.
    pub prompt: String,
    /// Name and value of every variable and inline group (`#1`, `#2`, …) in axis order, with the
    /// columns and zipped lists that are bound but not used.
    pub values: Vec<(String, String)>,
    /// Which take of the combination, from 1.
    pub take: u32,
}

impl Expansion {
    /// All combinations of the axes, before exclusions and sample.
    pub fn space(&self) -> u128 {
        self.space
    }

    /// What the exclusions leave, before the sample.
    pub fn left(&self) -> u128 {
        self.left
    }

    /// How many combinations there are to make.
    pub fn count(&self) -> u128 {
        self.count
    }

    /// The axes in order, the last one fastest.
    pub fn axes(&self) -> &[Axis] {
        &self.layout.axes
    }

    /// What is worth saying about the selection.
    pub fn notices(&self) -> &[Problem] {
        &self.notices
    }

    /// The combination at a place of the sample, from 0. Takes time in the number of axes, not of
    /// combinations.
    pub fn nth(&self, ordinal: u128) -> Option<Combination> {
        Some(self.combination(ordinal, &self.digits(ordinal)?))
    }

    /// The combinations from a place of the sample on.
    pub fn iter_from(&self, ordinal: u128) -> impl Iterator<Item = Combination> + '_ {
        let mut walk = Walk::new(self, ordinal);
        std::iter::from_fn(move || walk.step().map(|(at, digits)| self.combination(at, digits)))
    }

    /// The prompts alone from a place of the sample on.
    pub fn prompts_from(&self, ordinal: u128) -> impl Iterator<Item = String> + '_ {
        let mut walk = Walk::new(self, ordinal);
        std::iter::from_fn(move || walk.step().map(|(_, digits)| self.prompt(digits)))
    }

    fn combination(&self, ordinal: u128, digits: &[u128]) -> Combination {
        Combination {
            index: self.layout.index(digits),
            ordinal,
            prompt: self.prompt(digits),
            values: self.layout.values_at(digits),
            take: self.layout.take(digits),
        }
    }

    fn prompt(&self, digits: &[u128]) -> String {
        let mut prompt = String::with_capacity(self.layout.typical_bytes);
        self.layout.write_prompt(digits, &mut prompt);
        prompt
    }

    /// The count as a sum a person can follow: `3 style × 4 scene × 2 take = 24`, then what
    /// exclusions take away and what the sample leaves: ` − 2 = 22 → 10`.
    pub fn formula(&self) -> String {
        let factors: Vec<String> =
            self.axes().iter().map(|axis| format!("{} {}", axis.len, axis.name)).collect();
        let mut text = factors.join(" × ");
        if factors.is_empty() {
            text.push('1');
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, " = {}", self.space);
        }
        if self.left != self.space {
            let _ = write!(text, " − {} = {}", self.space - self.left, self.left);
        }
        if self.count != self.left {
            let _ = write!(text, " → {}", self.count);
        }
        text
    }

    /// The entry of each axis at a place of the sample.
    fn digits(&self, ordinal: u128) -> Option<Vec<u128>> {
        if ordinal >= self.count {
            return None;
        }
        let rank = match &self.order {
            Order::Natural => ordinal,
            Order::Keyed(permutation) => permutation.at(ordinal),
            Order::Listed(cover) => return Some(cover.digits(usize::try_from(ordinal).ok()?)),
        };
        Some(match &self.diagram {
            None => self.layout.digits(rank),
            Some(diagram) => diagram.digits(rank),
        })
    }
}

/// Goes from one combination to the next: by counting up where the order allows it, which saves
/// the divisions.
struct Walk<'a> {
    expansion: &'a Expansion,
    ordinal: u128,
    digits: Vec<u128>,
    /// Every combination of the axes, in their order.
    counts_up: bool,
}

impl<'a> Walk<'a> {
    fn new(expansion: &'a Expansion, ordinal: u128) -> Self {
        let counts_up = matches!(expansion.order, Order::Natural) && expansion.diagram.is_none();
        Self { expansion, ordinal, digits: Vec::new(), counts_up }
    }

    /// The next place and its digits.
    fn step(&mut self) -> Option<(u128, &[u128])> {
        let ordinal = self.ordinal;
        if self.counts_up && !self.digits.is_empty() && ordinal < self.expansion.count {
            self.expansion.layout.next(&mut self.digits);
        } else {
            self.digits = self.expansion.digits(ordinal)?;
        }
        self.ordinal = ordinal.checked_add(1)?;
        Some((ordinal, &self.digits))
    }
}

/// Reads a template and compiles a selection over it, both within `limits`.
///
/// # Errors
/// The problems of the template, or else those of the selection.
pub fn expand(
    text: &str,
    selection: &Selection,
    limits: &crate::limits::Limits,
) -> Result<Expansion, Vec<Problem>> {
    let template = crate::template::parse_within(text, limits)?;
    crate::compile::compile(&template, selection, limits)
}
