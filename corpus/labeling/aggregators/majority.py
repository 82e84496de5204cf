"""Majority: the probability of a label is its share of the votes. Nobody is trusted more than anybody else."""

import numpy as np

from corpus.labeling.aggregators.ballots import Ballots, Estimate


def majority(ballots: Ballots) -> Estimate:
    """Shares of the votes; a person who alone judged a unit has the overall shares as its `others`."""
    counts = ballots.counts()
    rest = counts[ballots.unit]
    rest[np.arange(len(rest)), ballots.label] -= 1
    people = rest.sum(axis=1, keepdims=True)
    others = np.where(people > 0, rest / np.maximum(people, 1), counts.sum(axis=0) / counts.sum())
    return Estimate(ballots.shares(), others, None)
