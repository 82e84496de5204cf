"""Votes, agreement and gold, on tables worked by hand."""

import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling_corpus import annotation, article, item
from msgspec.structs import replace

from corpus import store, workspace
from corpus.codebook import Choice, Question
from corpus.errors import CheckError, CorpusError
from corpus.labeling.agreement import agreement
from corpus.labeling.agreement_report import AgreementReport, QuestionAgreement
from corpus.labeling.resolve import resolve, settle_all
from corpus.labeling.votes import Answer, Unit, votes
from corpus.records import Annotation, Gold, Item
from corpus.workspace import Workspace

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part C: 4 observers, 12 units, values 1 to 5.
PUBLISHED = ["123321412***", "1233224125*3", "*3332342251*", "12332441251*"]
NAMES = {"ar": "س", "en": "q"}
CHOICES = [Choice(str(n), n - 1, NAMES) for n in range(1, 6)]
SINGLE = Question("q", "item", "single", NAMES, choices=CHOICES)
MULTIPLE = Question("q", "item", "multiple", NAMES, choices=CHOICES)
POOLED = Question("q", "article", "single", NAMES, choices=CHOICES)
UNIT = Unit("a" * 16, "b" * 16, "t")


def book(kind: str = "single", scope: str = "item") -> str:
    choices = "\n".join(f'      - {{value: "{n}", code: {n - 1}, name: {{ar: س, en: q}}}}' for n in range(1, 6))
    return f"""\
name: five
version: "1"
title: {{ar: س, en: q}}
targets: true
instructions: {{ar: س, en: q}}
questions:
  - id: q
    scope: {scope}
    type: {kind}
    name: {{ar: س, en: q}}
    choices:
{choices}
"""


def corpus(folder: Path, rows: list[str], kind: str = "single", scope: str = "item") -> Workspace:
    """A corpus from a table: a row a person, a column an item, `*` no answer; items are articles of their own."""
    workspace.create(folder)
    (folder / "five.yaml").write_text(book(kind, scope), "utf-8")
    config = folder / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('"news-stance"', '"five.yaml"'), "utf-8")
    space = workspace.find(folder)
    items = [item(article(column), None, "five@1") for column in range(len(rows[0]))]
    store.write(space.items, sorted(items, key=lambda of: of.article_id))
    store.write(
        space.annotations,
        [
            annotation(items[column], f"p{person}", {"q": value})
            for person, row in enumerate(rows)
            for column, value in enumerate(row)
            if value != "*"
        ],
    )
    return space


def measured(space: Workspace) -> QuestionAgreement:
    (question,) = agreement(space).questions
    return question


def test_krippendorffs_published_example(tmp_path: Path) -> None:
    found = measured(corpus(tmp_path, PUBLISHED))
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert found.raw == pytest.approx(float(Fraction(9, 11)))  # 8 units agree whole, two by half, one not at all
    assert (found.units, found.annotators, found.answers) == (11, 4, 40)  # 41 answers, one of them alone in its unit
    assert found.note is None
    assert found.alpha_interval and found.raw_interval
    assert found.alpha_interval[0] < found.alpha < found.alpha_interval[1] <= 1
    assert found.raw_interval[0] < found.raw < found.raw_interval[1] <= 1


def test_two_people_by_hand(tmp_path: Path) -> None:
    # Coincidences: 1-1 twice, 2-2 twice, 1-2 and 2-1 once. Observed disagreement 2/6, expected 2·3·3/(6·5) = 18/30.
    found = measured(corpus(tmp_path, ["112", "122"]))
    assert found.alpha == pytest.approx(1 - (2 / 6) / (18 / 30))
    assert found.raw == pytest.approx(2 / 3)


def test_the_interval_is_the_same_each_time_and_written_down(tmp_path: Path) -> None:
    space = corpus(tmp_path, PUBLISHED)
    first = agreement(space)
    written = (space.reports / "agreement.json").read_bytes()
    assert agreement(space) == first
    assert (space.reports / "agreement.json").read_bytes() == written


