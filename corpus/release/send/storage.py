"""A release → a folder, or storage that fsspec knows (`s3://BUCKET/PATH`). There are no commits: its manifest stands for it.

Who finds MANIFEST.json finds the release that it describes: it is taken away first and put back last. Meanwhile a note names
the files that are ours, so that a run after an interrupted one knows what it may replace. Files are put where they lack or
differ, stale ones deleted, and what was put is read back. What stands there is read once, whole, and hashed. Two runs at the
same time on one place are not held apart.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import msgspec
from fsspec import AbstractFileSystem

from corpus import store
from corpus.errors import CheckError, CorpusError, ServiceError
from corpus.progress import Progress, quiet
from corpus.release.layout import manifest
from corpus.release.layout.manifest import MANIFEST, File
from corpus.release.send import operations
from corpus.release.send.operations import Files, Operations, Told

try:  # what the client of s3:// raises beside OSError; it comes with the extra `s3`
    from botocore.exceptions import BotoCoreError
except ImportError:
    BotoCoreError = OSError

NOTE = ".warraq-sending.json"


class Place:
    """A folder of a file system; names are relative to it, with `/`."""

    def __init__(self, url: str) -> None:
        """Open a folder, which need not exist.

        Raises:
            CorpusError: no file system has that name, or its package is not installed.
        """
        local = "://" not in url
        try:
            self._fs: AbstractFileSystem
            self._fs, root = fsspec.url_to_fs(url, **({"auto_mkdir": True} if local else {}))
        except (ValueError, ImportError) as error:
            raise CorpusError(
                f"{url}: {error}", "for s3:// install Warraq with its extra `s3`; or name a folder, as ./FOLDER"
            ) from None
        self._root, self._local = root.rstrip("/"), local
        self.url = url

    def files(self) -> Files:
        """Size and SHA-256 of every file, read whole."""
        with self._told():
            self._fs.invalidate_cache()
            names = [path.removeprefix(f"{self._root}/") for path in self._fs.find(self._root)]
            return {name: self.file(name) for name in sorted(names)}

    def file(self, name: str) -> File:
        """Size and SHA-256 of a file as it stands."""
        with self._told(), self._fs.open(f"{self._root}/{name}", "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return File(file.tell(), digest)

    def read(self, name: str) -> bytes:
        """The content of a small file."""
        with self._told():
            return bytes(self._fs.cat_file(f"{self._root}/{name}"))

    def write(self, name: str, data: bytes) -> None:
        """Write a small file."""
        with self._told():
            self._fs.pipe_file(f"{self._root}/{name}", data)

    def put(self, path: Path, name: str) -> None:
        """Send a file."""
        with self._told():
            self._fs.put_file(str(path), f"{self._root}/{name}")

    def delete(self, name: str) -> None:
        """Delete a file."""
        with self._told():
            self._fs.rm_file(f"{self._root}/{name}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of a local folder are told by the command line; those of a service say which."""
        try:
            yield
        except (OSError, BotoCoreError) as error:
            if self._local:
                raise
            said = " ".join(str(error).split()).partition("?")[0][:200]
            raise ServiceError(f"{self.url}: {type(error).__name__}: {said}", _ALLOWED) from None


def send(release: Path, url: str, dry_run: bool = False, progress: Progress = quiet) -> Operations:
    """Put a release that was checked into a folder or store; or, as a dry run, tell what would be done and do nothing.

    Raises:
        CorpusError: the address is none.
        CheckError: there are files that no release put there, the version stands there with other files, or what was read
            back differs.
        ServiceError: the storage cannot be reached, or refuses.
    """
    place, new = Place(url), operations.of_folder(release)
    there = place.files()
    noted = there.pop(NOTE, None) is not None
    begun = _note(place) if noted else None
    told = _manifest(place) if MANIFEST in there and begun is None else None
    version = manifest.read(release).corpus.version
    if told and told.corpus.version == version:
        operations.refuse_other_content(url, version, there, new)
    ours = operations.expected(there, told) if begun is None else dict.fromkeys(begun)
    operations.refuse_changes(url, there, ours, new)
    planned = operations.plan(there, new)
    if not dry_run and (noted or planned.add or planned.delete):
        place.write(NOTE, store.encode(sorted({*ours, *new})))
        if MANIFEST in there:
            place.delete(MANIFEST)
        _change(place, release, planned, new, progress)
        place.delete(NOTE)
    return planned


def _change(place: Place, release: Path, planned: Operations, new: Files, progress: Progress) -> None:
    put = [name for name in planned.add if name != MANIFEST]
    for done, name in enumerate(put):
        progress(done, len(put))
        place.put(release / name, name)
    for name in planned.delete:
        place.delete(name)
    _compare(place, put, new)
    place.put(release / MANIFEST, MANIFEST)
    _compare(place, [MANIFEST], new)


def _compare(place: Place, names: list[str], new: Files) -> None:
    operations.refuse_difference(place.url, {name: place.file(name) for name in names}, {name: new[name] for name in names})


def _note(place: Place) -> list[str] | None:
    """The files that an interrupted run said are ours; None if it was cut while it said so, and had changed nothing yet."""
    try:
        return msgspec.json.decode(place.read(NOTE), type=list[str])
    except msgspec.MsgspecError:
        return None


def _manifest(place: Place) -> Told:
    try:
        return msgspec.json.decode(place.read(MANIFEST), type=Told)
    except msgspec.MsgspecError as error:
        raise CheckError(f"{place.url} holds a {MANIFEST} that is none: {error}", "name an empty place") from None


_ALLOWED = "see that the bucket exists, that your credentials may write to it, and that it can be reached; then run again"
