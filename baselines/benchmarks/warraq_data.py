"""Warraq's own data: a corpus folder (gold, splits, articles) or a release (Parquet). Reads them; writes nothing.

Train and validation are the training part: recipes choose by cross-validation inside it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from baselines import rows
from baselines.benchmarks import metrics
from baselines.benchmarks.data import Benchmark, Files, Part, folder, joined
from baselines.examples import Example, Kind
from corpus import workspace
from corpus.errors import CheckError, CorpusError


def read_corpus(named: Files) -> Benchmark:
    """One single-choice question of a corpus folder, scored on its test split.

    Raises:
        CorpusError: the folder is no corpus, a file is missing or wrong, or there is no such question.
        CheckError: a split is empty, or a group is in two.
    """
    space = workspace.find(folder(named))
    found = [data for data in rows.read(space, space.codebook())[0] if data.question.type == "single"]
    name = _chosen(named.question, [data.question.id for data in found])
    data = next(data for data in found if data.question.id == name)
    parts = {split: [row.example for row in data.of(split)] for split in rows.SPLITS}
    train = Part(parts["train"] + parts["validation"], data.left_out)
    return _benchmark(space.config.language, data.question.values, train, Part(parts["test"]), data.kind)


def read_release(named: Files) -> Benchmark:
    """One single-choice question of a release folder, scored on its test split.

    Raises:
        CorpusError: the folder is no release, or there is no such question.
        CheckError: a split is empty.
    """
    root = folder(named)
    questions = {path.parent.name: path for path in sorted(root.glob("*/train-*.parquet")) if _names(path)}
    path = questions[_chosen(named.question, list(questions))]
    train, test = (
        joined([_split(path.parent, split, _names(path)) for split in some]) for some in (rows.SPLITS[:2], ["test"])
    )
    language = next((e for e in _columns(path, ["language"])["language"] if e), "ar")
    kind: Kind = "target" if train.examples and train.examples[0].target else "topic"
    return _benchmark(language, _names(path), train, test, kind)


def _benchmark(language: str, labels: Sequence[str], train: Part, test: Part, kind: Kind) -> Benchmark:
    for part, name in ((train, "train and validation"), (test, "test")):
        if not part.examples:
            raise CheckError(f"{name} has no labelled row", "label more items, and run `warraq split`")
    known = tuple(label.lower() for label in labels)
    return Benchmark(kind, language, metrics.MACRO, known, train, "test", lambda: test)


def _chosen(asked: str | None, questions: Sequence[str]) -> str:
    """The question asked for, or the first."""
    if not questions:
        raise CorpusError("there is no single-choice question with labels", "run `warraq resolve` and `warraq publish` first")
    if asked is not None and asked not in questions:
        raise CorpusError(f"there is no question {asked!r}; there are {', '.join(questions)}", "name one with --question")
    return asked or questions[0]


def _names(path: Path) -> tuple[str, ...]:
    """The names of the column `label` of a Parquet file in the order of their integers; none if it is not one of labels."""
    from pyarrow.parquet import read_schema

    known = json.loads((read_schema(path).metadata or {}).get(b"huggingface", b"{}"))
    return tuple(known.get("info", {}).get("features", {}).get("label", {}).get("names", ()))


def _columns(path: Path, names: Sequence[str]) -> dict[str, list[Any]]:
    """Columns of a Parquet file, and those of the targets' names; one that it lacks is not in the result."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        there = [name for name in file.schema_arrow.names if name in names or name.startswith("target_")]
        table = file.read(columns=there)
    return {name: table[name].to_pylist() for name in table.column_names}


def _split(config: Path, split: str, labels: Sequence[str]) -> Part:
    """The labelled rows of one split of a config."""
    wanted = ["item_id", "article_id", "title", "text", "label", "group", "target", "language"]
    examples: list[Example] = []
    ties = 0
    for path in sorted(config.glob(f"{split}-*.parquet")):
        columns = _columns(path, wanted)
        for row in (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)):
            if row["label"] is None:
                ties += 1
                continue
            examples.append(
                Example(
                    id=row.get("item_id") or row["article_id"],
                    text=row["text"],
                    label=labels[row["label"]],
                    title=row["title"] or "",
                    target=row.get(f"target_{row['language']}") or row.get("target"),
                    group=row["group"],
                )
            )
    return Part(examples, {"the votes are tied": ties} if ties else {})
