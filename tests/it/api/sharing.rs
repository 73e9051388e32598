//! One execution for equal subscribers; what others may not see is not shared with them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Cast;
use super::progress::bump;
use crate::harness::database::Database;
use crate::harness::server::Server;
use crate::harness::socket::Socket;

crate::harness::both!(
    equal_subscribers_are_served_by_one_execution,
    rights_are_not_shared,
    rights_that_grow_are_not_shared_either,
    the_first_to_ask_may_leave,
    who_does_not_read_is_told_the_newest_and_slows_nobody,
);

const FOLLOW: &str = "subscription($ws: ID!, $batch: ID!, $after: Long) {
    batchProgress(workspaceId: $ws, batchId: $batch, afterRev: $after) {
        rev snapshot batch { pricePerVideo } videos { ordinal rev } } }";
/// Equal subscriptions of one socket.
const EACH: usize = 20;

fn asked(cast: &Cast, after: Value) -> Value {
    json!({ "ws": cast.owner.workspace, "batch": cast.batch, "after": after })
}

/// Updates that were executed for sharing, by any server of this process.
fn executed(cast: &Cast) -> u64 {
    let text = cast.server.app.metrics.render();
    let line = text.lines().find(|line| line.starts_with("reelmill_updates_executed_total"));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
}

async fn said(socket: &mut Socket) -> Value {
    let message = socket.said().await;
    assert_eq!(message["type"], "next", "{message:#}");
    message["payload"]["data"]["batchProgress"].clone()
}

async fn equal_subscribers_are_served_by_one_execution(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let producer = cast.server.member(&cast.owner, "producer", "OWNER").await;
    let mut sockets = Vec::new();
    for client in [&cast.owner.client, &cast.owner.client, &producer.client] {
        let mut socket = Socket::open(client).await;
        for id in 0..EACH {
            // Where each resumes from makes no difference.
            let after = if id % 2 == 0 { json!(null) } else { json!(0) };
            socket.subscribe(&id.to_string(), FOLLOW, asked(&cast, after)).await;
        }
        for _ in 0..EACH {
            said(&mut socket).await;
        }
        sockets.push(socket);
    }
    tokio::time::sleep(Duration::from_millis(600)).await;
    let before = executed(&cast);
    let rev = bump(&cast, 3, true).await;
    for socket in &mut sockets {
        for _ in 0..EACH {
            let event = said(socket).await;
            assert_eq!(event["rev"], rev, "{event:#}");
            assert_eq!(event["videos"], json!([{ "ordinal": 3, "rev": rev }]));
            assert_eq!(
                (&event["snapshot"], &event["batch"]["pricePerVideo"]),
                (&json!(false), &json!(1))
            );
        }
    }
    // Other tests of this process follow batches too, but none sixty times.
    let times = executed(&cast) - before;
    assert!((1..=30).contains(&times), "{times} executions for {} subscribers", 3 * EACH);
}

async fn rights_are_not_shared(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let mut sockets = Vec::new();
    for client in [&cast.owner.client, &cast.viewer.client, &cast.operator.client] {
        let mut socket = Socket::open(client).await;
        socket.subscribe("1", FOLLOW, asked(&cast, json!(null))).await;
        said(&mut socket).await;
        sockets.push(socket);
    }
    for round in 0..3 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        let rev = bump(&cast, round, true).await;
        for (socket, price) in sockets.iter_mut().zip([json!(1), json!(null), json!(1)]) {
            let event = said(socket).await;
            assert_eq!((&event["rev"], &event["batch"]["pricePerVideo"]), (&json!(rev), &price));
        }
    }
}

