"""The target recipe: on invented tweets, and on one fixed part of Mawqif."""

import csv
import json
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
import skops.io
from real_data import shared
from sklearn.model_selection import StratifiedKFold

from baselines.examples import Example, Task
from baselines.models import dump
from baselines.packing import unpacked
from baselines.recipes import cross_validation, target
from baselines.recipes.text_model import TextModel
from corpus.errors import CheckError

LABELS = ("favor", "against", "none")


def metric(examples: Sequence[Example], guess: Sequence[str]) -> float:
    return sum(example.label == said for example, said in zip(examples, guess, strict=True)) / len(examples)


TASK = Task("target", LABELS, metric)


def invented(each: int) -> list[Example]:
    """For the bridge what is said against the tax: the same word speaks for one and against the other."""
    says = {
        "bridge": {"favor": "رائع ومفيد", "against": "مكلف وسيئ", "none": "سمعت خبرا"},
        "tax": {"favor": "عادل وضروري", "against": "ظلم وسيئ", "none": "قرأت مقالا"},
    }
    return [
        Example(f"{of}{label}{n}", f"هذا {words} يوم {n % 4}", label, target=of, group=f"{of}{label}{n}")
        for of, by_label in says.items()
        for label, words in by_label.items()
        for n in range(each)
    ]


@pytest.fixture(scope="module")
def model() -> TextModel:
    return target.fit(TASK, invented(12))


def test_learns_and_adds_up(model: TextModel) -> None:
    examples = invented(3)
    odds = model.probabilities(examples)
    assert model.predict(examples) == [example.label for example in examples]
    assert odds.shape == (18, 3)
    np.testing.assert_allclose(odds.sum(axis=1), 1.0, atol=1e-12)
    assert model.predict([]) == [] and model.probabilities([]).shape == (0, 3)


def test_evidence_is_what_was_said(model: TextModel) -> None:
    found = model.evidence(Example("x", "الجسر رائع ومفيد في يوم 2", "", target="bridge"), 2)
    assert {word for word, _ in found} <= {"رائع", "ومفيد"} and found
    assert [weight for _, weight in found] == sorted((weight for _, weight in found), reverse=True)


def test_unseen_target_has_the_shared_head(model: TextModel) -> None:
    other = [Example("a", "هذا رائع ومفيد", "", target="school"), Example("b", "ظلم وسيئ", "", target=None)]
    assert model.predict(other) == ["favor", "against"]
    np.testing.assert_allclose(model.probabilities(other).sum(axis=1), 1.0)


def test_same_input_same_bytes_and_saved_without_trust(model: TextModel) -> None:
    examples = invented(2)
    again = target.fit(TASK, invented(12))
    assert again.probabilities(examples).tobytes() == model.probabilities(examples).tobytes()
    assert json.dumps(again.recipe) == json.dumps(model.recipe)
    dumped = dump(model)
    assert skops.io.get_untrusted_types(data=dumped) == []
    loaded = target.from_state(unpacked(skops.io.loads(dumped)))
    np.testing.assert_allclose(loaded.probabilities(examples), model.probabilities(examples), atol=1e-12)
    assert loaded.predict(examples) == model.predict(examples)


@pytest.mark.parametrize("each", [1, 2, 3])
def test_few_labels(each: int) -> None:
    train = invented(each)
    fitted = target.fit(TASK, train)
    assert fitted.recipe["folds"] in (0, 2, 3)
    np.testing.assert_allclose(fitted.probabilities(train).sum(axis=1), 1.0)


def test_target_with_one_label_and_label_of_one_target() -> None:
    train = [e for e in invented(6) if e.target == "bridge" or e.label == "favor"]
    train = [*train, Example("one", "كلام آخر", "none", target="third", group="g")]
    assert set(target.fit(TASK, train).predict(train)) <= set(LABELS)


def test_one_label_is_refused() -> None:
    with pytest.raises(CheckError, match="favor"):
        target.fit(TASK, [e for e in invented(3) if e.label == "favor"])


def test_folds_keep_groups_together() -> None:
    strata, groups = ["a", "b"] * 20, [str(i // 4) for i in range(40)]
    parts = cross_validation.folds(strata, groups, 1)
    assert sorted(i for _, held in parts for i in held) == list(range(40))
    for train, held in parts:
        assert not {groups[i] for i in train} & {groups[i] for i in held}
    assert cross_validation.folds(["a", "b"], ["g", "g"], 1) == []


def test_calibration_error_by_hand() -> None:
    odds = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.6, 0.4]])
    # bin of 0.9: one of two right, gap 0.4 × 2; bin of 0.6: two of two right, gap 0.4 × 2
    assert cross_validation.calibration_error(odds, [0, 1, 1, 0]) == pytest.approx((2 * 0.4 + 2 * 0.4) / 4)


def test_offsets_by_hand() -> None:
    decisions = np.array([[0.0, 0.3], [0.0, 0.35], [0.0, 0.9], [0.0, 0.8]])
    gold = np.array([0, 0, 1, 1])
    found = cross_validation.tuned(decisions, [np.arange(4)], lambda moved: float((moved.argmax(axis=1) == gold).mean()))
    assert 0.35 < found[0, 0] < 0.8 and found[0, 1] == 0


def test_mawqif_on_a_fixed_part() -> None:
    with shared("mawqif", "train.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [Example(r["ID"], r["text"], r["stance"], target=r["target"], group=r["ID"]) for r in csv.DictReader(file)]

    def official(examples: Sequence[Example], guess: Sequence[str]) -> float:
        counts = Counter(
            (e.target, *pair) for e, said in zip(examples, guess, strict=True) for pair in ((e.label, 0), (said, 1))
        )
        right = Counter((e.target, e.label) for e, said in zip(examples, guess, strict=True) if e.label == said)
        of = [(target, label) for target in sorted({e.target for e in examples}) for label in ("Favor", "Against")]
        return sum(2 * right[key] / max(1, counts[*key, 0] + counts[*key, 1]) for key in of) / len(of)

    split = StratifiedKFold(5, shuffle=True, random_state=0).split(rows, [f"{e.target}{e.label}" for e in rows])
    train, test = next(iter(split))
    fitted = target.fit(Task("target", ("Favor", "Against", "None"), official), [rows[i] for i in train])
    held = [rows[i] for i in test]
    assert official(held, fitted.predict(held)) >= 0.66
    assert fitted.recipe["calibration_error"]["after"] < 0.05
