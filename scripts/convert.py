"""`warraq convert`."""

from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import CheckError
from scripts import console


def convert(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders and tar archives.")],
    strict: Annotated[bool, typer.Option("--strict", help="End with exit code 1 if a record was rejected.")] = False,
    as_json: console.Json = False,
) -> None:
    """Turn pages, TREC files, JSONL and CSV into articles; say why what could not be turned was rejected."""
    from corpus.articles.convert import convert as step

    workspace = console.workspace(ctx)
    with console.progress("converting files") as progress:
        report = step(workspace, paths, progress)
    undated = f"  {report.dates_not_understood} dates were not understood and are null" if report.dates_not_understood else ""
    console.show(
        report,
        as_json,
        f"{report.records:,} records in {report.files:,} files = {report.articles:,} articles + {report.rejected:,} rejected"
        f"{console.reasons(report.reasons)}",
        f"  {report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged; the corpus has {report.total:,}",
        *([undated] if undated else []),
    )
    if strict and report.rejected:
        raise CheckError(f"{report.rejected} records were rejected", f"read {workspace.rejects}")
