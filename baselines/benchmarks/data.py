"""What every reader gives: a benchmark, its parts, and the rounds in which it is fitted and scored. Opens no file."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct
from sklearn.model_selection import StratifiedGroupKFold

from baselines.benchmarks.metrics import Measure
from baselines.examples import Example, Kind
from corpus.errors import CheckError, CorpusError

FOLDS = 5


class Files(Struct, frozen=True):
    """What the user names: files of the parts, or the folder (or archive) of a set; and the question of a Warraq one."""

    train: Path | None = None
    dev: Path | None = None
    test: Path | None = None
    data: Path | None = None
    question: str | None = None


class Part(Struct, frozen=True):
    """The examples of a part, and how many records were left out, by reason: records in = examples + left out."""

    examples: list[Example]
    left_out: dict[str, int] = {}


class Benchmark(Struct, frozen=True):
    """A set that is read: its kind of task, its training part, and where its score comes from.

    `labels` are all that the set may hold, in lower case and in the order to report; None means those found. `test` opens
    the test part, and is called after the fit. Without it the score is cross-validated: by `fold`, the official fold of
    each training example, or else in FOLDS folds of groups.
    """

    kind: Kind
    language: str
    measure: Measure
    labels: tuple[str, ...] | None
    train: Part
    scored_on: str
    test: Callable[[], Part] | None = None
    fold: tuple[str, ...] = ()


Round = tuple[list[Example], Callable[[], Part]]
"""What to fit on, and what opens the part to score."""

CROSS_VALIDATED = "training part, cross-validated"


def of_files(
    files: Files, read: Callable[[Path], Part], group: Callable[[list[Example]], list[Example]] = list
) -> tuple[Part, Callable[[], Part] | None, str]:
    """The training part, what opens the scored part, and its name, of a set that comes as files.

    Test is scored if it is given, and dev joins the training part; else dev is scored; else the training part is
    cross-validated.

    Args:
        files: what the user named.
        read: a file → its part.
        group: gives the examples of the training part, and those of the scored part, their groups.

    Raises:
        CorpusError: `train` is not named, a file does not exist, or a folder is named.
    """
    if missing := [path for path in (files.train, files.dev, files.test) if path and not path.is_file()]:
        raise CorpusError(f"{missing[0]} is no file", "name the files as published")  # said before the fit, not after it
    if files.train is None or files.data is not None:
        raise CorpusError(
            "this set comes as files", "name them: --train FILE, and --dev FILE and --test FILE if you have them"
        )

    def part(*paths: Path | None) -> Part:
        whole = joined(read(path) for path in paths if path)
        return Part(group(whole.examples), whole.left_out)

    if files.test is not None:
        return part(files.train, files.dev), lambda: part(files.test), "test"
    if files.dev is not None:
        return part(files.train), lambda: part(files.dev), "dev"
    return part(files.train), None, CROSS_VALIDATED


def folder(files: Files) -> Path:
    """The folder (or archive) of a set that comes as one.

    Raises:
        CorpusError: it is not named, does not exist, or files are named.
    """
    if files.data is None or files.train or files.dev or files.test:
        raise CorpusError("this set comes as a folder", "name it: --data DIR, without --train, --dev and --test")
    if not files.data.exists():
        raise CorpusError(f"{files.data} does not exist", "name the folder that holds the set's files, as published")
    return files.data


def joined(parts: Iterable[Part]) -> Part:
    """Parts end to end, what they left out added up."""
    examples: list[Example] = []
    left_out: dict[str, int] = {}
    for part in parts:
        examples += part.examples
        for reason, count in part.left_out.items():
            left_out[reason] = left_out.get(reason, 0) + count
    return Part(examples, left_out)


def spelled(examples: Sequence[Example], spelling: dict[str, str]) -> list[Example]:
    """The examples with each label spelled as in `spelling` (lower case → as spelled)."""
    return [msgspec.structs.replace(one, label=spelling.get(one.label.lower(), one.label)) for one in examples]


def rounds(benchmark: Benchmark, train: list[Example], seed: int) -> list[Round]:
    """One round where there is a test part, else one a fold. Every training example is scored once over the folds.

    Raises:
        CheckError: there are fewer than two groups to divide.
    """
    if benchmark.test is not None:
        return [(train, benchmark.test)]
    folds = benchmark.fold or _folds(train, seed)
    return [
        (
            [example for example, fold in zip(train, folds, strict=True) if fold != held_out],
            partial(Part, [example for example, fold in zip(train, folds, strict=True) if fold == held_out]),
        )
        for held_out in sorted(set(folds))
    ]


def _folds(train: list[Example], seed: int) -> list[str]:
    """The fold of each example: groups stay whole, and labels are spread as evenly as that allows."""
    groups = [example.group for example in train]
    count = min(FOLDS, len(set(groups)))
    if count < 2:
        raise CheckError(f"{len(train)} rows in {count} group cannot be cross-validated", "give a test part, or more rows")
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    folds = [""] * len(train)
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # a label rarer than the folds is in some only
        for number, (_, held_out) in enumerate(splitter.split(train, [example.label for example in train], groups)):
            for i in held_out:
                folds[i] = str(number)
    return folds
