//! Subjects as data: each is a list of shapes with an ink and a way of shading, in a box of
//! 100 × 100 that stands on y = 100. How a subject is placed is the scene's business.

mod animals;
mod buildings;
mod goods;
mod goods_soft;
mod people;
mod plants;
mod vehicles;

use crate::lexicon::Thing;
use crate::paint::{Canvas, Fit, Rgb, Shape, WHITE, hex, num, oval, path, stroked};
use crate::spec::Palette;

/// One drawn subject.
pub struct Figure {
    pub parts: &'static [Part],
    pub habit: Habit,
    /// Height in short edges in a wide shot.
    pub size: f32,
    /// Units beyond the box on the left and right.
    pub reach: f32,
    /// Where it shines, if it does.
    pub lamp: Option<(f32, f32)>,
}

/// Where a subject belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    Ground,
    Road,
    Water,
    Air,
    Swim,
    /// Goods: shown large, on something.
    Table,
}

/// One shape of a figure.
pub struct Part {
    pub form: Form,
    pub ink: Ink,
    pub shade: Shade,
    pub alpha: f32,
}

/// The form of a part.
pub enum Form {
    Path(&'static str),
    /// x, y, radii.
    Oval(f32, f32, f32, f32),
    /// Path data and width.
    Line(&'static str, f32),
    /// x, y, radius, width.
    Ring(f32, f32, f32, f32),
}

/// Colours that follow the palette, and colours of the thing itself.
#[derive(Clone, Copy)]
pub enum Ink {
    Dark,
    Accent,
    /// The accent, darker.
    Deep,
    Pale,
    Glow,
    Glass,
    Metal,
    Brass,
    Wood,
    Skin,
    Leaf,
    White,
    Own(u32),
}

/// How light falls on a part.
#[derive(Clone, Copy)]
pub enum Shade {
    Flat,
    /// Lighter towards the light.
    Side,
    /// With a bright band, as on lacquer and glass.
    Gloss,
    /// Darker towards the ground.
    Fall,
}

const fn path_part(data: &'static str, ink: Ink, shade: Shade) -> Part {
    Part { form: Form::Path(data), ink, shade, alpha: 1.0 }
}

const fn oval_part(x: f32, y: f32, r: (f32, f32), ink: Ink, shade: Shade) -> Part {
    Part { form: Form::Oval(x, y, r.0, r.1), ink, shade, alpha: 1.0 }
}

const fn line_part(data: &'static str, width: f32, ink: Ink) -> Part {
    Part { form: Form::Line(data, width), ink, shade: Shade::Flat, alpha: 1.0 }
}

const fn ring_part(x: f32, y: f32, r: f32, width: f32, ink: Ink) -> Part {
    Part { form: Form::Ring(x, y, r, width), ink, shade: Shade::Side, alpha: 1.0 }
}

const fn faint(alpha: f32, part: Part) -> Part {
    Part { alpha, ..part }
}

const fn figure(parts: &'static [Part], habit: Habit, size: f32) -> Figure {
    Figure { parts, habit, size, reach: 12.0, lamp: None }
}

/// The figure of a thing.
pub fn figure_of(thing: Thing) -> &'static Figure {
    match thing {
        Thing::Boat => &vehicles::BOAT,
        Thing::Car => &vehicles::CAR,
        Thing::SportsCar => &vehicles::SPORTS_CAR,
        Thing::Train => &vehicles::TRAIN,
        Thing::Bicycle => &vehicles::BICYCLE,
        Thing::Plane => &vehicles::PLANE,
        Thing::Rocket => &vehicles::ROCKET,
        Thing::Balloon => &vehicles::BALLOON,
        Thing::Lighthouse => &buildings::LIGHTHOUSE,
        Thing::House => &buildings::HOUSE,
        Thing::Castle => &buildings::CASTLE,
        Thing::Windmill => &buildings::WINDMILL,
        Thing::Pagoda => &buildings::PAGODA,
        Thing::Whale => &animals::WHALE,
        Thing::Fish => &animals::FISH,
        Thing::Cat => &animals::CAT,
        Thing::Dog => &animals::DOG,
        Thing::Fox => &animals::FOX,
        Thing::Deer => &animals::DEER,
        Thing::Rabbit => &animals::RABBIT,
        Thing::Horse => &animals::HORSE,
        Thing::Birds => &animals::BIRDS,
        Thing::Butterfly => &animals::BUTTERFLY,
        Thing::Panda => &animals::PANDA,
        Thing::Person => &people::PERSON,
        Thing::Woman => &people::WOMAN,
        Thing::Detective => &people::DETECTIVE,
        Thing::Astronaut => &people::ASTRONAUT,
        Thing::Robot => &people::ROBOT,
        Thing::Tree => &plants::TREE,
        Thing::Flower => &plants::FLOWER,
        Thing::Cup => &goods::CUP,
        Thing::Teapot => &goods::TEAPOT,
        Thing::Bottle => &goods::BOTTLE,
        Thing::Jar => &goods::JAR,
        Thing::Watch => &goods::WATCH,
        Thing::Phone => &goods::PHONE,
        Thing::Laptop => &goods::LAPTOP,
        Thing::Camera => &goods::CAMERA,
        Thing::Headphones => &goods::HEADPHONES,
        Thing::Lamp => &goods::LAMP,
        Thing::Shoe => &goods_soft::SHOE,
        Thing::Bag => &goods_soft::BAG,
        Thing::Chair => &goods_soft::CHAIR,
        Thing::Book => &goods_soft::BOOK,
        Thing::Cake => &goods_soft::CAKE,
        Thing::Guitar => &goods_soft::GUITAR,
        Thing::Lantern => &goods_soft::LANTERN,
        Thing::Umbrella => &goods_soft::UMBRELLA,
    }
}

/// Where a figure stands: the middle of its foot, its height in pixels, and -1 to face left.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub facing: f32,
}

