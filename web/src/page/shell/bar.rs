//! The header: where to go, credits, language, account; and the tabs of small screens.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::format::whole;
use crate::page::live::{When, live};
use crate::page::state::{Theme, app};
use crate::page::way::way;
use crate::words::Words;

struct Place {
    path: &'static str,
    glyph: Glyph,
    name: fn(&'static Words) -> &'static str,
}

const PLACES: [Place; 4] = [
    Place { path: "/compose", glyph: Glyph::Pen, name: |w| w.all.compose },
    Place { path: "/batches", glyph: Glyph::Grid, name: |w| w.all.batches },
    Place { path: "/templates", glyph: Glyph::Layers, name: |w| w.all.templates },
    Place { path: "/wallet", glyph: Glyph::Wallet, name: |w| w.all.wallet },
];

fn is_here(path: &'static str) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync {
    let way = way();
    move || way.path.with(|here| here.starts_with(path)).then_some("page")
}

/// The header.
#[component]
pub fn Bar(palette: RwSignal<bool>, sheet: RwSignal<bool>) -> impl IntoView {
    let app = app();
    let inside = Memo::new(move |_| matches!(app.user.get(), Some(Some(_))));
    view! {
        <header class="bar">
            <a class="brand" href="/compose">
                <Icon glyph=Glyph::Reel />
                {app.t(|w| w.all.brand)}
            </a>
            <When holds=move || inside.get()>
                <nav class="nav" aria-label=app.t(|w| w.all.navigation)>
                    {PLACES.map(|place| {
                        view! {
                            <a href=place.path aria-current=is_here(place.path)>
                                {app.t(place.name)}
                            </a>
                        }
                    })}
                </nav>
            </When>
            <div class="bar-end">
                <When holds=move || inside.get()>
                    <Balance />
                    <button
                        class="button ghost icon wide-only"
                        aria-label=app.t(|w| w.all.palette)
                        on:click=move |_| palette.set(true)
                    >
                        <Icon glyph=Glyph::Search />
                    </button>
                </When>
                <button
                    class="button ghost tiny"
                    data-language
                    lang=move || app.language.get().other().tag()
                    aria-label=app.t(|w| w.all.language_label)
                    on:click=move |_| app.speak(app.language.get_untracked().other())
                >
                    {app.t(|w| w.all.language)}
                </button>
                <When holds=move || inside.get() otherwise=move || view! { <Themes /> }>
                    <Account sheet=sheet />
                </When>
            </div>
        </header>
    }
}

/// What can be spent, always in sight.
#[component]
fn Balance() -> impl IntoView {
    let app = app();
    let shown = live(move || {
        let wallet = app.standing.get()?.wallet;
        let words = app.words();
        let frozen = (wallet.held.0 > 0).then(|| {
            view! {
                <span class="frozen wide-only num" data-held=wallet.held.0>
                    {format!("· {} {}", whole(wallet.held.0.into()), words.watch.held)}
                </span>
            }
        });
        let low = wallet.limits.low_since.is_some().then(|| {
            view! { <span class="badge bad low" data-low title=words.all.low_hint>{words.all.low}</span> }
        });
        let unit = words.all.credits.replace("{n}", "");
        Some(view! {
            <a class="balance" href="/wallet" data-balance=wallet.available.0>
                <b class="num">{whole(wallet.available.0.into())}</b>
                <span>{unit.trim().to_owned()}</span>
                {frozen}
                {low}
            </a>
        })
    });
    view! { {shown} }
}

/// The choice of a theme.
#[component]
pub fn Themes() -> impl IntoView {
    let app = app();
    view! {
        <label class="field">
            <span class="sr">{app.t(|w| w.all.theme)}</span>
            <select
                class="input tiny-select"
                data-theme-choice
                prop:value=move || match app.theme.get() {
                    Theme::System => "system",
                    Theme::Light => "light",
                    Theme::Dark => "dark",
                }
                on:change=move |event| {
                    app.paint(
                        match event_target_value(&event).as_str() {
                            "light" => Theme::Light,
                            "dark" => Theme::Dark,
                            _ => Theme::System,
                        },
                    );
                }
            >
                <option value="system">{app.t(|w| w.all.theme_system)}</option>
                <option value="light">{app.t(|w| w.all.theme_light)}</option>
                <option value="dark">{app.t(|w| w.all.theme_dark)}</option>
            </select>
        </label>
    }
}

#[component]
fn Account(sheet: RwSignal<bool>) -> impl IntoView {
    let app = app();
    let user = move || app.user.get().flatten();
    let initial = live(move || {
        let name = user().map(|user| user.display_name).unwrap_or_default();
        name.chars().next().map(String::from).unwrap_or_default()
    });
    view! {
        <button class="avatar" popovertarget="account" aria-label=app.t(|w| w.all.account)>
            {initial}
        </button>
        <div id="account" popover="auto" class="menu">
            <div class="menu-head">
                <b>{live(move || user().map(|user| user.display_name))}</b>
                <div class="dim small">{live(move || user().map(|user| user.email))}</div>
                <div class="dim small">
                    {live(move || app.place.get().map(|place| place.workspace_name))}
                </div>
            </div>
            <div class="menu-item">
                <span>{app.t(|w| w.all.theme)}</span>
                <Themes />
            </div>
            <a class="menu-item" href="/settings">{app.t(|w| w.all.settings)}</a>
            <button class="menu-item" popovertarget="account" on:click=move |_| sheet.set(true)>
                <span>{app.t(|w| w.all.shortcuts)}</span>
                <kbd>"?"</kbd>
            </button>
            <button class="menu-item" data-sign-out on:click=move |_| app.leave()>
                {app.t(|w| w.all.sign_out)}
            </button>
        </div>
    }
}

/// The same places, under a thumb.
#[component]
pub fn Tabs() -> impl IntoView {
    let app = app();
    let inside = Memo::new(move |_| matches!(app.user.get(), Some(Some(_))));
    view! {
        <When holds=move || inside.get()>
            <nav class="tabs" aria-label=app.t(|w| w.all.navigation)>
                {PLACES.map(|place| {
                    view! {
                        <a href=place.path aria-current=is_here(place.path)>
                            <Icon glyph=place.glyph />
                            {app.t(place.name)}
                        </a>
                    }
                })}
            </nav>
        </When>
    }
}
