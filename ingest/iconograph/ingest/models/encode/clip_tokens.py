"""Texts to the tokens of a CLIP text tower, without torch."""

from __future__ import annotations

import html
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.errors import MissingModelError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

START_TOKENS = ("<start_of_text>", "<|startoftext|>")
END_TOKENS = ("<end_of_text>", "<|endoftext|>")
"""What vocabularies of CLIP call the first and the last token."""

JOINED = (*range(0x0132, 0x0134), 0x0149, *range(0x01C4, 0x01CD), *range(0x01F1, 0x01F4))
JOINED_LATIN = (*range(0xFB00, 0xFB05), 0xFB06)
"""Two letters in one code point."""

WIDE = (0x3000, *range(0xFF01, 0xFFF0))
"""Letters of another width, as East Asian typesetting has them."""

SPELT_OUT = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*JOINED, *JOINED_LATIN, *WIDE)
} | {0xFB05: "\u017ft"}
CURLY_QUOTES = dict.fromkeys((0x02BC, *range(0x2018, 0x201C)), "'") | dict.fromkeys(
    range(0x201C, 0x2020), '"'
)


class Tokenisation(StrEnum):
    """How texts become tokens."""

    CLIP = "clip"
    """Cleaned as CLIP does it, start and end token around, filled up with 0."""
    PLAIN = "plain"
    """As tokenizer.json alone says, special tokens and padding included."""


class ClipTokens:
    """Texts to token ids by a tokenizer.json of any vocabulary."""

    def __init__(
        self, tokenizer: Tokenizer, *, context_length: int, tokenisation: Tokenisation
    ) -> None:
        self._tokenizer = tokenizer
        self._context_length = context_length
        self._tokenisation = tokenisation
        if tokenisation is Tokenisation.CLIP:
            self._start = _id_of(tokenizer, START_TOKENS)
            self._end = _id_of(tokenizer, END_TOKENS)

    @classmethod
    def load(cls, path: Path, *, context_length: int, tokenisation: Tokenisation) -> ClipTokens:
        """Read a tokenizer.json; raises `MissingModelError` when it is none."""
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as error:  # tokenizers raises no narrower class
            message = f"{path} is not a tokenizer.json: {error}; copy the model's files again"
            raise MissingModelError(message) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        if tokenisation is Tokenisation.PLAIN:
            pad = tokenizer.token_to_id("<pad>") or tokenizer.token_to_id("[PAD]") or 0
            tokenizer.enable_truncation(context_length)
            tokenizer.enable_padding(length=context_length, pad_id=pad)
        return cls(tokenizer, context_length=context_length, tokenisation=tokenisation)

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.int64]:
        """Token ids, int64, len(texts) x context_length; long texts are cut, the end token stays."""
        tokens = np.zeros((len(texts), self._context_length), np.int64)
        for row, text in enumerate(texts):
            ids = self._ids(text)
            tokens[row, : len(ids)] = ids
        return tokens

    def _ids(self, text: str) -> list[int]:
        if self._tokenisation is Tokenisation.PLAIN:
            plain: list[int] = self._tokenizer.encode(text).ids
            return plain
        ids = self._tokenizer.encode(cleaned(text), add_special_tokens=False).ids
        return [self._start, *ids[: self._context_length - 2], self._end]


def cleaned(text: str) -> str:
    """A text as CLIP was trained on: HTML entities resolved, quotes straight, lower case.

    Equal to open_clip's cleaning except that text decoded with the wrong character set is left as
    it is.
    """
    plain = html.unescape(html.unescape(text)).translate(SPELT_OUT).translate(CURLY_QUOTES)
    composed = unicodedata.normalize("NFC", plain)
    return " ".join(composed.split()).lower()


def _id_of(tokenizer: Tokenizer, names: Sequence[str]) -> int:
    for name in names:
        number = tokenizer.token_to_id(name)
        if number is not None:
            return int(number)
    message = (
        f"tokenizer.json has no token {' or '.join(names)}; a CLIP vocabulary needs one; export "
        "the model again"
    )
    raise MissingModelError(message)
