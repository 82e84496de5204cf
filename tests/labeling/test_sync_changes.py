"""What changes between one push or pull and the next: articles, items, tasks, annotations. On the small studio."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from killed import TOKEN
from labeling_corpus import small
from small_studio import SmallStudio
from stand_in import stand_in

from corpus import store
from corpus.labeling.answers import to_result
from corpus.labeling.sync import gather
from corpus.labeling.sync.pull import PullReport, pull
from corpus.labeling.sync.push import PushReport, push
from corpus.labeling.sync.server import Server
from corpus.labeling.sync.status import status
from corpus.records import Annotation, Article, Item, text_sha256
from corpus.workspace import Workspace

GOOD = to_result({"stance": "favor", "topic": "04000000"}, [], None)
OTHER = to_result({"stance": "against", "topic": "04000000"}, [], None)
NONE = {"double": 0, "earlier": 0, "withdrawn": 0}


class Bench:
    """A corpus, a small studio and a connection; time moves when something is done."""

    def __init__(self, folder: Path, url: str, backend: SmallStudio, articles: int = 4) -> None:
        self.space, self.backend = small(folder, "changes", articles), backend
        self.server = Server(url, TOKEN)

    def push(self, **options: bool) -> PushReport:
        self.backend.tick()
        return push(self.space, self.server, **options)

    def pull(self, **options: bool) -> PullReport:
        self.backend.tick()
        report = pull(self.space, self.server, **options)
        self.backend.tick()
        return report

    def files(self) -> list[bytes]:
        paths = (self.space.annotations, self.space.earlier, self.space.annotation_rejects)
        return [path.read_bytes() for path in paths]

    def task(self, item: Item) -> list[int]:
        return [t for t, row in sorted(self.backend.tasks.items()) if row["data"]["item_id"] == item.id]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "OVERLAP", timedelta(0))  # the small studio's clock moves by whole seconds


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    backend = SmallStudio()
    with stand_in(real=backend) as server:
        yield Bench(tmp_path / "c", server.url, backend)


def items(space: Workspace) -> list[Item]:
    return list(store.read(space.items, Item))


def rewrite(space: Workspace, number: int, text: str) -> None:
    """Another text for an article, as `warraq convert` would write it."""
    rows = list(store.read(space.articles, Article))
    rows[number] = msgspec.structs.replace(rows[number], text=text, sha256=text_sha256(text), blocks=[])
    store.write(space.articles, rows)


def test_a_changed_article_is_reported_and_replaced_when_asked(bench: Bench) -> None:
    bench.push()
    fresh, judged = items(bench.space)[:2]
    bench.backend.annotate(bench.task(judged)[0], 2, GOOD)
    bench.pull()
    (old,) = store.read(bench.space.annotations, Annotation)
    for number in (0, 1):
        rewrite(bench.space, number, f"نص جديد {number} مجانية النقل")
    report = bench.push()
    assert (report.present, report.sent, report.text_changed, report.removed) == (2, 0, 2, NONE)
    assert [item.sha256 for item in items(bench.space)[:2]] == [fresh.sha256, judged.sha256]

    report = bench.push(update=True)
    assert (report.items, report.present, report.sent, report.text_changed, report.updated) == (4, 2, 2, 0, 2)
    assert (report.removed, report.standing) == (NONE | {"earlier": 1}, NONE | {"earlier": 1})
    assert len(bench.task(fresh)) == 1 and len(bench.task(judged)) == 2
    texts = {article.id: article.sha256 for article in store.read(bench.space.articles, Article)}
    assert all(item.sha256 == texts[item.article_id] for item in items(bench.space))
    pulled = bench.pull()
    assert (pulled.on_server, pulled.submitted, pulled.earlier, pulled.rejected) == (1, 0, 1, 0)
    assert list(store.read(bench.space.earlier, Annotation)) == [old], "it keeps the text that was judged"
    assert status(bench.space, bench.server).per_annotator == {}
    bench.backend.annotate(bench.task(judged)[1], 2, OTHER)
    pulled = bench.pull()
    assert (pulled.submitted, pulled.earlier) == (1, 1)
    again = bench.push(update=True)
    assert (again.present, again.sent, again.updated, again.removed) == (4, 0, 0, NONE)


def test_an_update_that_was_killed_is_finished_by_the_next(bench: Bench) -> None:
    bench.push()
    rewrite(bench.space, 0, "نص آخر")
    (first, *rest) = items(bench.space)
    store.write(bench.space.items, [msgspec.structs.replace(first, sha256=text_sha256("نص آخر")), *rest])  # so far it came
    assert (bench.push().text_changed, len(bench.task(first))) == (1, 1)
    report = bench.push(update=True)
    assert (report.sent, report.removed["earlier"], len(bench.task(first))) == (1, 1, 1)


def test_withdrawn_items_are_reported_and_pruned_when_asked(bench: Bench) -> None:
    bench.push()
    gone, judged, *kept = items(bench.space)
    annotation = bench.backend.annotate(bench.task(judged)[0], 2, [], skipped=True)
    store.write(bench.space.items, kept)
    assert bench.push().standing["withdrawn"] == 2
    report = bench.push(prune=True)
    assert (report.removed["withdrawn"], report.standing["withdrawn"]) == (1, 1)
    assert not bench.task(gone) and annotation in bench.backend.annotations
    assert bench.pull().reasons == {"unknown_item": 1}
    store.write(bench.space.items, [judged, *kept])
    assert (bench.pull().skipped, bench.pull().rejected) == (1, 0), "it comes back with its item"


def test_doubles_go_and_judged_doubles_stay_and_count_for_the_one_item(bench: Bench) -> None:
    bench.push()
    ids = [bench.task(item)[0] for item in items(bench.space)]
    for task in ids:  # as another machine may have sent them
        bench.backend._import(bench.backend.tasks[task]["project"], [{"data": bench.backend.tasks[task]["data"]}])
    doubles = [bench.task(item)[1] for item in items(bench.space)]
    bench.backend.annotate(doubles[0], 2, GOOD)
    bench.backend.annotate(ids[1], 2, GOOD)
    bench.backend.annotate(doubles[1], 3, OTHER)
    report = bench.push()
    assert (report.removed["double"], report.standing["double"]) == (3, 1)
    assert [bench.task(item) for item in items(bench.space)] == [[doubles[0]], [ids[1], doubles[1]], [ids[2]], [ids[3]]]
    assert bench.pull().submitted == 3
    assert {row.item_id for row in store.read(bench.space.annotations, Annotation)} == {i.id for i in items(bench.space)[:2]}


def test_a_task_made_by_hand_is_left_alone(bench: Bench) -> None:
    project = bench.push().project
    bench.backend._import(project, [{"data": {"text": "by hand"}}, {"data": {"text": "by hand"}}])
    report = bench.push(update=True, prune=True)
    assert (report.removed, report.standing, len(bench.backend.tasks)) == (NONE, NONE, 6)


def test_only_what_changed_is_fetched(bench: Bench) -> None:
    bench.push()
    first, second, *_ = [bench.task(item)[0] for item in items(bench.space)]
    bench.backend.annotate(first, 2, GOOD)
    assert (bench.pull().fetched, bench.pull().fetched) == (4, 0)
    bench.backend.annotate(second, 2, GOOD)
    report = bench.pull()
    assert (report.fetched, report.new, report.submitted) == (1, 1, 2)
    assert (bench.pull(full=True).fetched, bench.pull().fetched) == (4, 0)
    (bench.space.state / "pull.json").unlink()
    assert bench.pull().fetched == 4
    bench.space.annotations.write_bytes(b"")
    assert (bench.pull().fetched, bench.pull().submitted) == (4, 2)


def test_a_person_who_is_gone_is_a_reject(bench: Bench) -> None:
    bench.push()
    bench.backend.annotate(bench.task(items(bench.space)[0])[0], 3, GOOD)
    assert bench.pull().submitted == 1
    del bench.backend.users[3]
    assert bench.pull().reasons == {"unknown_annotator": 1}


def test_a_server_on_this_machine_is_not_kept_waiting_for_acknowledgements(tmp_path: Path) -> None:
    with stand_in(real=SmallStudio()) as server:
        push(small(tmp_path / "c", "calls"), Server(server.url, TOKEN))
    assert len(server.callers) == len(server.seen) > 3, "a connection serves one call"


OPS = (
    "annotate",
    "skip",
    "unfit",
    "edit",
    "delete",
    "delete task",
    "move",
    "item gone",
    "item back",
    "rewrite",
    "pull",
    "push",
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(OPS), st.integers(0, 99)), min_size=3, max_size=25))
def test_an_incremental_pull_writes_what_a_whole_one_would(ops: list[tuple[str, int]]) -> None:
    backend = SmallStudio()
    with TemporaryDirectory() as folder, stand_in(real=backend) as server:
        bench = Bench(Path(folder) / "c", server.url, backend)
        every = items(bench.space)
        bench.push()
        for op, number in ops:
            backend.tick()
            done(bench, op, number, every)
        bench.pull()
        changes = bench.files()
        (bench.space.state / "pull.json").unlink()
        bench.pull()
        assert bench.files() == changes


def done(bench: Bench, op: str, number: int, every: list[Item]) -> None:
    """One thing that somebody does, to the number-th of what it can be done to."""
    backend, space = bench.backend, bench.space
    tasks, annotations = sorted(backend.tasks), sorted(backend.annotations)
    task: Any = tasks[number % len(tasks)] if tasks else None
    annotation: Any = annotations[number % len(annotations)] if annotations else None
    if op in ("annotate", "skip", "unfit") and task:
        backend.annotate(task, 2 + number % 2, [] if op == "unfit" else GOOD, skipped=op == "skip")
    elif op == "edit" and annotation:
        backend.edit(annotation, OTHER)
    elif op == "delete" and annotation:
        backend.delete_annotation(annotation)
    elif op == "delete task" and task:
        backend.delete_task(task)
    elif op == "move" and annotation:  # what "remove duplicated tasks" does: the task is deleted, and no time is set
        source = backend.annotations[annotation]["task"]
        if task != source:
            for row in backend.of(source):
                row["task"] = task
            backend.delete_task(source)
    elif op == "item gone":
        store.write(space.items, [item for item in items(space) if item.id != every[number % 4].id])
    elif op == "item back":
        store.write(space.items, every)
    elif op == "rewrite":
        rewrite(space, number % 4, f"نص {number}")
        bench.push(update=True)
    elif op == "push":
        bench.push(update=bool(number % 2), prune=bool(number % 3))
    elif op == "pull":
        bench.pull()
