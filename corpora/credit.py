"""Who wrote it: credits of English versions, and bylines in both languages.

A credit (`(Japanese original by A and B, Department)`) names the writers of the original and is strong
evidence for a pair; a byline names the writers of the page itself. Both are taken apart into names and
department by their punctuation. Names stay as written: kanji and romanised names are not matched here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.credit_ja import leading_byline, parse_byline_ja, parse_people_ja, split_trailing_byline
from corpora.writers import JAPANESE, Credit, widen

__all__ = [
    "Credit",
    "leading_byline",
    "parse_byline",
    "parse_byline_ja",
    "parse_credit",
    "parse_people",
    "split_trailing_byline",
    "widen",
]


_MAX_LINE_CHARS = 300
_KIND_OF_TEXT = r"(?:originals?|versions?|articles?|stor(?:y|ies)|reports?|texts?|interviews?|reporting|photos?)"
_ORIGINAL_BY = re.compile(
    rf"(?:this {_KIND_OF_TEXT} )?(?:is |was )?(?:(?:based|adapted|translated) (?:on|from) )?"
    rf"(?:{_KIND_OF_TEXT} and )?(?:an? |the )?(?:original )?(?:Japanese|original)(?:-language)?"
    rf"(?: (?:{_KIND_OF_TEXT}|and|is|was|were|written|reported))*(?: by\b:?|:)\s*(?P<who>.+)"
    rf"|(?:(?:this|the) {_KIND_OF_TEXT} (?:is|was) )?(?:originally |first )?(?:written|reported) in Japanese by"
    r" (?P<writers>.+)",
    re.IGNORECASE | re.DOTALL,
)
# Without brackets these say as much that somebody wrote it.
_REPORTED_BY = re.compile(
    rf"(?:this {_KIND_OF_TEXT} (?:is|was) (?:based on (?:reporting|an? {_KIND_OF_TEXT})|written|reported|compiled)"
    r"|reporting|compiled) by\s+(?P<who>[A-Z].+)",
    re.IGNORECASE | re.DOTALL,
)
_PUBLISHED_BY = re.compile(
    rf"(?:this|the) {_KIND_OF_TEXT} [^.]{{0,40}}\b(?:first|originally)\b[^.]{{0,40}}\bin Japanese\b"
    r"(?:[^.]*\b(?:written|reported) by (?P<who>[^.]+)|[^.]*\bby [^.]+)",
    re.IGNORECASE,
)
_WRITTEN_BY = re.compile(
    rf"(?:(?:reported|written|compiled|interviewed|(?:{_KIND_OF_TEXT} and )?{_KIND_OF_TEXT}) )?by:?\s+(?P<who>.+)",
    re.IGNORECASE | re.DOTALL,
)
_TRANSLATED_BY = re.compile(r"(?:translat(?:ed|ion)|edited)\b[^.]{0,40}\bby\b[^.。]{2,80}", re.IGNORECASE)
_NEXT_NOTE = re.compile(r"(?<=[a-z0-9])\.\s+(?=[A-Z])")
_OTHER_NOTE = re.compile(
    r"(?:translat(?:ed|ion)|edited|editing|(?:banner |top |header )?(?:photos?|photographs?|images?|illustrations?))\b"
    r"|(?:originally |first )?(?:published|written|appeared) in Japanese(?! by\b)",
    re.IGNORECASE,
)
_NO_NAMES = re.compile(r"(?:the )?(?:Japanese )?original(?: (?:article|story|text))?", re.IGNORECASE)
_BY_LINE = re.compile(
    r"(?:(?:written|reported|compiled|story|interview|(?:(?:photos? and )?text|words)(?: and photos?)?) )?by:?\s+"
    r"(?P<who>[A-Z].+)",
    re.IGNORECASE,
)

_DEPARTMENT_WORD = re.compile(
    r"\b(?:Department|Dept|Bureau|Desk|Group|Office|Cent(?:er|re)|Section|Division|Team|Unit|Newsroom|Branch|"
    r"Headquarters|News|Editorial|Board|Staff|Writers?|Correspondents?|Editors?|Reporters?|Contributors?|Special)\b\.?",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:(?:senior |chief |special |contributing |editorial |expert |deputy |foreign |political |economic )*(?:staff )?"
    r"(?:writer|reporter|correspondent|editor|contributor|photographer)s?|staff|special to .+)",
    re.IGNORECASE,
)
_ROLE_END = re.compile(
    r"^[\w,&' -]*\b(?:writer|reporter|correspondent|editor|columnist|contributor|photographer)s?(?:, [\w' ]+)?$",
    re.IGNORECASE,
)
_NAME_AND_ROLE = re.compile(r"(?P<who>[A-Z][\w'-]+(?: [A-Z]\.)? [A-Z][\w'-]+),? (?P<role>[A-Z].{4,50})")
_ADJECTIVE = re.compile(r"\b(?:Chief|Senior|Special|Political|Foreign|Deputy|National|Economics?|Science|Our|The)\b")
_JA_NAME_AND_ROLE = re.compile(
    r"(?P<who>[^:：。、]{3,10})\s*[:：]\s*[^。、]{0,12}(?:ライター|ジャーナリスト|記者|編集部?|作家|研究員|アナリスト|コラムニスト)"
)
_PUBLISHER = re.compile(
    r"^The [A-Z]|\b(?:Shimbun|Newspaper|Times|Post|Press|News Agency|Nippo|Daily|Online|Wire|Agency)$", re.IGNORECASE
)
_NAME_WORD = (
    r"(?:[A-Z\u00c0-\u00de\u0100-\u017f][\w'’.\u00c0-\u024f-]*|d[aeiou]s?|de[lnr]|la|te[rn]|van|von|bin|ibn|al|el)"
)
_ENGLISH_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,4}}")


def parse_credit(line: str) -> Credit | None:
    """What a credit line says, or None if `line` is no credit line.

    A line that only names the translator gives a credit without names.

    >>> parse_credit("(Japanese original by Haruto Mine and Yui Toki, Mito Bureau; translated by Ann Lee)")
    Credit(names=('Haruto Mine', 'Yui Toki'), department='Mito Bureau')
    >>> parse_credit("The Japanese original was praised by critics in three countries.") is None
    True
    """
    inner, bracketed = _without_brackets(line)
    if not inner or len(inner) > _MAX_LINE_CHARS:
        return None
    if bracketed and (notes := _NEXT_NOTE.split(inner))[1:]:
        return _joined_credits(notes)
    match = _ORIGINAL_BY.fullmatch(inner)
    if match and match["writers"]:
        return _parse_people(match["writers"])
    published = _PUBLISHED_BY.fullmatch(inner)
    if published:  # by a paper, and written by people
        return _parse_people(published["who"] or "")
    # Without brackets `By A` is the byline of the page itself.
    match = match or _REPORTED_BY.fullmatch(inner) or (_WRITTEN_BY.fullmatch(inner) if bracketed else None)
    if match:
        credit = _parse_people(match["who"])
        return credit if credit.names or credit.department else None
    if _TRANSLATED_BY.fullmatch(inner) or (bracketed and _NO_NAMES.fullmatch(inner)):
        return Credit(())
    return None


def _joined_credits(notes: Sequence[str]) -> Credit | None:
    """What several notes in one pair of brackets say, the first of them a credit; None if one is no such note."""
    found = [None if _OTHER_NOTE.match(note) else parse_credit(f"({note})") for note in notes]
    if not all(credit or _OTHER_NOTE.match(note) for credit, note in zip(found, notes, strict=True)):
        return None
    named = [credit for credit in found if credit and credit.names]
    return named[0] if named else Credit(())


def _without_brackets(line: str) -> tuple[str, bool]:
    line = line.strip().rstrip(".。")
    if line[:1] in "(（[" and line[-1:] in ")）]":
        return line[1:-1].strip().rstrip("."), True
    return line, False


def parse_byline(line: str) -> Credit | None:
    """What an English byline says (`By A and B, Bureau`), or None.

    >>> parse_byline("By HARUTO MINE/ Staff Writer")
    Credit(names=('Haruto Mine',), department=None)
    >>> parse_byline("By Friday the river had fallen again.") is None
    True
    """
    match = _BY_LINE.fullmatch(line.strip())
    if len(line) > 200 or not match:
        return None
    who = _NOT_THE_WRITERS.split(re.sub(r"\s{2,}", ", ", match["who"]))[0]
    if re.search(r"[a-z]{3}[.!?]$", who):
        return None
    credit = _parse_people(who)
    return credit if any(" " in name for name in credit.names) else None


def is_full_name(line: str) -> bool:
    """Whether a line may be the name of a person and nothing else, in Latin letters.

    >>> is_full_name("Haruto Mine"), is_full_name("Science"), is_full_name("Kitahama Times")
    (True, False, False)
    """
    return bool(_ENGLISH_NAME.fullmatch(line)) and not (_PUBLISHER.search(line) or _DEPARTMENT_WORD.search(line))


def name_with_role(line: str) -> str | None:
    """The name in a line that says a name and what they write: `Yui Toki Science correspondent`.

    >>> name_with_role("Yui Toki, Kitahama Senior Writer"), name_with_role("Chief Science Correspondent")
    ('Yui Toki', None)
    >>> name_with_role("峰岸 陽斗 : ジャーナリスト")
    '峰岸陽斗'
    """
    japanese = _JA_NAME_AND_ROLE.fullmatch(line)
    if japanese:
        names = parse_people_ja(japanese["who"]).names
        return names[0] if len(names) == 1 else None
    match = _NAME_AND_ROLE.fullmatch(line)
    if match and is_role(match["role"]) and is_full_name(match["who"]) and not _ADJECTIVE.search(match["who"]):
        return match["who"]
    return None


def is_role(line: str) -> bool:
    """Whether a line says what a writer is: `Science correspondent`."""
    return len(line) <= 60 and bool(_ROLE_END.search(line))


def parse_people(text: str) -> Credit:
    """Names and departments from a bare list in either language, as in `<meta name="author">`.

    >>> parse_people("Haruto Mine, Mito Bureau")
    Credit(names=('Haruto Mine',), department='Mito Bureau')
    >>> parse_people("峰岸陽斗、時田結衣/水戸支局")
    Credit(names=('峰岸陽斗', '時田結衣'), department='水戸支局')
    """
    if JAPANESE.search(text):
        return parse_people_ja(text.strip("【】（）() 　"))
    return _parse_people(re.sub(r"^(?:(?:written|story|text|words) )?by:?\s+", "", text.strip(), flags=re.IGNORECASE))


_NOT_THE_WRITERS = re.compile(
    r"\s*(?:;|\bwith (?:reporting|contributions?)\b"
    r"|[,/.\s]+(?:and )?(?:translat(?:ed|ion)|edit(?:ed|ing)|photo(?:graph(?:s|ed)?|s)?)\b(?= by\b|:))",
    re.IGNORECASE,
)


def _parse_people(who: str) -> Credit:
    main = _NOT_THE_WRITERS.split(who)[0]
    main = re.sub(r"\s*[(（]([^()（）]*)[)）]", r", \1,", main)
    main = re.sub(r"(?<=[a-z]) in [A-Z][\w.'-]+(?: [A-Z][\w.'-]+)?(?=,| and |$)", "", main)  # where they write from
    pieces = [piece for piece in re.split(r"\s*[,、/／|·•]\s*|\s+[–—-]+\s+", main) if piece.strip()]
    names: list[str] = []
    departments: list[str] = []
    pending: list[str] = []  # first words of a department whose last part has not come yet
    for piece in pieces:
        parts = _split_and(piece)
        if _DEPARTMENT_WORD.search(parts[-1]) and not _PUBLISHER.search(parts[-1]):
            if not _ROLE.fullmatch(" ".join(parts)):
                departments.append(", ".join([*pending, " and ".join(parts)]))
            pending = []
            continue
        for part in parts:
            if _PUBLISHER.search(part):
                continue
            if _ENGLISH_NAME.fullmatch(part):
                names.append(_capitalise(part))
            elif part[:1].isupper():
                pending.append(part)
    if not names and not departments and len(pending) == 1 and pending[0].isalpha():
        names = pending  # a pen name
    return Credit(tuple(dict.fromkeys(names)), "; ".join(departments) or None)


def _split_and(piece: str) -> list[str]:
    """`A and B` are two people, but `Science and Environment News Department` is one department."""
    parts = [part.strip() for part in re.split(r"(?:^|\s+)(?:and|AND|&)\s+", piece) if part.strip()]
    if len(parts) > 1 and _DEPARTMENT_WORD.search(parts[-1]) and not _ENGLISH_NAME.fullmatch(parts[0]):
        return [piece.removeprefix("and ").strip()]
    if len(parts) == 1:
        return [parts[0]]
    return parts or [piece]


def _capitalise(name: str) -> str:
    return name.title() if name.isupper() else name
