//! Share links: what they show, to whom, how often, and that they end at once.

use serde_json::{Value, json};
use server::kernel::clock::Clock;
use server::kernel::secret::sha256;

use super::{Work, deliver, get, log, refusal, work};
use crate::api::Cast;
use crate::harness::database::Database;
use crate::harness::server::{Client, Founder, Server, code, text};

crate::harness::both!(
    a_share_shows_videos_and_nothing_else_until_it_is_revoked,
    a_share_shows_what_was_chosen_and_ends,
    shares_are_limited_and_stay_inside_their_workspace,
    the_document_of_a_share_shows_videos_and_runs_nothing,
);

const SHARE: &str = "mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) {
    url link { id chosen expiresAt } } }";
const REVOKE: &str = "mutation($input: RevokeShareLinkInput!) { revokeShareLink(input: $input) {
    link { id revokedAt opened } } }";
const OPEN: &str = "mutation($token: String!, $first: Int, $after: String) {
    openShareLink(input: { token: $token }) { gallery { name expiresAt
        videos(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes {
            ordinal name prompt durationMs width height url posterUrl expiresAt } } } } }";

fn input(whose: &Founder, work: &Work, more: Value) -> Value {
    let mut input = json!({ "workspaceId": whose.workspace, "batchId": work.batch });
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    json!({ "input": input })
}

/// A share's id and token.
async fn share(cast: &Cast, work: &Work, more: Value) -> (String, String) {
    let data = cast.owner.client.data(SHARE, input(&cast.owner, work, more)).await;
    let made = &data["createShareLink"];
    let token = text(&made["url"]).strip_prefix("/s/").expect("a path").to_owned();
    (text(&made["link"]["id"]), token)
}

async fn open(client: &Client, token: &str) -> Value {
    let mut data = client.data(OPEN, json!({ "token": token })).await;
    data["openShareLink"]["gallery"].take()
}

async fn refused(client: &Client, token: &str) -> String {
    code(&client.reply(OPEN, json!({ "token": token })).await)
}

fn names(gallery: &Value) -> Vec<String> {
    let nodes = gallery["videos"]["nodes"].as_array().expect("videos");
    nodes.iter().map(|node| text(&node["name"])).collect()
}

async fn studio(database: Database, clock: Clock) -> (Cast, Work) {
    let cast = Cast::new(Server::start_with(database, clock, |_| {}).await).await;
    let lists: &[(&str, &[&str])] = &[("style", &["noir", "水墨"]), ("scene", &["sea", "roof"])];
    let work = work(&cast, "A {style} film at the {scene}, top secret", lists).await;
    (cast, work)
}

async fn a_share_shows_videos_and_nothing_else_until_it_is_revoked(database: Database) {
    let clock = Clock::manual(Clock::system().now());
    let (cast, work) = studio(database, clock.clone()).await;
    let first = deliver(&cast, &work, (0, b"one")).await;
    let (id, token) = share(&cast, &work, json!({})).await;
    deliver(&cast, &work, (2, b"three")).await;
    let anybody = cast.server.stranger();
    let gallery = open(&anybody, &token).await;
    assert_eq!(names(&gallery), ["noir · sea", "水墨 · sea"], "also what came later");
    assert_eq!(gallery["name"], "夏季 / 广告");
    assert!(!gallery.to_string().contains("secret"), "{gallery:#}");
    let node = &gallery["videos"]["nodes"][0];
    let (video, poster) = (text(&node["url"]), text(&node["posterUrl"]));
    clock.advance_ms(1);
    assert_eq!(get(&cast, &video).await.2, b"one");
    assert_eq!(get(&cast, &poster).await.2, b"picture");
    assert_eq!(log(&cast, first).await, ["LINK_ISSUED share", "FETCHED share", "FETCHED share"]);
    stored_hashed(&cast, &token).await;
    clock.advance_ms(1);
    let asked = json!({ "input": { "workspaceId": cast.owner.workspace, "shareId": id } });
    let data = cast.owner.client.data(REVOKE, asked.clone()).await;
    let link = data["revokeShareLink"]["link"].clone();
    assert_eq!(link["opened"], 1);
    assert_eq!(refused(&anybody, &token).await, "LINK_REVOKED");
    let (status, _, body) = get(&cast, &video).await;
    assert_eq!((status.as_u16(), refusal(&body).as_str()), (410, "LINK_REVOKED"));
    assert_eq!(log(&cast, first).await[3..], ["REFUSED share", "REFUSED share"]);
    clock.advance_ms(1);
    let again = cast.owner.client.data(REVOKE, asked).await;
    assert_eq!(again["revokeShareLink"]["link"]["revokedAt"], link["revokedAt"], "twice is once");
    trail(&cast).await;
}

