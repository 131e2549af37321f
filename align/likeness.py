"""What the texts of two articles say about whether one is the translation of the other, as named numbers.

- title, lead, whole: cosines of the titles, of the first sentences, of the means of all sentences
- partners: how alike the best partner of each sentence is, on average, from either side (BiMax, Wang and others 2025;
  greedy mover's distance, El-Kishky and Guzman 2020)
- words: the share of either text's words that the other has a counterpart for, rare words counting more; dictionaries
  and BM25 found the originals of newspaper articles long before there were sentence vectors (Utiyama and Isahara 2003)
- figures, names: the same for the translation's numbers, and for what a Japanese text has in Latin letters or katakana
- lacking: how many of the translation's numbers the original lacks beyond one and those that free translations add or
  spell out; reports on markets and the weather have the same words every day, but not the same numbers
- aligned, certainty: what a real sentence alignment makes of the two (rescoring by alignment: AVSIM, Utiyama and
  Isahara 2003; Thompson and Koehn 2020)

A follow-up has the people, places and words of the first report, but other numbers, and sentences without partners.
What this does not do: weigh (`align.pair_model`), or know what pages print about their articles (`align.printed`).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from align.beads import align_sentences
from align.figures import figures, spelled_figures
from align.foreign import LEAST_SKELETON, katakana_skeletons, skeleton
from align.scoring import AlignOptions, word_table
from align.subwords import Bags, Ids
from align.table import StaticEncoder
from align.vectors import Encoder, Vectors, unit_rows
from align.words import LEAST_LENGTH, NO_MATCH, TO_FULL

GLANCE = (
    *("title", "lead", "whole", "partners_source", "partners_target"),
    *("words_source", "words_target", "figures", "lacking", "names"),
)
LOOK = ("aligned_source", "aligned_target", "certainty")
USUALLY_FOUND = 0.55  # of a translation's figures, at the least; the 28 news articles at hand have two thirds and more
MOST_LACKING = 6.0  # figures; more say no more
AT_HAND = 64  # texts whose vectors a judge keeps
LEAD = 3  # sentences of the body: newspapers put the story into them
MOST_WORDS = 250  # of one text that are compared, those that say most; a page of a newspaper has fewer
# Languages written in other letters; what they share with those written in Latin ones are foreign names.
OTHER_LETTERS = frozenset(["ja", "zh", "ko", "ru", "uk", "bg", "el", "ar", "he", "fa", "hi", "th"])
_LATIN = re.compile(r"[a-z][a-z0-9]*(?:[-.&'][a-z0-9]+)*")
Marks = npt.NDArray[np.uint32]
Halves = npt.NDArray[np.float16]
SMALL_IDS = np.uint16  # enough for the subwords of most tables
Floats = npt.NDArray[np.float32]
Evidence = dict[str, float | None]  # None where the articles do not say


@dataclass(frozen=True, slots=True)
class Text:
    """One article as pairing sees it, a few kilobytes.

    Vectors are unit, (d,), of zeros where there is none; all in half precision.
    """

    title: Halves
    lead: Halves
    whole: Halves
    sentences: Bags | Halves  # subwords of each, or vectors (n, d)
    words: Ids  # (u,) distinct subwords that say something; none without a dictionary
    figures: Marks  # CRC-32 of each
    names: Marks


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the articles of one language. `table` is its dictionary, if there is one."""

    encoder: Encoder
    table: StaticEncoder | None
    other_letters: bool
    spells: bool = False  # an original in Japanese, whose numbers in kanji may be digits in its translation

    @classmethod
    def of(cls, encoder: Encoder, languages: tuple[str, str], lang: str) -> Reader:
        """`languages` are those of the pair."""
        spells = lang == languages[0] == "ja"
        return cls(encoder, word_table(encoder, languages), lang in OTHER_LETTERS, spells)

    def read(self, articles: Sequence[tuple[str | None, Sequence[str]]]) -> list[Text]:
        """Title and body sentences of each; several at once are quicker than one by one."""
        texts = [[title, *body] if title else [*body] for title, body in articles]
        starts = np.cumsum([0, *map(len, texts)]).tolist()
        flat = [sentence for text in texts for sentence in text]
        bags = self.table.bags(flat) if self.table else None
        is_table = self.table is not None and bags is not None and self._is_table
        vectors = unit_rows(self.table.sums(bags)) if is_table else self.encoder.encode(flat)  # type: ignore
        return [
            self._text(text, bool(title), vectors[start:end], bags.part(slice(start, end)) if bags else None)
            for (title, _), text, start, end in zip(articles, texts, starts, starts[1:], strict=False)
        ]

    @property
    def _is_table(self) -> bool:
        return self.table is self.encoder

    def _text(self, sentences: Sequence[str], has_title: bool, vectors: Vectors, bags: Bags | None) -> Text:
        plain = unicodedata.normalize("NFKC", "\n".join(sentences)).lower()
        body = vectors[1:] if has_title else vectors
        title = vectors[0] if has_title else np.zeros(vectors.shape[1])
        return Text(
            title.astype(np.float16),
            _mean(body[:LEAD]),
            _mean(vectors),
            _small(bags) if bags is not None and self._is_table else vectors.astype(np.float16),
            self._words(bags).astype(np.int32),
            _marks(figures(plain) | (spelled_figures(plain) if self.spells else set())),
            _marks(self._names(plain)),
        )

    def _words(self, bags: Bags | None) -> Ids:
        if self.table is None or bags is None:
            return np.zeros(0, dtype=np.int32)
        ids = np.unique(bags.ids)
        lengths = self.table.row_lengths[ids]
        if len(ids) > MOST_WORDS:
            return np.sort(ids[np.argpartition(-lengths, MOST_WORDS)[:MOST_WORDS]])
        return ids[lengths > LEAST_LENGTH]

    def _names(self, plain: str) -> Iterable[str]:
        latin = set(_LATIN.findall(plain))
        if self.other_letters:
            return {*(word for word in latin if len(word) > 1), *map("~".__add__, katakana_skeletons(plain))}
        return {*latin, *("~" + sound for word in latin if len(sound := skeleton(word)) >= LEAST_SKELETON)}


