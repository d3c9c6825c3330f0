"""Eyes of which a label says that they see nothing: of the dead, of sleepers, of the blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.search.lemmas import words
from iconograph.relations.words import REST

if TYPE_CHECKING:
    from collections.abc import Collection

    from iconograph.graph.model.region import Region


def certainty_of_closed(region: Region, closed_words: Collection[str]) -> float:
    """How sure the surest label is that says so, 0 where none does.

    Only what tells of the thing itself counts: a "woman with a dead bird" is awake.
    """
    return max(
        (
            label.confidence
            for label in region.labels
            if not set(words(REST.sub("", label.text.lower()))).isdisjoint(closed_words)
        ),
        default=0.0,
    )
