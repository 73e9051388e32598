//! Seven colours carry a picture. Hour, place, season and colour words each change some of them.

use crate::lexicon::{Air, Hour, Hue, Place};
use crate::paint::{Rgb, WHITE, hex};

/// The colours of one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Sky: zenith, middle, horizon.
    pub top: Rgb,
    pub mid: Rgb,
    pub low: Rgb,
    /// Sun or moon, and everything lit by it.
    pub sun: Rgb,
    /// Ground: far away and close by.
    pub far: Rgb,
    pub near: Rgb,
    /// The one colour that stands out.
    pub accent: Rgb,
    pub night: bool,
}

const fn of(sky: [u32; 3], sun: u32, ground: [u32; 2], accent: u32, night: bool) -> Palette {
    Palette {
        top: hex(sky[0]),
        mid: hex(sky[1]),
        low: hex(sky[2]),
        sun: hex(sun),
        far: hex(ground[0]),
        near: hex(ground[1]),
        accent: hex(accent),
        night,
    }
}

const DAWN: Palette =
    of([0x3a4c8a, 0xdf9590, 0xffdfae], 0xfff3cf, [0xb2809a, 0x2b2242], 0xff7e5f, false);
const DAY: Palette =
    of([0x2a78d2, 0x7dbcf0, 0xe6f5fb], 0xfffdf0, [0x9cc2dc, 0x1d4a4c], 0xff6f3c, false);
const DUSK: Palette =
    of([0x261a52, 0xb2406f, 0xffa35c], 0xffe6ac, [0x8c4072, 0x170e2c], 0xffb347, false);
const NIGHT: Palette =
    of([0x060a26, 0x18255f, 0x5b64aa], 0xf8f1da, [0x3d4889, 0x070916], 0xffcf70, true);
const GROVE: Palette =
    of([0x134b46, 0x5ba27d, 0xe3f3c0], 0xfdf9cf, [0x8dbc9b, 0x09211d], 0xf2c14e, false);
const DEEP: Palette =
    of([0x0b5c8c, 0x48acc9, 0xd9f4f0], 0xfffbe0, [0x7fc5cf, 0x063350], 0xff7a4d, false);
const SANDS: Palette =
    of([0x4f87b6, 0xf0c793, 0xfbe6b8], 0xfff6d8, [0xe1a869, 0x6f3519], 0x1d6f8a, false);
const COSMOS: Palette =
    of([0x03030f, 0x130d3a, 0x351a6c], 0xffe9c9, [0x6b4cb2, 0x06050f], 0x7ef0ff, true);
const ABYSS: Palette =
    of([0x3fb6c9, 0x0f6f9e, 0x0a3d70], 0xdffcf4, [0x1c6f92, 0x041c38], 0xff9a62, false);
const PLAIN: Palette =
    of([0x3b86c9, 0x9bd0e8, 0xfdf3d2], 0xfffbe6, [0x9cc98f, 0x1f4b2b], 0xff6b4a, false);
const INDOORS: Palette =
    of([0x5a3d33, 0xb98a66, 0xf4dcb8], 0xffedc4, [0x8f6a52, 0x2c1b17], 0xe4663f, false);
const SPRING: Palette =
    of([0x86c3ea, 0xf7d4e3, 0xfff3ee], 0xffffff, [0xd9a7c3, 0x4f2e4e], 0xff6f9f, false);
const SUMMER: Palette =
    of([0x1489d6, 0x5fd0ee, 0xf4fbe0], 0xfffbd6, [0x6fcfa8, 0x0f5a4c], 0xffc02e, false);
const AUTUMN: Palette =
    of([0x7b90a9, 0xe9b87d, 0xfce9c1], 0xfff6dc, [0xd08b53, 0x4a2015], 0xd9481c, false);
const WINTER: Palette =
    of([0x5b81b5, 0xabc7e3, 0xf2f7fb], 0xffffff, [0xbdd0e3, 0x2d4367], 0xe4572e, false);
const FIRE: Palette =
    of([0x0f0508, 0x5f1612, 0xea5b1f], 0xffdb7a, [0x852410, 0x0c0304], 0xffb02e, true);
pub const GALLERY: Palette =
    of([0x23262f, 0x596072, 0xb9bfca], 0xffffff, [0x8c93a3, 0x15171d], 0xf2b84b, false);
pub const NEON: Palette =
    of([0x090320, 0x3c0a64, 0xff2d95], 0xffe14d, [0x601c92, 0x070214], 0x19f0ff, true);
pub const PAPER: Palette =
    of([0xe9e2d0, 0xefe9da, 0xf5f0e4], 0xb3261e, [0xb9b3a4, 0x201f1d], 0xb3261e, false);

/// The sky of an hour, above the ground of a place. Without an hour the place and `pick`
/// choose one that suits it.
pub fn base(place: Place, hour: Option<Hour>, pick: usize) -> Palette {
    let own = usual(place, pick);
    let Some(hour) = hour else { return own };
    let sky = match hour {
        Hour::Dawn => DAWN,
        Hour::Day => DAY,
        Hour::Dusk => DUSK,
        Hour::Night => NIGHT,
    };
    match place {
        Place::Space => Palette { accent: sky.accent, mid: own.mid.mix(sky.mid, 0.45), ..own },
        Place::Undersea | Place::Room | Place::Studio => Palette {
            top: own.top.mix(sky.top, 0.45),
            mid: own.mid.mix(sky.mid, 0.45),
            low: own.low.mix(sky.low, 0.35),
            accent: sky.accent,
            night: sky.night,
            ..own
        },
        _ => {
            let dim = if sky.night { 0.35 } else { 0.8 };
            Palette {
                far: sky.far.mix(own.far, if sky.night { 0.15 } else { 0.4 }),
                near: sky.near.mix(own.near.scale(dim), 0.5),
                ..sky
            }
        }
    }
}

