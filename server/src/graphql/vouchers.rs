//! Vouchers, as a workspace takes them. Making them is the operator's command.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::WorkspaceId;

use super::call::ContextExt as _;
use super::error::Answer;
use super::scalars::{DateTime, Long, id};
use crate::domain::access::Action;
use crate::kernel::secret::Secret;

/// A code that is taken.
#[derive(InputObject)]
pub struct RedeemVoucherInput {
    /// For which workspace.
    workspace_id: ID,
    /// As it was handed out; case, spaces and dashes do not matter.
    code: String,
}

/// What the code brought.
#[derive(SimpleObject)]
pub struct RedeemVoucherPayload {
    /// Credits granted to the live wallet.
    credits: Long,
    /// When what is left of them lapses; never without it.
    expires_at: Option<DateTime>,
}

/// Writes.
#[derive(Default)]
pub struct VoucherMutations;

#[Object]
impl VoucherMutations {
    /// Takes a voucher, once per workspace. For owners.
    async fn redeem_voucher(
        &self,
        ctx: &Context<'_>,
        input: RedeemVoucherInput,
    ) -> Answer<RedeemVoucherPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::RedeemVouchers).await?;
        let code = Secret::new(input.code);
        let redeemed = call.services.vouchers.redeem(&scope, &code).await?;
        let expires_at = redeemed.expires_at.map(DateTime);
        Ok(RedeemVoucherPayload { credits: redeemed.credits.into(), expires_at })
    }
}
