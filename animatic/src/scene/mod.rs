//! Scenes: from a spec to the layers of a shot, and from those to a frame at any time.

mod border;
mod camera;
mod cast;
mod city;
mod finish;
mod flecks;
mod growth;
mod indoor;
mod land;
mod play;
mod ridge;
mod shapes;
mod sky;
mod space;
mod stage;
mod town;
mod water;
mod wild;

pub use border::BAR;
pub use camera::{label, size_label};
pub use play::Player;
pub use stage::{Shot, Slot};

use crate::lexicon::Place;
use crate::planar::Layer;
use crate::spec::Spec;
use stage::Stage;

/// Builds one shot, and the border that lies over every shot.
pub fn build(spec: &Spec, slot: Slot) -> (Shot, Option<Layer>) {
    let mut stage = Stage::new(spec, slot, horizon(spec.place));
    let own_sky =
        matches!(spec.place, Place::Undersea | Place::Space | Place::Studio | Place::Room);
    if !own_sky {
        sky::draw(&mut stage);
    }
    match spec.place {
        Place::Sea => water::sea(&mut stage),
        Place::Beach => water::beach(&mut stage),
        Place::Undersea => water::undersea(&mut stage),
        Place::Lake => land::lake(&mut stage),
        Place::Meadow => land::meadow(&mut stage),
        Place::Desert => land::desert(&mut stage),
        Place::Mountains => land::mountains(&mut stage),
        Place::City => city::city(&mut stage),
        Place::Town => town::town(&mut stage),
        Place::Forest => wild::forest(&mut stage),
        Place::Clouds => wild::clouds(&mut stage),
        Place::Space => space::space(&mut stage),
        Place::Studio => indoor::studio(&mut stage),
        Place::Room => indoor::room(&mut stage),
        Place::Shapes => shapes::shapes(&mut stage),
    }
    flecks::fill(&mut stage);
    let border = border::draw(&stage);
    (stage.done(), border)
}

/// Height of the horizon, in frame heights.
fn horizon(place: Place) -> f32 {
    match place {
        Place::Sea => 0.50,
        Place::Beach => 0.44,
        Place::Lake => 0.52,
        Place::Meadow => 0.56,
        Place::Desert => 0.58,
        Place::City | Place::Studio => 0.70,
        Place::Forest | Place::Town => 0.72,
        Place::Room => 0.74,
        Place::Clouds => 0.66,
        _ => 0.62,
    }
}
