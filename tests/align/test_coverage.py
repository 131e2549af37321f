"""Languages and writings that an encoder does not know are noticed before any work is done."""

import pytest

from align.coverage import LEAST_KNOWN, foreign, reject_foreign, require_languages, require_readable
from align.table import StaticEncoder
from align.vectors import Encoder
from corpora.errors import EncoderError
from corpora.records import Article

FOREIGN = {
    "ko": "시 당국은 4일 낡은 다리를 내년 봄까지 새로 놓겠다고 밝혔다. 공사비는 모두 20억 원이다.",
    "th": "เทศบาลเมืองประกาศเมื่อวันที่ 4 ว่าจะสร้างสะพานใหม่แทนสะพานเก่าภายในฤดูใบไม้ผลิปีหน้า",
    "ar": "أعلنت البلدية يوم الرابع أنها ستبني جسرا جديدا مكان الجسر القديم قبل ربيع العام المقبل.",
    "ru": "Городские власти сообщили 4 числа, что построят новый мост на месте старого до следующей весны.",
    "el": "Ο δήμος ανακοίνωσε στις 4 του μηνός ότι θα χτίσει νέα γέφυρα στη θέση της παλιάς ως την άνοιξη.",
    "he": "העירייה הודיעה ברביעי לחודש כי תבנה גשר חדש במקום הישן עד האביב הבא.",
    "hi": "नगर प्रशासन ने चार तारीख को कहा कि वह अगले वसंत तक पुराने पुल की जगह नया पुल बनाएगा।",
}
ORDINARY = {
    "news": "The city said on the 4th that it will replace the old bridge by next spring at a cost of 2 billion yen.",
    "ニュース": "市は4日、老朽化した橋を来春までに架け替えると発表した。工費は約20億円。",
    "names": "Haruto Minegishi, Yui Tokita, Kanako Orihara and Shuzo Tamba of Tsuruoka attended.",
    "katakana": "ﾊﾝｶｸのグランドホテル・メトロポリタンでインターナショナルフェスティバルを開催",
    "kanji": "内閣官房長官　木下太郎　財務大臣　山田花子　総務大臣　鈴木一郎",
    "quotes": "A: I did it. B: I can't. A: Is it so? I am, I was, I will be! U.S. and U.K. officials met in L.A.",
    "capitals": "JAPAN TO REPLACE OLD BRIDGES BY SPRING, SAYS MINISTRY OF LAND",
    "foreign words": "The word приветствие means greeting, and 생각 means thought, she explained to the class.",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_other_writing_is_foreign_by_a_wide_margin(text: str, bundled: Encoder) -> None:
    (share,) = foreign([text], bundled)
    assert share is not None
    assert share < LEAST_KNOWN - 0.25


@pytest.mark.parametrize("text", ORDINARY.values(), ids=ORDINARY)
def test_ordinary_text_is_not(text: str, bundled: Encoder) -> None:
    assert foreign([text], bundled) == [None]
    assert isinstance(bundled, StaticEncoder)
    assert bundled.known_shares([text])[0] > LEAST_KNOWN + 0.2


@pytest.mark.parametrize("text", ["", "123, 456", "ＮＴＴ", "J. R. R.", "Привет"])
def test_too_few_letters_say_nothing(text: str, bundled: Encoder) -> None:
    assert foreign([text], bundled) == [None]


def test_shares_are_of_letters_only_and_in_order(bundled: Encoder) -> None:
    assert isinstance(bundled, StaticEncoder)
    assert bundled.known_shares([]).shape == (0,)
    mixed = "The old bridge " + "старый мост "
    shares = bundled.known_shares([mixed, mixed + "1,234 %! ...", "\ud800"])
    assert shares.tolist() == pytest.approx([12 / 22, 12 / 22, 1.0], abs=0.06)


def test_an_encoder_that_is_no_table_is_not_judged(letters: Encoder) -> None:
    assert foreign([FOREIGN["ko"]], letters) == [None]


def test_a_text_that_cannot_be_read_is_an_error_that_says_where(bundled: Encoder) -> None:
    require_readable(ORDINARY["news"], "a.txt", "en", bundled)
    with pytest.raises(
        EncoderError, match=r"^a\.txt: .* knows only \d+% of its letters, so this is hardly en; .*--encoder"
    ):
        require_readable(FOREIGN["th"], "a.txt", "en", bundled)


def test_articles_that_cannot_be_read_are_rejected_with_the_reason(bundled: Encoder) -> None:
    articles = [
        Article(name, f"{name}.txt", "en", text, (), ()) for name, text in [*FOREIGN.items(), *ORDINARY.items()]
    ]
    kept, rejects = reject_foreign(articles, bundled)
    assert [article.article_id for article in kept] == list(ORDINARY)
    assert [reject.path for reject in rejects] == [f"{name}.txt" for name in FOREIGN]
    assert {(reject.stage, reject.reason) for reject in rejects} == {("encode", "unknown-writing")}


@pytest.mark.parametrize(
    ("languages", "message"),
    [
        (("zh", "ko", "en"), r"not ko, zh; name one that does, for example --encoder \S+ or --encoder \S+"),
        (("th", "en"), "not th; .*bekko-embedding-v1-a8m"),
        (("ja", "haw"), "not haw; .*LaBSE"),
        (("ja", "tlh"), "not tlh; .*no encoder known to Taiyaku"),
    ],
    ids=str,
)
def test_the_bundled_encoder_refuses_languages_it_was_not_trained_on(
    languages: tuple[str, ...], message: str, bundled: Encoder
) -> None:
    require_languages(bundled, ("ja", "en"))
    with pytest.raises(EncoderError, match=f"covers Japanese and English, {message}"):
        require_languages(bundled, languages)


def test_any_other_encoder_may_be_used_for_any_language(letters: Encoder) -> None:
    require_languages(letters, ("eo", "la"))
