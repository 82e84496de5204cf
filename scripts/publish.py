"""`warraq publish`."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from corpus.errors import CorpusError
from scripts import console

if TYPE_CHECKING:
    from corpus.release.dataset.publish import PublishReport
    from corpus.release.send.send import SendReport
    from corpus.workspace import Workspace


def publish(
    ctx: typer.Context,
    text: Annotated[
        Literal["full", "withheld"], typer.Option("--text", help="withheld: hashes in the place of titles and texts.")
    ] = "full",
    mask: Annotated[bool, typer.Option("--mask", help="Strike out e-mail addresses, telephone and national numbers.")] = False,
    to: Annotated[
        str | None,
        typer.Option("--to", help="Send it to the Hub (USER/NAME), a folder (./DIR, /DIR) or storage (s3://BUCKET/PATH)."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="On the Hub: open it to all. Otherwise a new one is private.")
    ] = False,
    gated: Annotated[bool, typer.Option("--gated", help="On the Hub: readers ask, and you grant access one by one.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Build, check, list what --to would change; send nothing.")
    ] = False,
    as_json: console.Json = False,
) -> None:
    """Build the dataset in release/, ready for `datasets.load_dataset`, with its card; send it where --to says."""
    from corpus.release.dataset.publish import publish as step

    if to is None and (public or gated or dry_run):
        raise CorpusError("--public, --gated and --dry-run say how to send a release", "say where to, with --to")
    workspace = console.workspace(ctx)
    with console.progress("writing the release") as progress:
        report = step(workspace, progress, text, mask)
    sent = _send(workspace, report, to, public, gated, dry_run) if to else None
    console.show(
        {"release": report, "sent": sent} if sent else report,
        as_json,
        *(f"{config}: {console.counts(rows)} rows" for config, rows in report.rows.items()),
        *(f"  left out of {config}: {_counted(reasons)}" for config, reasons in report.left_out.items() if reasons),
        *_found(report.personal, len(report.personal_articles), mask, text),
        *([f"  withheld because they quote: {console.counts(report.nulled)}"] if report.nulled else []),
        f"  {len(report.files)} files in {workspace.release}; open it with datasets.load_dataset({str(workspace.release)!r})",
        *(_sent(sent) if sent else []),
    )


def _send(workspace: "Workspace", built: "PublishReport", to: str, public: bool, gated: bool, dry_run: bool) -> "SendReport":
    from corpus.release.send.hub import Access
    from corpus.release.send.send import send as step

    with console.progress("checking and sending") as progress:
        return step(workspace, built, to, Access(public, gated), dry_run, progress)


def _sent(sent: "SendReport") -> list[str]:
    done = sent.operations
    files = [
        f"  {name:6} {file} ({size:,} bytes)"
        for name, sizes in (("add", done.add), ("delete", done.delete), ("keep", done.keep))
        for file, size in sizes.items()
    ]
    added, deleted, kept = len(done.add), len(done.delete), len(done.keep)
    if sent.dry_run:
        would = f"would add or replace {added}, delete {deleted} and keep {kept} files; nothing was sent"
        return [*files, f"  version {sent.version} at {sent.to}: {would}"]
    did = f"{added} files added or replaced, {deleted} deleted, {kept} kept; what stands there is the release"
    return [f"  version {sent.version} at {sent.to}: {did}"]


def _counted(reasons: dict[str, int]) -> str:
    return ", ".join(f"{rows:,} ({reason})" for reason, rows in reasons.items())


def _found(kinds: dict[str, int], articles: int, mask: bool, text: str) -> list[str]:
    if not kinds:
        return []
    done = "struck out" if mask else "not released" if text == "withheld" else "released as they are: see --mask"
    return [f"  personal data in {articles:,} articles: {console.counts(kinds)}; {done}"]
