//! A WebSocket with its callbacks, hung up when dropped.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::live::wire::{PATH, PROTOCOL};

/// What a socket reports.
pub enum Report {
    /// It can be written to.
    Open,
    /// Somebody said something.
    Text(String),
    /// It is gone.
    Gone,
}

/// An open socket, or one that is being opened.
pub struct Socket {
    inner: WebSocket,
    _open: Closure<dyn FnMut()>,
    _text: Closure<dyn FnMut(MessageEvent)>,
    _gone: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens one to this page's own server.
    pub fn open(report: impl Fn(Report) + 'static) -> Option<Self> {
        let inner = WebSocket::new_with_str(&address()?, PROTOCOL).ok()?;
        let report = Rc::new(report);
        let to = Rc::clone(&report);
        let open = Closure::<dyn FnMut()>::new(move || to(Report::Open));
        let to = Rc::clone(&report);
        let text = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                to(Report::Text(text));
            }
        });
        let gone = Closure::<dyn FnMut(CloseEvent)>::new(move |_| report(Report::Gone));
        inner.set_onopen(Some(open.as_ref().unchecked_ref()));
        inner.set_onmessage(Some(text.as_ref().unchecked_ref()));
        inner.set_onclose(Some(gone.as_ref().unchecked_ref()));
        Some(Self { inner, _open: open, _text: text, _gone: gone })
    }

    /// Says something; a socket that cannot take it will report that it is gone.
    pub fn say(&self, text: &str) {
        let _ = self.inner.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        let _ = self.inner.close();
    }
}

fn address() -> Option<String> {
    let location = web_sys::window()?.location();
    let secure = location.protocol().ok()? == "https:";
    let scheme = if secure { "wss" } else { "ws" };
    Some(format!("{scheme}://{}{PATH}", location.host().ok()?))
}
