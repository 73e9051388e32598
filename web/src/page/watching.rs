//! The pages of the second program.

use leptos::prelude::*;

use super::watch::{BatchPage, BatchesPage};
use super::{inside, shell};
use crate::route::Route;

/// The view of a place.
pub fn view_of(route: Route) -> AnyView {
    match route {
        Route::Batches => inside(|| view! { <BatchesPage /> }.into_any()),
        Route::Batch => inside(|| view! { <BatchPage /> }.into_any()),
        _ => view! { <shell::Nowhere /> }.into_any(),
    }
}
