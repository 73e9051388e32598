//! The same random histories on the oracle, SQLite and PostgreSQL: after every command the answer,
//! every balance and every lot must be equal, and in the end the ledger check must find nothing.

use std::sync::LazyLock;

use entity::enums::{LotSource, Mode};
use entity::ids::{BatchId, VideoId, WalletId};
use entity::values::{Credits, UnixMs};
use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just, Strategy};
use proptest::test_runner::{Config, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use sea_orm::ConnectionTrait as _;
use server::db::dialect::statement;
use server::db::{Class, Db, Tx};
use server::domain::wallet::{self, Error, Freeze, Resolution, Verdict, Wallet, check};
use server::kernel::clock::Clock;
use tokio::runtime::Runtime;

use super::oracle::{
    Answer, Command, FreezePlan, GRACE_MS, Hold, LIVE, SOURCES, START_MS, WALLETS, World,
};
use super::stage::{self, Purse};
use crate::harness::database::Database;

struct Rules;

impl ReferenceStateMachine for Rules {
    type State = World;
    type Transition = Command;

    fn init_state() -> BoxedStrategy<World> {
        Just(World::new()).boxed()
    }

    fn transitions(world: &World) -> BoxedStrategy<Command> {
        // One wallet sees most of it, so that its histories grow long.
        let wallet = prop_oneof![3 => Just(0_usize), 1 => 0..WALLETS];
        let ttl = prop_oneof![
            2 => Just(None),
            2 => (1_i64..40 * 86_400_000).prop_map(Some),
            4 => (1_i64..30).prop_map(Some),
        ];
        let amount = prop_oneof![Just(1_i64), Just(24), 1_i64..60];
        let grant = (wallet.clone(), 0..SOURCES.len(), 0_u8..24, amount, ttl).prop_map(
            |(wallet, source, reference, amount, ttl_ms)| Command::Grant {
                wallet,
                source,
                reference,
                amount,
                ttl_ms,
            },
        );
        // Mostly few at a time, so that holds stay open while their lots expire under them.
        let pick = || (any::<usize>(), any::<bool>());
        let picks = prop_oneof![
            2 => prop::collection::vec(pick(), 1..4),
            1 => prop::collection::vec(pick(), 1..12),
        ];
        // Grace lots grow and are followed by others only if their holds are met again.
        let torn = world.torn_holds();
        let hold = match torn.is_empty() {
            true => any::<usize>().boxed(),
            false => prop_oneof![1 => any::<usize>(), 3 => prop::sample::select(torn)].boxed(),
        };
        let around_grace = GRACE_MS - 20..GRACE_MS + 20;
        let jump = prop_oneof![6 => 0_i64..20, 2 => around_grace, 1 => 0_i64..40 * 86_400_000];
        prop_oneof![
            5 => grant,
            4 => (wallet.clone(), 1_i64..9, 1_usize..7)
                .prop_map(|(wallet, price, videos)| Command::Freeze { wallet, price, videos }),
            6 => (prop::bool::weighted(0.25), picks)
                .prop_map(|(test, picks)| Command::Settle { test, picks }),
            5 => (hold, 0_usize..7, 1_usize..4, prop::bool::weighted(0.3)).prop_map(
                |(hold, start, count, capture)| Command::SettleSome { hold, start, count, capture },
            ),
            2 => any::<usize>().prop_map(|hold| Command::Retry { hold }),
            1 => any::<usize>().prop_map(|hold| Command::SameRound { hold }),
            1 => any::<usize>().prop_map(|video| Command::FreezeAgain { video }),
            1 => Just(Command::Sweep),
            3 => jump.prop_map(|ms| Command::Jump { ms }),
            2 => (wallet, prop_oneof![-80_i64..-1, 1_i64..40])
                .prop_map(|(wallet, delta)| Command::Adjust { wallet, delta }),
        ]
        .boxed()
    }

    fn apply(state: World, command: &Command) -> World {
        state.apply(command)
    }
}

/// One database with three wallets of its own, and the ids of what the oracle names by number.
struct Real {
    db: Db,
    purses: Vec<Purse>,
    batches: Vec<BatchId>,
    videos: Vec<VideoId>,
}

struct Both {
    reals: Vec<Real>,
}

struct Shared {
    runtime: Runtime,
    databases: Vec<Database>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let databases =
        runtime.block_on(async { vec![Database::sqlite().await, Database::postgres().await] });
    Shared { runtime, databases }
});

impl StateMachineTest for Both {
    type SystemUnderTest = Self;
    type Reference = Rules;

