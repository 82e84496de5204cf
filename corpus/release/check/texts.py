"""Checks of a release's texts: as much of them as it has, they are what its hashes and offsets say."""

import re
from collections.abc import Iterator

from corpus.records import text_sha256
from corpus.release.layout.features import SPLITS
from corpus.release.layout.opened import Opened, Row
from corpus.release.withhold import personal

_DIGITS = {
    "sha256": re.compile("[0-9a-f]{64}"),
    "folded_sha256": re.compile("[0-9a-f]{64}"),
    "fingerprint": re.compile("([0-9a-f]{4})*"),
    "title_hash": re.compile("[0-9a-f]{32}"),
}
_STATUSES = ("exact", "normalised", "partial", "drifted", "missing")


def check(release: Opened) -> Iterator[str]:
    """An article's hash is its text's; what was marked and what is a block stands at its offsets; no text if withheld."""
    article = {"full": _full, "rehydrated": _rehydrated, "withheld": _withheld}[release.manifest.text]
    for split, row in release.rows("articles"):
        where = f"articles/{split}, {row['article_id']}"
        yield from (f"{where}: {fault}" for fault in article(row))
        length = row["length"] if "length" in row else len(row["text"] or "")
        outside = any(not 0 <= block["start"] <= block["end"] <= length for block in row["blocks"])
        if outside and row.get("text_status") != "missing":  # whose blocks are those of the text that is not there
            yield f"{where}: a block ends outside the text of {length} code points"
        if row["split"] not in (None, *SPLITS):
            yield f"{where}: the split is {row['split']!r}"
    marked = _hashed if release.manifest.text == "withheld" else _marked
    for config in release.labelled:
        if "evidence" in release.promised[config]:
            for split, row in release.rows(config):
                yield from (f"{config}/{split}, {row['item_id']}: {fault}" for fault in marked(row))


def _full(row: Row) -> Iterator[str]:
    if not row.get("masked") and text_sha256(row["text"]) != row["sha256"]:
        yield f"the text is not the one of SHA-256 {row['sha256']}"
    if "masked" in row and any(personal.find(text) for text in personal.texts(row)):
        yield "the masked release holds personal data"


def _rehydrated(row: Row) -> Iterator[str]:
    status, text = row["text_status"], row["text"]
    if status not in _STATUSES:
        yield f"the status of the text is {status!r}"
    if (text is None) != (status == "missing"):
        yield f"the text is {'not ' * (text is None)}there and its status {status!r}"
    if status == "exact" and text is not None and text_sha256(text) != row["sha256"]:
        yield f"the text is {status!r} and not the one of SHA-256 {row['sha256']}"


def _withheld(row: Row) -> Iterator[str]:
    for name, pattern in _DIGITS.items():
        if row[name] is not None and not pattern.fullmatch(row[name]):
            yield f"column {name!r} is {row[name][:80]!r}, which is no hash"
    if {"title", "text"} & row.keys() or any("text" in embed for embed in row["embeds"]):
        yield "the withheld release holds a text"


def _marked(row: Row) -> Iterator[str]:
    for span in row["evidence"]:
        if span["text"] is None and "text_status" in row:  # not found in the copy
            continue
        if row["text"] is None or row["text"][span["start"] : span["end"]] != span["text"]:
            yield f"{(span['text'] or '')[:40]!r} does not stand at {span['start']}..{span['end']}"


def _hashed(row: Row) -> Iterator[str]:
    for span in row["evidence"]:
        if not 0 <= span["start"] <= span["end"] <= row["length"]:
            yield f"a passage at {span['start']}..{span['end']} ends outside the text of {row['length']} code points"
        if span["hash"] is None or not _DIGITS["title_hash"].fullmatch(span["hash"]):
            yield f"the passage at {span['start']}..{span['end']} has no hash"
