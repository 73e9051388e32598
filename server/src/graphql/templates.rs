//! Templates: check, preview, versions.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entity::ids::{TemplateId, WorkspaceId};
use prompt::Combination;

use super::call::ContextExt as _;
use super::error::{Answer, invalid_input};
use super::page::{Listed, args, listed};
use super::people::{self, Person};
use super::problem::{ProblemShown, shown};
use super::scalars::{BigInt, DateTime, id, int};
use super::selection::{SelectionInput, SelectionShown, TableShown};
use crate::domain::access::{Action, Scope};
use crate::domain::templates::{Check, NewTemplate, NewVersion, Sample, Template, Version, Which};
use crate::kernel::language::Language;
use crate::kernel::reason::Reason;

/// A template text with a selection over it.
#[derive(InputObject)]
pub struct TemplateDraftInput {
    /// The prompt text.
    source: String,
    /// Which combinations; an empty selection without it.
    selection: Option<SelectionInput>,
}

/// What is to be previewed.
#[derive(InputObject)]
pub struct PreviewTemplateInput {
    /// The prompt text.
    source: String,
    /// Which combinations; an empty selection without it.
    selection: Option<SelectionInput>,
    /// The first so many; 10 when neither this nor `ordinals` is given.
    first: Option<i32>,
    /// These places of the selection, from 0.
    ordinals: Option<Vec<BigInt>>,
}

/// A CSV file.
#[derive(InputObject)]
pub struct ReadTableInput {
    /// Its bytes, in base64. UTF-8, UTF-16 and GB18030 are read, with `,` `;` or tab. At most
    /// 737,280 bytes before base64 unless this installation is set otherwise, 50,000 rows below the
    /// header, 64 columns. What was read goes back as the rows of a selection, in a request that
    /// holds 1 MiB unless set otherwise.
    csv_base64: String,
}

/// What there is to say about a template and a selection.
#[derive(SimpleObject)]
pub struct TemplateCheck {
    /// What must be put right first.
    problems: Vec<ProblemShown>,
    /// What is worth knowing.
    notices: Vec<ProblemShown>,
    /// Names of the variables in order of first appearance.
    variables: Vec<String>,
    /// How many videos it makes; null while there are problems.
    count: Option<BigInt>,
    /// The count as a sum a person can follow: `3 style × 4 scene = 12`.
    formula: Option<String>,
}

/// A prompt that would come out.
#[derive(SimpleObject)]
pub struct PreviewedVideo {
    /// Its place in the selection, from 0.
    ordinal: BigInt,
    /// The prompt.
    prompt: String,
    /// What it is made of.
    values: Vec<BoundValue>,
    /// Which take of the combination, from 1.
    take: i32,
}

