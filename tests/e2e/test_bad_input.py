"""Whatever is given, there is a clear message or a reject with a reason, and the rest of the batch goes on.

A case that ends in an error this project did not foresee fails by raising it: see the `taiyaku` fixture.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]
Row = dict[str, Any]

FRENCH = (
    "Le gouvernement a annoncé mardi que la loi sur les ports entrera en vigueur dans le pays. Les bateaux ne sont pas "
    "concernés par ce texte, et il est trop tard pour une autre mesure, a dit la ministre aux journalistes.\n"
)
CHINESE = (
    "政府周二宣布，新的港口管理法将于明年在全国实施。这项法律要求船主登记停泊地点，否则将被处以罚款。"
    "负责这项工作的官员对记者说，时间已经不多了，各地应该马上开始准备。\n"
)
KOREAN = (
    "정부는 화요일 새로운 항만 관리법이 내년부터 전국에서 시행된다고 발표했다. 이 법은 선주에게 정박 장소를 "
    "등록하도록 요구하며, 위반하면 벌금을 부과한다. 담당자는 기자들에게 시간이 얼마 남지 않았다고 말했다.\n"
)


@pytest.fixture
def batch(pages: Path, tmp_path: Path) -> Path:
    """A folder with one good pair of pages, to which a test adds something bad."""
    folder = tmp_path / "batch"
    folder.mkdir()
    for page in pages.glob("s01.*"):
        (folder / page.name).write_bytes(page.read_bytes())
    return folder


def build(taiyaku: Run, batch: Path, *options: str) -> tuple[CompletedProcess[str], dict[str, Row]]:
    """Build from a batch; the good pair must come through. Returns what was said, and rejects by name of the page."""
    place = batch.parent / "corpus"
    done = taiyaku("build", batch, "-o", place, *options)
    assert done.returncode in (0, 1), done.stderr
    corpus = open_corpus(place)
    assert len(list(corpus.rows("pairs"))) == 1
    return done, {str(row["path"]).removeprefix(f"{batch}/"): row for row in corpus.rows("rejects")}


@pytest.mark.parametrize(
    ("name", "content", "stage", "reason"),
    [
        ("a.html", b"", "read", "empty"),
        ("a.txt", b" \n\t\n", "read", "empty"),
        ("a.html", bytes(range(256)) * 20, "read", "binary"),
        ("a.txt", bytes(range(256)) * 20, "read", "binary"),
        ("a.pdf", b"%PDF-1.7\n", "read", "unsupported"),
        ("a", b"It rained.", "read", "unsupported"),
        (
            "a.html",
            b"<html><body><nav><a href=/>Home</a><a href=/news>News</a></nav></body></html>",
            "extract",
            "no-article",
        ),
        (
            "a.html",
            b"<html><title>Flood in Mito</title><body><h1>Flood in Mito, Ibaraki</h1></body>",
            "extract",
            "no-article",
        ),
        ("a.txt", FRENCH.encode(), "extract", "language"),
        ("a.txt", CHINESE.encode(), "extract", "language"),
        ("a.txt", KOREAN.encode(), "extract", "language"),
        ("a.html", f"<html lang=en><p>{FRENCH}</p>".encode(), "extract", "language"),
        ("a.parquet", b"PAR1 and no more", "read", "malformed"),
        ("a.jsonl", b"{not json}\n", "read", "malformed"),
        ("a.jsonl", b"[1, 2]\n", "read", "malformed"),
        ("a.jsonl", b'{"lang": "en", "text": "\xff\xfe"}\n', "read", "undecodable"),
        ("a.jsonl", b'{"lang": "en"}\n', "extract", "malformed"),
        ("a.jsonl", b'{"lang": "en", "text": 5}\n', "extract", "malformed"),
        ("a.jsonl", b'{"lang": "en", "text": ""}\n', "extract", "empty"),
        ("a.jsonl", b'{"lang": "en", "title": "Flood", "text": "  "}\n', "extract", "no-body"),
        ("a.jsonl", b'{"lang": "fr", "text": "Bonjour."}\n', "extract", "language"),
        ("a.jsonl", b'{"lang": "en", "text": "It", "paragraphs": [{"start": 0, "end": 9}]}\n', "extract", "malformed"),
        ("a.jsonl", b'{"text": %s}\n' % (b"[" * 100_000), "read", "malformed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_page_becomes_a_reject_and_the_batch_goes_on(
    taiyaku: Run, batch: Path, name: str, content: bytes, stage: str, reason: str
) -> None:
    (batch / name).write_bytes(content)
    done, rejects = build(taiyaku, batch)
    (row,) = rejects.values()
    assert (row["stage"], row["reason"]) == (stage, reason)
    assert str(row["path"]).startswith(str(batch / name))
    assert len(row["detail"].split()) >= 3
    assert done.returncode == 0
    assert reason in done.stderr
    assert name in done.stderr


def test_strict_batch_ends_with_1(taiyaku: Run, batch: Path) -> None:
    (batch / "a.html").touch()
    done, _ = build(taiyaku, batch, "--strict")
    assert done.returncode == 1


def test_broken_link_is_a_reject(taiyaku: Run, batch: Path) -> None:
    (batch / "a.html").symlink_to(batch / "nowhere.html")
    _, rejects = build(taiyaku, batch)
    assert rejects["a.html"]["reason"] == "unreadable"


def test_pipe_in_a_folder_is_a_reject_and_does_not_hang(taiyaku: Run, batch: Path) -> None:
    os.mkfifo(batch / "a.html")
    _, rejects = build(taiyaku, batch)
    assert rejects["a.html"]["reason"] == "unreadable"


def test_folder_that_is_called_like_a_page_is_walked(taiyaku: Run, batch: Path) -> None:
    (batch / "a.html").mkdir()
    (batch / "a.html" / "b.txt").write_bytes(b"")
    _, rejects = build(taiyaku, batch)
    assert list(rejects) == ["a.html/b.txt"]


def test_file_name_that_is_not_utf8_is_written_with_replacement_characters(
    in_subprocess: Run, batch: Path, pages: Path
) -> None:
    (batch / os.fsdecode(b"o02\xff.txt")).write_bytes((pages / "o02.ja.txt").read_bytes())
    (batch / os.fsdecode(b"empty\xff.txt")).touch()
    places = [
        contents_after(in_subprocess("build", batch, "-o", batch.parent / "corpus", "--json"))["rejects"] for _ in "12"
    ]
    assert places[0] == places[1]
    assert {Path(str(row["path"])).name: row["reason"] for row in places[0]} == {
        "o02\ufffd.txt": "unpaired",
        "empty\ufffd.txt": "empty",
    }


def contents_after(done: CompletedProcess[str]) -> dict[str, list[Row]]:
    """All tables of the corpus that a build with --json wrote."""
    assert done.returncode == 0, done.stderr
    corpus = open_corpus(json.loads(done.stdout)["corpus"])
    return {table: list(corpus.rows(table)) for table in ("articles", "beads", "rejects")}


def test_corpus_among_the_pages_is_not_read_as_pages(taiyaku: Run, batch: Path) -> None:
    tables = [contents_after(taiyaku("build", batch, "-o", batch / "corpus", "--json")) for _ in "12"]
    assert tables[0] == tables[1]
    assert tables[0]["rejects"] == []


def test_page_that_is_there_twice_is_kept_once(taiyaku: Run, batch: Path) -> None:
    (batch / "z.html").write_bytes((batch / "s01.en.html").read_bytes())
    _, rejects = build(taiyaku, batch)
    assert rejects["z.html"]["reason"] == "duplicate"
    assert "s01.en.html" in rejects["z.html"]["detail"]


def test_undecodable_bytes_do_not_cost_a_page(taiyaku: Run, batch: Path) -> None:
    page = batch / "s01.en.html"
    page.write_bytes(page.read_bytes().replace(b"Port and Harbor", b"Port \xff\xfe\x81 Harbor"))
    _, rejects = build(taiyaku, batch)
    assert rejects == {}


def test_nul_bytes_and_control_characters_do_not_reach_the_corpus(taiyaku: Run, batch: Path) -> None:
    page = batch / "s01.en.html"
    page.write_bytes(page.read_bytes().replace(b"pleasure boats", b"pleas\x00ure\x1b[31m boats"))
    _, rejects = build(taiyaku, batch)
    assert rejects == {}
    for row in open_corpus(batch.parent / "corpus").rows("articles"):
        assert not any(ord(character) < 32 and character != "\n" for character in str(row["text"]))


def test_nested_tags_without_end_do_not_stop_the_batch(taiyaku: Run, batch: Path) -> None:
    (batch / "div.html").write_text("<html><body>" + "<div>" * 100_000 + "The river flooded.", encoding="utf-8")
    (batch / "bold.html").write_text("<html><body>" + "<b><i>" * 50_000 + "The river flooded.", encoding="utf-8")
    _, rejects = build(taiyaku, batch)
    assert {name: row["reason"] for name, row in rejects.items()} == dict.fromkeys(
        ("div.html", "bold.html"), "malformed"
    )


def test_page_of_20_megabytes_is_read(taiyaku: Run, batch: Path) -> None:
    """A browser's saved page holds its pictures; the article is as short as ever."""
    page = batch / "s01.en.html"
    picture = "<img src='data:image/png;base64,{}'>".format("iVBORw0KGgo" * (20 * 2**20 // 11))
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", f"{picture}</body>"), encoding="utf-8")
    assert page.stat().st_size > 20 * 2**20
    _, rejects = build(taiyaku, batch)
    assert rejects == {}


def test_page_beyond_all_measure_is_a_reject_that_is_not_even_opened(taiyaku: Run, batch: Path) -> None:
    with (batch / "a.html").open("wb") as file:
        file.truncate(2**40)
    _, rejects = build(taiyaku, batch)
    assert rejects["a.html"]["reason"] == "too-large"


def test_rows_with_lone_surrogates_are_written_as_replacement_characters(taiyaku: Run, tmp_path: Path) -> None:
    broken = {
        "id": "a\ud800",
        "lang": "ja",
        "url": "http://a.example/\udfff",
        "text": "雨が\ud800降った。川があふれた。",
    }
    articles = tmp_path / "a.jsonl"
    articles.write_text(json.dumps(broken) + "\n", encoding="utf-8")
    extracted = json.loads(taiyaku("extract", articles).stdout)
    assert extracted["text"] == "雨が\ufffd降った。川があふれた。"
    assert taiyaku("build", articles, "-o", tmp_path / "corpus").returncode == 0
    segmented = json.loads(taiyaku("segment", articles).stdout)
    assert [s["text"] for s in segmented["sentences"]] == ["雨が\ufffd降った。", "川があふれた。"]
    pair = {"id": "\ud800", "source": "雨が\ud800100ミリ降った。", "target": "Rain of \udfff200 mm fell."}
    (tmp_path / "p.jsonl").write_text(json.dumps(pair) + "\n", encoding="utf-8")
    assert len(json.loads(taiyaku("check", tmp_path / "p.jsonl").stdout)["findings"]) == 1
    document = {"id": "\ud800", "source": ["雨が\ud800降った。"], "target": ["It \udfffrained."], "gold": [[[0], [0]]]}
    (tmp_path / "d.jsonl").write_text(json.dumps(document) + "\n", encoding="utf-8")
    assert json.loads(taiyaku("align", tmp_path / "d.jsonl").stdout)["id"] == "\ufffd"
    assert taiyaku("eval", tmp_path / "d.jsonl").returncode == 0


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_lone_surrogates_can_be_written_to_every_kind_of_file(taiyaku: Run, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"lang": "ja", "text": "雨が\\ud800降った。"}\n', encoding="utf-8")
    for command in ("segment", "extract"):
        assert taiyaku(command, tmp_path / "a.jsonl", "-o", tmp_path / f"{command}{suffix}").returncode == 0


USAGE, NOTHING_USABLE = 2, 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("build", "{empty}", "-o", "{new}"), NOTHING_USABLE, ("holds no file",)),
        (("build", "{tmp}/none", "-o", "{new}"), USAGE, ("none does not exist",)),
        (("build", "{tmp}/*.xhtml", "-o", "{new}"), USAGE, ("no file matches",)),
        (("build", "{pages}/x01.html", "-o", "{new}"), NOTHING_USABLE, ("no article", "1 no-article", "x01.html")),
        (("extract", "{pages}/x01.html", "-o", "{new}"), NOTHING_USABLE, ("no article",)),
        (("pair", "{pages}/x01.html"), NOTHING_USABLE, ("no article",)),
        (("extract", "{empty}"), NOTHING_USABLE, ("holds no file",)),
        (("build", "-o", "{new}"), USAGE, ("inputs",)),
        (("build", "{pages}"), USAGE, ("--output",)),
        (("build", "{pages}", "-o", "{new}", "--min-probability", "2"), USAGE, ("--min-probability",)),
        (("build", "{pages}", "-o", "{new}", "--max-source", "0"), USAGE, ("--max-source",)),
        (("build", "{pages}", "-o", "{new}", "--window-days", "-1"), USAGE, ("--window-days",)),
        (("build", "{pages}", "-o", "{new}", "--windowdays", "1"), USAGE, ("--windowdays",)),
        (("build", "{pages}", "-o", "{new}", "--encoder", "{tmp}/none"), USAGE, ("no encoder folder", "none")),
        (("build", "{pages}", "-o", "{new}", "--encoder", "{pages}"), USAGE, ("not a sentence-transformers model",)),
        (
            ("build", "{pages}", "-o", "{new}", "--source-lang", "fr"),
            USAGE,
            ("Japanese and English, not fr", "--encoder"),
        ),
        (("pair", "{pages}", "--target-lang", "de"), USAGE, ("not de", "--encoder")),
        (("align", "{texts}", "{texts}", "--source-lang", "zh"), USAGE, ("not zh", "--encoder")),
        (("align", "{tmp}/none.txt", "{texts}"), USAGE, ("none.txt",)),
        (("align", "{pages}/x01.html", "{texts}"), USAGE, ("x01.html holds no article",)),
        (("align", "{empty}", "{texts}"), USAGE, ("not a file",)),
        (("align", "{pages}/s01.ja.html", "{pages}/s01.en.html", "-o", "{tmp}/a.docx"), USAGE, ("docx", "tmx")),
        (("align", "{pages}/s01.ja.html"), USAGE, ("s01.ja.html:1 is not JSON",)),
        (("segment", "{tmp}/none.txt"), USAGE, ("none.txt",)),
        (("segment", "{empty}"), USAGE, ("not a file",)),
        (("check", "{tmp}/none.jsonl"), USAGE, ("none.jsonl cannot be read",)),
        (("check", "{texts}.docx"), USAGE, ("texts.docx does not exist",)),
        (("check", "{pages}/s01.ja.html"), USAGE, ("unknown kind of file", ".tmx")),
        (("extract", "{pages}", "-o", "{tmp}/articles.csv"), USAGE, (".jsonl or .parquet, not as .csv",)),
        (("check", "{corpus}", "--fail-on", "terrible"), USAGE, ("terrible", "minor, major, critical")),
        (("check", "{empty}"), USAGE, ("is not a corpus",)),
        (("check", "{corpus}", "-o", "{tmp}/no/such/f.jsonl"), USAGE, ("f.jsonl cannot be written",)),
        (("export", "{corpus}", "-f", "docx"), USAGE, ("no format 'docx'", "html, jsonl, tmx, tsv")),
        (("export", "{pages}"), USAGE, ("is not a corpus",)),
        (("export", "{tmp}/none"), USAGE, ("is not a corpus",)),
        (("export", "{corpus}", "-o", "{tmp}/no/such/f.tsv"), USAGE, ("f.tsv cannot be written",)),
        (("extract", "{pages}/s01.ja.html", "-o", "{empty}"), USAGE, ("is a folder",)),
        (("eval", "{tmp}/none.jsonl"), USAGE, ("none.jsonl cannot be read",)),
        (("bild", "{pages}"), USAGE, ("bild",)),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) and value[0].isalpha() else "",
)
def test_wrong_call_gets_a_message_and_its_exit_code(
    taiyaku: Run,
    corpus: Path,
    pages: Path,
    tmp_path: Path,
    arguments: tuple[str, ...],
    code: int,
    words: tuple[str, ...],
) -> None:
    empty, texts, new = tmp_path / "empty", tmp_path / "texts", tmp_path / "new"
    empty.mkdir()
    texts.write_text("It rained and it was the end of the day.", encoding="utf-8")
    places = {"tmp": tmp_path, "empty": empty, "texts": texts, "new": new, "pages": pages, "corpus": corpus}
    done = taiyaku(*(word.format(**places) for word in arguments))
    assert done.returncode == code, done.stderr
    message = " ".join(done.stderr.replace("│", " ").split())
    assert all(word in message for word in words), message
    assert "Traceback" not in message
    assert not new.is_dir()
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry != new) == ["empty", "texts"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", '{"source": "雨"', ("a.jsonl:1 is not JSON",)),
        ("a.jsonl", '{"source": "雨", "target": "Rain"}\n[1]\n', ("a.jsonl:2", "expected a JSON object")),
        ("a.jsonl", '{"source": "雨"}\n', ("a.jsonl:1 has no text for both sides", "source")),
        ("a.jsonl", '{"source": 5, "target": "Rain"}\n', ("a.jsonl:1 has no text for both sides",)),
        ("a.jsonl", "[" * 100_000, ("a.jsonl:1 is not JSON",)),
        ("a.tsv", "雨\n", ("a.tsv:1 has 1 columns, expected at least 2",)),
        ("a.tmx", "<tmx><body><tu>", ("a.tmx cannot be read as XML",)),
        ("a.tmx", "", ("a.tmx cannot be read as XML",)),
        (
            "a.tmx",
            "<tmx><tu><tuv xml:lang='fr'><seg>a</seg></tuv></tu></tmx>",
            ("a.tmx:1: unit 1", "fr", "--source-lang"),
        ),
        ("a.xlf", "<xliff><file>", ("a.xlf cannot be read as XML",)),
        ("a.parquet", "PAR1", ("a.parquet cannot be read as Parquet",)),
    ],
    ids=lambda value: value[:16] if isinstance(value, str) else "",
)
def test_malformed_pairs_get_a_message_that_says_where(
    taiyaku: Run, tmp_path: Path, name: str, content: str, words: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    done = taiyaku("check", tmp_path / name, "-o", tmp_path / "out.jsonl")
    assert done.returncode == USAGE
    assert all(word in done.stderr for word in words), done.stderr
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("name", ["a.jsonl", "a.tsv"])
def test_pairs_that_are_not_utf8_get_a_message(taiyaku: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes("雨が降った。\tIt rained.\n".encode("cp932"))
    done = taiyaku("check", tmp_path / name)
    assert done.returncode == USAGE
    assert name in done.stderr


def test_entities_of_an_xml_file_are_not_expanded(taiyaku: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("9876", encoding="utf-8")
    (tmp_path / "a.tmx").write_text(
        f'<!DOCTYPE tmx [<!ENTITY s SYSTEM "file://{secret}"><!ENTITY a "12"><!ENTITY b "&a;&a;&a;&a;">]><tmx><body>'
        '<tu><tuv xml:lang="ja"><seg>&s;円</seg></tuv><tuv xml:lang="en"><seg>&b; yen</seg></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    done = taiyaku("check", tmp_path / "a.tmx")
    assert "9876" not in done.stdout + done.stderr
    assert "1212" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"id": "a", "source": ["a", 5], "target": ["b"]}', ("d.jsonl:1", "list of sentences")),
        ('{"id": "a", "source": "a", "target": "b"}', ("d.jsonl:1", "list of sentences")),
        ('{"id": "a", "source": ["a"]}', ("d.jsonl:1", "'target' or 'en'")),
        ("5", ("d.jsonl:1", "expected a JSON object")),
    ],
)
def test_malformed_documents_get_a_message_that_says_where(
    taiyaku: Run, tmp_path: Path, content: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "d.jsonl").write_text(content, encoding="utf-8")
    done = taiyaku("align", tmp_path / "d.jsonl")
    assert done.returncode == USAGE
    assert all(word in done.stderr for word in words), done.stderr


def test_gold_without_a_document_is_no_usable_input(taiyaku: Run, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("\n", encoding="utf-8")
    done = taiyaku("eval", tmp_path / "gold.jsonl")
    assert (done.returncode, done.stdout) == (NOTHING_USABLE, "")
    assert "no document" in done.stderr


@pytest.mark.parametrize(
    ("gold", "pred", "words"),
    [
        ('{"id": "a", "gold": [5]}', "", ("gold.jsonl:1", "5 is not a bead")),
        ('{"id": "a"}', "", ("gold.jsonl:1 has neither gold nor beads",)),
        ('{"id": "a", "gold": []}', '{"id": "b", "beads": []}', ("1 of 1 gold documents have no prediction", "'a'")),
        ('{"id": "a", "gold": []}', '{"id": "a", "beads": [{"source": [0]}]}', ("pred.jsonl:1", "is not a bead")),
    ],
)
def test_malformed_gold_and_predictions_get_a_message(
    taiyaku: Run, tmp_path: Path, gold: str, pred: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "gold.jsonl").write_text(gold, encoding="utf-8")
    (tmp_path / "pred.jsonl").write_text(pred, encoding="utf-8")
    done = taiyaku("eval", tmp_path / "gold.jsonl", "--pred", tmp_path / "pred.jsonl")
    assert done.returncode == USAGE
    assert all(word in done.stderr for word in words), done.stderr


@pytest.mark.parametrize("stdin", ["", " \n"], ids=["nothing", "white space"])
def test_no_text_at_all_gets_a_message(taiyaku: Run, stdin: str) -> None:
    done = taiyaku("segment", "-", stdin=stdin)
    assert done.returncode == NOTHING_USABLE
    assert "no text" in done.stderr


def test_text_of_unclear_language_does_not_stop_the_batch(taiyaku: Run) -> None:
    done = taiyaku("segment", "-", stdin='{"text": "5"}\n{"text": "雨が降った。"}\n')
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["lang"], len(row["sentences"])) for row in rows] == [(None, 1), ("ja", 1)]