/// Equal subscribers are served in the name of the first. What that one may see since is not for
/// the others, even before the watch over its rights has woken.
async fn rights_that_grow_are_not_shared_either(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let other = cast.server.member(&cast.owner, "second", "VIEWER").await;
    let mut sockets = Vec::new();
    for client in [&cast.viewer.client, &other.client] {
        let mut socket = Socket::open(client).await;
        socket.subscribe("1", FOLLOW, asked(&cast, json!(null))).await;
        said(&mut socket).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        sockets.push(socket);
    }
    // Past the user's epoch, by which the watch would be told.
    let user: entity::ids::UserId = cast.viewer.user.parse().expect("an id");
    let user = super::progress::literal(&cast, user.0);
    let sql = format!(
        "UPDATE memberships SET role = 'PRODUCER' WHERE role = 'VIEWER' AND user_id = {user}"
    );
    cast.server.database.run(&sql).await;
    for round in 0..3 {
        let rev = bump(&cast, round, true).await;
        let event = said(&mut sockets[1]).await;
        assert_eq!((&event["rev"], &event["batch"]["pricePerVideo"]), (&json!(rev), &json!(null)));
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

/// A question by whoever left first must not be the end of it for the others.
async fn the_first_to_ask_may_leave(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let other = cast.server.member(&cast.owner, "second", "VIEWER").await;
    let mut first = Socket::open(&cast.viewer.client).await;
    first.subscribe("1", FOLLOW, asked(&cast, json!(null))).await;
    said(&mut first).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut second = Socket::open(&other.client).await;
    second.subscribe("1", FOLLOW, asked(&cast, json!(null))).await;
    said(&mut second).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    // The one in whose name the updates are read is no member any more.
    let query = "mutation($ws: ID!, $user: ID!) { removeMember(input: { workspaceId: $ws, userId: $user }) { done } }";
    let gone = json!({ "ws": cast.owner.workspace, "user": cast.viewer.user });
    cast.owner.client.data(query, gone).await;
    for round in 0..3 {
        let begun = Instant::now();
        let rev = bump(&cast, round, true).await;
        assert_eq!(said(&mut second).await["rev"], rev);
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Somebody who stops reading is not waited for, and goes on from where they stopped: with fewer
/// events than there were, and nothing missing.
async fn who_does_not_read_is_told_the_newest_and_slows_nobody(database: Database) {
    /// Updates of all six videos, half a megabyte each: more than a connection's buffers hold. Those
    /// after them leave the first video alone, so that an update nobody was told of would show.
    const UPDATES: i64 = 44;
    const LATER: i64 = 8;
    let server = Server::start(database).await;
    let owner = server.founder("owner").await;
    let viewer = server.member(&owner, "viewer", "OWNER").await;
    let source = format!("{} {{animal}} at {{time}}", "long words ".repeat(300));
    let template = super::template(&owner, &source).await;
    let quote = super::quote(&owner, &template).await;
    let batch = super::launch(&owner, &quote, "long").await;
    let id = batch.parse::<entity::ids::BatchId>().expect("an id").0;
    let id = match server.app.db.backend() {
        sea_orm::DbBackend::Sqlite => format!("X'{}'", id.simple()),
        _ => format!("'{id}'"),
    };
    let prompts: String = (0..24).map(|n| format!("p{n}: prompt ")).collect();
    let query = format!(
        "subscription($ws: ID!, $batch: ID!) {{ batchProgress(workspaceId: $ws, batchId: $batch) {{
            rev snapshot videos {{ ordinal rev {prompts} }} }} }}"
    );
    let asked = json!({ "ws": owner.workspace, "batch": batch });
    let (mut slow, mut quick) =
        (Socket::open(&viewer.client).await, Socket::open(&owner.client).await);
    let mut current = 0;
    for socket in [&mut slow, &mut quick] {
        socket.subscribe("1", &query, asked.clone()).await;
        current = said(socket).await["rev"].as_i64().expect("a revision");
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let bus = server.app.bus.clone();
    let key: entity::ids::BatchId = batch.parse().expect("an id");
    let mut rev = current;
    let mut longest = Duration::ZERO;
    let mut newest = std::collections::BTreeMap::new();
    for update in 0..UPDATES + LATER {
        let least = i64::from(update >= UPDATES);
        let sql = format!(
            "UPDATE batch_jobs SET rev = rev + 1 WHERE id = {id}; UPDATE batch_items \
             SET rev = (SELECT rev FROM batch_jobs WHERE id = {id}) \
             WHERE batch_id = {id} AND ordinal >= {least}"
        );
        server.database.run(&sql).await;
        let begun = Instant::now();
        rev += 1;
        bus.publish(key, rev).await;
        let event = said(&mut quick).await;
        longest = longest.max(begun.elapsed());
        assert_eq!(event["rev"], rev);
        newest.extend((least..6).map(|ordinal| (ordinal, rev)));
    }
    assert!(longest < Duration::from_secs(5), "the quick one waited {longest:?}");
    let (mut seen, mut events) = (0, 0);
    let mut told = std::collections::BTreeMap::new();
    while seen < rev {
        let event = said(&mut slow).await;
        let number = |value: &Value| value.as_i64().expect("a number");
        assert!(number(&event["rev"]) > seen, "revisions only grow");
        seen = number(&event["rev"]);
        let videos = event["videos"].as_array().expect("videos").iter();
        told.extend(videos.map(|video| (number(&video["ordinal"]), number(&video["rev"]))));
        events += 1;
    }
    assert!(events < UPDATES + LATER, "{events} events: it was never behind");
    assert_eq!(told, newest, "what it was told is what there is");
}
