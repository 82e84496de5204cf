"""A release without texts → one with them, from a holder's own copies: `warraq rehydrate`.

Reads a withheld release and files of articles (see `copies`). Where every article is found exactly, the result is the full
release, byte for byte with the same versions. Else each row has `text_status` and `text_score`, so that no label stands on
another text unsaid. Holds 300 bytes for each article, and what `copies` holds.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from corpus.errors import CorpusError
from corpus.progress import Progress, quiet
from corpus.release.layout import manifest, swap
from corpus.release.layout.opened import Opened
from corpus.release.papers import card
from corpus.release.withhold import restored, rewrite
from corpus.release.withhold.copies import Copies


class RehydrateReport(Struct, frozen=True):
    """What became of the articles: counts by status, of marked passages too.

    `differs` names the configs whose rows are not those of the full release; none means that it is the full release.
    """

    release: str
    copies: int
    articles: dict[str, int]
    rows: dict[str, dict[str, int]]
    marks: dict[str, int]
    differs: list[str]


def rehydrate(release: Path, copies: list[Path], to: Path, progress: Progress = quiet) -> RehydrateReport:
    """Put the texts of copies into a withheld release.

    Args:
        release: the withheld release.
        copies: files of articles, as `warraq convert` writes them.
        to: the folder to write; a release that stands there is replaced.
        progress: called with the number of articles compared, and of all.

    Raises:
        CorpusError: `release` is not withheld, `to` holds something else than a release, or a file cannot be read.
    """
    old = Opened(release)
    if old.manifest.text != "withheld":
        raise CorpusError(f"{release} has its texts: it is {old.manifest.text}", "name a release of `--text withheld`")
    if to.exists() and (to.resolve() == release.resolve() or not (to / manifest.MANIFEST).exists()):
        raise CorpusError(f"{to} exists and cannot be replaced", "name a new folder with --to")
    held = Copies(copies)
    total = sum(split.rows for split in old.manifest.configs["articles"].values())
    found: dict[str, restored.Found] = {}
    for done, (_, row) in enumerate(old.rows("articles"), 1):
        found[row["article_id"]] = restored.matched(row, held)
        progress(done, total)
    exact = all(one.match.status == "exact" for one in found.values())
    restoring = restored.Restoring(held, found, stated=not exact)
    to.parent.mkdir(parents=True, exist_ok=True)
    with swap.replacing(to) as folder:
        promised = rewrite.promised(old, "full" if exact else "rehydrated", masked=False)
        configs = rewrite.rows(old, folder, promised, restoring.row)
        _papers(old, folder)
        differs = [name for name, splits in configs.items() if splits != old.manifest.content[name]]
        manifest.write_form(folder, old.manifest, configs, "full" if exact else "rehydrated", masked=False, full=not exact)
    return RehydrateReport(
        release=str(to),
        copies=len(held),
        articles=_counts(one.match.status for one in found.values()),
        rows=_rows(to, found),
        marks={"found": restoring.marks["found"], "not found": restoring.marks["not found"]},
        differs=differs,
    )


def _papers(old: Opened, folder: Path) -> None:
    """The papers of the new files, with the prose and the reports' figures that the old release has."""
    card.write(card.Papers(folder, old.manifest.corpus, old.book, card.given(old.folder)))


def _rows(release: Path, found: dict[str, restored.Found]) -> dict[str, dict[str, int]]:
    """For each labelled question, its rows by the status of their text."""
    opened = Opened(release)
    return {
        config: _counts(found[row["article_id"]].match.status for _, row in opened.rows(config, ["article_id"]))
        for config in opened.labelled
    }


def _counts(statuses: Iterable[str]) -> dict[str, int]:
    counted = Counter(statuses)
    return {status: counted[status] for status in restored.ORDER if counted[status]}
