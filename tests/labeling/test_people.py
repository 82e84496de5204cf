"""Many people on one corpus: answers of other projects, pace and overlap, adjudication; against a real Label Studio."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from in_process import warraq
from labeling_corpus import annotation, article, small
from small_studio import SmallStudio
from stand_in import stand_in

from corpus import store
from corpus.errors import CheckError, CorpusError
from corpus.labeling import interface
from corpus.labeling.answers import Unfit, to_annotation, to_result
from corpus.labeling.resolve import resolve
from corpus.labeling.studio import accounts
from corpus.labeling.sync import server as seam
from corpus.labeling.sync.adjudicate import SUFFIX, adjudicate, fetch
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.labeling.sync.status import behind, status
from corpus.records import Annotation, AnnotationOrigin, Article, Gold, Item
from corpus.workspace import Workspace

Studio = tuple[Workspace, Server]
ANSWERS: dict[str, str | list[str]] = {"stance": "favor", "topic": "04000000"}
AGAINST = ANSWERS | {"stance": "against"}
GOOD = to_result(ANSWERS, [], None)


def of(space: Workspace) -> list[Item]:
    return list(store.read(space.items, Item))


def settled(space: Workspace, old: str, new: str) -> Workspace:
    """The corpus with another line in warraq.toml."""
    config = space.root / "warraq.toml"
    text = config.read_text("utf-8")
    assert old in text
    config.write_text(text.replace(old, new), "utf-8")
    return Workspace(space.root)


def tasks(space: Workspace, server: Server, suffix: str = "") -> dict[str, int]:
    """Item id → its one task."""
    project: Any = server.find_project(project_title(space, suffix))
    held = [(data["item_id"], task) for task, data in server.tasks(project.id)]
    assert len(dict(held)) == len(held), "an item was sent twice"
    return dict(held)


def test_answers_of_another_project_are_kept_and_their_items_not_asked_again(tmp_path: Path) -> None:
    """As `warraq codebook migrate` leaves them: the first item's answer is of the earlier codebook's project."""
    backend = SmallStudio()
    with stand_in(real=backend) as stand:
        server = Server(stand.url, "0" * 40)
        space = small(tmp_path / "c", "moved", 4)
        first, second, third, _ = of(space)
        origin = AnnotationOrigin(stand.url, 999, 1, 1)
        here = msgspec.structs.replace(annotation(first, "a-1", ANSWERS), origin=origin)
        stale = msgspec.structs.replace(annotation(second, "a-1", ANSWERS), origin=origin, sha256="0" * 64)
        skipped = msgspec.structs.replace(annotation(third, "a-1", {}, status="skipped"), origin=origin)
        store.write(space.annotations, sorted([here, stale, skipped], key=lambda a: a.item_id))
        report = push(space, server)
        assert (report.items, report.judged_before, report.sent, report.present) == (4, 1, 3, 0)
        assert first.id not in tasks(space, server)
        backend.annotate(tasks(space, server)[second.id], 2, GOOD)
        for full in (False, False, True):
            got = pull(space, server, full=full)
            assert (got.on_server, got.submitted, got.skipped, got.earlier, got.kept) == (1, 1, 0, 0, 3)
            kept = {row.id for row in store.read(space.annotations, Annotation)}
            assert {here.id, skipped.id} < kept and len(kept) == 3
            assert [row.id for row in store.read(space.root / "annotations.earlier.jsonl", Annotation)] == [stale.id]
        assert (got.new, got.changed, got.gone, got.fetched) == (0, 0, 0, 3)
        counted = status(space, server)
        assert (counted.items, counted.tasks, counted.done, counted.waiting) == (4, 3, 3, 1)


def test_a_server_at_another_address_doubles_nothing(tmp_path: Path) -> None:
    backend, space = SmallStudio(), small(tmp_path / "c", "address", 2)
    with stand_in(real=backend) as one, stand_in(real=backend) as two:
        push(space, Server(one.url, "0" * 40))
        backend.annotate(min(backend.tasks), 2, GOOD)
        pull(space, Server(one.url, "0" * 40))
        report = pull(space, Server(two.url, "0" * 40))
    assert (report.submitted, report.kept, report.new, report.gone) == (1, 0, 0, 0)
    assert len(list(store.read(space.annotations, Annotation))) == 1


def test_a_retired_choice_is_no_answer(tmp_path: Path) -> None:
    space = small(tmp_path / "c", "retired", 1)
    book, asked = space.codebook(), of(space)[0]
    retired = [msgspec.structs.replace(c, retired=c.value == "favor") for c in book.question("stance").choices]
    questions = [msgspec.structs.replace(q, choices=retired) if q.id == "stance" else q for q in book.questions]
    exported = {"id": 1, "unique_id": "u", "was_cancelled": False, "result": GOOD, "created_at": "", "updated_at": ""}
    with pytest.raises(Unfit) as caught:
        changed = msgspec.structs.replace(book, questions=questions)
        to_annotation(exported, "a-1", asked, article(0).text, changed, AnnotationOrigin("", 1, 1, 1))
    assert caught.value.reason == "retired_choice"


def test_who_has_judged_less_than_half_of_the_median_is_behind() -> None:
    assert behind({}) == [] and behind({"a": 1}) == []
    assert behind({"a": 10, "b": 8, "c": 4, "d": 2}) == ["d"]  # median 6
    assert behind({"a": 2, "b": 1}) == []


def test_pace_is_items_done_a_day_of_work(tmp_path: Path) -> None:
    """Nine days of work, one item a day but two on the last; the last seven have eight: 8/7 a day, and 2 items are left."""
    backend, space = SmallStudio(), small(tmp_path / "c", "pace", 12)
    with stand_in(real=backend) as stand:
        server = Server(stand.url, "0" * 40)
        push(space, server)
        for number, task in enumerate(sorted(backend.tasks)[:10]):
            backend._now = 1_700_000_000 + 2 * 86_400 * min(number, 8)
            backend.annotate(task, 2, GOOD)
        report = status(space, server)
    assert (report.done, report.begun, report.waiting) == (10, 0, 2)
    assert report.per_day == pytest.approx(8 / 7) and report.days_left == pytest.approx(7 / 4)
    assert report.agreement == {"stance": None, "topic": None}


@pytest.mark.parametrize("wrong", ["overlap_share = 1.5", "overlap_share = -0.1"])
def test_a_share_is_a_share(tmp_path: Path, wrong: str) -> None:
    space = small(tmp_path / "c", "share", 1)
    with pytest.raises(CorpusError, match="overlap_share"):
        settled(space, "overlap_share = 1.0", wrong)


def test_the_most_different_are_sent_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two outlets with four and two articles: in turn from each, then what the larger one has left; in batches as in one."""
    sent = []
    for page in (1000, 2):
        monkeypatch.setattr(seam, "PAGE", page)
        backend, space = SmallStudio(), settled(small(tmp_path / f"{page}", "diverse", 6), '"given"', '"diverse"')
        rows = list(store.read(space.articles, Article))
        other = {rows[0].id, rows[1].id}
        store.write(space.articles, [msgspec.structs.replace(a, source="أ") if a.id in other else a for a in rows])
        with stand_in(real=backend) as stand:
            push(space, Server(stand.url, "0" * 40))
            assert push(space, Server(stand.url, "0" * 40)).sent == 0
        sent.append([task["data"]["article_id"] for task in backend.tasks.values()])
        assert [id_ in other for id_ in sent[-1]] == [True, False, True, False, False, False]
    assert sent[0] == sent[1]


