//! Every root field, walked by introspection: a field without a case here fails the test.
//!
//! Each is run once in a way that works, so that a missing piece of the request's context cannot
//! hide; then as nobody, as a stranger and as a viewer.

use serde_json::{Value, json};

use super::{Cast, fingerprint};
use crate::harness::database::Database;
use crate::harness::server::{Client, Server, code};

crate::harness::both!(every_root_field_works_and_refuses);

/// Who may.
#[derive(Clone, Copy, PartialEq)]
enum Needs {
    /// Anybody.
    Nothing,
    /// Somebody signed in.
    Actor,
    /// A member of the workspace.
    Viewer,
    /// A member above viewer.
    More,
    /// The operator; to others as visible as the workspace.
    Operator,
}

struct Case {
    field: &'static str,
    needs: Needs,
    /// Arguments and selection, with `$WS`, `$TEMPLATE`, `$QUOTE`, `$BATCH`, `$VIDEO`, `$VIEWER`.
    call: &'static str,
    /// What it answers when it works: `none`, or the code that shows it got as far as it can here.
    works: &'static str,
}

const fn case(field: &'static str, needs: Needs, call: &'static str, works: &'static str) -> Case {
    Case { field, needs, call, works }
}

const QUERIES: &[Case] = &[
    case("me", Needs::Nothing, "me { id }", "none"),
    case("invitation", Needs::Nothing, "invitation(token: \"none\") { role }", "LINK_INVALID"),
    case("models", Needs::Nothing, "models { code }", "none"),
    case("plans", Needs::Nothing, "plans { code }", "none"),
    case("sampleTemplates", Needs::Nothing, "sampleTemplates { code }", "none"),
    case(
        "checkTemplate",
        Needs::Actor,
        "checkTemplate(input: { source: \"a {b}\" }) { count }",
        "none",
    ),
    case(
        "previewTemplate",
        Needs::Actor,
        "previewTemplate(input: { source: \"a {b|c}\" }) { prompt }",
        "none",
    ),
    case(
        "priceDraft",
        Needs::More,
        "priceDraft(input: { workspaceId: \"$WS\", source: \"a {b|c}\" }) { total formula }",
        "none",
    ),
    case(
        "readTable",
        Needs::Actor,
        "readTable(input: { csvBase64: \"YSxiCjEsMgo=\" }) { table { columns } }",
        "none",
    ),
    case("workspace", Needs::Viewer, "workspace(id: \"$WS\") { name }", "none"),
    case("workspaces", Needs::Operator, "workspaces { nodes { name } }", "none"),
];

