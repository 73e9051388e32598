//! Rates by query cost: told in headers and extensions, refused with a wait, per user, address and
//! workspace.

use reqwest::StatusCode;
use serde_json::{Value, json};
use server::config::{Config, Rate};
use server::kernel::clock::Clock;

use crate::harness::database::Database;
use crate::harness::server::{Founder, Server, code};

crate::harness::both!(
    a_user_who_asks_too_much_waits,
    mutations_cost_ten_points_each,
    strangers_share_the_bucket_of_their_address,
    a_workspace_is_charged_for_its_members_alone,
    a_refused_request_costs_nobody_anything,
    a_request_pays_a_workspace_once,
);

const ME: &str = "{ me { id } }";

async fn server(database: Database, change: impl FnOnce(&mut Config)) -> (Server, Clock) {
    let clock = Clock::manual(Clock::system().now());
    (Server::start_with(database, clock.clone(), change).await, clock)
}

/// Asks until refused; how often it was answered.
async fn answered(founder: &Founder, query: &str) -> (u32, reqwest::Response) {
    for count in 0..1_000 {
        let answer = founder.client.post(&json!({ "query": query })).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            return (count, answer);
        }
    }
    panic!("never refused");
}

async fn a_user_who_asks_too_much_waits(database: Database) {
    let (server, clock) =
        server(database, |config| config.rates.user = Rate { burst: 10, per_s: 2 }).await;
    let owner = server.founder("owner").await;
    let other = server.founder("other").await;
    let first = owner.client.post(&json!({ "query": ME })).await;
    let header = |answer: &reqwest::Response, name: &str| {
        answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("-").to_owned()
    };
    let policy = header(&first, "ratelimit-policy");
    assert!(policy.starts_with("\"user\";q=10;w=5;reelmill-unit=\"points\", \"ip\";"), "{policy}");
    assert!(header(&first, "ratelimit").starts_with("\"user\";r=9;t=1, \"ip\";r="));
    let reply: Value = first.json().await.expect("JSON");
    assert_eq!(reply["extensions"]["cost"]["requested"], 1);
    assert_eq!(reply["extensions"]["cost"]["throttle"][0]["remaining"], 9);
    let (count, refused) = answered(&owner, ME).await;
    assert_eq!(count, 9, "ten points were there, one was spent before");
    assert_eq!(header(&refused, "retry-after"), "1");
    let reply: Value = refused.json().await.expect("JSON");
    assert_eq!(code(&reply), "RATE_LIMITED");
    assert_eq!(reply["errors"][0]["extensions"]["bucket"], "user");
    assert_eq!(reply["errors"][0]["extensions"]["retryAfterS"], 1);
    assert!(reply["data"].is_null());
    assert_eq!(other.client.code(ME, json!({})).await, "none", "somebody else's bucket is full");
    clock.advance_ms(1_000);
    assert_eq!(answered(&owner, ME).await.0, 2, "two points a second come back");
}

/// Aliases multiply what a mutation costs, so a request is charged for each of them.
async fn mutations_cost_ten_points_each(database: Database) {
    let (server, _) = server(database, |_| {}).await;
    let owner = server.founder("owner").await;
    let query = "mutation { a: requestPasswordReset(input: { email: \"x@example.com\" }) { done }
        b: requestPasswordReset(input: { email: \"y@example.com\" }) { done } }";
    let reply = owner.client.reply(query, json!({})).await;
    assert_eq!(reply["extensions"]["cost"]["requested"], 22);
}

async fn strangers_share_the_bucket_of_their_address(database: Database) {
    let (server, _) = server(database, |config| {
        config.rates.ip = Rate { burst: 5, per_s: 1 };
        config.server.trusted_proxies = 1;
    })
    .await;
    let client = server.stranger();
    let count = std::cell::Cell::new(0);
    let ask = |address: &'static str| {
        let request = client.http.post(client.url("/graphql"));
        // The left-most address is the client's own word, and must buy nothing.
        count.set(count.get() + 1);
        let hops = format!("198.51.100.{}, {address}", count.get());
        request.header("x-forwarded-for", hops).json(&json!({ "query": ME })).send()
    };
    for _ in 0..5 {
        assert_eq!(ask("203.0.113.7").await.expect("an answer").status(), StatusCode::OK);
    }
    let refused = ask("203.0.113.7").await.expect("an answer");
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask("203.0.113.8").await.expect("an answer").status(), StatusCode::OK);
}

