//! The GraphQL API: one file a noun, roots merged here.
//!
//! Resolvers translate and call one use-case; they decide nothing. The mutations of one request
//! run one after the other, each in its own transaction: an error in one does not undo another.
//!
//! Deliberately absent: batched requests, uploads, back-references (a batch does not lead to its
//! workspace), and any type of the database in the schema.

use std::sync::Arc;

use async_graphql::{MergedObject, MergedSubscription, Request, Response, Schema, Value};

pub use call::{Call, SessionChange, Transport};
pub use following::{Follows, Rights, Sharing};
pub use rate::{Bucket, Rates, Report};
pub use services::Services;

use crate::config;

mod account;
mod assets;
mod audit;
mod batches;
mod blocks;
mod call;
mod collect;
mod control;
pub mod documents;
pub mod error;
mod following;
mod invitations;
pub mod limits;
mod loaders;
mod marks;
mod members;
mod page;
mod people;
mod plans;
mod problem;
pub mod progress;
mod quotes;
pub mod rate;
mod scalars;
mod selection;
mod services;
mod sessions;
mod spending;
mod templates;
mod trail;
mod value_lists;
mod videos;
mod vouchers;
mod wallet;
mod words;
mod workspace;

/// Everything that can be read.
#[derive(Default, MergedObject)]
pub struct Query(
    account::AccountQueries,
    invitations::InvitationQueries,
    plans::PlanQueries,
    quotes::QuoteQueries,
    templates::TemplateQueries,
    workspace::WorkspaceQueries,
);

/// Everything that can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    account::AccountMutations,
    assets::AssetMutations,
    batches::BatchMutations,
    collect::CollectMutations,
    control::ControlMutations,
    invitations::InvitationMutations,
    marks::MarkMutations,
    members::MemberMutations,
    plans::PlanMutations,
    quotes::QuoteMutations,
    sessions::SessionMutations,
    spending::SpendingMutations,
    templates::TemplateMutations,
    value_lists::ValueListMutations,
    vouchers::VoucherMutations,
    wallet::WalletMutations,
    workspace::WorkspaceMutations,
);

/// Everything that can be followed.
#[derive(Default, MergedSubscription)]
pub struct Subscription(progress::ProgressSubscriptions);

/// The schema, ready to run. Cheap to clone.
pub type ApiSchema = Schema<Query, Mutation, Subscription>;

/// The schema with its limits.
#[must_use]
pub fn schema(limits: Arc<config::Graphql>) -> ApiSchema {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .extension(limits::Limits(limits))
        .finish()
}

/// The schema as text; what `server/schema.graphql` holds.
#[must_use]
pub fn sdl() -> String {
    let schema = Schema::new(Query::default(), Mutation::default(), Subscription::default());
    let options = async_graphql::SDLExportOptions::new().use_space_ident().indent_width(2);
    let text = schema.sdl_with_options(options);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim())
}

/// Runs one request and gives every error its code and words.
pub async fn run(schema: &ApiSchema, request: Request, call: &Arc<Call>) -> Response {
    let response = schema.execute(request.data(Arc::clone(call))).await;
    let response = error::render(response, call.caller().language);
    response.extension("cost", cost(&call.report()))
}

fn cost(report: &Report) -> Value {
    let buckets = report.buckets.iter().map(|bucket| {
        Value::Object(
            [
                (async_graphql::Name::new("bucket"), Value::from(bucket.name)),
                (async_graphql::Name::new("maximum"), Value::from(bucket.burst)),
                (async_graphql::Name::new("remaining"), Value::from(bucket.verdict.remaining)),
                (async_graphql::Name::new("restorePerMinute"), Value::from(bucket.per_minute)),
            ]
            .into_iter()
            .collect(),
        )
    });
    Value::Object(
        [
            (async_graphql::Name::new("requested"), Value::from(report.cost)),
            (async_graphql::Name::new("throttle"), Value::List(buckets.collect())),
        ]
        .into_iter()
        .collect(),
    )
}
