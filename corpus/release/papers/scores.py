"""The blocks of a card that tell how well people agree and models do, and what they take from reports/.

Agreement is counted from the release (see `measured`); its intervals come from reports/agreement.json, and stand only where
the report's figure is the release's, to three decimals. Models are not released: their scores are those of
reports/baselines.json.
"""

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from corpus.errors import CorpusError
from corpus.release.papers.measured import Interval, Measured
from corpus.release.papers.tables import Cell, escaped, table

T = TypeVar("T")


class AgreementOf(Struct, frozen=True):
    """The figures of reports/agreement.json on one question; null where one is not defined."""

    question: str
    alpha: float | None
    alpha_interval: Interval
    raw: float | None
    raw_interval: Interval


class Agreement(Struct, frozen=True):
    """What the card takes from reports/agreement.json."""

    questions: list[AgreementOf]


class System(Struct, frozen=True):
    """A system that was tried."""

    features: str
    strength: float | None


class Score(Struct, frozen=True):
    """Macro-F1 on the test split, in 0..1; null where it is not defined."""

    macro_f1: float | None
    macro_f1_interval: Interval


class Trained(Struct, frozen=True):
    """One question: the system chosen on validation, its score, and that of the majority class."""

    question: str
    rows: dict[str, int]
    chosen: System
    model: Score
    majority: Score


class Skipped(Struct, frozen=True):
    """A question that has no model, and why."""

    question: str
    reason: str


class Baselines(Struct, frozen=True):
    """What the card takes from reports/baselines.json."""

    questions: list[Trained]
    skipped: list[Skipped]


class Reported(Struct, frozen=True):
    """What the card takes from reports/; null where there is no report."""

    agreement: Agreement | None = None
    baselines: Baselines | None = None


def read(reports: Path) -> Reported:
    """What reports/ says.

    Raises:
        CorpusError: a report is not valid.
    """
    return Reported(_read(reports / "agreement.json", Agreement), _read(reports / "baselines.json", Baselines))


def with_intervals(measured: list[Measured], reported: Agreement | None) -> list[Measured]:
    """Agreement as counted, with the intervals of those reported figures that are the same."""
    told = {of.question: of for of in reported.questions} if reported else {}
    return [_with_intervals(counted, told.get(counted.question)) for counted in measured]


def _with_intervals(counted: Measured, told: AgreementOf | None) -> Measured:
    if told is None:
        return counted
    return msgspec.structs.replace(
        counted,
        alpha_interval=told.alpha_interval if score(told.alpha) == score(counted.alpha) else None,
        raw_interval=told.raw_interval if score(told.raw) == score(counted.raw) else None,
    )


def agreement(measured: list[Measured]) -> str:
    """Krippendorff's alpha and raw agreement a question."""
    if not measured:
        return "There are no annotations."
    rows: list[list[Cell]] = [
        [f"`{m.question}`", m.units, m.annotators, m.answers, score(m.alpha, m.alpha_interval), score(m.raw, m.raw_interval)]
        for m in measured
    ]
    head = ["question", "units", "annotators", "answers", "Krippendorff's alpha", "raw agreement"]
    note = "Units are those that two people or more have judged. Brackets hold 95% bootstrap intervals."
    return table(head, rows) + "\n\n" + note


def baselines(report: Baselines | None) -> str:
    """Macro-F1 of the chosen model and of the majority class a question, on the test split."""
    if report is None:
        return "Not trained yet (`warraq train`)."
    rows = [
        [
            f"`{q.question}`",
            q.chosen.features + (f" (C = {q.chosen.strength:g})" if q.chosen.strength is not None else ""),
            q.rows.get("test"),
            score(q.model.macro_f1, q.model.macro_f1_interval),
            score(q.majority.macro_f1, q.majority.macro_f1_interval),
        ]
        for q in report.questions
    ]
    head = ["question", "model", "test rows", "macro-F1", "macro-F1 of the majority class"]
    notes = [
        "Brackets hold 95% bootstrap intervals.",
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


def score(value: float | None, interval: Interval = None) -> str:
    """A figure as it is printed, with its interval."""
    if value is None:
        return "not defined"
    return f"{value:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")
