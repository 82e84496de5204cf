"""`warraq publish`."""

import typer

from scripts import console


def publish(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Build the dataset in release/, ready for `datasets.load_dataset`, with its card."""
    from corpus.release.dataset import publish as step

    workspace = console.workspace(ctx)
    with console.progress("writing the release") as progress:
        report = step(workspace, progress)
    console.show(
        report,
        as_json,
        *(f"{config}: {console.counts(rows)} rows" for config, rows in report.rows.items()),
        *(f"  left out of {config}: {console.counts(reasons)}" for config, reasons in report.left_out.items() if reasons),
        f"  {len(report.files)} files in {workspace.release}; open it with datasets.load_dataset({str(workspace.release)!r})",
    )
