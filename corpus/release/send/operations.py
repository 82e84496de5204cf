"""What sending a release to a place would do there: files added, deleted, kept. A place may hold an older release.

What stands there is compared by content with the manifest that stands there: a file that no release of ours put there, or
that somebody changed or deleted since, is not ours to overwrite.
"""

from pathlib import Path

from msgspec import Struct

from corpus.errors import CheckError
from corpus.release.layout import manifest
from corpus.release.layout.manifest import MANIFEST, File

Files = dict[str, File]
SHOWN = 10


class Version(Struct, frozen=True):
    """What matters here of `About`."""

    version: str


class Told(Struct, frozen=True):
    """What matters here of the manifest that stands there, which an older Warraq may have written."""

    corpus: Version
    files: Files


class Operations(Struct, frozen=True):
    """Bytes by file name; `add` has new files and those with other content."""

    add: dict[str, int]
    delete: dict[str, int]
    keep: dict[str, int]


def of_folder(release: Path) -> Files:
    """Every file of a release in a folder, its manifest too."""
    return {name: manifest.of_file(release / name) for name in [*manifest.names(release), MANIFEST]}


def plan(there: Files, new: Files) -> Operations:
    """What makes the place hold the release and nothing else."""
    return Operations(
        add={name: file.bytes for name, file in new.items() if there.get(name) != file},
        delete={name: file.bytes for name, file in there.items() if name not in new},
        keep={name: file.bytes for name, file in new.items() if there.get(name) == file},
    )


def expected(there: Files, told: Told | None) -> dict[str, File | None]:
    """What should stand there by its manifest, whose own content is taken as it is."""
    return {**told.files, MANIFEST: there[MANIFEST]} if told else {}


def changes(there: Files, meant: dict[str, File | None], new: Files) -> list[str]:
    """How what stands there differs from what should; None stands for any content. What is as in `new` is no change."""
    found = []
    for name in sorted(there.keys() | meant.keys()):
        got = there.get(name)
        if got == new.get(name) or (name in meant and meant[name] in (None, got)):
            continue
        found.append(f"{name} was {'added' if name not in meant else 'changed' if got else 'deleted'}")
    return found


def refuse_changes(where: str, there: Files, meant: dict[str, File | None], new: Files) -> None:
    """Overwrite nobody's work.

    Raises:
        CheckError: the place holds what no release put there, or lacks what one did.
    """
    if found := changes(there, meant, new):
        raise CheckError(
            f"{where} was changed by somebody else: {listed(found)}",
            "undo these changes there (what you want to keep belongs into the corpus), or name an empty place",
        )


def refuse_other_content(where: str, version: str, there: Files, new: Files) -> None:
    """A published version stays as it is.

    Raises:
        CheckError: the files of that version there are not those of the release.
    """
    if differ := sorted(name for name in there.keys() | new.keys() if there.get(name) != new.get(name)):
        raise CheckError(
            f"{where} already has version {version}, with other files: {listed(differ)}",
            "raise `version` in warraq.toml; what is published stays as it is",
        )


def refuse_difference(where: str, there: Files, new: Files) -> None:
    """What was sent is what arrived.

    Raises:
        CheckError: a file read back from the place is not the release's.
    """
    if differ := sorted(name for name in there.keys() | new.keys() if there.get(name) != new.get(name)):
        raise CheckError(f"{where}, read back, differs from the release: {listed(differ)}", "run the same command again")


def listed(names: list[str]) -> str:
    """The first SHOWN of them, and how many more there are."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
