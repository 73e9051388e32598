//! The wallet as plain arithmetic: what it should do, written again from the rules and without a
//! line of the server's code. Three wallets: two live ones and a test one.

use std::collections::BTreeMap;

pub const GRACE_MS: i64 = 7 * 86_400_000;
pub const START_MS: i64 = 1_800_000_000_000;
pub const WALLETS: usize = 3;
/// Wallets 0 and 1 are live, 2 is a test wallet.
pub const LIVE: [usize; 2] = [0, 1];

/// What can be asked of the wallets. Numbers that pick something are taken modulo what there is.
#[derive(Clone, Debug)]
pub enum Command {
    Grant {
        wallet: usize,
        source: usize,
        reference: u8,
        amount: i64,
        ttl_ms: Option<i64>,
    },
    Freeze {
        wallet: usize,
        price: i64,
        videos: usize,
    },
    /// Freezes a batch's released videos again, as its next round.
    Retry {
        hold: usize,
    },
    /// Freezes the first round of a batch a second time.
    SameRound {
        hold: usize,
    },
    /// Freezes a video that may have an open share, in a batch of its own.
    FreezeAgain {
        video: usize,
    },
    /// One flush over the wallets of a mode; `true` captures.
    Settle {
        test: bool,
        picks: Vec<(usize, bool)>,
    },
    /// A flush of a few videos of one batch, wherever they stand.
    SettleSome {
        hold: usize,
        start: usize,
        count: usize,
        capture: bool,
    },
    Sweep,
    Jump {
        ms: i64,
    },
    Adjust {
        wallet: usize,
        delta: i64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    /// Indexes into [`World::videos`] with the amount and whether it was captured.
    Settled(Vec<(usize, i64, bool)>),
    Insufficient {
        needed: i64,
        available: i64,
    },
    GrantDiffers,
    HoldExists,
    ShareOpen,
    /// The command had nothing to work on.
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    pub reference: String,
    pub priority: i64,
    pub granted: i64,
    pub remaining: i64,
    pub held: i64,
    pub consumed: i64,
    pub expired: i64,
    pub clawed: i64,
    pub expires: Option<i64>,
    pub created: i64,
    grace_of: Option<(usize, usize)>,
}

#[derive(Clone, Debug, Default)]
pub struct Wallet {
    pub available: i64,
    pub held: i64,
    pub debt: i64,
    pub transfers: i64,
    pub lots: Vec<Lot>,
}

#[derive(Clone, Debug)]
pub struct Hold {
    pub wallet: usize,
    pub batch: usize,
    pub round: i64,
    pub price: i64,
    /// (lot, amount, captured, released) in burn order.
    parts: Vec<(usize, i64, i64, i64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    Open(usize),
    Captured,
    Released,
}

#[derive(Clone, Debug)]
pub struct Video {
    pub batch: usize,
    pub share: Share,
}

/// Everything the oracle knows, and what it answered last.
#[derive(Clone, Debug)]
pub struct World {
    pub now: i64,
    pub wallets: Vec<Wallet>,
    pub holds: Vec<Hold>,
    pub videos: Vec<Video>,
    pub batches: usize,
    pub last: Answer,
    pub plan: Option<FreezePlan>,
}

/// What the last freeze was about, so that the other side can be asked the same.
#[derive(Clone, Debug)]
pub struct FreezePlan {
    pub wallet: usize,
    pub batch: usize,
    pub round: i64,
    pub price: i64,
    pub videos: Vec<usize>,
    pub is_new_batch: bool,
    /// Videos made for this batch; equals `videos` but for `FreezeAgain`.
    pub made: usize,
}

pub const SOURCES: [&str; 4] = ["TRIAL", "PROMO", "SUBSCRIPTION", "PURCHASE"];
const PRIORITIES: [i64; 4] = [10, 20, 30, 50];
const ADJUSTMENT_PRIORITY: i64 = 40;

impl World {
    pub fn new() -> Self {
        Self {
            now: START_MS,
            wallets: vec![Wallet::default(); WALLETS],
            holds: Vec::new(),
            videos: Vec::new(),
            batches: 0,
            last: Answer::Nothing,
            plan: None,
        }
    }

