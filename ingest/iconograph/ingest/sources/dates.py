"""Dates as museums write them, to spans of years."""

from __future__ import annotations

import re

from iconograph.graph.model.work import DateSpan

CIRCA_YEARS = 5
"""How far "c. 1500" reaches to both sides."""

Years = tuple[int | None, int | None]

CIRCA = re.compile(r"^(?:c\.?|ca\.?|circa|about|around|approx\.?|um)\s*(?=\d)", re.IGNORECASE)
YEAR = re.compile(r"^(\d{1,4})$")
RANGE = re.compile(r"^(?:between\s+)?(\d{1,4})\s*(?:-|/|to|and|bis)\s*(\d{1,4})$", re.IGNORECASE)
DECADE = re.compile(r"^(\d{3}0)(?:s|er)$", re.IGNORECASE)
BEFORE = re.compile(r"^(?:before|until|vor|bis)\s+(\d{1,4})$", re.IGNORECASE)
AFTER = re.compile(r"^(?:after|from|since|nach|seit|ab)\s+(\d{1,4})$", re.IGNORECASE)
ERA_BEFORE = re.compile(r"\s*(?:b\.?c\.?e?\.?|v\.\s?chr\.?)$", re.IGNORECASE)
ERA_COMMON = re.compile(r"\s*(?:a\.?d\.?|c\.?e\.?|n\.\s?chr\.?)$", re.IGNORECASE)
CENTURY = re.compile(
    r"^(?P<part>early|mid|middle|late|(?:the\s+)?(?:first|second|third|fourth|last|1st|2nd|3rd|4th)"
    r"\s+(?:half|third|quarter))?[\s-]*(?:of\s+)?(?:the\s+)?(?P<first>\d{1,2})(?:st|nd|rd|th|\.)?"
    r"(?:\s*(?:-|/|to)\s*(?P<last>\d{1,2})(?:st|nd|rd|th|\.)?)?\s*"
    r"(?:century|centuries|cent\.?|c\.|jahrhunderts?|jh\.?)$",
    re.IGNORECASE,
)
ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
}
PARTS = {"half": 2, "third": 3, "quarter": 4}
THIRDS = {"early": 0, "mid": 1, "middle": 1, "late": 2}


def date_span(text: str) -> DateSpan | None:
    """The span that a date text means; without years where it is not understood, None where empty.

    Understands 1532, "c. 1500", "1498-1502", "1498-99", "1490s", "before 1500", "16th century",
    "late 15th century", "first half of the 16th century", "16. Jahrhundert" and "5th century BC".
    """
    words = text.strip()
    if not words:
        return None
    plain = re.sub(r"[\u2010-\u2015]", "-", words).strip("[]() ?")
    earliest, latest = _years(plain)
    if earliest is not None and latest is not None and earliest > latest:
        earliest = latest = None
    return DateSpan(text=words, earliest_year=earliest, latest_year=latest)


def _years(text: str) -> Years:
    before_our_era = bool(ERA_BEFORE.search(text))
    text = ERA_COMMON.sub("", ERA_BEFORE.sub("", text))
    circa = CIRCA.search(text)
    earliest, latest = _plain_years(CIRCA.sub("", text))
    if circa and earliest is not None and latest is not None and "entury" not in text:
        earliest, latest = earliest - CIRCA_YEARS, latest + CIRCA_YEARS
    if before_our_era:
        return (None if latest is None else -latest, None if earliest is None else -earliest)
    return earliest, latest


def _plain_years(text: str) -> Years:  # noqa: PLR0911  one return for each way of writing
    if found := YEAR.match(text):
        return int(found[1]), int(found[1])
    if found := RANGE.match(text):
        return _range(found[1], found[2])
    if found := DECADE.match(text):
        return int(found[1]), int(found[1]) + 9
    if found := BEFORE.match(text):
        return None, int(found[1])
    if found := AFTER.match(text):
        return int(found[1]), None
    if found := CENTURY.match(text):
        return _centuries(found)
    return None, None


def _range(first: str, last: str) -> Years:
    """Two years; the second may leave out the digits that it shares with the first: 1498-99."""
    return int(first), int(first[: max(0, len(first) - len(last))] + last)


def _centuries(found: re.Match[str]) -> Years:
    first = int(found["first"])
    last = int(found["last"] or first)
    start, end = (first - 1) * 100 + 1, last * 100
    share, shares = _share(found["part"])
    length = (end - start + 1) / shares
    return start + round(share * length), start + round((share + 1) * length) - 1


def _share(part: str | None) -> tuple[int, int]:
    """Which share of a century, counted from 0, and how many shares it is cut into."""
    if not part:
        return 0, 1
    *_, which, unit = ["", *part.lower().split()]
    if unit in THIRDS:
        return THIRDS[unit], 3
    return (PARTS[unit] - 1 if which == "last" else ORDINALS[which]), PARTS[unit]