async fn stored_hashed(cast: &Cast, token: &str) {
    use sea_orm::EntityTrait as _;
    let rows = entity::share_link::Entity::find().all(cast.server.app.db.reader()).await;
    let rows = rows.expect("rows");
    assert_eq!(rows[0].token_sha256, sha256(token.as_bytes()));
}

async fn trail(cast: &Cast) {
    let query = "query($workspace: ID!) { workspace(id: $workspace) {
        audit(first: 50) { nodes { action } } shareLinks { nodes { id opened createdBy { id } } } } }";
    let data = cast.owner.client.data(query, json!({ "workspace": cast.owner.workspace })).await;
    let actions = data["workspace"]["audit"]["nodes"].as_array().expect("deeds").clone();
    let count = |action: &str| actions.iter().filter(|deed| deed["action"] == action).count();
    assert_eq!((count("share.create"), count("share.revoke")), (1, 1));
    let links = &data["workspace"]["shareLinks"]["nodes"];
    assert_eq!(links[0]["createdBy"]["id"], json!(cast.owner.user));
}

async fn a_share_shows_what_was_chosen_and_ends(database: Database) {
    let clock = Clock::manual(Clock::system().now());
    let (cast, work) = studio(database, clock.clone()).await;
    for place in 0..4 {
        deliver(&cast, &work, (place, b"video")).await;
    }
    let anybody = cast.server.stranger();
    let some = json!({ "videoIds": [work.videos[3], work.videos[1]], "showPrompts": true });
    let (_, token) = share(&cast, &work, some).await;
    let gallery = open(&anybody, &token).await;
    assert_eq!(names(&gallery), ["noir · roof", "水墨 · roof"]);
    let prompt = "A noir film at the roof, top secret";
    assert_eq!(gallery["videos"]["nodes"][0]["prompt"], prompt);
    paged(&anybody, &token).await;
    let mark = "mutation($input: MarkVideosInput!) { markVideos(input: $input) { batch { id } } }";
    let keep = async |video: &str| {
        let more = json!({ "videoIds": [video], "mark": "KEEP" });
        cast.owner.client.data(mark, input(&cast.owner, &work, more)).await;
    };
    keep(&work.videos[2]).await;
    let (_, kept) = share(&cast, &work, json!({ "keptOnly": true, "days": 1 })).await;
    assert_eq!(names(&open(&anybody, &kept).await), ["水墨 · sea"]);
    keep(&work.videos[0]).await;
    let gallery = open(&anybody, &kept).await;
    assert_eq!(names(&gallery), ["noir · sea", "水墨 · sea"], "as it is when it is opened");
    let file = text(&gallery["videos"]["nodes"][0]["url"]);
    clock.advance_ms(86_400_000);
    assert_eq!(refused(&anybody, &kept).await, "LINK_EXPIRED");
    assert_eq!(refusal(&get(&cast, &file).await.2), "LINK_EXPIRED");
    assert_eq!(names(&open(&anybody, &token).await).len(), 2, "the other lives 14 days");
}

/// One at a time; the pages of one look are one opening.
async fn paged(anybody: &Client, token: &str) {
    let ask = async |after: Value| {
        let asked = json!({ "token": token, "first": 1, "after": after });
        let mut data = anybody.data(OPEN, asked).await;
        data["openShareLink"]["gallery"]["videos"].take()
    };
    let first = ask(Value::Null).await;
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let second = ask(first["pageInfo"]["endCursor"].clone()).await;
    assert_eq!(
        (&second["nodes"][0]["ordinal"], &second["pageInfo"]["hasNextPage"]),
        (&json!(3), &json!(false))
    );
    assert_eq!(second["nodes"].as_array().map(Vec::len), Some(1));
}

