"""Records → a release that takes the old one's place: `warraq publish`.

Reads what `parquet` reads, card.toml and reports/. Writes release/ whole: Parquet (see `parquet`), codebook.json, papers (see
`card`), MANIFEST.json; and DATASET_CARD.md. What is withheld or masked is made of the full release, in .warraq/publish.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from msgspec import Struct

from corpus import store
from corpus.errors import CorpusError
from corpus.progress import Progress, quiet
from corpus.release.check import diff
from corpus.release.dataset import labels, parquet
from corpus.release.layout import manifest, swap
from corpus.release.layout.opened import Opened
from corpus.release.papers import card
from corpus.release.withhold import masking, personal, withheld
from corpus.workspace import Workspace

WORKERS = 2
"""Threads that parse, search and write Parquet, beside the one that counts. With more the memory grows, and little else."""


class PublishReport(Struct, frozen=True):
    """What was released: rows a config and split, files and their bytes, and what was left out of a config and why.

    `personal` counts the personal data found in articles by kind, `personal_articles` are the articles that hold it (masked
    or not; a withheld release has no text); `nulled` counts what a withheld release lacks because it quoted, by column.
    """

    release: str
    rows: dict[str, dict[str, int]]
    files: dict[str, int]
    left_out: dict[str, dict[str, int]]
    personal: dict[str, int]
    personal_articles: list[str]
    nulled: dict[str, int]


def publish(
    workspace: Workspace, progress: Progress = quiet, text: Literal["full", "withheld"] = "full", mask: bool = False
) -> PublishReport:
    """Build release/ anew and put it in the place of the old one in one step.

    Args:
        workspace: the corpus folder.
        progress: called with the number of articles written.
        text: whether titles and texts are released, or hashes of them (see `withheld`).
        mask: strike out the personal data that was found (see `masking`).

    Raises:
        CorpusError: a record file is missing or wrong, a labelled article has no split (run `warraq split`), or both
            `withheld` and `mask` were asked for.
        CheckError: there is no article, what was written is not what was meant, a withheld release quotes an article, or
            the release that stands may not be replaced by this one (see `diff.check`).
    """
    if mask and text == "withheld":
        raise CorpusError("a withheld release has no text to mask", "leave out one of --mask and --text withheld")
    scratched = swap.scratch(workspace.state / "publish")
    with swap.replacing(workspace.release) as folder, swap.kept(workspace.card), scratched as scratch:
        full = scratch if mask or text == "withheld" else folder
        build = _full(workspace, full, progress)
        nulled = _transformed(workspace, full, folder, mask) if full != folder else {}
        if (workspace.release / manifest.MANIFEST).exists():
            diff.check(workspace.release, folder)
        files = {str(path.relative_to(folder)): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}
    left_out = {config: dict(sorted(reasons.items())) for config, reasons in build.left_out.items() if reasons}
    return PublishReport(
        release=str(workspace.release),
        rows=build.rows(),
        files=files,
        left_out=left_out,
        personal={kind: build.personal.kinds[kind] for kind in personal.KINDS if build.personal.kinds[kind]},
        personal_articles=build.personal.articles,
        nulled=nulled,
    )


def _full(workspace: Workspace, folder: Path, progress: Progress) -> parquet.Build:
    """Write a full release, its card too."""
    book = workspace.codebook()
    with ThreadPoolExecutor(WORKERS) as pool:
        build = parquet.Build(folder, book, labels.load(workspace, book), pool)
        parquet.write_articles(workspace, build, progress)
        parquet.write_judgements(build)
        build.finish()
        store.write_json(folder / manifest.CODEBOOK, book)
        card.fill(workspace, folder, build.counted)
    hashed = {name: file for config in build.counted.values() for name, file in config.hashes(folder).items()}
    manifest.write(folder, workspace.config, book, build.splits(), hashed)
    return build


def _transformed(workspace: Workspace, full: Path, folder: Path, mask: bool) -> dict[str, int]:
    """Write the other form of a full release, its card too; and what was nulled, by column."""
    opened, nulled = Opened(full), Counter[str]()
    if mask:
        configs = masking.mask(opened, folder)
    else:
        configs, nulled = withheld.withhold(opened, workspace.articles, folder)
    card.fill(workspace, release=folder)
    manifest.write_form(folder, opened.manifest, configs, "full" if mask else "withheld", masked=mask, full=not mask)
    if not mask:
        withheld.check(opened, folder)
    return dict(sorted(nulled.items()))
