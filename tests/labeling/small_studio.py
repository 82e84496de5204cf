"""A small Label Studio in memory: what push and pull ask of the real one, as it answers, only fast. It has its own clock.

test_small_studio.py holds it against the real one.
"""

import json
import threading
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stand_in import Answer

Row = dict[str, Any]


class SmallStudio:
    """Projects, tasks and annotations by id; `now` stands still unless `tick` or the real time moves it."""

    def __init__(self, real_time: bool = False) -> None:
        self.real_time = real_time
        self._now = float(int(time.time()))
        self.projects: dict[int, Row] = {}
        self.tasks: dict[int, Row] = {}
        self.annotations: dict[int, Row] = {}
        self.users = {1: "owner@example.org", 2: "layla@example.org", 3: "omar@example.org"}
        self.last = 0
        self._lock = threading.Lock()

    @property
    def now(self) -> float:
        return time.time() if self.real_time else self._now

    def tick(self) -> None:
        self._now += 1

    def moment(self) -> str:
        return datetime.fromtimestamp(self.now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def new_id(self) -> int:
        self.last += 1
        return self.last

    # What people do.

    def annotate(self, task: int, user: int, result: list[Row], skipped: bool = False) -> int:
        id_, at = self.new_id(), self.moment()
        made = {"id": id_, "unique_id": f"u-{id_}", "task": task, "completed_by": user, "result": result}
        self.annotations[id_] = made | {"was_cancelled": skipped, "lead_time": 1.5, "created_at": at, "updated_at": at}
        self.touch(task)
        return id_

    def edit(self, annotation: int, result: list[Row]) -> None:
        self.annotations[annotation] |= {"result": result, "updated_at": self.moment()}
        self.touch(self.annotations[annotation]["task"])

    def delete_annotation(self, annotation: int) -> None:
        self.touch(self.annotations.pop(annotation)["task"])

    def delete_task(self, task: int) -> None:
        del self.tasks[task]
        self.annotations = {id_: row for id_, row in self.annotations.items() if row["task"] != task}

    def touch(self, task: int) -> None:
        self.tasks[task]["updated_at"] = self.moment()

    def of(self, task: int) -> list[Row]:
        return [row for row in self.annotations.values() if row["task"] == task]

    # What the API answers.

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        with self._lock:
            url = urlsplit(path)
            query = {name: values[-1] for name, values in parse_qs(url.query).items()} | {
                "ids[]": parse_qs(url.query).get("ids[]")
            }
            sent = json.loads(body) if body else None
            status, content = self._route(method, [part for part in url.path.split("/") if part][1:], query, sent)
            return status, "application/json", b"" if status == 204 else json.dumps(content).encode()

    def _route(self, method: str, parts: list[str], query: Row, sent: Any) -> tuple[int, Any]:
        if int(query.get("page", 1)) > 1:
            return 404, {"detail": "Invalid page."}
        match (method, *parts):
            case "GET", "projects":
                named = {id_: p for id_, p in self.projects.items() if query.get("title", "") in p["title"]}
                found = [p | self._counts(id_) for id_, p in named.items() if query.get("ids") in (None, str(id_))]
                return 200, {"count": len(found), "next": None, "previous": None, "results": found}
            case "POST", "projects":
                id_ = self.new_id()
                self.projects[id_] = {"id": id_, "created_at": self.moment()} | sent
                return 201, self.projects[id_]
            case "PATCH", "projects", id_:
                self.projects[int(id_)] |= sent
                return 200, self.projects[int(id_)]
            case "DELETE", "projects", id_:
                return (204, {}) if self.projects.pop(int(id_), None) else (404, {"detail": "Not found."})
            case "POST", "projects", id_, "import":
                return 201, self._import(int(id_), sent)
            case "GET", "projects", id_, "export":
                wanted = [int(task) for task in query["ids[]"]]
                return 200, [self.tasks[t] | {"annotations": self.of(t)} for t in sorted(wanted) if t in self.tasks]
            case "GET", "tasks":
                return 200, self._list(query)
            case "GET", "users":
                return 200, [{"id": id_, "email": email} for id_, email in self.users.items()]
            case "POST", "dm", "actions":
                for task in self._filtered(int(query["project"]), sent["filters"]):
                    if task in sent["selectedItems"]["included"]:
                        self.delete_task(task)
                return 200, {"processed_items": 0}
        return 404, {"detail": f"{method} {parts}"}

    def _import(self, project: int, sent: list[Row]) -> Row:
        for given in sent:
            id_ = self.new_id()
            self.tasks[id_] = {"id": id_, "project": project, "data": given["data"], "updated_at": self.moment()}
        return {"task_count": len(sent), "annotation_count": 0}

    def _counts(self, project: int) -> Row:
        own = [row for row in self.annotations.values() if self.tasks[row["task"]]["project"] == project]
        skipped = sum(row["was_cancelled"] for row in own)
        tasks = sum(task["project"] == project for task in self.tasks.values())
        return {
            "task_number": tasks,
            "total_annotations_number": len(own) - skipped,
            "skipped_annotations_number": skipped,
        }

    def _list(self, query: Row) -> Row:
        found = self._filtered(int(query["project"]), json.loads(query["query"])["filters"])
        include = query["include"].split(",")
        page = found[: int(query["page_size"])]
        shown = [{name: self.tasks[task][name] for name in include} for task in page]
        return {"tasks": shown, "total": len(found), "total_annotations": 0, "total_predictions": 0}

    def _filtered(self, project: int, filters: Row) -> list[int]:
        tasks = sorted(id_ for id_, task in self.tasks.items() if task["project"] == project)
        return [task for task in tasks if all(self._meets(task, item) for item in filters["items"])]

    def _meets(self, task: int, item: Row) -> bool:
        match item["filter"].removeprefix("filter:tasks:"):
            case "id":
                return bool(task > item["value"])
            case "updated_at":
                return bool(self.tasks[task]["updated_at"] > item["value"])
            case "total_annotations":
                return not [row for row in self.of(task) if not row["was_cancelled"]]
            case "cancelled_annotations":
                return not [row for row in self.of(task) if row["was_cancelled"]]
            case "draft_exists":
                return True
        raise KeyError(item["filter"])
