//! Statements as a client fetches them: exact, in both languages, by a link that ends.

use serde_json::{Value, json};
use server::kernel::clock::Clock;

use super::{Cast, launch, quote, template};
use crate::harness::database::Database;
use crate::harness::house::START;
use crate::harness::server::{Client, Founder, Server, code, text};

crate::harness::both!(
    a_statement_is_the_ledger,
    a_link_is_for_members_who_see_money_and_ends,
    every_row_has_words_in_both_languages,
);

const LINK: &str =
    "mutation($i: CreateStatementLinkInput!) { createStatementLink(input: $i) { url expiresAt } }";

fn input(owner: &Founder, more: Value) -> Value {
    let mut input = json!({ "workspaceId": owner.workspace, "from": "2020-01-01T00:00:00Z",
        "to": "2100-01-01T00:00:00Z" });
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    json!({ "i": input })
}

async fn fetch(client: &Client, owner: &Founder, more: Value) -> (reqwest::Response, String) {
    let data = client.data(LINK, input(owner, more)).await;
    let path = text(&data["createStatementLink"]["url"]);
    let stranger = reqwest::Client::builder().no_proxy().build().expect("a client");
    (stranger.get(client.url(&path)).send().await.expect("an answer"), path)
}

async fn rows(client: &Client, owner: &Founder, more: Value) -> Vec<Vec<String>> {
    let (answer, _) = fetch(client, owner, more).await;
    let bytes = answer.bytes().await.expect("a file");
    let rest = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark");
    assert!(rest.ends_with(b"\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(rest);
    let all = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect());
    all.collect()
}

async fn a_statement_is_the_ledger(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let client = &cast.owner.client;
    // A batch whose name a spreadsheet would run, and a grant whose note it would.
    let grant = "mutation($w: ID!) { grantCredits(input: { workspaceId: $w, amount: 500, reference: \"note\", reason: \"=HYPERLINK(\\\"http://x\\\",\\\"y\\\")\" }) { available } }";
    cast.operator.client.data(grant, json!({ "w": cast.owner.workspace })).await;
    let plan = "mutation($w: ID!) { setPlan(input: { workspaceId: $w, plan: \"pro-3\", reason: \"r\" }) { entitlement { concurrency } } }";
    cast.operator.client.data(plan, json!({ "w": cast.owner.workspace })).await;
    let own = template(&cast.owner, "A {animal} at {time}").await;
    let second = quote(&cast.owner, &own).await;
    let second = launch(&cast.owner, &second, "second").await;

    let all = rows(client, &cast.owner, json!({ "timeZone": "Asia/Shanghai" })).await;
    let (head, body) = all.split_first().expect("a heading");
    assert_eq!((head[0].as_str(), head[11].as_str(), head.len()), ("No.", "Available", 14));
    let query =
        "query($w: ID!) { workspace(id: $w) { wallet { available held ledger(first: 200) { nodes {
        number kind event description note amount availableAfter heldAfter createdAt } } } } }";
    let data = client.data(query, json!({ "w": cast.owner.workspace })).await;
    let wallet = &data["workspace"]["wallet"];
    let mut ledger = wallet["ledger"]["nodes"].as_array().expect("rows").clone();
    ledger.reverse();
    assert_eq!(body.len(), ledger.len());
    let (mut available, mut held) = (0_i64, 0_i64);
    for (line, row) in body.iter().zip(&ledger) {
        assert_eq!(line[0], row["number"].to_string());
        assert_eq!(
            (line[2].as_str(), line[3].as_str()),
            (row["kind"].as_str().expect("k"), row["event"].as_str().expect("e"))
        );
        assert_eq!(line[4], row["description"].as_str().expect("words"));
        let number = |at: usize| -> i64 { line[at].parse().expect("a number") };
        available += number(9);
        held += number(10);
        assert_eq!((number(11), number(12)), (available, held), "the running balance adds up");
        assert_eq!(line[11], row["availableAfter"].to_string());
        assert!(line[1].ends_with("+08:00"), "{}", line[1]);
        let utc: jiff::Timestamp = line[1].parse().expect("a moment");
        let wanted: jiff::Timestamp = row["createdAt"].as_str().expect("t").parse().expect("t");
        assert_eq!(utc, wanted);
    }
    assert_eq!(json!([available, held]), json!([wallet["available"], wallet["held"]]));
    let granted = body.iter().find(|line| line[3] == "GRANTED").expect("the grant");
    assert_eq!(granted[5], "'=HYPERLINK(\"http://x\",\"y\")");

    // Filters, and a period that ends where another begins.
    let frozen = rows(client, &cast.owner, json!({ "kind": "FREEZE" })).await;
    assert!(frozen.len() > 2 && frozen[1..].iter().all(|line| line[2] == "FREEZE"));
    let of_one = rows(client, &cast.owner, json!({ "batchId": second })).await;
    assert!(of_one.len() > 1 && of_one[1..].iter().all(|line| line[6] == second));
    let cut = ledger[1]["createdAt"].clone();
    let before = rows(client, &cast.owner, json!({ "to": cut })).await;
    let after = rows(client, &cast.owner, json!({ "from": cut })).await;
    assert_eq!(
        [&before[1..], &after[1..]].concat(),
        rows(client, &cast.owner, json!({})).await[1..]
    );
    // More than one page of rows, and the rows of the moment the link was made.
    let many = 1_203;
    let reason = format!(
        "INSERT INTO credit_ledger (wallet_id, wseq, kind, debit_account, credit_account, \
        amount, available_after, held_after, leg, actor, reason, created_at) \
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) \
        SELECT w.id, w.wseq + n.i, 'GRANT', 'ISSUED', 'AVAILABLE', 1, 1, 0, 0, 'cli', 'x', 1 FROM n, credit_wallet w \
        WHERE w.mode = 'LIVE' AND w.workspace_id = (SELECT id FROM workspaces ORDER BY id LIMIT 1)"
    );
    let (first, _) = fetch(client, &cast.owner, json!({ "from": "1970-01-01T00:00:00Z" })).await;
    let known = first.text().await.expect("a file").lines().count();
    cast.server.database.run(&reason).await;
    let bump = format!(
        "UPDATE credit_wallet SET wseq = wseq + {many} WHERE mode = 'LIVE' \
        AND workspace_id = (SELECT id FROM workspaces ORDER BY id LIMIT 1)"
    );
    cast.server.database.run(&bump).await;
    let long = rows(client, &cast.owner, json!({ "from": "1970-01-01T00:00:00Z" })).await;
    assert_eq!(long.len(), known + many);
}