/// A variable and its value in one video.
#[derive(SimpleObject)]
pub struct BoundValue {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A table that was read.
#[derive(SimpleObject)]
pub struct ReadTable {
    /// Header and rows, as a selection takes them.
    table: TableShown,
    /// Encoding, separator, rows left out.
    notices: Vec<ProblemShown>,
}

/// A template that comes with the product.
pub struct SampleTemplate(pub &'static Sample);

/// A template that comes with the product.
#[Object]
impl SampleTemplate {
    /// Names the sample in every language.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Shown.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// What the videos are for.
    async fn purpose(&self) -> &str {
        &self.0.purpose
    }
    /// The prompt text.
    async fn source(&self) -> &str {
        &self.0.source
    }
    /// How many videos it makes as it is.
    async fn videos(&self) -> i32 {
        int(self.0.videos.into())
    }
    /// Values and selection.
    async fn selection(&self) -> SelectionShown {
        self.0.selection.clone().into()
    }
}

/// A named prompt text with variables.
pub struct TemplateShown {
    /// Where it was read.
    pub scope: Scope,
    /// What was read.
    pub row: Template,
}

/// A named prompt text with variables.
#[Object(name = "Template")]
impl TemplateShown {
    /// Opaque id, `tpl_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// Shown.
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// What the videos are for.
    async fn purpose(&self) -> Option<&str> {
        self.row.purpose.as_deref()
    }
    /// Number of the newest version.
    async fn latest_version(&self) -> i32 {
        int(self.row.latest_version)
    }
    /// Author.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        Person::load(ctx, &self.scope, self.row.created_by).await
    }
    /// Made.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
    /// Newest version made.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
    /// Hidden from lists since.
    async fn archived_at(&self) -> Option<DateTime> {
        self.row.archived_at.map(DateTime)
    }
    /// One version; the newest without a number.
    async fn version(&self, ctx: &Context<'_>, number: Option<i32>) -> Answer<TemplateVersion> {
        let templates = &ctx.call()?.services.templates;
        let row = templates.version(&self.scope, self.row.id, number.map(i64::from)).await?;
        Ok(TemplateVersion { scope: self.scope.clone(), row })
    }
    /// The versions, newest first.
    async fn versions(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<TemplateVersion>> {
        let asked = args(first, after.as_deref())?;
        let templates = &ctx.call()?.services.templates;
        let page = templates.versions(&self.scope, self.row.id, &asked).await?;
        people::warm(ctx, &self.scope, page.rows.iter().map(|row| row.created_by)).await?;
        let node = |row| TemplateVersion { scope: self.scope.clone(), row };
        Ok(listed(&asked, page, |row| row.version.to_string(), node))
    }
}

/// One version of a template; it never changes.
pub struct TemplateVersion {
    scope: Scope,
    row: Version,
}

/// One version of a template; it never changes.
#[Object]
impl TemplateVersion {
    /// 1, 2, 3 …
    async fn number(&self) -> i32 {
        int(self.row.version)
    }
    /// The prompt text as typed.
    async fn source(&self) -> &str {
        &self.row.source
    }
    /// What was selected when it was saved; may be incomplete.
    async fn selection(&self) -> SelectionShown {
        self.row.selection.clone().into()
    }
    /// Author.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        Person::load(ctx, &self.scope, self.row.created_by).await
    }
    /// Made.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}

/// Reads.
#[derive(Default)]
pub struct TemplateQueries;

#[Object]
impl TemplateQueries {
    /// Everything that can be said about a template and a selection; never refuses, stores
    /// nothing.
    async fn check_template(
        &self,
        ctx: &Context<'_>,
        input: TemplateDraftInput,
    ) -> Answer<TemplateCheck> {
        let call = ctx.call()?;
        call.user()?;
        let selection = input.selection.map(SelectionInput::read).transpose()?.unwrap_or_default();
        let check = call.services.templates.check(&input.source, &selection);
        Ok(TemplateCheck::new(check, call.caller().language))
    }

    /// Some of the prompts that would come out.
    async fn preview_template(
        &self,
        ctx: &Context<'_>,
        input: PreviewTemplateInput,
    ) -> Answer<Vec<PreviewedVideo>> {
        let call = ctx.call()?;
        call.user()?;
        let which = which(input.first, input.ordinals)?;
        let selection = input.selection.map(SelectionInput::read).transpose()?.unwrap_or_default();
        let found = call.services.templates.preview(&input.source, &selection, &which)?;
        Ok(found.into_iter().map(PreviewedVideo::from).collect())
    }

    /// Reads a CSV file as the rows of a selection; stores nothing.
    async fn read_table(&self, ctx: &Context<'_>, input: ReadTableInput) -> Answer<ReadTable> {
        let call = ctx.call()?;
        call.user()?;
        let bytes = STANDARD.decode(input.csv_base64.as_bytes());
        let bytes = bytes.map_err(|_| invalid_input("csvBase64", Reason::NotBase64))?;
        let sheet = call.services.templates.import_csv(&bytes)?;
        let notices = shown(&sheet.notices, call.caller().language);
        Ok(ReadTable { table: sheet.table.into(), notices })
    }

    /// Templates that come with the product, in the caller's language.
    async fn sample_templates(&self, ctx: &Context<'_>) -> Answer<Vec<SampleTemplate>> {
        let call = ctx.call()?;
        let language = call.caller().language.tag();
        let samples = call.services.templates.samples().iter();
        Ok(samples.filter(|sample| sample.language == language).map(SampleTemplate).collect())
    }
}

fn which(first: Option<i32>, ordinals: Option<Vec<BigInt>>) -> Answer<Which> {
    match (first, ordinals) {
        (Some(_), Some(_)) => Err(invalid_input("ordinals", Reason::FirstOrOrdinals)),
        (None, Some(ordinals)) => Ok(Which::Ordinals(ordinals.iter().map(|n| n.0).collect())),
        (first, None) => Ok(Which::First(usize::try_from(first.unwrap_or(10)).unwrap_or(0))),
    }
}

/// A template to be made.
#[derive(InputObject)]
pub struct CreateTemplateInput {
    /// Where.
    workspace_id: ID,
    /// Shown.
    name: String,
    /// What the videos are for.
    purpose: Option<String>,
    /// The prompt text.
    source: String,
    /// Values and selection kept with it; may be incomplete.
    selection: Option<SelectionInput>,
}

/// A further version of a template.
#[derive(InputObject)]
pub struct SaveTemplateVersionInput {
    /// Where.
    workspace_id: ID,
    /// Of what.
    template_id: ID,
    /// The version it was made from; refused with CONFLICT when it is no longer the newest.
    expected_version: i32,
    /// The prompt text.
    source: String,
    /// Values and selection kept with it; may be incomplete.
    selection: Option<SelectionInput>,
}

/// A template to be hidden.
#[derive(InputObject)]
pub struct ArchiveTemplateInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    template_id: ID,
}

/// Another name and purpose.
#[derive(InputObject)]
pub struct RenameTemplateInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    template_id: ID,
    /// Shown.
    name: String,
    /// What the videos are for; none without it.
    purpose: Option<String>,
}

