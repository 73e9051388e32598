//! Many uses of files at once: written in groups, each answered for itself.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use server::db::{Class, Tx};
use server::domain::access::{Actor, Caller};
use server::domain::media::{Error, LinkRequest, Media, Use};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::files::{delivered, media, scope};
use super::stage::{MORTAL, Stage};
use crate::harness::database::Database;

crate::harness::both!(
    uses_that_come_together_are_written_together,
    a_use_that_cannot_be_written_keeps_no_other_from_it,
);

/// Readers at once.
const READERS: u64 = 40;

type Reader = JoinHandle<Result<(), Error>>;

async fn uses_that_come_together_are_written_together(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let media = media(&stage);
    let token = token(&stage, &media).await;
    let log = hold_the_log(&stage).await;
    let before = stage.db.statements();
    let readers = readers(&stage, (&media, &token), |_| "reader").await;
    log.let_go().await;
    for reader in readers {
        reader.await.expect("no panic").expect("the file");
    }
    let written = stage.db.statements() - before - READERS;
    assert!(written <= 5, "{READERS} uses cost {written} statements beside the reads");
    assert_eq!(fetched(&stage).await, READERS as i64);
}

async fn a_use_that_cannot_be_written_keeps_no_other_from_it(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let media = media(&stage);
    let token = token(&stage, &media).await;
    refuse_poison(&stage).await;
    let log = hold_the_log(&stage).await;
    let agent = |n| if n == 7 { "poison" } else { "reader" };
    let readers = readers(&stage, (&media, &token), agent).await;
    // One who goes away takes nothing back.
    readers[3].abort();
    log.let_go().await;
    let (mut read, mut refused) = (0, 0);
    for reader in readers {
        match reader.await {
            Ok(Ok(())) => read += 1,
            Ok(Err(Error::Db(_))) => refused += 1,
            Ok(Err(other)) => panic!("{other:?}"),
            Err(_) => {}
        }
    }
    assert_eq!((read, refused), (READERS - 2, 1));
    let all = "SELECT count(*) FROM (SELECT kind FROM video_external_access_log \
               WHERE kind = 'FETCHED' GROUP BY kind HAVING count(*) = $1) AS complete";
    stage.until(all, [(READERS as i64 - 1).into()]).await;
}

async fn token(stage: &Stage, media: &Media) -> String {
    let batch = delivered(stage, 1).await;
    let request = LinkRequest { batch_id: batch.id, video_ids: &batch.videos, ttl_s: None };
    let links = media.links(&scope(stage).await, request).await.expect("links");
    links[0].video.reveal().to_owned()
}

async fn fetched(stage: &Stage) -> i64 {
    let sql = "SELECT count(*) FROM video_external_access_log WHERE kind = 'FETCHED'";
    stage.number(sql, []).await
}

/// Readers who have all asked, and none of whom got anything while nobody can write.
async fn readers(
    stage: &Stage,
    (media, token): (&Media, &str),
    agent: fn(u64) -> &'static str,
) -> Vec<Reader> {
    let before = stage.db.statements();
    let readers: Vec<Reader> = (0..READERS)
        .map(|n| {
            let (media, token) = (media.clone(), token.to_owned());
            let stranger = Caller::local(Actor::Anonymous, "test");
            let caller = Caller { user_agent: agent(n).to_owned(), ..stranger };
            tokio::spawn(async move {
                media.open(&caller, &token, Use { range_header: None }).await.map(|_| ())
            })
        })
        .collect();
    while stage.db.statements() < before + READERS {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(readers.iter().all(|reader| !reader.is_finished()), "a file before its row");
    readers
}

/// A transaction that keeps everybody else from writing into the access log.
struct Held {
    go: Arc<Notify>,
    holder: JoinHandle<Result<(), DbErr>>,
}

impl Held {
    async fn let_go(self) {
        self.go.notify_one();
        self.holder.await.expect("no panic").expect("a commit");
    }
}

async fn hold_the_log(stage: &Stage) -> Held {
    let (go, holds) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (db, told, tell) = (stage.db.clone(), Arc::clone(&go), Arc::clone(&holds));
    let holder = tokio::spawn(async move {
        db.tx(Class::Money, |tx: Tx| {
            let (told, tell) = (Arc::clone(&told), Arc::clone(&tell));
            async move {
                if tx.get_database_backend() == DbBackend::Postgres {
                    let lock = "LOCK TABLE video_external_access_log IN EXCLUSIVE MODE";
                    tx.execute_unprepared(lock).await?;
                }
                tell.notify_one();
                told.notified().await;
                Ok(())
            }
        })
        .await
    });
    holds.notified().await;
    Held { go, holder }
}

/// Makes the database refuse the uses of one program.
async fn refuse_poison(stage: &Stage) {
    let rule = if stage.db.backend() == DbBackend::Sqlite {
        "CREATE TRIGGER no_poison BEFORE INSERT ON video_external_access_log \
         WHEN NEW.user_agent = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END"
    } else {
        "ALTER TABLE video_external_access_log ADD CHECK (user_agent <> 'poison')"
    };
    stage.change(rule, []).await;
}
