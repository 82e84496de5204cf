"""`warraq verify`."""

from typing import Annotated

import typer

from corpus.errors import CheckError
from scripts import console


def verify(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="The folder of a release, or USER/NAME[@TAG] on the Hub.")],
    as_json: console.Json = False,
) -> None:
    """Check a release as a stranger would, from its files alone. Exit code 1 if anything in it is not so."""
    from corpus.release.check.verify import verify as step
    from corpus.release.send.send import located

    with console.progress("checking the release") as progress:
        report = step(located(release), progress)
    console.show(
        report,
        as_json,
        *(
            f"ok   {check.name}: {check.checked}" if check.ok else f"LIE  {check.name}: " + "\n       ".join(check.lies)
            for check in report.checks
        ),
    )
    if report.failed:
        raise CheckError(f"{release} is not what it says: {', '.join(report.failed)}", "build it anew with `warraq publish`")