def nameless(report: AgreementReport) -> tuple[object, object]:
    """A report whose pairs of people are told by their figures."""
    (question,) = report.questions
    return replace(question, pairs=[]), sorted((pair.units, pair.raw, pair.kappa) for pair in question.pairs)


def test_order_of_lines_and_pseudonyms_change_nothing(tmp_path: Path) -> None:
    space = corpus(tmp_path, PUBLISHED)
    before, gold = agreement(space), (resolve(space), space.gold.read_bytes())
    rows = list(store.read(space.annotations, Annotation))
    new = {"p0": "zz", "p1": "m", "p2": "a-1", "p3": "b"}
    renamed = [Annotation(**{f: getattr(r, f) for f in r.__struct_fields__} | {"annotator": new[r.annotator]}) for r in rows]
    random.Random(7).shuffle(renamed)
    store.write(space.annotations, renamed)
    assert nameless(agreement(space)) == nameless(before)
    assert (resolve(space), space.gold.read_bytes()) == gold


@pytest.mark.parametrize(
    ("rows", "raw", "note"),
    [
        (["111", "111"], 1.0, "everybody always gave the same answer"),
        (["12*", "**3"], None, "no unit was judged by two people"),
        (["1234"], None, "no unit was judged by two people"),
    ],
)
def test_where_alpha_is_undefined_it_is_null_and_says_why(tmp_path: Path, rows: list[str], raw: float, note: str) -> None:
    found = measured(corpus(tmp_path, rows))
    assert (found.alpha, found.alpha_interval, found.raw) == (None, None, raw)
    assert note in (found.note or "")


def test_skips_count_as_no_answer(tmp_path: Path) -> None:
    space = corpus(tmp_path, ["12", "11"])
    rows = list(store.read(space.annotations, Annotation))
    items = list(store.read(space.items, Item))
    skips = [annotation(of, "p9", {}, status="skipped") for of in items]
    store.write(space.annotations, [*rows, *skips])
    report = agreement(space)
    assert (report.annotations, report.skipped, report.questions[0].annotators) == (6, 2, 2)
    store.write(space.annotations, skips)
    with pytest.raises(CheckError, match=r"no submitted annotation.*\n.*warraq pull"):
        agreement(space)


def test_nothing_pulled_names_the_command(tmp_path: Path) -> None:
    space = corpus(tmp_path, ["12"])
    space.annotations.unlink()
    for step in (agreement, resolve):
        with pytest.raises(CorpusError, match="warraq pull"):
            step(space)


def table(question: Question, *rows: tuple[str, Item, str | list[str], str]) -> dict[Unit, dict[str, object]]:
    items = {of.id: of for _, of, _, _ in rows}
    given_rows = [annotation(of, who, {"q": answer}, updated=when) for who, of, answer, when in rows]
    forward, backward = votes(question, given_rows, items), votes(question, given_rows[::-1], items)
    assert list(forward.items()) == list(backward.items())
    return forward  # type: ignore[return-value]


ONE, TWO = item(article(1), "t"), item(article(1), "u")  # two items of one article


def test_of_one_persons_answers_the_latest_counts() -> None:
    found = table(
        SINGLE,
        ("p", ONE, "1", "2025-01-02T00:00:00.0Z"),
        ("p", ONE, "2", "2025-01-03T00:00:00.0Z"),
        ("r", ONE, "1", "2025-01-01T00:00:00.0Z"),
    )
    assert found == {Unit(ONE.article_id, ONE.id, "t"): {"p": "2", "r": "1"}}


def test_a_question_about_the_article_pools_its_items() -> None:
    rows = [("p", ONE, "1", "2025-01-01"), ("r", TWO, "2", "2025-01-01"), ("p", TWO, "3", "2025-01-02")]
    assert table(POOLED, *rows) == {Unit(ONE.article_id): {"p": "3", "r": "2"}}
    assert len(table(SINGLE, *rows)) == 2


def test_answers_to_items_that_are_no_more_are_left_out() -> None:
    assert votes(SINGLE, [annotation(ONE, "p", {"q": "1"}), annotation(TWO, "p", {"other": "1"})], {TWO.id: TWO}) == {}


