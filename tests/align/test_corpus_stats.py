"""The numbers of a corpus are those counted by hand, and pairs are found by what is typed of their ids."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from align.corpus_pairs import find_pair, overviews, short_ids, view_pair
from align.corpus_stats import Stats, corpus_stats
from corpora.errors import InputError, UsageError
from corpora.jsonlines import Row
from corpora.publish import write_corpus
from corpora.records import Bead, Finding, Pair, Reject
from corpora.rows import article_from_row, article_to_row
from corpora.store import Corpus, open_corpus
from corpora.tables import bead_rows, finding_rows, pair_id, pair_row

JAPANESE = [["橋が流れた。", "けが人はいない。", "雨だった。"], ["市長は辞める。", "選挙は秋だ。"]]
ENGLISH = [["No one was hurt.", "A bridge fell."], ["The mayor steps down.", "Voters go to the polls in the fall."]]
BEADS = [
    [Bead((0,), (1,), 0.5, 0.75), Bead((1,), (0,), 0.5, 0.25), Bead((2,), (), None, 1.0)],
    [Bead((0,), (0,), 0.5, 0.5), Bead((1,), (1,), 0.5, None)],
]
FINDINGS = [
    [[Finding("number", "major", (0, 1), (0, 1), "x")] * 2, [], []],
    [[Finding("name", "minor", None, None, "y")], []],
]


def make_corpus(folder: Path) -> Corpus:
    """Two pairs. One source and one target are both called `2`, as users number them."""
    rows: dict[str, list[Row]] = {"beads": [], "articles": [], "pairs": [], "findings": []}
    for number, (beads, findings) in enumerate(zip(BEADS, FINDINGS, strict=True), start=1):
        sides = []
        for lang, text, url in (("ja", JAPANESE, "https://www.asa.example/"), ("en", ENGLISH, None)):
            row: Row = {"id": f"{number}", "lang": lang, "paragraphs": [text[number - 1]], "title": f"{lang} {number}"}
            row |= {"date": f"2026-03-0{number}", "url": url and f"{url}{number}"}
            sides.append(article_from_row(row, f"{number}.{lang}.html"))
        pair = Pair("1", f"{number}", 0.75, {}) if number == 1 else Pair("2", "2", 0.5, {})
        # Beads count the title as sentence 0.
        moved = [
            Bead(tuple(n + 1 for n in b.source), tuple(n + 1 for n in b.target), b.similarity, b.probability)
            for b in beads
        ]
        rows["beads"] += bead_rows(pair, moved, findings, *sides)
        rows["articles"] += map(article_to_row, sides)
        rows["pairs"].append({"pair_id": pair_id(pair), **pair_row(pair)})
        rows["findings"] += finding_rows(pair, findings)
    rows["beads"][0]["split"] = "train"
    rejects = [Reject("x.html", "extract", "no-article", ""), Reject("y.html", "pair", "unpaired", "")]
    write_corpus(folder, rows | {"rejects": list(map(asdict, rejects))}, {}, "")
    return open_corpus(folder)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return make_corpus(tmp_path_factory.mktemp("stats") / "corpus")


def test_numbers_are_those_counted_by_hand(corpus: Corpus) -> None:
    found = corpus_stats(corpus).as_json()
    assert found == {
        "languages": ["ja", "en"],
        "articles": {"en": 2, "ja": 2},
        "dates": {"en": ["2026-03-01", "2026-03-02"], "ja": ["2026-03-01", "2026-03-02"]},
        "publishers": {"asa.example": 2, "unknown": 2},
        "pairs": 2,
        "beads": 5,
        "null_beads": 1,
        "crossings": 1,
        "kinds": {
            "1-1": {"beads": 4, "share": 0.8, "probability": 0.5},
            "1-0": {"beads": 1, "share": 0.2, "probability": 1.0},
        },
        "characters": {"source": 32, "target": 86},
        "sentences": {"source": 5, "target": 4},
        "length_ratio": [2.25, 2.6667, 3.7083],
        "probability": {"mean": 0.625, "bins": [0, 0, 1, 0, 0, 1, 0, 1, 0, 1]},
        "splits": {"none": 4, "train": 1},
        "findings": {"number": {"major": 2}, "name": {"minor": 1}},
        "rejects": [
            {"stage": "extract", "reason": "no-article", "count": 1},
            {"stage": "pair", "reason": "unpaired", "count": 1},
        ],
    }
    json.dumps(found)


def test_an_empty_corpus_has_numbers_too(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {}, {}, "")
    found = corpus_stats(open_corpus(tmp_path / "corpus"))
    assert (found.beads, found.null_beads, found.pairs, found.languages) == (0, 0, 0, None)
    assert (found.ratios, found.mean_probability) == (None, None)
    json.dumps(found.as_json())


def test_numbers_do_not_depend_on_how_the_tables_are_cut(corpus: Corpus, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    table = corpus.dataset("beads").to_table()
    cut = make_corpus(tmp_path / "corpus")
    for file in (cut.path / "beads").iterdir():
        file.unlink()
    for number in range(table.num_rows):
        pq.write_table(table.slice(number, 1), cut.path / "beads" / f"part-{number:05d}.parquet")
    assert corpus_stats(cut) == corpus_stats(corpus)
    assert isinstance(corpus_stats(cut), Stats)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path / "corpus")
    next((corpus.path / "beads").iterdir()).write_bytes(b"PAR1 and no more PAR1")
    with pytest.raises(InputError, match="beads cannot be read"):
        corpus_stats(corpus)


def test_an_overview_of_the_pairs(corpus: Corpus) -> None:
    first, second = overviews(corpus)
    assert (first.pair_id, first.source.title, first.target.title) == ("1-1", "ja 1", "en 1")
    assert (first.beads, first.findings) == (3, 2)
    assert first.mean_probability == pytest.approx(2 / 3)
    assert (second.source.title, second.target.title) == ("ja 2", "en 2")
    assert (second.source.url, second.source.date) == ("https://www.asa.example/2", "2026-03-02")
    assert [pair.pair_id for pair in overviews(corpus, limit=1)] == ["1-1"]


def test_one_pair_with_its_beads_and_findings(corpus: Corpus) -> None:
    view = view_pair(corpus, "1-1")
    rows = list(view.as_json())
    assert [row["target_text"] for row in rows] == ["A bridge fell.", "No one was hurt.", None]
    assert [len(row["findings"]) for row in rows] == [2, 0, 0]  # type: ignore[arg-type]
    assert len(view_pair(corpus, "1-1", limit=2).beads) == 2


def test_a_pair_is_found_by_as_much_of_its_id_as_tells_it_from_the_others(corpus: Corpus, tmp_path: Path) -> None:
    assert find_pair(corpus, "2") == "2-2"
    with pytest.raises(UsageError, match="holds no pair '9'; it holds 1-1, 2-2"):
        find_pair(corpus, "9")
    with pytest.raises(UsageError, match="no pair begins with '-2'; there is 2-2"):
        find_pair(corpus, "-2")
    with pytest.raises(UsageError, match=r"2 pairs begin with '': 1-1, 2-2; write more"):
        find_pair(corpus, "")
    write_corpus(tmp_path / "many", {"pairs": [{"pair_id": f"a-{n}"} for n in range(12)]}, {}, "")
    many = open_corpus(tmp_path / "many")
    assert find_pair(many, "a-1") == "a-1"
    with pytest.raises(UsageError, match=r"12 pairs begin with 'a': a-0, a-1, .* and 4 more"):
        find_pair(many, "a")
    write_corpus(tmp_path / "none", {}, {}, "")
    with pytest.raises(UsageError, match="holds no pairs"):
        find_pair(open_corpus(tmp_path / "none"), "a")


def test_short_ids_find_their_pairs() -> None:
    ids = sorted(["0123456789-a", "0123456789-b", "01234", "01234567", "zz", "zz-1"])
    for one, short in short_ids(ids).items():
        assert short == one or [other for other in ids if other.startswith(short)] == [one]