@pytest.mark.parametrize("command", ["check", "segment", "eval"])
def test_file_without_rows_is_no_usable_input(taiyaku: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    done = taiyaku(command, tmp_path / "empty.jsonl")
    assert (done.returncode, done.stdout) == (NOTHING_USABLE, "")


def test_text_file_that_holds_rows_gets_a_message(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "雨"}\n', encoding="utf-8")
    done = taiyaku("align", pages / "s01.ja.html", tmp_path / "rows.jsonl")
    assert done.returncode == USAGE
    assert "rows" in done.stderr


def test_folder_that_is_no_corpus_is_left_as_it_is(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "diary.txt").write_text("private", encoding="utf-8")
    (mine / "corpus.json").write_text('{"by": "another tool"}', encoding="utf-8")
    for command in (("build", pages, "-o", mine), ("build", pages, "-o", mine, "--fresh"), ("demo", "-o", mine)):
        done = taiyaku(*command)
        assert done.returncode == USAGE
        assert "is not a corpus" in done.stderr
        assert "left as it is" in done.stderr
    assert {file.name: file.read_text(encoding="utf-8") for file in mine.iterdir()} == {
        "diary.txt": "private",
        "corpus.json": '{"by": "another tool"}',
    }


def test_output_that_is_a_file_is_left_as_it_is(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("private", encoding="utf-8")
    for place in (mine, mine / "below"):
        done = taiyaku("build", pages, "-o", place)
        assert done.returncode == USAGE
        assert "file" in done.stderr
    assert mine.read_text(encoding="utf-8") == "private"
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine"]


def test_output_in_a_folder_that_cannot_be_made_gets_a_message(taiyaku: Run, pages: Path) -> None:
    done = taiyaku("build", pages / "s01.ja.html", "-o", "/proc/none/corpus")
    assert done.returncode == USAGE
    assert "/proc/none/corpus cannot be written" in done.stderr


def test_folders_above_a_new_corpus_are_made(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    assert taiyaku("build", pages / "s01.ja.html", "-o", tmp_path / "a" / "b" / "c").returncode == 0
    assert [entry.name for entry in (tmp_path / "a" / "b").iterdir()] == ["c"]


def test_corpus_stays_when_the_next_build_finds_nothing_usable(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    place = tmp_path / "corpus"
    taiyaku("build", pages / "s01.ja.html", "-o", place)
    before = {str(file): file.read_bytes() for file in place.rglob("*") if file.is_file()}
    assert taiyaku("build", pages / "x01.html", "-o", place, "--fresh").returncode == NOTHING_USABLE
    assert {str(file): file.read_bytes() for file in place.rglob("*") if file.is_file()} == before


def test_corpus_of_another_version_or_damaged_gets_a_message(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    place = tmp_path / "corpus"
    taiyaku("build", pages / "s01.ja.html", "-o", place)
    manifest = place / "corpus.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(content | {"schema_version": 999}), encoding="utf-8")
    for command in ("export", "check"):
        done = taiyaku(command, place)
        assert (done.returncode, "schema version 999" in done.stderr) == (USAGE, True)
    manifest.write_text(json.dumps(content), encoding="utf-8")
    next((place / "beads").iterdir()).write_bytes(b"PAR1 torn PAR1")
    for command in ("export", "check"):
        done = taiyaku(command, place)
        assert (done.returncode, "cannot be read" in done.stderr) == (USAGE, True)


def test_source_and_target_language_must_differ(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    for arguments in (("build", pages, "-o", tmp_path / "corpus"), ("pair", pages)):
        done = taiyaku(*arguments, "--target-lang", "ja")
        assert done.returncode == USAGE
        assert "ja" in done.stderr
    assert not (tmp_path / "corpus").exists()
