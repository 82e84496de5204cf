"""`warraq convert`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import CheckError
from scripts import console

if TYPE_CHECKING:
    from corpus.articles.convert import ConvertReport
    from corpus.workspace import Workspace

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
    console.show(report, as_json, *_told(report, workspace))
    if strict and report.rejected:
        raise CheckError(f"{report.rejected} records were rejected", f"read {workspace.rejects}")


def _told(report: "ConvertReport", workspace: "Workspace") -> Iterator[str]:
    yield (
        f"{report.records:,} records in {report.files:,} files = {report.articles:,} articles + {report.rejected:,} rejected"
        f"{console.reasons(report.reasons)}"
    )
    yield f"  {report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged; the corpus has {report.total:,}"
    yield f"  languages: {console.counts(report.languages)}"
    if report.removed or report.kept:
        yield (
            f"  stored articles in languages that warraq.toml does not keep: {report.removed:,} removed;"
            f" {report.kept:,} kept, as items.jsonl has them"
        )
    if report.notes:
        noted = workspace.reports / "convert.json"
        yield f"  dates that became null, or were Hijri: {console.counts(report.notes)}; see {noted}"
    if report.rejected:
        yield f"  each reject with its reason: {workspace.rejects}"
    if not report.files:
        yield "  no file was found there: name files, archives, or a folder with some in it"
