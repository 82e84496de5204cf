"""Checks of rows against the rows that they name: keys, items, articles. Each yields a sentence for every lie.

Holds about 1 KB for each item and labelled row: these are counted in human judgements. Articles are streamed.
"""

from collections import defaultdict
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from corpus.release.layout.opened import Opened, Row

_KEYS = {"annotations": ["annotation_id"], "articles": ["article_id"], "items": ["item_id"]}
_JUDGED = "sha256"  # of items and annotations: of the text that was judged, which may be another than the article's now
Told = defaultdict[str, list[tuple[str, str, dict[str, int]]]]


def keys(release: Opened) -> Iterator[str]:
    """In each split rows are sorted by their ids, and no id is there twice."""
    for config in release.configs.keys() & release.promised.keys():
        names = _KEYS.get(config) or [name for name in ("article_id", "item_id") if name in release.promised[config]]
        last: dict[str, tuple[str, ...]] = {}
        for split, row in release.rows(config, names):
            key = tuple(row[name] for name in names)
            if split in last and key <= last[split]:
                yield f"{config}/{split}: {key[-1]} is there twice, or not in its place: it follows {last[split][-1]}"
            last[split] = key


def items(release: Opened) -> Iterator[str]:
    """Annotations and labelled rows are of an item that is there, in its split, and tell its article and target as it does."""
    known = {row["item_id"]: row for _, row in _rows(release, "items")}
    for config in ("annotations", *release.labelled):
        names = [name for name in release.promised[config] if name in release.promised["items"] and name != _JUDGED]
        if "item_id" not in names:
            continue
        for split, row in _rows(release, config, names):
            where, item = f"{config}/{split}, item {row['item_id']}", known.get(row["item_id"])
            if item is None:
                yield f"{where} is not in items"
            else:
                yield from _differing(where, row | {"split": split}, item, "the item's")


def articles(release: Opened) -> Iterator[str]:
    """Items and labelled rows are of an article that is there, and tell it as it does; labels stand on the text judged."""
    told, judged, groups = _told(release), _texts_judged(release), dict[str, int]()
    wanted = pa.array(told, pa.string())
    for _, table in release.groups("articles"):
        for article in table.filter(pc.is_in(table["article_id"], wanted)).to_pylist():
            key = article["article_id"]
            hashed = {name: hash(value) for name, value in article.items() if isinstance(value, str | int | float | None)}
            for where, unit, row in told.pop(key, []):
                yield from _differing(f"{where}, {unit}", row, hashed, "the article's")
                if "group" in row and groups.setdefault(key, row["group"]) != row["group"]:
                    yield f"{where}, {unit}: the group is not the one that article {key} has elsewhere"
                if "group" in row and (strange := judged[unit] - {article[_JUDGED]}):
                    yield f"{where}, {unit}: the text judged had SHA-256 {min(strange)}; the article's has another"
    yield from (f"{rows[0][0]}: article {key} is not in articles" for key, rows in sorted(told.items()))


def _told(release: Opened) -> Told:
    """By article where it is told of, of which item or article, and what: by column a hash, as texts are long."""
    told: Told = defaultdict(list)
    for config in ("items", *release.labelled):
        known = {*release.promised["articles"], "item_id", "group"} - {_JUDGED}
        for split, row in _rows(release, config, [name for name in release.promised[config] if name in known]):
            article = row.pop("article_id")
            unit = row.pop("item_id", article)
            hashed = {name: hash(value) for name, value in ({"split": split} | row).items()}
            told[article].append((f"{config}/{split}", unit, hashed))
    return told


def _texts_judged(release: Opened) -> defaultdict[str, set[str]]:
    """The SHA-256 of the texts that were judged, by item and by article."""
    judged = defaultdict[str, set[str]](set)
    for config in ("items", "annotations"):
        for _, row in _rows(release, config, ["item_id", "article_id", "status", _JUDGED]):
            if row.get("status") == "skipped":
                continue
            judged[row["item_id"]].add(row[_JUDGED])
            judged[row["article_id"]].add(row[_JUDGED])
    return judged


def _rows(release: Opened, config: str, names: list[str] | None = None) -> Iterator[tuple[str, Row]]:
    return release.rows(config, names) if config in release.configs else iter(())


def _differing(where: str, row: Row, other: Row, whose: str) -> Iterator[str]:
    yield from (f"{where}: column {name!r} is not {whose}" for name in row if name in other and row[name] != other[name])
