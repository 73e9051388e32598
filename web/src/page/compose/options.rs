//! How the videos are made, how many, and what stops them.

use leptos::prelude::*;

use super::selecting::{Combining, Sampling};
use super::state::form;
use crate::api::scalars::{Aspect, Kept, Resolution};
use crate::page::live::{When, live};
use crate::words::{Words, fill};

/// Output, combinations, safety.
#[component]
pub fn Options() -> impl IntoView {
    let form = form();
    let app = form.app;
    view! {
        <section class="options">
            <details class="card fold" open="">
                <summary>
                    {app.t(|w| w.compose.output)} <span class="dim num">{live(summary)}</span>
                </summary>
                <div class="fold-body">
                    <Output />
                </div>
            </details>
            <details class="card fold" data-combine>
                <summary>{app.t(|w| w.compose.combine)}</summary>
                <div class="fold-body">
                    <Combining />
                    <Sampling />
                </div>
            </details>
            <details class="card fold" data-safety>
                <summary>{app.t(|w| w.compose.safety)}</summary>
                <div class="fold-body">
                    <Safety />
                </div>
            </details>
        </section>
    }
}

fn summary() -> Option<String> {
    let form = form();
    let model = form.model()?;
    let (aspect, resolution, seconds) = form.draft.with(|draft| {
        let aspect = draft.aspect.map(|kept| kept.0).or(model.aspects.first().copied());
        let lines = draft.resolution.map(|kept| kept.0).or(model.resolutions.first().copied());
        (aspect, lines, draft.seconds.unwrap_or(model.default_seconds))
    });
    let length = fill(form.app.words().compose.seconds, &[("n", &seconds)]);
    Some(format!("{} · {} · {length}", aspect?.ratio(), resolution?.lines()))
}

