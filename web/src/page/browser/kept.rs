//! What this device keeps: theme, language, workspace and drafts. Never a secret.

/// The keeper's name for something of ours.
fn key(name: &str) -> String {
    format!("reelmill.{name}")
}

fn store() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept.
pub fn get(name: &str) -> Option<String> {
    store()?.get_item(&key(name)).ok().flatten()
}

/// Keeps something. A full or forbidden store is no reason to disturb anybody.
pub fn set(name: &str, value: &str) {
    if let Some(store) = store() {
        let _ = store.set_item(&key(name), value);
    }
}

/// Forgets something.
pub fn remove(name: &str) {
    if let Some(store) = store() {
        let _ = store.remove_item(&key(name));
    }
}
