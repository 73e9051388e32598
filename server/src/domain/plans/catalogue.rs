//! The catalogue of plans: a TOML text, embedded or the operator's own, read and checked at start.
//!
//! Invariant: a [`Catalogue`] has a `trial` plan with its gift of credits, plan codes are unique,
//! and every limit is positive; so nobody downstream checks again.

use entity::values::Credits;
use serde::Deserialize;

use super::model::Entitlement;
use crate::kernel::language::Language;

/// The plan every workspace starts with.
pub const TRIAL: &str = "trial";
const EMBEDDED: &str = include_str!("catalogue.toml");

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title<T> {
    /// English.
    pub en: T,
    /// Simplified Chinese.
    pub zh: T,
}

impl<T: AsRef<str>> Title<T> {
    /// The text in `language`.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => self.en.as_ref(),
            Language::Zh => self.zh.as_ref(),
        }
    }
}

/// How often a plan is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// One payment.
    Once,
    /// Each month.
    Month,
}

/// What a plan costs, in money.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanPrice {
    /// Minor units of `currency`.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// How often.
    pub per: Per,
}

/// What a new workspace is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gift {
    credits: i64,
    /// Life of the credits, days.
    pub days: i64,
}

impl Gift {
    /// How many credits.
    #[must_use]
    pub const fn credits(&self) -> Credits {
        Credits(self.credits)
    }
}

/// One entry of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What workspaces name.
    pub code: String,
    /// Shown.
    pub title: Title<String>,
    /// What it costs; nothing for a trial and for what a contract decides.
    pub price: Option<PlanPrice>,
    /// Credits given at sign-up.
    pub trial: Option<Gift>,
    /// Whether a contract may change its limits for one workspace.
    #[serde(default)]
    pub contract: bool,
    /// Its limits.
    pub entitlement: Entitlement,
}

/// Every plan that can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    plans: Vec<Plan>,
    trial: Plan,
    gift: Gift,
}

/// Why a catalogue cannot be used: every mistake in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the catalogue of plans cannot be used: {}", .0.join("; "))]
pub struct CatalogueError(pub Vec<String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    plan: Vec<Plan>,
}

impl Catalogue {
    /// The one in the program.
    ///
    /// # Errors
    /// Never in practice: a test reads it.
    pub fn embedded() -> Result<Self, CatalogueError> {
        Self::from_toml(EMBEDDED)
    }

    /// Reads and checks an operator's own.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn from_toml(text: &str) -> Result<Self, CatalogueError> {
        let file: File =
            toml::from_str(text).map_err(|error| CatalogueError(vec![error.to_string()]))?;
        let mut problems = Vec::new();
        for (place, plan) in file.plan.iter().enumerate() {
            plan.check(&mut problems);
            if file.plan.iter().take(place).any(|other| other.code == plan.code) {
                problems.push(format!("{}: appears twice", plan.code));
            }
        }
        let trial = file.plan.iter().find(|plan| plan.code == TRIAL).cloned();
        match trial.and_then(|plan| plan.trial.map(|gift| (plan, gift))) {
            Some((trial, gift)) if problems.is_empty() => {
                Ok(Self { plans: file.plan, trial, gift })
            }
            Some(_) => Err(CatalogueError(problems)),
            None => {
                problems.push(format!("{TRIAL}: is missing, or gives no credits"));
                Err(CatalogueError(problems))
            }
        }
    }

    /// Every plan, in the catalogue's order.
    #[must_use]
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// The plan with this code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.code == code)
    }

    /// What a workspace starts with, and the credits it is given.
    #[must_use]
    pub const fn trial(&self) -> (&Plan, Gift) {
        (&self.trial, self.gift)
    }
}

impl Plan {
    fn check(&self, problems: &mut Vec<String>) {
        let mut add = |text: &str| problems.push(format!("{}: {text}", self.code));
        if self.code.is_empty() || self.title.en.is_empty() || self.title.zh.is_empty() {
            add("code and both titles are needed");
        }
        if let Some(price) = &self.price {
            let letters = price.currency.bytes().all(|letter| letter.is_ascii_uppercase());
            if price.amount_minor <= 0 || price.currency.len() != 3 || !letters {
                add("a price is a positive number of minor units and an ISO 4217 currency");
            }
        }
        if self.trial.is_some_and(|gift| gift.credits <= 0 || !(1..=366).contains(&gift.days)) {
            add("a trial gives at least one credit for 1 … 366 days");
        }
        if !self.entitlement.is_sound() {
            add("limits must be positive and models named");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogue_is_what_is_sold() {
        let catalogue = Catalogue::embedded().expect("a sound catalogue");
        let codes: Vec<_> = catalogue.plans().iter().map(|plan| plan.code.as_str()).collect();
        assert_eq!(codes, ["trial", "starter", "pro-1", "pro-2", "pro-3", "enterprise"]);
        let (trial, gift) = catalogue.trial();
        assert_eq!((gift.credits(), gift.days), (Credits(48), 14));
        assert_eq!(trial.entitlement.max_videos_per_batch, 24);
        assert_eq!(trial.entitlement.max_open_batches, 1);
        assert!(trial.entitlement.watermark && trial.price.is_none());
        assert!(trial.entitlement.allows_model("animatic-1"));
        assert!(!trial.entitlement.allows_model("another"));
        let starter = catalogue.find("starter").expect("starter");
        assert_eq!(starter.entitlement.max_videos_per_batch, 1);
        assert!(starter.entitlement.watermark && starter.entitlement.allows_model("another"));
        for code in ["pro-1", "pro-2", "pro-3"] {
            let plan = catalogue.find(code).expect(code);
            assert!(!plan.entitlement.watermark && plan.entitlement.max_videos_per_batch > 24);
        }
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let text = EMBEDDED
            .replace("code = \"pro-2\"", "code = \"pro-1\"")
            .replace("amount_minor = 490,", "amount_minor = 0,")
            .replace("concurrency = 2,", "concurrency = 0,");
        let error = Catalogue::from_toml(&text).expect_err("three mistakes");
        assert_eq!(error.0.len(), 3, "{error}");
        let nothing = Catalogue::from_toml("plan = []").expect_err("no trial");
        assert!(nothing.to_string().contains("trial"));
        assert!(Catalogue::from_toml(&EMBEDDED.replace("weight", "wait")).is_err());
    }
}
