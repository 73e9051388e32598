//! What the palette offers for what was typed.

use crate::words::Words;

/// Something that can be gone to or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Shown.
    pub name: String,
    /// What it does.
    pub target: Target,
}

/// What a command does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Goes to a page.
    Path(String),
    /// Switches the language.
    Language,
    /// Switches between light and dark.
    Theme,
    /// Shows the keys.
    Keys,
    /// Signs out.
    SignOut,
}

/// The commands whose names hold what was typed; a pasted id comes first.
#[must_use]
pub fn commands(typed: &str, words: &Words) -> Vec<Command> {
    // Names are English or Chinese: the tables of all other scripts are as large as a page.
    let wanted = typed.trim().to_ascii_lowercase();
    let pages = [
        (words.all.compose, "/compose"),
        (words.all.batches, "/batches"),
        (words.all.templates, "/templates"),
        (words.all.wallet, "/wallet"),
        (words.all.settings, "/settings"),
    ];
    let pages = pages.map(|(name, path)| (name, Target::Path(path.to_owned())));
    let deeds = [
        (words.all.language_label, Target::Language),
        (words.all.theme, Target::Theme),
        (words.all.shortcuts, Target::Keys),
        (words.all.sign_out, Target::SignOut),
    ];
    let all = pages.into_iter().chain(deeds);
    let named = all.filter(|(name, _)| name.to_ascii_lowercase().contains(&wanted));
    let named = named.map(|(name, target)| Command { name: name.to_owned(), target });
    pasted(typed.trim(), words).into_iter().chain(named).collect()
}

/// The page of an id.
fn pasted(id: &str, words: &Words) -> Option<Command> {
    let (kind, rest) = id.split_once('_')?;
    if rest.is_empty() || !rest.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let short = crate::format::short_id(id);
    let (name, path) = match kind {
        "bat" => (words.all.open_batch, format!("/batches/{id}")),
        "tpl" => (words.all.open_template, format!("/compose?template={id}")),
        _ => return None,
    };
    Some(Command { name: name.replace("{id}", &short), target: Target::Path(path) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn names(typed: &str, language: Language) -> Vec<String> {
        commands(typed, language.words()).into_iter().map(|command| command.name).collect()
    }

    #[test]
    fn names_are_found_in_either_language() {
        assert_eq!(names("wal", Language::En), ["Wallet"]);
        assert_eq!(names("钱", Language::Zh), ["钱包"]);
        assert_eq!(names("", Language::En).len(), 9);
    }

    #[test]
    fn a_pasted_id_opens_what_it_names() {
        let found = commands(" bat_0192abcdef ", Language::En.words());
        assert_eq!(found[0].target, Target::Path("/batches/bat_0192abcdef".to_owned()));
        assert!(commands("bat_../x", Language::En.words()).is_empty());
        assert!(commands("zzz_1", Language::En.words()).is_empty());
    }
}
