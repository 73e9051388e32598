//! `batchProgress`: a snapshot, then what changed, resumable, at most four times a second, ending
//! with the batch.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Cast;
use crate::harness::database::Database;
use crate::harness::server::Server;
use crate::harness::socket::{Heard, Socket};

crate::harness::both!(
    progress_starts_with_a_snapshot_and_ends_settled,
    progress_resumes_after_a_revision,
    progress_survives_a_silent_bus,
    each_event_is_authorised_by_itself,
);

const FOLLOW: &str = "subscription($ws: ID!, $batch: ID!, $after: Long) {
    batchProgress(workspaceId: $ws, batchId: $batch, afterRev: $after) { rev snapshot
      batch { state settledAt counts { cancelled open } } videos { ordinal state rev values { name value } } } }";

fn asked(cast: &Cast, after: Value) -> Value {
    json!({ "ws": cast.owner.workspace, "batch": cast.batch, "after": after })
}

async fn event(socket: &mut Socket) -> Value {
    let message = socket.said().await;
    assert_eq!(message["type"], "next", "{message:#}");
    let event = message["payload"]["data"]["batchProgress"].clone();
    assert!(event.is_object(), "{message:#}");
    event
}

async fn cancel(cast: &Cast) {
    let query = "mutation($ws: ID!, $batch: ID!) { cancelBatch(input: { workspaceId: $ws, batchId: $batch }) { releasedCredits } }";
    let asked = json!({ "ws": cast.owner.workspace, "batch": cast.batch });
    let data = cast.owner.client.data(query, asked).await;
    assert_eq!(data["cancelBatch"]["releasedCredits"], 6);
}

/// The line is not running here: revisions are made by hand, as it makes them.
pub(super) async fn bump(cast: &Cast, ordinal: i64, publish: bool) -> i64 {
    let batch: entity::ids::BatchId = cast.batch.parse().expect("an id");
    let id = literal(cast, batch.0);
    // In one transaction: whoever sees the new revision sees the video that has it.
    let sql = format!(
        "UPDATE batch_jobs SET rev = rev + 1 WHERE id = {id}; \
         UPDATE batch_items SET rev = (SELECT rev FROM batch_jobs WHERE id = {id}) \
         WHERE batch_id = {id} AND ordinal = {ordinal}"
    );
    cast.server.database.run(&sql).await;
    let rev = rev(cast).await;
    if publish {
        cast.server.app.bus.publish(batch, rev).await;
    }
    rev
}

pub(super) fn literal(cast: &Cast, id: uuid::Uuid) -> String {
    match cast.server.app.db.backend() {
        sea_orm::DbBackend::Sqlite => format!("X'{}'", id.simple()),
        _ => format!("'{id}'::uuid"),
    }
}

async fn rev(cast: &Cast) -> i64 {
    let query = "query($ws: ID!, $batch: ID!) { workspace(id: $ws) { batch(id: $batch) { rev } } }";
    let asked = json!({ "ws": cast.owner.workspace, "batch": cast.batch });
    let data = cast.owner.client.data(query, asked).await;
    data["workspace"]["batch"]["rev"].as_i64().expect("a revision")
}

fn ordinals(event: &Value) -> Vec<i64> {
    let videos = event["videos"].as_array().expect("videos").iter();
    videos.map(|video| video["ordinal"].as_i64().expect("an ordinal")).collect()
}

