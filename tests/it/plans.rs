//! Plans, contracts and prices, on both databases.

use entity::enums::Resolution;
use entity::ids::WorkspaceId;
use entity::values::{Credits, UnixMs};
use sea_orm::{ConnectionTrait as _, Value};
use serde_json::json;
use server::db::dialect::statement;
use server::db::{Class, Tx};
use server::domain::plans::{Error, SetPlan};
use server::kernel::error::{ApiError, ErrorCode};
use server::kernel::ids::mint;
use uuid::Uuid;

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, START, cli};

both!(
    a_change_of_plan_moves_the_lane_and_is_audited,
    a_downgrade_leaves_launched_batches_alone,
    plan_and_lane_change_together_or_not_at_all,
    only_the_operator_sets_plans_with_a_reason,
    a_contract_changes_limits_of_contract_plans_alone,
    a_damaged_contract_is_no_entitlement,
    the_price_in_effect_is_the_newest_that_has_begun,
    a_workspaces_own_price_is_its_own,
);

fn change(workspace_id: WorkspaceId, plan: &str) -> SetPlan {
    let (plan, reason) = (plan.to_owned(), String::from("a test"));
    SetPlan { workspace_id, plan, contract: None, reason }
}

async fn lane(house: &House, at: WorkspaceId) -> (i64, i64) {
    let cap = house.number("SELECT cap FROM lanes WHERE workspace_id = $1", [at.into()]).await;
    let weight =
        house.number("SELECT weight FROM lanes WHERE workspace_id = $1", [at.into()]).await;
    (cap, weight)
}

async fn a_change_of_plan_moves_the_lane_and_is_audited(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    let before = lane(&house, bobby.workspace_id).await;
    let limits = house.plans.set_plan(&cli(), &change(ada.workspace_id, "pro-2")).await;
    let limits = limits.expect("a plan");
    assert_eq!(limits, house.plans.catalogue().find("pro-2").expect("pro-2").entitlement);
    assert_eq!(lane(&house, ada.workspace_id).await, (limits.concurrency, limits.weight));
    assert_eq!(lane(&house, bobby.workspace_id).await, before, "nobody else's");
    let at = ada.workspace_id;
    assert_eq!(house.plans.entitlement(at).await.expect("limits"), limits);
    let plans = house.plans.clone();
    let seen = house
        .db
        .tx(Class::Interactive, |tx: Tx| {
            let plans = plans.clone();
            async move { plans.entitlement_in_tx(&tx, at).await }
        })
        .await;
    assert_eq!(seen.expect("limits"), limits);
    let reader = house.db.reader();
    let sql = "SELECT detail FROM audit_log WHERE action = 'plan.set' AND actor = 'cli'";
    let row = reader.query_one_raw(statement(reader, sql, [])).await.expect("a result");
    let detail: serde_json::Value = row.expect("a row").try_get("", "detail").expect("JSON");
    assert_eq!(detail["from"], "trial");
    assert_eq!(detail["to"], "pro-2");
    assert_eq!(detail["reason"], "a test");
}

async fn batch_row(house: &House) -> String {
    let reader = house.db.reader();
    let sql = "SELECT id, state, gate, watermark, price_per_video, total, rev, round, priority FROM batch_jobs";
    let row = reader.query_one_raw(statement(reader, sql, [])).await.expect("a result");
    format!("{:?}", row.expect("a batch"))
}

