"""The blocks of a card that come from reports/: agreement and baselines. Without a report, a sentence."""

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from corpus.errors import CorpusError
from corpus.release.tables import escaped, table

T = TypeVar("T")
Interval = tuple[float, float] | None


class AgreementOf(Struct):
    """Agreement on one question, as in reports/agreement.json; null where it is not defined."""

    question: str
    units: int
    annotators: int
    answers: int
    alpha: float | None
    alpha_interval: Interval
    raw: float | None
    raw_interval: Interval
    note: str | None


class Agreement(Struct):
    """reports/agreement.json."""

    questions: list[AgreementOf]


class System(Struct):
    """A system that was tried."""

    features: str
    strength: float | None


class Score(Struct):
    """Macro-F1 on the test split, in 0..1; null where it is not defined."""

    macro_f1: float | None
    macro_f1_interval: Interval


class Trained(Struct):
    """One question: the system chosen on validation, its score, and that of the majority class."""

    question: str
    rows: dict[str, int]
    chosen: System
    model: Score
    majority: Score


class Skipped(Struct):
    """A question that has no model, and why."""

    question: str
    reason: str


class Baselines(Struct):
    """What the card tells of reports/baselines.json."""

    questions: list[Trained]
    skipped: list[Skipped]


def agreement(path: Path) -> str:
    """Krippendorff's alpha and raw agreement a question."""
    report = _read(path, Agreement)
    if report is None:
        return "Not measured yet (`warraq agreement`)."
    rows = [
        [
            f"`{q.question}`",
            q.units,
            q.annotators,
            q.answers,
            _score(q.alpha, q.alpha_interval),
            _score(q.raw, q.raw_interval),
            q.note,
        ]
        for q in report.questions
    ]
    head = ["question", "units", "annotators", "answers", "Krippendorff's alpha", "raw agreement", "note"]
    return table(head, rows) + "\n\nWith 95% bootstrap intervals."


def baselines(path: Path) -> str:
    """Macro-F1 of the chosen model and of the majority class a question, on the test split."""
    report = _read(path, Baselines)
    if report is None:
        return "Not trained yet (`warraq train`)."
    rows = [
        [
            f"`{q.question}`",
            q.chosen.features + (f" (C = {q.chosen.strength:g})" if q.chosen.strength is not None else ""),
            q.rows.get("test"),
            _score(q.model.macro_f1, q.model.macro_f1_interval),
            _score(q.majority.macro_f1, q.majority.macro_f1_interval),
        ]
        for q in report.questions
    ]
    head = ["question", "model", "test rows", "macro-F1", "macro-F1 of the majority class"]
    notes = [
        "With 95% bootstrap intervals.",
        *(f"`{q.question}` has no model: {escaped(q.reason)}." for q in report.skipped),
    ]
    return table(head, rows) + "\n\n" + "\n\n".join(notes)


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise CorpusError(f"{path} is not a valid report: {error}", "run the command that writes it again") from None


def _score(value: float | None, interval: Interval) -> str:
    if value is None:
        return "not defined"
    return f"{value:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")
