"""What `train` found, as values: everything that reports/baselines.json holds. Shares and scores are from 0 to 1. No files."""

from typing import Any

from msgspec import Struct

from baselines.evaluate import Interval, Scores
from baselines.paired import Difference


class Label(Struct, frozen=True):
    """One label of the codebook, and its rows in each split."""

    value: str
    name: dict[str, str]
    rows: dict[str, int]


class Chosen(Struct, frozen=True):
    """The model in words, and how little its classifier is held back: C, or 1/alpha of a ridge."""

    features: str
    strength: float


class Tried(Struct, frozen=True):
    """One candidate of one choice, and its macro-F1 by cross-validation inside train: the ablation."""

    choice: str
    candidate: str
    score: float


class Feature(Struct, frozen=True):
    """A feature of the linear model: its family (words, stems, letters …), its text, its weight."""

    unit: str
    text: str
    weight: float


class Slice(Struct, frozen=True):
    """The score on some of the rows, or of a model that learnt from some of them: `rows` are those that it is named by."""

    name: str
    rows: int
    macro_f1: float | None
    interval: Interval


class Shortcut(Struct, frozen=True):
    """The model given one part of the input alone. `near`: it comes near the whole."""

    part: str
    macro_f1: float | None
    interval: Interval
    near: bool


class Bin(Struct, frozen=True, omit_defaults=True):
    """Rows whose label got a probability between `low` and `high`: their mean probability, and the share that is right.

    Where a text may have several labels, each has bins of its own: of all rows, and the share that has the label.
    """

    low: float
    high: float
    rows: int
    confidence: float
    right: float
    label: str | None = None


class Piece(Struct, frozen=True):
    """A piece of a text; `marked` where the model took it for evidence."""

    text: str
    marked: bool


class Mistake(Struct, frozen=True):
    """A row of test that the model got wrong: `probability` is that of the label it gave; the text may be cut at its end."""

    article_id: str
    item_id: str | None
    target: str | None
    gold: str
    predicted: str
    probability: float
    title: list[Piece]
    text: list[Piece]


class Doubt(Struct, frozen=True):
    """One line of reports/doubtful.jsonl: a gold label that a model which had not seen it doubts.

    `margin` is its probability less the best other label's, -1 to 1. `flagged`: confident learning calls it a label error.
    """

    item_id: str | None
    article_id: str
    target: str | None
    question: str
    gold: str
    suggested: str
    margin: float
    flagged: bool


class Audit(Struct, frozen=True):
    """How far the score can be trusted. Fits for it take the model's choices as they are, without offsets and calibration.

    `whole` is the score of such a fit on all of train: what curve and shortcuts compare with.
    """

    whole: Slice
    curve: list[Slice]
    shortcuts: list[Shortcut]
    per_target: list[Slice]
    per_outlet: list[Slice]
    per_month: list[Slice]
    cross_target: list[Slice]
    reliability: list[Bin]
    mistakes: list[Mistake]
    doubts: int
    flagged: int


class QuestionReport(Struct, frozen=True):
    """One question: `gold_rows` = the sum of `rows` + the sum of `left_out`. Labels are in codebook order."""

    question: str
    kind: str
    name: dict[str, str]
    gold_rows: int
    rows: dict[str, int]
    left_out: dict[str, int]
    labels: list[Label]
    chosen: Chosen
    tried: list[Tried]
    recipe: dict[str, Any]
    validation: Scores
    majority: Scores
    plain: Scores
    model: Scores
    against_majority: Difference
    against_plain: Difference
    strongest: dict[str, list[Feature]]
    audit: Audit
    data_sha256: str
    model_version: str


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
