"""The corpus folder: opens with everything that should open it, is there whole or not at all, same bytes each time."""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from corpora.card import TABLES, Card
from corpora.errors import InputError, NotACorpus, UsageError
from corpora.jsonlines import Row
from corpora.publish import write_corpus
from corpora.records import Article, Bead, Finding, Pair, Reject
from corpora.rows import article_from_row, article_to_row
from corpora.schemas import SCHEMAS
from corpora.store import open_corpus
from corpora.tables import bead_rows, finding_rows, pair_id, pair_row

Tables = Mapping[str, Iterable[Row]]


def make_article(article_id: str, lang: str, sentences: list[str]) -> Article:
    return article_from_row({"id": article_id, "lang": lang, "paragraphs": [sentences]}, f"{article_id}.html")


def make_tables() -> dict[str, list[Row]]:
    source = make_article("j1", "ja", ["橋が流れた。", "けが人はいない。🙂", "雨は夜まで続いた。"])
    target = make_article("e1", "en", ["A bridge was swept away.", "No one was hurt.\u2028"])
    evidence = {"title": 0.5, "whole": 0.6, "aligned_source": 0.7, "aligned_target": 0.8, "credit": None, "days": 1}
    pair = Pair("j1", "e1", 0.99, evidence)
    beads = [Bead((0,), (0,), 0.7, 0.9), Bead((1,), (1,), 0.6, 0.8), Bead((2,), (), None, 0.95)]
    findings = [[], [Finding("number", "major", (0, 2), None, "一 is not two")], []]
    return {
        "beads": list(bead_rows(pair, beads, findings, source, target)),
        "articles": [article_to_row(article) for article in (target, source)],
        "pairs": [{"pair_id": pair_id(pair), **pair_row(pair)}],
        "findings": list(finding_rows(pair, findings)),
        "rejects": [dataclasses.asdict(Reject("x.html", "extract", "no-article", "x.html holds only a menu"))],
    }


COUNTS = {"beads": 3, "articles": 2, "pairs": 1, "findings": 1, "rejects": 1}
CARD = Card('bridge "and" rain', ("ja", "en"), "letters", "unknown", COUNTS, {"1-1": 2, "1-0": 1}).text()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "corpus", make_tables(), {"options": {"window_days": 3}}, CARD)
    return tmp_path / "corpus"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def as_stored(row: Row, name: str) -> Row:
    """The row as single precision and Arrow's structs hold it."""
    import pyarrow as pa

    stored: Row = pa.Table.from_pylist([row], schema=SCHEMAS[name]).to_pylist()[0]
    return stored


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_a_table_is_read_as_it_was_written(name: str, corpus: Path) -> None:
    written = [as_stored(row, name) for row in make_tables()[name]]
    opened = open_corpus(corpus)
    assert list(opened.rows(name)) == written
    assert opened.dataset(name).to_table().to_pylist() == written
    assert list(opened.frame(name).columns) == SCHEMAS[name].names
    assert len(opened.frame(name)) == len(written)


def test_texts_and_offsets_of_a_stored_corpus_fit_to_the_letter(corpus: Path) -> None:
    opened = open_corpus(corpus)
    texts = {row["article_id"]: str(row["text"]) for row in opened.rows("articles")}
    for bead in opened.rows("beads"):
        for side in ("source", "target"):
            if bead[f"{side}_text"] is not None:
                start, end = bead[f"{side}_start"], bead[f"{side}_end"]
                assert isinstance(start, int)
                assert isinstance(end, int)
                assert texts[bead[f"{side}_article_id"]][start:end] == bead[f"{side}_text"]


def test_articles_come_back_from_a_corpus(corpus: Path) -> None:
    articles = [article_from_row(row, str(row["path"])) for row in open_corpus(corpus).rows("articles")]
    assert [article.sentence_texts() for article in articles] == [
        ["A bridge was swept away.", "No one was hurt."],
        ["橋が流れた。", "けが人はいない。🙂", "雨は夜まで続いた。"],
    ]


def test_pandas_and_arrow_read_the_folders_without_us(corpus: Path) -> None:
    frame = pd.read_parquet(corpus / "beads")
    assert frame["kind"].tolist() == ["1-1", "1-1", "1-0"]
    assert frame["target_text"].isna().tolist() == [False, False, True]
    assert frame["source_sentences"].map(list).tolist() == [[0], [1], [2]]
    assert ds.dataset(corpus / "findings").to_table().to_pylist()[0]["message"] == "一 is not two"


def test_the_manifest_says_how_the_corpus_was_made(corpus: Path) -> None:
    manifest = open_corpus(corpus).manifest
    assert manifest["options"] == {"window_days": 3}
    assert {"schema_version", "version"} <= set(manifest)
    assert (corpus / "README.md").read_text(encoding="utf-8") == CARD


