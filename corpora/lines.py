"""What a line of a news page is, judged by its shape.

A body paragraph ends like a sentence; headlines, menus and link lists do not. A caption ends in its photo
credit. The vocabulary is that of web pages in general (share, log in, 関連記事), never that of one site. Which
lines are the article is for `body`; nothing here knows where a line came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corpora.credit import Credit, parse_byline, parse_byline_ja, parse_credit, widen
from corpora.dates import is_date_line
from corpora.endings import refers_to_page, without_agency, without_note
from corpora.writers import JAPANESE

LineKind = Literal["body", "weak", "subhead", "short", "caption", "furniture", "stop", "credit", "byline", "date"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line or block of text, and what the markup, not its wording, says of it."""

    text: str
    heading: bool = False
    paragraph: bool = False  # it stands among the paragraphs of running text, marked up as they are


_CLOSING = "\"'”’」』）)］]】》〉"
_SENTENCE_END = re.compile(rf"(?:[.!?。！？…‥]|[.!?]\d{{1,2}})[{re.escape(_CLOSING)}]*$|[」』”]$|(?<=[!?.,])\"$|:$")
INNER_END = re.compile(r"[。！？]|[a-z\d)%][.!?][\"”’']?\s+[\"“‘'(]?[A-Z]")
_STRONG_END = re.compile(rf"[.。][{re.escape(_CLOSING)}]*$")
_SUBHEAD_MARK = re.compile(r"[◇◆■□●○▼▽▲△★☆▶►◎◯〓＜〈《]")
_INTERVIEW = re.compile(r"――|──|[―—–-]{1,2}\s?[\u3040-\u30ff\u4e00-\u9fff]|[QA][:：.．]\s")
DATELINE = re.compile(r"[A-Z][A-Z' .-]{2,30}(?:, [A-Z][\w .'-]+)?(?: \([A-Z][\w /]+\))? ?(?:--|—|–|―|-) ?\S")

