"""Credited reporters against bylines in kanji: readings, orders and spellings; the names are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.names import READINGS, SURNAME_ALONE, fold, match_name, match_names, readings


@pytest.mark.parametrize(
    ("latin", "japanese"),
    [
        pytest.param("Kenji Sato", "佐藤健二", id="given name first"),
        pytest.param("SATO Kenji", "佐藤健二", id="surname first, in capitals"),
        pytest.param("Kenji Sato", "佐藤 健二", id="space between"),
        pytest.param("Kenji Sato", "佐藤　健二", id="full-width space between"),
        pytest.param("Taro Ono", "小野太郎", id="plain vowels"),
        pytest.param("Tarō Ōno", "大野太郎", id="macrons"),
        pytest.param("Taroh Ohno", "大野太郎", id="long vowels with h"),
        pytest.param("Tarou Oono", "大野太郎", id="long vowels spelt out"),
        pytest.param("Jun'ichi Abe", "安部純一", id="apostrophe"),
        pytest.param("Yukio Namba", "難波幸雄", id="m before b"),
        pytest.param("Kenji Homma", "本間健二", id="m before m"),
        pytest.param("Kenji Origasa", "折笠健二", id="a voicing that the dictionary lacks"),
        pytest.param("Sakura Sato", "佐藤さくら", id="hiragana"),
        pytest.param("Yumi Kato", "加藤ユミ", id="katakana"),
        pytest.param("Hiroshi Hayashi", "林浩", id="one character each"),
        pytest.param("佐藤健二", "Kenji Sato", id="the other way round"),
        pytest.param("佐藤健二", "佐藤 健二", id="both in kanji"),
        pytest.param("John Smith", "SMITH, John", id="both in capitals and small letters"),
        pytest.param("Miu Hasebe", "長谷部美羽", id="characters read as in names only"),
        pytest.param("Rio Inui", "乾莉央", id="a surname of one character"),
        pytest.param("Mamoru Kyan", "喜屋武守", id="an Okinawan surname"),
        pytest.param("Toru Watanuki", "四月一日透", id="a surname that no character of it tells"),
        pytest.param("Lucas Ferreira", "ルーカス・フェレイラ", id="foreign names in katakana"),
        pytest.param("Nguyen Van Minh", "グエン・バン・ミン", id="three foreign names"),
        pytest.param("Jürgen Müller", "Jürgen Müller", id="both with umlauts"),
        pytest.param("Иван Петров", "Иван Петров", id="both in Cyrillic"),
    ],
)
def test_a_name_matches_when_it_is_the_same_one(latin: str, japanese: str) -> None:
    assert match_name(latin, japanese) == 1.0


@pytest.mark.parametrize(
    ("latin", "japanese"),
    [
        ("Kenji Sato", "田中花子"),
        ("Hanako Suzuki", "佐藤健二"),
        ("Sato", "佐藤健二"),
        ("", "佐藤健二"),
        ("Kenji Sato", ""),
        ("", ""),
        (" ", "　"),
        ("Kenji Sato", "1234"),
        ("鈴木一郎", "佐藤健二"),
        ("John Smith", "John Miller"),
        ("Иван Петров", "Олег Смирнов"),
        ("Lucas Ferreira", "マルコ・ロッシ"),
        ("Lucas Ferreira", "ルーカス・モリセット"),
        ("Jo Ando", "ジョアン・ペレイラ"),
    ],
)
def test_a_name_does_not_match_another(latin: str, japanese: str) -> None:
    assert match_name(latin, japanese) == 0.0


def test_a_shared_surname_counts_for_more_than_a_shared_given_name() -> None:
    assert 0.0 < match_name("Kenji Tanaka", "佐藤健二") < match_name("Hanako Sato", "佐藤健二") < 1.0


def test_characters_that_lend_the_beginning_of_their_reading_count_for_almost_all() -> None:
    assert match_name("Hana Sato", "佐藤花") == 1.0
    assert match_name("Kokone Sato", "佐藤心音") == 1.0
    assert SURNAME_ALONE < match_name("Satsuha Sato", "佐藤颯春") < 1.0


def test_a_surname_of_another_language_is_enough_to_tell_two_reporters_apart() -> None:
    assert match_name("Kim Tae-yang", "金太陽") >= SURNAME_ALONE > match_name("Kim Tae-yang", "林太陽")


@pytest.mark.parametrize(
    ("credit", "byline", "expected"),
    [
        ([], ["佐藤健二"], None),
        (["Kenji Sato"], [], None),
        ([], [], None),
        (["Kenji Sato"], ["佐藤健二"], 1.0),
        (["Kenji Sato"], ["田中花子", "佐藤健二"], 1.0),
        (["Hanako Tanaka", "Kenji Sato"], ["佐藤健二", "田中花子"], 1.0),
        (["Hanako Tanaka", "Kenji Sato"], ["佐藤健二"], 0.5),
        (["Kenji Sato", "Kenji Sato"], ["佐藤健二"], 0.5),
        (["Kenji Sato"], ["鈴木一郎"], 0.0),
    ],
)
def test_names_are_matched_one_to_one(credit: list[str], byline: list[str], expected: float | None) -> None:
    assert match_names(credit, byline) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ōba", "Ohba"),
        ("Yūko", "Yuko"),
        ("Yuuko", "Yuko"),
        ("Itō", "Itoh"),
        ("Shimbo", "Shinbo"),
        ("Kobayashi", "KOBAYASHI"),
        ("Jun’ichirō", "Junichiro"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Ono", "Onoe"), ("Inoue", "Ino"), ("Kano", "Kanno"), ("Sato", "Saito")])
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_part_of_a_name_has_all_readings_of_the_dictionary() -> None:
    assert {fold("Junko"), fold("Kiyoko")} <= readings("純子") | readings("清子")
    assert readings("") <= {""}


@given(st.lists(st.text(max_size=8), max_size=3), st.lists(st.text(max_size=8), max_size=3))
def test_any_strings_give_a_share_or_nothing(credit: list[str], byline: list[str]) -> None:
    share = match_names(credit, byline)
    assert (share is None) == (not credit or not byline)
    assert share is None or 0.0 <= share <= 1.0


def test_the_table_of_readings_says_each_thing_once() -> None:
    lines = [line.split() for line in READINGS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert all(len(line) > 1 and all(one.isascii() and one.isalpha() for one in line[1:]) for line in lines)
    assert all(len(set(line)) == len(line) for line in lines)
