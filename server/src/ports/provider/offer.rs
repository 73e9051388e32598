//! Offers: one model at one provider, with its limits and what it costs us.

use std::sync::Arc;
use std::time::Duration;

use super::{Cost, Provider, Traits};

/// One model at one provider.
#[derive(Clone)]
pub struct Offer {
    /// Who makes the videos.
    pub provider: Provider,
    /// The model customers pick.
    pub model: &'static str,
    /// Submissions in flight at once, over all processes.
    pub cap: i64,
    /// Videos in flight at once in this process.
    pub slots: usize,
    /// Preferred first; among equals the cheaper.
    pub order: i64,
    /// What a second of video costs us, when known.
    pub cost_per_s: Option<Cost>,
}

impl Offer {
    /// What can be relied on.
    #[must_use]
    pub fn traits(&self) -> Traits {
        self.provider.traits()
    }

    /// Its name in `attempts.provider` and `provider_counters`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.traits().name
    }

    /// What a video of this length would cost us.
    #[must_use]
    pub fn estimate(&self, seconds: i64) -> Option<Cost> {
        let per_s = self.cost_per_s?;
        Some(Cost { minor: per_s.minor.saturating_mul(seconds), ..per_s })
    }

    /// What a job of this length that was stopped on the way is booked with: nothing where a stop
    /// is refunded, else the whole estimate. No provider says at once how far it came, and costs
    /// that turn out lower are the better surprise.
    #[must_use]
    pub fn cost_of_a_stop(&self, seconds: i64) -> Option<Cost> {
        if self.traits().cancel_refunds { None } else { self.estimate(seconds) }
    }
}

/// The offers of one process, preferred first. Cheap to clone.
#[derive(Clone)]
pub struct Offers(Arc<[Offer]>);

impl Offers {
    /// In the order in which they are preferred.
    #[must_use]
    pub fn new(mut offers: Vec<Offer>) -> Self {
        offers.sort_by_key(|offer| (offer.order, offer.cost_per_s.map_or(0, |cost| cost.minor)));
        Self(offers.into())
    }

    /// Each, preferred first.
    pub fn iter(&self) -> impl Iterator<Item = &Offer> {
        self.0.iter()
    }

    /// The one of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Offer> {
        self.0.iter().find(|offer| offer.name() == name)
    }
}

/// What an operator says about an offer of a provider on the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promises {
    /// As [`Traits::name`].
    pub name: &'static str,
    /// As [`Traits::idempotent_submit`].
    pub idempotent_submit: bool,
    /// As [`Traits::find_by_reference`].
    pub find_by_reference: bool,
    /// As [`Traits::cancel`].
    pub cancel: super::Cancel,
    /// As [`Traits::cancel_refunds`].
    pub cancel_refunds: bool,
    /// As [`Traits::deadline_s`].
    pub deadline_s: i64,
    /// As [`Traits::poll_every`].
    pub poll_every: Duration,
    /// As [`Traits::result_lifetime`].
    pub result_lifetime: Duration,
    /// As [`Traits::absence_proves_after`].
    pub absence_proves_after: Duration,
}

impl Promises {
    /// As a network adapter declares them: jobs outlive this process, the mark is not drawn.
    #[must_use]
    pub const fn traits(self) -> Traits {
        Traits {
            name: self.name,
            idempotent_submit: self.idempotent_submit,
            find_by_reference: self.find_by_reference,
            cancel: self.cancel,
            cancel_refunds: self.cancel_refunds,
            jobs_end_with_process: false,
            draws_watermark: false,
            deadline_s: self.deadline_s,
            poll_every: self.poll_every,
            result_lifetime: self.result_lifetime,
            absence_proves_after: self.absence_proves_after,
        }
    }
}
