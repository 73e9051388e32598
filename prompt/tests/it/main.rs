//! The tests of the template language, as its users see it. One binary.

mod first_light;
