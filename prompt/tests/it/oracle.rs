//! What a case should make, found the slow way: list every axis, take the product, drop what an
//! exclusion names. It shares no code with the crate.

use crate::case::{Case, Group, Kind, NAMES, Piece};

/// One expected combination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub index: u128,
    pub prompt: String,
    pub values: Vec<(String, String)>,
    pub take: u32,
}

/// One reading of pieces: texts, variables, and rows that are joined.
#[derive(Clone, Debug)]
enum Node {
    Text(String),
    Variable(usize),
    Row(Vec<Vec<Node>>, String),
}

/// One entry of an axis.
#[derive(Clone, Debug)]
enum Entry {
    Values(Vec<(String, String)>),
    Reading(String, Vec<Node>),
    Take(u32),
}

/// All combinations before exclusions, and those after.
pub fn expand(case: &Case) -> (usize, Vec<Expected>) {
    let axes = axes(case);
    let mut all: Vec<Vec<Entry>> = vec![Vec::new()];
    for axis in &axes {
        all = all
            .iter()
            .flat_map(|before| {
                axis.iter().map(|entry| {
                    let mut row = before.clone();
                    row.push(entry.clone());
                    row
                })
            })
            .collect();
    }
    let space = all.len();
    let kept = all.iter().enumerate().map(|(index, row)| expected(case, index, row));
    (space, kept.filter(|made| !excluded(case, made)).collect())
}

fn axes(case: &Case) -> Vec<Vec<Entry>> {
    let mut axes = Vec::new();
    let mut seen: Vec<(Kind, usize)> = Vec::new();
    let mut groups = 0;
    for piece in &case.pieces {
        if let Piece::Group(group) = piece {
            groups += 1;
            let entry = |reading| Entry::Reading(format!("#{groups}"), reading);
            axes.push(group_readings(group).into_iter().map(entry).collect());
        }
        for variable in variables(piece) {
            let kind = case.kinds[variable];
            // A zip group and the rows are one axis, however many of its members stand there.
            let key = (kind, if kind == Kind::List { variable } else { 0 });
            if !seen.contains(&key) {
                seen.push(key);
                axes.push(entries(case, kind, variable));
            }
        }
    }
    if case.selection.takes > 1 {
        axes.push((1..=case.selection.takes).map(Entry::Take).collect());
    }
    axes
}

fn variables(piece: &Piece) -> Vec<usize> {
    match piece {
        Piece::Text(_) => Vec::new(),
        Piece::Variable(number) => vec![*number],
        Piece::Group(group) => group.options.iter().flatten().flat_map(variables).collect(),
    }
}

fn entries(case: &Case, kind: Kind, variable: usize) -> Vec<Entry> {
    if let (Kind::Rows, Some(table)) = (kind, &case.selection.rows) {
        let named = |row: &Vec<String>| {
            Entry::Values(table.columns.iter().cloned().zip(row.iter().cloned()).collect())
        };
        return table.rows.iter().map(named).collect();
    }
    let zip = [NAMES[variable].to_owned()];
    let names = if kind == Kind::Zip { &case.selection.zip[0][..] } else { &zip[..] };
    let lists: Vec<_> = names
        .iter()
        .map(|name| case.selection.lists.iter().find(|list| list.name == *name).unwrap())
        .collect();
    (0..lists[0].values.len())
        .map(|i| {
            Entry::Values(lists.iter().map(|l| (l.name.clone(), l.values[i].clone())).collect())
        })
        .collect()
}

fn readings(pieces: &[Piece]) -> Vec<Vec<Node>> {
    let mut all: Vec<Vec<Node>> = vec![Vec::new()];
    for piece in pieces {
        let next: Vec<Vec<Node>> = match piece {
            Piece::Text(text) => vec![vec![Node::Text(text.clone())]],
            Piece::Variable(number) => vec![vec![Node::Variable(*number)]],
            Piece::Group(group) => group_readings(group),
        };
        all = product(&all, &next);
    }
    all
}

