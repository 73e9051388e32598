//! Endings: one transaction, fenced, exactly the shares of the edges that fired.

use entity::enums::{AttemptOutcome, Mode};
use entity::ids::VideoId;
use server::db::{Class, Tx};
use server::domain::batches::failure::FailureCode;
use server::domain::batches::line::{
    Answer, ClaimedVideo, Dispatch, Ending, Error, Fence, Held, What,
};
use server::domain::wallet::{self, Resolution, Verdict};
use server::ports::provider::{Cost, JobId};

use super::stage::{CANDIDATE, MORTAL, PRICE, Stage, asset, counters};
use crate::harness::database::Database;
use crate::wallet::stage as books;

crate::harness::both!(
    a_lost_fence_inside_a_flush_leaves_no_gap,
    no_asset_without_a_share_to_capture,
    only_a_stored_video_is_delivered,
    an_ending_counts_once_however_often_it_is_told,
    a_late_file_is_neither_stored_nor_charged,
    many_wallets_settle_in_one_flush,
    nothing_of_the_prompt_or_a_key_is_kept_of_a_failures_words,
);

fn delivered(held: Held) -> Ending {
    let cost = Some(Cost { minor: 12, currency: "USD" });
    Ending::by_holder(held, What::Delivered { asset: asset(&held), cost })
}

/// Brings claimed videos to STORING.
async fn to_storing(line: &Dispatch, videos: &[ClaimedVideo]) {
    for video in videos {
        let job = JobId(format!("job-{}", video.submission.reference));
        line.submitted(&video.held, &job).await.expect("submitted");
        line.storing(&video.held).await.expect("storing");
    }
}

async fn a_lost_fence_inside_a_flush_leaves_no_gap(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(4).await;
    let line = stage.dispatch("a");
    let videos = stage.claim(&line, 4).await.expect("a claim").videos;
    to_storing(&line, &videos).await;
    let held: Vec<Held> = videos.iter().map(|video| video.held).collect();
    let stale = Held { fence: Fence { lease_epoch: 0, ..held[1].fence }, ..held[1] };
    let other = Held { fence: Fence { attempt: 9, ..held[2].fence }, ..held[2] };
    let endings = [
        delivered(held[0]),
        delivered(stale),
        Ending::by_holder(
            held[3],
            What::Failed {
                code: FailureCode::Refused,
                class: "REFUSED",
                detail: "no".into(),
                cost: None,
            },
        ),
        delivered(other),
        delivered(held[1]),
    ];
    let answers = line.settle(&endings).await.expect("a flush");
    use Answer as A;
    assert_eq!(answers, [A::Delivered, A::FenceLost, A::Failed, A::FenceLost, A::Delivered]);
    let assets = stage.number("SELECT count(*) FROM assets", []).await;
    assert_eq!(assets, 2, "the fences that were lost left nothing");
    stage.assert_whole().await;
    assert_eq!(line.settle(&[delivered(held[2])]).await.expect("the last"), [A::Delivered]);
    let sql = "SELECT count(*) FROM batch_jobs WHERE state = 'PARTIAL' AND delivered = 3 \
               AND failed = 1 AND settled_at IS NOT NULL";
    assert_eq!(stage.number(sql, []).await, 1);
    assert_eq!(
        stage.number("SELECT count(*) FROM outbox WHERE topic = 'batch.settled'", []).await,
        1
    );
    stage.assert_whole().await;
}

async fn no_asset_without_a_share_to_capture(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(2).await;
    let line = stage.dispatch("a");
    let videos = stage.claim(&line, 2).await.expect("a claim").videos;
    to_storing(&line, &videos).await;
    release_behind_its_back(&stage, videos[0].held.fence.video_id).await;
    let endings = [delivered(videos[0].held), delivered(videos[1].held)];
    let refused = line.settle(&endings).await;
    assert!(matches!(refused, Err(Error::Inconsistent(_))), "{refused:?}");
    assert_eq!(stage.number("SELECT count(*) FROM assets", []).await, 0, "all or nothing");
    let sql = "SELECT count(*) FROM batch_items WHERE state = 'STORING'";
    assert_eq!(stage.number(sql, []).await, 2);
    let answers = line.settle(&endings[1..]).await.expect("the other one is whole");
    assert_eq!(answers, [Answer::Delivered]);
    books::assert_gapless(&stage.db, stage.purse.wallet_id).await;
}

async fn release_behind_its_back(stage: &Stage, video_id: VideoId) {
    let wallet_id = stage.purse.wallet_id;
    let work = |tx: Tx| async move {
        let mut locked = wallet::lock_in_tx(&tx, &[wallet_id]).await?;
        let release = Resolution { video_id, verdict: Verdict::Release };
        wallet::resolve_in_tx(&tx, &mut locked, &[release], books::NOW).await?;
        wallet::finish_in_tx(&tx, locked).await?;
        Ok::<_, wallet::Error>(())
    };
    stage.db.tx(Class::Money, work).await.expect("a release");
}

