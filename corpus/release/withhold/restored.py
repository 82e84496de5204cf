"""Rows of a withheld release → rows with the texts of copies in them, each checked by the hashes that the row carries."""

from collections import Counter
from functools import lru_cache
from typing import Any

import msgspec

from corpus.records import Article, text_sha256
from corpus.release.layout import forms
from corpus.release.withhold import align
from corpus.release.withhold.copies import Copies

Row = dict[str, Any]
ORDER = ("exact", "normalised", "partial", "drifted", "missing")
MISSING = align.Match("missing", 0.0)
_ELIDED = ("url", "source", "author", "section", "published", "language")


class Found(msgspec.Struct, frozen=True):
    """Where the copy of an article is, and what it is of the judged text; no place where there is none."""

    place: tuple[int, int] | None
    match: align.Match


def matched(row: Row, copies: Copies) -> Found:
    """The best copy of an article, by its row in a withheld release's config `articles`."""
    found = [Found(place, assessed(row, copies.article(place))) for place in copies.of(row)]
    best = min(found, key=lambda one: (ORDER.index(one.match.status), -one.match.score), default=Found(None, MISSING))
    return Found(None, best.match) if best.match.status == "missing" else best


def assessed(row: Row, copy: Article) -> align.Match:
    """What a copy is of the judged article. A title counts: people judge under it.

    With the very text, `partial` is a copy without the title, and `drifted` one with another.
    """
    folded = align.folded(copy.text)
    if text_sha256(folded) != row["folded_sha256"]:
        return align.compare(row["fingerprint"], row["words"], folded)
    title = None if copy.title is None else align.part_hash(folded, copy.title)
    if title != row["title_hash"]:
        return align.Match("partial" if title is None else "drifted", 1.0)
    return align.Match("exact" if copy.sha256 == row["sha256"] else "normalised", 1.0)


class Restoring:
    """Puts texts back into rows. `marks` counts the marked passages that were found again, and those that were not."""

    def __init__(self, copies: Copies, found: dict[str, Found], stated: bool) -> None:
        """Take texts from `copies`, where `found` says by article id; `stated`: rows say what their text is."""
        self.marks: Counter[str] = Counter()
        self._copies, self._found, self._stated = copies, found, stated
        self._folded = lru_cache(maxsize=64)(align.folded_with_map)

    def row(self, config: str, row: Row) -> Row:
        """A row with its text, title, posts and passages; null where the copy lacks them."""
        found = self._found.get(row["article_id"], Found(None, MISSING))
        copy = self._copies.article(found.place) if found.place else None
        made = {name: value for name, value in row.items() if name not in forms.LENGTHS and name not in forms.OF_TEXT}
        if config == "items":
            return made
        if "words" in row:
            made |= {"title": copy and copy.title, "text": copy and copy.text}
        if copy and copy.id == row["article_id"]:
            made |= {name: getattr(copy, name) for name in _ELIDED if name in made and _is_elided(made[name])}
        if config == "articles":
            made |= _parts(row, copy, found.match.status)
        for name in made.keys() & {"spans", "evidence"}:
            made[name] = [self._mark(mark, copy, found.match.status) for mark in made[name]]
        if config == "annotations":  # where each stands once
            self.marks.update("not found" if mark["text"] is None else "found" for mark in made["spans"])
        return made | ({"text_status": found.match.status, "text_score": found.match.score} if self._stated else {})

    def _mark(self, mark: Row, copy: Article | None, status: str) -> Row:
        kept = {name: value for name, value in mark.items() if name not in ("folded_length", "hash")}
        place = self._place(mark, copy.text, status) if copy and mark["hash"] else None
        if copy is None or place is None:
            return kept | {"start": None, "end": None, "text": None}
        return kept | {"start": place[0], "end": place[1], "text": copy.text[slice(*place)]}

    def _place(self, mark: Row, text: str, status: str) -> tuple[int, int] | None:
        """Where the marked passage stands in a copy: by its offsets in the very text, else wherever its hash says."""
        folded = self._folded(text)
        if status == "exact":
            is_it = align.span_hash(folded.text, *folded.span(mark["start"], mark["end"])) == mark["hash"]
            return (mark["start"], mark["end"]) if is_it else None
        place = align.find(folded.text, mark["folded_length"], mark["hash"])
        if place is None:
            return None
        start = folded.offsets[place[0]]
        after = folded.offsets[place[1]] if place[1] < len(folded.offsets) else len(text)
        return start, start + len(text[start:after].rstrip())


def _is_elided(value: str | None) -> bool:
    return value is None or "…" in value


def _parts(row: Row, copy: Article | None, status: str) -> Row:
    """Blocks and posts of an article. In the very text they are the row's, elsewhere the copy's."""
    if copy and status != "exact":
        return {"blocks": msgspec.to_builtins(copy.blocks), "embeds": msgspec.to_builtins(copy.embeds)}
    folded = align.folded(copy.text) if copy else ""
    texts = {align.part_hash(folded, embed.text): embed.text for embed in copy.embeds} if copy else {}
    embeds = [{**embed, "text": texts.get(embed["hash"])} for embed in row["embeds"]]
    return {"blocks": row["blocks"], "embeds": [{k: v for k, v in embed.items() if k != "hash"} for embed in embeds]}
