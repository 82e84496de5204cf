"""`warraq status`."""

import typer

from scripts import console


def status(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Say how far labeling has come: items, people, questions."""
    from corpus.labeling.sync.pull import status as step
    from corpus.labeling.sync.server import connect

    workspace = console.workspace(ctx)
    with console.progress("asking Label Studio") as progress:
        report = step(workspace, connect(workspace), progress)
    waiting = report.tasks - report.done - report.begun
    console.show(
        report,
        as_json,
        f"{report.items:,} items, {report.tasks:,} on the server: {report.done:,} done, {report.begun:,} begun,"
        f" {waiting:,} waiting; {report.skipped:,} answers were skips",
        *(f"  {person}: {console.counts(done)}" for person, done in report.per_annotator.items()),
        *(f"  {question}: {console.counts(given)}" for question, given in report.per_question.items()),
    )
