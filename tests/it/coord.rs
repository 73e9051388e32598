//! The queue of lanes as its users see it; the same must hold for whatever stands in for it.

use entity::ids::WorkspaceId;
use server::coord::WorkQueue;
use server::coord::work_queue::Options;
use uuid::Uuid;

fn lane(number: u128) -> WorkspaceId {
    WorkspaceId(Uuid::from_u128(number))
}

/// Shares are counted in videos, not in turns: who claims eight at a time waits eight times as
/// long for the next turn.
#[tokio::test]
async fn a_lane_pays_for_what_it_claims() {
    let queue = WorkQueue::memory(Options::default());
    let (greedy, modest) = (lane(1), lane(2));
    queue.hint(greedy).await;
    queue.hint(modest).await;
    let (mut eights, mut ones) = (0_i64, 0_i64);
    for _ in 0..900 {
        let turn = queue.next().await.expect("there is work");
        let claimed = if turn.workspace_id == greedy { 8 } else { 1 };
        *(if claimed == 8 { &mut eights } else { &mut ones }) += claimed;
        queue.charge(turn, claimed).await;
    }
    assert!((eights - ones).abs() <= 8, "{eights} videos beside {ones}");
}

/// A turn that found nothing costs nothing: the lane keeps its place for when there is work again.
#[tokio::test]
async fn a_turn_without_videos_is_free() {
    let queue = WorkQueue::memory(Options::default());
    let (busy, unlucky) = (lane(1), lane(2));
    queue.hint(busy).await;
    for _ in 0..20 {
        queue.hint(unlucky).await;
        let turns = [queue.next().await.expect("one"), queue.next().await.expect("two")];
        for turn in turns {
            queue.charge(turn, i64::from(turn.workspace_id == busy)).await;
        }
    }
    // Twenty empty turns later it is no worse off than the one that was served twenty videos.
    queue.hint(unlucky).await;
    let first = queue.next().await.expect("a turn");
    let second = queue.next().await.expect("a turn");
    assert_ne!(first.workspace_id, second.workspace_id);
}