def _mean(vectors: Vectors) -> Halves:
    mean: Halves = unit_rows(vectors.sum(axis=0, keepdims=True))[0].astype(np.float16)
    return mean


def _small(bags: Bags) -> Bags:
    """A copy with ids in two bytes, where they fit."""
    fits = int(bags.ids.max(initial=0)) <= np.iinfo(SMALL_IDS).max
    return Bags(bags.ids.astype(SMALL_IDS if fits else np.int32), bags.starts.astype(np.int32))


def _marks(strings: Iterable[str]) -> Marks:
    return np.array(sorted({zlib.crc32(string.encode("utf-8", "replace")) for string in strings}), dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of one side's articles each word, figure or name stands."""

    articles: int
    words: npt.NDArray[np.int64]  # (size of the dictionary,)
    marks: Marks  # sorted; only those of several articles
    counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[Text], size: int) -> Rarity:
        """`size` is the number of words in the dictionary."""
        none = np.zeros(0, dtype=np.int32)
        words = np.bincount(np.concatenate([none, *(text.words for text in texts)]), minlength=size)
        every = [marks for text in texts for marks in (text.figures, text.names)]
        marks, counts = np.unique(np.concatenate([none.astype(np.uint32), *every]), return_counts=True)
        several = counts > 1
        return cls(len(texts), words, marks[several], counts[several])

    def of_words(self, ids: Ids) -> Floats:
        """(u,) weights: the rarer the heavier; all the same in an only article."""
        return self._weights(self.words[ids])

    def of_marks(self, marks: Marks) -> Floats:
        """(n,) weights of figures or names."""
        if not len(self.marks):
            return self._weights(np.ones(len(marks), dtype=np.int64))
        at = np.minimum(np.searchsorted(self.marks, marks), len(self.marks) - 1)
        return self._weights(np.where(self.marks[at] == marks, self.counts[at], 1))

    def _weights(self, counts: npt.NDArray[np.int64]) -> Floats:
        return np.log1p(max(1, self.articles) / np.maximum(1, counts)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Judge:
    """Looks at pairs of texts of two languages, each side with its rarity."""

    encoder: Encoder
    languages: tuple[str, str]
    source: Rarity
    target: Rarity
    _vectors: dict[int, tuple[Text, Vectors]] = field(default_factory=dict, compare=False)  # of the last few texts

    def glance(self, source: Text, target: Text) -> Evidence:
        """The evidence that costs next to nothing, by the names of GLANCE."""
        cosines = self.vectors(target) @ self.vectors(source).T
        has_titles = source.title.any() and target.title.any()
        return {
            "title": _cosine(source.title, target.title) if has_titles else None,
            "lead": _cosine(source.lead, target.lead),
            "whole": _cosine(source.whole, target.whole),
            "partners_source": float(cosines.max(axis=0).mean()),
            "partners_target": float(cosines.max(axis=1).mean()),
            **self._words(source, target),
            **self._figures(source, target),
            "names": self._names(source, target),
        }

    def _figures(self, source: Text, target: Text) -> Evidence:
        share = _share(target.figures, source.figures, self.target)
        if share is None:
            return {"figures": None, "lacking": 0.0}
        lacking = len(target.figures) * (USUALLY_FOUND - share) - 1
        return {"figures": share, "lacking": min(MOST_LACKING, max(0.0, lacking))}

    def vectors(self, text: Text) -> Vectors:
        """(n, d) of a text's sentences; those of the last few texts are at hand."""
        known = self._vectors.get(id(text))
        if known is not None and known[0] is text:
            return known[1]
        if isinstance(text.sentences, Bags):
            table = word_table(self.encoder, self.languages)
            assert table is not None
            bags = Bags(text.sentences.ids.astype(np.int32), text.sentences.starts)
            vectors = unit_rows(table.sums(bags))
        else:
            vectors = text.sentences.astype(np.float32)
        if len(self._vectors) >= AT_HAND:
            self._vectors.clear()
        self._vectors[id(text)] = text, vectors
        return vectors

    def _words(self, source: Text, target: Text) -> Evidence:
        table = word_table(self.encoder, self.languages)
        if table is None or not len(source.words) or not len(target.words):
            return {"words_source": None, "words_target": None}
        lengths = [table.row_lengths[text.words] for text in (source, target)]
        alike = table.table[source.words] @ table.table[target.words].T
        alike /= lengths[0][:, None]
        alike /= lengths[1]
        shares = []
        for text, rarity, length, axis in ((source, self.source, lengths[0], 1), (target, self.target, lengths[1], 0)):
            weights = length * rarity.of_words(text.words)
            matched = np.clip((alike.max(axis=axis) - NO_MATCH) / TO_FULL, 0, 1)
            shares.append(float(weights @ matched / weights.sum()))
        return {"words_source": shares[0], "words_target": shares[1]}

    def _names(self, source: Text, target: Text) -> float | None:
        foreign = [lang in OTHER_LETTERS for lang in self.languages]
        if foreign[0] == foreign[1]:
            return None
        if foreign[0]:
            return _share(source.names, target.names, self.source)
        return _share(target.names, source.names, self.target)

    def look(self, source: Sequence[str], target: Sequence[str]) -> Evidence:
        """What a sentence alignment says, by the names of LOOK."""
        return dict(alignment_evidence(source, target, self.encoder, languages=self.languages))


def _cosine(one: Halves, other: Halves) -> float:
    return float(np.clip(one.astype(np.float32) @ other.astype(np.float32), -1, 1))


def _share(wanted: Marks, present: Marks, rarity: Rarity) -> float | None:
    """The weight of the marks that are present, of all that are wanted; None where there are none."""
    if not len(wanted):
        return None
    weights = rarity.of_marks(wanted)
    return float(weights[np.isin(wanted, present, assume_unique=True)].sum() / weights.sum())


def alignment_evidence(
    source: Sequence[str], target: Sequence[str], encoder: Encoder, *, languages: tuple[str, str] = ("ja", "en")
) -> dict[str, float]:
    """What aligning two texts says about them: the share of each one's characters in beads, and how sure these are.

    Beads count by their probability. Unrelated texts can be aligned too, with beads that are hardly sure.
    """
    beads = align_sentences(source, target, encoder, options=AlignOptions(monotonic=True), languages=languages)
    held = [bead for bead in beads if not bead.is_null]
    shares = []
    for sentences, side in ((source, "source"), (target, "target")):
        covered = sum((b.probability or 0.0) * sum(len(sentences[i]) for i in getattr(b, side)) for b in held)
        shares.append(covered / max(1, sum(map(len, sentences))))
    certainty = sum(bead.probability or 0.0 for bead in held) / max(1, len(held))
    return {"aligned_source": shares[0], "aligned_target": shares[1], "certainty": certainty}
