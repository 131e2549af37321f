"""The heaviest chain is the heaviest of all chains."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from align.chains import Link, heaviest_chain


@st.composite
def links(draw: st.DrawFn) -> Link:
    source, target = draw(st.integers(0, 12)), draw(st.integers(0, 12))
    sizes = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    return Link((source, source + sizes[0]), (target, target + sizes[1]), float(draw(st.integers(1, 9))))


def follows(one: Link, other: Link) -> bool:
    return other.source[0] > one.source[1] and other.target[0] > one.target[1]


def heaviest(found: list[Link], last: Link | None = None) -> float:
    """By trying every next link."""
    following = [link for link in found if last is None or follows(last, link)]
    return max((link.weight + heaviest(found, link) for link in following), default=0.0)


@settings(max_examples=300)
@given(st.lists(links(), max_size=8))
def test_the_heaviest_chain_is_the_heaviest(found: list[Link]) -> None:
    chain = [found[number] for number in heaviest_chain(found)]
    assert sum(link.weight for link in chain) == heaviest(found)
    assert all(follows(one, other) for one, other in pairwise(chain))
