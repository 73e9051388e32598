//! Which kinds of operation a transport may carry.
//!
//! A `GET` must change nothing: browsers, proxies and other sites repeat it freely. What is
//! answered once cannot be followed; a socket is for following, since it can set no cookie.

use async_graphql::parser::types::OperationType;

use crate::graphql::call::{Call, Transport};
use crate::graphql::error::{Answer, query_invalid};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// Lets a request with an operation of this kind pass.
///
/// # Errors
/// `METHOD_NOT_ALLOWED`, `QUERY_INVALID`.
pub(super) fn allow(call: &Call, kind: OperationType) -> Answer<()> {
    match (call.transport(), kind) {
        (Transport::Get | Transport::GetEvents, OperationType::Mutation) => {
            Err(ApiError::new(ErrorCode::MethodNotAllowed).with("allowed", "POST"))
        }
        (Transport::Get | Transport::Post, OperationType::Subscription) => {
            call.refuse_to_follow();
            Err(query_invalid(Reason::EventsWanted))
        }
        (Transport::PostEvents, OperationType::Mutation) => {
            Err(query_invalid(Reason::AnsweredAtOnce))
        }
        (Transport::Socket, OperationType::Query | OperationType::Mutation) => {
            Err(query_invalid(Reason::SubscriptionsOnly))
        }
        _ => Ok(()),
    }
}