@pytest.fixture(scope="module")
def people(studio: Studio) -> dict[str, Server]:
    owner, server = studio
    names = ("layla", "omar", "judge")
    return {name: Server(server.url, accounts.add_annotator(owner.state, server.url, name).token) for name in names}


@pytest.mark.studio
def test_a_share_of_the_items_is_judged_by_more(tmp_path: Path, studio: Studio, people: dict[str, Server]) -> None:
    _, server = studio
    space = settled(small(tmp_path / "c", "overlap", 8), "per_item = 1", "per_item = 2")
    space = settled(space, "overlap_share = 1.0", "overlap_share = 0.25")
    report = push(space, server)
    overlaps = server.overlaps(report.project)
    assert sorted(overlaps.values()) == [1, 1, 1, 1, 1, 1, 2, 2]
    twice = next(task for task, count in overlaps.items() if count == 2)
    once = next(task for task, count in overlaps.items() if count == 1)
    people["layla"].annotate(twice, GOOD, 1, False)
    people["layla"].annotate(once, GOOD, 1, False)
    counted = status(space, server)
    assert (counted.done, counted.begun, counted.waiting) == (1, 1, 6)
    people["omar"].annotate(twice, to_result(AGAINST, [], None), 1, False)
    counted = status(space, server)
    assert (counted.done, counted.begun, counted.per_day) == (2, 0, 2.0)
    assert counted.agreement["stance"] == 0.0 and counted.agreement["topic"] is None
    space = settled(space, "overlap_share = 0.25", "overlap_share = 1.0")
    assert push(space, server).sent == 0
    assert set(server.overlaps(report.project).values()) == {2}


