#!/usr/bin/env python3
"""Put one error each into correct translations, for measuring checks of fidelity.

    python scripts/seed_errors.py DATA SET... [--each N] [--seed N] > seeded.jsonl

DATA is the folder with `docs/`; a SET is the name of one of its files, such as wmt21_jaen. Each line is a pair whose
target has one error: {"id", "source", "target", "error", "detail"}. The same sets and seed give the same lines.
The errors are made by rules that know nothing of the checks: what is swapped is swapped for a word of the same list or
of another document, phrases that are put in stood in another translation.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    """A segment and its translation, with the document they stand in."""

    id: str
    document: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """A pair with an error in its target; in the source for `inserted_in_source`."""

    sample: Sample
    source: str
    target: str
    detail: str


Maker = Callable[[Sample, Sequence[Sample], random.Random], Seeded | None]

MONTHS = (  # noqa: SIM905
    "January February March April June July August September October November December"
).split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
NUMBER_WORDS = "two three four five six seven eight nine ten".split()  # noqa: SIM905
UNITS = (
    "meters kilometers centimeters miles feet",
    "tons kilograms grams pounds",
    "hectares acres",
    "yen dollars euros pounds",
    "years months weeks days hours minutes",
    "people companies schools countries",
)
_OPPOSITES = """
rose/fell increased/decreased increase/decrease rise/fall rising/falling won/lost win/lose winning/losing
opened/closed accepted/rejected approved/rejected up/down more/fewer higher/lower high/low highest/lowest
largest/smallest best/worst good/bad better/worse positive/negative before/after first/last north/south east/west
northern/southern eastern/western left/right man/woman men/women boy/girl father/mother son/daughter brother/sister
husband/wife supported/opposed support/oppose buy/sell bought/sold strong/weak stronger/weaker success/failure
victory/defeat safe/dangerous early/late start/end started/ended arrested/released domestic/foreign majority/minority
gain/loss import/export improved/worsened admitted/denied long/short expand/shrink easy/difficult same/different
inside/outside many/few
"""
OPPOSITES = _OPPOSITES.split()
_AUXILIARY = re.compile(r"\b(was|were|is|are|has|have|had|will|would|could|can|should)\b(?! (?:not|no|never)\b)")
_NEGATIVES = re.compile(r"\b(?:do|does|did) not |\bnot |(?<=[a-z])n['’]t\b|\bno (?=[a-z])|\bwithout\b")
_PHRASE = re.compile(
    r"(?:, (?:who|which|and|but|as|in|with|after|because|while|including|for|at|on|by|although|where|\w+ing)"
    r"| (?:because of|despite|after|before|without|with|for|and \w+ed|in order to))\b[^,;.]{4,80}?(?=[,.;])"
)
_PART = re.compile(
    r"(?:,| (?=because|despite|after|before|without|with|and \w+ed|who|which|while)) ?([^,;.]{8,90})(?=[,.;])"
)
_OPENING = re.compile(r"([A-Z][^,;.]{8,80}), (?=[a-zA-Z])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?![\w'’-]|\.[A-Za-z])")
_CLAUSE = re.compile(r"(?<=、)[^、。「」]{3,30}、")
NO_NAMES = frozenset([*MONTHS, *WEEKDAYS, "COVID", "Internet", "Olympic", "Olympics", "Japanese", "English"])


def _swap(sample: Sample, match: re.Match[str], word: str) -> Seeded:
    start, end = match.span()
    return Seeded(
        sample, sample.source, sample.target[:start] + word + sample.target[end:], f"{match.group()} -> {word}"
    )


def _choose(pattern: str, text: str, chance: random.Random) -> re.Match[str] | None:
    found = list(re.finditer(pattern, text))
    return chance.choice(found) if found else None


def number(sample: Sample, _others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """One digit changed, a scale word replaced, or a number word."""
    words = "|".join(NUMBER_WORDS)
    place = _choose(
        rf"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w-])|\b(?:million|billion|trillion)\b|\b(?:{words})\b(?!-)",
        sample.target,
        chance,
    )
    if place is None:
        return None
    token = place.group()
    if token[0].isdigit():
        digits = [at for at, character in enumerate(token) if character.isdigit()]
        at = chance.choice(digits)
        others = [digit for digit in "123456789" if digit != token[at]]
        return _swap(sample, place, token[:at] + chance.choice(others) + token[at + 1 :])
    rivals = ["million", "billion", "trillion"] if token.endswith("illion") else NUMBER_WORDS
    return _swap(sample, place, chance.choice([word for word in rivals if word != token]))


def date(sample: Sample, _others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """Another month, weekday, day of the month or year."""
    months, weekdays = "|".join(MONTHS), "|".join(WEEKDAYS)
    pattern = rf"\b(?:{months})\b(?! (?:have|be))|\b(?:{weekdays})\b|(?<=the )\d\d?(?:st|nd|rd|th)\b|\b(?:19|20)\d\d\b"
    place = _choose(pattern, sample.target, chance)
    if place is None:
        return None
    token = place.group()
    if token in MONTHS or token in WEEKDAYS:
        rivals = MONTHS if token in MONTHS else WEEKDAYS
        return _swap(sample, place, chance.choice([word for word in rivals if word != token]))
    if len(token) == 4 and token.isdigit():
        return _swap(sample, place, str(int(token) + chance.choice([-10, -2, -1, 1, 2, 10])))
    day = int(re.sub(r"\D", "", token))
    other = chance.choice([one for one in range(4, 21) if one != day])
    return _swap(sample, place, f"{other}th")


def unit(sample: Sample, _others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """The unit behind a number replaced by another of its list."""
    every = {word: family.split() for family in UNITS for word in family.split()}
    place = _choose(
        rf"(?<=\d )(?:{'|'.join(every)})\b|(?<=illion )(?:yen|dollars|euros|people)\b", sample.target, chance
    )
    if place is None:
        return None
    return _swap(sample, place, chance.choice([word for word in every[place.group()] if word != place.group()]))


def name(sample: Sample, others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """A word with a capital replaced by one of another document."""
    places = [match for match in _NAME.finditer(sample.target) if match.group() not in NO_NAMES]
    if not places:
        return None
    other = chance.choice(others)
    names = [match.group() for match in _NAME.finditer(other.target) if match.group() not in NO_NAMES]
    names = [one for one in names if one not in sample.target]
    return _swap(sample, chance.choice(places), chance.choice(names)) if names else None


def negation(sample: Sample, _others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """The only negative taken out, or one put in where there was none."""
    found = list(_NEGATIVES.finditer(sample.target))
    if len(found) == 1:
        return _swap(sample, found[0], "with" if found[0].group() == "without" else "")
    place = _choose(_AUXILIARY.pattern, sample.target, chance) if not found else None
    return _swap(sample, place, f"{place.group()} not") if place else None


def polarity(sample: Sample, _others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """A word replaced by its opposite."""
    opposite = {one: other for pair in OPPOSITES for one, other in (pair.split("/"), pair.split("/")[::-1])}
    place = _choose(rf"(?<![\w-])(?:{'|'.join(opposite)})(?![\w-])", sample.target, chance)
    return _swap(sample, place, opposite[place.group()]) if place else None


def omission(sample: Sample, _others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """A part between commas taken out."""
    parts = [match.span() for match in _PART.finditer(sample.target) if 2 <= len(match[1].split()) <= 14]
    opening = _OPENING.match(sample.target)
    if opening and 2 <= len(opening[1].split()) <= 12:
        parts.append((0, opening.end()))
    parts = [(start, end) for start, end in parts if end - start < 0.6 * len(sample.target)]
    if not parts:
        return None
    start, end = chance.choice(parts)
    return Seeded(sample, sample.source, sample.target[:start] + sample.target[end:], sample.target[start:end])


def addition(sample: Sample, others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """A phrase of another document put in before a comma or full stop."""
    phrases = [
        match.group()
        for other in chance.sample(others, min(20, len(others)))
        for match in _PHRASE.finditer(other.target)
    ]
    places = [match.start() for match in re.finditer(r"[,.](?= [a-z]|$)", sample.target)]
    if not phrases or not places:
        return None
    phrase, place = chance.choice(phrases), chance.choice(places)
    return Seeded(sample, sample.source, sample.target[:place] + phrase + sample.target[place:], phrase)


def unrelated(sample: Sample, others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """The translation of a segment of another document, of like length."""
    alike = [one for one in others if 0.7 < (len(one.target) + 1) / (len(sample.target) + 1) < 1.4]
    other = chance.choice(alike or list(others))
    return Seeded(sample, sample.source, other.target, other.id)


def word(sample: Sample, others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """An ordinary word of six letters or more replaced by one of another document."""
    place = _choose(r"(?<= )[a-z]{6,}(?=[ ,.])", sample.target, chance)
    ending = place.group()[-2:] if place else ""
    fitting = [
        match.group()
        for other in chance.sample(others, min(30, len(others)))
        for match in re.finditer(rf"(?<= )[a-z]{{4,}}{re.escape(ending)}(?=[ ,.])", other.target)
        if match.group() not in sample.target
    ]
    return _swap(sample, place, chance.choice(fitting)) if place and fitting else None


def inserted_in_source(sample: Sample, others: Sequence[Sample], chance: random.Random) -> Seeded | None:
    """A clause of another document put into the source: an omission of which it is known what was omitted."""
    clauses = [
        match.group()
        for other in chance.sample(others, min(20, len(others)))
        for match in _CLAUSE.finditer(other.source)
    ]
    if not clauses:
        return None
    clause = chance.choice(clauses)
    places = [match.end() for match in re.finditer("、", sample.source)] or [0]
    place = chance.choice(places)
    return Seeded(sample, sample.source[:place] + clause + sample.source[place:], sample.target, clause)


ERRORS: dict[str, Maker] = {
    "number": number,
    "date": date,
    "unit": unit,
    "name": name,
    "negation": negation,
    "polarity": polarity,
    "omission": omission,
    "addition": addition,
    "unrelated": unrelated,
    "word": word,
}


def samples(data: Path, name_of_set: str) -> list[Sample]:
    """All segments of a set with their translations, in order."""
    read = []
    with gzip.open(data / "docs" / f"{name_of_set}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for document in map(json.loads, lines):
            for at, (source, target) in enumerate(zip(document["ja"], document["en"], strict=True)):
                read.append(Sample(f"{name_of_set}/{document['id']}/{at}", str(document["id"]), source, target))
    return read


def seeded(pairs: Sequence[Sample], maker: Maker, *, seed: int = 1, each: int | None = None) -> Iterator[Seeded]:
    """Errors of one kind in as many of the pairs as have a place for one, `each` at the most, in a random order."""
    chance = random.Random(seed)
    order = chance.sample(list(pairs), len(pairs))
    made = 0
    for sample in order:
        others = [other for other in chance.sample(order, min(200, len(order))) if other.document != sample.document]
        found = maker(sample, others, chance) if others else None
        if found and (found.source, found.target) != (sample.source, sample.target):
            yield found
            made += 1
        if made == each:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--each", type=int, default=300, help="errors of each kind, of each set (default 300)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name_of_set in options.sets:
        pairs = samples(options.data, name_of_set)
        for error, maker in ERRORS.items():
            for one in seeded(pairs, maker, seed=options.seed, each=options.each):
                row = {
                    "id": one.sample.id,
                    "source": one.source,
                    "target": one.target,
                    "error": error,
                    "detail": one.detail,
                }
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