    fn init_test(_: &World) -> Self {
        SHARED.runtime.block_on(async {
            let mut reals = Vec::new();
            for database in &SHARED.databases {
                reals.push(Real::new(database.db.clone()).await);
            }
            Self { reals }
        })
    }

    fn apply(mut both: Self, world: &World, command: Command) -> Self {
        SHARED.runtime.block_on(async {
            for real in &mut both.reals {
                let answer = real.ask(world, &command).await;
                assert_eq!(answer, world.last, "the answer of {:?}", real.db.backend());
                real.compare(world).await;
            }
        });
        both
    }
}

impl Real {
    async fn new(db: Db) -> Self {
        let (one, two) = (stage::workspace(&db).await, stage::workspace(&db).await);
        let purses = vec![
            stage::purse(&db, one, Mode::Live).await,
            stage::purse(&db, two, Mode::Live).await,
            stage::purse(&db, one, Mode::Test).await,
        ];
        Self { db, purses, batches: Vec::new(), videos: Vec::new() }
    }

    async fn ask(&mut self, world: &World, command: &Command) -> Answer {
        let now = UnixMs(world.now);
        match command {
            Command::Grant { wallet, source, reference, amount, ttl_ms } => {
                let terms = (SOURCES[*source], *amount, ttl_ms.map(|ttl| now.plus_ms(ttl)));
                self.grant(self.purses[*wallet], format!("ref-{reference}"), (terms, now)).await
            }
            Command::Adjust { wallet, delta } => {
                self.adjust(self.purses[*wallet], *delta, now).await
            }
            Command::Settle { test, picks } => self.settle(world, *test, picks).await,
            Command::SettleSome { hold, start, count, capture } => {
                match world.some_of(*hold, *start, *count) {
                    Some((wallet, videos)) => {
                        let picked = videos.into_iter().map(|video| (video, *capture)).collect();
                        self.flush(&[self.purses[wallet].wallet_id], picked, now).await
                    }
                    None => Answer::Nothing,
                }
            }
            Command::Sweep => {
                let service = Wallet::new(self.db.clone(), Clock::manual(now));
                service.expire_due().await.expect("a sweep");
                Answer::Done
            }
            Command::Jump { .. } => Answer::Done,
            _ => match &world.plan {
                Some(plan) => self.freeze(plan, now).await,
                None => Answer::Nothing,
            },
        }
    }

    async fn grant(
        &self,
        purse: Purse,
        reference: String,
        ((source, amount, expires_at), now): ((&str, i64, Option<UnixMs>), UnixMs),
    ) -> Answer {
        let source: LotSource = source.parse().expect("a source");
        let reference = reference.as_str();
        let work = |tx: Tx| async move {
            let grant = wallet::Grant {
                wallet_id: purse.wallet_id,
                source,
                source_ref: reference,
                amount: Credits(amount),
                expires_at,
                actor: "system",
                reason: "",
            };
            wallet::grant_in_tx(&tx, &grant, now).await
        };
        answer(self.db.tx(Class::Money, work).await)
    }

    async fn adjust(&self, purse: Purse, delta: i64, now: UnixMs) -> Answer {
        let work = |tx: Tx| async move {
            let adjust =
                wallet::Adjust { wallet_id: purse.wallet_id, delta, actor: "cli", reason: "r" };
            wallet::adjust_in_tx(&tx, &adjust, now).await
        };
        answer(self.db.tx(Class::Money, work).await)
    }

    async fn freeze(&mut self, plan: &FreezePlan, now: UnixMs) -> Answer {
        let purse = self.purses[plan.wallet];
        let known = &self.batches;
        let videos = &self.videos;
        let work = |tx: Tx| async move {
            let made = if plan.is_new_batch {
                Some(stage::insert_batch_in_tx(&tx, purse, plan.price, plan.made).await)
            } else {
                None
            };
            let pick = |video: &usize| match &made {
                Some(batch) if plan.made > 0 => batch.videos[video - videos.len()],
                _ => videos[*video],
            };
            let chosen: Vec<VideoId> = plan.videos.iter().map(pick).collect();
            let freeze = Freeze {
                wallet_id: purse.wallet_id,
                batch_id: made.as_ref().map_or_else(|| known[plan.batch], |batch| batch.id),
                round: plan.round,
                price: Credits(plan.price),
                videos: &chosen,
                actor: "usr_test",
            };
            wallet::freeze_in_tx(&tx, &freeze, now).await?;
            if made.is_none() {
                stage::set_state_in_tx(&tx, &chosen, "QUEUED").await;
            }
            Ok(made)
        };
        match self.db.tx(Class::Interactive, work).await {
            Ok(made) => {
                if let Some(batch) = made {
                    self.batches.push(batch.id);
                    self.videos.extend(batch.videos);
                }
                Answer::Done
            }
            Err(error) => answer(Err::<(), Error>(error)),
        }
    }

