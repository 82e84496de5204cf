"""Dawid & Skene (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm, Appl. Statistics 28(1).

Each person has a confusion matrix: how often they give each label where another is true. Expectation maximisation finds
these, how common each label is, and the probability of each label of each unit. It starts from the shares of the votes and
draws nothing at random: a random start would pick a winner between labels that the votes cannot tell apart.
"""

import numpy as np

from corpus.labeling.aggregators.ballots import ROUNDS, TOLERANCE, Ballots, Estimate, normalised

SMOOTHING = 0.01
"""Answers added to each cell of a confusion matrix, so that a label which never came up for a person rules nothing out."""


def dawid_skene(ballots: Ballots) -> Estimate:
    """Probabilities by EM. Competence is how often the person is right, over labels as common as the model finds them."""
    shape = (ballots.people, ballots.labels, ballots.labels)
    votes = ballots.onehot()
    posterior = ballots.shares()
    for _ in range(ROUNDS):
        common = (posterior.sum(axis=0) + SMOOTHING) / (len(posterior) + SMOOTHING * ballots.labels)
        given = (votes.T @ posterior).reshape(shape) + SMOOTHING  # (people, given, true)
        confusion = given / given.sum(axis=1, keepdims=True)
        evidence = np.log(confusion).reshape(-1, ballots.labels)  # (people × given, true)
        logs = np.log(common) + votes @ evidence
        posterior, before = normalised(logs), posterior
        if np.abs(posterior - before).max() < TOLERANCE:
            break
    own = evidence[ballots.person * ballots.labels + ballots.label]
    return Estimate(posterior, normalised(logs[ballots.unit] - own), np.einsum("pkk,k->p", confusion, common))