const MUTATIONS: &[Case] = &[
    case(
        "signUp",
        Needs::Nothing,
        "signUp(input: { email: \"new@example.com\", password: \"correct horse battery\", displayName: \"n\", workspaceName: \"n\" }) { user { id } workspace { id role } }",
        "none",
    ),
    case(
        "signIn",
        Needs::Nothing,
        "signIn(input: { email: \"owner@example.com\", password: \"correct horse battery\" }) { user { id } }",
        "none",
    ),
    case(
        "requestPasswordReset",
        Needs::Nothing,
        "requestPasswordReset(input: { email: \"owner@example.com\" }) { done }",
        "none",
    ),
    case(
        "redeemPasswordReset",
        Needs::Nothing,
        "redeemPasswordReset(input: { token: \"none\", newPassword: \"correct horse battery\" }) { done }",
        "LINK_INVALID",
    ),
    case(
        "redeemJoinLink",
        Needs::Nothing,
        "redeemJoinLink(input: { token: \"none\" }) { role }",
        "LINK_INVALID",
    ),
    case(
        "revokeInvitation",
        Needs::More,
        "revokeInvitation(input: { workspaceId: \"$WS\", invitationId: \"lnk_00000000000000000000000000\" }) { done }",
        "NOT_FOUND",
    ),
    case(
        "endSession",
        Needs::Actor,
        "endSession(input: { sessionId: \"ses_00000000000000000000000000\" }) { done }",
        "NOT_FOUND",
    ),
    case(
        "setSpendLimits",
        Needs::More,
        "setSpendLimits(input: { workspaceId: \"$WS\", dailyCredits: 1000, lowBalance: 5 }) { limits { dailyCredits lowSince usedToday } }",
        "none",
    ),
    case(
        "createStatementLink",
        Needs::More,
        "createStatementLink(input: { workspaceId: \"$WS\", from: \"2026-01-01T00:00:00Z\", to: \"2027-01-01T00:00:00Z\" }) { url expiresAt }",
        "none",
    ),
    case(
        "redeemVoucher",
        Needs::More,
        "redeemVoucher(input: { workspaceId: \"$WS\", code: \"REEL-00000-00000-00000-00000\" }) { credits }",
        "VOUCHER_INVALID",
    ),
    case(
        "createValueList",
        Needs::More,
        "createValueList(input: { workspaceId: \"$WS\", name: \"l\", values: [\"a\"] }) { valueList { id } }",
        "none",
    ),
    case(
        "updateValueList",
        Needs::More,
        "updateValueList(input: { workspaceId: \"$WS\", valueListId: \"vls_00000000000000000000000000\", expectedVersion: 1, name: \"l\", values: [\"a\"] }) { valueList { id } }",
        "NOT_FOUND",
    ),
    case(
        "deleteValueList",
        Needs::More,
        "deleteValueList(input: { workspaceId: \"$WS\", valueListId: \"vls_00000000000000000000000000\" }) { done }",
        "NOT_FOUND",
    ),
    case("endOtherSessions", Needs::Actor, "endOtherSessions { ended }", "none"),
    case(
        "createTemplate",
        Needs::More,
        "createTemplate(input: { workspaceId: \"$WS\", name: \"x\", source: \"a fox\" }) { template { id } }",
        "none",
    ),
    case(
        "saveTemplateVersion",
        Needs::More,
        "saveTemplateVersion(input: { workspaceId: \"$WS\", templateId: \"$TEMPLATE\", expectedVersion: 1, source: \"a fox\" }) { template { latestVersion } }",
        "none",
    ),
    case(
        "createQuote",
        Needs::More,
        "createQuote(input: { workspaceId: \"$WS\", templateId: \"$TEMPLATE\" }) { quote { total } }",
        "none",
    ),
    case(
        "launchBatch",
        Needs::More,
        "launchBatch(input: { workspaceId: \"$WS\", quoteId: \"$QUOTE\", idempotencyKey: \"first\" }) { batch { id } }",
        "none",
    ),
    case(
        "createAssetLinks",
        Needs::Viewer,
        "createAssetLinks(input: { workspaceId: \"$WS\", batchId: \"$BATCH\", videoIds: [\"$VIDEO\"] }) { links { url } }",
        "none",
    ),
    case(
        "markVideos",
        Needs::More,
        "markVideos(input: { workspaceId: \"$WS\", batchId: \"$BATCH\", videoIds: [\"$VIDEO\"], mark: KEEP }) { batch { marks { kept rejected } } }",
        "none",
    ),
    case(
        "createZipLink",
        Needs::Viewer,
        "createZipLink(input: { workspaceId: \"$WS\", batchId: \"$BATCH\" }) { url }",
        "NOTHING_DELIVERED",
    ),
    case(
        "createShareLink",
        Needs::More,
        "createShareLink(input: { workspaceId: \"$WS\", batchId: \"$BATCH\" }) { url }",
        "NOTHING_DELIVERED",
    ),
    case(
        "revokeShareLink",
        Needs::More,
        "revokeShareLink(input: { workspaceId: \"$WS\", shareId: \"shr_00000000000000000000000000\" }) { link { id } }",
        "NOT_FOUND",
    ),
    case(
        "openShareLink",
        Needs::Nothing,
        "openShareLink(input: { token: \"none\" }) { gallery { name } }",
        "NOT_FOUND",
    ),
    case(
        "pauseBatch",
        Needs::More,
        "pauseBatch(input: { workspaceId: \"$WS\", batchId: \"$BATCH\" }) { alreadyPaused money { stillHeldCredits underWayCredits mayStillBeCharged } batch { gate gateReason pausedFrom closesAt } }",
        "none",
    ),
    case(
        "resumeBatch",
        Needs::More,
        "resumeBatch(input: { workspaceId: \"$WS\", batchId: \"$BATCH\" }) { money { stillHeldCredits } batch { gate gateSince round } }",
        "none",
    ),
    case(
        "approvePilot",
        Needs::More,
        "approvePilot(input: { workspaceId: \"$WS\", batchId: \"$BATCH\" }) { batch { pilot { decisionAwaited } } }",
        "NO_PILOT",
    ),
    case(
        "declinePilot",
        Needs::More,
        "declinePilot(input: { workspaceId: \"$WS\", batchId: \"$BATCH\" }) { money { releasedCredits } }",
        "NO_PILOT",
    ),
    case(
        "retryFailedVideos",
        Needs::More,
        "retryFailedVideos(input: { workspaceId: \"$WS\", batchId: \"$BATCH\", idempotencyKey: \"again\" }) { money { frozenCredits } }",
        "BATCH_RUNNING",
    ),
    case(
        "rerunBatch",
        Needs::More,
        "rerunBatch(input: { workspaceId: \"$WS\", batchId: \"$BATCH\", freshSeed: true }) { quote { videoCount sample { kind } } }",
        "none",
    ),
    case(
        "cancelBatch",
        Needs::More,
        "cancelBatch(input: { workspaceId: \"$WS\", batchId: \"$BATCH\" }) { releasedCredits }",
        "none",
    ),
    case(
        "renameTemplate",
        Needs::More,
        "renameTemplate(input: { workspaceId: \"$WS\", templateId: \"$TEMPLATE\", name: \"Beasts\" }) { template { name purpose } }",
        "none",
    ),
    case(
        "archiveTemplate",
        Needs::More,
        "archiveTemplate(input: { workspaceId: \"$WS\", templateId: \"$TEMPLATE\" }) { template { id } }",
        "none",
    ),
    case(
        "createJoinLink",
        Needs::More,
        "createJoinLink(input: { workspaceId: \"$WS\", email: \"x@example.com\", role: VIEWER }) { token }",
        "none",
    ),
    case(
        "updateWorkspace",
        Needs::More,
        "updateWorkspace(input: { workspaceId: \"$WS\", name: \"y\" }) { workspace { name } }",
        "none",
    ),
    case(
        "grantCredits",
        Needs::Operator,
        "grantCredits(input: { workspaceId: \"$WS\", amount: 5, reason: \"r\", reference: \"root\" }) { available }",
        "none",
    ),
    case(
        "adjustCredits",
        Needs::Operator,
        "adjustCredits(input: { workspaceId: \"$WS\", delta: 5, reason: \"r\", idempotencyKey: \"root\" }) { available }",
        "none",
    ),
    case(
        "setPlan",
        Needs::Operator,
        "setPlan(input: { workspaceId: \"$WS\", plan: \"pro-1\", reason: \"r\" }) { entitlement { concurrency } }",
        "none",
    ),
    case(
        "setMemberRole",
        Needs::More,
        "setMemberRole(input: { workspaceId: \"$WS\", userId: \"$VIEWER\", role: PRODUCER }) { done }",
        "none",
    ),
    case(
        "removeMember",
        Needs::More,
        "removeMember(input: { workspaceId: \"$WS\", userId: \"$OWNER\" }) { done }",
        "LAST_OWNER",
    ),
    case("signOut", Needs::Actor, "signOut { done }", "none"),
];

