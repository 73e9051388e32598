//! Sign-up makes everything at once or nothing, and trials are limited by client address and day.

use entity::enums::Mode;
use entity::values::{Credits, UnixMs};
use sea_orm::ConnectionTrait as _;
use server::db::dialect::statement;
use server::domain::access::{Action, Actor, Error as AccessError};
use server::domain::onboarding::model::counted_as;
use server::domain::onboarding::{Error, SignUp};
use server::kernel::error::{ApiError, ErrorCode};
use server::kernel::secret::sha256;

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, START, generous, secret, sign_up, visitor};

both!(
    everything_is_there_at_once,
    a_refused_sign_up_leaves_nothing,
    bad_input_is_named,
    trials_are_limited_by_address_and_day,
    of_many_at_once_only_so_many_get_a_trial,
    sign_up_can_be_closed,
    requests_from_one_address_are_slowed_down,
);

const TABLES: [&str; 8] = [
    "users",
    "sessions",
    "workspaces",
    "memberships",
    "lanes",
    "open_batches",
    "credit_wallet",
    "credit_ledger",
];

async fn rows(house: &House) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(house.number(&format!("SELECT count(*) FROM {table}"), []).await);
    }
    counts
}

async fn everything_is_there_at_once(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    assert_eq!(rows(&house).await, [1, 1, 1, 1, 1, 1, 2, 1]);

    let scope = house.scope(&ada, Action::ManageOwners).await;
    let live = house.wallet.balance(&scope, Mode::Live).await.expect("a wallet");
    let test = house.wallet.balance(&scope, Mode::Test).await.expect("a wallet");
    assert_eq!((live.available, test.available), (Credits(48), Credits::ZERO));
    let lot = "SELECT expires_at FROM credit_lot WHERE source = 'TRIAL' AND source_ref = 'trial' \
               AND priority = 10";
    assert_eq!(house.number(lot, []).await, START.plus_ms(14 * UnixMs::DAY_MS).0);

    let limits = house.plans.entitlement(ada.workspace_id).await.expect("limits");
    let lane = "SELECT cap * 1000 + weight FROM lanes WHERE workspace_id = $1 AND in_flight = 0";
    let lane = house.number(lane, [ada.workspace_id.into()]).await;
    assert_eq!(lane, limits.concurrency * 1000 + limits.weight);

    let me = house.access.me(&ada.caller).await.expect("me");
    assert_eq!((me.id, me.email.as_str()), (ada.user_id, "ada@example.com"));
    let mine = house.access.memberships(&ada.caller).await.expect("memberships");
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].workspace.plan, "trial");
    for action in ["user.sign_up", "session.sign_in"] {
        let sql = "SELECT count(*) FROM audit_log WHERE action = $1 AND actor = $2";
        let values = [action.into(), ada.user_id.to_string().into()];
        assert_eq!(house.number(sql, values).await, 1, "{action}");
    }
}

async fn a_refused_sign_up_leaves_nothing(database: Database) {
    let house =
        House::with(database, server::config::Access { trials_per_ip_day: 1, ..generous() });
    let here = visitor("192.0.2.1");
    house.sign_up(&here, "ada").await.expect("the first");
    let before = rows(&house).await;
    let audited = house.number("SELECT count(*) FROM audit_log", []).await;

    let second = house.sign_up(&here, "bob").await.expect_err("refused");
    assert!(matches!(second, Error::TrialLimit), "{second:?}");
    // Another address, so that only the taken account stands in the way; spelled differently.
    let request = SignUp { email: String::from(" ADA@example.com"), ..sign_up("ada") };
    let taken = house.onboarding.sign_up(&visitor("192.0.2.2"), &request).await;
    let taken = taken.expect_err("refused");
    assert!(matches!(taken, Error::Access(AccessError::EmailTaken)), "{taken:?}");

    assert_eq!(rows(&house).await, before);
    assert_eq!(house.number("SELECT count(*) FROM audit_log", []).await, audited);
    let used = house.number("SELECT CAST(sum(used) AS BIGINT) FROM trial_allowances", []).await;
    assert_eq!(used, 1, "a refused sign-up uses up no trial");
}

