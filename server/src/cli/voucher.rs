//! `reelmill voucher`: codes worth credits.

use std::fmt::Write as _;

use clap::Subcommand;
use entity::ids::VoucherId;
use entity::values::Credits;

use super::desk::{Desk, Refused};
use crate::domain::vouchers::{NewVouchers, Vouchers};
use crate::kernel::clock::rfc3339;
use crate::kernel::page::{MAX_PAGE, PageArgs};

/// Codes worth credits.
#[derive(Debug, Subcommand)]
pub enum Voucher {
    /// Make codes and print them; they are shown this once
    Create {
        /// Credits that each workspace gets
        credits: i64,
        /// How many codes of the same terms
        #[arg(long, default_value_t = 1)]
        count: usize,
        /// Workspaces that may take each code
        #[arg(long, default_value_t = 1)]
        uses: i64,
        /// Days until the codes are useless
        #[arg(long, default_value_t = 90)]
        days: i64,
        /// Days until what is left of the credits lapses [default: never]
        #[arg(long, value_name = "DAYS")]
        credits_days: Option<i64>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List every voucher, newest first, without its code
    List,
    /// Take a voucher back; what was taken of it stays
    Revoke {
        /// vou_…
        id: VoucherId,
    },
}

impl Voucher {
    /// Runs the command and returns what to print.
    ///
    /// # Errors
    /// What was refused.
    pub async fn run(self, desk: &Desk, vouchers: &Vouchers) -> Result<String, Refused> {
        match self {
            Self::Create { credits, count, uses, days, credits_days, reason } => {
                let credits = Credits(credits);
                let new =
                    NewVouchers { count, credits, credits_days, max_uses: uses, days, reason };
                let made = vouchers.create(&desk.caller(), &new).await.map_err(Refused::new)?;
                let lines = made.iter().map(|(id, code)| format!("{}  {id}\n", code.reveal()));
                Ok(lines.collect())
            }
            Self::List => list(desk, vouchers).await,
            Self::Revoke { id } => {
                vouchers.revoke(&desk.caller(), id).await.map_err(Refused::new)?;
                Ok(format!("{id} was taken back\n"))
            }
        }
    }
}

async fn list(desk: &Desk, vouchers: &Vouchers) -> Result<String, Refused> {
    let caller = desk.caller();
    let mut page = PageArgs { first: MAX_PAGE, after: None };
    let mut text = String::new();
    loop {
        let found = vouchers.list(&caller, &page).await.map_err(Refused::new)?;
        for row in &found.rows {
            let end = rfc3339(row.expires_at);
            let gone = if row.revoked_at.is_some() { "  taken back" } else { "" };
            let (id, credits, uses, max) = (row.id, row.credits, row.uses, row.max_uses);
            let reason = &row.reason;
            let _ = writeln!(
                text,
                "{id}  {credits} credits  {uses}/{max}  until {end}{gone}  {reason}"
            );
        }
        page.after = found.rows.last().map(|row| row.id.to_string());
        if !found.has_next {
            return Ok(text);
        }
    }
}