_CAPTION_CREDIT = re.compile(r"[(（\[](?P<credit>[^()（）\[\]]{2,90})[)）\]]$")
_PHOTO_WORD = re.compile(
    r"photo|image|courtesy|provided|\bpool\b|\bfile\b|illustration|graphic|screenshot|screen ?grab|©|handout"
    r"|\b(?:AP|AFP|Reuters|Kyodo|Jiji|Getty)\b|\w/[A-Z]|撮影|提供|写真|共同|ロイター|ＡＰ",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(r"(?:[A-Z][\w.&'-]+)(?: [A-Z][\w.&'-]+){0,2}")
# Stories say less often than captions what is to be seen, and leave out the year.
_PICTURED = re.compile(
    r"\b(?:is|are|was|were) (?:seen|pictured|shown)\b|\bthis (?:file|photo)|\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\.$"
)
_STAGE_DIRECTION = re.compile(r"laugh|smile|continued|end|sic|to be|part \d|pause|applause|cries|nod", re.IGNORECASE)
_JA_CAPTION_START = re.compile(r"[（(【]?写真(?:・図版)?(?:説明)?[0-9０-９①-⑨上下左右]?[）)】：:＝=]|写真・図版")
_JA_CAPTION_END = re.compile(
    r"[＝=][^。]{2,80}$|[＝=][^。]{0,60}(?:撮影|提供|写す|から)。?$|[、＝=（(][^。、]{1,20}(?:撮影|提供)[）)]?$"
)

# Notices that are whole sentences: they must speak about this page or to its reader, since a story
# may well be about cookies, copyright or subscriptions.
_NOTICE = re.compile(
    r"\b(?:we|our|this (?:web)?site|your|you)\b.*\bcookies?\b"
    r"|\bfree articles?\b.*\b(?:left|remaining|month)\b"
    r"|^(?:.{0,40}[?!] )?(?:please )?(?:sign up|subscribe|register|log in|sign in|join|become an?|get)\b.*"
    r"\b(?:newsletters?|account|free|member|subscriber|access|reading|updates|inbox|stories|e-?mail)\b"
    r"|^this (?:article|content|story|page) is\b.{0,30}\b(?:members|subscribers)\b|\ball rights reserved\b"
    r"|\b(?:members|subscribers)[ -]only(?: article| content)?\W*$"
    r"|^(?:copyright (?:©|\(c\)|the\b|\d|[\w .]+\d{4})|©|\(c\))"
    r"|(?:^|\. )unauthori[sz]ed (?:reproduction|use|copying)\b.*prohibited"
    r"|^by (?:subscribing|signing up|registering)\b"
    r"|^(?:follow|find|like) .{2,40} on (?:facebook|twitter|x|instagram|bluesky|line|youtube)\b"
    r"|^send (?:us )?(?:your|a) (?:story|news|tips?|photos?|questions?|letters?)\b|^got a (?:tip|story)\b"
    r"|^(?:correction|clarification|editor['’]?s['’]? note)(?: \([^)]*\))?:|\ban earlier version of this\b"
    r"|^[【〈《<＜]?(?:訂正|おわび|お断り|おことわり|編集部注|編集部より)[】〉》>＞:：]|^【?(?:訂正して)?おわび(?:します|いたします)"
    r"|^(?:continue|keep) reading\b|^[^.。]{0,30}https?://\S+$|\b(?:enable|turn on) javascript\b"
    r"|\b(?:skip(?:ping)?|jump|go) (?:to )?(?:the |this )?(?:main|navigation|menu|content|article|body)\b"
    r"|\bskipping\b.{0,20}\b(?:menu|navigation)\b|\bthis article (?:was|is) (?:originally|first) published\b"
    r"|^(?:this (?:article|story) (?:has been|was|is) (?:machine|automatically) translated)"
    r"|無断(?:での?)?(?:転載|複製|使用).{0,12}(?:禁|でき|お断り)|著作権は.{0,20}帰属|会員限定(?:記事)?です|残り.{0,8}文字"
    r"|この(?:記事|続き|先)は.{0,20}(?:会員|有料|登録|購読)|続きを(?:お?読み?|ご覧)|本文(?:へ|に)(?:移動|スキップ|ジャンプ|進)"
    r"|(?:当サイト|このサイト|本サイト|弊社).{0,30}(?:クッキー|[Cc]ookie|Ｃｏｏｋｉｅ)|個人情報の取り?扱い(?:を|について)"
    r"|(?:登録|購読|ログイン)(?:は|して|すると|で).{0,14}(?:こちら|読めます|ご覧)|無料期間中"
    r"|JavaScriptを(?:有効|オン)|お申し込みはこちら|^【(?:PR|ＰＲ|広告)】|^【(?:動画|写真|画像|図解|グラフ)[^】]{0,6}】[^。]*$"
    r"|毎[週日月朝].{0,14}(?:お届け|配信)(?:し|い)|アプリ(?:なら|を|で).{0,30}(?:ダウンロード|通知)",
    re.IGNORECASE,
)
_QUOTING = re.compile(r"」と|^[\"“「]|[,.?!][\"”] ")  # somebody in the story says it
# Labels of buttons and links. They are no sentences, so a word is enough.
_LABEL = re.compile(
    r"(?:advertis(?:e)?ment|sponsored|promoted|pr|ads?|shar(?:e|ing)|tweet|post|print|save|e-?mail|copy link"
    r"|facebook|twitter|x|line|hatena|whatsapp|reddit|linkedin|bluesky|threads|comments?|follow"
    r"|log ?in|sign ?in|log ?out|register|subscribe|become a|join|home|top|menu|search|close|back to|next"
    r"|(?:japanese|english) version|read in japanese|listen|gift|font size|text size|bookmark|skip|jump to"
    r"|prev(?:ious)?|photos?|video|gallery|(?:view|see|load|show) (?:photos?|more|all)|enlarge|click|tap"
    r"|tags?|topics?|keywords?|\d+ (?:min|comments?|shares?)|terms of|privacy|contact|about us"
    r"|newsletters?)\b"
    r"|広告|ＰＲ|PR$|シェア|ポスト|ツイート|Xで|Ｘで|Facebookで|LINEで|はてな|印刷|ブックマーク|フォロー|スクラップ"
    r"|コメント|ログイン|トップ|ホーム|メニュー|検索|拡大|画像|写真を|写真・|動画|メールで|記事を|文字サイズ|前の記事|次の記事"
    r"|もっと見る|一覧|保存|クリップ|いいね|閉じる|タグ|キーワード|音声|英語版|日本語版|有料|無料|速報$|プレゼント|この記事"
    r"|.{0,12}(?:ニュースレター|メールマガジン|会員登録|会員限定|利用規約|お問い合わせ|こちら$)",
    re.IGNORECASE,
)
# Headings of what follows an article.
_STOP = re.compile(
    r"(?:related(?: (?:articles?|stor(?:y|ies)|news|links?|topics?|content|coverage))?(?:: .*)?"
    r"|read (?:next|more|also)(?:: .*)?"
    r"|more (?:from|on|in|stories|news)\b.*|most (?:read|popular|viewed|shared)\b.*|popular\b.*"
    r"|recommended\b.*"
    r"|trending\b.*|also in .*|latest (?:news|articles|stories).*|you (?:may|might) also .*|what to read next"
    r"|see also|ranking.*|editor'?s'? picks?|top stories|about the (?:author|writer)s?|follow us.*"
    r"|.{0,40} on social media|(?:\d+ )?comments?(?: \(\d+\))?|\d+ (?:thoughts|responses?) (?:on|to) .*)"
    r"|(?:関連(?:記事|ニュース|リンク|特集|トピック|キーワード|ワード)|[あ合]わせて読みたい|こちらも|おすすめ|オススメ|人気記事"
    r"|(?:アクセス)?ランキング|最新(?:記事|ニュース)|新着(?:記事)?|注目(?:記事|の記事|ニュース)|よく読まれて"
    r"|この記事を書いた|筆者|特集・連載|次に読む|ピックアップ|主要ニュース).{0,16}",
    re.IGNORECASE,
)
_VERB_END = re.compile(r"(?:[るたいすだ]|ます|という|だろう|のか|ないか)$")
_SEPARATED = re.compile(r"\s[|｜/／]\s|\s*[>＞›»]\s*|｜|\s{2,}|　")


def is_cjk(text: str) -> bool:
    """Whether the text has any kana or kanji, so that Japanese habits of writing apply."""
    return bool(JAPANESE.search(text))


@lru_cache(maxsize=256)  # both readers ask several times about each line of a page; more would only hold memory
def judge(line: Line) -> LineKind:
    """What the line is, from its own words alone.

    >>> [judge(Line(text)) for text in ("関連記事", "雨が降った。道は川になり、舟が出た。", "◇舟が出た")]
    ['stop', 'body', 'subhead']
    """
    text = widen(line.text)
    if parse_credit(text):
        return "credit"
    if parse_byline(text) or (parse_byline_ja(text) and not line.heading):
        return "byline"
    if is_date_line(text):
        return "date"
    if _is_caption(text, paragraph=line.paragraph):
        return "caption"
    if _STOP.fullmatch(text.strip("【】[]<>＜＞■◆▼●:： ")):
        return "stop"
    if _is_furniture(text):
        return "furniture"
    if _SUBHEAD_MARK.match(text) and not _STRONG_END.search(text):
        return "subhead"
    if _INTERVIEW.match(text):
        return "body" if _is_strong(text) else "weak"
    if line.heading:
        return "short"
    main = without_note(text)
    if _is_strong(text) or _is_strong(main):
        return "body"
    if _SENTENCE_END.search(text) or (main != text and _SENTENCE_END.search(main)):
        return "weak"
    if lacks_stop(main, likely=line.paragraph or refers_to_page(text)):
        return "weak"
    # Between paragraphs a line longer than headlines is running text that lacks its full stop.
    longest = (45 if line.paragraph else 80) if is_cjk(text) else 70 if line.paragraph else 180
    return "weak" if len(text) > longest else "short"


def _is_strong(text: str) -> bool:
    """Surely running text: it holds a whole sentence and is no headline's length."""
    if is_cjk(text):
        return ("。" in text and len(text) >= 15) or (len(text) >= 60 and bool(INNER_END.search(text)))
    ended = bool(_STRONG_END.search(text) or INNER_END.search(text))
    return ended and len(text) >= 50 and text.count(" ") >= 7


def lacks_stop(text: str, *, likely: bool) -> bool:
    """Whether a line without full stop is a sentence: its verb says so, in English its length."""
    if is_cjk(text):
        return len(text) >= 12 and bool(
            re.search(r"(?:だろう|でしょう)か$", text) or (likely and _VERB_END.search(text))
        )
    return likely and len(text) > 70


def _is_caption(text: str, *, paragraph: bool) -> bool:
    story = without_agency(text)
    if story != text and (paragraph or is_cjk(text) or INNER_END.search(text)) and not _PICTURED.search(story):
        return False  # the agency's name ends its stories as well as its captions
    if is_cjk(text):
        text = without_note(text) if "。" in text or refers_to_page(text) else text
        short = len(text) <= 220 and text.count("。") <= 2 and not text.endswith("。")
        if _JA_CAPTION_START.match(text):
            return len(text) <= 220
        return (short or text.endswith(("撮影。", "提供。"))) and bool(_JA_CAPTION_END.search(text))
    match = _CAPTION_CREDIT.search(text)
    if not match or len(text) > 500 or len(INNER_END.findall(text)) > 3:
        return False
    credit = match["credit"]
    if _PHOTO_WORD.search(credit):
        return True
    return bool(_PUBLICATION.fullmatch(credit)) and not _STAGE_DIRECTION.match(credit) and match.start() > 20


def _is_furniture(text: str) -> bool:
    cjk = is_cjk(text)
    if len(text) <= (120 if cjk else 260) and _NOTICE.search(text) and not _QUOTING.search(text):
        return True
    labels = [piece for piece in re.split(r"\s{2,}|　|[|｜]", text) if piece.strip()]
    if labels and all(_is_label(piece.strip()) for piece in labels):
        return True
    return is_menu(text)


def _is_label(piece: str) -> bool:
    # Headlines begin with `Post` and `Home` too, but go on.
    short = len(piece) <= 14 if is_cjk(piece) else piece.count(" ") <= 3
    return short and not piece.endswith((".", "?", "。", "」")) and bool(_LABEL.match(piece))


def is_menu(text: str) -> bool:
    """Whether a line is a menu or a breadcrumb: short pieces side by side.

    >>> is_menu("Top | Japan | World | Log in"), is_menu("政治 > 外交"), is_menu("首相、辞任へ　後任は未定")
    (True, True, False)
    """
    if len(text) > 160 or "。" in text:
        return False
    pieces = [piece.strip("[]［］ ") for piece in _SEPARATED.split(text) if piece.strip("[]［］ ")]
    if re.search(r"\s[>＞›»]\s|＞|›", text) and all(len(piece) <= 30 for piece in pieces):
        return True
    if re.search(r"\s[|｜]\s|｜", text) and len(pieces) >= 3:
        return all(len(piece) <= 24 for piece in pieces)
    words = text.split()
    return is_cjk(text) and len(words) >= 4 and all(len(word) <= 6 for word in words)


def find_byline(line: Line, *, placed: bool = False) -> Credit | None:
    """The people named by the line if it is a byline in either language; see `parse_byline_ja` for `placed`."""
    return parse_byline(line.text) or (None if line.heading else parse_byline_ja(line.text, placed=placed))
