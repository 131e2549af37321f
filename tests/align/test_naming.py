"""Names in running text: which are marked, how they are read, and how alike they sound."""

import pytest

from align.naming import SAME_NAME, english_names, is_romaji, japanese_names, likeness, reads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会長には遠藤譲氏が選ばれた。", ["遠藤譲"]),
        ("監督のジョアン・ペレイラさんが話す。", ["ジョアン・ペレイラ"]),
        ("釧路市で店を営む浜田玲子さん(61)は語る。", ["釧路", "浜田玲子"]),
        ("お客さんと患者さんが待つ。", []),
        ("同市の副市長が答えた。", []),
        ("都市の再開発が進む。", []),
    ],
)
def test_japanese_names(text: str, expected: list[str]) -> None:
    found = japanese_names(text)
    assert [name.text for name in found] == expected
    assert all(text[name.start : name.end].strip("・") == name.text for name in found)


def test_english_names_when_words_have_capitals() -> None:
    assert [n.text for n in english_names("On Monday Mr. O'Brien met Jean-Luc Martin of NATO.")] == [
        "O'Brien",
        "Jean-Luc",
        "Martin",
    ]


@pytest.mark.parametrize(
    ("word", "kanji", "part"),
    [
        ("Endo", "遠藤譲", "遠藤"),
        ("Jō", "遠藤譲", "譲"),
        ("Homma", "本間凜", "本間"),
        ("Hotta", "堀田", "堀田"),
        ("Kiichi", "喜一", "喜一"),
        ("Hattori", "服部", "服部"),
        ("Miyakojima", "宮古島", "宮古島"),
    ],
)
def test_read_when_a_word_is_a_reading(word: str, kanji: str, part: str) -> None:
    start, end = reads(word, kanji)[0]
    assert kanji[start:end] == part


@pytest.mark.parametrize(
    ("word", "kanji"), [("Ando", "遠藤譲"), ("Onodera", "大野陽"), ("Ishigaki", "宮古島"), ("", "大野")]
)
def test_not_read_when_a_word_is_another_name(word: str, kanji: str) -> None:
    assert reads(word, kanji) == ()


def test_romaji_when_words_are_japanese_or_not() -> None:
    assert all(map(is_romaji, ["Kyūshū", "Ichinoseki", "Hotta", "Shimbashi", "Ryu"]))
    assert not any(map(is_romaji, ["Washington", "Smith", "Lloyd", "Chequers"]))


@pytest.mark.parametrize(
    ("word", "katakana"),
    [("Johansen", "ヨハンセン"), ("Smith", "スミス"), ("Czeisler", "ツァイスラー"), ("Trudeau", "トルドー")],
)
def test_alike_when_a_name_is_spelled_by_sound(word: str, katakana: str) -> None:
    assert likeness(word, katakana) >= SAME_NAME > likeness("Quintana", katakana)
