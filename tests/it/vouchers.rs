//! Vouchers: made by the operator, taken once by each workspace, never more often than may be.

use std::sync::Arc;

use entity::enums::Role;
use entity::ids::VoucherId;
use entity::values::Credits;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use server::coord::RateLimiter;
use server::coord::rate_limiter::Options;
use server::domain::access::Action;
use server::domain::vouchers::{Error, NewVouchers, Vouchers};
use server::kernel::error::ApiError;
use server::kernel::page::PageArgs;
use server::kernel::secret::Secret;

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, Person, cli};

both!(
    a_code_brings_credits_once_per_workspace,
    of_two_who_redeem_for_one_workspace_one_does,
    the_last_use_goes_to_one_workspace,
    what_is_over_or_taken_back_is_worth_nothing,
    codes_are_made_by_operators_and_redeemed_by_owners,
    guessing_is_slowed_down,
);

const DAY: i64 = 86_400_000;

fn terms(max_uses: i64) -> NewVouchers {
    NewVouchers {
        count: 1,
        credits: Credits(100),
        credits_days: Some(30),
        max_uses,
        days: 10,
        reason: String::from("fair"),
    }
}

fn vouchers(house: &House) -> Vouchers {
    let limiter = RateLimiter::memory(house.clock.clone(), Options::default());
    Vouchers::new(house.db.clone(), house.clock.clone(), limiter)
}

async fn code(vouchers: &Vouchers, terms: &NewVouchers) -> (VoucherId, Secret) {
    vouchers.create(&cli(), terms).await.expect("a voucher").remove(0)
}

async fn available(house: &House, person: &Person) -> i64 {
    let scope = house.scope(person, Action::ReadMoney).await;
    house.wallet.balance(&scope, entity::enums::Mode::Live).await.expect("a balance").available.0
}

fn word(error: Error) -> &'static str {
    ApiError::from(error).code().as_str()
}

async fn a_code_brings_credits_once_per_workspace(database: Database) {
    let house = House::open(database);
    let vouchers = vouchers(&house);
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let (id, code) = code(&vouchers, &terms(5)).await;
    let row = entity::voucher::Entity::find().one(house.db.reader()).await.expect("an answer");
    let stored = format!("{:?}", row.expect("a row").code_sha256);
    assert!(!stored.contains(code.reveal()));
    let scope = house.scope(&ada, Action::RedeemVouchers).await;
    let typed = Secret::new(code.reveal().to_lowercase().replace('-', " "));
    let got = vouchers.redeem(&scope, &typed).await.expect("credits");
    assert_eq!(got.credits, Credits(100));
    assert_eq!(got.expires_at, Some(house.clock.now().plus_ms(30 * DAY)));
    assert_eq!(available(&house, &ada).await, 148);
    assert_eq!(word(vouchers.redeem(&scope, &code).await.expect_err("twice")), "VOUCHER_REDEEMED");
    assert_eq!(available(&house, &ada).await, 148);
    let other = house.scope(&bob, Action::RedeemVouchers).await;
    vouchers.redeem(&other, &code).await.expect("another workspace may");
    let shown = vouchers.list(&cli(), &PageArgs::new(None, None).expect("a page")).await;
    let shown = shown.expect("a list").rows;
    assert_eq!((shown[0].id, shown[0].uses), (id, 2));
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'voucher.redeem'";
    assert_eq!(house.number(audited, []).await, 2);
    let rows = entity::credit_ledger::Entity::find()
        .order_by_desc(entity::credit_ledger::Column::CreatedAt)
        .all(house.db.reader())
        .await
        .expect("rows");
    let events: Vec<_> = rows.iter().map(server::domain::wallet::LedgerEvent::of).collect();
    let vouched = server::domain::wallet::LedgerEvent::VoucherRedeemed;
    assert_eq!(events.iter().filter(|event| **event == vouched).count(), 2);
    let report = server::domain::wallet::check::run(&house.db, None).await.expect("a report");
    assert!(report.breaks().is_empty(), "{:?}", report.breaks());
}

async fn of_two_who_redeem_for_one_workspace_one_does(database: Database) {
    let house = House::open(database);
    let vouchers = vouchers(&house);
    let ada = house.person("ada").await;
    let (_, code) = code(&vouchers, &terms(100)).await;
    let scope = house.scope(&ada, Action::RedeemVouchers).await;
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (vouchers, scope, code) = (vouchers.clone(), scope.clone(), code.clone());
            tokio::spawn(async move { vouchers.redeem(&scope, &code).await })
        })
        .collect();
    let mut refused = Vec::new();
    for attempt in tries {
        if let Err(error) = attempt.await.expect("no panic") {
            refused.push(word(error));
        }
    }
    assert_eq!(refused, ["VOUCHER_REDEEMED"; 7]);
    assert_eq!(available(&house, &ada).await, 148);
    assert_eq!(house.number("SELECT uses FROM vouchers", []).await, 1);
    assert_eq!(house.number("SELECT count(*) FROM voucher_uses", []).await, 1);
}

