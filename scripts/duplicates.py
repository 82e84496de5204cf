"""`warraq duplicates`."""

import typer

from scripts import console


def duplicates(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Find articles that are copies of each other, so that no two sides of a split share a text."""
    from corpus.curate.duplicates import duplicates as step

    with console.progress("comparing articles") as progress:
        report = step(console.workspace(ctx), progress)
    console.show(
        report,
        as_json,
        f"{report.articles:,} articles: {report.clusters:,} clusters of copies with {report.in_clusters:,} articles"
        f" ({console.counts(report.kinds)})",
    )
