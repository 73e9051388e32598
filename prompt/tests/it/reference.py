"""Expands templates with dynamicprompts, for the comparison in dynamicprompts.rs beside this file.

Reads a JSON list of templates from standard input and writes a JSON list: for each template the
list of all its prompts, in order.
"""

import importlib.metadata
import json
import sys

from dynamicprompts.generators import CombinatorialPromptGenerator

VERSION = "0.31.0"


def main() -> None:
    version = importlib.metadata.version("dynamicprompts")
    if version != VERSION:
        sys.exit(f"dynamicprompts {VERSION} is compared with; {version} is installed")
    generator = CombinatorialPromptGenerator()
    templates = json.load(sys.stdin)
    json.dump([generator.generate(template, 100_000) for template in templates], sys.stdout)


if __name__ == "__main__":
    main()
