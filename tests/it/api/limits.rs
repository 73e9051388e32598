//! Each limit of a request at its edge: the limit passes, one more is refused with a code.

use serde_json::{Value, json};

use crate::harness::database::Database;
use crate::harness::server::{Client, Server, code};

crate::harness::both!(
    aliases_root_fields_and_directives_are_counted,
    depth_is_counted,
    cost_follows_the_page_size,
    a_page_holds_1_to_200,
    hostile_texts_are_refused_at_once,
);

async fn server(database: Database) -> Server {
    Server::start(database).await
}

async fn refused(client: &Client, query: &str) -> (String, Value) {
    let reply = client.reply(query, json!({})).await;
    (code(&reply), reply["errors"][0]["extensions"]["what"].clone())
}

fn too(what: &str) -> (String, Value) {
    (String::from("QUERY_TOO_COMPLEX"), json!(what))
}

fn fine() -> (String, Value) {
    (String::from("none"), Value::Null)
}

async fn aliases_root_fields_and_directives_are_counted(database: Database) {
    let (server, limits) = (server(database).await, server::config::Graphql::default());
    let client = server.stranger();
    let aliases = |count: usize| {
        let inner: Vec<String> = (0..count).map(|place| format!("a{place}: code")).collect();
        format!("{{ models {{ {} }} }}", inner.join(" "))
    };
    assert_eq!(refused(&client, &aliases(limits.aliases)).await, fine());
    assert_eq!(refused(&client, &aliases(limits.aliases + 1)).await, too("aliases"));
    let roots = |count: usize| format!("{{ {} }}", "__typename ".repeat(count));
    assert_eq!(refused(&client, &roots(limits.root_fields)).await, fine());
    assert_eq!(refused(&client, &roots(limits.root_fields + 1)).await, too("rootFields"));
    let directives =
        |count: usize| format!("{{ models {{ {} }} }}", "code @include(if: true) ".repeat(count));
    assert_eq!(refused(&client, &directives(limits.directives)).await, fine());
    assert_eq!(refused(&client, &directives(limits.directives + 1)).await, too("directives"));
}

async fn depth_is_counted(database: Database) {
    let clock = server::kernel::clock::Clock::system();
    let server = Server::start_with(database, clock, |config| config.graphql.depth = 5).await;
    let client = server.founder("owner").await.client;
    // workspace, batches, nodes, template, id are five.
    let five = "{ me { memberships { workspaceId } } a: __typename
        workspace(id: \"wks_x\") { batches { nodes { template { id } } } } }";
    assert_eq!(code(&client.reply(five, json!({})).await), "INVALID_INPUT");
    let six =
        "{ workspace(id: \"wks_x\") { batches { nodes { template { createdBy { id } } } } } }";
    assert_eq!(refused(&client, six).await, too("depth"));
}

async fn cost_follows_the_page_size(database: Database) {
    let server = server(database).await;
    let owner = server.founder("owner").await;
    let query = |first: i32| {
        // 2 for workspace and batches, then per batch: nodes 1, videos 1, and 10 × (nodes 1).
        format!(
            "{{ workspace(id: \"{}\") {{ batches(first: {first}) {{ nodes {{ id
               videos(first: 22) {{ nodes {{ id }} }} }} }} }} }}",
            owner.workspace
        )
    };
    // Each batch costs 24, so 200 of them cost 4,802 with what is around them.
    let reply = owner.client.reply(&query(200), json!({})).await;
    assert_eq!(code(&reply), "none", "{reply:#}");
    assert_eq!(reply["extensions"]["cost"]["requested"], 4_802);
    let dearer = query(200).replace("first: 22", "first: 23");
    let reply = owner.client.reply(&dearer, json!({})).await;
    assert_eq!(code(&reply), "QUERY_TOO_COMPLEX");
    assert_eq!(reply["errors"][0]["extensions"]["found"], 5_002);
    assert_eq!(reply["errors"][0]["extensions"]["limit"], 5_000);
    // The same through a variable and through its default.
    let query = "query($n: Int = 200) { workspace(id: \"WS\") { batches(first: $n) { nodes {
        videos(first: 200) { nodes { id } } } } } }"
        .replace("WS", &owner.workspace);
    assert_eq!(owner.client.code(&query, json!({})).await, "QUERY_TOO_COMPLEX");
    assert_eq!(owner.client.code(&query, json!({ "n": 200 })).await, "QUERY_TOO_COMPLEX");
    assert_eq!(owner.client.code(&query, json!({ "n": 2 })).await, "none");
}

async fn a_page_holds_1_to_200(database: Database) {
    let server = server(database).await;
    let owner = server.founder("owner").await;
    for (first, expected) in [
        (0, "INVALID_INPUT"),
        (-1, "INVALID_INPUT"),
        (1, "none"),
        (200, "none"),
        (201, "INVALID_INPUT"),
    ] {
        let query = format!(
            "{{ workspace(id: \"{}\") {{ templates(first: {first}) {{ nodes {{ id }} }} }} }}",
            owner.workspace
        );
        assert_eq!(owner.client.code(&query, json!({})).await, expected, "first: {first}");
    }
}

/// Without the limits the doubling fragments alone keep a core busy for minutes.
async fn hostile_texts_are_refused_at_once(database: Database) {
    let server = server(database).await;
    let client = server.stranger();
    let deep = format!("{{ a(b: {}{}) }}", "[".repeat(400_000), "]".repeat(400_000));
    assert_eq!(refused(&client, &deep).await, too("brackets"));
    let braces = format!("{}{}", "{a".repeat(100_000), "}".repeat(100_000));
    assert_eq!(refused(&client, &braces).await, too("brackets"));
    let skips = format!("{{ models {{ code {} }} }}", "@skip(if: false) ".repeat(50_000));
    assert_eq!(refused(&client, &skips).await, too("tokens"));
    let mut doubling = String::from("{ ...F0 } ");
    for link in 0..29 {
        let next = link + 1;
        doubling.push_str(&format!("fragment F{link} on Query {{ ...F{next} ...F{next} }} "));
    }
    doubling.push_str("fragment F29 on Query { __typename }");
    assert_eq!(refused(&client, &doubling).await.0, "QUERY_TOO_COMPLEX");
    let cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
    assert_eq!(refused(&client, cycle).await.0, "QUERY_INVALID");
    // The same below a field, where there is no limit of fields at the root to refuse it.
    let below =
        doubling.replace("{ ...F0 } ", "{ models { ...F0 } } ").replace("on Query", "on Model");
    assert_eq!(refused(&client, &below).await, too("fields"));
    let unknown = (0..200).map(|n| format!("nothing{n} ")).collect::<String>();
    let reply = client.reply(&format!("{{ models {{ {unknown} }} }}"), json!({})).await;
    assert_eq!(reply["errors"].as_array().expect("errors").len(), 20);
    assert!(reply.to_string().len() < 20_000);
}
