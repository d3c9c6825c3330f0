"""The command that draws a corpus: `python -m iconograph.ingest.scenes DIR --count 500 --style northern`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from iconograph.ingest.scenes.corpus import write_corpus
from iconograph.ingest.scenes.styles import STYLES


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw pictures with their truth as the command line asks, and say where it lies."""
    parser = argparse.ArgumentParser(
        prog="python -m iconograph.ingest.scenes", description="Draw pictures with their truth."
    )
    parser.add_argument("folder", type=Path, help="takes the pictures, their truth and a table")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same bytes")
    parser.add_argument(
        "--style", choices=STYLES, action="append", help="draw in this one; repeatable; all if not given"
    )  # fmt: skip
    options = parser.parse_args(arguments)
    written = write_corpus(
        options.folder, count=options.count, seed=options.seed, styles=options.style or STYLES
    )
    print(written)  # noqa: T201  a command talks


if __name__ == "__main__":
    main()
