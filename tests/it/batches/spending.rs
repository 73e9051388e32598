//! Limits of the workspace's own, the line below which it is told, and what was spent.

use std::sync::Arc;

use entity::enums::{Mode, Role, VideoState};
use entity::values::Credits;
use server::domain::access::Action;
use server::domain::batches::Error;
use server::domain::wallet::{NewLimits, SpendAsked};
use server::kernel::error::ApiError;
use server::kernel::language::Language;

use crate::harness::database::Database;
use crate::harness::world::{Tenant, World, request};

crate::harness::both!(
    a_launch_over_the_day_or_the_month_is_refused,
    what_was_given_back_may_be_spent_again,
    limits_hold_under_eight_launches,
    limits_are_set_by_admins_and_audited,
    a_low_balance_is_told_once_per_crossing,
    the_line_is_told_once_under_eight_launches,
    what_was_spent_is_what_the_ledger_says,
);

const DAY: i64 = 86_400_000;

fn limits(daily: Option<i64>, monthly: Option<i64>, low: Option<i64>) -> NewLimits {
    let credits = |n: Option<i64>| n.map(Credits);
    NewLimits { daily: credits(daily), monthly: credits(monthly), low_balance: credits(low) }
}

async fn set(world: &World, tenant: &Tenant, wanted: NewLimits) {
    let scope = world.scope(tenant, Action::EditLimits).await;
    world.wallet.set_limits(&scope, Mode::Live, wanted).await.expect("limits");
}

async fn used(world: &World, tenant: &Tenant) -> (i64, i64) {
    let scope = world.scope(tenant, Action::ReadMoney).await;
    let seen = world.wallet.limits(&scope, Mode::Live).await.expect("limits");
    (seen.used_today.0, seen.used_this_month.0)
}

async fn low_messages(world: &World) -> i64 {
    world.number("SELECT count(*) FROM outbox WHERE topic = 'credits.low'").await
}

fn refusal(error: Error) -> (&'static str, String) {
    let api = ApiError::from(error);
    (api.code().as_str(), api.message(Language::En))
}

/// The first day of a month with another day after it, so that no test meets the month's end.
fn to_a_new_month(world: &World) {
    let mut now = world.clock.now();
    while !jiff::Timestamp::from_millisecond(now.0).expect("a moment").to_string().contains("-01T")
    {
        world.clock.advance_ms(DAY);
        now = world.clock.now();
    }
}

async fn a_launch_over_the_day_or_the_month_is_refused(database: Database) {
    let world = World::new(&database.db);
    to_a_new_month(&world);
    let tenant = world.tenant("ada", "pro-1", 1_000).await;
    set(&world, &tenant, limits(Some(10), Some(15), None)).await;
    let over = world.quote(&tenant, 11).await;
    let before = world.picture().await;
    let refused = world.launch(&tenant, &over).await.expect_err("11 of 10");
    let words = "11 credits needed; 10 are left of today's limit of 10.";
    assert_eq!(refusal(refused), ("SPEND_LIMIT_DAY", words.to_owned()));
    assert_eq!(world.picture().await, before, "a refusal left something");
    world.batch(&tenant, 8).await;
    assert_eq!(used(&world, &tenant).await, (8, 8));
    let quote = world.quote(&tenant, 3).await;
    let refused = world.launch(&tenant, &quote).await.expect_err("3 of 2");
    assert_eq!(refusal(refused).1, "3 credits needed; 2 are left of today's limit of 10.");
    world.batch(&tenant, 2).await;
    // The next day is fresh, the month is not.
    world.clock.advance_ms(DAY);
    assert_eq!(used(&world, &tenant).await, (0, 10));
    let quote = world.quote(&tenant, 6).await;
    let refused = world.launch(&tenant, &quote).await.expect_err("6 of 5");
    let words = "6 credits needed; 5 are left of this month's limit of 15.";
    assert_eq!(refusal(refused), ("SPEND_LIMIT_MONTH", words.to_owned()));
    // Another workspace has limits of its own; without them there are none.
    let other = world.tenant("bob", "pro-1", 1_000).await;
    world.batch(&other, 100).await;
    set(&world, &tenant, limits(None, None, None)).await;
    world.batch(&tenant, 50).await;
    world.clock.advance_ms(31 * DAY);
    assert_eq!(used(&world, &tenant).await, (0, 0));
}

