"""Coefficients of agreement, on published tables, against reference libraries, and at the edges."""

import time
from fractions import Fraction
from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from nltk.metrics import masi_distance
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score

from corpus.labeling import measures
from corpus.labeling.span_agreement import mean_f1
from corpus.records import Span

ONCE = 1e-9
# Fleiss (1971), table 1: 30 patients, 6 psychiatrists each, 5 diagnoses. He gives kappa = 0.430.
PSYCHIATRISTS = np.array(
    [
        [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0],
        [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0],
        [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
    ]
)  # fmt: skip
# Krippendorff (2011), part C: 4 observers, 12 units, 5 values, * for no answer; he gives alpha = 0.743, ordinal 0.815.
# Gwet's handbook works the same table: AC1 = 0.77544 and Fleiss' kappa = 0.76117.
OBSERVERS = ["123321412***", "1233224125*3", "*3332342251*", "12332441251*"]
TABLE = np.array([["".join(unit).count(value) for value in "12345"] for unit in zip(*OBSERVERS, strict=True)])


def figure(coefficient, counts, *more) -> float:  # type: ignore[no-untyped-def]
    return float(coefficient(np.asarray(counts), np.ones((1, len(counts))), *more)[0])


def test_published_tables() -> None:
    assert figure(measures.alpha, TABLE) == pytest.approx(0.743421, abs=5e-7)
    assert figure(measures.ordinal_alpha, TABLE) == pytest.approx(0.815388, abs=5e-7)
    assert figure(measures.gwet_ac1, TABLE) == pytest.approx(0.77544, abs=5e-6)
    assert figure(measures.fleiss_kappa, TABLE) == pytest.approx(0.76117, abs=5e-6)
    assert figure(measures.fleiss_kappa, PSYCHIATRISTS) == pytest.approx(0.430, abs=5e-4)


def test_fleiss_and_gwet_by_exact_fractions() -> None:
    """The same formulas, in whole numbers."""
    for counts in (TABLE, PSYCHIATRISTS):
        rows = [[Fraction(int(n)) for n in row] for row in counts]
        shared = [row for row in rows if sum(row) > 1]
        observed = sum(sum(n * (n - 1) for n in row) / (sum(row) * (sum(row) - 1)) for row in shared) / len(shared)
        answered = [row for row in rows if sum(row)]
        common = [sum(row[k] / sum(row) for row in answered) / len(answered) for k in range(5)]
        for coefficient, chance in (
            (measures.fleiss_kappa, sum(p * p for p in common)),
            (measures.gwet_ac1, sum(p * (1 - p) for p in common) / 4),
        ):
            assert figure(coefficient, counts) == pytest.approx(float((observed - chance) / (1 - chance)), abs=ONCE)


COUNTS = arrays.arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(2, 5)), elements=st.integers(0, 4))


@given(COUNTS)
@settings(max_examples=200, deadline=None)
def test_alpha_is_the_reference_librarys(counts: np.ndarray) -> None:
    paired = counts[counts.sum(axis=1) > 1]
    if (paired.sum(axis=0) > 0).sum() < 2:
        assert np.isnan(figure(measures.alpha, counts))
        assert np.isnan(figure(measures.ordinal_alpha, counts))
        return
    for ours, level in ((measures.alpha, "nominal"), (measures.ordinal_alpha, "ordinal")):
        theirs = krippendorff.alpha(value_counts=paired, level_of_measurement=level)
        assert figure(ours, counts) == pytest.approx(theirs, abs=ONCE)


@given(COUNTS)
@settings(max_examples=200, deadline=None)
def test_coefficients_are_at_most_1_and_blind_to_the_order_of_units_and_labels(counts: np.ndarray) -> None:
    for coefficient in (measures.raw_agreement, measures.alpha, measures.fleiss_kappa, measures.gwet_ac1):
        found = figure(coefficient, counts)
        assert np.isnan(found) or found <= 1 + ONCE
        turned = [figure(coefficient, counts[::-1]), figure(coefficient, counts[:, ::-1])]
        assert turned == pytest.approx([found] * 2, abs=ONCE, nan_ok=True)


