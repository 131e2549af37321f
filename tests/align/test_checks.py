"""The checks that read words: what each must find, and what it must leave alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.fidelity import NAMES, CheckOptions, check, check_pairs, parse_checks
from corpora.bitext import TextPair
from corpora.errors import UsageError

FAITHFUL = [
    ("会長には安藤実氏が選ばれた。", "Minoru Ando was chosen as chairman."),
    ("安藤実会長は来年度の計画を発表した。", "Chairman Ando announced the plan for the next fiscal year."),
    (
        "スウェーデンの研究者アンナ・リンドベリさんが来日した。",
        "Swedish researcher Anna Lindberg has arrived in Japan.",
    ),
    ("仙台市の小学校で火災があった。", "A fire broke out at an elementary school in Sendai."),
    ("住民は計画に反対していない。", "Residents are not against the plan."),
    ("申し込みは不要だ。", "There is no need to apply."),
    ("雨はまだやんでいない。", "It is still raining."),
    ("市は計画を公表しなければならない。", "The city must make the plan public."),
    ("利用者は増えなかった。", "The number of users remained flat."),
    ("橋の工事は中止となった。", "Work on the bridge has been called off."),
    ("県議会は予算案を可決した。", "The prefectural assembly passed the budget."),
    ("同社の利益は減少した。", "The company's profits fell."),
    ("農家は米の価格の上昇を喜んでいる。", "Farmers are glad that the price of rice has gone up."),
    ("検察側は懲役７年を求刑した。", "Prosecutors demanded a prison sentence of seven years."),
    (
        "首相は記者会見で「責任を感じる」と述べた。",
        "The prime minister told a press conference that he felt responsible.",
    ),
    ("台風は北西に進んでいる。", "The typhoon is moving northwest."),
    ("教授は新しい薬の効果を説明した。", "The professor explained the effect of the new medicine."),
    ("翌日、道路は再び開通した。", "The road was reopened the following day."),
]

WRONG = [
    ("会長には安藤実氏が選ばれた。", "Minoru Kondo was chosen as chairman.", "name", "name"),
    (
        "スウェーデンの研究者アンナ・リンドベリさんが来日した。",
        "Swedish researcher Anna Petersson has arrived in Japan.",
        "name",
        "name",
    ),
    ("仙台市の小学校で火災があった。", "A fire broke out at an elementary school in Hiroshima.", "name", "name"),
    ("農相は視察の予定を取りやめた。", "The finance minister canceled the inspection.", "name", "name"),
    ("世界貿易機関は報告書を出した。", "The IMF published a report.", "name", "name"),
    ("市は名前を公表しない方針だ。", "The city plans to make the names public.", "negation", "negation"),
    ("犯人は見つかっていない。", "The culprit has been found.", "negation", "negation"),
    ("新しい駅が開業した。", "The new station did not open.", "negation", "negation"),
    ("すべての家が壊れたわけではない。", "None of the houses was destroyed.", "negation", "negation"),
    ("県議会は予算案を可決した。", "The prefectural assembly rejected the budget.", "polarity", "mistranslation"),
    ("失業率は上昇した。", "The jobless rate fell.", "polarity", "mistranslation"),
    ("同社は黒字に転じた。", "The company went into the red.", "polarity", "mistranslation"),
    ("男は強盗の疑いで逮捕された。", "The man was arrested on suspicion of arson.", "mistranslation", "mistranslation"),
    ("台風は北西に進んでいる。", "The typhoon is moving southeast.", "mistranslation", "mistranslation"),
    ("船は漁業に使われる恐れがある。", "The ship is used for fishing.", "mistranslation", "mistranslation"),
    ("原告の女性は「うれしい」と話した。", "The defendant said she was happy.", "attribution", "attribution"),
    ("市長は「工事は順調だ」と強調した。", "The governor stressed that the work was going well.", "name", "name"),
    ("翌日、道路は再び開通した。", "The road was reopened the same day.", "date", "date"),
    ("小中学校の給食が無料になる。", "Lunches at elementary schools will be free.", "omission", "omission"),
    (
        "大雨で鉄道の線路が流され、村の住民は避難所で夜を過ごした。",
        "The villagers spent the night in shelters.",
        "omission",
        "omission",
    ),
    (
        "村の住民は避難所で夜を過ごした。",
        "The villagers spent the night in shelters after the railway tracks were washed away by heavy rain.",
        "addition",
        "addition",
    ),
    (
        "図書館は来週から休館する。",
        "The library will be closed from next week because the roof leaks.",
        "addition",
        "addition",
    ),
]


@pytest.mark.parametrize(("source", "target"), FAITHFUL)
def test_nothing_found_when_translation_is_faithful(source: str, target: str) -> None:
    assert check(source, target) == []


@pytest.mark.parametrize(("source", "target", "name", "category"), WRONG)
def test_found_when_translation_is_wrong(source: str, target: str, name: str, category: str) -> None:
    assert (name, category) in [(finding.check, finding.category) for finding in check(source, target)]


@pytest.mark.parametrize(("source", "target", "name", "category"), WRONG)
def test_found_when_the_original_is_the_english_one(source: str, target: str, name: str, category: str) -> None:
    del category
    turned = {"omission": "addition", "addition": "omission"}
    found = check(target, source, source_lang="en", target_lang="ja")
    assert turned.get(name, name) in [finding.check for finding in found]
    for one in found:
        assert one.source_value == (target[slice(*one.source_span)] if one.source_span else None)
        assert one.target_value == (source[slice(*one.target_span)] if one.target_span else None)


def test_one_finding_when_the_texts_have_nothing_in_common() -> None:
    (finding,) = check(
        "市議会は来年度の予算案を全会一致で可決した。",
        "My grandmother bakes bread on Sundays, and it smells wonderful.",
    )
    assert (finding.category, finding.severity) == ("mistranslation", "critical")


def test_finding_quotes_what_is_missing() -> None:
    (finding,) = check("犯人は見つかっていない。", "The culprit has been found.")
    assert finding.source_value == "見つかっていない"
    assert finding.target_span is None
    assert finding.message == "source says 見つかっていない: nothing on the other side denies"


def test_checks_when_some_are_left_out() -> None:
    source, target, *_ = WRONG[5]
    assert check(source, target, options=parse_checks(without="negation")) == []
    assert check(source, target, options=parse_checks("number,date")) == []
    assert [f.check for f in check(source, target, options=parse_checks("negation"))] == ["negation"]


def test_fewer_found_when_the_bar_is_raised() -> None:
    source, target, *_ = WRONG[-1]
    assert check(source, target, options=parse_checks("addition")) != []
    assert check(source, target, options=parse_checks("addition", bars=["addition=50"])) == []


@pytest.mark.parametrize(
    ("only", "without", "bars", "message"),
    [
        ("numbers", None, (), "there is no check numbers; choose from number, date, unit"),
        (None, "spelling", (), "there is no check spelling"),
        ("number", "number", (), "no check is left"),
        (None, None, ("name=1",), "name has no bar; only omission and addition have one"),
        (None, None, ("omission=-1",), "a bar can only be raised"),
        (None, None, ("omission=high",), "'high' is no number; write it like omission=1.5"),
    ],
)
def test_options_when_they_make_no_sense(
    only: str | None, without: str | None, bars: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        parse_checks(only, without, bars)


def test_same_findings_when_checked_alone_and_together() -> None:
    pairs = [
        TextPair(str(at), *row[:2]) for at, row in enumerate([*FAITHFUL, *WRONG, ("", "Nothing."), ("。", "")] * 9)
    ]
    together = [found for _, found in check_pairs(pairs)]
    assert together == [check(pair.source, pair.target) for pair in pairs]


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(WRONG))
def test_spans_when_any_text_stands_around_an_error(before: str, after: str, row: tuple[str, str, str, str]) -> None:
    source, target = f"{before}{row[0]}{after}", f"{before} {row[1]} {after}"
    for one in check(source, target):
        assert one.check in NAMES
        for span, text, value in (
            (one.source_span, source, one.source_value),
            (one.target_span, target, one.target_value),
        ):
            if span is not None:
                assert 0 <= span[0] < span[1] <= len(text)
                if one.check not in ("number", "date", "unit"):
                    assert text[slice(*span)] == value


def test_only_values_compared_when_a_language_has_no_dictionary() -> None:
    names = {f.check for f in check("12人が見た。", "13人が見なかった。", target_lang="ja")}
    assert names == {"number"}


def test_every_name_is_known_to_the_options() -> None:
    assert CheckOptions().names == frozenset(NAMES)
    assert len(NAMES) == 10


@pytest.mark.parametrize(
    ("source", "target", "instead"),
    [
        ("大会は夏に開かれる。", "The tournament will be held in winter.", "summer"),
        ("山火事で馬が犠牲になった。", "A cow died in the wildfire.", "horse"),
        ("工事は簡単だった。", "The work was difficult.", "easy"),
    ],
)
def test_word_in_place_of_another_of_its_kind(source: str, target: str, instead: str) -> None:
    messages = [finding.message for finding in check(source, target)]
    assert any(f"the Japanese says {instead} rather" in message for message in messages), messages


def test_no_word_misplaced_when_a_denial_turns_it_round() -> None:
    assert check("出席は必須ではない。", "Attendance is optional.") == []


def test_values_alone_compared_when_a_text_is_a_book() -> None:
    source, target = "3人が来た。" + "雨が降った。" * 20_000, "4 people came. " + "It rained. " * 20_000
    assert [finding.check for finding in check(source, target)] == ["number"]


def test_every_check_is_in_the_catalogue() -> None:
    catalogue = (Path(__file__).resolve().parents[2] / "docs" / "fidelity.md").read_text("utf-8")
    for name in NAMES:
        assert f"| `{name}` | " in catalogue
    for option in ("--checks", "--without", "--bar", "--fail-on", "--documents"):
        assert option in catalogue
