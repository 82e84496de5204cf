"""`warraq train`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from scripts import console

if TYPE_CHECKING:
    from baselines.results import QuestionReport


def train(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Train the baselines of each question, score them once on test, and write the report."""
    from baselines.train import train as step

    workspace = console.workspace(ctx)
    with console.progress("training") as progress:
        report = step(workspace, progress)
    console.show(
        report,
        as_json,
        *(line for q in report.questions for line in _told(q)),
        *(f"{s.question}: left out, because {s.reason}" for s in report.skipped),
        f"  written to {workspace.reports / 'baselines.html'} and {workspace.models}",
    )


def _told(q: "QuestionReport") -> Iterator[str]:
    """The scores of a question, and why not to trust them: what the report warns of."""
    from baselines.report import SMALL_TEST, SURE

    yield f"{q.question}: {console.counts(q.rows)} rows; macro-F1 on test, with its 95% interval"
    for name, of in (
        (f"the model, {q.chosen.features}", q.model),
        ("plain TF-IDF with LinearSVC", q.plain),
        ("the most frequent label always", q.majority),
    ):
        yield f"  {console.score(of.macro_f1, of.macro_f1_interval)}  {name}"
    if q.model.rows < SMALL_TEST:
        yield f"  warning: test has only {q.model.rows} rows: read the intervals, not the scores"
    if q.against_majority.difference <= 0 or q.against_majority.p >= SURE:
        yield f"  warning: cannot be told from the most frequent label (p = {q.against_majority.p:.3f})"
    for shortcut in q.audit.shortcuts:
        if shortcut.near:
            yield f"  warning: comes near its score with only the {shortcut.part}"