    pub fn apply(mut self, command: &Command) -> Self {
        self.now += 1;
        self.plan = None;
        self.last = match command {
            Command::Grant { wallet, source, reference, amount, ttl_ms } => {
                self.grant(*wallet, (*source, *reference), *amount, *ttl_ms)
            }
            Command::Freeze { wallet, price, videos } => {
                let first = self.videos.len();
                self.freeze_new(*wallet, *price, (first..first + videos).collect(), *videos)
            }
            Command::Retry { hold } => self.retry(*hold),
            Command::SameRound { hold } => self.same_round(*hold),
            Command::FreezeAgain { video } => self.freeze_again(*video),
            Command::Settle { test, picks } => self.settle(*test, picks),
            Command::SettleSome { hold, start, count, capture } => {
                match self.some_of(*hold, *start, *count) {
                    Some((_, videos)) => {
                        self.end_open(videos.into_iter().map(|v| (v, *capture)).collect())
                    }
                    None => Answer::Nothing,
                }
            }
            Command::Sweep => {
                let now = self.now;
                self.wallets.iter_mut().for_each(|wallet| wallet.expire(now));
                Answer::Done
            }
            Command::Jump { ms } => {
                self.now += ms;
                Answer::Done
            }
            Command::Adjust { wallet, delta } => self.adjust(*wallet, *delta),
        };
        self
    }

    fn grant(
        &mut self,
        wallet: usize,
        (source, reference): (usize, u8),
        amount: i64,
        ttl_ms: Option<i64>,
    ) -> Answer {
        let reference = format!("ref-{reference}");
        let expires = ttl_ms.map(|ttl| self.now + ttl);
        let priority = PRIORITIES[source];
        let known = self.wallets[wallet].lots.iter().find(|lot| lot.reference == reference);
        if let Some(lot) = known {
            let same = lot.granted == amount && lot.priority == priority && lot.expires == expires;
            return if same { Answer::Done } else { Answer::GrantDiffers };
        }
        let lot = Lot::new(reference, priority, amount, (expires, self.now));
        self.wallets[wallet].take_in(lot);
        Answer::Done
    }

    fn adjust(&mut self, wallet: usize, delta: i64) -> Answer {
        let now = self.now;
        let wallet = &mut self.wallets[wallet];
        if delta > 0 {
            let lot = Lot::new(String::from("adjustment"), ADJUSTMENT_PRIORITY, delta, (None, now));
            wallet.take_in(lot);
            return Answer::Done;
        }
        wallet.expire(now);
        let mut open = -delta;
        for place in wallet.burn_order() {
            let take = open.min(wallet.lots[place].remaining);
            if take > 0 {
                wallet.lots[place].remaining -= take;
                wallet.lots[place].clawed += take;
                wallet.available -= take;
                wallet.transfers += 1;
                open -= take;
            }
        }
        if open > 0 {
            wallet.debt += open;
            wallet.transfers += 1;
        }
        Answer::Done
    }

    fn freeze_new(&mut self, wallet: usize, price: i64, videos: Vec<usize>, made: usize) -> Answer {
        let batch = self.batches;
        let plan = FreezePlan { wallet, batch, round: 1, price, videos, is_new_batch: true, made };
        self.freeze(plan)
    }

    fn retry(&mut self, hold: usize) -> Answer {
        if self.holds.is_empty() {
            return Answer::Nothing;
        }
        let Hold { wallet, batch, price, .. } = self.holds[hold % self.holds.len()];
        let rounds = self.holds.iter().filter(|hold| hold.batch == batch);
        let round = rounds.map(|hold| hold.round).max().unwrap_or(0) + 1;
        let released = |video: &Video| video.batch == batch && video.share == Share::Released;
        let videos: Vec<usize> =
            (0..self.videos.len()).filter(|video| released(&self.videos[*video])).collect();
        if videos.is_empty() {
            return Answer::Nothing;
        }
        let plan = FreezePlan { wallet, batch, round, price, videos, is_new_batch: false, made: 0 };
        self.freeze(plan)
    }

