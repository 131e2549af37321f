"""The words Japanese builds numbers from, and the one expression that finds candidates for `numbers_ja`.

Tables and patterns only; what a match means is decided in `numbers_ja`.
"""

from __future__ import annotations

import re
from typing import cast

from align.quantity import Kind

DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
ERAS |= {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}

# kind unit: counters. The counters of `date` are told apart in _read_calendar.
_COUNTER_TABLE = """
number year: 年間 カ年 か年 ヵ年 ヶ年 年ぶり 年前 年後 年目 年連続 年以上 年以内 年余り 年来 周年
number year: 年もの 年近く 年あまり 年以下 年未満 年超 年の歴史 年の伝統
number month: カ月 か月 ヶ月 ケ月 ヵ月 箇月
number week: 週 週間
number day: 日間 日目 日後 日前 日ぶり 日以内 日以上 日連続 日分
number hour: 時間
number minute: 分 分間
number second: 秒 秒間
number person: 人 名
number company: 社
number school: 校
number house: 戸 棟
number country: カ国 か国 ヶ国 ケ国 ヵ国
number prefecture: 都道府県
age year: 歳 才
money yen: 円
money dollar: ドル
money euro: ユーロ
money pound: ポンド
money yuan: 元
money won: ウォン
percent percent: % パーセント
number point: ポイント
times -: 倍
number kilo: キロ
number km: キロメートル km
number m: メートル m
number cm: センチ cm
number mm: ミリ mm
number mile: マイル
number foot: フィート
number inch: インチ
number yard: ヤード
number t: トン t
number kg: キログラム kg
number g: グラム g
number mg: ミリグラム mg
number sqkm: 平方キロ
number sqm: 平方メートル 平米 ㎡
number ha: ヘクタール ha
number acre: エーカー
number tsubo: 坪
number liter: リットル L
number ml: ミリリットル ml
number barrel: バレル
number gallon: ガロン
number celsius: 度 ℃
number century: 世紀
ordinal -: 番目 回目 人目 年生 度目 代目 例目 件目 位 回忌 周忌
date -: 年 月 日 時 年代 年度 代
number -: つ 件 台 個 本 枚 回 軒 カ所 か所 ヶ所 ケ所 ヵ所 匹 羽 冊 隻 票
number -: 点 階 世帯 団体 試合 議席 室 勝 敗 割 頭 品 店 児 死
"""


def _read_table(table: str) -> dict[str, tuple[Kind, str | None]]:
    counters: dict[str, tuple[Kind, str | None]] = {}
    for line in table.strip().splitlines():
        head, words = line.split(": ")
        kind, unit = head.split()
        for word in words.split():
            counters[word] = (cast(Kind, kind), None if unit == "-" else unit)
    return counters


COUNTERS = _read_table(_COUNTER_TABLE)
# Letters after digits make a name (5G, 4K) unless they are a unit.
LATIN_UNIT = re.compile(r"(?:km|cm|mm|m|kg|mg|g|t|ha|ml|L|kW|MW|GW|Hz|MHz|GHz|GB|MB|TB|mSv|Sv|Bq)(?![A-Za-z0-9])")
_BY_LENGTH = "|".join(sorted(map(re.escape, COUNTERS), key=len, reverse=True))
AFTER = re.compile(rf" ?({_BY_LENGTH})(?!(?<=[A-Za-z])[A-Za-z])")  # not the m of mph
# Kanji numerals before these make a word more often than a count (一分, 一時, 一度, 八戸).
NOT_AFTER_KANJI = frozenset({"時", "分", "度", "戸", "軒", "名", "秒", "L", "g", "m", "t"})
# Words and place names in which a numeral stands before a counter and counts nothing.
LEXICAL = re.compile(
    r"一人(?:[ひ一前暮親旅称]|っ子)|二人三脚|[一二三]人称|[十百]人[一十]|.{1,2}日[市町]|五月[雨人晴女]|三日[坊天月]"
    r"|.{1,3}本[木松]|一本[化道気調]|一[回度]り|千本|一点[張ば]|[一二三]世(?!紀|代)|[二三]枚目|二つ返|八つ[当裂橋]|一つひ"
    r"|[三七]つ[巴編道]|千人針|一円|九死|千頭|[二三四]頭[筋政]|九品"
)

