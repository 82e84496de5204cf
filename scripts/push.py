"""`warraq push`."""

import typer

from scripts import console


def push(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Send the items to Label Studio that it does not hold yet."""
    from corpus.labeling.sync.push import push as step
    from corpus.labeling.sync.server import connect

    workspace = console.workspace(ctx)
    with console.progress("sending items") as progress:
        report = step(workspace, connect(workspace), progress)
    console.show(
        report,
        as_json,
        f"{report.items:,} items = {report.present:,} there already + {report.sent:,} sent"
        f" + {report.text_changed:,} whose text has changed since they were sampled",
        f"  project {report.title!r} at {report.server}/projects/{report.project}",
    )
