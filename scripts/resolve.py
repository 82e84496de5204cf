"""`warraq resolve`."""

from typing import Annotated, Literal

import typer

from scripts import console

Method = Literal["majority", "dawid-skene", "mace"]


def resolve(
    ctx: typer.Context,
    method: Annotated[Method, typer.Option(help="Count votes, or model how reliable each annotator is.")] = "majority",
    as_json: console.Json = False,
) -> None:
    """Settle the votes into gold, with soft labels and each annotator's reliability; ties stay ties."""
    from corpus.labeling.resolve import resolve as step

    workspace = console.workspace(ctx)
    with console.progress("counting votes") as progress:
        report = step(workspace, method, progress)
    console.show(
        report,
        as_json,
        f"{report.units:,} questions settled by {report.method}",
        *(f"  {question}: {console.counts(statuses)}" for question, statuses in report.per_question.items()),
        *(
            f"  {question}: answered no better than chance, look at it: {', '.join(people)}"
            for question, people in report.spammers.items()
            if people
        ),
        f"  how reliable each annotator is: {workspace.reports / 'gold.json'}",
    )
