"""Transformers as encoders: really loaded from disk, with prompts, runs, cut texts, the cache, and what goes wrong."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from huggingface_hub import HfApi

import align.transformer
from align.beads import align_sentences
from align.encoder import load_encoder, provenance
from align.encoder_options import EncoderOptions
from align.model_files import folder_revision
from align.scoring import AlignOptions
from align.transformer import TransformerEncoder, following, usage
from align.vector_cache import cache_files
from align.vectors import Vectors
from corpora.errors import EncoderError, MissingExtra

# The libraries warn of each other's changes; ours are covered by all other tests.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

TEXTS = ["red house", "a very long text that is cut", "x", "red house", "ab cd"]


@pytest.fixture
def options(tmp_path: Path) -> EncoderOptions:
    return EncoderOptions(device="cpu", contrast=False, cache_folder=tmp_path / "cache")


def load(folder: Path, options: EncoderOptions, **changes: Any) -> TransformerEncoder:
    return TransformerEncoder.from_folder(folder, replace(options, **changes))


def theirs(folder: Path, texts: list[str], **arguments: Any) -> Vectors:
    """What sentence-transformers itself makes of the texts, in rows of length one."""
    from sentence_transformers import SentenceTransformer

    vectors: Vectors = SentenceTransformer(str(folder), device="cpu").encode(
        texts, normalize_embeddings=True, **arguments
    )
    return vectors


@pytest.fixture
def no_loading(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Makes loading any model an error."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(align.transformer, "load_model", refuse)
    return


def test_a_transformer_gives_what_sentence_transformers_gives(
    transformer_folder: Path, options: EncoderOptions
) -> None:
    encoder = load_encoder(str(transformer_folder), options)
    assert isinstance(encoder, TransformerEncoder)
    vectors = encoder.encode(TEXTS)
    assert (vectors.dtype, vectors.shape) == (np.float32, (5, 32))
    np.testing.assert_allclose(vectors, theirs(transformer_folder, TEXTS), atol=1e-5)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0].tobytes() == vectors[3].tobytes()


def test_the_bundled_table_goes_through_the_same_class(options: EncoderOptions) -> None:
    from align.table import BUNDLED

    texts = ["首相が辞任した。", "The prime minister resigned."]
    vectors = load(BUNDLED, options).encode(texts)
    np.testing.assert_allclose(vectors, load_encoder().encode(texts), atol=1e-3)  # the file holds half precision


def test_a_transformer_aligns(transformer_folder: Path, options: EncoderOptions) -> None:
    sentences = ["abc abd", "xyz", "mno pq mno", "kkkk k kk"]
    single = AlignOptions(max_source=1, max_target=1)  # of random weights no more can be asked
    beads = align_sentences(sentences, sentences, load(transformer_folder, options), options=single)
    assert [(bead.source, bead.target) for bead in beads] == [((i,), (i,)) for i in range(4)]


@pytest.mark.parametrize("joiner", [" ", ""])
def test_runs_are_encoded_as_joined_texts(transformer_folder: Path, options: EncoderOptions, joiner: str) -> None:
    encoder = load(transformer_folder, options)
    runs = encoder.encode_runs(["ab", "c d", "e"], 2, joiner=joiner)
    assert [run.shape for run in runs] == [(3, 32), (2, 32)]
    np.testing.assert_allclose(runs[1][1], encoder.encode([joiner.join(["c d", "e"])])[0], atol=1e-6)


@pytest.mark.parametrize("text", ["", " \n", "\u3000"])
def test_a_text_of_nothing_has_no_direction(transformer_folder: Path, options: EncoderOptions, text: str) -> None:
    encoder = load(transformer_folder, options)
    vectors = encoder.encode([text, "ab"])
    assert np.linalg.norm(vectors, axis=1).round(3).tolist() == [0.0, 1.0]
    assert encoder.usage().texts == 1


def test_no_texts_and_lone_surrogates_are_no_trouble(transformer_folder: Path, options: EncoderOptions) -> None:
    encoder = load(transformer_folder, options)
    assert encoder.encode([]).shape == (0, 32)
    assert np.isfinite(encoder.encode(["\ud800 ab"])).all()


def test_a_second_run_does_not_load_the_model(
    transformer_folder: Path, options: EncoderOptions, request: pytest.FixtureRequest
) -> None:
    first = load(transformer_folder, options).encode(TEXTS)
    request.getfixturevalue("no_loading")
    encoder = load(transformer_folder, options)
    assert encoder.encode(TEXTS).tobytes() == first.tobytes()
    assert encoder.encode([]).shape == (0, 32)
    assert (encoder.usage().texts, encoder.usage().computed) == (4, 0)
    with pytest.raises(AssertionError, match="the model was loaded"):
        encoder.encode(["something new"])


def test_without_a_cache_texts_are_encoded_once_a_run_and_nothing_is_kept(
    transformer_folder: Path, options: EncoderOptions, tmp_path: Path
) -> None:
    encoder = load(transformer_folder, options, cached=False)
    assert encoder.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()
    assert encoder.usage().computed == 4
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("changes", [{"prompt": "q: "}, {"dtype": "bfloat16"}], ids=str)
def test_vectors_of_another_setting_are_not_mixed_up(
    transformer_folder: Path, options: EncoderOptions, changes: dict[str, Any]
) -> None:
    plain = load(transformer_folder, options).encode(["red house"])
    changed = load(transformer_folder, options, **changes)
    assert changed.encode(["red house"]).tobytes() != plain.tobytes()
    assert changed.usage().computed == 1
    assert load(transformer_folder, options).encode(["red house"]).tobytes() == plain.tobytes()


def test_another_batch_size_or_place_uses_the_same_vectors(
    transformer_folder: Path, options: EncoderOptions, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    load(transformer_folder, options).encode(TEXTS)
    moved = shutil.copytree(transformer_folder, tmp_path / transformer_folder.name)
    request.getfixturevalue("no_loading")
    load(moved, options, batch_size=1).encode(TEXTS)


def test_changed_weights_are_another_revision(transformer_folder: Path, tmp_path: Path) -> None:
    folder, memory = shutil.copytree(transformer_folder, tmp_path / "model"), tmp_path / "memory"
    before = folder_revision(folder, memory)
    (folder / "README.md").write_text("Other words.", encoding="utf-8")
    assert folder_revision(folder, memory) == before == folder_revision(folder, None)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\1\2\3\4")
    assert folder_revision(folder, memory) != before


@pytest.mark.parametrize(
    ("wanted", "name", "default", "prompt"),
    [
        (None, "tiny", None, ""),
        (None, "tiny", "sts", "s t s "),
        (None, "multilingual-e5-small", None, "query: "),
        (None, "multilingual-e5-small", "sts", "s t s "),
        ("", "tiny", "sts", ""),
        ("", "multilingual-e5-small", None, ""),
        ("query", "tiny", "sts", "q: "),
        ("passage: ", "tiny", None, "passage: "),
    ],
    ids=["none", "model's default", "known", "default before known", "none 1", "none 2", "by name", "by text"],
)
def test_prompt_is_the_users_the_models_or_the_known_one(
    transformer_folder: Path,
    options: EncoderOptions,
    tmp_path: Path,
    wanted: str | None,
    name: str,
    default: str | None,
    prompt: str,
) -> None:
    folder = shutil.copytree(transformer_folder, tmp_path / name)
    path = folder / "config_sentence_transformers.json"
    config = json.loads(path.read_text(encoding="utf-8")) | {"default_prompt_name": default}
    path.write_text(json.dumps(config), encoding="utf-8")
    encoder = load(folder, options, prompt=wanted)
    assert encoder.prompt == provenance(encoder)["prompt"] == prompt
    np.testing.assert_allclose(encoder.encode(["ab cd"]), theirs(folder, ["ab cd"], prompt=prompt), atol=1e-5)


def test_texts_that_were_cut_are_counted_once_and_from_the_cache_too(
    transformer_folder: Path, options: EncoderOptions
) -> None:
    short, exact, long = "ab", "abcdefghijklmn", "abcdefghijklmno"  # with [CLS] and [SEP] 16 and 17 tokens
    for _ in range(2):
        encoder = load(transformer_folder, options)
        encoder.encode([short, exact, long, long])
        encoder.encode([long])
        assert (encoder.usage().texts, encoder.usage().cut, encoder.usage().max_tokens) == (3, 1, 16)
        assert encoder.usage().warning == "1 of 3 texts were longer than 16 tokens and were cut"
    assert load(transformer_folder, options, prompt="q: ").max_tokens is None  # not known before it is loaded
    prompted = load(transformer_folder, options, prompt="q: ")
    prompted.encode([exact])
    assert prompted.usage().cut == 1
    assert load(transformer_folder, options).usage().warning is None


def test_work_broken_off_is_kept(
    transformer_folder: Path, options: EncoderOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = load(transformer_folder, options, batch_size=1)
    texts = ["a" * n for n in range(1, 10)]
    whole, calls = encoder.model.encode, iter(range(2))

    def interrupted(*arguments: Any, **keywords: Any) -> Any:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return whole(*arguments, **keywords)

    monkeypatch.setattr(encoder.model, "encode", interrupted)
    with pytest.raises(KeyboardInterrupt):
        encoder.encode(texts)
    again = load(transformer_folder, options)
    again.encode(texts)
    assert again.usage().computed == 1


def test_a_report_says_how_far_it_is_and_counts_anew(transformer_folder: Path, options: EncoderOptions) -> None:
    encoder = load(transformer_folder, options, batch_size=1)
    told: list[tuple[str, int, int | None]] = []
    with following(encoder, lambda *said: told.append(said)):
        encoder.encode([letter * 2 for letter in "abcdefghij"])
    assert told == [("load", 0, None), ("load", 1, 1), ("encode", 4, 10), ("encode", 8, 10), ("encode", 10, 10)]
    with following(encoder, lambda *said: told.append(said)):
        encoder.encode(["aa"])
    found = usage(encoder)
    assert found is not None
    assert (found.texts, found.computed) == (1, 0)
    assert usage(load_encoder()) is None


def test_a_damaged_cache_is_started_over_with_a_warning(
    transformer_folder: Path, options: EncoderOptions, caplog: pytest.LogCaptureFixture
) -> None:
    first = load(transformer_folder, options).encode(TEXTS)
    assert options.cache_folder is not None
    (file,) = cache_files(options.cache_folder)
    file.path.write_bytes(b"this is no database" * 100)
    again = load(transformer_folder, options)
    assert "is damaged" in caplog.text
    np.testing.assert_allclose(again.encode(TEXTS), first, atol=1e-6)
    assert again.usage().computed == 4
    assert load(transformer_folder, options).encode(TEXTS).tobytes() == again.encode(TEXTS).tobytes()


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (
            {"backend": "openvino"},
            MissingExtra,
            r"needs openvino and .*pip install 'sentence-transformers\[openvino\]'",
        ),
        ({"backend": "onnx"}, MissingExtra, r"needs onnxruntime and .*pip install 'sentence-transformers\[onnx\]'"),
        ({"backend": "onnx", "dtype": "float16"}, EncoderError, "--dtype float16 is for torch"),
    ],
    ids=str,
)
def test_a_backend_that_is_not_there_says_what_to_install(
    transformer_folder: Path, options: EncoderOptions, changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    from importlib.util import find_spec

    if "dtype" not in changes and find_spec("onnxruntime" if changes["backend"] == "onnx" else "openvino"):
        pytest.skip("it is installed here")
    with pytest.raises(error, match=message):
        load_encoder(str(transformer_folder), load(transformer_folder, options, **changes).options)


def test_onnx_gives_nearly_the_same_vectors(transformer_folder: Path, options: EncoderOptions, tmp_path: Path) -> None:
    pytest.importorskip("optimum.onnxruntime")
    folder = shutil.copytree(transformer_folder, tmp_path / "model")  # exporting may write into it
    onnx = load(folder, options, backend="onnx").encode(["red house", "ab cd"])
    np.testing.assert_allclose(onnx, load(folder, options).encode(["red house", "ab cd"]), atol=1e-3)


@pytest.mark.parametrize("device", ["nonsense", "cuda:99"])
def test_a_device_that_is_not_there_is_an_encoder_error(
    transformer_folder: Path, options: EncoderOptions, device: str
) -> None:
    with pytest.raises(EncoderError, match="cannot be loaded"):
        load(transformer_folder, options, device=device).encode(["a"])


def test_a_model_that_fails_amid_the_work_is_an_encoder_error(
    transformer_folder: Path, options: EncoderOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = load(transformer_folder, options)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(encoder.model, "encode", fail)
    with pytest.raises(EncoderError, match=r"failed on 1 texts \(out of memory\); a smaller --batch-size"):
        encoder.encode(["a"])


def test_vectors_that_overflowed_become_zeros(
    transformer_folder: Path, options: EncoderOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = load(transformer_folder, options)
    broken = np.full((1, 32), np.nan, dtype=np.float32)
    monkeypatch.setattr(encoder.model, "encode", lambda *_, **__: broken)
    assert encoder.encode(["a"]).tolist() == [[0.0] * 32]


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("model.safetensors", b"", "cannot be loaded; give a folder or the name"),
        ("tokenizer.json", b"{", "cannot be loaded; give a folder or the name"),
        ("modules.json", b"[]", "is not a sentence-transformers model"),
    ],
)
def test_a_damaged_folder_is_an_encoder_error(
    transformer_folder: Path, options: EncoderOptions, tmp_path: Path, file: str, content: bytes, message: str
) -> None:
    folder = shutil.copytree(transformer_folder, tmp_path / "model")
    (folder / file).write_bytes(content)
    with pytest.raises(EncoderError, match=message):
        load_encoder(str(folder), options).encode(["a"])


@pytest.fixture
def hub_cache(transformer_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub cache that holds `someone/tiny`, as a download leaves it; returns the snapshot."""
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    repository, commit = tmp_path / "hub" / "models--someone--tiny", "0123456789abcdef0123456789abcdef01234567"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(commit, encoding="ascii")
    return Path(shutil.copytree(transformer_folder, repository / "snapshots" / commit))


