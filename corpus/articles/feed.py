"""RSS (0.9 to 2.0) and Atom files: one draft for each item or entry. Entities are not expanded, nothing is fetched."""

import io
import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser

from corpus.articles import html
from corpus.articles.draft import Draft, Fault, Paragraph, Post
from corpus.articles.html_blocks import page_of
from corpus.text import clean, mojibake

VERSION = 2
MAX_FEED = 16 * 2**20
MAX_DEPTH = 100
MAX_NODES = 500_000
"""So many elements a feed may have: each takes about 200 bytes until its item ends."""

_BEGINNING = re.compile(
    r"(?>\s+|\ufeff|<\?.*?>|<!--.*?-->|<!doctype[^\[>]*+(?:\[.*?\]\s*)?>)*+<(?:rss|rdf:RDF|(?:\w+:)?feed)\b",
    re.DOTALL | re.IGNORECASE,
)
_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS_1 = "{http://purl.org/rss/1.0/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_RSS_TEXTS = (_CONTENT, f"{_ATOM}content", "description", f"{_ATOM}summary")
_ZONES = {"UT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""RFC 822, section 5.1; GMT is known to `dates`."""
_ZONE = re.compile(rf" ({'|'.join(_ZONES)})$")
_MAIL = re.compile(r"\S[^\s@]*+@(?:\S++|(?=.*\)\Z)\S+\s*\((?P<name>.*)\))")
_DATES = ("pubDate", f"{_DC}date", f"{_ATOM}published", f"{_ATOM}updated")
_OF_FEED = {"title": "title", f"{_ATOM}title": "title", "language": "language", f"{_DC}language": "language"}
_OF_FEED |= dict.fromkeys(("lastBuildDate", f"{_ATOM}updated"), "made")
"""What a feed says of itself. RSS's pubDate is left out: some mean by it the day of the first issue."""
_PLACES = {
    "title": "element title",
    "url": "element link, or guid",
    "source": "the feed's title",
    "author": "element creator, author or name",
    "published": "element pubDate, date, published or updated",
    "language": "the feed's language",
    "keywords": "elements category",
}
_TAG = re.compile(r"<[a-zA-Z/!]|&[#\w]+;")


def sniff(head: str) -> bool:
    """Whether the file begins like a feed, after an XML declaration, comments and a document type."""
    return _BEGINNING.match(head) is not None


def read(stream: BinaryIO) -> Iterator[Draft | Fault]:
    """Yield one draft or fault for each item; `record` is its place. What follows a fault of the XML is one fault more."""
    raw = stream.read(MAX_FEED + 1)
    if len(raw) > MAX_FEED:
        yield Fault(1, raw, "too_long", f"the feed is longer than {MAX_FEED:,} bytes")
        return
    number = 1
    try:
        for entry, outlet in _entries(raw):
            yield _draft(number, entry, outlet)
            number += 1
    except DefusedXmlException as error:
        yield Fault(number, raw, "bad_xml", f"a feed may not declare entities: {type(error).__name__}")
    except (ParseError, ValueError, LookupError) as error:  # the last two: an encoding that Python does not know
        yield Fault(number, raw, "bad_xml", f"the rest of the feed cannot be read: {error}")
    else:
        if number == 1:
            yield Fault(1, raw, "empty_text", "the feed has no item")


def _entries(raw: bytes) -> Iterator[tuple[Element, dict[str, str]]]:
    """Yield each item, and what the feed says of itself above it: its `title`, `language`, and when it was made."""
    feed: dict[str, str] = {}
    depth = nodes = inside = 0
    for event, element in iterparse(io.BytesIO(raw), events=("start", "end")):
        element.tag = element.tag.removeprefix(_RSS_1)
        is_entry = element.tag in ("item", f"{_ATOM}entry")
        if event == "start":
            depth += 1
            nodes += 1
            inside += is_entry
            if depth == 1:
                feed["language"] = element.get("{http://www.w3.org/XML/1998/namespace}lang", "")
            if depth > MAX_DEPTH or nodes > MAX_NODES:
                raise ValueError(f"elements are more than {MAX_DEPTH} deep or more than {MAX_NODES:,}")
            continue
        depth -= 1
        inside -= is_entry
        if is_entry and not inside:
            yield element, feed
            element.clear()
        elif not inside and depth < 3 and (name := _OF_FEED.get(element.tag)):
            feed.setdefault(name, "")
            feed[name] = feed[name] or _plain(element.text or "")


def _draft(number: int, entry: Element, feed: dict[str, str]) -> Draft | Fault:
    raw = tostring(entry, encoding="utf-8")

    def first(*names: str) -> str | None:
        return next((text for name in names if (text := mojibake.mend(entry.findtext(name) or "").strip())), None)

    found = next((found for name in _RSS_TEXTS if (found := _text(number, entry.find(name)))), None)
    if found is None:
        return Fault(number, raw, "empty_text", "the item has neither content nor a description")
    if isinstance(found, Fault):
        return Fault(number, raw, found.reason, found.detail)
    guid = entry.find("guid")
    permanent = guid is not None and guid.get("isPermaLink") != "false"
    return Draft(
        record=number,
        raw=raw,
        identity=raw,
        paragraphs=found[0],
        posts=found[1],
        title=_plain(first("title", f"{_ATOM}title") or "") or None,
        url=first("link") or _alternate(entry) or (first("guid") if permanent else None),
        number=first("guid", f"{_ATOM}id"),
        source=feed.get("title") or None,
        author=_person(first(f"{_DC}creator", f"{_ATOM}author/{_ATOM}name", "author")),
        published=_in_hours(first(*_DATES)),
        gathered=_in_hours(feed.get("made")),
        language=feed.get("language") or None,
        keywords=_keywords(entry),
        places=_PLACES,
        left=found[2],
    )


def _in_hours(text: str | None) -> str | None:
    """A date with its zone, if that is named as in RFC 822, as an offset."""
    return _ZONE.sub(lambda zone: f" {_ZONES[zone[1]]:+03d}:00", text or "") or None


def _alternate(entry: Element) -> str | None:
    """The address of the page of an Atom entry."""
    links = entry.iterfind(f"{_ATOM}link")
    return next((link.get("href") for link in links if link.get("rel", "alternate") == "alternate"), None)


def _person(text: str | None) -> str | None:
    """A name; RSS writes `mail@address (name)`, and the address is not kept."""
    match = _MAIL.fullmatch(clean.line(text or ""))
    return match["name"] if match else text


def _keywords(entry: Element) -> list[str]:
    texts = [category.text or "" for category in entry.iterfind("category")]
    texts += [category.get("label") or category.get("term") or "" for category in entry.iterfind(f"{_ATOM}category")]
    return clean.distinct(map(_plain, texts))


def _plain(text: str) -> str:
    """A short text, which may hold escaped HTML, as one line."""
    text = mojibake.mend(text)
    body = LexborHTMLParser(text).body if _TAG.search(text) and len(text) < 2**12 else None
    return clean.line(body.text() if body else text)


def _text(number: int, element: Element | None) -> tuple[list[Paragraph], list[Post], list[tuple[str, str]]] | Fault | None:
    """The paragraphs of a content or description, the posts in it, and what is left out: HTML, XHTML or plain text."""
    if element is None:
        return None
    if len(element):
        for part in element.iter():
            part.tag = part.tag.rpartition("}")[2]
    text = mojibake.mend(tostring(element, encoding="unicode", method="html") if len(element) else element.text or "")
    if not _TAG.search(text):
        lines = clean.paragraphs(text)
        return ([Paragraph("paragraph", line) for line in lines], [], []) if lines else None
    found = html.draft_of(number, text.encode())
    if isinstance(found, Draft):
        return found.paragraphs, found.posts, found.left
    if found.reason != "no_article":
        return found
    blocks = [block for block in page_of(LexborHTMLParser(text)).blocks if block.text]
    short = [Paragraph(block.kind, block.text) for block in blocks]  # too short for a page's text, not for a feed's
    return (short, [], []) if short else None
