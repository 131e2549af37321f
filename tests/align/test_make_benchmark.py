"""The benchmark: beads follow from the operations, and a recipe gives the same lines from the publishers' files."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from cut_up import HARD, Document, Operation, Segments, apply, draw
from hypothesis import given
from hypothesis import strategies as st
from make_benchmark import NTREX, draw_recipe, make, read_set

from corpora.errors import InputError, NoUsableInput
from corpora.records import Bead

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_benchmark.py"


def numbered(name: str, count: int) -> Segments:
    """`name3。` and `name3.` say the same."""
    return Segments(name, [f"{name}{k}。" for k in range(count)], [f"{name}{k}." for k in range(count)])


def said(texts: list[str]) -> list[str]:
    """The segments that sentences are made of."""
    return "".join(texts).replace("。", ".").replace(". ", ".").rstrip(".").split(".") if texts else []


documents = st.integers(1, 25).map(lambda count: numbered("a", count))


@given(documents, st.integers(0, 10_000))
def test_beads_hold_the_same_segments_on_both_sides(document: Segments, seed: int) -> None:
    others = {"b": numbered("b", 7)}
    made = apply(document, draw(document, HARD, random.Random(seed), list(others.values())), others)
    assert sorted(i for bead in made.gold for i in bead.source) == list(range(len(made.source)))
    assert sorted(j for bead in made.gold for j in bead.target) == list(range(len(made.target)))
    for bead in made.gold:
        source, target = (
            [side[k] for k in run] for side, run in ((made.source, bead.source), (made.target, bead.target))
        )
        assert bead.is_null or sorted(said(source)) == sorted(said(target))
    kept = {part for bead in made.gold if not bead.is_null for i in bead.source for part in said([made.source[i]])}
    assert all(part.startswith("a") for part in kept)


@pytest.mark.parametrize(
    ("operation", "source", "target", "gold"),
    [
        (Operation("split", 1, offsets=(3,)), "a0 a1 a2", "a0 a1| a1 a2", "0-0 1-1,2 2-3"),
        (Operation("merge", 0, 2, "source"), "a0a1 a2", "a0 a1 a2", "0-0,1 1-2"),
        (Operation("drop", 1, side="target"), "a0 a1 a2", "a0 a2", "0-0 1- 2-1"),
        (Operation("insert", 3, document="b", other=4), "a0 a1 a2", "a0 a1 a2 b4", "0-0 1-1 2-2 -3"),
        (Operation("move", 0, before=3), "a0 a1 a2", "a1 a2 a0", "0-2 1-0 2-1"),
        (Operation("move", 0, 2, before=3), "a0 a1 a2", "a2 a0 a1", "0-1 1-2 2-0"),
    ],
    ids=lambda value: value.name if isinstance(value, Operation) else "",
)
def test_each_operation_changes_texts_and_beads(operation: Operation, source: str, target: str, gold: str) -> None:
    document = Segments("a", ["a0", "a1", "a2"], ["a0", "a1 a1" if operation.name == "split" else "a1", "a2"])
    others = {"b": Segments("b", [f"b{k}" for k in range(5)], [f"b{k}" for k in range(5)])}
    assert Operation.from_row(operation.row()) == operation
    made = apply(document, [operation], others)
    expected = [
        Bead(*(tuple(int(k) for k in side.split(",") if k) for side in bead.split("-"))) for bead in gold.split()
    ]
    parts = target.replace("a1| a1", "a1|a1").replace("|", " ").split()
    assert made.source == source.split()
    assert made.target == parts
    assert set(made.gold) == set(expected)


JAPANESE = ["雨が降った。", "川があふれ、橋が流された。", "市長は謝った。", "学校は休みになった。"]
ENGLISH = ["It rained.", "The river rose. A bridge was swept away.", "The mayor apologised.", "Schools were closed."]


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The three sets as their publishers have them, in small: two documents each."""
    folder = tmp_path / "sets"
    folder.mkdir()
    for pair, file in (("ja-en", "newstest2021.ja-en.all.xml"), ("en-ja", "newstest2021.en-ja.all.xml")):
        source, target = pair.split("-")
        texts = {"ja": JAPANESE, "en": ENGLISH}

        def part(tag: str, lang: str, texts: dict[str, list[str]] = texts) -> str:
            segments = "".join(f'<seg id="{k}">{text}</seg>' for k, text in enumerate(texts[lang], start=1))
            return f'<{tag} lang="{lang}"><p>{segments}</p></{tag}>'

        body = part("src", source) + part("ref", target) + f'<hyp system="X" lang="{target}"><p><seg>?</seg></p></hyp>'
        docs = "".join(f'<doc origlang="{source}" id="paper.{number}">{body}</doc>' for number in (1, 2))
        (folder / file).write_text(f"<?xml version='1.0'?><dataset>{docs}</dataset>", "utf-8")
    for file, lines in zip(NTREX, (ENGLISH * 2, JAPANESE * 2, ["bbc.1"] * 4 + ["bbc.2"] * 4), strict=True):
        (folder / file).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_published_files_are_read_like_their_json_lines(published: Path, tmp_path: Path) -> None:
    (wanted, _) = read_set(published, "wmt21_jaen")
    assert wanted == Segments("wmt21-ja-en/paper.1", JAPANESE, ENGLISH)
    assert [document.id for document in read_set(published, "ntrex_ja")] == ["ntrex/bbc.1", "ntrex/bbc.2"]
    row = {"id": wanted.id, "ja": [f" {text}" for text in JAPANESE], "en": ENGLISH}
    (tmp_path / "wmt21_jaen.jsonl").write_text(json.dumps(row), "utf-8")
    assert read_set(tmp_path, "wmt21_jaen") == [wanted]
    with pytest.raises(NoUsableInput, match=r"newstest2021\.en-ja\.all\.xml nor wmt21_enja\.jsonl"):
        read_set(tmp_path, "wmt21_enja")


