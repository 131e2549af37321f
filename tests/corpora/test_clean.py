"""Filters take out what they are for, keep the best of duplicates, and lose nothing on the way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.assemble import Others, Tally, assemble
from corpora.clean import FILTERS, LEAST_PAIRS, CleanOptions, Survey, parse_filters
from corpora.errors import UsageError
from corpora.jsonlines import Row
from corpora.schemas import SCHEMAS

JA = "市は九日、川沿いの公園に新しい遊歩道を開いた。"
EN = "The city opened a new path along the river on the 9th."


def bead(number: int, source: str | None = JA, target: str | None = EN, **fields: object) -> Row:
    pair = str(fields.pop("pair_id", f"p{number:03d}"))
    return {
        **dict.fromkeys(SCHEMAS["beads"].names),
        "bead_id": f"{pair}-{number:05d}",
        "pair_id": pair,
        "source_lang": "ja",
        "target_lang": "en",
        "source_text": source,
        "target_text": target,
        "source_article_id": f"{pair}-ja",
        "target_article_id": f"{pair}-en",
        "source_sentences": [0] if source else [],
        "target_sentences": [0] if target else [],
        "kind": f"{int(bool(source))}-{int(bool(target))}",
        "similarity": 0.5,
        "probability": 0.9,
        "findings": [],
        **fields,
    }


def verdicts(beads: Sequence[Row], **options: Any) -> list[str]:
    survey = Survey(CleanOptions(**options))
    for start in range(0, len(beads), 3):  # in several parts, as they are read
        survey.add(pa.RecordBatch.from_pylist(beads[start : start + 3], schema=SCHEMAS["beads"]))
    return [("", *FILTERS)[one] for one in survey.verdicts()[0].tolist()]


def distinct(count: int) -> list[Row]:
    """Beads that no filter has anything against."""
    return [bead(n, f"{JA}これは第{n}号だ。", f"{EN} It is number {n}.") for n in range(20, 20 + count)]


def test_beads_without_fault_stay() -> None:
    assert verdicts(distinct(12)) == [""] * 12


def test_of_duplicates_the_most_probable_stays_not_the_first() -> None:
    beads = [bead(0, probability=0.6), bead(1, probability=0.95), bead(2, probability=0.8), *distinct(3)]
    assert verdicts(beads) == ["duplicate", "", "duplicate", "", "", ""]


def test_duplicates_are_told_without_regard_to_width_case_and_space() -> None:
    beads = [bead(0, "９日に開いた。", "It opened on the 9th."), bead(1, "9日に開いた。", "it opened  on the 9TH. ")]
    assert verdicts(beads) == ["", "duplicate"]


def test_one_text_with_two_translations_is_no_duplicate() -> None:
    assert verdicts([bead(0), bead(1, JA, "A new riverside walkway was opened by the city on the 9th.")]) == ["", ""]


def test_null_beads_are_left_alone() -> None:
    beads = [bead(n, JA if n % 2 else None, None if n % 2 else EN, probability=0.1) for n in range(40)]
    assert verdicts(beads, min_probability=0.5) == [""] * 40


@pytest.mark.parametrize("side", ["source", "target"])
def test_what_stands_in_many_pairs_is_boilerplate(side: str) -> None:
    notice = ("記事の無断転載を禁じます。", "All rights reserved by the newspaper.")
    repeated = [
        bead(n, notice[0] if side == "source" else f"{JA}{n}", notice[1] if side == "target" else f"{EN} {n}.")
        for n in range(LEAST_PAIRS)
    ]
    others = [bead(n, f"{JA}別の第{n}号だ。", f"{EN} It is another, number {n}.") for n in range(100, 110)]
    assert verdicts([*repeated, *others]) == ["boilerplate"] * LEAST_PAIRS + [""] * 10
    assert "boilerplate" not in verdicts([*repeated[1:], *others])


def test_a_text_that_one_article_repeats_is_no_boilerplate() -> None:
    refrain = [
        bead(n, "春は来る。", f"Spring will come, they sang for the {n}th time.", pair_id="p") for n in range(30)
    ]
    assert set(verdicts(refrain)) == {""}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (EN, EN),
        (JA, JA),
        (JA, "시는 9일 강변 공원에 새로운 산책로를 열었다."),
        (JA, "市は九日、遊歩道を開いた。"),
        (JA, "La ville a ouvert le 9 une nouvelle promenade le long de la rivière, et des habitants y sont venus."),
    ],
    ids=["source not translated", "target not translated", "Korean", "Japanese", "French"],
)
def test_a_side_in_another_language(source: str, target: str) -> None:
    assert verdicts([bead(0, source, target), *distinct(5)])[0] == "language"


@pytest.mark.parametrize(
    ("source", "target"), [("NTT", "NTT"), ("「COVID―19」", "COVID-19"), ("5―3", "5-3"), ("東京", "Tokyo")]
)
def test_names_and_figures_are_in_no_other_language(source: str, target: str) -> None:
    assert verdicts([bead(0, source, target), *distinct(5)])[0] == ""


def test_a_side_far_longer_than_usual() -> None:
    beads = [*distinct(9), bead(50, JA, EN * 6), bead(51, JA * 6, EN)]
    assert verdicts(beads) == [""] * 9 + ["length", "length"]
    assert verdicts(beads, max_length_ratio=20) == [""] * 11


def test_probability_has_no_bar_unless_one_is_given() -> None:
    beads = [bead(0, probability=0.01), *distinct(2)]
    assert verdicts(beads) == ["", "", ""]
    assert verdicts(beads, min_probability=0.5)[0] == "probability"


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_can_be_switched_off(name: str) -> None:
    notice = [bead(n, f"{JA}{n}", "All rights reserved.") for n in range(10, 10 + LEAST_PAIRS)]
    beads = [bead(0), bead(1), bead(2, EN, EN), bead(3, JA, EN * 6), bead(4, JA + "再", EN + "!", probability=0.1)]
    found = set(verdicts([*beads, *notice], min_probability=0.5))
    assert found == {"", *FILTERS}
    left = frozenset(FILTERS) - {name}
    assert set(verdicts([*beads, *notice], min_probability=0.5, names=left)) == {"", *left}


def test_filters_are_chosen_by_name() -> None:
    def chosen(only: str | None, without: str | None = None) -> set[str]:
        return set(parse_filters(only, without, min_probability=0, max_length_ratio=3).names)

    assert chosen(None) == set(FILTERS)
    assert chosen("none") == set()
    assert chosen("length, language") == {"length", "language"}
    assert chosen(None, "duplicate,boilerplate") == {"language", "length", "probability"}
    with pytest.raises(UsageError, match=r"no filter lenght; choose from duplicate, boilerplate"):
        chosen("lenght")
    with pytest.raises(UsageError, match="between 0 and 1, not 2"):
        CleanOptions(min_probability=2)


def finding(of: Row, message: str) -> Row:
    names = {name: of[name] for name in ("bead_id", "pair_id")}
    return {**dict.fromkeys(SCHEMAS["findings"].names), **names, "category": "number", "message": message}


def assembled(folder: Path, beads: Sequence[Row], findings: Sequence[Row], options: CleanOptions) -> Tally:
    (folder / "new").mkdir()
    (folder / "scratch").mkdir()
    pairs = list(dict.fromkeys(row["pair_id"] for row in beads))
    parts = (
        ([row for row in beads if row["pair_id"] == pair], [row for row in findings if row["pair_id"] == pair])
        for pair in pairs
    )
    others = Others([], [], [], {f"{pair}-ja": f"{pair}.html" for pair in pairs})
    return assemble(folder / "new", folder / "scratch", parts, others, options)


def table(folder: Path, name: str) -> list[Any]:
    rows: list[Any] = pq.read_table(folder / "new" / name).to_pylist()
    return rows


def test_what_is_taken_out_stands_among_the_rejects_with_its_findings_and_the_reason(tmp_path: Path) -> None:
    beads = [bead(0, probability=0.5), bead(1, probability=0.75), *distinct(2)]
    findings = [finding(beads[0], "first"), finding(beads[0], "second"), finding(beads[1], "kept")]
    tally = assembled(tmp_path, beads, findings, CleanOptions())
    assert [row["bead_id"] for row in table(tmp_path, "beads")] == [b["bead_id"] for b in beads[1:]]
    assert [row["message"] for row in table(tmp_path, "findings")] == ["kept"]
    (reject,) = table(tmp_path, "rejects")
    assert (reject["path"], reject["stage"], reject["reason"]) == ("p000.html", "clean", "duplicate")
    assert reject["detail"] == "bead p000-00000 (1-1) says what the more probable bead p001-00001 says"
    content = json.loads(reject["bead"])
    assert content["bead"] == {**beads[0], "probability": 0.5}
    assert [one["message"] for one in content["findings"]] == ["first", "second"]
    assert dict(tally.removed) == {"duplicate": 1}
    assert tally.counts == {"beads": 3, "articles": 0, "pairs": 0, "findings": 1, "rejects": 1}
    assert dict(tally.kinds) == {"1-1": 3}
    assert sum(tally.histogram) == 3


texts = st.sampled_from([None, "", JA, EN, JA + "二", EN + " Two.", "短い。", "Short.", "雨" * 90, "rain " * 60])
rows = st.lists(st.tuples(texts, texts, st.floats(0, 1, width=32), st.integers(0, 3), st.integers(0, 2)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(rows, st.sets(st.sampled_from(FILTERS)), st.floats(0, 1))
def test_every_bead_and_finding_is_in_the_corpus_or_among_the_rejects(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Any], names: set[str], bar: float
) -> None:
    folder = tmp_path_factory.mktemp("assembled")
    beads = sorted(
        (bead(n, s, t, probability=p, pair_id=f"q{pair}") for n, (s, t, p, pair, _) in enumerate(drawn)),
        key=lambda row: str(row["bead_id"]),
    )
    counts = {bead(n, pair_id=f"q{pair}")["bead_id"]: found for n, (*_, pair, found) in enumerate(drawn)}
    findings = [finding(row, str(n)) for row in beads for n in range(counts[row["bead_id"]])]
    assembled(folder, beads, findings, CleanOptions(frozenset(names), min_probability=bar))
    removed = [json.loads(row["bead"]) for row in table(folder, "rejects")]
    together = [*table(folder, "beads"), *(one["bead"] for one in removed)]
    assert sorted(together, key=lambda row: str(row["bead_id"])) == beads
    found = [*table(folder, "findings"), *(one for content in removed for one in content["findings"])]
    assert Counter((row["bead_id"], row["message"]) for row in found) == Counter(
        (row["bead_id"], row["message"]) for row in findings
    )