impl Standing {
    /// From units of the figure to the frame.
    pub fn fit(&self) -> Fit {
        let k = self.size / 100.0;
        Fit {
            x: self.x - 50.0 * k * self.facing,
            y: self.y - 100.0 * k,
            sx: k * self.facing,
            sy: k,
        }
    }
}

/// Draws a figure in the light of a palette, with an outline of that width in pixels if any.
pub fn draw(canvas: &mut Canvas, figure: &Figure, at: Standing, palette: &Palette, outline: f32) {
    let fit = at.fit();
    let light = Light::new(palette);
    for part in figure.parts {
        let shape = part.shape();
        if outline > 0.0 && part.alpha >= 1.0 {
            let edge = stroked(&shape, outline / (at.size / 100.0));
            canvas.fill(&edge, fit, |_, _| light.line, 1.0);
        }
        let base = light.colour(part.ink);
        let shade = |x: f32, y: f32| light.shaded(part.shade, base, x, y);
        canvas.fill(&shape, fit, shade, part.alpha);
    }
}

impl Part {
    pub fn shape(&self) -> Shape {
        match self.form {
            Form::Path(data) => path(data),
            Form::Oval(x, y, rx, ry) => oval(x, y, rx, ry),
            Form::Line(data, width) => stroked(&path(data), width),
            Form::Ring(x, y, r, width) => stroked(&oval(x, y, r, r), width),
        }
    }
}

/// The colours of one palette, as figures use them.
struct Light {
    palette: Palette,
    dark: Rgb,
    line: Rgb,
}

impl Light {
    fn new(palette: &Palette) -> Self {
        let dark = palette.near.scale(0.85);
        let line = palette.near.scale(0.45).mix(hex(0x0a0810), 0.5);
        Self { palette: *palette, dark, line }
    }

    fn colour(&self, ink: Ink) -> Rgb {
        let p = &self.palette;
        match ink {
            Ink::Dark => self.dark.mix(p.mid, 0.06),
            Ink::Accent => p.accent,
            Ink::Deep => p.accent.mix(self.dark, 0.45),
            Ink::Pale => hex(0xf7f5f0).mix(p.low, 0.25),
            Ink::Glow => p.sun.mix(p.accent, 0.25).mix(hex(0xffe9a8), 0.5),
            Ink::Glass => p.top.mix(p.low, 0.55).mix(WHITE, 0.12),
            Ink::White => WHITE,
            Ink::Metal => self.own(0xb4bac4),
            Ink::Brass => self.own(0xd8b25f),
            Ink::Wood => self.own(0x8a5a3a),
            Ink::Skin => self.own(0xe8b48e),
            Ink::Leaf => self.own(0x4d8f52),
            Ink::Own(v) => self.own(v),
        }
    }

    /// A thing's own colour in this light.
    fn own(&self, v: u32) -> Rgb {
        let p = &self.palette;
        let c = hex(v);
        if p.night { c.scale(0.84).mix(p.mid, 0.13) } else { c.mix(p.low, 0.10).mix(p.mid, 0.06) }
    }

    fn shaded(&self, shade: Shade, c: Rgb, x: f32, y: f32) -> Rgb {
        match shade {
            Shade::Flat => c,
            Shade::Side => {
                let t = num::unit((x - 12.0) / 76.0);
                let lit = c.mix(self.palette.sun, 0.24);
                c.scale(0.66).mix(lit, t)
            }
            Shade::Fall => c.mix(c.scale(0.58), num::unit((y - 30.0) / 75.0)),
            Shade::Gloss => {
                let t = (x - 30.0) / 100.0;
                let band = num::smooth(0.0, 0.06, t) * num::smooth(0.18, 0.10, t) * 0.55;
                let edge = num::smooth(0.60, 0.67, (x - 10.0) / 100.0) * 0.16;
                c.scale(0.52 + 0.56 * num::unit((92.0 - x) / 80.0)).mix(WHITE, band + edge)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Sense, entries};

    #[test]
    fn every_subject_has_a_drawing_that_parses() {
        for entry in entries() {
            let Sense::Thing(thing) = entry.sense else { continue };
            let figure = figure_of(thing);
            assert!(figure.parts.len() >= 3, "{thing:?}");
            for (i, part) in figure.parts.iter().enumerate() {
                let shape = part.shape();
                let bounds = shape.0.unwrap_or_else(|| panic!("{thing:?} part {i}")).bounds();
                let (low, high) = (-figure.reach - 1.0, 101.0 + figure.reach);
                let inside = bounds.left() >= low
                    && bounds.right() <= high
                    && bounds.top() >= -21.0
                    && bounds.bottom() <= 135.0;
                assert!(inside, "{thing:?} part {i}: {bounds:?}");
            }
        }
    }
}
