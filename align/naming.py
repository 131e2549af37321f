"""Names of people and places in running text, and whether the other side has them.

A Japanese name in kanji is known by what stands behind it (遠藤譲氏, 宮古島市), one in katakana by its middle dot or by
the same words; an English one by its capital. A kanji name is matched by reading: the letters of a word are laid over
the readings of the name's characters. A katakana name is matched by sound. A name is in doubt only where the other
side has a name to spare that nothing accounts for, since free translations leave names out and put others in.

What this does not do: find names that nothing marks, or tell apart names of one reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from align.confusions import lexicon
from align.foreign import skeleton
from align.leftover import Lang
from align.names import fold, looked_up, readings

# Letters of other languages as katakana hears them.
_SPELLINGS = (
    *(("eaux", "o"), ("eau", "o"), ("tsch", "ch"), ("cz", "ts"), ("sch", "sh"), ("ck", "k"), ("ph", "f"), ("th", "s")),
    *(("c", "k"), ("l", "r"), ("v", "b"), ("bj", "by")),
)
SAME_NAME = 0.6  # mean of two ratios; of 4,000 surnames of foreigners 6 % are spelled less alike than their katakana
SURELY_SAME = 0.8  # the other part of a two-part name, for its neighbour to be looked at closely
CLOSELY = 0.64  # then: 10 % of surnames are less alike
KNOWN = 0.5  # a cosine from which on a word has a counterpart
KNOWN_RIVAL = 0.6  # where another name is suspected in its place; names that begin alike have some .55
MOST_FULL_NAME = 5  # characters; longer ones have a title before them
# What follows a person's name.
HONORIFICS = (
    "さん|氏|君|くん|ちゃん|様|容疑者|被告|受刑者|死刑囚|選手|監督|投手|捕手|内野手|外野手|主将|知事|市長|町長|村長|区長|首相|元首相|前首相"
    "|外相|財務相|防衛相|法相|文科相|厚労相|農相|経産相|国交相|環境相|総務相|官房長官|大統領|議員|衆院議員|参院議員|教授|准教授|名誉教授|社長"
    "|会長|理事長|委員長|代表|組合長|館長|校長|園長|所長|局長|部長|課長|医師|弁護士|記者|住職|棋士|九段|八段|七段|六段|五段|四段|名人|竜王|騎手|力士|関"
)
_PERSON = re.compile(rf"([一-鿿々ヶ]{{2,10}}|[ァ-ヴー・＝]{{3,24}})(?:\(\d{{1,3}}\))?(?:{HONORIFICS})")
_AGED = re.compile(r"([一-鿿々ヶ]{3,8}|[ァ-ヴー・＝]{4,24})(?:さん|氏|容疑者|被告|選手)?\(\d{1,3}\)")
_DOTTED = re.compile(r"[ァ-ヴー]{2,}(?:[・＝][ァ-ヴー]{2,})+")
_PLACE = re.compile(
    r"(?:^|(?<=[^一-鿿々]))(?:[一-鿿]{2,3}[都道府県])?([一-鿿々ヶ]{1,4})(?:市|町|村|区|駅|港|地裁|高裁|空港|署)(?![一-鿿])"
)
# Words for people that an honorific makes no name of.
_NO_NAME = re.compile(
    r"(?:皆|みな|お客|患者|母親|父親|息子|娘|夫|妻|男性|女性|住民|学生|生徒|児童|園児|店主|隊員|社員|職員|作業員|関係者|担当者|専門家|都|道|府|県|市"
    r"|町|村|区|国|同|両|各|副|元大?|前|現|新|歴代|上院|下院|州上院|州下院|牧師|神父|米|仏|英|独|露|中|韓|党|衆院|参院|与党|野党|代表|主婦|赤|奥|旦那|業者|記者|先生|選手|監督|知事|議員"
    r"|大会|会|部|組|委員|理事|学校|大学|病院|警察|会社|委員会|協会|組合|会長|社長|女子|男子|日本|主力|控え|若手|有力|外国人|所属|出場|代理|総合|内閣)$"
)
_CAPITALISED = re.compile(
    r"(?<![A-Za-z'’.-])(?:[OD]['’])?[A-ZĀĪŪĒŌ][a-zāīūēōàâäçéèêëíîïñóôöúûü]+(?:['’][a-rt-z][a-z]*)?(?:-[a-zA-Z][a-z]+)*(?![A-Za-z])"
)
_ROMAJI = re.compile(
    r"(?:(?:[kstnhmrgzbpdjfwy]|ky|sh?y?|ch|ts|ny|hy|my|ry|gy|by|py|kk|ss|tt|pp|tch|cch|nn|mm|mb|mp)?[aiueo]h?|n(?![aiueo])|nn)+"
)
# Words with a capital that are no names, or names of what is written in other ways.
_COMMON_LISTED = """
January February March April May June July August September October November December Monday Tuesday Wednesday
Thursday Friday Saturday Sunday Mr Mrs Ms Dr Prof The A An In On At But And He She It They We You I For With From As
Secretary Senator Sen Rep Gov Rev Sir Lord Lady President Minister Prime Chancellor Professor Doctor Father Mother
Judge Justice Captain Colonel General Sergeant King Queen Prince Princess Pope Saint Tory Tories Labour Republican
Democrat Democrats Republicans North South East West Street Road Avenue University College School Jr Sr II III If When
While After Before This That These Those There Here According Meanwhile However Also Not No So To Of By
"""
_COMMON = frozenset(_COMMON_LISTED.split())


class Name(NamedTuple):
    """A name in a text: `text[start:end]`."""

    text: str
    start: int
    end: int
    is_kanji: bool = True
    is_place: bool = False

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def japanese_names(text: str) -> list[Name]:
    """Marked names of people and places, in order; of overlapping ones the first. Text must be half-width.

    >>> [name.text for name in japanese_names("会長には遠藤譲氏が、監督にはジョアン・ペレイラさんが選ばれた。")]
    ['遠藤譲', 'ジョアン・ペレイラ']
    """
    found: list[Name] = []
    for pattern, is_place in ((_PERSON, False), (_AGED, False), (_DOTTED, False), (_PLACE, True)):
        for match in pattern.finditer(text):
            start, end = match.span(match.lastindex or 0)
            name = match[match.lastindex or 0].strip("・＝")
            if any(other.start < end and start < other.end for other in found) or _NO_NAME.search(name):
                continue
            found.append(Name(name, start, end, name[0] not in _KATAKANA, is_place))
    return sorted(found, key=lambda name: name.start)


_WORD_IN_KATAKANA = re.compile("[ァ-ヴー]{2,}")
_KANJI_RUN = re.compile("[一-鿿々ヶ]+")
_KATAKANA = frozenset(map(chr, range(ord("ァ"), ord("ヴ") + 1)))


def english_names(text: str) -> list[Name]:
    """Words with a capital that may be names, in order.

    >>> [name.text for name in english_names("On Friday Jo Endo was chosen.")]
    ['Jo', 'Endo']
    """
    return [
        Name(match.group(), *match.span(), is_kanji=False)
        for match in _CAPITALISED.finditer(text)
        if match.group() not in _COMMON
    ]


def is_romaji(word: str) -> bool:
    """Whether a word may be Japanese in Latin letters: syllables of one consonant and one vowel.

    >>> is_romaji("Ishigaki"), is_romaji("Jō"), is_romaji("Jorgensen")
    (True, True, False)
    """
    return _ROMAJI.fullmatch(_plain(word)) is not None


def _plain(word: str) -> str:
    return word.lower().translate(_MACRONS).replace("'", "").replace("’", "").replace("-", "")


_MACRONS = str.maketrans("āīūēōâîûêô", "aiueoaiueo")


@lru_cache(maxsize=200_000)
def reads(word: str, kanji: str) -> tuple[tuple[int, int], ...]:
    """Where in a kanji string a romanised word is read: spans of it, the longest first.

    >>> reads("Endo", "遠藤譲"), reads("Ando", "遠藤譲")
    (((0, 2),), ())
    """
    wanted = fold(_plain(word))
    if not wanted:
        return ()
    spans = {(start, end) for start in range(len(kanji)) for end in _ends(wanted, kanji, start)}
    return tuple(sorted(spans, key=lambda span: (span[0] - span[1], span)))


def _ends(wanted: str, kanji: str, start: int) -> set[int]:
    """Where `wanted` may end if it is read from `start` on, by readings of one to three characters at a time."""
    ends: set[int] = set()
    waiting = [(wanted, start)]
    seen = set(waiting)
    while waiting:
        rest, place = waiting.pop()
        for size in (1, 2, 3):
            chunk = kanji[place : place + size]
            if len(chunk) < size:
                break
            for reading in chunk_readings(chunk):
                for left in _without(rest, reading):
                    if not left:
                        ends.add(place + size)
                    elif (left, place + size) not in seen:
                        seen.add((left, place + size))
                        waiting.append((left, place + size))
    return ends


def _without(rest: str, reading: str) -> Iterator[str]:
    """What is left of a word behind a reading; a vowel that ends one and begins the next is written once."""
    if reading and rest.startswith(reading):
        yield rest[len(reading) :]
        if rest[len(reading) :] and reading[-1] in "aiueo":
            yield reading[-1] + rest[len(reading) :]
    if reading.endswith(("tsu", "ku", "su", "ki", "shi", "sa")) and rest[: len(reading) - 2] == reading[:-2]:
        doubled = rest[len(reading) - 2 :]
        if len(doubled) > 1 and doubled[0] == doubled[1]:  # 堀田 Hotta, 一茶 Issa
            yield doubled[1:]


@lru_cache(maxsize=200_000)
def chunk_readings(chunk: str) -> frozenset[str]:
    """Folded readings of one to three characters as a whole."""
    if len(chunk) == 1:
        return readings(chunk)
    return looked_up(chunk)


@lru_cache(maxsize=200_000)
def likeness(word: str, katakana: str) -> float:
    """How alike a word in Latin letters and one in katakana sound, 0 to 1: by consonants, and letter by letter.

    >>> likeness("Johansen", "ヨハンセン") > SAME_NAME > likeness("Miller", "ヨハンセン")
    True
    """
    import jaconv

    letters = jaconv.kana2alphabet(jaconv.kata2hira(katakana)).replace("-", "")
    written = _plain(word)
    for spelled, sound in _SPELLINGS:
        written = written.replace(spelled, sound)
    pairs = (skeleton(word), skeleton(katakana)), (written, letters)
    return sum(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs) / 2


Known = Callable[[Lang, tuple[int, int]], float]


def doubtful_names(
    japanese: Sequence[Name], english: Sequence[Name], text: str, translation: str, known: Known
) -> Iterator[tuple[Name, Name]]:
    """Names of a Japanese text without counterpart, each with an English one that nothing accounts for.

    `known` gives the best cosine of the words of a span with words of the other side.
    """
    katakana = _WORD_IN_KATAKANA.findall(text)
    spare: list[Name] | None = None
    for name in japanese:
        if name.is_kanji:
            readers = [word for word in english if is_romaji(word.text) and reads(word.text, name.text)]
            rival = _misread(name, readers, english, translation) if readers else None
            if readers and rival is None:
                continue
        else:
            fitting = [max((likeness(word.text, part) for word in english), default=0.0) for part in _parts(name.text)]
            rival = _unlike(name, english, translation)
            if max(fitting) >= SAME_NAME and rival is None:
                continue
        if rival is None and known("ja", name.span) >= KNOWN:
            continue
        if rival is not None:
            others = [word for word in katakana if word not in name.text]
            if not _accounted(rival, text, translation, others, known, KNOWN_RIVAL):
                yield name, rival
            continue
        if spare is None:
            spare = [word for word in english if not _accounted(word, text, translation, katakana, known)]
        rivals = [word for word in spare if name.is_kanji <= is_romaji(word.text)]
        if rivals:
            yield name, rivals[0]
            spare.remove(rivals[0])


def _parts(name: str) -> list[str]:
    return [part for part in re.split("[・＝]", name) if part]


def _misread(name: Name, readers: Sequence[Name], english: Sequence[Name], translation: str) -> Name | None:
    """The other half of an English name of which one half reads part of the Japanese name, where it reads nothing.

    Given names have too many readings for anyone to know; one that begins with another sound than any known is
    doubted, a surname where it is not read at all.
    """
    if name.is_place or len(name.text) > MOST_FULL_NAME:
        return None
    for reader in readers:
        start, end = reads(reader.text, name.text)[0]
        before, behind = name.text[:start], name.text[end:]
        for word in _beside(reader, english, translation):
            if word in readers or not is_romaji(word.text):
                continue
            if before and not behind and len(before) <= 3:
                return word
            if behind and not before and all(chunk_readings(c) for c in behind) and not _begins_like(word.text, behind):
                return word
    return None


def _begins_like(word: str, kanji: str) -> bool:
    first = fold(_plain(word))[:1]
    return any(reading[:1] == first for size in (1, 2) for reading in chunk_readings(kanji[:size]))


def _unlike(name: Name, english: Sequence[Name], translation: str) -> Name | None:
    """The neighbour of a word that is surely one part of a katakana name, where it sounds unlike the next part."""
    parts = _parts(name.text)
    for at, part in enumerate(parts):
        for word in english:
            if likeness(word.text, part) < SURELY_SAME:
                continue
            for other in _beside(word, english, translation):
                place = at + (1 if other.start > word.start else -1)
                if 0 <= place < len(parts) and likeness(other.text, parts[place]) < CLOSELY:
                    return other
    return None


def _beside(word: Name, english: Sequence[Name], translation: str) -> list[Name]:
    """The words with a capital right before and behind one."""
    return [
        other
        for other in english
        if translation[other.end : word.start] == " "
        or (other.start > word.end and translation[word.end : other.start] == " ")
    ]


def _accounted(
    word: Name, text: str, translation: str, katakana: Sequence[str], known: Known, least: float = KNOWN
) -> bool:
    """Whether anything in the Japanese text may be what an English word with a capital stands for."""
    if word.text in text or word.text.lower() in lexicon().english or known("en", word.span) >= least:
        return True  # what is in the lists is judged by them
    before = translation[: word.start].rstrip("\"'“‘( ")
    begins = not before or before[-1] in ".?!:;—-"
    follows = translation[word.end :].lstrip(" ")
    if begins and not follows[:1].isupper():
        return True
    if any(likeness(word.text, other) >= SAME_NAME for other in katakana):
        return True
    return is_romaji(word.text) and any(reads(word.text, run) for run in _KANJI_RUN.findall(text))
