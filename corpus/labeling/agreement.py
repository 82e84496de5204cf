"""How far annotators agree, question by question: coefficients with 95% intervals; by target, label and pair of people.

Reads annotations.jsonl, items.jsonl, controls.jsonl, and for the page articles.jsonl (streamed) and targets.yaml. Writes
reports/agreement.json and reports/agreement.html. The coefficients are those of corpus/labeling/measures.py. Alpha is nominal:
a multiple-choice answer counts as one value, the whole set, and `alpha_masi` gives credit for overlap. Where the codebook says
that labels are a scale, `alpha_ordinal` takes them as one.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from corpus import store
from corpus.codebook import Question
from corpus.labeling import agreement_report, controls, measures
from corpus.labeling.agreement_report import (
    AgreementReport,
    Coefficient,
    Disputed,
    LabelAgreement,
    PairAgreement,
    QuestionAgreement,
    TargetAgreement,
)
from corpus.labeling.counts import Counts, answers, count_answers, membership
from corpus.labeling.quality import quality
from corpus.labeling.span_agreement import span_agreement
from corpus.labeling.votes import Answer, Votes, judged, votes
from corpus.progress import Progress, quiet
from corpus.workspace import Workspace

DISPUTED = 10
"""How many of the most disputed units of a question are named."""
PAIRS_WITH_INTERVAL = 300
"""Of more pairs of people than this, those with the most shared units have an interval: 25 people, as the heat map shows."""
ALONE = "undefined: no unit was judged by two people"
SAME = "is undefined: everybody always gave the same answer"


def agreement(workspace: Workspace, progress: Progress = quiet) -> AgreementReport:
    """Measure agreement on every labelled question and every span question.

    Raises:
        CheckError: nobody has submitted anything.
        CorpusError: an answer holds a label that the codebook does not.
    """
    book = workspace.codebook()
    items, annotations = judged(workspace)
    submitted = [annotation for annotation in annotations if annotation.status == "submitted"]
    measured = []
    for done, question in enumerate(book.labelled, 1):
        measured.append(measure(question, votes(question, submitted, items)))
        progress(done, len(book.labelled))
    spans = [span_agreement(question.id, submitted, items) for question in book.questions if question.type == "span"]
    people = quality(book.labelled, submitted, items, controls.read(workspace, items.values()))
    report = AgreementReport(book.ref, len(annotations), len(annotations) - len(submitted), measured, spans, people)
    store.write_json(workspace.reports / "agreement.json", report)
    store.write_bytes(workspace.reports / "agreement.html", agreement_report.html(workspace, book, report).encode())
    return report


def measure(question: Question, table: Votes) -> QuestionAgreement:
    """Everything about one labelled question.

    Args:
        question: of the codebook.
        table: its votes.
    """
    columns = answers(question, table)
    counts = count_answers(table, columns)
    people = counts.sum(axis=1)
    known = _coefficients(question, counts, columns)
    (alpha, alpha_interval), (raw, raw_interval) = known.pop("alpha"), known.pop("raw")
    shared = int((people > 1).sum())
    return QuestionAgreement(
        question=question.id,
        scope=question.scope,
        units=shared,
        annotators=len({person for given in table.values() for person in given}),
        answers=int(people[people > 1].sum()),
        alpha=alpha,
        alpha_interval=alpha_interval,
        raw=raw,
        raw_interval=raw_interval,
        note=_note("alpha", alpha, shared),
        coefficients=[
            Coefficient(name, value, interval, _note(name, value, shared)) for name, (value, interval) in known.items()
        ],
        targets=_targets(table, counts),
        labels=_labels(question, counts, columns),
        pairs=_pairs(table, columns),
        disputed=_disputed(question, table, counts, columns),
    )


def _coefficients(
    question: Question, counts: Counts, columns: list[Answer]
) -> dict[str, tuple[float | None, measures.Interval]]:
    """Name → figure and interval. What takes sets apart is for multiple choice, what takes labels in order for single."""
    asked: dict[str, Callable[[measures.Floats], measures.Floats]] = {
        "alpha": lambda weights: measures.alpha(counts, weights),
        "raw": lambda weights: measures.raw_agreement(counts, weights),
        "fleiss_kappa": lambda weights: measures.fleiss_kappa(counts, weights),
    }
    if question.type == "multiple":
        distance = measures.masi_distance(membership(columns, question.values))
        asked["alpha_masi"] = lambda weights: measures.alpha(counts, weights, distance)
    else:
        asked["gwet_ac1"] = lambda weights: measures.gwet_ac1(counts, weights)
    if question.ordered:
        asked["alpha_ordinal"] = lambda weights: measures.ordinal_alpha(counts, weights)
    return measures.estimates(asked, len(counts))


def _note(name: str, value: float | None, shared: int) -> str | None:
    """Why a coefficient is undefined, if it is."""
    if value is not None:
        return None
    return f"{name} {SAME}" if shared else ALONE


def _targets(table: Votes, counts: Counts) -> list[TargetAgreement]:
    """Alpha and raw agreement on the units of each target, targets sorted; none for questions about articles."""
    rows: dict[str, list[int]] = {}
    for row, unit in enumerate(table):
        if unit.target:
            rows.setdefault(unit.target, []).append(row)
    found = []
    for target, chosen in sorted(rows.items()):
        of = counts[chosen]
        figures = measures.estimates(
            {"alpha": partial(measures.alpha, of), "raw": partial(measures.raw_agreement, of)}, len(of)
        )
        found.append(TargetAgreement(target, int((of.sum(axis=1) > 1).sum()), *figures["alpha"], *figures["raw"]))
    return found


def _labels(question: Question, counts: Counts, columns: list[Answer]) -> list[LabelAgreement]:
    """Alpha of each label against the rest, as if people had only been asked whether it applies."""
    chosen = counts @ membership(columns, question.values)
    people = counts.sum(axis=1)
    alphas = {
        label: partial(measures.alpha, np.stack([people - yes, yes], axis=1))
        for label, yes in zip(question.values, chosen.T, strict=True)
    }
    figures = measures.estimates(alphas, len(counts))
    return [LabelAgreement(label, int(chosen[:, place].sum()), *figures[label]) for place, label in enumerate(question.values)]


def _pairs(table: Votes, columns: list[Answer]) -> list[PairAgreement]:
    """Every two people who share a unit, by name."""
    names = sorted({person for given in table.values() for person in given})
    person = {name: number for number, name in enumerate(names)}
    place = {answer: number for number, answer in enumerate(columns)}
    cells = [(row, person[who], place[said]) for row, given in enumerate(table.values()) for who, said in given.items()]
    unit, who, said = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    columns_of_pairs = measures.cohen_kappa(unit, who, said)
    rows = sorted(zip(*(column.tolist() for column in columns_of_pairs), strict=True))
    answers_of: list[dict[int, int]] = [{} for _ in names]
    for row, whose, answer in cells:
        answers_of[whose][row] = answer
    enough = sorted((units for _, _, units, _, _ in rows), reverse=True)[:PAIRS_WITH_INTERVAL][-1:]
    found = []
    for a, b, units, raw, kappa in rows:
        both = [(answers_of[a][row], answers_of[b][row]) for row in answers_of[a].keys() & answers_of[b].keys()]
        interval = measures.kappa_interval(both) if [units] >= enough else None
        found.append(PairAgreement(names[a], names[b], units, raw, measures.number(kappa), interval))
    return found


def _disputed(question: Question, table: Votes, counts: Counts, columns: list[Answer]) -> list[Disputed]:
    """The units whose pairs of people agree least: of equals the one with more votes first, then the smaller id."""
    people = counts.sum(axis=1)
    apart = 1 - (counts * (counts - 1)).sum(axis=1) / np.maximum(people * (people - 1), 1)
    rows = [row for row in range(len(counts)) if people[row] > 1 and apart[row] > 0]
    chosen = counts @ membership(columns, question.values)
    units = list(table)
    worst = sorted(rows, key=lambda row: (-apart[row], -people[row], units[row]))[:DISPUTED]
    return [
        Disputed(
            article_id=units[row].article_id,
            item_id=units[row].item_id or None,
            target=units[row].target or None,
            annotators=int(people[row]),
            disagreement=float(apart[row]),
            votes={label: int(n) for label, n in zip(question.values, chosen[row], strict=True) if n},
        )
        for row in worst
    ]
