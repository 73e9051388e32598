//! One request to the API.
//!
//! The session is the same-origin cookie; the header says that a page meant the request. While
//! any request is under way the root element lacks `data-settled`.

use std::cell::Cell;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use cynic::Operation;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use super::mark;
use crate::api::refusal::{OFFLINE, Refusal, at, data};
use crate::json::{self, Json};
use crate::words::Language;

const PATH: &str = "/graphql";

thread_local! {
    static UNDER_WAY: Cell<u32> = const { Cell::new(0) };
}

/// Counts a request for as long as it lives.
struct Pending;

impl Pending {
    fn new() -> Self {
        UNDER_WAY.with(|count| count.set(count.get() + 1));
        mark("data-settled", None);
        Self
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let left = UNDER_WAY.with(|count| {
            count.set(count.get().saturating_sub(1));
            count.get()
        });
        if left == 0 {
            mark("data-settled", Some(""));
        }
    }
}

/// Hears of refusals.
pub type Refused = Box<dyn FnOnce(&Refusal)>;

type Answer = Pin<Box<dyn Future<Output = Result<Json, Refusal>>>>;

/// An answer that is waited for.
///
/// What is waited for is of one kind for every request, so that the way to the API and back is
/// compiled once; only the last step, which takes the tree apart, is the request's own.
pub struct Asking<Q> {
    answer: Answer,
    path: &'static [&'static str],
    kind: PhantomData<fn() -> Q>,
}

impl<Q: DeserializeOwned> Future for Asking<Q> {
    type Output = Result<Q, Refusal>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let path = self.path;
        self.answer.as_mut().poll(context).map(|answer| take(answer, path))
    }
}

#[inline(never)]
fn take<Q: DeserializeOwned>(
    answer: Result<Json, Refusal>,
    path: &[&'static str],
) -> Result<Q, Refusal> {
    Ok(at(data(&answer?)?, path)?.take()?)
}

/// Asks the API and reads what stands at `path` of its answer: the server's refusal in `language`,
/// or [`OFFLINE`]. `refused` hears of refusals as such.
///
/// What lies around the one thing that is wanted has types only to make the question from; reading
/// them would cost half a kilobyte each.
#[inline(never)]
pub fn ask<Q, V: Serialize, T: DeserializeOwned>(
    operation: Operation<Q, V>,
    path: &'static [&'static str],
    (language, refused): (Language, Refused),
) -> Asking<T> {
    let body = serde_json::to_string(&operation).unwrap_or_default();
    Asking { answer: begin(body, language, refused), path, kind: PhantomData }
}

#[inline(never)]
fn begin(body: String, language: Language, refused: Refused) -> Answer {
    Box::pin(round(body, language, refused))
}

async fn round(body: String, language: Language, refused: Refused) -> Result<Json, Refusal> {
    let _pending = Pending::new();
    let offline = |_: JsValue| Refusal::own(OFFLINE, language.words().all.offline);
    let text = send(&body, language).await.map_err(offline)?;
    let answer = json::parse(&text)?;
    if let Err(refusal) = data(&answer) {
        refused(&refusal);
    }
    Ok(answer)
}

async fn send(body: &str, language: Language) -> Result<String, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("accept", "application/json")?;
    headers.set("accept-language", language.tag())?;
    headers.set("x-reelmill-request", "1")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(body));
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(PATH, &init)).await?;
    let answer: Response = answer.dyn_into()?;
    let text = JsFuture::from(answer.text()?).await?;
    text.as_string().ok_or(JsValue::NULL)
}
