"""Several labels a text: the score by hand, and the way from gold to the report on a small corpus."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from baselines import label_audit, models
from baselines.evaluate import Several, score
from baselines.examples import BETWEEN, Example, Task
from baselines.predict import predict
from baselines.recipes import multiple
from baselines.results import Doubt, TrainReport
from baselines.train import train
from corpus import store
from corpus.errors import CheckError
from corpus.records import Article, Gold, Item, Prediction, Split, short_id
from corpus.release.papers import scores
from corpus.workspace import Workspace
from scripts.commands import app
from tests.baselines.conftest import CODEBOOK, TARGETS, article, build, gold

SAYS = {"sport": "فاز الفريق في المباراة", "economy": "ارتفع سعر النفط في السوق", "culture": "افتتح معرض الكتاب والفنون"}
QUESTION = """
  - id: subjects
    scope: article
    type: multiple
    name: {ar: المواضيع, en: Subjects}
    choices:
      - {value: sport, code: 0, name: {ar: رياضة, en: Sport}}
      - {value: economy, code: 1, name: {ar: اقتصاد, en: Economy}}
      - {value: culture, code: 2, name: {ar: ثقافة, en: Culture}}
"""


def subjects(number: int) -> list[str]:
    """None, one, two or all of the three, in no order."""
    return [label for bit, label in enumerate(["culture", "sport", "economy"]) if number % 8 >> bit & 1]


def made(root: Path) -> Workspace:
    """64 articles about any of three subjects, 8 of them without gold."""
    space = build(root)
    (space.root / "small.yaml").write_text(CODEBOOK + QUESTION.lstrip("\n"), encoding="utf-8")
    articles = [
        article(n, f"خبر {n}", "\n".join([*(SAYS[label] for label in subjects(n)), f"في اليوم {n % 7} من الشهر"]))
        for n in range(64)
    ]
    target = TARGETS[0].id
    store.write(space.articles, articles)
    store.write(space.items, [Item(short_id(a.id, target), a.id, a.sha256, target, "small@1.0.0") for a in articles])
    store.write(space.gold, [gold(a.id, None, "subjects", subjects(n)) for n, a in enumerate(articles[:56])])
    sides = ["train"] * 32 + ["validation"] * 8 + ["test"] * 24
    store.write(space.splits, [Split(a.id, side, a.id) for a, side in zip(articles, sides, strict=True)])
    return space


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, TrainReport]:
    space = made(tmp_path_factory.mktemp("several") / "corpus")
    return space, train(space)


@pytest.fixture
def several(tmp_path: Path) -> Workspace:
    return made(tmp_path / "corpus")


def test_scores_by_hand() -> None:
    """Texts: {a, b} given {a}; {b} given {b, c}; none given none; {c} given {a}."""
    gold, given = [f"a{BETWEEN}b", "b", "", "c"], ["a", f"b{BETWEEN}c", "", "a"]
    found = score(gold, given, ["1", "2", "3", "4"], ["a", "b", "c"], several=True)
    assert [of.f1 for of in found.classes] == pytest.approx([2 / 3, 2 / 3, 0])
    assert found.macro_f1 == pytest.approx(4 / 9)
    assert found.accuracy == 1 / 4 and found.confusion == []
    # Pooled: 2 right, 4 of gold, 4 given. By text: F1 2/3, 2/3, 1, 0 and Jaccard 1/2, 1/2, 1, 0.
    # By label, rightly not given and wrongly given, missed and rightly given: a is in rows 1 (given) and, wrongly, 4.
    confusion = [[[2, 1], [0, 1]], [[2, 0], [1, 1]], [[2, 1], [1, 0]]]
    assert found.several == Several(pytest.approx(0.5), pytest.approx(7 / 12), pytest.approx(0.5), confusion)


def test_doubts_by_hand() -> None:
    """Two labels, four rows: a threshold for each label's being there, and one for its not being there."""
    odds = np.array([[0.9, 0.1], [0.5, 0.9], [0.2, 0.2], [0.8, 0.2]])
    gold = [BETWEEN.join(of) for of in (["x"], ["x", "y"], [], [])]
    found = label_audit._several(("x", "y"), odds, gold)
    # x: there (.9 + .5)/2 = .7, not there (.8 + .2)/2 = .5. Rows 4 (.8, not x) and 2 (.5 of both) are flagged.
    # y: there .9, not there (.9 + .8 + .8)/3 = .833: nothing speaks against gold.
    # Row 1: x .9 - .1 = .8, y .9 - .1 = .8; row 3: .6, .6. Of equal ones the first is turned.
    assert found == [
        ("", pytest.approx(0.8), False),
        ("y", pytest.approx(0.0), True),
        ("x", pytest.approx(0.6), False),
        ("x", pytest.approx(-0.6), True),
    ]


