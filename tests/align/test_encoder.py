"""Encoders: the bundled table without torch, other static tables, one's own, and what is none of these."""

import json
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from align.beads import align_sentences
from align.encoder import load_encoder, provenance
from align.encoder_options import EncoderOptions
from align.table import BUNDLED, StaticEncoder
from align.transformer import TransformerEncoder
from align.vectors import Encoder, Vectors, unit_rows
from corpora.errors import EncoderError

ROOT = Path(__file__).parents[2]
TEXTS = [
    "首相が辞任した。",
    "The prime minister resigned.",
    "コメの価格は前年より１２％上がった。",
    "ﾊﾝｶｸ ＡＢＣ café naïve",
    "Привет, 世界! 🙂 €5",
    "สวัสดี",
    "",
    " \n",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A static encoder of five words in three dimensions, laid out as sentence-transformers does."""
    words = {"[UNK]": 0, "red": 1, "house": 2, "aka": 3, "ie": 4}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    table = np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [1, 0, 0], [0, 1, 0]], dtype=np.float32)
    module = tmp_path / "tiny" / "0_StaticEmbedding"
    module.mkdir(parents=True)
    tokenizer.save(str(module / "tokenizer.json"))
    save_file({"embedding.weight": table}, module / "model.safetensors")
    modules = [{"idx": 0, "name": "0", "path": module.name, "type": "sentence_transformers.models.StaticEmbedding"}]
    (tmp_path / "tiny" / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    return tmp_path / "tiny"


def theirs(folder: Path, texts: list[str]) -> Vectors:
    """What sentence-transformers itself makes of the texts, in rows of length one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what torch and transformers have to say to each other
        from sentence_transformers import SentenceTransformer

        vectors = SentenceTransformer(str(folder), device="cpu").encode(texts)
    # In the float16 of a file, sentence-transformers makes NaN of the zeros of a text without known words.
    return unit_rows(np.nan_to_num(vectors).astype(np.float32))


def test_the_bundled_table_gives_what_sentence_transformers_gives(bundled: Encoder) -> None:
    np.testing.assert_allclose(bundled.encode(TEXTS), theirs(BUNDLED, TEXTS), atol=1e-3)


def test_another_static_table_gives_what_sentence_transformers_gives(folder: Path) -> None:
    encoder = load_encoder(str(folder))
    assert isinstance(encoder, StaticEncoder)
    texts = ["red house", "house aka", "red"]
    np.testing.assert_allclose(encoder.encode(texts), theirs(folder, texts), atol=1e-5)


def add_module(folder: Path, name: str) -> None:
    """Put a linear map, or what scales rows to length one, after the table."""
    path = folder / "modules.json"
    modules = json.loads(path.read_text(encoding="utf-8"))
    modules.append({"idx": 1, "name": "1", "path": f"1_{name}", "type": f"sentence_transformers.models.{name}"})
    path.write_text(json.dumps(modules), encoding="utf-8")
    (folder / f"1_{name}").mkdir()
    if name == "Dense":
        shape = {"in_features": 3, "out_features": 2, "bias": False}
        config = {**shape, "activation_function": "torch.nn.modules.linear.Identity"}
        (folder / "1_Dense" / "config.json").write_text(json.dumps(config), encoding="utf-8")
        weights = np.array([[0, 1, 0], [1, 0, 0]], dtype=np.float32)
        save_file({"linear.weight": weights}, folder / "1_Dense" / "model.safetensors")


@pytest.mark.parametrize(("module", "kind"), [("Normalize", StaticEncoder), ("Dense", TransformerEncoder)])
def test_modules_after_a_table_are_not_left_out(module: str, kind: type, folder: Path, tmp_path: Path) -> None:
    add_module(folder, module)
    encoder = load_encoder(str(folder), EncoderOptions(contrast=False, cache_folder=tmp_path / "cache"))
    assert isinstance(encoder, kind)
    found = encoder.encode(["red red red red house house house"])
    np.testing.assert_allclose(found, [[0.707, 0.707] if module == "Dense" else [0.707, 0.707, 0]], atol=1e-3)
    np.testing.assert_allclose(found, theirs(folder, ["red red red red house house house"]), atol=1e-5)


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({}, [0.6, 0.8, 0]),
        ({"weights": np.array([9, 4, 3, 1, 1], dtype=np.float32)}, [0.707, 0.707, 0]),
        ({"mapping": np.array([0, 1, 1, 3, 4])}, [1, 0, 0]),
    ],
    ids=["plain", "weighted", "shared rows"],
)
def test_a_model2vec_folder_is_read(folder: Path, extra: dict[str, Vectors], expected: list[float]) -> None:
    table = np.array([[5, 5, 5], [3, 0, 0], [0, 4, 0], [1, 0, 0], [0, 1, 0]], dtype=np.float32)
    module = folder / "0_StaticEmbedding"
    save_file({"embeddings": table, **extra}, module / "model.safetensors")
    (module / "config.json").write_text('{"model_type": "model2vec", "normalize": true}', encoding="utf-8")
    encoder = load_encoder(str(module))
    assert isinstance(encoder, StaticEncoder)
    np.testing.assert_allclose(encoder.encode(["red house unheard"])[0], expected, atol=1e-3)


