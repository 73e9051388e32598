//! Every credit that moved.

use cynic::QueryBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::statement::Statement;
use crate::api::wallet::{LedgerEntry, LedgerPage, LedgerVariables, TransferKind};
use crate::books::change;
use crate::format::{short_id, signed, whole};
use crate::page::browser::clock::{moment, zone};
use crate::page::live::{When, live};
use crate::page::state::app;
use crate::page::way::way;
use crate::words::{Books, fill};

const KINDS: [TransferKind; 7] = [
    TransferKind::Grant,
    TransferKind::Freeze,
    TransferKind::Capture,
    TransferKind::Release,
    TransferKind::Expire,
    TransferKind::Adjust,
    TransferKind::Debt,
];

const fn word(kind: TransferKind) -> fn(&'static Books) -> &'static str {
    match kind {
        TransferKind::Grant => |w| w.money.grant,
        TransferKind::Freeze => |w| w.money.freeze,
        TransferKind::Capture => |w| w.money.capture,
        TransferKind::Release => |w| w.money.release,
        TransferKind::Expire => |w| w.money.expire,
        TransferKind::Adjust => |w| w.money.adjust,
        TransferKind::Debt => |w| w.money.owe,
    }
}

/// The ledger, newest first; of one kind or one batch if wanted.
#[component]
pub fn Ledger() -> impl IntoView {
    let app = app();
    let way = way();
    let batch = Memo::new(move |_| way.query("batch"));
    let kind = RwSignal::new(None::<TransferKind>);
    let entries = RwSignal::new(None::<Vec<LedgerEntry>>);
    let after = RwSignal::new(None::<String>);
    let read = move |from: Option<String>| {
        let wanted = (kind.get_untracked(), batch.get_untracked());
        spawn_local(async move {
            let first = from.is_none();
            let variables = LedgerVariables {
                workspace: app.workspace(),
                kind: wanted.0,
                batch: wanted.1.as_deref().map(Into::into),
                after: from,
            };
            let answer = app.ask(LedgerPage::build(variables)).await;
            let still = (kind.try_get_untracked(), batch.try_get_untracked());
            match answer {
                Ok(answer) if still == (Some(wanted.0), Some(wanted.1)) => {
                    let page = answer.workspace.wallet.ledger;
                    after.set(page.page_info.end_cursor.filter(|_| page.page_info.has_next_page));
                    entries.update(|all| match all {
                        Some(all) if !first => all.extend(page.nodes),
                        _ => *all = Some(page.nodes),
                    });
                }
                Ok(_) => {}
                Err(refusal) => app.complain(&refusal),
            }
        });
    };
    Effect::new(move |_| {
        // What happened is told in the language of the request.
        app.language.track();
        kind.track();
        batch.track();
        read(None);
    });
    let empty = move || entries.with(|all| all.as_ref().is_some_and(Vec::is_empty));
    let only = live(move || {
        batch.get().map(|id| {
            let text = fill(app.books().money.one_batch, &[("id", &short_id(&id))]);
            view! { <a class="chip" href="/wallet"><span>{text}</span> " ✕"</a> }
        })
    });
    view! {
            <section class="card ledger">
                <div class="spread pad">
                    <div>
                        <h2 id="ledger-title">{app.b(|w| w.money.ledger)}</h2>
                        <p class="dim small">
                            {app.b(|w| w.money.ledger_note)} " "
                            {live(move || fill(app.books().money.zone, &[("zone", &zone())]))}
                        </p>
                    </div>
                    <div class="row">
                        {only}
    {kinds(kind)}
                    </div>
                </div>
                <Statement kind=kind batch=batch />
                <div class="table-wrap" tabindex="0" role="region" aria-labelledby="ledger-title">
                    <table data-ledger>
                        {head()}
                        <tbody>
                            {live(move || entries.get().unwrap_or_default().into_iter().map(row).collect_view())}
                        </tbody>
                    </table>
                </div>
                <When holds=empty>
                    <p class="pad dim">{app.b(|w| w.money.none)}</p>
                </When>
                <When holds=move || after.with(Option::is_some)>
                    <p class="pad">
                        <button class="button" on:click=move |_| read(after.get_untracked())>
                            {app.t(|w| w.all.more)}
                        </button>
                    </p>
                </When>
            </section>
        }
}

/// The choice of a kind.
fn kinds(kind: RwSignal<Option<TransferKind>>) -> impl IntoView {
    let app = app();
    view! {
                    <select
                        class="input tiny-select"
                        aria-label=app.b(|w| w.money.kind)
                        on:change=move |event| {
                            let wanted = event_target_value(&event);
                            kind.set(KINDS.into_iter().find(|kind| format!("{kind:?}") == wanted));
                        }
                    >
                        <option value="">{app.b(|w| w.money.all_kinds)}</option>
                        {KINDS.map(|kind| view! { <option value=format!("{kind:?}")>{app.b(word(kind))}</option> })}
                    </select>
    }
}

fn head() -> impl IntoView {
    let app = app();
    view! {
        <thead>
            <tr>
                <th class="end">{app.b(|w| w.money.number)}</th>
                <th>{app.b(|w| w.money.time)}</th>
                <th>{app.b(|w| w.money.kind)}</th>
                <th>{app.b(|w| w.money.batch)}</th>
                <th class="end">{app.b(|w| w.money.amount)}</th>
                <th class="end">{app.b(|w| w.money.frozen)}</th>
                <th class="end">{app.b(|w| w.money.balance)}</th>
            </tr>
        </thead>
    }
}

fn row(entry: LedgerEntry) -> impl IntoView {
    let app = app();
    let when = entry.created_at.0.clone();
    let change = change(&entry);
    let tone = |n: i64| if n > 0 { "end num plus" } else { "end num minus" };
    let some = |n: i64| if n == 0 { String::new() } else { signed(n.into()) };
    let batch = entry.batch_id.as_ref().map(|id| {
        let id = id.inner();
        view! { <a class="mono" href=format!("/batches/{id}")>{short_id(id)}</a> }
    });
    let reason = batch.is_none().then(|| match &entry.note {
        Some(note) => format!("{} · {note}", entry.description),
        None => entry.description.clone(),
    });
    view! {
        <tr
            data-entry=entry.number.0
            data-available=change.available
            data-held=change.held
            data-available-after=entry.available_after.0
            data-held-after=entry.held_after.0
        >
            <td class="end num dim">{entry.number.0}</td>
            <td class="nowrap">{live(move || moment(&when, app.language.get()))}</td>
            <td class="nowrap">{app.b(word(entry.kind))}</td>
            <td>{batch} <span class="dim">{reason}</span></td>
            <td class=tone(change.available)>{some(change.available)}</td>
            <td class=tone(change.held)>{some(change.held)}</td>
            <td class="end num"><b>{whole(entry.available_after.0.into())}</b></td>
        </tr>
    }
}