    /// The picks mean the videos of that mode, in the order the oracle knows them.
    async fn settle(&self, world: &World, test: bool, picks: &[(usize, bool)]) -> Answer {
        let of_mode = |batch: usize| {
            let hold: Option<&Hold> = world.holds.iter().find(|hold| hold.batch == batch);
            hold.is_some_and(|hold| LIVE.contains(&hold.wallet) != test)
        };
        let pool: Vec<usize> =
            (0..world.videos.len()).filter(|v| of_mode(world.videos[*v].batch)).collect();
        if pool.is_empty() {
            return Answer::Settled(Vec::new());
        }
        let picked = picks.iter().map(|(pick, capture)| (pool[pick % pool.len()], *capture));
        let mode = if test { Mode::Test } else { Mode::Live };
        let wallets: Vec<_> =
            self.purses.iter().filter(|p| p.mode == mode).map(|p| p.wallet_id).collect();
        self.flush(&wallets, picked.collect(), UnixMs(world.now)).await
    }

    async fn flush(&self, wallets: &[WalletId], picked: Vec<(usize, bool)>, now: UnixMs) -> Answer {
        let resolution = |(video, capture): (usize, bool)| Resolution {
            video_id: self.videos[video],
            verdict: if capture { Verdict::Capture } else { Verdict::Release },
        };
        let resolutions: Vec<Resolution> = picked.into_iter().map(resolution).collect();
        let resolved = stage::settle(&self.db, wallets, &resolutions, now).await;
        let place = |id: VideoId| self.videos.iter().position(|known| *known == id);
        let settled = resolved.expect("a flush").into_iter().map(|one| {
            let video = place(one.video_id).expect("a known video");
            (video, one.amount.0, one.verdict == Verdict::Capture)
        });
        Answer::Settled(settled.collect())
    }

    async fn compare(&self, world: &World) {
        for (purse, wallet) in self.purses.iter().zip(&world.wallets) {
            let stored = stage::stored(&self.db, purse.wallet_id).await;
            let expected = (wallet.available, wallet.held, wallet.debt, wallet.transfers);
            assert_eq!(stored, expected, "(available, held, debt, wseq)");
            let sql = "SELECT * FROM credit_lot WHERE wallet_id = $1 ORDER BY created_at, id";
            let query = statement(self.db.reader(), sql, [purse.wallet_id.into()]);
            let rows = self.db.reader().query_all_raw(query).await.expect("lots");
            assert_eq!(rows.len(), wallet.lots.len(), "number of lots");
            for (row, lot) in rows.iter().zip(&wallet.lots) {
                let int = |name: &str| row.try_get::<i64>("", name).expect("a number");
                let expires: Option<i64> = row.try_get("", "expires_at").expect("an expiry");
                let stored = [
                    int("priority"),
                    int("granted"),
                    int("remaining"),
                    int("held"),
                    int("consumed"),
                    int("expired"),
                    int("clawed"),
                    int("created_at"),
                ];
                let expected = [
                    lot.priority,
                    lot.granted,
                    lot.remaining,
                    lot.held,
                    lot.consumed,
                    lot.expired,
                    lot.clawed,
                    lot.created,
                ];
                assert_eq!((stored, expires), (expected, lot.expires), "lot {}", lot.reference);
            }
        }
    }
}

fn answer<T>(result: Result<T, Error>) -> Answer {
    match result {
        Ok(_) => Answer::Done,
        Err(Error::Insufficient { needed, available }) => {
            Answer::Insufficient { needed: needed.0, available: available.0 }
        }
        Err(Error::GrantDiffers) => Answer::GrantDiffers,
        Err(Error::HoldExists) => Answer::HoldExists,
        Err(Error::ShareOpen) => Answer::ShareOpen,
        Err(other) => panic!("{other:?}"),
    }
}

/// Cases per run; `PROPTEST_CASES` asks for more.
const CASES: u32 = 40;

#[test]
fn random_histories_agree_with_the_oracle() {
    assert_eq!(START_MS, stage::NOW.0);
    let cases =
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let config =
        Config { cases, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    let strategy = Rules::sequential_strategy(1..100);
    let mut runner = TestRunner::new(config.clone());
    let outcome = runner.run(&strategy, |(world, commands, seen)| {
        Both::test_sequential(config.clone(), world, commands, seen);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    SHARED.runtime.block_on(async {
        for database in &SHARED.databases {
            let report = check::run(&database.db, None).await.expect("the check runs");
            assert!(report.is_sound(), "{report}");
        }
    });
}
