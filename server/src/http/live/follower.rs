//! One subscription of one client.
//!
//! Its first event is its own: read and executed in its name, from the revision it knows. What
//! comes after it shares with its equals. When it has fallen behind them (it did not read, or the
//! topic ended), it asks for itself once more from the last revision it was given: what changed,
//! or a snapshot when that is too much. So nothing is missed and nothing is kept for the slow.

use std::sync::Arc;

use async_graphql::{Request, Response, Variables};
use futures_util::{Stream, StreamExt as _};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::fanout::{Key, Step, Update};
use crate::domain::access::Caller;
use crate::graphql::error::render;
use crate::graphql::progress::LEAST_GAP;
use crate::graphql::{Call, Follows, Report, Transport};
use crate::http::graphql::{Api, Outcome};

/// What a subscription has to say.
pub(in crate::http) enum Said {
    /// A reply of a request that ran.
    Next(Arc<str>),
    /// It did not run: the whole reply, and what was paid for it.
    Refused(Box<(Response, Report)>),
    /// Nothing more.
    Complete,
}

/// Something said, with the subscription's name on its connection. The number tells it from an
/// earlier subscription of the same name.
pub(in crate::http) struct Event {
    pub id: Arc<str>,
    pub number: u64,
    pub said: Said,
}

/// Where a subscription speaks to. It waits there when the client does not read.
pub(in crate::http) struct Outlet {
    pub id: Arc<str>,
    pub number: u64,
    pub sender: mpsc::Sender<Event>,
}

/// What is asked, kept so that it can be asked again.
pub(in crate::http) struct Question {
    query: Arc<str>,
    operation: Option<String>,
    variables: Variables,
    caller: Caller,
    transport: Transport,
    follows: Arc<Follows>,
}

/// The client has hung up.
struct Gone;

/// How a subscription of its own ended or went over to sharing.
enum Own {
    /// Everything was said.
    Over,
    /// It stands at this revision and may share what comes.
    At(i64, Box<Key>),
}

impl Question {
    /// Of a request that came by a transport of events.
    pub fn new(request: Request, caller: Caller, transport: Transport) -> Self {
        let Request { query, operation_name: operation, variables, .. } = request;
        let follows = Arc::default();
        Self { query: query.into(), operation, variables, caller, transport, follows }
    }

    /// The same, noting what it follows with its connection.
    pub fn noting(self, follows: &Arc<Follows>) -> Self {
        Self { follows: Arc::clone(follows), ..self }
    }

    /// A stream of replies, and the call they come of.
    fn ask(&self, api: &Api, resume: Option<i64>) -> (Arc<Call>, impl Stream<Item = Step> + use<>) {
        let call = Call::new(api.services.clone(), self.caller.clone(), self.transport)
            .following(&self.follows, resume);
        let call = Arc::new(call);
        let mut request = Request::new(&*self.query).variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation);
        let stream = api.schema.execute_stream(request.data(Arc::clone(&call)));
        let (known, language) = (Arc::clone(&call), self.caller.language);
        (
            call,
            stream.map(move |response| (render(response, language), known.following.take_step())),
        )
    }

    fn key(&self, call: &Call) -> Option<Key> {
        let shared = call.following.sharing()?;
        let mut variables = self.variables.clone();
        if let Some(name) = &shared.resumes_by {
            variables.remove(name);
        }
        Some(Key {
            query: Arc::clone(&self.query),
            operation: self.operation.clone(),
            variables: serde_json::to_string(&variables).ok()?,
            workspace: shared.workspace,
            rights: shared.rights,
            language: self.caller.language,
        })
    }
}

impl Outlet {
    async fn say(&self, said: Said) -> Result<(), Gone> {
        let event = Event { id: Arc::clone(&self.id), number: self.number, said };
        self.sender.send(event).await.map_err(|_| Gone)
    }
}

/// Follows until everything was said or the client has hung up.
pub(in crate::http) async fn follow(api: Api, question: Question, outlet: Outlet) {
    // The client having gone needs no telling.
    let _ = run(&api, &question, &outlet).await;
}

