"""`taiyaku build` on the bundled sample pages: what came out, held against gold; and that it comes out again."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess, run
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from align.evaluate import Tally, crossing_pairs
from align.fidelity import check
from corpora.records import Bead
from corpora.samples import sample_gold
from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]
Row = Mapping[str, Any]
Gold = Mapping[str, Any]

with sample_gold() as _folder:
    GOLD_IDS = sorted(file.stem for file in _folder.glob("*.json"))
PAIR_IDS = [name for name in GOLD_IDS if name.startswith("s")]
SIDES = {"ja": "source", "en": "target"}

TABLES = ("beads", "articles", "pairs", "findings", "rejects")
BEAD_COLUMNS = {
    "bead_id": pa.string(),
    "pair_id": pa.string(),
    "source_lang": pa.string(),
    "target_lang": pa.string(),
    "source_text": pa.string(),
    "target_text": pa.string(),
    "source_article_id": pa.string(),
    "target_article_id": pa.string(),
    "source_sentences": pa.list_(pa.int32()),
    "target_sentences": pa.list_(pa.int32()),
    "source_start": pa.int32(),
    "source_end": pa.int32(),
    "target_start": pa.int32(),
    "target_end": pa.int32(),
    "kind": pa.string(),
    "similarity": pa.float32(),
    "probability": pa.float32(),
    "findings": pa.list_(pa.string()),
    "source_url": pa.string(),
    "target_url": pa.string(),
    "source_date": pa.string(),
    "target_date": pa.string(),
    "split": pa.string(),
}


def page_name(path: object) -> str:
    """`s01.ja` of `/somewhere/s01.ja.html`."""
    return Path(str(path)).name.rpartition(".")[0]


def rows(corpus: Path, table: str) -> list[Row]:
    return list(open_corpus(corpus).rows(table))


def articles_by_id(corpus: Path) -> dict[str, Row]:
    return {row["article_id"]: row for row in rows(corpus, "articles")}


def sentence_texts(article: Row) -> list[str]:
    return [article["text"][s["start"] : s["end"]] for s in article["sentences"]]


def beads_of(corpus: Path, name: str) -> list[Row]:
    """The bead rows of the pair whose pages are called `name`."""
    articles = articles_by_id(corpus)
    return [
        row for row in rows(corpus, "beads") if page_name(articles[row["source_article_id"]]["path"]) == f"{name}.ja"
    ]


def files_of(corpus: Path) -> dict[str, bytes]:
    """Everything in a corpus but its record of seconds and options."""
    files = {str(file.relative_to(corpus)): file for file in sorted(corpus.rglob("*")) if file.is_file()}
    return {name: file.read_bytes() for name, file in files.items() if name != "corpus.json"}


def test_each_english_page_is_paired_with_its_original_and_no_other(corpus: Path) -> None:
    articles = articles_by_id(corpus)
    pairs = {
        (page_name(articles[row["source_id"]]["path"]), page_name(articles[row["target_id"]]["path"]))
        for row in rows(corpus, "pairs")
    }
    assert pairs == {(f"{name}.ja", f"{name}.en") for name in PAIR_IDS}


def test_pages_without_counterpart_and_broken_pages_are_rejects_with_reasons(corpus: Path) -> None:
    rejects = {page_name(row["path"]): row for row in rows(corpus, "rejects")}
    assert {name: row["stage"] for name, row in rejects.items()} == {
        "o01.en": "pair",
        "o02.ja": "pair",
        "o03.en": "pair",
        "x01": "extract",
    }
    assert {row["reason"] for row in rejects.values()} == {"unpaired", "no-article"}
    assert all(len(row["detail"].split()) > 3 for row in rejects.values())


def test_no_page_disappears(corpus: Path, pages: Path) -> None:
    used = [row["path"] for row in rows(corpus, "articles")]
    rejected = [row["path"] for row in rows(corpus, "rejects") if row["stage"] != "pair"]
    assert sorted(used + rejected) == sorted(str(page) for page in pages.iterdir())


@pytest.mark.parametrize("name", GOLD_IDS)
def test_article_has_the_title_date_sentences_and_writers_of_the_gold(
    corpus: Path, gold: dict[str, Gold], name: str
) -> None:
    found = [row for row in rows(corpus, "articles") if page_name(row["path"]).startswith(name)]
    assert len(found) == (2 if name in PAIR_IDS else 1)
    for article in found:
        wanted = gold[name].get(SIDES[article["lang"]], gold[name])
        assert (article["title"], article["date"]) == (wanted["title"], wanted["date"])
        assert not article["date_guessed"]
        assert sentence_texts(article) == wanted["sentences"]
        for people in ("byline", "credit"):
            assert article[people] == wanted.get(people, article[people])
        assert wanted.get("department") in (None, *(article["department"] or "").split("; "))


@pytest.fixture(scope="module")
def tally(corpus: Path, gold: dict[str, Gold]) -> Tally:
    """Scores over all pairs. Sentences are those of the gold, number for number: the test above sees to that."""
    scores = Tally()
    for name in PAIR_IDS:
        predicted = [Bead(tuple(r["source_sentences"]), tuple(r["target_sentences"])) for r in beads_of(corpus, name)]
        scores.add([Bead(tuple(source), tuple(target)) for source, target in gold[name]["beads"]], predicted)
    return scores


def test_beads_are_as_right_as_they_were(tally: Tally) -> None:
    """Floors; they are raised by hand when the aligner gets better, and not lowered."""
    assert tally.strict.f1 >= 0.84
    assert tally.null.f1 >= 0.82
    assert (tally.crossing_recall or 0.0) >= 0.70


@pytest.mark.parametrize("name", PAIR_IDS)
def test_each_sentence_of_a_pair_is_in_exactly_one_bead(corpus: Path, gold: dict[str, Gold], name: str) -> None:
    beads = beads_of(corpus, name)
    for side in ("source", "target"):
        indices = Counter(i for row in beads for i in row[f"{side}_sentences"])
        assert indices == Counter(range(len(gold[name][side]["sentences"])))


def test_offsets_of_each_bead_give_its_text(corpus: Path) -> None:
    articles = articles_by_id(corpus)
    for row in rows(corpus, "beads"):
        for side in ("source", "target"):
            text, start, end = (row[f"{side}_{what}"] for what in ("text", "start", "end"))
            article, chosen = articles[row[f"{side}_article_id"]], row[f"{side}_sentences"]
            if not chosen:
                assert (text, start, end) == (None, None, None)
            elif chosen == list(range(chosen[0], chosen[-1] + 1)):
                assert text == article["text"][start:end]
                first, last = article["sentences"][chosen[0]], article["sentences"][chosen[-1]]
                assert (start, end) == (first["start"], last["end"])
            else:
                assert (start, end) == (None, None)
                assert all(sentence_texts(article)[i] in text for i in chosen)
        assert row["kind"] == f"{len(row['source_sentences'])}-{len(row['target_sentences'])}"


def test_beads_say_where_they_come_from_and_how_sure_they_are(corpus: Path) -> None:
    articles, pairs = articles_by_id(corpus), {row["pair_id"]: row for row in rows(corpus, "pairs")}
    beads = rows(corpus, "beads")
    assert len({row["bead_id"] for row in beads}) == len(beads)
    for row in beads:
        source, target = (articles[row[f"{side}_article_id"]] for side in ("source", "target"))
        assert (row["source_url"], row["target_url"]) == (source["url"], target["url"])
        assert (row["source_date"], row["target_date"]) == (source["date"], target["date"])
        assert (row["source_lang"], row["target_lang"]) == ("ja", "en")
        pair = pairs[row["pair_id"]]
        assert (pair["source_id"], pair["target_id"]) == (source["article_id"], target["article_id"])
        assert 0 <= row["probability"] <= 1
        assert (row["similarity"] is None) == (not row["source_sentences"] or not row["target_sentences"])


def planted(gold: Mapping[str, Gold]) -> dict[str, int]:
    """Pairs with a slip put in on purpose, and the target sentence that holds it."""
    return {name: gold[name]["planted"]["target_sentence"] for name in PAIR_IDS if gold[name]["planted"]}


def test_planted_slips_are_found_where_the_bead_is_right(corpus: Path, gold: dict[str, Gold]) -> None:
    """The slip of s11 is found. That of s03 (48億円, 480 million yen) may be missed: its gold bead is 2-1, and if the
    aligner leaves out the source sentence with the amount, nothing on the source side contradicts the translation.
    """
    missed = []
    for name, sentence in planted(gold).items():
        wanted = next(source for source, target in gold[name]["beads"] if sentence in target)
        row = next(row for row in beads_of(corpus, name) if sentence in row["target_sentences"])
        if set(wanted) <= set(row["source_sentences"]):
            assert "number" in row["findings"]
        else:
            missed.append(name)
    assert missed in ([], ["s03"])


def test_planted_slips_are_found_in_the_gold_beads(gold: dict[str, Gold]) -> None:
    for name, sentence in planted(gold).items():
        chosen = next(bead for bead in gold[name]["beads"] if sentence in bead[1])
        source = "".join(gold[name]["source"]["sentences"][i] for i in chosen[0])
        target = " ".join(gold[name]["target"]["sentences"][j] for j in chosen[1])
        findings = check(source, target, date=gold[name]["source"]["date"])
        assert [finding.category for finding in findings] == ["number"]


def test_few_findings_are_about_faithful_translations(corpus: Path, gold: dict[str, Gold]) -> None:
    slips = {
        row["bead_id"]
        for name, i in planted(gold).items()
        for row in beads_of(corpus, name)
        if i in row["target_sentences"]
    }
    others = Counter(row["kind"] for row in rows(corpus, "beads") if row["findings"] and row["bead_id"] not in slips)
    matched = [row for row in rows(corpus, "beads") if row["source_text"] and row["target_text"]]
    assert sum(count for kind, count in others.items() if "0" not in kind) <= 0.07 * len(matched)


def test_sentences_without_counterpart_are_omissions_and_additions(corpus: Path) -> None:
    null = {row["bead_id"]: row for row in rows(corpus, "beads") if not row["source_text"] or not row["target_text"]}
    found = [row for row in rows(corpus, "findings") if row["bead_id"] in null]
    assert {row["category"] for row in found} == {"omission", "addition"}
    for row in found:
        missing = "target" if row["category"] == "omission" else "source"
        assert null[row["bead_id"]][f"{missing}_text"] is None
        assert row[f"{missing}_value"] is None


def test_findings_point_into_the_texts_of_their_bead(corpus: Path) -> None:
    beads = {row["bead_id"]: row for row in rows(corpus, "beads")}
    findings = rows(corpus, "findings")
    for row in findings:
        bead = beads[row["bead_id"]]
        for side in ("source", "target"):
            start, end = row[f"{side}_start"], row[f"{side}_end"]
            assert (start is None) == (end is None) == (row[f"{side}_value"] is None)
            assert start is None or 0 <= start < end <= len(bead[f"{side}_text"])
        assert row["category"] in bead["findings"]
    assert sorted(row["category"] for row in findings) == sorted(c for row in beads.values() for c in row["findings"])


def test_bead_columns_are_those_promised_in_that_order(corpus: Path) -> None:
    schema = pq.read_schema(next((corpus / "beads").glob("*.parquet")))
    assert list(zip(schema.names, schema.types, strict=True)) == list(BEAD_COLUMNS.items())


def test_tables_are_compressed_with_zstd(corpus: Path) -> None:
    for table in TABLES:
        metadata = pq.read_metadata(next((corpus / table).glob("*.parquet")))
        assert metadata.row_group(0).column(0).compression == "ZSTD"


def test_corpus_opens_with_pandas_pyarrow_and_from_python(corpus: Path) -> None:
    for table in TABLES:
        frame = pd.read_parquet(corpus / table)
        assert len(frame) == ds.dataset(corpus / table).count_rows() == len(open_corpus(corpus).frame(table)) > 0
    assert list(pd.read_parquet(corpus / "beads").columns) == list(BEAD_COLUMNS)


def test_corpus_opens_with_load_dataset_unaided(corpus: Path, tmp_path: Path) -> None:
    code = (
        "import sys, datasets\n"
        "beads = datasets.load_dataset(sys.argv[1], split='train')\n"
        "pairs = datasets.load_dataset(sys.argv[1], 'pairs', split='train')\n"
        "print(beads.num_rows, pairs.num_rows, ','.join(beads.column_names))\n"
    )
    variables = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "HF_DATASETS_CACHE": str(tmp_path / "cache")}
    done = run(
        [sys.executable, "-c", code, str(corpus)],
        capture_output=True,
        text=True,
        env=os.environ | variables,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    expected = f"{len(rows(corpus, 'beads'))} {len(PAIR_IDS)} {','.join(BEAD_COLUMNS)}"
    assert done.stdout.splitlines()[-1] == expected


def test_card_and_manifest_tell_what_the_tables_hold(corpus: Path) -> None:
    card = (corpus / "README.md").read_text(encoding="utf-8")
    manifest = json.loads((corpus / "corpus.json").read_text(encoding="utf-8"))
    assert manifest["counts"] == {table: len(rows(corpus, table)) for table in TABLES}
    assert len(manifest["encoder"]["sha256"]) == 64
    for table, count in manifest["counts"].items():
        assert f"| `{table}` | {count:,} |" in card
    assert card.startswith("---\n")


def test_second_build_in_another_place_gives_the_same_bytes(
    taiyaku: Run, corpus: Path, pages: Path, tmp_path: Path
) -> None:
    again = tmp_path / corpus.name  # the card's heading is the folder's name
    assert taiyaku("build", pages, "-o", again, "--quiet").returncode == 0
    assert files_of(again) == files_of(corpus)


def test_build_over_itself_changes_nothing(taiyaku: Run, corpus: Path, pages: Path, tmp_path: Path) -> None:
    again = shutil.copytree(corpus, tmp_path / corpus.name)
    assert taiyaku("build", pages, "-o", again, "--quiet").returncode == 0
    assert files_of(again) == files_of(corpus)
    assert [entry.name for entry in tmp_path.iterdir()] == [corpus.name]


def copied(pages: Sequence[Path], folder: Path) -> Path:
    folder.mkdir()
    for page in pages:
        shutil.copy(page, folder)
    return folder


def test_pages_added_later_give_what_all_at_once_gives(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    everything = sorted(pages.iterdir())
    halves = [copied(everything[at::2], tmp_path / f"half{at}") for at in (0, 1)]
    together, grown = tmp_path / "all" / "c", tmp_path / "grown" / "c"
    assert taiyaku("build", *halves, "-o", together, "--quiet").returncode == 0
    for half in halves:
        assert taiyaku("build", half, "-o", grown, "--quiet").returncode == 0
    assert files_of(grown) == files_of(together)


def test_beads_do_not_depend_on_where_the_pages_lie_or_what_they_are_called(
    taiyaku: Run, corpus: Path, pages: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "pages"
    elsewhere.mkdir()
    for number, page in enumerate(sorted(pages.iterdir(), reverse=True)):
        shutil.copy(page, elsewhere / f"{number:02d}{page.suffix}")
    assert taiyaku("build", elsewhere, "-o", tmp_path / "c", "--quiet").returncode == 0
    assert rows(tmp_path / "c", "beads") == rows(corpus, "beads")


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_build_from_extracted_articles_gives_the_beads_of_the_pages(
    taiyaku: Run, corpus: Path, pages: Path, tmp_path: Path, suffix: str
) -> None:
    articles = tmp_path / f"articles{suffix}"
    assert taiyaku("extract", pages, "-o", articles, "--quiet").returncode == 0
    assert taiyaku("build", articles, "-o", tmp_path / "c", "--quiet").returncode == 0
    assert rows(tmp_path / "c", "beads") == rows(corpus, "beads")


def sample(pages: Path, *names: str) -> list[Path]:
    """Both pages of some of the pairs."""
    return [page for page in sorted(pages.iterdir()) if page.name.split(".")[0] in names]


def test_json_summary_is_all_that_stands_on_standard_output(built: CompletedProcess[str], corpus: Path) -> None:
    summary = json.loads(built.stdout)
    assert (summary["pages"], summary["pairs"], summary["rejected"]) == (28, 12, {"no-article": 1})
    assert summary["articles"] == {"ja": 13, "en": 14}
    assert summary["beads"] == len(rows(corpus, "beads")) == sum(summary["kinds"].values())
    assert sum(summary["findings"].values()) == len(rows(corpus, "findings"))
    assert {page_name(one["path"]) for one in summary["unpaired"]} == {"o01.en", "o02.ja", "o03.en"}
    assert built.stderr == ""


def test_summary_goes_to_standard_error_and_quiet_leaves_it_out(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    chosen = sample(pages, "s01", "o02", "x01")
    loud = taiyaku("build", *chosen, "-o", tmp_path / "c")
    assert loud.stdout == ""
    for words in ("pages", "4", "no-article", "x01.html", "o02.ja.txt", str(tmp_path / "c")):
        assert words in loud.stderr
    quiet = taiyaku("build", *chosen, "-o", tmp_path / "c", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_resume_keeps_what_the_corpus_held_and_fresh_does_not(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    place = tmp_path / "c"

    def held() -> set[str]:
        return {page_name(row["path"]) for row in rows(place, "articles")}

    taiyaku("build", *sample(pages, "s01"), "-o", place)
    taiyaku("build", *sample(pages, "s02"), "-o", place)
    assert held() == {"s01.ja", "s01.en", "s02.ja", "s02.en"}
    taiyaku("build", *sample(pages, "s03"), "-o", place, "--fresh")
    assert held() == {"s03.ja", "s03.en"}


def test_a_corpus_is_not_turned_round_by_building_it_with_its_languages_exchanged(
    taiyaku: Run, pages: Path, tmp_path: Path
) -> None:
    place = tmp_path / "corpus"
    taiyaku("build", *pages.glob("s01.*"), "-o", place)
    before = (place / "corpus.json").read_bytes()
    turned = ("build", *pages.glob("s01.*"), "-o", place, "--source-lang", "en", "--target-lang", "ja")
    done = taiyaku(*turned)
    assert done.returncode == 2
    assert "from ja to en" in done.stderr
    assert (place / "corpus.json").read_bytes() == before
    assert taiyaku(*turned, "--fresh").returncode == 0


def test_page_that_changed_replaces_what_the_corpus_held_of_it(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    folder = copied(sample(pages, "s02"), tmp_path / "pages")
    taiyaku("build", folder, "-o", tmp_path / "c")
    page = folder / "s02.en.txt"
    page.write_text(page.read_text(encoding="utf-8").replace("Ehime", "Kagawa"), encoding="utf-8")
    taiyaku("build", folder, "-o", tmp_path / "c")
    (english,) = (row for row in rows(tmp_path / "c", "articles") if row["lang"] == "en")
    assert "Kagawa" in english["text"]
    assert "Ehime" not in english["text"]


def test_strict_ends_with_1_if_a_page_was_rejected_and_writes_the_corpus_all_the_same(
    taiyaku: Run, pages: Path, tmp_path: Path
) -> None:
    assert taiyaku("build", *sample(pages, "s01"), "-o", tmp_path / "good", "--strict").returncode == 0
    assert taiyaku("build", *sample(pages, "s01", "x01"), "-o", tmp_path / "c", "--strict").returncode == 1
    assert len(rows(tmp_path / "c", "pairs")) == 1


def test_monotonic_build_has_no_crossings_and_a_free_one_has(
    taiyaku: Run, corpus: Path, pages: Path, tmp_path: Path
) -> None:
    def crossings(place: Path) -> int:
        beads = [Bead(tuple(r["source_sentences"]), tuple(r["target_sentences"])) for r in beads_of(place, "s01")]
        return len(crossing_pairs(beads))

    taiyaku("build", *sample(pages, "s01"), "-o", tmp_path / "c", "--monotonic")
    assert crossings(tmp_path / "c") == 0
    assert crossings(corpus) > 0


def test_size_options_bound_the_beads(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    taiyaku("build", *sample(pages, "s01"), "-o", tmp_path / "c", "--max-source", "1", "--max-target", "2")
    kinds = {row["kind"] for row in rows(tmp_path / "c", "beads")}
    assert "1-1" in kinds
    assert kinds <= {"1-1", "1-2", "1-0", "0-1"}


def test_pairs_below_the_least_probability_are_not_made(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    done = taiyaku("build", *sample(pages, "s01"), "-o", tmp_path / "c", "--min-probability", "1")
    assert done.returncode == 0
    assert rows(tmp_path / "c", "pairs") == rows(tmp_path / "c", "beads") == []
    assert {row["reason"] for row in rows(tmp_path / "c", "rejects")} == {"unpaired"}


@pytest.mark.parametrize(("days", "pairs"), [("0", 0), ("1", 1)], ids=["same day only", "one day apart"])
def test_window_bounds_the_days_between_a_pair(
    taiyaku: Run, pages: Path, tmp_path: Path, days: str, pairs: int
) -> None:
    """The English version of s01 is dated a day after its original."""
    taiyaku("build", *sample(pages, "s01"), "-o", tmp_path / "c", "--window-days", days)
    assert len(rows(tmp_path / "c", "pairs")) == pairs


def test_corpus_without_any_pair_still_opens(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    assert taiyaku("build", *sample(pages, "o02"), "-o", tmp_path / "c").returncode == 0
    assert list(open_corpus(tmp_path / "c").frame().columns) == list(BEAD_COLUMNS)
    assert len(rows(tmp_path / "c", "articles")) == 1


def test_each_file_a_glob_or_a_folder_names_is_read_once(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    done = taiyaku("build", pages, f"{pages}/s01.*", pages / "s01.ja.html", "-o", tmp_path / "c", "--json")
    summary = json.loads(done.stdout)
    assert (summary["pages"], summary["rejected"]) == (28, {"no-article": 1})
