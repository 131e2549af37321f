"""Whether a text denies something: 公表しない, 開かないまま, did not, without, unknown.

A translation may deny in many other ways than its source does (必須ではない, optional), so a denial counts as lost only
where the other side has no word that can stand for one, and Japanese idioms that deny in form alone
(しなければならない, かもしれない, 思いがけない) are no denials. Which words can stand for one was counted in 62,000
sentence pairs: a word is in the lists where taking it out would cost more false alarms than it finds lost denials.

What this does not do: know what is denied. A denial that moved to another verb is not noticed.
"""

from __future__ import annotations

import re
from functools import lru_cache

Span = tuple[int, int]

# Denials in form only: must, may, only, few, soon, isn't it, necessarily, and adjectives in -nai.
_FORM_ONLY = re.compile(
    r"(?:なければ|なくては|なくちゃ|なきゃ|ねば)(?:(?:なら|いけ)な(?:い|く|かっ)|な?りません|いけません|ならず)?|ないと(?:いけな|だめ|駄目|ならな)|ざるを[得え]な"
    r"|かも(?:し|知)れ(?:な(?:い|く|かっ)?|ませ?ん?|ぬ)|に?違いな|に(?:ほか|他)なら|に(?:すぎ|過ぎ)な|だけ(?:で(?:は|も)?|じゃ)な|のみなら|ばかりでな|のみで(?:は|も)?な"
    r"|(?:しか|ほか(?:は|に)?)[^。、]{0,24}(?:な[いかく]|ません)|以外に(?:は)?な|[一二三両]つとな|少なくな(?:い|かっ)|少なく|少な|足りな|つまらな|くだらな|危な|切な[いく]"
    r"|さりげな|何気な|とんでもな|もったいな|申し訳な|仕方(?:が|の)?な|しょうが?な|しかたな|やむ(?:を得)?な|絶え間な|限りな|間違いな"
    r"|まぎれもな|紛れもな|間もな|まもな|ほどな|程な|なんとな|何とな|思いがけな|ないか(?=[とな。？?」!！]|$)|ない(?:だろう|でしょう)か"
    r"|ませんか|欠か(?:せな|すことのできな)|欠くことのできな|計り知れな|たまらな|ない(?:うち|間)に|なく(?:さ|す|そ|な[っりるれ])"
    r"|おかしくな|なか[なでにのかを]|いっぱいな|かかわら|関わら|問わ[なず]|必ず|[まわは]ず|ず(?:つ|っ|れ|ら|し|か|き|み|め|り|る|く|ね|は|も)"
    r"|[あくみきす]ず(?!に|、)|おかない|てならな|限らな(?!い(?:。|と))|変わらず|残らず|たえず|絶えず|遠からず|取りあえず|とりあえず|ないし"
    r"|世話にな|大人げな|素っ気な|そっけな|あどけな|ぎこちな|はかな|情けな|ふがいな|切れな|尽きな|またとな|並々ならぬ|[言い]うまでもな|言わざ"
    r"|劣らぬ|見知らぬ|まだ見ぬ|思わぬ|知らぬ|ないで(?=くだ|ほし)|なけれ|ものではな|[例類]を見な|負けな|ともな|伴な|いざな|生まれな|かけがえの?な|とてつもな|途方もな|申し分な|無理もな|変わりま|変わりな|変わらな|問題(?:は)?(?:な|ありま)|止まらな|隠さな|見逃さな|欠かさ"
)
_DENIAL = re.compile(
    r"ない|なかっ|なく(?=、|て|と|は|も)|ません|(?<=[らさかえけせてねれめべげ得見出来寝着経])ず(?=[、に。])|おらず|ぬ(?=[まう])"
    r"|見送(?:っ|る|ら|り(?!に))|対象外|明言を避|断念|不在|不要"
)
# What is denied, for people to see: 公表し of 公表しない, come of not come.
_VERB_BEFORE = re.compile(r"[一-鿿ァ-ヴー]*[ぁ-ゖ]{0,6}$")
_WORD_BEHIND = re.compile(r" [\w'’-]+")
_NOT_ALL = re.compile(
    r"(?:わけ|訳)(?:では|じゃ)な|とは限らな|とも限らな|(?:全員|全て|すべて|全部|みんな|皆)が?[^。、]{0,12}(?:では|じゃ)な"
)
_NONE_AT_ALL = re.compile(r"\b(?:no one|nobody|none|nothing|neither|never)\b", re.I)
_NONE_IN_JAPANESE = re.compile(r"誰も|だれも|一人も|1人も|何も|全く|まったく|一切|決して|皆無|ゼロ")
# The no of romaji (Minamoto no Yoritomo) and of No. 5 denies nothing, nor do not only and no fewer than.
_NO_MORE_THAN = "fewer|less|more|matter|wonder|doubt|sooner|later|further|hitter"
_NOT_ONLY_THAT = "only|just|merely|simply|least|to mention|including"
_PLAIN_DENIAL = re.compile(
    rf"\b(?:[Nn]o(?!\.|,|[- ]+(?:[A-Z]|\d|{_NO_MORE_THAN}))|(?<!or )[Nn]ot(?! (?:{_NOT_ONLY_THAT}))|[Nn]ever(?!theless)"
    r"|[Nn]one(?!theless)|[Nn]obody|[Nn]othing|[Nn]owhere|[Nn]either|[Nn]or|[Cc]annot(?! help)"
    r"|[Ww]ithout)\b|n['’]t\b"
)
_NOT_ONLY = re.compile(r"\b[Nn]ot\b")
_ROMAJI_NO = re.compile(r"[A-Za-z]+[-A-Z][a-zA-Z]* $|[A-Z][a-z]+ $")
# Words that translate denials, beside the plain ones and those in un- and -less.
_WORDS_LISTED = """
against away barely beyond clear could deaf deserted difficult except excuse far few fewer forbid free hard hardly
impossible instead invalid invisible lacking last least less little lone lost may maybe mere might mind motionless
must need negative nothing only optional out perhaps rather rarely scarcely seldom short should shy still flat
unchanged silent sorry stranger too vain void voluntary wrong zero inability incapable inadequate insufficient
inconclusive indefinitely ineffective inconsistent inexperienced innocent intact illegal irregular irresponsible
inconceivable incredible incredibly indistinguishable nary yet indifferent independent inevitable invariably imperfect
incomplete incorrect inaccessible inappropriate incessantly inactive ineligible insatiable indispensable impregnable
immobile immune disagree disagreed disapprove dislike disregard disbelief dissatisfied dissatisfaction dissent
discourage disappear disappeared disqualified discontinued disappointing disabled nonpartisan nonexistent non poor
worse worst rare bar barred ban banned pending regardless than quit defer deferred forgo forego empty hidden secret
unless extinct idle blind premature intolerant disagreeing insufficiently sanitized sanitised
"""
_WORDS = frozenset(_WORDS_LISTED.split())
_STEMS_LISTED = """
absen abandon avoid block cancel cease contrar declin deni deny doubt elud exclud exempt fail halt hesitat ignor
impass lack miss neglect oppos overdue overlook preclud prevent prohibit refrain refus reject reluctan resist scarc
scrap shelv shun skip suspend withh withdr postpon delay
"""
_STEMS = tuple(_STEMS_LISTED.split())
_NO_UN = ("under", "uncles", "unio", "unit", "univ", "unif", "uniq", "until", "unanim")
_NO_LESS = ("unless", "bless", "lesson")
# Denying words that another Japanese word accounts for, so that they are no excuse for a lost ない.
_ACCOUNTED = (
    ("oppos", "反対|野党|対立"),
    ("fail", "失敗|不成立|破綻|落第"),
    ("refus", "拒|断[りるっわ]"),
    ("reject", "拒|否決|却下|退け"),
    ("declin", "減少|低下|下落|拒|断[りるっわ]"),
    ("cancel", "中止|取りや"),
    ("suspend", "停止|中断"),
    ("postpon", "延期"),
    ("lost", "負け|敗|失"),
    ("prohibit", "禁"),
    ("unemploy", "失業|無職"),
    ("jobless", "失業|無職"),
    ("difficult", "困難|難し"),
    ("last", "昨|先|最後|前"),
    ("poor", "貧"),
    ("lack", "不足"),
    ("free", "無料|無償"),
    ("only", "限[らるり]|だけ|のみ|しか"),
)
# Adjectives made negative: intolerable, irreplaceable, misunderstood.
_PREFIXED = re.compile("(?:in|im|ir|il|non)[a-z]{3,}(?:able|ible|ably|ibly|acitated)$|mis(?!s|t)[a-z]{4,}$")
_LESS = re.compile("less(?:ly|ness)?$")
_WORD = re.compile(r"[A-Za-z]+")
# What a plain English denial may come from: any form of ない, Chinese prefixes, verbs of refusing or lacking.
_EXCUSE = re.compile(
    r"[無非不未否難禁止断拒避欠限違逆免脱漏忘廃解絶外別稀困誤]|のみ|だけ|しか|まま|ほか|ず[にと、。]|ん[。」で]|かん[やなわ。]|なし|な[いくかけ]|ませ|ぬ"
    r"|ざる|ゼロ|やめ|辞め|さえ|すら|むしろ|どころ|まだ|まい[。と]|知ら|わから|分から|以下|異な|嫌|失|除[くいき]|負け|いいえ|いや[、だ]|いまひとつ|今ひとつ|ノー|決して"
)


