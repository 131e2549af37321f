"""Fixtures shared by several test files: the bundled encoder, and one whose vectors can be worked out by hand."""

import string
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import settings

from align.encoder import Encoder, Vectors, load_encoder, unit_rows

settings.register_profile("taiyaku", deadline=None, max_examples=60)
settings.load_profile("taiyaku")


class LetterEncoder:
    """A bag of letters: `aab` is (2, 1, 0, ...) to scale, and `AAB` its perfect translation."""

    name = "letters"

    def encode(self, texts: Sequence[str]) -> Vectors:
        counts = [[text.lower().count(letter) for letter in string.ascii_lowercase] for text in texts]
        return unit_rows(np.array(counts, dtype=np.float32).reshape(len(texts), 26))


@pytest.fixture(scope="session")
def bundled() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def letters() -> Encoder:
    return LetterEncoder()
