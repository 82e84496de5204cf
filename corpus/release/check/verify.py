"""Is a release what it says it is? Opens the folder as a stranger would, needs no corpus, changes nothing.

Every check is run, whatever the others found. One on the Hub is downloaded first (see `send.located`).
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
from msgspec import Struct

from corpus.errors import CorpusError
from corpus.progress import Progress, quiet
from corpus.release.check import data, leaks, papers, relations, texts, values, votes
from corpus.release.layout.opened import Opened

CHECKS: dict[str, tuple[str, Callable[[Opened], Iterator[str]]]] = {
    "files": ("every file has the size and SHA-256 of the manifest, and is one that a release has", data.files),
    "columns": ("names, types and labels' integers are the codebook's, in the files and in README.md", data.columns),
    "rows": ("each split has the rows that the manifest and README.md say", data.rows),
    "content": ("the rows have the SHA-256 of the manifest, whatever wrote the files", data.content),
    "labels": ("labels have names, and are null where votes are tied only", values.labels),
    "nulls": ("no null where something must stand", values.nulls),
    "times": ("times are UTC, in order and past, dates ISO 8601", values.times),
    "texts": ("texts, as far as they are released, have their hash; marks and blocks stand at their offsets", texts.check),
    "keys": ("in each split rows are sorted by their ids, and no id is there twice", relations.keys),
    "items": ("annotations and labelled rows are of an item that is there, and tell it as it does", relations.items),
    "articles": ("items and labelled rows are of an article that is there, and tell it as it does", relations.articles),
    "votes": ("votes are those of the annotations, probabilities some, labels what follows from them", votes.settled),
    "evidence": ("the evidence is what annotators marked", votes.evidence),
    "load": ("load_dataset opens each config, whole and streaming, offline", data.loads),
    "card": ("README.md, CITATION.cff and masader.json are what the files and card.json give", papers.texts),
    "croissant": ("croissant.json is what the files give, and mlcroissant takes it", papers.croissant),
    "plots": ("plots are what the files give, if this matplotlib drew them, and only those stand", papers.plots),
    "splits": ("no article, group or equal text in two splits", leaks.splits),
    "copies": ("no text in two splits that is nearly the same, or part of the other, where texts are released", leaks.copies),
    "privacy": ("annotators are pseudonyms; no personal data in remarks; no token or e-mail outside articles", leaks.privacy),
}
SHOWN = 20


class Check(Struct, frozen=True):
    """One check: what was checked, and the lies found, the first SHOWN of them; none is good."""

    name: str
    ok: bool
    checked: str
    lies: list[str]


class VerifyReport(Struct, frozen=True):
    """The release, and every check in order."""

    release: str
    checks: list[Check]

    @property
    def failed(self) -> list[str]:
        """The names of the checks that found a lie."""
        return [check.name for check in self.checks if not check.ok]


def verify(release: Path, progress: Progress = quiet) -> VerifyReport:
    """Check a release in a folder.

    Args:
        release: the folder, with MANIFEST.json in it.
        progress: called with the number of checks done.

    Raises:
        CorpusError: the folder has no manifest or no codebook, or these cannot be read.
    """
    opened = Opened(release)
    done = []
    for name, (checked, check) in CHECKS.items():
        lies = _lies(check, opened)
        done.append(Check(name=name, ok=not lies, checked=checked, lies=lies))
        progress(len(done), len(CHECKS))
    return VerifyReport(release=str(release), checks=done)


def _lies(check: Callable[[Opened], Iterator[str]], release: Opened) -> list[str]:
    """What a check found. A release may be broken in any way: what stops a check is a finding too."""
    found: list[str] = []
    try:
        for lie in islice(check(release), SHOWN):
            found.append(lie)  # one by one: those found before a fault count
    except (OSError, LookupError, TypeError, ValueError, AttributeError, CorpusError, pa.ArrowException) as error:
        found.append(f"could not be checked: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
    return found
