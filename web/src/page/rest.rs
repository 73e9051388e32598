//! The pages of the third program.

use leptos::prelude::*;

use super::{inside, money, people, shell};
use crate::route::Route;

/// The view of a place.
pub fn view_of(route: Route) -> AnyView {
    match route {
        Route::Templates => inside(|| view! { <money::TemplatesPage /> }.into_any()),
        Route::Wallet => inside(|| view! { <money::WalletPage /> }.into_any()),
        Route::Invite => view! { <people::InvitePage /> }.into_any(),
        Route::Settings => inside(|| view! { <people::SettingsPage /> }.into_any()),
        _ => view! { <shell::Nowhere /> }.into_any(),
    }
}