def test_the_same_input_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    before = contents(corpus)
    write_corpus(corpus, make_tables(), {"options": {"window_days": 3}}, CARD)
    write_corpus(tmp_path / "elsewhere" / "other", make_tables(), {"options": {"window_days": 3}}, CARD)
    assert contents(corpus) == before
    assert contents(tmp_path / "elsewhere" / "other") == before


def test_a_corpus_without_rows_opens(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {}, {}, "")
    opened = open_corpus(tmp_path / "corpus")
    assert all(len(opened.frame(name)) == 0 for name in SCHEMAS)
    assert list(opened.frame("beads").columns) == SCHEMAS["beads"].names


def test_a_second_corpus_takes_the_place_of_the_first(corpus: Path) -> None:
    write_corpus(corpus, {"rejects": make_tables()["rejects"] * 3}, {}, "")
    opened = open_corpus(corpus)
    assert (len(opened.frame("beads")), len(opened.frame("rejects"))) == (0, 3)
    assert [path.name for path in corpus.parent.iterdir()] == ["corpus"]


def failing_rows() -> Iterator[Row]:
    yield from make_tables()["articles"]
    raise InputError("no more articles")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_failure_leaves_everything_as_it_was(is_there: bool, tmp_path: Path) -> None:
    place = tmp_path / "corpus"
    if is_there:
        write_corpus(place, make_tables(), {}, CARD)
    before = contents(tmp_path)
    with pytest.raises(InputError, match="no more articles"):
        write_corpus(place, {**make_tables(), "articles": failing_rows()}, {}, "another card")
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == (["corpus"] if is_there else [])


