//! A code worth credits.

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::scalars::Role;
use crate::api::spending::{RedeemVoucher, RedeemVoucherInput, RedeemVoucherVariables};
use crate::format::whole;
use crate::page::live::live;
use crate::page::state::app;
use crate::words::fill;

/// For owners: type a code, have its credits. `changed` is told.
#[component]
pub fn Voucher(changed: Callback<()>) -> impl IntoView {
    let app = app();
    let code = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = code.get_untracked().trim().to_owned();
        if typed.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let input = RedeemVoucherInput { workspace_id: app.workspace(), code: typed };
            match app.ask(RedeemVoucher::build(RedeemVoucherVariables { input })).await {
                Ok(answer) => {
                    let credits = whole(answer.redeem_voucher.credits.0.into());
                    app.say(fill(app.books_now().own.redeemed, &[("n", &credits)]));
                    code.try_set(String::new());
                    app.count_credits();
                    changed.run(());
                }
                Err(refusal) => app.complain(&refusal),
            }
            busy.try_set(false);
        });
    };
    let form = move || {
        if !app.is_at_least(Role::Owner) {
            return ().into_any();
        }
        view! {
            <form class="voucher" data-voucher on:submit=send>
                <input
                    class="input"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    placeholder="REEL-XXXXX-XXXXX-XXXXX-XXXXX"
                    aria-label=app.b(|w| w.own.voucher_code)
                    prop:value=move || code.get()
                    on:input=move |event| code.set(event_target_value(&event))
                />
                <button class="button" disabled=move || busy.get()>{app.b(|w| w.own.redeem)}</button>
            </form>
        }
        .into_any()
    };
    view! { {live(form)} }
}
