"""The records of a stand-off file: how rows of a corpus become records, and what a record must hold when it is read.

What this does not do: ask whether records fit each other; `standoff.rebuild` does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast, get_args

from corpora.errors import InputError
from corpora.jsonlines import Row, printable
from corpora.records import ParagraphKind
from corpora.schemas import SCHEMAS

HEADER = "taiyaku_standoff"
FORMAT = 1
LARGEST = 2**31 - 1  # offsets are int32 in the tables
SIDE_DIGITS = 32  # hexadecimal, of a side's SHA-256; an article has all 64
SIDES = ("source", "target")
_PROVENANCE = ("lang", "article_id", "url", "date")  # of each side of a bead

Where = str
Key = tuple[str, str]  # id and language: originals and translations may be numbered alike
Expected = tuple[str, Callable[[object], bool]]


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its type, the place to name in messages, and what it says."""

    type: str
    where: Where
    row: Row

    @property
    def name(self) -> str:
        return str(self.row[self.type])

    @property
    def group(self) -> tuple[str, str]:
        """Records that are worked on together: beads and findings by pair."""
        return self.type, str(self.row.get("pair_id", ""))


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _is_offset(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _is_indices(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_offset, value)) and all(a < b for a, b in pairwise(value))


def _are_spans(value: object, *, kinds: bool = False) -> bool:
    if not isinstance(value, list):
        return False
    end = 0
    for span in value:
        if not isinstance(span, list) or len(span) != 2 + kinds or not all(map(_is_offset, span[:2])):
            return False
        if not end <= span[0] <= span[1] or (kinds and span[2] not in get_args(ParagraphKind)):
            return False
        end = span[1]
    return True


def _is_hex(value: object, digits: int) -> bool:
    return isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{digits}}}", value) is not None


_TEXT: Expected = ("a string", lambda value: isinstance(value, str))
_ANY_TEXT: Expected = ("a string or null", lambda value: value is None or isinstance(value, str))
_COUNT: Expected = ("a whole number", _is_offset)
_OFFSET: Expected = ("an offset or null", lambda value: value is None or _is_offset(value))
_NUMBER: Expected = ("a number or null", _is_number)
_INDICES: Expected = ("ascending numbers of sentences", _is_indices)
_SIDE: Expected = (
    f"{SIDE_DIGITS} hexadecimal digits or null",
    lambda value: value is None or _is_hex(value, SIDE_DIGITS),
)

_FIELDS: Mapping[str, Mapping[str, Expected]] = {
    "article": {
        "article": _TEXT,
        "lang": _TEXT,
        "url": _ANY_TEXT,
        "date": _ANY_TEXT,
        "sha256": ("64 hexadecimal digits", lambda value: _is_hex(value, 64)),
        "characters": _COUNT,
        "paragraphs": ("[start, end, kind] of each, in order", lambda value: _are_spans(value, kinds=True)),
        "sentences": ("[start, end] of each, in order", _are_spans),
    },
    "pair": {
        "pair": _TEXT,
        "source_id": _TEXT,
        "target_id": _TEXT,
        "probability": _NUMBER,
        "evidence": (
            "an object of numbers or null",
            lambda value: value is None or (isinstance(value, dict) and all(map(_is_number, value.values()))),
        ),
    },
    "bead": {
        "bead": _TEXT,
        "pair_id": _TEXT,
        "kind": _ANY_TEXT,
        **{f"{side}_sentences": _INDICES for side in SIDES},
        **{f"{side}_{end}": _OFFSET for side in SIDES for end in ("start", "end")},
        "similarity": _NUMBER,
        "probability": _NUMBER,
        "findings": (
            "a list of strings",
            lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
        ),
        "split": _ANY_TEXT,
        **{f"{side}_sha256": _SIDE for side in SIDES},
    },
    "finding": {
        "finding": _TEXT,
        "bead_id": _TEXT,
        "pair_id": _TEXT,
        "severity": _ANY_TEXT,
        **{f"{side}_{end}": _OFFSET for side in SIDES for end in ("start", "end")},
        "check": _ANY_TEXT,
    },
}
TYPES = tuple(_FIELDS)


def digest(text: str) -> str:
    """What stands for the text of a bead's side.

    >>> digest("It rained.")
    '8b38b558e4df5eb3a70f60edea988d44'
    """
    return hashlib.sha256(printable(text).encode()).hexdigest()[:SIDE_DIGITS]


def article_record(row: Row) -> Row:
    """A row of `articles` without anything it says."""
    text = str(row["text"])
    paragraphs, sentences = cast(list[Row], row["paragraphs"]), cast(list[Row], row["sentences"])
    return {
        "article": row["article_id"],
        **{name: row[name] for name in ("lang", "url", "date")},
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "characters": len(text),
        "paragraphs": [[one["start"], one["end"], one["kind"]] for one in paragraphs],
        "sentences": [[one["start"], one["end"]] for one in sentences],
    }


