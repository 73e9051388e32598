//! Templates: prompt texts with variables, kept in versions that never change.
//!
//! Invariants: a version is written once; saving names the version it was made from, and a guarded
//! UPDATE decides between two who save at once. Whatever is stored can be read by `prompt`, though
//! it may still lack values. Checks and previews expand nothing but what they show.
//!
//! Deliberately absent: how many videos somebody may launch (a plan's matter, decided at launch).

use entity::ids::{TemplateId, UserId};
use prompt::csv::Sheet;
use prompt::{Combination, Limits, Selection};

use crate::db::{Class, Db};
use crate::domain::access::{Action, Scope};
use crate::kernel::clock::Clock;
use crate::kernel::ids;
use crate::kernel::page::{Page, PageArgs};

pub mod error;
pub mod model;
mod repo;
pub mod samples;

pub use error::Error;
pub use model::{Check, Template, Version, Which};
pub use samples::Sample;

/// Numbers of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// What the prompt language accepts.
    pub prompt: Limits,
    /// Most prompts of one preview.
    pub max_preview: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { prompt: Limits::default(), max_preview: 50 }
    }
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Templates {
    db: Db,
    clock: Clock,
    options: Options,
}

/// A template to be made.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    /// Shown, 1 … [`model::MAX_NAME_CHARS`] characters.
    pub name: String,
    /// What the videos are for.
    pub purpose: Option<String>,
    /// The prompt text.
    pub source: String,
    /// Values and selection kept with it.
    pub selection: Selection,
}

/// A further version.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Of what.
    pub template_id: TemplateId,
    /// The version it was made from, which must still be the newest.
    pub expected_version: i64,
    /// The prompt text.
    pub source: String,
    /// Values and selection kept with it.
    pub selection: Selection,
}

impl Templates {
    /// A service with these limits.
    #[must_use]
    pub const fn new(db: Db, clock: Clock, options: Options) -> Self {
        Self { db, clock, options }
    }

