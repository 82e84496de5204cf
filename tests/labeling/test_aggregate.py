"""Gold by majority and by models of annotators: real crowd answers, made-up crowds of known skill, and exact ties."""

import csv
import random
from typing import get_args

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling_corpus import annotation, article, item
from real_data import shared

from corpus import store
from corpus.codebook import Choice, Question
from corpus.errors import CorpusError
from corpus.labeling.aggregate import METHODS, Reliability
from corpus.labeling.resolve import resolve, settle_all
from corpus.labeling.votes import Answer, Unit, Votes
from corpus.records import Annotation, Gold
from corpus.workspace import Workspace
from scripts.resolve import Method

NAMES = {"ar": "س", "en": "q"}
LABELS = "0123"
CHOICES = [Choice(label, code, NAMES) for code, label in enumerate(LABELS)]
SINGLE = Question("q", "item", "single", NAMES, choices=CHOICES)
MULTIPLE = Question("q", "item", "multiple", NAMES, choices=CHOICES)
MODELS = ["dawid-skene", "mace"]


def table(rows: list[dict[str, Answer]]) -> Votes:
    return {Unit(f"{number:016x}"): given for number, given in enumerate(rows)}


def crowd(skills: dict[str, float], units: int = 300, seed: int = 1) -> tuple[list[str], Votes]:
    """Truth, and votes of people who give it with the chance in `skills`, else any label; -1 always gives a 0."""
    dice = random.Random(seed)
    truth = [dice.choice(LABELS) for _ in range(units)]
    rows: list[dict[str, Answer]] = [
        {name: "0" if skill < 0 else right if dice.random() < skill else dice.choice(LABELS) for name, skill in skills.items()}
        for right in truth
    ]
    return truth, table(rows)


def rows_of(name: str) -> list[dict[str, str]]:
    with shared("crowd", name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def accuracy(golds: list[Gold], truth: list[str]) -> float:
    """A tie is counted as wrong."""
    return sum(gold.value == right for gold, right in zip(golds, truth, strict=True)) / len(truth)


@pytest.mark.parametrize(
    ("method", "least"),
    # crowd-kit 1.4.2 on the same answers: Dawid–Skene 0.8426 is its best, MACE 0.8352, majority with ties broken 0.8116.
    [("dawid-skene", 0.8426), ("mace", 0.83), ("majority", 0.79)],
)
def test_dogs(method: str, least: float) -> None:
    truth = {row["question"]: row["truth"] for row in rows_of("dogs-truth.csv")}
    votes: dict[str, dict[str, Answer]] = {}
    for row in rows_of("dogs-answers.csv"):
        votes.setdefault(row["question"], {})[row["worker"]] = row["answer"]
    golds, people = settle_all(SINGLE, table(list(votes.values())), method)
    assert accuracy(golds, [truth[question] for question in votes]) >= least
    assert len(people) == 109
    known: dict[str, list[bool]] = {}
    for question, given_ in votes.items():
        for person, answer in given_.items():
            known.setdefault(person, []).append(answer == truth[question])
    rows = [(person.accuracy, float(np.mean(known[person.annotator]))) for person in people if person.shared >= 20]
    assert np.corrcoef(np.array(rows).T)[0, 1] > 0.7, "reliability without truth follows that by truth"


@pytest.mark.parametrize("method", METHODS)
def test_spammers_are_found_and_the_honest_are_not(method: str) -> None:
    skills = {"good": 0.9, "fair": 0.7, "poor": 0.5, "random": 0.0, "lazy": -1.0}
    truth, votes = crowd(skills)
    golds, people = settle_all(SINGLE, votes, method)
    assert {person.annotator: person.spammer for person in people} == {name: skill <= 0 for name, skill in skills.items()}
    by_name = {person.annotator: person for person in people}
    assert [p.annotator for p in people] == sorted(skills)
    assert all((p.answers, p.shared) == (300, 300) for p in people)
    if method == "mace":
        found = {name: by_name[name].competence for name in skills}
        assert found == pytest.approx({name: max(skill, 0) for name, skill in skills.items()}, abs=0.1)
    if method in MODELS:
        assert by_name["good"].competence > by_name["fair"].competence > by_name["poor"].competence  # type: ignore[operator]
        majority = accuracy(settle_all(SINGLE, votes, "majority")[0], truth)
        assert accuracy(golds, truth) > majority + 0.05, "a model trusts the good ones more"


@pytest.mark.parametrize("method", METHODS)
def test_few_answers_flag_nobody(method: str) -> None:
    _, votes = crowd({"a": 0.9, "b": 0.9, "c": 0.0}, units=19)
    assert not any(person.spammer for person in settle_all(SINGLE, votes, method)[1])


def test_dawid_skene_by_hand() -> None:
    """One round by hand, 2 units, 2 people, without smoothing: shares, then confusion, then Bayes."""
    from corpus.labeling.aggregators import dawid_skene
    from corpus.labeling.aggregators.ballots import ballots

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dawid_skene, "ROUNDS", 1)
        patch.setattr(dawid_skene, "SMOOTHING", 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = dawid_skene.dawid_skene(ballots([{"p": 0, "r": 0}, {"p": 1, "r": 0}], 2))
    # Shares: (1, 0), (½, ½). Common: ¾, ¼. Given truth 0, p says 0 with 1 ÷ 1½ = ⅔; given truth 1 never. r always says 0.
    # Unit 1: ¾·⅔·1 against ¼·0·1. Unit 2: ¾·⅓·1 against ¼·1·1 = ½ each.
    assert found.posterior.tolist() == [[1.0, 0.0], [0.5, 0.5]]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "rows",
    [
        [{"a": "0", "b": "1"}],
        [{"a": "0", "b": "1"}, {"a": "1", "b": "0"}],
        [{"a": "0", "b": "1"}, {"a": "1", "b": "2"}, {"a": "2", "b": "0"}],
        [{"a": "0", "b": "1", "c": "2"}] * 7,
        [{"a": "0", "b": "1"}] * 40,
    ],
)
def test_what_votes_cannot_tell_apart_stays_tied(method: str, rows: list[dict[str, Answer]]) -> None:
    for gold in settle_all(SINGLE, table(rows), method)[0]:
        assert (gold.value, gold.status) == (None, "tied")
        shares = sorted(gold.soft.values())
        assert shares[-1] - shares[-2] <= 1e-9


