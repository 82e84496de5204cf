"""`warraq split`."""

import typer

from scripts import console


def split(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Put every article on one side: train, validation or test; copies and parts of one page stay together."""
    from corpus.curate.splits import split as step

    with console.progress("grouping articles") as progress:
        report = step(console.workspace(ctx), progress)
    console.show(
        report,
        as_json,
        f"{report.articles:,} articles: {console.counts(report.splits)}",
        f"  {report.groups:,} groups, {report.larger_groups:,} of them of several articles; seed {report.seed}",
    )
