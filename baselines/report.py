"""What `train` found, as one value, and as one HTML page that needs no network, no script and no second file."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from baselines.evaluate import Interval, Scores
from baselines.selection import Candidate

SMALL_TEST = 100
"""Rows of test below which the page warns; a share of 0.5 then has an interval wider than 2·1.96·√(.25/100) ≈ 0.2."""


class Label(Struct, frozen=True):
    """One label of the codebook, and its rows in each split."""

    value: str
    name: dict[str, str]
    rows: dict[str, int]


class Feature(Struct, frozen=True):
    """One feature of a linear model, for people: "words" or "characters", where it counts, its text, its weight."""

    unit: str
    where: str
    text: str
    weight: float


class QuestionReport(Struct, frozen=True):
    """One question: `gold_rows` = the sum of `rows` + the sum of `left_out`. Labels are in codebook order."""

    question: str
    name: dict[str, str]
    gold_rows: int
    rows: dict[str, int]
    left_out: dict[str, int]
    labels: list[Label]
    candidates: list[Candidate]
    chosen: Candidate
    majority_validation_macro_f1: float
    majority: Scores
    model: Scores
    strongest: dict[str, list[Feature]]
    data_sha256: str


class Skipped(Struct, frozen=True):
    """A question that has gold but no model, and why."""

    question: str
    gold_rows: int
    reason: str


class TrainReport(Struct, frozen=True, omit_defaults=True):
    """Everything that `train` found. `seconds` a question are for the caller only: files hold no times."""

    corpus: str
    version: str
    codebook: str
    seed: int
    versions: dict[str, str]
    questions: list[QuestionReport]
    skipped: list[Skipped]
    seconds: dict[str, float] = {}


def html(report: TrainReport) -> str:
    """The report as one HTML page. Every text of the corpus is escaped and kept in its own direction."""
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["number"] = _number
    pages.filters["interval"] = _interval
    return pages.get_template("report.html").render(report=report, small_test=SMALL_TEST)


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _interval(value: Interval) -> str:
    return "no interval" if value is None else f"{value[0]:.3f}–{value[1]:.3f}"
