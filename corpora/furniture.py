"""The wording of what is on news pages but not in the story: notices, labels, menus, headings of other stories.

The vocabulary is that of web pages in general (share, log in, 関連記事), never that of one site: a site's own wording
goes to `publishers.toml`.
"""

from __future__ import annotations

import re

from corpora.writers import is_cjk

# Notices that are whole sentences: they must speak about this page or to its reader, since a story
# may well be about cookies, copyright or subscriptions. English ones by how they begin:
_OPENINGS = (
    # Access and subscriptions
    r"(?:.{0,40}[?!] )?(?:please )?(?:sign up|subscribe|register|log in|sign in|join|become an?|get)\b.*"
    r"\b(?:newsletters?|account|free|member|subscriber|access|reading|updates|inbox|stories|headlines|e-?mail)\b",
    r"sign up (?:to|for)\b|by (?:subscribing|signing up|registering)\b",
    r"(?:an?|our|the) (?:free )?(?:daily|weekly|monthly|morning)\b[^.]{0,30}"
    r"\b(?:newsletter|e-?mail|briefing|digest)\b[^.]{0,60}$",
    r"(?:enter|type) your e-?mail\b|free (?:daily|weekly) newsletter\b|privacy notice:|advertisement ?[·|–—:-].{0,30}$",
    r"(?:after|before|skip) newsletter\b",
    r"this (?:article|content|story|page) is\b.{0,30}\b(?:members|subscribers)\b",
    # Rights, and how to get about on the page
    r"unauthori[sz]ed (?:reproduction|use|copying)\b.*prohibited",
    r"copyright (?:©|\(c\)|the\b|\d|[\w .]+\d{4})|©|\(c\)",
    r"(?:continue|keep) reading\b|listen to (?:this|the) (?:article|story)\b|\d+ min(?:ute)?s? read\b",
    r"[^.。]{0,30}https?://\S+$",
    # How the page came about
    r"a version of this (?:article|story)\b|this (?:article|story) originally appeared\b",
    r"story continues(?: below)?\W*$",
    r"(?:also read|read also)\b ?[|:]|your information is being handled\b|comments (?:will be|are) moderated\b",
    r"this (?:article|story) (?:has been|was|is) (?:machine|automatically) translated",
    r"(?-i:[A-Z][\w' -]+ reported from [A-Z][\w. ]+, [A-Z][\w. ]+)\.(?: |$)",
    r"(?:correction|clarification|editor['’]?s['’]? note)(?: \([^)]*\))?:",
    # What readers may do
    r"(?:follow|(?:find|like|join) us) .{0,40}\bon (?:facebook|twitter|(?-i:X|LINE)|instagram|bluesky|youtube)\b",
    r"send (?:us )?(?:your|an?) (?:story|news|tips?|photos?|questions?|letters?|response|comments?)\b",
    r"got a (?:tip|story)\b|(?:do you )?have an? (?:opinion|view|question|tip|story)\b.*\?",
    r"letters (?:should|must) .{0,60}\b(?:words|include|name)\b|e-?mail:? ?\S+@\S+$",
    r"for (?:media|press) (?:enquiries|inquiries)\b",
)
# ... and by what they say anywhere.
_PHRASES = (
    r"(?:we|our|this (?:web)?site|your|you)\b.*\bcookies?\b",
    r"free articles?\b.*\b(?:left|remaining|month)\b",
    r"(?:members|subscribers)[ -]only(?: article| content)?\W*$",
    r"purchase licensing rights\b|all rights reserved\b",
    r"(?<=\. )unauthori[sz]ed (?:reproduction|use|copying)\b.*prohibited",
    r"(?:enable|turn on) javascript\b|skipping\b.{0,20}\b(?:menu|navigation)\b",
    r"(?:skip(?:ping)?|jump|go) (?:to )?(?:the |this )?(?:main|navigation|menu|content|article|body)\b",
    r"this article (?:was|is) (?:originally|first) published\b|an earlier version of this\b",
    r"contributed (?:to this (?:report|story|article)|reporting)\b",
    r"(?:reach|contact|e-?mail) (?:him|her|them|us|the (?:author|writer|reporter|editor)) at \S*[@\d]",
    r"if you (?:have|wish to make) a complaint about\b|editors['’] code of practice\b|moderates? (?:all )?comments\b",
)
_JAPANESE_NOTICES = (
    # Access and subscriptions
    r"有料会員に(?:なると|登録)|(?:記事も?|続きを?)お読みいただけ|読み放題$|^※.*個人の(?:見解|意見)",
    r"会員限定(?:記事)?です|残り.{0,8}文字|この(?:記事|続き|先)は.{0,20}(?:会員|有料|登録|購読)",
    r"(?:当サイト|このサイト|本サイト|弊社).{0,30}(?:クッキー|cookie|Ｃｏｏｋｉｅ)|個人情報の取り?扱い(?:を|について)",
    r"(?:登録|購読|ログイン)(?:は|して|すると|で).{0,14}(?:こちら|読めます|ご覧)|無料期間中|お申し込みはこちら",
    r"(?:毎[週日月朝]|(?:最新|新着)(?:の?記事|ニュース|情報)を).{0,14}(?:お届け(?:し|い)|配信(?:します|いたします|しています))",
    r"著者フォロー|(?:ブラウザー?|端末)を最新|再生できない場合|最新(?:公開)?記事をメールで|アプリ(?:なら|を|で).{0,30}(?:ダウンロード|通知)",
    # Rights, and how to get about on the page
    r"(?:無断|許可なく)(?:での?)?(?:転載|複製|使用).{0,12}(?:禁|でき|お断り)|著作権は.{0,20}帰属",
    r"\ball rights reserved\b|^(?:copyright\b|©|\(c\))|^[^.。]{0,30}https?://\S+$",
    r"続きを(?:お?読み?|ご覧)|本文(?:へ|に)(?:移動|スキップ|ジャンプ|進)|javascriptを(?:有効|オン)",
    r"^【(?:pr|ＰＲ|広告)】|^【(?:動画|写真|画像|図解|グラフ)[^】]{0,6}】[^。]*$",
    # How the page came about, and what readers may do
    r"^[【〈《<＜]?(?:訂正|おわび|お断り|おことわり|編集部注|編集部より)[】〉》>＞:：]|^【?(?:訂正して)?おわび(?:します|いたします)",
    r"ご(?:支援|寄付|協力)をお待ちして|^(?:今すぐ)?寄付(?:する|はこちら)$|^※.*税控除の対象",
    r"最後まで(?:お?読み?|ご覧).{0,12}ありがとうございま|「(?:スキ|いいね)」を押して",
)
_OPENING = re.compile("|".join(_OPENINGS), re.IGNORECASE)
_PHRASE = re.compile(rf"\b(?:{'|'.join(_PHRASES)})", re.IGNORECASE)
_JAPANESE_NOTICE = re.compile("|".join(_JAPANESE_NOTICES), re.IGNORECASE)
_QUOTING = re.compile(r"」と|^[\"“]|^「[^」]*(?:$|」(?:$|[。とっ]))|[,.?!][\"”] ")  # somebody in the story says it
# Labels of buttons and links. They are no sentences, so a word is enough.
_LABEL = re.compile(
    r"(?:advertis(?:e)?ment|sponsored|promoted|pr|ads?|shar(?:e|ing)|tweet|post|print|save|e-?mail|copy link"
    r"|facebook|twitter|x|line|hatena|whatsapp|reddit|linkedin|bluesky|threads|comments?|follow"
    r"|log ?in|sign ?(?:in|up)|log ?out|register|subscribe|become a|join|home|top|menu|search|close|back to|next"
    r"|(?:japanese|english) version|read in japanese|listen|gift|font size|text size|bookmark|skip|jump to"
    r"|prev(?:ious)?|photos?|video|gallery|(?:view|see|load|show) (?:photos?|more|all)|enlarge|click|tap"
    r"|tags?|topics?|keywords?|\d+ (?:min|comments?|shares?)|terms of|privacy|contact|about us"
    r"|newsletters?|read later|order reprints|today['’]s paper|reuse this content|explore more"
    r"|loading|create account|remove)\b"
    r"|広告|ＰＲ|PR$|シェア|ポスト|ツイート|Xで|Ｘで|Facebookで|LINEで|はてな|印刷|ブックマーク|フォロー|スクラップ"
    r"|コメント|ログイン|トップ|ホーム|メニュー|検索|拡大|画像|写真を|写真・|動画|メールで|記事を|文字サイズ|前の記事|次の記事|[前次]ページ"
    r"|もっと見る|一覧|保存|クリップ|いいね|閉じる|タグ|キーワード|音声|英語版|日本語版|有料|無料|速報$|プレゼント|この記事"
    r"|.{0,12}(?:ニュースレター|メールマガジン|会員登録|会員限定|利用規約|お問い合わせ|こちら$)",
    re.IGNORECASE,
)
# Of these a menu is made, and no headline.
_SECTIONS = frozenset(
    re.findall(
        r"\w+",
        """Home News World Business Sports Sport Opinion Politics Culture Life Lifestyle Features Editorial Tech
        Technology Science Health Entertainment Weather Latest Local Video Photos Travel Food Arts Economy National""",
    )
)
_COUNT = re.compile(r"[\d\s.,:/|_*=~–—-]{1,12}")  # of comments; or a rule
# Subheads that begin with the word of a label: `Next steps`, `Home and away`.
_GOES_ON = re.compile(
    r"(?:home|top|next|post|print|line|save|search|close|menu|video|photos?|topics?|contact|follow|join|listen|comments?"
    r"|threads|gift|skip|tap|click|x) (?!(?:this|the|on|by|via|to|all|more|us|up|your|page|article|story|stories|site"
    r"|now|here|with|news|link|gallery|edition|version|later)\b|\W|\d)",
    re.IGNORECASE,
)
# Headings of what follows an article.
_STOP = re.compile(
    r"(?:related(?: (?:articles?|stor(?:y|ies)|news|links?|topics?|content|coverage))?(?:: .*)?"
    r"|read (?:next|more|also)(?:: .*)?"
    r"|more (?:from|on|in|stories|news)\b.*|most (?:read|popular|viewed|shared)\b.*|popular\b.*"
    r"|recommended\b.*"
    r"|trending\b.*|also in .*|latest (?:news|articles|stories).*|you (?:may|might) also .*|what to read next"
    r"|(?:recent|our) newsletters?|promoted (?:stories|content)|explore more on .*|see more on.*"
    r"|(?:next|previous) (?:article|story)|line-?ups?|notes? to editors?|(?:media|press) contacts?"
    r"|about [\w' ]*(?:university|institute|company|foundation|group)"
    r"|see also|ranking.*|editor['’]?s?['’]? picks?|top stories|about the (?:author|writer)s?|follow us.*"
    r"|.{0,40} on social media|(?:\d+ )?comments?(?: \(\d+\))?|\d+ (?:thoughts|responses?) (?:on|to) .*)"
    r"|(?:関連(?:記事|ニュース|リンク|特集|トピック|キーワード|ワード)|[あ合]わせて読みたい|こちらも|おすすめ|オススメ|人気記事"
    r"|(?:アクセス)?ランキング|最新(?:記事|ニュース)|新着(?:記事)?|注目(?:記事|の記事|ニュース)|よく読まれて"
    r"|この記事を書いた|筆者|特集・連載|次に読む|ピックアップ|主要ニュース).{0,16}",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"\s[|｜/／]\s|\s*[>＞›»]\s*|｜|\s{2,}|　")