async fn run(api: &Api, question: &Question, outlet: &Outlet) -> Result<(), Gone> {
    let mut resume = None;
    loop {
        let (rev, key) = match Box::pin(own(api, question, (outlet, resume))).await? {
            Own::Over => return outlet.say(Said::Complete).await,
            Own::At(rev, key) => (rev, key),
        };
        match shared(api, question, (outlet, rev, &key)).await? {
            None => return outlet.say(Said::Complete).await,
            Some(rev) => resume = Some(rev),
        }
    }
}

/// Asks for itself: until it stands at a revision from which it may share, or to the end.
async fn own(
    api: &Api,
    question: &Question,
    (outlet, resume): (&Outlet, Option<i64>),
) -> Result<Own, Gone> {
    let (call, stream) = question.ask(api, resume);
    let mut stream = std::pin::pin!(stream);
    while let Some((response, step)) = stream.next().await {
        if !call.has_begun() {
            outlet.say(Said::Refused(Box::new((response, call.report())))).await?;
            return Ok(Own::Over);
        }
        let sound = response.errors.is_empty();
        outlet.say(Said::Next(text(&response).into())).await?;
        match (step, question.key(&call)) {
            (Some((_, true)), _) => return Ok(Own::Over),
            (Some((rev, false)), Some(key)) if sound => return Ok(Own::At(rev, Box::new(key))),
            _ => {}
        }
    }
    Ok(Own::Over)
}

/// Shares what its equals are told; `None` when that was everything, and otherwise the revision
/// from which it must ask for itself.
async fn shared(
    api: &Api,
    question: &Question,
    (outlet, mut rev, key): (&Outlet, i64, &Key),
) -> Result<Option<i64>, Gone> {
    let topic = api.live.hub.join(key, rev, || question.ask(api, Some(rev)).1);
    let Some(mut ear) = topic.listen() else { return Ok(Some(rev)) };
    let mut ready = Instant::now() + LEAST_GAP;
    if topic.newest() > rev {
        sleep_until(ready).await;
        return Ok(Some(rev));
    }
    loop {
        let Update { from, to, last, text } = match ear.recv().await {
            Ok(update) => update,
            Err(RecvError::Lagged(_) | RecvError::Closed) => return Ok(Some(rev)),
        };
        if to <= rev && !last {
            continue;
        }
        if from > rev {
            return Ok(Some(rev));
        }
        rev = to;
        // Its own event came between two of the topic's: it stays as far behind as that.
        if Instant::now() < ready {
            sleep_until(ready).await;
            ready += LEAST_GAP;
        }
        outlet.say(Said::Next(text)).await?;
        if last {
            return Ok(None);
        }
    }
}

/// A reply as it is sent.
pub(super) fn text(response: &Response) -> String {
    let outcome = Outcome { response, ran: true };
    serde_json::to_string(&outcome).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Streams of one connection speak in the order in which they asked to.
    #[tokio::test]
    async fn a_stream_that_always_has_something_to_say_starves_no_other() {
        const QUEUE: usize = 8;
        let (sender, mut heard) = mpsc::channel(QUEUE);
        for number in 0..5 {
            let outlet = Outlet { id: Arc::from("busy"), number, sender: sender.clone() };
            tokio::spawn(async move { while outlet.say(Said::Next("x".into())).await.is_ok() {} });
        }
        let quiet = Arc::new(Outlet { id: Arc::from("quiet"), number: 5, sender });
        for round in 0..100 {
            let quiet = Arc::clone(&quiet);
            tokio::spawn(async move { quiet.say(Said::Complete).await.is_ok() });
            // It waits behind a full queue, and so do all the others.
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            let mut before = 0;
            while heard.recv().await.expect("an event").number != 5 {
                before += 1;
            }
            // What stood in the queue, what took the places freed by it, and everybody once.
            assert!(before <= 2 * QUEUE + 5, "{before} of others came first in round {round}");
        }
    }
}
