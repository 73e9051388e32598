//! One socket: greeting, subscriptions, the end.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use entity::ids::UserId;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::QUEUE;
use super::protocol::{Close, FromClient, ToClient};
use crate::config;
use crate::domain::access::{Actor, Caller};
use crate::graphql::Transport;
use crate::graphql::error::{render, server_error};
use crate::http::graphql::{Api, Asked};
use crate::http::live::follower::{Event, Outlet, Question, Said, follow};
use crate::http::live::{End, Guard};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::language::Language;
use crate::kernel::places::Place;
use crate::kernel::secret::Secret;

/// Time for a client to take the last message.
const TAKE_CLOSE: Duration = Duration::from_secs(1);

type Step = ControlFlow<Option<Close>>;

pub(super) struct Connection {
    api: Api,
    guard: Guard,
    token: Option<Secret>,
    greeted: bool,
    active: HashMap<Arc<str>, Active>,
    events: (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    heard: Instant,
    _user: Option<Place<UserId>>,
}

/// A subscription under way; ended when dropped.
struct Active {
    task: AbortHandle,
    number: u64,
    /// How each of its replies begins.
    head: Box<str>,
    _permit: Option<Place<UserId>>,
}

impl Drop for Active {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Connection {
    pub fn new(api: Api, stranger: Caller, token: Option<Secret>) -> Self {
        Self {
            guard: Guard::new(api.app.access.clone(), stranger),
            api,
            token,
            greeted: false,
            active: HashMap::new(),
            events: mpsc::channel(QUEUE),
            heard: Instant::now(),
            _user: None,
        }
    }

    /// Serves until either side hangs up.
    pub async fn serve(mut self, mut socket: WebSocket) {
        let end = self.talk(&mut socket).await;
        self.active.clear();
        if let Some(end) = end {
            close(&mut socket, end, self.guard.caller.language).await;
        }
    }

