//! `reelmill user`: accounts, one-time links, operators.

use clap::{Subcommand, ValueEnum};

use super::desk::{Desk, Refused, show_link};
use crate::kernel::language::Language;

/// Accounts, one-time links, operators.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Make an account without a password and print a one-time link to set one
    Create {
        /// Address of the person
        email: String,
        /// Shown to other members [default: the part before the @]
        #[arg(long)]
        name: Option<String>,
        /// Language to speak to them in
        #[arg(long, value_enum, default_value_t = Locale::En)]
        locale: Locale,
    },
    /// Print a one-time link to set a new password
    ResetLink {
        /// Address of the person
        email: String,
    },
    /// Make somebody an operator of this installation, or take it away
    Operator {
        /// Address of the person
        email: String,
        /// on or off
        #[arg(value_enum)]
        state: Switch,
    },
    /// Close an account; its sessions end at once
    Disable {
        /// Address of the person
        email: String,
    },
    /// Open a closed account again
    Enable {
        /// Address of the person
        email: String,
    },
}

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Locale {
    /// English
    En,
    /// Simplified Chinese
    #[value(name = "zh-CN", alias = "zh")]
    Zh,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// May run the installation
    On,
    /// May not
    Off,
}

impl User {
    /// Runs the command and returns what to print.
    ///
    /// # Errors
    /// What was refused.
    pub async fn run(self, desk: &Desk) -> Result<String, Refused> {
        let (access, caller) = (&desk.access, desk.caller());
        match self {
            Self::Create { email, name, locale } => {
                let name = name.unwrap_or_else(|| before_at(&email));
                let who = (email.as_str(), name.as_str());
                let made = access.create_user(&caller, who, locale.into()).await;
                let (user, link) = made.map_err(Refused::new)?;
                Ok(format!("{}\n{}", user.id, show_link(&link, "redeemPasswordReset")))
            }
            Self::ResetLink { email } => {
                let link = access.create_reset_link(&caller, &email).await;
                Ok(show_link(&link.map_err(Refused::new)?, "redeemPasswordReset"))
            }
            Self::Operator { email, state } => {
                let on = state == Switch::On;
                let id = access.set_operator(&caller, &email, on).await.map_err(Refused::new)?;
                Ok(format!("{id} is {}an operator\n", if on { "" } else { "not " }))
            }
            Self::Disable { email } => set_disabled(desk, &email, true).await,
            Self::Enable { email } => set_disabled(desk, &email, false).await,
        }
    }
}

impl From<Locale> for Language {
    fn from(locale: Locale) -> Self {
        match locale {
            Locale::En => Self::En,
            Locale::Zh => Self::Zh,
        }
    }
}

async fn set_disabled(desk: &Desk, email: &str, disabled: bool) -> Result<String, Refused> {
    let done = desk.access.set_disabled(&desk.caller(), email, disabled).await;
    let id = done.map_err(Refused::new)?;
    Ok(format!("{id} may {}sign in\n", if disabled { "not " } else { "" }))
}

fn before_at(email: &str) -> String {
    email.trim().split('@').next().unwrap_or_default().to_owned()
}
