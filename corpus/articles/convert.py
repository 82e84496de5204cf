"""Raw input → articles.jsonl (sorted by id), rejects.jsonl (sorted by file and record) and reports/convert.json.

Runs again without doubling: what is read later takes the place of what was there. Later is a later run; in one run, a
later name of the file, and record in it, so neither the order of the paths nor the number of workers matters. Articles that
stand there in a language that warraq.toml does not keep are removed, unless items.jsonl has them. A run that was killed goes
on where it was: see `batches`. Memory does not grow with the number of articles; rejects are held until the end,
at about half a kilobyte each.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from corpus import store
from corpus.articles import batches, merge, reading, sources
from corpus.articles.batches import MAX_NOTES
from corpus.articles.reading import HEAD_CHARACTERS, Note
from corpus.articles.settings import Settings, settings_of
from corpus.errors import CorpusError
from corpus.progress import Progress, quiet
from corpus.records import Article, Item, Reject
from corpus.workspace import Workspace


class InputCounts(Struct, frozen=True):
    """What one run read: `records == articles + rejected`.

    `languages` counts the articles that were read, by language, repeated ones too; `notes` says by reason how many of them
    have a printed date that became null, or is Hijri.
    """

    files: int
    records: int
    articles: int
    rejected: int
    reasons: dict[str, int]
    languages: dict[str, int]
    notes: dict[str, int]


class InputReport(InputCounts, frozen=True):
    """reports/convert.json: what follows from the input of the last run alone; of the notes, the first MAX_NOTES by file."""

    first_notes: list[Note]


class ConvertReport(InputCounts, frozen=True):
    """What became of it: `articles == new + changed + unchanged`. `total` counts the articles in the corpus now.

    `removed` stood there, in a language that warraq.toml no longer keeps, and no item is about them; `kept` did too, but
    have an item, so people may have judged them.
    """

    new: int
    changed: int
    unchanged: int
    removed: int
    kept: int
    total: int


@dataclass
class _Read:
    """What all batches of a run gave together."""

    files: int = 0
    chunks: list[Path] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)


def convert(
    workspace: Workspace,
    paths: list[Path],
    progress: Progress = quiet,
    workers: int = 1,
    settings: Settings | None = None,
) -> ConvertReport:
    """Convert every file below `paths` and merge the articles into the corpus.

    Args:
        workspace: the corpus.
        paths: files, folders and archives.
        progress: told of the files read.
        workers: how many processes read; the outcome is the same for any number.
        settings: those of the corpus if not given.

    Raises:
        CorpusError: a path does not exist or holds the corpus's own files, another conversion is running, the stored
            articles are not readable, or a worker died.
    """
    for path in map(Path.resolve, paths):
        if workspace.root.is_relative_to(path) or (path.parent == workspace.root and path.name in store.WRITTEN_BY):
            raise CorpusError(f"{path} holds the corpus's own files", "name the files and folders that hold the raw input")
    settings = settings or settings_of(workspace, [])
    scratch = workspace.state / "convert"
    with workspace.alone("convert"):
        scratch.mkdir(exist_ok=True)  # with what a run that was killed has read
        report = _convert(workspace, paths, scratch, progress, workers, settings)
        shutil.rmtree(scratch)
        return report


def _convert(
    workspace: Workspace, paths: list[Path], scratch: Path, progress: Progress, workers: int, settings: Settings
) -> ConvertReport:
    stale = {file for reject in store.read_if_any(workspace.rejects, Reject) for file in _with_parents(reject.file)}
    read = _Read()
    for batch in batches.read_all(batches.cut(sources.files(paths)), scratch, settings, workers):
        read.files += batch.files
        read.chunks += [scratch / name for name in batch.chunks]
        read.names |= stale.intersection(batch.names)
        read.rejects += batch.rejects
        read.notes = sorted([*read.notes, *batch.notes], key=lambda note: (note.file, note.record))[:MAX_NOTES]
        read.reasons.update(batch.reasons)
        read.languages.update(batch.languages)
        progress(read.files, None)
    counts: Counter[str] = Counter()
    new = merge.rows(read.chunks, scratch)
    stored = merge.stored(workspace.articles, _stays(workspace, settings, counts))
    total = store.write(workspace.articles, _merged(stored, new, read.rejects, counts))
    before = store.read_if_any(workspace.rejects, Reject)
    kept = [reject for reject in before if not read.names.intersection(_with_parents(reject.file))]
    store.write_sorted(
        workspace.rejects, [*kept, *read.rejects], key=lambda reject: (reject.file, reject.record, reject.reason)
    )
    return _report(workspace, read, counts, total)


def _report(workspace: Workspace, read: _Read, counts: Counter[str], total: int) -> ConvertReport:
    """Write reports/convert.json and return the run's report."""
    written = counts["new"] + counts["changed"] + counts["unchanged"]
    found = InputCounts(
        files=read.files,
        records=written + len(read.rejects),
        articles=written,
        rejected=len(read.rejects),
        reasons=dict(sorted(Counter(reject.reason for reject in read.rejects).items())),
        languages=dict(sorted(read.languages.items())),
        notes=dict(sorted(read.reasons.items())),
    )
    said = asdict(found)
    store.write_json(workspace.reports / "convert.json", InputReport(**said, first_notes=read.notes))
    new, changed, unchanged, removed, kept = (counts[name] for name in ("new", "changed", "unchanged", "removed", "kept"))
    return ConvertReport(**said, new=new, changed=changed, unchanged=unchanged, removed=removed, kept=kept, total=total)


def _stays(workspace: Workspace, settings: Settings, counts: Counter[str]) -> Callable[[Article], bool]:
    """Whether a stored article stays, now that warraq.toml keeps these languages; counts those in others."""
    chosen = {item.article_id for item in store.read_if_any(workspace.items, Item)} if settings.languages else set()

    def stays(article: Article) -> bool:
        if reading.refusal(article, settings) is None:
            return True
        counts["kept" if article.id in chosen else "removed"] += 1
        return article.id in chosen

    return stays


def _merged(
    stored: Iterator[tuple[str, bytes]], read: Iterator[tuple[str, bytes]], rejects: list[Reject], counts: Counter[str]
) -> Iterator[msgspec.Raw]:
    """Merge new articles into the stored ones, encoded as they are: equal articles are equal bytes."""
    for before, new in merge.by_id(stored, read):
        if before and not new:
            yield msgspec.Raw(before)
            continue
        row = new[0] if len(new) == 1 else _last(new, rejects)
        counts["new" if before is None else "unchanged" if before == row else "changed"] += 1
        yield msgspec.Raw(row)


def _last(rows: list[bytes], rejects: list[Reject]) -> bytes:
    """Of several new articles with one id, the one that is kept: the later one; the others are rejects."""
    *others, last = sorted((msgspec.json.decode(row, type=Article) for row in rows), key=_place)
    same = f"the same article as record {last.origin.record} of {last.origin.file} (by address, number or bytes)"
    for other in others:
        rejects.append(Reject(other.origin.file, other.origin.record, "repeated", same, other.text[:HEAD_CHARACTERS]))
    return store.encode(last)


def _place(article: Article) -> tuple[str, int, str, str]:
    """The order of articles with one id: the last is kept. The hashes decide between files of one name in two folders."""
    return article.origin.file, article.origin.record, article.origin.sha256, article.sha256


def _with_parents(file: str) -> list[str]:
    """A file's name, and those of what it may be in: `a.tar`, `a.tar/b`, `a.tar/b/c`."""
    return list(accumulate(file.split("/"), "{}/{}".format))
