//! `reelmill user` and `reelmill workspace`: as typed, through the same use-cases, audited as `cli`.

use clap::Parser;
use entity::enums::Mode;
use entity::values::Credits;
use serde_json::json;
use server::app::App;
use server::cli::desk::{Desk, Refused};
use server::cli::{user::User, workspace::Workspace};
use server::domain::access::Action;
use server::kernel::secret::Secret;

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, PASSWORD, secret, visitor};
use crate::harness::server::Server;
use crate::wallet::stage;

both!(
    accounts_by_command,
    workspaces_by_command,
    refusals_are_named,
    a_reference_is_granted_once_through_either_door,
    an_adjustment_is_booked_once_per_key,
);

#[derive(Parser)]
enum Typed {
    #[command(subcommand)]
    User(User),
    #[command(subcommand)]
    Workspace(Workspace),
}

async fn typed(house: &House, words: &[&str]) -> Result<String, Refused> {
    let desk = Desk {
        access: house.access.clone(),
        plans: house.plans.clone(),
        wallet: house.wallet.clone(),
        clock: house.clock.clone(),
    };
    typed_at(&desk, words).await
}

async fn typed_at(desk: &Desk, words: &[&str]) -> Result<String, Refused> {
    let all = ["reelmill"].iter().chain(words);
    match Typed::try_parse_from(all).unwrap_or_else(|error| panic!("{error}")) {
        Typed::User(command) => command.run(desk).await,
        Typed::Workspace(command) => command.run(desk).await,
    }
}

fn token_in(text: &str) -> Secret {
    let line = text.lines().find_map(|line| line.strip_prefix("one-time token: "));
    Secret::new(line.expect("a token").to_owned())
}

async fn accounts_by_command(database: Database) {
    let house = House::open(database);
    let here = visitor("203.0.113.1");
    let said = typed(&house, &["user", "create", "Ada@example.com", "--locale", "zh-CN"]).await;
    let token = token_in(&said.expect("an account"));
    let signed = house.access.sign_in(&here, "ada@example.com", &secret("!")).await;
    assert!(signed.is_err(), "no password works yet");
    house.access.redeem_reset_link(&here, &token, &secret(PASSWORD)).await.expect("a password");
    let signed_in = house.access.sign_in(&here, "ada@example.com", &secret(PASSWORD)).await;
    let ada = house.caller_of(&here, &signed_in.expect("signed in")).await;
    assert_eq!(house.access.me(&ada).await.expect("me").display_name, "Ada");

    let said = typed(&house, &["user", "operator", "ada@example.com", "on"]).await;
    assert!(said.expect("done").contains("is an operator"));
    typed(&house, &["user", "reset-link", "ada@example.com"]).await.expect("a link");
    typed(&house, &["user", "disable", "ada@example.com"]).await.expect("closed");
    assert!(house.access.me(&ada).await.is_err());
    typed(&house, &["user", "enable", "ada@example.com"]).await.expect("opened");
    let audited = "SELECT count(*) FROM audit_log WHERE actor = 'cli' AND request_id LIKE 'cli-%'";
    assert_eq!(house.number(audited, []).await, 5);
}

async fn workspaces_by_command(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    let id = ada.workspace_id.to_string();
    let listed = typed(&house, &["workspace", "list"]).await.expect("a list");
    assert!(listed.contains(&id) && listed.contains(&bobby.workspace_id.to_string()));

    let plan = ["workspace", "plan", &id, "pro-1", "--reason", "invoice 7"];
    typed(&house, &plan).await.expect("a plan");
    let grant = ["workspace", "grant", &id, "500", "--reason", "invoice 7", "--expires-days", "30"];
    let said = typed(&house, &grant).await.expect("credits");
    assert!(said.contains("548 available"), "{said}");
    let minted = said.lines().find_map(|line| line.strip_prefix("reference: "));
    let reference = minted.expect("the reference that was minted");
    let grant = [&grant[..6], &["--reference", reference]].concat();
    let refused = typed(&house, &grant).await.err();
    assert_eq!(refused.map(|refused| refused.code), Some("CONFLICT"), "without the expiry");
    let play = ["workspace", "grant", &id, "9", "--reason", "try", "--mode", "test"];
    typed(&house, &play).await.expect("credits");
    let back = ["workspace", "adjust", &id, "-20", "--reason", "booked twice"];
    typed(&house, &back).await.expect("credits");
    let shown = typed(&house, &["workspace", "show", &id]).await.expect("a workspace");
    for part in ["pro-1", "528 available", "9 available", "OWNER", "ada's studio"] {
        assert!(shown.contains(part), "{part} is missing in:\n{shown}");
    }
    let scope = house.scope(&ada, Action::ReadMoney).await;
    let balance = house.wallet.balance(&scope, Mode::Live).await.expect("a wallet");
    assert_eq!(balance.available, Credits(528));

    let join = ["workspace", "join-link", &id, "bobby@example.com", "owner"];
    let token = token_in(&typed(&house, &join).await.expect("a link"));
    house.access.redeem_join_link(&bobby.caller, &token, None).await.expect("joined");
    let sql =
        "SELECT count(*) FROM audit_log WHERE workspace_id = $1 AND actor = 'cli' AND action = $2";
    for (action, count) in
        [("plan.set", 1), ("credits.grant", 2), ("credits.adjust", 1), ("member.invite", 1)]
    {
        let values = [ada.workspace_id.into(), action.into()];
        assert_eq!(house.number(sql, values).await, count, "{action}");
    }
}

