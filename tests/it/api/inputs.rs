//! Bad input gets a code and changes nothing; lists page through everything once.

use base64::Engine as _;
use serde_json::{Value, json};

use super::{Cast, fingerprint, launch, quote, selection, template};
use crate::harness::database::Database;
use crate::harness::server::{Server, code, text};

crate::harness::both!(
    refusals_change_nothing,
    lists_page_through_everything_once,
    a_table_reaches_its_limits,
);

async fn refusals_change_nothing(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let owner = &cast.owner;
    let workspace = &owner.workspace;
    let before = fingerprint(&cast.server).await;
    let create = "mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }";
    let quote =
        "mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } } }";
    let launch =
        "mutation($input: LaunchBatchInput!) { launchBatch(input: $input) { batch { id } } }";
    let large: Vec<String> = (0..32_000).map(|n| n.to_string()).collect();
    let huge = json!({ "lists": [
        { "name": "animal", "values": large[..1_000] }, { "name": "time", "values": large[..1_000] },
    ], "takes": 1_000 });
    let with = |input: Value| {
        let mut input = input;
        input["workspaceId"] = json!(workspace);
        json!({ "input": input })
    };
    let base = json!({ "templateId": cast.template });
    let choose = |selection: Value| {
        let mut input = base.clone();
        input["selection"] = selection;
        with(input)
    };
    let empty = json!({ "lists": [{ "name": "animal", "values": [] }, { "name": "time", "values": ["a"] }] });
    let missing = json!({ "lists": [{ "name": "animal", "values": ["fox"] }] });
    let cases = [
        (create, with(json!({ "name": "x", "source": "a {fox" })), "TEMPLATE_INVALID"),
        (create, with(json!({ "name": "", "source": "a" })), "TEXT_LENGTH"),
        (quote, choose(missing), "TEMPLATE_INVALID"),
        (quote, choose(empty), "TEMPLATE_INVALID"),
        (quote, choose(huge), "TOO_MANY_COMBINATIONS"),
        (quote, with(json!({ "templateId": cast.template, "seconds": 99 })), "INVALID_INPUT"),
        (quote, with(json!({ "templateId": cast.template, "model": "sora" })), "INVALID_INPUT"),
        (quote, with(json!({ "templateId": cast.template, "templateVersion": 7 })), "NOT_FOUND"),
        (
            quote,
            with(json!({ "templateId": cast.template, "seed": 9_007_199_254_740_993_i64 })),
            "QUERY_INVALID",
        ),
        (launch, with(json!({ "quoteId": cast.quote, "idempotencyKey": "again" })), "QUOTE_USED"),
        (launch, with(json!({ "quoteId": cast.quote, "idempotencyKey": "" })), "TEXT_LENGTH"),
        (
            launch,
            with(json!({ "quoteId": cast.quote, "idempotencyKey": "first", "name": "other" })),
            "IDEMPOTENCY_CONFLICT",
        ),
    ];
    for (query, variables, expected) in cases {
        let reply = owner.client.reply(query, variables).await;
        assert_eq!(code(&reply), expected, "{query}\n{reply:#}");
        assert!(!reply["errors"][0]["message"].as_str().expect("words").is_empty());
    }
    assert_eq!(fingerprint(&cast.server).await, before);
    positions(&cast).await;
}

