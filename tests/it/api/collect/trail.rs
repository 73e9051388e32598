//! The trail of a batch: who did what, with the credits that moved; for members who see prices.

use serde_json::{Value, json};

use super::{deliver, work};
use crate::api::Cast;
use crate::harness::database::Database;
use crate::harness::server::{Founder, Server, text};

crate::harness::both!(the_trail_of_a_batch_says_who_did_what_and_what_moved);

const TRAIL: &str = "query($workspace: ID!, $batch: ID!, $first: Int, $after: String) {
    workspace(id: $workspace) { batchTrail(batchId: $batch, first: $first, after: $after) {
        pageInfo { hasNextPage endCursor } nodes {
            kind by { id displayName } actor at videos shareId
            frozenCredits releasedCredits heldCredits } } } }";

async fn trail(who: &Founder, workspace: &str, batch: &str) -> Vec<Value> {
    let data = who.client.data(TRAIL, json!({ "workspace": workspace, "batch": batch })).await;
    data["workspace"]["batchTrail"]["nodes"].as_array().expect("deeds").clone()
}

fn kinds(deeds: &[Value]) -> Vec<String> {
    deeds.iter().map(|deed| text(&deed["kind"])).collect()
}

async fn the_trail_of_a_batch_says_who_did_what_and_what_moved(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let owner = &cast.owner;
    let producer = cast.server.member(owner, "producer", "PRODUCER").await;
    let own = work(&cast, "a {animal}", &[("animal", &["fox", "crane"])]).await;
    deliver(&cast, &own, (0, b"one")).await;
    let run = async |who: &Founder, call: &str| {
        let call = call.replace("$WS", &owner.workspace).replace("$BATCH", &own.batch);
        who.client.data(&format!("mutation {{ {call} }}"), json!({})).await
    };
    let input = "input: { workspaceId: \"$WS\", batchId: \"$BATCH\" }";
    let shared = run(owner, &format!("createShareLink({input}) {{ link {{ id }} }}")).await;
    let share = text(&shared["createShareLink"]["link"]["id"]);
    run(&producer, &format!("pauseBatch({input}) {{ batch {{ id }} }}")).await;
    run(owner, &format!("resumeBatch({input}) {{ batch {{ id }} }}")).await;
    let revoke = format!("input: {{ workspaceId: \"$WS\", shareId: \"{share}\" }}");
    run(owner, &format!("revokeShareLink({revoke}) {{ link {{ id }} }}")).await;
    let stopped = run(&producer, &format!("cancelBatch({input}) {{ releasedCredits }}")).await;
    let deeds = trail(&producer, &owner.workspace, &own.batch).await;
    let wanted = ["CANCELLED", "UNSHARED", "RESUMED", "PAUSED", "SHARED", "LAUNCHED"];
    assert_eq!(kinds(&deeds), wanted, "newest first, of this batch alone");
    let [cancelled, unshared, resumed, paused, shared, launched] = deeds.as_slice() else {
        panic!("six deeds")
    };
    assert_eq!(launched["frozenCredits"], 2);
    assert_eq!((&launched["videos"], &launched["by"]["displayName"]), (&json!(2), &json!("owner")));
    assert_eq!((&paused["heldCredits"], &paused["by"]["id"]), (&json!(2), &json!(producer.user)));
    assert_eq!(resumed["heldCredits"], 2);
    assert_eq!(cancelled["releasedCredits"], stopped["cancelBatch"]["releasedCredits"]);
    assert_eq!(cancelled["actor"], json!(producer.user));
    for deed in [shared, unshared] {
        assert_eq!((&deed["shareId"], &deed["frozenCredits"]), (&json!(share), &Value::Null));
    }
    assert_eq!(kinds(&trail(owner, &owner.workspace, &cast.batch).await), ["LAUNCHED"]);
    paged(&cast, &own.batch).await;
    for (who, workspace, wanted) in [
        (&cast.viewer, &owner.workspace, "FORBIDDEN"),
        (&cast.stranger, &owner.workspace, "NOT_FOUND"),
        (&cast.stranger, &cast.stranger.workspace, "NOT_FOUND"),
    ] {
        let asked = json!({ "workspace": workspace, "batch": own.batch });
        assert_eq!(who.client.code(TRAIL, asked).await, wanted);
    }
    let seen = kinds(&trail(&cast.operator, &owner.workspace, &own.batch).await);
    assert_eq!(seen, ["CANCELLED", "RESUMED", "PAUSED", "LAUNCHED"], "links stay with the members");
}

/// Page by page it is the same trail.
async fn paged(cast: &Cast, batch: &str) {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let asked = json!({ "workspace": cast.owner.workspace, "batch": batch, "first": 4,
            "after": after });
        let data = cast.owner.client.data(TRAIL, asked).await;
        let page = data["workspace"]["batchTrail"].clone();
        found.extend(page["nodes"].as_array().expect("deeds").clone());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(found, trail(&cast.owner, &cast.owner.workspace, batch).await);
}
