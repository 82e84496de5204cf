"""The papers of a release: README.md (its card), croissant.json, CITATION.cff, masader.json, plots/, and card.json.

Each is made anew of the Parquet files, the codebook, what the corpus says of itself, and card.json: what people wrote in
card.toml (see `prose`) and what the reports said. So whoever has the release can make them too: `warraq verify`
does, and compares. The corpus folder gets the card without its YAML and plots as DATASET_CARD.md.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from corpus import store
from corpus.codebook import Codebook
from corpus.errors import CorpusError
from corpus.release.layout import manifest
from corpus.release.layout.manifest import About
from corpus.release.papers import citation, croissant, masader, measured, plots, prose, readme, released, scores
from corpus.release.papers.prose import Prose
from corpus.release.papers.released import Config
from corpus.release.papers.scores import Reported
from corpus.workspace import Workspace

GIVEN = "card.json"
HEAD = "<!-- Written by `warraq card` from card.toml and release/. What you change here is lost. -->\n\n"


class Given(Struct, frozen=True):
    """card.json: all of the papers that does not follow from the Parquet files."""

    prose: Prose
    reported: Reported


class CardReport(Struct, frozen=True):
    """The card in the corpus folder, the papers of the release, and the keys of card.toml that are still empty."""

    card: str
    release: str
    papers: list[str]
    unfilled: list[str]


class Papers:
    """What the papers of a release are made of, counted once. `drawings` makes the plots, the methods the rest."""

    def __init__(
        self, release: Path, corpus: About, book: Codebook, given: Given, counted: dict[str, Config] | None = None
    ) -> None:
        """Count the release in a folder, if it is not counted yet."""
        self.release, self.corpus, self.book, self.given = release, corpus, book, given
        self.configs = counted or released.read(release, [question.id for question in book.labelled])
        self.measured = scores.with_intervals(measured.measure(release, book), given.reported.agreement)

        self.drawings = plots.planned(self.configs, book, self.measured)

    def body(self, shown: list[str]) -> str:
        """The card without its YAML, with some plots."""
        given = self.given
        return readme.body(self.configs, self.corpus, self.book, given.prose, self.measured, given.reported, shown)

    def croissant(self) -> dict[str, bytes]:
        """croissant.json."""
        told = croissant.croissant(self.release, self.configs, self.corpus, self.book, self.given.prose, self.measured)
        return {croissant.CROISSANT: told}

    def texts(self) -> dict[str, bytes]:
        """README.md, CITATION.cff if authors are named, masader.json if the language is Arabic."""
        front = readme.front_matter(self.configs, self.corpus, self.book)
        made = {manifest.README: (front + self.body(list(self.drawings))).encode()}
        if self.given.prose.authors:
            made[citation.CITATION] = citation.cff(self.corpus, self.given.prose)
        if entry := masader.entry(self.configs, self.corpus, self.book, self.given.prose):
            made[masader.MASADER] = msgspec.json.format(msgspec.json.encode(entry), indent=2) + b"\n"
        return made


def fill(workspace: Workspace, release: Path | None = None, counted: dict[str, Config] | None = None) -> CardReport:
    """Write the papers of a release anew, and DATASET_CARD.md.

    Args:
        workspace: the corpus folder.
        release: the release that is described; the corpus's release/ if not given.
        counted: what it holds, by whoever wrote it just now.

    Raises:
        CorpusError: there is no release, card.toml or a report in reports/ is not valid, or a DATASET_CARD.md stands that
            `warraq card` did not write.
    """
    release = release or workspace.release
    released.names(release)  # raises where there is none, before card.toml is made
    if workspace.card.exists() and not workspace.card.read_bytes().startswith(HEAD.encode()):
        raise CorpusError(
            f"{workspace.card} was not written by `warraq card`, which would overwrite it",
            f"put its prose into {prose.FILE}, then remove it or give it another name",
        )
    given = Given(prose.read(workspace), scores.read(workspace.reports))
    papers = Papers(release, manifest.about(workspace.config), workspace.codebook(), given, counted)
    written = write(papers)
    store.write_bytes(workspace.card, (HEAD + papers.body([])).encode())
    manifest.renew(release, workspace.config, written)
    return CardReport(str(workspace.card), str(release), written, prose.missing(given.prose))


def write(papers: Papers) -> list[str]:
    """Write every paper into the release and remove those that it has no longer; their names, sorted."""
    made = papers.texts() | {name: draw() for name, draw in papers.drawings.items()}
    made |= papers.croissant()  # last: the hashes of the files may still be on their way
    made[GIVEN] = msgspec.json.format(msgspec.json.encode(papers.given), indent=2) + b"\n"
    (papers.release / plots.FOLDER).mkdir(exist_ok=True)
    for name, content in made.items():
        store.write_bytes(papers.release / name, content)
    for name in stale(papers.release, set(made)):
        (papers.release / name).unlink()
    return sorted(made)


def stale(release: Path, made: set[str]) -> list[str]:
    """The papers in a release that it should not have."""
    found = {f"{plots.FOLDER}/{path.name}" for path in (release / plots.FOLDER).glob("*.png")}
    found |= {name for name in (citation.CITATION, masader.MASADER) if (release / name).exists()}
    return sorted(found - made)


def given(release: Path) -> Given:
    """card.json of a release.

    Raises:
        CorpusError: there is none, or it is not one.
    """
    return manifest.decode(release / GIVEN, Given)
