from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iconograph.ingest.sources.dates import date_span


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1532", 1532, 1532),
        ("(1532)", 1532, 1532),
        ("c. 1500", 1495, 1505),
        ("ca.1500", 1495, 1505),
        ("um 1500", 1495, 1505),
        ("c. 1498-1502", 1493, 1507),
        ("1498-1502", 1498, 1502),
        ("1498\u20131502", 1498, 1502),
        ("1498-99", 1498, 1499),
        ("1498/1502", 1498, 1502),
        ("between 1498 and 1502", 1498, 1502),
        ("1498 to 1502", 1498, 1502),
        ("1490s", 1490, 1499),
        ("1490er", 1490, 1499),
        ("before 1500", None, 1500),
        ("nach 1500", 1500, None),
        ("16th century", 1501, 1600),
        ("1st century", 1, 100),
        ("15th-16th century", 1401, 1600),
        ("early 16th century", 1501, 1533),
        ("mid-16th century", 1534, 1567),
        ("late 15th century", 1468, 1500),
        ("first half of the 16th century", 1501, 1550),
        ("last quarter of the 16th century", 1576, 1600),
        ("the second half of the 16th century", 1551, 1600),
        ("c. 16th century", 1501, 1600),
        ("16. Jahrhundert", 1501, 1600),
        ("16. Jh.", 1501, 1600),
        ("500 BC", -500, -500),
        ("5th century BCE", -500, -401),
        ("79 AD", 79, 79),
    ],
)
def test_dates_as_museums_write_them(text: str, earliest: int | None, latest: int | None) -> None:
    span = date_span(text)
    assert span is not None
    assert (span.text, span.earliest_year, span.latest_year) == (text, earliest, latest)


@pytest.mark.parametrize("text", ["undated", "1502-1498", "Tudor", "12345"])
def test_what_is_not_understood_is_kept_as_words(text: str) -> None:
    span = date_span(text)
    assert span is not None
    assert (span.text, span.earliest_year, span.latest_year) == (text, None, None)


def test_an_empty_date_is_none() -> None:
    assert date_span("  ") is None


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    span = date_span(text)
    assert span is None or span.text == text.strip()
