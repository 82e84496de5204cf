"""The one seam to Label Studio's API: its SDK, one method for each thing that we ask of a server.

Errors are those of corpus/labeling/sync/faults.py. Calls that are not idempotent are sent once, and never again by the SDK.
"""

import json
import os
import ssl
import weakref
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx
import msgspec
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from msgspec import Struct

from corpus.errors import ServiceError
from corpus.labeling.studio import accounts
from corpus.labeling.studio.server import running
from corpus.labeling.sync.faults import TOKEN_VARIABLE, translated
from corpus.workspace import Workspace

PAGE = 1000
EXPORT_TASKS = 500
TIMEOUT = 300.0
ONCE: Any = {"max_retries": 0}
"""For calls that are not idempotent: left to itself the SDK sends a call up to three times."""
SETTINGS = (
    "label_config",
    "expert_instruction",
    "maximum_annotations",
    "overlap_cohort_percentage",
    "show_collab_predictions",
    "sampling",
)
COUNTED = ("task_number", "total_annotations_number", "skipped_annotations_number")
"""A project's tasks, and its annotations without the skipped ones and those alone."""
Filter = dict[str, Any]


class Counts(Struct, frozen=True):
    """What a project holds: tasks, and annotations, skipped ones too."""

    tasks: int
    annotations: int


def task_filter(column: str, operator: str, kind: str, value: Any) -> Filter:
    """One condition on tasks, as the server's Data Manager reads it."""
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}


UNTOUCHED = [
    task_filter("total_annotations", "equal", "Number", 0),
    task_filter("cancelled_annotations", "equal", "Number", 0),
    task_filter("draft_exists", "equal", "Boolean", False),
]
"""Tasks that nobody has answered, skipped or begun."""


