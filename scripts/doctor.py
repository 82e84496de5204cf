"""`warraq doctor`."""

import typer

from corpus.errors import CheckError
from scripts import console


def doctor(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Say what is missing on this machine or in this corpus, and how to mend it. Exit code 1 if anything is."""
    from corpus.labeling.doctor import examine

    report = examine(ctx.obj)
    console.show(
        report,
        as_json,
        *(
            f"{'ok     ' if c.ok else 'MISSING'} {c.name}: {c.found}" + (f"\n        {c.fix}" if not c.ok else "")
            for c in report.checks
        ),
    )
    if missing := [check.name for check in report.checks if not check.ok]:
        raise CheckError(f"missing: {', '.join(missing)}", "do what is said above")
