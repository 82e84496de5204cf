"""What every aggregator takes and gives: ballots as numbers, and the probability of each label of each unit.

People are put in the order of what they answered, so sums run alike, to the last bit, whatever people are called.
"""

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDS = 100
TOLERANCE = 1e-6
"""EM ends when no probability moves by more than this, or after ROUNDS."""
DECIMALS = 12
"""Probabilities are rounded to this many decimals in each round of EM. Else noise in the last bit, which EM doubles in each
round, would decide between labels that the votes cannot tell apart."""


class Ballots(Struct, frozen=True):
    """One entry a vote: row of the unit, row of the person, column of the label. Sorted by unit, then person."""

    unit: Ints
    person: Ints
    label: Ints
    units: int
    people: int
    labels: int
    names: list[str]

    def onehot(self) -> csr_array:
        """Votes as 0 and 1, shape (units, people × labels); a person's labels stand side by side."""
        shape = (self.units, self.people * self.labels)
        return csr_array((np.ones(len(self.unit)), (self.unit, self.person * self.labels + self.label)), shape=shape)

    def counts(self) -> Floats:
        """How often each label was given, shape (units, labels)."""
        shape = (self.units, self.labels)
        return (
            np.bincount(self.unit * self.labels + self.label, minlength=self.units * self.labels).reshape(shape).astype(float)
        )

    def shares(self) -> Floats:
        """The share of the votes that each label got, shape (units, labels), rows sum to 1."""
        counts = self.counts()
        return np.asarray(counts / counts.sum(axis=1, keepdims=True))


class Estimate(Struct, frozen=True):
    """What an aggregator found.

    Attributes:
        posterior: probability of each label, shape (units, labels), rows sum to 1.
        others: the same as the other people's votes alone give it, for each ballot: shape (ballots, labels).
        competence: of each person, 0 to 1; its meaning is the method's; None if it has none. Shape (people,).
    """

    posterior: Floats
    others: Floats
    competence: Floats | None


Aggregator = Callable[[Ballots], Estimate]


def ballots(rows: Sequence[dict[str, int]], labels: int) -> Ballots:
    """Number the votes.

    Args:
        rows: for each unit, person → column of the label given; at least one vote each.
        labels: how many labels there are, at least one.
    """
    answered: dict[str, list[tuple[int, int]]] = {}
    for number, given in enumerate(rows):
        for name in sorted(given):
            answered.setdefault(name, []).append((number, given[name]))
    names = sorted(answered, key=lambda name: answered[name])
    votes = [(unit, person, label) for person, name in enumerate(names) for unit, label in answered[name]]
    unit, person, label = np.array(sorted(votes), dtype=np.int64).reshape(-1, 3).T
    return Ballots(unit, person, label, len(rows), len(names), labels, names)


def normalised(logs: Floats) -> Floats:
    """Rows of log weights as probabilities that sum to 1, rounded to DECIMALS. Logs, because products of votes underflow."""
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    rounded = np.round(weights / weights.sum(axis=1, keepdims=True), DECIMALS)
    return np.asarray(rounded / rounded.sum(axis=1, keepdims=True))
