"""`warraq train` beside the same written plainly in scikit-learn: part of `make bench`.

The recipes of topics (ANT's sections) and of stance (Mawqif) beside `plain_recipe`, and then the whole command on a corpus of
ANT's articles beside the plain recipe, its fits for the audits, and bootstraps of scikit-learn's F1. The systems take turns.
"""

import os
import random
import tempfile
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import process_time
from types import ModuleType

import numpy as np
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits

from baselines import analyzers
from baselines.audits import SHARES
from baselines.benchmarks import ant, mawqif
from baselines.benchmarks.data import Benchmark, Files
from baselines.examples import Example, Task
from baselines.recipes import blocks, cross_validation, stems, target, topic
from baselines.train import train as warraq_train
from corpus import store, workspace
from corpus.records import Article, Gold, Item, Origin, Split, short_id, text_sha256
from corpus.workspace import Workspace
from tests.plain_recipe import Plain

Row = Callable[[str, str, str], None]
DATA = Path(os.environ.get("WARRAQ_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
SETS = {
    "topics": (topic, lambda: ant.read(Files(data=DATA / "ant")), {200: 2, 500: 1}),
    "stance": (target, lambda: mawqif.read(Files(train=DATA / "mawqif" / "train.csv")), {300: 1}),
}
"""What each is of, and the numbers of texts to learn from, with the number of rounds."""
WHOLE, TEST, RESAMPLES = 200, 200, 1000


def measure(row: Row) -> None:
    """Give `row` the ratios of seconds of the processor, and whether predictions are equal. The least of the rounds counts."""
    if not (DATA / "ant").exists() or not (DATA / "mawqif").exists():
        row("warraq train", f"not measured: {DATA.name} is not there", "")
        return
    with threadpool_limits(1), warnings.catch_warnings(action="ignore"):  # rare labels
        for name, (recipe, read, sizes) in SETS.items():
            read_once = read()
            for size, rounds in sizes.items():
                _recipe(row, f"{name}, {size} texts", recipe, *_drawn(read_once, size), rounds)
            if recipe is topic:
                _whole(row, *_drawn(read_once, WHOLE))


def _recipe(
    row: Row, name: str, recipe: ModuleType, task: Task, train: list[Example], test: list[Example], rounds: int
) -> None:
    systems = {
        "ours": lambda: recipe.fit(task, train).predict(test),
        "plain": lambda: Plain(task, train, recipe.CHOICES).predict(test),
        "keeping": lambda: Plain(task, train, recipe.CHOICES, keep=True).predict(test),
    }
    seconds, said = _turns(systems, rounds)
    equal = sum(ours == plain for ours, plain in zip(said["ours"], said["plain"], strict=True))
    row(f"{name}: fit and predict", f"{seconds['plain'] / seconds['ours']:.1f} × scikit-learn's", "≥ 5")
    row("  beside a plain one that fits each view once", f"{seconds['keeping'] / seconds['ours']:.1f} ×", "")
    row("  predictions equal", f"{equal} of {len(test)}", "all")


def _drawn(of: Benchmark, size: int) -> tuple[Task, list[Example], list[Example]]:
    examples = list(of.train.examples)
    random.Random(1).shuffle(examples)
    train = examples[:size]
    labels = tuple(sorted({example.label for example in train}))
    test = [example for example in examples[size : size + TEST] if example.label in labels]
    return Task(of.kind, labels, of.measure.metric(labels), of.language), train, test


def _turns(systems: dict[str, Callable[[], list[str]]], rounds: int) -> tuple[dict[str, float], dict[str, list[str]]]:
    """The least seconds of the processor of each system, and what it says."""
    seconds, said = dict.fromkeys(systems, float("inf")), {}
    for _ in range(rounds):
        for name, system in systems.items():
            for cached in (analyzers._line, analyzers._stemmed, stems.stem, blocks._fitted, blocks._transformed):
                cached.cache_clear()  # nobody reads what another has prepared
            start = process_time()
            said[name] = system()
            seconds[name] = min(seconds[name], process_time() - start)
    return seconds, said


def _whole(row: Row, task: Task, train: list[Example], test: list[Example]) -> None:
    """The whole command on a corpus of these articles; a third of `test` is its validation part."""
    with tempfile.TemporaryDirectory() as name:
        space = _corpus(Path(name) / "corpus", task, train, test)
        plain = partial(_plain_whole, task, train, test[len(test) // 3 :])
        seconds, _ = _turns({"ours": lambda: [str(warraq_train(space))], "plain": plain}, 1)
    what = f"warraq train, {len(train)} articles: fits, audits, intervals, report"
    row(what, f"{seconds['plain'] / seconds['ours']:.1f} × ({seconds['ours']:.1f} s)", "≥ 5")


def _corpus(root: Path, task: Task, train: Sequence[Example], test: Sequence[Example]) -> Workspace:
    workspace.create(root, "bench")
    config = (root / "warraq.toml").read_text(encoding="utf-8").replace('"news-stance"', '"bench.yaml"')
    (root / "warraq.toml").write_text(config, encoding="utf-8")
    choices = [f"      - {{value: l{i}, code: {i}, name: {{ar: l{i}, en: l{i}}}}}" for i in range(len(task.labels))]
    head = "name: bench\nversion: '1.0.0'\ntitle: {ar: b, en: b}\ntargets: false\ninstructions: {ar: b, en: b}\nquestions:\n"
    question = "  - id: topic\n    scope: article\n    type: single\n    name: {ar: b, en: b}\n    choices:\n"
    (root / "bench.yaml").write_text(head + question + "\n".join(choices) + "\n", encoding="utf-8")
    space = workspace.find(root)
    articles, items, gold, splits = [], [], [], []
    for number, one in enumerate([*train, *test]):
        id, sha = short_id("bench", str(number)), text_sha256(one.text)
        value, side = f"l{task.labels.index(one.label)}", number - len(train)
        split = "train" if side < 0 else "validation" if side < len(test) // 3 else "test"
        origin = Origin("bench", "trec", number + 1, "0" * 64, "bench")
        articles.append(
            Article(id, None, one.title, one.text, None, None, None, None, [], "ar", None, [], [], [], sha, origin)
        )
        items.append(Item(short_id(id, "item"), id, sha, None, "bench@1.0.0"))
        gold.append(Gold(id, None, None, "topic", value, {}, {}, "majority", "agreed"))
        splits.append(Split(id, split, id))
    for path, records in ((space.articles, articles), (space.items, items), (space.gold, gold), (space.splits, splits)):
        store.write(path, records)
    return space


def _plain_whole(task: Task, train: list[Example], test: list[Example]) -> list[str]:
    """The recipe, the fits of its audits (learning curve, shortcuts, doubtful labels), and an interval for every score."""
    model = Plain(task, train, topic.CHOICES)
    gold = [example.label for example in test]
    systems = [model.predict(test), [gold[0]] * len(test)]
    systems += [model.predict(test, train[: max(2 * len(task.labels), round(share * len(train)))]) for share in SHARES]
    titles = [[Example(one.id, one.title, one.label) for one in some] for some in (train, test)]
    systems += [model.predict(titles[1], titles[0])] * 4  # outlet, date and length are short texts like titles
    everything = [*train, *test]
    for others, held in cross_validation.folds([e.label for e in everything], [e.id for e in everything], 1):
        model.predict([everything[i] for i in held], [everything[i] for i in others])
    random, truth = np.random.default_rng(1), np.array(gold)
    for system in systems:
        given = np.array(system)
        for _ in range(RESAMPLES):
            drawn = random.integers(len(truth), size=len(truth))
            f1_score(truth[drawn], given[drawn], labels=task.labels, average=None, zero_division=0)
    return systems[0]


if __name__ == "__main__":
    measure(lambda what, figure, bar: print(f"{what:60} {figure:40} {bar}", flush=True))
