"""Train the baselines: each question with choices is fitted on train, checked on validation, scored once on test.

Reads gold, articles, items, splits, annotations (for their dates), targets.yaml and the codebook. Writes models/QUESTION.skops
with QUESTION.json beside it, reports/baselines.json, reports/baselines.html, reports/doubtful.jsonl and
reports/BASELINES.md. The same input gives the same bytes.
"""

import hashlib
import warnings
from collections import Counter
from importlib import import_module
from importlib.metadata import version
from time import perf_counter

import msgspec
from msgspec import Struct
from threadpoolctl import threadpool_limits

from baselines import audits, label_audit, models, paired, reading, report, rows, table, yardsticks
from baselines.audits import Fitter
from baselines.benchmarks.metrics import MACRO
from baselines.evaluate import Scores, counts, macro, score
from baselines.examples import Example, Model, Task, labels_of
from baselines.models import ModelCard
from baselines.results import Audit, Doubt, Label, QuestionReport, Skipped, TrainReport
from baselines.rows import SPLITS, Row, Rows
from corpus import store
from corpus.codebook import Codebook
from corpus.errors import CheckError
from corpus.progress import Progress, quiet
from corpus.records import Annotation
from corpus.workspace import Workspace

STRONGEST = 15
"""Features shown a class."""
MISTAKES = 10
"""Wrong rows shown a question."""


class _Question(Struct, frozen=True):
    """One question while it is trained; `said` are the labels that each system gives the rows of test."""

    data: Rows
    task: Task
    labels: list[Label]
    model: Model
    said: dict[str, list[str]]
    seed: int

    def scores(self, split: str, said: list[str]) -> Scores:
        test = self.data.of(split)
        gold, groups = [row.example.label for row in test], [row.example.group for row in test]
        values = [label.value for label in self.labels]
        return score(gold, said, groups, values, self.seed, several=self.task.kind == "multiple")

    def against(self, other: str) -> paired.Difference:
        test = self.data.of("test")
        gold, groups = [row.example.label for row in test], [row.example.group for row in test]
        values = [label.value for label in self.labels]
        ours, theirs = (counts(gold, self.said[of], groups, values).astype(float) for of in ("model", other))
        return paired.compare(ours, theirs, macro, self.seed)


def train(workspace: Workspace, progress: Progress = quiet, seed: int = 1) -> TrainReport:
    """Train and score the baselines of every single- or multiple-choice question, and write models and reports.

    Args:
        workspace: the corpus; needs gold and splits.
        progress: told of each question fitted, and of each audited.
        seed: of folds, fits and resampling.

    Raises:
        CorpusError: a file is missing or wrong.
        CheckError: no question could be trained, or a group of articles is in two splits.
    """
    book = workspace.codebook()
    questions, others = rows.read(workspace, book)
    skipped = [Skipped(id, gold, _why_skipped(id, book)) for id, gold in others.items()]
    trained: list[QuestionReport] = []
    seconds: dict[str, float] = {}
    doubts: list[Doubt] = []
    for number, data in enumerate(questions):
        start = perf_counter()
        progress(2 * number, 2 * len(questions))
        # scikit-learn takes many labels for numbers. Small sums: more threads would wait, and add in another order.
        with warnings.catch_warnings(action="ignore", category=UserWarning), threadpool_limits(1):
            try:
                fitted = _fit(data, workspace.config.language, seed)
            except CheckError as error:
                skipped.append(Skipped(data.question.id, data.gold_rows, error.what))
                continue
            progress(2 * number + 1, 2 * len(questions))
            audit, doubtful = _audit(fitted)
            trained.append(_finish(workspace, book, fitted, audit))
        doubts += doubtful
        seconds[data.question.id] = perf_counter() - start
    if not trained:
        raise _nothing_trained(book, skipped)
    config = workspace.config
    found = TrainReport(config.name, config.version, book.ref, seed, _versions(), trained, skipped)
    names = {target.id: target.names[config.language] for target in workspace.targets()}
    store.write_json(workspace.reports / "baselines.json", found)
    store.write_bytes(workspace.reports / "baselines.html", report.html(found, names).encode())
    store.write_bytes(workspace.reports / "BASELINES.md", table.markdown(found).encode())
    store.write(workspace.reports / "doubtful.jsonl", sorted(doubts, key=label_audit.ranked)[: label_audit.MOST])
    return msgspec.structs.replace(found, seconds=seconds)


def _fit(data: Rows, language: str, seed: int) -> _Question:
    """Fit a question's model and yardsticks on train, and let them label test."""
    _check(data)
    labels = _labels(data)
    known = tuple(label.value for label in labels if label.rows["train"])
    several = data.question.type == "multiple"
    task = Task("multiple" if several else data.kind, known, MACRO.metric([label.value for label in labels]), language)
    learnt, test = _examples(data.of("train")), _examples(data.of("test"))
    model: Model = import_module(f"baselines.recipes.{task.kind}").fit(task, learnt, seed)
    together = sorted({example.label for example in learnt}) if several else known
    said = {
        "model": model.predict(test),
        "plain": yardsticks.Plain(learnt, seed, several).predict(test),
        "majority": [yardsticks.majority(learnt, together)] * len(test),
    }
    return _Question(data, task, labels, model, said, seed)