class Server:
    """A Label Studio server and the token of one of its users: a legacy one, or a personal access token.

    Attributes:
        url: of the server.
        clock: the server's time at its last answer, to the second; None before the first.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.clock: datetime | None = None
        with translated(url):
            direct = httpx.URL(url).host in ("127.0.0.1", "localhost")  # a proxy would look for it on its own machine
            # On a connection that stays open Django's server can wait 40 ms for each piece of an answer to be acknowledged;
            # on this machine a new one costs less than a millisecond.
            limits = httpx.Limits(max_keepalive_connections=0 if direct else None)
            client = httpx.Client(
                timeout=TIMEOUT,
                follow_redirects=True,
                trust_env=not direct,
                event_hooks={"response": [self._read_clock]},
                verify=_authorities(),
                limits=limits,
            )
            weakref.finalize(self, client.close)
            # With the slash: a personal access token is refreshed below the address, not at the host's root.
            self._client = LabelStudio(base_url=url.rstrip("/") + "/", api_key=token, httpx_client=client)

    def find_project(self, title: str) -> Any | None:
        """The oldest project with this title, see `find_projects`."""
        return next(iter(self.find_projects(title)), None)

    def find_projects(self, title: str) -> list[Any]:
        """The projects with this title, by id: the id, title, `created_at`, `model_version`, `task_number` and SETTINGS."""
        include = ",".join(("id", "title", "created_at", "model_version", "task_number", *SETTINGS))
        with translated(self.url):
            pager: Any = self._client.projects.list(title=title, page_size=100, include=include)
            listed = list(pager if pager.response.next else pager.items)  # the SDK would ask for a page past the end
            found = [project for project in listed if project.title == title]
        return sorted(found, key=lambda project: project.id)

    def create_project(self, **settings: Any) -> Any:
        """Make a project and return it. Never sent twice: that would make two."""
        with translated(self.url):
            made = self._client.projects.create(**settings, request_options=ONCE)
            if not isinstance(made.id, int):
                raise TypeError
            return made

    def update_project(self, project: int, **settings: Any) -> None:
        """Change a project's settings."""
        with translated(self.url):
            self._client.projects.update(id=project, **settings)

    def delete_project(self, project: int) -> None:
        """Delete a project and all that it holds; it may be gone already."""
        with translated(self.url):
            try:
                self._client.projects.delete(id=project, request_options=ONCE)
            except ApiError as error:
                if error.status_code != httpx.codes.NOT_FOUND:
                    raise

    def counts(self, project: int) -> Counts:
        """How much a project holds: one cheap call, for the project by itself makes the server count much else."""
        with translated(self.url):
            listed: Any = self._client.projects.list(ids=str(project), include=",".join(COUNTED))
            (got,) = listed.items
            tasks, *annotations = (getattr(got, name) for name in COUNTED)
            return msgspec.convert({"tasks": tasks, "annotations": sum(annotations)}, Counts)

    def tasks(self, project: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield (task id, data) of every task of a project, by id."""
        for task in self._listed(project, "id,data", []):
            yield task.id, task.data or {}

    def overlaps(self, project: int) -> dict[int, int]:
        """How many people each task is shown to, by task id."""
        return {task.id: task.overlap for task in self._listed(project, "id,overlap", [])}

    def task_ids(self, project: int, changed_after: datetime | None = None) -> list[int]:
        """The ids of a project's tasks, in order: all, or those changed after a moment of the server's clock (UTC)."""
        moment = changed_after and changed_after.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        where = [task_filter("updated_at", "greater", "Datetime", moment)] if moment else []
        return [task.id for task in self._listed(project, "id", where)]

    def untouched(self, project: int) -> set[int]:
        """The ids of the tasks that nobody has answered, skipped or begun."""
        return {task.id for task in self._listed(project, "id", UNTOUCHED)}

    def _listed(self, project: int, include: str, where: list[Filter]) -> Iterator[Any]:
        """Tasks by id, PAGE a call, each call from the last id on: page numbers shift when a task is deleted in between."""
        last, more = 0, True
        while more:
            items = [task_filter("id", "greater", "Number", last), *where]
            query = json.dumps({"filters": {"conjunction": "and", "items": items}})
            with translated(self.url):
                got = self._client.tasks.list(
                    project=project, fields="task_only", include=include, page=1, page_size=PAGE, query=query
                )
                page = got.items or []
                ids = [last, *(task.id for task in page)]
                total: Any = got.response
                more = total.total > len(page)
                if ids != sorted(set(ids)) or (more and not page):
                    raise ValueError("no list of tasks by id")
                last = ids[-1]
            yield from page

    def import_tasks(self, project: int, tasks: list[dict[str, Any]]) -> None:
        """Import tasks in one call that is never sent twice: the call is not idempotent."""
        with translated(self.url):
            done = self._client.projects.import_tasks(id=project, request=tasks, request_options=ONCE)
            if done.task_count != len(tasks):
                raise ValueError("not as many tasks were imported as were sent")

    def predictions(self, project: int) -> Iterator[tuple[int, str]]:
        """Yield (task id, model version) of every pre-annotation of a project; the server lists them in one answer."""
        with translated(self.url):
            listed = [(one.task, one.model_version or "") for one in self._client.predictions.list(project=project)]
        yield from listed

    def import_predictions(self, project: int, predictions: list[dict[str, Any]]) -> None:
        """Import pre-annotations in one call that is never sent twice: sent twice they are doubled.

        Raises:
            ServiceError: also where the server took some only, which it does not tell of itself.
        """
        rows: Any = predictions
        with translated(self.url):
            done = self._client.projects.import_predictions(id=project, request=rows, request_options=ONCE)
        if done.created != len(predictions):
            wrong = f"Label Studio at {self.url} took {done.created or 0} of {len(predictions)} predictions"
            raise ServiceError(wrong, "predict with a model that was trained under the project's codebook")

    def delete_untouched(self, project: int, task_ids: Sequence[int]) -> set[int]:
        """Delete those of the tasks that nobody has answered, skipped or begun; the ids of the others, which stay.

        The server looks whether they are untouched in the same call.
        """
        ids = list(task_ids)
        for start in range(0, len(ids), PAGE):
            selected: Any = {"all": False, "included": ids[start : start + PAGE]}
            filters: Any = {"conjunction": "and", "items": UNTOUCHED}
            with translated(self.url):
                self._client.actions.create(
                    id="delete_tasks", project=project, filters=filters, selected_items=selected, request_options=ONCE
                )
        return {task["id"] for task in self.export(project, ids)}

    def export(self, project: int, task_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Yield tasks with their annotations, skipped ones too, EXPORT_TASKS a call; ids without a task are passed over.

        The SDK's own `ids` is sent by a name that the server does not read, hence the query parameter.
        """
        for start in range(0, len(task_ids), EXPORT_TASKS):
            query: Any = {"ids[]": list(task_ids[start : start + EXPORT_TASKS])}
            with translated(self.url):
                parts = self._client.projects.exports.download_sync(
                    id=project,
                    export_type="JSON",
                    download_all_tasks=True,
                    request_options={"additional_query_parameters": query},
                )
                page = msgspec.json.decode(b"".join(parts), type=list[dict[str, Any]])
            yield from page

    def annotate(self, task: int, result: list[dict[str, Any]], seconds: float, skipped: bool) -> None:
        """Answer a task as this token's user. Never sent twice: one user can answer a task twice."""
        with translated(self.url):
            self._client.annotations.create(
                id=task, result=result, lead_time=seconds, was_cancelled=skipped, request_options=ONCE
            )

    def user_emails(self) -> dict[int, str]:
        """The e-mail addresses by user id: to make pseudonyms of, and for nothing else."""
        with translated(self.url):
            return {user.id: user.email for user in self._client.users.list()}

    def _read_clock(self, response: httpx.Response) -> None:
        try:
            self.clock = parsedate_to_datetime(response.headers["date"])
        except (KeyError, ValueError):
            self.clock = None


@cache
def _authorities() -> ssl.SSLContext:
    """The certificate authorities that are trusted: read once, as it takes longer than a call."""
    return httpx.create_ssl_context()


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
