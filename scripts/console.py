"""What every command does at its edges: find the corpus, draw progress, print a summary or one JSON object."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.progress import Progress, quiet
from corpus.workspace import Workspace, find

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def workspace(ctx: typer.Context) -> Workspace:
    """The corpus folder: of `-C`, or the one that the current folder is in."""
    return find(ctx.obj or Path.cwd())


def show(report: Any, as_json: bool, *lines: str) -> None:
    """Print a step's report as one JSON object, or the lines for people."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(report))  # bytes: UTF-8 whatever the terminal is
        return
    for line in lines:
        print(line)


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A progress bar on a terminal's standard error; nothing where there is no terminal."""
    if not sys.stderr.isatty():
        yield quiet
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def update(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield update


def counts(numbers: dict[str, int]) -> str:
    """`3 apples, 2 pears`, or `none`."""
    return ", ".join(f"{number:,} {name}" for name, number in numbers.items()) or "none"


def reasons(numbers: dict[str, int]) -> str:
    """` (3 empty_text, 1 repeated)`, or nothing."""
    return f" ({counts(numbers)})" if numbers else ""


def score(value: float | None, interval: tuple[float, float] | None) -> str:
    """A figure with its 95% interval: `0.71 [0.63, 0.79]`."""
    if value is None:
        return "undefined"
    return f"{value:.2f}" + (f" [{interval[0]:.2f}, {interval[1]:.2f}]" if interval else " [no interval]")
