"""Encoders known to be good at finding translations, with what their publishers and a benchmark say of them.

Figures: F1 in % on Tatoeba jpn-eng (1,000 short sentences) and NTREX-128 (1,997 sentences of news, English to Japanese
and back) as the MTEB results repository has them (github.com/embeddings-benchmark/results, August 2026); licences,
sizes and dimensions from the MTEB model metadata. Languages and prompts are those of the model cards. Speed is a class
by the parameters that compute for every token, not a measurement: `taiyaku encoders --measure NAME` measures.

What is not here was not found or not confirmed; any other sentence-transformers model works just the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Speed = Literal["table", "fast", "medium", "slow"]
SPEEDS: dict[Speed, str] = {
    "table": "no network at all: tens of thousands of sentences a second on one core",
    "fast": "less than 30 million active parameters: usable on a laptop",
    "medium": "30 to 150 million: patience or a GPU",
    "slow": "more: a GPU",
}
MTEB = "MTEB results, F1"

_LABSE = (
    "af am ar as az be bg bn bo bs ca ceb co cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha haw he hi "
    "hmn hr ht hu hy id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr ms mt my ne nl no ny "
    "or pa pl pt ro ru rw si sk sl sm sn so sq sr st su sv sw ta te tg th tk tl tr tt ug uk ur uz vi wo xh yi yo "
    "zh zu"
)
_XLMR = (
    "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id "
    "is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no om or pa pl ps pt ro ru sa sd si "
    "sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh"
)
_MMBERT = (
    "af am ar az be bg bn bo bs ca ceb cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu he hi hr ht hu hy id "
    "is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr ms mt my ne nl no or pa pl ps pt ro ru sd "
    "si sk sl so sq sr sv sw ta te tg th tl tr tt uk ur uz vi xh zh"
)
_MINILM = (
    "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn mr ms my nb nl pl pt "
    "ro ru sk sl sq sr sv th tr uk ur vi zh"
)
_GRANITE = "ar cs de en es fr it ja ko nl pt zh"


@dataclass(frozen=True, slots=True)
class KnownEncoder:
    """A model by hub name. `megabytes`: its weights; `prompt`: what its card asks for before texts of equal parts.

    `languages` says how many in words; `codes` are those its card lists, empty where it gives no list. Figures are
    None where nobody has published them.
    """

    name: str
    megabytes: int
    dimensions: int
    max_tokens: int | None
    licence: str
    languages: str
    codes: frozenset[str]
    speed: Speed
    tatoeba: float | None
    ntrex: tuple[float, float] | None  # English to Japanese, Japanese to English
    prompt: str = ""
    note: str = ""
    source: str = MTEB

    @property
    def remarks(self) -> str:
        """What a table has no column for."""
        return "; ".join(filter(None, (f"prompt {self.prompt!r}" if self.prompt else "", self.note)))


def _codes(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# fmt: off
KNOWN: tuple[KnownEncoder, ...] = (
    KnownEncoder(
        "sentence-transformers/LaBSE",
        1796, 768, 256, "Apache-2.0", "109", _codes(_LABSE), "medium", 95.4, (99.1, 99.1),
        note="made for finding translations",
    ),
    KnownEncoder(
        "hotchpotch/bekko-embedding-v1-a8m",
        202, 384, 8192, "MIT", "100+", _codes(_MMBERT), "fast", 89.0, (97.2, 97.9),
    ),
    KnownEncoder(
        "hotchpotch/bekko-embedding-v1-a25m",
        470, 384, 8192, "MIT", "100+", _codes(_MMBERT), "fast", 93.5, (97.8, 98.8),
    ),
    KnownEncoder(
        "intfloat/multilingual-e5-small",
        449, 384, 512, "MIT", "93", _codes(_XLMR), "fast", 84.4, (89.3, 96.7),
        prompt="query: ",
    ),
    KnownEncoder(
        "intfloat/multilingual-e5-base",
        1061, 768, 512, "MIT", "93", _codes(_XLMR), "medium", 90.3, (94.7, 97.3),
        prompt="query: ",
    ),
    KnownEncoder(
        "intfloat/multilingual-e5-large",
        2136, 1024, 512, "MIT", "93", _codes(_XLMR), "slow", 95.3, (96.3, 98.8),
        prompt="query: ",
    ),
    KnownEncoder(
        "BAAI/bge-m3",
        2167, 1024, 8192, "MIT", "100+", frozenset(), "slow", 93.7, (98.5, 98.7),
    ),
    KnownEncoder(
        "Alibaba-NLP/gte-multilingual-base",
        582, 768, 8192, "Apache-2.0", "75", frozenset(), "medium", 93.1, (95.6, 97.0),
        note="comes with Python code of its own: --trust-remote-code",
    ),
    KnownEncoder(
        "google/embeddinggemma-300m",
        1155, 768, 2048, "Gemma terms", "100+", frozenset(), "medium", 93.8, (97.7, 98.1),
        prompt="task: sentence similarity | query: ",
        note="its licence must be accepted on the hub; MTEB used the prompt `task: search result | query: `",
    ),
    KnownEncoder(
        "Qwen/Qwen3-Embedding-0.6B",
        1136, 1024, 32768, "Apache-2.0", "100+", frozenset(), "slow", 91.6, (98.9, 98.7),
        note="MTEB used an instruction, which --prompt can give",
    ),
    KnownEncoder(
        "microsoft/harrier-oss-v1-270m",
        512, 640, 32768, "MIT", "93", _codes(_XLMR), "medium", 91.3, (98.8, 98.9),
        note="MTEB used an instruction, which --prompt can give",
    ),
    KnownEncoder(
        "ibm-granite/granite-embedding-107m-multilingual",
        204, 384, 512, "Apache-2.0", "12", _codes(_GRANITE), "fast", 90.2, (97.9, 98.4),
    ),
    KnownEncoder(
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        449, 384, 128, "Apache-2.0", "50", _codes(_MINILM), "fast", 90.4, (93.3, 91.1),
    ),
    KnownEncoder(
        "sentence-transformers/static-similarity-mrl-multilingual-v1",
        413, 1024, None, "Apache-2.0", "51", frozenset(), "table", 87.0, (94.9, 94.7),
        note="read without torch, like the bundled one",
    ),
)
# fmt: on


def known(name: str) -> KnownEncoder | None:
    """The entry for a hub name, with or without the organisation, or for a folder that is called like the model.

    >>> known("labse").name
    'sentence-transformers/LaBSE'
    """
    short = name.rpartition("/")[2].lower()
    return next((entry for entry in KNOWN if entry.name.rpartition("/")[2].lower() == short), None)


def full_name(name: str) -> str:
    """The hub name that a short one stands for; as sentence-transformers does, its own models need no organisation.

    >>> full_name("bge-m3"), full_name("all-MiniLM-L6-v2"), full_name("intfloat/e5-base")
    ('BAAI/bge-m3', 'sentence-transformers/all-MiniLM-L6-v2', 'intfloat/e5-base')
    """
    if "/" in name:
        return name
    entry = known(name)
    return entry.name if entry else f"sentence-transformers/{name}"


def covering(languages: set[str]) -> list[KnownEncoder]:
    """Encoders whose cards list all these languages (ISO 639-1), the smallest first."""
    return sorted((entry for entry in KNOWN if languages <= entry.codes), key=lambda entry: entry.megabytes)


def bundled_encoder(folder: Path) -> KnownEncoder:
    """The bundled table as an entry; its figures are those its training wrote down."""
    training = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    accuracy = training.get("accuracy", {})
    ntrex, tatoeba = accuracy.get("ntrex_ja"), accuracy.get("tatoeba_1000")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return KnownEncoder(
        folder.name,
        round(size / 1e6),
        int(training["options"]["dimensions"]),
        None,
        "Apache-2.0",
        "ja, en",
        frozenset({"ja", "en"}),
        "table",
        round(100 * tatoeba["ja->en"], 1) if tatoeba else None,
        (round(100 * ntrex["en->ja"], 1), round(100 * ntrex["ja->en"], 1)) if ntrex else None,
        note="the default",
        source="training.json, accuracy",
    )
