//! The pages of the first program.

use leptos::prelude::*;

use super::{account, compose, inside, redirect, shell};
use crate::route::Route;

/// The view of a place.
pub fn view_of(route: Route) -> AnyView {
    match route {
        Route::Start => redirect("/compose"),
        Route::SignIn => view! { <account::SignInPage /> }.into_any(),
        Route::SignUp => view! { <account::SignUpPage /> }.into_any(),
        Route::Compose => inside(|| view! { <compose::ComposePage /> }.into_any()),
        _ => view! { <shell::Nowhere /> }.into_any(),
    }
}