    /// What the prompt language accepts here.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.options.prompt
    }

    /// Makes a template with its version 1.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Invalid`], [`Error::Forbidden`].
    pub async fn create(&self, scope: &Scope, new: NewTemplate) -> Result<Template, Error> {
        let author = author(scope)?;
        model::savable(&new.source, &new.selection, &self.options.prompt)?;
        let now = self.clock.now();
        let purpose = new.purpose.as_deref().filter(|text| !text.trim().is_empty());
        let template = Template {
            id: ids::mint(now),
            workspace_id: scope.workspace_id(),
            name: model::bounded("name", &new.name, model::MAX_NAME_CHARS)?,
            purpose: purpose
                .map(|text| model::bounded("purpose", text, model::MAX_PURPOSE_CHARS))
                .transpose()?,
            latest_version: 1,
            created_by: author,
            created_at: now,
            updated_at: now,
            archived_at: None,
        };
        let version = Version {
            template_id: template.id,
            version: 1,
            source: new.source,
            selection: new.selection,
            created_by: author,
            created_at: now,
        };
        let (template, version) = (&template, &version);
        self.db
            .tx(Class::Interactive, |tx| async move {
                repo::insert_in_tx(&tx, template).await?;
                repo::insert_version_in_tx(&tx, template.workspace_id, version).await?;
                Ok::<_, Error>(template.clone())
            })
            .await
    }

    /// Adds a version.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody saved or archived meanwhile; as [`Self::create`].
    pub async fn save_version(&self, scope: &Scope, new: NewVersion) -> Result<Template, Error> {
        let author = author(scope)?;
        model::savable(&new.source, &new.selection, &self.options.prompt)?;
        let now = self.clock.now();
        let whose = (scope.workspace_id(), new.template_id);
        let version = Version {
            template_id: new.template_id,
            version: new.expected_version.saturating_add(1),
            source: new.source,
            selection: new.selection,
            created_by: author,
            created_at: now,
        };
        let version = &version;
        self.db
            .tx(Class::Interactive, |tx| async move {
                if !repo::advance_in_tx(&tx, whose, new.expected_version, now).await? {
                    let known = repo::get(&*tx, whose.0, whose.1).await?;
                    return Err(known.map_or(Error::NotFound, |_| Error::Conflict));
                }
                repo::insert_version_in_tx(&tx, whose.0, version).await?;
                repo::get(&*tx, whose.0, whose.1).await?.ok_or(Error::NotFound)
            })
            .await
    }

    /// Gives a template another name and purpose; its versions stay as they are.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for an archived one; [`Error::Length`], [`Error::Forbidden`].
    pub async fn rename(
        &self,
        scope: &Scope,
        template_id: TemplateId,
        (name, purpose): (&str, Option<&str>),
    ) -> Result<Template, Error> {
        author(scope)?;
        let name = model::bounded("name", name, model::MAX_NAME_CHARS)?;
        let purpose = purpose
            .filter(|text| !text.trim().is_empty())
            .map(|text| model::bounded("purpose", text, model::MAX_PURPOSE_CHARS))
            .transpose()?;
        let whose = (scope.workspace_id(), template_id);
        let words = &(name, purpose);
        self.db
            .tx(Class::Interactive, |tx| async move {
                if !repo::rename_in_tx(&tx, whose, words).await? {
                    return Err(Error::NotFound);
                }
                repo::get(&*tx, whose.0, whose.1).await?.ok_or(Error::NotFound)
            })
            .await
    }

    /// Hides a template from lists. Its batches and quotes keep it. Twice is once.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn archive(&self, scope: &Scope, template_id: TemplateId) -> Result<Template, Error> {
        author(scope)?;
        let now = self.clock.now();
        let whose = (scope.workspace_id(), template_id);
        self.db
            .tx(Class::Interactive, |tx| async move {
                repo::archive_in_tx(&tx, whose, now).await?;
                repo::get(&*tx, whose.0, whose.1).await?.ok_or(Error::NotFound)
            })
            .await
    }

    /// One template.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, scope: &Scope, template_id: TemplateId) -> Result<Template, Error> {
        let found = repo::get(self.db.reader(), scope.workspace_id(), template_id).await?;
        found.ok_or(Error::NotFound)
    }

    /// Several at once, in no order; what is not there is left out.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn many(&self, scope: &Scope, wanted: &[TemplateId]) -> Result<Vec<Template>, Error> {
        Ok(repo::many(self.db.reader(), scope.workspace_id(), wanted).await?)
    }

    /// The templates that are not archived, newest first. The cursor is the id.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`].
    pub async fn list(&self, scope: &Scope, page: &PageArgs) -> Result<Page<Template>, Error> {
        let after = match &page.after {
            Some(key) => Some(key.parse::<TemplateId>().map_err(|_| Error::InvalidCursor)?),
            None => None,
        };
        let slice = (after, page.fetch());
        let rows = repo::list(self.db.reader(), scope.workspace_id(), slice).await?;
        Ok(page.cut(rows))
    }

    /// One version; the newest when none is named.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn version(
        &self,
        scope: &Scope,
        template_id: TemplateId,
        version: Option<i64>,
    ) -> Result<Version, Error> {
        let version = match version {
            Some(version) => version,
            None => self.get(scope, template_id).await?.latest_version,
        };
        let whose = (scope.workspace_id(), template_id);
        let row = repo::version(self.db.reader(), whose, version).await?.ok_or(Error::NotFound)?;
        Version::try_from(row)
    }

    /// The versions, newest first. The cursor is the version number.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidCursor`].
    pub async fn versions(
        &self,
        scope: &Scope,
        template_id: TemplateId,
        page: &PageArgs,
    ) -> Result<Page<Version>, Error> {
        self.get(scope, template_id).await?;
        let before = match &page.after {
            Some(key) => Some(key.parse::<i64>().map_err(|_| Error::InvalidCursor)?),
            None => None,
        };
        let whose = (scope.workspace_id(), template_id);
        let rows = repo::versions(self.db.reader(), whose, (before, page.fetch())).await?;
        let rows: Result<Vec<Version>, Error> = rows.into_iter().map(Version::try_from).collect();
        Ok(page.cut(rows?))
    }

    /// Everything that can be said about a text and a selection; never refuses.
    #[must_use]
    pub fn check(&self, source: &str, selection: &Selection) -> Check {
        model::check(source, selection, &self.options.prompt)
    }

    /// Some of the prompts that would come out.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::PreviewTooLarge`].
    pub fn preview(
        &self,
        source: &str,
        selection: &Selection,
        which: &Which,
    ) -> Result<Vec<Combination>, Error> {
        let expansion = prompt::expand(source, selection, &self.options.prompt);
        model::pick(&expansion.map_err(Error::Invalid)?, which, self.options.max_preview)
    }

    /// Reads a CSV file as the rows of a selection.
    ///
    /// # Errors
    /// [`Error::Csv`], naming row and column.
    pub fn import_csv(&self, bytes: &[u8]) -> Result<Sheet, Error> {
        prompt::csv::read(bytes, &self.options.prompt).map_err(Error::Csv)
    }

    /// Templates that come with the product.
    #[must_use]
    pub fn samples(&self) -> &'static [Sample] {
        samples::all()
    }
}

/// The person who may edit.
fn author(scope: &Scope) -> Result<UserId, Error> {
    if !Action::EditTemplates.allowed(scope.role()) {
        return Err(Error::Forbidden);
    }
    scope.caller().actor.user_id().ok_or(Error::Forbidden)
}

impl TryFrom<entity::template_version::Model> for Version {
    type Error = Error;

    fn try_from(row: entity::template_version::Model) -> Result<Self, Error> {
        Ok(Self {
            template_id: row.template_id,
            version: row.version,
            source: row.source,
            selection: serde_json::from_value(row.selection).map_err(|_| Error::Damaged)?,
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}
