//! What is said in a corner, and heard by screen readers.

use leptos::prelude::*;

use crate::page::state::app;

/// Notices, newest last.
#[component]
pub fn Notices() -> impl IntoView {
    let app = app();
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-label=app.t(|w| w.all.notices)>
            <For each=move || app.notices.get() key=|notice| notice.number let:notice>
                <div class="toast" class:bad=notice.bad>
                    <span>{notice.text}</span>
                    <button
                        aria-label=app.t(|w| w.all.close)
                        on:click=move |_| app.dismiss(notice.number)
                    >
                        "✕"
                    </button>
                </div>
            </For>
        </div>
    }
}
