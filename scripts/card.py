"""`warraq card`."""

import typer

from scripts import console


def card(
    ctx: typer.Context,
    as_json: console.Json = False,
) -> None:
    """Write the released figures into the dataset card; the prose that people wrote is left alone."""
    from corpus.release.card import fill

    report = fill(console.workspace(ctx))
    console.show(
        report,
        as_json,
        f"{len(report.blocks)} blocks of figures written in {report.card}, and in {report.readme}",
        *([f"  a person has still to write: {', '.join(report.unfilled)}"] if report.unfilled else []),
    )
