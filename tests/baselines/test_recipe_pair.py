"""The recipe for pairs: groups, probabilities, sameness, storing, evidence, and its score on real headlines."""

import csv
from typing import Any

import msgspec
import numpy as np
import pytest
import skops.io
from real_data import shared

from baselines.benchmarks.metrics import MACRO
from baselines.examples import Example, Task
from baselines.models import dump
from baselines.packing import unpacked
from baselines.recipes import pair_selection
from baselines.recipes.pair import PairModel, fit, from_state
from baselines.recipes.pair_features import compare
from baselines.recipes.pair_reader import FAMILIES
from baselines.recipes.pair_text import pairs
from corpus.errors import CheckError

LABELS = ("agree", "disagree", "other")
THINGS = ("الذهب", "النفط", "القمح", "الدولار", "الحديد", "السكر", "القطن", "الغاز")
MARKETS = ("سوق المدينة", "بورصة الشمال", "ميناء الجنوب", "معرض الربيع")


score = MACRO.metric(LABELS)
TASK = Task("pair", LABELS, score)


def made() -> list[Example]:
    """Small pairs, three for each of 32 claims: the claim in other words, its opposite, and something else."""
    found = []
    for number, (thing, market) in enumerate((thing, market) for thing in THINGS for market in MARKETS):
        claim, other = f"صعود {thing} في {market}", THINGS[(number // 4 + 3) % len(THINGS)]
        texts = (f"{thing} يصعد في {market}", f"هبوط {thing} في {market}", f"افتتاح مدرسة تبيع {other}")
        rows = zip(texts, LABELS, strict=True)
        found += [Example(id=f"{number}-{y}", text=text, label=y, claim=claim, group=str(number)) for text, y in rows]
    return found


@pytest.fixture(scope="module")
def model() -> PairModel:
    return fit(TASK, made()[:72])


def test_learns_what_is_there(model: PairModel) -> None:
    held = made()[72:]
    assert score(held, model.predict(held)) > 0.95
    assert model.labels == LABELS


def test_probabilities_add_up_to_one(model: PairModel) -> None:
    odd = [Example(id="x", text="", label=""), Example(id="y", text="hello", label="", claim="صعود")]
    found = model.probabilities([*made(), *odd])
    assert found.shape == (98, 3)
    assert np.allclose(found.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert found.min() >= 0
    assert model.probabilities([]).shape == (0, 3)
    assert model.predict([]) == []


def test_same_input_gives_the_same_model(model: PairModel) -> None:
    again = fit(TASK, made()[:72])
    assert msgspec.json.encode(again.recipe) == msgspec.json.encode(model.recipe)
    assert again.probabilities(made()).tobytes() == model.probabilities(made()).tobytes()


def test_the_order_of_what_is_asked_does_not_matter(model: PairModel) -> None:
    some = made()[::5]
    assert np.allclose(model.probabilities(some[::-1])[::-1], model.probabilities(some), rtol=0, atol=1e-12)


def test_groups_never_cross_folds() -> None:
    examples = made()
    read = [compare(found) for found in pairs(examples)]
    held = [fold.held for fold in pair_selection.folds(read, examples, seed=1)]
    assert sorted(np.concatenate(held).tolist()) == list(range(len(examples)))
    where = [{examples[at].group for at in part} for part in held]
    assert sum(map(len, where)) == len(set.union(*where)) == 32


def test_whole_groups_are_drawn_of_a_large_set(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = made()
    assert list(pair_selection.drawn(examples, 1)) == list(range(96))
    monkeypatch.setattr(pair_selection, "MOST", 20)
    taken = pair_selection.drawn(examples, 1)
    assert len(taken) == 21
    assert len({examples[at].group for at in taken}) == 7
    assert taken == pair_selection.drawn(examples, 1)
    assert fit(TASK, examples).recipe["chosen_on"] == 21


def test_stored_without_types_of_ours(model: PairModel) -> None:
    stored = dump(model)
    assert skops.io.get_untrusted_types(data=stored) == []
    again = from_state(unpacked(skops.io.loads(stored)))
    assert again.predict(made()) == model.predict(made())
    assert np.allclose(again.probabilities(made()), model.probabilities(made()), rtol=0, atol=1e-12)
    assert again.recipe == model.recipe


def test_recipe_tells_what_was_tried(model: PairModel) -> None:
    told = msgspec.json.decode(msgspec.json.encode(model.recipe))
    assert len(told["candidates"]) == len(pair_selection.STRENGTHS) * len(pair_selection.BALANCES)
    assert set(told["without"]) == set(FAMILIES)
    assert max(candidate["score"] for candidate in told["candidates"]) == told["all_families"]


def test_evidence_is_the_word_that_turns(model: PairModel) -> None:
    example = Example(id="x", text="هُبوط الذهب في ميناء الجنوب", label="", claim="صعود الذهب في ميناء الجنوب")
    assert model.predict([example]) == ["disagree"]
    found = model.evidence(example, 3)
    assert found[0][0] == "هُبوط"
    assert [weight for _, weight in found] == sorted((weight for _, weight in found), reverse=True)
    assert all(weight > 0 for _, weight in found)


def test_two_labels_and_a_rare_one() -> None:
    two = [example for example in made()[:45] if example.label != "other"]
    assert fit(TASK, two).probabilities(two).shape == (30, 2)
    rare = fit(TASK, [*two, made()[47]])
    assert rare.labels == LABELS
    assert np.allclose(rare.probabilities(two).sum(axis=1), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize("change", [{"group": "one"}, {"label": "agree"}])
def test_nothing_to_hold_out(change: dict[str, Any]) -> None:
    examples = [msgspec.structs.replace(example, **change) for example in made()[:9]]
    with pytest.raises(CheckError, match="nothing can be held out"):
        fit(TASK, examples)


def headlines(name: str) -> list[Example]:
    """ANS: the first headline is the claim. Pairs that share a headline, through others too, are one group."""
    with shared("ans", f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    above: dict[str, str] = {}

    def top(text: str) -> str:
        while above.setdefault(text, text) != text:
            text = above[text]
        return text

    for row in rows:
        above[top(row["s1"])] = top(row["s2"])
    return [
        Example(id=str(at), text=row["s2"], label=row["stance"], claim=row["s1"], group=top(row["s1"]))
        for at, row in enumerate(rows)
    ]


def test_score_on_real_headlines() -> None:
    dev = headlines("dev")
    model = fit(TASK, headlines("train"))
    assert model.recipe["score"] >= 0.75
    assert score(dev, model.predict(dev)) >= 0.72
