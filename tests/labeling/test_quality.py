"""Control items and quality over time: hand-worked shares, controls that look like any item, faults in a file of controls."""

from pathlib import Path

import msgspec
import pytest
from labeling_corpus import annotation, article, item, small
from small_studio import SmallStudio
from stand_in import stand_in

from corpus import store
from corpus.errors import CorpusError
from corpus.labeling import controls
from corpus.labeling.agreement import agreement
from corpus.labeling.controls import Control
from corpus.labeling.quality import Quality, quality
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.records import Annotation, Article, Item
from corpus.workspace import Workspace

FIRST, SECOND = "2026-11-20T10:00:00Z", "2026-11-23T10:00:00Z"  # a Friday and the Monday after it: weeks 47 and 48


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return small(tmp_path / "c", "quality", 4)


def said(of: Item, person: str, stance: str, created: str, seconds: float | None) -> Annotation:
    return msgspec.structs.replace(annotation(of, person, {"stance": stance}), created=created, seconds=seconds)


def test_shares_are_those_worked_by_hand(space: Workspace) -> None:
    one, two, three, four = store.read(space.items, Item)
    rows = [
        said(one, "a-1", "favor", FIRST, 10),  # the others: against, against → differs
        said(one, "a-2", "against", FIRST, 20),  # favor, against → no majority
        said(one, "a-3", "against", FIRST, None),
        said(two, "a-1", "favor", FIRST, 30),  # a-2: favor → the same
        said(two, "a-2", "favor", SECOND, 40),
        said(three, "a-1", "neutral", SECOND, 50),  # alone
        said(four, "a-2", "against", SECOND, 60),
    ]
    right = {one.id: Control(one.article_id, "transit", {"stance": "against"})}
    right |= {three.id: Control(three.article_id, "transit", {"stance": "neutral", "topic": "04000000"})}
    book = space.codebook()
    found = quality(book.labelled, rows, {i.id: i for i in (one, two, three, four)}, right)
    assert found == [
        Quality("a-1", None, 3, 30, 2, 0.5, 2, 0.5),
        Quality("a-1", "2026-W47", 2, 20, 2, 0.5, 1, 0.0),
        Quality("a-1", "2026-W48", 1, 50, 0, None, 1, 1.0),
        Quality("a-2", None, 3, 40, 1, 1.0, 1, 1.0),
        Quality("a-2", "2026-W47", 1, 20, 0, None, 1, 1.0),
        Quality("a-2", "2026-W48", 2, 50, 1, 1.0, 0, None),
        Quality("a-3", None, 1, None, 0, None, 1, 1.0),
        Quality("a-3", "2026-W47", 1, None, 0, None, 1, 1.0),
    ]
    assert quality(book.labelled, rows[::-1], {i.id: i for i in (four, three, two, one)}, right) == found


def test_sets_are_right_in_any_order(space: Workspace) -> None:
    (one, *_) = store.read(space.items, Item)
    question = msgspec.structs.replace(space.codebook().question("stance"), type="multiple")
    row = msgspec.structs.replace(annotation(one, "a-1", {"stance": ["favor", "neutral"]}), created=FIRST)
    for answer, share in ((["neutral", "favor"], 1.0), (["neutral"], 0.0)):
        known = {one.id: Control(one.article_id, "transit", {"stance": answer})}
        assert quality([question], [row], {one.id: one}, known)[0].right == share


def test_a_control_is_sent_like_any_item_and_its_answer_is_not(space: Workspace) -> None:
    extra = article(9)
    store.write(space.articles, [*store.read(space.articles, Article), extra])
    path = space.root.parent / "known.jsonl"
    known = Control(extra.id, "transit", {"stance": "against", "topic": "04000000"})
    store.write(path, [known])
    backend = SmallStudio()
    with stand_in(real=backend) as stand:
        server = Server(stand.url, "0" * 40)
        assert controls.add(space, path) == 1 and push(space, server).sent == 5
        assert controls.add(space, path) == 0 and push(space, server).sent == 0
        shown = {task["data"]["item_id"]: task["data"] for task in backend.tasks.values()}
    (id_,) = controls.read(space, store.read(space.items, Item))
    assert len({tuple(data) for data in shown.values()}) == 1, "a control's task has the same keys as any"
    assert "against" not in str(shown[id_].values()) and shown[id_]["article_id"] == extra.id
    rows = list(store.read(space.items, Item))
    assert rows == sorted(rows, key=lambda row: (row.article_id, row.target or "")) and len(rows) == 5
    assert item(extra, "transit").article_id in {row.article_id for row in rows}
    store.write(path, [msgspec.structs.replace(known, answers={"stance": "favor"})])
    assert controls.add(space, path) == 0 and next(store.read(space.controls, Control)).answers == {"stance": "favor"}


def test_the_report_shows_it(space: Workspace) -> None:
    one, *_ = store.read(space.items, Item)
    path = space.root.parent / "known.jsonl"
    store.write(path, [Control(one.article_id, "transit", {"stance": "favor"})])
    controls.add(space, path)
    rows = [said(one, person, stance, FIRST, 12) for person, stance in (("a-1", "favor"), ("a-2", "against"))]
    store.write(space.annotations, sorted(rows, key=lambda row: row.id))
    report = agreement(space)
    assert [(row.annotator, row.right) for row in report.quality if row.week is None] == [("a-1", 1.0), ("a-2", 0.0)]
    page = (space.reports / "agreement.html").read_text("utf-8")
    assert "Quality over time" in page and "2026-W47" in page


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"article_id": "0" * 16}, "no article"),
        ({"target": "moon"}, "no target 'moon'"),
        ({"target": None}, "no target None"),
        ({"answers": {"mood": "favor"}}, "no question 'mood'"),
        ({"answers": {"evidence": "favor"}}, "no question 'evidence' with labels"),
        ({"answers": {"stance": "maybe"}}, "does not offer 'maybe'"),
        ({"answers": {"stance": ["favor"]}}, "takes one label"),
        ({"answers": {}}, "at least one answer"),
    ],
)
def test_a_wrong_control_is_named_by_its_line_and_nothing_is_written(
    space: Workspace, change: dict[str, object], named: str
) -> None:
    one, *_ = store.read(space.items, Item)
    good = Control(one.article_id, "transit", {"stance": "favor"})
    path = space.root.parent / "known.jsonl"
    store.write(path, [good, msgspec.structs.replace(good, **change)])
    before = space.items.read_bytes()
    with pytest.raises(CorpusError, match=named) as caught:
        controls.add(space, path)
    assert f"{path}:2" in str(caught.value)
    assert space.items.read_bytes() == before and not space.controls.exists()
