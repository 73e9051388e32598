//! Marks and archives.

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::Watch;
use crate::api::collect::{
    CreateZipLink, CreateZipLinkInput, MarkVariables, MarkVideos, MarkVideosInput, ZipVariables,
};
use crate::api::videos::Mark;
use serde::de::IgnoredAny;

/// Most videos marked with one request.
const MOST: usize = 2_000;

/// The picked videos.
pub fn picked(watch: Watch) -> Vec<usize> {
    watch.picked.with_untracked(|picked| picked.iter().collect())
}

/// Marks some videos; what is shown changes when the server has taken it.
pub fn mark(watch: Watch, some: Vec<usize>, mark: Option<Mark>) {
    spawn_local(async move {
        for some in some.chunks(MOST) {
            let input = MarkVideosInput {
                workspace_id: watch.app.workspace(),
                batch_id: watch.batch_id(),
                video_ids: watch.ids(some),
                mark,
            };
            let asked = MarkVideos::build(MarkVariables { input });
            if let Err(refusal) = watch.app.read::<_, _, IgnoredAny>(asked, &[]).await {
                return watch.app.complain(&refusal);
            }
            let some = some.iter().copied();
            watch.board.try_maybe_update(|board| (board.mark(some, mark), ()));
        }
    });
}

/// Fetches an archive of some videos, or of all.
pub fn download(watch: Watch, some: Option<Vec<usize>>, kept_only: bool) {
    spawn_local(async move {
        let input = CreateZipLinkInput {
            workspace_id: watch.app.workspace(),
            batch_id: watch.batch_id(),
            video_ids: some.map(|some| watch.ids(&some)),
            kept_only,
        };
        let asked = CreateZipLink::build(ZipVariables { input });
        match watch.app.read::<_, _, String>(asked, &["createZipLink", "url"]).await {
            // The server says that it is to be saved, so the page stays where it is.
            Ok(url) => {
                if let Some(window) = web_sys::window() {
                    let _ = window.location().set_href(&url);
                }
            }
            Err(refusal) => watch.app.complain(&refusal),
        }
    });
}
