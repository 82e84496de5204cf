"""Whether stems are read is a choice made by validation: its rule by hand, and what a model without stems is."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
import skops.io
from pytest import MonkeyPatch

from baselines.analyzers import Analyzer
from baselines.benchmarks.metrics import MACRO
from baselines.examples import Example, Task
from baselines.models import dump
from baselines.packing import unpacked
from baselines.reading import tried
from baselines.recipes import blocks, cross_validation, multiple, target, topic
from baselines.recipes.cross_validation import Floats
from baselines.recipes.search import Search
from baselines.recipes.text_selection import choose_stems

LABELS = ("a", "b")


def accuracy(examples: Sequence[Example], guess: Sequence[str]) -> float:
    return sum(example.label == said for example, said in zip(examples, guess, strict=True)) / len(examples)


def texts(count: int) -> list[Example]:
    return [Example(f"{n:03}", ("نهر جار", "قمر بعيد")[n % 2], LABELS[n % 2], title=f"{n % 3} خبر") for n in range(count)]


def test_the_standard_error_of_a_mean_is_the_known_one() -> None:
    """Of ten groups of one, the jackknife gives s / sqrt(n): 0 to 9 have s = 3.0277, over sqrt(10) 0.9574."""
    values = np.arange(10.0)
    found = cross_validation.standard_error(lambda rows: float(values[rows].mean()), [f"g{n}" for n in range(10)])
    assert found == pytest.approx(0.9574, abs=1e-4)


def test_a_group_is_left_out_whole() -> None:
    """Without x the mean is 5, without y 3: (2 - 1) / 2 × (1 + 1) = 1."""
    values = np.array([2.0, 5.0, 4.0])
    assert cross_validation.standard_error(lambda rows: float(values[rows].mean()), ["x", "y", "x"]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("with_stems", "without", "read"),
    [
        (range(0), range(0), False),  # nothing differs: the plainer
        (range(0), range(1), True),  # one text: 1/20, and its standard error 1/20 too
        (range(0), range(10), False),  # half of all, one in each tenth: no doubt
        (range(10), range(0), True),
        ([0], [1], True),  # as good, but not on the same texts
    ],
)
def test_stems_are_left_out_where_that_gains_more_than_chance(
    with_stems: Sequence[int], without: Sequence[int], read: bool, monkeypatch: MonkeyPatch
) -> None:
    """Twenty texts, each a group of its own; those named are labelled rightly, all others wrongly."""
    examples = texts(20)
    search = Search(Task("target", LABELS, accuracy), examples, LABELS, 1, target.CHOICES)

    def decisions(right: Sequence[int]) -> Floats:
        said = [LABELS.index(one.label) == (number in right) for number, one in enumerate(examples)]
        return np.asarray(np.eye(2)[np.array(said, dtype=int)], dtype=np.float64)

    monkeypatch.setattr(Search, "out_of_fold", lambda *_: decisions(without))
    stemmed = search.read()
    chosen, found = choose_stems(search, stemmed, decisions(with_stems))
    assert search.stems == read == (chosen is stemmed)
    assert (found == decisions(with_stems if read else without)).all()
    assert set(chosen.matrices) == ({"words", "stems", "letters"} if read else {"words", "letters"})
    assert search.scores["stems"]["read"] == len(with_stems) / 20
    assert search.scores["stems"]["left out"] == len(without) / 20


def test_a_model_without_stems_keeps_to_it_in_audits_and_files() -> None:
    examples = texts(24)
    task = Task("topic", LABELS, MACRO.metric(LABELS))
    model = topic.fit(task, examples)
    assert model.recipe["views"] == ["words", "letters", "title words"] and model.recipe["scores"]["stems"]["read"] == 1
    assert [of.candidate for of in tried(model) if of.choice == "stems"] == [
        "read",
        "left out",
        "standard error of the difference",
    ]
    assert model.near is not None and model.near.matrix.shape[1] == len(model.reader.vectorizers["words"].vocabulary_)
    again = topic.from_state(unpacked(skops.io.loads(dump(model))))
    for other in (again, topic.refit(task, examples, model.recipe)):
        assert list(other.reader.vectorizers) == model.recipe["views"] and other.predict(examples) == model.predict(examples)


def test_each_of_several_labels_has_its_own_choice() -> None:
    examples = [msgspec.structs.replace(one, label="a" if one.label == "a" else "") for one in texts(24)]
    model = multiple.fit(Task("multiple", ("a",), accuracy), examples)
    assert {of.choice for of in tried(model)} >= {"a: stems", "a: classifier"}


def test_words_and_letters_are_read_once_for_both() -> None:
    examples = texts(12)
    both = [blocks.fit(Analyzer(), blocks.views_of(Analyzer(), examples, stems=of), examples) for of in (True, False)]
    assert both[0].blocks.vectorizers["letters"] is both[1].blocks.vectorizers["letters"]
    assert both[0].blocks.vectorizers["title"] is not both[1].blocks.vectorizers["title words"]
