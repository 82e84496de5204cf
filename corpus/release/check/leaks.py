"""Checks of a release for what must not be in it: articles on two sides of the splits, secrets, people."""

import re
from collections.abc import Iterator
from hashlib import sha256

from corpus.release.check import votes
from corpus.release.layout import features
from corpus.release.layout.opened import Opened, Row
from corpus.release.withhold import personal
from corpus.release.withhold.align import folded
from corpus.text.borders import Sides

PSEUDONYM = re.compile(votes.PSEUDONYM)
SECRETS = {
    "an e-mail address": re.compile(r"(?<!mailto:)(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}"),
    "a token": re.compile(r"\b[0-9a-f]{40}\b|\beyJ[\w-]{10,}\.[\w-]+|\bhf_[A-Za-z0-9]{20,}"),
}
NUMBERS = {*personal.KINDS[1:]}  # an e-mail address is a secret already


def splits(release: Opened) -> Iterator[str]:
    """No article, group or equal folded text in two splits, in all configs together. Holds 100 bytes for each."""
    side: dict[tuple[str, str | bytes], str] = {}
    told: set[tuple[str, str | bytes]] = set()
    for where, split, kind, key in _placed(release):
        before = side.setdefault((kind, key), split)
        if split != before and (kind, key) not in told:
            told.add((kind, key))
            shown = key if isinstance(key, str) else f"of {where.rpartition(' ')[2]}"
            yield f"{kind} {shown} is in {before}, and by {where} in {split}"


def _placed(release: Opened) -> Iterator[tuple[str, str, str, str | bytes]]:
    """Where, split, and what stands in it: each row's article, group and folded text."""
    for config in release.configs:
        for part, row in release.rows(config, ["article_id", "group", "text", "folded_sha256", "split"]):
            split = row.get("split") if config in ("articles", "items") else part
            if split is None:
                continue
            where = f"{config} {row['article_id']}"
            yield where, split, "article", row["article_id"]
            if "group" in row:
                yield where, split, "group", row["group"]
            if (digest := _digest(row)) is not None:
                yield where, split, "text", digest


def _digest(row: Row) -> bytes | None:
    """16 bytes that stand for the folded text, also of a row that has its hash only."""
    if "folded_sha256" in row:
        return bytes.fromhex(row["folded_sha256"][:32])
    return sha256(folded(row["text"]).encode()).digest()[:16] if row.get("text") is not None else None


def copies(release: Opened) -> Iterator[str]:
    """No two texts on two sides that are nearly the same, or of which one holds the other (see `borders`); equal: `splits`."""
    placed: set[tuple[str, str, int]] = set()
    with Sides(list(features.SPLITS)) as sides:
        for config in ("articles", *release.labelled):
            for part, row in release.rows(config, ["article_id", "text", "split"]):
                split, id_, text = row.get("split", part), row["article_id"], row.get("text")
                if split and text and (key := (split, id_, hash(text))) not in placed:
                    placed.add(key)
                    sides.add(split, id_, text)
        for border in sides.borders():
            for pair in (pair for pair in border.leaks if not pair.exact):
                measured = f"similarity {pair.jaccard:.2f}, {pair.contained:.0%} contained"
                yield f"article {pair.first} of {border.first} is a copy of {pair.second} of {border.second}: {measured}"


def privacy(release: Opened) -> Iterator[str]:
    """Annotators are pseudonyms; no personal data in their remarks; no token or e-mail address in whatever is no article.

    A contact in the card is `mailto:…`.
    """
    for config in sorted(release.configs.keys() & {"annotations", *release.labelled}):
        for split, row in release.rows(config, ["annotation_id", "item_id", "annotator", "evidence"]):
            people = [row["annotator"]] if "annotator" in row else [span["annotator"] for span in row.get("evidence", [])]
            for name in people:
                if not PSEUDONYM.fullmatch(name):  # what it is stays unsaid: a report must not spread it
                    key = row.get("annotation_id") or row["item_id"]
                    yield f"{config}/{split}, {key}: the annotator is no pseudonym (a- and 10 hexadecimal digits)"
    for where, text in _written(release):
        for what, pattern in SECRETS.items():
            if pattern.search(text):
                yield f"{where} holds {what}"  # which it does not show either
    for where, remark in _remarks(release):
        yield from (f"{where} holds a {kind}" for kind in sorted({hit.kind for hit in personal.find(remark)} & NUMBERS))


def _remarks(release: Opened) -> Iterator[tuple[str, str]]:
    """What annotators wrote: where, and its text."""
    if "annotations" in release.configs:
        names = features.remarks(release.book)
        for split, row in release.rows("annotations", ["annotation_id", *names]):
            for name in names:
                yield f"annotations/{split}, {row['annotation_id']}: column {name!r}", row.get(name) or ""


def _written(release: Opened) -> Iterator[tuple[str, str]]:
    """Everything that is not an article: where, and its text."""
    yield from release.written
    for config in sorted(release.configs.keys() & {"annotations", "items"}):
        for split, row in release.rows(config):
            key = row.get("annotation_id") or row["item_id"]
            for name, value in row.items():
                if isinstance(value, str):
                    yield f"{config}/{split}, {key}: column {name!r}", value
