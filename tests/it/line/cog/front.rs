//! The part of the hosted service that `cog` lacks: predictions that wait for their turn, can be
//! read again, and whose files have an address. What a prediction says is cog's own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use serde_json::{Value, json};
use tokio::sync::Notify;

/// The key it takes.
pub const KEY: &str = "r8_example";

#[derive(Clone)]
pub struct Front(Arc<Inner>);

struct Inner {
    cog: String,
    own: String,
    client: reqwest::Client,
    predictions: Mutex<BTreeMap<String, Value>>,
    changed: Notify,
    ids: AtomicU64,
    /// cog makes one prediction at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Front {
    /// Before the cog at this address; returns itself and the base of its API.
    pub async fn start(cog: String) -> (Self, String) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let own = format!("http://{}", listener.local_addr().expect("an address"));
        let front = Self(Arc::new(Inner {
            cog,
            own: own.clone(),
            client: reqwest::Client::new(),
            predictions: Mutex::default(),
            changed: Notify::new(),
            ids: AtomicU64::new(1),
            turn: tokio::sync::Mutex::default(),
        }));
        let router = Router::new()
            .route("/v1/models/{owner}/{name}/predictions", post(create))
            .route("/v1/predictions/{id}", get(read))
            .route("/v1/predictions/{id}/cancel", post(cancel))
            .route("/files/{id}", get(file))
            .route("/hook", post(hook))
            .with_state(front.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (front, format!("{own}/v1"))
    }

    /// Every prediction that was created.
    pub fn predictions(&self) -> Vec<Value> {
        self.0.predictions.lock().expect("whole").values().cloned().collect()
    }

    fn read(&self, id: &str) -> Option<Value> {
        self.0.predictions.lock().expect("whole").get(id).cloned()
    }

    fn merge(&self, id: &str, news: Value) {
        let Value::Object(news) = news else { return };
        // cog's news may overtake each other: what has ended changes no more.
        if let Some(known) = self.0.predictions.lock().expect("whole").get_mut(id)
            && !has_ended(known)
        {
            for (key, value) in news {
                known[key] = value;
            }
        }
        self.0.changed.notify_waiters();
    }

    async fn run(self, id: String) {
        let _turn = self.0.turn.lock().await;
        let waiting = self.read(&id).is_some_and(|known| known["status"] == "starting");
        if !waiting {
            return;
        }
        let input = self.read(&id).map(|known| known["input"].clone());
        let hook = format!("{}/hook", self.0.own);
        let asked = json!({ "id": id, "input": input, "webhook": hook });
        let address = format!("{}/predictions/{id}", self.0.cog);
        loop {
            let put = self.0.client.put(&address).header("prefer", "respond-async");
            match put.json(&asked).send().await.expect("cog answers").status() {
                StatusCode::ACCEPTED => break,
                // It tells of an end a moment before its place is free.
                StatusCode::CONFLICT => tokio::time::sleep(Duration::from_millis(20)).await,
                other => panic!("cog answers {other}"),
            }
        }
        loop {
            let changed = self.0.changed.notified();
            let known = self.read(&id).expect("it is known");
            if has_ended(&known) {
                return;
            }
            changed.await;
        }
    }
}

async fn create(
    State(front): State<Front>,
    headers: HeaderMap,
    Json(mut asked): Json<Value>,
) -> Response {
    if !authorized(&headers) {
        return refused(StatusCode::UNAUTHORIZED, "You did not pass a valid token");
    }
    assert!(headers.contains_key("cancel-after"), "a prediction ends without us");
    let id = format!("{:026x}", front.0.ids.fetch_add(1, Ordering::Relaxed));
    let prediction = json!({
        "id": id, "status": "starting", "input": asked["input"].take(), "output": null,
        "error": null,
    });
    front.0.predictions.lock().expect("whole").insert(id.clone(), prediction.clone());
    tokio::spawn(front.run(id));
    (StatusCode::CREATED, Json(prediction)).into_response()
}

async fn read(State(front): State<Front>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    match front.read(&id).filter(|_| authorized(&headers)) {
        Some(prediction) => Json(prediction).into_response(),
        None => refused(StatusCode::NOT_FOUND, "Not found."),
    }
}

async fn cancel(State(front): State<Front>, Path(id): Path<String>) -> Response {
    match front.read(&id) {
        None => return refused(StatusCode::NOT_FOUND, "Not found."),
        Some(known) if known["status"] == "starting" => {
            front.merge(&id, json!({ "status": "canceled" }));
        }
        Some(_) => {
            let cancel = format!("{}/predictions/{id}/cancel", front.0.cog);
            front.0.client.post(cancel).send().await.expect("cog answers");
        }
    }
    Json(front.read(&id)).into_response()
}

/// What cog tells. Its file is in the answer; the hosted service gives an address.
async fn hook(State(front): State<Front>, Json(mut news): Json<Value>) {
    let id = news["id"].as_str().expect("an id").to_owned();
    if let Some(data) = news["output"].as_str().map(str::to_owned) {
        let address = json!(format!("{}/files/{id}", front.0.own));
        // Some models give one file, some a list.
        let list = front.predictions().len() % 2 == 0;
        news["output"] = if list { json!([address]) } else { address };
        news["data"] = json!(data);
    }
    front.merge(&id, news);
}

async fn file(State(front): State<Front>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    assert!(!headers.contains_key("authorization"), "the key stays with the API");
    let known = front.read(&id).unwrap_or_default();
    let data = known["data"].as_str().and_then(|data| data.split_once(";base64,"));
    let bytes = data.map(|(_, text)| base64::engine::general_purpose::STANDARD.decode(text));
    match bytes {
        Some(Ok(bytes)) => Bytes::from(bytes).into_response(),
        _ => refused(StatusCode::NOT_FOUND, "Not found."),
    }
}

fn has_ended(prediction: &Value) -> bool {
    ["succeeded", "failed", "canceled"].iter().any(|end| prediction["status"] == *end)
}

fn authorized(headers: &HeaderMap) -> bool {
    headers.get("authorization").is_some_and(|value| value == &format!("Bearer {KEY}"))
}

fn refused(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({ "detail": detail }))).into_response()
}
