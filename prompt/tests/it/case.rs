//! Random cases: a template as a tree, its text, and a selection over it. Made from a stream of
//! numbers, so that proptest can shrink a case by shortening the stream.

use prompt::{Selection, Table, ValueList};

/// A stream of numbers; when it runs out, every roll is 0, which always chooses the simplest.
pub struct Dice<'a> {
    rolls: &'a [u32],
    at: usize,
}

impl<'a> Dice<'a> {
    pub fn new(rolls: &'a [u32]) -> Self {
        Self { rolls, at: 0 }
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        let roll = self.rolls.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        roll as usize % sides
    }

    pub fn pick<'t>(&mut self, among: &[&'t str]) -> &'t str {
        among[self.roll(among.len())]
    }
}

/// A stream for tests that take no stream from proptest.
pub fn rolls(seed: u64, len: usize) -> Vec<u32> {
    let mut state = seed;
    let mut roll = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    (0..len).map(|_| roll()).collect()
}

#[derive(Clone, Debug)]
pub enum Piece {
    Text(String),
    Variable(usize),
    Group(Group),
}

#[derive(Clone, Debug)]
pub struct Group {
    pub options: Vec<Vec<Piece>>,
    /// `None`: exactly one, written without a count.
    pub bounds: Option<(usize, usize)>,
    pub separator: Option<String>,
}

/// Where a variable gets its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    List,
    Zip,
    Rows,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub pieces: Vec<Piece>,
    pub text: String,
    pub kinds: Vec<Kind>,
    pub selection: Selection,
    /// The exclusions as terms.
    pub rules: Vec<Vec<(String, String)>>,
}

pub const NAMES: [&str; 5] = ["style", "场景", "v-2", "_x", "a1"];
const TEXTS: [&str; 10] =
    ["p", " ", "a{b}", "|", "$5", "x_y", "__z__", "\\n", "水墨，", "\u{1F3AC} ${q}"];

impl Case {
    pub fn new(dice: &mut Dice<'_>) -> Self {
        let variables = dice.roll(NAMES.len() + 1);
        let mut kinds: Vec<Kind> = (0..variables)
            .map(|_| [Kind::List, Kind::List, Kind::Zip, Kind::Rows][dice.roll(4)])
            .collect();
        // A zip group needs two.
        if kinds.iter().filter(|k| **k == Kind::Zip).count() == 1 {
            kinds.iter_mut().filter(|k| **k == Kind::Zip).for_each(|k| *k = Kind::List);
        }
        let mut pieces = vec![Piece::Text("p".to_owned())];
        let mut options = 0;
        for _ in 0..1 + dice.roll(7) {
            pieces.push(piece(dice, variables, 0, &mut options));
        }
        // Every variable stands somewhere outside the groups.
        pieces.extend((0..variables).map(Piece::Variable));
        let text = write(&pieces, dice);
        let mut selection = select(&kinds, dice);
        selection.takes = 1 + dice.roll(3) as u32;
        let rules = rules(&selection, dice);
        selection.exclude = rules.iter().map(|rule| write_rule(rule, dice)).collect();
        Self { pieces, text, kinds, selection, rules }
    }
}

/// Option texts carry a number of their own, so that no two readings are the same.
fn piece(dice: &mut Dice<'_>, variables: usize, depth: usize, options: &mut usize) -> Piece {
    match dice.roll(if depth < 2 { 4 } else { 2 }) {
        1 if variables > 0 => Piece::Variable(dice.roll(variables)),
        3 => Piece::Group(group(dice, variables, depth, options)),
        _ => Piece::Text(dice.pick(&TEXTS).to_owned()),
    }
}

fn group(dice: &mut Dice<'_>, variables: usize, depth: usize, options: &mut usize) -> Group {
    let n = 2 + dice.roll(2);
    let mut option = |dice: &mut Dice<'_>| {
        *options += 1;
        let mut pieces = vec![Piece::Text(format!("o{options}"))];
        for _ in 0..dice.roll(3) {
            pieces.push(piece(dice, variables, depth + 1, options));
        }
        pieces
    };
    let options = (0..n).map(|_| option(dice)).collect();
    let bounds = (dice.roll(2) == 1).then(|| {
        let max = 1 + dice.roll(n);
        (dice.roll(max + 1), max)
    });
    let separator = (bounds.is_some() && dice.roll(2) == 1)
        .then(|| dice.pick(&[" and ", "|", "、", "{}", "_"]).to_owned());
    Group { options, bounds, separator }
}

