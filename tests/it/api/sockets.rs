//! The socket: protocol, origin, limits, and its end when the session or the role ends.

use std::time::Duration;

use serde_json::json;
use server::kernel::clock::Clock;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use super::Cast;
use crate::harness::database::Database;
use crate::harness::server::{PASSWORD, Server};
use crate::harness::socket::{Heard, Socket, request};

crate::harness::both!(
    a_socket_ends_with_its_session,
    a_socket_ends_when_another_browser_ends_its_session,
    a_socket_ends_with_its_role,
    a_socket_ends_when_its_role_changes,
    a_socket_ends_when_its_session_expires,
    a_socket_outlives_what_does_not_concern_it,
    the_protocol_is_kept,
    an_id_used_again_says_nothing_of_before,
    a_socket_that_never_says_hello_is_closed,
    nobody_and_strangers_follow_nothing,
    a_socket_with_a_cookie_comes_from_this_site,
    subscriptions_and_messages_have_limits,
    a_socket_that_says_nothing_is_closed,
    connections_have_limits_by_address_and_by_user,
);

const FOLLOW: &str = "subscription($ws: ID!, $batch: ID!) {
    batchProgress(workspaceId: $ws, batchId: $batch) { rev snapshot } }";

/// From the moment a session or a role has ended to the end of its sockets.
const WITHIN: Duration = Duration::from_secs(1);

async fn cast(database: Database) -> Cast {
    Cast::new(Server::start(database).await).await
}

fn first(cast: &Cast) -> serde_json::Value {
    json!({ "ws": cast.owner.workspace, "batch": cast.batch })
}

async fn a_socket_ends_with_its_session(database: Database) {
    let cast = cast(database).await;
    let mut socket = Socket::open(&cast.owner.client).await;
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.said().await["payload"]["data"]["batchProgress"]["snapshot"], true);
    cast.owner.client.data("mutation { signOut { done } }", json!({})).await;
    let begun = std::time::Instant::now();
    assert_eq!(socket.hear().await, Heard::Closed(4403));
    assert!(begun.elapsed() < WITHIN, "{:?}", begun.elapsed());
}

async fn a_socket_ends_when_another_browser_ends_its_session(database: Database) {
    let cast = cast(database).await;
    let sign_in = "mutation($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) { user { id } } }";
    let credentials = json!({ "e": cast.owner.email, "p": PASSWORD });
    let (second, _) = cast.server.stranger().enter(sign_in, credentials.clone()).await;
    let (third, _) = cast.server.stranger().enter(sign_in, credentials).await;
    let listed = "{ me { sessions { id device isCurrent } } }";
    let all = second.data(listed, json!({})).await["me"]["sessions"].clone();
    assert_eq!((all.as_array().map(Vec::len), &all[0]["isCurrent"]), (Some(3), &json!(true)));
    let mut first_socket = Socket::open(&cast.owner.client).await;
    let mut third_socket = Socket::open(&third).await;
    for socket in [&mut first_socket, &mut third_socket] {
        socket.subscribe("1", FOLLOW, first(&cast)).await;
        assert_eq!(socket.said().await["payload"]["data"]["batchProgress"]["snapshot"], true);
    }
    // One by its id, then all the others.
    let own = third.data(listed, json!({})).await["me"]["sessions"][0]["id"].clone();
    let end = "mutation($id: ID!) { endSession(input: { sessionId: $id }) { done } }";
    second.data(end, json!({ "id": own })).await;
    let begun = std::time::Instant::now();
    assert_eq!(third_socket.hear().await, Heard::Closed(4403));
    assert!(begun.elapsed() < WITHIN, "{:?}", begun.elapsed());
    let ended = second.data("mutation { endOtherSessions { ended } }", json!({})).await;
    assert_eq!(ended["endOtherSessions"]["ended"], 1);
    let begun = std::time::Instant::now();
    assert_eq!(first_socket.hear().await, Heard::Closed(4403));
    assert!(begun.elapsed() < WITHIN, "{:?}", begun.elapsed());
    assert!(!second.data("{ me { id } }", json!({})).await["me"].is_null());
}