/// A stranger's questions must not empty a workspace's bucket; its members' together may.
async fn a_workspace_is_charged_for_its_members_alone(database: Database) {
    let (server, _) =
        server(database, |config| config.rates.workspace = Rate { burst: 40, per_s: 1 }).await;
    let owner = server.founder("owner").await;
    let viewer = server.member(&owner, "viewer", "VIEWER").await;
    let stranger = server.founder("stranger").await;
    let query = format!("{{ workspace(id: \"{}\") {{ plan {{ code }} }} }}", owner.workspace);
    for _ in 0..60 {
        assert_eq!(stranger.client.code(&query, json!({})).await, "NOT_FOUND");
    }
    let mut seen = 0;
    loop {
        let who = if seen % 2 == 0 { &owner } else { &viewer };
        match who.client.code(&query, json!({})).await.as_str() {
            "none" => seen += 1,
            "RATE_LIMITED" => break,
            other => panic!("{other}"),
        }
    }
    assert!((2..=20).contains(&seen), "{seen} questions of 2 points from 40, less the invitation");
}

/// What one bucket gave for a request that another refuses is given back.
async fn a_refused_request_costs_nobody_anything(database: Database) {
    let (server, _) = server(database, |config| {
        config.rates.user = Rate { burst: 100, per_s: 1 };
        config.rates.ip = Rate { burst: 20, per_s: 1 };
        config.server.trusted_proxies = 1;
    })
    .await;
    let owner = server.founder("owner").await;
    let client = &owner.client;
    let ask = async |address: &'static str| {
        let request = client.http.post(client.url("/graphql")).header("x-forwarded-for", address);
        request.json(&json!({ "query": ME })).send().await.expect("an answer")
    };
    for _ in 0..20 {
        assert_eq!(ask("203.0.113.7").await.status(), StatusCode::OK);
    }
    for _ in 0..5 {
        let refused = ask("203.0.113.7").await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        let reply: Value = refused.json().await.expect("JSON");
        assert_eq!(reply["errors"][0]["extensions"]["bucket"], "ip");
    }
    let elsewhere = ask("203.0.113.8").await;
    let left = elsewhere.headers()["ratelimit"].to_str().expect("text").to_owned();
    assert!(left.starts_with("\"user\";r=79;"), "{left}");
}

/// However often a request touches a workspace, its bucket is charged once.
async fn a_request_pays_a_workspace_once(database: Database) {
    let (server, _) =
        server(database, |config| config.rates.workspace = Rate { burst: 200, per_s: 1 }).await;
    let owner = server.founder("owner").await;
    let touch = format!("workspace(id: \"{}\") {{ plan {{ code }} }}", owner.workspace);
    let query = format!("{{ a: {touch} b: {touch} c: {touch} }}");
    // The sign-up showed its workspace, so its bucket is not full any more.
    let mut left = Vec::new();
    for _ in 0..2 {
        let reply = owner.client.reply(&query, json!({})).await;
        let cost = &reply["extensions"]["cost"];
        let buckets = cost["throttle"].as_array().expect("buckets");
        let ours: Vec<&Value> = buckets.iter().filter(|b| b["bucket"] == "workspace").collect();
        assert_eq!(ours.len(), 1, "{cost:#}");
        assert_eq!(cost["requested"], 6, "{cost:#}");
        left.push(ours[0]["remaining"].as_i64().expect("points"));
    }
    assert_eq!(left[0] - left[1], 6, "{left:?}");
}
