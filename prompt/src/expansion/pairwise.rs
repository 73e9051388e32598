//! Samples in which every pair of values of two different axes appears at least once.
//!
//! Combination after combination is built greedily. Each begins with a pair that is still open,
//! then one axis after the other takes the entry that closes most open pairs with the entries
//! already chosen, and promises most with those to come. Several are tried, the best is kept; at
//! the end those that turn out to be needless are dropped. The order is that of building: the
//! first combinations show most.
//!
//! All is counted in integers from a fixed seed, so that one selection gives one sample, in the
//! server and in the page, for ever: stored quotes name [`crate::PAIRWISE_ALGORITHM`].
//!
//! Under exclusions the axes are decided in the order of the diagram, and only entries are taken
//! from which a combination that is left can still be reached. Pairs that no combination left has
//! are not asked for.

use super::diagram::Diagram;
use super::reach::Reach;

/// Elementary steps spent on trying; more candidates are tried where they are cheap.
const EFFORT: usize = 60_000_000;
/// Steps through the diagram past which exclusions make a sample too dear.
const MOST_WORK: u128 = 4_000_000_000;
/// Most candidates for one combination.
const MOST_CANDIDATES: usize = 40;
/// What one closed pair counts; promises are fractions of it.
const PAIR: u64 = 1 << 16;

/// A pairwise sample: the entries of each combination, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    axes: usize,
    entries: Vec<u32>,
}

/// More pairs than allowed, or more work than they are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyPairs(pub(crate) u128);

impl Cover {
    /// # Errors
    /// [`TooManyPairs`] past `max_pairs`.
    pub(crate) fn build(
        lens: &[u128],
        diagram: Option<&Diagram>,
        max_pairs: usize,
    ) -> Result<Self, TooManyPairs> {
        let pairs = count_pairs(lens);
        let work = diagram.map_or(0, |diagram| diagram.work(pairs));
        if pairs > max_pairs as u128 || work > MOST_WORK {
            return Err(TooManyPairs(pairs));
        }
        let lens: Vec<usize> = lens.iter().map(|len| *len as usize).collect();
        let mut builder = Builder::new(lens, diagram);
        let mut rows: Vec<Vec<u32>> = Vec::new();
        while let Some(row) = builder.next_row() {
            rows.push(row);
        }
        let rows = builder.open.without_needless(rows);
        Ok(Self { axes: builder.open.lens.len(), entries: rows.concat() })
    }

    /// How many combinations.
    pub(crate) fn len(&self) -> usize {
        self.entries.len() / self.axes.max(1)
    }

    /// The entry of each axis at a place.
    pub(crate) fn digits(&self, place: usize) -> Vec<u128> {
        let start = place * self.axes;
        self.entries[start..start + self.axes].iter().map(|entry| u128::from(*entry)).collect()
    }
}

/// Pairs of entries of two different axes.
pub(crate) fn count_pairs(lens: &[u128]) -> u128 {
    let mut before = 0_u128;
    let mut pairs = 0_u128;
    for len in lens {
        pairs = pairs.saturating_add(before.saturating_mul(*len));
        before = before.saturating_add(*len);
    }
    pairs
}

/// Which pairs no combination has yet.
#[derive(Clone, Debug)]
struct Open {
    lens: Vec<usize>,
    /// Number of the first entry of each axis, among the entries of all axes.
    first: Vec<usize>,
    /// By two axes, the earlier first: where their pairs begin in `open`.
    begins: Vec<usize>,
    open: Vec<bool>,
    /// By entry and axis: open pairs of that entry with that axis.
    with: Vec<u32>,
    left: usize,
}

impl Open {
    fn new(lens: Vec<usize>) -> Self {
        let mut first = Vec::with_capacity(lens.len());
        let mut entries = 0;
        for len in &lens {
            first.push(entries);
            entries += len;
        }
        let axes = lens.len();
        let mut begins = vec![0; axes * axes];
        let mut pairs = 0;
        for i in 0..axes {
            for j in i + 1..axes {
                begins[i * axes + j] = pairs;
                pairs += lens[i] * lens[j];
            }
        }
        let open = vec![false; pairs];
        Self { lens, first, begins, open, with: vec![0; entries * axes], left: 0 }
    }

    /// Number of a pair among all pairs.
    fn place(&self, (i, a): (usize, usize), (j, b): (usize, usize)) -> usize {
        let axes = self.lens.len();
        if i < j {
            self.begins[i * axes + j] + a * self.lens[j] + b
        } else {
            self.begins[j * axes + i] + b * self.lens[i] + a
        }
    }

    /// Asks for a pair.
    fn ask(&mut self, (i, a): (usize, usize), (j, b): (usize, usize)) {
        self.set((i, a), (j, b), true);
        self.left += 1;
    }