def test_a_wrong_set_of_labels_is_the_first_to_be_doubted(several: Workspace) -> None:
    before = list(store.read(several.gold, Gold))
    wrong = next(one for one in before if one.value == ["sport", "economy"])
    store.write(several.gold, [msgspec.structs.replace(g, value=["sport"]) if g == wrong else g for g in before])
    audit = train(several).questions[0].audit
    first = next(store.read(several.reports / "doubtful.jsonl", Doubt))
    assert (first.article_id, first.gold, first.suggested) == (wrong.article_id, "sport", "sport + economy")
    assert first.margin < 0 and audit.doubts == 56


def test_a_label_a_model_that_shares_its_reading() -> None:
    examples = [
        Example(str(n), "\n".join(SAYS[s] for s in subjects(n)) + f" {n % 5}", BETWEEN.join(subjects(n))) for n in range(48)
    ]
    task = Task("multiple", ("sport", "economy", "culture", "never"), lambda gold, said: 0.0)
    model = multiple.fit(task, examples)
    assert model.labels == ("sport", "economy", "culture")
    assert [set(said.split(BETWEEN)) for said in model.predict(examples)] == [set(e.label.split(BETWEEN)) for e in examples]
    odds = model.probabilities(examples)
    assert odds.shape == (48, 3) and odds.min() >= 0 and odds.max() <= 1
    assert (odds[:, 0] > 0.5).tolist() == ["sport" in subjects(n) for n in range(48)]
    state = model.state()
    assert len(state["readers"]) == 1
    again = multiple.from_state(state)
    assert again.predict(examples) == model.predict(examples) and (again.probabilities(examples) == odds).all()
    assert again.recipe == model.recipe
    assert {word for word, _ in model.evidence(Example("q", f"{SAYS['sport']} {SAYS['culture']}", ""), 4)} & {
        "المباراة",
        "الفريق",
    }
    assert model.evidence(Example("q", "غير ذلك", ""), 4) == []


def test_texts_with_targets_have_the_target_recipe() -> None:
    """The same words are about cost where they are said of the bridge, and of the tax about nothing."""
    examples = [
        Example(str(n), f"هذا مكلف جدا يوم {n % 5}", "cost" if n % 2 else "", target="bridge" if n % 2 else "tax")
        for n in range(40)
    ]
    model = multiple.fit(Task("multiple", ("cost",), lambda gold, said: 0.0), examples)
    assert model.predict(examples) == [example.label for example in examples]
    assert set(model.models[0].heads) == {"", "bridge", "tax"}


def test_labels_that_all_texts_have_are_not_learnt() -> None:
    task = Task("multiple", ("sport", "economy"), lambda gold, said: 0.0)
    with pytest.raises(CheckError, match="on some of the training examples"):
        multiple.fit(task, [Example(str(n), "نص", "sport") for n in range(6)])


def test_claims_with_several_labels_are_told(corpus: Workspace) -> None:
    (corpus.root / "targets.yaml").write_bytes(
        msgspec.yaml.encode([msgspec.structs.replace(t, kind="claim") for t in TARGETS])
    )
    items = list(store.read(corpus.items, Item))
    frames = [gold(item.article_id, item.target, "frames", ["cost"] if n % 2 else []) for n, item in enumerate(items)]
    store.write(corpus.gold, [*store.read(corpus.gold, Gold), *frames])
    report = train(corpus)
    assert [(s.question, s.reason) for s in report.skipped] == [
        ("frames", "several labels for a claim: no baseline reads claims so")
    ]


