//! What people read: every refusal is a sentence in the language of the request, and problems have
//! one shape wherever they stand.

use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::http::HeaderValue;

use super::{Cast, selection};
use crate::harness::database::Database;
use crate::harness::server::{Client, Server, code};
use crate::harness::socket::{Socket, request};

crate::harness::both!(
    refusals_are_sentences_in_both_languages,
    sockets_refuse_in_the_language_of_the_handshake,
    a_problem_has_one_shape,
);

async fn asked(client: &Client, language: &str, (query, variables): (&str, &Value)) -> Value {
    let body = json!({ "query": query, "variables": variables });
    let post = client.http.post(client.url("/graphql")).header(ACCEPT_LANGUAGE, language);
    post.json(&body).send().await.expect("an answer").json().await.expect("JSON")
}

fn words(reply: &Value) -> String {
    reply["errors"][0]["message"].as_str().expect("words").to_owned()
}

/// One refusal: who asks, what, the code, and its words in both languages.
struct Refusal<'a> {
    client: &'a Client,
    query: &'a str,
    variables: Value,
    code: &'a str,
    en: &'a str,
    zh: &'a str,
}

const QUOTE: &str =
    "mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } } }";
const GRANT: &str =
    "mutation($input: GrantCreditsInput!) { grantCredits(input: $input) { available } }";
const TABLE: &str = "query($csv: String!) { readTable(input: { csvBase64: $csv }) { notices { code severity message span { start } place { kind number name value row column character } } } }";

fn of_inputs(cast: &Cast) -> Vec<Refusal<'_>> {
    let client = &cast.owner.client;
    let refusal = |query, variables, (en, zh)| {
        let code = "INVALID_INPUT";
        Refusal { client, query, variables, code, en, zh }
    };
    let quote = |extra: Value, words| {
        let mut input = json!({ "workspaceId": cast.owner.workspace, "templateId": cast.template });
        input.as_object_mut().expect("an object").extend(extra.as_object().expect("one").clone());
        refusal(QUOTE, json!({ "input": input }), words)
    };
    vec![
        refusal(
            TABLE,
            json!({ "csv": "!" }),
            (
                "csvBase64 is not valid: it is not base64.",
                "csvBase64 无效：不是有效的 base64 编码。",
            ),
        ),
        refusal(
            "query($id: ID!) { workspace(id: $id) { id } }",
            json!({ "id": "wks_x" }),
            (
                "id is not valid: it is not an id of the wanted kind.",
                "id 无效：不是所需类型的 ID。",
            ),
        ),
        quote(
            json!({ "model": "sora" }),
            (
                "model is not valid: there is no such model; choose one of: animatic-1.",
                "model 无效：没有这个模型，可选：animatic-1。",
            ),
        ),
        quote(
            json!({ "seconds": 99 }),
            (
                "seconds is not valid: animatic-1 makes videos of 2 to 10 seconds.",
                "seconds 无效：animatic-1 可生成 2 至 10 秒的视频。",
            ),
        ),
        quote(
            json!({ "seed": -1 }),
            (
                "seed is not valid: it must be from 0 to 2147483647.",
                "seed 无效：须在 0 至 2147483647 之间。",
            ),
        ),
    ]
}

fn of_queries_and_money(cast: &Cast) -> Vec<Refusal<'_>> {
    let (owner, operator) = (&cast.owner.client, &cast.operator.client);
    let grant = |amount: i64, reason: &str| {
        let (workspace, source) = (&cast.owner.workspace, "PROMO");
        let input = json!({
            "workspaceId": workspace, "amount": amount, "source": source, "reason": reason,
            "reference": "gift",
        });
        json!({ "input": input })
    };
    vec![
        Refusal {
            client: owner,
            query: "{ me { nope } }",
            variables: json!({}),
            code: "QUERY_INVALID",
            en: "This is not a valid request: the GraphQL layer says \"Unknown field \"nope\" on type \"User\".\".",
            zh: "请求无效：GraphQL 层的原文提示为“Unknown field \"nope\" on type \"User\".”。",
        },
        Refusal {
            client: owner,
            query: "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
            variables: json!({}),
            code: "QUERY_INVALID",
            en: "This is not a valid request: a fragment contains itself.",
            zh: "请求无效：片段包含了自身。",
        },
        Refusal {
            client: owner,
            query: "{ a: __typename b: __typename c: __typename d: __typename e: __typename f: __typename g: __typename h: __typename i: __typename j: __typename k: __typename l: __typename m: __typename n: __typename o: __typename p: __typename q: __typename r: __typename s: __typename t: __typename u: __typename }",
            variables: json!({}),
            code: "QUERY_TOO_COMPLEX",
            en: "This query asks for too much at once: it has 21 fields at its root; the limit is 20.",
            zh: "查询过于复杂：根字段有 21 个，上限 20。",
        },
        Refusal {
            client: operator,
            query: GRANT,
            variables: grant(0, "a gift"),
            code: "AMOUNT_INVALID",
            en: "This amount cannot be booked: it must be at least 1.",
            zh: "该金额无法入账：至少为 1。",
        },
        Refusal {
            client: operator,
            query: GRANT,
            variables: grant(5, " "),
            code: "TEXT_LENGTH",
            en: "reason must have 1 to 500 characters.",
            zh: "reason 的长度须为 1 至 500 个字符。",
        },
    ]
}