    fn same_round(&mut self, hold: usize) -> Answer {
        if self.holds.is_empty() {
            return Answer::Nothing;
        }
        let Hold { wallet, batch, round, price, .. } = self.holds[hold % self.holds.len()];
        let videos: Vec<usize> =
            (0..self.videos.len()).filter(|video| self.videos[*video].batch == batch).collect();
        let plan = FreezePlan { wallet, batch, round, price, videos, is_new_batch: false, made: 0 };
        self.freeze(plan)
    }

    fn freeze_again(&mut self, video: usize) -> Answer {
        if self.videos.is_empty() {
            return Answer::Nothing;
        }
        let video = video % self.videos.len();
        let Share::Open(hold) = self.videos[video].share else { return Answer::Nothing };
        let Hold { wallet, price, .. } = self.holds[hold];
        self.freeze_new(wallet, price, vec![video], 0)
    }

    fn freeze(&mut self, plan: FreezePlan) -> Answer {
        self.plan = Some(plan.clone());
        let needed = plan.price * plan.videos.len() as i64;
        let mut wallet = self.wallets[plan.wallet].clone();
        wallet.expire(self.now);
        if wallet.available < needed {
            return Answer::Insufficient { needed, available: wallet.available };
        }
        let taken = |hold: &Hold| hold.batch == plan.batch && hold.round == plan.round;
        if self.holds.iter().any(taken) {
            return Answer::HoldExists;
        }
        let is_open = |video: &usize| {
            matches!(self.videos.get(*video), Some(Video { share: Share::Open(_), .. }))
        };
        if plan.videos.iter().any(is_open) {
            return Answer::ShareOpen;
        }
        let mut parts = Vec::new();
        let mut open = needed;
        for place in wallet.burn_order() {
            let take = open.min(wallet.lots[place].remaining);
            if take > 0 {
                wallet.lots[place].remaining -= take;
                wallet.lots[place].held += take;
                wallet.transfers += 1;
                parts.push((place, take, 0, 0));
                open -= take;
            }
        }
        assert_eq!(open, 0, "the oracle's own lots add up");
        wallet.available -= needed;
        wallet.held += needed;
        self.wallets[plan.wallet] = wallet;
        self.take_down(&plan, parts);
        Answer::Done
    }

    fn take_down(&mut self, plan: &FreezePlan, parts: Vec<(usize, i64, i64, i64)>) {
        let hold = self.holds.len();
        let FreezePlan { wallet, batch, round, price, .. } = *plan;
        self.holds.push(Hold { wallet, batch, round, price, parts });
        for video in &plan.videos {
            match self.videos.get_mut(*video) {
                Some(known) => known.share = Share::Open(hold),
                None => self.videos.push(Video { batch, share: Share::Open(hold) }),
            }
        }
        self.batches += usize::from(plan.is_new_batch);
    }

    fn settle(&mut self, test: bool, picks: &[(usize, bool)]) -> Answer {
        let of_mode = |video: &Video| {
            let hold = self.holds.iter().find(|hold| hold.batch == video.batch);
            hold.is_some_and(|hold| LIVE.contains(&hold.wallet) != test)
        };
        let pool: Vec<usize> =
            (0..self.videos.len()).filter(|video| of_mode(&self.videos[*video])).collect();
        let mut first: BTreeMap<usize, bool> = BTreeMap::new();
        let mut order = Vec::new();
        for (pick, capture) in picks {
            let Some(video) = pool.get(pick % pool.len().max(1)) else { continue };
            if first.insert(*video, *capture).is_none() {
                order.push((*video, *capture));
            }
        }
        self.end_open(order)
    }

    /// Videos of a hold's batch, in a circle, with the hold's wallet.
    pub fn some_of(&self, hold: usize, start: usize, count: usize) -> Option<(usize, Vec<usize>)> {
        let Hold { wallet, batch, .. } = self.holds.get(hold.checked_rem(self.holds.len())?)?;
        let all: Vec<usize> =
            (0..self.videos.len()).filter(|video| self.videos[*video].batch == *batch).collect();
        let circle = all.iter().copied().cycle().skip(start % all.len());
        Some((*wallet, circle.take(count.min(all.len())).collect()))
    }

