//! Where one is, and how one gets elsewhere without loading the page again, unless another program
//! is the one that shows it.
//!
//! Links are plain `a` elements: what a browser would do by itself with a press (new tab, download,
//! another place) is left to it. Deliberately absent: nested routes, parameters by name, guards;
//! a page asks for what it needs.

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

use super::state::{App, app};
use crate::route::Program;

/// The address; cheap to copy.
#[derive(Clone, Copy)]
pub struct Way {
    /// `/batches/bat_…`.
    pub path: RwSignal<String>,
    /// `?to=…`, as it stands in the address.
    query: RwSignal<String>,
    /// The one that runs here.
    program: Program,
    app: App,
}

/// The address, from anywhere inside the page.
pub fn way() -> Way {
    use_context::<Way>().unwrap_or_else(|| Way::here(Program::Page, app()))
}

impl Way {
    fn here(program: Program, app: App) -> Self {
        let (path, query) = address();
        Self { path: RwSignal::new(path), query: RwSignal::new(query), program, app }
    }

    /// Follows links and the browser's own buttons until the page is closed.
    pub fn listen(program: Program, app: App) -> Self {
        let way = Self::here(program, app);
        let back = window_event_listener(leptos::ev::popstate, move |_| way.read());
        let press = window_event_listener(leptos::ev::click, move |event| {
            if let Some(to) = followed(&event) {
                event.prevent_default();
                way.go(&to);
            }
        });
        on_cleanup(move || {
            back.remove();
            press.remove();
        });
        way
    }

    /// Goes to an address of this page.
    pub fn go(self, to: &str) {
        if self.crosses(to, web_sys::Location::assign) {
            return;
        }
        self.set(to, |history, to| history.push_state_with_url(&JsValue::NULL, "", Some(to)));
        if let Some(window) = web_sys::window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Goes there in place of here: the way back leads to what was before.
    pub fn turn(self, to: &str) {
        if self.crosses(to, web_sys::Location::replace) {
            return;
        }
        self.set(to, |history, to| history.replace_state_with_url(&JsValue::NULL, "", Some(to)));
    }

    /// A parameter of the address, decoded; whoever reads it follows it.
    pub fn query(self, name: &str) -> Option<String> {
        self.query.with(|query| web_sys::UrlSearchParams::new_with_str(query).ok()?.get(name))
    }

    /// Loads another program if the address is one of its own.
    fn crosses(self, to: &str, load: fn(&web_sys::Location, &str) -> Result<(), JsValue>) -> bool {
        if Program::of(to) == self.program {
            return false;
        }
        self.app.hand_over();
        web_sys::window().is_some_and(|window| load(&window.location(), to).is_ok())
    }

    fn set(self, to: &str, change: fn(&web_sys::History, &str) -> Result<(), JsValue>) {
        let history = web_sys::window().and_then(|window| window.history().ok());
        if history.is_some_and(|history| change(&history, to).is_ok()) {
            self.read();
        }
    }

    fn read(self) {
        let (path, query) = address();
        // The parameters first: a page that begins reads its own.
        if self.query.with_untracked(|known| *known != query) {
            self.query.set(query);
        }
        if self.path.with_untracked(|known| *known != path) {
            self.path.set(path);
        }
    }
}

fn address() -> (String, String) {
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return ("/".to_owned(), String::new());
    };
    (location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// The address inside this page that a press means, if it is for us to follow.
fn followed(event: &web_sys::MouseEvent) -> Option<String> {
    let with_key = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || with_key {
        return None;
    }
    let pressed = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = pressed.closest("a[href]").ok()??.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let here = web_sys::window()?.location();
    let ours = link.origin() == here.origin().ok()?
        && link.target().is_empty()
        && !link.has_attribute("download");
    // A place on this very page is the browser's.
    (ours && link.hash().is_empty()).then(|| format!("{}{}", link.pathname(), link.search()))
}
