"""What `train` found as one HTML page that needs no network, no script and no second file. Writes nothing."""

from base64 import b64encode
from pathlib import Path

from baselines import figures
from baselines.results import TrainReport
from corpus import page

SMALL_TEST = 100
"""Rows of test below which the page warns; a share of 0.5 then has an interval wider than 2·1.96·√(.25/100) ≈ 0.2."""
SURE = 0.05
"""Level below which a difference is called one."""


def html(report: TrainReport, targets: dict[str, str]) -> str:
    """The report as one HTML page. Every text of the corpus is escaped and kept in its own direction.

    Args:
        report: what was found.
        targets: what to call each target, by id.
    """
    plots = {
        q.question: [_uri(png) for png in (figures.curve(q.audit), *figures.reliability(q.audit)) if png is not None]
        for q in report.questions
    }
    template = Path(__file__).parent / "report.html"
    return page.render(template, report=report, small_test=SMALL_TEST, sure=SURE, plots=plots, targets=targets)


def _uri(png: bytes) -> str:
    return "data:image/png;base64," + b64encode(png).decode()