    fn set(&mut self, (i, a): (usize, usize), (j, b): (usize, usize), open: bool) {
        let (x, y, axes) = (self.first[i] + a, self.first[j] + b, self.lens.len());
        let place = self.place((i, a), (j, b));
        self.open[place] = open;
        for at in [x * axes + j, y * axes + i] {
            if open {
                self.with[at] += 1;
            } else {
                self.with[at] -= 1;
            }
        }
    }

    fn is_open(&self, (i, a): (usize, usize), (j, b): (usize, usize)) -> bool {
        self.open[self.place((i, a), (j, b))]
    }

    /// Open pairs of an entry with an axis.
    fn with(&self, (i, a): (usize, usize), j: usize) -> u32 {
        self.with[(self.first[i] + a) * self.lens.len() + j]
    }

    fn total(&self, (i, a): (usize, usize)) -> u32 {
        let at = (self.first[i] + a) * self.lens.len();
        self.with[at..at + self.lens.len()].iter().sum()
    }

    fn close(&mut self, row: &[u32]) {
        for i in 0..row.len() {
            for j in i + 1..row.len() {
                let pair = ((i, row[i] as usize), (j, row[j] as usize));
                if self.is_open(pair.0, pair.1) {
                    self.set(pair.0, pair.1, false);
                    self.left -= 1;
                }
            }
        }
    }

    /// Open pairs that a combination would close.
    fn gain(&self, row: &[u32]) -> usize {
        let mut gain = 0;
        for i in 0..row.len() {
            for j in i + 1..row.len() {
                gain += usize::from(self.is_open((i, row[i] as usize), (j, row[j] as usize)));
            }
        }
        gain
    }

    /// Drops combinations whose every pair another one has, the last first.
    fn without_needless(&self, rows: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
        let place = |row: &[u32], i: usize, j: usize| {
            self.place((i, row[i] as usize), (j, row[j] as usize))
        };
        let mut times = vec![0_u32; self.open.len()];
        let axes = self.lens.len();
        let pairs = || (0..axes).flat_map(move |i| (i + 1..axes).map(move |j| (i, j)));
        for row in &rows {
            for (i, j) in pairs() {
                times[place(row, i, j)] += 1;
            }
        }
        let mut kept: Vec<Vec<u32>> = Vec::with_capacity(rows.len());
        for row in rows.into_iter().rev() {
            if pairs().all(|(i, j)| times[place(&row, i, j)] > 1) {
                for (i, j) in pairs() {
                    times[place(&row, i, j)] -= 1;
                }
            } else {
                kept.push(row);
            }
        }
        kept.reverse();
        kept
    }
}

/// Builds one combination after the other.
struct Builder<'a> {
    open: Open,
    diagram: Option<&'a Diagram>,
    candidates: usize,
    dice: Dice,
}

impl<'a> Builder<'a> {
    fn new(lens: Vec<usize>, diagram: Option<&'a Diagram>) -> Self {
        let axes = lens.len();
        let mut longest = lens.clone();
        longest.sort_unstable_by(|a, b| b.cmp(a));
        let rows: usize = longest.iter().take(2).product();
        let walk = diagram.map_or(0, Diagram::edges);
        let steps = (lens.iter().sum::<usize>() * axes + walk) * rows.max(1) * 3 / 2;
        let candidates = (EFFORT / steps.max(1)).clamp(1, MOST_CANDIDATES);
        let mut open = Open::new(lens);
        for i in 0..axes {
            for j in i + 1..axes {
                ask_axes(&mut open, diagram, (i, j));
            }
        }
        Self { open, diagram, candidates, dice: Dice(1) }
    }

    /// The next combination; `None` when every pair is closed.
    fn next_row(&mut self) -> Option<Vec<u32>> {
        if self.open.left == 0 {
            return None;
        }
        let mut best: Option<(usize, Vec<u32>)> = None;
        for _ in 0..self.candidates {
            let row = self.candidate();
            let gain = self.open.gain(&row);
            if best.as_ref().is_none_or(|(most, _)| gain > *most) {
                best = Some((gain, row));
            }
        }
        let (gain, row) = best?;
        debug_assert!(gain > 0, "a combination that begins with an open pair closes it");
        self.open.close(&row);
        Some(row)
    }

