//! The composer's state: the draft, what it makes, what it costs.

use cynic::QueryBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::collect::{Again, AgainVariables, Launched};
use crate::api::quotes::Quote;
use crate::api::refusal::Refusal;
use crate::api::scalars::Kept;
use crate::api::templates::{
    Model, OneTemplate, OneTemplateVariables, SampleTemplate, TemplateAt, Workbench,
};
use crate::draft::{Draft, Look, Saved, look};
use crate::json;
use crate::page::browser::kept;
use crate::page::state::{App, app};

/// Where the draft is kept on this device.
const KEPT: &str = "draft";

/// The composer; cheap to copy.
#[derive(Clone, Copy)]
pub struct Form {
    /// Shared by every page.
    pub app: App,
    /// Everything typed.
    pub draft: RwSignal<Draft>,
    /// What it makes.
    pub look: Memo<Look>,
    /// What it costs.
    pub price: RwSignal<Price>,
    /// What can be picked and begun with.
    pub bench: RwSignal<Option<Workbench>>,
    /// The variable the caret is in.
    pub active: RwSignal<Option<String>>,
    /// Which video is previewed.
    pub shown: RwSignal<u128>,
    /// A launch is under way.
    pub launching: RwSignal<bool>,
    /// The sheet with code is open.
    pub code: RwSignal<bool>,
}

/// What is known of the price.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Price {
    /// The newest quote and the draft it is of.
    pub quote: Option<(Quote, Draft)>,
    /// Another one is being made.
    pub asking: bool,
    /// Why there is none.
    pub refused: Option<Refusal>,
}

/// The composer's state.
pub fn form() -> Form {
    use_context::<Form>().unwrap_or_else(Form::new)
}

/// What the form is to be filled with.
pub enum Wanted {
    /// A template in a version, or in its newest.
    Template(String, Option<i32>),
    /// What a batch was launched with.
    Batch(String),
}

impl Form {
    /// As this device was left.
    pub fn new() -> Self {
        let kept = kept::get(KEPT).and_then(|text| json::read::<Draft>(&text).ok());
        let draft = RwSignal::new(kept.unwrap_or_default());
        let look = Memo::new(move |before: Option<&Look>| {
            let known = before.map(|look| look.variables.clone()).unwrap_or_default();
            draft.with(|draft| look(draft, &known))
        });
        Effect::new(move |_| {
            if let Ok(text) = draft.with(serde_json::to_string) {
                kept::set(KEPT, &text);
            }
        });
        Self {
            app: app(),
            draft,
            look,
            price: RwSignal::default(),
            bench: RwSignal::new(None),
            active: RwSignal::new(None),
            shown: RwSignal::new(0),
            launching: RwSignal::new(false),
            code: RwSignal::new(false),
        }
    }

    /// Reads models and samples, again when the language changes, and what is wanted, if anything.
    pub fn open(self, wanted: Option<Wanted>) {
        Effect::new(move |_| {
            self.app.language.track();
            spawn_local(async move {
                if let Ok(bench) = self.app.ask(Workbench::build(())).await {
                    self.bench.set(Some(bench));
                }
            });
        });
        let Some(wanted) = wanted else { return };
        spawn_local(async move {
            let found = match wanted {
                Wanted::Template(id, version) => self.stored(id, version).await,
                Wanted::Batch(id) => self.again(id).await,
            };
            match found {
                Ok(draft) => {
                    self.shown.set(0);
                    self.draft.set(draft);
                }
                Err(refusal) => self.app.complain(&refusal),
            }
        });
    }

    /// A template in a version, or in its newest.
    async fn stored(self, id: String, version: Option<i32>) -> Result<Draft, Refusal> {
        let workspace = self.app.workspace();
        let variables = OneTemplateVariables { workspace, template: id.as_str().into(), version };
        let asked = OneTemplate::build(variables);
        let template: TemplateAt = self.app.read(asked, &["workspace", "template"]).await?;
        let version = template.version;
        let source = version.source.clone();
        let latest = template.latest_version;
        let saved = Saved { template: id, version: version.number, latest, source };
        let draft = Draft::of(template.name, version.source, version.selection.into());
        Ok(Draft { saved: Some(saved), ..draft })
    }

    /// What a batch was launched with: its version of the text, its own combinations, its look. The
    /// seed is drawn anew: the same one would make the same videos.
    async fn again(self, id: String) -> Result<Draft, Refusal> {
        let workspace = self.app.workspace();
        let asked = Again::build(AgainVariables { workspace, batch: id.into() });
        let batch: Launched = self.app.read(asked, &["workspace", "batch"]).await?;
        // A batch whose template is gone has nothing to begin with.
        let Some(template) = batch.template else { return Ok(self.draft.get_untracked()) };
        let stored = self.stored(template.id.into_inner(), Some(batch.template_version)).await?;
        let draft = match batch.selection {
            Some(own) => Draft::of(template.name, stored.source, own.into()),
            None => stored.clone(),
        };
        Ok(Draft {
            saved: stored.saved,
            model: Some(batch.model),
            seconds: Some(batch.seconds),
            aspect: Some(Kept(batch.aspect)),
            resolution: Some(Kept(batch.resolution)),
            ..draft
        })
    }

    /// Begins with a sample.
    pub fn take(self, sample: &SampleTemplate) {
        let selection = sample.selection.clone().into();
        self.shown.set(0);
        self.draft.set(Draft::of(sample.name.clone(), sample.source.clone(), selection));
    }

    /// Begins with nothing.
    pub fn clear(self) {
        self.shown.set(0);
        self.price.set(Price::default());
        self.draft.set(Draft::default());
    }

    /// Changes the draft.
    pub fn change(self, edit: impl FnOnce(&mut Draft)) {
        self.draft.update(edit);
    }

    /// The model that is picked, or the first.
    pub fn model(self) -> Option<Model> {
        let wanted = self.draft.with(|draft| draft.model.clone());
        self.bench.with(|bench| {
            let models = &bench.as_ref()?.models;
            let picked = models.iter().find(|model| Some(&model.code) == wanted.as_ref());
            picked.or_else(|| models.first()).cloned()
        })
    }

    /// The quote of exactly this form, if there is one.
    pub fn quote(self) -> Option<Quote> {
        let now = self.draft.with(Draft::priced_part);
        self.price.with(|price| {
            let (quote, of) = price.quote.as_ref()?;
            (*of == now).then(|| quote.clone())
        })
    }
}
