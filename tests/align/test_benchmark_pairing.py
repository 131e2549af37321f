"""The pairing benchmark: pools hold what they say, and outcomes are counted as they are."""

import sys
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import benchmark_pairing
from benchmark_pairing import Outcome, add, stopped
from pairing_pools import Both, make_pieces, make_pool, prose

from align.pairing import pair_articles
from corpora.records import Pair

RAIN = Both(
    "rain",
    "news",
    "雨が降り続いた。\n\n川の水位が２メートル上がった。",
    "It kept raining.\n\nThe river rose by two meters.",
)
SNOW = Both("snow", "news", "雪が積もった。\n\n電車が45分遅れた。", "Snow piled up.\n\nTrains were 45 minutes late.")


def test_a_pool_takes_out_every_other_original_and_dates_the_rest() -> None:
    pool = make_pool([RAIN, SNOW], ["コメの値段が下がった。"], days=4, absent=0)
    assert pool.right == {"rain": None, "snow": "snow"}
    assert [article.article_id for article in pool.sources] == ["snow", "other/0"]
    assert {article.lang for article in pool.targets} == {"en"}
    days = {article.article_id: article.date for article in [*pool.sources, *pool.targets]}
    assert all(day is not None for day in days.values())
    assert all(article.title is None for article in [*pool.sources, *pool.targets])
    undated = make_pool([RAIN, SNOW], [], days=0)
    assert undated.right == {"rain": "rain", "snow": "snow"}
    assert all(article.date is None for article in undated.sources)


def test_pieces_are_siblings_that_share_no_segment() -> None:
    segments = [f"第{n}の橋は{1900 + n}年に造られ、その年のうちに開通した。" for n in range(40)]
    english = [f"Bridge {n} was built in {1900 + n} and opened in the same year." for n in range(40)]
    pieces = make_pieces([Both("bridges", "news", "\n\n".join(segments), "\n\n".join(english))])
    assert len(pieces) >= 3
    parts = [set(piece.source.split("\n\n")) for piece in pieces]
    assert all(one.isdisjoint(other) for one, other in pairwise(parts))
    assert all(len(part) < 14 for part in parts)


def test_prose_of_markdown_has_no_markup() -> None:
    page = (
        "---\ntitle: A\n---\n\n# A {#a}\n\n<Intro>\n\n*Some* [text](x.md) and `code`.\n\n```js\nlet x\n```\n\n- one\n"
    )
    assert prose(page) == "Some text and code.\n\n- one"


def test_every_way_to_go_wrong_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    right = {"a": "A", "b": "B", "c": "C", "d": None, "e": None}
    made = {"a": Pair("A", "a", 0.9, {}), "b": Pair("X", "b", 0.8, {}), "d": Pair("Y", "d", 0.7, {})}
    found = Outcome(right, made)
    assert (found.correct, found.abstained) == (1, 1)
    assert found.row("x") == "| x | 1 of 3 | 0.3333 | 0.3333 | 1 of 2 |"
    benchmark_pairing.list_failures(found)
    listed = capsys.readouterr().out.splitlines()
    assert listed == [
        "  wrong: b with X (0.800), should be B",
        "  missed: c, whose original is C",
        "  wrong: d with Y (0.700), should be None",
    ]
    twice = add([found, found])
    assert (twice.correct, len(twice.right)) == (2, 10)


def test_other_ways_are_stopped_where_as_many_right_pairs_are_kept() -> None:
    pool = make_pool([RAIN, SNOW], ["コメの値段が下がった。"] * 9, days=0, absent=0)
    ways = list(benchmark_pairing.other_ways(pool))
    assert [way.name for way in ways] == ["mean", "margin", "BiMax"]
    for way in ways:
        (one,) = stopped([way], [pool], 1)
        assert one.correct == 1
    assert benchmark_pairing.outcome(pair_articles(pool.sources, pool.targets), pool.right).correct == 1
