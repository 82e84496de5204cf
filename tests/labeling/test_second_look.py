"""`warraq push --again`: doubted gold goes to one more person, whose answer is gold, even against everybody's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from labeling_corpus import annotation, small
from small_studio import SmallStudio
from stand_in import stand_in
from test_people import AGAINST, ANSWERS, of

from corpus import store
from corpus.errors import CorpusError
from corpus.labeling.answers import to_result
from corpus.labeling.resolve import resolve
from corpus.labeling.sync.adjudicate import adjudicate, fetch
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.records import Gold
from corpus.workspace import Workspace

OTHER_TOPIC = ANSWERS | {"topic": "11000000"}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """Three items on which two people say the same of everything, and a fourth on which the stance is tied; resolved."""
    made = small(tmp_path / "c", "again", 4)
    said = {of(made)[3].id: AGAINST}
    rows = [annotation(item, "a-1", ANSWERS) for item in of(made)]
    rows += [annotation(item, "a-2", said.get(item.id, ANSWERS)) for item in of(made)]
    store.write_sorted(made.annotations, rows, key=lambda a: (a.item_id, a.id))
    resolve(made)
    return made


@pytest.fixture
def backend() -> SmallStudio:
    return SmallStudio()


@pytest.fixture
def server(backend: SmallStudio) -> Iterator[Server]:
    with stand_in(real=backend) as stand:
        yield Server(stand.url, "0" * 40)


def doubtful(space: Workspace, *lines: tuple[int, str]) -> Path:
    """Doubts as `warraq train` writes them: the number of an item, and the question."""
    path = space.reports / "doubtful.jsonl"
    told = {"gold": "favor", "suggested": "against", "margin": -0.5, "flagged": True}
    rows: list[dict[str, Any]] = []
    for number, question in lines:
        item = of(space)[number]
        whole = question == "topic"
        place = {"item_id": None if whole else item.id, "article_id": item.article_id}
        rows.append({**place, "target": None if whole else item.target, "question": question, **told})
    store.write(path, rows)
    return path


def asked(space: Workspace, backend: SmallStudio) -> dict[str, int]:
    """Item id → its task in the second project."""
    second = next(id_ for id_, p in backend.projects.items() if p["title"] == project_title(space, " · adjudication"))
    tasks = [(row["data"]["item_id"], id_) for id_, row in backend.tasks.items() if row["project"] == second]
    assert len(dict(tasks)) == len(tasks), "an item was sent twice"
    return dict(tasks)


def golds(space: Workspace) -> dict[tuple[str, str], Gold]:
    return {(gold.article_id, gold.question): gold for gold in store.read(space.gold, Gold)}


def test_a_second_look_ends_in_the_gold_even_where_all_agreed(space: Workspace, backend: SmallStudio, server: Server) -> None:
    one, two, *_ = of(space)
    path = doubtful(space, (0, "stance"), (1, "topic"))
    report = push(space, server, again=path)
    assert report.again is not None
    assert (report.again.chosen, report.again.present, report.again.sent, report.again.created) == (2, 0, 2, True)
    tasks = asked(space, backend)
    assert tasks.keys() == {one.id, two.id}, "an article's topic is asked about by its first judged item"
    assert {row["data"]["votes"] for row in backend.tasks.values() if "votes" in row["data"]} == {""}, "blind"
    before = golds(space)
    resolve(space)
    assert golds(space) == before, "nobody has looked yet"
    for item in (one, two):
        backend.annotate(tasks[item.id], 3, to_result(AGAINST | {"topic": "11000000"}, [], None))
    assert fetch(space, server).submitted == 2
    resolve(space)
    now = golds(space)
    changed = {place for place in now if now[place] != before[place]}
    assert changed == {(one.article_id, "stance"), (two.article_id, "topic")}, "what was not doubted stays the people's"
    looked = now[one.article_id, "stance"]
    assert (looked.value, looked.status, looked.votes) == ("against", "adjudicated", {"favor": 2})
    assert looked.method.startswith("adjudicated:a-") and looked.soft["favor"] == 1.0
    assert now[two.article_id, "topic"].value == "11000000"


def test_the_same_file_again_sends_nothing_and_ties_go_beside_it(
    space: Workspace, backend: SmallStudio, server: Server
) -> None:
    path = doubtful(space, (0, "stance"), (0, "topic"))
    assert (push(space, server, again=path).again or report_of_none()).sent == 1, "one item, two questions"
    written = (space.root / "again.jsonl").read_bytes()
    told = push(space, server, again=path).again or report_of_none()
    assert (told.chosen, told.present, told.sent) == (1, 1, 0)
    assert (space.root / "again.jsonl").read_bytes() == written and written.count(b"\n") == 2
    sent = adjudicate(space, server)
    assert (sent.chosen, sent.present, sent.sent) == (1, 0, 1)
    more = push(space, server, again=doubtful(space, (1, "stance"), (3, "stance"))).again or report_of_none()
    assert (more.chosen, more.present, more.sent) == (2, 1, 1), "the tied one is there to be looked at already"
    assert asked(space, backend).keys() == {of(space)[number].id for number in (0, 1, 3)}
    assert (space.root / "again.jsonl").read_bytes().count(b"\n") == 4, "what was asked before is still asked"


def report_of_none() -> Any:
    raise AssertionError("push told nothing of the second look")


def test_a_skip_settles_nothing_and_two_who_differ_neither(space: Workspace, backend: SmallStudio, server: Server) -> None:
    push(space, server, again=doubtful(space, (0, "stance"), (1, "stance")))
    one, two, *_ = of(space)
    tasks, before = asked(space, backend), golds(space)
    backend.annotate(tasks[one.id], 3, [], skipped=True)
    backend.annotate(tasks[two.id], 2, to_result(AGAINST, [], None))
    backend.annotate(tasks[two.id], 3, to_result(ANSWERS, [], None))
    fetch(space, server)
    resolve(space)
    assert golds(space) == before


def test_a_doubt_about_no_gold_is_named_by_its_line_and_nothing_is_sent(
    space: Workspace, backend: SmallStudio, server: Server
) -> None:
    path = doubtful(space, (0, "stance"), (1, "stance"))
    path.write_text(path.read_text("utf-8").replace(of(space)[1].id, "0" * 16), "utf-8")
    with pytest.raises(CorpusError, match=r"doubtful\.jsonl:2: gold\.jsonl has no answer to 'stance' on 0{16}"):
        push(space, server, again=path)
    assert not (space.root / "again.jsonl").exists() and not backend.projects