def is_stop(text: str) -> bool:
    """Whether a line is a heading of what follows an article, as `Related stories`.

    >>> is_stop("【関連記事】"), is_stop("Most read"), is_stop("関連の深い町")
    (True, True, False)
    """
    return bool(_STOP.fullmatch(text.strip("【】[]<>＜＞■◆▼●:： ")))


def is_furniture(text: str) -> bool:
    """Whether a line is a notice to the reader, the label of a button or link, or a menu.

    >>> is_furniture("Follow us on Facebook"), is_furniture("次の記事"), is_furniture("He followed her home.")
    (True, True, False)
    """
    cjk = is_cjk(text)
    if len(text) <= (120 if cjk else 260) and _is_notice(text, cjk=cjk) and not _QUOTING.search(text):
        return True
    if _COUNT.fullmatch(text):
        return True
    labels = [piece for piece in re.split(r"\s{2,}|　|[|｜]", text) if piece.strip()]
    if labels and all(_is_label(piece.strip()) for piece in labels):
        return True
    return is_menu(text)


def _is_notice(text: str, *, cjk: bool) -> bool:
    if cjk:
        return bool(_JAPANESE_NOTICE.search(text))
    return bool(_OPENING.match(text) or _PHRASE.search(text))


def _is_label(piece: str) -> bool:
    # Headlines begin with `Post` and `Home` too, but go on.
    if piece.endswith((".", "?", "。", "」")):
        return False
    if is_cjk(piece):
        return len(piece) <= 14 and bool(_LABEL.match(piece))
    return piece.count(" ") <= 3 and bool(_LABEL.match(piece)) and not _GOES_ON.match(piece)


def is_menu(text: str) -> bool:
    """Whether a line is a menu or a breadcrumb: short pieces side by side.

    >>> is_menu("Top | Japan | World | Log in"), is_menu("政治 > 外交"), is_menu("台風 九州に 厳重警戒 交通に影響も")
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
    if is_cjk(text):  # headlines are phrases side by side too, but phrases have hiragana
        with_hiragana = sum(bool(re.search("[ぁ-ん]", word)) for word in words)
        return len(words) >= 4 and all(len(word) <= 8 for word in words) and with_hiragana <= max(1, len(words) // 4)
    return len(words) >= 5 and sum(word in _SECTIONS for word in words) >= max(3, 0.4 * len(words))