async fn a_downgrade_leaves_launched_batches_alone(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let at = ada.workspace_id;
    house.plans.set_plan(&cli(), &change(at, "pro-3")).await.expect("a plan");
    let sql = "INSERT INTO batch_jobs (id, workspace_id, wallet_id, quote_id, template_id, \
         template_version, name, mode, model, seconds, aspect, resolution, seed, variables, watermark, \
         price_per_video, priority, gate, round, state, total, delivered, failed, cancelled, \
         ever_claimed, cancel_requested, rev, allowance_day, created_by, created_at) \
         VALUES ($1, $2, $1, $1, $1, 1, 'B', 'LIVE', 'animatic-1', 4, '16:9', '720p', 0, $4, $3, 3, \
         'BULK', 'OPEN', 1, 'QUEUED', 5000, 0, 0, 0, $3, $3, 0, 0, $1, 0)";
    let id: Uuid = mint(START);
    let values: [Value; 4] = [id.into(), at.into(), false.into(), json!([]).into()];
    house.run(sql, values).await;
    house.run("UPDATE lanes SET in_flight = 40 WHERE workspace_id = $1", [at.into()]).await;
    let before = batch_row(&house).await;
    let limits = house.plans.set_plan(&cli(), &change(at, "trial")).await.expect("a downgrade");
    assert_eq!(batch_row(&house).await, before);
    assert_eq!(lane(&house, at).await, (limits.concurrency, limits.weight));
    let flying = "SELECT in_flight FROM lanes WHERE workspace_id = $1";
    assert_eq!(house.number(flying, [at.into()]).await, 40, "what flies lands");
}

async fn plan_and_lane_change_together_or_not_at_all(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    house.run("DELETE FROM lanes WHERE workspace_id = $1", [ada.workspace_id.into()]).await;
    let refused = house.plans.set_plan(&cli(), &change(ada.workspace_id, "pro-1")).await;
    assert!(matches!(refused, Err(Error::Database(_))), "{refused:?}");
    let plan = "SELECT count(*) FROM workspaces WHERE plan = 'trial'";
    assert_eq!(house.number(plan, []).await, 1);
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'plan.set'";
    assert_eq!(house.number(audited, []).await, 0);
}

async fn only_the_operator_sets_plans_with_a_reason(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let wanted = change(ada.workspace_id, "pro-1");
    let theirs = house.plans.set_plan(&ada.caller, &wanted).await;
    assert!(matches!(theirs, Err(Error::Forbidden)));
    for reason in [String::new(), String::from("  "), "x".repeat(501)] {
        let refused = house.plans.set_plan(&cli(), &SetPlan { reason, ..wanted.clone() }).await;
        assert!(matches!(refused, Err(Error::Reason)));
    }
    let gold = house.plans.set_plan(&cli(), &change(ada.workspace_id, "gold")).await;
    assert!(matches!(gold, Err(Error::UnknownPlan { .. })));
    let nowhere = WorkspaceId(Uuid::from_u128(1));
    let refused = house.plans.set_plan(&cli(), &change(nowhere, "pro-1")).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    assert!(matches!(house.plans.entitlement(nowhere).await, Err(Error::NotFound)));

    house.access.set_operator(&cli(), &ada.email, true).await.expect("an operator");
    let operator = house.again(&ada).await;
    house.plans.set_plan(&operator, &wanted).await.expect("a plan");
    let by = "SELECT count(*) FROM audit_log WHERE action = 'plan.set' AND actor = $1";
    let label = format!("operator:{}", ada.user_id);
    assert_eq!(house.number(by, [label.into()]).await, 1);
}

async fn a_contract_changes_limits_of_contract_plans_alone(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let terms = json!({ "maxVideosPerDay": 7, "concurrency": 3, "watermark": true });
    let with = |plan: &str, terms: serde_json::Value| SetPlan {
        contract: Some(terms),
        ..change(ada.workspace_id, plan)
    };
    let pro = house.plans.set_plan(&cli(), &with("pro-1", terms.clone())).await;
    assert!(matches!(pro, Err(Error::Contract)));
    for bad in [json!({ "maxVideos": 7 }), json!({ "weight": 0 }), json!(7)] {
        let refused = house.plans.set_plan(&cli(), &with("enterprise", bad)).await;
        let code = refused.err().map(|error| ApiError::from(error).code());
        assert_eq!(code, Some(ErrorCode::ContractInvalid));
    }
    house.plans.set_plan(&cli(), &with("enterprise", terms)).await.expect("a contract");
    let limits = house.plans.entitlement(ada.workspace_id).await.expect("limits");
    let plain = &house.plans.catalogue().find("enterprise").expect("enterprise").entitlement;
    assert_eq!((limits.max_videos_per_day, limits.concurrency, limits.watermark), (7, 3, true));
    assert_eq!(limits.max_videos_per_batch, plain.max_videos_per_batch);
    assert_eq!(lane(&house, ada.workspace_id).await.0, 3);
    house.plans.set_plan(&cli(), &change(ada.workspace_id, "starter")).await.expect("a plan");
    let limits = house.plans.entitlement(ada.workspace_id).await.expect("limits");
    assert_eq!(limits.max_videos_per_batch, 1, "the contract went with its plan");
}

