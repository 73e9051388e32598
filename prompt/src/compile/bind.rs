//! Binding: every variable of the template gets its values from exactly one place, and the places
//! become axes in order of first appearance.

use std::collections::HashMap;

use super::lists::{self, Lists};
use super::{near, table};
use crate::expansion::{Axis, AxisKind, Binding, Column, Layout, Source};
use crate::limits::Limits;
use crate::problem::{Place, Report};
use crate::selection::Selection;
use crate::template::{Part, Template, groups};
use crate::words::{rows as rows_words, selection as words};

/// What an axis is made from; equal origins are one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Origin {
    List(usize),
    Zip(usize),
    Rows,
    Group(usize),
}

/// The layout without takes, or `None` after an error.
pub(super) fn bind(
    template: &Template,
    selection: &Selection,
    limits: &Limits,
    report: &mut Report,
) -> Option<Layout> {
    let lists = lists::check(selection, limits, report)?;
    let usable = selection.rows.as_ref().is_none_or(|rows| table::check(rows, limits, report));
    let origins = origins(template, selection, &lists, report);
    if report.errors() > 0 || !usable {
        return None;
    }
    note_unused(selection, &lists, &origins, report);
    let order = order(&template.parts, &origins);
    if let Some(rows) = selection.rows.as_ref()
        && origins.contains(&Origin::Rows)
    {
        let used: Vec<bool> = rows
            .columns
            .iter()
            .map(|c| template.variables().iter().any(|v| v.name == *c))
            .collect();
        table::note_use(rows, &used, report);
    }
    Some(layout(template, selection, &order))
}

/// Where each variable of the template gets its value from. Incomplete after an error.
fn origins(
    template: &Template,
    selection: &Selection,
    lists: &Lists<'_>,
    report: &mut Report,
) -> Vec<Origin> {
    let columns = selection.rows.as_ref().map(|rows| rows.columns.as_slice());
    for (number, list) in selection.lists.iter().enumerate() {
        if columns.is_some_and(|columns| columns.contains(&list.name)) {
            let place = lists::place(number, list, None);
            report.push(words::bound_twice(&list.name).within(place));
        }
    }
    let mut origins = Vec::new();
    for variable in template.variables() {
        let name = variable.name.as_str();
        if let Some(number) = lists.by_name.get(name) {
            origins
                .push(lists.zip_of.get(number).map_or(Origin::List(*number), |z| Origin::Zip(*z)));
        } else if columns.is_some_and(|columns| columns.contains(&variable.name)) {
            origins.push(Origin::Rows);
        } else {
            let given = columns.unwrap_or_default().iter().map(String::as_str);
            let problem =
                match near::nearest(name, lists.by_name.keys().copied().chain(given.clone())) {
                    None if columns.is_some() => rows_words::missing_column(name, given),
                    near => words::unknown_variable(name, near),
                };
            report.push(problem.at(variable.spans[0]));
        }
    }
    origins
}

/// Says which lists the template leaves out. A zipped list goes with its group.
fn note_unused(selection: &Selection, lists: &Lists<'_>, origins: &[Origin], report: &mut Report) {
    for (number, list) in selection.lists.iter().enumerate() {
        let origin = lists.zip_of.get(&number).map_or(Origin::List(number), |z| Origin::Zip(*z));
        if !origins.contains(&origin) {
            report.push(words::unused_list(&list.name).within(lists::place(number, list, None)));
        }
    }
    if selection.rows.is_some() && !origins.contains(&Origin::Rows) {
        let place = Place::Rows { row: None, column: None, name: None };
        report.push(words::unused_rows().within(place));
    }
}

/// The axes' origins in order of first appearance.
fn order(parts: &[Part], origins: &[Origin]) -> Vec<Origin> {
    fn walk(parts: &[Part], origins: &[Origin], order: &mut Vec<Origin>) {
        for part in parts {
            match part {
                Part::Text(_) => {}
                Part::Variable(variable) => {
                    if !order.contains(&origins[*variable]) {
                        order.push(origins[*variable]);
                    }
                }
                Part::Group(group) => {
                    for option in &group.options {
                        walk(&option.parts, origins, order);
                    }
                }
            }
        }
    }
    let mut order = Vec::new();
    let mut number = 0;
    for part in parts {
        if matches!(part, Part::Group(_)) {
            order.push(Origin::Group(number));
            number += 1;
        }
        walk(std::slice::from_ref(part), origins, &mut order);
    }
    order
}

fn layout(template: &Template, selection: &Selection, order: &[Origin]) -> Layout {
    let mut layout = Layout { parts: template.parts.clone(), ..Layout::default() };
    let mut bound: HashMap<String, Binding> = HashMap::new();
    for (number, origin) in order.iter().enumerate() {
        let (axis, source) = axis(*origin, template, selection);
        if let Source::Columns(columns) = &source {
            for (column, values) in columns.iter().enumerate() {
                bound.insert(values.name.clone(), Binding { axis: number, column });
            }
        }
        layout.axes.push(axis);
        layout.sources.push(source);
    }
    layout.variables =
        template.variables().iter().filter_map(|v| bound.get(&v.name).copied()).collect();
    layout.name_values();
    layout
}

fn axis(origin: Origin, template: &Template, selection: &Selection) -> (Axis, Source) {
    let (kind, columns) = match origin {
        Origin::List(number) => (AxisKind::List, vec![list_column(selection, number)]),
        Origin::Zip(group) => {
            let names = &selection.zip[group];
            let numbers =
                names.iter().filter_map(|n| selection.lists.iter().position(|l| l.name == *n));
            (AxisKind::Zip, numbers.map(|number| list_column(selection, number)).collect())
        }
        Origin::Rows => (AxisKind::Rows, table_columns(selection)),
        Origin::Group(number) => {
            let name = format!("#{}", number + 1);
            let len = groups(&template.parts).nth(number).map_or(0, crate::template::Group::count);
            let axis = Axis { members: vec![name.clone()], name, kind: AxisKind::Variants, len };
            return (axis, Source::Group(number));
        }
    };
    let members: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let name = if kind == AxisKind::Rows { "row".to_owned() } else { members.join("+") };
    let len = columns.first().map_or(0, |column| column.values.len() as u128);
    (Axis { name, kind, members, len }, Source::Columns(columns))
}

fn list_column(selection: &Selection, number: usize) -> Column {
    let list = &selection.lists[number];
    Column { name: list.name.clone(), values: list.values.clone() }
}

fn table_columns(selection: &Selection) -> Vec<Column> {
    let Some(table) = &selection.rows else { return Vec::new() };
    let column = |(index, name): (usize, &String)| Column {
        name: name.clone(),
        values: table.rows.iter().map(|row| row[index].clone()).collect(),
    };
    table.columns.iter().enumerate().map(column).collect()
}
