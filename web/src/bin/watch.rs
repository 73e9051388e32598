//! The second program: batches and their videos.

fn main() {
    #[cfg(target_arch = "wasm32")]
    web::start_watch();
}