@pytest.mark.studio
def test_ties_go_round_by_an_adjudicator_and_come_back_as_gold(
    tmp_path: Path, studio: Studio, people: dict[str, Server]
) -> None:
    _, server = studio
    space = settled(small(tmp_path / "c", "judge", 3), "per_item = 1", "per_item = 2")
    with pytest.raises(CheckError, match=r"warraq resolve"):
        push(space, server)
        pull(space, server)
        adjudicate(space, server)
    with pytest.raises(CheckError, match="no adjudication project"):
        fetch(space, server)
    one, two, three = of(space)
    held = tasks(space, server)
    for every in (one, two, three):
        people["layla"].annotate(held[every.id], GOOD, 1, False)
    people["omar"].annotate(held[one.id], to_result(AGAINST, [], None), 1, False)
    people["omar"].annotate(held[two.id], to_result(ANSWERS | {"topic": "11000000"}, [], None), 1, False)
    people["omar"].annotate(held[three.id], GOOD, 1, False)
    pull(space, server)
    assert resolve(space).per_question["stance"] == {"agreed": 2, "majority": 0, "tied": 1}
    first = adjudicate(space, server, show_answers=True)
    assert (first.created, first.chosen, first.present, first.sent, first.text_changed) == (True, 2, 0, 2, 0)
    again = adjudicate(space, server, show_answers=True)
    assert (again.created, again.chosen, again.present, again.sent) == (False, 2, 2, 0)
    asked = tasks(space, server, SUFFIX)
    assert asked.keys() == {one.id, two.id}, "the tied stance, and the tied topic of an article by its item"
    shown = {data["item_id"]: data["votes"] for _, data in server.tasks(first.project)}
    names = {choice.value: choice.name["ar"] for choice in space.codebook().question("stance").choices}
    assert f"1 × {names['favor']}" in shown[one.id] and f"1 × {names['against']}" in shown[one.id]
    assert not any(name in shown[one.id] for name in ("layla", "omar", "a-")), "votes are shown without names"
    people["judge"].annotate(asked[one.id], to_result(AGAINST, [], None), 1, False)
    people["judge"].annotate(asked[two.id], [], 1, True)
    brought = fetch(space, server)
    assert (brought.on_server, brought.submitted, brought.skipped, brought.rejected) == (2, 1, 1, 0)
    (said,) = [row for row in store.read(space.adjudications, Annotation) if row.status == "submitted"]
    report = resolve(space)
    assert report.per_question["stance"] == {"agreed": 2, "majority": 0, "adjudicated": 1, "tied": 0}
    golds = {(gold.article_id, gold.question): gold for gold in store.read(space.gold, Gold)}
    gold = golds[one.article_id, "stance"]
    assert (gold.value, gold.status, gold.method) == ("against", "adjudicated", f"adjudicated:{said.annotator}")
    assert gold.votes == {"favor": 1, "against": 1} and gold.soft["against"] == 0.5, "the votes stay the votes"
    assert golds[one.article_id, "topic"].status == "agreed", "what people agreed on is not the adjudicator's"
    assert golds[two.article_id, "topic"].status == "tied", "a skip settles nothing"
    assert pull(space, server).on_server == 6, "the adjudicator is none of the annotators"
    settled_now = adjudicate(space, server)
    assert (settled_now.chosen, settled_now.sent) == (1, 0) and tasks(space, server, SUFFIX) == asked
    hidden: Any = server.find_project(project_title(space, SUFFIX))
    assert "$votes" not in hidden.label_config


