//! Ways to delivered files.

use super::scalars::DateTime;
use super::schema;

/// Variables of [`CreateAssetLinks`].
#[derive(cynic::QueryVariables, Debug)]
pub struct CreateAssetLinksVariables {
    /// Which.
    pub input: CreateAssetLinksInput,
}

/// Which files somebody wants links to.
#[derive(cynic::InputObject, Debug)]
pub struct CreateAssetLinksInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Of which batch.
    pub batch_id: cynic::Id,
    /// Which of its videos.
    pub video_ids: Vec<cynic::Id>,
}

/// Makes links to delivered files.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CreateAssetLinksVariables")]
pub struct CreateAssetLinks {
    /// The answer.
    #[arguments(input: $input)]
    pub create_asset_links: CreateAssetLinksPayload,
}

/// The links.
#[derive(cynic::QueryFragment, Debug)]
pub struct CreateAssetLinksPayload {
    /// In the order asked.
    pub links: Vec<AssetLink>,
}

/// A way to a video and its still picture.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AssetLink {
    /// Of what.
    pub video_id: cynic::Id,
    /// The video.
    pub url: String,
    /// The still picture.
    pub poster_url: String,
    /// Useless from here on.
    pub expires_at: DateTime,
}
