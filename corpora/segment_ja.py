"""Where Japanese sentences end: rules, no dictionary.

The idea: a mark such as 。 ends a sentence only outside brackets, so the inside of every bracket pair is
hidden first, all but the marks right before the closing bracket. What is left is read with one pattern, mark
plus closing brackets, and what follows decides: after a particle, a quoting word or a comma it goes on.

It knows characters, not words: after an unbracketed title that ends in ！ it can cut too early, for which
`names` is the remedy.
"""

from __future__ import annotations

import re
from collections import Counter

# A quotation longer than this has most likely lost its closing bracket and found someone else's.
_MAX_BRACKET_CHARS = 400

_CLOSER_OF = dict(zip("「『（(【｛{〈《〔［[＜“〝｢", "」』）)】｝}〉》〕］]＞”〟｣", strict=True))
_CLOSERS = re.escape("".join(_CLOSER_OF.values()))
_BRACKET = re.compile(f"[{re.escape(''.join(_CLOSER_OF))}{_CLOSERS}]")
_HIDDEN = "\ufffc"

_MARKS = "。｡！？!?⁇⁈⁉‼"
_KEPT_AT_THE_END = _MARKS + "．." + "".join(_CLOSER_OF.values())
_JAPANESE = "ぁ-ヿｦ-ﾟ一-鿿々〆"
_LATIN = "A-Za-zＡ-Ｚａ-ｚ"
_NOT_HIRAGANA = f"(?=[{_LATIN}0-9０-９ァ-ヿ一-鿿「『《〈])"

# The dot of 成功した． counts after Japanese only, so that Ｎｏ．１２, Dr.中村 and ３．４ stay whole.
_STOP = re.compile(
    rf"""
    (?P<run>
        (?: [{_MARKS}]
          | (?<=[{_JAPANESE}{_CLOSERS}%％]) (?: ．(?![0-9０-９]) | \.(?=[\s{_JAPANESE}{_CLOSERS}「『（]|$) )
        )
        [{_MARKS}…‥]*
    )
    (?P<closers> [{_CLOSERS}]* )
    """,
    re.VERBOSE,
)

# Yahoo!ニュース, ヤフー!ニュース, https://example.jp/?page=2
_INSIDE_A_WORD = re.compile(
    rf"(?<=[{_LATIN}])[!！](?=\w)|(?<=[ァ-ヿ])!(?=[ァ-ヿ{_LATIN}])|(?<=[!-~])[!?](?=[0-9A-Za-z/&=%\#])"
)

# Words that carry a sentence on after a closing bracket; the lookaheads exclude adverbs and conjunctions that
# begin with the same letters but open a new sentence.
_QUOTE_GOES_ON = re.compile(
    rf"""\s*(?: [{_MARKS}、，,．] | […‥―—─]+\s*[。｡、と]
    | と(?!にか|ころ|ても|りわ|りあ|っさ|もか|もあ|うと|っく|たん|なる)
    | って | て(?=[な、]) | を | です | である | でし | じゃ
    | の(?!ち|んび|ぞ|ど|ぼ|び|ろ|め)
    | は(?!い[、。！]|じ|る|や|っ|ず|ん|なは|たして)
    | が(?![、っん])
    | に(?!もか|わか|っこ|やり|こ|ぎ)
    | で(?!き|も[、\s一-鿿ァ-ヿ])
    | も(?!う|し|ち|っと|はや|とも|の)
    | へ(?!え|と)
    | や(?!が|は|っ|む|さ|り|め)
    | だ(?!が|から|れ|ん|い|けど|けれ)
    | から(?![っん]) | まで | より(?!に) | など | な[のらる] | なん[てか] | とか | か(?=[。、？とは])
    | ばかり | ほど | くらい | ぐらい | さえ | こそ | しか(?![しもる]) | [ねよ](?=[。、]) | さん | ちゃん | 氏
    )""",
    re.VERBOSE,
)
_SHOUT_GOES_ON = re.compile(
    rf"""[、，,を] | って
    | と(?!にか|ころ|ても|りわ|りあ|っさ|もか|もあ|もに|うと|うぜ|っく|たん|なり|ある|あり|き[には]|はい|んで|んだ|$)
    | [のはがにへもで]{_NOT_HIRAGANA}""",
    re.VERBOSE,
)
_STATEMENT_GOES_ON = re.compile(f"[、，,を]|と(?:述べ|話[しす]|語[っる]|答え|叫[んぶ]|訴え)|[のへや]{_NOT_HIRAGANA}")

# 町長は「…。」 and 振り返り、「…。」 may end a sentence; in 映画「…！」 the quotation is part of a noun.
_BEFORE_SPEECH = "、，,：:；―—─…　」』はがもにで" + _HIDDEN
_ASIDE = re.compile(r"\s*[（(][^）)]*[）)]")
_OPENS_ASIDE = re.compile(r"\s*([（(])")
_ROOM_AFTER = re.compile(r"\s|$|[（(【「『〔]")
_HIRAGANA = re.compile("[ぁ-ゖ]")