async fn a_socket_ends_with_its_role(database: Database) {
    let cast = cast(database).await;
    let mut socket = Socket::open(&cast.viewer.client).await;
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.said().await["type"], "next");
    let query = "mutation($ws: ID!, $user: ID!) { removeMember(input: { workspaceId: $ws, userId: $user }) { done } }";
    let asked = json!({ "ws": cast.owner.workspace, "user": cast.viewer.user });
    cast.owner.client.data(query, asked).await;
    let begun = std::time::Instant::now();
    // Either the event that could not be authorised or the end comes first; the end comes.
    let end = loop {
        match socket.hear().await {
            Heard::Said(message) => {
                let data = &message["payload"]["data"];
                assert!(data.is_null(), "an event after the role had ended: {message:#}");
            }
            Heard::Closed(code) => break code,
        }
    };
    assert_eq!(end, 4403);
    assert!(begun.elapsed() < WITHIN, "{:?}", begun.elapsed());
}

/// Prices that were shown to a producer must not go on being shown to a viewer.
async fn a_socket_ends_when_its_role_changes(database: Database) {
    let cast = cast(database).await;
    let other = cast.server.member(&cast.owner, "producer", "PRODUCER").await;
    let mut socket = Socket::open(&other.client).await;
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.said().await["type"], "next");
    let query = "mutation($ws: ID!, $user: ID!) { setMemberRole(input: { workspaceId: $ws, userId: $user, role: VIEWER }) { done } }";
    let asked = json!({ "ws": cast.owner.workspace, "user": other.user });
    cast.owner.client.data(query, asked).await;
    let begun = std::time::Instant::now();
    assert_eq!(socket.hear().await, Heard::Closed(4403));
    assert!(begun.elapsed() < WITHIN, "{:?}", begun.elapsed());
    // Coming back, it has the rights of its new role.
    let mut socket = Socket::open(&other.client).await;
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.said().await["type"], "next");
}

async fn a_socket_ends_when_its_session_expires(database: Database) {
    let clock = Clock::manual(Clock::system().now());
    let cast = Cast::new(Server::start_with(database, clock.clone(), |_| {}).await).await;
    let mut socket = Socket::open(&cast.owner.client).await;
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.said().await["type"], "next");
    let days = cast.server.app.config.access.session_ttl_d;
    clock.advance_ms(days * 86_400_000 + 1);
    let begun = std::time::Instant::now();
    assert_eq!(socket.hear().await, Heard::Closed(4403));
    assert!(begun.elapsed() < WITHIN, "{:?}", begun.elapsed());
}

/// Another browser signing out changes the user's epoch; this socket is looked at and stays.
async fn a_socket_outlives_what_does_not_concern_it(database: Database) {
    let cast = cast(database).await;
    let credentials =
        json!({ "email": cast.owner.email, "password": crate::harness::server::PASSWORD });
    let sign_in = "mutation($email: String!, $password: String!) { signIn(input: { email: $email, password: $password }) { user { id } } }";
    let (other, _) = cast.server.stranger().enter(sign_in, credentials).await;
    let mut socket = Socket::open(&cast.owner.client).await;
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.said().await["type"], "next");
    other.data("mutation { signOut { done } }", json!({})).await;
    assert!(socket.is_quiet(Duration::from_millis(2_500)).await);
    socket.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(socket.said().await, json!({ "type": "pong", "payload": { "n": 1 } }));
}

async fn the_protocol_is_kept(database: Database) {
    let cast = cast(database).await;
    let client = &cast.owner.client;
    let open = async || Socket::raw(request(client)).await.expect("a socket");
    // Before the greeting.
    let mut socket = open().await;
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.hear().await, Heard::Closed(4401));
    // What is no message.
    for nonsense in ["{", "[]", "{\"type\":\"start\"}", "{\"type\":\"subscribe\",\"id\":\"1\"}"] {
        let mut socket = open().await;
        socket.text(nonsense.to_owned()).await;
        assert_eq!(socket.hear().await, Heard::Closed(4400), "{nonsense}");
    }
    // Twice.
    let mut socket = Socket::open(client).await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await, Heard::Closed(4429));
    let mut socket = Socket::open(client).await;
    for _ in 0..2 {
        socket.subscribe("1", FOLLOW, first(&cast)).await;
    }
    let mut end = socket.hear().await;
    while let Heard::Said(_) = end {
        end = socket.hear().await;
    }
    assert_eq!(end, Heard::Closed(4409));
    // An id may be used again once its subscription has ended.
    let mut socket = Socket::open(client).await;
    for _ in 0..3 {
        socket.subscribe("1", FOLLOW, first(&cast)).await;
        assert_eq!(socket.said().await["type"], "next");
        socket.say(json!({ "type": "complete", "id": "1" })).await;
    }
    // Queries belong to HTTP; what is refused is an error message and ends that id alone.
    socket.subscribe("q", "{ me { id } }", json!({})).await;
    let refused = socket.said().await;
    assert_eq!(refused["type"], "error");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "QUERY_INVALID");
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.said().await["type"], "next");
}

