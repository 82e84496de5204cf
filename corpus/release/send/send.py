"""Where a release goes, and whether it may: `warraq publish --to`, and the release that `warraq verify` is asked about.

A destination is read by its form alone, whatever folders exist: `USER/NAME` is a dataset on the Hub; what begins with `/`,
`./`, `../` or `~` is a folder; what has `://` is storage.
"""

import re
from pathlib import Path

from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]  # it is loaded when asked for
from msgspec import Struct

from corpus.errors import CheckError, CorpusError
from corpus.progress import Progress, quiet
from corpus.release.check import verify
from corpus.release.dataset.publish import PublishReport
from corpus.release.layout import manifest
from corpus.release.layout.manifest import Manifest
from corpus.release.papers import prose
from corpus.release.send import hub, operations, storage
from corpus.release.send.hub import AS_IT_IS, Access
from corpus.release.send.operations import Operations
from corpus.workspace import Workspace

_HUB = re.compile(r"(?P<id>[\w.-]+/[\w.-]+)(?:@(?P<tag>.+))?", re.ASCII)
_FOLDER = ("/", "./", "../", "~")


class SendReport(Struct, frozen=True):
    """Where the release went, or would go, and what was done there: bytes by file added, deleted and kept."""

    to: str
    version: str
    dry_run: bool
    operations: Operations


def send(
    workspace: Workspace,
    built: PublishReport,
    to: str,
    access: Access = AS_IT_IS,
    dry_run: bool = False,
    progress: Progress = quiet,
) -> SendReport:
    """Send a release that was just built to the Hub, a folder or storage.

    Args:
        workspace: the corpus folder.
        built: what `publish` told of its release.
        to: the destination.
        access: who may see it on the Hub.
        dry_run: check and look, change nothing.
        progress: called with the number of files sent.

    Raises:
        CorpusError: the destination is none, or `access` is asked for elsewhere than on the Hub.
        CheckError: the release may not go out (see `refuse`), or not there (see `hub.send`, `storage.send`).
        ServiceError: the destination cannot be reached, or refuses.
    """
    release, on_hub = workspace.release, is_hub(to)
    if not on_hub and access != AS_IT_IS:
        raise CorpusError(f"--public and --gated are settings of the Hub; --to is {to!r}", "leave them out")
    told = manifest.read(release)
    refuse(workspace, told, built)
    done = hub.send(release, to, access, dry_run, progress) if on_hub else storage.send(release, to, dry_run, progress)
    return SendReport(to=to, version=told.corpus.version, dry_run=dry_run, operations=done)


def refuse(workspace: Workspace, told: Manifest, built: PublishReport) -> None:
    """Hold back a release that is not finished, not true, or tells of people what their articles should not.

    Raises:
        CheckError: says what, with names.
    """
    if missing := prose.unfilled(workspace):
        raise CheckError(f"a person has still to write in card.toml: {operations.listed(missing)}", "write it, then publish")
    if built.personal and told.text != "withheld" and not told.masked:
        kinds = ", ".join(f"{number} {kind}" for kind, number in built.personal.items())
        raise CheckError(
            f"articles hold personal data ({kinds}): {operations.listed(built.personal_articles)}",
            "add --text withheld; or move release/, which nobody has yet, out of the way and add --mask",
        )
    if lies := [f"{check.name}: {check.lies[0]}" for check in verify.verify(workspace.release).checks if not check.ok]:
        raise CheckError(
            f"the release is not what it says: {'; '.join(lies)}", "`warraq verify` shows all; mend, then publish"
        )


def is_hub(to: str) -> bool:
    """Whether a destination is on the Hub.

    Raises:
        CorpusError: it is no destination.
    """
    if to.startswith(_FOLDER) or ("://" in to and not to.startswith("hf://")):
        return False
    if (tag := _repository(to)[1]) is not None:
        raise CorpusError(f"--to {to!r} names a tag", f"leave out @{tag}: the tag is `v` and the version in warraq.toml")
    return True


def located(release: str) -> Path:
    """The folder of a release that is to be read: one here, or `USER/NAME[@TAG]` downloaded. A folder that exists goes first.

    Raises:
        CorpusError: there is no such folder, and it is no name of a dataset.
        ServiceError: the Hub cannot be reached, or has no such dataset or tag.
    """
    if (folder := Path(release).expanduser()).is_dir():
        return folder
    if release.startswith(_FOLDER):
        raise CorpusError(f"{release} is no folder", "name the folder of a release, or a dataset on the Hub as USER/NAME@TAG")
    return hub.fetch(*_repository(release))


def _repository(name: str) -> tuple[str, str | None]:
    found = _HUB.fullmatch(name)
    try:
        validate_repo_id(found["id"] if found else name)
    except HFValidationError:
        found = None
    if not found:
        raise CorpusError(
            f"{name!r} is no folder, no address and no name of a dataset",
            "write USER/NAME for the Hub, ./FOLDER or /FOLDER for a folder, s3://BUCKET/PATH for storage;"
            " `warraq publish` makes the folder `release`",
        )
    return found["id"], found["tag"]
