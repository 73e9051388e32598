//! Debian's Rust, which brings the sources of the standard library and a linker for wasm.

use std::process::Command;

use crate::failure::Failure;
use crate::target;

/// Sets what its cargo needs to build the standard library with the page.
pub fn prepare(command: &mut Command) -> Result<(), Failure> {
    // Two compilers in one folder would build everything again for each other.
    command.env("CARGO_TARGET_DIR", target::folder()?.join("debian"));
    command.env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
    // What rustup and the cargo that runs this program left would lead back to them.
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "CARGO_HOME_BIN"] {
        command.env_remove(name);
    }
    Ok(())
}
