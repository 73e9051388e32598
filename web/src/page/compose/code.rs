//! This form as code.

use leptos::html;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::state::{Form, form};
use crate::api::selection::SelectionInput;
use crate::page::browser::copy;
use crate::page::live::live;
use crate::snippet::Dialect;

/// The sheet with code.
#[component]
pub fn Codes() -> impl IntoView {
    let form = form();
    let app = form.app;
    let dialog = NodeRef::<html::Dialog>::new();
    let dialect = RwSignal::new(Dialect::Curl);
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        if form.code.get() && !element.open() {
            drop(element.show_modal());
        }
    });
    let text = Memo::new(move |_| {
        if !form.code.get() {
            return String::new();
        }
        let address = web_sys::window().and_then(|window| window.location().origin().ok());
        let (quote, launch) = inputs(form);
        dialect.get().write(&address.unwrap_or_default(), &quote, &launch)
    });
    let pick = move |own: Dialect| {
        view! {
            <label>
                <input
                    type="radio"
                    name="dialect"
                    prop:checked=move || dialect.get() == own
                    on:change=move |_| dialect.set(own)
                />
                {own.name()}
            </label>
        }
    };
    view! {
        <dialog
            class="codes"
            node_ref=dialog
            aria-labelledby="codes-title"
            on:close=move |_| form.code.set(false)
        >
            <form method="dialog" class="pad stack">
                <div class="spread">
                    <h2 id="codes-title">{app.t(|w| w.compose.code)}</h2>
                    <div class="segments">{Dialect::ALL.map(pick)}</div>
                </div>
                <p class="dim small">{app.t(|w| w.compose.code_intro)}</p>
                <pre tabindex="0" data-code>{live(move || text.get())}</pre>
                <div class="ask-end">
                    <button
                        class="button"
                        type="button"
                        on:click=move |_| {
                            copy(&text.get_untracked());
                            app.say(app.words_now().all.copied);
                        }
                    >
                        {app.t(|w| w.all.copy)}
                    </button>
                    <button class="button ghost">{app.t(|w| w.all.close)}</button>
                </div>
            </form>
        </dialog>
    }
}

/// The inputs of quote and launch, as this form would send them.
fn inputs(form: Form) -> (Value, Value) {
    let workspace = form.app.workspace().into_inner();
    let variables = form.look.with(|look| look.variables.clone());
    form.draft.with(|draft| {
        let selection = SelectionInput::from(draft.selection(&variables));
        let mut quote = json!({ "workspaceId": workspace, "selection": selection });
        if let Some(saved) = &draft.saved {
            quote["templateId"] = json!(saved.template);
            quote["templateVersion"] = json!(saved.version);
        }
        let parts = [
            ("model", draft.model.clone().map(Value::from)),
            ("seconds", draft.seconds.map(Value::from)),
            ("aspect", draft.aspect.map(|kept| kept.0.code().into())),
            ("resolution", draft.resolution.map(|kept| kept.0.code().into())),
            ("seed", draft.seed.map(Value::from)),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                quote[name] = value;
            }
        }
        let mut launch = json!({ "workspaceId": workspace });
        if let Some(most) = draft.pilot {
            launch["pilot"] = json!({ "maxVideos": most });
        }
        if let Some(percent) = draft.stop_loss {
            launch["stopLoss"] = json!({ "maxFailureRate": f64::from(percent) / 100.0 });
        }
        (quote, launch)
    })
}
