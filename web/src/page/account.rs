//! Signing up and signing in.

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;

use super::browser::composes;
use super::shell::{Glyph, Icon};
use super::state::app;
use super::way::way;
use crate::api::account::{
    SignIn, SignInInput, SignInVariables, SignUp, SignUpInput, SignUpVariables,
};
use crate::api::refusal::Refusal;
use crate::page::live::live;
use crate::words::{Words, fill};

/// Makes an account.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let app = app();
    let (name, email, password) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let arrive = use_arrival();
    let submit = Callback::new(move |busy: RwSignal<Option<Result<(), Refusal>>>| {
        let name = name.get_untracked().trim().to_owned();
        let input = SignUpInput {
            email: email.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            workspace_name: fill(app.words_now().all.workspace_of, &[("name", &name)]),
            display_name: name,
            locale: Some(app.language.get_untracked().tag().to_owned()),
        };
        spawn_local(async move {
            let asked = SignUp::build(SignUpVariables { input });
            match app.read::<_, _, IgnoredAny>(asked, &[]).await {
                Ok(_) => arrive.run(()),
                Err(refusal) => busy.set(Some(Err(refusal))),
            }
        });
    });
    view! {
        <Door action=|w| w.all.sign_up other=Other { ask: |w| w.all.have_account, name: |w| w.all.sign_in, path: "/sign-in" } submit=submit>
            <Field id="name" label=|w| w.all.your_name kind="text" complete="name" value=name />
            <Field id="email" label=|w| w.all.email kind="email" complete="email" value=email />
            <Secret fresh=true value=password />
            <p class="dim small">{app.t(|w| w.all.trial)}</p>
        </Door>
    }
}

/// Signs in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let app = app();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let arrive = use_arrival();
    let submit = Callback::new(move |busy: RwSignal<Option<Result<(), Refusal>>>| {
        let input = SignInInput {
            email: email.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
        };
        spawn_local(async move {
            let asked = SignIn::build(SignInVariables { input });
            match app.read::<_, _, IgnoredAny>(asked, &[]).await {
                Ok(_) => arrive.run(()),
                Err(refusal) => busy.set(Some(Err(refusal))),
            }
        });
    });
    view! {
        <Door action=|w| w.all.sign_in other=Other { ask: |w| w.all.no_account, name: |w| w.all.sign_up, path: "/sign-up" } submit=submit>
            <Field id="email" label=|w| w.all.email kind="email" complete="username" value=email />
            <Secret fresh=false value=password />
        </Door>
    }
}

/// Where to go once signed in: the page that was wanted, if it is one of ours.
fn use_arrival() -> Callback<()> {
    let app = app();
    let way = way();
    Callback::new(move |()| {
        let wanted = untrack(|| way.query("to")).unwrap_or_default();
        let own = wanted.starts_with('/') && !wanted.starts_with("//");
        let path = if own { wanted } else { "/compose".to_owned() };
        spawn_local(async move {
            app.recognise().await;
            way.turn(&path);
        });
    })
}

/// The way for those who came to the wrong form.
#[derive(Clone, Copy)]
struct Other {
    ask: fn(&'static Words) -> &'static str,
    name: fn(&'static Words) -> &'static str,
    path: &'static str,
}

/// What Reelmill is, beside a form.
#[component]
fn Door(
    action: fn(&'static Words) -> &'static str,
    other: Other,
    submit: Callback<RwSignal<Option<Result<(), Refusal>>>>,
    children: Children,
) -> impl IntoView {
    let app = app();
    let state = RwSignal::new(None::<Result<(), Refusal>>);
    let busy = move || state.with(|state| matches!(state, Some(Ok(()))));
    let refused = move || state.get().and_then(Result::err).map(|refusal| refusal.message);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !busy() {
            state.set(Some(Ok(())));
            submit.run(state);
        }
    };
    let promise = move |words: fn(&'static Words) -> &'static str| {
        view! { <li><Icon glyph=Glyph::Check />{app.t(words)}</li> }
    };
    let strip = [0, 1, 2, 3, 4, 5, 2, 4, 0, 5, 1, 3]
        .map(|hue| view! { <i class=format!("hue-{hue}")></i> });
    view! {
        <div class="auth">
            <div class="auth-words">
                <h1>{app.t(|w| w.all.tagline)}</h1>
                <ul>
                    {promise(|w| w.all.promise_count)}
                    {promise(|w| w.all.promise_pay)}
                    {promise(|w| w.all.promise_live)}
                </ul>
                <div class="strip" aria-hidden="true">{strip}</div>
            </div>
            <form class="card" on:submit=send novalidate="">
                <h2>{app.t(action)}</h2>
                {children()}
                <div role="alert">
                    {live(move || refused().map(|text| view! { <p class="note bad">{text}</p> }))}
                </div>
                <button class="button primary wide" disabled=busy>
                    {app.t(action)}
                </button>
                <p class="dim small">
                    {app.t(other.ask)} " " <a href=other.path>{app.t(other.name)}</a>
                </p>
            </form>
        </div>
    }
}

#[component]
fn Field(
    id: &'static str,
    label: fn(&'static Words) -> &'static str,
    kind: &'static str,
    complete: &'static str,
    value: RwSignal<String>,
) -> impl IntoView {
    let app = app();
    view! {
        <div class="field">
            <label for=id>{app.t(label)}</label>
            <input
                class="input"
                id=id
                name=id
                type=kind
                autocomplete=complete
                required=""
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                on:keydown=hold_composition
            />
        </div>
    }
}

/// An input method's Enter picks a candidate; it must not send the form.
fn hold_composition(event: web_sys::KeyboardEvent) {
    if event.key() == "Enter" && composes(&event) {
        event.prevent_default();
    }
}

#[component]
fn Secret(fresh: bool, value: RwSignal<String>) -> impl IntoView {
    let app = app();
    let shown = RwSignal::new(false);
    let complete = if fresh { "new-password" } else { "current-password" };
    view! {
        <div class="field">
            <label for="password">{app.t(|w| w.all.password)}</label>
            <input
                class="input"
                id="password"
                name="password"
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete=complete
                aria-describedby=fresh.then_some("password-rule")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            {fresh.then(|| view! { <small id="password-rule">{app.t(|w| w.all.password_rule)}</small> })}
            <label class="check small">
                <input
                    type="checkbox"
                    prop:checked=move || shown.get()
                    on:change=move |event| shown.set(event_target_checked(&event))
                />
                {app.t(|w| w.all.show_password)}
            </label>
        </div>
    }
}