/// Model, shape, lines, length, takes, seed. What a model cannot make is shown, disabled, with why.
#[component]
fn Output() -> impl IntoView {
    let form = form();
    let app = form.app;
    let models = move || form.bench.get().map(|bench| bench.models).unwrap_or_default();
    let model = Memo::new(move |_| form.model());
    let cannot = move || {
        let title = model.get().map(|model| model.title).unwrap_or_default();
        fill(app.words().compose.not_by_model, &[("model", &title)])
    };
    let shape = move |aspect: Aspect| {
        let can =
            move || model.with(|model| model.as_ref().is_some_and(|m| m.aspects.contains(&aspect)));
        let on = move || {
            let first = model.with(|model| model.as_ref().and_then(|m| m.aspects.first().copied()));
            form.draft.with(|draft| draft.aspect.map(|kept| kept.0)).or(first) == Some(aspect)
        };
        let (class, name): (&str, fn(&'static Words) -> &'static str) = match aspect {
            Aspect::Wide => ("wide-shape", |w| w.compose.wide),
            Aspect::Tall => ("tall-shape", |w| w.compose.tall),
            Aspect::Square => ("square-shape", |w| w.compose.square),
        };
        view! {
            <label title=move || (!can()).then(cannot)>
                <input
                    type="radio"
                    name="aspect"
                    value=aspect.code()
                    prop:checked=on
                    disabled=move || !can()
                    on:change=move |_| form.change(|draft| draft.aspect = Some(Kept(aspect)))
                />
                <i class=class aria-hidden="true"></i>
                {app.t(name)}
                <span class="num">{aspect.ratio()}</span>
            </label>
        }
    };
    let lines = move |resolution: Resolution| {
        let can = move || {
            model.with(|model| model.as_ref().is_some_and(|m| m.resolutions.contains(&resolution)))
        };
        let on = move || {
            let first =
                model.with(|model| model.as_ref().and_then(|m| m.resolutions.first().copied()));
            form.draft.with(|draft| draft.resolution.map(|kept| kept.0)).or(first)
                == Some(resolution)
        };
        view! {
            <label title=move || (!can()).then(cannot)>
                <input
                    type="radio"
                    name="resolution"
                    value=resolution.code()
                    prop:checked=on
                    disabled=move || !can()
                    on:change=move |_| form.change(|draft| draft.resolution = Some(Kept(resolution)))
                />
                <span class="num">{resolution.lines()}</span>
            </label>
        }
    };
    view! {
        <div class="grid-2">
            <label class="field">
                <span>{app.t(|w| w.compose.model)}</span>
                <select
                    class="input"
                    prop:value=move || model.get().map(|model| model.code)
                    on:change=move |event| {
                        form.change(|draft| draft.model = Some(event_target_value(&event)));
                    }
                >
                    {live(move || {
                        models()
                            .into_iter()
                            .map(|model| view! { <option value=model.code>{model.title}</option> })
                            .collect_view()
                    })}
                </select>
            </label>
            <Length model=model />
        </div>
        <div class="row">
            <fieldset class="field">
                <legend class="legend">{app.t(|w| w.compose.ratio)}</legend>
                <div class="segments">{Aspect::ALL.map(shape)}</div>
            </fieldset>
            <fieldset class="field">
                <legend class="legend">{app.t(|w| w.compose.resolution)}</legend>
                <div class="segments">{Resolution::ALL.map(lines)}</div>
            </fieldset>
        </div>
        <div class="grid-2">
            <label class="field">
                <span>{app.t(|w| w.compose.takes)}</span>
                <input
                    class="input num"
                    type="number"
                    min="1"
                    max="100"
                    data-takes
                    prop:value=move || form.draft.with(|draft| draft.takes.max(1)).to_string()
                    on:input=move |event| {
                        let takes = event_target_value(&event).parse().unwrap_or(1);
                        form.change(|draft| draft.takes = takes);
                    }
                />
                <small>{app.t(|w| w.compose.takes_hint)}</small>
            </label>
            <label class="field">
                <span>{app.t(|w| w.compose.seed)}</span>
                <input
                    class="input num"
                    type="number"
                    min="0"
                    max="2147483647"
                    placeholder=app.t(|w| w.compose.seed_any)
                    prop:value=move || {
                        form.draft.with(|draft| draft.seed.map(|seed| seed.to_string())).unwrap_or_default()
                    }
                    on:input=move |event| {
                        let seed = event_target_value(&event).parse().ok();
                        form.change(|draft| draft.seed = seed);
                    }
                />
            </label>
        </div>
    }
}

#[component]
fn Length(model: Memo<Option<crate::api::templates::Model>>) -> impl IntoView {
    let form = form();
    let app = form.app;
    let bounds = move || {
        model.get().map_or((1, 60, 4), |m| (m.min_seconds, m.max_seconds, m.default_seconds))
    };
    let seconds = move || form.draft.with(|draft| draft.seconds).unwrap_or_else(|| bounds().2);
    view! {
        <label class="field">
            <span class="spread">
                {app.t(|w| w.compose.length)}
                <b class="num">{live(move || fill(app.words().compose.seconds, &[("n", &seconds())]))}</b>
            </span>
            <input
                type="range"
                data-seconds
                prop:min=move || bounds().0.to_string()
                prop:max=move || bounds().1.to_string()
                prop:value=move || seconds().to_string()
                on:input=move |event| {
                    let seconds = event_target_value(&event).parse().ok();
                    form.change(|draft| draft.seconds = seconds);
                }
            />
        </label>
    }
}

/// Pilot and stop-loss.
#[component]
fn Safety() -> impl IntoView {
    let form = form();
    let app = form.app;
    let pilot = move || form.draft.with(|draft| draft.pilot);
    let loss = move || form.draft.with(|draft| draft.stop_loss);
    view! {
        <div class="stack-tight">
            <label class="check">
                <input
                    type="checkbox"
                    data-pilot
                    prop:checked=move || pilot().is_some()
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        form.change(|draft| draft.pilot = on.then_some(4));
                    }
                />
                {app.t(|w| w.compose.pilot)}
            </label>
            <p class="dim small">{app.t(|w| w.compose.pilot_hint)}</p>
            <When holds=move || pilot().is_some()>
                <label class="field">
                    <span>{app.t(|w| w.compose.pilot_n)}</span>
                    <input
                        class="input num"
                        type="number"
                        min="1"
                        max="100"
                        prop:value=move || pilot().unwrap_or(4).to_string()
                        on:input=move |event| {
                            let most = event_target_value(&event).parse().unwrap_or(1).max(1);
                            form.change(|draft| draft.pilot = Some(most));
                        }
                    />
                </label>
            </When>
        </div>
        <div class="stack-tight">
            <label class="check">
                <input
                    type="checkbox"
                    data-stop-loss
                    prop:checked=move || loss().is_some()
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        form.change(|draft| draft.stop_loss = on.then_some(20));
                    }
                />
                {app.t(|w| w.compose.stop_loss)}
            </label>
            <When holds=move || loss().is_some()>
                <label class="field">
                    <span>
                        {live(move || fill(app.words().compose.stop_loss_rate, &[("n", &loss().unwrap_or(20))]))}
                    </span>
                    <input
                        type="range"
                        min="0"
                        max="90"
                        step="5"
                        prop:value=move || loss().unwrap_or(20).to_string()
                        on:input=move |event| {
                            let percent = event_target_value(&event).parse().unwrap_or(20).min(99);
                            form.change(|draft| draft.stop_loss = Some(percent));
                        }
                    />
                </label>
            </When>
        </div>
    }
}
