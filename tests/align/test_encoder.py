"""Encoders: the bundled table without torch, other static tables, transformers, and what is none of these.

Everything that imports torch runs in one subprocess, so that the other tests can see that torch is not needed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from align.beads import align_sentences
from align.encoder import (
    BUNDLED,
    Encoder,
    StaticEncoder,
    Vectors,
    load_encoder,
    require_languages,
    run_vectors,
)
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

WITH_TORCH = """
import json, sys
from pathlib import Path
import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, Pooling, StaticEmbedding, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel, BertTokenizerFast
import torch

out, bundled = Path(sys.argv[1]), sys.argv[2]
texts = json.loads((out / "texts.json").read_text(encoding="utf-8"))
np.save(out / "bundled.npy", SentenceTransformer(bundled, device="cpu").encode(texts))

torch.manual_seed(7)
words = Tokenizer(models.WordLevel({"red": 0, "house": 1, "[UNK]": 2, "aka": 3, "ie": 4}, unk_token="[UNK]"))
words.pre_tokenizer = pre_tokenizers.Whitespace()
static = SentenceTransformer(modules=[StaticEmbedding(words, embedding_dim=8), Normalize()], device="cpu")
static.save_pretrained(str(out / "static"))
np.save(out / "static.npy", static.encode(["red house", "house of aka", "red"]))

vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
(out / "vocab.txt").write_text("\\n".join(vocabulary), encoding="utf-8")
config = BertConfig(
    vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
    max_position_embeddings=64,
)
BertModel(config).save_pretrained(out / "bert")
BertTokenizerFast(vocab={word: i for i, word in enumerate(vocabulary)}).save_pretrained(out / "bert")
transformer = Transformer(str(out / "bert"))
SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu").save_pretrained(str(out / "transformer"))

from align.beads import align_sentences
from align.encoder import EncoderError, load_encoder, run_vectors

encoder = load_encoder(str(out / "transformer"))
source = ["a b a", "c d", "e f e", "x y z"]
beads = align_sentences(source, ["a b a", "c d", "e f e", "x y z"], encoder)
vectors = encoder.encode(source)
runs = run_vectors(encoder, source, 3, joiner=" ")
messages = {}
for name in ("no-such-organisation/no-such-model-v1.5", str(out / "bert" / "broken")):
    try:
        load_encoder(name)
    except EncoderError as error:
        messages[name.rpartition("/")[2]] = str(error)
(out / "result.json").write_text(json.dumps({
    "type": type(encoder).__name__,
    "beads": [[b.source, b.target] for b in beads],
    "lengths": np.linalg.norm(vectors, axis=1).tolist(),
    "dtype": str(vectors.dtype),
    "empty": list(encoder.encode([]).shape),
    "run_shapes": [run.shape for run in runs],
    "run_error": float(np.abs(runs[1][1] - encoder.encode(["c d e f e"])[0]).max()),
    "messages": messages,
}), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def with_torch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what sentence-transformers itself makes of our texts and of models made on the spot."""
    out = tmp_path_factory.mktemp("torch")
    (out / "texts.json").write_text(json.dumps(TEXTS), encoding="utf-8")
    (out / "bert" / "broken").mkdir(parents=True)
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(out / "hf"), "TOKENIZERS_PARALLELISM": "false"}
    command = [sys.executable, "-W", "ignore", "-c", WITH_TORCH, str(out), str(BUNDLED)]
    run = subprocess.run(command, cwd=ROOT, env=offline, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return out


def result(folder: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return read


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


def test_the_bundled_table_gives_what_sentence_transformers_gives(with_torch: Path, bundled: Encoder) -> None:
    # In the float16 of the file, sentence-transformers makes NaN of the zeros of a text without known words.
    theirs = np.nan_to_num(np.load(with_torch / "bundled.npy"))
    np.testing.assert_allclose(bundled.encode(TEXTS), theirs, atol=1e-3)


def test_another_static_table_gives_what_sentence_transformers_gives(with_torch: Path) -> None:
    encoder = load_encoder(str(with_torch / "static"))
    assert isinstance(encoder, StaticEncoder)
    ours = encoder.encode(["red house", "house of aka", "red"])
    np.testing.assert_allclose(ours, np.load(with_torch / "static.npy"), atol=1e-5)


def test_a_transformer_is_loaded_by_path_and_aligns(with_torch: Path) -> None:
    found = result(with_torch)
    assert found["type"] == "TransformerEncoder"
    assert found["beads"] == [[[i], [i]] for i in range(4)]
    assert found["dtype"] == "float32"
    assert found["lengths"] == pytest.approx([1.0] * 4, abs=1e-5)


def test_a_transformer_encodes_runs_as_joined_texts(with_torch: Path) -> None:
    found = result(with_torch)
    assert found["run_shapes"] == [[4, 32], [3, 32], [2, 32]]
    assert found["run_error"] == pytest.approx(0.0, abs=1e-5)


def test_a_model_that_cannot_be_had_is_an_encoder_error_even_if_its_name_has_a_dot(with_torch: Path) -> None:
    messages = result(with_torch)["messages"]
    assert isinstance(messages, dict)
    assert "cannot be loaded; give a folder or the name of a model" in messages["no-such-model-v1.5"]
    assert "is not a sentence-transformers model, name a folder that is one" in messages["broken"]


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
    runs = run_vectors(encoder, sentences, longest)
    assert len(runs) == min(longest, len(sentences))
    for k, run in enumerate(runs, start=1):
        sums = np.stack([encoder.sums(sentences[i : i + k]).sum(axis=0) for i in range(len(sentences) - k + 1)])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        assert run.shape == sums.shape
        # Where everything cancels out there is no direction left to compare.
        np.testing.assert_allclose(np.where(lengths > 1e-3, run * lengths, sums), sums, atol=2e-3)


def test_runs_by_prefix_sums_are_nearly_the_joined_texts(bundled: Encoder) -> None:
    sentences = ["首相が辞任した。", "後任は未定だ。", "「残念だ」と話した。"]
    runs = run_vectors(bundled, sentences, 3, joiner="")
    joined = bundled.encode(["".join(sentences[:2]), "".join(sentences[1:])])
    assert np.einsum("nd,nd->n", runs[1], joined) == pytest.approx(1.0, abs=0.02)


class CountingEncoder:
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
    runs = run_vectors(encoder, ["a", "b", "c"], 2, joiner=joiner)
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


def test_the_bundled_encoder_refuses_languages_it_was_not_trained_on(bundled: Encoder) -> None:
    require_languages(bundled, ("ja", "en"))
    with pytest.raises(EncoderError, match=r"not ko, zh; name one that does, for example --encoder .*LaBSE"):
        require_languages(bundled, ("zh", "ko", "en"))


def test_any_other_encoder_may_be_used_for_any_language(letters: Encoder) -> None:
    require_languages(letters, ("eo", "la"))
