//! What a page asks for row by row is read in one query a kind.

use sea_orm::ConnectionTrait as _;
use serde_json::json;

use super::Cast;
use crate::harness::database::Database;
use crate::harness::server::Server;

crate::harness::both!(a_page_of_a_hundred_batches_takes_a_handful_of_queries);

/// Batches with templates, quotes, credits and people; everything that has a loader.
const PAGE: &str =
    "query($ws: ID!, $first: Int!) { workspace(id: $ws) { batches(first: $first) { nodes {
    id name counts { total } credits { held } template { name createdBy { displayName } }
    quote { total } createdBy { displayName } } } } }";

async fn a_page_of_a_hundred_batches_takes_a_handful_of_queries(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    copy_batches(&cast, 99).await;
    let ask = async |first: i32| {
        let before = cast.server.app.db.statements();
        let asked = json!({ "ws": cast.owner.workspace, "first": first });
        let data = cast.owner.client.data(PAGE, asked).await;
        let nodes = data["workspace"]["batches"]["nodes"].as_array().expect("nodes").clone();
        assert_eq!(nodes.len(), usize::try_from(first).expect("positive"));
        for node in &nodes {
            assert_eq!(node["template"]["createdBy"]["displayName"], "owner");
            assert_eq!(node["createdBy"]["displayName"], "owner");
            assert_eq!(node["quote"]["total"], 6);
        }
        cast.server.app.db.statements() - before
    };
    let (one, hundred) = (ask(1).await, ask(100).await);
    // Session, membership, workspace, batches; then for each of names, templates, quotes and
    // credits one authorisation and one read (names are asked for at two depths).
    assert!(hundred <= 16, "{hundred} queries for a hundred batches");
    assert!(hundred <= one + 2, "{one} queries for one batch, {hundred} for a hundred");
    let (one, all) = (videos(&cast, 1).await, videos(&cast, 200).await);
    // Session, membership, workspace, batch twice, videos; two loaders with their authorisation.
    assert!(all <= 10, "{all} queries for a page of videos");
    assert_eq!(all, one, "queries for a page of videos and for one");
}

/// Queries for a page of the first batch's videos with everything that has a loader.
async fn videos(cast: &Cast, first: i32) -> u64 {
    let query = "query($ws: ID!, $batch: ID!, $first: Int!) { workspace(id: $ws) { batch(id: $batch) {
        videos(first: $first) { nodes { id asset { bytes } attempts { number } values { name } } } } } }";
    let before = cast.server.app.db.statements();
    let asked = json!({ "ws": cast.owner.workspace, "batch": cast.batch, "first": first });
    cast.owner.client.data(query, asked).await;
    cast.server.app.db.statements() - before
}

/// More batches like the first, each with a quote of its own: what the list reads, not what a
/// launch writes.
async fn copy_batches(cast: &Cast, count: u8) {
    for number in 1..=count {
        for (table, id, set) in [("quotes", "id", ""), ("batch_jobs", "id", "quote_id")] {
            copy_row(cast, (table, id, set), number).await;
        }
    }
}

async fn copy_row(cast: &Cast, (table, id, also): (&str, &str, &str), number: u8) {
    let connection = cast.server.app.db.reader();
    let is_sqlite = connection.get_database_backend() == sea_orm::DbBackend::Sqlite;
    let columns = if is_sqlite {
        format!("SELECT name FROM pragma_table_info('{table}')")
    } else {
        format!(
            "SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = '{table}'"
        )
    };
    let asked = server::db::dialect::statement(connection, columns, []);
    let rows = connection.query_all_raw(asked).await.expect("columns");
    let names: Vec<String> =
        rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect();
    // One id per number, the same for a batch and its quote.
    let fresh = uuid::Uuid::from_u128(u128::from(number));
    let literal =
        if is_sqlite { format!("X'{}'", fresh.simple()) } else { format!("'{fresh}'::uuid") };
    let values: Vec<String> = names
        .iter()
        .map(|name| if name == id || name == also { literal.clone() } else { name.clone() })
        .collect();
    let sql = format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} ORDER BY id DESC LIMIT 1",
        names.join(", "),
        values.join(", ")
    );
    cast.server.database.run(&sql).await;
}
