"""Ridge for all labels at once beside scikit-learn's RidgeClassifier on matrices that are written down."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import RidgeClassifier

from baselines.recipes import linear, ridge, texts
from baselines.recipes.linear import Setting
from baselines.recipes.texts import Texts

NAMES = ("against", "favor", "none")


def invented(rows: int, labels: int, seed: int) -> tuple[sp.csr_matrix, list[str], list[str]]:
    """Texts of many more terms, every label and two targets among them."""
    random = np.random.default_rng(seed)
    matrix = sp.random(rows, 12 * rows, 0.1, "csr", rng=random)
    return matrix, [NAMES[i % labels] for i in range(rows)], [("bridge", "tax")[i // labels % 2] for i in range(rows)]


def test_two_texts_by_hand() -> None:
    """x = (1, 0, 0) and (0, 1, 0), centred (½, -½) and (-½, ½); truth 1 and -1, alpha 1: X·Xᵀ a + a = y gives a = ½, -½."""
    fitted = ridge.fit(sp.csr_matrix(np.eye(2, 3)), [], np.array([[1.0], [-1.0]]), np.ones(2), 1.0)
    assert fitted.common == pytest.approx(np.array([[0.5, -0.5, 0.0]]))
    assert fitted.bias == pytest.approx([0.0]) and fitted.own == [] and fitted.bias_of.shape == (0, 1)


@given(st.integers(6, 30), st.integers(2, 3), st.integers(0, 99), st.sampled_from([0.25, 1.0]), st.sampled_from([0.0, 1.0]))
@settings(deadline=None, max_examples=30)
def test_one_head_is_scikit_learn_s(rows: int, labels: int, seed: int, strength: float, balance: float) -> None:
    matrix, truth, _ = invented(rows, labels, seed)
    setting = Setting("ridge", strength, balance)
    head = linear.fit(matrix, truth, [linear.ANY] * rows, NAMES, setting, "shared", 1)[linear.ANY]
    counts = {label: truth.count(label) for label in truth}
    weight = [(rows / (len(counts) * counts[label])) ** balance for label in truth]
    plain = RidgeClassifier(alpha=1 / strength).fit(matrix, truth, sample_weight=weight)
    made = linear.decisions({linear.ANY: head}, matrix, [linear.ANY] * rows)
    expected = plain.decision_function(matrix)
    assert made[:, :labels][:, -1] == pytest.approx(expected if labels == 2 else expected[:, -1], abs=1e-3)
    assert [NAMES[i] for i in made.argmax(axis=1)] == plain.predict(matrix).tolist()
    assert (made[:, labels:] == linear.UNSEEN).all()


@given(st.integers(12, 30), st.integers(0, 99))
@settings(deadline=None, max_examples=20)
def test_terms_and_targets_are_those_of_the_matrix_written_down(rows: int, seed: int) -> None:
    matrix, truth, targets = invented(rows, 3, seed)
    heads = linear.fit(matrix, truth, targets, NAMES, Setting("ridge", 0.5, 0.0), "shared", 1)
    of = [sp.diags_array((np.array(targets) == name).astype(float)) for name in ("bridge", "tax")]
    belongs = sp.csr_array(np.array([[name == "bridge", name == "tax"] for name in targets], dtype=float))
    whole = sp.hstack([matrix, *(one @ matrix for one in of), belongs]).tocsr()
    plain = RidgeClassifier(alpha=2.0).fit(whole, truth)
    assert linear.decisions(heads, matrix, targets) == pytest.approx(plain.decision_function(whole), abs=1e-3)
    unseen = linear.decisions(heads, matrix, ["never"] * rows)
    without = sp.hstack([matrix, sp.csr_matrix((rows, whole.shape[1] - matrix.shape[1]))])
    assert unseen == pytest.approx(plain.decision_function(without), abs=1e-3)


@given(st.integers(12, 30), st.integers(0, 99), st.booleans())
@settings(deadline=None, max_examples=20)
def test_parts_of_one_matrix_give_what_each_alone_gives(rows: int, seed: int, aimed: bool) -> None:
    matrix, truth, targets = invented(rows, 3, seed)
    targets = targets if aimed else [linear.ANY] * rows
    some = np.random.default_rng(seed).permutation(rows)[: rows - 3]
    part = Texts(matrix)[some][np.arange(rows - 3)]
    assert part.shared and part.products() == pytest.approx((matrix[some] @ matrix[some].T).toarray())
    seen = [truth[i] for i in some], [targets[i] for i in some], NAMES, Setting("ridge", 0.5), "shared", 1
    made, alone = linear.fit(part, *seen), linear.fit(matrix[some], *seen)
    assert made.keys() == alone.keys()
    assert linear.decisions(made, matrix, targets) == pytest.approx(linear.decisions(alone, matrix, targets), abs=1e-3)


def test_products_of_many_texts_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST", 3)
    assert not Texts(sp.eye(4, 9).tocsr())[np.arange(2)].shared and not Texts(sp.eye(2, 9).tocsr()).shared


def test_a_label_that_weighs_nothing_more_is_solved_at_once() -> None:
    """Both texts have the label, so that nothing is left once it is centred: no steps, no division by 0."""
    fitted = ridge.fit(sp.csr_matrix(np.eye(2, 3)), [], np.ones((2, 1)), np.ones(2), 1.0)
    assert not fitted.common.any() and fitted.bias.tolist() == [1.0]
