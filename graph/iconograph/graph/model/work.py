"""The artwork and its images."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.checks import require_text
from iconograph.graph.model.ids import ConceptId, ImageId, WorkId

SHA256_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words in a language; `language` is a BCP 47 tag, or empty where nobody said."""

    text: str
    language: str = ""

    def __post_init__(self) -> None:
        require_text("Text", text=self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who made a work: role such as `painter`, qualifier such as `workshop of`."""

    name: str
    role: str = ""
    uri: str = ""
    qualifier: str = ""

    def __post_init__(self) -> None:
        require_text("Maker", name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """When: the words of the source, and the years between which it lies (negative before 1 CE)."""

    text: str
    earliest_year: int | None = None
    latest_year: int | None = None

    def __post_init__(self) -> None:
        first, last = self.earliest_year, self.latest_year
        if first is not None and last is not None and first > last:
            message = f"a date span needs earliest <= latest, got {first} and {last}"
            raise InvalidValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a record came from; `raw` keeps it as it was read, as JSON text."""

    uri: str = ""
    retrieved_at: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An artwork; `extra` keeps columns of the source that have no field here."""

    id: WorkId
    titles: tuple[Text, ...]
    makers: tuple[Maker, ...] = ()
    date: DateSpan | None = None
    medium: str = ""
    dimensions: str = ""
    collection: str = ""
    rights_uri: str = ""
    concepts: tuple[ConceptId, ...] = ()
    subjects: tuple[str, ...] = ()
    source: Source = Source()
    extra: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        require_text("Work", id=self.id)
        if not self.titles:
            message = f"work {self.id} needs at least one title, got none"
            raise InvalidValueError(message)

    @property
    def title(self) -> str:
        """The first title."""
        return self.titles[0].text


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One picture file of a work; its id is the SHA-256 of the file.

    Width and height are those of the upright picture, after the EXIF orientation is applied.
    """

    id: ImageId
    work_id: WorkId
    uri: str
    width_px: int
    height_px: int
    rights_uri: str = ""
    source_id: str = ""

    def __post_init__(self) -> None:
        require_text("Image", uri=self.uri, work_id=self.work_id)
        if not SHA256_HEX.fullmatch(self.id):
            message = f"an image id is a SHA-256 in 64 hexadecimal digits, got {self.id!r}"
            raise InvalidValueError(message)
        if self.width_px < 1 or self.height_px < 1:
            message = (
                f"an image needs a size of at least 1 x 1, got {self.width_px} x {self.height_px}"
            )
            raise InvalidValueError(message)

    @property
    def file_name(self) -> str:
        """The last part of the address."""
        return unquote(PurePosixPath(urlsplit(self.uri).path).name)

    @property
    def area_px2(self) -> int:
        """Width times height."""
        return self.width_px * self.height_px
