//! A dialog with a title and a way out; what is in it is made when it is opened.

use leptos::html;
use leptos::prelude::*;

use crate::page::live::live;
use crate::page::state::app;
use crate::words::Words;

/// A dialog.
#[component]
pub fn Sheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its look.
    class: &'static str,
    /// Names it to readers.
    id: &'static str,
    /// What it is about.
    title: fn(&'static Words) -> &'static str,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let app = app();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        match (open.get(), element.open()) {
            (true, false) => drop(element.show_modal()),
            (false, true) => element.close(),
            _ => {}
        }
    });
    view! {
        <dialog node_ref=dialog class=class aria-labelledby=id on:close=move |_| open.set(false)>
            <div class="pad stack">
                <div class="spread">
                    <h2 id=id>{app.t(title)}</h2>
                    <button class="button ghost tiny" data-close on:click=move |_| open.set(false)>
                        {app.t(|w| w.all.close)}
                    </button>
                </div>
                {live(move || open.get().then(|| children()))}
            </div>
        </dialog>
    }
}
