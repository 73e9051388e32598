//! The name a person probably meant.

const MAX_CHARS: usize = 64;

/// The candidate nearest to `name`: at most two slips away, and less than half the name.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).take(MAX_CHARS).collect();
    candidates
        .map(|candidate| {
            let chars: Vec<char> =
                candidate.chars().flat_map(char::to_lowercase).take(MAX_CHARS).collect();
            (distance(&name, &chars), candidate)
        })
        .filter(|(distance, _)| *distance <= 2 && *distance * 2 < name.len().max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_leaves_strangers_alone() {
        let names = ["style", "scene", "风格"];
        assert_eq!(nearest("styel", names.into_iter()), Some("style"));
        assert_eq!(nearest("Style", names.into_iter()), Some("style"));
        assert_eq!(nearest("camera", names.into_iter()), None);
        assert_eq!(nearest("色", names.into_iter()), None);
    }
}
