//! `reelmill provider`: keys of providers on the network.

use std::io::Read as _;

use clap::Subcommand;

use super::desk::Desk;
use crate::domain::offers::OfferKeys;
use crate::kernel::secret::Secret;

/// Keys of providers on the network.
#[derive(Debug, Subcommand)]
pub enum Provider {
    /// Read an offer's key from standard input and keep it sealed; running processes take it up within seconds
    Key {
        /// Name of the offer in the configuration
        offer: String,
        /// Forget the key instead
        #[arg(long)]
        remove: bool,
    },
}

/// Longest input that is read, bytes.
const MOST: u64 = 8_192;

impl Provider {
    /// Runs the command; what it prints shows no key.
    ///
    /// # Errors
    /// Refusals, and an unknown offer.
    pub(super) async fn run(
        self,
        desk: &Desk,
        (keys, known): (&OfferKeys, &[String]),
    ) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let Self::Key { offer, remove } = self;
        if remove {
            keys.remove(&desk.caller(), &offer).await?;
            return Ok(format!("the key of {offer} is removed\n"));
        }
        if !known.contains(&offer) {
            return Err(
                format!("no offer {offer} is configured; known: {}", known.join(", ")).into()
            );
        }
        let mut text = String::new();
        std::io::stdin().take(MOST).read_to_string(&mut text)?;
        keys.set(&desk.caller(), &offer, &Secret::new(text.trim().to_owned())).await?;
        Ok(format!("the key of {offer} is set\n"))
    }
}