fn product(left: &[Vec<Node>], right: &[Vec<Node>]) -> Vec<Vec<Node>> {
    left.iter()
        .flat_map(|before| {
            right.iter().map(|after| before.iter().chain(after).cloned().collect::<Vec<_>>())
        })
        .collect()
}

fn group_readings(group: &Group) -> Vec<Vec<Node>> {
    let (min, max) = group.bounds.unwrap_or((1, 1));
    let separator = group.separator.clone().unwrap_or_else(|| ",".to_owned());
    let options: Vec<Vec<Vec<Node>>> = group.options.iter().map(|o| readings(o)).collect();
    let mut all = Vec::new();
    for size in min..=max {
        for row in ordered(group.options.len(), size) {
            let mut rows: Vec<Vec<Vec<Node>>> = vec![Vec::new()];
            for option in row {
                rows = rows
                    .iter()
                    .flat_map(|before| {
                        options[option].iter().map(|reading| {
                            let mut row = before.clone();
                            row.push(reading.clone());
                            row
                        })
                    })
                    .collect();
            }
            all.extend(rows.into_iter().map(|row| vec![Node::Row(row, separator.clone())]));
        }
    }
    all
}

/// Ordered choices of `size` among `n`, in lexicographic order.
fn ordered(n: usize, size: usize) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..size {
        rows = rows
            .iter()
            .flat_map(|row| {
                (0..n).filter(|i| !row.contains(i)).map(|i| {
                    let mut row = row.clone();
                    row.push(i);
                    row
                })
            })
            .collect();
    }
    rows
}

fn expected(case: &Case, index: usize, row: &[Entry]) -> Expected {
    let bound: Vec<(String, String)> = row
        .iter()
        .flat_map(|entry| match entry {
            Entry::Values(values) => values.clone(),
            Entry::Reading(..) | Entry::Take(_) => Vec::new(),
        })
        .collect();
    let value = |number: usize| {
        let found = bound.iter().find(|(name, _)| name == NAMES[number]);
        found.map(|(_, value)| value.clone()).unwrap()
    };
    let mut prompt = String::new();
    let mut groups = row.iter().filter_map(|entry| match entry {
        Entry::Reading(_, reading) => Some(reading),
        Entry::Values(_) | Entry::Take(_) => None,
    });
    for piece in &case.pieces {
        match piece {
            Piece::Text(text) => prompt.push_str(text),
            Piece::Variable(number) => prompt.push_str(&value(*number)),
            Piece::Group(_) => prompt.push_str(&written(groups.next().unwrap(), &value)),
        }
    }
    let mut values = Vec::new();
    let mut take = 1;
    for entry in row {
        match entry {
            Entry::Values(more) => values.extend(more.iter().cloned()),
            Entry::Reading(name, reading) => values.push((name.clone(), written(reading, &value))),
            Entry::Take(number) => take = *number,
        }
    }
    Expected { index: index as u128, prompt, values, take }
}

fn written(nodes: &[Node], value: &impl Fn(usize) -> String) -> String {
    let write = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Variable(number) => value(*number),
        Node::Row(row, separator) => {
            let texts: Vec<String> = row.iter().map(|nodes| written(nodes, value)).collect();
            let joined = texts.join(separator);
            if texts.len() < 2 {
                return joined;
            }
            let joined = joined.strip_prefix(separator.as_str()).unwrap_or(&joined);
            joined.strip_suffix(separator.as_str()).unwrap_or(joined).to_owned()
        }
    };
    nodes.iter().map(write).collect()
}

fn excluded(case: &Case, made: &Expected) -> bool {
    let holds = |(name, value): &(String, String)| {
        if name == "take" {
            return made.take.to_string() == *value;
        }
        made.values.iter().any(|pair| pair.0 == *name && pair.1 == *value)
    };
    case.rules.iter().any(|rule| rule.iter().all(holds))
}
