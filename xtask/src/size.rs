//! File sizes as people read them.

/// `912 B`, `64 KB`, `6.3 MB`: powers of ten.
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{} KB", (count + 500) / 1_000),
        _ => {
            let tenths = (count + 50_000) / 100_000;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        let words: Vec<_> = [999, 64_400, 6_349_999, 6_350_000].into_iter().map(bytes).collect();
        assert_eq!(words, ["999 B", "64 KB", "6.3 MB", "6.4 MB"]);
    }
}
