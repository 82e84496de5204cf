"""`warraq train`."""

import typer

from scripts import console


def train(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Train the baselines of each question, score them once on test, and write the report."""
    from baselines.train import train as step

    workspace = console.workspace(ctx)
    with console.progress("training") as progress:
        report = step(workspace, progress)
    console.show(
        report,
        as_json,
        *(
            f"{q.question}: {q.chosen.name} macro-F1 {console.score(q.model.macro_f1.value, q.model.macro_f1.interval)};"
            f" always the most frequent label {console.score(q.majority.macro_f1.value, q.majority.macro_f1.interval)}"
            f" ({console.counts(q.rows)})"
            for q in report.questions
        ),
        f"  written to {workspace.reports / 'baselines.html'} and {workspace.models}",
    )
