"""A model for cog: ffmpeg's test picture in the size and length that were asked for."""

import subprocess
import tempfile
import time

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(),
        duration: int = Input(default=2),
        seed: int = Input(default=0),
        aspect_ratio: str = Input(default="16:9"),
        resolution: str = Input(default="360p"),
    ) -> Path:
        if "[fail]" in prompt:
            raise ValueError("out of memory")
        if "[flag]" in prompt:
            raise ValueError("The input or output was flagged as sensitive. (E005)")
        if "[slow]" in prompt:
            for _ in range(600):
                time.sleep(0.1)
        long, short = {"360p": (640, 360), "720p": (1280, 720)}[resolution]
        size = {"16:9": (long, short), "9:16": (short, long), "1:1": (short, short)}[aspect_ratio]
        source = f"testsrc2=size={size[0]}x{size[1]}:rate=24:duration={duration}"
        out = Path(tempfile.mkdtemp()) / "out.mp4"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-vf", f"hue=h={seed % 360}"]
            + ["-pix_fmt", "yuv420p", str(out)],
            check=True,
        )
        return out
