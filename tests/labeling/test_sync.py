"""Push, status and pull against a real Label Studio: nothing doubled, nothing lost, no secret let out."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from in_process import warraq
from labeling_corpus import TEXT, annotation, article, item, small
from stand_in import stand_in

from corpus import store
from corpus.errors import CheckError, CorpusError, ServiceError
from corpus.labeling.answers import to_result
from corpus.labeling.studio import accounts
from corpus.labeling.sync import server as server_module
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.reading import AnnotationReject
from corpus.labeling.sync.server import Server
from corpus.labeling.sync.status import status
from corpus.records import Annotation, Article, Item, Span, text_sha256
from corpus.workspace import Workspace

pytestmark = pytest.mark.studio

Studio = tuple[Workspace, Server]
ANSWERS: dict[str, str | list[str]] = {"stance": "favor", "topic": "04000000"}
EVIDENCE = "مجانية النقل جيّدة"
PLACE = Span("evidence", TEXT.index(EVIDENCE), TEXT.index(EVIDENCE) + len(EVIDENCE), EVIDENCE)
LATE = Span("evidence", TEXT.index("هنا"), TEXT.index("هنا") + 3, "هنا")


@pytest.fixture
def space(tmp_path: Path, request: pytest.FixtureRequest) -> Workspace:
    return small(tmp_path / "c", re.sub(r"\W", "-", request.node.name)[-28:])


@pytest.fixture(scope="module")
def people(studio: Studio) -> dict[str, Server]:
    """Two annotators, by name."""
    owner, server = studio
    names = ("layla", "omar")
    return {name: Server(server.url, accounts.add_annotator(owner.state, server.url, name).token) for name in names}


def tasks(space: Workspace, server: Server) -> dict[str, int]:
    """Item id → task id; fails if an item has two tasks."""
    project = server.find_project(project_title(space))
    held = [(data["item_id"], task) for task, data in server.tasks(project.id)] if project else []
    assert len(dict(held)) == len(held), "an item was sent twice"
    return dict(held)


def pushed(space: Workspace, server: Server) -> list[int]:
    """The task ids, in the order of items.jsonl."""
    push(space, server)
    held = tasks(space, server)
    return [held[of.id] for of in store.read(space.items, Item)]


def pulled(space: Workspace) -> list[Annotation]:
    return list(store.read(space.annotations, Annotation))


def rejects(space: Workspace) -> list[AnnotationReject]:
    return list(store.read(space.root / "annotations.rejects.jsonl", AnnotationReject))


def test_a_push_makes_the_project_and_a_second_one_sends_nothing(space: Workspace, studio: Studio) -> None:
    _, server = studio
    first = push(space, server)
    assert (first.created, first.items, first.present, first.sent, first.text_changed) == (True, 3, 0, 3, 0)
    held = tasks(space, server)
    assert set(held) == {of.id for of in store.read(space.items, Item)}
    second = push(space, server)
    assert (second.created, second.items, second.present, second.sent) == (False, 3, 3, 0)
    assert tasks(space, server) == held and second.project == first.project
    project: Any = server._client.projects.get(id=first.project)
    assert 'alias="cannot_judge"' in project.label_config and project.show_instruction
    assert not project.show_collab_predictions, "an annotator would see another's answers"


def test_only_new_items_are_sent(space: Workspace, studio: Studio) -> None:
    _, server = studio
    held = dict(zip((of.id for of in store.read(space.items, Item)), pushed(space, server), strict=True))
    added = [article(number) for number in (7, 8)]
    store.write(space.articles, [*store.read(space.articles, Article), *added])
    store.write(space.items, [*store.read(space.items, Item), *(item(a, "transit") for a in added)])
    report = push(space, server)
    assert (report.items, report.present, report.sent) == (5, 3, 2)
    now = tasks(space, server)
    assert len(now) == 5 and held.items() <= now.items()


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_any_number_of_pages_is_sent_and_listed_whole(
    tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(server_module, "PAGE", 2)
    monkeypatch.setattr(server_module, "EXPORT_TASKS", 2)
    space = small(tmp_path / "c", f"pages-{count}", count)
    _, server = studio
    ids = pushed(space, server)
    assert push(space, server).sent == 0 and len(tasks(space, server)) == count
    for task in ids:
        server.annotate(task, to_result(ANSWERS, [], None), 1, False)
    assert pull(space, server).submitted == count


@pytest.mark.parametrize("name", ["  spaces  ", "", "x" * 80, "اسم عربي <b>&"])
def test_a_project_is_found_again_whatever_its_corpus_is_called(tmp_path: Path, studio: Studio, name: str) -> None:
    _, server = studio
    space = small(tmp_path / "c", "c", 1)
    config = space.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('name = "c"', f'name = "{name}"'), "utf-8")
    space = Workspace(space.root)
    first, second = push(space, server), push(space, server)
    assert (first.created, second.created, second.sent) == (True, False, 0)
    assert len(first.title) <= 50


def test_a_changed_article_is_counted_and_not_sent(space: Workspace, studio: Studio) -> None:
    _, server = studio
    rows = list(store.read(space.articles, Article))
    rows[1] = Article(**{f: getattr(rows[1], f) for f in rows[1].__struct_fields__} | {"sha256": text_sha256("other")})
    store.write(space.articles, rows)
    report = push(space, server)
    assert (report.items, report.present, report.sent, report.text_changed) == (3, 0, 2, 1)
    assert rows[1].id not in {data["article_id"] for _, data in server.tasks(report.project)}
    assert push(space, server).text_changed == 1, "it is said each time"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (item(article(0), "nobody"), "'nobody'.*\n.*transit, festival"),
        (item(article(99), "transit"), r"does not hold.*\n.*warraq"),
    ],
)
def test_an_item_of_an_unknown_target_or_article_sends_nothing(
    space: Workspace, studio: Studio, wrong: Item, message: str
) -> None:
    _, server = studio
    store.write(space.items, [*store.read(space.items, Item), wrong])
    with pytest.raises(CorpusError, match=message) as caught:
        push(space, server)
    assert caught.value.exit_code == 2
    assert tasks(space, server) == {}


def test_pull_before_push_names_the_command(space: Workspace, studio: Studio) -> None:
    for step in (pull, status):
        with pytest.raises(CheckError, match="warraq push"):
            step(space, studio[1])
    assert not space.annotations.exists()


def test_answers_come_back_exactly_and_edits_and_deletions_are_seen(
    space: Workspace, studio: Studio, people: dict[str, Server]
) -> None:
    _, server = studio
    one, two, three = pushed(space, server)
    people["layla"].annotate(one, to_result(ANSWERS, [PLACE, LATE], "واضح 👍"), 12.5, False)
    people["omar"].annotate(one, to_result(ANSWERS | {"stance": "against"}, [], None), 3, False)
    people["layla"].annotate(two, [], 2, True)
    people["omar"].annotate(three, to_result(ANSWERS, [], None), 1, False)
    report = pull(space, server)
    assert (report.tasks, report.on_server, report.submitted, report.skipped, report.rejected) == (3, 4, 3, 1, 0)
    assert (report.new, report.changed, report.gone) == (4, 0, 0)
    rows = pulled(space)
    first = next(row for row in rows if row.spans)
    assert [span.text for span in first.spans] == [EVIDENCE, "هنا"]
    assert all(span.text == TEXT[span.start : span.end] for span in first.spans)
    assert (first.answers, first.comment, first.seconds, first.status) == (ANSWERS, "واضح 👍", 12.5, "submitted")
    assert (first.origin.server, first.origin.task) == (server.url, one)
    assert [(row.origin.task, row.answers) for row in rows if row.status == "skipped"] == [(two, {})]
    assert len({row.annotator for row in rows}) == 2 and all(re.fullmatch("a-[0-9a-f]{10}", r.annotator) for r in rows)
    before = space.annotations.read_bytes()
    again = pull(space, server)
    assert (again.on_server, again.new, again.changed, again.gone) == (4, 0, 0, 0)
    assert space.annotations.read_bytes() == before

    edited = to_result(ANSWERS | {"stance": "neutral"}, [], None)
    server._client.annotations.update(id=first.origin.annotation, result=edited)
    gone = next(row for row in rows if row.origin.task == three)
    server._client.annotations.delete(id=gone.origin.annotation)
    report = pull(space, server)
    assert (report.on_server, report.new, report.changed, report.gone) == (3, 0, 1, 1)
    now = {row.id: row for row in pulled(space)}
    assert now.keys() == {row.id for row in rows} - {gone.id}
    assert now[first.id].answers["stance"] == "neutral" and now[first.id].annotator == first.annotator


def test_status_counts_what_the_server_holds(tmp_path: Path, studio: Studio, people: dict[str, Server]) -> None:
    _, server = studio
    space = small(tmp_path / "c", "status", 4)
    config = space.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace("per_item = 1", "per_item = 2"), "utf-8")
    space = Workspace(space.root)
    one, two, three, _ = pushed(space, server)
    for person in people.values():
        person.annotate(one, to_result(ANSWERS, [], None), 1, False)
    people["layla"].annotate(two, [], 1, True)
    people["omar"].annotate(two, to_result(ANSWERS, [], None), 1, False)
    people["omar"].annotate(three, to_result(ANSWERS | {"stance": "against"}, [], None), 1, False)
    report = status(space, server)
    assert (report.items, report.tasks, report.done, report.begun, report.skipped) == (4, 4, 2, 1, 1)
    assert sorted(report.per_annotator.values(), key=str) == [{"submitted": 1, "skipped": 1}, {"submitted": 3, "skipped": 0}]
    assert {value: n for value, n in report.per_question["stance"].items() if n} == {"favor": 3, "against": 1}
    assert report.per_question["topic"]["04000000"] == 4
    assert not space.annotations.exists(), "status writes nothing"


def test_what_cannot_be_used_is_written_down_with_its_reason(space: Workspace, studio: Studio) -> None:
    _, server = studio
    one, two, three = pushed(space, server)
    marked = {"from_name": "evidence", "to_name": "text", "type": "labels"}
    server.annotate(one, to_result(ANSWERS | {"stance": "maybe"}, [], None), 1, False)
    server.annotate(one, to_result({"stance": "favor"}, [], None), 1, False)
    wrong = {"start": 0, "end": 5, "text": "elsewhere", "labels": ["evidence"]}
    server.annotate(two, [*to_result(ANSWERS, [], None), marked | {"value": wrong}], 1, False)
    server.annotate(two, [*to_result(ANSWERS, [], None), marked | {"value": {"start": 0, "end": 5}}], 1, False)
    server.annotate(two, to_result(ANSWERS, [], None), 1, False)
    kept = list(store.read(space.items, Item))
    server.annotate(three, to_result(ANSWERS, [], None), 1, False)
    store.write(space.items, kept[:2])
    report = pull(space, server)
    reasons = {"unknown_choice": 1, "missing_answer": 1, "span_off_text": 1, "malformed": 1, "unknown_item": 1}
    assert report.reasons == dict(sorted(reasons.items()))
    assert (report.on_server, report.submitted, report.rejected) == (6, 1, 5)
    written = rejects(space)
    assert [row.task for row in written] == [one, one, two, two, three]
    assert "'maybe'" in written[0].detail and "topic" in written[1].detail
    store.write(space.items, [*kept[:2], Item(kept[2].id, kept[2].article_id, kept[2].sha256, "transit", "news-stance@9.0.0")])
    assert pull(space, server).reasons["other_version"] == 1
    server._client.tasks.update(id=str(three), data={"item_id": kept[2].id, "codebook": kept[2].codebook, "text": "altered"})
    store.write(space.items, kept)
    assert pull(space, server).reasons["text_altered"] == 1


def test_no_person_address_password_or_token_is_in_the_corpus_or_on_the_screen(
    space: Workspace, studio: Studio, people: dict[str, Server]
) -> None:
    owner, server = studio
    for task in pushed(space, server):
        people["layla"].annotate(task, to_result(ANSWERS, [PLACE], "x"), 1, False)
    people["omar"].annotate(task, to_result({"stance": "maybe"}, [], None), 1, False)
    first = pull(space, server)
    names = {row.annotator for row in pulled(space)}
    config = space.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('url = ""', f'url = "{server.url}"'), "utf-8")
    stored = accounts.credentials(owner.state)
    assert stored is not None
    screens = ""
    for command in ("push", "status", "pull", "agreement", "resolve", "doctor"):
        done = warraq("-C", str(space.root), command, LABEL_STUDIO_API_KEY=stored.owner.token)
        assert done.returncode == 0, done.stderr
        screens += done.stdout + done.stderr
    wrong = "f" * 40
    done = warraq("-C", str(space.root), "pull", LABEL_STUDIO_API_KEY=wrong)
    assert done.returncode == 3 and "refused the token" in done.stderr
    assert {row.annotator for row in pulled(space)} == names and len(pulled(space)) == first.submitted
    files = [p for p in space.root.rglob("*") if p.is_file() and ".warraq" not in p.relative_to(space.root).parts]
    assert len(files) > 7
    everything = screens + done.stderr + "".join(path.read_text("utf-8") for path in files)
    accounts_made = [stored.owner, *stored.annotators.values()]
    secrets = {s for a in accounts_made for s in (a.email, a.password, a.token)} | {
        wrong,
        "@warraq.local",
        "layla",
        "sessionid",
    }
    assert not [secret for secret in secrets - {""} if secret in everything]  # "": an account that was begun only
    assert oct((space.state / "annotators.key").stat().st_mode)[-3:] == "600"


def test_pseudonyms_differ_between_corpora(tmp_path: Path, studio: Studio) -> None:
    _, server = studio
    found = set()
    for name in ("pseudonym-a", "pseudonym-b"):
        space = small(tmp_path / name, name, 1)
        server.annotate(pushed(space, server)[0], to_result(ANSWERS, [], None), 1, False)
        pull(space, server)
        found |= {row.annotator for row in pulled(space)}
    assert len(found) == 2


def test_a_new_config_reaches_a_project_that_stands(space: Workspace, studio: Studio) -> None:
    _, server = studio
    push(space, server)
    config = space.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('language = "ar"', 'language = "en"'), "utf-8")
    report = push(Workspace(space.root), server)
    assert (report.created, report.sent) == (False, 0)
    assert "direction: ltr" in server.find_project(report.title).label_config  # type: ignore[union-attr]


def test_an_import_whose_answer_was_lost_is_not_sent_twice(space: Workspace, studio: Studio) -> None:
    """The tasks are stored, then 503 is answered: neither the SDK's own retry nor the next push may double them."""
    _, server = studio
    token = accounts.owner(studio[0].state).token

    def lose(method: str, path: str) -> tuple[int, str, bytes] | None:
        return (503, "text/html", b"<h1>busy</h1>") if path.endswith("/import") else None

    with stand_in(lose, server.url) as between:
        report = push(space, Server(between.url, token))
        assert (report.present, report.sent) == (0, 3)
        assert [call for call in between.seen if call[1].endswith("/import")] == [
            ("POST", f"/api/projects/{report.project}/import")
        ]
    report = push(space, server)
    assert (report.present, report.sent) == (3, 0)
    assert len(tasks(space, server)) == 3


