//! The frame around every page.

mod ask;
mod bar;
mod icon;
mod keys;
mod notices;
mod palette;

use leptos::prelude::*;

pub use ask::Ask;
pub use bar::Themes;
pub use icon::{Glyph, Icon};

use super::state::app;
use crate::api::scalars::Role;
use crate::words::Words;

/// The word for a role.
pub const fn role_word(role: Role) -> fn(&'static Words) -> &'static str {
    match role {
        Role::Viewer => |w| w.all.role_viewer,
        Role::Producer => |w| w.all.role_producer,
        Role::Admin => |w| w.all.role_admin,
        Role::Owner => |w| w.all.role_owner,
    }
}

/// Header, page, tabs of small screens, notices, and what keys open.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let app = app();
    let palette = RwSignal::new(false);
    let sheet = RwSignal::new(false);
    keys::listen(palette, sheet);
    view! {
        <a class="skip" href="#main">{app.t(|w| w.all.skip)}</a>
        <bar::Bar palette=palette sheet=sheet />
        <main id="main" tabindex="-1">{children()}</main>
        <bar::Tabs />
        <notices::Notices />
        <palette::Palette open=palette sheet=sheet />
        <keys::Sheet open=sheet />
    }
}

/// Shown until it is known who is here.
#[component]
pub fn Waiting() -> impl IntoView {
    let app = app();
    view! {
        <div aria-busy="true">
            <span class="sr">{app.t(|w| w.all.loading)}</span>
            <div class="skeleton shell-line"></div>
            <div class="skeleton shell-block"></div>
        </div>
    }
}

/// An address that leads nowhere.
#[component]
pub fn Nowhere() -> impl IntoView {
    let app = app();
    view! {
        <section class="empty">
            <Icon glyph=Glyph::Reel />
            <h1>{app.t(|w| w.all.not_found)}</h1>
            <p>{app.t(|w| w.all.not_found_next)}</p>
            <a class="button primary" href="/compose">{app.t(|w| w.all.to_start)}</a>
        </section>
    }
}
