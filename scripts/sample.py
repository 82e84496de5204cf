"""`warraq sample`."""

from typing import Annotated

import typer

from scripts import console


def sample(
    ctx: typer.Context,
    n: Annotated[
        int | None, typer.Option("--n", min=1, help="Items in all, with those chosen before; all if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides which items, within targets and months.")] = 1,
    as_json: console.Json = False,
) -> None:
    """Choose what to label: articles in which a target's phrases occur, evenly over targets and months."""
    from corpus.curate.sample import sample as step

    with console.progress("searching articles") as progress:
        report = step(console.workspace(ctx), n, seed, progress)
    console.show(
        report,
        as_json,
        f"{report.articles:,} articles: {report.duplicates:,} are copies, {report.without_phrase:,} mention no target;"
        f" the others give {report.candidates:,} candidates",
        f"{report.items:,} items ({report.added:,} new; {report.not_sampled:,} candidates left):"
        f" {console.counts(report.per_target)}",
    )
