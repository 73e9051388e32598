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

use super::axis::div_rem;

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
    pub(super) layers: Vec<Layer>,
}

#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) classes: Classes,
    pub(super) nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    count: u128,
    /// Every entry leads to the same child: no exclusion is alive here any more, or none asks.
    uniform: bool,
    /// By class, the last being the rest: the node of the next layer, or none if excluded.
    pub(super) children: Vec<Option<u32>>,
}

/// The entries of an axis, sorted by which rules they meet.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    len: u128,
    /// Entries that meet some rule, ascending, by class.
    named: Vec<Vec<u128>>,
    /// The same entries together with their classes, if they are few enough to walk through.
    walk: Vec<(u128, usize)>,
}

/// Named entries up to which walking through them beats searching.
const MAX_WALK: usize = 128;

/// The entry of an axis under which a place falls.
struct Found {
    entry: u128,
    class: usize,
    /// The place below that entry.
    rank: u128,
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
            let classes = Classes::new(len, split.named);
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
                let children: Vec<Option<u32>> =
                    split.met.iter().copied().chain([0]).map(child).collect();
                let uniform = children.iter().all(|child| *child == children[0]);
                Node { count: 0, uniform, children }
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
            let count = |class: usize| match (node.children[class], below) {
                (None, _) => 0,
                (Some(_), None) => 1,
                (Some(child), Some(below)) => below.nodes[child as usize].count,
            };
            if node.uniform {
                let (entry, below) = div_rem(rank, count(0));
                digits.push(entry);
                (rank, number) = (below, node.children[0].unwrap_or(0));
                continue;
            }
            let found = layer.classes.find(&count, rank);
            rank = found.rank;
            digits.push(found.entry);
            number = node.children[found.class].unwrap_or(0);
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
    fn new(len: u128, named: Vec<Vec<u128>>) -> Self {
        let mut walk = Vec::new();
        if named.iter().map(Vec::len).sum::<usize>() <= MAX_WALK {
            for (class, entries) in named.iter().enumerate() {
                walk.extend(entries.iter().map(|entry| (*entry, class)));
            }
            walk.sort_unstable();
        }
        Self { len, named, walk }
    }

    /// How many entries each class has, the rest last.
    pub(super) fn sizes(&self) -> Vec<u128> {
        let mut sizes: Vec<u128> = self.named.iter().map(|entries| entries.len() as u128).collect();
        sizes.push(self.len - sizes.iter().sum::<u128>());
        sizes
    }

    /// The entry under which place `rank` falls, given each class's count: the last entry with no
    /// more than `rank` before it.
    fn find(&self, count: &impl Fn(usize) -> u128, rank: u128) -> Found {
        if self.walk.is_empty() { self.search(count, rank) } else { self.step_through(count, rank) }
    }

    /// Walks from one named entry to the next.
    fn step_through(&self, count: &impl Fn(usize) -> u128, mut rank: u128) -> Found {
        let rest = self.named.len();
        let rest_count = count(rest);
        let mut next = 0;
        for &(entry, class) in &self.walk {
            let before = (entry - next) * rest_count;
            if rank < before {
                break;
            }
            rank -= before;
            let here = count(class);
            if rank < here {
                return Found { entry, class, rank };
            }
            rank -= here;
            next = entry + 1;
        }
        let (entries, rank) = div_rem(rank, rest_count);
        Found { entry: next + entries, class: rest, rank }
    }

    fn search(&self, count: &impl Fn(usize) -> u128, rank: u128) -> Found {
        let (mut low, mut high) = (0, self.len);
        while high - low > 1 {
            let middle = low.midpoint(high);
            if self.before(count, middle) <= rank { low = middle } else { high = middle }
        }
        Found { entry: low, class: self.class_of(low), rank: rank - self.before(count, low) }
    }

    /// The combinations below entries before `entry`.
    fn before(&self, count: &impl Fn(usize) -> u128, entry: u128) -> u128 {
        let mut rest = entry;
        let mut sum = 0;
        for (class, entries) in self.named.iter().enumerate() {
            let rank = entries.partition_point(|other| *other < entry) as u128;
            rest -= rank;
            sum += rank * count(class);
        }
        sum + rest * count(self.named.len())
    }

    /// How many classes, the rest among them.
    pub(super) fn classes(&self) -> usize {
        self.named.len() + 1
    }

    pub(super) fn class_of(&self, entry: u128) -> usize {
        let holds = |entries: &Vec<u128>| entries.binary_search(&entry).is_ok();
        self.named.iter().position(holds).unwrap_or(self.named.len())
    }
}