@given(COUNTS, st.data())
@settings(deadline=None)
def test_a_weight_is_a_repetition(counts: np.ndarray, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(0, 3), min_size=len(counts), max_size=len(counts)))
    repeated = np.repeat(counts, weights, axis=0)
    for coefficient in (measures.raw_agreement, measures.alpha, measures.ordinal_alpha, measures.fleiss_kappa):
        weighed = float(coefficient(counts, np.array([weights], dtype=float))[0])
        if len(repeated):
            assert weighed == pytest.approx(figure(coefficient, repeated), abs=ONCE, nan_ok=True)
        else:
            assert np.isnan(weighed)


SETS = [frozenset(s) for n in range(4) for s in combinations("abc", n)]
MEMBERSHIP = np.array([[label in chosen for label in "abc"] for chosen in SETS], dtype=np.int64)


def test_masi_is_the_reference_librarys() -> None:
    distance = measures.masi_distance(MEMBERSHIP)
    assert distance[0, 0] == 0, "two empty sets, which the library cannot compare"
    assert distance.tolist() == distance.T.tolist()
    for (i, one), (j, two) in combinations(enumerate(SETS), 2):
        assert distance[i, j] == pytest.approx(masi_distance(set(one), set(two)), abs=ONCE)


@given(st.lists(st.lists(st.integers(1, len(SETS) - 1), min_size=2, max_size=4), min_size=1, max_size=8))
@settings(deadline=None)
def test_alpha_of_sets_is_the_reference_librarys(units: list[list[int]]) -> None:
    counts = np.array([np.bincount(unit, minlength=len(SETS)) for unit in units])
    found = figure(measures.alpha, counts, measures.masi_distance(MEMBERSHIP))
    if len({value for unit in units for value in unit}) < 2:
        assert np.isnan(found)
        return
    triples = [(str(c), str(u), SETS[value]) for u, unit in enumerate(units) for c, value in enumerate(unit)]
    assert found == pytest.approx(AnnotationTask(triples, distance=masi_distance).alpha(), abs=ONCE)


VOTES = st.lists(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=4, max_size=4), min_size=1, max_size=12)


@given(VOTES)
@settings(deadline=None)
@pytest.mark.filterwarnings("ignore:.*single label:UserWarning")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_cohens_kappa_is_the_reference_librarys(units: list[list[int | None]]) -> None:
    cells = [(u, p, answer) for u, row in enumerate(units) for p, answer in enumerate(row) if answer is not None]
    unit, person, answer = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    first, second, shared, raw, kappa = measures.cohen_kappa(unit, person, answer)
    met = {(a, b): [row for row in units if row[a] is not None and row[b] is not None] for a, b in combinations(range(4), 2)}
    assert {pair for pair, rows in met.items() if rows} == set(zip(first.tolist(), second.tolist(), strict=True))
    for a, b, n, share, found in zip(first, second, shared, raw, kappa, strict=True):
        one, two = ([row[who] for row in met[int(a), int(b)]] for who in (a, b))
        assert (n, share) == (len(one), pytest.approx(sum(x == y for x, y in zip(one, two, strict=True)) / len(one)))
        if len({*one, *two}) < 2:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(cohen_kappa_score(one, two), abs=ONCE)


def test_one_label_data_and_lone_answers() -> None:
    same, alone = [[3, 0], [2, 0]], [[1, 0], [0, 1]]
    assert figure(measures.raw_agreement, same) == figure(measures.gwet_ac1, same) == 1
    for coefficient in (measures.alpha, measures.ordinal_alpha, measures.fleiss_kappa):
        assert np.isnan(figure(coefficient, same))
    for coefficient in (measures.raw_agreement, measures.alpha, measures.fleiss_kappa, measures.gwet_ac1):
        assert np.isnan(figure(coefficient, alone))
    assert measures.estimates({"x": lambda weights: weights[:, 0]}, 0) == {"x": (None, None)}