def test_a_project_or_an_answer_whose_answer_was_lost_is_not_made_twice(space: Workspace, studio: Studio) -> None:
    _, server = studio
    token = accounts.owner(studio[0].state).token
    task = pushed(space, server)[0]

    def lose(method: str, path: str) -> tuple[int, str, bytes] | None:
        return (502, "text/html", b"") if method == "POST" else None

    with stand_in(lose, server.url) as between:
        faulty = Server(between.url, token)
        with pytest.raises(ServiceError):
            faulty.annotate(task, to_result(ANSWERS, [], None), 1, False)
        with pytest.raises(ServiceError):
            faulty.create_project(title="lost answer")
    assert pull(space, server).on_server == 1
    assert [p.title for p in server._client.projects.list()].count("lost answer") == 1


def test_a_pull_that_breaks_off_leaves_the_files_as_they_were(space: Workspace, studio: Studio) -> None:
    _, server = studio
    server.annotate(pushed(space, server)[0], to_result(ANSWERS, [], None), 1, False)
    pull(space, server)
    before = {path: path.read_bytes() for path in space.root.glob("*.jsonl")}
    token = accounts.owner(studio[0].state).token
    half = b'[{"id": 1, "annotations": [{"id":'
    faults: dict[str, tuple[int, str, bytes]] = {
        "cut off": (200, "application/json", half),
        "html": (200, "text/html", b"<html>log in</html>"),
        "not found": (404, "application/json", b'{"detail": "Not found."}'),
    }
    for answer in faults.values():
        fault = {"/export": answer}.get
        with stand_in(lambda _, path, of=fault: of(path[-7:]), server.url) as between, pytest.raises(ServiceError):
            pull(space, Server(between.url, token))
    assert {path: path.read_bytes() for path in space.root.glob("*.jsonl")} == before


