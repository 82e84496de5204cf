"""A full release → one with personal data struck out of titles, texts, posts, marked passages and remarks: `--mask`.

A struck-out code point is `*`, so offsets stay. `sha256` stays that of the text that was judged, and `masked` of the config
`articles` says how many pieces were struck out of an article; where it is 0 the hash is still the text's.
Holds where the hits stand in the few articles that have any.
"""

from pathlib import Path
from typing import Any

from corpus.release.layout import features
from corpus.release.layout.opened import Opened
from corpus.release.withhold import personal, rewrite
from corpus.release.withhold.personal import Hit

Row = dict[str, Any]


class Masking:
    """Strikes personal data out of rows. The rows of `articles` come first."""

    def __init__(self, full: Opened) -> None:
        """Mask the rows of a full release."""
        self._remarks = features.remarks(full.book)
        self._hits: dict[str, list[Hit]] = {}

    def row(self, config: str, row: Row) -> Row:
        """A row with personal data struck out."""
        made = dict(row)
        if config == "articles":
            made["masked"] = sum(len(personal.find(text)) for text in personal.texts(row))
            made["embeds"] = [{**embed, "text": _struck(embed["text"])} for embed in row["embeds"]]
            if hits := personal.find(row["text"]):
                self._hits[row["article_id"]] = hits
        hits = self._hits.get(row["article_id"], [])
        if "text" in row:
            made |= {"title": _struck(row["title"]), "text": personal.masked(row["text"], hits)}
        for name in row.keys() & {"spans", "evidence"}:
            made[name] = [_mark(mark, hits) for mark in row[name]]
        if config == "annotations":
            made |= {name: _struck(row[name]) for name in self._remarks}
        return made


def mask(full: Opened, new: Path) -> rewrite.Splits:
    """Write a full release with its personal data struck out, and return the splits written."""
    return rewrite.rows(full, new, rewrite.promised(full, "full", masked=True), Masking(full).row, first=["articles"])


def _struck(text: str | None) -> str | None:
    return None if text is None else personal.masked(text, personal.find(text))


def _mark(mark: Row, hits: list[Hit]) -> Row:
    """A marked passage: it may hold the half of a number, which is one in the text only."""
    start, end, text = mark["start"], mark["end"], mark["text"]
    within = [
        Hit(hit.kind, max(hit.start, start) - start, min(hit.end, end) - start)
        for hit in hits
        if hit.start < end and start < hit.end
    ]
    return {**mark, "text": personal.masked(personal.masked(text, within), personal.find(text))}