async fn a_link_is_for_members_who_see_money_and_ends(database: Database) {
    let clock = Clock::manual(START);
    let server = Server::start_with(database, clock.clone(), |_| {}).await;
    let cast = Cast::new(server).await;
    let owner = &cast.owner;
    for (client, wanted) in [
        (&cast.server.stranger(), "UNAUTHENTICATED"),
        (&cast.stranger.client, "NOT_FOUND"),
        (&cast.viewer.client, "FORBIDDEN"),
        (&cast.operator.client, "none"),
    ] {
        assert_eq!(code(&client.reply(LINK, input(owner, json!({}))).await), wanted);
    }
    let strange = input(&cast.stranger, json!({ "batchId": cast.batch }));
    assert_eq!(cast.stranger.client.code(LINK, strange).await, "NOT_FOUND");
    for wrong in [
        json!({ "timeZone": "Mars" }),
        json!({ "to": "2020-01-01T00:00:00Z" }),
        json!({ "batchId": "bat_x" }),
    ] {
        assert_eq!(owner.client.code(LINK, input(owner, wrong)).await, "INVALID_INPUT");
    }
    let (answer, path) = fetch(&owner.client, owner, json!({})).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let name = answer.headers()["content-disposition"].to_str().expect("text").to_owned();
    assert_eq!(name, "attachment; filename=\"reelmill-2020-01-01-2099-12-31.csv\"");
    let plain = reqwest::Client::builder().no_proxy().build().expect("a client");
    let get = async |path: &str| {
        let answer = plain.get(owner.client.url(path)).send().await.expect("an answer");
        answer.status().as_u16()
    };
    let mut damaged = path.clone();
    damaged.replace_range(30..31, if &path[30..31] == "A" { "B" } else { "A" });
    assert_eq!(
        (get(&path).await, get(&damaged).await, get("/statements/x").await),
        (200, 404, 404)
    );
    clock.advance_ms(10 * 60_000);
    assert_eq!(get(&path).await, 410);
    let query = "query($w: ID!) { workspace(id: $w) { audit { nodes { action } } } }";
    let data = owner.client.data(query, json!({ "w": owner.workspace })).await;
    let audit = data["workspace"]["audit"]["nodes"].as_array().expect("rows").clone();
    assert!(audit.iter().any(|row| row["action"] == "statement.link"));
}

async fn every_row_has_words_in_both_languages(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let client = &cast.owner.client;
    let zh = rows(client, &cast.owner, json!({ "lang": "zh-CN" })).await;
    assert_eq!((zh[0][0].as_str(), zh[0][11].as_str()), ("序号", "可用余额"));
    let words: Vec<(&str, &str)> =
        zh[1..].iter().map(|line| (line[3].as_str(), line[4].as_str())).collect();
    assert_eq!(words, [("TRIAL_GRANTED", "试用积分"), ("FROZEN", "批次冻结")]);
    assert_eq!(zh[1][5], "", "a mark of our own is no note");
    let query = "query($w: ID!) { workspace(id: $w) { wallet { ledger { nodes { event description note } } } } }";
    let body = json!({ "query": query, "variables": { "w": cast.owner.workspace } });
    let sent = client.http.post(client.url("/graphql")).header("accept-language", "zh-CN");
    let reply: Value =
        sent.json(&body).send().await.expect("an answer").json().await.expect("JSON");
    let nodes = &reply["data"]["workspace"]["wallet"]["ledger"]["nodes"];
    assert_eq!(
        nodes[1],
        json!({ "event": "TRIAL_GRANTED", "description": "试用积分", "note": null })
    );
}
