//! The schema that is committed, served and run is one.

use serde_json::{Value, json};

use crate::harness::database::Database;
use crate::harness::server::Server;

/// Read when the test runs, so that the message names the way to set it right.
fn committed() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/schema.graphql");
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn the_committed_schema_is_what_the_code_says() {
    assert!(
        committed() == server::graphql::sdl(),
        "server/schema.graphql is out of date: run `cargo xtask schema` and commit it"
    );
}

#[tokio::test]
async fn the_served_schema_is_the_committed_one() {
    let server = Server::start(Database::sqlite().await).await;
    let client = server.stranger();
    let answer = client.http.get(client.url("/schema.graphql")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    assert_eq!(kind, "text/plain; charset=utf-8");
    assert_eq!(answer.text().await.expect("a text"), committed());
}

#[tokio::test]
async fn every_type_field_and_argument_is_described() {
    let server = Server::start(Database::sqlite().await).await;
    let query = "{ __schema { types { name kind description
        fields { name description args { name } }
        inputFields { name description } enumValues { name description } } } }";
    let data = server.stranger().data(query, json!({})).await;
    let mut bare = Vec::new();
    for kind in data["__schema"]["types"].as_array().expect("types") {
        let name = kind["name"].as_str().expect("a name");
        if name.starts_with("__") || kind["kind"] == "SCALAR" {
            continue;
        }
        let roots = ["Query", "Mutation", "Subscription"];
        // Relay's own shapes come from the framework without words.
        let known = roots.contains(&name) || name.ends_with("Connection");
        if kind["description"].is_null() && !known {
            bare.push(name.to_owned());
        }
        for list in ["fields", "inputFields", "enumValues"] {
            for part in kind[list].as_array().into_iter().flatten() {
                if part["description"].is_null() {
                    bare.push(format!("{name}.{}", part["name"].as_str().expect("a name")));
                }
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

/// What clients generate code from is asked for in one deep query.
#[tokio::test]
async fn introspection_by_the_usual_query_is_allowed() {
    let server = Server::start(Database::sqlite().await).await;
    let mut kind = String::from("name");
    for _ in 0..9 {
        kind = format!("kind name ofType {{ {kind} }}");
    }
    let query = format!(
        "query Introspection {{ __schema {{ queryType {{ name }} mutationType {{ name }}
           subscriptionType {{ name }} types {{ ...Whole }}
           directives {{ name locations args {{ ...Input }} }} }} }}
         fragment Whole on __Type {{ kind name fields(includeDeprecated: true) {{ name
           args {{ ...Input }} type {{ ...Ref }} isDeprecated }} inputFields {{ ...Input }}
           interfaces {{ ...Ref }} enumValues(includeDeprecated: true) {{ name }}
           possibleTypes {{ ...Ref }} }}
         fragment Input on __InputValue {{ name type {{ ...Ref }} defaultValue }}
         fragment Ref on __Type {{ {kind} }}"
    );
    let reply: Value = server.stranger().reply(&query, json!({})).await;
    assert!(reply.get("errors").is_none(), "{reply:#}");
}
