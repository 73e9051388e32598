//! Exact counting and indexing under exclusions: a layered decision diagram.
//!
//! Layer by layer (axis by axis) a node is the set of exclusions that could still come true, one
//! bit each. An entry of an axis keeps those it meets, drops those it fails, and ends in nothing
//! when it completes one. Entries that meet the same exclusions are one class, so a node has one
//! child per class whatever the length of the axis. Nodes carry the number of combinations below
//! them: the root's is the count, and walking down by it finds the nth.
//!
//! Counting conjunctions exactly is #P-hard in general, so the size is bounded and the exclusion
//! that broke the bound is named.

use std::collections::HashMap;

/// Memory bound beside the bound on nodes: children, which are classes, per allowed node.
const EDGES_PER_NODE: usize = 64;

/// What one exclusion asks of each axis: the entries at which it holds, ascending.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rule {
    axes: Vec<(usize, Vec<u128>)>,
}

impl Rule {
    /// Adds a condition; two on one axis must hold both.
    pub(crate) fn constrain(&mut self, axis: usize, entries: Vec<u128>) {
        match self.axes.iter_mut().find(|(other, _)| *other == axis) {
            Some((_, before)) => before.retain(|entry| entries.binary_search(entry).is_ok()),
            None => self.axes.push((axis, entries)),
        }
    }

    /// Whether any combination can meet it.
    pub(crate) fn can_match(&self) -> bool {
        !self.axes.is_empty() && self.axes.iter().all(|(_, entries)| !entries.is_empty())
    }

    fn on(&self, axis: usize) -> Option<&[u128]> {
        self.axes.iter().find(|(other, _)| *other == axis).map(|(_, entries)| entries.as_slice())
    }
}

/// Counts and finds combinations that meet no rule.
#[derive(Clone, Debug)]
pub(crate) struct Diagram {
    layers: Vec<Layer>,
}

#[derive(Clone, Debug)]
struct Layer {
    classes: Classes,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
struct Node {
    count: u128,
    /// By class, the last being the rest: the node of the next layer, or none if excluded.
    children: Vec<Option<u32>>,
}

/// The entries of an axis, sorted by which rules they meet.
#[derive(Clone, Debug)]
struct Classes {
    len: u128,
    /// Entries that meet some rule, ascending, by class.
    named: Vec<Vec<u128>>,
}

impl Diagram {
    /// # Errors
    /// The place of the first rule with which the diagram passes `max_nodes`.
    pub(crate) fn build(lens: &[u128], rules: &[Rule], max_nodes: usize) -> Result<Self, usize> {
        if let Some(diagram) = Self::within(lens, rules, max_nodes) {
            return Ok(diagram);
        }
        // Some rule makes the difference between fitting and not: find one by halving.
        let (mut fits, mut breaks) = (0, rules.len());
        while breaks - fits > 1 {
            let middle = fits.midpoint(breaks);
            if Self::within(lens, &rules[..middle], max_nodes).is_some() {
                fits = middle;
            } else {
                breaks = middle;
            }
        }
        Err(breaks - 1)
    }

    fn within(lens: &[u128], rules: &[Rule], max_nodes: usize) -> Option<Self> {
        let mut budget = Budget { nodes: max_nodes, edges: max_nodes * EDGES_PER_NODE };
        let mut layers = Vec::with_capacity(lens.len());
        let mut alive = vec![all(rules.len())];
        for (axis, &len) in lens.iter().enumerate() {
            let split = Split::new(axis, rules);
            let classes = Classes { len, named: split.named };
            budget.take(alive.len(), alive.len() * (split.met.len() + 1))?;
            let mut next: Vec<u64> = Vec::new();
            let mut numbers: HashMap<u64, u32> = HashMap::new();
            let nodes = alive.iter().map(|&alive| {
                let child = |met: u64| {
                    let left = alive & (met | !split.asked);
                    (left & split.last == 0).then(|| {
                        *numbers.entry(left).or_insert_with(|| {
                            next.push(left);
                            (next.len() - 1) as u32
                        })
                    })
                };
                let children = split.met.iter().copied().chain([0]).map(child).collect();
                Node { count: 0, children }
            });
            layers.push(Layer { classes, nodes: nodes.collect() });
            alive = next;
        }
        let mut diagram = Self { layers };
        diagram.count_up();
        Some(diagram)
    }

    /// Fills in counts from the last layer up. They fit: they are parts of a space that does.
    fn count_up(&mut self) {
        let mut below: Option<Vec<u128>> = None;
        for layer in self.layers.iter_mut().rev() {
            let sizes = layer.classes.sizes();
            for node in &mut layer.nodes {
                let count = |child: &Option<u32>| below_count(below.as_deref(), *child);
                node.count =
                    node.children.iter().zip(&sizes).map(|(child, size)| count(child) * size).sum();
            }
            below = Some(layer.nodes.iter().map(|node| node.count).collect());
        }
    }

