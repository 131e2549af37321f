"""Findings about whole sentences without a counterpart: what an edited translation leaves out and puts in.

Newspapers shorten their English versions and explain to foreign readers what every Japanese one knows, so a sentence
that was left out is a minor omission, and one that explains is minor too and called background. A sentence that was put
in and reports is a major addition: somebody should know where it comes from.

What this does not do: know whether what was put in is true, or tell an explanation from a report but by its form.
"""

from __future__ import annotations

import re

from corpora.records import Article, Bead, Finding

SURE = 0.5  # probability of a null bead from which on it is a finding
_REPORTS = re.compile(
    r"[\"“”「]|\b(?:said|says|told|added|according to|announced|asked|explained|replied|recalled"
    r"|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b|述べ|話し|語っ|によると|発表"
)
_EXPLAINS = re.compile(
    r"\b(?:is|are|has|have|was|were|lies|remains?|known for|home to|refers? to|means?|stands for|known as|called"
    r"|can be|tends? to|usually|in Japan|"
    r"Japanese|was (?:established|enacted|founded|introduced))\b|(?:とは|である|であり|を指す|をいう|である。)",
)


def is_background(text: str) -> bool:
    """Whether a sentence explains, by its form: it quotes and reports nothing, and says what something is.

    >>> is_background("Hyogo Prefecture has more such ponds than anywhere else in Japan.")
    True
    >>> is_background('"I was surprised," the mayor said.')
    False
    """
    return _REPORTS.search(text) is None and _EXPLAINS.search(text) is not None


def check_null_bead(bead: Bead, source: Article, target: Article) -> list[Finding]:
    """One finding for the body's sentence of a null bead that is sure enough; headings are passed over."""
    article, sentences = (source, bead.source) if bead.source else (target, bead.target)
    if not bead.is_null or (bead.probability or 0.0) < SURE or not sentences:
        return []
    own = [article.sentences[place] for place in sentences]
    if any(article.paragraphs[sentence.paragraph].kind != "body" for sentence in own):
        return []
    text = article.text[own[0].start : own[-1].end]
    span = (0, len(text))
    if bead.source:
        message = "the translation leaves this sentence out"
        return [Finding("omission", "minor", span, None, message, "omission", text, None)]
    if is_background(text):
        message = "the translation adds this sentence as background; check that it is true"
        return [Finding("addition", "minor", None, span, message, "addition", None, text)]
    message = "the translation adds this sentence, and nothing in the source says so"
    return [Finding("addition", "major", None, span, message, "addition", None, text)]
