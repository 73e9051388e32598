//! Limits of one request, applied before anything runs: text, shape, cost, then the rate buckets.
//!
//! The order matters: each step bounds the time the next one may take. Everything refused here is
//! `QUERY_TOO_COMPLEX` (or `RATE_LIMITED`), and nothing has been executed. The framework's own
//! limits are not used: they run after steps that take exponential time, and answer without a code.

use std::any::TypeId;
use std::sync::Arc;

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextPrepareRequest,
};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Response, ServerError, ServerResult, Variables};

use self::scan::{Excess, Most, scan};
use self::shape::{Shape, measure};
use super::call::Call;
use super::error::{query_invalid, server_error};
use crate::config;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

pub mod cost;
pub mod scan;
pub mod shape;
mod transport;

/// Applies the limits of the configuration to every request of a schema.
pub struct Limits(pub Arc<config::Graphql>);

impl ExtensionFactory for Limits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Checked(Arc::clone(&self.0)))
    }
}

struct Checked(Arc<config::Graphql>);

#[async_trait::async_trait]
impl Extension for Checked {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let mut request = next.run(ctx, request).await?;
        let most = Most { brackets: self.0.brackets, tokens: self.0.tokens };
        scan(&request.query, most).map_err(|excess| too_long(excess, most))?;
        let document = parse_query(&request.query)?;
        let shape =
            measure(&document).map_err(|_| server_error(query_invalid(Reason::FragmentCycle)))?;
        check(&shape, &self.0).map_err(server_error)?;
        if let (Some(call), Some(kind)) = (call_of(&request), kind_of(&document, &request)) {
            transport::allow(&call, kind).map_err(server_error)?;
        }
        request.set_parsed_query(document);
        Ok(request)
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(ctx, query, variables).await?;
        let cost = cost::cost(&document, variables, &ctx.schema_env.registry);
        let limit = self.0.cost as u64;
        if cost > limit {
            return Err(server_error(too_complex((Reason::Cost, "cost"), cost, limit)));
        }
        if let Some(call) = ctx.data_opt::<Arc<Call>>() {
            call.following.read(&document);
            // What goes on with an earlier question has been paid for.
            if call.following.resume().is_none() {
                call.charge(cost).await.map_err(server_error)?;
            }
        }
        Ok(document)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(call) = ctx.data_opt::<Arc<Call>>() {
            call.begin();
        }
        next.run(ctx, operation_name).await
    }
}

/// The request's own entry, before the framework has taken it over.
fn call_of(request: &Request) -> Option<Arc<Call>> {
    let entry = request.data.get(&TypeId::of::<Arc<Call>>())?;
    entry.downcast_ref::<Arc<Call>>().map(Arc::clone)
}

/// What the operation that would run is; `None` where none is named, which validation refuses.
fn kind_of(document: &ExecutableDocument, request: &Request) -> Option<OperationType> {
    let mut operations = document.operations.iter();
    let wanted = request.operation_name.as_deref();
    match wanted {
        None => operations.next(),
        Some(_) => operations.find(|(name, _)| name.map(|name| name.as_str()) == wanted),
    }
    .map(|(_, operation)| operation.node.ty)
}

fn too_long(excess: Excess, most: Most) -> ServerError {
    server_error(match excess {
        Excess::Tokens => beyond((Reason::Tokens, "tokens"), most.tokens),
        Excess::Brackets => beyond((Reason::Brackets, "brackets"), most.brackets),
    })
}

fn check(shape: &Shape, limits: &config::Graphql) -> Result<(), ApiError> {
    let counts = [
        ((Reason::Depth, "depth"), shape.depth, limits.depth),
        ((Reason::Aliases, "aliases"), shape.aliases, limits.aliases),
        ((Reason::RootFields, "rootFields"), shape.root_fields, limits.root_fields),
        ((Reason::Directives, "directives"), shape.directives, limits.directives),
        // Bounds the work of validation, which visits fragments where they are used.
        ((Reason::Fields, "fields"), shape.fields, limits.cost),
    ];
    match counts.into_iter().find(|(_, found, limit)| found > limit) {
        Some((what, found, limit)) => Err(too_complex(what, found as u64, limit as u64)),
        None => Ok(()),
    }
}

/// Counting stopped at the limit.
fn beyond(what: (Reason, &'static str), limit: usize) -> ApiError {
    too_complex(what, limit as u64 + 1, limit as u64)
}

fn too_complex((reason, what): (Reason, &'static str), found: u64, limit: u64) -> ApiError {
    ApiError::because(ErrorCode::QueryTooComplex, reason)
        .with("what", what)
        .with("found", found)
        .with("limit", limit)
}