    fn candidate(&mut self) -> Vec<u32> {
        let (one, other) = self.seed();
        let axes = self.open.lens.len();
        let mut chosen: Vec<Option<usize>> = vec![None; axes];
        let Some(diagram) = self.diagram else {
            (chosen[one.0], chosen[other.0]) = (Some(one.1), Some(other.1));
            for axis in self.order(one.0, other.0) {
                let entry = self.choose(&chosen, axis, |_| true);
                chosen[axis] = Some(entry);
            }
            return whole(&chosen);
        };
        let reach = diagram.reach(&[one, other]);
        // What is wished for counts as chosen, so that the axes before it look at it too.
        (chosen[one.0], chosen[other.0]) = (Some(one.1), Some(other.1));
        let mut node = 0;
        for axis in 0..axes {
            let fits = |entry: usize| diagram.step(&reach, (axis, node), entry).is_some();
            let entry = match chosen[axis] {
                Some(entry) => entry,
                None => self.choose(&chosen, axis, fits),
            };
            chosen[axis] = Some(entry);
            node = diagram.step(&reach, (axis, node), entry).unwrap_or(0);
        }
        whole(&chosen)
    }

    /// An open pair to begin with: of the entry with most open pairs.
    fn seed(&mut self) -> ((usize, usize), (usize, usize)) {
        let axes = self.open.lens.len();
        let mut pick = Pick::new();
        for i in 0..axes {
            for a in 0..self.open.lens[i] {
                pick.offer(u64::from(self.open.total((i, a))), (i, a), &mut self.dice);
            }
        }
        let one = pick.taken();
        let mut pick = Pick::new();
        for j in (0..axes).filter(|j| *j != one.0) {
            let density = u64::from(self.open.with(one, j)) * PAIR / self.open.lens[j] as u64;
            for b in 0..self.open.lens[j] {
                if self.open.is_open(one, (j, b)) {
                    let total = u64::from(self.open.total((j, b)));
                    pick.offer(1 + total * PAIR + density, (j, b), &mut self.dice);
                }
            }
        }
        (one, pick.taken())
    }

    /// The other axes, shuffled.
    fn order(&mut self, one: usize, other: usize) -> Vec<usize> {
        let mut order: Vec<usize> =
            (0..self.open.lens.len()).filter(|axis| ![one, other].contains(axis)).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, self.dice.below(at as u64 + 1) as usize);
        }
        order
    }

    /// The entry of an axis that closes most, then promises most.
    fn choose(
        &mut self,
        chosen: &[Option<usize>],
        axis: usize,
        fits: impl Fn(usize) -> bool,
    ) -> usize {
        let mut pick = Pick::new();
        for entry in (0..self.open.lens[axis]).filter(|entry| fits(*entry)) {
            let mut score = 0;
            for (other, there) in chosen.iter().enumerate().filter(|(other, _)| *other != axis) {
                score += match there {
                    Some(there) => {
                        PAIR * u64::from(self.open.is_open((axis, entry), (other, *there)))
                    }
                    None => {
                        let with = u64::from(self.open.with((axis, entry), other));
                        with * PAIR / self.open.lens[other] as u64
                    }
                };
            }
            pick.offer(score, (axis, entry), &mut self.dice);
        }
        pick.taken().1
    }
}

fn whole(chosen: &[Option<usize>]) -> Vec<u32> {
    chosen.iter().map(|entry| entry.unwrap_or_default() as u32).collect()
}

/// Asks for the pairs of two axes that some combination left has.
fn ask_axes(open: &mut Open, diagram: Option<&Diagram>, (i, j): (usize, usize)) {
    let mut known: std::collections::HashMap<(usize, usize), bool> = Default::default();
    for a in 0..open.lens[i] {
        for b in 0..open.lens[j] {
            let feasible = diagram.is_none_or(|diagram| {
                let classes = (diagram.class_of(i, a), diagram.class_of(j, b));
                *known.entry(classes).or_insert_with(|| {
                    let reach: Reach = diagram.reach(&[(i, a), (j, b)]);
                    reach.is_possible()
                })
            });
            if feasible {
                open.ask((i, a), (j, b));
            }
        }
    }
}

/// Keeps the best of what is offered; of equals, any of them alike.
struct Pick {
    best: Option<(u64, (usize, usize))>,
    equals: u64,
}

impl Pick {
    const fn new() -> Self {
        Self { best: None, equals: 0 }
    }

    fn offer(&mut self, score: u64, what: (usize, usize), dice: &mut Dice) {
        match self.best {
            Some((best, _)) if score < best => {}
            Some((best, _)) if score == best => {
                self.equals += 1;
                if dice.below(self.equals) == 0 {
                    self.best = Some((score, what));
                }
            }
            _ => {
                self.equals = 1;
                self.best = Some((score, what));
            }
        }
    }

    fn taken(self) -> (usize, usize) {
        self.best.map_or((0, 0), |(_, what)| what)
    }
}

/// SplitMix64: the same throws for ever.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        ((u128::from(z) * u128::from(n)) >> 64) as u64
    }
}
