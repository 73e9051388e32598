//! The first program: signing in, composing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    web::start_page();
}
