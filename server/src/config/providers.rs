//! `[providers]`: which models are made where.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Problems, Section};
use crate::kernel::secret::Secret;

/// Which models are made where.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Providers {
    /// Whether the embedded model is served by this process.
    pub embedded: bool,
    /// Place of the embedded model among the offers of its model; lower is preferred.
    pub embedded_order: i64,
    /// Videos of the embedded model in flight at once, over all processes.
    pub embedded_cap: i64,
    /// Which of a model's offers is tried first.
    pub prefer: Prefer,
    /// Pause between two looks at the keys that `reelmill provider key` has set, milliseconds.
    pub keys_ms: u64,
    /// Offers of providers on the network.
    pub offers: Vec<Offer>,
}

/// What decides between a model's offers; their `order` decides where it leaves them equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefer {
    /// Nothing else; among equals the cheaper.
    #[default]
    Order,
    /// What a second costs.
    Cost,
    /// How soon videos were there lately.
    Latency,
    /// How many videos failed lately.
    Success,
}

impl Default for Providers {
    fn default() -> Self {
        Self {
            embedded: true,
            embedded_order: 100,
            embedded_cap: 64,
            prefer: Prefer::Order,
            keys_ms: 5_000,
            offers: Vec::new(),
        }
    }
}

/// One model at one provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Its name in records; never reused for another account.
    pub name: String,
    /// Which protocol it speaks.
    pub adapter: Adapter,
    /// The model customers pick.
    pub model: String,
    /// The provider's name of that model.
    pub provider_model: String,
    /// Which input of the model gets what; for Replicate.
    #[serde(default = "usual_inputs")]
    pub inputs: Inputs,
    /// Where the API begins, e.g. `https://api.example.com/v1`.
    pub base_url: String,
    /// Leave for plain http and private addresses.
    #[serde(default)]
    pub private: bool,
    /// The key; better set by `reelmill provider key`, which seals it.
    #[serde(default)]
    pub key: Option<Secret>,
    /// What a second of video costs us, minor units.
    #[serde(default)]
    pub cost_minor_per_s: Option<i64>,
    /// ISO 4217.
    #[serde(default = "usd")]
    pub currency: String,
    /// Submissions in flight at once, over all processes.
    #[serde(default = "cap")]
    pub cap: i64,
    /// Place among the offers of its model; lower is preferred.
    #[serde(default)]
    pub order: i64,
    /// The provider makes one job of two submissions with one idempotency key.
    #[serde(default)]
    pub idempotent_submit: bool,
    /// The provider's list shows the metadata of every job.
    #[serde(default)]
    pub find_by_reference: bool,
    /// `none`, `queued` or `running`.
    #[serde(default)]
    pub cancel: Cancel,
    /// A job that was stopped costs nothing.
    #[serde(default)]
    pub cancel_refunds: bool,
    /// Seconds after which a job is asked to stop.
    #[serde(default = "deadline")]
    pub deadline_s: i64,
    /// Pause between two looks at a job, milliseconds.
    #[serde(default = "poll")]
    pub poll_ms: u64,
    /// How long a result can be fetched, seconds.
    #[serde(default = "lifetime")]
    pub result_lifetime_s: u64,
    /// Age of an attempt from which an unknown reference proves that nothing arrived, seconds; more
    /// than lease and submission timeout together.
    #[serde(default = "absence")]
    pub absence_proves_after_s: u64,
    /// Longest time for a submission, seconds.
    #[serde(default = "submit")]
    pub submit_timeout_s: u64,
}

/// Which input of a model gets what: a constant, or one of [`INPUT_NAMES`].
pub type Inputs = BTreeMap<String, Value>;

/// What an input can be filled with: the expanded prompt, whole seconds, a seed of 31 bits, `16:9`,
/// `720p`, pixels.
pub const INPUT_NAMES: &[&str] =
    &["$prompt", "$seconds", "$seed", "$aspect", "$resolution", "$width", "$height"];

