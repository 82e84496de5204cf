"""A matrix of texts whose parts share the products of their rows: a cross-validation solves on many parts of one. No files."""

from functools import cached_property
from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from baselines.recipes.cross_validation import Floats, Ints

MOST = 5000
"""Texts whose products are kept, 8 bytes for each two: 200 MB."""
BLOCK = 500
FREQUENT = 0.1
"""A term that this share of the texts has is not worth to be kept sparse."""


class Texts(sp.csr_matrix):  # type: ignore[misc]  # SciPy has no types
    """Texts × terms. A part made of rows, `texts[rows]`, knows where it is from."""

    _of: tuple[Self, Ints] | None = None

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if isinstance(key, np.ndarray):
            whole, rows = self._of or (self, np.arange(self.shape[0]))
            found._of = (whole, rows[key])
        return found

    @property
    def shared(self) -> bool:
        """Whether this is a part of a matrix whose products are kept, or that matrix, once its parts have made them."""
        return self._of[0].shape[0] <= MOST if self._of else "_products" in vars(self)

    def products(self) -> Floats:
        """X·Xᵀ, dense; a part's is taken from that of the whole, which is made once."""
        whole, rows = self._of or (self, np.arange(self.shape[0]))
        return np.asarray(whole._products[np.ix_(rows, rows)])

    @cached_property
    def _products(self) -> Floats:
        counts = np.bincount(self.indices, minlength=self.shape[1])
        frequent = counts > FREQUENT * self.shape[0]
        plain = sp.csr_matrix(self)
        dense, rest = plain[:, frequent].toarray(), plain[:, ~frequent]
        found = np.asarray(dense @ dense.T, dtype=np.float64)
        for start in range(0, len(found), BLOCK):  # the half below the diagonal; the other is its mirror
            stop = start + BLOCK
            found[start:, start:stop] += rest[start:] @ rest[start:stop].T
            found[start:stop, stop:] = found[stop:, start:stop].T
        return found
