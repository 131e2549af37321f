"""Each command alone: what it reads, what it writes, and where its messages go."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
import typer

from align.cli import app
from corpora import __version__
from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]
Row = dict[str, Any]

ROOT = Path(__file__).parents[2]
ARTICLE_COLUMNS = [
    *("article_id", "path", "url", "lang", "title", "date", "updated", "date_guessed", "byline", "credit"),
    *("department", "section", "text", "paragraphs", "sentences", "fetched", "captions", "readings", "links"),
]
COMMANDS = (
    *("build", "extract", "segment", "pair", "align", "check", "export", "eval", "encoders", "demo"),
    *("stats", "show", "split", "import beads", "import standoff"),
)

JAPANESE = ["大雨で川があふれた。", "首相は20日に辞任した。", "市は1億2000万円を投じた。"]
ENGLISH = [
    "The river flooded after heavy rain.",
    "The prime minister resigned on the 20th.",
    "The city spent 12 million yen.",
]


def json_lines(text: str) -> list[Row]:
    return [json.loads(line) for line in text.splitlines()]


def write_lines(path: Path, *objects: object) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")
    return path


def read_table(path: Path) -> list[Row]:
    """The rows of a JSONL or Parquet file."""
    if path.suffix == ".parquet":
        found: list[Row] = pq.read_table(path).to_pylist()
        return found
    return json_lines(path.read_text(encoding="utf-8"))


def page_name(path: object) -> str:
    return Path(str(path)).name.rpartition(".")[0]


def declared() -> dict[str, Any]:
    """The commands as objects of click, or of the click inside typer; those of a group behind its name."""
    commands: dict[str, Any] = {}
    for name, command in vars(typer.main.get_command(app))["commands"].items():
        inner = vars(command).get("commands")
        commands |= {f"{name} {one}": own for one, own in inner.items()} if inner else {name: command}
    return commands


def test_commands_are_those_promised() -> None:
    assert set(declared()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_explains_every_option(taiyaku: Run, name: str) -> None:
    done = taiyaku(*name.split(), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    shown = " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.stdout).split())
    for parameter in declared()[name].params:
        if parameter.param_type_name == "option":
            assert all(word in shown for word in (*parameter.opts, *parameter.secondary_opts))
        assert parameter.help, f"{name}: {parameter.name} has no help"
        assert " ".join(parameter.help.replace("\\", "").split()) in shown


def test_help_of_the_whole_names_every_command(taiyaku: Run) -> None:
    for arguments in (["--help"], ["-h"]):
        done = taiyaku(*arguments)
        assert done.returncode == 0
        names = {name.partition(" ")[0] for name in COMMANDS}
        assert all(re.search(rf"^\W*{name}\b", done.stdout, re.MULTILINE) for name in names)


def test_help_shows_the_shape_of_rows_unharmed(taiyaku: Run) -> None:
    """Square brackets mean something to what draws the help."""
    assert '"source": [sentences], "target": [sentences]' in " ".join(taiyaku("align", "--help").stdout.split())
    assert '"gold": [[[source], [target]]]' in " ".join(taiyaku("eval", "--help").stdout.split())


def test_version_is_shown(taiyaku: Run) -> None:
    done = taiyaku("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"taiyaku {__version__}")


def test_documents_mention_every_command() -> None:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("the package is tested without its README")
    text = readme.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"taiyaku {name}" not in text] == []


def test_steps_joined_by_files_give_the_pairs_of_build(taiyaku: Run, pages: Path, corpus: Path, tmp_path: Path) -> None:
    articles, pairs, rest = tmp_path / "articles.jsonl", tmp_path / "pairs.jsonl", tmp_path / "rest.jsonl"
    rejects = tmp_path / "rejects.jsonl"
    assert taiyaku("extract", pages, "-o", articles, "--rejects", rejects).returncode == 0
    assert taiyaku("pair", articles, "-o", pairs, "--unpaired", rest).returncode == 0
    built = {(row["source_id"], row["target_id"]): row for row in open_corpus(corpus).rows("pairs")}
    found = {(row["source_id"], row["target_id"]): row for row in read_table(pairs)}
    assert set(found) == set(built)
    for key, row in found.items():
        assert set(row) == {"source_id", "target_id", "probability", "evidence"}
        assert row["probability"] == pytest.approx(built[key]["probability"], abs=1e-4)
    assert [page_name(row["path"]) for row in read_table(rejects)] == ["x01"]
    unpaired = read_table(rest)
    names = {row["article_id"]: page_name(row["path"]) for row in open_corpus(corpus).rows("articles")}
    assert {names[row["article_id"]] for row in unpaired} == {"o01.en", "o02.ja", "o03.en"}
    assert all(row["why"] for row in unpaired)


def test_extract_writes_articles_as_rows_with_offsets_that_hold(taiyaku: Run, pages: Path) -> None:
    done = taiyaku("extract", pages / "s01.ja.html", pages / "s01.en.html")
    assert done.returncode == 0
    for row in json_lines(done.stdout):
        assert list(row) == ARTICLE_COLUMNS
        assert row["text"].startswith(row["title"])
        for span in (*row["paragraphs"], *row["sentences"]):
            assert row["text"][span["start"] : span["end"]].strip()
        assert {"start", "end", "kind"} == set(row["paragraphs"][0])
        assert {"start", "end", "paragraph"} == set(row["sentences"][0])


def test_extract_keeps_the_languages_asked_for(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    done = taiyaku("extract", *sorted(pages.glob("s01.*")), "--lang", "ja", "--rejects", tmp_path / "r.jsonl")
    assert [row["lang"] for row in json_lines(done.stdout)] == ["ja"]
    assert [row["reason"] for row in read_table(tmp_path / "r.jsonl")] == ["language"]


def test_strict_extract_and_pair_end_with_1_if_a_page_was_rejected(taiyaku: Run, pages: Path) -> None:
    chosen = [*sorted(pages.glob("s01.*")), pages / "x01.html"]
    for command in ("extract", "pair"):
        assert taiyaku(command, *chosen).returncode == 0
        strict = taiyaku(command, *chosen, "--strict")
        assert strict.returncode == 1
        assert json_lines(strict.stdout)


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_articles_go_in_and_pairs_come_out_by_suffix(taiyaku: Run, pages: Path, tmp_path: Path, suffix: str) -> None:
    articles, pairs, rest = (tmp_path / f"{name}{suffix}" for name in ("articles", "pairs", "rest"))
    chosen = [*pages.glob("s01.*"), *pages.glob("s02.*"), pages / "o02.ja.txt"]
    assert taiyaku("extract", *chosen, "-o", articles).returncode == 0
    assert len(read_table(articles)) == 5
    assert taiyaku("pair", articles, "-o", pairs, "--unpaired", rest).returncode == 0
    assert len(read_table(pairs)) == 2
    assert len(read_table(rest)) == 1


def test_pair_of_one_language_only_leaves_all_alone(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    done = taiyaku("pair", pages / "o02.ja.txt", "--unpaired", tmp_path / "rest.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert len(read_table(tmp_path / "rest.jsonl")) == 1


def test_a_page_that_links_to_its_original_is_paired_by_it(taiyaku: Run, pages: Path) -> None:
    """The English page of s01 has hreflang and a link `Japanese version`."""
    (pair,) = json_lines(taiyaku("pair", pages / "s01.ja.html", pages / "s01.en.html").stdout)
    assert pair["evidence"]["link"] == 1.0


def test_pairs_that_the_user_knows_are_made_and_forbidden_ones_are_not(
    taiyaku: Run, pages: Path, tmp_path: Path
) -> None:
    chosen = [*pages.glob("s01.*"), *pages.glob("s02.*")]
    known = tmp_path / "known.csv"
    known.write_text("source_id,target_id,is_pair\ns01.ja.html,s02.en.txt,yes\n", "utf-8")
    (pair,) = json_lines(taiyaku("pair", *chosen, "--pairs", known).stdout)
    assert pair["probability"] < 0.5, "a given pair says what its texts say of it"
    known.write_text("source_id,target_id,is_pair\ns01.ja.html,s01.en.html,no\n", "utf-8")
    (other,) = json_lines(taiyaku("pair", *chosen, "--pairs", known).stdout)
    assert other["probability"] > 0.9
    corpus = tmp_path / "corpus"
    assert taiyaku("build", *chosen, "-o", corpus, "--pairs", known).returncode == 0
    assert len(list(open_corpus(corpus).rows("pairs"))) == 1


def test_what_pair_writes_can_be_given_back_with_a_verdict(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    chosen = [*pages.glob("s01.*"), *pages.glob("s02.*")]
    rows = json_lines(taiyaku("pair", *chosen).stdout)
    assert len(rows) == 2
    judged = write_lines(tmp_path / "judged.jsonl", {**rows[0], "is_pair": False}, rows[1])
    assert [row["source_id"] for row in json_lines(taiyaku("pair", *chosen, "--pairs", judged).stdout)] == [
        rows[1]["source_id"]
    ]


def test_a_known_pair_of_an_article_that_is_not_there_is_an_error_with_its_line(
    taiyaku: Run, pages: Path, tmp_path: Path
) -> None:
    known = tmp_path / "known.csv"
    known.write_text("source_id,target_id\ns01.ja.html,nowhere.html\n", "utf-8")
    done = taiyaku("pair", *pages.glob("s01.*"), "--pairs", known)
    assert done.returncode == 2
    assert f"{known}:2" in done.stderr
    assert "nowhere.html" in done.stderr
    assert "Traceback" not in done.stderr


def test_several_processes_write_the_same_bytes(taiyaku: Run, tmp_path: Path) -> None:
    """Of more pages than are extracted before workers are started."""
    texts = [
        ("ja", "雪が{n}センチ積もった。電車が{n}分遅れた。"),
        ("en", "Snow piled up {n} cm. Trains were {n} minutes late."),
    ]
    rows = [{"id": str(n), "lang": lang, "text": text.format(n=n)} for n in range(400) for lang, text in texts]
    pages = write_lines(tmp_path / "pages.jsonl", *rows)
    for jobs in ("1", "2"):
        done = taiyaku("extract", pages, "-o", tmp_path / f"{jobs}.jsonl", "--jobs", jobs)
        assert done.returncode == 0, done.stderr
    assert len(read_table(tmp_path / "1.jsonl")) == 800
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_align_gives_each_sentence_of_a_document_exactly_one_bead(taiyaku: Run, tmp_path: Path) -> None:
    documents = write_lines(
        tmp_path / "docs.jsonl",
        {"id": "same", "source": JAPANESE, "target": ENGLISH},
        {"id": "by language", "ja": JAPANESE, "en": ENGLISH[::-1]},
        {"id": "no source", "source": [], "target": ENGLISH},
        {"id": "nothing", "source": [], "target": []},
        {"id": "one each", "source": JAPANESE[:1], "target": ENGLISH[:1]},
        {"source": JAPANESE, "target": ["", " "]},
    )
    out = tmp_path / "out.jsonl"
    assert taiyaku("align", documents, "-o", out).returncode == 0
    answers = read_table(out)
    assert [row["id"] for row in answers] == ["same", "by language", "no source", "nothing", "one each", "6"]
    for asked, answer in zip(read_table(documents), answers, strict=True):
        for side, lang in (("source", "ja"), ("target", "en")):
            indices = Counter(i for bead in answer["beads"] for i in bead[side])
            assert indices == Counter(range(len(asked.get(side) or asked.get(lang, []))))
        for bead in answer["beads"]:
            assert set(bead) == {"source", "target", "similarity", "probability"}
            assert 0 <= bead["probability"] <= 1
    assert [(b["source"], b["target"]) for b in answers[0]["beads"]] == [([0], [0]), ([1], [1]), ([2], [2])]
    assert ([1], [1]) in [(b["source"], b["target"]) for b in answers[1]["beads"]]


def test_align_reads_documents_from_a_pipe_and_parquet(taiyaku: Run, tmp_path: Path) -> None:
    row = {"id": "a", "source": JAPANESE, "target": ENGLISH}
    piped = taiyaku("align", "-", stdin=json.dumps(row))
    assert json_lines(piped.stdout)[0]["id"] == "a"
    documents, out = tmp_path / "docs.parquet", tmp_path / "out.parquet"
    pq.write_table(pa_table([row]), documents)
    assert taiyaku("align", documents, "-o", out).returncode == 0
    assert read_table(out) == json_lines(piped.stdout)


def pa_table(rows: list[Row]) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist(rows)


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    """A text and its translation, a paragraph each."""
    source, target = tmp_path / "a.ja.txt", tmp_path / "a.en.txt"
    source.write_text("".join(JAPANESE) + "\n", encoding="utf-8")
    target.write_text(" ".join(ENGLISH) + "\n", encoding="utf-8")
    return source, target


def sides(rows: list[Row]) -> list[tuple[str | None, str | None]]:
    return [(row["source_text"], row["target_text"]) for row in rows]


def test_align_cuts_two_texts_into_sentences_and_shows_them_in_beads(taiyaku: Run, texts: tuple[Path, Path]) -> None:
    done = taiyaku("align", *texts)
    assert sides(json_lines(done.stdout)) == list(zip(JAPANESE, ENGLISH, strict=True))
    assert "3 beads" in done.stderr


def test_presegmented_texts_keep_their_lines(taiyaku: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "ja", tmp_path / "en"
    source.write_text("雨。そして風。\n\n首相は辞任した\n", encoding="utf-8")
    target.write_text("Rain. And wind.\nThe prime minister\tresigned\n", encoding="utf-8")
    rows = json_lines(taiyaku("align", source, target, "--presegmented").stdout)
    kept = [text for row in rows for text in (row["source_text"], row["target_text"]) if text]
    assert "雨。そして風。" in kept
    assert ("首相は辞任した", "The prime minister\tresigned") in sides(rows)


def test_align_of_two_pages_drops_their_furniture(
    taiyaku: Run, pages: Path, gold: Mapping[str, Row], corpus: Path
) -> None:
    done = taiyaku("align", pages / "s01.ja.html", pages / "s01.en.html")
    rows = json_lines(done.stdout)
    for side in ("source", "target"):
        assert Counter(i for row in rows for i in row[side]) == Counter(range(len(gold["s01"][side]["sentences"])))
    built = list(open_corpus(corpus).rows("beads"))
    pair = next(row["pair_id"] for row in built if row["source_text"] == gold["s01"]["source"]["title"])
    assert [(row["source"], row["target"]) for row in rows] == [
        (row["source_sentences"], row["target_sentences"]) for row in built if row["pair_id"] == pair
    ]


def test_pages_option_drops_furniture_of_text_files_too(taiyaku: Run, pages: Path, gold: Mapping[str, Row]) -> None:
    chosen = (pages / "s12.ja.txt", pages / "s12.en.txt")
    rows = json_lines(taiyaku("align", *chosen, "--pages").stdout)
    assert sum(len(row["target"]) for row in rows) == len(gold["s12"]["target"]["sentences"])
    plain = json_lines(taiyaku("align", *chosen).stdout)
    assert sum(len(row["target"]) for row in plain) > len(gold["s12"]["target"]["sentences"])


def test_texts_given_the_wrong_way_round_get_a_message(taiyaku: Run, texts: tuple[Path, Path]) -> None:
    done = taiyaku("align", *reversed(texts))
    assert done.returncode == 2
    assert "a.en.txt is in en, expected ja" in done.stderr
    assert "--source-lang" in done.stderr
    assert done.stdout == ""
    swapped = taiyaku("align", *reversed(texts), "--source-lang", "en", "--target-lang", "ja")
    assert sides(json_lines(swapped.stdout)) == list(zip(ENGLISH, JAPANESE, strict=True))


@pytest.mark.parametrize("suffix", [".jsonl", ".tsv", ".tmx", ".html", ""])
def test_aligned_texts_are_written_by_suffix(
    taiyaku: Run, texts: tuple[Path, Path], tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"beads{suffix}"
    assert taiyaku("align", *texts, "-o", out).returncode == 0
    content = out.read_text(encoding="utf-8")
    assert all(sentence in content for sentence in (*JAPANESE, *ENGLISH))
    starts = {".jsonl": "{", "": "{", ".tsv": "bead_id\t", ".tmx": "<?xml", ".html": "<!doctype html>"}
    assert content.startswith(starts[suffix])


PAIRS = [
    {"id": "wrong", "source": JAPANESE[2], "target": ENGLISH[2]},
    {"id": "right", "source": JAPANESE[1], "target": ENGLISH[1], "date": "2026-05-20"},
]


def test_check_writes_a_line_for_each_pair(taiyaku: Run, tmp_path: Path) -> None:
    done = taiyaku("check", write_lines(tmp_path / "pairs.jsonl", *PAIRS))
    wrong, right = json_lines(done.stdout)
    assert right == {"id": "right", "findings": []}
    (finding,) = wrong["findings"]
    assert set(finding) == {
        *("category", "severity", "source_span", "target_span", "message"),
        *("check", "source_value", "target_value"),
    }
    assert (finding["source_value"], finding["target_value"]) == ("120,000,000", "12,000,000")
    assert (finding["category"], finding["severity"]) == ("number", "critical")
    assert [JAPANESE[2][slice(*finding["source_span"])], ENGLISH[2][slice(*finding["target_span"])]] == [
        "1億2000万円",
        "12 million yen",
    ]


def as_tsv() -> str:
    return "".join(f"{row['source']}\t{row['target']}\n" for row in PAIRS)


def as_tmx() -> str:
    units = "".join(
        f'<tu tuid="{row["id"]}"><tuv xml:lang="ja-JP"><seg>{row["source"]}</seg></tuv>'
        f'<tuv xml:lang="EN"><seg>{row["target"]}</seg></tuv></tu>'
        for row in PAIRS
    )
    return f'<?xml version="1.0"?><tmx version="1.4"><header/><body>{units}</body></tmx>'


def as_xliff(version: str) -> str:
    if version == "1.2":
        units = "".join(
            f'<trans-unit id="{row["id"]}"><source>{row["source"]}</source>'
            f"<target>{row['target']}</target></trans-unit>"
            for row in PAIRS
        )
        return (
            '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" '
            f'source-language="ja" target-language="en" datatype="plaintext"><body>{units}</body></file></xliff>'
        )
    units = "".join(
        f'<unit id="{row["id"]}"><segment><source>{row["source"]}</source>'
        f"<target>{row['target']}</target></segment></unit>"
        for row in PAIRS
    )
    return f'<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f">{units}</file></xliff>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pairs.tsv", as_tsv()),
        (
            "pairs.tsv",
            "id\tsource\tnote\ttarget\n" + "".join(f"{r['id']}\t{r['source']}\t\t{r['target']}\n" for r in PAIRS),
        ),
        ("pairs.tmx", as_tmx()),
        ("pairs.xlf", as_xliff("1.2")),
        ("pairs.xliff", as_xliff("2.0")),
        ("pairs.jsonl", "".join(json.dumps({"ja": r["source"], "en": r["target"]}) + "\n" for r in PAIRS)),
    ],
    ids=["tsv", "tsv with header", "tmx", "xliff 1.2", "xliff 2", "jsonl by language"],
)
def test_check_reads_every_format_alike(taiyaku: Run, tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    rows = json_lines(taiyaku("check", path).stdout)
    assert [len(row["findings"]) for row in rows] == [1, 0]


def test_check_reads_and_writes_parquet_and_reads_a_pipe(taiyaku: Run, tmp_path: Path) -> None:
    pq.write_table(pa_table(PAIRS), tmp_path / "pairs.parquet")
    out = tmp_path / "findings.parquet"
    assert taiyaku("check", tmp_path / "pairs.parquet", "-o", out).returncode == 0
    assert [len(row["findings"]) for row in read_table(out)] == [1, 0]
    piped = taiyaku("check", "-", stdin="".join(json.dumps(row) + "\n" for row in PAIRS))
    assert [row["id"] for row in json_lines(piped.stdout)] == ["wrong", "right"]


def test_check_of_a_corpus_gives_its_findings_again(taiyaku: Run, corpus: Path) -> None:
    found = {row["id"]: row["findings"] for row in json_lines(taiyaku("check", corpus).stdout)}
    beads = [row for row in open_corpus(corpus).rows("beads") if row["source_text"] and row["target_text"]]
    assert list(found) == [row["bead_id"] for row in beads]
    for row in open_corpus(corpus).rows("findings"):
        if row["bead_id"] not in found:  # a sentence without counterpart, of which there is nothing to compare
            continue
        assert row["message"] in [finding["message"] for finding in found[str(row["bead_id"])]]


def test_check_with_some_checks_only(taiyaku: Run, tmp_path: Path) -> None:
    pair = {
        "id": "1",
        "source": "犯人は3人だが見つかっていない。",
        "target": "There were 4 culprits, and they have been found.",
    }
    pairs = write_lines(tmp_path / "pairs.jsonl", pair)

    def found(*options: str) -> list[str]:
        return [finding["check"] for finding in json_lines(taiyaku("check", pairs, *options).stdout)[0]["findings"]]

    assert found("--checks", "number,negation") == ["number", "negation"]
    assert found("--checks", "number,negation", "--without", "number") == ["negation"]
    assert found("--checks", "name") == []
    wrong = taiyaku("check", pairs, "--checks", "grammar")
    assert wrong.returncode == 2
    assert "there is no check grammar; choose from number, date, unit, name" in wrong.stderr
    assert taiyaku("check", pairs, "--bar", "number=1").returncode == 2


def test_check_counts_findings_by_check(taiyaku: Run, tmp_path: Path) -> None:
    done = taiyaku("check", write_lines(tmp_path / "pairs.jsonl", *PAIRS), "-o", tmp_path / "out.jsonl", "--json")
    (counts,) = json_lines(done.stdout)
    assert (counts["pairs"], counts["findings"], counts["number"]) == (2, 1, 1)


@pytest.mark.parametrize("suffix", [".md", ".jsonl"])
def test_check_of_a_corpus_reports_on_each_pair_of_articles(
    taiyaku: Run, corpus: Path, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"reports{suffix}"
    done = taiyaku("check", corpus, "-o", tmp_path / "findings.jsonl", "--documents", out)
    assert done.returncode == 0, done.stderr
    pairs = [str(row["pair_id"]) for row in open_corpus(corpus).rows("pairs")]
    if suffix == ".md":
        pages = out.read_text("utf-8").split("\n---\n")
        assert len(pages) == len(pairs)
        assert all(
            f"pair {pair}" in page and "- covered: " in page for pair, page in zip(sorted(pairs), pages, strict=True)
        )
        return
    reports = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [report["pair_id"] for report in reports] == sorted(pairs)
    for report in reports:
        assert 0.3 < report["source_coverage"] <= 1
        assert 0.3 < report["target_coverage"] <= 1
        assert -1 <= report["tau"] <= 1
        found = [row for row in open_corpus(corpus).rows("findings") if row["pair_id"] == report["pair_id"]]
        assert sum(report["findings"].values()) == len(found)


def test_check_reports_on_articles_of_a_corpus_only(taiyaku: Run, tmp_path: Path) -> None:
    pairs = write_lines(tmp_path / "pairs.jsonl", *PAIRS)
    done = taiyaku("check", pairs, "--documents", tmp_path / "out.md")
    assert done.returncode == 2
    assert "--documents reports on pairs of articles, which only a corpus has" in done.stderr


@pytest.mark.parametrize(
    ("threshold", "target", "code"),
    [
        ("minor", "The city spent 12 million yen.", 1),
        ("critical", "The city spent 12 million yen.", 1),
        ("major", "The city spent 130 million yen.", 1),
        ("critical", "The city spent 130 million yen.", 0),
        ("minor", "The city spent 120 million yen.", 0),
    ],
)
def test_fail_on_ends_with_1_for_a_finding_that_severe(
    taiyaku: Run, tmp_path: Path, threshold: str, target: str, code: int
) -> None:
    pairs = write_lines(tmp_path / "pairs.jsonl", {"source": JAPANESE[2], "target": target})
    done = taiyaku("check", pairs, "--fail-on", threshold)
    assert done.returncode == code
    assert len(json_lines(done.stdout)) == 1


def test_exported_tsv_has_a_line_a_bead_and_is_read_back(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "beads.tsv"
    assert taiyaku("export", corpus, "--format", "tsv", "-o", out).returncode == 0
    header, *lines = out.read_text(encoding="utf-8").splitlines()
    beads = [row for row in open_corpus(corpus).rows("beads") if row["source_text"] and row["target_text"]]
    assert len(lines) == len(beads)
    assert {line.count("\t") for line in lines} == {header.count("\t")}
    from_corpus, from_tsv = (json_lines(taiyaku("check", place).stdout) for place in (corpus, out))
    assert from_tsv == from_corpus


def test_exported_jsonl_has_every_column_and_is_read_back(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "beads.jsonl"
    assert taiyaku("export", corpus, "-f", "jsonl", "--nulls", "-o", out).returncode == 0
    assert read_table(out) == list(open_corpus(corpus).rows("beads"))
    assert taiyaku("check", out).returncode == 0


def test_exported_tmx_is_wellformed_and_is_read_back(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "beads.tmx"
    assert taiyaku("export", corpus, "-f", "tmx", "-o", out).returncode == 0
    units = ElementTree.parse(out).getroot().findall("body/tu")
    beads = [row for row in open_corpus(corpus).rows("beads") if row["source_text"] and row["target_text"]]
    assert [unit.get("tuid") for unit in units] == [row["bead_id"] for row in beads]
    for unit, row in zip(units, beads, strict=True):
        assert [seg.text for seg in unit.iterfind("tuv/seg")] == [row["source_text"], row["target_text"]]
    from_corpus, from_tmx = (json_lines(taiyaku("check", place).stdout) for place in (corpus, out))
    assert from_tmx == from_corpus


def test_exported_html_shows_texts_as_text(taiyaku: Run, tmp_path: Path) -> None:
    rows = [
        {
            "lang": "ja",
            "date": "2026-03-01",
            "text": "首相は<b>20日</b>に<script>辞任</script>した。\n\n川があふれた。",
        },
        {
            "lang": "en",
            "date": "2026-03-01",
            "text": "The prime minister <b>resigned</b> & left on the 20th.\n\nIt was.",
        },
    ]
    articles = write_lines(tmp_path / "articles.jsonl", *rows)
    taiyaku("build", articles, "-o", tmp_path / "c", "--min-probability", "0")
    done = taiyaku("export", tmp_path / "c", "-f", "html", "--nulls")
    assert done.returncode == 0
    assert "<script>" not in done.stdout
    assert "&lt;script&gt;" in done.stdout
    assert "&lt;b&gt;resigned&lt;/b&gt; &amp; left" in done.stdout


def test_exported_beads_are_those_asked_for(taiyaku: Run, corpus: Path) -> None:
    def exported(*options: str) -> list[Row]:
        return json_lines(taiyaku("export", corpus, "-f", "jsonl", *options).stdout)

    probable, with_nulls, all_but_nulls = exported("--min-probability", "0.9"), exported("--nulls"), exported()
    assert 0 < len(probable) < len(all_but_nulls) < len(with_nulls)
    assert all(row["probability"] >= 0.9 for row in probable)
    assert all(row["source_text"] and row["target_text"] for row in all_but_nulls)


def test_export_overwrites_only_when_told(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "beads.tsv"
    out.write_text("mine", encoding="utf-8")
    refused = taiyaku("export", corpus, "-o", out)
    assert (refused.returncode, out.read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in refused.stderr
    assert taiyaku("export", corpus, "-o", out, "--force").returncode == 0
    assert out.read_text(encoding="utf-8").startswith("bead_id\t")
    assert [entry.name for entry in tmp_path.iterdir()] == ["beads.tsv"]


GOLD_ROW = {"id": "d", "source": JAPANESE, "target": ENGLISH, "gold": [[[0], [0]], [[1], [1]], [[2], [2]]]}


def test_eval_scores_predictions_against_gold(taiyaku: Run, tmp_path: Path) -> None:
    gold = write_lines(tmp_path / "gold.jsonl", GOLD_ROW)
    crossed = [{"source": [0], "target": [0]}, {"source": [1, 2], "target": [1]}, {"source": [], "target": [2]}]
    pred = write_lines(tmp_path / "pred.jsonl", {"id": "d", "beads": crossed})
    done = taiyaku("eval", gold, "--pred", pred, "--json")
    (scores,) = json.loads(done.stdout).values()
    assert scores["documents"] == 1
    assert scores["strict"] == {"precision": 0.5, "recall": 0.3333, "f1": 0.4}
    assert scores["lax"]["precision"] == 1.0
    assert scores["null"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert scores["crossing_recall"] is None


def test_eval_reads_what_align_writes_and_shows_a_table(taiyaku: Run, tmp_path: Path) -> None:
    gold, pred = write_lines(tmp_path / "gold.jsonl", GOLD_ROW), tmp_path / "pred.jsonl"
    taiyaku("align", gold, "-o", pred)
    scored, own = taiyaku("eval", gold, "--pred", pred, "--json"), taiyaku("eval", gold, "--json")
    assert list(json.loads(scored.stdout).values()) == list(json.loads(own.stdout).values())
    table = taiyaku("eval", gold, "--pred", pred, "--pred", gold)
    assert table.returncode == 0
    assert "strict" in table.stdout
    assert "calibration error, all" in table.stdout
    alone = taiyaku("eval", gold, "--pred", pred)
    assert f"{pred}: 1 documents" in alone.stdout
    assert "expected calibration error" in alone.stdout


def test_eval_draws_a_reliability_plot(taiyaku: Run, tmp_path: Path) -> None:
    gold, pred, plot = write_lines(tmp_path / "gold.jsonl", GOLD_ROW), tmp_path / "pred.jsonl", tmp_path / "plot.svg"
    taiyaku("align", gold, "-o", pred)
    assert taiyaku("eval", gold, "--pred", pred, "--plot", plot).returncode == 0
    drawn = ElementTree.parse(plot).getroot()
    assert drawn.tag.endswith("svg")
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}circle"))) > 0
    without = taiyaku("eval", gold, "--pred", gold, "--plot", plot)
    assert without.returncode == 2
    assert "no predicted bead has a probability" in without.stderr


def test_eval_refuses_a_prediction_of_other_sentences(taiyaku: Run, tmp_path: Path) -> None:
    gold = write_lines(tmp_path / "gold.jsonl", GOLD_ROW)
    pred = write_lines(tmp_path / "pred.jsonl", {"id": GOLD_ROW["id"], "beads": [{"source": [40], "target": [0]}]})
    refused = taiyaku("eval", gold, "--pred", pred)
    assert refused.returncode == 2
    assert "source sentence 40, which is in no gold bead" in refused.stderr


@pytest.mark.parametrize(
    ("bead", "said"),
    [
        ({"source": [0], "target": [0], "probability": "high"}, "'high' is not a probability"),
        ({"source": [0], "target": [0], "probability": 1.5}, "1.5 is not a probability"),
        ({"source": [0], "target": [0], "probability": float("nan")}, "nan is not a probability"),
        ([[0.5], [0]], "is not a bead"),
        ([[float("inf")], [0]], "is not a bead"),
        ([["0"], [0]], "is not a bead"),
        ([[-1], [0]], "is not a bead"),
    ],
)
def test_eval_says_what_is_wrong_with_a_bead(bead: object, said: str, taiyaku: Run, tmp_path: Path) -> None:
    gold = write_lines(tmp_path / "gold.jsonl", GOLD_ROW)
    pred = write_lines(tmp_path / "pred.jsonl", {"id": GOLD_ROW["id"], "beads": [bead]})
    refused = taiyaku("eval", gold, "--pred", pred)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert refused.stdout == ""


def test_documents_without_an_id_are_numbered_and_none_may_have_that_of_another(taiyaku: Run, tmp_path: Path) -> None:
    documents = write_lines(tmp_path / "docs.jsonl", *[{"id": None, "source": JAPANESE, "target": ENGLISH}] * 2)
    assert [row["id"] for row in json_lines(taiyaku("align", documents).stdout)] == ["1", "2"]
    gold = write_lines(tmp_path / "gold.jsonl", GOLD_ROW, GOLD_ROW)
    refused = taiyaku("eval", gold)
    assert refused.returncode == 2
    assert "stands further up" in refused.stderr


def test_align_explains_its_beads(taiyaku: Run, tmp_path: Path) -> None:
    documents = write_lines(tmp_path / "docs.jsonl", {"id": "a", "source": JAPANESE, "target": ENGLISH[:2]})
    beads = json_lines(taiyaku("align", documents, "--explain").stdout)[0]["beads"]
    for bead in beads:
        why = bead["explanation"]
        assert why["value"] == pytest.approx(sum(why["terms"].values()), abs=0.1)
        assert {"similarity", "background", "length", "numbers", "position", "words"} <= set(why["terms"])
    by_source = {tuple(bead["source"]): bead["explanation"] for bead in beads}
    assert by_source[0,]["words"]
    plain = json_lines(taiyaku("align", documents).stdout)[0]["beads"]
    assert [{k: v for k, v in bead.items() if k != "explanation"} for bead in beads] == plain
    texts = tmp_path / "a.ja.txt", tmp_path / "a.en.txt"
    for path, sentences in zip(texts, (JAPANESE, ENGLISH), strict=True):
        path.write_text("\n".join(sentences), "utf-8")
    assert "explanation" in json_lines(taiyaku("align", *texts, "--explain").stdout)[0]
    refused = taiyaku("align", *texts, "--explain", "-o", tmp_path / "beads.tmx")
    assert refused.returncode == 2
    assert ".tmx has no place for explanations" in refused.stderr


def test_align_leaves_no_sentence_alone_if_told_so(taiyaku: Run, tmp_path: Path) -> None:
    documents = write_lines(tmp_path / "docs.jsonl", {"id": "a", "source": JAPANESE, "target": ENGLISH[:2]})
    beads = json_lines(taiyaku("align", documents, "--no-null").stdout)[0]["beads"]
    assert all(bead["source"] and bead["target"] for bead in beads)


def test_segment_gives_offsets_that_hold(taiyaku: Run, tmp_path: Path) -> None:
    text = "雨が降った。「逃げて」と叫ぶ。\n川があふれた。"
    texts = write_lines(
        tmp_path / "texts.jsonl",
        {"id": "a", "lang": "ja", "text": text},
        {"text": "It was the end of it. Mr. Sato left at 3 p.m. and that was that."},
    )
    first, second = json_lines(taiyaku("segment", texts).stdout)
    assert list(first) == ["id", "lang", "sentences"]
    assert [s["text"] for s in first["sentences"]] == ["雨が降った。", "「逃げて」と叫ぶ。", "川があふれた。"]
    assert all(text[s["start"] : s["end"]] == s["text"] for s in first["sentences"])
    assert (second["id"], second["lang"], len(second["sentences"])) == ("2", "en", 2)


@pytest.mark.parametrize("charset", ["utf-8", "cp932"])
def test_segment_reads_a_text_file_in_its_charset(taiyaku: Run, tmp_path: Path, charset: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("雨が降り、川があふれた。住民は学校に逃げたという。".encode(charset))
    (row,) = json_lines(taiyaku("segment", path).stdout)
    assert (row["id"], row["lang"], len(row["sentences"])) == ("a.txt", "ja", 2)


@pytest.mark.parametrize(
    ("stdin", "count"),
    [('{"text": "雨が降った。"}\n{"text": "風も\u2028吹いた。"}\n', 2), ("雨が降った。風も吹いた。", 1)],
    ids=["rows", "plain text"],
)
def test_segment_reads_rows_or_a_text_from_a_pipe(taiyaku: Run, stdin: str, count: int) -> None:
    done = taiyaku("segment", "-", stdin=stdin)
    assert len(json_lines(done.stdout)) == count
    assert done.returncode == 0


def test_wrapped_lines_do_not_end_sentences(taiyaku: Run) -> None:
    text = "The river flooded\nthe town and its\nstation. All fled.\n\nNobody was hurt."
    as_it_looks, wrapped, plain = (
        json_lines(taiyaku("segment", "-", "--lang", "en", *options, stdin=text).stdout)[0]["sentences"]
        for options in ([], ["--wrapped"], ["--not-wrapped"])
    )
    assert (len(as_it_looks), len(wrapped), len(plain)) == (3, 3, 5)


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_segment_reads_and_writes_by_suffix(taiyaku: Run, tmp_path: Path, suffix: str) -> None:
    rows = [{"id": "a", "lang": "ja", "text": "雨が降った。風も吹いた。"}]
    texts, out = tmp_path / f"texts{suffix}", tmp_path / f"out{suffix}"
    if suffix == ".parquet":
        pq.write_table(pa_table(rows), texts)
    else:
        write_lines(texts, *rows)
    assert taiyaku("segment", texts, "-o", out).returncode == 0
    assert [len(row["sentences"]) for row in read_table(out)] == [2]


def test_demo_builds_a_corpus_shows_some_of_it_and_says_what_next(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    done = taiyaku("demo", "-o", tmp_path / "demo")
    assert done.returncode == 0
    assert list(open_corpus(tmp_path / "demo").rows("beads")) == list(open_corpus(corpus).rows("beads"))
    compared = [row for row in open_corpus(corpus).rows("findings") if row["source_value"] and row["target_value"]]
    gravest = max(compared, key=lambda row: ["minor", "major", "critical"].index(str(row["severity"])))
    assert str(gravest["message"]) in done.stdout
    assert f"taiyaku export {tmp_path / 'demo'}" in done.stdout
    assert "pairs" in done.stderr
    again = taiyaku("demo", "-o", tmp_path / "demo", "--json")
    assert json.loads(again.stdout)["pairs"] == 12


def test_demo_leaves_a_corpus_of_other_pages_alone(taiyaku: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "mine.jsonl", {"lang": "en", "text": "It rained.\n\nIt rained all day long."})
    assert taiyaku("build", tmp_path / "mine.jsonl", "-o", tmp_path / "corpus", "--quiet").returncode == 0
    done = taiyaku("demo", "-o", tmp_path / "corpus")
    assert done.returncode == 2
    assert "your own pages" in done.stderr
    assert len(list(open_corpus(tmp_path / "corpus").rows("articles"))) == 1


def test_a_blank_text_has_no_sentences(taiyaku: Run, tmp_path: Path) -> None:
    texts = write_lines(tmp_path / "texts.jsonl", {"id": "a", "text": " "}, {"id": "b", "text": "雨が降った。"})
    rows = json_lines(taiyaku("segment", texts).stdout)
    assert [(row["lang"], len(row["sentences"])) for row in rows] == [(None, 0), ("ja", 1)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("extract", "{pages}/s01.ja.html", "-o", "{out}"), {"pages": 1, "articles": 1, "rejected": 0}),
        (("pair", "{pages}/s01.ja.html", "-o", "{out}"), {"pairs": 0, "unpaired": 1, "rejected": 0}),
        (("segment", "{pages}/s07.ja.txt", "-o", "{out}"), {"texts": 1}),
        (("export", "{corpus}", "-o", "{out}", "--min-probability", "1", "--nulls"), {"beads": 0}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_json_summary_goes_to_standard_output_when_data_goes_to_a_file(
    taiyaku: Run, pages: Path, corpus: Path, tmp_path: Path, arguments: tuple[str, ...], expected: Row
) -> None:
    out = str(tmp_path / "out.jsonl")
    done = taiyaku(*(word.format(pages=pages, corpus=corpus, out=out) for word in arguments), "--json")
    assert json.loads(done.stdout) == {**expected, "output": out}


def test_json_summary_goes_to_standard_error_when_data_goes_to_standard_output(taiyaku: Run, pages: Path) -> None:
    done = taiyaku("segment", pages / "s07.ja.txt", "--json")
    assert json.loads(done.stderr) == {"texts": 1, "output": "-"}
    assert [row["id"] for row in json_lines(done.stdout)] == ["s07.ja.txt"]


def test_quiet_commands_say_nothing_but_their_data(taiyaku: Run, corpus: Path, pages: Path, tmp_path: Path) -> None:
    pairs = write_lines(tmp_path / "pairs.jsonl", *PAIRS)
    for arguments in (
        ("extract", pages / "s01.ja.html"),
        ("segment", pages / "s07.ja.txt"),
        ("check", pairs),
        ("export", corpus),
        ("pair", pages / "s01.ja.html", pages / "x01.html"),
    ):
        assert taiyaku(*arguments, "--quiet").stderr == ""


def test_articles_go_from_command_to_command_through_standard_input(taiyaku: Run, pages: Path) -> None:
    articles = taiyaku("extract", pages / "s01.ja.html", pages / "s01.en.html", "--quiet").stdout
    assert len(json_lines(taiyaku("pair", "-", stdin=articles).stdout)) == 1


def test_a_page_is_read_from_standard_input(taiyaku: Run, pages: Path) -> None:
    page = (pages / "s01.en.html").read_text(encoding="utf-8")
    (article,) = json_lines(taiyaku("extract", "-", stdin=page).stdout)
    assert (article["path"], article["lang"]) == ("-", "en")


def test_export_goes_by_the_suffix_when_no_format_is_named(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    assert taiyaku("export", corpus, "-o", tmp_path / "beads.tmx").returncode == 0
    assert (tmp_path / "beads.tmx").read_text(encoding="utf-8").startswith("<?xml")
    refused = taiyaku("export", corpus, "-o", tmp_path / "beads.docx")
    assert (refused.returncode, "no format 'docx'" in refused.stderr) == (2, True)


def test_building_again_from_another_path_knows_the_same_pages(in_subprocess: Run, pages: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for name in ("s01.ja.html", "s01.en.html"):
        (few / name).write_bytes((pages / name).read_bytes())
    assert in_subprocess("build", few, "-o", tmp_path / "corpus").returncode == 0
    again = in_subprocess("build", "few", "-o", "corpus", "--json", cwd=tmp_path)
    assert json.loads(again.stdout)["rejected"] == {}
    assert json.loads(again.stdout)["articles"] == {"ja": 1, "en": 1}


def test_extract_reads_an_archive_of_tables_and_pages_by_the_names_of_their_columns(
    taiyaku: Run, tmp_path: Path
) -> None:
    body = "The river rose by two meters on Friday night, and dozens of people fled their homes in Mito."
    table = f'headline,body,published,menu\n"Flood, again","{body}",2026-03-05,x\nStorm,,2026-03-06,x\n'
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("export/articles.csv", table)
        archive.writestr("export/page.txt", f"Bridge opens in Mito\nMarch 7, 2026\n{body.replace('river', 'lake')}\n")
        archive.writestr("export/logo.png", b"\x89PNG")
    fields = "title=headline,text=body,date=published"
    rejects = tmp_path / "rejects.jsonl"
    done = taiyaku("extract", tmp_path / "pages.zip", "--fields", fields, "--rejects", rejects)
    articles = {row["title"]: row for row in json_lines(done.stdout)}
    assert set(articles) == {"Flood, again", "Bridge opens in Mito"}
    assert articles["Flood, again"]["date"] == "2026-03-05"
    assert articles["Flood, again"]["text"].endswith(body)
    assert articles["Flood, again"]["path"].endswith("pages.zip/export/articles.csv:2")
    assert {row["reason"] for row in read_table(rejects)} == {"no-body", "unsupported"}
    wrong = taiyaku("extract", tmp_path / "pages.zip", "--fields", "headline=title")
    assert wrong.returncode == 2
    assert "--fields 'headline=title'" in wrong.stderr
    misspelt = taiyaku("extract", tmp_path / "pages.zip", "--fields", "title=headlin,text=body")
    assert misspelt.returncode == 2
    assert "no row has a column headlin" in misspelt.stderr


def test_unreadable_characters_are_counted_and_the_page_is_named(taiyaku: Run, tmp_path: Path) -> None:
    text = "川があふれ、水戸市では千人が避難した。けが人はいないという。".encode("cp932") + b"\x81"
    (tmp_path / "a.txt").write_bytes(text)
    done = taiyaku("extract", tmp_path / "a.txt", "-o", tmp_path / "out.jsonl")
    assert "a.txt: 1 characters are unreadable" in " ".join(done.stderr.split())
    counted = taiyaku("extract", tmp_path / "a.txt", "-o", tmp_path / "out.jsonl", "--json")
    assert json_lines(counted.stdout)[0]["characters unreadable"] == 1


def test_segment_leaves_lines_that_are_sentences_alone(taiyaku: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("雨が降った。川があふれた。\n\n 人々は逃げた。\n", encoding="utf-8")
    (row,) = json_lines(taiyaku("segment", path, "--presegmented").stdout)
    assert [one["text"] for one in row["sentences"]] == ["雨が降った。川があふれた。", "人々は逃げた。"]
    assert [one["start"] for one in row["sentences"]] == [0, 16]
    wrong = taiyaku("segment", path, "--presegmented", "--wrapped")
    assert wrong.returncode == 2
    assert "contradict" in wrong.stderr


def test_segment_keeps_the_ids_of_articles_and_leaves_pages_to_extract(
    taiyaku: Run, pages: Path, tmp_path: Path
) -> None:
    page = next(pages.glob("*.html"))
    articles = tmp_path / "articles.jsonl"
    taiyaku("extract", page, "-o", articles)
    (article,) = json_lines(articles.read_text(encoding="utf-8"))
    (row,) = json_lines(taiyaku("segment", articles).stdout)
    assert row["id"] == article["article_id"]
    refused = taiyaku("segment", page)
    assert refused.returncode == 2
    assert "taiyaku extract" in refused.stderr


def test_beads_of_two_texts_have_ids_that_check_gives_back(taiyaku: Run, tmp_path: Path) -> None:
    (tmp_path / "ja.txt").write_text("雨が降った。\n千人が逃げた。\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("It rained.\nA thousand people fled.\n", encoding="utf-8")
    beads = tmp_path / "beads.tsv"
    taiyaku("align", tmp_path / "ja.txt", tmp_path / "en.txt", "-o", beads)
    assert [row["id"] for row in json_lines(taiyaku("check", beads).stdout)] == ["1", "2"]


@pytest.mark.parametrize("lang", ["Japanese", "ja,en", ""])
def test_a_language_that_is_no_code_is_refused(taiyaku: Run, tmp_path: Path, lang: str) -> None:
    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    for command in (("extract", "--lang"), ("segment", "--lang"), ("pair", "--source-lang")):
        refused = taiyaku(command[0], tmp_path / "a.txt", command[1], lang)
        assert refused.returncode == 2
        assert "is no language code" in refused.stderr


def test_a_language_may_be_written_in_capitals(taiyaku: Run, pages: Path) -> None:
    assert taiyaku("extract", *pages.glob("s01.en.*"), "--lang", "EN").returncode == 0


def test_a_corpus_does_not_go_to_standard_output(taiyaku: Run, pages: Path) -> None:
    refused = taiyaku("build", pages, "-o", "-")
    assert refused.returncode == 2
    assert not Path("-").exists()


def test_pages_from_standard_input_do_not_replace_one_another(taiyaku: Run, tmp_path: Path) -> None:
    text = "The river rose by two meters on Friday night, and dozens of people fled their homes in Mito."
    for story in (text, text.replace("river", "lake")):
        assert taiyaku("build", "-", "-o", tmp_path / "corpus", stdin=story).returncode == 0
    assert len(list(open_corpus(tmp_path / "corpus").rows("articles"))) == 2


def test_a_plot_is_svg_and_says_so(taiyaku: Run, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "1", "source": ["雨。"], "target": ["Rain."], "gold": [[[0], [0]]]}\n', encoding="utf-8")
    refused = taiyaku("eval", gold, "--plot", tmp_path / "plot.png")
    assert refused.returncode == 2
    assert ".svg" in refused.stderr