def test_the_old_corpus_is_put_back_when_the_new_one_cannot_take_its_place(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(corpus.parent)
    rename = Path.rename

    def refuse_the_new(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_the_new)
    monkeypatch.setattr("corpora.workplace.exchange", lambda *_: False)  # as on systems that cannot
    with pytest.raises((OSError, UsageError), match="No space left"):
        write_corpus(corpus, {}, {}, "")
    assert contents(corpus.parent) == before
    assert [path.name for path in corpus.parent.iterdir()] == ["corpus"]


def test_a_folder_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(NotACorpus, match=r"photos is not a corpus.* it is left as it is, name another folder with -o"):
        write_corpus(tmp_path / "photos", make_tables(), {}, "")
    assert contents(tmp_path) == {"photos/cat.jpg": b"cat"}


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("{}", "its corpus.json is of something else"),
        ("[]", "its corpus.json is of something else"),
        ("{", "corpus.json cannot be read"),
        ('{"schema_version": 999, "version": "9.0"}', "schema version 999.*install Taiyaku 9.0"),
    ],
)
def test_a_manifest_of_something_else_is_refused(manifest: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "corpus.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(NotACorpus, match=message):
        open_corpus(tmp_path)
    with pytest.raises(NotACorpus, match=message):
        write_corpus(tmp_path, {}, {}, "")
    assert contents(tmp_path) == {"corpus.json": manifest.encode()}


def test_a_folder_that_is_not_there_is_not_a_corpus(tmp_path: Path) -> None:
    with pytest.raises(NotACorpus, match=r"nowhere is not a corpus: corpus\.json cannot be read"):
        open_corpus(tmp_path / "nowhere")


@pytest.mark.parametrize("place", ["file", "file/corpus"])
def test_a_file_in_the_way_is_a_usage_error(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(UsageError, match="is a file"):
        write_corpus(tmp_path / place, {}, {}, "")
    assert contents(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("place", [".", "..", "{cwd}"])
def test_the_folder_one_stands_in_is_refused(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises((UsageError, NotACorpus)):
        write_corpus(place.format(cwd=tmp_path / "here"), make_tables(), {}, "")
    assert Path.cwd().is_dir()
    assert contents(tmp_path) == {}


def test_an_empty_folder_and_a_relative_path_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    for place in ("a", "b/c/", "./d"):
        write_corpus(place, make_tables(), {}, "")
        assert len(open_corpus(place).frame()) == 3


def test_a_link_to_a_corpus_stays_a_link(corpus: Path, tmp_path: Path) -> None:
    link = tmp_path / "latest"
    link.symlink_to(corpus, target_is_directory=True)
    write_corpus(link, {}, {}, "new")
    assert link.is_symlink()
    assert (corpus / "README.md").read_text(encoding="utf-8") == "new"


def test_a_corpus_can_be_read_by_others(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_corpus(tmp_path / "corpus", {}, {}, "")
    finally:
        os.umask(before)
    assert (tmp_path / "corpus").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "corpus" / "beads" / "part-00000.parquet").stat().st_mode & 0o777 == 0o644


def test_lone_surrogates_do_not_stop_a_build(tmp_path: Path) -> None:
    reject: Row = {"path": "caf\udce9.html", "stage": "read", "reason": "undecodable", "detail": "caf\udce9.html"}
    write_corpus(tmp_path / "corpus", {"rejects": [reject]}, {"inputs": "caf\udce9.html"}, "caf\udce9")
    assert next(open_corpus(tmp_path / "corpus").rows("rejects"))["path"] == "caf\ufffd.html"


@pytest.mark.parametrize("damage", ["cut", "missing", "other"])
def test_a_damaged_table_is_an_input_error(damage: str, corpus: Path) -> None:
    part = corpus / "beads" / "part-00000.parquet"
    if damage == "cut":
        part.write_bytes(part.read_bytes()[:200])
    elif damage == "other":
        part.write_bytes(b"not parquet at all")
    else:
        part.unlink()
        part.parent.rmdir()
    opened = open_corpus(corpus)
    with pytest.raises(InputError, match=r"beads cannot be read: .* build the corpus again"):
        opened.frame()
    with pytest.raises(InputError, match=r"beads cannot be read: .* build the corpus again"):
        list(opened.rows())
    assert len(opened.frame("articles")) == 2


def test_a_table_that_no_corpus_has_is_a_usage_error(corpus: Path) -> None:
    with pytest.raises(UsageError, match="no table 'sentences'; it has beads, articles, pairs, findings, rejects"):
        open_corpus(corpus).frame("sentences")


def test_rows_keep_their_order_over_many_row_groups(tmp_path: Path) -> None:
    number = 120_000
    rows: list[Row] = [{"path": str(i), "stage": "read", "reason": "empty", "detail": ""} for i in range(number)]
    write_corpus(tmp_path / "corpus", {"rejects": rows}, {}, "")
    assert [int(str(row["path"])) for row in open_corpus(tmp_path / "corpus").rows("rejects")] == list(range(number))


WITH_DATASETS = """
import json, sys
import datasets
folder, cache = sys.argv[1:3]
found = {"default": datasets.load_dataset(folder, split="train", cache_dir=cache).to_list()}
for name in datasets.get_dataset_config_names(folder):
    found[name] = datasets.load_dataset(folder, name, split="train", cache_dir=cache).to_list()
print(json.dumps(found))
"""


def test_datasets_opens_the_folder_unaided(corpus: Path, tmp_path: Path) -> None:
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf"), "HF_DATASETS_OFFLINE": "1"}
    command = [sys.executable, "-W", "ignore", "-c", WITH_DATASETS, str(corpus), str(tmp_path / "cache")]
    run = subprocess.run(command, env=offline, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert list(found) == ["default", *TABLES]
    assert found["default"] == found["beads"]
    for name in SCHEMAS:
        assert found[name] == list(open_corpus(corpus).rows(name)), name


def test_the_card_offers_only_tables_with_rows() -> None:
    card = Card("c", ("ja", "en"), "e", "unknown", {"beads": 2, "articles": 2, "pairs": 1, "rejects": 0}).text()
    assert [line.split()[-1] for line in card.splitlines() if "config_name" in line] == ["beads", "articles", "pairs"]
    assert "| `findings` | 0 |" in card


def test_the_card_counts_and_escapes() -> None:
    assert 'pretty_name: "bridge \\"and\\" rain"' in CARD
    assert "| `beads` | 3 |" in CARD
    assert "| 1-0 | 1 |" in CARD
    assert set(TABLES) == set(SCHEMAS)


def test_what_a_user_put_into_a_corpus_stays_when_it_is_built_again(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    write_corpus(folder, {}, {}, "card one")
    (folder / "notes.txt").write_text("mine")
    write_corpus(folder, {}, {}, "card two")
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "README.md").read_text() == "card two"


def test_a_corpus_of_the_first_layout_is_read(corpus: Path) -> None:
    """Its rejects had no beads."""
    file = corpus / "rejects" / "part-00000.parquet"
    pq.write_table(pq.read_table(file).drop_columns("bead"), file)
    manifest = json.loads((corpus / "corpus.json").read_text(encoding="utf-8"))
    (corpus / "corpus.json").write_text(json.dumps({**manifest, "schema_version": 1}), encoding="utf-8")
    assert [row["bead"] for row in open_corpus(corpus).rows("rejects")] == [None]


def test_rows_of_a_table_in_several_files_come_in_the_order_of_the_whole(corpus: Path) -> None:
    beads = list(open_corpus(corpus).rows())
    for name, rows in (("train", beads[1:]), ("dev", beads[:1])):
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMAS["beads"]), corpus / "beads" / f"{name}-00000.parquet")
    (corpus / "beads" / "part-00000.parquet").unlink()
    assert list(open_corpus(corpus).rows()) == beads
