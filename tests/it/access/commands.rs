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
    let long = "7".repeat(101);
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
