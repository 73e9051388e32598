//! Asks for a price whenever the form is complete and has rested for a moment.
//!
//! A quote is of a template version, so the text is saved first, as a new version where it has
//! changed. An answer that comes after the form has changed again is not shown as its price.

use std::time::Duration;

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::Form;
use crate::api::quotes::{CreateQuote, CreateQuoteInput, CreateQuoteVariables, Quote};
use crate::api::refusal::Refusal;
use crate::api::scalars::Long;
use crate::api::templates::{
    CreateTemplate, CreateTemplateInput, CreateTemplateVariables, SaveTemplateVersionInput,
    SaveVersion, SaveVersionVariables, TemplateHead,
};
use crate::draft::{Draft, Saved};

/// How long the form rests before its price is asked for.
const REST: Duration = Duration::from_millis(700);

/// Prices the form from here on.
pub fn watch(form: Form) {
    let number = StoredValue::new(0_u32);
    let complete = Memo::new(move |_| {
        let counted = form.look.with(|look| look.count().is_some_and(|count| count > 0));
        (counted && form.bench.with(Option::is_some)).then(|| form.draft.with(Draft::priced_part))
    });
    Effect::new(move |_| {
        let wanted = complete.get();
        number.update_value(|n| *n += 1);
        let own = number.get_value();
        let Some(wanted) = wanted else {
            form.price.update(|price| (price.asking, price.refused) = (false, None));
            return;
        };
        let known =
            |price: &super::state::Price| price.quote.as_ref().is_some_and(|(_, of)| *of == wanted);
        if form.price.with_untracked(known) {
            form.price.update(|price| (price.asking, price.refused) = (false, None));
            return;
        }
        form.price.update(|price| (price.asking, price.refused) = (true, None));
        set_timeout(
            move || {
                if number.try_get_value() == Some(own) {
                    spawn_local(price(form, wanted, number, own));
                }
            },
            REST,
        );
    });
}

/// Prices the form now, whatever is known: an older quote has expired.
pub fn again(form: Form) {
    let wanted = form.draft.with_untracked(Draft::priced_part);
    form.price.update(|price| (price.asking, price.quote) = (true, None));
    let number = StoredValue::new(0_u32);
    spawn_local(price(form, wanted, number, 0));
}

async fn price(form: Form, wanted: Draft, number: StoredValue<u32>, own: u32) {
    let answer = ask(form, &wanted).await;
    if number.try_get_value() != Some(own) {
        return;
    }
    form.price.update(|price| {
        price.asking = false;
        match answer {
            Ok(quote) => price.quote = Some((quote, wanted)),
            Err(refusal) => price.refused = Some(refusal),
        }
    });
}

async fn ask(form: Form, wanted: &Draft) -> Result<Quote, Refusal> {
    let saved = save(form, wanted).await?;
    let variables = form.look.with_untracked(|look| look.variables.clone());
    let input = CreateQuoteInput {
        workspace_id: form.app.workspace(),
        template_id: saved.template.as_str().into(),
        template_version: Some(saved.version),
        selection: Some(wanted.selection(&variables).into()),
        model: wanted.model.clone(),
        seconds: wanted.seconds,
        aspect: wanted.aspect.map(|kept| kept.0),
        resolution: wanted.resolution.map(|kept| kept.0),
        seed: wanted.seed.map(Long),
    };
    let asked = CreateQuote::build(CreateQuoteVariables { input });
    form.app.read(asked, &["createQuote", "quote"]).await
}

/// The version that holds the text, made if there is none.
async fn save(form: Form, wanted: &Draft) -> Result<Saved, Refusal> {
    let known = form.draft.with_untracked(|draft| draft.saved.clone());
    let template = match known {
        Some(saved) if saved.source == wanted.source => return Ok(saved),
        Some(saved) => match next_version(form, wanted, &saved).await {
            // Changed elsewhere, or of another workspace: this draft is a template of its own.
            Err(refusal) if refusal.is("CONFLICT") || refusal.is("NOT_FOUND") => {
                create(form, wanted).await?
            }
            answer => answer?,
        },
        None => create(form, wanted).await?,
    };
    let saved = Saved {
        template: template.id.into_inner(),
        version: template.latest_version,
        latest: template.latest_version,
        source: wanted.source.clone(),
    };
    form.change(|draft| draft.saved = Some(saved.clone()));
    Ok(saved)
}

async fn create(form: Form, wanted: &Draft) -> Result<TemplateHead, Refusal> {
    let variables = form.look.with_untracked(|look| look.variables.clone());
    let name = form.draft.with_untracked(Draft::title);
    let input = CreateTemplateInput {
        workspace_id: form.app.workspace(),
        name,
        source: wanted.source.clone(),
        selection: Some(wanted.selection(&variables).into()),
    };
    let asked = CreateTemplate::build(CreateTemplateVariables { input });
    form.app.read(asked, &["createTemplate", "template"]).await
}

async fn next_version(form: Form, wanted: &Draft, from: &Saved) -> Result<TemplateHead, Refusal> {
    let variables = form.look.with_untracked(|look| look.variables.clone());
    let input = SaveTemplateVersionInput {
        workspace_id: form.app.workspace(),
        template_id: from.template.as_str().into(),
        expected_version: from.latest.max(from.version),
        source: wanted.source.clone(),
        selection: Some(wanted.selection(&variables).into()),
    };
    let asked = SaveVersion::build(SaveVersionVariables { input });
    form.app.read(asked, &["saveTemplateVersion", "template"]).await
}
