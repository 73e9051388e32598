"""The work of expand.rs with the reference, dynamicprompts 0.31.0. Prints one JSON object."""

import sys

# This folder comes first on the path, and this file has the package's name.
del sys.path[0]

import json  # noqa: E402
import time  # noqa: E402

from dynamicprompts.generators import CombinatorialPromptGenerator  # noqa: E402

AXES = [("style", 40), ("scene", 40), ("camera", 20)]
WINDOWS = 5


def text() -> str:
    groups = ["{" + "|".join(f"{name} {i}" for i in range(n)) + "}" for name, n in AXES]
    return f"a {groups[0]} shot of {groups[1]}, {groups[2]} move"


def main() -> None:
    generator = CombinatorialPromptGenerator()
    best = 0.0
    prompts = []
    # The best window, as in expand.rs; one takes a second or two.
    for _ in range(WINDOWS):
        start = time.monotonic()
        prompts = generator.generate(text(), None)
        best = max(best, len(prompts) / (time.monotonic() - start))
    print(json.dumps({"prompts_per_second": int(best), "prompts": len(prompts)}))


if __name__ == "__main__":
    main()
