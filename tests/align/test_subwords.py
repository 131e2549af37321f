"""The bundled table's subwords: SentencePiece's are those of the tokenizer.json that other programs read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from align.subwords import SENTENCEPIECE_FILE, SentencePieceSubwords, TokenizersSubwords
from align.table import BUNDLED

MODULE = BUNDLED / "0_StaticEmbedding"


FAST = SentencePieceSubwords.from_file(MODULE / SENTENCEPIECE_FILE)
PLAIN = TokenizersSubwords(Tokenizer.from_file(str(MODULE / "tokenizer.json")))


def bag(subwords: SentencePieceSubwords | TokenizersSubwords, text: str) -> list[int]:
    """The known ones, in no order: likeliest cuts of equal probability may differ in that."""
    ids, _ = subwords.ids([text])
    return sorted(identity for identity in ids.tolist() if identity not in subwords.unknown)


ODD = [
    "首相は24日、ＡＩ（人工知能）の「新しい戦略」を発表した。",
    "The Prime Minister's plan—worth ¥1.5tn—was announced on Nov. 24, 2026.",
    "ﾊﾝｶｸ ｶﾅ と ゼンカク　カナ、㈱や①、½、ﬁ、É、naïve、Łódź、İstanbul、straße",
    "改行\nタブ\tゼロ幅\u200b空白\u00a0など",
    "Это русский текст, ελληνικό κείμενο, 한국어 😀",
    "▁already▁marked 10°C 20㎞ ２０２６年",
    "",
    " ",
]


@pytest.mark.parametrize("text", ODD)
def test_both_cut_odd_characters_alike(text: str) -> None:
    assert bag(FAST, text) == bag(PLAIN, text)


COMMON = st.text(
    st.sampled_from("首相は新しい戦略を発表した、。「」カタロナーＡｂｚ０９ 　abTHE.,'’“—…10ゔ゛ヷ㈱①ﾊﾟéÉßŁあ゙"),
    max_size=40,
)
SOME = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.one_of(COMMON, SOME))
def test_both_cut_any_text_alike(text: str) -> None:
    assert bag(FAST, text) == bag(PLAIN, text)


def test_pieces_say_what_each_subword_stands_for() -> None:
    for subwords in (FAST, PLAIN):
        [pieces, nothing] = subwords.pieces(["東京で雨が降った。", ""])
        assert "".join(characters for _, characters in pieces) == "東京で雨が降った。"
        assert [identity for identity, _ in pieces] == subwords.ids(["東京で雨が降った。"])[0].tolist()
        assert nothing == []


def test_ids_of_several_texts_stand_on_end() -> None:
    texts = ["It rained.", "", "雨が降った。"]
    for subwords in (FAST, PLAIN):
        ids, starts = subwords.ids(texts)
        assert starts.tolist()[0] == 0
        assert starts[1] == starts[2]
        assert starts[-1] == len(ids)
        assert ids[starts[2] :].tolist() == subwords.ids(texts[2:])[0].tolist()
        empty, none = subwords.ids([])
        assert (empty.shape, none.tolist()) == ((0,), [0])


def test_a_damaged_sentencepiece_model_is_an_error(tmp_path: Path) -> None:
    (tmp_path / SENTENCEPIECE_FILE).write_bytes(b"not a model")
    with pytest.raises((OSError, RuntimeError)):
        SentencePieceSubwords.from_file(tmp_path / SENTENCEPIECE_FILE)
