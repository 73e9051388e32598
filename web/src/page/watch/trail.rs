//! Who did what to the batch, and what that did to the money.

use cynic::QueryBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::sheet::Sheet;
use super::state::{Watch, watch};
use crate::api::collect::{BatchDeed, BatchDeedKind, OfBatchVariables, Trail};
use crate::format::{counted, whole};
use crate::page::browser::clock::moment;
use crate::page::live::live;
use crate::words::{Words, fill};

/// The deeds.
#[component]
pub fn Deeds(open: RwSignal<bool>) -> impl IntoView {
    let watch = watch();
    view! {
        <Sheet open=open class="ask wide-ask" id="trail-title" title=|w| w.collect.trail_title>
            {begin(watch)}
        </Sheet>
    }
}

fn begin(watch: Watch) -> impl IntoView {
    let deeds = RwSignal::new(Vec::<BatchDeed>::new());
    spawn_local(async move {
        let (workspace, batch) = (watch.app.workspace(), watch.batch_id());
        let asked = Trail::build(OfBatchVariables { workspace, batch });
        match watch.app.read(asked, &["workspace", "batchTrail", "nodes"]).await {
            Ok(all) => drop(deeds.try_set(all)),
            Err(refusal) => watch.app.complain(&refusal),
        }
    });
    view! { <ol class="trail">{live(move || deeds.get().into_iter().map(|deed| row(watch, deed)).collect_view())}</ol> }
}

fn row(watch: Watch, deed: BatchDeed) -> impl IntoView {
    let language = watch.app.language.get();
    let words = language.words();
    let videos = deed.videos.and_then(|n| u128::try_from(n).ok()).unwrap_or_default();
    let who = deed.by.map_or_else(|| words.collect.trail_system.to_owned(), |by| by.display_name);
    let amounts = [
        (deed.frozen_credits, words.collect.frozen),
        (deed.released_credits, words.collect.released),
        (deed.held_credits, words.collect.held),
    ];
    let amounts = amounts.into_iter().filter_map(|(credits, text)| {
        let credits = credits.filter(|credits| credits.0 > 0)?;
        Some(fill(text, &[("n", &whole(credits.0.into()))]))
    });
    let money = amounts.collect::<Vec<_>>().join(" · ");
    view! {
        <li data-deed-kind=format!("{:?}", deed.kind)>
            <b>{counted(language, videos, word(deed.kind, words))}</b>
            <span class="num" data-moved>{money}</span>
            <span class="small dim">{format!("{who} · {}", moment(&deed.at.0, language))}</span>
        </li>
    }
}

fn word(kind: BatchDeedKind, words: &'static Words) -> &'static str {
    let own = &words.collect;
    match kind {
        BatchDeedKind::Launched => own.launched,
        BatchDeedKind::Paused => own.paused,
        BatchDeedKind::StoppedByLoss => own.stopped_by_loss,
        BatchDeedKind::Resumed => own.resumed,
        BatchDeedKind::Approved => own.approved,
        BatchDeedKind::Declined => own.declined,
        BatchDeedKind::Cancelled => own.cancelled,
        BatchDeedKind::ClosedOverdue => own.closed_overdue,
        BatchDeedKind::Retried => own.retried,
        BatchDeedKind::Shared => own.shared,
        BatchDeedKind::Unshared => own.unshared,
    }
}
