"""Sides of beads are found by their hashes in copies that are cut otherwise, or say a thing twice."""

from corpora.records import Article
from corpora.rows import article_from_row
from corpora.standoff_places import Place, Placer, Side
from corpora.standoff_records import digest


def make_copy(sentences: list[str]) -> Article:
    return article_from_row({"id": "e", "lang": "en", "paragraphs": [sentences]}, "e.html")


def test_a_copy_that_is_cut_otherwise_gives_beads_of_another_kind() -> None:
    copy = make_copy(["New.", "It rained.", "It poured.", "All fled to the hills."])
    placer = Placer(copy, [0, 22])
    merged = "It rained. It poured."
    assert placer.place(Side((0,), 0, 21, digest(merged))) == Place(merged, (1, 2), 5, 26)
    assert placer.place(Side((1,), 22, 30, digest("All fled"))) is None


def test_repeated_sentences_are_each_found_once_and_near_where_they_were() -> None:
    copy = make_copy(["New.", "Yes.", "No.", "Yes."])
    placer = Placer(copy, [0, 5, 9])
    yes = digest("Yes.")
    places = [placer.place(Side((n,), start, start + 4, yes)) for n, start in ((0, 0), (2, 9), (2, 9))]
    assert [place and place.sentences for place in places] == [(1,), (3,), None]
