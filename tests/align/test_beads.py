"""Alignment: the path is the best there is, no sentence is lost, and what moved is still found."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from align.beads import align_sentences, in_text_order
from align.encoder import load_encoder
from align.evaluate import crossing_pairs
from align.scoring import AlignOptions
from align.vectors import Encoder
from corpora.records import Bead

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


sentence_lists = st.lists(
    st.one_of(st.sampled_from(JAPANESE + ENGLISH), st.text(st.characters(exclude_categories=()), max_size=12)),
    max_size=9,
)


@given(sentence_lists, sentence_lists, st.booleans(), st.sampled_from([("ja", "en"), ("en", "ja"), ("en", "de")]))
@example([], [], False, ("ja", "en"))
@example(["\ud800"], ["\x00", ""], False, ("ja", "en"))
def test_every_sentence_is_in_exactly_one_bead(
    source: list[str], target: list[str], monotonic: bool, languages: tuple[str, str]
) -> None:
    options = AlignOptions(monotonic=monotonic)
    beads = align_sentences(source, target, load_encoder(), options=options, languages=languages)
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
    beads = align_sentences(source, target, letters, languages=("xx", "yy"))
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


def test_unrelated_texts_have_no_beads(bundled: Encoder) -> None:
    beads = align_sentences(JAPANESE, COOKING, bundled)
    assert_partition(beads, len(JAPANESE), len(COOKING))
    assert all(bead.is_null and (bead.probability or 0.0) > 0.9 for bead in beads)


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


def test_the_translation_may_be_the_japanese_side(bundled: Encoder) -> None:
    split = [ENGLISH[0], ENGLISH[1].split(", ")[0] + ".", "The central government will pay half of it.", *ENGLISH[2:]]
    expected = [((0,), (0,)), ((1, 2), (1,)), *(((i + 1,), (i,)) for i in range(2, 6))]
    assert sides(align_sentences(split, JAPANESE, bundled, languages=("en", "ja"))) == expected


@pytest.mark.parametrize("extra", [[], COOKING[:2]], ids=["same length", "two added"])
def test_without_nulls_no_sentence_is_left_alone_as_long_as_beads_may_be_large(
    extra: list[str], bundled: Encoder
) -> None:
    target = [*ENGLISH[:3], *extra, *ENGLISH[3:]]
    beads = align_sentences(JAPANESE, target, bundled, options=AlignOptions(nulls=False))
    assert_partition(beads, len(JAPANESE), len(target))
    assert not any(bead.is_null for bead in beads)
    assert crossing_pairs(beads) == []


@pytest.mark.parametrize("longest", [6, 8])
def test_whoever_asks_for_longer_beads_gets_them(longest: int, letters: Encoder) -> None:
    parts = ["aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff", "gggg", "hhhh"][:longest]
    source, target = ["qqqqqqqq", "".join(parts), "zzzzzzzz"], ["QQQQQQQQ", *(p.upper() for p in parts), "ZZZZZZZZ"]
    beads = align_sentences(source, target, letters, options=AlignOptions(max_target=longest), languages=("xx", "yy"))
    assert_partition(beads, 3, longest + 2)
    assert max(len(bead.target) for bead in beads) > 4
