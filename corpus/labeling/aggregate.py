"""Votes → the probability of each label, and how far each person can be relied on, by one of three methods.

A single choice is one run over the labels that occur. Of a multiple choice each label is a yes-or-no question of its own, and
a person's figures are means over the labels. How right a person is comes from the other people's votes on the same units,
never from their own.
"""

from collections import Counter

import numpy as np
from msgspec import Struct

from corpus.codebook import Question
from corpus.labeling.aggregators.ballots import Aggregator, Ballots, Estimate, Floats, ballots
from corpus.labeling.aggregators.dawid_skene import dawid_skene
from corpus.labeling.aggregators.mace import mace
from corpus.labeling.aggregators.majority import majority
from corpus.labeling.counts import check, labels_of
from corpus.labeling.votes import Answer, Votes

METHODS: dict[str, Aggregator] = {"majority": majority, "dawid-skene": dawid_skene, "mace": mace}

FEW = 20
CHANCE = 0.1
SPAMMER_RULE = f"at least {FEW} shared answers, and above_chance below {CHANCE}"
"""A random answerer's `above_chance` is 0 ± 0.13 over 20 answers and ± 0.06 over 100; an honest one's is seldom below 0.4."""


class Reliability(Struct, frozen=True):
    """One person on one question.

    Attributes:
        annotator: pseudonym.
        answers: how many they gave.
        shared: how many of these are on units that others judged too; the figures below are over them, null without any.
        accuracy: mean probability, 0 to 1, by the others' votes, of what they answered. It cannot be high where the others
            are unsure, so it compares people on the same units only.
        above_chance: accuracy beyond what their answers would reach if dealt out to other units, at most 1 (Cohen's kappa
            against the others); null where one label is all that there is.
        competence: the model's own figure, 0 to 1, see its module; null for majority, which has none.
        spammer: see SPAMMER_RULE.
    """

    annotator: str
    answers: int
    shared: int
    accuracy: float | None
    above_chance: float | None
    competence: float | None
    spammer: bool


def aggregate(question: Question, table: Votes, method: str) -> tuple[list[dict[str, float]], list[Reliability]]:
    """Estimate one question.

    Args:
        question: single or multiple choice.
        table: its votes.
        method: one of METHODS.

    Returns:
        For each unit of the table, label → probability, in the codebook's order, labels of probability 0 left out; they sum
        to 1 for a single choice. For each person, sorted, their reliability.

    Raises:
        CorpusError: an answer holds a label that the codebook does not.
    """
    check(question, table)
    given = {label for people in table.values() for answer in people.values() for label in labels_of(answer)}
    labels = [label for label in question.values if label in given]
    votes = list(table.values())
    if question.type == "multiple":
        runs = [ballots([{p: int(label in answer) for p, answer in of.items()} for of in votes], 2) for label in labels]
    else:
        place = {label: number for number, label in enumerate(labels)}
        rows = [{p: place[label] for p, answer in of.items() for label in labels_of(answer)} for of in votes]
        runs = [ballots(rows, len(labels))] if rows else []
    found = [METHODS[method](run) for run in runs]
    columns = [estimate.posterior[:, 1] for estimate in found] if question.type == "multiple" else _columns(found)
    soft = [
        {label: float(column[row]) for label, column in zip(labels, columns, strict=True) if column[row] > 0}
        for row in range(len(votes))
    ]
    return soft, _reliability(runs, found, votes)


def _columns(found: list[Estimate]) -> list[Floats]:
    """The posterior of a single choice's one run, label by label; none if nobody answered."""
    return [column for estimate in found for column in estimate.posterior.T]


def _reliability(runs: list[Ballots], found: list[Estimate], votes: list[dict[str, Answer]]) -> list[Reliability]:
    """Each person's figures, summed over the runs."""
    answered = Counter(person for given in votes for person in given)
    names = sorted(answered)
    place = {name: number for number, name in enumerate(names)}
    shared, right, chance, competence = np.zeros((4, len(names)))
    for run, estimate in zip(runs, found, strict=True):
        people = [place[name] for name in run.names]
        for total, part in zip((shared, right, chance), _against_others(run, estimate.others), strict=True):
            total[people] += part
        if estimate.competence is not None:
            competence[people] += estimate.competence / len(runs)
    return [
        _person(name, answered[name], int(shared[i]) // len(runs), right[i] / shared[i], chance[i] / shared[i], known)
        if len(runs) and shared[i]
        else Reliability(name, answered[name], 0, None, None, known, False)
        for i, name in enumerate(names)
        for known in [float(competence[i]) if found and found[0].competence is not None else None]
    ]


def _against_others(run: Ballots, others: Floats) -> tuple[Floats, Floats, Floats]:
    """For each person: answers on shared units, how many of them the others call right, and how many chance would."""
    of = run.counts().sum(axis=1)[run.unit] > 1
    person, label, believed = run.person[of], run.label[of], others[of]
    shared = np.bincount(person, minlength=run.people).astype(float)
    right = np.bincount(person, believed[np.arange(len(label)), label], run.people).astype(float)
    said = np.bincount(person * run.labels + label, minlength=run.people * run.labels).reshape(run.people, -1)
    truth = np.zeros(said.shape)
    np.add.at(truth, person, believed)
    return shared, right, np.asarray((said * truth).sum(axis=1) / np.maximum(shared, 1))


def _person(name: str, answers: int, shared: int, right: float, chance: float, competence: float | None) -> Reliability:
    above = float((right - chance) / (1 - chance)) if chance < 1 - 1e-9 else None
    spammer = shared >= FEW and above is not None and above < CHANCE
    return Reliability(name, answers, shared, float(right), above, competence, spammer)