async fn refusals_are_named(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let id = ada.workspace_id.to_string();
    let nowhere = "wks_00000000000000000000000001";
    let (long, longer) = ("7".repeat(101), "7".repeat(201));
    for (words, code) in [
        (vec!["user", "create", "ada@example.com"], "EMAIL_TAKEN"),
        (vec!["user", "create", "ada"], "EMAIL_INVALID"),
        (vec!["user", "reset-link", "nobody@example.com"], "NOT_FOUND"),
        (vec!["user", "operator", "nobody@example.com", "on"], "NOT_FOUND"),
        (vec!["workspace", "show", nowhere], "NOT_FOUND"),
        (vec!["workspace", "plan", nowhere, "pro-1", "--reason", "r"], "NOT_FOUND"),
        (vec!["workspace", "plan", &id, "gold", "--reason", "r"], "PLAN_UNKNOWN"),
        (vec!["workspace", "plan", &id, "pro-1", "--reason", " "], "TEXT_LENGTH"),
        (
            vec!["workspace", "plan", &id, "pro-1", "--reason", "r", "--contract", "{}"],
            "CONTRACT_INVALID",
        ),
        (vec!["workspace", "grant", nowhere, "5", "--reason", "r"], "NOT_FOUND"),
        (vec!["workspace", "grant", &id, "0", "--reason", "r"], "AMOUNT_INVALID"),
        (vec!["workspace", "grant", &id, "5", "--reason", " "], "TEXT_LENGTH"),
        (vec!["workspace", "adjust", &id, "-5", "--reason", ""], "TEXT_LENGTH"),
        (keyed(&id, ""), "TEXT_LENGTH"),
        (keyed(&id, &longer), "TEXT_LENGTH"),
        (keyed(&id, "a\u{7}b"), "INVALID_INPUT"),
        (referring(&id, "voucher:7"), "INVALID_INPUT"),
        (referring(&id, "operator:7"), "INVALID_INPUT"),
        (referring(&id, ""), "INVALID_INPUT"),
        (referring(&id, &long), "INVALID_INPUT"),
        (vec!["workspace", "join-link", &id, "ada@example.com", "viewer"], "ALREADY_MEMBER"),
    ] {
        let refused = typed(&house, &words).await.err();
        assert_eq!(refused.map(|refused| refused.code), Some(code), "{words:?}");
    }
    let lots = "SELECT count(*) FROM credit_lot WHERE source <> 'TRIAL'";
    assert_eq!(house.number(lots, []).await, 0, "nothing was granted");
}

fn referring<'a>(id: &'a str, reference: &'a str) -> Vec<&'a str> {
    vec!["workspace", "grant", id, "5", "--reason", "r", "--reference", reference]
}

