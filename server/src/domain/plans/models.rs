//! The models customers may pick, as data. What a model costs is in the price table; who renders
//! it is the line's business.

use entity::enums::{Aspect, Resolution};

use super::catalogue::Title;

/// A model as customers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// What quotes and prices name.
    pub code: &'static str,
    /// Shown.
    pub title: Title<&'static str>,
    /// Lines it can make, cheapest first; the first is the default.
    pub resolutions: &'static [Resolution],
    /// Shapes it can make; the first is the default.
    pub aspects: &'static [Aspect],
    /// Shortest video, seconds.
    pub min_s: i64,
    /// Longest video, seconds.
    pub max_s: i64,
    /// Length where none is asked for, seconds.
    pub default_s: i64,
}

/// Every model.
pub const MODELS: &[Model] = &[Model {
    code: "animatic-1",
    title: Title { en: "Animatic", zh: "动态分镜" },
    resolutions: &[Resolution::P360, Resolution::P720],
    aspects: &[Aspect::Wide, Aspect::Tall, Aspect::Square],
    min_s: 2,
    max_s: 10,
    default_s: 4,
}];

/// The model with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.code == code)
}

impl Model {
    /// Whether it makes videos of this length.
    #[must_use]
    pub const fn makes_seconds(&self, seconds: i64) -> bool {
        self.min_s <= seconds && seconds <= self.max_s
    }

    /// Whether it makes videos of these lines.
    #[must_use]
    pub fn makes_resolution(&self, resolution: Resolution) -> bool {
        self.resolutions.contains(&resolution)
    }

    /// Whether it makes videos of this shape.
    #[must_use]
    pub fn makes_aspect(&self, aspect: Aspect) -> bool {
        self.aspects.contains(&aspect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_lie_within_the_limits() {
        for model in MODELS {
            assert!(model.makes_seconds(model.default_s));
            assert!(!model.resolutions.is_empty() && !model.aspects.is_empty());
        }
    }

    #[test]
    fn animatic_makes_two_to_ten_seconds() {
        let model = find("animatic-1").expect("animatic-1");
        let lengths: Vec<i64> = (0..=12).filter(|s| model.makes_seconds(*s)).collect();
        assert_eq!(lengths, (2..=10).collect::<Vec<_>>());
        assert!(find("animatic-2").is_none());
    }
}