WEEKDAYS = "月火水木金土日"
WEEKDAYS_IN_KANA = ("マン", "チューズ", "ウェンズ", "サーズ", "フライ", "サタ", "サン")
_NUMERAL = "〇零一二三四五六七八九十百千数"
ONE = rf"(?:\d+(?:\.\d+)?|[{_NUMERAL}])"
# The look ahead spares trying all of it at every character.
_FIRST = f"{_NUMERAL}{WEEKDAYS}万億兆正半過倍初明大昭平令再おと昨去今本来先上中下年代マチウサフ"
TOKEN = re.compile(
    rf"(?=[\d{_FIRST}])(?:"
    r"(?P<ymd>(?<![\d/.])\d{4}[./]\d{1,2}[./]\d{1,2}(?![\d/.]))"
    r"|(?P<clock>(?<![\d:])\d{1,2}:\d\d(?![\d:]))"
    rf"|(?P<fraction>(?:\d+|[{_NUMERAL}]+)分の(?:\d+|[{_NUMERAL}]+))"
    rf"|(?P<wari>{ONE} ?割(?![れるっ合]|り(?!引))(?:{ONE}分)?(?:{ONE}厘)?)"
    r"|(?P<word>正午|四半世紀|半世紀|半年|半日|半月(?!板)|半減|半数|半分|過半数|倍増"
    rf"|(?<![\d{_NUMERAL}万億兆 ])倍(?=[にのとへ以額])"
    r"|初(?=めて|の[^日]|[優勝出開登来])|(?:明治|大正|昭和|平成|令和)元年)"
    r"|(?P<relative>再来年|一昨年|おととし|昨年|去年|今年|本年|来年|先月|今月|来月|再来月|[昨今来][春夏秋冬]|[昨今来本]年度)"
    # 19日(月), 月曜日; サンデー and the like stand in names.
    rf"|(?P<weekday>(?<=[日\d]\()[{WEEKDAYS}](?=[)・])|[{WEEKDAYS}]曜日?|(?:{'|'.join(WEEKDAYS_IN_KANA)})デー)"
    r"|(?P<phase>[上初中下]旬|月末|月半ば|年代半ば|[月代](?:の)?初め|初頭)"
    rf"|(?P<run>[\d{_NUMERAL}](?:[\d{_NUMERAL}万億兆]|(?<=\d),(?=\d\d\d(?!\d))|(?<=\d)[.・](?=\d)"
    # Some Japanese style guides put spaces between digits and words: 1 万 5 千ドル.
    r"|(?<=\d)[ ](?=[万億兆千百])|(?<=[万億兆千])[ ](?=\d))*))",
    re.ASCII,
)
WORDS: dict[str, tuple[Kind, str | None, float]] = {
    "正午": ("time", None, 12.0),
    "四半世紀": ("number", "century", 0.25),
    "半世紀": ("number", "century", 0.5),
    "半年": ("number", "year", 0.5),
    "半月": ("number", "month", 0.5),
    "半日": ("number", "day", 0.5),
    "半減": ("fraction", None, 0.5),
    "半数": ("fraction", None, 0.5),
    "半分": ("fraction", None, 0.5),
    "過半数": ("fraction", None, 0.5),
    "倍増": ("times", None, 2.0),
    "倍": ("times", None, 2.0),
    "初": ("ordinal", None, 1.0),
}
RELATIVE = {"再来年": 2, "一昨年": -2, "おととし": -2, "去年": -1, "先": -1, "昨": -1, "来": 1, "再来月": 2}
PHASE = {"上": 0, "初": 0, "中": 1, "下": 2}
COMMEMORATIVE = frozenset({"3・11", "9・11", "1・17", "2・26", "5・15", "8・15", "3.11", "9.11"})
