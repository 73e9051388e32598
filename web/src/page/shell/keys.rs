//! Keys that work everywhere, and the sheet that lists them.

use leptos::html;
use leptos::prelude::*;

use crate::page::browser::{composes, is_typing};
use crate::page::state::app;
use crate::page::way::way;

/// Listens for keys until the page is closed.
pub fn listen(palette: RwSignal<bool>, sheet: RwSignal<bool>) {
    let way = way();
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if composes(&event) {
            return;
        }
        let command = event.meta_key() || event.ctrl_key();
        match event.key().as_str() {
            "k" | "K" if command => {
                event.prevent_default();
                palette.update(|open| *open = !*open);
            }
            "?" if !command && !is_typing(&event) => sheet.set(true),
            "c" | "C" if !command && !event.alt_key() && !is_typing(&event) => {
                way.go("/compose");
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// The keys.
#[component]
pub fn Sheet(open: RwSignal<bool>) -> impl IntoView {
    let app = app();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        if open.get() && !element.open() {
            drop(element.show_modal());
        }
    });
    let line = move |keys: &'static [&'static str],
                     what: fn(&'static crate::words::Words) -> &'static str| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view();
        view! { <span>{app.t(what)}</span> <span class="nowrap">{keys}</span> }
    };
    view! {
        <dialog class="ask" node_ref=dialog aria-labelledby="keys-title" on:close=move |_| open.set(false)>
            <form method="dialog" class="pad">
                <h2 id="keys-title">{app.t(|w| w.all.shortcuts)}</h2>
                <div class="keys">
                    {line(&["⌘/Ctrl", "K"], |w| w.all.key_palette)}
                    {line(&["⌘/Ctrl", "↵"], |w| w.all.key_launch)}
                    {line(&["C"], |w| w.all.key_new)}
                    {line(&["←", "→"], |w| w.all.key_arrows)}
                    {line(&["Space"], |w| w.all.key_space)}
                    {line(&["K", "X", "U"], |w| w.collect.key_keep)}
                    {line(&["?"], |w| w.all.key_help)}
                </div>
                <div class="ask-end">
                    <button class="button">{app.t(|w| w.all.close)}</button>
                </div>
            </form>
        </dialog>
    }
}
