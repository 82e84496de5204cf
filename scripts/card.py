"""`warraq card`."""

import typer

from scripts import console


def card(
    ctx: typer.Context,
    as_json: console.Json = False,
) -> None:
    """Write the papers of the release: card, plots, Croissant, citation. Prose is read from card.toml, which is left alone."""
    from corpus.release.papers.card import fill

    report = fill(console.workspace(ctx))
    console.show(
        report,
        as_json,
        f"{len(report.papers)} papers written in {report.release}: {', '.join(report.papers)}",
        *([f"  a person has still to write in card.toml: {', '.join(report.unfilled)}"] if report.unfilled else []),
    )
