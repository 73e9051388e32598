//! A question before something that costs or cannot be undone.

use leptos::html;
use leptos::prelude::*;

use crate::page::live::live;
use crate::page::state::app;

/// A modal question. It is open while `question` holds one.
#[component]
pub fn Ask(
    /// Title and words of the question.
    #[prop(into)]
    question: Signal<Option<(String, String)>>,
    /// What the button says.
    #[prop(into)]
    yes: Signal<String>,
    /// Whether the button warns.
    #[prop(into)]
    danger: Signal<bool>,
    /// Done on yes.
    #[prop(into)]
    on_yes: Callback<()>,
    /// Done on no, Escape, or when closed.
    #[prop(into)]
    on_no: Callback<()>,
) -> impl IntoView {
    let app = app();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        match (question.with(Option::is_some), element.open()) {
            (true, false) => drop(element.show_modal()),
            (false, true) => element.close(),
            _ => {}
        }
    });
    let part = move |title: bool| {
        question.get().map(|(head, text)| if title { head } else { text }).unwrap_or_default()
    };
    view! {
        <dialog class="ask" node_ref=dialog aria-labelledby="ask-title" on:close=move |_| on_no.run(())>
            <div class="pad">
                <h2 id="ask-title">{live(move || part(true))}</h2>
                <p class="dim">{live(move || part(false))}</p>
                <div class="ask-end">
                    <button class="button ghost" on:click=move |_| on_no.run(())>
                        {app.t(|w| w.all.cancel)}
                    </button>
                    <button
                        class="button"
                        class:primary=move || !danger.get()
                        class:danger=move || danger.get()
                        data-yes
                        on:click=move |_| on_yes.run(())
                    >
                        {live(move || yes.get())}
                    </button>
                </div>
            </div>
        </dialog>
    }
}