/// What a subscription that was ended still had to say is not said by the next one of its name.
async fn an_id_used_again_says_nothing_of_before(database: Database) {
    const IDS: usize = 20;
    let query = |name: &str| FOLLOW.replace("batchProgress(", &format!("{name}: batchProgress("));
    let cast = cast(database).await;
    // An update comes while all ids are being used again, now a little earlier, now later.
    for delay in 0..12 {
        let mut socket = Socket::open(&cast.owner.client).await;
        for id in 0..IDS {
            socket.subscribe(&id.to_string(), &query("old"), first(&cast)).await;
        }
        for _ in 0..IDS {
            assert_eq!(socket.said().await["type"], "next");
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let again = async {
            tokio::time::sleep(Duration::from_millis(2 * delay)).await;
            for id in 0..IDS {
                socket.say(json!({ "type": "complete", "id": id.to_string() })).await;
                socket.subscribe(&id.to_string(), &query("new"), first(&cast)).await;
                socket.say(json!({ "type": "ping", "payload": { "id": id } })).await;
            }
        };
        tokio::join!(super::progress::bump(&cast, 1, true), again);
        let mut renewed = [false; IDS];
        let mut told = 0;
        while told < IDS || renewed.contains(&false) {
            let message = socket.said().await;
            if message["type"] == "pong" {
                renewed[message["payload"]["id"].as_u64().expect("an id") as usize] = true;
                continue;
            }
            let id: usize = message["id"].as_str().expect("an id").parse().expect("a number");
            let data = &message["payload"]["data"];
            assert!(!renewed[id] || data.get("old").is_none(), "{message:#}");
            told += usize::from(data.get("new").is_some());
        }
    }
}

/// A socket that says nothing is not kept; one that has said hello is.
async fn a_socket_that_never_says_hello_is_closed(database: Database) {
    let cast = cast(database).await;
    let mut greeted = Socket::open(&cast.owner.client).await;
    let begun = std::time::Instant::now();
    let mut silent = Socket::raw(request(&cast.owner.client)).await.expect("a socket");
    assert_eq!(silent.hear().await, Heard::Closed(4408));
    let waited = begun.elapsed();
    assert!((9..14).contains(&waited.as_secs()), "{waited:?}");
    greeted.say(json!({ "type": "ping" })).await;
    assert_eq!(greeted.said().await, json!({ "type": "pong" }));
}

async fn nobody_and_strangers_follow_nothing(database: Database) {
    let cast = cast(database).await;
    for (client, expected) in
        [(&cast.server.stranger(), "UNAUTHENTICATED"), (&cast.stranger.client, "NOT_FOUND")]
    {
        let mut socket = Socket::open(client).await;
        socket.subscribe("1", FOLLOW, first(&cast)).await;
        let refused = socket.said().await;
        assert_eq!(refused["type"], "error", "{refused:#}");
        assert_eq!(refused["payload"][0]["extensions"]["code"], expected);
        let unknown = format!("bat_{}", "0".repeat(26));
        let asked = json!({ "ws": cast.stranger.workspace, "batch": unknown });
        socket.subscribe("2", FOLLOW, asked).await;
        assert_eq!(socket.said().await["payload"][0]["extensions"]["code"], expected);
    }
    // A client that is no browser may send its token in the greeting.
    let mut socket = Socket::raw(request(&cast.server.stranger())).await.expect("a socket");
    let token = cast.owner.client.token.clone();
    socket.say(json!({ "type": "connection_init", "payload": { "sessionToken": token } })).await;
    assert_eq!(socket.said().await["type"], "connection_ack");
    socket.subscribe("1", FOLLOW, first(&cast)).await;
    assert_eq!(socket.said().await["type"], "next");
    let mut socket = Socket::raw(request(&cast.server.stranger())).await.expect("a socket");
    let payload = json!({ "sessionToken": "a".repeat(43) });
    socket.say(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(socket.hear().await, Heard::Closed(4403));
}

async fn a_socket_with_a_cookie_comes_from_this_site(database: Database) {
    let cast = cast(database).await;
    let with = |name: &'static str, value: &str| {
        let mut request = request(&cast.owner.client);
        request.headers_mut().remove("x-reelmill-request");
        if !name.is_empty() {
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header"));
        }
        Socket::raw(request)
    };
    let own = format!("http://{}", cast.owner.client.address);
    assert!(with("origin", &own).await.is_ok());
    assert_eq!(with("origin", "https://evil.example").await.err(), Some(403));
    assert_eq!(with("", "").await.err(), Some(403));
    let mut other = request(&cast.owner.client);
    other.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-ws"));
    assert_eq!(Socket::raw(other).await.err(), Some(1002), "another protocol is not agreed to");
    let mut none = request(&cast.owner.client);
    none.headers_mut().remove("sec-websocket-protocol");
    let mut socket = Socket::raw(none).await.expect("a socket");
    assert_eq!(socket.hear().await, Heard::Closed(4406));
}

async fn subscriptions_and_messages_have_limits(database: Database) {
    let clock = Clock::system();
    let server = Server::start_with(database, clock, |config| {
        config.graphql.subscriptions_per_socket = 3;
        config.graphql.subscriptions_per_user = 5;
    })
    .await;
    let cast = Cast::new(server).await;
    let mut first_socket = Socket::open(&cast.owner.client).await;
    let mut second_socket = Socket::open(&cast.owner.client).await;
    for id in ["1", "2", "3"] {
        first_socket.subscribe(id, FOLLOW, first(&cast)).await;
        assert_eq!(first_socket.said().await["type"], "next");
    }
    first_socket.subscribe("4", FOLLOW, first(&cast)).await;
    let refused = first_socket.said().await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("4")));
    let extensions = json!({ "code": "SUBSCRIPTION_LIMIT", "limit": 3 });
    assert_eq!(refused["payload"][0]["extensions"], extensions);
    for id in ["1", "2"] {
        second_socket.subscribe(id, FOLLOW, first(&cast)).await;
        assert_eq!(second_socket.said().await["type"], "next");
    }
    second_socket.subscribe("3", FOLLOW, first(&cast)).await;
    let refused = second_socket.said().await;
    assert_eq!(refused["payload"][0]["extensions"]["limit"], 5);
    first_socket.say(json!({ "type": "complete", "id": "1" })).await;
    // The other socket's end is heard of in no particular order.
    let mut taken = false;
    for _ in 0..50 {
        second_socket.subscribe("3", FOLLOW, first(&cast)).await;
        if second_socket.said().await["type"] == "next" {
            taken = true;
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(taken, "a place that was given back can be taken");
    // The largest message passes; one byte more ends the socket.
    let limit = cast.server.app.config.graphql.socket_message_bytes;
    let of = |length: usize| {
        let frame = "{\"type\":\"ping\",\"payload\":{\"x\":\"\"}}";
        let fill = "x".repeat(length - frame.len());
        format!("{{\"type\":\"ping\",\"payload\":{{\"x\":\"{fill}\"}}}}")
    };
    let mut socket = Socket::open(&cast.viewer.client).await;
    socket.text(of(limit)).await;
    assert_eq!(socket.said().await["type"], "pong");
    socket.text(of(limit + 1)).await;
    assert!(matches!(socket.hear().await, Heard::Closed(_)));
}

async fn a_socket_that_says_nothing_is_closed(database: Database) {
    let server = Server::start_with(database, Clock::system(), |config| {
        config.graphql.socket_greeting_s = 1;
    })
    .await;
    let mut socket = Socket::raw(request(&server.stranger())).await.expect("a socket");
    let begun = std::time::Instant::now();
    assert_eq!(socket.hear().await, Heard::Closed(4408));
    assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());
    // Who has greeted may be silent.
    let mut socket = Socket::open(&server.stranger()).await;
    assert!(socket.is_quiet(Duration::from_millis(1_800)).await);
}

async fn connections_have_limits_by_address_and_by_user(database: Database) {
    let server = Server::start_with(database, Clock::system(), |config| {
        config.graphql.sockets_per_address = 4;
        config.graphql.sockets_per_user = 2;
    })
    .await;
    let (owner, other) = (server.founder("owner").await, server.founder("other").await);
    let one = Socket::open(&owner.client).await;
    let _two = Socket::open(&owner.client).await;
    let mut third = Socket::raw(request(&owner.client)).await.expect("a socket");
    third.say(json!({ "type": "connection_init" })).await;
    assert_eq!(third.hear().await, Heard::Closed(4429));
    drop(third);
    let mut others = Vec::new();
    let refused = loop {
        match Socket::raw(request(&other.client)).await {
            Ok(socket) => others.push(socket),
            Err(status) => break status,
        }
        assert!(others.len() <= 4, "nobody was refused");
    };
    assert_eq!(refused, 429);
    drop(one);
    let mut taken = false;
    for _ in 0..100 {
        if Socket::raw(request(&other.client)).await.is_ok() {
            taken = true;
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(taken, "a place that was given back can be taken");
}
