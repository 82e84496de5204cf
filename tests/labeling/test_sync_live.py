"""Push and pull against a real Label Studio: with a personal access token, with drafts, with a slow server."""

import logging
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from in_process import warraq
from killed import TOKEN
from labeling_corpus import article, item, small
from stand_in import Answer, stand_in

from corpus import store
from corpus.labeling.answers import to_result
from corpus.labeling.studio import accounts
from corpus.labeling.sync import server as seam
from corpus.labeling.sync import standing
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.records import Article, Item
from corpus.workspace import Workspace

pytestmark = pytest.mark.studio

Studio = tuple[Workspace, Server]
GOOD = to_result({"stance": "favor", "topic": "04000000"}, [], None)


def ids(space: Workspace, server: Server) -> dict[str, list[int]]:
    """Item id → its tasks."""
    found: dict[str, list[int]] = {}
    project: Any = server.find_project(project_title(space))
    for task, data in server.tasks(project.id):
        found.setdefault(data["item_id"], []).append(task)
    return found


def once(space: Workspace, server: Server) -> None:
    assert ids(space, server).keys() == {of.id for of in store.read(space.items, Item)}
    assert all(len(tasks) == 1 for tasks in ids(space, server).values())


@pytest.fixture(scope="module")
def pat(studio: Studio) -> str:
    """A personal access token, made as a person would in the account's settings."""
    owner = accounts.owner(studio[0].state)
    with httpx.Client(base_url=studio[1].url) as client:
        client.get("/user/login/")
        form = {"email": owner.email, "password": owner.password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        assert client.post("/user/login/", data=form, headers={"Referer": studio[1].url}).status_code == 302
        headers = {"X-CSRFToken": client.cookies["csrftoken"], "Referer": studio[1].url}
        made = client.post("/api/token/", headers=headers)
        assert made.status_code == 201, made.text
        return str(made.json()["token"])


@pytest.mark.filterwarnings("ignore:The `parse_obj` method")  # the SDK's own, when it refreshes the token
def test_a_personal_access_token_works_and_is_nowhere(
    tmp_path: Path, studio: Studio, pat: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    space = small(tmp_path / "c", "pat", settings=f'url = "{studio[1].url}"')
    server = Server(studio[1].url, pat)
    assert push(space, server).sent == 3
    server.annotate(ids(space, server).popitem()[1][0], GOOD, 1, False)
    assert pull(space, server).submitted == 1
    done = warraq("-C", str(space.root), "pull", "--json", LABEL_STUDIO_API_KEY=pat)
    assert done.returncode == 0, done.stderr
    wrong = warraq("-C", str(space.root), "push", LABEL_STUDIO_API_KEY=pat[:-4] + "AAAA")
    assert wrong.returncode == 3 and "refused the token (401)" in wrong.stderr
    everywhere = caplog.text + done.stdout + done.stderr + wrong.stderr
    everywhere += "".join(path.read_text("utf-8", "replace") for path in space.root.rglob("*") if path.is_file())
    access = server._client._client_wrapper.get_headers()["Authorization"].split()[-1]
    assert access != pat and len(access) > 40
    owner = accounts.owner(studio[0].state)
    for secret in (pat, access, pat[:-4] + "AAAA", owner.email, owner.password, owner.token, "sessionid", "csrftoken="):
        assert secret not in everywhere


def test_update_prune_and_doubles_leave_what_somebody_has_begun(tmp_path: Path, studio: Studio) -> None:
    """A draft, a skip and an answer each keep their task; untouched ones go."""
    owner, server = studio
    space = small(tmp_path / "c", "begun", 5)
    project = push(space, server).project
    every = list(store.read(space.items, Item))
    held = ids(space, server)
    draft, skipped, answered, *_ = [held[of.id][0] for of in every]
    header = {"Authorization": f"Token {accounts.owner(owner.state).token}"}
    sent = httpx.post(f"{server.url}/api/tasks/{draft}/drafts", json={"result": GOOD, "lead_time": 1}, headers=header)
    assert sent.status_code == 201, sent.text
    server.annotate(skipped, [], 1, True)
    server.annotate(answered, GOOD, 1, False)
    assert pull(space, server).on_server == 2, "a draft is no answer"
    server.import_tasks(project, [{"data": data} for _, data in server.tasks(project)])
    report = push(space, server)
    assert (report.removed["double"], report.standing["double"]) == (5, 0)
    assert ids(space, server)[every[1].id] == [skipped] and ids(space, server)[every[2].id] == [answered]
    store.write(space.items, [])
    report = push(space, server, prune=True)
    assert (report.removed["withdrawn"], report.standing["withdrawn"]) == (2, 3)


def test_deleted_tasks_ground_truth_and_two_answers_of_one_person(tmp_path: Path, studio: Studio) -> None:
    _, server = studio
    space = small(tmp_path / "c", "meanings", 3)
    push(space, server)
    one, two, three = [tasks[0] for tasks in ids(space, server).values()]
    for task in (one, one, two, three):
        server.annotate(task, GOOD, 1, False)
    report = pull(space, server)
    assert (report.submitted, report.fetched) == (4, 3)
    (marked, *_) = server.export(report.project, [two])
    server._client.annotations.update(id=marked["annotations"][0]["id"], ground_truth=True)
    server._client.tasks.delete(id=str(three))
    report = pull(space, server)
    assert (report.submitted, report.gone, report.tasks) == (3, 1, 2)
    changes = space.annotations.read_bytes()
    assert pull(space, server, full=True).changed == 0 and space.annotations.read_bytes() == changes


def test_the_small_studio_answers_as_the_real_one(tmp_path: Path, studio: Studio) -> None:
    """The same steps against both, by every call that push and pull make: the reports are the same."""
    from small_studio import SmallStudio

    token, backend = accounts.owner(studio[0].state).token, SmallStudio(real_time=True)
    seen: list[list[Any]] = []
    with stand_in(real=backend) as small_one:
        for name, url, key in (("a", studio[1].url, token), ("b", small_one.url, TOKEN)):
            space, server, reports = small(tmp_path / name, "alike", 4), Server(url, key), []
            reports.append(push(space, server))
            every = list(store.read(space.items, Item))
            held = ids(space, server)
            for of, result, skipped in ((every[0], GOOD, False), (every[1], [], True), (every[2], [], False)):
                if name == "a":
                    server.annotate(held[of.id][0], result, 1.5, skipped)
                else:
                    backend.annotate(held[of.id][0], 2, result, skipped)
            reports.append(pull(space, server))
            server.import_tasks(reports[0].project, [{"data": data} for _, data in server.tasks(reports[0].project)])
            reports.append(push(space, server))
            extra = article(9)
            store.write(space.articles, [*store.read(space.articles, Article), extra])
            store.write(space.items, [every[0], item(extra, "transit")])
            reports.append(push(space, server, update=True, prune=True))
            reports.append(pull(space, server))
            seen.append([{f: getattr(r, f) for f in r.__struct_fields__ if f not in ("server", "project")} for r in reports])
    assert seen[0] == seen[1]


def test_a_slow_server_whose_import_goes_on_doubles_nothing(
    tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """We give up waiting while the server is still at it, look, find nothing, and send again: what came twice goes."""
    _, server = studio
    token = accounts.owner(studio[0].state).token
    space = small(tmp_path / "c", "slow", 30)
    monkeypatch.setattr(seam, "TIMEOUT", 3.0)
    monkeypatch.setattr(standing, "WAITS", (0.1, 0.1, 4.0))
    first, over = threading.Event(), threading.Event()

    def late(_: str, path: str) -> Answer | None:
        if path.endswith("import") and not first.is_set():
            first.set()
            time.sleep(3.5)  # the server has not begun yet when we look
        return None

    def done(_: str, path: str) -> Answer | None:
        if path.endswith("import"):
            imports.append(path)
            if len(imports) == 2:
                over.set()
        return None

    imports: list[str] = []
    with stand_in(done, server.url, late) as between:
        push(space, Server(between.url, token))
        assert over.wait(30), "both imports came through"
    push(space, server)
    once(space, server)
