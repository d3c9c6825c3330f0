"""The schema in GraphQL's own language; run as a module, this prints it."""

from __future__ import annotations

import sys

from iconograph.gql.schema import build_schema


def print_sdl() -> str:
    """The schema definition, ending in a line break."""
    return build_schema().as_str().rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(print_sdl())
