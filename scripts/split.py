"""`warraq split`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import CheckError, CorpusError
from scripts import console

if TYPE_CHECKING:
    from corpus.curate.borders import Border


def split(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="With --audit: a .jsonl, .csv or .tsv file for each split."),
    ] = None,
    audit: Annotated[bool, typer.Option("--audit", help="Check published splits instead; needs no corpus folder.")] = False,
    text: Annotated[
        str, typer.Option(metavar="COLUMN[,COLUMN]", help="With --audit: the columns that are the text.")
    ] = "text",
    as_json: console.Json = False,
) -> None:
    """Put every article on one side, train, validation or test, and certify that no text is on two."""
    if audit:
        return _audit(files or [], text.split(","), as_json)
    if files:
        raise CorpusError(f"`warraq split` divides the corpus; got {files[0]}", "add --audit to check the splits of files")
    from corpus.curate.splits import split as step

    with console.progress("grouping articles") as progress:
        report = step(console.workspace(ctx), progress)
    console.show(
        report,
        as_json,
        f"{report.articles:,} articles: {console.counts(report.splits)}",
        f"  {report.groups:,} groups, {report.larger_groups:,} of them of several articles; seed {report.seed}",
        f"  policy {report.policy}" + "".join(f", {key.replace('_', ' ')} {value}" for key, value in report.detail.items()),
        *map(_closest, report.borders),
    )


def _audit(files: list[Path], columns: list[str], as_json: bool) -> None:
    from corpus.curate.audit import audit as step

    with console.progress("reading rows") as progress:
        report = step(files, columns, progress)
    lines = [f"{console.counts(report.rows)}; without text: {console.counts(report.without_text)}"]
    for border in report.borders:
        exact = sum(pair.exact for pair in border.leaks)
        lines.append(_closest(border) + f"; {exact} pairs are equal, {len(border.leaks) - exact} nearly so")
        lines += [f"    {p.jaccard:.2f}  rows {p.first} and {p.second}{', equal' * p.exact}" for p in border.leaks[:20]]
        lines += [f"    and {len(border.leaks) - 20} more; --json lists all"] * (len(border.leaks) > 20)
    console.show(report, as_json, *lines)
    if report.leaks:
        raise CheckError(
            f"{report.leaks} pairs of texts on two sides have 0.8 or more of their word 5-grams in common",
            "leave one of each pair out before you trust a score on these splits",
        )


def _closest(border: "Border") -> str:
    pair = border.closest
    found = f"{pair.jaccard:.2f}, {pair.first} and {pair.second}" if pair else "no word 5-gram in common"
    blind = f"; the search was bounded, {border.blind} texts may hide a leak" if border.skipped else ""
    return f"  closest between {border.first} and {border.second}: {found}{blind}"
