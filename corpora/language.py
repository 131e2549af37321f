"""Which language a text is written in, from its script and its commonest words.

Scripts decide first, by weight: a Japanese article full of company names in Latin letters stays Japanese, an
English one that quotes a line of Japanese stays English. A script that several languages share is settled by
letters that only one of them uses (Cyrillic, Arabic, Han) or by counting function words (Latin, Devanagari).

Where neither settles it the answer is None: this is meant for whole articles, not for headlines, and it knows
only the languages listed here. It does not tell Portugal from Brazil, or written Chinese from Cantonese.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# An article shows its language in its first pages; the rest costs time only.
_MAX_CHARS = 20_000
# Fewer Han characters than this, without kana, may be a Japanese headline as well as Chinese.
_MIN_HAN_ALONE = 40

_SCRIPTS = {
    "kana": "ぁ-ゖァ-ヺｦ-ﾝ",
    "han": "㐀-䶿一-鿿豈-龎々〆",
    "hangul": "가-힣ᄀ-ᇿㄱ-ㆎ",
    "latin": "A-Za-zＡ-Ｚａ-ｚÀ-ÖØ-öø-ɏḀ-ỿ",
    "cyrillic": "Ѐ-ӿ",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff",
    "devanagari": "\u0904-\u0963\u0971-\u097f",
    "greek": "Ͱ-Ͽἀ-῾",
    "hebrew": "\u05d0-\u05f2",
    "thai": "\u0e01-\u0e4e",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0531-\u0587",
    "bengali": "\u0980-\u09e3",
    "gurmukhi": "\u0a01-\u0a5e",
    "gujarati": "\u0a81-\u0ae3",
    "tamil": "\u0b82-\u0bd7",
    "telugu": "\u0c00-\u0c63",
    "kannada": "\u0c80-\u0ce3",
    "malayalam": "\u0d00-\u0d63",
    "sinhala": "\u0d81-\u0df3",
    "lao": "\u0e81-\u0ede",
    "khmer": "\u1780-\u17d3",
    "myanmar": "\u1000-\u1049",
}
_RUN_OF = {name: re.compile(f"[{ranges}]+") for name, ranges in _SCRIPTS.items()}
_COMMON = ("latin", "kana", "han")
_RARE = re.compile("[" + "".join(ranges for name, ranges in _SCRIPTS.items() if name not in _COMMON) + "]")

# Scripts written without spaces: three characters stand for about two words of the others.
_UNSPACED = frozenset({"kana", "han", "thai", "lao", "khmer", "myanmar"})

# Scripts that, in news, one language writes.
_ONE_LANGUAGE = {
    "hangul": "ko",
    "greek": "el",
    "thai": "th",
    "georgian": "ka",
    "armenian": "hy",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "sinhala": "si",
    "lao": "lo",
    "khmer": "km",
}

# (language, letters of which some must occur, letters of which none may); the first that fits is the answer.
_BY_LETTERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "cyrillic": (
        ("be", "ў", ""),
        ("mk", "ѓќѕ", "ыюяђћ"),
        ("sr", "ђћјљњџ", "ыюяйѓќѕ"),
        ("uk", "їєґ", "ыэъё"),
        ("ru", "ыэ", "ієґїўәөүұқғңһҳҷӣӯ"),
        ("bg", "ъ", "ыэіїєґјљњәөүқғңһҳҷӣӯ"),
    ),
    "arabic": (
        ("ur", "ٹڈڑںے", "ڵۆێەڕ"),
        ("fa", "پچژگ", "ٹڈڑںےڵۆێەڕېڼټ"),
        ("ar", "ةى", "پچژگٹڈڑںےڵۆێەېڼټ"),
    ),
    "hebrew": (("yi", "װױײ", ""), ("he", "", "")),
    "bengali": (("as", "ৰৱ", ""), ("bn", "", "")),
    "myanmar": (("my", "\u103b\u103c\u1039\u103a", "\u1060-\u1097"),),
}
# Characters of postwar Japanese spelling that neither Chinese standard has, and simplified-only ones.
_JAPANESE_HAN = re.compile("[円売読県駅毎気鉄広図発対応権実戦帰沢関労営様変転伝払込働価囲総続検験児収処弾単厳庁]")
_CHINESE_HAN = re.compile("[这们说时对发关东车长门问间经应该为产业务动报记员构战则现实还进过让给从华习]")

_WORDS = {
    "en": "the of and to in a is that for it was on with as he at by from are be have not said after over",
    "de": "der die das und ist nicht von zu den mit auf ein eine im für dem sich des auch als es an wird",
    "fr": "le la les de des et est un une du en que qui dans pour pas au sur il plus par ce avec a ont aux",
    "es": "el la los las de del y que en un una es por con no se su al lo como más pero fue dijo hasta",
    "it": "il la di che e è un una per non in del della si con le dei sono da al nel anche alla ha gli",
    "pt": "o a os as de do da dos das e que em um uma não para com é no na por se ao mais foi pelo são",
    "nl": "de het een van en is in dat op te niet voor met zijn aan er die ook bij wordt door hij zei tot",
    "sv": "och att det som en är av för på den med till inte har de ett om från var men vid kan ska säger",
    "da": "og at det er en af den til på med for ikke der som har de et fra var men siger blev efter mod",
    "no": "og at det er en av den til på med for ikke som har de et fra var men sier ble etter mot være",
    "fi": "ja on ei että oli se hän myös kun mutta ovat sen joka kuin jo vain mukaan tai sekä olla vuoden",
    "pl": "i w na nie się z do że jest to o jak po od za przez ale dla oraz był jego są tym które który",
    "cs": "a v na se je že s z do o to i za pro ale jsou by od podle také který jako po při jeho bylo",
    "ro": "și în de la a cu pe că nu este din o un pentru au fost mai care sau ca se prin dar după sunt al",
    "hu": "a az és hogy nem is egy van volt de ez ezt csak már meg mint még azt szerint vagy után lesz",
    "tr": "ve bir bu için ile da de olarak olan çok daha ne gibi kadar var sonra en ancak değil olduğunu",
    "id": "yang dan di untuk dengan dari ini itu pada dalam tidak akan oleh juga telah bahwa mengatakan",
    "ms": "yang dan di untuk dengan dari ini itu pada dalam tidak akan oleh juga telah bahawa berkata",
    "af": "die het van en is in dat nie vir met sy wat te op aan was ook by hulle om tot word hy as deur",
    "ca": "el la els les de del i que en un una és per amb no va es al com més però ha dels aquest són",
    "hr": "je i u na da se za su od s koji što kao ne će biti iz o ali bi do ili nakon rekao koja",
    "vi": "và của là có trong được cho không các một với những người này đã khi để từ đến về cũng tại theo",
    "hi": "है के में की का को से और हैं ने पर कि नहीं यह भी एक इस लिए था थे गया कहा कर",
    "mr": "आहे आणि या आहेत हे ते तर की होते नाही होता मध्ये येथे केली केले झाली साठी असे त्यांनी यांनी",
    "ne": "छ र को मा ले पनि छन् भएको गर्न थियो लागि गरेको नेपाल हो यो गरे तथा छैन बताए गर्ने भने",
}
_SCRIPT_OF_WORDS = {"hi": "devanagari", "mr": "devanagari", "ne": "devanagari"}
_LANGUAGES_OF: dict[str, list[str]] = {}
_LANGUAGES_WITH: dict[str, list[str]] = {}  # word -> the languages that list it
for _language, _listed in _WORDS.items():
    _LANGUAGES_OF.setdefault(_SCRIPT_OF_WORDS.get(_language, "latin"), []).append(_language)
    for _word in _listed.split():
        _LANGUAGES_WITH.setdefault(_word, []).append(_language)

_MIN_HITS = 2
_MIN_HIT_SHARE = 0.15  # running text has .25 to .5 in its own language
_MIN_SCORE = 1.0  # a headline with "in" and a man called Van in it is not Dutch
_MIN_LEAD = 1.25


def identify(text: str) -> str | None:
    """The ISO 639-1 code of the language that most of `text` is written in, or None when undecided.

    >>> identify("NTTとKDDIは、5GのサービスをTokyo Stationで始めた。")
    'ja'
    >>> identify("The word ikigai (生きがい) is known to many of the readers.")
    'en'
    >>> identify("東京") is None
    True
    """
    sample = unicodedata.normalize("NFC", text[:_MAX_CHARS])
    weights = _script_weights(sample)
    if not weights:
        return None
    script = max(weights, key=lambda name: weights[name])  # ties: the script that came first
    if script == "cjk":
        return _japanese_or_chinese(sample)
    if script in _LANGUAGES_OF:
        return _by_words(sample, script)
    if script in _BY_LETTERS:
        return _by_letters(sample, script)
    return _ONE_LANGUAGE[script]


def _script_weights(sample: str) -> dict[str, float]:
    """How much of the text each script holds, in words or what amounts to one; kana and Han are `cjk`.

    Scripts come in the order in which the text first uses them.
    """
    weights: dict[str, float] = {}
    first: dict[str, int] = {}
    for script in _SCRIPTS if _RARE.search(sample) else _COMMON:
        begins = _RUN_OF[script].search(sample)
        if begins is None:
            continue
        lengths = list(map(len, _RUN_OF[script].findall(sample)))
        # An isolated letter (a unit, a list mark, an initial) is not a word.
        weight = sum(lengths) / 1.5 if script in _UNSPACED else len(lengths) - 0.5 * lengths.count(1)
        name = "cjk" if script in ("kana", "han") else script
        weights[name] = weights.get(name, 0.0) + weight
        first[name] = min(first.get(name, len(sample)), begins.start())
    return dict(sorted(weights.items(), key=lambda item: first[item[0]]))


def _japanese_or_chinese(sample: str) -> str | None:
    kana = len(re.findall(f"[{_SCRIPTS['kana']}]", sample))
    han = len(re.findall(f"[{_SCRIPTS['han']}]", sample))
    japanese, chinese = len(_JAPANESE_HAN.findall(sample)), len(_CHINESE_HAN.findall(sample))
    if kana >= 0.05 * (kana + han):
        return "ja"
    if japanese > max(1, chinese):
        return "ja"  # a list of names or appointments may do without kana
    if han < _MIN_HAN_ALONE:
        return None
    return "zh" if kana <= 0.02 * han else None


def _by_letters(sample: str, script: str) -> str | None:
    """The language whose own letters occur and that lacks none of the letters seen."""
    lowered = sample.lower()
    for language, some, none in _BY_LETTERS[script]:
        if some and not re.search(f"[{some}]", lowered):
            continue
        if none and re.search(f"[{none}]", lowered):
            continue
        return language
    return None


def _by_words(sample: str, script: str) -> str | None:
    """The language whose function words are the most frequent, if by a clear lead.

    A word that several languages list counts for each by its share, so that neighbours (Danish and Norwegian)
    part at the words that only one of them has.
    """
    words = Counter(sample.lower().split())
    hits: Counter[str] = Counter()
    scores = dict.fromkeys(_LANGUAGES_OF[script], 0.0)
    for word, times in words.items():
        languages = _LANGUAGES_WITH.get(word.strip("\"'“”‘’«».,:;!?()[]।"), ())
        for language in languages:
            hits[language] += times
            scores[language] += times / len(languages)
    best, second = sorted(scores, key=lambda language: -scores[language])[:2]
    frequent = hits[best] >= max(_MIN_HITS, _MIN_HIT_SHARE * words.total())
    clear = scores[best] >= max(_MIN_SCORE, _MIN_LEAD * scores[second])
    return best if frequent and clear else None
