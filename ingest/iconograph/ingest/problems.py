"""What was wrong with the input, as values that can be counted, shown and written to a report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iconograph.graph.errors import IconographError


class Severity(StrEnum):
    """LEFT_OUT: something was not ingested. NOTE: all was, in a way worth knowing."""

    LEFT_OUT = "left out"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with the input: where it is, a stable code for programs, words for people."""

    where: str
    code: str
    message: str
    severity: Severity = Severity.LEFT_OUT

    @classmethod
    def of(cls, where: str, error: IconographError) -> Problem:
        """The problem that an error tells of; what it concerns is left out."""
        return cls(where=where, code=error.code, message=str(error))

    def to_record(self) -> dict[str, str]:
        """Plain JSON types."""
        return {
            "where": self.where,
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
        }
