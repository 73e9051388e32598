//! What may be spent, and when to be told that little is left.

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::scalars::{PlaceVariables, Role};
use crate::api::spending::{
    LimitsPage, SetSpendLimits, SetSpendLimitsInput, SetSpendLimitsVariables, SpendLimits,
};
use crate::books::limit;
use crate::format::whole;
use crate::page::live::live;
use crate::page::state::app;
use crate::words::{Books, fill};

/// Above it numbers are not exact.
const MOST: &str = "9007199254740991";

/// The form; admins change it, the others who see credits read it.
#[component]
pub fn Limits() -> impl IntoView {
    let app = app();
    let seen = RwSignal::new(None::<SpendLimits>);
    let texts =
        [RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new())];
    let show = move |limits: SpendLimits| {
        for (text, limit) in
            texts.iter().zip([limits.daily_credits, limits.monthly_credits, limits.low_balance])
        {
            text.try_set(limit.map_or_else(String::new, |n| n.0.to_string()));
        }
        seen.try_set(Some(limits));
    };
    spawn_local(async move {
        let variables = PlaceVariables { workspace: app.workspace() };
        match app.ask(LimitsPage::build(variables)).await {
            Ok(answer) => show(answer.workspace.wallet.limits),
            Err(refusal) => app.complain(&refusal),
        }
    });
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let read = texts.map(|text| text.with_untracked(|text| limit(text)));
        // What is no number must not lift a limit.
        let [Ok(daily_credits), Ok(monthly_credits), Ok(low_balance)] = read else { return };
        let workspace_id = app.workspace();
        let input =
            SetSpendLimitsInput { workspace_id, daily_credits, monthly_credits, low_balance };
        spawn_local(async move {
            match app.ask(SetSpendLimits::build(SetSpendLimitsVariables { input })).await {
                Ok(answer) => {
                    show(answer.set_spend_limits.limits);
                    app.say(app.books_now().own.limits_saved);
                    app.count_credits();
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    };
    let may = move || app.is_at_least(Role::Admin);
    let used = move |pick: fn(&SpendLimits) -> i64| {
        let n = seen.with(|seen| seen.as_ref().map(pick))?;
        Some(fill(app.books().own.used, &[("n", &whole(n.into()))]))
    };
    let field = move |id: &'static str,
                      label: fn(&'static Books) -> &'static str,
                      text: RwSignal<String>,
                      pick: Option<fn(&SpendLimits) -> i64>| {
        view! {
            <div class="field">
                <label for=id>{app.b(label)}</label>
                <input
                    class="input"
                    id=id
                    type="number"
                    min="1"
                    max=MOST
                    step="1"
                    inputmode="numeric"
                    placeholder=app.b(|w| w.own.no_limit)
                    disabled=move || !may()
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                />
                <small>{live(move || pick.and_then(used))}</small>
            </div>
        }
        .into_any()
    };
    let [day, month, low] = texts;
    let button = move || {
        may()
            .then(|| view! { <p><button class="button">{app.t(|w| w.all.save)}</button></p> })
            .into_any()
    };
    view! {
        <form class="card pad stack-tight" data-limits on:submit=save>
            <h2>{app.b(|w| w.own.limits)}</h2>
            <p class="dim small">{app.b(|w| w.own.limits_note)}</p>
            <div class="grid-2">
                {field("limit-day", |w| w.own.limit_day, day, Some(|limits| limits.used_today.0))}
                {field("limit-month", |w| w.own.limit_month, month, Some(|limits| limits.used_this_month.0))}
                {field("limit-low", |w| w.own.limit_low, low, None)}
            </div>
            {live(button)}
        </form>
    }
}