def test_an_interval_is_about_its_figure() -> None:
    """Of a mean of units it is about ± 1.96 standard errors, the classical interval."""
    values = np.random.default_rng(5).normal(0.5, 0.2, size=400)
    found, interval = measures.estimates({"mean": lambda weights: weights @ values / 400}, 400)["mean"]
    assert found == pytest.approx(values.mean())
    error = 1.96 * values.std() / 20
    assert interval == pytest.approx((values.mean() - error, values.mean() + error), abs=error / 5)


def test_half_undefined_resamples_give_no_interval() -> None:
    counts = np.array([[1, 1]] + [[1, 0]] * 9)  # one shared unit of ten: 35% of the resamples lack it
    draws = measures.estimates({"raw": lambda w: measures.raw_agreement(counts, w)}, 10)["raw"]
    assert draws == (0.0, (0.0, 0.0))
    rare = np.array([[2, 0]] * 9 + [[0, 2]])  # without the last unit alpha is undefined in 35%, with it 1
    assert measures.estimates({"alpha": lambda w: measures.alpha(rare, w)}, 10)["alpha"] == (1.0, (1.0, 1.0))
    rarer = np.array([[1, 1]] + [[1, 0]] * 99)
    assert measures.estimates({"raw": lambda w: measures.raw_agreement(rarer, w)}, 100)["raw"] == (0.0, (0.0, 0.0))
    split = {"half": lambda w: np.where(w[:, 0] == 1, 0.5, np.nan)}  # a unit of a hundred comes once in 37% of resamples
    assert measures.estimates(split, 100)["half"] == (0.5, None)


def spans(*edges: tuple[int, int]) -> list[Span]:
    return [Span("evidence", start, end, "x" * (end - start)) for start, end in edges]


@pytest.mark.parametrize(
    ("marks", "f1"),
    [
        ([spans((0, 10)), spans((0, 10))], 1.0),
        ([spans((0, 10)), spans((10, 20))], 0.0),
        ([spans((0, 10)), spans((5, 25))], 2 * 5 / 30),
        ([spans((0, 10)), spans()], 0.0),
        ([spans(), spans()], None),
        ([spans((0, 10))], None),
        ([spans((0, 6), (4, 10)), spans((0, 10))], 1.0),  # overlapping marks count once
        ([spans((0, 4)), spans((0, 4)), spans((2, 6))], (1 + 0.5 + 0.5) / 3),
        ([spans((0, 4)), spans(), spans()], 0.0),  # the two who marked nothing are no pair
    ],
)
def test_f1_of_marked_text(marks: list[list[Span]], f1: float | None) -> None:
    assert mean_f1(marks) == (None if f1 is None else pytest.approx(f1))
    assert mean_f1(marks[::-1]) == mean_f1(marks)


def test_a_thousand_people_on_5000_units_take_seconds() -> None:
    random = np.random.default_rng(3)
    unit = np.repeat(np.arange(5000), 5)
    person = np.concatenate([random.choice(1000, 5, replace=False) for _ in range(5000)])
    answer = random.integers(5, size=25_000)
    counts = np.zeros((5000, 5), dtype=np.int64)
    np.add.at(counts, (unit, answer), 1)
    start = time.process_time()
    coefficients = {c.__name__: c for c in (measures.alpha, measures.ordinal_alpha, measures.fleiss_kappa, measures.gwet_ac1)}
    found = measures.estimates({n: lambda w, c=c: c(counts, w) for n, c in coefficients.items()}, 5000)
    pairs = measures.cohen_kappa(unit, person, answer)
    assert time.process_time() - start < 20
    assert all(abs(value) < 0.02 and low < value < high for value, (low, high) in found.values()), "answers were random"
    assert pairs[2].sum() == 5000 * 10