def test_the_script_draws_a_recipe_and_builds_from_it(published: Path, tmp_path: Path) -> None:
    recipe, first, second = (tmp_path / name for name in ("recipe.jsonl", "first.jsonl", "second.jsonl"))
    command = [sys.executable, str(SCRIPT), str(published), "--recipe", str(recipe)]
    subprocess.run([*command, "--draw", "7", "-o", str(first)], check=True, capture_output=True)
    done = subprocess.run([*command, "-o", str(second)], check=True, capture_output=True, text=True)
    assert first.read_bytes() == second.read_bytes()
    assert "all   12 documents" in done.stderr
    assert "雨" not in recipe.read_text("utf-8")
    row = json.loads(first.read_text("utf-8").splitlines()[0])
    assert sorted(row) == ["gold", "half", "id", "set", "source", "target"]
    (published / NTREX[0]).unlink()
    failed = subprocess.run(command, capture_output=True, text=True)
    assert failed.returncode == 1
    assert failed.stderr.startswith("error: ")
    assert NTREX[0] in failed.stderr


def test_another_text_than_the_recipe_was_made_for_is_refused() -> None:
    own = [numbered("a", 6), numbered("b", 6)]
    (row, *_) = draw_recipe({"x": own}, 1)
    changed = [Segments("a", ["!", *own[0].source[1:]], own[0].target), own[1]]
    assert next(make([row], {"x": own}))["id"] == "easy/a"
    with pytest.raises(InputError, match="document a of set x has another text"):
        list(make([row], {"x": changed}))
    with pytest.raises(InputError, match="wants document a"):
        list(make([row], {"x": own[1:]}))
    stranger = {**row, "made": "0"}
    with pytest.raises(InputError, match="came out otherwise"):
        list(make([stranger], {"x": own}))


def test_a_split_segment_keeps_its_beads() -> None:
    document = Segments("a", JAPANESE, ENGLISH)
    (operation,) = [one for one in draw(document, HARD, random.Random(0), []) if one.name == "split"] or [
        Operation("split", 1, offsets=(16,))
    ]
    made: Document = apply(document, [operation], {})
    assert made.target[1:3] == ["The river rose.", "A bridge was swept away."]
    assert Bead((1,), (1, 2)) in made.gold
