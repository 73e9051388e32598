//! What to begin with when nothing was written yet.

use leptos::prelude::*;

use super::state::form;
use crate::format::counted;
use crate::page::live::live;

/// The samples that come with the product, in the page's language.
#[component]
pub fn Samples() -> impl IntoView {
    let form = form();
    let app = form.app;
    let samples = move || form.bench.get().map(|bench| bench.sample_templates).unwrap_or_default();
    let card = move |sample: crate::api::templates::SampleTemplate| {
        let language = app.language.get();
        let count = u128::try_from(sample.videos).unwrap_or_default();
        let videos = counted(language, count, language.words().compose.sample_videos);
        let (name, purpose) = (sample.name.clone(), sample.purpose.clone());
        view! {
            <button class="sample" data-sample=sample.code.clone() on:click=move |_| form.take(&sample)>
                <span class="spread">
                    <b>{name}</b>
                    <span class="badge warm">{videos}</span>
                </span>
                <span class="dim small">{purpose}</span>
            </button>
        }
    };
    view! {
        <section class="stack-tight" aria-labelledby="samples-title">
            <h2 id="samples-title">{app.t(|w| w.compose.samples)}</h2>
            <div class="samples">{live(move || samples().into_iter().map(card).collect_view())}</div>
        </section>
    }
}