async fn the_last_use_goes_to_one_workspace(database: Database) {
    let house = Arc::new(House::open(database));
    let vouchers = vouchers(&house);
    let (_, code) = code(&vouchers, &terms(2)).await;
    let mut people = Vec::new();
    for name in ["a", "bb", "ccc", "dddd", "eeeee", "ffffff"] {
        people.push(house.person(name).await);
    }
    let mut tries = Vec::new();
    for person in &people {
        let scope = house.scope(person, Action::RedeemVouchers).await;
        let (vouchers, code) = (vouchers.clone(), code.clone());
        tries.push(tokio::spawn(async move { vouchers.redeem(&scope, &code).await }));
    }
    let mut refused = Vec::new();
    for attempt in tries {
        if let Err(error) = attempt.await.expect("no panic") {
            refused.push(word(error));
        }
    }
    assert_eq!(refused, ["VOUCHER_USED_UP"; 4]);
    let mut sum = 0;
    for person in &people {
        sum += available(&house, person).await;
    }
    assert_eq!(sum, 6 * 48 + 200, "who was refused got nothing");
    assert_eq!(house.number("SELECT uses FROM vouchers", []).await, 2);
    assert_eq!(house.number("SELECT count(*) FROM voucher_uses", []).await, 2);
}

async fn what_is_over_or_taken_back_is_worth_nothing(database: Database) {
    let house = House::open(database);
    let vouchers = vouchers(&house);
    let ada = house.person("ada").await;
    let scope = house.scope(&ada, Action::RedeemVouchers).await;
    let (id, back) = code(&vouchers, &terms(5)).await;
    vouchers.revoke(&cli(), id).await.expect("taken back");
    assert_eq!(word(vouchers.revoke(&cli(), id).await.expect_err("again")), "NOT_FOUND");
    let (_, old) = code(&vouchers, &terms(5)).await;
    house.clock.advance_ms(10 * DAY);
    let unknown = Secret::new(String::from("REEL-00000-00000-00000-00000"));
    for code in [&back, &old, &unknown, &Secret::new(String::from("no code"))] {
        assert_eq!(word(vouchers.redeem(&scope, code).await.expect_err("no")), "VOUCHER_INVALID");
    }
    assert_eq!(house.number("SELECT count(*) FROM voucher_uses", []).await, 0);
}

async fn codes_are_made_by_operators_and_redeemed_by_owners(database: Database) {
    let house = House::open(database);
    let vouchers = vouchers(&house);
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    assert_eq!(word(vouchers.create(&ada.caller, &terms(1)).await.expect_err("no")), "FORBIDDEN");
    let page = PageArgs::new(None, None).expect("a page");
    assert_eq!(word(vouchers.list(&ada.caller, &page).await.expect_err("no")), "FORBIDDEN");
    let (id, code) = code(&vouchers, &terms(1)).await;
    assert_eq!(word(vouchers.revoke(&ada.caller, id).await.expect_err("no")), "FORBIDDEN");
    house.join(&ada, &bob, Role::Admin).await;
    let read = house.access.authorise(&bob.caller, ada.workspace_id, Action::Read).await;
    let refused = vouchers.redeem(&read.expect("a member"), &code).await;
    assert_eq!(word(refused.expect_err("an admin")), "FORBIDDEN");
    for (wrong, told) in [
        (NewVouchers { credits: Credits(0), ..terms(1) }, "INVALID_INPUT"),
        (NewVouchers { count: 0, ..terms(1) }, "INVALID_INPUT"),
        (NewVouchers { count: 1_001, ..terms(1) }, "INVALID_INPUT"),
        (NewVouchers { max_uses: 0, ..terms(1) }, "INVALID_INPUT"),
        (NewVouchers { days: 0, ..terms(1) }, "INVALID_INPUT"),
        (NewVouchers { credits_days: Some(0), ..terms(1) }, "INVALID_INPUT"),
        (NewVouchers { reason: String::from("  "), ..terms(1) }, "TEXT_LENGTH"),
    ] {
        assert_eq!(word(vouchers.create(&cli(), &wrong).await.expect_err("no")), told);
    }
    let many = NewVouchers { count: 1_000, ..terms(1) };
    assert_eq!(vouchers.create(&cli(), &many).await.expect("many").len(), 1_000);
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'voucher.create'";
    assert_eq!(house.number(audited, []).await, 1_001);
}

async fn guessing_is_slowed_down(database: Database) {
    let house = House::open(database);
    let vouchers = vouchers(&house);
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let scope = house.scope(&ada, Action::RedeemVouchers).await;
    let (_, right) = code(&vouchers, &terms(5)).await;
    let wrong = Secret::new(String::from("REEL-00000-00000-00000-00000"));
    for _ in 0..10 {
        assert_eq!(word(vouchers.redeem(&scope, &wrong).await.expect_err("no")), "VOUCHER_INVALID");
    }
    for code in [&wrong, &right] {
        assert_eq!(word(vouchers.redeem(&scope, code).await.expect_err("no")), "RATE_LIMITED");
    }
    let elsewhere = house.scope(&bob, Action::RedeemVouchers).await;
    vouchers.redeem(&elsewhere, &right).await.expect("others are not slowed down");
    house.clock.advance_ms(60_000);
    vouchers.redeem(&scope, &right).await.expect("a minute later");
}
