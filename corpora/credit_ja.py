"""Who wrote it, in Japanese: bylines in brackets, on lines of their own, and at the end of a paragraph.

Names are told from headlines and notes by their shape and by words of the trade; no dictionary of names is used.
"""

from __future__ import annotations

import re

from corpora.writers import JAPANESE, Credit, widen

_JA_DEPARTMENT = re.compile(r"[^のを]{2,}(?:[部局班課]|支社|本社|センター|デスク|グループ)|.+(?:支局|総局)")
_JA_ROLE = re.compile(
    r"(?:(?:客員)?論説委員長?|(?:客員|専門)?編集委員|(?:専門|契約)?記者|特派員|支局長|部長|さん|＝?写真も)$"
)
_JA_PREFIX = re.compile(
    r"(?P<role>(?:写真|撮影)[・と](?:文|構成|取材|執筆)|記者|聞き手|構成|文|取材|まとめ|インタビュー|執筆|記事|担当|写真|撮影|翻訳|訳|編集|動画|イラスト|図)"
    r"(?:[・と](?:構成|文|写真|撮影|取材|執筆))*(?:は|[・＝=：:／/\s])\s*"
)
_NEXT_ROLE = re.compile(r"\s+(?=(?:聞き手|取材|執筆|構成|文|写真|撮影|翻訳|訳|編集|動画|イラスト|図)[・＝=：:／/])")
_SAYS_WRITER = re.compile(
    r"(?:^|[\s、・])(?:聞き手|取材|執筆|構成|文(?:[・と]写真)?)[・＝=：:／/\s]|記者|編集委員|論説委員|特派員"
)
_NOT_WRITERS = frozenset(("写真", "撮影", "翻訳", "訳", "動画", "イラスト", "図"))
_AGENCY = re.compile(
    r"(?:[\u4e00-\u9fff\u30a0-\u30ff]{2,10}[・＝=]?)??"  # `ソウル共同`
    r"(?:共同|時事|ロイター|AP|ＡＰ|AFP|ＡＦＰ|AFP時事|ＡＦＰ時事|代表撮影|共同通信|時事通信)"
)
_KANJI = r"\u4e00-\u9fff々"
_KATAKANA = r"\u30a1-\u30faー"
_PROFESSION = re.compile(rf"[{_KANJI}]{{1,4}}(?:家|教授|研究者|評論員|医師)")
_JA_NAME = re.compile(
    rf"(?=.*[{_KANJI}])[{_KANJI}〆ヶヵ\u3041-\u3096{_KATAKANA}]{{3,8}}|[{_KANJI}]{{2}}"
    rf"|[{_KATAKANA}]{{2,}}・[{_KATAKANA}・]{{2,}}|[{_KANJI}]+・[{_KATAKANA}]+・[{_KANJI}]+"
)
# Words of the trade that stand in brackets or short lines where a name could stand.
_NOT_A_NAME = re.compile(
    r"(?:関連|最新|会員|限定|有料|無料|記事|写真|続き|続く|続報|敬称略|原文|笑い?|おわり|終わり|完|随時|連載|特集|速報"
    r"|朝刊|夕刊|以下|前回|次回|[上中下]|一問一答|解説|社説|談|仮名|当時|以上|未満|[県市区町村党庁省署年日歳円]|(?<![葉美皐弥菜紗夏優結海])月|大学"
    r"|会社|テレビ|新聞|通信社?|学校|議会|協会|政治|経済|社会|国際|文化|地域|教育|科学|医療|天気)$"
    r"|[課係]$|^(?:関連|会員|記事|有料|写真|今|同|前|約|計|東京都|北海道|(?:大阪|京都)府|.{2,3}県)|[をへ]|の(?![\u3041-\u3096]{1,3}$)"
)
# Headlines and notes in brackets (`雨天中止`) have the shape of names but end in a verb's noun. Nearly all
# such nouns end in one of these characters, and given names in none of them.
_ENDS_A_NOUN = re.compile(
    r"[止館業校表却送過迫撃害難任併敗退悼病死傷殺罪罰刑捕訴訟額料税費増減割率数場所室局署院店駅線車船機器具品物食酒薬"
    r"禁制限件号版面欄続関連定外後間期週回目戦負選挙票案策略議論説話語答問題状紙誌者員客団隊軍派府発着動化性的型系用報"
    r"災震献乱争撤廃停閉破壊倒産売買値価約見込付延休演別会席認否決択請求拒投施設備援険補償査察警職労働賃給融債券貨輸入油電炉"
    r"幕意応裁判転落焼騰急開終]$"
    r"|(?:拡大|縮小|優勝|勝利|[大豪][雪雨]|洪水|津波|[決実進運執銀]行|[円株][安高]|面高|最高|交通|[開不]通|自由|着順|[終完満修]了"
    r"|開始|[本個故法新求]人|[増追参]加|[整料修管処代]理|[設独対成]立|上昇|[不判説証解表]明|輸出|教育)$"
    rf"|[{_KANJI}][\u3041-\u3096]$|(?:まひ|マヒ|ぶり|ずれ|[あな]り|なし|など|まで|から|だけ|のみ|ほか|です|ます|す[るべ]|した|ない)$"
)
# Where no bracket says that these are names, each must be family and given name.
_FULL_NAME = re.compile(
    rf"[{_KANJI}ヶケノ]{{3,6}}|[{_KANJI}]{{1,3}}(?:[\u3041-\u3096]{{2,4}}|[{_KATAKANA}]{{2,5}})|[\u3041-\u3096]{{2,4}}[{_KANJI}]{{1,3}}"
)
_NEWSROOM = re.compile(
    r".+(?:支局|総局|支社|本社|通信部)|.*(?:社会|政治|経済|科学|文化|運動|外信|国際|生活|くらし|学芸|写真|環境|医療|地方|地域|映像|取材"
    r"|報道|編集|デジタル|ニュース)(?:部|局|班|センター|グループ|デスク)"
)
# `ローマ峰岸陽斗`, `北京・峰岸陽斗`: where the correspondent is.
_CITY = re.compile(rf"^(?:[{_KATAKANA}]{{2,10}}・?|[{_KANJI}]{{2}}・)(?=[{_KANJI}]{{3,6}}$)")
_BRACKETS = r"[【（(［\[〔](?P<inside>[^【】［］\[\]〔〕]{2,80})[】）)］\]〕]"
_JA_LINE = re.compile(rf"\s*{_BRACKETS}\s*")
_JA_LEADING = re.compile(r"\s*【(?:[^】]{1,20}[＝=])?(?P<who>[^】＝=]{2,24})】(?=[^【】]{10})")
_JA_TRAILING = re.compile(rf"(?<=[。」』！？…）)])\s*{_BRACKETS}\s*$")


