"""Departments of a newspaper in both languages: 政治部 is the Political News Department, 水戸支局 the Mito Bureau.

Newspapers name their desks much alike, so a few words tell most of them; a bureau is known by the reading of its
place. What this does not do: tell the desks of two cities apart that are called by the desk alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from align.foreign import same_foreign_name
from align.names import fold, readings

# What stands in a Japanese desk's name, and one word of what it may be in English.
DESKS = {
    "政治": "politic",
    "社会": "city news|local news|social|metropolitan",
    "経済": "business|economic|financial",
    "外信": "foreign|international|world",
    "国際": "foreign|international|world",
    "運動": "sport",
    "スポーツ": "sport",
    "学芸": "cultur|arts",
    "文化": "cultur|arts",
    "科学": "science",
    "環境": "environment",
    "医療": "medic|health|science",
    "生活": "lifestyle|living|daily life|cultur",
    "くらし": "lifestyle|living|daily life|cultur",
    "暮らし": "lifestyle|living|daily life|cultur",
    "地方": "regional|local",
    "写真": "photo",
    "デジタル": "digital",
    "論説": "editorial",
    "社説": "editorial",
    "教育": "education",
    "調査報道": "investigat",
}
_PLACE = re.compile("^(.{1,5}?)(?:支局|通信部|総局|本部|報道部|本社|社会部|経済部|写真部|運動部)")
_BUREAU = re.compile(r"([A-Z][\w'-]+) (?:[\w&, ]+ )?(?:Bureau|Department|Head Office|Office|Desk|Group)")


@lru_cache(maxsize=10_000)
def same_department(english: str | None, japanese: str | None) -> float | None:
    """1 if one of the desks or places of either name is one of the other's, 0 if none is, None if nobody can tell.

    >>> same_department("Political News Department", "政治部"), same_department("Mito Bureau", "水戸支局")
    (1.0, 1.0)
    >>> same_department("Sports News Department", "政治部")
    0.0
    """
    if not english or not japanese:
        return None
    wanted = [words for desk, words in DESKS.items() if desk in japanese]
    parts = [part.strip() for part in re.split("[;、,・ ]+", japanese)]
    places = [match[1] for part in parts if (match := _PLACE.match(part)) and match[1] not in DESKS]
    if any(re.search(words, english.lower()) for words in wanted):
        return 1.0
    named = [match[1] for match in _BUREAU.finditer(english)]
    if any(fold(name) in readings(place) or same_foreign_name(name, place) for name in named for place in places):
        return 1.0
    return 0.0 if wanted or (places and named) else None
