"""Text vectors by the small sentence model all-MiniLM-L6-v2, with 8-bit weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from iconograph.graph.model.vector import Modality, VectorSpace, unit_rows
from iconograph.ingest.models.registry import located, model_ref, record_named
from iconograph.ingest.models.runtime.onnx import open_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

    from iconograph.graph.model.run import ModelRef
    from iconograph.ingest.models.record import ModelRecord
    from iconograph.ingest.models.runtime.port import Session

LONGEST_TOKENS = 128
"""Texts are cut to so many tokens, as the model was trained."""

BATCH_SIZE = 32
MOST_REMEMBERED = 50_000
"""Texts whose vectors are kept for the next call: some 80 MB."""


class MiniLmEncoder:
    """A `TextEncoder`; open one with `MiniLmEncoder.open`. Not for several threads at once."""

    def __init__(self, session: Session, tokenizer: Tokenizer, record: ModelRecord) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._record = record
        self._remembered: dict[str, NDArray[np.float32]] = {}

    @classmethod
    def open(cls, cache_dir: Path) -> Self:
        """The encoder of the installed model and the pulled tokenizer.

        Raises `MissingExtraError` without the package of the extra `text`, `MissingModelError`
        without the tokenizer.
        """
        record = record_named("minilm")
        (model_path,) = located(record, cache_dir).values()
        (tokenizer_path,) = located(record_named("minilm-tokenizer"), cache_dir).values()
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(tokenizer_path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST_TOKENS)
        return cls(open_session(model_path), tokenizer, record)

    @property
    def space(self) -> VectorSpace:
        """`text:all-MiniLM-L6-v2-int8`, 384 dimensions."""
        return VectorSpace(
            name=self._record.space,
            dim=self._record.dim,
            weights_sha256=self._record.sha256,
            modality=Modality.TEXT,
        )

    @property
    def model(self) -> ModelRef:
        """The model, for the run that its vectors belong to."""
        return model_ref(self._record)

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Unit vectors, float32, len(texts) x 384; each distinct text is encoded once."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._remembered]
        if len(self._remembered) + len(fresh) > MOST_REMEMBERED:
            self._remembered.clear()
            fresh = list(dict.fromkeys(texts))
        encodings = dict(zip(fresh, self._tokenizer.encode_batch(fresh), strict=True))
        # Texts of like length together: little is spent on padding.
        fresh.sort(key=lambda text: (len(encodings[text].ids), text))
        for start in range(0, len(fresh), BATCH_SIZE):
            batch = fresh[start : start + BATCH_SIZE]
            vectors = self._vectors([encodings[text] for text in batch])
            self._remembered.update(zip(batch, vectors, strict=True))
        if not texts:
            return np.empty((0, self._record.dim), dtype=np.float32)
        return np.stack([self._remembered[text] for text in texts])

    def _vectors(self, encodings: Sequence[Encoding]) -> NDArray[np.float32]:
        """Mean of the last hidden states over the tokens of each text, brought to length 1."""
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        inputs = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
        }
        (hidden,) = self._session.run(inputs).values()
        summed = (hidden * mask[:, :, None]).sum(axis=1)
        return unit_rows(summed / mask.sum(axis=1, keepdims=True), self.space)
