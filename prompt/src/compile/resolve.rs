//! From the text of exclusions to the entries of axes they name.

use super::rule;
use crate::expansion::{Layout, Rule, Source};
use crate::limits::Limits;
use crate::problem::{Place, Problem, Report};
use crate::template::{Group, Template, groups, readings};
use crate::words::exclusion as words;

/// The exclusions that exclude something, each with its number from 1.
pub(super) fn resolve(
    template: &Template,
    layout: &Layout,
    (texts, limits): (&[String], &Limits),
    report: &mut Report,
) -> Vec<(usize, Rule)> {
    let resolver = Resolver { template, layout, limits };
    let mut rules = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let number = index + 1;
        match resolver.rule(text) {
            Ok(Some(rule)) => rules.push((number, rule)),
            Ok(None) => {
                let place = Place::Exclusion { rule: number, character: None };
                report.push(words::matches_nothing().within(place));
            }
            Err(problems) => {
                for (character, problem) in problems {
                    report.push(problem.within(Place::Exclusion { rule: number, character }));
                }
            }
        }
    }
    rules
}

struct Resolver<'a> {
    template: &'a Template,
    layout: &'a Layout,
    limits: &'a Limits,
}

/// Problems with the character of the exclusion each begins at.
type Located = Vec<(Option<usize>, Problem)>;

impl Resolver<'_> {
    /// `None` if no combination can meet the exclusion.
    fn rule(&self, text: &str) -> Result<Option<Rule>, Located> {
        if let Some(problem) = super::lists::value_problem(text, self.limits) {
            return Err(vec![(None, problem)]);
        }
        let terms = rule::parse(text).map_err(|at| vec![(Some(at), words::syntax())])?;
        let mut problems = Vec::new();
        let mut given: Vec<(&str, &str)> = Vec::new();
        let mut rule = Rule::default();
        for term in &terms {
            let (name, value) = (term.name.as_str(), term.value.as_str());
            match given.iter().find(|(other, _)| *other == name) {
                Some((_, same)) if *same == value => continue,
                Some(_) => problems.push((Some(term.at), words::contradicts(name))),
                None => given.push((name, value)),
            }
            match self.entries(name, value) {
                Ok((axis, entries)) => rule.constrain(axis, entries),
                Err(problem) => problems.push((Some(term.at), *problem)),
            }
        }
        if problems.is_empty() { Ok(rule.can_match().then_some(rule)) } else { Err(problems) }
    }

    /// The axis a name belongs to, and the entries at which it has a value.
    fn entries(&self, name: &str, value: &str) -> Result<(usize, Vec<u128>), Box<Problem>> {
        let axes = &self.layout.axes;
        let Some(number) = axes.iter().position(|axis| axis.members.iter().any(|m| m == name))
        else {
            let names = axes.iter().flat_map(|axis| axis.members.iter().map(String::as_str));
            return Err(Box::new(words::unknown_axis(name, names)));
        };
        let entries = match &self.layout.sources[number] {
            Source::Columns(columns) => columns
                .iter()
                .filter(|column| column.name == name)
                .flat_map(|column| positions(column.values.iter().map(|v| v == value)))
                .collect(),
            Source::Group(group) => self.readings(*group, name, value)?,
            Source::Take => {
                let take = value.parse().ok().filter(|n| (1..=axes[number].len).contains(n));
                take.map(|n: u128| n - 1).into_iter().collect::<Vec<_>>()
            }
        };
        if entries.is_empty() {
            return Err(Box::new(words::unknown_value(name, value)));
        }
        Ok((number, entries))
    }

    /// The readings of an inline group that are a text, variables standing as `{name}`.
    fn readings(&self, group: usize, name: &str, value: &str) -> Result<Vec<u128>, Box<Problem>> {
        let max = self.limits.max_variants;
        let group: Option<&Group> = groups(&self.template.parts).nth(group);
        let Some(group) = group.filter(|group| group.count() <= max as u128) else {
            return Err(Box::new(words::axis_too_large(name, max)));
        };
        let named = |variable: usize, out: &mut String| {
            out.push('{');
            out.push_str(&self.template.variables()[variable].name);
            out.push('}');
        };
        let equal = (0..group.count()).map(|index| {
            let mut text = String::new();
            readings::write_group(group, index, &named, &mut text);
            text == value
        });
        Ok(positions(equal).collect())
    }
}

fn positions(equal: impl Iterator<Item = bool>) -> impl Iterator<Item = u128> {
    equal.zip(0_u128..).filter_map(|(equal, index)| equal.then_some(index))
}
