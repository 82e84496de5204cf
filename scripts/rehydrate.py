"""`warraq rehydrate`."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from scripts import console


def rehydrate(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", exists=True, file_okay=False, help="A withheld release.")],
    first: Annotated[list[Path], typer.Option("--from", metavar="PATH...", help="Your own copies: what `convert` takes.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Where to; RELEASE-rehydrated otherwise.")] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="FIELD=COLUMN", help="Where your tables have a field, as in `convert`; may be repeated."
        ),
    ] = None,
    as_json: console.Json = False,
) -> None:
    """Put the texts of your own copies into a release without texts, and say of each what it is worth."""
    from corpus import workspace
    from corpus.articles.convert import convert
    from corpus.articles.settings import settings_of
    from corpus.release.withhold.copies import is_articles
    from corpus.release.withhold.rehydrate import rehydrate as step

    paths = [*first, *(more or [])]
    with tempfile.TemporaryDirectory() as scratch:
        workspace.create(Path(scratch))
        space = workspace.find(Path(scratch))
        with console.progress("converting copies") as progress:
            copies = [path for path in paths if not is_articles(path)]
            convert(space, copies, progress, settings=settings_of(space, columns or []))
        held = [space.articles, *filter(is_articles, paths)]
        with console.progress("comparing articles") as progress:
            report = step(release, held, to or release.with_name(f"{release.resolve().name}-rehydrated"), progress)
    same = "it is the full release" if not report.differs else f"not as in the full release: {', '.join(report.differs)}"
    console.show(
        report,
        as_json,
        f"{console.counts(report.articles)} articles, of {report.copies:,} copies",
        *(f"  {config}: {console.counts(rows)} rows" for config, rows in report.rows.items()),
        f"  marked passages: {console.counts(report.marks)}",
        f"  {report.release}: {same}",
    )
