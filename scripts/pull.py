"""`warraq pull`."""

import typer

from scripts import console


def pull(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Fetch every submitted or skipped annotation from Label Studio."""
    from corpus.labeling.sync.pull import pull as step
    from corpus.labeling.sync.server import connect

    workspace = console.workspace(ctx)
    with console.progress("fetching annotations") as progress:
        report = step(workspace, connect(workspace), progress)
    console.show(
        report,
        as_json,
        f"{report.on_server:,} annotations = {report.submitted:,} submitted + {report.skipped:,} skipped"
        f" + {report.rejected:,} rejected{console.reasons(report.reasons)}",
        f"  {report.new:,} new, {report.changed:,} changed, {report.gone:,} gone since the last pull",
    )
