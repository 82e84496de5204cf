"""`warraq resolve`."""

import typer

from scripts import console


def resolve(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Settle the votes into gold, by majority; ties stay ties."""
    from corpus.labeling.resolve import resolve as step

    with console.progress("counting votes") as progress:
        report = step(console.workspace(ctx), progress)
    console.show(
        report,
        as_json,
        f"{report.units:,} questions settled",
        *(f"  {question}: {console.counts(statuses)}" for question, statuses in report.per_question.items()),
    )
