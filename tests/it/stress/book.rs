//! The provider's book beside the attempts table, line by line.

use std::collections::{BTreeMap, BTreeSet};

use entity::ids::BatchId;
use sea_orm::ConnectionTrait as _;
use serde_json::Value;
use server::db::dialect::statement;

use super::children::{KEY, Provider};
use crate::harness::world::World;

struct Attempt {
    job: Option<String>,
    outcome: String,
    code: Option<String>,
}

/// Every submission is an attempt's, once; every job is named by its attempt; an attempt without a
/// line never arrived, and says so.
pub async fn assert_agrees(world: &World, provider: &Provider) {
    let attempts = attempts(world).await;
    let mut submissions: BTreeMap<String, Value> = BTreeMap::new();
    for line in provider.book().into_iter().filter(|line| line["did"] == "submit") {
        let reference = line["reference"].as_str().expect("our reference").to_owned();
        assert_eq!(line["idempotencyKey"], line["reference"], "the key is the reference");
        let before = submissions.insert(reference.clone(), line);
        assert!(before.is_none(), "{reference} was submitted twice");
    }
    for (reference, line) in &submissions {
        let attempt = attempts.get(reference).unwrap_or_else(|| panic!("{reference}: no attempt"));
        let made = line["job"].as_str();
        // Nobody can find a job again that its provider lost before anybody knew of it.
        let unfindable = line["fault"] == "Lose" && attempt.job.is_none();
        assert!(
            attempt.job.as_deref() == made || unfindable,
            "{reference}: {line} beside {:?}, {} {:?}",
            attempt.job,
            attempt.outcome,
            attempt.code
        );
    }
    for (reference, attempt) in &attempts {
        if !submissions.contains_key(reference) {
            assert_eq!(attempt.job, None, "{reference} has a job nobody made");
            let code = attempt.code.as_deref();
            let never = matches!(code, Some("NEVER_ARRIVED" | "TRANSIENT"));
            assert!(never, "{reference} never arrived, and ended {} {code:?}", attempt.outcome);
        }
    }
}

/// How often each kind of misbehaviour was met.
pub fn faults(provider: &Provider) -> BTreeMap<String, usize> {
    let mut met = BTreeMap::new();
    for line in provider.book().into_iter().filter(|line| line["did"] == "submit") {
        *met.entry(line["fault"].as_str().expect("a fault").to_owned()).or_default() += 1;
    }
    met
}

/// Jobs that were asked to stop while they ran and went on, by how they took it.
pub fn finished_after_cancel(provider: &Provider) -> BTreeMap<String, BTreeSet<String>> {
    let mut jobs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in provider.book() {
        if line["did"] == "cancel" && line["stopped"] == false && line["standing"][1] == true {
            let fault = line["standing"][0].as_str().expect("a fault").to_owned();
            jobs.entry(fault).or_default().insert(line["job"].as_str().expect("a job").to_owned());
        }
    }
    jobs
}

async fn attempts(world: &World) -> BTreeMap<String, Attempt> {
    let reader = world.db.reader();
    let sql = "SELECT reference, provider_job_id, outcome, error_code FROM attempts";
    let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
    rows.iter()
        .map(|row| {
            let text = |name: &str| row.try_get::<Option<String>>("", name).expect("a text");
            let attempt = Attempt {
                job: text("provider_job_id"),
                outcome: text("outcome").unwrap_or_default(),
                code: text("error_code"),
            };
            (text("reference").expect("a reference"), attempt)
        })
        .collect()
}

/// A video's prompt and how it ended.
struct End {
    prompt: String,
    state: String,
    code: String,
    batch: BatchId,
    submitted: bool,
}

/// What was asked for decides how a video ends; in a batch that was `cancelled`, also whether the
/// provider had it.
pub async fn assert_states(world: &World, cancelled: &[BatchId]) {
    for end in ends(world).await {
        let End { prompt, state, code, .. } = &end;
        let has = |marker: &str| prompt.contains(marker);
        if cancelled.contains(&end.batch) {
            // A cancel the provider took and ignored, or refused: the file came, and counts.
            let came = (has("[deaf]") || has("[stubborn]")) && end.submitted;
            let expected: &[&str] = if came { &["DELIVERED"] } else { &["CANCELLED", "DELIVERED"] };
            assert!(expected.contains(&state.as_str()), "{prompt}: {state} {code}");
            continue;
        }
        let expected: &[&str] = if has("[refuse]") || has("[block]") || has("[echo]") {
            &["REFUSED"]
        } else if has("[invalid]") {
            &["INVALID_REQUEST"]
        } else if has("[truncated]") || has("[garbage]") {
            &["RESULT_UNUSABLE"]
        } else if has("[lose]") {
            // Unproven; or found never to have arrived, if the server died before it knew the job.
            &["OUTCOME_UNPROVEN", ""]
        } else {
            &[""]
        };
        assert!(expected.contains(&code.as_str()), "{prompt}: {state} {code}");
        assert_eq!(state == "DELIVERED", code.is_empty(), "{prompt}: {state} {code}");
    }
}

async fn ends(world: &World) -> Vec<End> {
    let reader = world.db.reader();
    let sql = "SELECT prompt, state, COALESCE(error_code, '') AS code, batch_id, \
               CASE WHEN EXISTS (SELECT 1 FROM attempts a WHERE a.video_id = v.id \
               AND a.provider_job_id IS NOT NULL) THEN 1 ELSE 0 END AS submitted \
               FROM batch_items v";
    let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
    let end = |row: &sea_orm::QueryResult| {
        let text = |name: &str| row.try_get::<String>("", name).expect("a text");
        End {
            prompt: text("prompt"),
            state: text("state"),
            code: text("code"),
            batch: row.try_get("", "batch_id").expect("an id"),
            submitted: row.try_get::<i32>("", "submitted").expect("a flag") == 1,
        }
    };
    rows.iter().map(end).collect()
}

/// Nothing that is stored of the provider's words repeats a prompt, an address or a key.
pub async fn assert_nothing_repeated(world: &World) {
    let reader = world.db.reader();
    let sql = "SELECT error_detail AS words FROM attempts WHERE error_detail IS NOT NULL \
               UNION ALL SELECT error_detail FROM batch_items WHERE error_detail IS NOT NULL";
    let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
    let words: Vec<String> =
        rows.iter().map(|row| row.try_get("", "words").expect("a text")).collect();
    let echoed = words.iter().filter(|text| text.contains("[prompt]")).count();
    assert!(echoed > 0, "the provider repeated prompts");
    for text in &words {
        for secret in ["cat in scene", "files.example", "sig=", KEY] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
