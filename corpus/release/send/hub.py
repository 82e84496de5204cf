"""A release → a dataset repository on the Hub: one commit, then a tag, then read back by the tag.

Every step asks the Hub what stands there and does what lacks, so a run that was interrupted anywhere is mended by another.

1. The repository is made, private. `gated` is set before anything is sent.
2. A tag `v` + version is a published release: its files must be those of ours. Then nothing is committed.
3. The head must be a release as we left it (see `operations`), or an empty repository. Large files are uploaded; one commit on
   that head adds, replaces and deletes. If the head is already the release, there is no commit.
4. The commit is tagged; all files are downloaded by the tag and compared.
5. `public` opens the repository. Texts that may not be given on are opened only gated.
"""

import tempfile
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, DatasetInfo, get_token
from msgspec import Struct

from corpus.errors import CheckError, CorpusError
from corpus.progress import Progress, quiet
from corpus.release.layout import manifest
from corpus.release.layout.manifest import Manifest
from corpus.release.send import operations
from corpus.release.send.operations import Files, Operations
from corpus.release.send.repository import Change, Moved, Repository


class Access(Struct, frozen=True):
    """What to do about who may see it: open it to all; let readers ask for access first. False leaves it as it is."""

    public: bool = False
    gated: bool = False


AS_IT_IS = Access()


def send(
    release: Path, repo_id: str, access: Access = AS_IT_IS, dry_run: bool = False, progress: Progress = quiet
) -> Operations:
    """Publish a release that was checked; or, as a dry run, tell what would be done and send nothing.

    Args:
        release: the folder.
        repo_id: `USER/NAME`.
        access: who may see it.
        dry_run: only look.
        progress: called with the files uploaded and their number.

    Raises:
        CorpusError: there is no token.
        CheckError: somebody else changed what is there, the version is published with other files, the texts may not be
            opened, or what was read back differs.
        ServiceError: the Hub cannot be reached, or refuses.
    """
    if get_token() is None:
        raise CorpusError("there is no token for the Hub", "log in with `hf auth login`, or set HF_TOKEN")
    told, new = manifest.read(release), operations.of_folder(release)
    repository, tag = Repository(repo_id), f"v{told.corpus.version}"
    info = repository.info()
    _may_open(repo_id, told, info, access)
    if info is None and dry_run:
        return operations.plan({}, new)
    if info is None:
        repository.create()
    if access.gated and not dry_run:
        repository.settings(gated=True)
    tagged = repository.tag(tag)
    head = tagged or repository.commit_of()
    there = repository.files(head)
    if tagged:
        operations.refuse_other_content(f"{repo_id} on the Hub", told.corpus.version, there, new)
    else:
        meant = operations.expected(there, repository.manifest(head))
        operations.refuse_changes(f"{repo_id} on the Hub", there, meant, new)
    planned = operations.plan(there, new)
    if not dry_run:
        if not tagged:
            repository.set_tag(tag, _committed(repository, release, planned, head, new, progress))
        _compare(repository, tag, new)
        if access.public:
            repository.settings(private=False)
    return planned


def fetch(repo_id: str, tag: str | None) -> Path:
    """A release on the Hub → a folder in the client's cache.

    Raises:
        ServiceError: the Hub cannot be reached, or has no such dataset or tag.
    """
    repository = Repository(repo_id)
    return repository.download(repository.commit_of(tag))


def _committed(repository: Repository, release: Path, planned: Operations, head: str, new: Files, progress: Progress) -> str:
    """The commit that has the files of the release: the head, or a new one."""
    added = [CommitOperationAdd(name, release / name) for name in planned.add]
    changes: list[Change] = [*added, *(CommitOperationDelete(name, is_folder=False) for name in planned.delete)]
    if not changes:
        return head
    repository.upload(added, progress)
    message = f"Release {manifest.read(release).corpus.version}"
    try:
        return repository.commit(changes, head, message, lambda commit: repository.files(commit) == new)
    except Moved as error:
        before, after = repository.files(head), repository.files(str(error))
        found = operations.changes(after, dict(before), new)
        raise CheckError(
            f"{repository.id} on the Hub was changed while we uploaded: {operations.listed(found)}",
            "see on the Hub who changed it; then run the same command again",
        ) from None


def _compare(repository: Repository, tag: str, new: Files) -> None:
    with tempfile.TemporaryDirectory() as cache:
        folder = repository.download(repository.commit_of(tag), cache=Path(cache))
        arrived = {name: manifest.of_file(folder / name) for name in _names(folder)}
    operations.refuse_difference(f"{repository.id} on the Hub, {tag}", arrived, new)


def _names(folder: Path) -> list[str]:
    return [*manifest.names(folder), *([manifest.MANIFEST] if (folder / manifest.MANIFEST).exists() else [])]


def _may_open(repo_id: str, told: Manifest, info: DatasetInfo | None, access: Access) -> None:
    """Texts under "all rights reserved" are shown to nobody who has not asked."""
    open_ = access.public or (info is not None and not info.private)
    gated = access.gated or (info is not None and bool(info.gated))
    reserved = "all rights reserved" in told.corpus.licence.text.casefold()
    if open_ and not gated and reserved and told.text != "withheld":
        raise CheckError(
            f"{repo_id} would show texts to all whose licence is {told.corpus.licence.text!r}",
            "add --gated, so that readers ask for access, publish with --text withheld, or correct `licence` in warraq.toml",
        )
