"""MACE: Hovy, Berg-Kirkpatrick, Vaswani & Hovy (2013), Learning whom to trust with MACE, NAACL-HLT.

A person either knows the true label and gives it, or spams: draws a label from a distribution of their own, whatever is
true. Expectation maximisation with add-δ smoothing finds how often each person knows (their competence), what they spam, and
the probability of each label of each unit. Unlike the paper there are no random restarts: one start, from the shares of the
votes, for a random one would pick a winner between labels that the votes cannot tell apart.
"""

import numpy as np

from corpus.labeling.aggregators.ballots import ROUNDS, TOLERANCE, Ballots, Estimate, normalised

SMOOTHING = 0.1
"""δ of the paper times the number of labels: expected counts of this much are added to each person."""


def mace(ballots: Ballots) -> Estimate:
    """Probabilities by EM. Competence is the probability that the person knows and does not spam."""
    cell = ballots.person * ballots.labels + ballots.label
    ballot = np.arange(len(cell))
    delta = SMOOTHING / ballots.labels
    answers = np.bincount(ballots.person, minlength=ballots.people)
    posterior = ballots.shares()
    spam = 1 - posterior[ballots.unit, ballots.label]
    for _ in range(ROUNDS):
        spammed = np.bincount(ballots.person, spam, ballots.people)
        competence = (answers - spammed + delta) / (answers + 2 * delta)
        habit = np.bincount(cell, spam, ballots.people * ballots.labels).reshape(ballots.people, -1) + delta
        drawn = ((1 - competence)[:, None] * habit / habit.sum(axis=1, keepdims=True)).ravel()[cell]
        known = competence[ballots.person] + drawn
        # What one vote says: log drawn for every label, and log known for the label given; the former is dropped.
        own = np.zeros((len(cell), ballots.labels))
        own[ballot, ballots.label] = np.log(known) - np.log(drawn)
        sums = np.bincount(ballots.unit * ballots.labels + ballots.label, own[ballot, ballots.label], posterior.size)
        logs = sums.reshape(posterior.shape).astype(float)
        posterior, before = normalised(logs), posterior
        right = posterior[ballots.unit, ballots.label]
        spam = 1 - right + right * drawn / known
        if np.abs(posterior - before).max() < TOLERANCE:
            break
    return Estimate(posterior, normalised(logs[ballots.unit] - own), competence)
