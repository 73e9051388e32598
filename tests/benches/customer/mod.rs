//! A customer who launches 10,000 videos at a time, as a client of the API.

use std::time::Instant;

use entity::enums::{LotSource, Mode};
use entity::ids::WorkspaceId;
use entity::values::Credits;
use serde_json::json;
use server::domain::plans::SetPlan;
use server::domain::wallet::GrantOrder;

use crate::harness::server::{Founder, Server, text};
use crate::harness::world::operator;

/// Videos of one launch: 25 × 20 × 20.
pub const VIDEOS: usize = 10_000;

/// Somebody with a template and a plan that lets them launch.
pub struct Customer {
    pub founder: Founder,
    template: String,
}

impl Customer {
    /// With credits and limits for so many launches.
    pub async fn new(server: &Server, launches: usize) -> Self {
        let founder = founder(server, launches).await;
        let template = template(&founder).await;
        Self { founder, template }
    }

    /// Asks for a quote and launches it: milliseconds from the launch sent to its reply read.
    pub async fn launch(&self) -> f64 {
        let workspace = &self.founder.workspace;
        let client = &self.founder.client;
        let input = json!({ "workspaceId": workspace, "templateId": self.template });
        let query =
            "mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } } }";
        let data = client.data(query, json!({ "input": input })).await;
        let quote = text(&data["createQuote"]["quote"]["id"]);
        let input = json!({ "workspaceId": workspace, "quoteId": quote, "idempotencyKey": quote });
        let query = "mutation($input: LaunchBatchInput!) {
            launchBatch(input: $input) { batch { id counts { total } } } }";
        let started = Instant::now();
        let data = client.data(query, json!({ "input": input })).await;
        let took = started.elapsed().as_secs_f64() * 1000.0;
        assert_eq!(data["launchBatch"]["batch"]["counts"]["total"], VIDEOS);
        took
    }
}

async fn founder(server: &Server, launches: usize) -> Founder {
    let most = i64::try_from(VIDEOS * launches).expect("small");
    let founder = server.founder("customer").await;
    let workspace_id: WorkspaceId = founder.workspace.parse().expect("an id");
    let limits =
        json!({ "maxVideosPerBatch": VIDEOS, "maxVideosPerDay": most, "maxOpenBatches": 1000 });
    let change = SetPlan {
        workspace_id,
        plan: String::from("enterprise"),
        contract: Some(limits),
        reason: String::from("bench"),
    };
    server.app.plans.set_plan(&operator(), &change).await.expect("a plan");
    let order = GrantOrder {
        workspace_id,
        mode: Mode::Live,
        source: LotSource::Purchase,
        reference: String::from("bench"),
        amount: Credits(most),
        expires_at: None,
        reason: String::from("bench"),
    };
    server.app.wallet.grant(&operator(), &order).await.expect("a grant");
    founder
}

async fn template(owner: &Founder) -> String {
    let list = |name: &str, values: &str, n: usize| {
        let values: Vec<_> = (0..n).map(|i| format!("{values} {i}")).collect();
        json!({ "name": name, "values": values })
    };
    let input = json!({
        "workspaceId": owner.workspace,
        "name": "Grid",
        "source": "{product} {scene}, {style}, slow push in, premium, 产品广告",
        "selection": { "lists": [
            list("product", "a perfume bottle in colour", 25),
            list("scene", "on a podium by the sea at place", 20),
            list("style", "studio product shot, golden hour, look", 20),
        ] },
    });
    let query = "mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    text(&data["createTemplate"]["template"]["id"])
}
