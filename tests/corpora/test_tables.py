"""Records as rows: texts to the letter, offsets that fit, nothing invented."""

import dataclasses

import pyarrow as pa
import pytest

from corpora.records import Article, Bead, Finding, Pair
from corpora.rows import article_from_row, article_to_row
from corpora.schemas import SCHEMAS
from corpora.tables import (
    bead_id,
    bead_row,
    bead_rows,
    bead_text,
    finding_row,
    finding_rows,
    joiner,
    pair_id,
    pair_row,
)

PAIR = Pair("j1", "e1", 0.987654, {"title": 0.1234567, "days": 1, "credit": None})


@pytest.fixture
def source() -> Article:
    row = {
        "id": "j1",
        "lang": "ja",
        "title": "豪雨で橋流失",
        "paragraphs": [["橋が流れた。", "けが人はいない。"], ["復旧は秋になる。"]],
        "url": "https://news.example/j1",
        "date": "2026-03-05",
    }
    return article_from_row(row, "j1")


@pytest.fixture
def target() -> Article:
    row = {"id": "e1", "lang": "en", "paragraphs": [["A bridge was swept away.", "No one was hurt.", "It rained."]]}
    return article_from_row(row, "e1")


@pytest.mark.parametrize(
    ("sentences", "text"),
    [
        ((1,), "橋が流れた。"),
        ((1, 2), "橋が流れた。けが人はいない。"),
        ((2, 3), "けが人はいない。\n\n復旧は秋になる。"),
        ((0, 1, 2, 3), "豪雨で橋流失\n\n橋が流れた。けが人はいない。\n\n復旧は秋になる。"),
    ],
)
def test_neighbouring_sentences_are_the_text_between_their_offsets(
    sentences: tuple[int, ...], text: str, source: Article
) -> None:
    found, start, end = bead_text(source, sentences)
    assert found == text
    assert source.text[start:end] == text


def test_sentences_with_a_gap_are_joined_and_have_no_offsets(source: Article, target: Article) -> None:
    assert bead_text(source, (1, 3)) == ("橋が流れた。復旧は秋になる。", None, None)
    assert bead_text(target, (0, 2)) == ("A bridge was swept away. It rained.", None, None)


def test_an_empty_side_has_neither_text_nor_offsets(source: Article) -> None:
    assert bead_text(source, ()) == (None, None, None)


@pytest.mark.parametrize(
    ("lang", "expected"), [("ja", ""), ("zh", ""), ("th", ""), ("en", " "), ("ko", " "), ("x", " ")]
)
def test_sentences_are_joined_as_the_language_does(lang: str, expected: str) -> None:
    assert joiner(lang) == expected


BEADS = [Bead((0,), (), None, 0.9), Bead((1,), (0,), 0.71234, 0.98765), Bead((2, 3), (1,), 0.6, 0.7)]
FOUND = [
    [],
    [
        Finding("number", "major", (0, 1), (2, 3), "two is not three"),
        Finding("omission", "minor", (3, 5), None, "gone"),
    ],
    [],
]


def test_bead_rows_hold_what_the_schema_asks_for_and_nothing_else(source: Article, target: Article) -> None:
    rows = list(bead_rows(PAIR, BEADS, FOUND, source, target))
    assert all(list(row) == SCHEMAS["beads"].names for row in rows)
    table = pa.Table.from_pylist(rows, schema=SCHEMAS["beads"])
    assert table.num_rows == 3


def test_bead_rows_carry_texts_offsets_and_provenance(source: Article, target: Article) -> None:
    null, one, two = bead_rows(PAIR, BEADS, FOUND, source, target)
    assert (null["kind"], null["source_text"], null["target_text"]) == ("1-0", "豪雨で橋流失", None)
    assert (null["target_start"], null["target_sentences"], null["similarity"]) == (None, [], None)
    assert (one["source_text"], one["target_text"]) == ("橋が流れた。", "A bridge was swept away.")
    assert (one["source_start"], one["source_end"]) == (source.text.index("橋が"), source.text.index("けが"))
    assert (one["target_start"], one["target_end"]) == (0, len("A bridge was swept away."))
    assert one["findings"] == ["number", "omission"]
    assert (one["source_url"], one["target_url"]) == ("https://news.example/j1", None)
    assert (one["source_date"], one["target_date"]) == ("2026-03-05", None)
    assert (two["kind"], two["source_sentences"], two["target_sentences"]) == ("2-1", [2, 3], [1])
    assert [row["bead_id"] for row in (null, one, two)] == ["j1-e1-00000", "j1-e1-00001", "j1-e1-00002"]
    assert {row["pair_id"] for row in (null, one, two)} == {pair_id(PAIR)}


def test_bead_ids_sort_as_the_beads_stand() -> None:
    names = [bead_id(PAIR, number) for number in range(12_000)]
    assert names == sorted(names)


def test_bead_rows_and_findings_must_be_equally_many(source: Article, target: Article) -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(bead_rows(PAIR, BEADS, FOUND[:2], source, target))


def test_finding_rows_point_at_their_bead() -> None:
    number, omission = finding_rows(PAIR, FOUND)
    assert list(number) == SCHEMAS["findings"].names
    assert number["bead_id"] == omission["bead_id"] == "j1-e1-00001"
    assert (number["source_start"], number["source_end"]) == (0, 1)
    assert (omission["target_start"], omission["target_end"]) == (None, None)
    assert (omission["severity"], omission["message"]) == ("minor", "gone")


def test_a_pair_row_rounds_and_keeps_what_is_not_known() -> None:
    assert pair_row(PAIR) == {
        "source_id": "j1",
        "target_id": "e1",
        "probability": 0.9877,
        "evidence": {"title": 0.1235, "days": 1.0, "credit": None},
    }


def test_a_bead_row_rounds_and_keeps_what_is_not_known() -> None:
    assert bead_row(BEADS[0]) == {"source": [0], "target": [], "similarity": None, "probability": 0.9}
    assert bead_row(BEADS[1]) == {"source": [1], "target": [0], "similarity": 0.7123, "probability": 0.9877}


def test_a_finding_row_keeps_its_spans() -> None:
    assert finding_row(FOUND[1][1]) == {
        "category": "omission",
        "severity": "minor",
        "source_span": (3, 5),
        "target_span": None,
        "message": "gone",
        "check": "",
        "source_value": None,
        "target_value": None,
    }


def test_an_article_comes_back_from_its_row(source: Article, target: Article) -> None:
    for article in (source, dataclasses.replace(target, byline=("A B",), credit=("C D",), date_guessed=True)):
        row = article_to_row(article)
        assert set(row) == set(SCHEMAS["articles"].names)
        assert article_from_row(row, article.path) == article