async fn bad_input_is_named(database: Database) {
    let house = House::open(database);
    let caller = visitor("192.0.2.1");
    let cases = [
        (SignUp { email: String::from("ada"), ..sign_up("ada") }, ErrorCode::EmailInvalid),
        (SignUp { password: secret("too short"), ..sign_up("ada") }, ErrorCode::PasswordLength),
        (
            SignUp { password: secret("Ada@example.com"), ..sign_up("ada") },
            ErrorCode::PasswordIsEmail,
        ),
        (SignUp { display_name: String::from("  "), ..sign_up("ada") }, ErrorCode::TextLength),
        (SignUp { workspace_name: "x".repeat(81), ..sign_up("ada") }, ErrorCode::TextLength),
        (SignUp { industry: Some(String::new()), ..sign_up("ada") }, ErrorCode::TextLength),
    ];
    for (request, code) in cases {
        let refused = house.onboarding.sign_up(&caller, &request).await.expect_err("refused");
        assert_eq!(ApiError::from(refused).code(), code);
    }
    assert_eq!(rows(&house).await, [0; 8]);
}

async fn trials_are_limited_by_address_and_day(database: Database) {
    let config = server::config::Access { trials_per_ip_day: 2, ..generous() };
    let house = House::with(database, config);
    let here = visitor("2001:db8:1::1");
    // Another machine of the same network.
    let beside = visitor("2001:db8:1::2");
    house.sign_up(&here, "a").await.expect("the first");
    house.sign_up(&beside, "b").await.expect("the second");
    assert!(matches!(house.sign_up(&here, "c").await, Err(Error::TrialLimit)));
    house.sign_up(&visitor("2001:db8:2::1"), "c").await.expect("another network");
    // A keyed hash: neither the address nor a plain hash of it, which could be guessed.
    let reader = house.db.reader();
    let sql = "SELECT ip_sha256 FROM trial_allowances";
    for row in reader.query_all_raw(statement(reader, sql, [])).await.expect("rows") {
        let stored: Vec<u8> = row.try_get("", "ip_sha256").expect("bytes");
        assert_eq!(stored.len(), 32);
        for ip in [&here, &beside].map(|caller| counted_as(caller.ip)) {
            assert_ne!(stored, sha256(&ip));
        }
    }
    house.clock.advance_ms(UnixMs::DAY_MS);
    house.sign_up(&here, "d").await.expect("another day");

    assert_eq!(house.onboarding.sweep().await.expect("swept"), 0, "yesterday's are kept");
    house.clock.advance_ms(UnixMs::DAY_MS);
    assert_eq!(house.onboarding.sweep().await.expect("swept"), 2);
}

async fn of_many_at_once_only_so_many_get_a_trial(database: Database) {
    let config = server::config::Access { trials_per_ip_day: 3, ..generous() };
    let house = std::sync::Arc::new(House::with(database, config));
    let tries = (0..10).map(|n| {
        let house = std::sync::Arc::clone(&house);
        tokio::spawn(async move {
            house.sign_up(&visitor("192.0.2.1"), &format!("guest{n}")).await.map(drop)
        })
    });
    let mut got = 0;
    for task in tries.collect::<Vec<_>>() {
        match task.await.expect("no panic") {
            Ok(()) => got += 1,
            Err(Error::TrialLimit) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(got, 3);
    assert_eq!(house.number("SELECT count(*) FROM workspaces", []).await, 3);
}

async fn sign_up_can_be_closed(database: Database) {
    let house = House::with(database, server::config::Access { open_sign_up: false, ..generous() });
    let refused = house.sign_up(&visitor("192.0.2.1"), "ada").await.expect_err("refused");
    assert_eq!(ApiError::from(refused).code(), ErrorCode::SignUpClosed);
}

async fn requests_from_one_address_are_slowed_down(database: Database) {
    let house = House::with(database, server::config::Access { requests_per_ip: 2, ..generous() });
    let here = visitor("192.0.2.1");
    let bad = SignUp { password: secret("short"), ..sign_up("ada") };
    for _ in 0..2 {
        let refused = house.onboarding.sign_up(&here, &bad).await.expect_err("refused");
        assert_eq!(ApiError::from(refused).code(), ErrorCode::PasswordLength);
    }
    let refused = house.onboarding.sign_up(&here, &bad).await.expect_err("refused");
    let refused = ApiError::from(refused);
    assert_eq!(refused.code(), ErrorCode::RateLimited);
    assert_eq!(refused.fields()[0], ("retryAfterS", 60.into()));
    house.clock.advance_ms(60_000);
    let person = house.sign_up(&here, "ada").await.expect("a minute later");
    assert!(matches!(person.caller.actor, Actor::User { .. }));
}
