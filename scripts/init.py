"""`warraq init`."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make; may exist.")],
    name: Annotated[str | None, typer.Option(help="The corpus's name; the folder's name if not given.")] = None,
) -> None:
    """Make a corpus folder. Never overwrites."""
    from corpus.workspace import create

    for path in create(folder, name):
        print(f"wrote {path}")
    print(f"{folder} is a corpus folder. Next: name your targets in {folder / 'targets.yaml'}, then `warraq convert PATH`.")
