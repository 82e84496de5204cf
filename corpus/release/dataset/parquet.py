"""The dataset of a release: record files → Parquet that `datasets.load_dataset(FOLDER, CONFIG)` opens offline.

Reads articles.jsonl (streamed), items.jsonl, annotations.jsonl, gold.jsonl, splits.jsonl, targets.yaml, the codebook.
Writes one folder of Parquet a config (see `features`).

- A labelled question's config has one row for each gold answer, by article and item; a tie is a row with a null label.
  Items (or articles, for a question about articles) with no gold are left out, counted by reason, and so are those
  whose text was changed after it was judged: a label must not stand on a text that nobody read.
- `annotations` has every annotation, by id, in the split of its article, so that nobody trains on the judgements of
  test articles unawares. `articles` and `items` have all, by id, in one split named `full`, with a column `split`.
"""

from collections import Counter
from concurrent.futures import Executor
from functools import partial
from itertools import pairwise
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from datasets import Features

from corpus.codebook import Codebook, Question
from corpus.errors import CheckError, CorpusError
from corpus.progress import Progress
from corpus.records import Annotation, Article, Item
from corpus.release.dataset import columns, rows
from corpus.release.dataset.labels import Labels
from corpus.release.layout import features, manifest, shards
from corpus.release.papers.released import Config
from corpus.release.withhold import personal
from corpus.workspace import Workspace


class Build:
    """The release being written: a writer for each config and split that has a row, and the count of what has none."""

    def __init__(self, folder: Path, book: Codebook, said: Labels, pool: Executor) -> None:
        self.book, self.said = book, said
        self.configs: dict[str, Features] = features.of_release(book, said.languages)
        self.counted = {name: Config(name, columns) for name, columns in self.configs.items()}
        self.left_out: dict[str, Counter[str]] = {question.id: Counter() for question in book.labelled}
        self.personal = personal.Search(pool)
        self._folder, self.pool = folder, pool
        self._writers: dict[tuple[str, str], shards.ShardWriter] = {}

    def writer(self, config: str, split: str) -> shards.ShardWriter:
        """What writes a split of a config; it is made when its first row comes."""
        if (config, split) not in self._writers:
            columns, seen = self.configs[config], partial(self.counted[config].count, split)
            self._writers[config, split] = shards.ShardWriter(self._folder / config, split, columns, self.pool, seen)
        return self._writers[config, split]

    def splits(self) -> dict[str, dict[str, manifest.Split]]:
        """Rows and their hash a config and split; complete after `finish`."""
        order = [*features.SPLITS, features.FULL]
        written = self._writers
        return {
            config: {
                split: manifest.Split(written[config, split].rows, written[config, split].digest.hexdigest())
                for split in order
                if (config, split) in written
            }
            for config in self.configs
        }

    def rows(self) -> dict[str, dict[str, int]]:
        """Rows a config and split."""
        return {config: {name: split.rows for name, split in splits.items()} for config, splits in self.splits().items()}

    def finish(self) -> None:
        """Close the files, and check that they hold every gold answer and every judgement."""
        self.personal.finish()
        for writer in self._writers.values():
            writer.close()
        meant = {config: sum(splits.values()) for config, splits in self.rows().items()}
        meant |= {"annotations": len(self.said.annotations), "items": len(self.said.items)}
        for question in self.book.labelled:
            meant[question.id] = len(self.said.gold[question.id]) - self.left_out[question.id][CHANGED]
        for config, promised in self.configs.items():
            shards.check(self._folder / config, promised, meant[config])
            self.counted[config].take_files(self._folder)
            self.counted[config].hash_files(self._folder, self.pool)
        self.counted = {name: config for name, config in self.counted.items() if config.files}


CHANGED = "the text was changed after it was judged"


def write_articles(workspace: Workspace, build: Build, progress: Progress) -> None:
    """One pass over the articles: `articles`, and the configs of the labelled questions."""
    missing = build.said.article_ids
    judged = pa.array(sorted(missing), pa.string())
    schema = build.configs["articles"].arrow_schema
    last, done = "", 0
    for articles in columns.read(workspace.articles, columns.BATCH_BYTES, build.pool):
        ids = articles["id"].to_pylist()
        for line, (before, id_) in enumerate(pairwise([last, *ids]), done + 1):
            if id_ <= before:
                raise CorpusError(f"{workspace.articles}:{line}: article {id_} is out of order", "run `warraq convert` again")
        for article in msgspec.convert(articles.filter(pc.is_in(articles["id"], judged)).to_pylist(), list[Article]):
            missing.remove(article.id)
            for question in build.book.labelled:
                _write_gold(build, question, article)
        batch = columns.as_rows(articles, [build.said.split(id_) for id_ in ids], schema)
        build.writer("articles", features.FULL).add_batch(batch)
        build.personal.add(batch)
        last, done = ids[-1], done + len(ids)
        progress(done, None)
    if not last:
        raise CheckError(f"{workspace.articles} holds no article", "run `warraq convert PATH`")
    if missing:
        raise CorpusError(
            f"{workspace.articles} lacks {len(missing)} of the articles that items or gold name: {min(missing)}, …",
            "run `warraq convert` on them again, or restore the file from a copy",
        )


def _write_gold(build: Build, question: Question, article: Article) -> None:
    """The rows of one article in the config of one question: one an item, or one in all."""
    said = build.said
    items = said.items_of.get(article.id, [])
    units: list[tuple[str, Item | None]] = [(item.id, item) for item in items]
    if question.scope == "article":
        units = [(article.id, None)] if items or article.id in said.gold[question.id] else []
    for key, item in units:
        gold = said.gold[question.id].get(key)
        judged = [item] if item else items
        said_of = [annotation for one in judged for annotation in said.annotations_of.get(one.id, [])]
        if gold is None:
            build.left_out[question.id][_why_unsettled(question, said_of)] += 1
        elif _texts_judged(judged, said_of) != {article.sha256}:
            build.left_out[question.id][CHANGED] += 1
        else:
            row = rows.of_gold(gold, question, article, item, build.book, said)
            build.writer(question.id, said.splits[article.id].split).add(row)


def _texts_judged(items: list[Item], annotations: list[Annotation]) -> set[str]:
    """The SHA-256 of the texts that the items are about now, and of those that people answered on; not those they skipped."""
    return {one.sha256 for one in items} | {one.sha256 for one in annotations if one.status == "submitted"}


def _why_unsettled(question: Question, annotations: list[Annotation]) -> str:
    if not annotations:
        return "nobody has judged it"
    if any(annotation.answers.get(question.id) for annotation in annotations):
        return "answered, but not settled: run `warraq resolve`"
    return "nobody has answered this question of it"


def write_judgements(build: Build) -> None:
    """`items` and `annotations`."""
    said = build.said
    items = {item.id: item for item in said.items}
    for item in said.items:
        build.writer("items", features.FULL).add(rows.of_item(item, build.book, said))
    for annotation in said.annotations:
        item = items[annotation.item_id]
        split = said.splits[item.article_id].split
        build.writer("annotations", split).add(rows.of_annotation(annotation, item, build.book, said))
