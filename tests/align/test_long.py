"""Texts too long for one table: as good as short ones, in pieces; what moved, what is missing, what is not related."""

import itertools
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from align import long
from align.anchors import find_anchors
from align.beads import align_sentences
from align.encoder import load_encoder
from align.evaluate import Tally
from align.scoring import AlignOptions
from align.vectors import Encoder
from corpora.jsonlines import read_rows
from corpora.records import Bead

GOLD = Path(__file__).resolve().parents[1] / "gold"
Piece = tuple[list[str], list[str], list[Bead]]


@cache
def news() -> list[Piece]:
    """Hand-made article pairs."""
    rows = [row for _, row in read_rows(GOLD / "news.jsonl")]
    return [(r["source"], r["target"], [Bead(tuple(s), tuple(t)) for s, t in r["gold"]]) for r in rows]  # type: ignore


def joined(pieces: Sequence[Piece], order: Sequence[int] | None = None) -> Piece:
    """All pieces one after the other; the targets in another order if one is given."""
    starts, source, target, gold = [], [], [], []
    for piece in pieces:
        starts.append(len(source))
        source += piece[0]
    for number in range(len(pieces)) if order is None else order:
        first, after = starts[number], len(target)
        target += pieces[number][1]
        gold += [
            Bead(tuple(i + first for i in bead.source), tuple(j + after for j in bead.target))
            for bead in pieces[number][2]
        ]
    return source, target, gold


def scored(text: Piece, encoder: Encoder, options: AlignOptions | None = None) -> Tally:
    beads = align_sentences(text[0], text[1], encoder, options=options)
    assert sorted(i for bead in beads for i in bead.source) == list(range(len(text[0])))
    assert sorted(j for bead in beads for j in bead.target) == list(range(len(text[1])))
    assert all(bead.probability is not None and 0 <= bead.probability <= 1 for bead in beads)
    tally = Tally()
    tally.add(text[2], beads)
    return tally


def test_a_long_text_is_aligned_about_as_well_as_its_parts(bundled: Encoder) -> None:
    whole = joined(news())
    assert len(whole[0]) * len(whole[1]) > long.DENSE
    parts = Tally()
    for source, target, gold in news():
        parts.add(gold, align_sentences(source, target, bundled))
    tally = scored(whole, bundled)
    assert tally.strict.f1 > parts.strict.f1 - 0.03
    assert tally.null.f1 > parts.null.f1 - 0.06


def test_a_moved_chapter_is_found(bundled: Encoder) -> None:
    order = [*range(5), *range(12, 19), *range(5, 12), *range(19, 26)]
    moved, kept = scored(joined(news(), order), bundled), scored(joined(news()), bundled)
    assert moved.strict.f1 > kept.strict.f1 - 0.03
    assert moved.crossing_recall is not None
    assert moved.crossing_recall > 0.7


def test_what_moved_stays_alone_where_beads_may_not_cross(bundled: Encoder) -> None:
    source, target, _ = joined(news(), [*range(12, 26), *range(12)])
    beads = [b for b in align_sentences(source, target, bundled, options=AlignOptions(monotonic=True)) if not b.is_null]
    assert all(one.target < other.target for one, other in itertools.pairwise(beads))


@pytest.mark.parametrize("side", [0, 1])
def test_a_hole_on_one_side_is_left_alone_and_what_is_around_it_is_found(side: int, bundled: Encoder) -> None:
    pieces = news()
    hole = [((p[0], [], []) if side == 0 else ([], p[1], [])) for p in pieces[6:22]]
    for source, target, gold in hole:
        gold += [Bead((i,), ()) for i in range(len(source))] + [Bead((), (j,)) for j in range(len(target))]
    around = joined([*pieces[:6], *pieces[22:]])
    with_hole = scored(joined([*pieces[:6], *hole, *pieces[22:]]), bundled)
    parts = Tally()
    parts.add(around[2], align_sentences(around[0], around[1], bundled))
    assert with_hole.strict.f1 > parts.strict.f1 - 0.05
    assert with_hole.null.precision > 0.93
    assert with_hole.null.recall > 0.95


def test_two_long_unrelated_texts_are_all_but_alone(bundled: Encoder) -> None:
    source, target = joined(news()[:13])[0], joined(news()[13:])[1]
    assert len(source) * len(target) > long.DENSE
    beads = align_sentences(source, target, bundled)
    assert sum(bead.is_null for bead in beads) > 0.96 * len(beads)


