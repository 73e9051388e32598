//! What a person does to a batch. Each deed says beforehand what it does to the money, and
//! afterwards what it did.

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::{Watch, watch};
use crate::api::batches::Batch;
use crate::api::control::{
    ApprovePilot, ApprovePilotInput, ApproveVariables, CancelBatch, CancelBatchInput,
    CancelVariables, Controlled, DeclinePilot, DeclinePilotInput, DeclineVariables, MoneyEffect,
    PauseBatch, PauseBatchInput, PauseVariables, ResumeBatch, ResumeBatchInput, ResumeVariables,
    RetryFailed, RetryFailedVideosInput, RetryVariables,
};
use crate::api::scalars::Role;
use crate::format::{counted, whole};
use crate::page::browser::ask::Asking;
use crate::page::browser::clock::moment;
use crate::page::live::{When, live};
use crate::page::shell::{Ask, Glyph, Icon};
use crate::words::{Words, fill};

/// A deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Pause,
    Resume,
    Cancel,
    Retry,
    Approve,
    Decline,
}

impl Deed {
    const ALL: [Self; 6] =
        [Self::Approve, Self::Decline, Self::Resume, Self::Pause, Self::Retry, Self::Cancel];

    fn is_possible(self, batch: &Batch) -> bool {
        match self {
            Self::Pause => batch.can_pause() && !batch.pilot_waits(),
            Self::Resume => batch.can_resume(),
            Self::Cancel => batch.can_cancel() && !batch.pilot_waits(),
            Self::Retry => batch.can_retry(),
            Self::Approve | Self::Decline => batch.pilot_waits(),
        }
    }

    const fn looks(self) -> (Glyph, &'static str) {
        match self {
            Self::Pause => (Glyph::Pause, "button"),
            Self::Resume => (Glyph::Play, "button primary"),
            Self::Cancel => (Glyph::Stop, "button danger"),
            Self::Retry => (Glyph::Again, "button primary"),
            Self::Approve => (Glyph::Check, "button primary"),
            Self::Decline => (Glyph::Stop, "button danger"),
        }
    }

