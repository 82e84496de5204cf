"""`warraq status`."""

import sys
from typing import TYPE_CHECKING

import typer

from corpus.codebook import Codebook
from scripts import console

if TYPE_CHECKING:
    from corpus.labeling.sync.status import StatusReport


def status(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Say how far labeling has come: items, pace, people, questions, agreement so far."""
    from corpus.labeling.sync.server import connect
    from corpus.labeling.sync.status import status as step

    workspace = console.workspace(ctx)
    with console.progress("asking Label Studio") as progress:
        report = step(workspace, connect(workspace), progress)
    if sys.stdout.isatty() and not as_json:
        _bars(report)
    book = workspace.codebook()
    left = f"; about {report.days_left:,.1f} days of work left" if report.days_left is not None else ""
    console.show(
        report,
        as_json,
        f"{report.items:,} items, {report.tasks:,} on the server: {report.done:,} done, {report.begun:,} begun,"
        f" {report.waiting:,} waiting; {report.skipped:,} answers were skips",
        *([f"  {report.per_day:,.1f} items a day{left}"] if report.per_day is not None else []),
        *(
            f"  {person}: {console.counts(done)}{' (behind)' if person in report.behind else ''}"
            for person, done in report.per_annotator.items()
        ),
        *(
            f"  {question}: {_named(book, question, given)}; alpha {_alpha(report.agreement[question])}"
            for question, given in report.per_question.items()
        ),
    )


def _bars(report: "StatusReport") -> None:
    """The items done and each person's items, as bars as wide as the terminal lets them be."""
    from rich.console import Console
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    for name, done in ({"all": report.done} | report.judged).items():
        table.add_row(name, ProgressBar(total=report.items, completed=done, width=40), f"{done:,} of {report.items:,}")
    Console().print(table)


def _alpha(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.2f}"


def _named(book: Codebook, question: str, given: dict[str, int]) -> str:
    """The answers that were given, by their English names: a topic's value is a code, and its name may hold commas."""
    names = {choice.value: choice.name["en"] for choice in book.question(question).choices}
    return "; ".join(f"{count:,} {names[value]}" for value, count in given.items() if count) or "no answers"
