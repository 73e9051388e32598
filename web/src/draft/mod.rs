//! The form of the composer: what it holds, what it makes, what is wrong with it.
//!
//! What is counted and previewed here is the `prompt` crate's, the same that the server runs.
//! Deliberately absent: prices. They come from the server's quote alone.

mod exclusion;
mod highlight;
mod lines;
mod look;

pub use exclusion::{Condition, rule};
pub use highlight::{Piece, Tint, pieces};
pub use lines::{csv, values};
pub use look::{Factor, Look, look};

use prompt::{Sample, Selection, Table, ValueList};
use serde::{Deserialize, Serialize};

use crate::api::scalars::{Aspect, Kept, Resolution};

/// Longest title made of a text.
const TITLE_CHARS: usize = 48;

/// Everything somebody typed. Serialised, it survives a reload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Name of the template.
    pub name: String,
    /// The prompt text.
    pub source: String,
    /// Values as typed; lists of variables that are no longer in the text are kept, because they
    /// may come back with the next key.
    pub lists: Vec<List>,
    /// Groups of names that move together.
    pub zip: Vec<Vec<String>>,
    /// A table whose columns are bound together.
    pub rows: Option<Table>,
    /// What is left out.
    pub exclude: Vec<String>,
    /// Repeats, 0 standing for 1.
    pub takes: u32,
    /// How much of what is left.
    pub sample: Sample,
    /// Model code; the first without it.
    pub model: Option<String>,
    /// Length; the model's own without it.
    pub seconds: Option<i32>,
    /// Shape; the model's first without it.
    pub aspect: Option<Kept<Aspect>>,
    /// Lines; the model's cheapest without it.
    pub resolution: Option<Kept<Resolution>>,
    /// Drawn by lot without it.
    pub seed: Option<i64>,
    /// Most videos of a pilot.
    pub pilot: Option<i32>,
    /// Percent of failures above which the batch pauses.
    pub stop_loss: Option<u8>,
    /// The template it is kept as.
    pub saved: Option<Saved>,
}

/// The values of one variable, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The variable.
    pub name: String,
    /// One value a line.
    pub text: String,
}

/// The template version that holds a draft's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// `tpl_…`.
    pub template: String,
    /// Its version.
    pub version: i32,
    /// The newest version there was then: what is changed follows that one. Drafts that were kept
    /// before it was noted are of the newest.
    #[serde(default)]
    pub latest: i32,
    /// The text of that version.
    pub source: String,
}

impl Draft {
    /// A draft of a stored text and selection.
    #[must_use]
    pub fn of(name: String, source: String, selection: Selection) -> Self {
        let list = |list: ValueList| List { name: list.name, text: list.values.join("\n") };
        Self {
            name,
            source,
            lists: selection.lists.into_iter().map(list).collect(),
            zip: selection.zip,
            rows: selection.rows,
            exclude: selection.exclude,
            takes: selection.takes,
            sample: selection.sample,
            ..Self::default()
        }
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.source.trim().is_empty() && self.lists.iter().all(|list| list.text.trim().is_empty())
    }

    /// The name it was given, else the beginning of its text.
    #[must_use]
    pub fn title(&self) -> String {
        let given = self.name.trim();
        if !given.is_empty() {
            return given.to_owned();
        }
        let plain = self.source.replace(['{', '}', '｛', '｝'], "");
        let words: Vec<_> = plain.split_whitespace().collect();
        words.join(" ").chars().take(TITLE_CHARS).collect()
    }

    /// The values typed for a variable.
    #[must_use]
    pub fn text_of(&self, name: &str) -> &str {
        self.lists.iter().find(|list| list.name == name).map_or("", |list| &list.text)
    }

    /// Types values for a variable.
    pub fn set_text(&mut self, name: &str, text: String) {
        match self.lists.iter_mut().find(|list| list.name == name) {
            Some(list) => list.text = text,
            None => self.lists.push(List { name: name.to_owned(), text }),
        }
    }

    /// Moves a name into the first group of names that move together, or out of it.
    pub fn toggle_zip(&mut self, name: &str) {
        let inside = self.zip.iter().any(|group| group.iter().any(|member| member == name));
        if inside {
            for group in &mut self.zip {
                group.retain(|member| member != name);
            }
            self.zip.retain(|group| !group.is_empty());
        } else if let Some(group) = self.zip.first_mut() {
            group.push(name.to_owned());
        } else {
            self.zip.push(vec![name.to_owned()]);
        }
    }