def test_thousands_of_identical_sentences_go_one_to_one(bundled: Encoder) -> None:
    beads = align_sentences(["拍手が起きた。"] * 2000, ["There was applause."] * 2000, bundled)
    assert sum(bead.kind == "1-1" for bead in beads) > 1900
    assert all(one.source < other.source for one, other in itertools.pairwise(beads) if one.source and other.source)


def test_identical_long_sides_are_aligned_one_to_one(bundled: Encoder) -> None:
    text = joined(news())[1]
    beads = align_sentences(text, text, bundled, languages=("en", "en"))
    assert sum(bead.source == bead.target for bead in beads) > 0.98 * len(text)


def test_a_long_text_against_a_few_sentences(bundled: Encoder) -> None:
    pieces = news()
    source, target = pieces[9][0][:2], joined(pieces)[1] * 50
    assert len(source) * len(target) > long.DENSE
    beads = align_sentences(source, target, bundled)
    assert sorted(i for bead in beads for i in bead.source) == [0, 1]
    assert sorted(j for bead in beads for j in bead.target) == list(range(len(target)))


def test_no_sentence_is_in_two_beads_where_a_refrain_and_a_moved_part_meet(bundled: Encoder) -> None:
    for seed in range(8, 60, 9):
        chance = random.Random(seed)
        pieces = chance.sample(news(), 10)
        refrain = next(
            (s[bead.source[0]], t[bead.target[0]]) for s, t, gold in pieces for bead in gold if bead.kind == "1-1"
        )

        def with_refrain(texts: list[list[str]], said: str, chance: random.Random = chance) -> list[str]:
            return [one for text in texts for own in text for one in ([own, said] if chance.random() < 0.06 else [own])]

        source = with_refrain([piece[0] for piece in pieces], refrain[0])
        target = with_refrain([piece[1] for piece in [*pieces[3:], *pieces[:3]]], refrain[1])
        scored((source, target, []), bundled)


def test_a_bead_that_lies_across_the_end_of_a_window_is_not_lost(bundled: Encoder) -> None:
    first, *rest = news()
    hole = [sentence for piece in rest for sentence in piece[0]][:47]
    source = [*first[0][:14], *hole, *first[0][14:], *(s for piece in rest[-9:] for s in piece[0])]
    target = [*first[1], *(s for piece in rest[-9:] for s in piece[1])]
    beads = {bead.source: bead for bead in align_sentences(source, target, bundled)}
    assert beads[61,].target == (15, 16)


@pytest.mark.parametrize("at", [0, 700, 3500])
def test_one_sentence_finds_its_place_among_thousands(at: int, bundled: Encoder) -> None:
    target = [*joined(news())[1], *(f"It rained {number} times." for number in range(3000))]
    target.insert(at, "The library holds 20,000 books, half of them donated by residents.")
    beads = align_sentences(["図書館の蔵書は二万冊で、半分は住民が寄付した。"], target, bundled)
    assert [bead.target for bead in beads if not bead.is_null] == [(at,)]


def test_the_same_long_texts_give_the_same_beads(bundled: Encoder) -> None:
    source, target, _ = joined(news(), random.Random(3).sample(range(26), 26))
    assert align_sentences(source, target, bundled) == align_sentences(source, target, bundled)


def test_anchors_are_each_others_nearest_by_far(letters: Encoder) -> None:
    vectors = letters.encode(["aaaa", "bbbb", "cccc", "cccd"]), letters.encode(["BBBB", "AAAA", "CCCC"])
    assert [(anchor.source, anchor.target) for anchor in find_anchors(*vectors)] == [(0, 1), (1, 0), (2, 2)]
    assert find_anchors(vectors[0], letters.encode(["ZZZZ"])) == []


def test_a_block_of_anchors_no_larger_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    source, target, _ = joined(news()[:6])
    vectors = load_encoder().encode(source), load_encoder().encode(target)
    whole = find_anchors(*vectors)
    monkeypatch.setattr("align.anchors.BLOCK", 7)
    assert [(a.source, a.target) for a in find_anchors(*vectors)] == [(a.source, a.target) for a in whole]
