//! From a reading and a seed to everything a picture needs to be drawn. The text of the prompt
//! itself has no influence here: a word that was not understood changes nothing but the captions.

pub mod look;
pub mod palette;
mod styles;

pub use look::{Border, Card, Cut, Finish, Look, Motion, Sky};
pub use palette::Palette;

use crate::lexicon::{Air, Hour, Mood, Move, Place, Reading, Style, Thing};
use crate::paint::{Grade, Rng, WHITE, chance, hex};

/// Everything that is decided before drawing begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    pub place: Place,
    /// The subject and, behind it, a companion.
    pub cast: Vec<Thing>,
    pub look: Look,
    pub palette: Palette,
    pub grade: Grade,
    pub flecks: Option<Flecks>,
    /// What is in the sky beside sun and clouds.
    pub wonders: Vec<Air>,
    /// 0 is clear, 1 hides everything.
    pub fog: f32,
    /// 0 is a clear sky.
    pub clouds: f32,
    pub snowy: bool,
    /// A named camera move, taken by every shot.
    pub camera: Option<Move>,
    /// Speed of everything against the ordinary.
    pub pace: f32,
    /// Chance of this picture: the request's seed and what was understood.
    pub seed: u64,
}

/// Small things in the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flecks {
    Snow,
    Rain,
    Ember,
    Firefly,
    Bokeh,
    Petal,
    Leaf,
    Dust,
    Bubble,
    Star,
}

impl Spec {
    /// What to draw for a reading.
    pub fn new(reading: &Reading, seed: u64) -> Self {
        Self::with_chance(reading, mixed(reading, seed))
    }

