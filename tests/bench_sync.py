"""Push and pull against a real Label Studio, as ratios of figures taken in one run: about four minutes."""

import json
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus import store, workspace
from corpus.labeling import interface
from corpus.labeling.answers import to_result
from corpus.labeling.studio.server import served
from corpus.labeling.sync.gather import OVERLAP
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import PAGE, Server, connect
from corpus.records import Article, Item, short_id, text_sha256
from corpus.workspace import Workspace

ITEMS = 10_000
CHANGES = 100
ROUNDS = 2
PULLS = 8
"""In each round: a pull is so short that whatever else the machine does can double it."""
EXAMPLE = Path(__file__).parent / "data" / "bench-article.json"
ANSWER = to_result({"stance": "favor", "topic": "04000000"}, [], None)


def measure(row: Callable[[str, str, str], None]) -> None:
    """Start a server, then push, push again, and pull."""
    with tempfile.TemporaryDirectory() as folder:
        space = written(Path(folder) / "corpus")
        with served(space):
            pushing(space, connect(space), row)
            pulling(space, connect(space), row)


def written(folder: Path) -> Workspace:
    """A corpus of ITEMS articles of 3.7 kB, each an item about one target."""
    workspace.create(folder, "bench")
    text = "قالت الشركة إن قانون النقل المجاني يدخل حيز التنفيذ الشهر المقبل، وفق بيان رسمي. " * 25
    targets = "- {id: law, kind: policy, names: {ar: القانون, en: law}, phrases: [قانون النقل المجاني]}\n"
    store.write_bytes(folder / "targets.yaml", targets.encode())
    space = workspace.find(folder)
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    rows = [example | {"id": short_id(str(n)), "text": f"{n} {text}"} for n in range(ITEMS)]
    rows = sorted((row | {"sha256": text_sha256(row["text"])} for row in rows), key=lambda row: str(row["id"]))
    store.write_bytes(space.articles, b"".join(json.dumps(a, ensure_ascii=False).encode() + b"\n" for a in rows))
    ref = space.codebook().ref
    store.write(space.items, [Item(short_id(a["id"], "law"), a["id"], a["sha256"], "law", ref) for a in rows])
    return space


def data(space: Workspace) -> list[dict[str, Any]]:
    """The data of every item's task."""
    articles = {article.id: article for article in store.read(space.articles, Article)}
    (target,) = space.targets()
    return [interface.task_data(item, articles[item.article_id], target, "ar") for item in store.read(space.items, Item)]


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bare_import(server: Server, tasks: list[dict[str, Any]], config: str) -> int:
    """The SDK's import, PAGE tasks a call, and nothing else; the project's id."""
    project = server.create_project(title="bare", label_config=config).id
    for first in range(0, len(tasks), PAGE):
        server.import_tasks(project, tasks[first : first + PAGE])
    return int(project)


def titled(space: Workspace, title: str) -> Workspace:
    """The same corpus with another project."""
    own = (space.root / "warraq.toml").read_text(encoding="utf-8")
    store.write_bytes(space.root / "warraq.toml", re.sub('project = ".*?"', f'project = "{title}"', own).encode())
    return workspace.find(space.root)


def pushing(space: Workspace, server: Server, row: Callable[[str, str, str], None]) -> None:
    """Push beside the bare import of the same tasks, a push with nothing new beside one listing of ids, in turns."""
    tasks = [{"data": task} for task in data(space)]
    config = interface.config(space.codebook(), "ar")
    bare_import(server, tasks[:PAGE], config)  # the first import of a server is slower
    bare, ours, listing, again = [], [], [], []
    for number in range(ROUNDS):
        named = titled(space, f"round {number}")
        bare.append(seconds(lambda: bare_import(server, tasks, config)))
        ours.append(seconds(lambda named=named: push(named, server)))  # type: ignore[misc]
        project = server.find_project(f"round {number}")
        assert project is not None
        for _ in range(ROUNDS):
            again.append(seconds(lambda named=named: push(named, server)))  # type: ignore[misc]
            listing.append(seconds(lambda id_=project.id: sdk_listing(server, id_)))  # type: ignore[misc]
    least = min(ours) / min(bare)
    row(f"push of {ITEMS:,} items, time of the bare import", f"{least:.2f} × ({min(ours):.1f} s)", "≤ 1.3")
    least = min(again) / min(listing)
    row("push with nothing new, time of one id listing", f"{least:.2f} × ({min(again):.1f} s)", "≤ 1.2")


def sdk_listing(server: Server, project: int) -> int:
    """The SDK's own listing of ids and data, page after page."""
    pager = server._client.tasks.list(project=project, fields="task_only", include="id,data", page_size=PAGE)
    return sum(1 for _ in pager)


def sdk_export(server: Server, project: int) -> int:
    """The SDK's own export of a whole project; its bytes."""
    parts = server._client.projects.exports.download_sync(id=project, export_type="JSON", download_all_tasks=True)
    return sum(map(len, parts))


def pulling(space: Workspace, server: Server, row: Callable[[str, str, str], None]) -> None:
    """A pull of CHANGES changes beside the whole export of a project with two annotations a task."""
    space = titled(space, "pull")
    project = server.create_project(title=project_title(space), label_config=interface.config(space.codebook(), "ar")).id
    two = [{"result": ANSWER, "ground_truth": False}] * 2
    tasks = [{"data": task, "annotations": two} for task in data(space)]
    for first in range(0, ITEMS, PAGE):
        server.import_tasks(project, tasks[first : first + PAGE])
    time.sleep(OVERLAP.total_seconds())  # else all of it were changes of the last minute
    whole = pull(space, server)
    assert (whole.submitted, whole.fetched) == (2 * ITEMS, ITEMS), whole
    taken, whole_exports = [], []
    for number in range(1, ROUNDS + 1):
        for task in server.task_ids(project)[: ITEMS : ITEMS // CHANGES]:
            server.annotate(task, ANSWER, 1.0, False)
        for _ in range(PULLS):
            start = time.perf_counter()
            report = pull(space, server)
            taken.append(time.perf_counter() - start)
            assert report.submitted == 2 * ITEMS + number * CHANGES, report
        assert report.fetched == CHANGES, report  # the first may come so soon that it looks at the last imports again
        whole_exports.append(seconds(lambda: sdk_export(server, project)))
    figure = f"{min(whole_exports) / min(taken):.0f} × faster ({min(taken):.2f} s)"
    row(f"pull of {CHANGES} changes, {ITEMS:,} tasks, beside the whole export", figure, "≥ 20 ×")


if __name__ == "__main__":
    measure(lambda *cells: print(*cells, sep=" | ", flush=True))
