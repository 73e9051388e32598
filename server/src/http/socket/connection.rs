//! One socket: greeting, subscriptions, the look at the session every second, the end.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, Response, Value};
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::protocol::{Close, FromClient, ToClient};
use super::{Permit, QUEUE};
use crate::domain::access::{Action, Actor, Caller};
use crate::graphql::error::{render, server_error};
use crate::graphql::{Call, Follows};
use crate::http::graphql::Api;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::secret::Secret;

/// Time for the greeting.
const GREETING: Duration = Duration::from_secs(10);
/// Time between two looks at session and role.
const LOOK: Duration = Duration::from_secs(1);
/// Looks that may fail in a row before the socket is closed: what cannot be checked has ended.
const MAX_BLIND: u32 = 5;
/// Ticks between two pings, and ticks of silence after which nobody is there.
const PING_TICKS: u32 = 25;
const SILENT: Duration = Duration::from_secs(75);
/// Time for a client to take one message.
const TAKE: Duration = Duration::from_secs(20);

type Step = ControlFlow<Option<Close>>;

pub(super) struct Connection {
    api: Api,
    caller: Caller,
    token: Option<Secret>,
    greeted: bool,
    follows: Arc<Follows>,
    active: HashMap<String, Active>,
    events: (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    blind: u32,
    heard: Instant,
}

/// A subscription under way; ended when dropped.
struct Active {
    task: AbortHandle,
    number: u64,
    _permit: Permit,
}

impl Drop for Active {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a subscription has to say. The number tells it from an earlier one of the same id.
struct Event {
    id: String,
    number: u64,
    said: Said,
}

enum Said {
    Next(Box<Response>),
    Error(Box<Response>),
    Complete,
}

impl Connection {
    pub fn new(api: Api, stranger: Caller, token: Option<Secret>) -> Self {
        Self {
            api,
            caller: stranger,
            token,
            greeted: false,
            follows: Arc::default(),
            active: HashMap::new(),
            events: mpsc::channel(QUEUE),
            blind: 0,
            heard: Instant::now(),
        }
    }

    /// Serves until either side hangs up.
    pub async fn serve(mut self, mut socket: WebSocket) {
        metrics::gauge!("reelmill_sockets_open").increment(1.0);
        let end = self.talk(&mut socket).await;
        self.active.clear();
        if let Some(close) = end {
            // The client may be gone already.
            let _ = timeout(TAKE, socket.send(close.message())).await;
        }
        metrics::gauge!("reelmill_sockets_open").decrement(1.0);
    }

    async fn talk(&mut self, socket: &mut WebSocket) -> Option<Close> {
        let stopping = self.api.app.stopping.clone();
        let started = Instant::now();
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut tick = 0_u32;
        loop {
            let step = tokio::select! {
                () = stopping.cancelled() => ControlFlow::Break(Some(Close::GoingAway)),
                message = socket.recv() => match message {
                    Some(Ok(message)) => self.hear(socket, message).await,
                    _ => ControlFlow::Break(None),
                },
                Some(event) = self.events.1.recv() => self.tell(socket, event).await,
                _ = ticks.tick() => {
                    tick = tick.wrapping_add(1);
                    if !self.greeted && started.elapsed() > GREETING {
                        ControlFlow::Break(Some(Close::TimedOut))
                    } else {
                        self.look(socket, tick).await
                    }
                }
            };
            if let ControlFlow::Break(end) = step {
                return end;
            }
        }
    }

    async fn hear(&mut self, socket: &mut WebSocket, message: Message) -> Step {
        self.heard = Instant::now();
        let text = match message {
            Message::Text(text) => text,
            Message::Close(_) => return ControlFlow::Break(None),
            Message::Ping(_) | Message::Pong(_) => return ControlFlow::Continue(()),
            Message::Binary(_) => return ControlFlow::Break(Some(Close::BadMessage)),
        };
        let Ok(message) = serde_json::from_str::<FromClient>(&text) else {
            return ControlFlow::Break(Some(Close::BadMessage));
        };
        match message {
            FromClient::ConnectionInit { payload } => self.greet(socket, payload).await,
            FromClient::Ping { payload } => send(socket, &ToClient::Pong { payload }).await,
            FromClient::Pong {} => ControlFlow::Continue(()),
            FromClient::Subscribe { id, payload } => self.subscribe(socket, (id, *payload)).await,
            FromClient::Complete { id } => {
                self.active.remove(&id);
                ControlFlow::Continue(())
            }
        }
    }

    async fn greet(&mut self, socket: &mut WebSocket, payload: Option<serde_json::Value>) -> Step {
        if self.greeted {
            return ControlFlow::Break(Some(Close::SecondInit));
        }
        let sent = payload.as_ref().and_then(|payload| payload.get("sessionToken"));
        let asked = sent.is_some();
        if let Some(token) = sent {
            self.token = token.as_str().map(|text| Secret::new(text.to_owned()));
        }
        let actor = match self.actor().await {
            Ok(actor) => actor,
            Err(_) => return ControlFlow::Break(Some(Close::Broken)),
        };
        match actor {
            Some(actor) => self.caller.actor = actor,
            // A token sent on purpose must work; a cookie may merely be old.
            None if asked => return ControlFlow::Break(Some(Close::Forbidden)),
            None => self.token = None,
        }
        self.greeted = true;
        send(socket, &ToClient::ConnectionAck).await
    }

