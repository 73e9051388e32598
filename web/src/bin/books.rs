//! The third program: the wallet, templates, settings.

fn main() {
    #[cfg(target_arch = "wasm32")]
    web::start_books();
}
