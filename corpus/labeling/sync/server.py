"""The one seam to Label Studio's API: its SDK, with errors that a person can read and that hold no secret."""

import os
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from corpus.errors import ServiceError
from corpus.labeling.studio import accounts
from corpus.labeling.studio.server import running
from corpus.workspace import Workspace

TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"  # noqa: S105  # a variable's name, no secret
PAGE = 1000
EXPORT_TASKS = 500
TIMEOUT = 300.0
ONCE: Any = {"max_retries": 0}
"""For calls that are not idempotent: left to itself the SDK sends a call up to three times."""
NOT_LABEL_STUDIO = (httpx.HTTPError, httpx.InvalidURL, msgspec.MsgspecError, ValueError, TypeError, AttributeError)
"""What the SDK raises where nothing answers, or where JSON of another shape than Label Studio's does."""


class Server:
    """A Label Studio server and the token of one of its users."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        with self._errors():
            direct = httpx.URL(url).host in ("127.0.0.1", "localhost")  # a proxy would look for it on its own machine
            client = httpx.Client(timeout=TIMEOUT, follow_redirects=True, trust_env=not direct)
            weakref.finalize(self, client.close)
            self._client = LabelStudio(base_url=url, api_key=token, httpx_client=client)

    def find_project(self, title: str) -> Any | None:
        """The project with this title, the oldest if there are several."""
        with self._errors():
            found = [project for project in self._client.projects.list(page_size=100) if project.title == title]
        return min(found, key=lambda project: project.id, default=None)

    def create_project(self, **settings: Any) -> Any:
        """Make a project and return it. Never sent twice: that would make two."""
        with self._errors():
            made = self._client.projects.create(**settings, request_options=ONCE)
            if not isinstance(made.id, int):
                raise TypeError
            return made

    def update_project(self, project: int, **settings: Any) -> None:
        """Change a project's settings."""
        with self._errors():
            self._client.projects.update(id=project, **settings)

    def tasks(self, project: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield (task id, data) of every task of a project."""
        with self._errors():
            pager = self._client.tasks.list(project=project, fields="task_only", include="id,data", page_size=PAGE)
            for task in pager:
                yield task.id, task.data or {}

    def import_tasks(self, project: int, tasks: list[dict[str, Any]]) -> None:
        """Import tasks in one call that is never sent twice: the call is not idempotent."""
        with self._errors():
            self._client.projects.import_tasks(id=project, request=tasks, request_options=ONCE)

    def export(self, project: int, task_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Yield tasks with their annotations, skipped ones too, EXPORT_TASKS a call.

        The SDK's own `ids` is sent by a name that the server does not read, hence the query parameter.
        """
        for start in range(0, len(task_ids), EXPORT_TASKS):
            query: Any = {"ids[]": list(task_ids[start : start + EXPORT_TASKS])}
            with self._errors():
                parts = self._client.projects.exports.download_sync(
                    id=project,
                    export_type="JSON",
                    download_all_tasks=True,
                    request_options={"additional_query_parameters": query},
                )
                page = msgspec.json.decode(b"".join(parts))
            yield from page

    def annotate(self, task: int, result: list[dict[str, Any]], seconds: float, skipped: bool) -> None:
        """Answer a task as this token's user. Never sent twice: one user can answer a task twice."""
        with self._errors():
            self._client.annotations.create(
                id=task, result=result, lead_time=seconds, was_cancelled=skipped, request_options=ONCE
            )

    def user_emails(self) -> dict[int, str]:
        """The e-mail addresses by user id: to make pseudonyms of, and for nothing else."""
        with self._errors():
            return {user.id: user.email for user in self._client.users.list()}

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn the SDK's errors into ours. Never shows its text whole: that holds headers and cookies."""
        try:
            yield
        except ApiError as error:
            if error.status_code in (401, 403):
                fix = f"check the token in {TOKEN_VARIABLE}, or run `warraq studio start` for a local server"
                raise ServiceError(f"Label Studio at {self.url} refused the token ({error.status_code})", fix) from None
            raise ServiceError(
                f"Label Studio at {self.url} answered {error.status_code}: {_detail(error.body)}",
                "run the command again: what is done already is not done twice",
            ) from None
        except NOT_LABEL_STUDIO as error:
            raise ServiceError(
                f"Label Studio at {self.url} cannot be reached, or what answers is not Label Studio ({type(error).__name__})",
                "run `warraq studio start`, or correct the url in warraq.toml",
            ) from None


def _detail(body: Any) -> str:
    """The server's own words on an error, without anything else."""
    if isinstance(body, dict):
        return str(body.get("validation_errors") or body.get("detail") or "no detail")[:300]
    return "a page that is not Label Studio's" if isinstance(body, str) else "no detail"


def connect(workspace: Workspace) -> Server:
    """The server that warraq.toml names, or the local one of this corpus.

    Raises:
        ServiceError: none is running, or there is no token for it.
    """
    url = workspace.config.label_studio.url.rstrip("/")
    token = os.environ.get(TOKEN_VARIABLE)
    if url:
        if not token:
            raise ServiceError(f"there is no token for {url}", f"set the environment variable {TOKEN_VARIABLE}")
        return Server(url, token)
    local = running(workspace)
    stored = accounts.credentials(workspace.state)
    if local is None or stored is None:
        raise ServiceError("the Label Studio of this corpus is not running", "run `warraq studio start`")
    return Server(local.url, stored.owner.token)
