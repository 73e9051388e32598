//! Numbers of the painter. Everything transcendental comes from `libm`, because the system's
//! mathematics library may differ from machine to machine and the bytes of a clip must not.

pub const TAU: f32 = std::f32::consts::TAU;

pub fn sin(x: f32) -> f32 {
    libm::sinf(x)
}

pub fn cos(x: f32) -> f32 {
    libm::cosf(x)
}

pub fn pow(x: f32, y: f32) -> f32 {
    libm::powf(x, y)
}

pub fn unit(x: f32) -> f32 {
    x.clamp(0.0, 1.0)
}

pub fn lerp(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// The smooth step from 0 at `a` to 1 at `b`; `b` may lie below `a`.
pub fn smooth(a: f32, b: f32, x: f32) -> f32 {
    let t = unit((x - a) / (b - a));
    t * t * (3.0 - 2.0 * t)
}
