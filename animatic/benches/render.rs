//! Speed of a render beside the encoder alone. Filled in by the next change.

fn main() {}
