"""What a page shows around its headline and its metadata do not say: the bare headline, the author, the day."""

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from corpus.articles.address import canonical_url
from corpus.articles.html_blocks import Page, in_title, wanted_of
from corpus.articles.html_meta import Meta
from corpus.text import clean, dates

SHORT = 100
"""Author and day stand in blocks of fewer characters."""
NEAR = 2
"""And at most so many blocks above the headline: further up, newspapers print today's date."""
FAR = 30
"""Nor do they stand so many blocks above the text."""
MAX_CUTS = 10
"""So many separators of a title are tried."""
MAX_HEADINGS = 100
"""Against so many headings of the page."""

_SEPARATOR = re.compile(r"\s+(?:[|»·•:]|[-–—]+)\s+|\s*\|\s*")
_PARTS = re.compile(r"[|•·]")
_LABEL = re.compile(
    r"(?:(?:تاريخ النشر|تم النشر|النشر|نُ?شرت?|التاريخ|بتاريخ|في|published|posted|date|on)(?!\w)[\s:،-]*)*", re.IGNORECASE
)
_BYLINE = re.compile(
    r"(?:(?:بقلم|الكاتبة?|إعداد)(?!\w)[\s:/-]*|كتبت?\s*[:/-]\s*|(?:[Bb]y|BY):?\s+(?=[^\W\d_a-z]))(?P<name>[^\d_@:/|]{3,60})"
)
_PATH = re.compile(r"/(?P<day>(?:19|20)\d{2}(?P<between>[/-])\d{1,2}(?P=between)\d{1,2})(?!\w)", re.ASCII)
_EITHER_WAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")


def completed(meta: Meta, tree: LexborHTMLParser, page: Page, first: int) -> Meta:
    """The metadata, with what they lack taken from what the page shows.

    Args:
        meta: what the page states.
        tree: the page.
        page: its blocks.
        first: the number of the block with which the article's running text begins.
    """
    above = _above(page, first, wanted_of(meta.title))
    places = dict(meta.places)
    title, author, published = _headline(tree, meta.title, places), meta.author, meta.published
    if not author and (author := _marked_author(tree) or _author(above)):
        places["author"] = "shown as the author's name"
    byline = _BYLINE.fullmatch(author or "")
    unread = not published or dates.why_not(published) == "date_not_understood"
    if unread and (day := _day(above, meta.language)):
        published, places["published"] = day, "shown above the text"
    elif unread and (day := _day_in(meta.url)):
        published, places["published"] = day, "the address"
    return replace(meta, title=title, author=byline["name"] if byline else author, published=published, places=places)


def _above(page: Page, first: int, wanted: str) -> list[str]:
    """What stands from NEAR blocks above the headline to the article's text: short texts, and moments of `time` elements."""
    heads = [n for n, block in enumerate(page.blocks[:first]) if page.boxes[block.box].tag == "h1" or in_title(block, wanted)]
    start = max(0, (heads[-1] if heads else first) - NEAR, first - FAR)
    found = [(number, text) for number, text in [*page.times, *page.asides] if start <= number <= first]
    found += [(number, page.blocks[number].text) for number in range(start, first)]
    return [text for _, text in sorted(found, key=lambda each: each[0]) if len(text) < SHORT]


def _headline(tree: LexborHTMLParser, title: str | None, places: dict[str, str]) -> str | None:
    """Of a title like `headline | outlet` the longer side, if the page shows it as a heading; else the title itself.

    Where only an `h1` gave the title, the `title` element goes before it: on many pages `h1` is the outlet's name.
    """
    given = [title or ""]
    if places.get("title") == "element h1" and (element := tree.css_first("title")):
        given.insert(0, clean.line(element.text()))
    shown = {clean.line(heading.text()).casefold() for heading in tree.css("h1, h2")[:MAX_HEADINGS]} - {""}
    for text in given:
        cuts = list(_SEPARATOR.finditer(text))[:MAX_CUTS]
        sides = [max(text[: cut.start()], text[cut.end() :], key=len) for cut in cuts]
        if side := next((side for side in (text, *sides) if side.casefold() in shown), None):
            return side
    return title


def _marked_author(tree: LexborHTMLParser) -> str | None:
    """The name in the first element that microdata or a link's `rel` mark as the author's."""
    marked = tree.css_first("[itemprop~=author], a[rel~=author]")
    named = marked and (marked.css_first("[itemprop=name]") or marked)
    name = clean.line(named.attributes.get("content") or named.text()) if named else ""
    return name if 2 < len(name) <= 60 and not canonical_url(name) else None


def is_day_or_byline(text: str) -> bool:
    """Whether a short text says only when the article was published, or by whom it is."""
    parts = list(_parts([text])) if len(text) < SHORT else []
    return any(parts) and all(not part or _BYLINE.fullmatch(part) or _printed_day(part) for part in parts)


def _author(above: list[str]) -> str | None:
    """The name in the first byline (`بقلم: …`)."""
    found = (_BYLINE.fullmatch(part) for part in _parts(above))
    return next((match["name"] for match in found if match), None)


def _day(above: list[str], language: str | None) -> str | None:
    """The first date to the day, without its label. English pages print both 7/4 and 4/7, so theirs must say which it is."""
    for part in _parts(above):
        printed = _printed_day(part)
        if printed and not ((language or "").startswith("en") and _EITHER_WAY.match(printed)):
            return printed
    return None


def _printed_day(part: str) -> str | None:
    """A date without its label; None if it is not one to the day or finer."""
    printed = _LABEL.sub("", part, count=1)
    return printed if len(dates.parse(printed) or "") >= len("2024-11-06") else None


def _day_in(url: str | None) -> str | None:
    """The day that is part of the path of an address, as in `/2024/11/06/`; of 37 pages that state one, it is that day on 31,
    and the one beside it on six.
    """
    found = _PATH.search(url or "")
    return found["day"] if found and dates.parse(found["day"]) else None


def _parts(texts: list[str]) -> Iterator[str]:
    for text in texts:
        yield from map(clean.line, _PARTS.split(text))
