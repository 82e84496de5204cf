"""Checks of a release's papers: each is made anew of the files and card.json, and compared. A sentence for every lie.

What reports said (scores, intervals) stands in card.json and cannot be counted again: models are not released.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from itertools import zip_longest

from corpus.release.layout.opened import Opened
from corpus.release.papers import card
from corpus.release.papers.card import Papers
from corpus.release.papers.croissant import CROISSANT


def texts(release: Opened) -> Iterator[str]:
    """README.md, CITATION.cff and masader.json are what the files give, and no paper is there that should not be."""
    papers = _papers(release)
    made = papers.texts()
    for name, content in made.items():
        yield from _compared(release, name, content)
    yield from (f"{name} should not be there" for name in card.stale(release.folder, {*made, *papers.drawings}))


def croissant(release: Opened) -> Iterator[str]:
    """croissant.json is what the files give, hash by hash and property by property, and mlcroissant can read it."""
    from mlcroissant import Dataset  # takes a second to import
    from mlcroissant import ValidationError as NotCroissant

    for name, content in _papers(release).croissant().items():
        yield from _compared(release, name, content)
    try:
        with quiet():
            Dataset(str(release.folder / CROISSANT))
    except NotCroissant as error:
        yield f"mlcroissant refuses {CROISSANT}: {' '.join(str(error).split())}"


@contextmanager
def quiet() -> Iterator[None]:
    """Without mlcroissant's log, which tells of properties that nobody gave, and its use of what rdflib gives up."""
    log = logging.getLogger("absl")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        log.setLevel(level)


def plots(release: Opened) -> Iterator[str]:
    """Every plot is there, and what the files give: to the byte, where the same version of matplotlib draws it anew."""
    same = release.manifest.versions.get("matplotlib") == version("matplotlib")
    for name, draw in _papers(release).drawings.items():
        if not (release.folder / name).exists():
            yield f"{name} is not there"
        elif same and draw() != (release.folder / name).read_bytes():
            yield f"{name} does not show what the files give"


def _papers(release: Opened) -> Papers:
    return Papers(release.folder, release.manifest.corpus, release.book, card.given(release.folder))


def _compared(release: Opened, name: str, made: bytes) -> Iterator[str]:
    path = release.folder / name
    if not path.exists():
        yield f"{name} is not there"
    elif (found := path.read_bytes()) != made:
        lines = zip_longest(found.decode(errors="replace").splitlines(), made.decode().splitlines())
        first = ((at, got, meant) for at, (got, meant) in enumerate(lines, 1) if got != meant)
        at, got, meant = next(first, (0, "other line ends", ""))
        yield f"{name}:{at} is not what the files give; got {got!r}, should be {meant!r}{_by(release)}"


def _by(release: Opened) -> str:
    """Another version may word things differently."""
    wrote, reads = release.manifest.versions.get("warraq"), version("warraq")
    return "" if wrote == reads else f" (Warraq {wrote} wrote it, and {reads} reads it)"
