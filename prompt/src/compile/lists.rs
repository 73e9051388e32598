//! What may be wrong with value lists and zip groups in themselves.

use std::collections::HashMap;

use crate::limits::Limits;
use crate::problem::{Place, Problem, Report};
use crate::selection::{Selection, ValueList};
use crate::template::{TAKE, is_control, is_name};
use crate::words::{selection as words, template as template_words};

/// The lists by name, and the zip group each is in.
#[derive(Debug, Default)]
pub(super) struct Lists<'a> {
    /// Name → number among the selection's lists.
    pub(super) by_name: HashMap<&'a str, usize>,
    /// List number → zip group number.
    pub(super) zip_of: HashMap<usize, usize>,
}

/// The lists, checked; `None` if there are too many to look at.
pub(super) fn check<'a>(
    selection: &'a Selection,
    limits: &Limits,
    report: &mut Report,
) -> Option<Lists<'a>> {
    let mut lists = Lists::default();
    let given = selection.lists.len().max(selection.zip.len());
    if given > limits.max_axes {
        report.push(words::too_many_axes(given, limits.max_axes).within(Place::Axes));
        return None;
    }
    for (number, list) in selection.lists.iter().enumerate() {
        check_list(number, list, limits, report);
        if lists.by_name.insert(&list.name, number).is_some() {
            report.push(words::duplicate_list(&list.name).within(place(number, list, None)));
        }
    }
    for group in 0..selection.zip.len() {
        check_zip(group, selection, &mut lists, report);
    }
    for (number, list) in selection.lists.iter().enumerate() {
        if !lists.zip_of.contains_key(&number) {
            check_repeats(number, list, report);
        }
    }
    Some(lists)
}

pub(super) fn place(number: usize, list: &ValueList, value: Option<usize>) -> Place {
    Place::List { list: number + 1, name: list.name.clone(), value: value.map(|v| v + 1) }
}

/// A value's problem in itself, if it has one: too long, or a control character.
pub(super) fn value_problem(value: &str, limits: &Limits) -> Option<Problem> {
    // A character has at most four bytes, so most values need no counting.
    if value.len() > limits.max_value_chars {
        let chars = value.chars().count();
        if chars > limits.max_value_chars {
            return Some(words::value_too_long(chars, limits.max_value_chars));
        }
    }
    value.chars().find(|c| is_control(*c)).map(template_words::control_character)
}

fn check_list(number: usize, list: &ValueList, limits: &Limits, report: &mut Report) {
    if list.name == TAKE {
        report.push(template_words::reserved_name(TAKE).within(place(number, list, None)));
    } else if !is_name(&list.name) {
        report.push(words::invalid_list_name(&list.name).within(place(number, list, None)));
    }
    if list.values.is_empty() {
        report.push(words::empty_list(&list.name).within(place(number, list, None)));
    }
    if list.values.len() > limits.max_values_per_list {
        let (count, max) = (list.values.len(), limits.max_values_per_list);
        let problem = words::too_many_values(&list.name, count, max);
        report.push(problem.within(place(number, list, None)));
        return;
    }
    for (index, value) in list.values.iter().enumerate() {
        if let Some(problem) = value_problem(value, limits) {
            report.push(problem.within(place(number, list, Some(index))));
        }
        if value.trim().is_empty() {
            let problem = words::empty_value(&list.name);
            report.push(problem.within(place(number, list, Some(index))));
        }
    }
}

fn check_repeats(number: usize, list: &ValueList, report: &mut Report) {
    let mut seen = HashMap::new();
    for (index, value) in list.values.iter().enumerate() {
        if let Some(first) = seen.insert(value.as_str(), index) {
            let problem = words::duplicate_value(value, first + 1);
            report.push(problem.within(place(number, list, Some(index))));
        }
    }
}

fn check_zip<'a>(
    group: usize,
    selection: &'a Selection,
    lists: &mut Lists<'a>,
    report: &mut Report,
) {
    let place = || Place::Zip { group: group + 1 };
    let names = &selection.zip[group];
    if names.len() < 2 {
        report.push(words::zip_too_small().within(place()));
    }
    let mut members: Vec<&ValueList> = Vec::new();
    for name in names {
        let Some(&number) = lists.by_name.get(name.as_str()) else {
            report.push(words::zip_unknown_list(name).within(place()));
            continue;
        };
        if lists.zip_of.insert(number, group).is_some() {
            report.push(words::bound_twice(name).within(place()));
            continue;
        }
        members.push(&selection.lists[number]);
    }
    let lengths: Vec<(&str, usize)> =
        members.iter().map(|list| (list.name.as_str(), list.values.len())).collect();
    if lengths.windows(2).any(|pair| pair[0].1 != pair[1].1) {
        report.push(words::zip_unequal_lengths(&lengths).within(place()));
    } else {
        check_tuples(&members, group, report);
    }
}

/// Zipped lists may repeat a value, but not a whole tuple.
fn check_tuples(members: &[&ValueList], group: usize, report: &mut Report) {
    let mut seen = HashMap::new();
    for index in 0..members.first().map_or(0, |list| list.values.len()) {
        let tuple: Vec<&str> = members.iter().map(|list| list.values[index].as_str()).collect();
        let shown = tuple.join(" + ");
        if let Some(first) = seen.insert(tuple, index) {
            let problem = words::duplicate_value(&shown, first + 1);
            report.push(problem.within(Place::Zip { group: group + 1 }));
        }
    }
}
