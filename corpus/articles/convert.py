"""Raw input → articles.jsonl (sorted by id) and rejects.jsonl (sorted by file and record).

Runs again without doubling: what is read later takes the place of what was there. Later is a later run; in one run, a
later name of the file, and record in it, so the order of the paths does not matter. Memory does not grow with the number
of articles; rejects are held until the end, at about half a kilobyte each.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import filelock
from msgspec import Struct

from corpus import store
from corpus.articles import merge, sources
from corpus.articles.draft import Fault, articles_of
from corpus.articles.readers import detect
from corpus.errors import CorpusError
from corpus.progress import Progress, quiet
from corpus.records import Article, Reject
from corpus.workspace import Workspace

HEAD_CHARACTERS = 200


class ConvertReport(Struct, frozen=True):
    """What one run read and what became of it: `records == articles + rejected` and `articles == new + changed + unchanged`.

    `total` counts the articles in the corpus now; `dates_not_understood` those of this run whose printed date became null.
    """

    files: int
    records: int
    articles: int
    rejected: int
    reasons: dict[str, int]
    new: int
    changed: int
    unchanged: int
    total: int
    dates_not_understood: int


def convert(workspace: Workspace, paths: list[Path], progress: Progress = quiet) -> ConvertReport:
    """Convert every file below `paths` and merge the articles into the corpus.

    Raises:
        CorpusError: a path does not exist or holds the corpus's own files, another conversion is running, or the stored
            articles are not readable.
    """
    for path in map(Path.resolve, paths):
        if workspace.root.is_relative_to(path) or (path.parent == workspace.root and path.name in store.WRITTEN_BY):
            raise CorpusError(f"{path} holds the corpus's own files", "name the files and folders that hold the raw input")
    scratch = workspace.state / "convert"
    workspace.state.mkdir(mode=0o700, exist_ok=True)
    try:
        with filelock.FileLock(workspace.state / "convert.lock", timeout=0):
            shutil.rmtree(scratch, ignore_errors=True)  # left by a run that was killed
            scratch.mkdir()
            try:
                return _convert(workspace, paths, scratch, progress)
            finally:
                shutil.rmtree(scratch)
    except filelock.Timeout:
        raise CorpusError(f"another `warraq convert` is running in {workspace.root}", "wait until it has ended") from None


def _convert(workspace: Workspace, paths: list[Path], scratch: Path, progress: Progress) -> ConvertReport:
    sorter = merge.Sorter(scratch)
    rejects: list[Reject] = []
    stale = {file for reject in store.read_if_any(workspace.rejects, Reject) for file in _with_parents(reject.file)}
    again: set[str] = set()
    files = undated = 0
    for files, source in enumerate(sources.walk(paths), 1):
        if source.file in stale:
            again.add(source.file)
        for record, printed_date in records_of(source, workspace.config.language):
            if isinstance(record, Reject):
                rejects.append(record)
            else:
                sorter.add(record)
                undated += bool(printed_date and record.published is None)
        progress(files, None)
    counts: Counter[str] = Counter()
    total = store.write(workspace.articles, _merged(workspace.articles, sorter, rejects, counts))
    kept = [r for r in store.read_if_any(workspace.rejects, Reject) if not again.intersection(_with_parents(r.file))]
    store.write_sorted(workspace.rejects, [*kept, *rejects], key=lambda reject: (reject.file, reject.record, reject.reason))
    written = counts["new"] + counts["changed"] + counts["unchanged"]
    return ConvertReport(
        files=files,
        records=written + len(rejects),
        articles=written,
        rejected=len(rejects),
        reasons=dict(sorted(Counter(reject.reason for reject in rejects).items())),
        new=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        total=total,
        dates_not_understood=undated,
    )


def records_of(source: sources.Source, language: str | None) -> Iterator[tuple[Article | Reject, str | None]]:
    """The articles and rejects of one file; with an article comes its date as printed."""
    content = source.content
    try:
        reader = content if isinstance(content, Fault) else detect(content.peek(1))
    except OSError as error:
        reader = Fault(1, b"", "unreadable", str(error))
    if isinstance(content, Fault) or isinstance(reader, Fault):
        yield _reject(source.name, reader), None  # type: ignore[arg-type]
        return
    record = 0
    try:
        for draft in reader.read(content):
            record = draft.record
            if isinstance(draft, Fault):
                yield _reject(source.name, draft), None
            else:
                parts = [draft, *draft.inside]
                found = articles_of(draft, source.name, reader.name, f"{reader.name}/{reader.version}", language)
                yield from zip(found, (part.published for part in parts), strict=True)
    except OSError as error:
        yield _reject(source.name, Fault(record + 1, b"", "unreadable", f"the rest cannot be read: {error}")), None


def _merged(stored: Path, sorter: merge.Sorter, rejects: list[Reject], counts: Counter[str]) -> Iterator[Article]:
    """Merge new articles into the stored ones. Of two new ones with one id the later is kept; the others are rejects."""
    for before, new in merge.by_id(merge.stored(stored), sorter):
        if not new:
            counts["kept"] += 1
            yield before  # type: ignore[misc]  # one of the two is there
            continue
        *others, last = sorted(new, key=lambda article: (article.origin.file, article.origin.record))
        counts["new" if before is None else "unchanged" if before == last else "changed"] += 1
        for other in others:
            same = f"the same article as record {last.origin.record} of {last.origin.file} (by address, number or bytes)"
            rejects.append(Reject(other.origin.file, other.origin.record, "repeated", same, other.text[:HEAD_CHARACTERS]))
        yield last


def _with_parents(file: str) -> list[str]:
    """A file's name, and those of what it may be in: `a.tar/b/c`, `a.tar/b`, `a.tar`."""
    parts = file.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]


def _reject(file: str, fault: Fault) -> Reject:
    head = fault.raw[: 4 * HEAD_CHARACTERS].decode("utf-8", "replace")[:HEAD_CHARACTERS]
    return Reject(file, fault.record, fault.reason, fault.detail, head)
