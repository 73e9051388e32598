//! Templates, samples and models.

use super::scalars::{Aspect, DateTime, PageInfo, Resolution};
use super::schema;
use super::selection::{SelectionInput, StoredSelection};

/// What a composer needs before anything is typed.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct Workbench {
    /// Every model that can be picked.
    pub models: Vec<Model>,
    /// Templates that come with the product.
    pub sample_templates: Vec<SampleTemplate>,
}

/// A model as customers see it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Model {
    /// What quotes name.
    pub code: String,
    /// Shown.
    pub title: String,
    /// Lines it can make; the first is the default.
    pub resolutions: Vec<Resolution>,
    /// Shapes it can make; the first is the default.
    pub aspects: Vec<Aspect>,
    /// Shortest video, seconds.
    pub min_seconds: i32,
    /// Longest video, seconds.
    pub max_seconds: i32,
    /// Length where none is asked for, seconds.
    pub default_seconds: i32,
}

/// A template that comes with the product.
#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct SampleTemplate {
    /// Names the sample.
    pub code: String,
    /// Shown.
    pub name: String,
    /// What the videos are for.
    pub purpose: String,
    /// The prompt text.
    pub source: String,
    /// How many videos it makes.
    pub videos: i32,
    /// Values and selection.
    pub selection: StoredSelection,
}

/// Variables of [`CreateTemplate`].
#[derive(cynic::QueryVariables, Debug)]
pub struct CreateTemplateVariables {
    /// The template.
    pub input: CreateTemplateInput,
}

/// A template to be made.
#[derive(cynic::InputObject, Debug)]
pub struct CreateTemplateInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Shown.
    pub name: String,
    /// The prompt text.
    pub source: String,
    /// Values and selection kept with it.
    pub selection: Option<SelectionInput>,
}

/// Makes a template with its version 1.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CreateTemplateVariables")]
pub struct CreateTemplate {
    /// What was made.
    #[arguments(input: $input)]
    pub create_template: TemplatePayload,
}

/// Variables of [`SaveVersion`].
#[derive(cynic::QueryVariables, Debug)]
pub struct SaveVersionVariables {
    /// The version.
    pub input: SaveTemplateVersionInput,
}

/// A further version.
#[derive(cynic::InputObject, Debug)]
pub struct SaveTemplateVersionInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Of what.
    pub template_id: cynic::Id,
    /// The version it was made from.
    pub expected_version: i32,
    /// The prompt text.
    pub source: String,
    /// Values and selection kept with it.
    pub selection: Option<SelectionInput>,
}

/// Adds a version.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SaveVersionVariables")]
pub struct SaveVersion {
    /// What was changed.
    #[arguments(input: $input)]
    pub save_template_version: TemplatePayload,
}

/// What was made or changed.
#[derive(cynic::QueryFragment, Debug)]
pub struct TemplatePayload {
    /// As it is now.
    pub template: TemplateHead,
}

/// A template without its text.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Template")]
pub struct TemplateHead {
    /// `tpl_…`.
    pub id: cynic::Id,
    /// Shown.
    pub name: String,
    /// Number of the newest version.
    pub latest_version: i32,
    /// Newest version made.
    pub updated_at: DateTime,
}

/// Variables of [`TemplatesPage`].
#[derive(cynic::QueryVariables, Debug)]
pub struct TemplatesVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// The next page.
    pub after: Option<String>,
}

/// Templates, newest first.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "TemplatesVariables")]
pub struct TemplatesPage {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: TemplatesOf,
}

/// Templates of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "TemplatesVariables")]
pub struct TemplatesOf {
    /// One page.
    #[arguments(first: 24, after: $after)]
    pub templates: TemplateConnection,
}

/// One page.
#[derive(cynic::QueryFragment, Debug)]
pub struct TemplateConnection {
    /// Where it goes on.
    pub page_info: PageInfo,
    /// The templates.
    pub nodes: Vec<TemplateCard>,
}

/// A template with the text of its newest version.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Template")]
pub struct TemplateCard {
    /// `tpl_…`.
    pub id: cynic::Id,
    /// Shown.
    pub name: String,
    /// Number of the newest version.
    pub latest_version: i32,
    /// Newest version made.
    pub updated_at: DateTime,
    /// The newest version.
    pub version: VersionText,
}

/// Text and selection of a version.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TemplateVersion")]
pub struct VersionText {
    /// 1, 2, 3 …
    pub number: i32,
    /// The prompt text.
    pub source: String,
    /// What was selected when it was saved.
    pub selection: StoredSelection,
    /// Made.
    pub created_at: DateTime,
}

/// Variables of [`OneTemplate`].
#[derive(cynic::QueryVariables, Debug)]
pub struct OneTemplateVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Which.
    pub template: cynic::Id,
    /// Which of its versions; the newest without it.
    pub version: Option<i32>,
}

/// One template in one version.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "OneTemplateVariables")]
pub struct OneTemplate {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: TemplateOf,
}

/// A template of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "OneTemplateVariables")]
pub struct TemplateOf {
    /// Which.
    #[arguments(id: $template)]
    pub template: TemplateAt,
}

/// A template in one version.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Template", variables = "OneTemplateVariables")]
pub struct TemplateAt {
    /// `tpl_…`.
    pub id: cynic::Id,
    /// Shown.
    pub name: String,
    /// Number of the newest version.
    pub latest_version: i32,
    /// Text and selection.
    #[arguments(number: $version)]
    pub version: VersionText,
}

/// Variables of [`VersionsPage`].
#[derive(cynic::QueryVariables, Debug)]
pub struct VersionsVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Of what.
    pub template: cynic::Id,
    /// The next page.
    pub after: Option<String>,
}

/// The versions of a template.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "VersionsVariables")]
pub struct VersionsPage {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: VersionsOf,
}

/// In a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "VersionsVariables")]
pub struct VersionsOf {
    /// Which.
    #[arguments(id: $template)]
    pub template: TemplateVersions,
}

/// The versions of one.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Template", variables = "VersionsVariables")]
pub struct TemplateVersions {
    /// The versions, newest first.
    #[arguments(first: 20, after: $after)]
    pub versions: VersionConnection,
}

/// One page.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "TemplateVersionConnection")]
pub struct VersionConnection {
    /// Where it goes on.
    pub page_info: PageInfo,
    /// The versions.
    pub nodes: Vec<OldVersion>,
}

/// A version as a list has it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TemplateVersion")]
pub struct OldVersion {
    /// 1, 2, 3 …
    pub number: i32,
    /// The prompt text.
    pub source: String,
    /// Made.
    pub created_at: DateTime,
}

/// Variables of [`ArchiveTemplate`].
#[derive(cynic::QueryVariables, Debug)]
pub struct ArchiveTemplateVariables {
    /// Which.
    pub input: ArchiveTemplateInput,
}

/// A template to be hidden.
#[derive(cynic::InputObject, Debug)]
pub struct ArchiveTemplateInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub template_id: cynic::Id,
}

/// Hides a template from lists.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ArchiveTemplateVariables")]
pub struct ArchiveTemplate {
    /// What was hidden.
    #[arguments(input: $input)]
    pub archive_template: TemplatePayload,
}
