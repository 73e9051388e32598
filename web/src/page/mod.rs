//! What needs a browser: views and what moves them. Everything that can be decided without one is
//! in the modules beside this.
//!
//! Invariants: no element has a `style` attribute (the content policy forbids it; `style:` goes
//! through the object model); nothing waits for time where it can wait for an answer; a page that
//! is left leaves no socket, timer or listener behind; no program names another's views, so that
//! none carries them.

mod account;
mod ahead;
mod browser;
mod compose;
mod first;
mod live;
mod money;
mod people;
mod rest;
mod shell;
mod state;
mod watch;
mod watching;
mod way;

use leptos::prelude::*;

use crate::page::live::live;
use crate::route::{Program, Route};
use state::App;
use way::{Way, way};

/// The first program: signing in, composing.
pub fn start_page() {
    start(Program::Page, first::view_of);
}

/// The second program: batches and their videos.
pub fn start_watch() {
    start(Program::Watch, watching::view_of);
}

/// The third program: the wallet, templates, settings.
pub fn start_books() {
    start(Program::Books, rest::view_of);
}

/// The view of a place.
type Views = fn(Route) -> AnyView;

/// Puts a program in the place of its shell.
fn start(program: Program, views: Views) {
    if let Some(shell) = browser::document().and_then(|page| page.get_element_by_id("shell")) {
        shell.remove();
    }
    leptos::mount::mount_to_body(move || view! { <Page program=program views=views /> });
    browser::mark("data-app-ready", Some(""));
    ahead::fetch_when_idle();
}

#[component]
fn Page(program: Program, views: Views) -> impl IntoView {
    let app = App::new();
    provide_context(app);
    browser::mark("lang", Some(app.language.get_untracked().tag()));
    app.hear();
    leptos::task::spawn_local(app.recognise());
    let way = Way::listen(program, app);
    provide_context(way);
    let route = Memo::new(move |_| way.path.with(|path| Route::of(path)));
    view! { <shell::Frame>{live(move || views(route.get()))}</shell::Frame> }
}

/// Goes elsewhere instead of showing something.
fn redirect(to: &str) -> AnyView {
    way().turn(to);
    ().into_any()
}

/// A page for members: strangers are asked to sign in and come back to where they wanted to go.
fn inside(page: fn() -> AnyView) -> AnyView {
    let app = state::app();
    let way = way();
    // Who is signed in, not what is known of them: a page must not begin again for a new balance.
    let who =
        Memo::new(move |_| app.user.get().map(|user| user.map(|user| user.id.inner().to_owned())));
    let place =
        Memo::new(move |_| app.place.get().map(|place| place.workspace_id.inner().to_owned()));
    let shown = move || match (who.get(), place.get()) {
        (None, _) => view! { <shell::Waiting /> }.into_any(),
        (Some(None), _) => {
            let wanted = way.path.get_untracked();
            if matches!(wanted.as_str(), "/" | "/compose") {
                redirect("/sign-up")
            } else {
                redirect(&format!("/sign-in?to={wanted}"))
            }
        }
        (Some(Some(_)), None) => view! { <shell::Nowhere /> }.into_any(),
        (Some(Some(_)), Some(_)) => page(),
    };
    live(shown).into_any()
}
