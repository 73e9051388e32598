//! Control as a client sees it: what is asked, what is answered about the money.

use serde_json::{Value, json};

use super::template;
use crate::harness::database::Database;
use crate::harness::server::{Founder, Server, code, text};

crate::harness::both!(
    a_pilot_is_launched_watched_and_declined,
    samples_are_asked_for_by_kind,
    shares_and_numbers_out_of_range_are_refused,
);

const LAUNCH: &str = "mutation($input: LaunchBatchInput!) { launchBatch(input: $input) {
    money { frozenCredits releasedCredits stillHeldCredits underWayCredits mayStillBeCharged }
    batch { id gate gateReason pausedFrom closesAt round
      pilot { total ended decisionAwaited }
      stopLoss { maxFailureRate minFinished delivered failed } } } }";
const QUOTE: &str = "mutation($input: CreateQuoteInput!) { createQuote(input: $input) {
    quote { id videoCount total sample { kind n seed algorithm } } } }";

fn input(owner: &Founder, rest: Value) -> Value {
    let mut input = rest;
    input["workspaceId"] = json!(owner.workspace);
    json!({ "input": input })
}

async fn quoted(owner: &Founder, template: &str, sample: Value) -> Value {
    let mut selection = super::selection();
    if !sample.is_null() {
        selection["sample"] = sample;
    }
    let asked = input(owner, json!({ "templateId": template, "selection": selection }));
    let mut data = owner.client.data(QUOTE, asked).await;
    data["createQuote"]["quote"].take()
}

async fn a_pilot_is_launched_watched_and_declined(database: Database) {
    let server = Server::start(database).await;
    let owner = server.founder("owner").await;
    let template = template(&owner, "A {animal} at {time}").await;
    let quote = quoted(&owner, &template, Value::Null).await;
    let asked = input(
        &owner,
        json!({
            "quoteId": quote["id"], "idempotencyKey": "k",
            "pilot": { "maxVideos": 2 }, "stopLoss": { "maxFailureRate": 0.25 },
        }),
    );
    let data = owner.client.data(LAUNCH, asked).await;
    let (money, batch) = (&data["launchBatch"]["money"], &data["launchBatch"]["batch"]);
    let expected = json!({
        "frozenCredits": 6, "releasedCredits": 0, "stillHeldCredits": 6,
        "underWayCredits": 0, "mayStillBeCharged": true,
    });
    assert_eq!(*money, expected);
    assert_eq!(batch["gate"], "PILOT");
    assert!(batch["closesAt"].is_string() && batch["gateReason"].is_null());
    let pilot = json!({ "total": 2, "ended": 0, "decisionAwaited": false });
    assert_eq!(batch["pilot"], pilot);
    let stop_loss =
        json!({ "maxFailureRate": 0.25, "minFinished": 10, "delivered": 0, "failed": 0 });
    assert_eq!(batch["stopLoss"], stop_loss);
    let decline = "mutation($input: DeclinePilotInput!) { declinePilot(input: $input) {
        money { releasedCredits stillHeldCredits mayStillBeCharged }
        batch { gate gateReason closesAt cancelRequested } } }";
    let asked = input(&owner, json!({ "batchId": batch["id"] }));
    let data = owner.client.data(decline, asked.clone()).await;
    let done = json!({
        "money": { "releasedCredits": 6, "stillHeldCredits": 0, "mayStillBeCharged": false },
        "batch": {
            "gate": "CLOSED", "gateReason": "DECLINED", "closesAt": null, "cancelRequested": true,
        },
    });
    assert_eq!(data["declinePilot"], done);
    let again = owner.client.reply(decline, asked).await;
    assert_eq!(code(&again), "PILOT_DECIDED");
    assert_eq!(again["errors"][0]["extensions"]["gate"], "CLOSED");
}

async fn samples_are_asked_for_by_kind(database: Database) {
    let server = Server::start(database).await;
    let owner = server.founder("owner").await;
    let template = template(&owner, "A {animal} at {time}").await;
    let pairwise = quoted(&owner, &template, json!({ "kind": "PAIRWISE" })).await;
    assert_eq!(pairwise["videoCount"], 6, "of two axes every pair is everything");
    let shown = json!({ "kind": "PAIRWISE", "n": null, "seed": null, "algorithm": 1 });
    assert_eq!(pairwise["sample"], shown);
    let first = quoted(&owner, &template, json!({ "n": 2 })).await;
    assert_eq!((text(&first["sample"]["kind"]), &first["videoCount"]), ("FIRST".into(), &json!(2)));
    let random = quoted(&owner, &template, json!({ "n": 3, "seed": 1 })).await;
    assert_eq!(text(&random["sample"]["kind"]), "RANDOM");
    for (sample, expected) in [
        (json!({}), "INVALID_INPUT"),
        (json!({ "kind": "PAIRWISE", "n": 3 }), "INVALID_INPUT"),
        (json!({ "kind": "PAIRWISE", "seed": 3 }), "INVALID_INPUT"),
        (json!({ "kind": "RANDOM", "n": 3 }), "INVALID_INPUT"),
        (json!({ "kind": "FIRST" }), "INVALID_INPUT"),
        (json!({ "kind": "FIRST", "n": 3, "seed": 3 }), "INVALID_INPUT"),
    ] {
        let mut selection = super::selection();
        selection["sample"] = sample.clone();
        let asked = input(&owner, json!({ "templateId": template, "selection": selection }));
        assert_eq!(code(&owner.client.reply(QUOTE, asked).await), expected, "{sample}");
    }
}

async fn shares_and_numbers_out_of_range_are_refused(database: Database) {
    let server = Server::start(database).await;
    let owner = server.founder("owner").await;
    let template = template(&owner, "A {animal} at {time}").await;
    let quote = quoted(&owner, &template, Value::Null).await;
    for wrong in [
        json!({ "pilot": { "maxVideos": 0 } }),
        json!({ "pilot": { "maxVideos": 100_000 } }),
        json!({ "stopLoss": { "maxFailureRate": 1.0 } }),
        json!({ "stopLoss": { "maxFailureRate": -0.1 } }),
        json!({ "stopLoss": { "maxFailureRate": 1e300 } }),
        json!({ "stopLoss": { "maxFailureRate": 0.1, "minFinished": 0 } }),
    ] {
        let mut asked = wrong.clone();
        asked["quoteId"] = quote["id"].clone();
        asked["idempotencyKey"] = json!("k");
        let reply = owner.client.reply(LAUNCH, input(&owner, asked)).await;
        assert_eq!(code(&reply), "INVALID_INPUT", "{wrong}");
    }
}
