"""Both text recipes say what the same written plainly in scikit-learn says."""

import pytest
from real_data import shared

from baselines.benchmarks import mawqif
from baselines.benchmarks.data import Files
from baselines.benchmarks.metrics import MACRO
from baselines.examples import Example, Task
from baselines.recipes import target, topic
from tests.plain_recipe import Plain

SAYS = {"sport": "فاز الفريق في المباراة", "economy": "ارتفع سعر النفط في السوق", "culture": "افتتح معرض الكتاب في المدينة"}


def invented(count: int) -> list[Example]:
    """Texts that lend each other words, about two targets."""
    words, labels = [says.split() for says in SAYS.values()], list(SAYS)
    return [
        Example(
            id=str(n),
            text=" ".join([*words[n % 3], *words[n * 7 % 5 % 3][:2], f"يوم {n % 11}"]),
            label=labels[n % 3 if n % 8 else n % 2],
            title=f"خبر {labels[n % 3]} {n % 4}",
            target=("bridge", "tax")[n // 3 % 2],
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(("recipe", "kind"), [(topic, "topic"), (target, "target")])
@pytest.mark.parametrize("keep", [False, True])
def test_the_same_labels(recipe: object, kind: str, keep: bool) -> None:
    examples = invented(72)
    task = Task(kind, tuple(SAYS), MACRO.metric(tuple(SAYS)))
    ours = recipe.fit(task, examples[:54])
    plain = Plain(task, examples[:54], recipe.CHOICES, keep)
    assert ours.predict(examples) == plain.predict(examples)
    assert (ours.recipe["mode"], ours.recipe["neighbours"]) == (plain.found.mode, plain.found.neighbours)
    assert ours.recipe["classifier"] == plain.found.setting._asdict()
    assert ("stems" in ours.recipe["views"]) == plain.found.stems


def test_the_same_labels_of_tweets() -> None:
    benchmark = mawqif.read(Files(train=shared("mawqif", "train.csv")))
    examples = benchmark.train.examples
    train, test = examples[:480:6], examples[600:900:2]
    labels = tuple(sorted({example.label for example in train}))
    task = Task("target", labels, benchmark.measure.metric(labels))
    assert target.fit(task, train).predict(test) == Plain(task, train, target.CHOICES, keep=True).predict(test)
