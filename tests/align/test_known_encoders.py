"""The list of known encoders: consistent in itself, and true to what the bundled one's training wrote down."""

import json
import re

import pytest

from align.known_encoders import KNOWN, SPEEDS, KnownEncoder, bundled_encoder, covering, full_name, known
from align.model_files import ModelFiles
from align.table import BUNDLED
from align.transformer import choose_prompt


@pytest.mark.parametrize("entry", KNOWN, ids=lambda entry: entry.name)
def test_an_entry_is_complete_and_found_by_its_name(entry: KnownEncoder) -> None:
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", entry.name)
    assert known(entry.name) is known(entry.name.partition("/")[2].upper()) is entry
    assert entry.megabytes > 100
    assert entry.dimensions in (384, 640, 768, 1024)
    assert entry.speed in SPEEDS
    assert all(figure is None or 50 < figure <= 100 for figure in (entry.tatoeba, *(entry.ntrex or ())))
    assert all(re.fullmatch("[a-z]{2,3}", code) for code in entry.codes)
    assert not entry.codes or {"ja", "en"} <= entry.codes
    assert not entry.codes or entry.languages in (str(len(entry.codes)), "100+")


def test_the_bundled_entry_has_the_figures_of_its_training() -> None:
    accuracy = json.loads((BUNDLED / "training.json").read_text(encoding="utf-8"))["accuracy"]
    entry = bundled_encoder(BUNDLED)
    assert entry.tatoeba == pytest.approx(100 * accuracy["tatoeba_1000"]["ja->en"], abs=0.05)
    assert entry.ntrex == pytest.approx(
        (100 * accuracy["ntrex_ja"]["en->ja"], 100 * accuracy["ntrex_ja"]["ja->en"]), abs=0.05
    )
    assert entry.megabytes < 100


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LaBSE", "sentence-transformers/LaBSE"),
        ("BGE-M3", "BAAI/bge-m3"),
        ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"),
        ("someone/LaBSE", "someone/LaBSE"),
    ],
)
def test_short_names_stand_for_known_models_or_those_of_sentence_transformers(name: str, expected: str) -> None:
    assert full_name(name) == expected


def test_encoders_that_cover_languages_come_smallest_first() -> None:
    sizes = [entry.megabytes for entry in covering({"ko", "fr"})]
    assert sizes == sorted(sizes)
    assert len(sizes) > 3
    assert [entry.name for entry in covering({"haw"})] == ["sentence-transformers/LaBSE"]
    assert covering({"tlh"}) == []


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("intfloat/multilingual-e5-base", "query: "),
        ("google/embeddinggemma-300m", "task: sentence similarity | query: "),
        ("hotchpotch/bekko-embedding-v1-a25m", ""),
        ("sentence-transformers/LaBSE", ""),
    ],
)
def test_a_known_model_gets_the_prompt_its_card_asks_for(name: str, prompt: str) -> None:
    assert choose_prompt(name, ModelFiles(BUNDLED, "x"), None) == prompt
