//! The hands of [`Line`]: sockets and timers. What to do is decided there.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use leptos::prelude::*;

use crate::api::batches::Follow;
use crate::live::line::{ANSWER_MS, Act, Happened, Line, Phase, SILENCE_MS};
use crate::live::wire::{self, Said};
use crate::page::browser::clock::now_ms;
use crate::page::browser::luck;
use crate::page::browser::socket::{Report, Socket};

/// Time between two looks at the silence, and between two questions where there is no socket.
const LOOK: Duration = Duration::from_secs(4);

/// What a feed is for.
pub struct Purpose {
    /// The subscription as text, after the newest revision that is known.
    pub subscribe: Box<dyn Fn() -> String>,
    /// Takes an event; says whether it was the last.
    pub event: Box<dyn Fn(Follow) -> bool>,
    /// Reads the batch once.
    pub ask: Box<dyn Fn()>,
    /// How things stand.
    pub phase: Box<dyn Fn(Phase)>,
}

/// A followed batch; hung up by [`Feed::stop`].
pub struct Feed {
    purpose: Purpose,
    line: RefCell<Line>,
    socket: RefCell<Option<Socket>>,
    /// Reports of an earlier socket are not heard.
    number: Cell<u32>,
    heard_ms: Cell<f64>,
    asked_ms: Cell<Option<f64>>,
    timers: RefCell<Vec<IntervalHandle>>,
    online: RefCell<Option<WindowListenerHandle>>,
    own: Weak<Self>,
}

impl Feed {
    /// Begins to follow.
    pub fn start(purpose: Purpose) -> Rc<Self> {
        let feed = Rc::new_cyclic(|own| Self {
            purpose,
            line: RefCell::new(Line::new()),
            socket: RefCell::new(None),
            number: Cell::new(0),
            heard_ms: Cell::new(now_ms()),
            asked_ms: Cell::new(None),
            timers: RefCell::new(Vec::new()),
            online: RefCell::new(None),
            own: own.clone(),
        });
        feed.watch();
        feed.act(Act::Connect);
        feed
    }

    /// Hangs up for good.
    pub fn stop(&self) {
        self.number.set(self.number.get() + 1);
        self.socket.borrow_mut().take();
        for timer in self.timers.borrow_mut().drain(..) {
            timer.clear();
        }
        if let Some(online) = self.online.borrow_mut().take() {
            online.remove();
        }
    }

    /// Looks at the silence, and listens for the network.
    fn watch(&self) {
        let own = self.own.clone();
        let look = move || {
            if let Some(feed) = own.upgrade() {
                feed.look();
            }
        };
        if let Ok(timer) = set_interval_with_handle(look, LOOK) {
            self.timers.borrow_mut().push(timer);
        }
        let own = self.own.clone();
        let online = window_event_listener(leptos::ev::online, move |_| {
            if let Some(feed) = own.upgrade() {
                feed.hear(Happened::Online);
            }
        });
        self.online.borrow_mut().replace(online);
    }

    fn look(&self) {
        let phase = self.line.borrow().phase();
        if phase == Phase::Polling {
            (self.purpose.ask)();
        }
        if self.socket.borrow().is_none() {
            return;
        }
        let now = now_ms();
        match self.asked_ms.get() {
            Some(asked) if now - asked > f64::from(ANSWER_MS) => self.hear(Happened::NoAnswer),
            None if now - self.heard_ms.get() > f64::from(SILENCE_MS) => {
                self.asked_ms.set(Some(now));
                self.hear(Happened::Silent);
            }
            _ => {}
        }
    }

    fn hear(&self, happened: Happened) {
        let (acts, phase) = {
            let mut line = self.line.borrow_mut();
            (line.hear(happened, luck()), line.phase())
        };
        (self.purpose.phase)(phase);
        for act in acts {
            self.act(act);
        }
    }

    fn act(&self, act: Act) {
        let say = |text: &str| {
            if let Some(socket) = self.socket.borrow().as_ref() {
                socket.say(text);
            }
        };
        match act {
            Act::Connect => self.connect(),
            Act::Greet => say(wire::init()),
            Act::Subscribe => say(&(self.purpose.subscribe)()),
            Act::Ping => say(wire::ping()),
            Act::HangUp => self.hang_up(),
            Act::Ask => (self.purpose.ask)(),
            Act::Wait(ms) => {
                let own = self.own.clone();
                let number = self.number.get();
                let due = move || {
                    if let Some(feed) = own.upgrade().filter(|feed| feed.number.get() == number) {
                        feed.hear(Happened::Due);
                    }
                };
                set_timeout(due, Duration::from_millis(ms.into()));
            }
        }
    }

    fn connect(&self) {
        self.number.set(self.number.get() + 1);
        let number = self.number.get();
        let own = self.own.clone();
        self.heard_ms.set(now_ms());
        self.asked_ms.set(None);
        let socket = Socket::open(move |report| {
            if let Some(feed) = own.upgrade().filter(|feed| feed.number.get() == number) {
                feed.report(report);
            }
        });
        let failed = socket.is_none();
        self.socket.replace(socket);
        if failed {
            self.hear(Happened::Lost);
        }
    }

    /// The socket is dropped a turn later: it may be the one that is reporting.
    fn hang_up(&self) {
        self.number.set(self.number.get() + 1);
        if let Some(socket) = self.socket.borrow_mut().take() {
            set_timeout(move || drop(socket), Duration::ZERO);
        }
    }

    fn report(&self, report: Report) {
        self.heard_ms.set(now_ms());
        self.asked_ms.set(None);
        let happened = match report {
            Report::Open => Happened::Opened,
            Report::Gone => Happened::Lost,
            Report::Text(text) => match wire::read::<Follow>(&text) {
                Said::Ack => Happened::Acked,
                Said::Next(event) => Happened::Event { settled: (self.purpose.event)(event) },
                Said::Complete => Happened::Complete,
                Said::Refused(refusal) => Happened::Refused {
                    forever: ["NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED"]
                        .iter()
                        .any(|code| refusal.is(code)),
                },
                Said::Ping => {
                    if let Some(socket) = self.socket.borrow().as_ref() {
                        socket.say(wire::pong());
                    }
                    Happened::Heard
                }
                Said::Pong => Happened::Heard,
            },
        };
        self.hear(happened);
    }
}