    async fn talk(&mut self, socket: &mut WebSocket) -> Option<Close> {
        // Waited for from here on: made anew with every message, both would be entered into lists
        // that all sockets share, and taken out again.
        let mut stopping = pin!(self.api.app.stopping.clone().cancelled_owned());
        let mut due = pin!(sleep(Duration::from_secs(self.limits().socket_greeting_s)));
        loop {
            let step = tokio::select! {
                () = &mut stopping => ControlFlow::Break(Some(Close::GoingAway)),
                end = self.guard.ended() => ControlFlow::Break(Some(end.into())),
                message = socket.recv() => match message {
                    Some(Ok(message)) => Box::pin(self.hear(socket, message)).await,
                    _ => ControlFlow::Break(None),
                },
                Some(event) = self.events.1.recv() => self.tell(socket, event).await,
                () = &mut due => {
                    let pause = Duration::from_secs(self.limits().socket_ping_s);
                    due.as_mut().reset(Instant::now() + pause);
                    self.look(socket).await
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
            FromClient::Ping { payload } => self.send(socket, &ToClient::Pong { payload }).await,
            FromClient::Pong {} => ControlFlow::Continue(()),
            FromClient::Subscribe { id, payload } => self.subscribe(socket, (id, *payload)).await,
            FromClient::Complete { id } => {
                self.active.remove(id.as_str());
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
        let Ok(actor) = self.actor().await else {
            return ControlFlow::Break(Some(Close::Broken));
        };
        match actor {
            Some(actor) => self.guard.caller.actor = actor,
            // A token sent on purpose must work; a cookie may merely be old.
            None if asked => return ControlFlow::Break(Some(Close::Forbidden)),
            None => {}
        }
        // From here on the session itself is watched, not its token.
        self.token = None;
        let actor = &self.guard.caller.actor;
        match self.api.live.admit(actor.user_id()) {
            Ok(place) => self._user = place,
            Err(_) => return ControlFlow::Break(Some(Close::TooMany)),
        }
        let watch = self.api.live.sessions.watch(actor);
        self.guard.watch(watch);
        self.greeted = true;
        self.send(socket, &ToClient::ConnectionAck).await
    }

    async fn subscribe(&mut self, socket: &mut WebSocket, (id, asked): (String, Asked)) -> Step {
        if !self.greeted {
            return ControlFlow::Break(Some(Close::Unauthorized));
        }
        if self.active.contains_key(id.as_str()) {
            return ControlFlow::Break(Some(Close::Duplicate));
        }
        match self.start(&id, asked) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                let refused = async_graphql::Response::from_errors(vec![server_error(error)]);
                let payload = &render(refused, self.guard.caller.language).errors;
                self.send(socket, &ToClient::Error { id: &id, payload }).await
            }
        }
    }

    fn start(&mut self, id: &str, asked: Asked) -> Result<(), ApiError> {
        let limit = self.limits().subscriptions_per_socket;
        if self.active.len() >= limit {
            return Err(ApiError::new(ErrorCode::SubscriptionLimit).with("limit", limit));
        }
        let permit = self.api.live.permit(self.guard.caller.actor.user_id())?;
        let request = asked.request(&self.api.app.documents)?;
        let question = Question::new(request, self.guard.caller.clone(), Transport::Socket)
            .noting(&self.guard.follows);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let id: Arc<str> = id.into();
        let outlet = Outlet { id: Arc::clone(&id), number, sender: self.events.0.clone() };
        let task = tokio::spawn(follow(self.api.clone(), question, outlet)).abort_handle();
        let head = ToClient::head_of_next(&id);
        self.active.insert(id, Active { task, number, head, _permit: permit });
        Ok(())
    }

    async fn tell(&mut self, socket: &mut WebSocket, event: Event) -> Step {
        let Event { id, number, said } = event;
        // What was said before the client hung up on this subscription is dropped.
        let known = self.active.get(&id).filter(|active| active.number == number);
        let Some(active) = known else { return ControlFlow::Continue(()) };
        match said {
            Said::Next(payload) => {
                let message = ToClient::next(&active.head, &payload);
                self.put(socket, message).await
            }
            Said::Refused(refused) => {
                self.active.remove(&id);
                self.send(socket, &ToClient::Error { id: &id, payload: &refused.0.errors }).await
            }
            Said::Complete => {
                self.active.remove(&id);
                self.send(socket, &ToClient::Complete { id: &id }).await
            }
        }
    }

    /// Has it greeted in time, and is anybody there?
    async fn look(&mut self, socket: &mut WebSocket) -> Step {
        if !self.greeted {
            return ControlFlow::Break(Some(Close::NoGreeting));
        }
        if self.heard.elapsed() > Duration::from_secs(self.limits().socket_silent_s) {
            return ControlFlow::Break(Some(Close::Silent));
        }
        self.put(socket, Message::Ping(bytes::Bytes::new())).await
    }

    async fn actor(&self) -> Result<Option<Actor>, ApiError> {
        match &self.token {
            None => Ok(None),
            Some(token) => Ok(self.api.app.access.authenticate(token.reveal()).await?),
        }
    }

    fn limits(&self) -> &config::Graphql {
        &self.api.live.limits
    }

    async fn send(&mut self, socket: &mut WebSocket, message: &ToClient<'_>) -> Step {
        self.put(socket, message.message()).await
    }

    /// Hands a message over. Who does not take it in time is left; who may no longer have it is
    /// left at once.
    async fn put(&mut self, socket: &mut WebSocket, message: Message) -> Step {
        let late = Instant::now() + Duration::from_secs(self.limits().socket_take_s);
        tokio::select! {
            biased;
            sent = socket.send(message) => match sent {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(None),
            },
            end = self.guard.ended() => ControlFlow::Break(Some(end.into())),
            () = sleep_until(late) => ControlFlow::Break(None),
        }
    }
}

impl From<End> for Close {
    fn from(end: End) -> Self {
        match end {
            End::Forbidden => Self::Forbidden,
            End::Broken => Self::Broken,
        }
    }
}

static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// Hangs up. The client may be gone already.
pub(super) async fn close(socket: &mut WebSocket, close: Close, language: Language) {
    if timeout(TAKE_CLOSE, socket.send(close.message(language))).await.is_ok() {
        // Its answer tells that it has read the reason before the connection goes.
        let answered = async { while let Some(Ok(_)) = socket.recv().await {} };
        let _ = timeout(TAKE_CLOSE, answered).await;
    }
}
