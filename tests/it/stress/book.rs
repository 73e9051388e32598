//! The provider's book beside the attempts table, line by line.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait as _;
use serde_json::Value;
use server::db::dialect::statement;

use super::children::Provider;
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
