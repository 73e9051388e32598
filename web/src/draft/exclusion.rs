//! Exclusions by clicking: a conjunction of `name = value`, written as the language reads it.

/// One half of a conjunction: a variable and the value it must have.
pub type Condition = (String, String);

/// The rule for some conditions; none when there is nothing to exclude.
#[must_use]
pub fn rule(conditions: &[Condition]) -> Option<String> {
    let parts: Vec<_> =
        conditions.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
    (!parts.is_empty()).then(|| parts.join(" & "))
}

/// A value in quotes where its own signs would be read as the language's.
fn quoted(value: &str) -> String {
    let plain = !value.contains(['&', '＆', '=', '＝', '"', '\\', '“', '”', '|'])
        && value.trim() == value
        && !value.is_empty();
    if plain {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests {
    use prompt::{Limits, Selection, ValueList};

    use super::*;

    #[test]
    fn what_is_clicked_is_what_the_language_reads() {
        for value in ["noir", "film noir", "a & b", "x=\"y\"", "back\\slash", "“引号”", " edges "]
        {
            let list = |name: &str, values: &[&str]| ValueList {
                name: name.to_owned(),
                values: values.iter().map(|value| (*value).to_owned()).collect(),
            };
            let conditions = [("a".to_owned(), value.to_owned()), ("b".to_owned(), "2".to_owned())];
            let selection = Selection {
                lists: vec![list("a", &[value, "other"]), list("b", &["1", "2"])],
                exclude: vec![rule(&conditions).unwrap()],
                ..Selection::default()
            };
            let made = prompt::expand("{a} {b}", &selection, &Limits::default());
            assert_eq!(
                made.map(|made| made.count()).map_err(|p| format!("{p:?}")),
                Ok(3),
                "{value}"
            );
        }
    }

    #[test]
    fn nothing_excludes_nothing() {
        assert_eq!(rule(&[]), None);
    }
}
