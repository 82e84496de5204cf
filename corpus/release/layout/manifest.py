"""MANIFEST.json of a release: what it is made of, by hash. The same inputs give the same bytes: no time, no path, no host.

For each file its size and SHA-256 (these depend on the version of pyarrow); for each split of a config its rows and their
SHA-256 (which does not, see `digest`); and what a reader needs to recompute README.md.
"""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from corpus import store
from corpus.codebook import Codebook
from corpus.errors import CorpusError
from corpus.release.layout.forms import Form
from corpus.workspace import Config as Settings
from corpus.workspace import Licence

S = TypeVar("S", bound=Struct)
HASH_BYTES = 16 << 20
MANIFEST, CODEBOOK, README = "MANIFEST.json", "codebook.json", "README.md"


class About(Struct, frozen=True):
    """What warraq.toml says of the corpus: name, version of the release, language (BCP 47), licences."""

    name: str
    version: str
    language: str
    licence: Licence


class Split(Struct, frozen=True):
    """The rows of a split, and their SHA-256 (see `digest`)."""

    rows: int
    sha256: str


class File(Struct, frozen=True):
    """The size of a file in bytes, and the SHA-256 of its content."""

    bytes: int
    sha256: str


class Manifest(Struct, frozen=True):
    """MANIFEST.json. `files` has every file of the release but this one, by path relative to the release.

    `text` and `masked` are the release's form (see `forms`), `command` is what makes it. `full` has the rows of the full
    release of the same content, where this one is withheld, or was rehydrated and is not the same.
    """

    corpus: About
    codebook: str
    seeds: dict[str, int]
    versions: dict[str, str]
    configs: dict[str, dict[str, Split]]
    files: dict[str, File]
    text: Form = "full"
    masked: bool = False
    command: str = ""
    full: dict[str, dict[str, Split]] | None = None

    @property
    def content(self) -> dict[str, dict[str, Split]]:
        """What stands for the content: the rows of the full release, of which there may be several forms."""
        return self.full or self.configs


def about(settings: Settings) -> About:
    """What a release tells of its corpus's settings."""
    return About(settings.name, settings.version, settings.language, settings.licence)


def command(text: Form, masked: bool) -> str:
    """The command that makes a release of a form; of the same corpus and versions it makes the same bytes."""
    if text == "rehydrated":
        return "warraq rehydrate"
    return "warraq publish" + " --text withheld" * (text == "withheld") + " --mask" * masked


def write(
    release: Path, settings: Settings, book: Codebook, configs: dict[str, dict[str, Split]], hashed: dict[str, File]
) -> None:
    """Write MANIFEST.json into a full release that is otherwise complete; `hashed` are files whose hash is known."""
    manifest = Manifest(
        corpus=about(settings),
        codebook=book.ref,
        seeds={"split": settings.split.seed},
        versions=_versions(),
        configs={name: splits for name, splits in configs.items() if splits},
        files={name: hashed.get(name) or of_file(release / name) for name in names(release)},
        command=command("full", masked=False),
    )
    store.write_json(release / MANIFEST, manifest)


def write_form(
    release: Path, old: Manifest, configs: dict[str, dict[str, Split]], text: Form, masked: bool, full: bool
) -> None:
    """Write MANIFEST.json into another form of a release; `full` says whether to keep the hashes of the full one."""
    files = {name: of_file(release / name) for name in names(release)}
    form = {"text": text, "masked": masked, "command": command(text, masked), "full": old.content if full else None}
    store.write_json(
        release / MANIFEST, msgspec.structs.replace(old, versions=_versions(), configs=configs, files=files, **form)
    )


def _versions() -> dict[str, str]:
    return {package: version(package) for package in ("warraq", "datasets", "pyarrow", "matplotlib")}


def renew(release: Path, settings: Settings, papers: list[str]) -> None:
    """Take in papers that were written anew, and the settings they were written with; nothing else is believed again."""
    if (release / MANIFEST).exists():
        manifest = read(release)
        files = {name: file for name, file in manifest.files.items() if (release / name).exists()}
        files = dict(sorted((files | {name: of_file(release / name) for name in papers}).items()))
        store.write_json(release / MANIFEST, msgspec.structs.replace(manifest, corpus=about(settings), files=files))


def read(release: Path) -> Manifest:
    """The manifest of a release.

    Raises:
        CorpusError: there is none, or it is not one.
    """
    return decode(release / MANIFEST, Manifest)


def read_codebook(release: Path) -> Codebook:
    """The codebook that a release was labelled by, its lists of choices written out.

    Raises:
        CorpusError: there is none, or it is not one.
    """
    return decode(release / CODEBOOK, Codebook)


def names(release: Path) -> Iterable[str]:
    """Every file of a release but its manifest, by path relative to the release, sorted; links to folders too."""
    found = (path.relative_to(release).as_posix() for path in release.rglob("*") if not path.is_dir() or path.is_symlink())
    return sorted(name for name in found if name != MANIFEST)


def of_file(path: Path) -> File:
    """The size and hash of a file as it stands. Read in large pieces, between which alone Python's lock is asked for."""
    told, piece = hashlib.sha256(), memoryview(bytearray(min(HASH_BYTES, path.stat().st_size)))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(piece):
            told.update(piece[:size])
        return File(file.tell(), told.hexdigest())


def decode(path: Path, kind: type[S]) -> S:
    """A JSON file of a release, checked.

    Raises:
        CorpusError: it is not there, or not what it should be.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        raise CorpusError(
            f"{path} does not exist", "name the folder of a release, or build one with `warraq publish`"
        ) from None
    except msgspec.MsgspecError as error:
        raise CorpusError(f"{path} is not valid: {error}", "build the release anew with `warraq publish`") from None
