"""Files in batches, read by one process or several; what a batch gave is left on disk, so that no run reads it twice.

A batch is some files in the order of the walk. Its key is the hash of all that its outcome follows from: each file's name,
size and time stamps, the settings and the readers' versions. `KEY.json` (a `Batch`) is written last: where it stands, the
batch is done, and a run that follows one that was killed goes on behind it.
"""

import hashlib
import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus import store
from corpus.articles import merge, sources
from corpus.articles.readers import READERS
from corpus.articles.reading import Note, records_of
from corpus.articles.settings import Settings
from corpus.articles.sources import File
from corpus.errors import CorpusError
from corpus.records import Reject

MAX_FILES = 2048
MAX_BYTES = 8 * 2**20
"""A batch ends with the file that brings it to so many files or bytes: some tenths of a second, for its end takes the disk
milliseconds."""
MAX_NOTES = 1000
"""So many notes of one batch are kept, and so many stand in the report; all are counted."""


class Batch(Struct, frozen=True):
    """What one batch of files gave: the names of its chunks of articles, and what was not to be an article.

    `files` counts files in archives too; `languages` and `reasons` count articles.
    """

    files: int
    names: list[str]
    chunks: list[str]
    rejects: list[Reject]
    notes: list[Note]
    reasons: dict[str, int]
    languages: dict[str, int]


def cut(files: Iterable[File]) -> Iterator[list[File]]:
    """Cut a walk into batches."""
    batch: list[File] = []
    size = 0
    for file in files:
        batch.append(file)
        size += file.size
        if len(batch) >= MAX_FILES or size >= MAX_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def read_all(batches: Iterator[list[File]], folder: Path, settings: Settings, workers: int) -> Iterator[Batch]:
    """Read batches and yield what each gave, in their order. A single batch is read here, whatever `workers` says.

    Raises:
        CorpusError: a worker died.
    """
    first = list(islice(batches, 2))
    every = chain(first, batches)  # not listed before they are read: the names of a million files are half a gigabyte
    if workers <= 1 or len(first) < 2:
        for batch in every:
            yield read(batch, folder, settings)
        return
    waiting: deque[Future[Batch]] = deque()
    context = multiprocessing.get_context("spawn")  # a fork would copy the locks of the threads of pyarrow
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_live_with_parent) as pool:
        try:
            for batch in every:
                with _no_interrupt():  # a process may start here
                    waiting.append(pool.submit(read, batch, folder, settings))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            fix = "run it again, it goes on where it was; with `--workers 1` if memory is short"
            raise CorpusError("a process that read files was ended by the system", fix) from None
        except KeyboardInterrupt:
            for child in multiprocessing.active_children():
                child.terminate()  # a file may take minutes; what a batch gave is left whole or not at all
            raise
        finally:
            for future in waiting:
                future.cancel()


def read(files: list[File], folder: Path, settings: Settings) -> Batch:
    """What a batch of files gives: read now, or found in `folder`."""
    key = _key(files, settings)
    done = folder / f"{key}.json"
    if done.exists():
        return msgspec.json.decode(done.read_bytes(), type=Batch)
    sorter = merge.Sorter(folder, key)
    rejects: list[Reject] = []
    notes: list[Note] = []
    languages: Counter[str] = Counter()
    count = 0
    for file in files:
        for source in sources.opened(file):
            count += 1
            for record, note in records_of(source, settings):
                if isinstance(record, Reject):
                    rejects.append(record)
                    continue
                sorter.add(record)
                languages[record.language or "unknown"] += 1
                if note:
                    notes.append(note)
    sorter.flush()
    reasons = Counter(note.reason for note in notes)
    chunks = [path.name for path in sorter.chunks]
    batch = Batch(count, [file.name for file in files], chunks, rejects, notes[:MAX_NOTES], dict(reasons), dict(languages))
    store.write_bytes(done, store.encode(batch))
    return batch


def _key(files: list[File], settings: Settings) -> str:
    versions = [(reader.name, reader.version) for reader in READERS]
    return hashlib.sha256(repr((files, settings, versions)).encode()).hexdigest()[:32]


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits till the end of the block. A process that starts in it never hears of it: it leaves that to its parent."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _live_with_parent() -> None:
    """A worker ends when its parent is killed."""
    parent = multiprocessing.parent_process()

    def end() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()
