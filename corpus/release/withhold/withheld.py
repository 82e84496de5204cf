"""A full release → one without texts, for news that may not be redistributed: `warraq publish --text withheld`.

Left out are title, text, posts and marked passages. In their place stand hashes, lengths, and what `warraq rehydrate`
needs to put the texts of a holder's own copies back (see `align`): keyed hashes and a fingerprint. Labels, votes, splits,
ids, dates, sources, addresses, offsets of blocks and passages stay. So that no run of 8 words of any article is in the
release, addresses whose slug quotes are elided (see `quotes`), and other strings that quote become null; `check` then reads
the finished folder. Each pass streams the articles; annotations' marks are held.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus import store
from corpus.errors import CheckError
from corpus.records import Article, Origin, text_sha256
from corpus.release.layout.opened import Opened
from corpus.release.withhold import align, quotes, rewrite

Row = dict[str, Any]
_META = ["url", "source", "author", "published", "section", "keywords", "embeds"]
_PARTS = ("embeds", "spans", "evidence")


class Withholding:
    """Takes the texts out of rows. `nulled` counts, by column, the values that quoted an article."""

    def __init__(self, full: Opened, articles: Path) -> None:
        """Read what was marked, and look for quotations, in a full release made from `articles`."""
        self.nulled: Counter[str] = Counter()
        self._origins: Iterator[Article] = store.read(articles, Article)
        self._marks = _marks(full)
        self._hashes: dict[tuple[str, int, int, str], tuple[int, str]] = {}
        self._forbidden = quotes.quoted(_suspects(full), texts(full))

    def row(self, config: str, row: Row) -> Row:
        """A row without its texts. The rows of `articles` come first, in their order."""
        kept = self._article(row) if config == "articles" else dict(row)
        if "text" in kept:
            text = kept.pop("text")
            kept |= {"words": len(text.split()), "length": len(text)}
            del kept["title"]
        for name in kept.keys() & {"spans", "evidence"}:
            kept[name] = [self._mark(row["article_id"], mark) for mark in kept[name]]
        return {name: self._unquoted(name, value) for name, value in kept.items()}

    def _article(self, row: Row) -> Row:
        text, folded = row["text"], align.folded(row["text"])
        if marks := self._marks.pop(row["article_id"], None):
            mapped = align.folded_with_map(text)
            for start, end, marked in marks:
                if text[start:end] == marked:  # not so where the text was changed after it was judged
                    first, last = mapped.span(start, end)
                    found = (last - first, align.span_hash(mapped.text, first, last))
                    self._hashes[row["article_id"], start, end, marked] = found
        embeds = [{**embed, "hash": align.part_hash(folded, embed["text"])} for embed in row["embeds"]]
        for embed in embeds:
            del embed["text"]
        return row | {
            "embeds": embeds,
            "folded_sha256": text_sha256(folded),
            "fingerprint": align.fingerprint(folded),
            "title_hash": None if row["title"] is None else align.part_hash(folded, row["title"]),
            "archive": _archive(next(self._origins).origin),
        }

    def _mark(self, article_id: str, mark: Row) -> Row:
        key = (article_id, mark["start"], mark["end"], mark["text"])
        length, digits = self._hashes.get(key, (None, None))
        return {name: value for name, value in mark.items() if name != "text"} | {"folded_length": length, "hash": digits}

    def _unquoted(self, name: str, value: Any) -> Any:
        """A value without what quotes: an address elided, another string null, a keyword left out.

        Names of targets are the maintainer's own and are not touched: `check` refuses those that quote.
        """
        if isinstance(value, dict):
            return {inner: self._unquoted(f"{name}.{inner}", part) for inner, part in value.items()}
        if isinstance(value, list):
            parts = [self._unquoted(name, part) for part in value]
            return [part for part in parts if part is not None]
        if not isinstance(value, str) or name.startswith("target_") or not quotes.quotes(value, self._forbidden):
            return value
        self.nulled[name] += 1
        return quotes.elided(value, self._forbidden) if name.endswith("url") else None


def withhold(full: Opened, articles: Path, new: Path) -> tuple[rewrite.Splits, Counter[str]]:
    """Write a full release without its texts: the splits written, and by column what was nulled because it quoted."""
    withholding = Withholding(full, articles)
    promised = rewrite.promised(full, "withheld", full.manifest.masked)
    return rewrite.rows(full, new, promised, withholding.row, first=["articles"]), withholding.nulled


def texts(full: Opened) -> Iterator[str]:
    """Titles, texts and posts of a full release."""
    for _, row in full.rows("articles", ["title", "text", "embeds"]):
        yield from (row["title"] or "", row["text"], *(embed["text"] for embed in row["embeds"]))


def check(full: Opened, new: Path) -> None:
    """Read a withheld release back, every string of every file, and compare it with the articles.

    Raises:
        CheckError: a run of 8 words of an article stands in it.
    """
    places: dict[str, str] = {}
    for where, text in _released(Opened(new)):
        for run in quotes.runs(text):
            places.setdefault(run, where)
    if found := sorted({places[run] for run in quotes.quoted(set(places), texts(full))}):
        raise CheckError(
            f"{len(found)} places of the withheld release quote {quotes.RUN} words of an article: {', '.join(found[:5])}",
            "shorten the quotation: prose in card.toml, names in targets.yaml, examples in the codebook",
        )


def _released(release: Opened) -> Iterator[tuple[str, str]]:
    yield from release.written
    for config in release.configs:
        for _, row in release.rows(config):
            for name, value in row.items():
                yield from ((f"column {name!r} of {config}", text) for text in quotes.strings(value))


def _suspects(full: Opened) -> set[str]:
    """The runs of words of all that is not an article's title, text or post."""
    found: set[str] = set()
    for config in full.configs:
        for _, row in full.rows(config, _META if config == "articles" else None):
            for name in ("title", "text"):
                row.pop(name, None)
            for part in (part for name in _PARTS for part in row.get(name, [])):
                part.pop("text", None)
            for value in quotes.strings(row):
                found.update(quotes.runs(value))
    return found


def _marks(full: Opened) -> dict[str, set[tuple[int, int, str]]]:
    marks: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
    if "annotations" in full.configs:
        for _, row in full.rows("annotations", ["article_id", "spans"]):
            marks[row["article_id"]].update((span["start"], span["end"], span["text"]) for span in row["spans"])
    return marks


def _archive(origin: Origin) -> Row:
    """Where the raw record is. Only of a WARC is the file named: its name is the crawl's, others are the maintainer's."""
    file = origin.file.rpartition("/")[2] if origin.format == "warc" else None
    return {"format": origin.format, "file": file, "record": origin.record, "sha256": origin.sha256}
