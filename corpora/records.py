"""The records that pass between the stages, each defined once.

pages -> articles -> sentences -> pairs -> beads -> findings. All are frozen; a stage returns new records.
Offsets are Python string offsets (Unicode code points), start inclusive and end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

PageKind = Literal["html", "text", "row"]
ParagraphKind = Literal["title", "body", "subhead"]
Category = Literal[
    "number", "date", "name", "unit", "negation", "omission", "addition", "mistranslation", "attribution"
]
Severity = Literal["minor", "major", "critical"]
SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")  # in rising order


@dataclass(frozen=True, slots=True)
class Page:
    """What was saved or crawled, decoded but otherwise untouched.

    `path` names the place it came from, for messages: a file, or `file.jsonl:12` for a row.
    A page of kind `row` holds a user's JSONL/Parquet row in `fields` and no `text`.
    """

    path: str
    kind: PageKind
    text: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    url: str | None = None
    fetched: str | None = None  # when a crawler did, ISO 8601
    replaced_characters: int = 0  # undecodable bytes that became U+FFFD


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of an article's text: `article.text[start:end]`, without surrounding white space."""

    start: int
    end: int
    kind: ParagraphKind


@dataclass(frozen=True, slots=True)
class Sentence:
    """`article.text[start:end]` is the sentence; `paragraph` is its index in `article.paragraphs`."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How a word is read, as the page says over it; most are names that their kanji do not tell."""

    text: str
    reading: str


@dataclass(frozen=True, slots=True)
class Article:
    """A page's text without furniture: the title first, then the body, paragraphs separated by a blank line.

    `byline` holds the writers as this page names them; `credit` the writers of the original that an English
    version names at its end. Dates are ISO 8601 days, `fetched` is the time when a crawler came by. `article_id` comes
    from URL or content, never position. `links` are addresses or ids of this article in another language.
    """

    article_id: str
    path: str
    lang: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...] = ()
    title: str | None = None
    url: str | None = None
    date: str | None = None
    updated: str | None = None
    date_guessed: bool = False
    byline: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    department: str | None = None
    section: str | None = None
    fetched: str | None = None
    captions: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    links: tuple[str, ...] = ()

    def sentence_texts(self) -> list[str]:
        """The sentences as strings, in order."""
        return [self.text[s.start : s.end] for s in self.sentences]


@dataclass(frozen=True, slots=True)
class Pair:
    """A source article and the target article that was made from it.

    `evidence` maps each score's name to its value; None where the articles do not say (no date, no credit).
    """

    source_id: str
    target_id: str
    probability: float
    evidence: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentence indices that say the same on both sides, ascending; an empty side makes it a null bead.

    `similarity` is the encoder's cosine of the two runs (None for a null bead); `probability` says how sure
    the bead is: that the two sides belong together, or for a null bead that the sentence has no counterpart.
    """

    source: tuple[int, ...]
    target: tuple[int, ...]
    similarity: float | None = None
    probability: float | None = None

    @property
    def kind(self) -> str:
        """Counts of both sides, as in the alignment literature: `1-2` is one source, two target sentences."""
        return f"{len(self.source)}-{len(self.target)}"

    @property
    def is_null(self) -> bool:
        return not self.source or not self.target


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspected infidelity between a source text and its translation.

    Spans are (start, end) offsets into the two texts that were compared; None where that side has nothing. `check` is
    the name of the check that found it; the values are what it compared, as the texts say it or worked out.
    """

    category: Category
    severity: Severity
    source_span: tuple[int, int] | None
    target_span: tuple[int, int] | None
    message: str
    check: str = ""
    source_value: str | None = None
    target_value: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that was not used, and why. `reason` is a short fixed word, `detail` a sentence for people.

    With `furniture` (whose detail is the paragraph) and `unread-date` only that part was not used; the article is kept.
    """

    path: str
    stage: str
    reason: str
    detail: str

    @property
    def is_part(self) -> bool:
        return self.reason in ("furniture", "unread-date")


def lost(rejects: Iterable[Reject]) -> list[Reject]:
    """The rejects that are whole inputs which could not be used."""
    return [reject for reject in rejects if not reject.is_part]
