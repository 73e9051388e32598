//! Delivered files: links, ranges, the access log, orphans.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use server::config;
use server::domain::access::{Access, Action, Actor, Caller, Scope};
use server::domain::media::{self, Error, LinkRequest, Media, Options, Use};
use server::kernel::secret::MasterKey;

use super::rotten::{Rot, Rotten};
use super::stage::{MORTAL, Stage};
use crate::harness::database::Database;
use crate::wallet::stage::{Batch, NOW};

crate::harness::both!(
    a_link_opens_its_file_until_it_expires_and_every_use_is_logged,
    links_stay_inside_their_workspace_and_limits,
    orphans_go_and_delivered_files_stay,
    the_workers_remove_what_is_older_than_a_day,
    a_store_that_returns_other_bytes_delivers_nothing,
);

pub async fn delivered(stage: &Stage, videos: usize) -> Batch {
    let batch = stage.launch(videos).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    batch
}

pub fn media(stage: &Stage) -> Media {
    let (db, clock, key) = (stage.db.clone(), stage.clock.clone(), MasterKey::new([3; 32]));
    let options = Options { link_ttl_s: 60, max_link_ttl_s: 600, max_links: 2 };
    Media::new(db, clock, key, stage.store(), options)
}

pub async fn scope(stage: &Stage) -> Scope {
    let access = Access::new(
        stage.db.clone(),
        stage.clock.clone(),
        MasterKey::new([3; 32]),
        config::Access::default(),
    );
    let caller = Caller::local(Actor::Cli, "test");
    access.authorise(&caller, stage.purse.workspace_id, Action::ReadFiles).await.expect("a scope")
}

async fn read(media: &Media, token: &str, range: Option<&str>) -> Result<(Vec<u8>, u64), Error> {
    let caller = Caller::local(Actor::Anonymous, "test");
    let opened = media.open(&caller, token, Use { range_header: range }).await?;
    let parts: Vec<_> = opened.body.try_collect().await?;
    Ok((parts.concat(), opened.total))
}

async fn a_link_opens_its_file_until_it_expires_and_every_use_is_logged(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = delivered(&stage, 1).await;
    let media = media(&stage);
    let request = LinkRequest { batch_id: batch.id, video_ids: &batch.videos, ttl_s: None };
    let links = media.links(&scope(&stage).await, request).await.expect("links");
    assert_eq!(links.len(), 1);
    let (whole, total) = read(&media, links[0].video.reveal(), None).await.expect("the file");
    assert_eq!(whole.len() as u64, total);
    assert_eq!(&whole[4..8], b"ftyp");
    let (part, of) =
        read(&media, links[0].video.reveal(), Some("bytes=4-7")).await.expect("a part");
    assert_eq!((part.as_slice(), of), (&b"ftyp"[..], total));
    let (poster, _) = read(&media, links[0].poster.reveal(), None).await.expect("the poster");
    assert_eq!(&poster[..2], [0xff, 0xd8]);
    let beyond = read(&media, links[0].video.reveal(), Some("bytes=99999999-")).await;
    assert!(matches!(beyond, Err(Error::Range { .. })));
    let mut damaged = links[0].video.reveal().to_owned();
    damaged.replace_range(10..11, if &damaged[10..11] == "A" { "B" } else { "A" });
    assert!(matches!(read(&media, &damaged, None).await, Err(Error::LinkInvalid)));
    stage.clock.advance_ms(60_000);
    let expired = read(&media, links[0].video.reveal(), None).await;
    assert!(matches!(expired, Err(Error::LinkExpired)));
    for (kind, rows) in [("LINK_ISSUED", 1), ("FETCHED", 3), ("REFUSED", 1)] {
        let sql = "SELECT count(*) FROM video_external_access_log WHERE kind = $1";
        assert_eq!(stage.number(sql, [kind.into()]).await, rows, "{kind}");
    }
}

async fn links_stay_inside_their_workspace_and_limits(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = delivered(&stage, 1).await;
    let waiting = stage.launch(3).await;
    let media = media(&stage);
    let scope = scope(&stage).await;
    let ask = async |batch_id, video_ids: &[_], ttl_s| {
        media.links(&scope, LinkRequest { batch_id, video_ids, ttl_s }).await
    };
    let none = ask(waiting.id, &waiting.videos[..2], None).await.expect("no file yet");
    assert!(none.is_empty());
    assert!(ask(waiting.id, &batch.videos, None).await.expect("of another batch").is_empty());
    let many = ask(waiting.id, &waiting.videos, None).await;
    assert!(matches!(many, Err(Error::TooMany { most: 2 })));
    for ttl_s in [0, -1, 601, i64::MAX] {
        let ttl = ask(batch.id, &batch.videos, Some(ttl_s)).await;
        assert!(matches!(ttl, Err(Error::Ttl { most: 600 })), "{ttl_s}");
    }
    let elsewhere = crate::wallet::stage::funded(&stage.db, 10).await;
    stage
        .change(
            "UPDATE batch_jobs SET workspace_id = $1 WHERE id = $2",
            [elsewhere.workspace_id.into(), batch.id.into()],
        )
        .await;
    assert!(matches!(ask(batch.id, &batch.videos, None).await, Err(Error::NotFound)));
}

