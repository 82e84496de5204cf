"""Checks of what stands in a release's columns: labels, nulls, times. Each yields a sentence for every lie."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from datasets import ClassLabel, List

from corpus.release.layout.features import label_column
from corpus.release.layout.opened import Opened

NEVER_NULL = {"annotation_id", "item_id", "article_id", "text", "votes", "status", "method", "group", "annotator", "created"}
NEVER_NULL |= {"updated", "sha256", "codebook", "evidence", "spans", "keywords", "related", "blocks", "embeds"}
NEVER_NULL |= {"words", "length", "folded_sha256", "fingerprint", "archive", "masked", "text_status", "text_score"}
COMPLETE = {"soft", "votes", "blocks[]"}
LATE = timedelta(days=1)
"""How far a clock may be behind another."""


def labels(release: Opened) -> Iterator[str]:
    """A label is one of the codebook's integers; a settled one is null where votes are tied, and nowhere else."""
    for config, features in release.promised.items():
        kinds = {name: feature.feature if isinstance(feature, List) else feature for name, feature in features.items()}
        named = {name: kind for name, kind in kinds.items() if isinstance(kind, ClassLabel)}
        if config in release.configs and named:
            for split, group in release.groups(config, list(named)):
                for name, kind in named.items():
                    yield from _codes(f"{config}/{split}: column {name!r}", kind, group[name])
    for question in release.book.labelled:
        if question.id in release.configs:
            yield from _settled(release, question.id, label_column(question))


def _codes(where: str, kind: ClassLabel, column: Any) -> Iterator[str]:
    codes = pc.list_flatten(column) if hasattr(column.type, "value_type") else column
    span = pc.min_max(codes).as_py()
    if span["min"] is not None and not 0 <= span["min"] <= span["max"] < kind.num_classes:
        yield f"{where} has labels {span['min']}..{span['max']}; 0..{kind.num_classes - 1} have names"


def _settled(release: Opened, config: str, column: str) -> Iterator[str]:
    for split, row in release.rows(config, ["item_id", "article_id", "status", column]):
        if (row[column] is None) != (row["status"] == "tied"):
            key = row.get("item_id") or row["article_id"]
            yield f"{config}/{split}, {key}: the label is {row[column]} and the status {row['status']!r}"


def nulls(release: Opened) -> Iterator[str]:
    """No null where something must stand. A copy of an article may lack, which its row says (see `texts`)."""
    may_lack = {"text"} if release.manifest.text == "rehydrated" else set[str]()
    for config in release.configs:
        missing = Counter[tuple[str, str]]()
        for split, group in release.groups(config):
            for name in (NEVER_NULL - may_lack).intersection(group.column_names):
                missing[split, name] += group[name].null_count
            for name in group.column_names:
                for part, count in _within(name, group[name].combine_chunks()):
                    missing[split, part] += count
        yield from (f"{config}/{split}: column {name!r} has {n} nulls" for (split, name), n in sorted(missing.items()) if n)


def _within(name: str, column: pa.Array) -> Iterator[tuple[str, int]]:
    """The nulls among the items of lists, and in the fields of COMPLETE structs; a struct that is null has no fields."""
    if pa.types.is_list(column.type):
        items = column.flatten()
        yield f"{name}[]", items.null_count
        yield from _within(f"{name}[]", items)
    elif name in COMPLETE:
        for field, values in zip(column.type, column.drop_null().flatten(), strict=True):
            yield f"{name}.{field.name}", values.null_count


def times(release: Opened) -> Iterator[str]:
    """Annotations' times are UTC, in order and past, and took no less than no time; articles' dates are ISO 8601, and past."""
    now = datetime.now(UTC) + LATE
    for config in release.configs.keys() & {"annotations"}:
        for split, row in release.rows(config, ["annotation_id", "created", "updated", "seconds"]):
            created, updated, seconds = row["created"], row["updated"], row["seconds"]
            where = f"{config}/{split}, {row['annotation_id']}"
            if not created.utcoffset() == updated.utcoffset() == timedelta(0) or not created <= updated <= now:
                yield f"{where}: made {created}, changed {updated}: not in order, past and UTC"
            if seconds is not None and not 0 <= seconds < math.inf:  # nor NaN
                yield f"{where}: took {seconds} seconds"
    for split, row in release.rows("articles", ["article_id", "published"]):
        if (date := row["published"]) is not None and (not _is_date(date) or date[:10] > now.date().isoformat()):
            yield f"articles/{split}, {row['article_id']}: published {date!r} is no ISO 8601 date, or one to come"


def _is_date(printed: str) -> bool:
    """A date or a time, or less of it: `2024`, `2024-05`."""
    missing = "-01-01"[len(printed) - 4 :] if len(printed) in (4, 7) else ""
    try:
        datetime.fromisoformat(printed + missing)
    except ValueError:
        return False
    return True
