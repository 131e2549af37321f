"""Alignment: the path is the best there is, no sentence is lost, and what moved is still found."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from align.beads import align_sentences, best_path, in_text_order
from align.encoder import load_encoder
from align.evaluate import crossing_pairs
from align.scoring import AlignOptions, Shape
from align.vectors import Encoder
from corpora.errors import InputError
from corpora.records import Bead

Tables = dict[Shape, npt.NDArray[np.float32]]

JAPANESE = [
    "県は５日、老朽化した三つの橋を来年度から架け替えると発表した。",
    "工事費は合わせて４２億円で、国が半分を負担する。",
    "最も古い橋は１９３１年に造られた。",
    "昨年の点検で、橋脚に深いひびが見つかっていた。",
    "近くで理髪店を営む男性は「大型トラックが通るたびに店が揺れる」と話す。",
    "工事の間、小学生はバスで通学することになる。",
]
ENGLISH = [
    "The prefecture said on the 5th that it would rebuild three aging bridges from the next fiscal year.",
    "The work will cost 4.2 billion yen, half of which the central government will pay.",
    "The oldest of the bridges was built in 1931.",
    "An inspection last year had found deep cracks in its piers.",
    'A barber nearby said, "My shop shakes each time a heavy truck goes by."',
    "Children will take a bus to elementary school during the construction.",
]
COOKING = [
    "Peel the onions and slice them as thin as you can.",
    "Melt the butter in a heavy pot over a low flame.",
    "Stir for forty minutes until everything is brown and sweet.",
    "Pour in the stock, add a bay leaf and let it simmer.",
    "Toast the bread, cover it with cheese and put it under the grill.",
]


def sides(beads: Sequence[Bead]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(bead.source, bead.target) for bead in beads]


def assert_partition(beads: Sequence[Bead], n_source: int, n_target: int) -> None:
    """Every sentence is in exactly one bead, and every bead says of itself what the records promise."""
    assert sorted(i for bead in beads for i in bead.source) == list(range(n_source))
    assert sorted(j for bead in beads for j in bead.target) == list(range(n_target))
    for bead in beads:
        assert bead.source or bead.target
        assert bead.probability is not None
        assert 0.0 <= bead.probability <= 1.0
        assert (bead.similarity is None) == bead.is_null
        for side in (bead.source, bead.target):
            assert list(side) == list(range(side[0], side[-1] + 1)) if side else True


@st.composite
def value_tables(draw: st.DrawFn) -> tuple[Tables, int, int]:
    """Values of all beads of two short texts; whole numbers, so that ties are common and sums exact."""
    n_source, n_target = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    shapes = [(m, n) for m, n in AlignOptions().shapes() if m <= n_source and n <= n_target]
    elements = st.integers(-4, 6).map(float)
    table = {
        (m, n): draw(arrays(np.float32, (n_source - m + 1, n_target - n + 1), elements=elements)) for m, n in shapes
    }
    return table, n_source, n_target


def greatest_total(value: Tables, n_source: int, n_target: int) -> float:
    """By trying, from every point, every next step."""

    @cache
    def rest(i: int, j: int) -> float:
        totals = [0.0]
        if i < n_source:
            totals.append(rest(i + 1, j))
        if j < n_target:
            totals.append(rest(i, j + 1))
        for (m, n), table in value.items():
            if i + m <= n_source and j + n <= n_target:
                totals.append(float(table[i, j]) + rest(i + m, j + n))
        return max(totals)

    return rest(0, 0)


@settings(max_examples=200)
@given(value_tables())
def test_best_path_has_the_greatest_total_of_all_paths(tables: tuple[Tables, int, int]) -> None:
    value, n_source, n_target = tables
    path = best_path(value, n_source, n_target)
    worth = [float(value[len(b.source), len(b.target)][b.source[0], b.target[0]]) for b in path]
    assert sum(worth) == greatest_total(value, n_source, n_target)
    assert all(earned > 0 for earned in worth)
    in_order = sorted(path, key=lambda bead: bead.source)
    for one, following in pairwise(in_order):
        assert one.source[-1] < following.source[0]
        assert one.target[-1] < following.target[0]


sentence_lists = st.lists(
    st.one_of(st.sampled_from(JAPANESE + ENGLISH), st.text(st.characters(exclude_categories=()), max_size=12)),
    max_size=9,
)


@given(sentence_lists, sentence_lists, st.booleans())
@example([], [], False)
@example(["\ud800"], ["\x00", ""], False)
def test_every_sentence_is_in_exactly_one_bead(source: list[str], target: list[str], monotonic: bool) -> None:
    beads = align_sentences(source, target, load_encoder(), options=AlignOptions(monotonic=monotonic))
    assert_partition(beads, len(source), len(target))
    assert sides(beads) == sides(in_text_order(beads))
    if monotonic:
        assert crossing_pairs(beads) == []


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ([], [], []),
        (JAPANESE[:2], [], [((0,), ()), ((1,), ())]),
        ([], ENGLISH[:2], [((), (0,)), ((), (1,))]),
    ],
    ids=["both", "target", "source"],
)
def test_an_empty_side_leaves_null_beads_that_are_sure(
    source: list[str], target: list[str], expected: list[object], bundled: Encoder
) -> None:
    beads = align_sentences(source, target, bundled)
    assert sides(beads) == expected
    assert all(bead.probability == 1.0 for bead in beads)


def test_one_sentence_a_side_is_a_bead_when_it_is_translated(bundled: Encoder) -> None:
    (bead,) = align_sentences(JAPANESE[:1], ENGLISH[:1], bundled)
    assert bead.kind == "1-1"
    assert bead.probability is not None
    assert bead.probability > 0.5


def test_one_sentence_a_side_stays_alone_when_it_is_another_one(bundled: Encoder) -> None:
    beads = align_sentences(JAPANESE[:1], COOKING[:1], bundled)
    assert sides(beads) == [((0,), ()), ((), (0,))]


@pytest.mark.parametrize("at", [0, 11, 29])
def test_one_sentence_finds_its_place_among_thirty(at: int, bundled: Encoder) -> None:
    target = [COOKING[i % 5] for i in range(29)]
    target.insert(at, ENGLISH[2])
    beads = align_sentences([JAPANESE[2]], target, bundled)
    assert_partition(beads, 1, 30)
    (found,) = [bead for bead in beads if not bead.is_null]
    assert found.target == (at,)
    assert found.probability is not None
    assert found.probability > 0.5


def test_a_translation_is_aligned_sentence_by_sentence(bundled: Encoder) -> None:
    beads = align_sentences(JAPANESE, ENGLISH, bundled)
    assert sides(beads) == [((i,), (i,)) for i in range(6)]
    assert min(bead.probability or 0.0 for bead in beads) > 0.5


def test_sentences_that_were_merged_split_and_dropped_are_found(letters: Encoder) -> None:
    source = ["aaaaa", "bbbbccc", "dddd", "eeee", "fffff", "ggggg"]
    target = ["AAAAA", "BBBB", "CCC", "DDDDEEEE", "GGGGG", "HHHHH"]
    beads = align_sentences(source, target, letters)
    expected = [((0,), (0,)), ((1,), (1, 2)), ((2, 3), (3,)), ((4,), ()), ((5,), (4,)), ((), (5,))]
    assert sides(beads) == expected


def test_sentences_that_were_merged_and_dropped_are_found_with_the_bundled_encoder(bundled: Encoder) -> None:
    merged = (
        "The oldest of the bridges was built in 1931, and an inspection last year had found deep cracks in its piers."
    )
    beads = align_sentences(JAPANESE, [*ENGLISH[:2], merged, ENGLISH[5]], bundled)
    assert sides(beads) == [((0,), (0,)), ((1,), (1,)), ((2, 3), (2,)), ((4,), ()), ((5,), (3,))]


def test_identical_sides_are_aligned_one_to_one(bundled: Encoder) -> None:
    assert sides(align_sentences(ENGLISH, ENGLISH, bundled)) == [((i,), (i,)) for i in range(6)]


def test_a_sentence_said_over_and_over_keeps_the_order_of_what_is_around_it(bundled: Encoder) -> None:
    refrain = 40
    source = [JAPANESE[0], *["拍手が起きた。"] * refrain, JAPANESE[5]]
    target = [ENGLISH[0], *["There was applause."] * refrain, ENGLISH[5]]
    beads = align_sentences(source, target, bundled)
    assert_partition(beads, len(source), len(target))
    assert ((0,), (0,)) in sides(beads)
    assert ((refrain + 1,), (refrain + 1,)) in sides(beads)
    assert crossing_pairs(beads) == []


def test_unrelated_texts_are_mostly_null(bundled: Encoder) -> None:
    beads = align_sentences(JAPANESE, COOKING, bundled)
    assert_partition(beads, len(JAPANESE), len(COOKING))
    alone = sum(len(bead.source) + len(bead.target) for bead in beads if bead.is_null)
    assert alone >= 0.7 * (len(JAPANESE) + len(COOKING))


MOVED = ([letter * 9 for letter in "abcdefgh"], [letter * 9 for letter in "EFGHABCD"])


def test_a_moved_block_crosses(letters: Encoder) -> None:
    beads = align_sentences(*MOVED, letters)
    assert sides(beads) == [((i,), ((i + 4) % 8,)) for i in range(8)]
    assert len(crossing_pairs(beads)) == 16


def test_a_moved_block_is_left_alone_when_beads_may_not_cross(letters: Encoder) -> None:
    beads = align_sentences(*MOVED, letters, options=AlignOptions(monotonic=True))
    assert_partition(beads, 8, 8)
    assert crossing_pairs(beads) == []
    assert sum(not bead.is_null for bead in beads) == 4


def test_a_bead_off_the_path_is_less_sure_than_one_on_it(letters: Encoder) -> None:
    source, target = [letter * 9 for letter in "abcdefgh"], [letter * 9 for letter in "BCDEFGHA"]
    moved, *kept = align_sentences(source, target, letters)
    assert (moved.source, moved.target) == ((0,), (7,))
    assert all((moved.probability or 0.0) < (bead.probability or 0.0) for bead in kept)


@pytest.mark.parametrize(
    ("limits", "kinds"),
    [
        (AlignOptions(), {"1-2"}),
        (AlignOptions(max_target=1), {"1-1", "0-1"}),
        (AlignOptions(max_bead=2), {"1-1", "0-1"}),
    ],
    ids=["default", "one target sentence", "two sentences in all"],
)
def test_beads_are_no_larger_than_allowed(limits: AlignOptions, kinds: set[str], letters: Encoder) -> None:
    source = ["aaaabbbb", "ccccdddd", "eeeeffff", "gggghhhh"]
    target = ["AAAA", "BBBB", "CCCC", "DDDD", "EEEE", "FFFF", "GGGG", "HHHH"]
    assert {bead.kind for bead in align_sentences(source, target, letters, options=limits)} == kinds


def test_the_same_texts_give_the_same_beads(bundled: Encoder) -> None:
    source, target = JAPANESE * 3, [*ENGLISH[3:], *COOKING, *ENGLISH[:3]] * 3
    assert align_sentences(source, target, bundled) == align_sentences(source, target, bundled)


def test_texts_too_long_for_the_tables_are_refused(letters: Encoder) -> None:
    with pytest.raises(InputError, match=r"5000 source and 5000 target sentences .* split the texts"):
        align_sentences(["a"] * 5000, ["A"] * 5000, letters)
