"""`warraq convert`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import CheckError
from scripts import console

_NOTHING = "  no file was found there: name files, archives, or a folder with some in it"
CPUS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def convert(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders and archives.")],
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Where a table has a field, like text=body; may be repeated."),
    ] = None,
    format: Annotated[str, typer.Option(help="auto: each file's content decides. Or one format for all files.")] = "auto",
    workers: Annotated[
        int, typer.Option(min=1, help="Processes that read; any number gives the same files.", show_default="one a core")
    ] = CPUS,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what the reader sees in the files, block by block, and write nothing.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with exit code 1 if a record was rejected.")] = False,
    as_json: console.Json = False,
) -> None:
    """Turn pages, feeds, tables and archives into articles; say why what could not be turned was rejected."""
    from corpus.articles.convert import convert as step
    from corpus.articles.explain import explained, lines
    from corpus.articles.settings import settings_of

    workspace = console.workspace(ctx)
    settings = settings_of(workspace, columns or [], format)
    if explain:
        shown = explained(paths, settings)
        console.show(shown, as_json, *lines(shown))
        return
    with console.progress("converting files") as progress:
        report = step(workspace, paths, progress, workers, settings)
    dates = (
        f"  dates that became null, or were Hijri: {console.counts(report.notes)}; see {workspace.reports / 'convert.json'}"
    )
    other = (
        f"  stored articles in languages that warraq.toml does not keep: {report.removed:,} removed;"
        f" {report.kept:,} kept, as items.jsonl has them"
    )
    console.show(
        report,
        as_json,
        f"{report.records:,} records in {report.files:,} files = {report.articles:,} articles + {report.rejected:,} rejected"
        f"{console.reasons(report.reasons)}",
        f"  {report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged; the corpus has {report.total:,}",
        f"  languages: {console.counts(report.languages)}",
        *([other] if report.removed or report.kept else []),
        *([dates] if report.notes else []),
        *([f"  each reject with its reason: {workspace.rejects}"] if report.rejected else []),
        *([_NOTHING] if not report.files else []),
    )
    if strict and report.rejected:
        raise CheckError(f"{report.rejected} records were rejected", f"read {workspace.rejects}")