/// What a model gets when the operator names no inputs.
#[must_use]
pub fn usual_inputs() -> Inputs {
    [
        ("prompt", "$prompt"),
        ("duration", "$seconds"),
        ("seed", "$seed"),
        ("aspect_ratio", "$aspect"),
        ("resolution", "$resolution"),
    ]
    .into_iter()
    .map(|(input, value)| (input.to_owned(), json!(value)))
    .collect()
}

/// Protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Adapter {
    /// The shape of OpenAI's videos API.
    OpenaiVideos,
    /// Replicate's predictions.
    Replicate,
}

/// When a job can be stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cancel {
    /// Never.
    #[default]
    None,
    /// While it waits.
    Queued,
    /// At any time.
    Running,
}

fn usd() -> String {
    String::from("USD")
}

const fn cap() -> i64 {
    4
}

const fn deadline() -> i64 {
    1_800
}

const fn poll() -> u64 {
    5_000
}

const fn lifetime() -> u64 {
    3_600
}

const fn absence() -> u64 {
    600
}

const fn submit() -> u64 {
    60
}

impl Section for Providers {
    const NAME: &'static str = "providers";

    fn check(&self, problems: &mut Problems) {
        problems.range("embedded_cap", self.embedded_cap, 1, 100_000);
        problems.range("keys_ms", self.keys_ms as i64, 100, 3_600_000);
        self.check_costs(problems);
        for (at, offer) in self.offers.iter().enumerate() {
            let key = |name: &str| format!("offers[{at}].{name}");
            if !is_name(&offer.name) || offer.name == "animatic" {
                problems.add(&key("name"), "wanted are 1 to 40 of a-z, 0-9 and '-', not animatic");
            }
            if self.offers.iter().take(at).any(|before| before.name == offer.name) {
                problems.add(&key("name"), format!("{} is there twice", offer.name));
            }
            if !(offer.base_url.starts_with("https://")
                || (offer.private && offer.base_url.starts_with("http://")))
            {
                problems.add(&key("base_url"), "wanted is https, or private = true");
            }
            if offer.currency.len() != 3 || !offer.currency.bytes().all(|b| b.is_ascii_uppercase())
            {
                problems.add(&key("currency"), "wanted is a code like USD");
            }
            problems.range(&key("cap"), offer.cap, 1, 10_000);
            problems.range(&key("order"), offer.order, -1_000, 1_000);
            let cost = offer.cost_minor_per_s.unwrap_or(0);
            problems.range(&key("cost_minor_per_s"), cost, 0, 1_000_000);
            problems.range(&key("deadline_s"), offer.deadline_s, 1, 86_400);
            problems.range(&key("poll_ms"), offer.poll_ms as i64, 10, 600_000);
            problems.range(&key("result_lifetime_s"), offer.result_lifetime_s as i64, 1, 2_592_000);
            problems.range(&key("submit_timeout_s"), offer.submit_timeout_s as i64, 1, 600);
            let absence = offer.absence_proves_after_s as i64;
            let least = offer.submit_timeout_s as i64 + 1;
            problems.range(&key("absence_proves_after_s"), absence, least, 86_400);
            offer.check_replicate(&key, problems);
        }
    }
}

impl Providers {
    /// Costs can only be compared where they are known and in one currency.
    fn check_costs(&self, problems: &mut Problems) {
        let known = self.offers.iter().all(|offer| offer.cost_minor_per_s.is_some());
        let one = self.offers.windows(2).all(|pair| pair[0].currency == pair[1].currency);
        if self.prefer == Prefer::Cost && !(known && one) {
            let words = "cost wants cost_minor_per_s for every offer, in one currency";
            problems.add("prefer", words);
        }
    }
}

impl Offer {
    fn check_replicate(&self, key: &impl Fn(&str) -> String, problems: &mut Problems) {
        let texts = self.inputs.values().filter_map(Value::as_str);
        for name in texts.filter(|text| text.starts_with('$') && !INPUT_NAMES.contains(text)) {
            problems.add(&key("inputs"), format!("{name} is none of {}", INPUT_NAMES.join(", ")));
        }
        let promises = self.find_by_reference || self.idempotent_submit;
        if self.adapter == Adapter::Replicate && promises {
            let words = "predictions have no reference and no idempotency key";
            problems.add(&key("find_by_reference"), words);
        }
    }
}

fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
