"""`warraq split`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import CheckError, CorpusError
from scripts import console

if TYPE_CHECKING:
    from corpus.curate.audit import AuditBorder, Leak
    from corpus.curate.splits import SplitReport
    from corpus.text.borders import Border
    from corpus.workspace import Workspace

SHOWN = 20


def split(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE|DIR]...",
            exists=True,
            help="With --audit: a JSONL, CSV, TSV or Parquet file for each split, or a folder of them.",
        ),
    ] = None,
    freeze: Annotated[
        bool, typer.Option("--freeze", help="Move nothing that splits.jsonl has placed; place only what is new.")
    ] = False,
    audit: Annotated[bool, typer.Option("--audit", help="Check published splits instead; needs no corpus folder.")] = False,
    text: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN[,COLUMN]", help="With --audit: the columns with texts, each compared; told if not given."
        ),
    ] = None,
    as_json: console.Json = False,
) -> None:
    """Put every article on one side, train, validation or test, and certify that no text is on two."""
    if audit and freeze:
        raise CorpusError("--freeze is about the splits of the corpus, --audit about those of files", "leave one of them out")
    if audit:
        return _audit(files or [], text.split(",") if text else [], as_json)
    if files:
        raise CorpusError(f"`warraq split` divides the corpus; got {files[0]}", "add --audit to check the splits of files")
    from corpus.curate.splits import split as step

    workspace = console.workspace(ctx)
    with console.progress("grouping articles") as progress:
        report = step(workspace, freeze, progress)
    console.show(
        report,
        as_json,
        f"{report.articles:,} articles: {console.counts(report.splits)}",
        f"  {report.groups:,} groups, {report.larger_groups:,} of them of several articles; seed {report.seed}",
        *_changes(report, workspace),
        f"  policy {report.policy}" + "".join(f", {key.replace('_', ' ')} {value}" for key, value in report.detail.items()),
        *map(_closest, report.borders),
    )


def _changes(report: "SplitReport", workspace: "Workspace") -> Iterator[str]:
    """What was moved since the last split, and the labels that a side lacks, by their English names."""
    if report.moved:
        such = f", such as {', '.join(report.moved_articles[:3])}"
        why = "they share a group with articles of that side" if report.frozen else "--freeze would have kept them"
        yield f"  moved: {console.counts(report.moved)}{such}; {why}"
    questions = workspace.codebook().questions if report.labels_missing else []
    names = {f"{question.id}={choice.value}": choice.name["en"] for question in questions for choice in question.choices}
    for label, sides in report.labels_missing.items():
        yield f"  no {label}{f' ({names[label]})' if label in names else ''} on {' and '.join(sides)}"


def _audit(paths: list[Path], columns: list[str], as_json: bool) -> None:
    from corpus.curate.audit import audit as step

    with console.progress("reading rows") as progress:
        report = step(paths, columns, progress)
    lines = [f"{console.counts(report.rows)}; without text: {console.counts(report.without_text)}"]
    lines += [f"columns compared: {', '.join(report.columns)}"]
    lines += [f"left out, for want of a split's name or of the columns: {', '.join(report.left_out)}"] * bool(report.left_out)
    for border in report.borders:
        exact = sum(leak.exact for leak in border.leaks)
        near = border.closest.jaccard if border.closest else 0
        lines.append(
            f"{border.first} and {border.second}: {len(border.leaks):,} pairs of texts leak ({exact:,} equal), in"
            f" {border.first_rows:,} rows of {border.first} and {border.second_rows:,} of {border.second};"
            f" closest {near:.2f}{_blind(border)}"
        )
        lines += [line for leak in border.leaks[:SHOWN] for line in _leak(leak)]
        lines += [f"  and {len(border.leaks) - SHOWN:,} more; --json lists all"] * (len(border.leaks) > SHOWN)
    console.show(report, as_json, *lines)
    if report.leaks:
        raise CheckError(
            f"{report.leaks} pairs of texts on two sides have 0.8 or more of their word 5-grams in common, or 0.9 of the"
            " shorter one's",
            "leave one of each pair out before you trust a score on these splits",
        )


def _leak(leak: "Leak") -> Iterator[str]:
    """The figure, then each text with its file, row, id and column."""
    for figure, place in ((f"{leak.jaccard:.2f}", leak.first), ("", leak.second)):
        id = f" (id {place.id})" if place.id else ""
        part = f", {leak.contained:.2f} contained" if figure and leak.contained > leak.jaccard else ""
        yield f"  {figure:4}  {place.file} row {place.row}{id}, {place.column}{part}: {place.head}"


def _closest(border: "Border") -> str:
    pair = border.closest
    found = f"{pair.jaccard:.2f} of their word 5-grams, {pair.first} and {pair.second}" if pair else "no word 5-gram in common"
    return f"  closest between {border.first} and {border.second}: {found}{_blind(border)}"


def _blind(border: "Border | AuditBorder") -> str:
    return f"; the search was bounded, {border.blind} texts may hide a leak" if border.skipped else ""
