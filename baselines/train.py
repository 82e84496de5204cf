"""Train the baselines: each single-choice question is fitted on train, chosen on validation, scored once on test.

Reads gold, articles, items, splits, targets.yaml and the codebook. Writes models/QUESTION.skops with QUESTION.json
beside it, reports/baselines.json and reports/baselines.html. The same input gives the same bytes, except in *.skops.
"""

from collections import Counter
from importlib.metadata import version
from itertools import count
from time import perf_counter

import msgspec
from sklearn.base import BaseEstimator
from threadpoolctl import threadpool_limits

from baselines import models, report, rows
from baselines.evaluate import Scores, score
from baselines.features import marks, readable
from baselines.report import Feature, Label, QuestionReport, Skipped, TrainReport
from baselines.rows import SPLITS, Rows
from baselines.selection import CANDIDATES, Candidate, Selection, choose
from corpus import store
from corpus.codebook import Codebook
from corpus.errors import CheckError
from corpus.progress import Progress, quiet
from corpus.workspace import Workspace

STRONGEST = 15
"""Features shown a class."""


class ModelCard(msgspec.Struct, frozen=True):
    """What stands beside a model, to use it and to trace it. `marks` are those of `features.document`."""

    question: str
    codebook: str
    labels: list[str]
    marks: dict[str, str]
    chosen: Candidate
    test: Scores
    data_sha256: str
    seed: int
    versions: dict[str, str]


def train(workspace: Workspace, progress: Progress = quiet, seed: int = 1) -> TrainReport:
    """Train and score the baselines of every single-choice question, and write models and reports.

    Args:
        workspace: the corpus; needs gold and splits.
        progress: told of each candidate done.
        seed: of the bootstrap; fitting has no chance in it.

    Raises:
        CorpusError: a file is missing or wrong.
        CheckError: no question could be trained, or a group of articles is in two splits.
    """
    book = workspace.codebook()
    questions, others = rows.read(workspace, book)
    skipped = [Skipped(id, gold, _why_skipped(id, book)) for id, gold in others.items()]
    trained, seconds, steps = [], {}, count(1)
    for data in questions:
        start = perf_counter()
        try:
            with threadpool_limits(1):  # small sums: more threads would wait for each other, and add in another order
                selection = choose(data, lambda: progress(next(steps), len(questions) * CANDIDATES))
        except CheckError as error:
            skipped.append(Skipped(data.question.id, data.gold_rows, error.what))
            continue
        trained.append(_finish(workspace, book, data, selection, seed))
        seconds[data.question.id] = perf_counter() - start
    if not trained:
        raise _nothing_trained(book, skipped)
    config = workspace.config
    found = TrainReport(config.name, config.version, book.ref, seed, _versions(), trained, skipped)
    store.write_json(workspace.reports / "baselines.json", found)
    store.write_bytes(workspace.reports / "baselines.html", report.html(found).encode())
    return msgspec.structs.replace(found, seconds=seconds)


def _finish(workspace: Workspace, book: Codebook, data: Rows, selection: Selection, seed: int) -> QuestionReport:
    """Score a question's two systems on test, and write its model and the card beside it."""
    targets, language = workspace.targets(), workspace.config.language
    target_marks = marks(targets)
    names = {target_marks[target.id]: target.names[language] for target in targets}
    result = QuestionReport(
        question=data.question.id,
        name=data.question.name,
        gold_rows=data.gold_rows,
        rows={split: len(data.of(split)) for split in SPLITS},
        left_out=data.left_out,
        labels=_labels(data),
        candidates=selection.tried,
        chosen=selection.chosen,
        majority_validation_macro_f1=selection.majority_macro_f1,
        majority=_test(data, selection.majority, seed),
        model=_test(data, selection.model, seed),
        strongest={
            label: [Feature(*readable(name, names), weight) for name, weight in features]
            for label, features in models.strongest(selection.model, STRONGEST).items()
        },
        data_sha256=data.sha256(),
    )
    card = ModelCard(
        question=result.question,
        codebook=book.ref,
        labels=[label.value for label in result.labels],
        marks=target_marks,
        chosen=result.chosen,
        test=result.model,
        data_sha256=result.data_sha256,
        seed=seed,
        versions=_versions(),
    )
    models.save(selection.model, workspace.models / f"{result.question}.skops")
    store.write_json(workspace.models / f"{result.question}.json", card)
    return result


def _labels(data: Rows) -> list[Label]:
    """The labels that occur in the gold of train or test, in codebook order, with their rows."""
    rows_of = {split: Counter(row.label for row in data.of(split)) for split in SPLITS}
    return [
        Label(value, data.question.choice(value).name, {split: rows_of[split][value] for split in SPLITS})
        for value in data.question.values
        if rows_of["train"][value] or rows_of["test"][value]
    ]


def _test(data: Rows, system: BaseEstimator, seed: int) -> Scores:
    test = data.of("test")
    return score(
        gold=[row.label for row in test],
        predicted=system.predict([row.document for row in test]).tolist(),
        groups=[row.group for row in test],
        labels=[label.value for label in _labels(data)],
        seed=seed,
    )


def _why_skipped(question_id: str, book: Codebook) -> str:
    """Why gold of this question was not turned into rows."""
    if question_id not in {question.id for question in book.questions}:
        return f"codebook {book.ref} has no such question"
    return f"a {book.question(question_id).type}-choice question; baselines are for single choice"


def _nothing_trained(book: Codebook, skipped: list[Skipped]) -> CheckError:
    reasons = [f"{s.question}: {s.gold_rows} gold records; {s.reason}" for s in skipped] or ["gold.jsonl is empty"]
    return CheckError(
        f"no question of {book.ref} could be trained:\n  - " + "\n  - ".join(reasons),
        "label more items, or change [split] in warraq.toml and run `warraq split`",
    )


def _versions() -> dict[str, str]:
    """The libraries that decide the figures."""
    return {package: version(package) for package in ("numpy", "scikit-learn", "skops")}
