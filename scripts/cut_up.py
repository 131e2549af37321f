"""Turns documents whose segments are translations one to one into documents with known beads of all kinds.

Newspapers merge, split, drop, add and move; public test sets do not. So their segments are changed by operations that
are written down, and the beads follow from the operations:

- split: a segment is cut at inner boundaries into several sentences
- merge: neighbouring segments are joined into one sentence on one side
- drop: a segment is left out on one side, and stays alone on the other
- insert: a segment of a similar document is put in on one side, without a counterpart
- move: one sentence or a block of them is put elsewhere on the target side

Segments are named by their numbers in the original document throughout, whatever was done before.

What this does not do: rewrite. A free rendering, or half a sentence that moves into the next, is not to be had so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from corpora.records import Bead
from corpora.segment import split
from corpora.tables import joiner

Side = Literal["source", "target"]
SIDES: tuple[Side, Side] = ("source", "target")


@dataclass(frozen=True)
class Segments:
    """A document as published: `source[k]` and `target[k]` say the same."""

    id: str
    source: list[str]
    target: list[str]


@dataclass(frozen=True)
class Document:
    """Two texts as sentences, and the beads that are known to be right."""

    id: str
    source: list[str]
    target: list[str]
    gold: list[Bead]


@dataclass(frozen=True)
class Operation:
    """One change. `count` segments from `segment` on; what else is used depends on `name`."""

    name: Literal["split", "merge", "drop", "insert", "move"]
    segment: int
    count: int = 1
    side: Side = "target"
    offsets: tuple[int, ...] = ()  # split: characters of the segment before each new sentence
    document: str | None = None  # insert: what from, put before `segment`
    other: int = 0
    before: int = 0  # move: the segment in front of which the moved ones go; the number of segments for the end

    def row(self) -> dict[str, object]:
        """As JSON, without what is as usual."""
        usual = asdict(Operation(self.name, -1))
        return {name: value for name, value in asdict(self).items() if name == "name" or value != usual[name]}

    @classmethod
    def from_row(cls, row: Mapping[str, object]) -> Operation:
        values = dict(row)
        values["offsets"] = tuple(row.get("offsets", ()))  # type: ignore[arg-type]
        return cls(**values)  # type: ignore[arg-type]


@dataclass(eq=False)
class _Unit:
    """Sentences that say the same, and the segments they come from; none for what was put in. Equal to itself only."""

    segments: range
    sentences: dict[Side, list[str]] = field(default_factory=dict)


def apply(document: Segments, operations: Sequence[Operation], others: Mapping[str, Segments]) -> Document:
    """The document after all operations, in their order. `others` holds the documents that inserts take from."""
    units = [
        _Unit(range(k, k + 1), {"source": [s], "target": [t]})
        for k, (s, t) in enumerate(zip(document.source, document.target, strict=True))
    ]
    order = list(units)  # as the target side has them
    for operation in operations:
        side = operation.side
        at = _position(units, operation.segment)
        unit = units[at] if at < len(units) else None
        if operation.name == "split" and unit:
            unit.sentences[side] = list(_cut(unit.sentences[side], operation.offsets))
        elif operation.name == "merge" and unit:
            joined = units[at : at + operation.count]
            for one in joined[1:]:
                order.remove(one)
            units[at : at + operation.count] = [unit]
            for both in SIDES:
                unit.sentences[both] = [sentence for one in joined for sentence in one.sentences[both]]
            unit.segments = range(joined[0].segments.start, joined[-1].segments.stop)
            unit.sentences[side] = [joiner("ja" if side == "source" else "en").join(unit.sentences[side])]
        elif operation.name == "drop" and unit:
            unit.sentences[side] = []
        elif operation.name == "insert":
            other = others[operation.document or ""]
            text = (other.source if side == "source" else other.target)[operation.other]
            new = _Unit(range(0), {"source": [], "target": [], side: [text]})
            units.insert(at, new)
            order.insert(order.index(unit) if unit else len(order), new)
        elif operation.name == "move":
            moved = units[at : _position(units, operation.segment + operation.count)]
            moved = [one for one in order if one in moved]
            goal = _position(units, operation.before)
            anchor = units[goal] if goal < len(units) else None
            order = [one for one in order if one not in moved]
            place = order.index(anchor) if anchor in order else len(order)
            order[place:place] = moved
    return _numbered(document.id, units, order)


def _position(units: Sequence[_Unit], segment: int) -> int:
    """Where the unit that holds a segment stands; at the end for the number after the last."""
    return next((at for at, unit in enumerate(units) if segment in unit.segments), len(units))


def _cut(sentences: Sequence[str], offsets: Sequence[int]) -> Iterator[str]:
    (text,) = sentences
    for start, end in zip((0, *offsets), (*offsets, len(text)), strict=True):
        yield text[start:end].strip()


def _numbered(identity: str, units: Sequence[_Unit], order: Sequence[_Unit]) -> Document:
    source: list[str] = []
    target: list[str] = []
    places: dict[int, list[tuple[int, ...]]] = {}
    for side, text, ordered in (("source", source, units), ("target", target, order)):
        for unit in ordered:
            sentences = unit.sentences[side]  # type: ignore[index]
            places.setdefault(id(unit), []).append(tuple(range(len(text), len(text) + len(sentences))))
            text += sentences
    gold = [Bead(*places[id(unit)]) for unit in units if any(places[id(unit)])]
    return Document(identity, source, target, _apart(gold))


def _apart(beads: Sequence[Bead]) -> list[Bead]:
    """Null beads of several sentences as one bead a sentence."""
    alone = []
    for bead in beads:
        if bead.is_null:
            alone += [Bead((i,), ()) for i in bead.source] + [Bead((), (j,)) for j in bead.target]
        else:
            alone.append(bead)
    return alone


@dataclass(frozen=True)
class Plan:
    """How often each operation happens: chances for a segment, and on which side is a matter of luck."""

    merge: float
    merge_three: float  # of merges, those of three segments
    drop: float
    insert: float
    move: float
    block: float  # for a document: that a block of several sentences moves


EASY = Plan(merge=0.18, merge_three=0.15, drop=0.12, insert=0.08, move=0.0, block=0.0)
HARD = Plan(merge=0.27, merge_three=0.3, drop=0.27, insert=0.2, move=0.1, block=0.8)
BLOCK = (2, 5)  # segments in a block that moves


def draw(document: Segments, plan: Plan, chance: random.Random, alike: Sequence[Segments]) -> list[Operation]:
    """Operations for one document. `alike` are the documents to insert from."""
    count = len(document.source)
    splits = list(_splits(document))
    merges, at = [], 0
    while at < count:
        size = 3 if chance.random() < plan.merge_three else 2
        if chance.random() < plan.merge and at + size <= count:
            merges.append(Operation("merge", at, size, chance.choice(SIDES)))
            at += size
        else:
            at += 1
    # What was split or merged keeps both sides, so that 1-2 and 2-1 beads are not lost again.
    used = {k for one in (*splits, *merges) for k in range(one.segment, one.segment + one.count)}
    merged = {k for one in merges for k in range(one.segment, one.segment + one.count)}
    drops = [
        Operation("drop", k, side=chance.choice(SIDES))
        for k in range(count)
        if k not in used and chance.random() < plan.drop
    ]
    # One document to insert from for each side: two sentences of the same one might well say the same.
    donors = dict(zip(SIDES, chance.sample(list(alike), min(2, len(alike))), strict=False))
    inserts = []
    for k in range(count):
        side = chance.choice(SIDES)
        donor = donors.get(side)
        if chance.random() < plan.insert and donor:
            place = chance.randrange(len(donor.source))
            inserts.append(Operation("insert", k, side=side, document=donor.id, other=place))
    splits = [one for one in splits if one.segment not in merged]
    return [*splits, *merges, *drops, *inserts, *_moves(count, plan, chance, merged)]


def _splits(document: Segments) -> Iterator[Operation]:
    """Segments of several sentences whose other side is one, so that what belongs together stays known."""
    for k, (source, target) in enumerate(zip(document.source, document.target, strict=True)):
        spans = {"source": split(source, "ja"), "target": split(target, "en")}
        for side, other in (("source", "target"), ("target", "source")):
            if len(spans[side]) > 1 and len(spans[other]) == 1:
                yield Operation("split", k, side=side, offsets=tuple(start for start, _ in spans[side][1:]))  # type: ignore[arg-type]


def _moves(count: int, plan: Plan, chance: random.Random, merged: set[int]) -> Iterator[Operation]:
    """Sentences, then a block; nothing moves to where it stands."""
    for k in range(count):
        if k not in merged and chance.random() < plan.move:
            before = chance.randrange(count + 1)
            if before not in (k, k + 1):
                yield Operation("move", k, before=before)
    size = chance.randint(*BLOCK)
    if chance.random() < plan.block and count >= 3 * size:
        start = chance.randrange(count - size + 1)
        before = chance.randrange(count + 1)
        if not start <= before <= start + size:
            yield Operation("move", start, size, before=before)