def bead_record(row: Row, provenance: Row) -> Row:
    """A row of `beads` without its texts, and without what its pair and its articles tell."""
    own = {k: v for k, v in row.items() if not k.endswith("_text") and (k not in provenance or provenance[k] != v)}
    texts = {side: row[f"{side}_text"] for side in SIDES}
    hashes = {f"{side}_sha256": None if text is None else digest(str(text)) for side, text in texts.items()}
    return {"bead": own.pop("bead_id"), **own, **hashes}


def finding_record(row: Row) -> Row:
    """A row of `findings` without what quotes the texts."""
    quoting = ("message", "source_value", "target_value")
    return {"finding": row["category"], **{k: v for k, v in row.items() if k != "category" and k not in quoting}}


def finding_row(record: Record, texts: tuple[object, object]) -> Row:
    """The row of `findings` that a record and the texts of its bead make. Raises InputError for spans outside them."""
    said = []
    for side, text in zip(SIDES, texts, strict=True):
        start, end = cast(tuple[int | None, int | None], (record.row[f"{side}_start"], record.row[f"{side}_end"]))
        if start is None or end is None:
            continue
        if not isinstance(text, str) or end > len(text):
            raise InputError(
                f"{record.where}: the {side} span ends at {end} in a text of {len(str(text or ''))} characters"
            )
        said.append(f"{side} says {text[start:end]}")
    row = {name: record.row.get(name) for name in SCHEMAS["findings"].names}
    return row | {"category": record.name, "message": "; ".join(said) or f"suspected {record.name}"}


def provenance_columns(keys: tuple[Key, Key], printed: tuple[Sequence[object], Sequence[object]]) -> Row:
    """The columns of a bead that its pair and its articles (address and date of each) tell."""
    values = [(lang, article_id, *said) for (article_id, lang), said in zip(keys, printed, strict=True)]
    return {
        f"{side}_{name}": value
        for side, told in zip(SIDES, values, strict=True)
        for name, value in zip(_PROVENANCE, told, strict=True)
    }


def is_standoff(row: Mapping[str, object]) -> bool:
    """Whether a file's first row says that it is a stand-off file."""
    return HEADER in row


def read_header(records: Iterator[tuple[Where, Row]]) -> Row:
    """The first record. Raises InputError if it is not that of a stand-off file, or of one of another version."""
    where, header = next(records, ("the file", {}))
    if not is_standoff(header):
        raise InputError(f'{where} does not begin a stand-off file; expected {{"{HEADER}": {FORMAT}, ...}}')
    if header[HEADER] != FORMAT:
        raise InputError(
            f"{where} is stand-off version {header[HEADER]!r}, this Taiyaku reads {FORMAT}; install Taiyaku "
            f"{header.get('version', 'of then')}"
        )
    for name in ("source_lang", "target_lang"):
        _require(header, name, _TEXT, where)
    counts = header.get("counts", {})
    if not isinstance(counts, dict) or not all(_is_offset(one) for one in counts.values()):
        raise InputError(f"{where}: 'counts' must be an object of whole numbers, found {counts!r}")
    return header


def typed(records: Iterable[tuple[Where, Row]]) -> Iterator[Record]:
    """The records after the first, each with what its type must have. Raises InputError for one that has not."""
    for where, row in records:
        found = next((one for one in TYPES if one in row), None)
        if found is None:
            raise InputError(f"{where} is no stand-off record; expected one with any of {', '.join(TYPES)}")
        for name, expected in _FIELDS[found].items():
            _require(row, name, expected, where)
        for side in SIDES:
            _require_span(row, f"{side}_start", f"{side}_end", where)
            for name in (f"{side}_{column}" for column in _PROVENANCE):
                if found == "bead" and name in row:
                    _require(row, name, _ANY_TEXT, where)
        yield Record(found, where, row)


def _require(row: Row, name: str, expected: Expected, where: Where) -> None:
    if name not in row:
        raise InputError(f"{where} has no {name!r}; expected {expected[0]}")
    if not expected[1](row[name]):
        shown = repr(row[name])
        raise InputError(f"{where}: {name!r} must be {expected[0]}, found {shown[:60]}{' ...' * (len(shown) > 60)}")


def _require_span(row: Row, first: str, last: str, where: Where) -> None:
    start, end = row.get(first), row.get(last)
    if (start is None) != (end is None) or (isinstance(start, int) and isinstance(end, int) and start > end):
        raise InputError(f"{where}: {first} {start!r} and {last} {end!r} are no span; expected start <= end")
