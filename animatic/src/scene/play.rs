//! Playing a shot: every frame is a function of the time alone.

use super::stage::{Fleck, Placed, Shot};
use crate::paint::num::{TAU, sin, smooth};
use crate::planar::{Frame, Layer, Scratch};

/// Draws frames; keeps buffers between them.
#[derive(Default)]
pub struct Player {
    scratch: Scratch,
    spare: Vec<u8>,
}

impl Player {
    /// Draws a shot, `t` seconds into it.
    pub fn draw(&mut self, shot: &Shot, t: f32, frame: &mut Frame) {
        let slot = &shot.slot;
        let (w, h) = (slot.w as f32, slot.h as f32);
        let view = shot.path.at(t / slot.seconds, t);
        let (x, y) = (view.x * w, view.y * h);
        let places: Vec<(&Layer, f32, f32)> = shot
            .layers
            .iter()
            .map(|placed| {
                let (px, py) = place(placed, t);
                (&placed.layer, px - x * placed.depth, py - y * placed.depth)
            })
            .collect();
        self.scratch.find_hidden((slot.w, slot.h), &places);
        for (i, (layer, px, py)) in places.iter().enumerate() {
            let opacity = opacity(&shot.layers[i], t);
            layer.draw(frame, (*px, *py), (opacity, Some(i as u16)), &mut self.scratch);
            for fleck in shot.flecks.iter().filter(|fleck| fleck.after == i) {
                draw_fleck(shot, fleck, t, (x, y), frame);
            }
        }
        if view.zoom > 1.0005 {
            frame.zoom(view.zoom, (0.5, 0.5), &mut self.spare);
        }
    }

    /// Draws a layer that stays in its place: borders and text.
    pub fn overlay(&mut self, layer: &Layer, lift: f32, opacity: u16, frame: &mut Frame) {
        layer.draw(frame, (layer.left, layer.top + lift), (opacity, None), &mut self.scratch);
    }
}

fn place(placed: &Placed, t: f32) -> (f32, f32) {
    let sway = &placed.sway;
    let phase = TAU * sway.rate * t + sway.phase;
    (
        placed.layer.left + sway.x * sin(phase) + placed.drift.0 * t,
        placed.layer.top + sway.y * sin(phase * 1.31 + 0.7) + placed.drift.1 * t,
    )
}

fn opacity(placed: &Placed, t: f32) -> u16 {
    let Some(pulse) = placed.pulse else { return 256 };
    let at = (t + pulse.phase).rem_euclid(pulse.period);
    // Two flashes, the second one weaker.
    let flash = |from: f32, k: f32| k * smooth(0.16, 0.0, (at - from).abs());
    (256.0 * flash(0.10, 1.0).max(flash(0.34, 0.6))) as u16
}

fn draw_fleck(shot: &Shot, fleck: &Fleck, t: f32, camera: (f32, f32), frame: &mut Frame) {
    let (w, h) = (shot.slot.w as f32, shot.slot.h as f32);
    let sway = &fleck.sway;
    let swing = TAU * sway.rate * t + sway.phase;
    let mut x = fleck.at.0 + fleck.speed.0 * t - camera.0 * fleck.depth;
    let mut y = fleck.at.1 + fleck.speed.1 * t - camera.1 * fleck.depth;
    if sway.x != 0.0 {
        x += sway.x * sin(swing);
        y += sway.y * sin(swing * 0.7 + sway.phase);
    }
    if fleck.wraps {
        let room = w.min(h) * 0.08;
        x = (x + room).rem_euclid(w + 2.0 * room) - room;
        y = (y + room).rem_euclid(h + 2.0 * room) - room;
    }
    let dim = if fleck.twinkle > 0.0 {
        1.0 - fleck.twinkle * (0.5 + 0.5 * sin(swing * 1.6 + sway.phase * 2.0))
    } else {
        1.0
    };
    // Wing beat: up, middle, down, middle.
    let pose = if fleck.poses == 3 { [0, 1, 2, 1][(t * 5.0 + sway.phase) as usize % 4] } else { 0 };
    shot.sprites[fleck.sprite + pose].draw(frame, (x, y), fleck.ink, fleck.opacity * dim);
}
