"""Cut a text into sentences, as offsets into that text.

`split` does it; `looks_wrapped` helps to choose its option. A text falls into blocks (lines, or paragraphs
where single line breaks are mere wrapping), and each block into sentences by the rules of its language:
Japanese in `segment_ja`, English in `segment_en`, everything else by sentencex. English has rules of its own
because the beads need sentences that end inside a quotation, and sentencex keeps a quotation in one piece.

It changes no character, knows no paragraphs, titles or captions, and does not guess the language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from corpora.segment_en import english_ends
from corpora.segment_ja import japanese_ends

# Names that hold a sentence mark, each cut off right after that mark.
NAMES: tuple[str, ...] = (
    "モーニング娘。",
    "ハロー！",
    "ラブライブ！",
    "けいおん！",
    "アメトーーク！",
    "探偵！",
    "開運！",
    "クイズ！",
    "世界ふしぎ発見！",
    "ゲスの極み乙女。",
    "Hey!",
    "Say!",
    "Yahoo!",
    "Jeopardy!",
    "Jeb!",
    "Oklahoma!",
)

_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_LINE = re.compile(f"[^{_LINE_ENDS}]+")
_BLANK_LINES = re.compile(rf"(?>\r\n|[{_LINE_ENDS}])(?:[^\S{_LINE_ENDS}]*(?>\r\n|[{_LINE_ENDS}]))+")
_JAPANESE = re.compile(r"[ぁ-ヿｦ-ﾟ一-鿿々。｡]")
_SENTENCE_MARKS = "。｡．！？.!?:;：；…‥\"'”’」』）)】＞"
# A Japanese line that ends so is rarely a heading; に, を, も, で and と end headlines all the time.
_BROKEN_OFF_JA = re.compile(r"(?:[、，のが]|」と)\Z")
_NO_VOTE_JA = re.compile(r"[はにをもでとへ\d]\Z")
# Small kana, the long vowel, closing marks, and what only ends words.
_NO_LINE_BEGINS_JA = re.compile(
    r"[ぁぃぅぇぉっゃゅょァィゥェォッャュョー、。，．」』）をん]|[てば](?:[ぁ-ん一-鿿])|など|ない"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE_SPACE = re.compile(r"[^\S \n\t]")
_TO_SPACES = str.maketrans(_LINE_ENDS, " " * len(_LINE_ENDS))
# sentencex takes time by the square of the length on text without spaces.
_WINDOW_CHARS = 10_000
_INITIAL = re.compile(r"(?:^|[\s.])[A-ZÀ-Þ]\.\Z")
# Korean quotatives follow the closing quotation mark; the sentence goes on.
_KOREAN_QUOTATIVE = re.compile(r"(?:이?라(?:고|며|는|면서)|고|며|는|하고|면서)\b")


def split(text: str, lang: str, *, newline_ends: bool = True, names: tuple[str, ...] = NAMES) -> list[tuple[int, int]]:
    """Find the sentences of `text` as (start, end) offsets, ascending, without surrounding white space.

    Every character that is not white space lies in exactly one span. With `newline_ends` each line end ends
    a sentence; without it single line breaks are wrapping and only a blank line ends one. `names` are strings
    whose last character looks like a sentence end and is none. An unknown `lang` is read like English prose.

    >>> text = "「もう帰ろう。」と兄が言った。雨だった。"
    >>> [text[start:end] for start, end in split(text, "ja")]
    ['「もう帰ろう。」と兄が言った。', '雨だった。']
    """
    ends = _rules(lang.replace("_", "-").partition("-")[0].lower(), names)
    spans: list[tuple[int, int]] = []
    for start, block in _blocks(text, newline_ends=newline_ends):
        done = 0
        for end in (*ends(block), len(block)):
            sentence = block[done:end].strip()
            if sentence:
                # The first occurrence is the right one: only white space stands before it.
                first = block.index(sentence, done)
                spans.append((start + first, start + first + len(sentence)))
            done = end
    return spans


def line_spans(text: str) -> list[tuple[int, int]]:
    """The lines that are not blank, as `split` gives sentences, for texts that were cut already.

    >>> line_spans("It rained. It poured.\\n\\n  Then it stopped.\\n")
    [(0, 21), (25, 41)]
    """
    spans = []
    for line in _LINE.finditer(text):
        sentence = line.group().strip()
        if sentence:
            start = line.start() + line.group().index(sentence)
            spans.append((start, start + len(sentence)))
    return spans


def looks_wrapped(text: str, lang: str) -> bool:
    """Whether the single line breaks of `text` are wrapping, so that `split` should not end sentences there.

    It asks the lines that end without a sentence mark: are more of them broken off in mid-sentence than not?

    >>> looks_wrapped("The bus left the\\nvillage at noon.", "en")
    True
    >>> looks_wrapped("Bus stop moved\\nThe bus left at noon.", "en")
    False
    """
    lines = [line.strip() for line in _LINE.findall(text)]
    longest = max(map(len, lines), default=0)
    votes = 0
    for line, following in pairwise(lines):
        if not line or not following or line[-1] in _SENTENCE_MARKS:
            continue
        if _JAPANESE.search(line) and lang.startswith("ja"):
            votes += _japanese_vote(line, following, full=len(line) >= longest - 1)
        else:
            votes += 1 if following[0].islower() else -1
    return votes > 0


def _japanese_vote(line: str, following: str, *, full: bool) -> int:
    """Whether a line of Japanese is broken off: 1 or more if it is, 0 if it does not say, -1 if it seems whole."""
    opened = line.count("「") + line.count("（") - line.count("」") - line.count("）")
    closed = following.count("」") + following.count("）") - following.count("「") - following.count("（")
    if (opened > 0 and closed > 0) or _NO_LINE_BEGINS_JA.match(following):
        return 2
    if _BROKEN_OFF_JA.search(line):
        return 1
    # A line of full width is likely to be wrapped, and a heading rarely ends in a number.
    return 0 if full or _NO_VOTE_JA.search(line) else -1


def _blocks(text: str, *, newline_ends: bool) -> Iterator[tuple[int, str]]:
    """Yield the stretches no sentence crosses, with where they start."""
    if newline_ends:
        for line in _LINE.finditer(text):
            yield line.start(), line.group()
        return
    start = 0
    for gap in _BLANK_LINES.finditer(text):
        yield start, text[start : gap.start()]
        start = gap.end()
    yield start, text[start:]


def _rules(lang: str, names: tuple[str, ...]) -> Callable[[str], list[int]]:
    """The function that finds where sentences of this language end in a block."""
    if lang == "ja":
        # Japanese pages carry English lines too: a quoted letter, a song, an abstract.
        return lambda block: (japanese_ends if _JAPANESE.search(block) else english_ends)(block, names)
    if lang == "en":
        return lambda block: english_ends(block, names)
    return lambda block: _other_ends(block, lang, names)


def _other_ends(block: str, lang: str, names: tuple[str, ...]) -> list[int]:
    """Sentence ends by sentencex, less those that no language allows."""
    from sentencex import get_sentence_boundaries

    # Same length, character for character, so that its offsets (in code points) are ours. Lone surrogates
    # cannot be handed to Rust; line ends inside a wrapped block are spaces.
    readable = _SURROGATE.sub("\ufffd", block).translate(_TO_SPACES)
    # Spaces of other widths make it look inside a character (sentencex 1.0), which ends the process.
    readable = _WIDE_SPACE.sub(" ", readable)
    ends: list[int] = []
    position = 0
    while position < len(readable):
        window = readable[position : position + _WINDOW_CHARS]
        *found, last = (position + int(each["end_index"]) for each in get_sentence_boundaries(lang, window))
        ends += found  # the last end is that of the window, no more
        position = found[-1] if found and last < len(readable) else last
    return [end for end in ends if _may_end(readable, end, lang, names)]


def _may_end(block: str, end: int, lang: str, names: tuple[str, ...]) -> bool:
    """Whether a sentence may end at `end`: not after an initial or before a small letter."""
    before = block[max(0, end - 40) : end].rstrip()
    after = block[end : end + 40].lstrip()
    if after.lstrip("\"'“‘„«([")[:1].islower() or before.endswith(names) or _INITIAL.search(before):
        return False
    quotative_follows = before.endswith(('"', "”", "'", "’")) and _KOREAN_QUOTATIVE.match(after)
    return lang != "ko" or not quotative_follows