def test_the_report_counts_labels_and_texts(trained: tuple[Workspace, TrainReport]) -> None:
    space, report = trained
    (found,) = report.questions
    assert (found.question, found.kind) == ("subjects", "multiple")
    assert found.rows == {"train": 32, "validation": 8, "test": 16} and found.left_out == {}
    assert [label.value for label in found.labels] == ["sport", "economy", "culture"]
    assert found.labels[0].rows == {"train": 16, "validation": 4, "test": 8}
    assert found.model.macro_f1 == 1 and found.model.accuracy == 1
    assert found.model.several == Several(1, 1, 1, [[[8, 0], [0, 8]]] * 3)
    # The sets of train are equally frequent: the first by name, none at all, is always given. No label is right.
    eighth, missed = pytest.approx(1 / 8), [[[8, 0], [8, 0]]] * 3
    assert found.majority.macro_f1 == 0 and found.majority.several == Several(0, eighth, eighth, missed)
    assert found.chosen.features.startswith("a model a label") and found.audit.shortcuts[0].part == "title"
    assert found.audit.doubts == 56 and found.audit.flagged == 0
    bins = {label.value: [of for of in found.audit.reliability if of.label == label.value] for label in found.labels}
    assert sum(map(len, bins.values())) == len(found.audit.reliability)
    assert all(sum(of.rows for of in some) == 16 for some in bins.values())
    assert all(of.right == (of.low >= 0.5) for of in found.audit.reliability)
    page = (space.reports / "baselines.html").read_text(encoding="utf-8")
    assert "A text may have several labels" in page and "Confusion matrix" not in page
    assert "Confusion on test, label by label" in page and page.count("data:image/png") == 1 + 3  # the curve, and each label
    assert "0 of 56 gold answers, each a set of labels, are flagged" in page
    assert "subjects" in (space.reports / "BASELINES.md").read_text(encoding="utf-8")


def test_the_card_takes_its_score(trained: tuple[Workspace, TrainReport]) -> None:
    reported = scores.read(trained[0].reports)
    assert "| `subjects` |" in scores.baselines(reported.baselines) and "1.000" in scores.baselines(reported.baselines)


def test_saved_and_used_on_articles_without_gold(trained: tuple[Workspace, TrainReport]) -> None:
    space = trained[0]
    assert models.load(space.models, "subjects")[1].kind == "multiple"
    report = predict(space)
    found = {one.article_id: one for one in store.read(space.predictions, Prediction)}
    unlabelled = list(store.read(space.articles, Article))
    unlabelled = [a for n, a in enumerate(sorted(unlabelled, key=lambda a: int(a.title.split()[1]))) if n >= 56]
    assert [set(found[a.id].value) for a in unlabelled] == [set(subjects(n)) for n in range(8)]
    assert report.questions[0].predictions == 8 and report.questions[0].values == {"sport": 4, "economy": 4, "culture": 4}
    both = next(one for one in found.values() if one.value == ["sport", "economy"])
    assert both.soft["sport"] > 0.5 > both.soft["culture"] and np.isfinite(list(both.soft.values())).all()


def test_the_same_bytes_again(trained: tuple[Workspace, TrainReport]) -> None:
    space = trained[0]
    before = {path: path.read_bytes() for path in sorted([*space.models.iterdir(), *space.reports.iterdir()])}
    train(space)
    assert {path: path.read_bytes() for path in before} == before


def test_the_command_says_it(trained: tuple[Workspace, TrainReport]) -> None:
    done = CliRunner().invoke(app, ["-C", str(trained[0].root), "predict", "subjects", "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["questions"][0]["predictions"] == 8
    assert Path(trained[0].root / "predictions.jsonl").exists()