def _audit(of: _Question) -> tuple[Audit, list[Doubt]]:
    """Everything that says how far the score can be trusted."""
    labels = tuple(label.value for label in of.labels)
    fitter = Fitter(msgspec.structs.replace(of.task, labels=labels), of.model.recipe, labels, of.seed)
    learnt, test = of.data.of("train"), of.data.of("test")
    curve = audits.curve(fitter, _examples(learnt), _examples(test))
    doubts = label_audit.doubts(fitter, of.data.rows, of.data.question.id)
    majority = of.scores("test", of.said["majority"]).macro_f1 or 0.0
    said = of.said["model"]
    audit = Audit(
        whole=curve[-1],
        curve=curve,
        shortcuts=audits.shortcuts(fitter, learnt, test, curve[-1], majority),
        per_target=audits.slices(fitter, test, said, lambda row: row.target or ""),
        per_outlet=audits.slices(fitter, test, said, lambda row: row.outlet),
        per_month=audits.slices(fitter, test, said, lambda row: row.month),
        cross_target=audits.cross_target(fitter, of.data.rows),
        reliability=reading.reliability(of.model, _examples(test)),
        mistakes=reading.mistakes(of.model, test, said, MISTAKES),
        doubts=len(doubts),
        flagged=sum(doubt.flagged for doubt in doubts),
    )
    return audit, doubts


def _finish(workspace: Workspace, book: Codebook, of: _Question, audit: Audit) -> QuestionReport:
    """Write a question's model with its card, and say what was found."""
    data, question = of.data, of.data.question
    file = models.dump(of.model)
    card = _card(workspace, book, of, hashlib.sha256(file).hexdigest())
    models.save(workspace.models, file, card)
    return QuestionReport(
        question=question.id,
        kind=card.kind,
        name=question.name,
        gold_rows=data.gold_rows,
        rows=card.rows,
        left_out=data.left_out,
        labels=of.labels,
        chosen=reading.chosen(of.model),
        tried=reading.tried(of.model),
        recipe=card.recipe,
        validation=card.validation,
        majority=of.scores("test", of.said["majority"]),
        plain=of.scores("test", of.said["plain"]),
        model=card.test,
        against_majority=of.against("majority"),
        against_plain=of.against("plain"),
        strongest=reading.strongest(of.model, STRONGEST),
        audit=audit,
        data_sha256=card.data_sha256,
        model_version=card.name,
    )


def _card(workspace: Workspace, book: Codebook, of: _Question, sha256: str) -> ModelCard:
    data = of.data
    return ModelCard(
        question=data.question.id,
        kind=of.task.kind,
        corpus=workspace.config.name,
        version=workspace.config.version,
        codebook=book.ref,
        labels=list(of.model.labels),
        targets=sorted({row.target for row in data.of("train") if row.target}),
        date=_newest(workspace, data),
        rows={split: len(data.of(split)) for split in SPLITS},
        recipe=of.model.recipe,
        validation=of.scores("validation", of.model.predict(_examples(data.of("validation")))),
        test=of.scores("test", of.said["model"]),
        data_sha256=data.sha256(),
        sha256=sha256,
        seed=of.seed,
        versions=_versions(),
    )


def _check(data: Rows) -> None:
    """Refuse rows that cannot be learnt from or scored on."""
    told = "rows: " + ", ".join(f"{split} {len(data.of(split))}" for split in SPLITS)
    if not all(data.of(split) for split in SPLITS):
        raise CheckError(f"a split is empty ({told})", "label more, or divide anew: `warraq split`")
    if len(labels := {row.example.label for row in data.of("train")}) < 2:
        raise CheckError(f"train has a single label, {' + '.join(labels_of(labels.pop()))} ({told})", "label more articles")
    if data.question.type == "multiple" and data.kind == "pair":
        raise CheckError("several labels for a claim: no baseline reads claims so", "ask a single choice about claims")


def _examples(some: list[Row]) -> list[Example]:
    return [row.example for row in some]


def _labels(data: Rows) -> list[Label]:
    """The labels that occur in the gold, in codebook order, with their rows."""
    rows_of = {split: Counter(label for row in data.of(split) for label in labels_of(row.example.label)) for split in SPLITS}
    found = [
        Label(value, data.question.choice(value).name, {split: rows_of[split][value] for split in SPLITS})
        for value in data.question.values
    ]
    return [label for label in found if any(label.rows.values())]


def _newest(workspace: Workspace, data: Rows) -> str | None:
    """When the newest judgment on the rows of train was last changed."""
    items = {item.id for item in rows.items_of(workspace, data.of("train"))}
    judged = (a for a in store.read_if_any(workspace.annotations, Annotation) if a.item_id in items)
    return max((a.updated for a in judged if data.question.id in a.answers), default=None)


def _why_skipped(question_id: str, book: Codebook) -> str:
    """Why gold of this question was not turned into rows."""
    if question_id not in {question.id for question in book.questions}:
        return f"codebook {book.ref} has no such question"
    return f"a {book.question(question_id).type} question; baselines are for single and multiple choice"


def _nothing_trained(book: Codebook, skipped: list[Skipped]) -> CheckError:
    reasons = [f"{s.question}: {s.gold_rows} gold records; {s.reason}" for s in skipped] or ["gold.jsonl is empty"]
    return CheckError(
        f"no question of {book.ref} could be trained:\n  - " + "\n  - ".join(reasons),
        "label more items, or change [split] in warraq.toml and run `warraq split`",
    )


def _versions() -> dict[str, str]:
    """The libraries that decide the figures."""
    return {package: version(package) for package in ("numpy", "scikit-learn", "skops")}