async fn a_damaged_contract_is_no_entitlement(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let sql = "UPDATE workspaces SET plan = 'enterprise', entitlement = $2 WHERE id = $1";
    house.run(sql, [ada.workspace_id.into(), json!({ "concurrency": -1 }).into()]).await;
    let refused = house.plans.entitlement(ada.workspace_id).await;
    assert!(matches!(refused, Err(Error::Damaged)), "{refused:?}");
    house.run("UPDATE workspaces SET plan = 'withdrawn', entitlement = NULL", []).await;
    let refused = house.plans.entitlement(ada.workspace_id).await;
    assert!(matches!(refused, Err(Error::Damaged)), "{refused:?}");
}

async fn add_price(house: &House, whose: Option<WorkspaceId>, (credits, from): (i64, UnixMs)) {
    let sql = "INSERT INTO model_prices (id, version, model, resolution, workspace_id, credits_per_block, block_s, effective_from) \
               VALUES ($1, 2, 'animatic-1', '360p', $2, $3, 5, $4)";
    let values: [Value; 4] =
        [mint::<Uuid>(START).into(), whose.into(), credits.into(), from.into()];
    house.run(sql, values).await;
}

async fn price(house: &House, at: WorkspaceId, now: UnixMs) -> (i64, i64) {
    let found = house.plans.price_in_effect(at, "animatic-1", Resolution::P360, now).await;
    let found = found.expect("a price");
    (found.version, found.credits_per_block.0)
}

async fn the_price_in_effect_is_the_newest_that_has_begun(database: Database) {
    let house = House::open(database);
    let at = house.person("ada").await.workspace_id;
    let fine = house.plans.price_in_effect(at, "animatic-1", Resolution::P720, START).await;
    assert_eq!(fine.expect("a price").for_seconds(10), Credits(9));
    assert_eq!(price(&house, at, START).await, (1, 1));
    add_price(&house, None, (4, START.plus_ms(1_000))).await;
    assert_eq!(price(&house, at, START.plus_ms(999)).await, (1, 1));
    assert_eq!(price(&house, at, START.plus_ms(1_000)).await, (2, 4));
    let missing = house.plans.price_in_effect(at, "animatic-9", Resolution::P360, START).await;
    let code = missing.err().map(|error| ApiError::from(error).code());
    assert_eq!(code, Some(ErrorCode::NoPrice));
    let too_early =
        house.plans.price_in_effect(at, "animatic-1", Resolution::P360, UnixMs(-1)).await;
    assert!(matches!(too_early, Err(Error::NoPrice { .. })));
}

async fn a_workspaces_own_price_is_its_own(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    add_price(&house, Some(ada.workspace_id), (7, START)).await;
    // A newer price of the list does not undo what was agreed on.
    add_price(&house, None, (4, START.plus_ms(1_000))).await;
    let later = START.plus_ms(2_000);
    assert_eq!(price(&house, ada.workspace_id, later).await, (2, 7));
    assert_eq!(price(&house, bobby.workspace_id, later).await, (2, 4));
    assert_eq!(price(&house, ada.workspace_id, START.plus_ms(-1)).await, (1, 1));
}
