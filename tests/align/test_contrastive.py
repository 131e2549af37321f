"""How the encoder's table is learned: bags of subwords, and the loss and gradients that are derived by hand."""

import numpy as np
import pytest
import torch
from contrastive import Bags, Learner, contrast, unit_sums
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.lists(st.lists(st.integers(0, 9), max_size=12), min_size=1, max_size=8)


def bags(texts: list[list[int]]) -> Bags:
    return Bags.joined([np.array(text, dtype=np.int32) for text in texts])


def texts_of(bags: Bags) -> list[list[int]]:
    return [bags.ids[start:end].tolist() for start, end in zip(bags.starts, bags.starts[1:], strict=False)]


@given(TEXTS, st.data())
def test_taking_texts_gives_those_texts_and_strings_them_together(texts: list[list[int]], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1, max_size=6))
    assert texts_of(bags(texts).take(np.array(rows))) == [texts[row] for row in rows]
    cuts = [0, *sorted(data.draw(st.sets(st.integers(1, len(rows)), max_size=3)) - {len(rows)})]
    strung = bags(texts).take(np.array(rows), np.array(cuts))
    ends = [*cuts[1:], len(rows)]
    assert texts_of(strung) == [
        [subword for row in rows[start:end] for subword in texts[row]] for start, end in zip(cuts, ends, strict=True)
    ]


@given(TEXTS, st.floats(0, 1))
def test_dropping_subwords_keeps_order_and_empties_no_text(texts: list[list[int]], share: float) -> None:
    dropped = texts_of(bags(texts).without_some(share, np.random.default_rng(0)))
    for before, after in zip(texts, dropped, strict=True):
        left = iter(before)
        assert all(subword in left for subword in after)  # a subsequence
        assert bool(after) == bool(before)
    if share == 0:
        assert dropped == texts


@given(TEXTS)
def test_a_subword_is_spelled_by_its_other_spelling_or_by_itself(texts: list[list[int]]) -> None:
    # Subword i is spelled by i + 10 and i + 20.
    both = bags([[i] for i in range(10)] + [[i + 10, i + 20] for i in range(10)])
    random = np.random.default_rng(0)
    assert texts_of(bags(texts).respelled(0.0, both, random)) == texts
    every = [[spelled for subword in text for spelled in (subword + 10, subword + 20)] for text in texts]
    assert texts_of(bags(texts).respelled(1.1, both, random)) == every


def test_equal_texts_have_equal_keys() -> None:
    keys = bags([[1, 2], [2, 1], [1, 2], []]).keys()
    assert keys[0] == keys[2]
    assert len(set(keys.tolist())) == 3


@pytest.mark.parametrize("repeated", [False, True])
def test_loss_and_gradients_are_those_of_autograd(repeated: bool) -> None:
    random = torch.Generator().manual_seed(0)
    english, japanese = (
        torch.nn.functional.normalize(torch.randn(12, 5, generator=random)).requires_grad_() for _ in range(2)
    )
    keys = np.arange(12), np.arange(12)
    if repeated:
        keys[0][[3, 7, 8]] = 3
        keys[1][[3, 5]] = 3
    loss, by_english, by_japanese = contrast(english.detach(), japanese.detach(), keys, scale=15.0)

    scores = 15.0 * english @ japanese.T
    same = torch.from_numpy((keys[0][:, None] == keys[0]) | (keys[1][:, None] == keys[1]))
    scores = scores.masked_fill(same & ~torch.eye(12, dtype=torch.bool), float("-inf"))
    entropy = torch.nn.functional.cross_entropy
    expected = (entropy(scores, torch.arange(12)) + entropy(scores.T, torch.arange(12))) / 2
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-5)
    torch.testing.assert_close(by_english, english.grad, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(by_japanese, japanese.grad, atol=1e-5, rtol=1e-4)


def test_learning_steps_are_those_of_adam_on_the_rows_of_the_batch() -> None:
    learner = Learner(size=20, dimensions=6, seed=3)
    table = learner.table.clone().requires_grad_()
    moments = torch.optim.Adam([table], lr=0.05, eps=1e-8)
    english = bags([[0, 1, 1], [2, 3], [4], [5, 6]])
    japanese = bags([[10, 11], [12], [13, 14, 10], [15]])
    keys = english.keys(), japanese.keys()
    for _ in range(3):
        sides = [
            torch.nn.functional.normalize(torch.stack([table[text].sum(dim=0) for text in texts_of(side)]))
            for side in (english, japanese)
        ]
        scores = 4.0 * sides[0] @ sides[1].T
        wanted = torch.arange(4)
        entropy = torch.nn.functional.cross_entropy
        loss = (entropy(scores, wanted) + entropy(scores.T, wanted)) / 2
        moments.zero_grad()
        loss.backward()
        moments.step()
        assert learner.step(english, japanese, keys, scale=4.0, rate=0.05) == pytest.approx(loss.item(), rel=1e-4)
    torch.testing.assert_close(learner.table, table.detach(), atol=1e-4, rtol=1e-3)


def test_vectors_have_length_one_or_are_zeros() -> None:
    table = np.arange(12, dtype=np.float32).reshape(4, 3)
    vectors = unit_sums(table, bags([[1, 2], [], [3]]))
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1, 0, 1])
    assert vectors[0] == pytest.approx(table[1:3].sum(axis=0) / np.linalg.norm(table[1:3].sum(axis=0)))
