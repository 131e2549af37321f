"""Lists of words that exclude each other: their form, and when two texts contradict each other by them."""

from collections import Counter

import pytest

from align import confusions
from align.confusions import agreements, contradictions, lexicon


def found_in(japanese: str, english: str) -> list[tuple[str, str, str | None]]:
    return [
        (
            one.section.name,
            japanese[slice(*one.japanese.span)],
            english[slice(*one.english.span)] if one.english else None,
        )
        for one in contradictions(japanese, english)
    ]


def test_lists_when_read_as_they_are() -> None:
    members = Counter((term.section, term.member) for terms in lexicon().english.values() for term in terms)
    for number, section in enumerate(lexicon().sections):
        own = [member for place, member in members if place == number]
        assert len(own) > 1 or section.is_required, f"{section.name} has one member, which excludes nothing"


def test_no_word_accuses_of_two_members_of_a_section() -> None:
    for terms in (*lexicon().japanese.values(), *lexicon().english.values()):
        sections = lexicon().sections
        accusing = [(t.section, t.written) for t in terms if t.accuses and not sections[t.section].is_required]
        assert [word for word, count in Counter(accusing).items() if count > 1] == []


@pytest.mark.parametrize(
    ("japanese", "english", "expected"),
    [
        ("株価が上昇した。", "Share prices fell.", [("level", "上昇", "fell")]),
        ("株価が上昇した。", "Share prices are up, though some fell.", []),
        ("株価が上昇し、円は下落した。", "The yen fell.", []),
        ("祖父が植えた木だ。", "Her father planted the tree.", [("kin", "祖父", "father")]),
        ("祖父が植えた木だ。", "Her grandfather planted the tree.", []),
        ("きのう妹が植えた木だ。", "It is the tree his wife planted.", [("kin", "妹", "wife")]),
        ("西川被告は無罪だ。", "Nishikawa is guilty.", [("verdict", "無罪", "guilty")]),
        ("西川被告は無罪だ。", "Nishikawa is not guilty.", []),
        ("米国の調査だ。", "It asked us to help the Turkish side.", [("place", "米国", "Turkish")]),
        ("優勝候補が初戦に臨む。", "The favorites lost their first game.", []),
        ("火災の恐れがある。", "It burns.", [("risk or possibility", "恐れがあ", None)]),
        ("火災の恐れがある。", "It might burn.", []),
    ],
)
def test_contradictions(japanese: str, english: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert found_in(japanese, english) == expected


def test_agreements_when_both_say_one_member() -> None:
    japanese, english = "福岡の知事が反対した。", "The governor of Fukuoka opposed it."
    said = {(japanese[slice(*a.japanese)], english[slice(*a.english)]) for a in agreements(japanese, english)}
    assert {("福岡", "Fukuoka"), ("知事", "governor"), ("反対", "opposed")} <= said


def test_list_when_a_line_is_not_in_the_form(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bad.txt").write_text("[name major] place\n京都 Kyoto\n", "utf-8")
    monkeypatch.setattr(confusions, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"bad.txt:2: expected `Japanese words = English words`"):
        lexicon.__wrapped__()
