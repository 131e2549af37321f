"""Where English sentences end: rules and lists of abbreviations, written for news.

The idea: every mark before white space is a candidate, whatever quotation it stands in, because sentences
also end inside quotations of several sentences. The word before the mark and the word after it decide. No
state but the start of the sentence is kept, so a stray quotation mark does no harm.

An abbreviation that can end a sentence (U.S., Co., p.m.) ends one when a word follows that rarely stands
inside a name: "the U.S. It" but "the U.S. Embassy". That guess fails for "in the U.S. Tanaka said".
"""

from __future__ import annotations

import re

_STOP = re.compile(
    r"""(?P<run>[.!?…‥]+) (?P<closers>["'”’»)\]}]*) (?:\[\d{1,3}\])* (?=\s)
    | (?P<wide>[。！？]+["”’」』)）]*)""",
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’()\[\]—–/]*\Z")
_NEXT = re.compile(r"\s*(?P<marks>[\"'“”‘’«(\[{*_]*)(?P<word>(?:[^\W_]|[.'’\-](?=\w))*)")
_MIXED_CASE = re.compile(r"[a-z]{1,3}[A-Z]|al-[A-Z]")  # iPhone, mRNA, eBay, al-Qaida
_DASH = re.compile(r"\s+(?:--+|[—–―])")
_QUOTES = frozenset("\"'“”‘’«»")
_ASIDE = re.compile(
    r"\s*\((?:laughs?|laughing|laughter|smiles?|smiling|chuckles?|sighs?|nods?|pauses?|applause|cries|weeps)\)(?=\s|$)",
    re.IGNORECASE,
)
_AGENCY = re.compile(r"\s*\((?:Kyodo|Jiji|AP|AFP|Reuters|UPI|Xinhua|Yonhap)(?: News)?\)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BEFORE_NAMES = _words(
    """mr mrs ms mx dr prof gov lt sen rep gen col maj capt cmdr cpl sgt adm rev hon pres supt det insp pvt dist
    atty amb msgr mme mlle messrs mt ft asst assoc vice dept"""
)
_NEVER_LAST = _words("vs v cf viz approx ca eg ie e.g i.e et")
_BEFORE_NUMBERS = _words(
    """no nos vol vols fig figs p pp art sec ch para chap ver op ed jan feb mar apr jun jul aug sep sept
    oct nov dec rs rp mon tue tues wed thu thurs fri sat sun"""
)
_SOMETIMES_LAST = _words(
    """inc ltd co corp bros jr sr st ave blvd rd hwy bldg etc al est ext pref incl govt natl assn univ inst bil
    mil tril calif fla mass ariz ill mich minn wash wis conn tenn tex colo ga ky mont neb nev okla ore
    penn va md esq yahoo!"""
)
_CAPITALISED_ONLY = _words(  # ordinary words when written small
    """no art sec ch ed mar sat sun mon wed rep gen col det hon rev pres ft inst ill mass wash ave calif
    fla ga va md vice mt dec jan oct co"""
)
_CLOCK = _words("a.m p.m pm")
_AFTER_CLOCK = _words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december jst gmt est edt cst cdt mst mdt pst pdt utc eastern pacific
    central mountain japan local"""
)
_LETTERED = _words(  # things told apart by a letter: "Plan B. Workers ..."
    """plan vitamin hepatitis type class grade group team section point option side exhibit column suspect
    influenza flu building block hall gate ward company person witness schedule category zone"""
)
_STARTERS = _words(
    """the a an it he she they we i you this that these those his her its their our my your there here
    what who which when where why how in on at by for from with without within as if of to but and
    or so yet nor while although though because since after before during until once under over
    between among amid through despite about around besides however meanwhile moreover furthermore
    also then thus therefore instead still even only just now today yesterday tomorrow later earlier
    last next no not none nothing nobody everyone everybody everything someone somebody something
    anyone anybody neither either both each every all some many most more several few such another
    other others one two three four five six seven eight nine ten yes well let do does did is are
    was were has have had can could will would should may might must according officials police
    residents prosecutors experts"""
)
_SPEECH = re.compile(
    r"""(?:[A-Z][\w.'’-]*,?\s+|(?:of|the|and|de|van)\s+|\d+,\s+){1,8}
    (?:said|says|asked|asks|shouted|cried|yelled|wrote|added|replied|exclaimed|wondered|recalled|screamed|told|
       tweeted|posted|called|demanded|joked|quipped|whispered|murmured|answered|responded|laughed|commented)\b""",
    re.VERBOSE,
)
# "... to the U.N. Diplomats expect": inside a sentence only names have a capital, and few of them are plurals.
_PLURAL_SUBJECT = re.compile(
    r"\s+(?!Marines|Forces|Airways|Series)[A-Z][a-z]{3,}[^\W_aius]s\s+(?!of\b|and\b|for\b|in\b)[a-z]+\b"
)
_ITEM_MARK = re.compile(r"\s*[\"“(]?(?:\d{1,2}|[A-Z]|[ivx]{1,4})\.")


def english_ends(block: str, names: tuple[str, ...]) -> list[int]:
    """Offsets at which a sentence of `block` ends, ascending; the end of the block itself may be missing.

    >>> english_ends('"We ran. It was dark," Mr. Sato said. He is 40.', ())
    [8, 37]
    """
    ends: list[int] = []
    start = 0
    for stop in _STOP.finditer(block):
        if not stop["wide"] and not _is_end(block, stop, start, names):
            continue
        agency = _AGENCY.match(block, stop.end())
        start = agency.end() if agency else stop.end()
        ends.append(start)
        aside = _ASIDE.match(block, start)  # of an interview; it is a sentence of its own
        if aside:
            start = aside.end()
            ends.append(start)
    return ends


def _is_end(block: str, stop: re.Match[str], start: int, names: tuple[str, ...]) -> bool:
    """Whether the sentence that began at `start` ends at this stop."""
    after = _NEXT.match(block, stop.end())
    assert after is not None  # every part of the pattern may be empty
    word = after["word"]
    if _ASIDE.match(block, stop.end()):
        return True
    if word[:1].islower() and not _MIXED_CASE.match(word):
        return False
    if _DASH.match(block, stop.end()) or _inside_parenthesis(block, start, stop):
        return False
    if _ITEM_MARK.fullmatch(block, start, stop.end()):
        return False
    if block.endswith(names, start, stop.end("run")):
        return word.lower() in _STARTERS
    run = stop["run"]
    if run == ".":
        return bool(stop["closers"]) or _ends_after_dot(
            block, stop.start(), word, quoted=bool(set(after["marks"]) & _QUOTES)
        )
    if run[-1] in ".…":
        return word not in ("I", "I'm", "I’m", "I'd", "I’d", "I'll", "I’ll")  # a pause in speech
    # "Why now?" Governor Abe asked.
    spoken = set(stop["closers"]) & _QUOTES and word.lower() not in _STARTERS
    return not (spoken and not after["marks"] and _SPEECH.match(block, after.start("word")))


def _inside_parenthesis(block: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the stop stands in a parenthesis that opened in mid-sentence and closes later."""
    opener = block.rfind("(", start, stop.start())
    if opener < 0 or not block[start:opener].strip(" \t\n\r\"'“‘"):
        return False
    return block.find(")", opener, stop.end()) < 0 <= block.find(")", stop.end(), stop.end() + 200)


def _ends_after_dot(block: str, dot: int, following: str, *, quoted: bool) -> bool:
    """Whether a single dot ends the sentence, by the word before it and the word that follows."""
    match = _WORD_BEFORE.search(block, max(0, dot - 40), dot)
    before = match.group() if match else ""
    plain = before.lower()
    if plain in _CAPITALISED_ONLY and not before[:1].isupper():
        return True
    if plain in _BEFORE_NAMES or plain in _NEVER_LAST:
        return False
    starts_sentence = quoted or following.lower() in _STARTERS or not following
    if plain in _BEFORE_NUMBERS:
        return not following[:1].isdigit()
    if plain.rpartition("-")[2] in _CLOCK:
        return following.lower() not in _AFTER_CLOCK
    if len(before) == 1 and before.isupper():
        return starts_sentence or _is_letter_name(block[max(0, dot - 40) : dot - 1])
    if plain in _SOMETIMES_LAST or _is_dotted(before):
        starts_sentence = starts_sentence or bool(_PLURAL_SUBJECT.match(block, dot + 1))
        return starts_sentence or following.isdigit()  # not the 7th of "U.S. 7th Fleet"
    return True


def _is_letter_name(before: str) -> bool:
    """Whether a capital letter after this text is a label or a unit (Plan B, 39 C) and not an initial."""
    words = before.split()
    return bool(words) and (words[-1].lower() in _LETTERED or words[-1][-1].isdigit())


def _is_dotted(word: str) -> bool:
    """Whether the word, its last dot cut off, is an abbreviation like U.S or Ph.D."""
    parts = word.split(".")
    return len(parts) > 1 and all(1 <= len(part) <= 2 and part.isalpha() for part in parts)