    /// How many combinations meet no rule.
    pub(crate) fn count(&self) -> u128 {
        self.layers.first().and_then(|layer| layer.nodes.first()).map_or(0, |node| node.count)
    }

    /// The entries of the combination at a place among those left. `rank` must be below the count.
    pub(crate) fn digits(&self, mut rank: u128) -> Vec<u128> {
        let mut digits = Vec::with_capacity(self.layers.len());
        let mut number = 0_u32;
        for (depth, layer) in self.layers.iter().enumerate() {
            let node = &layer.nodes[number as usize];
            let below = self.layers.get(depth + 1);
            let counts: Vec<u128> = node
                .children
                .iter()
                .map(|child| match (child, below) {
                    (None, _) => 0,
                    (Some(_), None) => 1,
                    (Some(child), Some(below)) => below.nodes[*child as usize].count,
                })
                .collect();
            let entry = layer.classes.find(&counts, rank);
            rank -= layer.classes.before(&counts, entry);
            digits.push(entry);
            number = node.children[layer.classes.class_of(entry)].unwrap_or(0);
        }
        digits
    }
}

fn below_count(below: Option<&[u128]>, child: Option<u32>) -> u128 {
    child.map_or(0, |child| below.map_or(1, |counts| counts[child as usize]))
}

/// A bit for each of `rules` rules.
fn all(rules: usize) -> u64 {
    if rules == 0 { 0 } else { u64::MAX >> (u64::BITS as usize - rules) }
}

struct Budget {
    nodes: usize,
    edges: usize,
}

impl Budget {
    fn take(&mut self, nodes: usize, edges: usize) -> Option<()> {
        self.nodes = self.nodes.checked_sub(nodes)?;
        self.edges = self.edges.checked_sub(edges)?;
        Some(())
    }
}

/// How the rules divide one axis.
struct Split {
    /// Rules with a condition here.
    asked: u64,
    /// Rules whose last condition is here.
    last: u64,
    named: Vec<Vec<u128>>,
    /// By class: the rules its entries meet.
    met: Vec<u64>,
}

impl Split {
    fn new(axis: usize, rules: &[Rule]) -> Self {
        let mut met_by_entry: HashMap<u128, u64> = HashMap::new();
        let (mut asked, mut last) = (0, 0);
        for (number, rule) in rules.iter().enumerate() {
            let bit = 1_u64 << number;
            if let Some(entries) = rule.on(axis) {
                asked |= bit;
                for entry in entries {
                    *met_by_entry.entry(*entry).or_default() |= bit;
                }
                if rule.axes.iter().all(|(other, _)| *other <= axis) {
                    last |= bit;
                }
            }
        }
        let mut entries: Vec<(u128, u64)> = met_by_entry.into_iter().collect();
        entries.sort_unstable();
        let (mut named, mut met): (Vec<Vec<u128>>, Vec<u64>) = (Vec::new(), Vec::new());
        let mut numbers: HashMap<u64, usize> = HashMap::new();
        for (entry, rules) in entries {
            let class = *numbers.entry(rules).or_insert_with(|| {
                named.push(Vec::new());
                met.push(rules);
                met.len() - 1
            });
            named[class].push(entry);
        }
        Self { asked, last, named, met }
    }
}

impl Classes {
    /// How many entries each class has, the rest last.
    fn sizes(&self) -> Vec<u128> {
        self.ranks(self.len)
    }

    /// How many entries below `entry` each class has, the rest last.
    fn ranks(&self, entry: u128) -> Vec<u128> {
        let mut ranks: Vec<u128> = self
            .named
            .iter()
            .map(|entries| entries.partition_point(|other| *other < entry) as u128)
            .collect();
        ranks.push(entry - ranks.iter().sum::<u128>());
        ranks
    }

    /// The combinations below entries before `entry`, given each class's count.
    fn before(&self, counts: &[u128], entry: u128) -> u128 {
        self.ranks(entry).iter().zip(counts).map(|(rank, count)| rank * count).sum()
    }

    fn class_of(&self, entry: u128) -> usize {
        let holds = |entries: &Vec<u128>| entries.binary_search(&entry).is_ok();
        self.named.iter().position(holds).unwrap_or(self.named.len())
    }

    /// The entry under which place `rank` falls: the last with no more than `rank` before it.
    fn find(&self, counts: &[u128], rank: u128) -> u128 {
        if let [first, others @ ..] = counts
            && others.iter().all(|count| count == first)
        {
            return rank / first;
        }
        let (mut low, mut high) = (0, self.len);
        while high - low > 1 {
            let middle = low.midpoint(high);
            if self.before(counts, middle) <= rank { low = middle } else { high = middle }
        }
        low
    }
}