ROWS = st.lists(st.dictionaries(st.sampled_from("abcde"), st.sampled_from(LABELS), min_size=1), min_size=1, max_size=12)


@given(ROWS, st.permutations("abcde"), st.sampled_from(sorted(METHODS)))
@settings(deadline=None, max_examples=150)
def test_names_and_order_change_no_bit(rows: list[dict[str, Answer]], names: list[str], method: str) -> None:
    new = dict(zip("abcde", names, strict=True))
    renamed: list[dict[str, Answer]] = [{new[p]: answer for p, answer in reversed(given_.items())} for given_ in rows]
    golds, people = settle_all(SINGLE, table(rows), method)
    again, others = settle_all(SINGLE, table(renamed), method)
    assert golds == again
    moved = [msgspec.structs.replace(person, annotator=new[person.annotator]) for person in people]
    assert sorted(moved, key=lambda p: p.annotator) == others
    for gold in golds:
        assert sum(gold.soft.values()) == pytest.approx(1, abs=1e-9)
        assert all(0 < share <= 1 for share in gold.soft.values())


@given(ROWS, st.permutations(LABELS), st.sampled_from(sorted(METHODS)))
@settings(deadline=None, max_examples=100)
def test_labels_are_treated_alike(rows: list[dict[str, Answer]], labels: list[str], method: str) -> None:
    new = dict(zip(LABELS, labels, strict=True))
    swapped: list[dict[str, Answer]] = [{p: new[str(answer)] for p, answer in given_.items()} for given_ in rows]
    for before, after in zip(
        settle_all(SINGLE, table(rows), method)[0], settle_all(SINGLE, table(swapped), method)[0], strict=True
    ):
        assert {new[label]: share for label, share in before.soft.items()} == pytest.approx(after.soft, abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_edges(method: str) -> None:
    assert settle_all(SINGLE, {}, method) == ([], [])
    (gold,), (person,) = settle_all(SINGLE, table([{"a": "2"}]), method)
    assert (gold.value, gold.soft, gold.status) == ("2", {"2": 1.0}, "majority" if method == "majority" else "model")
    assert (person.answers, person.shared, person.accuracy, person.above_chance, person.spammer) == (1, 0, None, None, False)
    golds, people = settle_all(SINGLE, table([{"a": "1", "b": "1"}] * 30), method)
    assert {(gold.value, gold.status) for gold in golds} == {("1", "agreed")}
    assert [(p.accuracy, p.above_chance, p.spammer) for p in people] == [(1.0, None, False)] * 2
    golds, people = settle_all(MULTIPLE, table([{"a": (), "b": ()}]), method)
    assert [(gold.value, gold.soft, gold.status) for gold in golds] == [([], {}, "agreed")]
    assert [p.shared for p in people] == [0, 0]
    with pytest.raises(CorpusError, match=r"answers '9' to 'q'"):
        settle_all(SINGLE, table([{"a": "9"}]), method)


@pytest.mark.parametrize("method", METHODS)
def test_multiple_choice_is_one_question_a_label(method: str) -> None:
    dice = random.Random(2)
    truth = [tuple(label for label in LABELS if dice.random() < 0.4) for _ in range(200)]
    skills = {"good": 0.05, "fair": 0.15, "poor": 0.25, "random": 0.5}  # the chance that a label is turned round
    rows: list[dict[str, Answer]] = [
        {p: tuple(x for x in LABELS if (x in right) != (dice.random() < wrong)) for p, wrong in skills.items()}
        for right in truth
    ]
    golds, people = settle_all(MULTIPLE, table(rows), method)
    right = np.mean([gold.value == list(chosen) for gold, chosen in zip(golds, truth, strict=True)])
    assert right > (0.75 if method in MODELS else 0.3)
    assert {p.annotator for p in people if p.spammer} == {"random"}
    assert all(p.shared == p.answers == 200 for p in people)
    (tied,), _ = settle_all(MULTIPLE, table([{"a": ("0",), "b": ("0", "1")}]), method)
    assert (tied.value, tied.status) == (None, "tied")


@pytest.fixture
def space(corpus_folder: Workspace) -> Workspace:
    """Twenty items; two agree on all, one answers something else on a few; one more item that two contest."""
    items = sorted((item(article(n), "transit") for n in range(21)), key=lambda of: of.id)
    rows = []
    for n, of in enumerate(items):
        for person in ("p", "r", "s"):
            stance = "against" if n % 2 else "favor"
            rows.append(annotation(of, person, {"stance": "neutral" if person == "s" and n < 5 else stance}))
    store.write(corpus_folder.items, items)
    store.write(corpus_folder.annotations, rows)
    return corpus_folder


@pytest.mark.parametrize("method", METHODS)
def test_resolve_writes_gold_and_reliability(space: Workspace, method: str) -> None:
    report = resolve(space, method)
    decided = "majority" if method == "majority" else "model"
    assert (report.method, report.units) == (method, 21)
    assert report.per_question == {
        "stance": {"agreed": 16, decided: 5, "tied": 0},
        "topic": {"agreed": 0, decided: 0, "tied": 0},
    }
    assert {gold.method for gold in store.read(space.gold, Gold)} == {method}
    written = msgspec.json.decode((space.reports / "gold.json").read_bytes())
    assert written["method"] == method
    assert "20 shared answers" in written["spammer_rule"]
    stance = written["questions"][0]
    assert [person["annotator"] for person in stance["annotators"]] == ["p", "r", "s"]
    assert set(stance["annotators"][0]) == set(Reliability.__struct_fields__)
    assert stance["annotators"][0]["accuracy"] > stance["annotators"][2]["accuracy"]
    before = space.gold.read_bytes(), (space.reports / "gold.json").read_bytes()
    store.write(space.annotations, list(store.read(space.annotations, Annotation))[::-1])
    assert resolve(space, method) == report
    assert (space.gold.read_bytes(), (space.reports / "gold.json").read_bytes()) == before


def test_an_unknown_method_is_named(space: Workspace) -> None:
    with pytest.raises(CorpusError, match=r"no method 'best'.*\n.*majority, dawid-skene, mace"):
        resolve(space, "best")


def test_the_command_offers_every_method() -> None:
    assert get_args(Method) == tuple(METHODS)