def test_disputed_are_all_on_which_two_differ_and_differing_adjudicators_settle_nothing(tmp_path: Path) -> None:
    backend, space = SmallStudio(), small(tmp_path / "c", "disputed", 3)
    one, two, _ = of(space)
    given = [(one, "a-1", ANSWERS), (one, "a-2", ANSWERS), (one, "a-3", AGAINST), (two, "a-1", ANSWERS), (two, "a-2", ANSWERS)]
    rows = [annotation(asked, person, answers) for asked, person, answers in given]
    store.write(space.annotations, sorted(rows, key=lambda a: (a.item_id, a.id)))
    resolve(space)
    with stand_in(real=backend) as stand:
        server = Server(stand.url, "0" * 40)
        assert adjudicate(space, server).chosen == 0
        report = adjudicate(space, server, disputed=True)
    assert (report.chosen, report.sent) == (1, 1)
    assert [task["data"]["item_id"] for task in backend.tasks.values()] == [one.id]
    assert [task["data"]["votes"] for task in backend.tasks.values()] == [""], "blind unless it is asked for"
    before = space.gold.read_bytes()
    store.write(space.adjudications, [annotation(one, "a-8", ANSWERS), annotation(one, "a-9", AGAINST)])
    resolve(space)
    assert space.gold.read_bytes() == before
    store.write(space.adjudications, [annotation(one, "a-9", AGAINST)])
    resolve(space)
    changed = [gold for gold in store.read(space.gold, Gold) if gold.status == "adjudicated"]
    assert [(gold.value, gold.method) for gold in changed] == [("against", "adjudicated:a-9")]


def test_the_adjudicators_page_is_sound(tmp_path: Path) -> None:
    from label_studio_sdk.label_interface import LabelInterface

    space = small(tmp_path / "c", "page", 1)
    config = interface.config(space.codebook(), "ar", show_votes=True)
    LabelInterface(config).validate()
    assert 'value="$votes"' in config and "$votes" not in interface.config(space.codebook(), "ar")


@pytest.mark.studio
def test_the_commands_say_what_they_did(tmp_path: Path, studio: Studio) -> None:
    owner, server = studio
    token = accounts.owner(owner.state).token
    space = small(tmp_path / "c", "commands", 2, settings=f'url = "{server.url}"')

    def run(*call: str) -> str:
        done = warraq("-C", str(space.root), *call, LABEL_STUDIO_API_KEY=token)
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    run("push")
    task = min(tasks(space, server).values())
    server.annotate(task, GOOD, 1, False)
    server.annotate(task, to_result(AGAINST, [], None), 1, False)
    told = run("status")
    assert "2 items, 2 on the server: 1 done, 0 begun, 1 waiting" in told and "1.0 items a day; about 1.0 days" in told
    assert "alpha undefined" in told and "━" not in told
    shown = warraq("-C", str(space.root), "status", LABEL_STUDIO_API_KEY=token, terminal=True).stdout.splitlines()
    assert [line.split()[0][:2] for line in shown[:2]] == ["al", "a-"], "a bar for all, and one for each person"
    assert all("━" in line and line.endswith("1 of 2") for line in shown[:2]) and shown[2:] == told.splitlines()
    run("pull")
    run("resolve")
    sent = msgspec.json.decode(run("adjudicate", "--disputed", "--json"))
    assert sent["chosen"] == sent["sent"] + sent["present"] == 0, "one person cannot differ with herself"
    assert "0 answers" in run("adjudicate", "--pull")
    (judged,) = {a.item_id for a in store.read(space.annotations, Annotation)}
    item = next(item for item in of(space) if item.id == judged)
    doubt = {"item_id": judged, "article_id": item.article_id, "target": "transit", "question": "stance", "margin": -0.4}
    store.write(space.reports / "doubtful.jsonl", [doubt])
    told = run("push", "--again", str(space.reports / "doubtful.jsonl"))
    assert "  1 items to look at again = 0 there already + 1 sent + 0 whose text has changed" in told
    again = msgspec.json.decode(run("push", "--again", str(space.reports / "doubtful.jsonl"), "--json"))
    assert (again["again"]["present"], again["again"]["sent"], again["present"]) == (1, 0, 2)
    server.annotate(tasks(space, server, SUFFIX)[judged], to_result(ANSWERS | {"stance": "neutral"}, [], None), 1, False)
    assert "1 submitted" in run("adjudicate", "--pull")
    run("resolve")
    gold = next(gold for gold in store.read(space.gold, Gold) if gold.question == "stance")
    assert (gold.value, gold.status, gold.votes) == ("neutral", "adjudicated", {"against": 1})
