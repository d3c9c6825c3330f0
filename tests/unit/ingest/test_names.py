from __future__ import annotations

from pathlib import Path

import pytest

from iconograph.graph.errors import PictureError
from iconograph.ingest.names import PictureNames
from iconograph.ingest.sources.folder import FoundPicture


def names(*relative: str) -> PictureNames:
    return PictureNames([FoundPicture(path=Path("/p") / name, name=name) for name in relative])


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        pytest.param("sub/a.jpg", "/p/sub/a.jpg", id="relative-path"),
        pytest.param("sub\\a.jpg", "/p/sub/a.jpg", id="backslash"),
        pytest.param("b.jpg", "/p/sub/b.jpg", id="base-name"),
        pytest.param("images/b.jpg", "/p/sub/b.jpg", id="another-folder"),
        pytest.param("./sub/b.jpg", "/p/sub/b.jpg", id="dot"),
        pytest.param("SUB/B.JPG", "/p/sub/b.jpg", id="case"),
        pytest.param("Genevie\u0300ve.jpg", "/p/Genevi\u00e8ve.jpg", id="composed-accent"),
    ],
)
def test_a_picture_is_found(file: str, expected: str) -> None:
    assert names("sub/a.jpg", "sub/b.jpg", "a.jpg", "Geneviève.jpg").find(file) == Path(expected)


def test_an_exact_path_wins_over_equal_base_names() -> None:
    both = names("x/a.jpg", "y/a.jpg")
    assert both.find("y/a.jpg") == Path("/p/y/a.jpg")
    with pytest.raises(PictureError, match=r"a\.jpg may be /p/x/a\.jpg and /p/y/a\.jpg"):
        both.find("a.jpg")


def test_case_counts_where_it_tells_two_files_apart() -> None:
    assert names("a.jpg", "A.jpg").find("A.jpg") == Path("/p/A.jpg")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(PictureError, match=r"no picture is named c\.jpg"):
        names("a.jpg").find("c.jpg")
