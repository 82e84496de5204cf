"""Ridge regression on wide sparse texts, all labels at once: scikit-learn's RidgeClassifier, several times faster. No files.

RidgeClassifier solves each label's dual, (X·Xᵀ + alpha) a = y with X centred, by conjugate gradients. Here the labels take
their steps together, each with its own length and its own end, so the result is the same but for rounding. Terms × target
("shared": Daumé III, 2007) are never written down: what they add to X·Xᵀ is X·Xᵀ among the texts of one target, plus 1.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from baselines.recipes.cross_validation import Floats, Ints
from baselines.recipes.texts import Texts

TOLERANCE = 1e-4
"""Where a label's steps end: the rest as a share of where it began. RidgeClassifier's own."""


class Ridge(NamedTuple):
    """Decision of a text of target t = x · (common + own[t]) + bias + bias_of[t]; of another target without the two."""

    common: Floats
    """Shape (labels, terms)."""
    own: list[Floats]
    bias: Floats
    bias_of: Floats
    """Shape (targets, labels)."""


def fit(matrix: sp.csr_matrix, targets: Sequence[Ints], truth: Floats, weight: Floats, alpha: float) -> Ridge:
    """Fit all labels.

    Args:
        matrix: texts × terms, more terms than texts.
        targets: the rows of each target's texts, all rows in all; none for one head without targets.
        truth: shape (texts, labels), 1 where the text has the label, else -1.
        weight: of the texts.
        alpha: how far weights are held back, above 0.
    """
    rows = list(targets) or [np.arange(len(truth))]
    of_target = [matrix[part] for part in rows]
    # A step costs about texts² by products, terms × labels without: short texts, few labels and many texts are better without.
    kept = isinstance(matrix, Texts) and matrix.shared and len(truth) ** 2 <= matrix.nnz * truth.shape[1]
    products = _of_products(matrix.products(), targets) if kept else _of_terms(of_target, rows, bool(targets))
    share, root = (weight / weight.sum())[:, None], np.sqrt(weight)[:, None]

    def centred(values: Floats) -> Floats:
        return np.asarray(values - share * values.sum(axis=0), dtype=np.float64)

    def left(steps: Floats) -> Floats:
        found = products(centred(root * steps))
        return np.asarray(root * (found - (share * found).sum(axis=0)) + alpha * steps, dtype=np.float64)

    mean = (share * truth).sum(axis=0)
    dual = centred(root * _conjugate_gradients(left, root * (truth - mean)))
    bias = mean - (share * products(dual)).sum(axis=0)
    own = [values.T for values in _terms(of_target, rows, dual)]
    if not targets:
        return Ridge(own[0], [], bias, np.zeros((0, len(bias))))
    return Ridge(np.sum(own, axis=0), own, bias, np.array([dual[part].sum(axis=0) for part in rows]))


def _of_products(whole: Floats, targets: Sequence[Ints]) -> Callable[[Floats], Floats]:
    """X·Xᵀ times values, by the products themselves."""
    for part in targets:
        whole[np.ix_(part, part)] = 2 * whole[np.ix_(part, part)] + 1
    return lambda values: np.asarray(whole @ values, dtype=np.float64)


def _of_terms(of_target: list[sp.csr_matrix], rows: list[Ints], adapted: bool) -> Callable[[Floats], Floats]:
    """X·Xᵀ times values, by Xᵀ times values: without memory for the products."""

    def times(values: Floats) -> Floats:
        found, sums = np.empty_like(values), _terms(of_target, rows, values)
        total = np.sum(sums, axis=0) if adapted else 0.0
        for block, part, own in zip(of_target, rows, sums, strict=True):
            found[part] = block @ (total + own) + (values[part].sum(axis=0) if adapted else 0.0)
        return found

    return times


def _terms(of_target: list[sp.csr_matrix], rows: list[Ints], values: Floats) -> list[Floats]:
    return [block.T @ values[part] for block, part in zip(of_target, rows, strict=True)]


def _conjugate_gradients(left: Callable[[Floats], Floats], right: Floats) -> Floats:
    """Solve left(x) = right for each column (Hestenes and Stiefel, 1952)."""
    found, rest, way = np.zeros_like(right), right.copy(), right.copy()
    size = np.einsum("ij,ij->j", rest, rest)
    least = TOLERANCE * np.sqrt(size)
    for _ in range(10 * len(right)):
        going = np.flatnonzero((np.sqrt(size) >= least) & (size > 0))
        if not len(going):
            break
        steps = way[:, going]
        moved = left(steps)
        length = size[going] / np.einsum("ij,ij->j", steps, moved)
        found[:, going] += length * steps
        rest[:, going] -= length * moved
        before, size[going] = size[going], np.einsum("ij,ij->j", rest[:, going], rest[:, going])
        way[:, going] = rest[:, going] + size[going] / before * steps
    return found