async fn progress_starts_with_a_snapshot_and_ends_settled(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let mut socket = Socket::open(&cast.viewer.client).await;
    socket.subscribe("1", FOLLOW, asked(&cast, Value::Null)).await;
    let first = event(&mut socket).await;
    assert_eq!(first["snapshot"], true);
    assert_eq!(ordinals(&first), [0, 1, 2, 3, 4, 5]);
    assert_eq!(
        first["videos"][5]["values"],
        json!([
            { "name": "animal", "value": "crane" }, { "name": "time", "value": "dusk" },
        ])
    );
    let begun = Instant::now();
    bump(&cast, 2, true).await;
    let second = event(&mut socket).await;
    assert!(begun.elapsed() < Duration::from_millis(1_500), "the bus was not heard");
    assert_eq!((second["snapshot"].clone(), ordinals(&second)), (json!(false), vec![2]));
    // Many changes at once are few events, and none is lost.
    let begun = Instant::now();
    for round in 0..20 {
        bump(&cast, round % 6, true).await;
    }
    let newest = rev(&cast).await;
    let (mut seen, mut events) = (second["rev"].as_i64().expect("a revision"), 0_u32);
    let mut touched = std::collections::BTreeSet::new();
    while seen < newest {
        let next = event(&mut socket).await;
        let rev = next["rev"].as_i64().expect("a revision");
        assert!(rev > seen, "revisions only grow");
        (seen, events) = (rev, events + 1);
        touched.extend(ordinals(&next));
    }
    let most = begun.elapsed().as_millis() / 250 + 2;
    assert!(u128::from(events) <= most, "{events} events in {:?}", begun.elapsed());
    assert_eq!(touched.len(), 6);
    cancel(&cast).await;
    let last = event(&mut socket).await;
    assert_eq!(last["batch"]["state"], "CANCELLED");
    assert_eq!(last["batch"]["counts"], json!({ "cancelled": 6, "open": 0 }));
    assert!(last["batch"]["settledAt"].is_string());
    assert_eq!(ordinals(&last).len(), 6);
    assert_eq!(socket.said().await, json!({ "type": "complete", "id": "1" }));
    // Who comes afterwards gets one event and the end.
    socket.subscribe("2", FOLLOW, asked(&cast, Value::Null)).await;
    assert_eq!(event(&mut socket).await["batch"]["state"], "CANCELLED");
    assert_eq!(socket.said().await["type"], "complete");
}

async fn progress_resumes_after_a_revision(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let mut socket = Socket::open(&cast.owner.client).await;
    socket.subscribe("1", FOLLOW, asked(&cast, Value::Null)).await;
    let known = event(&mut socket).await["rev"].clone();
    socket.say(json!({ "type": "complete", "id": "1" })).await;
    for ordinal in [1, 4] {
        bump(&cast, ordinal, true).await;
    }
    // Exactly what was missed, by the same query.
    socket.subscribe("2", FOLLOW, asked(&cast, known.clone())).await;
    let missed = event(&mut socket).await;
    assert_eq!((missed["snapshot"].clone(), ordinals(&missed)), (json!(false), vec![1, 4]));
    // Nothing was missed: the first event comes all the same, without videos.
    socket.subscribe("3", FOLLOW, asked(&cast, missed["rev"].clone())).await;
    let none = event(&mut socket).await;
    assert_eq!((none["snapshot"].clone(), ordinals(&none)), (json!(false), vec![]));
    // A revision this batch never had: start afresh.
    socket.subscribe("4", FOLLOW, asked(&cast, json!(999))).await;
    let fresh = event(&mut socket).await;
    assert_eq!((fresh["snapshot"].clone(), ordinals(&fresh).len()), (json!(true), 6));
    socket.subscribe("5", FOLLOW, asked(&cast, json!(-1))).await;
    let refused = socket.said().await;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "INVALID_INPUT");
}

/// A change that no bus told of is found by the clock.
async fn progress_survives_a_silent_bus(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let mut socket = Socket::open(&cast.owner.client).await;
    socket.subscribe("1", FOLLOW, asked(&cast, Value::Null)).await;
    event(&mut socket).await;
    let rev = bump(&cast, 3, false).await;
    let found = event(&mut socket).await;
    assert_eq!((found["rev"].as_i64(), ordinals(&found)), (Some(rev), vec![3]));
}

/// The look at the session comes once a second; an event in between must not need it.
async fn each_event_is_authorised_by_itself(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let mut socket = Socket::open(&cast.viewer.client).await;
    socket.subscribe("1", FOLLOW, asked(&cast, Value::Null)).await;
    event(&mut socket).await;
    // Past the shortest gap, so that the next event is read at once.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let query = "mutation($ws: ID!, $user: ID!) { removeMember(input: { workspaceId: $ws, userId: $user }) { done } }";
    let removed = json!({ "ws": cast.owner.workspace, "user": cast.viewer.user });
    cast.owner.client.data(query, removed).await;
    bump(&cast, 2, true).await;
    loop {
        match socket.hear().await {
            Heard::Said(message) => {
                let data = &message["payload"]["data"];
                assert!(data.is_null(), "an event for somebody who left: {message:#}");
            }
            Heard::Closed(code) => {
                assert_eq!(code, 4403);
                return;
            }
        }
    }
}