async fn orphans_go_and_delivered_files_stay(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    delivered(&stage, 1).await;
    let store = stage.store();
    let stray = stage.folder.path().join("stray");
    std::fs::write(&stray, b"nobody names me").expect("written");
    store.put(&stray, "wks_x/bat_y/vid_z/1-1.mp4").await.expect("stored");
    let staged = stage.folder.path().join("objects/wks_x/half.mp4#1");
    std::fs::write(&staged, b"half").expect("written");
    let now = server::kernel::clock::Clock::system().now();
    let sweep =
        async |before| media::sweep::orphans(&stage.db, &store, before).await.expect("a sweep");
    assert_eq!(sweep(now.plus_ms(-86_400_000)).await, 0, "too young");
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(sweep(now.plus_ms(60_000)).await, 2);
    assert!(!staged.exists());
    let gone = store.measure("wks_x/bat_y/vid_z/1-1.mp4").await.expect("a look");
    assert_eq!(gone, None);
    for column in ["object_key", "poster_key"] {
        let sql = format!("SELECT {column} AS key FROM assets");
        let reader = stage.db.reader();
        let row = sea_orm::ConnectionTrait::query_one_raw(
            reader,
            server::db::dialect::statement(reader, sql, []),
        );
        let key: String =
            row.await.expect("a result").expect("an asset").try_get("", "key").expect("a key");
        assert!(store.measure(&key).await.expect("a look").is_some(), "{column} stays");
    }
}

/// Gives a stored object another age by the line's clock.
fn aged(stage: &Stage, key: &str, hours: u64) {
    let file =
        std::fs::File::options().write(true).open(stage.folder.path().join("objects").join(key));
    let now = std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(NOW.0).expect("late"));
    let changed = now - Duration::from_secs(hours * 3_600);
    file.expect("an object").set_modified(changed).expect("another age");
}

async fn the_workers_remove_what_is_older_than_a_day(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = delivered(&stage, 1).await;
    let store = stage.store();
    let stray = stage.folder.path().join("stray");
    std::fs::write(&stray, b"nobody names me").expect("written");
    for (key, hours) in [("a/old.mp4", 25), ("a/young.mp4", 23)] {
        store.put(&stray, key).await.expect("stored");
        aged(&stage, key, hours);
    }
    for (key, hours) in [("a/old.mp4#1", 25), ("a/young.mp4#1", 23)] {
        std::fs::write(stage.folder.path().join("objects").join(key), b"half").expect("written");
        aged(&stage, key, hours);
    }
    let held = format!("{}/{}/{}/1-1", stage.purse.workspace_id, batch.id, batch.videos[0]);
    let named = [format!("{held}.mp4"), format!("{held}.jpg")];
    for key in &named {
        aged(&stage, key, 1_000);
    }
    let there = |key: &str| stage.folder.path().join("objects").join(key).exists();
    let line = stage.start(|options| options.clean_every = Duration::ZERO).await;
    for _ in 0..500 {
        if !there("a/old.mp4") && !there("a/old.mp4#1") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // One more round at least: what was to go is gone.
    tokio::time::sleep(Duration::from_millis(200)).await;
    line.drain().await;
    assert_eq!(["a/old.mp4", "a/old.mp4#1"].map(there), [false, false], "a day is over");
    assert_eq!(["a/young.mp4", "a/young.mp4#1"].map(there), [true, true], "somebody may want it");
    assert!(named.iter().all(|key| there(key)), "what an asset names stays for ever");
}

/// Nothing is believed of a file but what the store gives back.
async fn a_store_that_returns_other_bytes_delivers_nothing(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    for rot in [Rot::OtherByte, Rot::Shorter, Rot::Gone] {
        let store = Rotten::store(stage.folder.path(), rot);
        let file = stage.folder.path().join("prepared.mp4");
        let refused = store.put(&file, "a/b.mp4").await;
        assert!(matches!(refused, Err(Error::Corrupt)), "{rot:?}: {refused:?}");
        let batch = stage.launch(1).await;
        let line = stage.start_over(store, |_| {}).await;
        stage.settled(batch.id).await;
        line.drain().await;
        let sql = "SELECT count(*) FROM batch_items WHERE id = $1 AND state = 'FAILED' \
                   AND error_code = 'STORE_FAILED' AND attempt = 1";
        assert_eq!(stage.number(sql, [batch.videos[0].into()]).await, 1, "{rot:?}");
        stage.assert_whole().await;
    }
    let submitted = stage.scripted.submissions().len();
    assert_eq!(submitted, 3, "a result that cannot be stored is not bought again");
    assert_eq!(stage.number("SELECT count(*) FROM assets", []).await, 0);
}
