"""Several labels a text: the score by hand, and the way from gold to the report on a small corpus."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from baselines import models
from baselines.evaluate import Several, score
from baselines.examples import BETWEEN, Example, Task
from baselines.predict import predict
from baselines.recipes import multiple
from baselines.results import TrainReport
from baselines.train import train
from corpus import store
from corpus.errors import CheckError
from corpus.records import Article, Gold, Item, Prediction, Split, short_id
from corpus.release.papers import scores
from corpus.workspace import Workspace
from scripts.cli import app
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


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, TrainReport]:
    """64 articles about any of three subjects, 8 of them without gold; trained."""
    space = build(tmp_path_factory.mktemp("several") / "corpus")
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
    return space, train(space)


def test_scores_by_hand() -> None:
    """Texts: {a, b} given {a}; {b} given {b, c}; none given none; {c} given {a}."""
    gold, given = [f"a{BETWEEN}b", "b", "", "c"], ["a", f"b{BETWEEN}c", "", "a"]
    found = score(gold, given, ["1", "2", "3", "4"], ["a", "b", "c"], several=True)
    assert [of.f1 for of in found.classes] == pytest.approx([2 / 3, 2 / 3, 0])
    assert found.macro_f1 == pytest.approx(4 / 9)
    assert found.accuracy == 1 / 4 and found.confusion == []
    # Pooled: 2 right, 4 of gold, 4 given. By text: F1 2/3, 2/3, 1, 0 and Jaccard 1/2, 1/2, 1, 0.
    assert found.several == Several(pytest.approx(0.5), pytest.approx(7 / 12), pytest.approx(0.5))


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
    assert found.model.macro_f1 == 1 and found.model.several == Several(1, 1, 1) and found.model.accuracy == 1
    # The sets of train are equally frequent: the first by name, none at all, is always given. No label is right.
    assert found.majority.macro_f1 == 0 and found.majority.several == Several(0, pytest.approx(1 / 8), pytest.approx(1 / 8))
    assert found.chosen.features.startswith("a model a label") and found.audit.shortcuts[0].part == "title"
    assert found.audit.reliability == [] and found.audit.doubts == 0
    page = (space.reports / "baselines.html").read_text(encoding="utf-8")
    assert "A text may have several labels" in page and "Confusion matrix" not in page
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