    /// As [`Spec::new`], from a seed that is already mixed with the reading.
    pub fn with_chance(reading: &Reading, seed: u64) -> Self {
        // One sequence for each decision: a decision more or less shifts no other.
        let chance = |salt: u64| Rng::new(seed ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let style = reading.styles().next().unwrap_or(Style::Plain);
        let look = styles::look(style);
        let cast: Vec<Thing> = reading.things().take(2).collect();
        let place = place(reading, style, &cast, &mut chance(1));
        let hour = reading.hours().next();
        let mut palette = palette::base(place, hour, chance(2).below(60));
        let named_hour = hour.is_some();
        for air in reading.airs() {
            palette = palette.in_air(air, named_hour);
        }
        // The mood leans on the light before the style has its say.
        for mood in reading.moods().take(2) {
            palette = lit(palette, mood);
        }
        palette = look::repaint(style, palette);
        for hue in reading.hues().take(2).collect::<Vec<_>>().into_iter().rev() {
            palette = palette.coloured(hue);
        }
        if style != Style::Ink {
            let turn = chance(3).range(-8.0, 8.0);
            palette = Palette { accent: palette.accent, ..palette.map(|c| c.turned(turn)) };
        }
        let has = |air: Air| reading.airs().any(|known| known == air);
        let mut pace = look.motion.pace;
        let mut grade = look.grade;
        for mood in reading.moods().take(2) {
            pace *= tempo(mood);
            grade = toned(grade, mood);
        }
        let fog = if has(Air::Fog) {
            0.62
        } else if has(Air::Storm) {
            0.25
        } else {
            0.0
        };
        let clouds = if has(Air::Clear) {
            0.0
        } else if has(Air::Cloudy) || has(Air::Storm) {
            1.0
        } else {
            chance(4).range(0.3, 0.85)
        };
        let wonders =
            [Air::Rainbow, Air::Aurora, Air::Stars, Air::Storm, Air::Clear, Air::Cloudy, Air::Wind];
        Self {
            place,
            flecks: flecks(reading, place, style, palette.night, hour),
            wonders: wonders.into_iter().filter(|air| has(*air)).collect(),
            fog: fog + moody_fog(reading),
            clouds,
            snowy: has(Air::Snow) || has(Air::Winter),
            camera: reading.moves().next(),
            cast,
            look,
            palette,
            grade,
            pace,
            seed,
        }
    }

    pub fn wonder(&self, air: Air) -> bool {
        self.wonders.contains(&air)
    }
}

fn mixed(reading: &Reading, seed: u64) -> u64 {
    let mut senses: Vec<String> = reading.senses().iter().map(|s| format!("{s:?};")).collect();
    senses.sort_unstable();
    let state = chance::fnv(chance::FNV, &seed.to_le_bytes());
    senses.iter().fold(state, |state, sense| chance::fnv(state, sense.as_bytes()))
}

fn place(reading: &Reading, style: Style, cast: &[Thing], rng: &mut Rng) -> Place {
    if let Some(place) = reading.places().next() {
        return place;
    }
    let any = |choices: &[Place], rng: &mut Rng| choices[rng.below(choices.len())];
    match (cast.first(), style) {
        (_, Style::Product) => Place::Studio,
        (Some(Thing::Boat | Thing::Lighthouse | Thing::Whale), _) => Place::Sea,
        (Some(Thing::Fish), _) => Place::Undersea,
        (Some(Thing::Rocket | Thing::Astronaut), _) => Place::Space,
        (Some(Thing::Plane), _) => Place::Clouds,
        (Some(Thing::Detective | Thing::Robot | Thing::Car | Thing::SportsCar), _) => Place::City,
        (Some(Thing::Pagoda | Thing::Lantern), _) => Place::Town,
        (Some(Thing::Deer | Thing::Fox | Thing::Panda), _) => Place::Forest,
        (
            Some(Thing::Rabbit | Thing::Windmill | Thing::Flower | Thing::Tree | Thing::Butterfly),
            _,
        ) => Place::Meadow,
        (Some(thing), _) if is_product(*thing) => Place::Studio,
        (Some(_), _) => any(&[Place::Mountains, Place::Meadow, Place::Lake], rng),
        (None, Style::Neon | Style::Noir | Style::Comic) => Place::City,
        (None, Style::Ink) => Place::Mountains,
        (None, Style::Storybook) => Place::Meadow,
        (None, Style::Poster) => Place::Shapes,
        (None, Style::Pixel | Style::Papercut | Style::Watercolor | Style::Vintage) => {
            any(&[Place::Mountains, Place::Sea, Place::Meadow], rng)
        }
        // A named time or weather asks for a sky to show it in.
        (None, _) if reading.hours().next().is_some() || reading.airs().next().is_some() => {
            any(&[Place::Mountains, Place::Sea, Place::Meadow, Place::Lake], rng)
        }
        (None, _) => any(&[Place::Shapes, Place::Shapes, Place::Mountains, Place::Clouds], rng),
    }
}

/// Things that are sold: they stand on a podium when no place is named.
pub fn is_product(thing: Thing) -> bool {
    matches!(
        thing,
        Thing::Cup
            | Thing::Teapot
            | Thing::Bottle
            | Thing::Jar
            | Thing::Watch
            | Thing::Phone
            | Thing::Lamp
            | Thing::Shoe
            | Thing::Bag
            | Thing::Headphones
            | Thing::Chair
            | Thing::Laptop
            | Thing::Camera
            | Thing::Book
            | Thing::Cake
            | Thing::Guitar
            | Thing::Umbrella
    )
}

fn flecks(
    reading: &Reading,
    place: Place,
    style: Style,
    night: bool,
    hour: Option<Hour>,
) -> Option<Flecks> {
    let named = reading.airs().find_map(|air| match air {
        Air::Rain | Air::Storm => Some(Flecks::Rain),
        Air::Snow | Air::Winter => Some(Flecks::Snow),
        Air::Embers => Some(Flecks::Ember),
        Air::Fireflies => Some(Flecks::Firefly),
        Air::Petals | Air::Spring => Some(Flecks::Petal),
        Air::Autumn => Some(Flecks::Leaf),
        Air::Wind => Some(Flecks::Dust),
        Air::Bubbles => Some(Flecks::Bubble),
        Air::Stars => Some(Flecks::Star),
        _ => None,
    });
    let mood = reading.moods().find_map(|mood| match mood {
        Mood::Dreamy | Mood::Romantic | Mood::Luxurious => Some(Flecks::Bokeh),
        Mood::Mysterious => Some(Flecks::Firefly),
        Mood::Joyful => Some(Flecks::Petal),
        Mood::Warm => Some(Flecks::Dust),
        _ => None,
    });
    named.or(mood).or(match place {
        Place::Undersea => Some(Flecks::Bubble),
        _ if matches!(style, Style::Ink | Style::Minimal | Style::Poster) => None,
        Place::Studio => Some(Flecks::Bokeh),
        Place::Forest if night => Some(Flecks::Firefly),
        Place::Forest | Place::Desert => Some(Flecks::Dust),
        Place::City if night => Some(Flecks::Bokeh),
        Place::Room if hour.is_none() => Some(Flecks::Dust),
        _ => None,
    })
}

fn moody_fog(reading: &Reading) -> f32 {
    let thick = |mood| match mood {
        Mood::Mysterious => 0.30,
        Mood::Dreamy => 0.22,
        Mood::Lonely => 0.18,
        _ => 0.0,
    };
    reading.moods().map(thick).fold(0.0, f32::max)
}

fn lit(p: Palette, mood: Mood) -> Palette {
    match mood {
        Mood::Warm => p.map(|c| c.mix(hex(0xffb066), 0.16)),
        Mood::Romantic => p.map(|c| c.mix(hex(0xff86a8), 0.20)),
        Mood::Dreamy => p.map(|c| c.mix(hex(0xc9a6ff), 0.22)),
        Mood::Mysterious => p.map(|c| c.mix(hex(0x1d4a5c), 0.26)),
        Mood::Lonely => p.map(|c| c.mix(hex(0x5d7396), 0.28)),
        Mood::Tense => p.map(|c| c.mix(hex(0x2a0f14), 0.34)),
        Mood::Luxurious => Palette {
            accent: hex(0xe3b85f),
            sun: hex(0xfff0cf),
            ..p.map(|c| c.mix(hex(0x1a130d), 0.38))
        },
        Mood::Joyful => p.map(|c| c.mix(WHITE, 0.10)),
        Mood::Calm => p.map(|c| c.mix(hex(0xbfd6df), 0.14)),
        Mood::Epic => Palette { sun: hex(0xfff0c4), ..p.map(|c| c.mix(c.scale(0.74), 1.0)) },
        Mood::Energetic => Palette { accent: p.accent.turned(18.0), ..p },
    }
}

fn toned(grade: Grade, mood: Mood) -> Grade {
    let (saturation, contrast) = match mood {
        Mood::Calm => (0.88, 0.94),
        Mood::Joyful => (1.22, 1.0),
        Mood::Epic => (1.08, 1.2),
        Mood::Lonely => (0.66, 0.95),
        Mood::Tense => (0.8, 1.28),
        Mood::Energetic => (1.25, 1.12),
        Mood::Dreamy => (0.95, 0.9),
        _ => (1.0, 1.04),
    };
    Grade {
        saturation: grade.saturation * saturation,
        contrast: grade.contrast * contrast,
        ..grade
    }
}

fn tempo(mood: Mood) -> f32 {
    match mood {
        Mood::Energetic => 1.7,
        Mood::Joyful => 1.25,
        Mood::Tense => 1.2,
        Mood::Epic => 1.1,
        Mood::Calm | Mood::Lonely => 0.6,
        Mood::Dreamy | Mood::Romantic | Mood::Luxurious => 0.75,
        Mood::Mysterious | Mood::Warm => 0.85,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Sense, entries, read};

    fn drawn(text: &str) -> Spec {
        // One chance for all: what is compared is what the word itself does.
        Spec::with_chance(&read(&[text]), 7)
    }

    #[test]
    fn every_term_changes_something() {
        // In some scene the word is new: "night" says nothing about a night.
        let scenes = ["", "mountain", "beach noon cat noir", "studio night"];
        for entry in entries().filter(|entry| entry.sense != Sense::Nothing) {
            for word in entry.en.iter().chain(entry.zh) {
                let changes =
                    scenes.iter().any(|scene| drawn(scene) != drawn(&format!("{scene} {word}")));
                assert!(changes, "{word}");
            }
        }
    }

    #[test]
    fn unknown_words_change_nothing() {
        let with = |text: &str| Spec::new(&read(&[text]), 7);
        assert_eq!(with("lighthouse at sea"), with("a lighthouse zorblax at the quux sea"));
        assert_ne!(with("lighthouse at sea").seed, with("lighthouse at dusk").seed);
    }

    #[test]
    fn places_that_suit_the_subject() {
        let place = |text: &str| Spec::new(&read(&[text]), 3).place;
        assert_eq!(place("手表"), Place::Studio);
        assert_eq!(place("a rocket"), Place::Space);
        assert_eq!(place("孤舟"), Place::Sea);
        assert_eq!(place("watch on the beach"), Place::Beach);
    }
}