    async fn subscribe(
        &mut self,
        socket: &mut WebSocket,
        (id, request): (String, Request),
    ) -> Step {
        if !self.greeted {
            return ControlFlow::Break(Some(Close::Unauthorized));
        }
        if self.active.contains_key(&id) {
            return ControlFlow::Break(Some(Close::Duplicate));
        }
        let limits = &self.api.sockets.limits;
        let free = self.active.len() < limits.subscriptions_per_socket;
        let permit = if free { self.api.sockets.permit(self.caller.actor.user_id()) } else { None };
        let Some(permit) = permit else {
            let limit =
                if free { limits.subscriptions_per_user } else { limits.subscriptions_per_socket };
            let error = ApiError::new(ErrorCode::SubscriptionLimit).with("limit", limit);
            let refused = Response::from_errors(vec![server_error(error)]);
            let payload = &render(refused, self.caller.language).errors;
            return send(socket, &ToClient::Error { id: &id, payload }).await;
        };
        self.start((id, request), permit);
        ControlFlow::Continue(())
    }

    fn start(&mut self, (id, request): (String, Request), permit: Permit) {
        let services = self.api.services.clone();
        let call = Call::on_socket(services, self.caller.clone(), Arc::clone(&self.follows));
        let language = self.caller.language;
        let mut stream = self.api.schema.execute_stream(request.data(Arc::new(call)));
        let (events, name) = (self.events.0.clone(), id.clone());
        let number = NUMBERS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let task = tokio::spawn(async move {
            let mut first = true;
            while let Some(response) = stream.next().await {
                let response = Box::new(render(response, language));
                let refused = first && response.data == Value::Null && !response.errors.is_empty();
                first = false;
                let said = if refused { Said::Error(response) } else { Said::Next(response) };
                if events.send(Event { id: name.clone(), number, said }).await.is_err() || refused {
                    return;
                }
            }
            // Nobody listening is fine.
            let _ = events.send(Event { id: name, number, said: Said::Complete }).await;
        });
        let active = Active { task: task.abort_handle(), number, _permit: permit };
        self.active.insert(id, active);
    }

    async fn tell(&mut self, socket: &mut WebSocket, event: Event) -> Step {
        let Event { id, number, said } = event;
        // What was said before the client hung up on this subscription is dropped.
        if self.active.get(&id).is_none_or(|active| active.number != number) {
            return ControlFlow::Continue(());
        }
        match said {
            Said::Next(payload) => {
                send(socket, &ToClient::Next { id: &id, payload: &payload }).await
            }
            Said::Error(refused) => {
                self.active.remove(&id);
                send(socket, &ToClient::Error { id: &id, payload: &refused.errors }).await
            }
            Said::Complete => {
                self.active.remove(&id);
                send(socket, &ToClient::Complete { id: &id }).await
            }
        }
    }

    /// Every second: is anybody there, and may they still?
    async fn look(&mut self, socket: &mut WebSocket, tick: u32) -> Step {
        if self.heard.elapsed() > SILENT {
            return ControlFlow::Break(Some(Close::TimedOut));
        }
        if tick.is_multiple_of(PING_TICKS) && !put(socket, Message::Ping(bytes::Bytes::new())).await
        {
            return ControlFlow::Break(None);
        }
        match self.may_still().await {
            Ok(true) => {
                self.blind = 0;
                ControlFlow::Continue(())
            }
            Ok(false) => ControlFlow::Break(Some(Close::Forbidden)),
            Err(_) => {
                self.blind += 1;
                let given_up = self.blind >= MAX_BLIND;
                if given_up {
                    ControlFlow::Break(Some(Close::Broken))
                } else {
                    ControlFlow::Continue(())
                }
            }
        }
    }

    async fn may_still(&mut self) -> Result<bool, ApiError> {
        if !self.greeted || self.token.is_none() {
            return Ok(true);
        }
        let Some(actor) = self.actor().await? else { return Ok(false) };
        if actor == self.caller.actor {
            return Ok(true);
        }
        self.caller.actor = actor;
        for workspace in self.follows.all() {
            let access = &self.api.app.access;
            match access
                .authorise(&self.caller, workspace, Action::Read)
                .await
                .map_err(ApiError::from)
            {
                Ok(_) => {}
                Err(error) if error.code() == ErrorCode::Internal => return Err(error),
                Err(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    async fn actor(&self) -> Result<Option<Actor>, ApiError> {
        match &self.token {
            None => Ok(None),
            Some(token) => Ok(self.api.app.access.authenticate(token.reveal()).await?),
        }
    }
}

static NUMBERS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

async fn send(socket: &mut WebSocket, message: &ToClient<'_>) -> Step {
    if put(socket, message.message()).await {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(None)
    }
}

/// False when the client did not take it in time.
async fn put(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(TAKE, socket.send(message)).await, Ok(Ok(())))
}