# What stands after the stop and still belongs to the sentence: footnote marks, agencies, stage directions.
_ATTACHED = re.compile(
    r"""\s*(?: ※\s*[0-9０-９]+ | [＊*][0-9０-９]+ | [\[［][0-9０-９]+[\]］]
    | [（(]\s*[＊*※注]\s*[0-9０-９]*\s*[）)]
    | [（(＝=]?[（(]?(?:共同|時事|ロイター|聯合|新華社|タス|ＡＰ|AP|ＡＦＰ|AFP)(?:通信)?(?:[＝=]?[）)]|[＝=])
    | [（(](?:笑い?|苦笑|一同笑い|拍手)[）)] )""",
    re.VERBOSE,
)


def japanese_ends(block: str, names: tuple[str, ...]) -> list[int]:
    """Offsets at which a sentence of `block` ends, ascending; the end of the block itself may be missing.

    >>> japanese_ends("「寒い。」と弟。「帰る？」姉が笑った。", ())
    [8, 13, 19]
    """
    closer_at = _outer_brackets(block)
    opener_at = {closer: opener for opener, closer in closer_at.items()}
    shown = _hide(block, closer_at)
    ends: list[int] = []
    start = 0
    for stop in _STOP.finditer(shown):
        if stop.start() < start or block.endswith(names, start, stop.end("run")):
            continue
        end = _end_at(shown, stop, start, opener_at.get(stop.end() - 1), closer_at)
        while end is not None:
            attached = _ATTACHED.match(block, end)
            start = attached.end() if attached else end
            ends.append(start)
            end = _aside_end(block, shown, start, closer_at)
    return ends


def _outer_brackets(block: str) -> dict[int, int]:
    """Map opening to closing offset of each outermost bracket pair, except those too long to be true."""
    outer: dict[int, int] = {}
    stack: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()
    for bracket in _BRACKET.finditer(block):
        character, position = bracket.group(), bracket.start()
        if character in _CLOSER_OF:
            stack.append((_CLOSER_OF[character], position))
            waiting[_CLOSER_OF[character]] += 1
        elif waiting[character]:
            closer = ""
            while closer != character:  # openers passed over were never closed
                closer, opener = stack.pop()
                waiting[closer] -= 1
            if position - opener <= _MAX_BRACKET_CHARS:
                while outer and next(reversed(outer)) > opener:
                    outer.popitem()
                outer[opener] = position
    return outer


def _hide(block: str, closer_at: dict[int, int]) -> str:
    """The block, as long as before, with brackets hollow but for their last character and the marks after it.

    A bracket that holds nothing but marks is hollow altogether: 「？」 is a name for the mark.
    """
    pieces: list[str] = []
    done = 0
    for opener, closer in closer_at.items():
        inside = block[opener + 1 : closer]
        kept = len(inside.rstrip(_KEPT_AT_THE_END))
        hidden = kept - 1 if kept else len(inside)
        pieces += (block[done : opener + 1], _HIDDEN * hidden, inside[hidden:])
        done = closer
    pieces.append(block[done:])
    return "".join(pieces)


def _end_at(shown: str, stop: re.Match[str], start: int, opener: int | None, closer_at: dict[int, int]) -> int | None:
    """Where the sentence that began at `start` ends if this stop ends it, else None.

    `opener` is the bracket that the stop's last closing bracket closes, `closer_at` all of the outermost brackets.
    """
    run, end = stop["run"], stop.end()
    if len(run) == 1 and _INSIDE_A_WORD.match(shown, stop.start()):
        return None
    is_shout = run[-1] not in "。｡．."
    if not stop["closers"]:
        goes_on = (_SHOUT_GOES_ON if is_shout else _STATEMENT_GOES_ON).match(shown, end)
        return None if goes_on else end
    if opener is not None:
        before = shown[start:opener].strip(" \t\n\r")
        if before and (shown[end - 1] in "）)" or before[-1] not in _BEFORE_SPEECH):
            return None
    aside = _ASIDE.match(shown, end)
    end = aside.end() if aside and shown[end - 1] not in "）)" else end
    # 「もう？」「まだ」 is one exchange; 「え。」「まさか。」 is written by people who close every sentence.
    chained = end  # 「…。」「…。」との批判: what follows the last of several decides
    while opener is not None and shown.startswith(("「", "『"), chained) and chained in closer_at:
        chained = closer_at[chained] + 1
    if _QUOTE_GOES_ON.match(shown, chained) or (is_shout and shown.startswith(("「", "『"), end)):
        return None
    return end


def _aside_end(block: str, shown: str, start: int, closer_at: dict[int, int]) -> int | None:
    """Where a parenthesis that is a sentence of its own ends, if one follows at `start`.

    One with a stop inside needs no help, it is found like any sentence; short ones such as （株） and （１）
    belong to what follows.
    """
    opening = _OPENS_ASIDE.match(shown, start)
    closer = closer_at.get(opening.start(1)) if opening else None
    if opening is None or closer is None or shown[closer - 1] in _MARKS:
        return None
    if _QUOTE_GOES_ON.match(shown, closer + 1):
        return None
    inside = block[opening.end() : closer]
    if _ROOM_AFTER.match(shown, closer + 1) or (len(inside) > 4 and _HIRAGANA.search(inside)):
        return closer + 1
    return None
