"""Any sentence-transformers model as an encoder: run lazily, in batches, with its prompt, and cached on disk.

The model is loaded when the first text is met that the cache does not hold, so a second run over the same texts never
imports torch. One prompt goes before every text: in a bitext both sides play the same part, so models made for search
get their query prompt on both. A text longer than the model reads is cut by the model; how many were is counted.

What this does not do: share one model between threads, or use several devices.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from align.contrast import common_direction, without
from align.encoder_options import EncoderOptions
from align.known_encoders import known
from align.measure import sample_pairs
from align.model_files import ModelFiles, folder_revision, hub_commit, in_hub_cache
from align.model_loading import load_model, require_backend
from align.vector_cache import Stored, VectorCache, default_folder, text_key
from align.vectors import Encoder, Vectors, unit_rows, without_surrogates
from corpora.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCHES_AT_ONCE = 4  # between two looks at the progress bar and two commits to the cache
Report = Callable[[str, int, int | None], None]  # (stage, done, total)


@dataclass(frozen=True, slots=True)
class Usage:
    """What an encoder was given: distinct texts, how many it cut at `max_tokens`, how many no cache had."""

    texts: int
    cut: int
    max_tokens: int | None
    computed: int

    @property
    def warning(self) -> str | None:
        """What to tell people, if anything."""
        if not self.cut:
            return None
        return f"{self.cut} of {self.texts} texts were longer than {self.max_tokens} tokens and were cut"


class TransformerEncoder(Encoder):
    """A sentence-transformers model, from a folder or the hub."""

    def __init__(self, name: str, files: ModelFiles, options: EncoderOptions, *, local: str) -> None:
        """`local` is what sentence-transformers loads: a folder, or a hub name that is in the local hub cache."""
        self.name = name
        self.options = options
        self.revision = files.revision
        self.prompt = choose_prompt(name, files, options.prompt)
        self.report: Report | None = None
        self._local = local
        self._model: SentenceTransformer | None = None
        folder = (options.cache_folder or default_folder()) if options.cached else None
        self._cache = VectorCache(folder, self._identity())
        self._dimensions = self._noted("dimensions")
        self.max_tokens = self._noted("max_tokens")  # None: no limit, or not known before the model is loaded
        self._seen: set[bytes] = set()
        self._cut: set[bytes] = set()
        self._computed = 0
        self._direction: npt.NDArray[np.float32] | None = None

    @classmethod
    def from_folder(cls, folder: Path, options: EncoderOptions) -> TransformerEncoder:
        """Raises EncoderError or MissingExtra where the model cannot be run; it is loaded later."""
        require_backend(options)
        memory = (options.cache_folder or default_folder()) if options.cached else None
        return cls(
            folder.resolve().name, ModelFiles(folder, folder_revision(folder, memory)), options, local=str(folder)
        )

    @classmethod
    def from_hub(cls, name: str, options: EncoderOptions) -> TransformerEncoder:
        """Take the model from the local hub cache, or download it. Raises EncoderError or MissingExtra."""
        require_backend(options)
        files = in_hub_cache(name, options.revision)
        if files is not None:
            return cls(name, files, options, local=name)
        commit = hub_commit(name, options.revision)
        # By the name that was asked for and not by the commit, for the hub cache to note what the name stands for.
        model = load_model(name, options, revision=options.revision)
        encoder = cls(name, in_hub_cache(name, options.revision) or ModelFiles(Path(), commit), options, local=name)
        encoder._take(model)
        return encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As in `Encoder`; without what all texts have in common, unless the options say otherwise."""
        vectors = self._plain(texts)
        return without(vectors, self._common()) if self.options.contrast else vectors

    def _common(self) -> npt.NDArray[np.float32]:
        """The direction that all texts have in common for this model; measuring it is not counted as use."""
        if self._direction is None:
            used = self._seen, self._cut, self._computed
            self.forget_usage()
            source, target = (self._plain(texts) for texts in zip(*sample_pairs(), strict=True))
            self._direction = common_direction(source, target)
            self._seen, self._cut, self._computed = used
        return self._direction

    def _plain(self, texts: Sequence[str]) -> Vectors:
        rows: dict[bytes, list[int]] = {}
        wanted: dict[bytes, str] = {}
        for i, text in enumerate(texts):
            if text.strip():  # a model has a vector for nothing too, and two missing titles would be alike
                valid = without_surrogates(text)
                key = text_key(valid)
                rows.setdefault(key, []).append(i)
                wanted[key] = valid
        dimensions = self.dimensions
        vectors = np.zeros((len(texts), dimensions), dtype=np.float32)
        for stored in self._cache.read(list(wanted)):
            if len(stored.vector) == 4 * dimensions:
                vectors[rows[stored.key]] = np.frombuffer(stored.vector, dtype=np.float32)
                self._count(stored)
                del wanted[stored.key]
        total = len(self._seen) + len(wanted)
        for part in _parts(wanted, BATCHES_AT_ONCE * self.options.batch_size):
            for stored in self._compute(part):
                vectors[rows[stored.key]] = np.frombuffer(stored.vector, dtype=np.float32)
            self._tell("encode", len(self._seen), total)
        return vectors

    @property
    def dimensions(self) -> int:
        """Numbers in a vector; the model is loaded if no earlier run has noted it."""
        if self._dimensions is None:
            _ = self.model
        assert self._dimensions is not None
        return self._dimensions

    @property
    def model(self) -> SentenceTransformer:
        """The model itself, loaded when first asked for."""
        if self._model is None:
            self._tell("load", 0, None)
            self._take(self._loaded())
            self._tell("load", 1, 1)
        assert self._model is not None
        return self._model

    def _noted(self, fact: str) -> int | None:
        value = self._cache.fact(fact)
        return value if isinstance(value, int) else None

    def usage(self) -> Usage:
        """What went through this encoder since it was made or `following` began."""
        return Usage(len(self._seen), len(self._cut), self.max_tokens, self._computed)

    def forget_usage(self) -> None:
        """Count from nothing again."""
        self._seen, self._cut, self._computed = set(), set(), 0

    def provenance(self) -> dict[str, object]:
        """What a corpus says about the encoder it was made with."""
        return {
            "name": self.name,
            "revision": self.revision,
            "prompt": self.prompt,
            "dtype": self.options.dtype,
            "backend": self.options.backend,
            "contrast": self.options.contrast,
        }

    def _identity(self) -> dict[str, object]:
        """What vectors depend on. Devices agree to the last digits, so a cache made on one serves the other."""
        libraries = {name: metadata.version(name) for name in ("sentence-transformers", "transformers")}
        said = {name: value for name, value in self.provenance().items() if name != "contrast"}
        return {**said, **libraries}

    def _loaded(self) -> SentenceTransformer:
        if Path(self._local).is_dir():
            return load_model(self._local, self.options, revision=None, offline=True)
        try:
            return load_model(self._local, self.options, revision=self.revision, offline=True)
        except EncoderError:  # a download that was broken off leaves half a model in the hub cache
            hub_commit(self._local, self.revision)
            return load_model(self._local, self.options, revision=self.revision)

    def _take(self, model: SentenceTransformer) -> None:
        """Use this model, and note what the next run wants to know of it without loading it."""
        self._model = model
        longest = model.max_seq_length
        self.max_tokens = int(longest) if longest is not None and longest < sys.maxsize else None
        self._dimensions = int(np.asarray(model.encode(["a"], prompt=self.prompt)).shape[-1])
        self._cache.note({"dimensions": self._dimensions, "max_tokens": self.max_tokens})

    def _compute(self, texts: Mapping[bytes, str]) -> list[Stored]:
        """Vectors of texts the cache does not hold; they are in it afterwards."""
        given = list(texts.values())
        try:
            raw = self.model.encode(
                given,
                prompt=self.prompt,
                batch_size=self.options.batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            raise EncoderError(
                f"{self.name} failed on {len(given)} texts ({error}); a smaller --batch-size needs less memory, and "
                "--device cpu runs everywhere"
            ) from error
        # Half precision may overflow; a row of zeros is like nothing, a row of NaN would spoil every sum.
        vectors = unit_rows(np.nan_to_num(np.asarray(raw, dtype=np.float32), posinf=0.0, neginf=0.0))
        cut = self._too_long(given)
        rows = [Stored(key, vector.tobytes(), is_cut) for key, vector, is_cut in zip(texts, vectors, cut, strict=True)]
        self._cache.write(rows)
        for row in rows:
            self._count(row)
        self._computed += len(rows)
        return rows

    def _too_long(self, texts: Sequence[str]) -> list[bool]:
        """Which texts have more tokens than the model reads.

        A token is at least a byte, so only long texts need to be cut into tokens a second time.
        """
        limit, tokenizer = self.max_tokens, getattr(self.model, "tokenizer", None)
        if limit is None or not callable(tokenizer):
            return [False] * len(texts)
        suspects = [i for i, text in enumerate(texts) if len((self.prompt + text).encode()) + 4 > limit]
        if not suspects:
            return [False] * len(texts)
        tokens = tokenizer([self.prompt + texts[i] for i in suspects], truncation=False, verbose=False)["input_ids"]
        longer = {i for i, ids in zip(suspects, tokens, strict=True) if len(ids) > limit}
        return [i in longer for i in range(len(texts))]

    def _count(self, stored: Stored) -> None:
        self._seen.add(stored.key)
        if stored.cut:
            self._cut.add(stored.key)

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        if self.report:
            self.report(stage, done, total)


@contextmanager
def following(encoder: Encoder, report: Report) -> Iterator[None]:
    """Have a transformer report that it loads (`load`) and how far it has encoded (`encode`), and count anew.

    Other encoders need no time worth a report.
    """
    if not isinstance(encoder, TransformerEncoder):
        yield
        return
    encoder.report = report
    encoder.forget_usage()
    try:
        yield
    finally:
        encoder.report = None


def usage(encoder: Encoder) -> Usage | None:
    """What went through a transformer; None for an encoder that reads texts of any length."""
    return encoder.usage() if isinstance(encoder, TransformerEncoder) else None


def _parts(texts: Mapping[bytes, str], size: int) -> list[dict[bytes, str]]:
    """The longest first: batches of like length pad little, and a batch too large for the memory fails at once."""
    ordered = iter(sorted(texts.items(), key=lambda item: (-len(item[1]), item[1])))
    parts = []
    while part := dict(islice(ordered, size)):
        parts.append(part)
    return parts


def choose_prompt(name: str, files: ModelFiles, wanted: str | None) -> str:
    """The text put before every text: what the user says, else the model's default, else what its card asks for."""
    config = files.json("config_sentence_transformers.json")
    own = config.get("prompts")
    prompts = own if isinstance(own, dict) else {}
    if wanted is not None:
        return str(prompts.get(wanted, wanted))
    default = prompts.get(config.get("default_prompt_name"))
    if default:
        return str(default)
    listed = known(name)
    return listed.prompt if listed else ""