def parse_byline_ja(line: str, *, placed: bool = False) -> Credit | None:
    """What a Japanese byline line says, or None.

    Without brackets a list of short phrases is more often a headline, so a department or a role must say that
    people are named; `placed` says that the line stands where bylines do, which is as good.

    >>> parse_byline_ja("【峰岸陽斗（水戸支局）、時田結衣】")
    Credit(names=('峰岸陽斗', '時田結衣'), department='水戸支局')
    >>> parse_byline_ja("【関連記事】"), parse_byline_ja("（60）"), parse_byline_ja("市長、続投表明")
    (None, None, None)
    """
    if not JAPANESE.search(line):
        return None
    line = widen(line.strip())
    bracketed = _JA_LINE.fullmatch(line)
    if bracketed:
        return _names_or_none(bracketed["inside"])
    if len(line) > 80 or re.search(r"[。！？「」\d]", line):
        return None
    listed_words = re.split(r"[、，,・\s]+", line)
    newsrooms = [word for word in listed_words if _NEWSROOM.fullmatch(word) and not re.search(r"[/／＝=]", word)]
    bare = [word for word in listed_words if not (_PROFESSION.fullmatch(word) or word in newsrooms)]
    if placed and len(listed_words) > 1 and bare and all(map(_is_full_name, bare)):
        return Credit(tuple(bare), "; ".join(newsrooms) or None)
    # `A Office, layoffs` is a headline; in a byline a comma does not part the office from its people.
    listed = None if _is_headline(line) or _NEWSROOM.fullmatch(re.split("[、/／]", line)[0]) else _names_or_none(line)
    if listed is None or not all(map(_is_full_name, listed.names)):
        return None
    in_newsroom = all(map(_NEWSROOM.fullmatch, (listed.department or "").split("; ")))
    return listed if in_newsroom or _SAYS_WRITER.search(line) else None


def _is_full_name(name: str) -> bool:
    return bool(_FULL_NAME.fullmatch(name)) and not (_NOT_A_NAME.search(name) or _ENDS_A_NOUN.search(name))


def _is_headline(line: str) -> bool:
    """Headlines are lists of short phrases too; in a byline only a department stands apart from a name."""
    first, *rest = line.split()
    return bool(rest) and not (_JA_DEPARTMENT.fullmatch(first) or _SAYS_WRITER.search(line))