async fn what_was_given_back_may_be_spent_again(database: Database) {
    let world = World::new(&database.db);
    to_a_new_month(&world);
    let tenant = world.tenant("ada", "pro-1", 1_000).await;
    set(&world, &tenant, limits(Some(10), None, None)).await;
    let batch = world.batch(&tenant, 10).await;
    world.finish(&batch, &[0, 1, 2, 3], VideoState::Delivered).await;
    world.finish(&batch, &[4, 5, 6], VideoState::Failed).await;
    assert_eq!(used(&world, &tenant).await, (7, 7));
    let quote = world.quote(&tenant, 4).await;
    world.launch(&tenant, &quote).await.expect_err("4 of 3");
    world.batch(&tenant, 3).await;
    // A retry is a launch like any other.
    world.finish(&batch, &[7, 8, 9], VideoState::Failed).await;
    set(&world, &tenant, limits(Some(8), None, None)).await;
    let scope = world.scope(&tenant, Action::Retry).await;
    let again = server::domain::batches::RetryRequest {
        batch_id: batch.id,
        idempotency_key: String::from("again"),
    };
    let refused = world.batches.retry(&scope, again.clone()).await.expect_err("6 of 1");
    assert_eq!(refusal(refused).0, "SPEND_LIMIT_DAY");
    set(&world, &tenant, limits(Some(13), None, None)).await;
    world.batches.retry(&scope, again).await.expect("6 of 6");
}

async fn limits_hold_under_eight_launches(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "pro-3", 1_000).await;
    set(&world, &tenant, limits(Some(12), None, None)).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let mut tasks = Vec::new();
    for n in 0..8 {
        let quote = world.quote(&tenant, 5).await;
        let (world, scope) = (Arc::clone(&world), scope.clone());
        tasks.push(tokio::spawn(async move {
            world.batches.launch(&scope, request(&quote, &format!("{n}"))).await
        }));
    }
    let mut refused = Vec::new();
    for task in tasks {
        if let Err(error) = task.await.expect("no panic") {
            refused.push(refusal(error));
        }
    }
    let words = String::from("5 credits needed; 2 are left of today's limit of 12.");
    assert_eq!(refused, vec![("SPEND_LIMIT_DAY", words); 6]);
    assert_eq!(used(&world, &tenant).await, (10, 10));
}

async fn limits_are_set_by_admins_and_audited(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "pro-1", 0).await;
    let scope = world.scope(&tenant, Action::EditLimits).await;
    for wrong in
        [limits(Some(0), None, None), limits(None, Some(-1), None), limits(None, None, Some(0))]
    {
        let refused = world.wallet.set_limits(&scope, Mode::Live, wrong).await;
        assert_eq!(ApiError::from(refused.expect_err("no")).code().as_str(), "AMOUNT_INVALID");
    }
    set(&world, &tenant, limits(Some(5), None, Some(7))).await;
    set(&world, &tenant, limits(None, Some(9), None)).await;
    let read = world.scope(&tenant, Action::ReadMoney).await;
    let seen = world.wallet.limits(&read, Mode::Live).await.expect("limits");
    assert_eq!((seen.limits, seen.low_since), (limits(None, Some(9), None), None));
    let test = world.wallet.limits(&read, Mode::Test).await.expect("limits");
    assert_eq!(test.limits, NewLimits::default(), "play credits have limits of their own");
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'limits.set'";
    assert_eq!(world.number(audited).await, 2);
    assert!(!Action::EditLimits.allowed(Role::Producer));
}

async fn a_low_balance_is_told_once_per_crossing(database: Database) {
    let world = World::new(&database.db);
    // 48 of the trial.
    let tenant = world.tenant("ada", "pro-1", 0).await;
    set(&world, &tenant, limits(None, None, Some(20))).await;
    assert_eq!(low_messages(&world).await, 0);
    world.batch(&tenant, 28).await;
    assert_eq!(low_messages(&world).await, 0, "20 are not less than 20");
    let batch = world.batch(&tenant, 1).await;
    assert_eq!(low_messages(&world).await, 1);
    let scope = world.scope(&tenant, Action::ReadMoney).await;
    let low = async || world.wallet.limits(&scope, Mode::Live).await.expect("limits").low_since;
    assert!(low().await.is_some());
    world.batch(&tenant, 1).await;
    assert_eq!(low_messages(&world).await, 1, "told already");
    // What is given back brings 19: still low. A grant brings enough; the next fall is told again.
    world.finish(&batch, &[0], VideoState::Failed).await;
    assert!(low().await.is_some());
    world.grant(&tenant, 10).await;
    assert!(low().await.is_none());
    let batch = world.batch(&tenant, 15).await;
    assert_eq!(low_messages(&world).await, 2);
    world.finish(&batch, &(0..15).collect::<Vec<_>>(), VideoState::Failed).await;
    assert!(low().await.is_none(), "given back by the line");
    // Lapsing credits are a fall too, and a line drawn above the balance is told at once.
    world.clock.advance_ms(15 * DAY);
    world.wallet.expire_due().await.expect("expired");
    assert_eq!(low_messages(&world).await, 3);
    set(&world, &tenant, limits(None, None, Some(5_000))).await;
    assert_eq!(low_messages(&world).await, 4);
    set(&world, &tenant, limits(None, None, Some(5_000))).await;
    assert_eq!(low_messages(&world).await, 4, "the same line again");
    set(&world, &tenant, limits(None, None, None)).await;
    assert!(low().await.is_none());
}

