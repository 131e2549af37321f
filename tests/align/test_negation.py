"""Denials on both sides: what counts as one, what may stand for one, and when one is lost or added."""

import pytest

from align.negation import added_denial, denial, lost_denial, plain_denial, widened_denial


@pytest.mark.parametrize(
    "text",
    [
        "名前を公表しない。",
        "原因は分かっておらず、調べている。",
        "出席は必須ではない。",
        "許可を得ずに撮った。",
        "利用できません。",
        "条例改正を見送った。",
    ],
)
def test_denial_when_a_text_denies(text: str) -> None:
    assert denial(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "公表しなければならない。",
        "雨が降るかもしれない。",
        "3人しかいない。",
        "間もなく始まる。",
        "参加者は少なくない。",
        "子供だけでなく大人も来た。",
        "思いがけない贈り物だ。",
        "手伝ってくれませんか。",
        "必ず行く。",
        "駅に見送りに行った。",
    ],
)
def test_no_denial_when_only_the_form_denies(text: str) -> None:
    assert denial(text) is None


def test_plain_denial_when_no_is_part_of_something_else() -> None:
    denying = ["He did not come.", "Nobody came.", "It can't be true.", "He came without a hat."]
    assert all(map(plain_denial, denying))
    assert not any(
        map(plain_denial, ["Minamoto no Yoritomo came.", "No. 5 won.", "No fewer than 5 came.", "Nonetheless he came."])
    )


@pytest.mark.parametrize(
    "english", ["The cause is unknown.", "They failed to find it.", "Attendance is optional.", "It is hardly used."]
)
def test_not_lost_when_a_word_may_stand_for_it(english: str) -> None:
    assert lost_denial("原因は分かっていない。", english) is None


def test_lost_when_the_only_excuse_translates_another_word() -> None:
    assert (
        lost_denial("住民投票は不成立で、開票されなかった。", "The referendum failed, and the ballots were counted.")
        is not None
    )


def test_added_when_nothing_in_the_source_denies() -> None:
    assert added_denial("新しい駅が開業した。", "The new station did not open.") is not None
    assert added_denial("新しい駅の開業は未定だ。", "The station has not yet set a date.") is None


def test_widened_when_not_all_became_none() -> None:
    assert widened_denial("全員が賛成したわけではない。", "No one was in favor.") is not None
    assert widened_denial("誰も賛成したわけではない。", "No one was in favor.") is None
    assert widened_denial("全員が賛成したわけではない。", "Not everyone was in favor.") is None
