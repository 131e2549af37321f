"""Whether an encoder knows the languages it is given, asked before any work is done.

Two questions: is the bundled table asked for a language it was not trained on, and is a text, whatever it says it is,
in writing that a table spells out letter by letter. What this does not do: tell a language from another in the same
script (`corpora.language` does), or judge a transformer, whose subwords say little about what it has learned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from align.known_encoders import covering
from align.table import BUNDLED, StaticEncoder
from align.vectors import Encoder
from corpora.errors import EncoderError
from corpora.records import Article, Reject
from corpora.shelf import Shelf

# Known shares of letters: the bundled sample articles have .95 to 1, texts in Korean, Thai, Arabic, Russian, Greek,
# Hebrew and Hindi 0 to .1. A text half in another writing is worth keeping, so the line is nearer to those.
LEAST_KNOWN = 0.5
# Few letters may be initials, which are spelled out in any language.
LEAST_LETTERS = 20
# An article shows its writing in its first sentences.
LOOKED_AT = 500
BATCH = 256  # texts cut into subwords at once


def require_languages(encoder: Encoder, languages: Collection[str]) -> None:
    """Raise EncoderError if the bundled table is asked for a language it was not trained on."""
    unknown = sorted(set(languages) - {"ja", "en"})
    if unknown and encoder.name == BUNDLED.name:
        raise EncoderError(
            f"the bundled encoder covers Japanese and English, not {', '.join(unknown)}; {_advice(set(languages))}"
        )


def _advice(languages: set[str]) -> str:
    """Encoders to name instead, smallest first, or where to look for one."""
    names = [entry.name for entry in covering(languages)]
    if not names:
        return "name a model that does with --encoder; no encoder known to Taiyaku says that it covers them"
    return (
        f"name one that does, for example --encoder {' or --encoder '.join(names[:3])} (`taiyaku encoders` lists more)"
    )


def foreign(texts: Sequence[str], encoder: Encoder) -> list[float | None]:
    """For each text None if the encoder can read it, else the share of its letters that it knows.

    >>> from align.encoder import load_encoder
    >>> foreign(["It rained all night.", "Всю ночь шёл сильный дождь."], load_encoder())
    [None, 0.0]
    """
    if not isinstance(encoder, StaticEncoder):
        return [None] * len(texts)
    found: list[float | None] = []
    for first in range(0, len(texts), BATCH):
        starts = [text[:LOOKED_AT] for text in texts[first : first + BATCH]]
        doubtful = [place for place, known in enumerate(encoder.surely_known(starts)) if not known]
        shares: list[float | None] = [None] * len(starts)
        for place, share in zip(doubtful, encoder.known_shares([starts[p] for p in doubtful]).tolist(), strict=True):
            shares[place] = share if share < LEAST_KNOWN and _has_letters(starts[place]) else None
        found += shares
    return found


def _has_letters(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= LEAST_LETTERS


def require_readable(text: str, where: str, lang: str, encoder: Encoder) -> None:
    """Raise EncoderError if most of a text is in writing that the encoder does not know."""
    share = foreign([text], encoder)[0]
    if share is not None:
        raise EncoderError(f"{where}: {_complaint(share, lang, encoder)}")


def _complaint(share: float, lang: str, encoder: Encoder) -> str:
    return (
        f"the encoder {encoder.name} knows only {share:.0%} of its letters, so this is hardly {lang}; check the "
        "language, or name an encoder that covers it with --encoder"
    )


def reject_foreign(articles: Iterable[Article], encoder: Encoder) -> tuple[Shelf, list[Reject]]:
    """The articles that the encoder can read, in their order, and a reject for each of the others."""
    shelf = Shelf.of(articles)
    shares = foreign([article.text[:LOOKED_AT] for article in shelf], encoder)
    rejects = [
        Reject(one.light.path, "encode", "unknown-writing", _complaint(share, one.light.lang, encoder))
        for one, share in zip(shelf.filed, shares, strict=True)
        if share is not None
    ]
    return Shelf(one for one, share in zip(shelf.filed, shares, strict=True) if share is None), rejects
