"""A linear model of texts with heads: weights for each target, and shared ones for a target that was not seen. No files.

Weights of a head are learnt from its target's texts alone ("own"), or from all texts, where every term counts once for all
targets and once for the text's own one ("shared": Daumé III, Frustratingly easy domain adaptation, 2007), or are the mean
of the two ("both"). A task without targets has one head, whose target is "".
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import RidgeClassifier
from sklearn.preprocessing import LabelBinarizer
from sklearn.svm import LinearSVC

from baselines.recipes import ridge
from baselines.recipes.cross_validation import Floats, Ints

ANY = ""
"""The head for targets that were not seen."""
MODES = ("shared", "own", "both")
UNSEEN = -2.0
"""Decision for a label that a head has no example of; decisions are about -1 to 1."""


class Setting(NamedTuple):
    """A linear classifier: "svm" (C = strength) or "ridge" (alpha = 1 / strength).

    A text weighs (1 / its label's share of its target's texts) to the power of `balance`: at 1 rare labels weigh as much as
    frequent ones, at 0 every text weighs the same.
    """

    kind: str
    strength: float
    balance: float = 1.0


class Head(NamedTuple):
    """Decisions = matrix @ weights.T + bias; shapes (labels, terms) and (labels,)."""

    weights: Floats
    bias: Floats


Heads = dict[str, Head]


def fit(matrix: sp.csr_matrix, labels: Sequence[str], targets: Sequence[str], names: Sequence[str],
        setting: Setting, mode: str, seed: int, fallback: bool = True) -> Heads:  # fmt: skip
    """Fit the heads.

    Args:
        matrix: texts × terms.
        labels: of the texts.
        targets: of the texts.
        names: the labels, in the order of the heads' rows.
        setting: the classifier.
        mode: one of MODES; a target with a single label has the shared head in any case.
        seed: of the support vector machine.
        fallback: whether a head ANY is needed; without it, it may be left out to save its fit.
    """
    truth, where = np.array(labels), np.array(targets)
    known = sorted(set(targets))
    if known == [ANY]:
        return {ANY: _head(matrix, truth, where, names, setting, seed)}
    rows = {target: np.flatnonzero(where == target) for target in known}
    alone = {target for target in known if mode != "shared" and len(set(truth[rows[target]])) > 1}
    heads = {of: _head(matrix[rows[of]], truth[rows[of]], where[rows[of]], names, setting, seed) for of in sorted(alone)}
    if mode == "own" and not fallback and alone == {*known}:
        return heads
    shared = _shared(matrix, truth, where, names, setting, seed)
    if mode == "both":
        pairs = ((target, head, shared[target]) for target, head in heads.items())
        heads = {of: Head((one.weights + other.weights) / 2, (one.bias + other.bias) / 2) for of, one, other in pairs}
    return shared | heads


def decisions(heads: Heads, matrix: sp.csr_matrix, targets: Sequence[str]) -> Floats:
    """Shape (texts, labels): by the head of each text's target, or the head ANY."""
    found = np.zeros((matrix.shape[0], len(next(iter(heads.values())).bias)))
    where = np.array([target if target in heads else ANY for target in targets])
    for target in sorted(set(where.tolist())):
        rows = np.flatnonzero(where == target)
        found[rows] = matrix[rows] @ heads[target].weights.T + heads[target].bias
    return found


def _shared(matrix: sp.csr_matrix, truth: np.ndarray, where: np.ndarray, names: Sequence[str], setting: Setting,
            seed: int) -> Heads:  # fmt: skip
    """One classifier of terms, and terms × target → a head a target."""
    known, terms = sorted(set(where.tolist())), matrix.shape[1]
    if _wide(matrix, setting):
        fitted = _ridge(matrix, truth, where, [np.flatnonzero(where == target) for target in known], setting)
        whole = zip(known, fitted.own, fitted.bias_of, strict=True)
        heads = {target: Head(fitted.common + own, fitted.bias + bias) for target, own, bias in whole}
        return {of: _named(head, truth, names) for of, head in ({ANY: Head(fitted.common, fitted.bias)} | heads).items()}
    of_target = [sp.diags_array((where == target).astype(float)) @ matrix for target in known]
    belongs = sp.csr_array((where[:, None] == np.array(known)).astype(float))
    both = _head(sp.hstack([matrix, *of_target, belongs]).tocsr(), truth, where, names, setting, seed)
    common = both.weights[:, :terms]
    heads = {ANY: Head(common, both.bias)}
    for number, target in enumerate(known):
        begin = terms * (number + 1)
        own = both.weights[:, begin : begin + terms]
        heads[target] = Head(common + own, both.bias + both.weights[:, terms * (len(known) + 1) + number])
    return heads


def _head(matrix: sp.csr_matrix, truth: np.ndarray, where: np.ndarray, names: Sequence[str], setting: Setting,
          seed: int) -> Head:  # fmt: skip
    if _wide(matrix, setting):
        fitted = _ridge(matrix, truth, where, [], setting)
        return _named(Head(fitted.common, fitted.bias), truth, names)
    model = LinearSVC(C=setting.strength, random_state=seed)
    if setting.kind == "ridge":
        model = RidgeClassifier(alpha=1 / setting.strength)
    model.fit(matrix, truth, sample_weight=_weight(truth, where, setting.balance))
    return _named(Head(model.coef_, np.atleast_1d(model.intercept_)), truth, names)


def _wide(matrix: sp.csr_matrix, setting: Setting) -> bool:
    """Whether `ridge` solves what scikit-learn would solve in the same way."""
    return setting.kind == "ridge" and matrix.shape[1] > matrix.shape[0]


def _ridge(matrix: sp.csr_matrix, truth: np.ndarray, where: np.ndarray, targets: list[Ints], setting: Setting) -> ridge.Ridge:
    binary = LabelBinarizer(neg_label=-1).fit_transform(truth).astype(np.float64)
    return ridge.fit(matrix, targets, binary, _weight(truth, where, setting.balance), 1 / setting.strength)


def _weight(truth: np.ndarray, where: np.ndarray, balance: float) -> Floats:
    """Of each text: see `Setting`."""
    pairs = list(zip(where.tolist(), truth.tolist(), strict=True))
    counts, texts, kinds = Counter(pairs), Counter(where.tolist()), Counter(target for target, _ in set(pairs))
    return np.array([(texts[target] / (kinds[target] * counts[target, label])) ** balance for target, label in pairs])


def _named(head: Head, truth: np.ndarray, names: Sequence[str]) -> Head:
    """The head with a row for each of `names`; of two labels, a classifier has weights for the second alone."""
    weights, bias = head
    if len(bias) == 1:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    found = Head(np.zeros((len(names), weights.shape[1])), np.full(len(names), UNSEEN))
    rows = [list(names).index(label) for label in np.unique(truth).tolist()]
    found.weights[rows], found.bias[rows] = weights, bias
    return found
