//! Which nodes of a diagram still lead to a combination that is left, once some entries are given.

use super::diagram::Diagram;

/// By axis and node: whether a combination that is left can be reached from there.
pub(crate) struct Reach {
    alive: Vec<Vec<bool>>,
}

impl Reach {
    /// Whether any combination that is left has all that was given.
    pub(crate) fn is_possible(&self) -> bool {
        self.alive.first().and_then(|nodes| nodes.first()).copied().unwrap_or(true)
    }
}

impl Diagram {
    /// Which exclusions an entry meets, as a number: entries of one class go the same ways.
    pub(crate) fn class_of(&self, axis: usize, entry: usize) -> usize {
        self.layers[axis].classes.class_of(entry as u128)
    }

    /// How many ways there are between nodes.
    pub(crate) fn edges(&self) -> usize {
        self.layers.iter().map(|layer| layer.nodes.len() * layer.classes.classes()).sum()
    }

    /// Steps through the diagram that a sample with so many pairs takes, about.
    pub(crate) fn work(&self, pairs: u128) -> u128 {
        let classes: Vec<u128> =
            self.layers.iter().map(|layer| layer.classes.classes() as u128).collect();
        let asked = super::pairwise::count_pairs(&classes);
        (self.edges() as u128).saturating_mul(asked.saturating_add(pairs))
    }

    /// From where what is left can be reached with these entries of these axes.
    pub(crate) fn reach(&self, given: &[(usize, usize)]) -> Reach {
        let mut alive: Vec<Vec<bool>> = Vec::with_capacity(self.layers.len());
        for (axis, layer) in self.layers.iter().enumerate().rev() {
            let wanted = given.iter().find(|(at, _)| *at == axis);
            let only = wanted.map(|(_, entry)| self.class_of(axis, *entry));
            let sizes = layer.classes.sizes();
            let below = alive.last();
            let leads = |child: &Option<u32>| {
                child.is_some_and(|child| below.is_none_or(|nodes| nodes[child as usize]))
            };
            let nodes = layer.nodes.iter().map(|node| match only {
                Some(class) => leads(&node.children[class]),
                None => node.children.iter().zip(&sizes).any(|(c, size)| *size > 0 && leads(c)),
            });
            let nodes = nodes.collect();
            alive.push(nodes);
        }
        alive.reverse();
        Reach { alive }
    }

    /// The node that an entry leads to, if what is left can be reached from there.
    pub(crate) fn step(
        &self,
        reach: &Reach,
        (axis, node): (usize, usize),
        entry: usize,
    ) -> Option<usize> {
        let child = self.layers[axis].nodes[node].children[self.class_of(axis, entry)]? as usize;
        let leads = reach.alive.get(axis + 1).is_none_or(|nodes| nodes[child]);
        leads.then_some(child)
    }
}
