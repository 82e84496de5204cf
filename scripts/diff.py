"""`warraq diff`."""

from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import CheckError
from scripts import console


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", exists=True, file_okay=False, help="The release that people have.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", exists=True, file_okay=False, help="The one that follows it.")],
    as_json: console.Json = False,
) -> None:
    """Say what changed between two releases, as a draft for a changelog. Exit code 1 if NEW must not follow OLD."""
    from corpus.release.check.changelog import draft
    from corpus.release.check.diff import diff as step

    report = step(old, new)
    console.show(report, as_json, draft(report).rstrip())
    if report.refused:
        raise CheckError(
            f"{new} must not follow {old}: {'; '.join(report.refused)}",
            "raise `version` in warraq.toml for new content, and keep test articles in test",
        )