def settle(question: Question, unit: Unit, given: dict[str, Answer]) -> Gold:
    """The gold of one unit by majority."""
    (gold,), _ = settle_all(question, {unit: given}, "majority")
    return gold


@pytest.mark.parametrize(
    ("answers", "value", "status", "tally"),
    [
        ("111", "1", "agreed", {"1": 3}),
        ("11", "1", "agreed", {"1": 2}),
        ("1", "1", "majority", {"1": 1}),
        ("112", "1", "majority", {"1": 2, "2": 1}),
        ("1123", "1", "majority", {"1": 2, "2": 1, "3": 1}),
        ("12", None, "tied", {"1": 1, "2": 1}),
        ("321", None, "tied", {"1": 1, "2": 1, "3": 1}),
        ("11225", None, "tied", {"1": 2, "2": 2, "5": 1}),
    ],
)
def test_majority(answers: str, value: str | None, status: str, tally: dict[str, int]) -> None:
    gold = settle(SINGLE, UNIT, {f"p{n}": answer for n, answer in enumerate(answers)})
    assert (gold.value, gold.status, gold.votes) == (value, status, tally)
    assert gold.soft == {v: pytest.approx(n / len(answers)) for v, n in tally.items()}
    assert list(gold.votes) == sorted(tally), "in the codebook's order"
    assert (gold.article_id, gold.item_id, gold.target, gold.method) == ("a" * 16, "b" * 16, "t", "majority")


@given(st.lists(st.sampled_from("12345"), min_size=1, max_size=30))
def test_soft_labels_sum_to_one(answers: list[str]) -> None:
    gold = settle(SINGLE, UNIT, {str(n): answer for n, answer in enumerate(answers)})
    assert sum(gold.soft.values()) == pytest.approx(1, abs=1e-12)
    assert sum(gold.votes.values()) == len(answers)
    assert gold.value is None or all(n < gold.votes[gold.value] for v, n in gold.votes.items() if v != gold.value)


@pytest.mark.parametrize(
    ("answers", "value", "status"),
    [
        ([("1", "2"), ("1", "2")], ["1", "2"], "agreed"),
        ([("1", "2"), ("1",), ("1", "3")], ["1"], "majority"),
        ([("1",), ("2",)], None, "tied"),
        ([("1",), ("1", "2")], None, "tied"),  # the 2 was chosen by exactly half
        ([("1",), ("2",), ("3",)], [], "majority"),
        ([(), ()], [], "agreed"),
    ],
)
def test_each_label_of_a_multiple_choice_is_voted_on_by_itself(
    answers: list[tuple[str, ...]], value: list[str] | None, status: str
) -> None:
    gold = settle(MULTIPLE, UNIT, {str(n): answer for n, answer in enumerate(answers)})
    assert (gold.value, gold.status) == (value, status)


def test_a_multiple_choice_agrees_only_as_a_whole(tmp_path: Path) -> None:
    space = corpus(tmp_path, ["11", "11"], kind="multiple")
    first, second = store.read(space.items, Item)
    store.write(
        space.annotations,
        [
            annotation(first, "p", {"q": ["1", "2"]}),
            annotation(first, "r", {"q": ["1", "2"]}),
            annotation(second, "p", {"q": ["1"]}),
            annotation(second, "r", {"q": ["1", "2"]}),
        ],
    )
    assert measured(space).raw == 0.5


def test_every_unit_with_a_vote_is_settled_and_counted(tmp_path: Path) -> None:
    space = corpus(tmp_path, PUBLISHED)
    report = resolve(space)
    assert report.units == 12
    assert report.per_question == {"q": {"agreed": 8, "majority": 3, "tied": 1}}
    gold = list(store.read(space.gold, Gold))
    assert [g.article_id for g in gold] == sorted(g.article_id for g in gold)
    assert sum(g.value is None for g in gold) == 1


def test_gold_about_an_article_names_no_item(tmp_path: Path) -> None:
    space = corpus(tmp_path, ["12", "11"], scope="article")
    resolve(space)
    assert {(g.item_id, g.target) for g in store.read(space.gold, Gold)} == {(None, None)}