async fn the_line_is_told_once_under_eight_launches(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "pro-3", 0).await;
    set(&world, &tenant, limits(None, None, Some(48))).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let mut tasks = Vec::new();
    for n in 0..8 {
        let quote = world.quote(&tenant, 2).await;
        let (world, scope) = (Arc::clone(&world), scope.clone());
        tasks.push(tokio::spawn(async move {
            world.batches.launch(&scope, request(&quote, &format!("{n}"))).await
        }));
    }
    for task in tasks {
        task.await.expect("no panic").expect("a launch");
    }
    assert_eq!(low_messages(&world).await, 1);
}

async fn what_was_spent_is_what_the_ledger_says(database: Database) {
    let world = World::new(&database.db);
    to_a_new_month(&world);
    let tenant = world.tenant("ada", "pro-1", 1_000).await;
    let stranger = world.tenant("bob", "pro-1", 1_000).await;
    let mut wanted = Vec::new();
    for (day, delivered) in [(0, 4), (0, 3), (2, 5)] {
        while world.clock.now().day()
            < wanted.first().map_or(world.clock.now().day(), |(d, _)| *d) + day
        {
            world.clock.advance_ms(DAY);
        }
        let batch = world.batch(&tenant, 6).await;
        let all: Vec<i64> = (0..6).collect();
        let (good, bad) = all.split_at(usize::try_from(delivered).expect("few"));
        // Hours pass while it is made.
        world.clock.advance_ms(60_000);
        world.finish(&batch, good, VideoState::Delivered).await;
        world.finish(&batch, bad, VideoState::Failed).await;
        wanted.push((world.clock.now().day(), delivered));
        let theirs = world.batch(&stranger, 2).await;
        world.finish(&theirs, &[0, 1], VideoState::Delivered).await;
    }
    let date = |day: i64| {
        let at = jiff::Timestamp::from_millisecond(day * DAY).expect("a moment");
        at.to_zoned(jiff::tz::TimeZone::UTC).date()
    };
    let first = wanted[0].0;
    let asked = |from: i64, to: i64, zone: &str| SpendAsked {
        mode: Mode::Live,
        from: date(from),
        to: date(to),
        time_zone: zone.to_owned(),
    };
    let scope = world.scope(&tenant, Action::ReadMoney).await;
    let seen = world.wallet.spend(&scope, &asked(first - 1, first + 3, "UTC")).await;
    let seen = seen.expect("a report");
    let days: Vec<(i64, i64)> = seen.days.iter().map(|day| (day.credits.0, day.videos)).collect();
    assert_eq!(days, [(0, 0), (7, 7), (0, 0), (5, 5), (0, 0)]);
    assert_eq!(seen.total, Credits(12));
    assert_eq!((seen.models.len(), seen.models[0].credits.0), (1, 12));
    let templates: Vec<i64> = seen.templates.iter().map(|row| row.credits.0).collect();
    assert_eq!(templates, [5, 4, 3], "most first; every batch has a template of its own here");
    // Against the ledger itself, day by day, in the whole and with a batch that is still open.
    let open = world.batch(&tenant, 3).await;
    world.finish(&open, &[0], VideoState::Delivered).await;
    let owner = "(SELECT id FROM credit_wallet WHERE mode = 'LIVE' AND workspace_id = \
                 (SELECT workspace_id FROM batch_jobs ORDER BY id LIMIT 1))";
    for day in first - 1..=first + 3 {
        let sql = format!(
            "SELECT COALESCE(sum(amount), 0) FROM credit_ledger WHERE kind = 'CAPTURE' \
             AND wallet_id = {owner} AND created_at >= {} AND created_at < {}",
            day * DAY,
            (day + 1) * DAY
        );
        let told = world.wallet.spend(&scope, &asked(day, day, "UTC")).await.expect("a report");
        assert_eq!(told.total.0, world.number(&sql).await, "{day}");
    }
    // In Shanghai a day begins at 16:00 UTC of the day before; nothing is lost or doubled.
    let seen = world.wallet.spend(&scope, &asked(first - 1, first + 4, "Asia/Shanghai")).await;
    let seen = seen.expect("a report");
    assert_eq!(seen.total, Credits(13));
    assert_eq!(seen.days.iter().map(|day| day.credits.0).sum::<i64>(), 13);
    for (wrong, code) in [
        (asked(first, first - 1, "UTC"), "INVALID_INPUT"),
        (asked(first, first + 366, "UTC"), "INVALID_INPUT"),
        (asked(first, first, "Nowhere"), "INVALID_INPUT"),
    ] {
        let refused = world.wallet.spend(&scope, &wrong).await.expect_err("no");
        assert_eq!(refused.code().as_str(), code);
    }
    world.wallet.spend(&scope, &asked(first, first + 365, "UTC")).await.expect("a year");
}
