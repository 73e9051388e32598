//! What needs a browser: views and what moves them. Everything that can be decided without one is
//! in the modules beside this.
//!
//! Invariants: no element has a `style` attribute (the content policy forbids it; `style:` goes
//! through the object model); nothing waits for time where it can wait for an answer; a page that
//! is left leaves no socket, timer or listener behind.

mod account;
mod browser;
mod compose;
mod money;
mod people;
mod shell;
mod state;
mod watch;

use leptos::prelude::*;
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;

use state::App;

/// Puts the page in the place of its shell.
pub fn start() {
    if let Some(shell) = browser::document().and_then(|page| page.get_element_by_id("shell")) {
        shell.remove();
    }
    leptos::mount::mount_to_body(|| view! { <Page /> });
    browser::mark("data-app-ready", Some(""));
}

#[component]
fn Page() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    browser::mark("lang", Some(app.language.get_untracked().tag()));
    leptos::task::spawn_local(app.recognise());
    view! {
        <Router>
            <shell::Frame>
                <Routes fallback=|| view! { <shell::Nowhere /> }>
                    <Route path=path!("/") view=|| view! { <Redirect path="/compose" /> } />
                    <Route path=path!("/sign-in") view=|| view! { <account::SignInPage /> } />
                    <Route path=path!("/sign-up") view=|| view! { <account::SignUpPage /> } />
                    <Route path=path!("/compose") view=|| inside(|| view! { <compose::ComposePage /> }.into_any()) />
                    <Route path=path!("/batches") view=|| inside(|| view! { <watch::BatchesPage /> }.into_any()) />
                    <Route path=path!("/batches/:id") view=|| inside(|| view! { <watch::BatchPage /> }.into_any()) />
                    <Route path=path!("/templates") view=|| inside(|| view! { <money::TemplatesPage /> }.into_any()) />
                    <Route path=path!("/wallet") view=|| inside(|| view! { <money::WalletPage /> }.into_any()) />
                    <Route path=path!("/settings") view=|| inside(|| view! { <people::SettingsPage /> }.into_any()) />
                </Routes>
            </shell::Frame>
        </Router>
    }
}

/// A page for members: strangers are asked to sign in and come back to where they wanted to go.
fn inside(page: fn() -> AnyView) -> impl IntoView {
    let app = state::app();
    let location = use_location();
    // Who is signed in, not what is known of them: a page must not begin again for a new balance.
    let who =
        Memo::new(move |_| app.user.get().map(|user| user.map(|user| user.id.inner().to_owned())));
    let place =
        Memo::new(move |_| app.place.get().map(|place| place.workspace_id.inner().to_owned()));
    move || match (who.get(), place.get()) {
        (None, _) => view! { <shell::Waiting /> }.into_any(),
        (Some(None), _) => {
            let wanted = location.pathname.get_untracked();
            let path = if matches!(wanted.as_str(), "/" | "/compose") {
                "/sign-up".to_owned()
            } else {
                format!("/sign-in?to={wanted}")
            };
            view! { <Redirect path=path /> }.into_any()
        }
        (Some(Some(_)), None) => view! { <shell::Nowhere /> }.into_any(),
        (Some(Some(_)), Some(_)) => page(),
    }
}
