"""`warraq init`."""

from pathlib import Path
from typing import Annotated

import typer

from scripts import console


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make; may exist.")],
    name: Annotated[str | None, typer.Option(help="The corpus's name; the folder's name if not given.")] = None,
    as_json: console.Json = False,
) -> None:
    """Make a corpus folder. Never overwrites."""
    from corpus.workspace import create

    written = create(folder, name)
    console.show(
        {"folder": str(folder), "written": [str(path) for path in written]},
        as_json,
        *(f"wrote {path}" for path in written),
        f"{folder} is a corpus folder. Next: choose a codebook in {folder / 'warraq.toml'}, name your targets in"
        f" {folder / 'targets.yaml'}, then `warraq convert PATH`.",
    )