def test_the_bundled_encoder_aligns_without_importing_torch() -> None:
    program = (
        "import sys; from align.encoder import load_encoder; from align.beads import align_sentences;"
        "beads = align_sentences(['雨が降った。'], ['It rained.'], load_encoder());"
        "print(len(beads), sorted({'torch', 'transformers', 'sentence_transformers', 'pandas'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.strip() == "1 []"


def test_rows_have_length_one_unless_no_word_is_known(bundled: Encoder) -> None:
    lengths = np.linalg.norm(bundled.encode([*TEXTS, "\ud800"]), axis=1)
    assert lengths[:5] == pytest.approx(1.0, abs=1e-5)
    assert lengths[6:8].tolist() == [0.0, 0.0]
    assert lengths[TEXTS.index("สวัสดี")] == 0.0


def test_no_texts_give_no_rows(bundled: Encoder) -> None:
    assert bundled.encode([]).shape == bundled.encode(["a"])[:0].shape


@pytest.mark.parametrize(
    ("japanese", "english", "other"),
    [
        ("新しい橋が完成した。", "A new bridge has been completed.", "The team lost its third game."),
        ("市長は会見で謝罪した。", "The mayor apologized at a press conference.", "Snow closed the mountain road."),
        ("円相場は１ドル＝１５０円。", "The yen traded at 150 to the dollar.", "Voters went to the polls."),
    ],
)
def test_a_translation_is_nearer_than_something_else(japanese: str, english: str, other: str, bundled: Encoder) -> None:
    ja, en, no = bundled.encode([japanese, english, other])
    assert ja @ en > ja @ no + 0.2


@given(st.lists(st.text(max_size=15), min_size=1, max_size=6), st.integers(1, 4))
def test_runs_by_prefix_sums_are_the_sums_of_their_sentences(sentences: list[str], longest: int) -> None:
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    runs = encoder.encode_runs(sentences, longest)
    assert len(runs) == min(longest, len(sentences))
    for k, run in enumerate(runs, start=1):
        sums = np.stack(
            [encoder.sums(encoder.bags(sentences[i : i + k])).sum(axis=0) for i in range(len(sentences) - k + 1)]
        )
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        assert run.shape == sums.shape
        # Where everything cancels out there is no direction left to compare.
        np.testing.assert_allclose(np.where(lengths > 1e-3, run * lengths, sums), sums, atol=2e-3)


def test_runs_by_prefix_sums_are_nearly_the_joined_texts(bundled: Encoder) -> None:
    sentences = ["首相が辞任した。", "後任は未定だ。", "「残念だ」と話した。"]
    runs = bundled.encode_runs(sentences, 3, joiner="")
    joined = bundled.encode(["".join(sentences[:2]), "".join(sentences[1:])])
    assert np.einsum("nd,nd->n", runs[1], joined) == pytest.approx(1.0, abs=0.02)


class CountingEncoder(Encoder):
    name = "counting"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return np.eye(len(texts), 16, dtype=np.float32)


@pytest.mark.parametrize(
    ("joiner", "expected"), [(" ", ["a", "b", "c", "a b", "b c"]), ("", ["a", "b", "c", "ab", "bc"])]
)
def test_an_encoder_of_ones_own_gets_runs_as_joined_texts(joiner: str, expected: list[str]) -> None:
    encoder = CountingEncoder()
    runs = encoder.encode_runs(["a", "b", "c"], 2, joiner=joiner)
    assert encoder.seen == expected
    assert [run.argmax(axis=1).tolist() for run in runs] == [[0, 1, 2], [3, 4]]


def test_a_static_folder_is_read_and_aligns(folder: Path) -> None:
    encoder = load_encoder(str(folder))
    assert encoder.name == "tiny"
    expected = np.array([[0.6, 0.8, 0], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(encoder.encode(["red house", "aka", "nothing known"]), expected, atol=1e-6)
    beads = align_sentences(["aka aka", "ie"], ["red", "house"], encoder)
    assert [(bead.source, bead.target) for bead in beads] == [((0,), (0,)), ((1,), (1,))]


def test_padding_and_truncation_of_a_saved_tokenizer_are_ignored(folder: Path) -> None:
    path = str(folder / "0_StaticEmbedding" / "tokenizer.json")
    tokenizer = Tokenizer.from_file(path)
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(pad_id=2, pad_token="house")
    tokenizer.save(path)
    vectors = load_encoder(str(folder)).encode(["red", "red red red house"])
    np.testing.assert_allclose(vectors, np.array([[1, 0, 0], [9 / 97**0.5, 4 / 97**0.5, 0]]), atol=1e-6)


def damage(folder: Path, how: str) -> None:
    module = folder / "0_StaticEmbedding"
    match how:
        case "no tokenizer":
            (module / "tokenizer.json").unlink()
        case "no table":
            (module / "model.safetensors").unlink()
        case "cut off":
            (module / "model.safetensors").write_bytes((module / "model.safetensors").read_bytes()[:40])
        case "other table":
            save_file({"embedding.weight": np.ones((9, 3), dtype=np.float32)}, module / "model.safetensors")
        case "two tables":
            table = np.ones((5, 3), dtype=np.float32)
            save_file({"a": table, "b": table}, module / "model.safetensors")
        case "empty":
            save_file({}, module / "model.safetensors")
        case text:
            (folder / "modules.json").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("no tokenizer", "cannot be read as an encoder .* save the model there again"),
        ("no table", "cannot be read as an encoder .* save the model there again"),
        ("cut off", "cannot be read as an encoder .* save the model there again"),
        ("other table", "the table has 9 rows but the tokenizer 5 subwords; the folder is damaged or mixed"),
        ("two tables", "holds 2 tables, expected one"),
        ("empty", "holds 0 tables, expected one"),
        ("{", "not a sentence-transformers model, name a folder that is one"),
        ("[]", "modules.json lists no modules"),
        ("[1]", "not a sentence-transformers model"),
        ('["type path"]', "not a sentence-transformers model"),
        ('{"type": "x", "path": "y"}', "not a sentence-transformers model"),
        ('[{"type": null, "path": ""}]', "not a sentence-transformers model"),
    ],
)
def test_a_damaged_folder_is_an_encoder_error(how: str, message: str, folder: Path) -> None:
    damage(folder, how)
    with pytest.raises(EncoderError, match=message):
        load_encoder(str(folder))


def test_a_folder_of_something_else_is_an_encoder_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"is not a sentence-transformers model, name a folder .*modules\.json"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/model", "~/nowhere"])
def test_a_folder_that_is_not_there_is_an_encoder_error(name: str) -> None:
    with pytest.raises(EncoderError, match=r"there is no encoder folder .*give a folder or the name of a model"):
        load_encoder(name)


@pytest.mark.parametrize(
    "options", [{"device": "cpu"}, {"dtype": "float16"}, {"prompt": "query: "}, {"backend": "onnx"}]
)
def test_the_bundled_table_takes_no_options_of_models(options: dict[str, Any]) -> None:
    with pytest.raises(EncoderError, match="the bundled encoder is a table that does not; name a model with --encoder"):
        load_encoder(options=EncoderOptions(**options))


def test_another_table_is_read_without_torch_unless_options_ask_for_more(folder: Path, tmp_path: Path) -> None:
    options = EncoderOptions(prompt="red ", contrast=False, cache_folder=tmp_path / "cache")
    prompted = load_encoder(str(folder), options)
    assert isinstance(prompted, TransformerEncoder)
    np.testing.assert_allclose(prompted.encode(["house"]), [[0.6, 0.8, 0]], atol=1e-5)
    assert isinstance(load_encoder(str(folder), EncoderOptions(prompt="")), StaticEncoder)


def test_provenance_names_the_table_by_its_content(bundled: Encoder, letters: Encoder, folder: Path) -> None:
    said = provenance(bundled)
    assert (said["name"], said["prompt"], len(str(said["sha256"]))) == (BUNDLED.name, "", 64)
    assert provenance(load_encoder(str(folder)))["sha256"] != said["sha256"]
    assert provenance(letters) == {"name": "letters"}
