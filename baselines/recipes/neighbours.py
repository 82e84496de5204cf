"""Votes of the nearest training texts: the stories of one running event share a topic, in other words each. No files.

Of the NEAREST training texts by cosine, each votes for its label with the square of its cosine (distance-weighted nearest
neighbours: Dudani, 1976), over its label's share of the training texts to the power BALANCE: else the largest label wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from baselines.recipes.cross_validation import Floats

NEAREST = 20
BALANCE = 0.25
BLOCK = 500


@dataclass(frozen=True)
class Neighbours:
    """Training texts (rows of length 1, or 0) and the number of each one's label."""

    matrix: sp.csr_matrix
    labels: NDArray[np.int64]
    names: int

    def votes(self, matrix: sp.csr_matrix) -> Floats:
        """Each label's part of the votes, shape (texts, labels); rows add up to 1, or 0 where no term is shared.

        Memory: BLOCK × training texts at a time.
        """
        shares = np.bincount(self.labels, minlength=self.names) / len(self.labels)
        said = np.eye(self.names)[self.labels] / shares[self.labels, None] ** BALANCE
        found = [np.zeros((0, self.names))]
        for start in range(0, matrix.shape[0], BLOCK):
            cosines = (matrix[start : start + BLOCK] @ self.matrix.T).toarray()
            nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :NEAREST]  # of equal ones, the first in order
            strength = np.take_along_axis(cosines, nearest, axis=1) ** 2
            found.append(np.einsum("tn,tnl->tl", strength, said[nearest]))
        every = np.vstack(found)
        total = every.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(every, total, out=np.zeros_like(every), where=total > 0), dtype=np.float64)

    def state(self) -> dict[str, Any]:
        """Plain values and arrays, for `from_state`."""
        rows = {"data": self.matrix.data, "indices": self.matrix.indices, "indptr": self.matrix.indptr}
        return {**rows, "terms": int(self.matrix.shape[1]), "labels": self.labels, "names": self.names}


def view(matrices: Mapping[str, sp.csr_matrix]) -> sp.csr_matrix:
    """The view that cosines are of: the stems, or the words where stems are not read."""
    return matrices["stems"] if "stems" in matrices else matrices["words"]


def fit(matrix: sp.csr_matrix, labels: Sequence[str], names: Sequence[str]) -> Neighbours:
    """Remember the texts; `names` are the labels in the order of the votes' columns."""
    number = {name: at for at, name in enumerate(names)}
    return Neighbours(matrix, np.array([number[label] for label in labels], dtype=np.int64), len(names))


def from_state(state: dict[str, Any]) -> Neighbours:
    """What `Neighbours.state` gave."""
    shape = (len(state["labels"]), state["terms"])
    return Neighbours(
        sp.csr_matrix((state["data"], state["indices"], state["indptr"]), shape=shape), state["labels"], state["names"]
    )
