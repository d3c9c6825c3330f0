"""Which works pass a filter: one meaning for all stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iconograph.graph.model.work import DateSpan, Work
    from iconograph.graph.store.candidates import WorkFilter


def passes(work: Work, wanted: WorkFilter) -> bool:
    """Whether the work passes all of the filter but `iconclass`, which depends on its regions too."""
    return (
        (not wanted.work_ids or work.id in wanted.work_ids)
        and (not wanted.rights_uri or work.rights_uri == wanted.rights_uri)
        and _holds(work.medium, wanted.medium)
        and _holds(work.collection, wanted.collection)
        and (not wanted.makers or _made_by(work, wanted.makers))
        and _overlaps(work.date, wanted.earliest_year, wanted.latest_year)
    )


def _made_by(work: Work, names: tuple[str, ...]) -> bool:
    return any(_holds(maker.name, name) for maker in work.makers for name in names)


def _holds(text: str, part: str) -> bool:
    return part.casefold() in text.casefold()


def _overlaps(date: DateSpan | None, earliest_year: int | None, latest_year: int | None) -> bool:
    """Whether the spans share a year; an end that is not given is open."""
    if earliest_year is None and latest_year is None:
        return True
    if date is None or (date.earliest_year is None and date.latest_year is None):
        return False
    begins_in_time = (
        latest_year is None or date.earliest_year is None or date.earliest_year <= latest_year
    )
    ends_in_time = (
        earliest_year is None or date.latest_year is None or date.latest_year >= earliest_year
    )
    return begins_in_time and ends_in_time
