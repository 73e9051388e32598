//! The page's program: what the browser runs.

fn main() {
    #[cfg(target_arch = "wasm32")]
    web::start();
}
