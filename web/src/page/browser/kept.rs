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

/// Takes what was left for this tab, if anything was.
pub fn take_over(name: &str) -> Option<String> {
    let store = tab()?;
    let left = store.get_item(&key(name)).ok().flatten();
    let _ = store.remove_item(&key(name));
    left
}

/// Leaves something for the next document in this tab.
pub fn hand_over(name: &str, value: &str) {
    if let Some(store) = tab() {
        let _ = store.set_item(&key(name), value);
    }
}

fn tab() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// Forgets something.
pub fn remove(name: &str) {
    if let Some(store) = store() {
        let _ = store.remove_item(&key(name));
    }
}
