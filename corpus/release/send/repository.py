"""One dataset repository on the Hub, asked through huggingface_hub: each question of ours is one method.

A call that fails on the way (a 5xx, a cut connection) is repeated up to len(WAITS) times; one that changes something looks
first whether it was done after all, because the Hub may do what it answers with a 500. The token is the client's affair:
HF_TOKEN or `hf auth login`. Errors say the status and what the server said, and no address: its query may be a signature.
"""

import glob
import json
import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx2
import msgspec
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, DatasetInfo, HfApi, snapshot_download
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils.tqdm import disable_progress_bars

from corpus.errors import CheckError, ServiceError
from corpus.progress import Progress
from corpus.release.layout import manifest
from corpus.release.layout.manifest import MANIFEST
from corpus.release.send.operations import Files, Told

T = TypeVar("T")
Change = CommitOperationAdd | CommitOperationDelete
WAITS = (1.0, 2.0, 4.0, 8.0)
KEPT = ".gitattributes"
"""The Hub's own file, in every repository."""


class Moved(Exception):
    """The head is another commit than the one that was meant to be the parent."""


class Repository:
    """A dataset repository, which need not exist yet."""

    def __init__(self, repo_id: str) -> None:
        """Make a client; nothing is sent."""
        disable_progress_bars()
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its warnings have signed addresses in them
        self.id = repo_id
        self._api = HfApi()

    def info(self, revision: str | None = None) -> DatasetInfo | None:
        """Commit, visibility and access; None if there is no such repository or revision, or none that we may see."""
        try:
            return self._ask(lambda: self._api.dataset_info(self.id, revision=revision))
        except (RepositoryNotFoundError, RevisionNotFoundError):
            return None

    def commit_of(self, revision: str | None = None) -> str:
        """The commit that a tag or branch stands on; `main` if none is named.

        Raises:
            ServiceError: there is no such repository or revision, or none that we may see.
        """
        info = self.info(revision)
        if info is None or info.sha is None:
            raise ServiceError(f"the Hub has no dataset {self.id}" + (f" with {revision}" if revision else ""), _SEEN)
        return info.sha

    def create(self) -> None:
        """Make the repository, private; one that exists is left as it is."""
        self._ask(lambda: self._api.create_repo(self.id, repo_type="dataset", private=True, exist_ok=True))

    def settings(self, private: bool | None = None, gated: bool = False) -> None:
        """Change who may see it; `gated` makes readers ask for access, which the owner grants one by one."""
        self._ask(
            lambda: self._api.update_repo_settings(
                self.id, repo_type="dataset", private=private, gated="manual" if gated else None
            )
        )

    def tag(self, name: str) -> str | None:
        """The commit of a tag."""
        refs = self._ask(lambda: self._api.list_repo_refs(self.id, repo_type="dataset"))
        return next((tag.target_commit for tag in refs.tags if tag.name == name), None)

    def set_tag(self, name: str, commit: str) -> None:
        """Tag a commit; a tag of that name that stands is left."""
        self._ask(lambda: self._api.create_tag(self.id, tag=name, revision=commit, repo_type="dataset", exist_ok=True))

    def files(self, revision: str) -> Files:
        """Every file but the Hub's own. The Hub knows the SHA-256 of large ones; small ones (Git's) are downloaded."""
        tree = self._ask(
            lambda: list(self._api.list_repo_tree(self.id, recursive=True, revision=revision, repo_type="dataset"))
        )
        found = {item.path: item for item in tree if isinstance(item, RepoFile) and item.path != KEPT}
        small = self.download(revision, [name for name, item in found.items() if item.lfs is None])
        return {
            name: manifest.File(item.lfs.size, item.lfs.sha256) if item.lfs else manifest.of_file(small / name)
            for name, item in found.items()
        }

    def manifest(self, revision: str) -> Told | None:
        """The manifest of the release that stands there, if one does."""
        try:
            return msgspec.json.decode((self.download(revision, [MANIFEST]) / MANIFEST).read_bytes(), type=Told)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def download(self, revision: str, names: list[str] | None = None, cache: Path | None = None) -> Path:
        """A folder with the files of a revision, in the client's cache or in another one."""
        return Path(
            self._ask(
                lambda: snapshot_download(
                    self.id,
                    repo_type="dataset",
                    revision=revision,
                    cache_dir=cache,
                    allow_patterns=None if names is None else [glob.escape(name) for name in names],
                    ignore_patterns=[KEPT],
                )
            )
        )

    def upload(self, added: list[CommitOperationAdd], progress: Progress) -> None:
        """Put the content of large files into the Hub's store, where a commit finds it. What is there is not sent again."""
        for done, addition in enumerate(added):
            progress(done, len(added))
            self._ask(partial(self._api.preupload_lfs_files, self.id, [addition], repo_type="dataset", free_memory=False))

    def commit(self, changes: list[Change], parent: str, message: str, done: Callable[[str], bool]) -> str:
        """Make one commit on `parent`, and return it.

        Args:
            changes: what is added and deleted.
            parent: the commit that must be the head.
            message: what the commit is called.
            done: whether a commit has the content that is meant.

        Raises:
            Moved: the head is another commit, and its content is not what was meant.
            CheckError: the Hub refuses the YAML of README.md.
        """

        def stored() -> str | None:
            head = self.commit_of()
            if head == parent:
                return None
            if not done(head):
                raise Moved(head)
            return head

        def send() -> str:
            try:
                return self._api.create_commit(
                    self.id, changes, commit_message=message, repo_type="dataset", parent_commit=parent
                ).oid
            except HfHubHTTPError as error:
                if error.response.status_code == 412 and (head := stored()):
                    return head
                raise
            except ValueError as error:
                if type(error) is not ValueError:
                    raise
                said = " ".join(str(error).split())
                raise CheckError(
                    f"the Hub refuses README.md: {said}", "correct what goes into it, then publish again"
                ) from None

        return self._ask(send, stored)

    def _ask(self, call: Callable[[], T], stored: Callable[[], T | None] = lambda: None) -> T:
        """What a call gives; repeated where it failed on the way and `stored` does not say that it was done."""
        waits = iter(WAITS)
        while True:
            try:
                return call()
            except (RepositoryNotFoundError, RevisionNotFoundError):
                raise
            except OfflineModeIsEnabled:
                raise ServiceError("huggingface_hub is told to stay offline", "unset HF_HUB_OFFLINE") from None
            except (httpx2.HTTPError, OSError, RuntimeError, json.JSONDecodeError) as error:
                cause = _cause(error)
                if not _passing(cause):
                    raise self._refused(cause) from None
                if (found := stored()) is not None:
                    return found
                if (wait := next(waits, None)) is None:
                    raise self._refused(cause) from None
            time.sleep(wait)

    def _refused(self, error: BaseException) -> ServiceError:
        if not isinstance(error, HfHubHTTPError):
            return ServiceError(f"the Hub could not be reached about {self.id}: {type(error).__name__}", _AGAIN)
        said = f"answered {error.response.status_code}: {error.server_message or error.response.reason_phrase}"
        return ServiceError(f"the Hub, asked about {self.id}, {said}", _AGAIN if _passing(error) else _ALLOWED)


def _cause(error: Exception) -> BaseException:
    """What is behind an error; an upload's is wrapped. What is no failure of the Hub is raised again."""
    ours = isinstance(error, RuntimeError) and error.__cause__ is None
    if ours or (isinstance(error, OSError) and error.errno is not None):
        raise error
    return error.__cause__ if isinstance(error, RuntimeError) and error.__cause__ else error


def _passing(error: BaseException) -> bool:
    """Whether the same call may do better in a moment."""
    return not isinstance(error, HfHubHTTPError) or error.response.status_code in (408, 429, *range(500, 600))


_AGAIN = "run the same command again: it goes on from what the Hub holds"
_ALLOWED = "see with `hf auth whoami` who you are there, and that your token may write to it"
_SEEN = "correct its name; if it is private, see that you are logged in (`hf auth whoami`)"