async fn shares_are_limited_and_stay_inside_their_workspace(database: Database) {
    let settings = |config: &mut server::config::Config| {
        (config.media.shares, config.media.share_opens_per_minute) = (2, 3);
    };
    let clock = Clock::manual(Clock::system().now());
    let cast = Cast::new(Server::start_with(database, clock.clone(), settings).await).await;
    let work = work(&cast, "a fox", &[]).await;
    let refuse = async |who: &Founder, whose: &Founder, more: Value| {
        who.client.code(SHARE, input(whose, &work, more)).await
    };
    assert_eq!(refuse(&cast.owner, &cast.owner, json!({})).await, "NOTHING_DELIVERED");
    deliver(&cast, &work, (0, b"one")).await;
    for (more, wanted) in [
        (json!({ "days": 0 }), "INVALID_INPUT"),
        (json!({ "days": 91 }), "INVALID_INPUT"),
        (json!({ "videoIds": [cast.videos[0]] }), "NOT_FOUND"),
    ] {
        assert_eq!(refuse(&cast.owner, &cast.owner, more).await, wanted);
    }
    assert_eq!(refuse(&cast.viewer, &cast.owner, json!({})).await, "FORBIDDEN");
    assert_eq!(refuse(&cast.stranger, &cast.stranger, json!({})).await, "NOT_FOUND");
    let (id, token) = share(&cast, &work, json!({})).await;
    share(&cast, &work, json!({ "days": 1 })).await;
    assert_eq!(refuse(&cast.owner, &cast.owner, json!({})).await, "SHARE_LIMIT");
    let revoke = async |who: &Founder, workspace: &str| {
        let asked = json!({ "input": { "workspaceId": workspace, "shareId": id } });
        who.client.code(REVOKE, asked).await
    };
    assert_eq!(revoke(&cast.stranger, &cast.stranger.workspace).await, "NOT_FOUND");
    assert_eq!(revoke(&cast.stranger, &cast.owner.workspace).await, "NOT_FOUND");
    assert_eq!(revoke(&cast.viewer, &cast.owner.workspace).await, "FORBIDDEN");
    let list =
        "query($workspace: ID!) { workspace(id: $workspace) { shareLinks { nodes { id } } } }";
    let asked = json!({ "workspace": cast.owner.workspace });
    assert_eq!(cast.viewer.client.code(list, asked.clone()).await, "FORBIDDEN");
    let data = cast.owner.client.data(list, asked).await;
    assert_eq!(data["workspace"]["shareLinks"]["nodes"].as_array().map(Vec::len), Some(2));
    let anybody = cast.server.stranger();
    assert_eq!(refused(&anybody, "none").await, "NOT_FOUND");
    assert_eq!(refused(&anybody, &"x".repeat(1_000)).await, "NOT_FOUND");
    assert_eq!(names(&open(&anybody, &token).await), [""]);
    assert_eq!(refused(&anybody, &token).await, "RATE_LIMITED");
    clock.advance_ms(86_400_000);
    // What is over counts no more.
    share(&cast, &work, json!({})).await;
}

async fn the_document_of_a_share_shows_videos_and_runs_nothing(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let lists: &[(&str, &[&str])] = &[("style", &["<b>\"noir\"&", "水墨"])];
    let work = work(&cast, "A {style} film, top secret", lists).await;
    deliver(&cast, &work, (0, b"one")).await;
    let (id, token) = share(&cast, &work, json!({})).await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let path = cast.owner.client.url(&format!("/s/{token}"));
    let ask = async |accept: &'static str, language: &'static str| {
        let request = client.get(&path).header("accept", accept);
        let answer = request.header("accept-language", language).send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, headers, answer.text().await.expect("a text"))
    };
    let (status, headers, page) = ask("text/html", "en").await;
    assert_eq!(status, 200);
    let policy = headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    assert_eq!(headers["cache-control"], "no-store");
    assert!(page.contains("&lt;b&gt;&quot;noir&quot;&amp;") && !page.contains("<b>"), "{page}");
    assert!(page.contains("夏季 / 广告") && !page.contains("secret"), "{page}");
    let source = page.split(" src=\"").nth(1).and_then(|rest| rest.split('"').next());
    assert_eq!(get(&cast, source.expect("a file")).await.2, b"one");
    let asked = json!({ "input": { "workspaceId": cast.owner.workspace, "shareId": id } });
    cast.owner.client.data(REVOKE, asked).await;
    let (status, _, page) = ask("text/html", "zh-CN").await;
    assert!(status == 410 && page.contains("该链接已被撤回。"), "{page}");
    let (status, _, reply) = ask("application/json", "en").await;
    assert_eq!((status, refusal(reply.as_bytes()).as_str()), (410, "LINK_REVOKED"));
}
