"""What detectors of an open vocabulary are asked for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.checks import require_text
from iconograph.graph.model.region import RegionKind

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A thing to look for: its label, the kind of region it makes, and the words to ask with."""

    label: str
    kind: RegionKind
    prompt: str

    def __post_init__(self) -> None:
        require_text("Term", label=self.label, prompt=self.prompt)


def load_vocabulary(path: Path | None = None) -> tuple[Term, ...]:
    """The built-in vocabulary, or that of a file of one's own in the same form.

    Raises `InvalidValueError` for a table that is no kind, a line that is no text, or a label or
    prompt that stands twice.
    """
    file = path or resources.files(__package__) / "vocabulary.toml"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        terms = tuple(
            Term(label=label, kind=RegionKind(kind), prompt=_text(label, prompt))
            for kind, lines in tables.items()
            for label, prompt in lines.items()
        )
    except (tomllib.TOMLDecodeError, AttributeError, ValueError) as error:
        message = (
            f"the vocabulary {file} cannot be used: {error}; expected tables named "
            f'{", ".join(RegionKind)}, with lines of the form: label = "words to ask with"'
        )
        raise InvalidValueError(message) from error
    for name, values in (
        ("label", [term.label for term in terms]),
        ("prompt", [term.prompt for term in terms]),
    ):
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            message = f"the vocabulary {file} has a {name} twice: {', '.join(sorted(twice))}"
            raise InvalidValueError(message)
    return terms


def _text(label: str, prompt: object) -> str:
    if not isinstance(prompt, str):
        message = f"{label} is asked for with {prompt!r}, which is no text"
        raise InvalidValueError(message)
    return prompt
