"""A folder is built beside the one whose place it takes: killed at any instant, there is the old, the new or none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(release: Path) -> Iterator[Path]:
    """A new folder that takes the place of `release` when the block ends well, and vanishes when it does not."""
    new, old = release.with_name(f".{release.name}.new"), release.with_name(f".{release.name}.old")
    if old.exists() and not release.exists():  # a run before this one was killed between the two renames below
        old.rename(release)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir()
    try:
        yield new
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    if release.exists():
        release.rename(old)
    new.rename(release)
    shutil.rmtree(old, ignore_errors=True)