/// What was made or changed.
#[derive(SimpleObject)]
pub struct TemplatePayload {
    /// The template as it is now.
    template: TemplateShown,
}

/// Writes.
#[derive(Default)]
pub struct TemplateMutations;

#[Object]
impl TemplateMutations {
    /// Makes a template with its version 1.
    async fn create_template(
        &self,
        ctx: &Context<'_>,
        input: CreateTemplateInput,
    ) -> Answer<TemplatePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditTemplates).await?;
        let row = call.services.templates.create(&scope, input.read()?).await?;
        Ok(TemplatePayload { template: TemplateShown { scope, row } })
    }

    /// Adds a version.
    async fn save_template_version(
        &self,
        ctx: &Context<'_>,
        input: SaveTemplateVersionInput,
    ) -> Answer<TemplatePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditTemplates).await?;
        let row = call.services.templates.save_version(&scope, input.read()?).await?;
        Ok(TemplatePayload { template: TemplateShown { scope, row } })
    }

    /// Gives a template another name and purpose; its versions stay as they are.
    async fn rename_template(
        &self,
        ctx: &Context<'_>,
        input: RenameTemplateInput,
    ) -> Answer<TemplatePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditTemplates).await?;
        let template: TemplateId = id("templateId", &input.template_id)?;
        let words = (input.name.as_str(), input.purpose.as_deref());
        let row = call.services.templates.rename(&scope, template, words).await?;
        Ok(TemplatePayload { template: TemplateShown { scope, row } })
    }

    /// Hides a template from lists; its batches and quotes keep it.
    async fn archive_template(
        &self,
        ctx: &Context<'_>,
        input: ArchiveTemplateInput,
    ) -> Answer<TemplatePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditTemplates).await?;
        let template: TemplateId = id("templateId", &input.template_id)?;
        let row = call.services.templates.archive(&scope, template).await?;
        Ok(TemplatePayload { template: TemplateShown { scope, row } })
    }
}

impl CreateTemplateInput {
    fn read(self) -> Answer<NewTemplate> {
        Ok(NewTemplate {
            name: self.name,
            purpose: self.purpose,
            source: self.source,
            selection: self.selection.map(SelectionInput::read).transpose()?.unwrap_or_default(),
        })
    }
}

impl SaveTemplateVersionInput {
    fn read(self) -> Answer<NewVersion> {
        Ok(NewVersion {
            template_id: id("templateId", &self.template_id)?,
            expected_version: i64::from(self.expected_version),
            source: self.source,
            selection: self.selection.map(SelectionInput::read).transpose()?.unwrap_or_default(),
        })
    }
}

impl TemplateCheck {
    fn new(check: Check, language: Language) -> Self {
        Self {
            problems: shown(&check.problems, language),
            notices: shown(&check.notices, language),
            variables: check.variables,
            count: check.count.map(BigInt),
            formula: check.formula,
        }
    }
}

impl From<Combination> for PreviewedVideo {
    fn from(made: Combination) -> Self {
        let values = made.values.into_iter().map(|(name, value)| BoundValue { name, value });
        Self {
            ordinal: BigInt(made.ordinal),
            prompt: made.prompt,
            values: values.collect(),
            take: i32::try_from(made.take).unwrap_or(i32::MAX),
        }
    }
}
