//! Colours: gamma-coded sRGB in floats, and their BT.709 limited-range form.

use super::num::{cos, sin, unit};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rgb {
    pub r: f32,
    pub g: f32,
    pub b: f32,
}

pub const WHITE: Rgb = Rgb { r: 1.0, g: 1.0, b: 1.0 };
#[cfg(test)]
pub const BLACK: Rgb = Rgb { r: 0.0, g: 0.0, b: 0.0 };

/// `0xrrggbb`.
pub const fn hex(v: u32) -> Rgb {
    Rgb {
        r: ((v >> 16) & 255) as f32 / 255.0,
        g: ((v >> 8) & 255) as f32 / 255.0,
        b: (v & 255) as f32 / 255.0,
    }
}

impl Rgb {
    pub fn mix(self, other: Self, t: f32) -> Self {
        Self {
            r: self.r + (other.r - self.r) * t,
            g: self.g + (other.g - self.g) * t,
            b: self.b + (other.b - self.b) * t,
        }
    }

    pub fn scale(self, k: f32) -> Self {
        Self { r: self.r * k, g: self.g * k, b: self.b * k }
    }

    pub fn plus(self, other: Self, k: f32) -> Self {
        Self { r: self.r + other.r * k, g: self.g + other.g * k, b: self.b + other.b * k }
    }

    pub fn luma(self) -> f32 {
        0.2126 * self.r + 0.7152 * self.g + 0.0722 * self.b
    }

    pub fn clamped(self) -> Self {
        Self { r: unit(self.r), g: unit(self.g), b: unit(self.b) }
    }

    /// Turned by an angle on the colour wheel, brightness kept (YIQ).
    pub fn turned(self, degrees: f32) -> Self {
        let (s, c) = (sin(degrees.to_radians()), cos(degrees.to_radians()));
        let y = 0.299 * self.r + 0.587 * self.g + 0.114 * self.b;
        let i = 0.596 * self.r - 0.274 * self.g - 0.322 * self.b;
        let q = 0.211 * self.r - 0.523 * self.g + 0.312 * self.b;
        let (i, q) = (i * c - q * s, i * s + q * c);
        Self {
            r: y + 0.956 * i + 0.621 * q,
            g: y - 0.272 * i - 0.647 * q,
            b: y - 1.106 * i + 1.703 * q,
        }
        .clamped()
    }

    /// Y, Cb, Cr in BT.709, limited range, not yet rounded.
    pub fn ycc(self) -> [f32; 3] {
        let y = self.luma();
        [
            16.0 + 219.0 * y,
            128.0 + 224.0 * (self.b - y) / 1.8556,
            128.0 + 224.0 * (self.r - y) / 1.5748,
        ]
    }
}

/// The way back from [`Rgb::ycc`].
pub fn from_ycc(ycc: [u8; 3]) -> Rgb {
    let y = (f32::from(ycc[0]) - 16.0) / 219.0;
    let b = y + (f32::from(ycc[1]) - 128.0) / 224.0 * 1.8556;
    let r = y + (f32::from(ycc[2]) - 128.0) / 224.0 * 1.5748;
    Rgb { r, g: (y - 0.2126 * r - 0.0722 * b) / 0.7152, b }.clamped()
}

/// How a style or a mood changes every colour of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grade {
    /// 1 keeps, 0 is grey.
    pub saturation: f32,
    /// 1 keeps; steepness around the middle.
    pub contrast: f32,
    /// Added to everything.
    pub lift: f32,
    /// A colour that replaces hue, and how much of it.
    pub tint: Rgb,
    pub tint_amount: f32,
}

impl Grade {
    pub const NONE: Self =
        Self { saturation: 1.0, contrast: 1.0, lift: 0.0, tint: WHITE, tint_amount: 0.0 };

    pub fn apply(&self, c: Rgb) -> Rgb {
        let y = c.luma();
        let c = Rgb { r: y, g: y, b: y }.mix(c, self.saturation);
        let tone = |v: f32| (v - 0.45) * self.contrast + 0.45 + self.lift;
        let c = Rgb { r: tone(c.r), g: tone(c.g), b: tone(c.b) };
        c.mix(self.tint.scale(tone(y)), self.tint_amount).clamped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for v in [0x00_0000, 0xff_ffff, 0x19_f0ff, 0xff_2d95, 0x33_606c] {
            let (c, ycc) = (hex(v), hex(v).ycc().map(|v| (v + 0.5) as u8));
            let back = from_ycc(ycc);
            for (a, b) in [(c.r, back.r), (c.g, back.g), (c.b, back.b)] {
                assert!((a - b).abs() < 0.012, "{v:06x}: {a} {b}");
            }
        }
    }

    #[test]
    fn grades() {
        let grey = Grade { saturation: 0.0, ..Grade::NONE }.apply(hex(0xff_0000));
        assert!((grey.r - grey.b).abs() < 1e-6);
        let same = Grade::NONE.apply(hex(0x12_3456));
        assert!((same.g - hex(0x12_3456).g).abs() < 1e-6);
    }
}