def split_trailing_byline(paragraph: str) -> tuple[str, Credit | None]:
    """A paragraph without the byline at its end, and that byline.

    >>> split_trailing_byline("雨は夜に上がった。（聞き手・峰岸陽斗）")
    ('雨は夜に上がった。', Credit(names=('峰岸陽斗',), department=None))
    """
    match = _JA_TRAILING.search(widen(paragraph))
    byline = _names_or_none(match["inside"]) if match else None
    if match and byline is None and _NEWSROOM.fullmatch(match["inside"]):
        byline = Credit((), match["inside"])
    if match is None or byline is None:
        return paragraph, None
    return paragraph[: match.start()].rstrip(), byline


def leading_byline(paragraph: str) -> Credit | None:
    """The writer in the dateline that opens a paragraph.

    >>> leading_byline("【ローマ峰岸陽斗】町では、雨は夜に上がった。")
    Credit(names=('峰岸陽斗',), department=None)
    """
    match = _JA_LEADING.match(widen(paragraph))
    if match is None or re.fullmatch(rf"[{_KATAKANA}]*[{_KANJI}]{{1,2}}|[{_KANJI}]{{3}}", match["who"]):
        return None  # a city alone, or with an agency
    return _names_or_none(match["who"])


def _names_or_none(inside: str) -> Credit | None:
    """The people inside the brackets, unless something there is neither a name nor a department."""
    if _AGENCY.fullmatch(inside.strip()):
        return Credit((), None)
    credit = parse_people_ja(inside, strict=True)
    return credit if credit.names else None


def parse_people_ja(text: str, *, strict: bool = False) -> Credit:
    names: list[str] = []
    departments: list[str] = []
    text = re.sub(r"[（(]([^（）()]*)[）)]", r"、\1、", text.lstrip("＝="))
    for chunk in re.split(r"[、，,/／；;\n]|\s*と\s+", _between_roles(text)):
        chunk = chunk.strip()
        prefix = _JA_PREFIX.match(chunk)
        if not chunk or (prefix and prefix["role"] in _NOT_WRITERS):
            continue
        chunk = chunk[prefix.end() :] if prefix else chunk
        if re.fullmatch(r".{2,12}で", chunk):  # `【ワシントンで峰岸陽斗】` and `、水戸市で】` name a place
            continue
        people = _split_places(chunk)
        for person in people:
            bare = _JA_ROLE.sub("", person)
            if _JA_DEPARTMENT.fullmatch(person) or person.endswith("支局長"):
                departments.append(person.removesuffix("長"))
            elif _JA_NAME.fullmatch(bare) and not (_NOT_A_NAME.search(bare) or _ENDS_A_NOUN.search(bare)):
                names.append(bare)
            elif bare and strict:
                return Credit(())
    return Credit(tuple(dict.fromkeys(names)), "; ".join(dict.fromkeys(departments)) or None)


def _between_roles(text: str) -> str:
    """`文／木下望　写真／大川剛` with a comma between the two, and roles set off alike."""
    text = _NEXT_ROLE.sub("、", text)
    text = re.sub(r"[\s、]+(?:(?:編集|論説)委員|専門記者|特派員)・(?=\S)", "、", text)
    return re.sub(r"(聞き手|取材|執筆|構成|文|写真|撮影|翻訳|訳|編集|動画|イラスト|図)[／/：:＝=](?=\S)", r"\1・", text)


def _split_places(chunk: str) -> list[str]:
    """`水戸支局　峰岸陽斗` is two things, `峰岸　陽斗` one name; `水戸＝峰岸陽斗`, `ローマ峰岸陽斗` name a place."""
    chunk = re.sub(r"^[^＝=]{1,12}[＝=]", "", chunk)
    chunk = re.sub(r"^[\u4e00-\u9fff\u30a1-\u30faー]{2,10}で(?=[\u4e00-\u9fff])", "", chunk)
    chunk = _CITY.sub("", chunk)
    words = chunk.split()
    if len(words) > 1 and (_JA_DEPARTMENT.fullmatch(words[0]) or _JA_ROLE.fullmatch(words[0])):
        return [words[0], "".join(words[1:])]
    if len(words) == 2 and (
        re.fullmatch(rf"[{_KATAKANA}]{{2,10}}", words[0])
        or (re.fullmatch(rf"[{_KANJI}]{{2,4}}", words[0]) and len(words[1]) >= 4)
    ):
        return words[1:]
    if re.fullmatch(rf"[{_KANJI}]+・[{_KATAKANA}]+・[{_KANJI}]+", chunk):  # one person
        return [chunk]
    if "・" in chunk and re.search(r"[\u4e00-\u9fff]", chunk):
        return [part for part in chunk.split("・") if part and not _PROFESSION.fullmatch(part)]
    return ["".join(words)]