async fn every_root_field_works_and_refuses(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let anybody = cast.server.stranger();
    assert_eq!(names(QUERIES), fields(&anybody, "Query").await, "a case for every query");
    assert_eq!(names(MUTATIONS), fields(&anybody, "Mutation").await, "a case for every mutation");
    for case in QUERIES.iter().chain(MUTATIONS) {
        if takes_a_workspace(&anybody, case.field).await {
            let outside = matches!(case.needs, Needs::Nothing | Needs::Actor);
            assert!(!outside, "{} takes a workspace and must ask who the caller is", case.field);
        }
    }
    let before = fingerprint(&cast.server).await;
    for case in QUERIES.iter().chain(MUTATIONS) {
        refuses(&cast, case).await;
    }
    assert_eq!(fingerprint(&cast.server).await, before, "a refusal changed something");
    for case in QUERIES.iter().chain(MUTATIONS) {
        works(&cast, case).await;
    }
}

/// As nobody, as somebody from elsewhere, and as a viewer.
async fn refuses(cast: &Cast, case: &Case) {
    let expected = match case.needs {
        Needs::Nothing => return,
        Needs::Actor => ["UNAUTHENTICATED", "-", "-"],
        Needs::Viewer => ["UNAUTHENTICATED", "NOT_FOUND", "-"],
        Needs::More => ["UNAUTHENTICATED", "NOT_FOUND", "FORBIDDEN"],
        // A list of all workspaces is no workspace: to everybody else it is forbidden.
        Needs::Operator if case.field == "workspaces" => {
            ["UNAUTHENTICATED", "FORBIDDEN", "FORBIDDEN"]
        }
        Needs::Operator => ["UNAUTHENTICATED", "NOT_FOUND", "FORBIDDEN"],
    };
    let people = [&cast.server.stranger(), &cast.stranger.client, &cast.viewer.client];
    for (client, expected) in people.into_iter().zip(expected) {
        if expected != "-" {
            let reply = client.reply(&query(cast, case), json!({})).await;
            assert_eq!(code(&reply), expected, "{}: {reply:#}", case.field);
        }
    }
}