def test_a_model_in_the_hub_cache_is_used_without_a_network(
    hub_cache: Path, transformer_folder: Path, options: EncoderOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the hub was asked")

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", refuse)
    encoder = load_encoder("someone/tiny", options)
    assert provenance(encoder) | {"name": "someone/tiny", "revision": hub_cache.name} == provenance(encoder)
    np.testing.assert_allclose(encoder.encode(TEXTS), theirs(transformer_folder, TEXTS), atol=1e-5)


def test_a_table_from_the_hub_is_read_without_torch(hub_cache: Path, options: EncoderOptions) -> None:
    from align.table import BUNDLED, StaticEncoder

    shutil.rmtree(hub_cache)
    shutil.copytree(BUNDLED, hub_cache)
    encoder = load_encoder("someone/tiny", replace(options, device=None))
    assert isinstance(encoder, StaticEncoder)
    assert encoder.name == "someone/tiny"


@pytest.mark.parametrize(
    ("name", "failure", "message"),
    [
        ("someone/unknown", OSError("Name or service not known"), "the hub cannot be reached .*Name or service"),
        ("unknown", TimeoutError("timed out"), "'sentence-transformers/unknown' .*cannot be reached"),
        ("a/b/c", None, "there is no encoder folder a/b/c, and no model on the hub can be called that"),
    ],
)
def test_a_name_that_cannot_be_had_fails_at_once(
    name: str,
    failure: Exception | None,
    message: str,
    options: EncoderOptions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)

    def fail(*_: object, **__: object) -> None:
        assert failure is not None
        raise failure

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", fail)
    with pytest.raises(EncoderError, match=message):
        load_encoder(name, options)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (404, "RepoNotFound", "the hub has no .public. model of that name"),
        (404, "RevisionNotFound", "no revision 'v9'"),
        (403, "GatedRepo", "asks for its licence to be accepted"),
        (500, "", "the hub does not give it .*500"),
    ],
    ids=["name", "revision", "gated", "server"],
)
def test_what_the_hub_answers_is_put_in_plain_words(
    status: int, code: str, message: str, options: EncoderOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    endpoint = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.HfApi", partial(HfApi, endpoint=endpoint))
    try:
        with pytest.raises(EncoderError, match=message):
            load_encoder("someone/unknown", replace(options, revision="v9"))
    finally:
        server.shutdown()
        server.server_close()


def test_offline_is_offline(options: EncoderOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match="HF_HUB_OFFLINE forbids downloading it"):
        load_encoder("someone/unknown", options)