async fn a_reference_is_granted_once_through_either_door(database: Database) {
    let server = Server::start(database).await;
    let (owner, operator) = (server.founder("ada").await, server.operator("op").await);
    let App { access, plans, wallet, clock, .. } = server.app.clone();
    let desk = Desk { access, plans, wallet, clock };
    let id = &owner.workspace;
    let query =
        "mutation($input: GrantCreditsInput!) { grantCredits(input: $input) { available } }";
    let input = |amount: i64, reference: &str| {
        json!({ "input": {
            "workspaceId": id, "amount": amount, "reason": "r", "reference": reference,
        } })
    };
    // By command, then by the API; and the other way round.
    typed_at(&desk, &referring(id, "invoice-7")).await.expect("granted");
    let again = operator.client.data(query, input(5, "invoice-7")).await;
    assert_eq!(again["grantCredits"]["available"].as_i64(), Some(53), "the trial's 48 and 5");
    let other = operator.client.data(query, input(7, "invoice-8")).await;
    assert_eq!(other["grantCredits"]["available"].as_i64(), Some(60));
    let same = ["workspace", "grant", id, "7", "--reason", "r", "--reference", "invoice-8"];
    let said = typed_at(&desk, &same).await.expect("there already");
    assert!(said.contains("60 available"), "{said}");
    // Other terms are a conflict at either door.
    assert_eq!(operator.client.code(query, input(6, "invoice-7")).await, "CONFLICT");
    let refused = typed_at(&desk, &referring(id, "invoice-8")).await.err();
    assert_eq!(refused.map(|refused| refused.code), Some("CONFLICT"));
    assert_eq!(operator.client.code(query, input(5, "grant:7")).await, "INVALID_INPUT");
    for (sql, count) in [
        ("SELECT count(*) FROM credit_lot WHERE source = 'PROMO'", 2),
        ("SELECT count(*) FROM credit_ledger WHERE kind = 'GRANT' AND reason = 'r'", 2),
        ("SELECT count(*) FROM audit_log WHERE action = 'credits.grant'", 2),
    ] {
        assert_eq!(stage::number(&server.app.db, sql, []).await, count, "{sql}");
    }
}

fn keyed<'a>(id: &'a str, key: &'a str) -> Vec<&'a str> {
    vec!["workspace", "adjust", id, "5", "--reason", "r", "--key", key]
}

async fn an_adjustment_is_booked_once_per_key(database: Database) {
    let server = Server::start(database).await;
    let (owner, operator) = (server.founder("ada").await, server.operator("op").await);
    let App { access, plans, wallet, clock, .. } = server.app.clone();
    let desk = Desk { access, plans, wallet, clock };
    let id = &owner.workspace;
    let query =
        "mutation($input: AdjustCreditsInput!) { adjustCredits(input: $input) { available debt } }";
    let input = |delta: i64, key: &str| {
        json!({ "input": {
            "workspaceId": id, "delta": delta, "reason": "r", "idempotencyKey": key,
        } })
    };
    // The answer was lost: asked again, even at the same moment, and by command.
    let ask = || operator.client.data(query, input(5, "up"));
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    for answer in [one, two, three, ask().await] {
        assert_eq!(answer["adjustCredits"], json!({ "available": 53, "debt": 0 }));
    }
    let said = typed_at(&desk, &keyed(id, "up")).await.expect("booked before");
    assert!(said.contains("53 available") && !said.contains("key:"), "{said}");
    for _ in 0..2 {
        let answer = operator.client.data(query, input(-60, "down")).await;
        assert_eq!(answer["adjustCredits"], json!({ "available": 0, "debt": 7 }));
    }
    // Other input under a key is a conflict at either door; a refusal leaves its key free.
    assert_eq!(operator.client.code(query, input(6, "up")).await, "IDEMPOTENCY_CONFLICT");
    let refused = typed_at(&desk, &keyed(id, "down")).await.err();
    assert_eq!(refused.map(|refused| refused.code), Some("IDEMPOTENCY_CONFLICT"));
    assert_eq!(operator.client.code(query, input(0, "free")).await, "AMOUNT_INVALID");
    operator.client.data(query, input(10, "free")).await;
    for key in ["", &"7".repeat(201)] {
        assert_eq!(operator.client.code(query, input(1, key)).await, "TEXT_LENGTH");
    }
    // Minted when it is not given, and told, so that even that one can be repeated.
    let words = ["workspace", "adjust", id, "4", "--reason", "r"];
    let said = typed_at(&desk, &words).await.expect("booked");
    let minted = said.lines().find_map(|line| line.strip_prefix("key: ")).expect("the key");
    let again = typed_at(&desk, &[&words[..], &["--key", minted]].concat()).await;
    for said in [&said, &again.expect("booked before")] {
        assert!(said.contains("7 available"), "{said}");
    }
    typed_at(&desk, &words).await.expect("another key, another adjustment");
    for (sql, count) in [
        ("SELECT count(*) FROM credit_lot WHERE source = 'ADJUSTMENT'", 4),
        ("SELECT count(*) FROM audit_log WHERE action = 'credits.adjust'", 5),
        ("SELECT count(*) FROM idempotency_keys WHERE operation = 'adjustCredits'", 5),
    ] {
        assert_eq!(stage::number(&server.app.db, sql, []).await, count, "{sql}");
    }
}