/// What is wrong with a template says where.
async fn positions(cast: &Cast) {
    let query = "query($input: TemplateDraftInput!) { checkTemplate(input: $input) {
        problems { code severity message span { line column start end utf16Start } place { kind number name } }
        notices { code } variables count formula } }";
    let input = json!({ "source": "A fox\nat {when" });
    let data = cast.owner.client.data(query, json!({ "input": input })).await;
    let problem = &data["checkTemplate"]["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["severity"]),
        (&json!("UNCLOSED_BRACE"), &json!("ERROR"))
    );
    assert_eq!((&problem["span"]["line"], &problem["span"]["column"]), (&json!(2), &json!(4)));
    let mut chosen = selection();
    chosen["lists"][1]["values"] = json!([]);
    let input = json!({ "source": "A {animal} at {time}", "selection": chosen });
    let data = cast.owner.client.data(query, json!({ "input": input })).await;
    let place = &data["checkTemplate"]["problems"][0]["place"];
    assert_eq!(place, &json!({ "kind": "LIST", "number": 2, "name": "time" }));
    let input = json!({ "source": "A {animal} at {time}", "selection": selection() });
    let data = cast.owner.client.data(query, json!({ "input": input })).await;
    assert_eq!(data["checkTemplate"]["count"], "6");
    assert_eq!(data["checkTemplate"]["formula"], "2 animal × 3 time = 6");
    let table = "query($csv: String!) { readTable(input: { csvBase64: $csv }) { table { columns rows } notices { code message } } }";
    // `城市;价` in GB18030, CRLF, semicolons.
    let data = cast.owner.client.data(table, json!({ "csv": "s8fK0Du82w0KsbG+qTsxDQo=" })).await;
    assert_eq!(data["readTable"]["table"]["columns"], json!(["城市", "价"]));
    let notices = data["readTable"]["notices"].as_array().expect("notices").clone();
    assert!(notices.iter().any(|notice| notice["code"] == "CSV_ENCODING"), "{notices:?}");
    assert_eq!(cast.owner.client.code(table, json!({ "csv": "!" })).await, "INVALID_INPUT");
    // `1` and two bytes that are no text.
    let reply = cast.owner.client.reply(table, json!({ "csv": "YSxiCjEs//8K" })).await;
    assert_eq!(code(&reply), "CSV_INVALID");
    let problem = &reply["errors"][0]["extensions"]["problems"][0];
    assert_eq!(problem["code"], "CSV_UNDECODABLE");
    assert_eq!((&problem["place"]["row"], &problem["place"]["column"]), (&json!(2), &json!(2)));
    // A row too wide.
    let reply = cast.owner.client.reply(table, json!({ "csv": "YSxiCjEsMiwzCg==" })).await;
    assert_eq!(code(&reply), "CSV_INVALID");
    let problem = &reply["errors"][0]["extensions"]["problems"][0];
    assert_eq!((&problem["code"], &problem["place"]["row"]), (&json!("RAGGED_ROW"), &json!(2)));
}

/// The largest file and the longest table that are allowed can be sent, one byte or row more is
/// refused as such, and not for the size of its body.
async fn a_table_reaches_its_limits(database: Database) {
    let server = Server::start(database).await;
    let client = server.founder("owner").await.client;
    let limits = *server.app.templates.limits();
    let read = async |file: String| {
        let query =
            "query($csv: String!) { readTable(input: { csvBase64: $csv }) { table { rows } } }";
        let csv = base64::engine::general_purpose::STANDARD.encode(file);
        client.reply(query, json!({ "csv": csv })).await
    };
    let refused = |reply: &Value| {
        assert_eq!(code(reply), "CSV_INVALID", "{reply:#}");
        text(&reply["errors"][0]["extensions"]["problems"][0]["code"])
    };
    let of_bytes = |bytes: usize| {
        let cell = format!("{}\n", "x".repeat(999));
        let file = format!("a\n{}", cell.repeat(bytes / 1_000));
        let rest = bytes - file.len();
        format!("{file}{}", "y".repeat(rest))
    };
    let whole = read(of_bytes(limits.max_csv_bytes)).await;
    assert_eq!(code(&whole), "none", "{whole:#}");
    let rows = whole["data"]["readTable"]["table"]["rows"].as_array().expect("rows").len();
    assert_eq!(rows, limits.max_csv_bytes / 1_000 + 1);
    assert_eq!(refused(&read(of_bytes(limits.max_csv_bytes + 1)).await), "CSV_TOO_LARGE");
    let of_rows = |rows: usize| {
        (0..rows).fold(String::from("a,b\n"), |file, row| file + &format!("{row},x\n"))
    };
    let whole = read(of_rows(limits.max_rows)).await;
    let rows = whole["data"]["readTable"]["table"]["rows"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(50_000));
    assert_eq!(refused(&read(of_rows(limits.max_rows + 1)).await), "TOO_MANY_ROWS");
    // What was read fits in the request that uses it.
    let draft = json!({ "source": "{a} {b}", "selection": {
        "rows": { "columns": ["a", "b"], "rows": rows }, "sample": { "n": 5 } } });
    let query = "query($input: TemplateDraftInput!) { checkTemplate(input: $input) { count problems { message } } }";
    let reply = client.data(query, json!({ "input": draft })).await;
    assert_eq!(reply["checkTemplate"]["count"], "5", "{reply:#}");
}

