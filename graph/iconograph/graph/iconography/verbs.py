"""Forms of English verbs, as far as relations are said with them."""

from __future__ import annotations

import re
from dataclasses import dataclass

IRREGULAR_THIRD_PERSON = {"have": "has"}
SHORT = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
HISSING = re.compile(r".*(s|x|z|ch|sh|o)")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbForms:
    """Words for what a subject does, and for what is done by it."""

    active: tuple[str, ...]
    passive: tuple[str, ...]


def forms_of_verb(entry: str) -> VerbForms:
    """The forms of "base / past participle", such as "look at / looked at".

    Active: look at, looks at, looking at; passive: looked at by, being looked at by.
    """
    base, participle = (part.strip() for part in entry.split("/"))
    verb, _, rest = base.partition(" ")
    rest = f" {rest}" if rest else ""
    active = tuple(f"{form}{rest}" for form in (verb, third_person(verb), gerund(verb)))
    return VerbForms(active=active, passive=(f"{participle} by", f"being {participle} by"))


def third_person(verb: str) -> str:
    """`carry` gives carries, `touch` touches."""
    if verb in IRREGULAR_THIRD_PERSON:
        return IRREGULAR_THIRD_PERSON[verb]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if HISSING.fullmatch(verb) else f"{verb}s"


def gerund(verb: str) -> str:
    """`ride` gives riding, `grip` gripping, `tie` tying."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "ye")):
        return f"{verb[:-1]}ing"
    return f"{verb}{verb[-1]}ing" if SHORT.fullmatch(verb) else f"{verb}ing"