    /// The selection over the variables that the text has. Values typed for others are left out.
    #[must_use]
    pub fn selection(&self, variables: &[String]) -> Selection {
        let bound = |name: &str| {
            self.rows.as_ref().is_some_and(|table| table.columns.iter().any(|c| c == name))
        };
        let lists = variables
            .iter()
            .filter(|name| !bound(name))
            .map(|name| ValueList { name: name.clone(), values: values(self.text_of(name)) })
            .filter(|list| !list.values.is_empty())
            .collect::<Vec<_>>();
        let listed = |name: &String| lists.iter().any(|list| list.name == *name);
        let groups = self.zip.iter().map(|group| group.iter().filter(|n| listed(n)).cloned());
        Selection {
            zip: groups.map(Iterator::collect).filter(|group: &Vec<_>| group.len() > 1).collect(),
            rows: self.rows.clone(),
            exclude: self.exclude.clone(),
            takes: self.takes.max(1),
            sample: self.sample,
            lists,
        }
    }

    /// What a price depends on: two drafts that agree in it cost the same.
    #[must_use]
    pub fn priced_part(&self) -> Self {
        let bare = Self { name: String::new(), saved: None, ..self.clone() };
        Self { pilot: None, stop_loss: None, ..bare }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        let mut draft = Draft { source: "{style} of {scene}".into(), ..Draft::default() };
        draft.set_text("style", "noir\n\n  ink \n".into());
        draft.set_text("scene", "beach\ncity".into());
        draft.set_text("gone", "x".into());
        draft
    }

    fn names() -> Vec<String> {
        vec!["style".into(), "scene".into()]
    }

    #[test]
    fn values_of_variables_that_left_the_text_are_kept_but_not_sent() {
        let draft = draft();
        let selection = draft.selection(&names());
        let sent: Vec<_> = selection.lists.iter().map(|list| list.name.as_str()).collect();
        assert_eq!(sent, ["style", "scene"]);
        assert_eq!(selection.lists[0].values, ["noir", "ink"]);
        assert_eq!(draft.text_of("gone"), "x");
    }

    #[test]
    fn what_was_given_no_name_is_called_by_its_text() {
        assert_eq!(draft().title(), "style of scene");
        assert_eq!(Draft { name: " n ".into(), ..draft() }.title(), "n");
        let long = Draft { source: "｛风格｝的城市 ".repeat(30), ..Draft::default() };
        assert_eq!(long.title().chars().count(), TITLE_CHARS);
    }

    #[test]
    fn a_group_of_one_is_no_group() {
        let mut draft = draft();
        draft.toggle_zip("style");
        assert!(draft.selection(&names()).zip.is_empty());
        draft.toggle_zip("scene");
        assert_eq!(draft.selection(&names()).zip, [["style", "scene"]]);
        draft.toggle_zip("style");
        draft.toggle_zip("scene");
        assert!(draft.zip.is_empty());
    }

    #[test]
    fn a_reload_changes_nothing() {
        let mut draft = draft();
        draft.aspect = Some(Kept(Aspect::Tall));
        draft.sample = Sample::First { n: 2 };
        let kept = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&kept).unwrap(), draft);
    }

    #[test]
    fn a_draft_of_another_release_still_opens() {
        let draft: Draft = serde_json::from_str(r#"{"source":"a {b}","unheard":1}"#).unwrap();
        assert_eq!(draft.source, "a {b}");
    }

    #[test]
    fn name_and_safety_do_not_change_the_price() {
        let renamed = Draft { name: "n".into(), pilot: Some(3), ..draft() };
        assert_eq!(renamed.priced_part(), draft().priced_part());
        let longer = Draft { seconds: Some(8), ..draft() };
        assert_ne!(longer.priced_part(), draft().priced_part());
    }

    #[test]
    fn a_column_of_the_table_is_not_sent_as_a_list_too() {
        let mut draft = draft();
        draft.rows = Some(Table { columns: vec!["style".into()], rows: vec![vec!["a".into()]] });
        let selection = draft.selection(&names());
        assert_eq!(selection.lists.len(), 1);
    }
}