async fn refusals_are_sentences_in_both_languages(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    for case in of_inputs(&cast).into_iter().chain(of_queries_and_money(&cast)) {
        let Refusal { client, query, variables, .. } = &case;
        for (language, expected) in
            [("zh-CN,zh;q=0.9,en;q=0.8", case.zh), ("en", case.en), ("fr", case.en)]
        {
            let reply = asked(client, language, (query, variables)).await;
            assert_eq!(code(&reply), case.code, "{query}\n{reply:#}");
            assert_eq!(words(&reply), expected, "{query}");
        }
    }
    let reply = asked(&cast.owner.client, "zh", (TABLE, &json!({ "csv": "!" }))).await;
    let extensions =
        json!({ "code": "INVALID_INPUT", "reason": "NOT_BASE64", "field": "csvBase64" });
    assert_eq!(
        reply["errors"][0]["extensions"], extensions,
        "programs read the same in every language"
    );
}

async fn sockets_refuse_in_the_language_of_the_handshake(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let client = &cast.server.stranger();
    let mut handshake = request(client);
    handshake.headers_mut().insert("accept-language", HeaderValue::from_static("zh-CN"));
    let mut socket = Socket::raw(handshake).await.expect("a socket");
    socket.say(json!({ "type": "connection_init" })).await;
    socket.said().await;
    socket.subscribe("1", "{ models { code } }", json!({})).await;
    let refused = socket.said().await;
    assert_eq!(refused["payload"][0]["message"], "请求无效：WebSocket 连接只接受订阅。");
    let en = "This is not a valid request: this address takes WebSocket upgrades alone.";
    let zh = "请求无效：此地址只接受 WebSocket 升级请求。";
    for (language, words) in [("en", en), ("zh-CN", zh)] {
        let get = client.http.get(client.url("/graphql/ws")).header(ACCEPT_LANGUAGE, language);
        let answer = get.header("sec-websocket-protocol", "graphql-transport-ws").send().await;
        let reply: Value = answer.expect("an answer").json().await.expect("JSON");
        assert_eq!(reply["error"]["message"], words);
    }
}

/// Listed by a check or carried by a refusal, a problem reads the same.
async fn a_problem_has_one_shape(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let client = &cast.owner.client;
    let shape = "code severity message span { start end line column utf16Start utf16End }
        place { kind number name value row column character }";
    let check = format!(
        "query($input: TemplateDraftInput!) {{ checkTemplate(input: $input) {{ problems {{ {shape} }} }} }}"
    );
    let create = "mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }";
    let mut chosen = selection();
    chosen["lists"][1]["values"] = json!(["a", "a"]);
    chosen["rows"] = json!({ "columns": ["sku", "time"], "rows": [["1", "x"], ["2"]] });
    for (source, selection) in [("A {animal", &selection()), ("A {animal} {sku} {time}", &chosen)] {
        for language in ["en", "zh-CN"] {
            let input = json!({ "source": source, "selection": selection });
            let listed = asked(client, language, (&check, &json!({ "input": input }))).await;
            let listed = &listed["data"]["checkTemplate"]["problems"];
            assert!(!listed.as_array().expect("problems").is_empty());
            let mut input = input;
            input["workspaceId"] = json!(cast.owner.workspace);
            input["name"] = json!("x");
            let refused = asked(client, language, (create, &json!({ "input": input }))).await;
            assert_eq!(code(&refused), "TEMPLATE_INVALID", "{refused:#}");
            let extensions = &refused["errors"][0]["extensions"];
            assert_eq!(&extensions["problems"], listed);
            assert_eq!(extensions["count"], json!(listed.as_array().map(Vec::len)));
            assert_eq!(listed[0]["severity"], "ERROR");
        }
    }
}
