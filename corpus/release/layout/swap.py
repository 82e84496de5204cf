"""What `publish` puts in its place at the end: killed at any instant, there is the old folder, the new one or none."""

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


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """An empty folder that vanishes at the end; one that a killed run left is emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def kept(file: Path) -> Iterator[None]:
    """Puts a file back as it was, or away if it was not there, if the block raises."""
    before = file.read_bytes() if file.exists() else None
    try:
        yield
    except BaseException:
        if before is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(before)
        raise
