import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from baselines import evaluate
from baselines.evaluate import score

LABELS = ["a", "b", "c"]
PAIRS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=30)


def test_a_case_worked_by_hand() -> None:
    # a: 1 right of 2 gold, 1 given: P 1, R 1/2, F1 2/3. b: 1 right of 1 gold, 2 given: P 1/2, R 1, F1 2/3.
    found = score(["a", "a", "b"], ["a", "b", "b"], ["1", "2", "3"], LABELS)
    a, b, c = found.classes
    assert (a.precision, a.recall, a.f1, a.support, a.predicted) == (1, 0.5, pytest.approx(2 / 3), 2, 1)
    assert (b.precision, b.recall, b.f1, b.support, b.predicted) == (0.5, 1, pytest.approx(2 / 3), 1, 2)
    assert (c.precision, c.recall, c.f1, c.f1_interval, c.support, c.predicted) == (None, None, None, None, 0, 0)
    assert found.macro_f1 == pytest.approx(2 / 3)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.confusion == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]


@given(PAIRS)
@settings(deadline=None)
def test_the_numbers_are_those_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    gold, predicted = map(list, zip(*pairs, strict=True))
    found = score(gold, predicted, [str(i) for i in range(len(gold))], LABELS, resamples=2)
    assert found.macro_f1 == pytest.approx(f1_score(gold, predicted, average="macro", zero_division=0))
    assert found.accuracy == pytest.approx(accuracy_score(gold, predicted))
    theirs = precision_recall_fscore_support(gold, predicted, labels=LABELS, zero_division=np.nan)
    for i, ours in enumerate(found.classes):
        mine = [np.nan if v is None else v for v in (ours.precision, ours.recall, ours.f1)]
        np.testing.assert_allclose(mine, [theirs[0][i], theirs[1][i], theirs[2][i]])
        assert ours.support == theirs[3][i]


@given(PAIRS, st.integers(1, 5))
def test_intervals_are_ordered_shares_and_seeded(pairs: list[tuple[str, str]], groups: int) -> None:
    gold, predicted = map(list, zip(*pairs, strict=True))
    names = [str(i % groups) for i in range(len(gold))]
    found = score(gold, predicted, names, LABELS, seed=3, resamples=20)
    assert found == score(gold, predicted, names, LABELS, seed=3, resamples=20)
    for interval in (found.macro_f1_interval, *(c.f1_interval for c in found.classes)):
        assert interval is None or 0 <= interval[0] <= interval[1] <= 1
    assert (found.macro_f1_interval is None) == (len(set(names)) < 2)


def test_the_interval_is_that_of_a_plain_bootstrap() -> None:
    random = np.random.default_rng(0)
    gold = random.choice(LABELS, 200)
    predicted = np.where(random.random(200) < 0.7, gold, random.choice(LABELS, 200))
    found = score(gold.tolist(), predicted.tolist(), [str(i) for i in range(200)], LABELS)
    draws = random.integers(200, size=(1000, 200))
    plain = np.percentile([f1_score(gold[d], predicted[d], average="macro") for d in draws], [2.5, 97.5])
    assert found.macro_f1_interval == pytest.approx(plain, abs=0.015)


@pytest.mark.parametrize("at_a_time", [1, 20, 2**18])
def test_draws_do_not_depend_on_how_many_are_made_at_a_time(at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "AT_A_TIME", at_a_time)
    random = np.random.default_rng(5)
    one_by_one = [np.bincount(random.integers(6, size=6), minlength=6).tolist() for _ in range(10)]
    assert np.vstack(list(evaluate.resampled(6, 5, 10))).tolist() == one_by_one


def test_rows_of_one_group_are_drawn_together() -> None:
    gold, predicted = ["a"] * 20 + ["b"] * 20, ["a"] * 30 + ["b"] * 10
    apart = score(gold, predicted, [str(i) for i in range(40)], LABELS).macro_f1_interval
    together = score(gold, predicted, [str(i // 10) for i in range(40)], LABELS).macro_f1_interval
    assert apart and together
    assert together[1] - together[0] > 1.5 * (apart[1] - apart[0])


def test_no_rows_are_undefined_not_an_error() -> None:
    found = score([], [], [], LABELS)
    assert (found.accuracy, found.macro_f1, found.macro_f1_interval, found.confusion) == (None, None, None, [])


def test_wrong_calls_say_so() -> None:
    with pytest.raises(ValueError, match="differ in length: 1, 0, 0"):
        score(["a"], [], [], LABELS)
    with pytest.raises(ValueError, match=r"\['x'\] are not among"):
        score(["x"], ["a"], ["1"], LABELS)