/// Every list of a workspace in pages of one: each row once, in the order of one large page; a
/// cursor of another list or a damaged one is refused.
async fn lists_page_through_everything_once(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let owner = &cast.owner;
    let plan = "mutation($ws: ID!) { setPlan(input: { workspaceId: $ws, plan: \"pro-1\", reason: \"r\" }) { entitlement { watermark } } }";
    cast.operator.client.data(plan, json!({ "ws": owner.workspace })).await;
    for name in ["second", "third"] {
        let template = template(owner, &format!("{name} {{animal}} at {{time}}")).await;
        launch(owner, &quote(owner, &template).await, name).await;
    }
    let batch = format!("batch(id: \"{}\")", cast.batch);
    let lists: &[(&str, &str, &str)] = &[
        ("members", "ARGS", "userId"),
        ("templates", "ARGS", "id"),
        ("batches", "ARGS", "id"),
        ("audit", "ARGS", "id"),
        ("wallet { lots", "ARGS }", "id"),
        ("wallet { ledger", "ARGS }", "number"),
        (&format!("{batch} {{ videos"), "ARGS }", "id"),
        (&format!("template(id: \"{}\") {{ versions", cast.template), "ARGS }", "number"),
    ];
    let mut cursors = Vec::new();
    for (open, args, key) in lists {
        let page = |first: usize, after: Option<&str>| {
            let after = after.map_or(String::new(), |after| format!(", after: \"{after}\""));
            let list = format!(
                "(first: {first}{after}) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ {key} }} }}"
            );
            format!(
                "{{ workspace(id: \"{}\") {{ {open}{} }} }}",
                owner.workspace,
                args.replace("ARGS", &list)
            )
        };
        let whole = list_of(&owner.client.data(&page(200, None), json!({})).await);
        let whole = whole["nodes"].as_array().expect("nodes").clone();
        assert!(!whole.is_empty(), "{open} is empty");
        let (mut rows, mut after): (Vec<Value>, Option<String>) = (Vec::new(), None);
        loop {
            let found = owner.client.data(&page(1, after.as_deref()), json!({})).await;
            let found = list_of(&found);
            rows.extend(found["nodes"].as_array().expect("nodes").clone());
            if found["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            after = Some(text(&found["pageInfo"]["endCursor"]));
        }
        assert_eq!(rows, whole, "{open}");
        for damaged in ["", "%", "djE6", "bm90aGluZw", "djE6J29yIDE9MQ"] {
            let reply = owner.client.reply(&page(1, Some(damaged)), json!({})).await;
            assert_eq!(code(&reply), "INVALID_CURSOR", "{open} after {damaged}: {reply:#}");
        }
        cursors.push(after);
    }
    assert!(cursors.iter().filter(|cursor| cursor.is_some()).count() >= 6);
}

/// The connection inside a reply, however deep.
fn list_of(data: &Value) -> Value {
    match data {
        Value::Object(fields) if fields.contains_key("nodes") => data.clone(),
        Value::Object(fields) => {
            fields.values().map(list_of).find(|v| !v.is_null()).unwrap_or(Value::Null)
        }
        _ => Value::Null,
    }
}