/// The template text of a literal.
pub fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "{}|_\\$｛｝｜＄".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn write(pieces: &[Piece], dice: &mut Dice<'_>) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(&escape(text)),
            Piece::Variable(number) => {
                let name = NAMES[*number];
                out.push_str(&match dice.roll(5) {
                    // An alias cannot begin with its own sign.
                    1 if !name.starts_with('_') => format!("__{name}__"),
                    2 => format!("{{{{ {name} }}}}"),
                    3 => format!("｛{name}｝"),
                    _ => format!("{{{name}}}"),
                });
            }
            Piece::Group(group) => out.push_str(&write_group(group, dice)),
        }
    }
    out
}

fn write_group(group: &Group, dice: &mut Dice<'_>) -> String {
    let options: Vec<String> = group.options.iter().map(|option| write(option, dice)).collect();
    let count = match group.bounds {
        None => String::new(),
        Some((min, max)) if min == max => format!("{min}$$"),
        Some((1, max)) if dice.roll(2) == 1 => format!("-{max}$$"),
        Some((min, max)) if max == options.len() && dice.roll(2) == 1 => format!("{min}-$$"),
        Some((min, max)) => format!("{min}-{max}＄$"),
    };
    let separator = group.separator.as_ref().map_or(String::new(), |s| escape(s) + "$$");
    let (pipe, blank) = (dice.pick(&["|", "｜"]), dice.pick(&["", " ", "\n"]));
    let options = options.join(&format!("{pipe}{blank}"));
    format!("{{{count}{separator}{blank}{options}}}")
}

fn select(kinds: &[Kind], dice: &mut Dice<'_>) -> Selection {
    let mut selection = Selection::default();
    let zip_len = 1 + dice.roll(4);
    let mut zip = Vec::new();
    let mut columns = Vec::new();
    for (number, kind) in kinds.iter().enumerate() {
        let name = NAMES[number].to_owned();
        let values = |n: usize| (0..n).map(|i| format!("{number}={i}&")).collect();
        match kind {
            Kind::List => {
                let values = values(1 + dice.roll(4));
                selection.lists.push(ValueList { name, values });
            }
            Kind::Zip => {
                // Only the first of a group must differ everywhere.
                let values = if zip.is_empty() {
                    values(zip_len)
                } else {
                    (0..zip_len).map(|_| format!("z{}", dice.roll(3))).collect()
                };
                zip.push(name.clone());
                selection.lists.push(ValueList { name, values });
            }
            Kind::Rows => columns.push(name),
        }
    }
    if !zip.is_empty() {
        selection.zip.push(zip);
    }
    if !columns.is_empty() {
        columns.push("编号 id".to_owned());
        let cell = |dice: &mut Dice<'_>| format!("r{}", dice.roll(3));
        let rows = 1 + dice.roll(6);
        let row = |index: usize, dice: &mut Dice<'_>| {
            let mut row: Vec<String> = (1..columns.len()).map(|_| cell(dice)).collect();
            row.push(index.to_string());
            row
        };
        let rows = (0..rows).map(|index| row(index, dice)).collect();
        selection.rows = Some(Table { columns, rows });
    }
    selection
}

/// Up to five conjunctions of values that exist.
fn rules(selection: &Selection, dice: &mut Dice<'_>) -> Vec<Vec<(String, String)>> {
    let mut values: Vec<(String, Vec<String>)> =
        selection.lists.iter().map(|l| (l.name.clone(), l.values.clone())).collect();
    if let Some(table) = &selection.rows {
        for (number, name) in table.columns.iter().enumerate() {
            let column = table.rows.iter().map(|row| row[number].clone()).collect();
            values.push((name.clone(), column));
        }
    }
    if selection.takes > 1 {
        let takes = (1..=selection.takes).map(|take| take.to_string()).collect();
        values.push(("take".to_owned(), takes));
    }
    let rule = |dice: &mut Dice<'_>| -> Vec<(String, String)> {
        let chosen = values.iter().filter(|_| dice.roll(2) == 1).cloned().collect::<Vec<_>>();
        let term = |(name, values): (String, Vec<String>)| {
            let value = values[dice.roll(values.len())].clone();
            (name, value)
        };
        chosen.into_iter().map(term).collect()
    };
    (0..dice.roll(6)).map(|_| rule(dice)).filter(|rule| !rule.is_empty()).collect()
}

fn write_rule(rule: &[(String, String)], dice: &mut Dice<'_>) -> String {
    let term = |(name, value): &(String, String)| {
        let equals = dice.pick(&["=", " ＝ "]);
        format!("{name}{equals}\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    };
    let terms: Vec<String> = rule.iter().map(term).collect();
    terms.join(dice.pick(&["&", " ＆ "]))
}
