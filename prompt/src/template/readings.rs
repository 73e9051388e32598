//! Writing out one reading of parts, and what can be said of all readings without writing them.

use std::collections::HashSet;

use super::Part;
use super::group::{Choice, Group, groups};

/// Writes reading `index` of `parts`: groups rightmost fastest, variables by `value`.
pub(crate) fn write_parts<F>(parts: &[Part], mut index: u128, value: &F, out: &mut String)
where
    F: Fn(usize, &mut String),
{
    if let [Part::Text(text)] = parts {
        out.push_str(text);
        return;
    }
    // Collecting nothing allocates nothing.
    let mut digits: Vec<u128> = groups(parts)
        .rev()
        .map(|group| {
            let digit = index % group.count();
            index /= group.count();
            digit
        })
        .collect();
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Variable(variable) => value(*variable, out),
            Part::Group(group) => write_group(group, digits.pop().unwrap_or(0), value, out),
        }
    }
}

/// Writes reading `index` of a group.
pub(crate) fn write_group<F>(group: &Group, index: u128, value: &F, out: &mut String)
where
    F: Fn(usize, &mut String),
{
    if let Some(option) = group.flat(index) {
        write_parts(&option.parts, 0, value, out);
        return;
    }
    let row = group.reading(index);
    if let [(number, reading)] = row[..] {
        write_parts(&group.options[number].parts, reading, value, out);
        return;
    }
    let mut joined = String::new();
    for (place, (number, reading)) in row.into_iter().enumerate() {
        if place > 0 {
            joined.push_str(&group.separator);
        }
        write_parts(&group.options[number].parts, reading, value, &mut joined);
    }
    out.push_str(without_outer(&joined, &group.separator));
}

/// An empty option at either end leaves its separator there; sd-dynamic-prompts takes one away
/// at each end, and so do we.
fn without_outer<'a>(joined: &'a str, separator: &str) -> &'a str {
    let inner = joined.strip_prefix(separator).unwrap_or(joined);
    inner.strip_suffix(separator).unwrap_or(inner)
}

/// The number of the first option that has a reading in common with an earlier one, or with
/// itself, and that reading with variables by name.
pub(crate) fn duplicate<'n>(
    options: &[Choice],
    name: &impl Fn(usize) -> &'n str,
) -> Option<(usize, String)> {
    let mut seen = HashSet::new();
    // Control characters are refused in templates, so a marked variable equals no text.
    let marked = |variable: usize, out: &mut String| {
        out.push('\u{1}');
        out.push_str(name(variable));
        out.push('\u{2}');
    };
    for (number, option) in options.iter().enumerate() {
        for index in 0..option.count {
            let mut text = String::new();
            write_parts(&option.parts, index, &marked, &mut text);
            if seen.contains(&text) {
                return Some((number, text.replace('\u{1}', "{").replace('\u{2}', "}")));
            }
            seen.insert(text);
        }
    }
    None
}

/// Whether every reading holds the variable.
pub(crate) fn always_uses(parts: &[Part], variable: usize) -> bool {
    parts.iter().any(|part| match part {
        Part::Text(_) => false,
        Part::Variable(number) => *number == variable,
        Part::Group(group) => {
            let without = group.options.iter().filter(|o| !always_uses(&o.parts, variable));
            without.count() < group.min()
        }
    })
}

/// Whether some reading is nothing but white space. `dissolves` says of a variable whether some value
/// of it consists of white space and of the characters given with it.
///
/// It may say so of a reading that keeps a character: options made of the very characters of their
/// separator are taken to vanish with it, see [`without_outer`].
pub(crate) fn can_be_blank(parts: &[Part], dissolves: &impl Fn(usize, &str) -> bool) -> bool {
    can_dissolve(parts, "", dissolves)
}

fn can_dissolve(parts: &[Part], within: &str, values: &impl Fn(usize, &str) -> bool) -> bool {
    parts.iter().all(|part| match part {
        Part::Text(text) => consists_of(text, within),
        Part::Variable(variable) => values(*variable, within),
        Part::Group(group) => {
            let among = format!("{within}{}", group.separator);
            let count = |among: &str| {
                group.options.iter().filter(|o| can_dissolve(&o.parts, among, values)).count()
            };
            // One option alone loses no separator.
            let alone = group.min() <= 1 && count(within) > 0;
            let joined = group.max() > 1 && count(&among) >= group.min().max(2);
            group.min() == 0 || alone || joined
        }
    })
}

/// Whether a text is white space, or white space and characters of `within`.
pub(crate) fn consists_of(text: &str, within: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || within.contains(c))
}

/// No reading has more characters than this, given the longest of each variable.
pub(crate) fn longest(parts: &[Part], value_chars: &impl Fn(usize) -> usize) -> usize {
    parts.iter().fold(0, |sum: usize, part| {
        sum.saturating_add(match part {
            Part::Text(text) => text.chars().count(),
            Part::Variable(variable) => value_chars(*variable),
            Part::Group(group) => longest_row(group, value_chars),
        })
    })
}

fn longest_row(group: &Group, value_chars: &impl Fn(usize) -> usize) -> usize {
    let mut lengths: Vec<usize> =
        group.options.iter().map(|option| longest(&option.parts, value_chars)).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let separators = group.separator.chars().count() * group.max().saturating_sub(1);
    lengths.iter().take(group.max()).fold(separators, |sum, n| sum.saturating_add(*n))
}
