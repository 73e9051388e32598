//! What a form is filled with again: a batch's own selection, a price without a version, a name.

use serde_json::{Value, json};

use crate::api::{Cast, fingerprint, selection};
use crate::harness::database::Database;
use crate::harness::server::Server;

crate::harness::both!(
    a_batch_says_what_it_was_launched_with,
    a_draft_is_priced_and_forgotten,
    a_template_gets_another_name,
);

async fn a_batch_says_what_it_was_launched_with(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let query =
        "query($workspace: ID!, $batch: ID!) { workspace(id: $workspace) { batch(id: $batch) {
        seed model selection { lists { name values } zip exclude takes rows { columns }
            sample { kind n seed } } } } }";
    let asked = json!({ "workspace": cast.owner.workspace, "batch": cast.batch });
    // Whoever reads prompts may read what they were made of.
    let data = cast.viewer.client.data(query, asked.clone()).await;
    let found = &data["workspace"]["batch"]["selection"];
    assert_eq!(found["lists"], selection()["lists"]);
    assert_eq!((&found["takes"], &found["sample"]["kind"]), (&json!(1), &json!("ALL")));
    // A newer version of the template changes nothing of the batch.
    let save = "mutation($input: SaveTemplateVersionInput!) { saveTemplateVersion(input: $input) { template { id } } }";
    let newer = json!({ "input": {
        "workspaceId": cast.owner.workspace, "templateId": cast.template, "expectedVersion": 1,
        "source": "A {animal}", "selection": { "lists": [{ "name": "animal", "values": ["owl"] }] },
    } });
    cast.owner.client.data(save, newer).await;
    let again = cast.viewer.client.data(query, asked).await;
    assert_eq!(again["workspace"]["batch"]["selection"], *found);
}

async fn a_draft_is_priced_and_forgotten(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let price = "query($input: PriceDraftInput!) { priceDraft(input: $input) {
        videoCount formula pricePerVideo total model seconds aspect resolution } }";
    let ask = |more: Value| {
        let mut input = json!({
            "workspaceId": cast.owner.workspace, "source": "A {animal} at {time}",
            "selection": selection(),
        });
        for (name, value) in more.as_object().expect("an object") {
            input[name] = value.clone();
        }
        json!({ "input": input })
    };
    let before = fingerprint(&cast.server).await;
    let terms = json!({ "seconds": 9, "resolution": "P720" });
    let data = cast.owner.client.data(price, ask(terms)).await;
    assert_eq!(fingerprint(&cast.server).await, before, "nothing is stored");
    let quote = "mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote {
        videoCount pricePerVideo total model seconds aspect resolution } } }";
    let terms = json!({ "input": {
        "workspaceId": cast.owner.workspace, "templateId": cast.template, "seconds": 9,
        "resolution": "P720",
    } });
    let quoted = cast.owner.client.data(quote, terms).await;
    for (name, value) in quoted["createQuote"]["quote"].as_object().expect("a quote") {
        assert_eq!(data["priceDraft"][name], *value, "{name}");
    }
    assert_eq!(data["priceDraft"]["formula"], "2 animal × 3 time = 6");
    for (more, wanted) in [
        (json!({ "source": "A {animal" }), "TEMPLATE_INVALID"),
        (
            json!({ "source": "{n}", "selection": { "lists": [{ "name": "n", "values": many(101) }], "takes": 100 } }),
            "TOO_MANY_COMBINATIONS",
        ),
        (json!({ "seconds": 99 }), "INVALID_INPUT"),
    ] {
        assert_eq!(cast.owner.client.code(price, ask(more)).await, wanted);
    }
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("value {n}")).collect()
}

async fn a_template_gets_another_name(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let rename = "mutation($input: RenameTemplateInput!) { renameTemplate(input: $input) {
        template { name purpose latestVersion } } }";
    let ask = |name: &str, purpose: Value| {
        json!({ "input": { "workspaceId": cast.owner.workspace, "templateId": cast.template,
            "name": name, "purpose": purpose } })
    };
    let data = cast.owner.client.data(rename, ask("  动物  ", json!("广告"))).await;
    let wanted = json!({ "name": "动物", "purpose": "广告", "latestVersion": 1 });
    assert_eq!(data["renameTemplate"]["template"], wanted);
    let data = cast.owner.client.data(rename, ask("Beasts", Value::Null)).await;
    assert_eq!(data["renameTemplate"]["template"]["purpose"], Value::Null);
    assert_eq!(cast.owner.client.code(rename, ask(" ", Value::Null)).await, "TEXT_LENGTH");
    let archive = "mutation($input: ArchiveTemplateInput!) { archiveTemplate(input: $input) { template { id } } }";
    let gone =
        json!({ "input": { "workspaceId": cast.owner.workspace, "templateId": cast.template } });
    cast.owner.client.data(archive, gone).await;
    assert_eq!(cast.owner.client.code(rename, ask("x", Value::Null)).await, "NOT_FOUND");
}