    fn words(self, words: &'static Words) -> &'static str {
        match self {
            Self::Pause => words.watch.pause,
            Self::Resume => words.watch.resume,
            Self::Cancel => words.watch.stop,
            Self::Retry => words.watch.retry_failed,
            Self::Approve => words.watch.approve,
            Self::Decline => words.watch.decline,
        }
    }

    /// What is asked before it, and what that means for the money.
    fn question(self, batch: &Batch, words: &'static Words) -> (String, String) {
        let held = whole(batch.credits.map_or(0, |credits| credits.held.0).into());
        let price = batch.price_per_video.map_or(0, |price| price.0);
        let failed = i64::from(batch.counts.failed);
        let watch = &words.watch;
        let (title, money, n) = match self {
            Self::Pause => (watch.confirm_pause, watch.confirm_pause_money, held),
            Self::Resume => (watch.confirm_resume, watch.confirm_resume_money, held),
            Self::Cancel => (watch.confirm_stop, watch.confirm_stop_money, held),
            Self::Retry => {
                (watch.confirm_retry, watch.confirm_retry_money, whole((price * failed).into()))
            }
            Self::Approve => (watch.confirm_approve, watch.confirm_resume_money, held),
            Self::Decline => (watch.confirm_decline, watch.confirm_decline_money, held),
        };
        (fill(title, &[("n", &failed)]), fill(money, &[("n", &n)]))
    }

    fn perform(self, watch: Watch, idempotency_key: String) -> Asking<Controlled> {
        let app = watch.app;
        let (workspace_id, batch_id) = (app.workspace(), watch.batch_id());
        match self {
            Self::Pause => {
                let input = PauseBatchInput { workspace_id, batch_id };
                app.read(PauseBatch::build(PauseVariables { input }), &["pauseBatch"])
            }
            Self::Resume => {
                let input = ResumeBatchInput { workspace_id, batch_id };
                app.read(ResumeBatch::build(ResumeVariables { input }), &["resumeBatch"])
            }
            Self::Cancel => {
                let input = CancelBatchInput { workspace_id, batch_id };
                app.read(CancelBatch::build(CancelVariables { input }), &["cancelBatch"])
            }
            Self::Retry => {
                let input = RetryFailedVideosInput { workspace_id, batch_id, idempotency_key };
                app.read(RetryFailed::build(RetryVariables { input }), &["retryFailedVideos"])
            }
            Self::Approve => {
                let input = ApprovePilotInput { workspace_id, batch_id };
                app.read(ApprovePilot::build(ApproveVariables { input }), &["approvePilot"])
            }
            Self::Decline => {
                let input = DeclinePilotInput { workspace_id, batch_id };
                app.read(DeclinePilot::build(DeclineVariables { input }), &["declinePilot"])
            }
        }
    }
}

/// The deeds that are possible now, and what is waited for.
#[component]
pub fn Controls() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let asked = RwSignal::new(None::<Deed>);
    let busy = RwSignal::new(false);
    let possible = Memo::new(move |_| {
        watch.batch.with(|batch| {
            let can = |deed: &Deed| batch.as_ref().is_some_and(|batch| deed.is_possible(batch));
            Deed::ALL.into_iter().filter(can).collect::<Vec<_>>()
        })
    });
    let failed = move || watch.batch.with(|b| b.as_ref().map_or(0, |batch| batch.counts.failed));
    let name = move |deed: Deed| {
        let n = u128::try_from(failed()).unwrap_or_default();
        counted(app.language.get(), n, deed.words(app.words()))
    };
    let button = move |deed: Deed| {
        let (glyph, class) = deed.looks();
        view! {
            <button
                class=class
                data-deed=format!("{deed:?}")
                disabled=move || busy.get()
                on:click=move |_| asked.set(Some(deed))
            >
                <Icon glyph=glyph />
                {live(move || name(deed))}
            </button>
        }
    };
    let question = move || {
        let deed = asked.get()?;
        watch.batch.with(|batch| Some(deed.question(batch.as_ref()?, app.words())))
    };
    let perform = move |()| {
        let Some(deed) = asked.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        asked.set(None);
        busy.set(true);
        // One key for one round: pressing twice retries once.
        let key = watch.batch.with_untracked(|batch| {
            let rev = batch.as_ref().map_or(0, |batch| batch.rev.0);
            format!("page:{}:{rev}", watch.id.get_value())
        });
        spawn_local(async move {
            let done = deed.perform(watch, key).await;
            busy.try_set(false);
            match done {
                Ok(done) => {
                    app.say(effect(done.effect(), app.words_now()));
                    watch.settle_on(done.batch);
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    };
    view! {
        <Notes />
        <div class="toolbar">
            <When holds=move || app.is_at_least(Role::Producer)>
                {live(move || possible.get().into_iter().map(button).collect_view())}
            </When>
            <Rerun />
            <Tell />
        </div>
        <Ask
            question=Signal::derive(question)
            yes=Signal::derive(move || asked.get().map(name).unwrap_or_default())
            danger=Signal::derive(move || matches!(asked.get(), Some(Deed::Cancel | Deed::Decline)))
            on_yes=perform
            on_no=move |()| asked.set(None)
        />
    }
}

fn effect(money: MoneyEffect, words: &'static Words) -> String {
    fill(
        words.watch.done_effect,
        &[
            ("frozen", &whole(money.frozen_credits.0.into())),
            ("released", &whole(money.released_credits.0.into())),
            ("held", &whole(money.still_held_credits.0.into())),
        ],
    )
}

/// Why it waits, and for whom.
#[component]
fn Notes() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let note = move || {
        let words = app.words();
        watch.batch.with(|batch| {
            let batch = batch.as_ref()?;
            let text = if batch.pilot_waits() {
                words.watch.pilot_waits.to_owned()
            } else if batch.can_resume() {
                let loss = batch.stopped_by_loss();
                if loss { words.watch.paused_by_loss } else { words.watch.paused_by_person }
                    .to_owned()
            } else {
                let pilot = batch.pilot.as_ref().filter(|pilot| pilot.ended < pilot.total)?;
                let numbers: [(&str, &dyn std::fmt::Display); 2] =
                    [("n", &pilot.ended), ("all", &pilot.total)];
                fill(words.watch.pilot_runs, &numbers)
            };
            let closes = batch.closes_at.as_ref().map(|at| {
                let time = moment(&at.0, app.language.get());
                fill(words.watch.closes, &[("time", &time)])
            });
            Some(view! { <p class="note" data-note>{text} " " {closes}</p> })
        })
    };
    view! { <div role="status" class="notes">{note}</div> }
}

/// Composes from what this batch was launched with.
#[component]
fn Rerun() -> impl IntoView {
    let watch = watch();
    let path = move || {
        watch.batch.with(|batch| {
            let batch = batch.as_ref()?;
            batch.template.is_some().then(|| format!("/compose?batch={}", batch.id.inner()))
        })
    };
    live(move || {
        path().map(|path| {
            view! { <a class="button" data-again href=path>{watch.app.t(|w| w.watch.rerun)}</a> }
        })
    })
}

/// Asks the system to tell when it is done.
#[component]
fn Tell() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let permission = || web_sys::Notification::permission();
    let open =
        move || watch.batch.with(|b| b.as_ref().is_some_and(|batch| batch.settled_at.is_none()));
    let undecided = RwSignal::new(permission() == web_sys::NotificationPermission::Default);
    let ask = move |_| {
        let Ok(answer) = web_sys::Notification::request_permission() else { return };
        spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(answer).await;
            undecided.try_set(false);
            if permission() == web_sys::NotificationPermission::Granted {
                app.say(app.words_now().watch.told);
            }
        });
    };
    view! {
        <When holds=move || open() && undecided.get()>
            <button class="button ghost" on:click=ask>
                {app.t(|w| w.watch.tell_me)}
            </button>
        </When>
    }
}
