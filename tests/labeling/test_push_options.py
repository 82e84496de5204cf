"""`warraq push --order`, `--overlap`, `--overlap-share`: written into warraq.toml, set on the project, obeyed there."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from in_process import warraq
from labeling_corpus import small
from small_studio import SmallStudio
from stand_in import CUT, stand_in
from test_people import GOOD, of, tasks

from corpus import store, workspace
from corpus.errors import CorpusError, ServiceError
from corpus.labeling.settings import change
from corpus.labeling.studio import accounts
from corpus.labeling.sync import standing
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.push import PushReport, push
from corpus.labeling.sync.rows import diverse
from corpus.labeling.sync.server import Server
from corpus.labeling.sync.standing import Version
from corpus.records import Article
from corpus.workspace import Workspace

Studio = tuple[Workspace, Server]
TOKEN = "0" * 40


def test_an_option_changes_its_line_of_warraq_toml_and_no_other(tmp_path: Path) -> None:
    space = small(tmp_path / "c", "lines")
    path = space.root / "warraq.toml"
    before = path.read_text("utf-8").splitlines()
    changed = change(space, order="random", annotators_per_item=3, overlap_share=0.2)
    assert (changed.config.label_studio.order, changed.config.label_studio.annotators_per_item) == ("random", 3)
    after = path.read_text("utf-8").splitlines()
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new.split("#")[0].strip() for _, new in pairs] == [
        "annotators_per_item = 3",
        "overlap_share = 0.2",
        'order = "random"',
    ]
    assert [old.split("#")[1] for old, _ in pairs] == [new.split("#")[1] for _, new in pairs], "comments stay"
    written = path.stat().st_mtime_ns
    assert change(changed, order="random", annotators_per_item=None) is changed
    assert path.stat().st_mtime_ns == written, "what stands there already is not written again"


@pytest.mark.parametrize(
    "content",
    [
        'name = "c"\n',
        'name = "c"\n[label_studio]\n',
        'name = "c"\r\n[label_studio]\r\norder = "given" # نعم\r\n[split]\r\nseed = 3\r\n',
        'name = "c"\nlabel_studio = {url = "http://x", order = "given"}\n',
        'name = "c"\nlabel_studio.order = "given"\n',
        'name = "c"\n[split]\nseed = 3\n\n["label_studio"]\n"order" = \'given\'',
    ],
    ids=["no table", "empty table", "crlf", "inline", "dotted", "quoted"],
)
def test_any_way_of_writing_warraq_toml_is_kept(tmp_path: Path, content: str) -> None:
    path = tmp_path / "warraq.toml"
    path.write_bytes(content.encode())
    changed = change(Workspace(tmp_path), order="diverse", annotators_per_item=2)
    read = path.read_bytes().decode()
    assert Workspace(tmp_path).config == changed.config
    before, after = tomllib.loads(content), tomllib.loads(read)
    assert after["label_studio"] == before.get("label_studio", {}) | {"order": "diverse", "annotators_per_item": 2}
    assert {k: v for k, v in after.items() if k != "label_studio"} == {k: v for k, v in before.items() if k != "label_studio"}
    assert ("# نعم" in content) == ("# نعم" in read)


def test_a_value_out_of_range_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    space = small(tmp_path / "c", "range")
    before = (space.root / "warraq.toml").read_bytes()
    wrong: list[dict[str, Any]] = [{"annotators_per_item": 0}, {"overlap_share": 1.5}, {"order": "best"}]
    for one in wrong:
        with pytest.raises(CorpusError, match=r"warraq\.toml does not take that"):
            change(space, **one)
    assert (space.root / "warraq.toml").read_bytes() == before
    done = warraq("-C", str(space.root), "push", "--order", "best")
    assert done.returncode == 2 and "'best'" in done.stderr


def by_outlet(space: Workspace, other: set[str]) -> None:
    """The articles of these ids are of another outlet."""
    rows = store.read(space.articles, Article)
    store.write(space.articles, [msgspec.structs.replace(a, source="أ") if a.id in other else a for a in list(rows)])


@pytest.fixture
def backend() -> SmallStudio:
    return SmallStudio()


@pytest.fixture
def server(backend: SmallStudio) -> Iterator[Server]:
    with stand_in(real=backend) as stand:
        yield Server(stand.url, TOKEN)


def standing_order(backend: SmallStudio) -> list[str]:
    return [task["data"]["item_id"] for _, task in sorted(backend.tasks.items())]


def test_another_order_moves_what_stands_and_nobody_has_begun(tmp_path: Path, backend: SmallStudio, server: Server) -> None:
    space = small(tmp_path / "c", "moved", 6)
    ids = [item.id for item in of(space)]
    by_outlet(space, {item.article_id for item in of(space)[4:]})
    push(space, server)
    assert standing_order(backend) == ids
    backend.annotate(min(backend.tasks), 2, GOOD)
    turns = [item.id for item in diverse(space, of(space))]
    report = push(space, server, order="diverse")
    assert (report.items, report.order) == (6, "diverse") and report.present + report.sent == 6
    assert report.moved == report.sent > 0
    first, *rest = standing_order(backend)
    assert first == ids[0] and rest == [id_ for id_ in turns if id_ != first]
    again = push(workspace.find(space.root), server, order="diverse")
    assert (again.present, again.sent, again.moved) == (6, 0, 0), "what is in its place stays"
    backend.annotate(max(backend.tasks), 2, GOOD)
    assert push(workspace.find(space.root), server).order == "diverse", "a push without the option keeps it"
    last = standing_order(backend)[-1]
    report = push(workspace.find(space.root), server, order="given")
    assert report.moved > 0 and sorted(standing_order(backend)) == sorted(ids)
    free = [id_ for id_ in standing_order(backend) if id_ not in (first, last)]
    assert free == [id_ for id_ in ids if id_ not in (first, last)]
    random = push(workspace.find(space.root), server, order="random")
    assert (random.sent, random.moved) == (0, 0), "the server draws, wherever a task stands"


def test_cut_off_between_taking_away_and_sending_the_next_push_sends_the_rest(
    tmp_path: Path, backend: SmallStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "WAITS", ())
    space = small(tmp_path / "c", "cut", 6)
    by_outlet(space, {of(space)[0].article_id})
    with stand_in(real=backend) as stand:
        server = Server(stand.url, TOKEN)
        push(space, server)
        stand.before = lambda _, path: CUT if path.endswith("import") else None
        with pytest.raises(ServiceError):
            push(space, server, order="diverse")
        stand.before = lambda *_: None
        report = push(workspace.find(space.root), server)
        wanted = standing_order(backend)
        assert report.sent > 0 and sorted(wanted) == sorted(item.id for item in of(space))
        assert push(workspace.find(space.root), server, order="diverse").moved == 0


class Shelf:
    """What `standing.cleared` asks of a server, in memory."""

    def __init__(self, held: list[Version], free: set[int]) -> None:
        self.held, self.free = dict(enumerate(held, 1)), free

    def untouched(self, _: int) -> set[int]:
        return self.free & self.held.keys()

    def delete_untouched(self, _: int, ids: list[int]) -> None:
        assert set(ids) <= self.free
        self.held = {task: version for task, version in self.held.items() if task not in ids}

    def tasks(self, _: int) -> Iterator[tuple[int, dict[str, str]]]:
        for task, version in self.held.items():
            yield task, {"item_id": version.item, "sha256": version.sha256, "codebook": version.codebook}


@settings(max_examples=200, deadline=None)
@given(st.permutations(range(8)), st.integers(0, 8), st.sets(st.integers(1, 8)))
def test_whatever_stands_the_free_ones_are_in_order_after_the_rest_is_sent(
    held: list[int], missing: int, free: set[int]
) -> None:
    order = [Version(f"{number}", "s", "c") for number in range(8)]
    before = [order[number] for number in held[missing:]]
    shelf: Any = Shelf(before, free)
    touched = {task: version for task, version in shelf.held.items() if task not in free}
    left = standing.cleared(shelf, 1, standing.listed(shelf, 1), order)
    assert touched.items() <= shelf.held.items(), "what somebody has begun stays where it is"
    sent = [version for version in order if version not in left]
    kept = [version for task, version in sorted(shelf.held.items()) if task in free]
    assert kept + sent == [version for version in order if version not in touched.values()]
    if before == order:
        assert len(left) == 8, "what is in order is left alone"


@pytest.mark.studio
def test_a_real_server_obeys_the_options(tmp_path: Path, studio: Studio) -> None:
    owner, server = studio
    token = accounts.owner(owner.state).token
    space = small(tmp_path / "c", "options", 4, settings=f'url = "{server.url}"')
    by_outlet(space, {of(space)[3].article_id})
    turn = [item.id for item in diverse(space, of(space))]
    people = {name: accounts.add_annotator(owner.state, server.url, name).token for name in ("salma", "yusuf")}

    def run(**options: Any) -> PushReport:
        return push(workspace.find(space.root), server, **options)

    def project() -> Any:
        return server.find_project(project_title(space))

    def following(name: str) -> str:
        headers = {"Authorization": f"Token {people[name]}"}
        got = httpx.get(f"{server.url}/api/projects/{project().id}/next", headers=headers).json()
        assert got["annotations"] == got["predictions"] == [], "nobody sees what another has answered"
        return str(got["data"]["item_id"])

    assert run(order="random").order == "random" and project().sampling == "Uniform sampling"
    assert turn[0] == of(space)[3].id, "it was sent last, and comes first: it is of another outlet"
    assert run(order="diverse").moved == 3 and project().sampling == "Sequential sampling"
    held = tasks(space, server)
    assert sorted(held, key=held.__getitem__) == turn
    assert following("salma") == turn[0]
    Server(server.url, people["salma"]).annotate(held[turn[0]], GOOD, 1, False)
    assert following("salma") == turn[1]
    told = run(overlap=3, overlap_share=0.5)
    assert (told.annotators_per_item, told.overlap_share, told.order) == (3, 0.5, "diverse")
    assert sorted(server.overlaps(project().id).values()) == [1, 1, 3, 3]
    assert run(overlap_share=1.0).annotators_per_item == 3
    assert set(server.overlaps(project().id).values()) == {3}
    assert following("yusuf") == turn[0], "with three for each item, the next person begins with what is half done"
    assert run().order == "diverse" and set(server.overlaps(project().id).values()) == {3}, "and so it stays"
    call = ("push", "--order", "uncertain", "--overlap", "2", "--overlap-share", "0.25")
    done = warraq("-C", str(space.root), *call, LABEL_STUDIO_API_KEY=token)
    asked = (
        "2 people judge 25% of the items, one the others; order: uncertain, once `--predictions` has sent some; random till"
    )
    assert asked in done.stdout, done.stderr
    assert project().sampling == "Uncertainty sampling" and project().maximum_annotations == 2
