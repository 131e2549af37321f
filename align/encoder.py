"""What turns text into vectors: the bundled static table, or any sentence-transformers model by name.

The bundled table is read by `tokenizers` and numpy alone. A text's vector is the sum of its subwords' vectors scaled
to length one, so the vector of a run of sentences is a difference of prefix sums and every m-n candidate of the
aligner costs nothing to embed. Importing torch takes seconds and hundreds of megabytes; it happens only when a model
that needs it is asked for. Training the table is `scripts/train_encoder.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from corpora.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

BUNDLED = Path(__file__).parent / "models" / "taiyaku-static-ja-en"


class Encoder(Protocol):
    """Anything that turns texts into unit rows; users may bring their own."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, each row of length one; a text without any known word gives a row of zeros."""
        ...


def unit_rows(vectors: Vectors) -> Vectors:
    """Scale rows to length one; rows of zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.float32(1e-9))
    return scaled


class StaticEncoder:
    """A table of subword vectors in the sentence-transformers format (`StaticEmbedding`), read without torch."""

    def __init__(self, table: Vectors, tokenizer: Tokenizer, name: str) -> None:
        if len(table) != tokenizer.get_vocab_size():
            raise EncoderError(
                f"{name}: the table has {len(table)} rows but the tokenizer {tokenizer.get_vocab_size()} subwords; "
                "the folder is damaged or mixed from two models"
            )
        self.table = table  # (subwords, d) float32
        self.tokenizer = tokenizer
        self.name = name

    @classmethod
    def from_folder(cls, folder: Path) -> StaticEncoder:
        """Read a folder saved by sentence-transformers whose first module is a `StaticEmbedding`.

        Raises EncoderError where the folder lacks a file or holds something else.
        """
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        module = folder / _modules(folder)[0]["path"]
        try:
            tokenizer = Tokenizer.from_file(str(module / "tokenizer.json"))
            weights = load_file(module / "model.safetensors")
        except Exception as error:
            raise EncoderError(
                f"{folder} cannot be read as an encoder ({error}); save the model there again"
            ) from error
        if len(weights) != 1:
            raise EncoderError(f"{module / 'model.safetensors'} holds {len(weights)} tables, expected one of vectors")
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(next(iter(weights.values())).astype(np.float32), tokenizer, folder.name)

    def sums(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32: the sum of each text's subword vectors, not scaled, so that runs add up."""
        from scipy.sparse import csr_matrix

        valid = [text.encode(errors="replace").decode() for text in texts]  # tokenizers refuses lone surrogates
        encodings = self.tokenizer.encode_batch_fast(valid, add_special_tokens=False)
        bags = [np.asarray(encoding.ids, dtype=np.int32) for encoding in encodings]
        starts = np.concatenate([[0], np.cumsum([len(bag) for bag in bags])])
        ids = np.concatenate([*bags, np.empty(0, dtype=np.int32)])
        counts = csr_matrix((np.ones(len(ids), dtype=np.float32), ids, starts), shape=(len(bags), len(self.table)))
        product: Vectors = np.asarray(counts @ self.table, dtype=np.float32)
        return product

    def encode(self, texts: Sequence[str]) -> Vectors:
        return unit_rows(self.sums(texts))


class TransformerEncoder:
    """Any sentence-transformers model, by hub name or path; imports torch when it is made."""

    def __init__(self, model: SentenceTransformer, name: str, *, batch_size: int = 32) -> None:
        self.model = model
        self.name = name
        self.batch_size = batch_size

    @classmethod
    def from_name(cls, name: str) -> TransformerEncoder:
        """Raises EncoderError, with the library's reason, where the model cannot be loaded."""
        from sentence_transformers import SentenceTransformer

        try:
            return cls(SentenceTransformer(name), name)
        except Exception as error:
            raise EncoderError(
                f"encoder {name!r} cannot be loaded; give a folder or the name of a model on the hub: {error}"
            ) from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = self.model.encode(
            list(texts), batch_size=self.batch_size, show_progress_bar=False, convert_to_numpy=True
        )
        return unit_rows(np.asarray(vectors, dtype=np.float32))


@lru_cache(maxsize=2)
def load_encoder(name: str | None = None) -> Encoder:
    """The bundled encoder, or any other by sentence-transformers name or path.

    A path to a static table never imports torch. Raises EncoderError if there is no such model.

    >>> encoder = load_encoder()
    >>> ja, en, other = encoder.encode(["首相が辞任した。", "The prime minister resigned.", "It rained."])
    >>> bool(ja @ en > ja @ other)
    True
    """
    folder = BUNDLED if name is None or name == BUNDLED.name else Path(name)
    if not folder.is_dir():
        if name is None or name.startswith((".", "/", "~")):
            raise EncoderError(f"there is no encoder folder {folder}; give a folder or the name of a model on the hub")
        return TransformerEncoder.from_name(str(name))
    if _modules(folder)[0]["type"].endswith("StaticEmbedding"):
        return StaticEncoder.from_folder(folder)
    return TransformerEncoder.from_name(str(folder))


def require_languages(encoder: Encoder, languages: Collection[str]) -> None:
    """Raise EncoderError if the bundled table is asked for a language it was not trained on."""
    unknown = sorted(set(languages) - {"ja", "en"})
    if unknown and encoder.name == BUNDLED.name:
        raise EncoderError(
            f"the bundled encoder covers Japanese and English, not {', '.join(unknown)}; name one that does, "
            "for example --encoder sentence-transformers/LaBSE or --encoder intfloat/multilingual-e5-small"
        )


def run_vectors(encoder: Encoder, sentences: Sequence[str], longest: int, *, joiner: str = " ") -> list[Vectors]:
    """Vectors of all runs of 1, 2 ... `longest` neighbouring sentences.

    Entry k - 1 is (len(sentences) - k + 1, d): row i is the run that starts at sentence i and has k sentences.
    """
    longest = max(1, min(longest, len(sentences)))
    if isinstance(encoder, StaticEncoder):
        single = encoder.sums(sentences)
        prefix = np.concatenate([np.zeros((1, single.shape[1])), np.cumsum(single, axis=0, dtype=np.float64)])
        return [unit_rows((prefix[k:] - prefix[:-k]).astype(np.float32)) for k in range(1, longest + 1)]
    texts = [joiner.join(sentences[i : i + k]) for k in range(1, longest + 1) for i in range(len(sentences) - k + 1)]
    ends = np.cumsum([len(sentences) - k + 1 for k in range(1, longest)])
    return np.split(encoder.encode(texts), ends)


def _modules(folder: Path) -> list[dict[str, str]]:
    try:
        modules: list[dict[str, str]] = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        if modules and all(isinstance(m["type"], str) and isinstance(m["path"], str) for m in modules):
            return modules
        reason = "modules.json lists no modules"
    except (OSError, ValueError, TypeError, LookupError) as error:
        reason = str(error)
    raise EncoderError(f"{folder} is not a sentence-transformers model, name a folder that is one: {reason}")
