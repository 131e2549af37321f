"""Tables keep their width whatever is in the texts, and show it as it stands without letting it do anything."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from align.corpus_commands import app
from align.corpus_pairs import Article, Overview, PairView, overviews, view_pair
from align.corpus_stats import corpus_stats
from align.corpus_tables import harmless, pair_heading, pair_table, pairs_table, stats_tables
from corpora.errors import NotACorpus, UsageError
from corpora.jsonlines import Row
from corpora.publish import write_corpus
from corpora.records import Bead, Finding, Pair
from corpora.rows import article_from_row, article_to_row
from corpora.store import Corpus, open_corpus
from corpora.tables import bead_rows, finding_rows, pair_id, pair_row

JAPANESE = [
    "[bold]台風１９号[/bold]、ｶﾅ交じりの👩‍👩‍👧と☀️の見出し",
    "市は１２０ﾐﾘの雨を「想定外」とした。" * 5,
    "[/]終わり。",
]
ENGLISH = [
    "[red]Typhoon[/red] hits :smile: town",
    "The city called the 120 mm of rain unexpected, e\u0301tonnant. " * 6,
    "[/]",
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    sides = [
        article_from_row({"id": f"{lang}1", "lang": lang, "paragraphs": [texts], "date": "2026-03-04"}, f"{lang}.html")
        for lang, texts in (("ja", JAPANESE), ("en", ENGLISH))
    ]
    pair = Pair("ja1", "en1", 0.9, {})
    beads = [Bead((0,), (0,), 0.5, 0.875), Bead((1,), (1,), 0.5, 0.5), Bead((2,), (), None, None)]
    beads += [Bead((), (2,), None, 0.25)]
    found = [
        [Finding("number", "critical", (0, 1), (0, 1), "source says [b]１９[/b]; target says nothing")],
        [],
        [],
        [],
    ]
    found[2] = [Finding("omission", "minor", (0, 1), None, "left out")]
    tables: dict[str, list[Row]] = {
        "beads": list(bead_rows(pair, beads, found, *sides)),
        "articles": [article_to_row(one) for one in sides],
        "pairs": [{"pair_id": pair_id(pair), **pair_row(pair)}],
        "findings": list(finding_rows(pair, found)),
    }
    for row in tables["articles"]:
        row["title"] = f"[title] {str(row['text'])[:40]}"
    folder = tmp_path_factory.mktemp("tables") / "corpus"
    write_corpus(folder, tables, {}, "")
    return open_corpus(folder)


def drawn(table: Table, width: int, *, terminal: bool = False) -> str:
    console = Console(
        width=width, highlight=False, markup=False, emoji=False, force_terminal=terminal, legacy_windows=False
    )
    with console.capture() as captured:
        console.print(table)
    return captured.get()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_line_of_a_table_is_as_wide_as_the_others(corpus: Corpus, width: int) -> None:
    view = view_pair(corpus, "ja1-en1")
    for table in (pair_table(view), pairs_table(overviews(corpus))):
        assert {cell_len(line) for line in drawn(table, width).splitlines()} == {width}
    for _, table in stats_tables(corpus_stats(corpus)):
        widths = {cell_len(line) for line in drawn(table, width).splitlines()}
        assert len(widths) == 1
        assert max(widths) <= width


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("漢字かな。[]\x1b\x07\u202e👧ｶ\u3000\u200d"), max_size=60
)


@given(TEXTS, TEXTS, st.sampled_from([60, 80, 120]))
def test_widths_hold_and_nothing_steers_the_terminal_whatever_the_text(source: str, target: str, width: int) -> None:
    finding: Row = {"severity": "major", "category": "name", "message": target}
    bead: Row = {"bead_id": "1", "kind": "1-1", "probability": 0.5, "source_text": source, "target_text": target}
    pair = Overview(source[:5], source[:5], Article("1", "ja", source, target), Article("2", "en", target))
    view = PairView(pair, [bead], {"1": [finding]})
    for table in (pair_table(view), pairs_table([pair])):
        lines = drawn(table, width).split("\n")
        assert {cell_len(line) for line in lines if line} == {width}
        assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for line in lines for character in line)


def test_markup_is_shown_as_it_stands(corpus: Corpus) -> None:
    view = view_pair(corpus, "ja1-en1")
    shown = drawn(pair_table(view), 120)
    for text in ("[bold]台風１９号[/bold]", "[red]Typhoon[/red] hits :smile: town", "[/]終わり。", "[b]１９[/b]"):
        assert text in shown
    assert "[title] [bold]" in drawn(pairs_table(overviews(corpus)), 120)
    assert "[title] [bold]" in pair_heading(view).plain
    assert "\x1b" not in shown
    assert "critical number: source says" in shown
    assert "\x1b[1;31m" in drawn(pair_table(view), 120, terminal=True)


def test_characters_that_steer_terminals_are_made_visible() -> None:
    assert harmless("a\x1b]0;title\x07b\x9bc\u202ed\ne\x7f\ud800") == "a␛]0;title␇b�c�d e␡�"
    assert harmless(None) == ""
    assert harmless("がらす　🙂 [/x]") == "がらす　🙂 [/x]"


def run(*arguments: object, width: int = 100) -> str:
    done = CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": str(width)}, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_stats_on_the_command_line(corpus: Corpus) -> None:
    shown = run("stats", corpus.path)
    assert "2 (1 en, 1 ja)" in shown
    assert "0.8-0.9" in shown
    assert "\x1b" not in shown
    assert json.loads(run("stats", corpus.path, "--json"))["null_beads"] == 2


def test_show_on_the_command_line(corpus: Corpus) -> None:
    assert "2026-03-04" in run("show", corpus.path)
    assert "pair ja1-en1" in run("show", corpus.path, "ja")
    (pair,) = map(json.loads, run("show", corpus.path, "--json").splitlines())
    assert (pair["pair_id"], pair["beads"], pair["source"]["lang"]) == ("ja1-en1", 4, "ja")
    rows = [json.loads(line) for line in run("show", corpus.path, "ja1", "--json").splitlines()]
    assert [row["kind"] for row in rows] == ["1-1", "1-1", "1-0", "0-1"]
    assert rows[0]["findings"][0]["category"] == "number"
    assert len(run("show", corpus.path, "ja1", "--json", "--limit", 1).splitlines()) == 1


def test_mistakes_are_said(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no pair 'x'"):
        run("show", corpus.path, "x")
    with pytest.raises(NotACorpus):
        run("stats", tmp_path)
