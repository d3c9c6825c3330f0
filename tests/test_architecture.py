"""What holds for every file: size, and which modules may be loaded when."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    path
    for root in ("graph", "ingest", "relations", "gql", "tools")
    for path in sorted((ROOT / root).rglob("*.py"))
]
LONGEST_FILE_LINES = 300
LONGEST_BODY_LINES = 30
HEAVY = {"cv2", "iconclass", "neo4j", "onnxruntime", "pyoxigraph", "strawberry", "torch", "uvicorn"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_source_file_stays_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < LONGEST_FILE_LINES


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_function_is_short_or_says_why_not(path: Path) -> None:
    lines = path.read_text().splitlines()
    long = [
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and body_lines(node) > LONGEST_BODY_LINES
        and "long:" not in "".join(lines[node.lineno - 2 : node.body[0].lineno])
    ]

    assert long == [], "write `# long: REASON` on the line above or beside the def"


@pytest.mark.parametrize(
    "module",
    [
        "iconograph.graph.model.record",
        "iconograph.graph.store.port",
        "iconograph.graph.store.open",
        "iconograph.graph.search.search",
        "iconograph.relations.derive",
        "iconograph.ingest.pipeline",
        "iconograph.cli.main",
    ],
)
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(sorted({HEAVY!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