async fn works(cast: &Cast, case: &Case) {
    let client = match case.needs {
        Needs::Operator => &cast.operator.client,
        Needs::Nothing => &cast.server.stranger(),
        _ => &cast.owner.client,
    };
    let reply = client.reply(&query(cast, case), json!({})).await;
    assert_eq!(code(&reply), case.works, "{}: {reply:#}", case.field);
}

fn query(cast: &Cast, case: &Case) -> String {
    let call = case
        .call
        .replace("$WS", &cast.owner.workspace)
        .replace("$TEMPLATE", &cast.template)
        .replace("$QUOTE", &cast.quote)
        .replace("$BATCH", &cast.batch)
        .replace("$VIDEO", &cast.videos[0])
        .replace("$VIEWER", &cast.viewer.user)
        .replace("$OWNER", &cast.owner.user);
    let is_query = QUERIES.iter().any(|known| known.field == case.field);
    if is_query { format!("{{ {call} }}") } else { format!("mutation {{ {call} }}") }
}

fn names(cases: &[Case]) -> Vec<String> {
    let mut names: Vec<String> = cases.iter().map(|case| case.field.to_owned()).collect();
    names.sort_unstable();
    names
}

async fn fields(client: &Client, kind: &str) -> Vec<String> {
    let query = "query($kind: String!) { __type(name: $kind) { fields { name } } }";
    let data = client.data(query, json!({ "kind": kind })).await;
    let fields = data["__type"]["fields"].as_array().expect("fields").clone();
    let mut names: Vec<String> =
        fields.iter().map(|field| field["name"].as_str().expect("a name").to_owned()).collect();
    names.sort_unstable();
    names
}

/// Whether a root field has a workspace in its input.
async fn takes_a_workspace(client: &Client, field: &str) -> bool {
    let query = "{ __schema { queryType { ...F } mutationType { ...F } } }
        fragment F on __Type { fields { name args { name type { kind ofType { name inputFields { name } } } } } }";
    let data = client.data(query, json!({})).await;
    let roots = [&data["__schema"]["queryType"], &data["__schema"]["mutationType"]];
    let all = roots.into_iter().flat_map(|root| root["fields"].as_array().expect("fields"));
    let args = all.filter(|known| known["name"] == field).flat_map(args_of);
    args.into_iter().any(|arg| {
        let inner = arg["type"]["ofType"]["inputFields"].as_array();
        inner.is_some_and(|fields| fields.iter().any(|field| field["name"] == "workspaceId"))
    })
}

fn args_of(field: &Value) -> Vec<Value> {
    field["args"].as_array().cloned().unwrap_or_default()
}