def test_the_commands_screens_add_up(space: Workspace, studio: Studio) -> None:
    owner, server = studio
    config = space.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('url = ""', f'url = "{server.url}"'), "utf-8")
    token = accounts.owner(owner.state).token

    def run(command: str) -> Any:
        done = warraq("-C", str(space.root), command, "--json", LABEL_STUDIO_API_KEY=token)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    assert run("push")["sent"] == 3
    for task in tasks(space, server).values():
        server.annotate(task, to_result(ANSWERS, [], None), 1, False)
    assert run("status")["done"] == 3
    found = run("pull")
    assert found["on_server"] == found["submitted"] + found["skipped"] + found["rejected"] == 3
    store.write(space.items, [*store.read(space.items, Item), item(article(0), "nobody")])
    done = warraq("-C", str(space.root), "push", LABEL_STUDIO_API_KEY=token)
    assert (done.returncode, done.stdout) == (2, "") and "'nobody'" in done.stderr
    space.items.unlink()
    done = warraq("-C", str(space.root), "push", LABEL_STUDIO_API_KEY=token)
    assert done.returncode == 2 and "warraq sample" in done.stderr


def test_a_file_edited_by_hand_is_mended_by_the_next_pull(space: Workspace, studio: Studio) -> None:
    _, server = studio
    server.annotate(pushed(space, server)[0], to_result(ANSWERS, [], None), 1, False)
    pull(space, server)
    (of, *_) = store.read(space.items, Item)
    invented = msgspec.structs.replace(annotation(of, "invented", {"stance": "favor"}), origin=pulled(space)[0].origin)
    store.write(space.annotations, [*pulled(space), invented])
    assert pull(space, server).gone == 1 and len(pulled(space)) == 1