fn usual(place: Place, pick: usize) -> Palette {
    let among = |choices: &[Palette]| choices[pick % choices.len()];
    match place {
        Place::Mountains => among(&[DUSK, DAWN, DAY, GROVE, AUTUMN, DEEP]),
        Place::Sea => DEEP,
        Place::Beach => SUMMER,
        Place::City => among(&[NIGHT, DUSK, DAWN]),
        Place::Forest => GROVE,
        Place::Desert => SANDS,
        Place::Space => COSMOS,
        Place::Studio => among(&[GALLERY, DUSK, AUTUMN, COSMOS, DEEP, SPRING]),
        Place::Meadow => PLAIN,
        Place::Lake => among(&[DAWN, DAY, GROVE]),
        Place::Undersea => ABYSS,
        Place::Room => INDOORS,
        Place::Clouds => among(&[DAWN, DAY, DUSK]),
        Place::Town => among(&[DUSK, DAWN, NIGHT]),
        Place::Shapes => among(&[DUSK, DAWN, GROVE, SPRING, AUTUMN, DEEP]),
    }
}

impl Palette {
    /// Moved towards another one.
    pub fn towards(self, to: Self, t: f32) -> Self {
        Self {
            top: self.top.mix(to.top, t),
            mid: self.mid.mix(to.mid, t),
            low: self.low.mix(to.low, t),
            sun: self.sun.mix(to.sun, t),
            far: self.far.mix(to.far, t),
            near: self.near.mix(to.near, t),
            accent: self.accent.mix(to.accent, t),
            night: self.night,
        }
    }

    pub fn map(self, f: impl Fn(Rgb) -> Rgb) -> Self {
        Self {
            top: f(self.top),
            mid: f(self.mid),
            low: f(self.low),
            sun: f(self.sun),
            far: f(self.far),
            near: f(self.near),
            accent: f(self.accent),
            night: self.night,
        }
    }

    /// Weather and season.
    pub fn in_air(self, air: Air, hour_named: bool) -> Self {
        let k = if hour_named || self.night { 0.38 } else { 0.85 };
        let sky = |p: Self, c: Rgb, t: f32| Self {
            top: p.top.mix(c.scale(0.75), t),
            mid: p.mid.mix(c, t),
            low: p.low.mix(c.mix(WHITE, 0.25), t),
            ..p
        };
        let dark = if self.night { 0.25 } else { 1.0 };
        match air {
            Air::Spring | Air::Petals => self.towards(SPRING, k * 0.8),
            Air::Summer => self.towards(SUMMER, k),
            Air::Autumn => self.towards(AUTUMN, k),
            Air::Winter | Air::Snow => {
                self.towards(WINTER, if self.night { 0.12 } else { k * 0.8 })
            }
            Air::Embers => self.towards(FIRE, 0.65),
            Air::Rain => sky(self, hex(0x73859a).scale(dark), 0.45),
            Air::Storm => sky(self, hex(0x3d4656).scale(dark), 0.7),
            Air::Fog => sky(self, hex(0xc3ccd2).scale(dark), 0.5),
            Air::Cloudy => sky(self, hex(0xa9b7c6).scale(dark), 0.35),
            Air::Clear => self.map(|c| c.mix(c.scale(1.12), 1.0).clamped()),
            Air::Wind => sky(self, hex(0xe6d7b4).scale(dark), 0.22),
            Air::Aurora | Air::Stars | Air::Fireflies => {
                if self.night {
                    self
                } else {
                    self.towards(NIGHT, 0.9).nightly()
                }
            }
            // Soap glistens: the light is a little pink.
            Air::Bubbles => sky(self, hex(0xf3d3ea).scale(dark), 0.30),
            Air::Rainbow => self,
        }
    }

    fn nightly(self) -> Self {
        Self { night: true, ..self }
    }

    /// A colour word takes the accent and tints the middle of the picture.
    pub fn coloured(self, hue: Hue) -> Self {
        let c = rgb(hue);
        let tint = |old: Rgb, t: f32| old.mix(c.mix(old, 0.35), t);
        Self {
            accent: c,
            top: tint(self.top, 0.22),
            mid: tint(self.mid, 0.42),
            far: tint(self.far, 0.40),
            low: tint(self.low, 0.18),
            near: tint(self.near, 0.16),
            ..self
        }
    }
}

/// The colour a colour word names.
pub fn rgb(hue: Hue) -> Rgb {
    hex(match hue {
        Hue::Red => 0xd92b2f,
        Hue::Orange => 0xf5852a,
        Hue::Gold => 0xe9b53a,
        Hue::Green => 0x3f9e58,
        Hue::Teal => 0x1fa79f,
        Hue::Blue => 0x2f6fd6,
        Hue::Purple => 0x8147c9,
        Hue::Pink => 0xf27ba6,
        Hue::White => 0xf6f3ec,
        Hue::Black => 0x1b1b20,
        Hue::Silver => 0xaab2bd,
        Hue::Brown => 0x7c4a2a,
    })
}
