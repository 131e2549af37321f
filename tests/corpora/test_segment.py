"""Sentences as offsets: what ends one, what does not, and that no character is ever lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpora.segment import looks_wrapped, split


def _cut(marked: str, lang: str, *, newline_ends: bool = True) -> tuple[list[str], list[str]]:
    """Split the text without its ‖ marks; return what came out and what the marks ask for."""
    text = marked.replace("‖", "")
    got = [text[start:end] for start, end in split(text, lang, newline_ends=newline_ends)]
    return got, [part.strip() for part in marked.split("‖")]


JAPANESE = [
    pytest.param("彼は「寒い。もう帰る」と言い、席を立った。‖誰も追わなかった。", id="stop-inside-quotation"),
    pytest.param("「静かに。」‖先生の声が響いた。", id="closed-quotation-is-a-sentence"),
    pytest.param("「静かに。」と先生が言った。‖雨だった。", id="quotative-to"),
    pytest.param("「無理だ。」って言ったのに。‖もう遅い。", id="quotative-tte"),
    pytest.param("「無理だ。」‖とても小さな声だった。", id="adverb-that-starts-like-to"),
    pytest.param("「無理だ。」‖だから断った。", id="conjunction-that-starts-like-da"),
    pytest.param("「無理だ。」‖でも誰も動かない。", id="conjunction-that-starts-like-de"),
    pytest.param("「無理だ。」も口癖だ。‖癖は直らない。", id="particle-mo"),
    pytest.param("「無理だ。」‖もう誰も信じない。", id="adverb-that-starts-like-mo"),
    pytest.param("「売らない」。‖社長は言った。", id="stop-after-the-quotation"),
    pytest.param("「もう限界だ。」‖「眠れない。」‖声は続いた。", id="closed-quotations-in-a-row"),
    pytest.param("「もう？」「いや、まだ」。‖返事は短い。", id="exchange-in-one-sentence"),
    pytest.param("映画「夏の空。」が公開された。‖初日は満席。", id="title-with-stop"),
    pytest.param("番組「走れ！」主演の俳優が来た。‖拍手が起きた。", id="title-with-shout-before-kanji"),
    pytest.param("「『もういい。』と言われた。」と泣いた。‖春だった。", id="nested-quotations"),
    pytest.param("答えは「？」だ。‖「！」マークを押す。", id="mark-named-in-brackets"),
    pytest.param("「助かった。」（６０代女性）‖雨が続く。", id="speaker-in-parentheses"),
    pytest.param("会社（本社・堺市。社員３人）は休業した。‖再開は未定。", id="stop-inside-parenthesis"),
    pytest.param("知事は辞めた。‖（任期は来年まで。）‖後任は未定。", id="parenthesis-with-its-own-stop"),
    pytest.param("彼は去った。‖（株）山田組の社長だ。", id="short-parenthesis-belongs-to-what-follows"),
    pytest.param("会見が開かれた。（共同）‖次回は未定。", id="agency-stays"),
    pytest.param("対象外だ。（注３）‖次の項へ。", id="footnote-mark-stays"),
    pytest.param("会場は沸いた。（拍手）‖次の人が現れた。", id="stage-direction-stays"),
    pytest.param("Yahoo!ニュースが報じた。‖Yahoo!は黙った。", id="shout-inside-a-latin-name"),
    pytest.param("モーニング娘。の新曲が出た。‖売れた。", id="name-from-the-lexicon"),
    pytest.param("なぜか？という疑問が残る。‖答えはない。", id="question-carried-on"),
    pytest.param("本当か！？‖町は揺れた。", id="run-of-marks"),
    pytest.param("ゴール！‖スタンドが揺れた。", id="full-width-shout-after-katakana"),
    pytest.param("え……。‖言葉がない。", id="ellipsis-before-stop"),
    pytest.param("「待て！」――。‖声が響いた。", id="dash-before-stop"),
    pytest.param("約３．５キロ走った．‖Ｎｏ．２は休んだ．", id="full-width-period"),
    pytest.param("詳細はhttps://example.jp/?p=1を。‖電話も可。", id="question-mark-in-address"),
    pytest.param("｢寒い｡｣と言った｡‖雪だった｡", id="half-width-forms"),
    pytest.param("心配ない」と述べた。‖翌日も雨。", id="opening-bracket-lost"),
    pytest.param("市長は「心配ない。と述べた。‖翌日は「晴れ」だった。", id="closing-bracket-lost"),
    pytest.param("◇見出し\n‖本文だ。", id="line-end-ends"),
    pytest.param("歌詞が届いた。\n‖He ran. ‖She stayed.", id="english-line-in-japanese-text"),
]


@pytest.mark.parametrize("marked", JAPANESE)
def test_split_finds_the_sentences_when_japanese(marked: str) -> None:
    got, expected = _cut(marked, "ja")
    assert got == expected


@pytest.mark.parametrize("lang", ["fr", "de", "es", "ko", "zh"])
@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\u202f", "\u2009"])
def test_spaces_of_any_width_are_read_in_any_language(lang: str, space: str) -> None:
    text = f"« La vitamine C{space}.{space}» Fin. Le port est fermé."
    spans = split(text, lang)
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")


ENGLISH = [
    pytest.param("Gov. Mori met Lt. Gov. Ann Lee on Feb. 3. ‖They talked.", id="titles-and-month"),
    pytest.param("TOKYO (Kyodo) -- Snow fell. ‖Roads closed.", id="dateline"),
    pytest.param("ST. PAUL, Minn. -- Snow fell. ‖Roads closed.", id="dateline-of-abbreviations"),
    pytest.param("WASHINGTON, D.C. (AP) -- The vote is today. ‖It is close.", id="dateline-with-agency"),
    pytest.param("The U.S. Congress met. ‖She is in the U.S. ‖He is not.", id="dotted-abbreviation-both-ways"),
    pytest.param("It starts at 9 a.m. Tuesday. ‖It ends at 5 p.m. ‖Tea is served.", id="clock-both-ways"),
    pytest.param("He is No. 3 there. ‖Did he ask? ‖No. ‖He left.", id="no-as-number-and-as-word"),
    pytest.param("J. K. Mori and T. Sato won. ‖M. Abe lost.", id="initials"),
    pytest.param("He chose Plan B. ‖Workers disagree.", id="letter-that-is-no-initial"),
    pytest.param("It hit 39 C. ‖Tokyo was hotter.", id="unit-that-is-no-initial"),
    pytest.param("Toyo Motors Co. President Ito bowed. ‖He heads Toyo Co. ‖He is 60.", id="company-both-ways"),
    pytest.param("Kita Railway Co. (Kita Rail) stopped. ‖It rained.", id="company-before-parenthesis"),
    pytest.param("He fell ill. ‖Tokyo doctors helped. ‖He sat. ‖Ito stood.", id="words-that-look-abbreviated"),
    pytest.param("It went to the U.N. ‖Diplomats waited. ‖U.S. Marines left.", id="plural-subject-after-abbreviation"),
    pytest.param("Pvt. Ito sued in Tokyo Dist. Court. ‖He won.", id="titles-that-never-end"),
    pytest.param('"I ran. ‖I was scared." he said. ‖It was late.', id="sentence-ends-inside-quotation"),
    pytest.param('"Where is it?" Prime Minister Ken Abe asked. ‖No one knew.', id="name-and-verb-of-speech"),
    pytest.param('"Where is it?" ‖He did not answer.', id="no-verb-of-speech"),
    pytest.param('"Stop!" cried the guard. ‖He did not.', id="small-letter-after-shout"),
    pytest.param('He read "What Now?" twice. ‖It helped.', id="title-with-question-mark"),
    pytest.param("“We won!” ‖“Yes!” ‖They danced.", id="curly-quotation-marks"),
    pytest.param("Prices rose ... but pay did not. ‖Why?", id="ellipsis-as-pause"),
    pytest.param("He waited... ‖Nobody came.", id="ellipsis-as-end"),
    pytest.param("He died. ‖(He was 80.) ‖A wake is planned.", id="parenthesis-as-sentence"),
    pytest.param("The firm (est. 1950. Capital: 3 million yen.) closed. ‖It had 20 staff.", id="parenthesis-inside"),
    pytest.param("I hope it rains. ‖(laughs) ‖Seriously, it will.", id="laughter-is-a-sentence"),
    pytest.param("The vote ended. (Kyodo) ‖It was close.", id="agency-stays"),
    pytest.param("He left.[3] ‖She stayed.", id="footnote-mark-stays"),
    pytest.param("1. Turn left. ‖2. Turn right.", id="numbered-items"),
    pytest.param("Q. What changes? ‖A. Nothing.", id="question-and-answer"),
    pytest.param("It rose 3.5%. ‖3.1% was expected. ‖iPhone sales fell.", id="figures-and-mixed-case"),
    pytest.param("Yahoo! Japan grew. ‖He left Yahoo! ‖The firm hired.", id="name-with-shout"),
    pytest.param("Bridge to Close\n‖OTSU -- It is old.", id="line-end-ends"),
]


@pytest.mark.parametrize("marked", ENGLISH)
def test_split_finds_the_sentences_when_english(marked: str) -> None:
    got, expected = _cut(marked, "en")
    assert got == expected


OTHERS = [
    pytest.param("de", "Am 3. Mai kam Dr. Abel. ‖„Halt!“ rief er.", id="german-ordinal-and-quotation"),
    pytest.param("fr", "M. Dupont part. ‖Et vous ?", id="french-initial"),
    pytest.param("ko", '"왜?"라고 물었다. ‖비가 왔다.', id="korean-quotative"),
    pytest.param("zh-Hant", "下雨了。‖他走了。", id="region-is-ignored"),
    pytest.param("hi", "यह है। ‖वह है।", id="danda"),
    pytest.param("xx", "Mr. Bo left. ‖He was 3.", id="unknown-code-reads-like-english"),
    pytest.param("EN_us", "Mr. Bo left. ‖He was 3.", id="code-in-other-spelling"),
]


@pytest.mark.parametrize(("lang", "marked"), OTHERS)
def test_split_finds_the_sentences_when_another_language(lang: str, marked: str) -> None:
    got, expected = _cut(marked, lang)
    assert got == expected


WRAPPED = [
    pytest.param("ja", "「海は怖い。だが、\n好きだ」と\n彼は言う。‖船は２隻。\n\n‖次の段落", id="japanese"),
    pytest.param("en", "The bus left at\n9 a.m. on\nMonday. ‖It was\nfull.\r\n \r\n‖Next", id="english"),
    pytest.param("de", "Der Bus fuhr\num neun ab. ‖Er war\nvoll.\n\n‖Weiter", id="german"),
]


@pytest.mark.parametrize(("lang", "marked"), WRAPPED)
def test_split_reads_on_when_lines_are_wrapped(lang: str, marked: str) -> None:
    got, expected = _cut(marked, lang, newline_ends=False)
    assert got == expected


def test_split_ends_inside_a_quotation_when_its_bracket_closes_too_far_away() -> None:
    text = "「" + "とても長い話だった。" * 50 + "」と彼は書いた。"
    assert len(split(text, "ja")) == 50


def test_split_uses_the_names_given_when_they_hold_marks() -> None:
    text = "新店「ぱん。」ではなく、ぱん。本店が開いた。"
    assert len(split(text, "ja")) == 2
    assert len(split(text, "ja", names=("ぱん。",))) == 1


@pytest.mark.parametrize("lang", ["ja", "en", "de"])
@pytest.mark.parametrize("text", ["", " ", "\n\n\u3000\t"])
def test_split_finds_nothing_when_there_is_only_white_space(text: str, lang: str) -> None:
    assert split(text, lang) == []


# Dense in what the rules look at, so that brackets nest, cross and stay open in every way.
_TEXTS = st.one_of(
    st.text(st.characters(), max_size=80),
    st.text(
        "「」『』（）()【】\"“”'。！？!?．.、… 　\n\r\u2028とのをAaU.S12あ亜アー\x00\u200f\u0301\U0001f600\ud800",
        max_size=60,
    ),
    st.lists(
        st.sampled_from(
            [
                "「",
                "」",
                "『",
                "』",
                "（",
                "）",
                "。",
                "！",
                "と言った",
                "の",
                "\n",
                " ",
                "Mr. ",
                "U.S. ",
                '."',
                "(",
                ")",
                "It ",
            ]
        ),
        max_size=40,
    ).map("".join),
)


@given(text=_TEXTS, lang=st.sampled_from(["ja", "en", "de", "ko", "xx"]), newline_ends=st.booleans())
@example(text="\udc80「。\x00」\u202e.", lang="de", newline_ends=True)
@example(text="\r\n。\r\n\r\n」", lang="ja", newline_ends=False)
def test_split_covers_every_character_once_when_given_any_text(text: str, lang: str, newline_ends: bool) -> None:
    spans = split(text, lang, newline_ends=newline_ends)
    reached = 0
    for start, end in spans:
        assert reached <= start < end <= len(text)
        assert not text[reached:start].strip()
        assert text[start:end] == text[start:end].strip()
        reached = end
    assert not text[reached:].strip()
    if newline_ends:
        assert not any("\n" in text[start:end] or "\r" in text[start:end] for start, end in spans)


@given(text=_TEXTS)
def test_split_gives_the_same_sentences_when_a_line_stands_alone(text: str) -> None:
    lines = text.split("\n")
    apart = [line[start:end] for line in lines for start, end in split(line, "ja")]
    assert [text[start:end] for start, end in split(text, "ja")] == apart


BREAKS = [
    pytest.param("ja", "県は新しい高校の\n計画を示した。開校は\n来春だ。", True, id="particle-at-line-end"),
    pytest.param("ja", "橋の架け替え始まる\n市は４月、工事を始めた。", False, id="headline"),
    pytest.param("ja", "▽時間＝正午\n▽会費＝無料", False, id="list"),
    pytest.param("en", "The bus left\nthe village. It\nwas full.", True, id="small-letters-after-breaks"),
    pytest.param("en", "Bridge to Close\nThe bridge is old.", False, id="headline-in-english"),
    pytest.param("en", "Winners:\nfirst, Abe;\nsecond, Ito.", False, id="list-in-english"),
]


@pytest.mark.parametrize(("lang", "text", "expected"), BREAKS)
def test_looks_wrapped_tells_wrapping_from_lines_when_asked(lang: str, text: str, expected: bool) -> None:
    assert looks_wrapped(text, lang) is expected
