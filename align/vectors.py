"""What every encoder gives: texts as rows of length one. The protocol, and what its makers share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into unit rows. Your own may subclass this and write `name` and `encode` only."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, each row of length one; a text without any known word gives a row of zeros."""
        ...

    def encode_runs(self, sentences: Sequence[str], max_run: int, *, joiner: str = " ") -> list[Vectors]:
        """Vectors of all runs of 1, 2 ... `max_run` neighbouring sentences.

        Entry k - 1 is (len(sentences) - k + 1, d): row i is the run that starts at sentence i and has k sentences.
        `joiner` is what stands between two sentences where a run is encoded as one text.
        """
        counts = [len(sentences) - k + 1 for k in range(1, max(1, min(max_run, len(sentences))) + 1)]
        texts = [joiner.join(sentences[i : i + k]) for k, n in enumerate(counts, start=1) for i in range(n)]
        return np.split(self.encode(texts), np.cumsum(counts)[:-1])


def unit_rows(vectors: Vectors) -> Vectors:
    """Scale rows to length one; rows of zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.float32(1e-9))
    return scaled


def without_surrogates(text: str) -> str:
    """The text with `?` for each lone surrogate, which tokenizers refuse."""
    return text.encode(errors="replace").decode()
