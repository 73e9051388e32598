//! Real clips, one per size and length, made by ffmpeg when first wanted.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::process::Command;
use tokio::sync::Mutex;

type Key = (String, i64);

/// The clips made so far.
pub(crate) struct Clips {
    folder: PathBuf,
    made: Mutex<HashMap<Key, Arc<Vec<u8>>>>,
}

impl Clips {
    pub(crate) fn new() -> io::Result<Self> {
        let name = format!("scripted-provider-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, made: Mutex::default() })
    }

    /// The clip of this size (`640x360`) and length in seconds.
    pub(crate) async fn of(&self, size: &str, seconds: i64) -> io::Result<Arc<Vec<u8>>> {
        let mut made = self.made.lock().await;
        let key = (size.to_owned(), seconds);
        if let Some(clip) = made.get(&key) {
            return Ok(Arc::clone(clip));
        }
        let clip = Arc::new(self.make(size, seconds).await?);
        made.insert(key, Arc::clone(&clip));
        Ok(clip)
    }

    async fn make(&self, size: &str, seconds: i64) -> io::Result<Vec<u8>> {
        let file = self.folder.join("clip.mp4");
        let done = Command::new("ffmpeg")
            .args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i"])
            .arg(format!("testsrc2=size={size}:rate=12:duration={seconds}"))
            .args(["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"])
            .args(["-movflags", "+faststart"])
            .arg(&file)
            .status()
            .await?;
        if !done.success() {
            return Err(io::Error::other("ffmpeg made no clip"));
        }
        let bytes = tokio::fs::read(&file).await?;
        tokio::fs::remove_file(&file).await?;
        Ok(bytes)
    }
}

impl Drop for Clips {
    fn drop(&mut self) {
        // Empty but for a clip that was interrupted.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