    /// Holds with open shares on a lot that has lapsed: what they release next is caught by a
    /// grace lot.
    pub fn torn_holds(&self) -> Vec<usize> {
        let is_open = |hold: usize| self.videos.iter().any(|one| one.share == Share::Open(hold));
        let has_lapsed = |hold: &Hold| {
            let lots = &self.wallets[hold.wallet].lots;
            hold.parts.iter().any(|(lot, ..)| lots[*lot].has_lapsed(self.now))
        };
        let holds = self.holds.iter().enumerate();
        holds.filter(|(at, hold)| is_open(*at) && has_lapsed(hold)).map(|(at, _)| at).collect()
    }

    fn end_open(&mut self, order: Vec<(usize, bool)>) -> Answer {
        let mut settled = Vec::new();
        for (video, capture) in order {
            if let Share::Open(hold) = self.videos[video].share {
                settled.push((video, self.holds[hold].price, capture));
                self.end(video, hold, capture);
            }
        }
        Answer::Settled(settled)
    }

    fn end(&mut self, video: usize, hold: usize, capture: bool) {
        self.videos[video].share = if capture { Share::Captured } else { Share::Released };
        let now = self.now;
        let Hold { wallet, price, .. } = self.holds[hold];
        let mut open = price;
        let count = self.holds[hold].parts.len();
        let places: Vec<usize> =
            if capture { (0..count).collect() } else { (0..count).rev().collect() };
        for place in places {
            let (lot, amount, captured, released) = self.holds[hold].parts[place];
            let take = open.min(amount - captured - released);
            if take == 0 {
                continue;
            }
            open -= take;
            let (_, _, captured, released) = &mut self.holds[hold].parts[place];
            *(if capture { captured } else { released }) += take;
            self.wallets[wallet].end(lot, take, (hold, capture, now));
        }
        assert_eq!(open, 0, "the oracle's own holds add up");
    }
}

impl Lot {
    fn new(
        reference: String,
        priority: i64,
        granted: i64,
        (expires, created): (Option<i64>, i64),
    ) -> Self {
        Self {
            reference,
            priority,
            granted,
            remaining: granted,
            held: 0,
            consumed: 0,
            expired: 0,
            clawed: 0,
            expires,
            created,
            grace_of: None,
        }
    }

    fn has_lapsed(&self, now: i64) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }
}

impl Wallet {
    /// A new lot: what is owed is paid from it first.
    fn take_in(&mut self, mut lot: Lot) {
        let paid = self.debt.min(lot.granted);
        lot.remaining -= paid;
        lot.clawed += paid;
        self.debt -= paid;
        self.available += lot.remaining;
        self.transfers += 1 + i64::from(paid > 0);
        self.lots.push(lot);
    }

    fn expire(&mut self, now: i64) {
        for lot in self.lots.iter_mut().filter(|lot| lot.has_lapsed(now) && lot.remaining > 0) {
            self.available -= lot.remaining;
            lot.expired += lot.remaining;
            lot.remaining = 0;
            self.transfers += 1;
        }
    }

    /// Places of the lots: priority, soonest expiry (never is last), oldest; lots are kept in the
    /// order of their making, and the sort is stable.
    fn burn_order(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.lots.len()).collect();
        places.sort_by_key(|place| {
            let lot = &self.lots[*place];
            (lot.priority, lot.expires.unwrap_or(i64::MAX), lot.created)
        });
        places
    }

    fn end(&mut self, lot: usize, take: i64, (hold, capture, now): (usize, bool, i64)) {
        self.held -= take;
        self.lots[lot].held -= take;
        self.transfers += 1;
        if capture {
            self.lots[lot].consumed += take;
            return;
        }
        self.available += take;
        if !self.lots[lot].has_lapsed(now) {
            self.lots[lot].remaining += take;
            return;
        }
        self.lots[lot].expired += take;
        self.transfers += 1;
        let key = Some((hold, lot));
        let living = self.lots.iter_mut().find(|lot| lot.grace_of == key && !lot.has_lapsed(now));
        if let Some(grace) = living {
            grace.granted += take;
            grace.remaining += take;
            return;
        }
        let priority = self.lots[lot].priority;
        let mut grace =
            Lot::new(String::from("grace"), priority, take, (Some(now + GRACE_MS), now));
        grace.grace_of = key;
        self.lots.push(grace);
    }
}