def denial(japanese: str) -> Span | None:
    """Where a Japanese text denies something, the first place; None where it does not. Text must be half-width.

    >>> denial("学校名を公表しない方針だ。"), denial("公表しなければならない。")
    ((4, 9), None)
    """
    if _DENIAL.search(japanese) is None:
        return None
    match = _DENIAL.search(_FORM_ONLY.sub(lambda m: "＿" * len(m.group()), japanese))
    if match is None:
        return None
    verb = _VERB_BEFORE.search(japanese, max(0, match.start() - 12), match.start())
    return (verb or match).start(), match.end()


def plain_denial(english: str) -> Span | None:
    """Where an English text denies something in so many words, the first place.

    >>> plain_denial("He did not come."), plain_denial("He failed to come."), plain_denial("Sei no Kami came.")
    ((7, 15), None, None)
    """
    for match in _PLAIN_DENIAL.finditer(english):
        romaji = match.group().lower() == "no" and _ROMAJI_NO.search(english, max(0, match.start() - 20), match.start())
        if not romaji:
            return match.start(), (_WORD_BEHIND.match(english, match.end()) or match).end()
    return None


def lost_denial(japanese: str, english: str) -> Span | None:
    """Where a Japanese text denies something that its translation, as far as words tell, does not."""
    place = denial(japanese)
    if place is None or plain_denial(english) is not None or _NOT_ONLY.search(english):
        return None
    for match in _WORD.finditer(english):
        if _may_deny(word := match.group().lower()):
            accounted = next((japanese_ for stem, japanese_ in _ACCOUNTED if word.startswith(stem)), None)
            if accounted is None or not re.search(accounted, japanese):
                return None
    return place


def added_denial(japanese: str, english: str) -> Span | None:
    """Where a translation denies in so many words what nothing in its source may have denied."""
    place = plain_denial(english)
    return place if place is not None and _EXCUSE.search(japanese) is None else None


def widened_denial(japanese: str, english: str) -> tuple[Span, Span] | None:
    """Where 'not all' became 'none'."""
    not_all, none = _NOT_ALL.search(japanese), _NONE_AT_ALL.search(english)
    if not_all is None or none is None or _NONE_IN_JAPANESE.search(japanese):
        return None
    return not_all.span(), none.span()


@lru_cache(maxsize=100_000)
def _may_deny(word: str) -> bool:
    """Whether a word in lower case may translate a denial."""
    return (
        word in _WORDS
        or word.startswith(_STEMS)
        or _PREFIXED.match(word) is not None
        or (word.startswith("un") and len(word) > 4 and not word.startswith(_NO_UN))
        or (_LESS.search(word) is not None and not word.startswith(_NO_LESS))
    )