async fn only_a_stored_video_is_delivered(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(1).await;
    let line = stage.dispatch("a");
    let video = stage.claim(&line, 1).await.expect("a claim").videos.remove(0);
    let ending = [delivered(video.held)];
    let told = "a file that nobody stored";
    assert_eq!(line.settle(&ending).await.expect(told), [Answer::FenceLost]);
    line.submitted(&video.held, &JobId("j".into())).await.expect("submitted");
    assert_eq!(line.settle(&ending).await.expect(told), [Answer::FenceLost]);
    let twice = line.submitted(&video.held, &JobId("other".into())).await;
    assert!(matches!(twice, Err(Error::FenceLost)), "an edge is taken once");
    line.storing(&video.held).await.expect("storing");
    assert_eq!(line.settle(&ending).await.expect("a flush"), [Answer::Delivered]);
    stage.assert_whole().await;
}

async fn an_ending_counts_once_however_often_it_is_told(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(1).await;
    let line = stage.dispatch("a");
    let videos = stage.claim(&line, 1).await.expect("a claim").videos;
    to_storing(&line, &videos).await;
    let twice = [delivered(videos[0].held), delivered(videos[0].held)];
    assert_eq!(line.settle(&twice).await.expect("a flush"), [Answer::Delivered, Answer::FenceLost]);
    let at_once = futures_util::future::join_all((0..4).map(|_| line.settle(&twice))).await;
    for answers in at_once {
        assert_eq!(answers.expect("a flush"), [Answer::FenceLost, Answer::FenceLost]);
    }
    stage.assert_whole().await;
}

async fn a_late_file_is_neither_stored_nor_charged(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(1).await;
    let line = stage.dispatch("a");
    let videos = stage.claim(&line, 1).await.expect("a claim").videos;
    to_storing(&line, &videos).await;
    let held = videos[0].held;
    stage.close(batch.id).await;
    let stopped = line
        .settle(&[Ending::by_holder(held, What::Stopped { cost: None })])
        .await
        .expect("a stop");
    assert_eq!(stopped, [Answer::Cancelled]);
    let late = line.settle(&[delivered(held)]).await.expect("a late file");
    assert_eq!(late, [Answer::Late]);
    let attempts = stage.attempts(held.fence.video_id).await;
    assert_eq!(attempts, [(Some("STOPPED".into()), None, true)]);
    assert_eq!(stage.number("SELECT cost_minor FROM attempts", []).await, 12, "its cost is kept");
    stage.assert_whole().await;
    let (available, held, ..) = books::stored(&stage.db, stage.purse.wallet_id).await;
    assert_eq!((available, held), (1_000_000, 0));
}

async fn many_wallets_settle_in_one_flush(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let line = stage.dispatch("a");
    let mut endings = Vec::new();
    let mut purses = vec![stage.purse];
    for _ in 0..4 {
        let purse = books::funded(&stage.db, 100).await;
        counters(&stage.db, purse).await;
        purses.push(purse);
    }
    for purse in &purses {
        stage.launch_for(*purse, 3).await;
        let request = server::domain::batches::line::ClaimRequest {
            workspace_id: purse.workspace_id,
            most: 3,
            offers: &[CANDIDATE],
        };
        let videos = line.claim(&request).await.expect("a claim").expect("videos").videos;
        to_storing(&line, &videos).await;
        assert!(videos.iter().all(|video| video.held.mode == Mode::Live));
        endings.extend(videos.iter().map(|video| delivered(video.held)));
    }
    let answers = line.settle(&endings).await.expect("one flush");
    assert!(answers.iter().all(|answer| *answer == Answer::Delivered));
    for purse in &purses[1..] {
        let (available, held, ..) = books::stored(&stage.db, purse.wallet_id).await;
        assert_eq!((available, held), (100 - 3 * PRICE, 0));
        books::assert_gapless(&stage.db, purse.wallet_id).await;
    }
    stage.assert_whole().await;
}

/// Of the words about a failure that is final, and of one after which another attempt follows; on
/// the video and on the attempt.
async fn nothing_of_the_prompt_or_a_key_is_kept_of_a_failures_words(database: Database) {
    const PROMPT: &str = "A lighthouse at dusk, waves breaking over the rocks";
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(2).await;
    stage.change("UPDATE batch_items SET prompt = $1", [PROMPT.into()]).await;
    let line = stage.dispatch("a");
    let videos = stage.claim(&line, 2).await.expect("a claim").videos;
    let detail =
        format!("status 400: \"{PROMPT}\" refused for key sk-abc123def, see https://a.b/c");
    let endings = [
        What::Failed {
            code: FailureCode::Refused,
            class: "REFUSED",
            detail: detail.clone(),
            cost: None,
        },
        What::Retry {
            outcome: AttemptOutcome::Retryable,
            class: "TRANSIENT",
            detail,
            wait: None,
            cost: None,
        },
    ];
    let endings: Vec<Ending> = videos
        .iter()
        .zip(endings)
        .map(|(video, what)| Ending::by_holder(video.held, what))
        .collect();
    let answers = line.settle(&endings).await.expect("a flush");
    assert_eq!(answers, [Answer::Failed, Answer::Requeued]);
    let kept = "status 400: \"[prompt]\" refused for key [key], see [address]";
    for (table, rows) in [("attempts", 2), ("batch_items", 1)] {
        let told = format!("SELECT count(*) FROM {table} WHERE error_detail IS NOT NULL");
        assert_eq!(stage.number(&told, []).await, rows, "{table}");
        let sound = format!("SELECT count(*) FROM {table} WHERE error_detail = $1");
        assert_eq!(stage.number(&sound, [kept.into()]).await, rows, "{table}");
    }
    stage.assert_whole().await;
}
