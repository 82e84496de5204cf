"""What a page says of itself: schema.org JSON-LD first, then OpenGraph and other meta elements, then the visible page."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from corpus.articles.draft import canonical_url
from corpus.text import clean

_TYPE = re.compile(r"(?:Article|Posting)$")
_BETWEEN_KEYWORDS = re.compile(r"[,،;؛|]")
_DATES = ("article:published_time", "datepublished", "pubdate", "publishdate", "dc.date.issued", "dc.date", "date")


@dataclass(frozen=True)
class Meta:
    """What a page states, as printed; None or empty where it says nothing. `body`: the articleBody, often as HTML."""

    title: str | None
    author: str | None
    published: str | None
    source: str | None
    section: str | None
    language: str | None
    url: str | None
    keywords: list[str]
    body: str


def meta_of(tree: LexborHTMLParser) -> Meta:
    """Read a parsed page's metadata."""
    data = next(_articles(tree), {})
    named = _named(tree)

    def first(*names: str) -> str | None:
        return next((named[name][0] for name in names if name in named), None)

    time = tree.css_first("[itemprop=datePublished], time[pubdate]")
    printed = (time.attributes.get("content") or time.attributes.get("datetime")) if time else None
    locale = (first("og:locale") or "").replace("_", "-")
    root = tree.root.attributes if tree.root else {}
    return Meta(
        title=_text(data.get("headline")) or first("og:title", "twitter:title") or _shown(tree, "h1") or _shown(tree, "title"),
        author=_text(data.get("author")) or _person(first("author", "article:author", "dc.creator")),
        published=_text(data.get("datePublished")) or first(*_DATES) or printed,
        source=first("og:site_name") or _text(data.get("publisher")) or first("application-name"),
        section=_text(data.get("articleSection")) or first("article:section"),
        language=_text(data.get("inLanguage")) or root.get("lang") or root.get("xml:lang") or locale or None,
        url=_address(tree, data, first("og:url")),
        keywords=_keywords(data.get("keywords") or named.get("article:tag") or first("news_keywords", "keywords")),
        body=data["articleBody"] if isinstance(data.get("articleBody"), str) else "",
    )


def _articles(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Every JSON-LD object whose type is an article's, in the order of the page."""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            found = [json.loads(script.text(), strict=False)]  # raw line breaks in texts are common
        except (ValueError, RecursionError):
            continue
        while found:
            thing = found.pop()
            if isinstance(thing, list):
                found += reversed(thing)
            elif isinstance(thing, dict):
                kinds = thing.get("@type")
                if any(
                    isinstance(kind, str) and _TYPE.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
                ):
                    yield thing
                found += [value for value in reversed(thing.values()) if isinstance(value, dict | list)]


def _named(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """Contents of the meta elements by property, name or itemprop, in lower case."""
    named: dict[str, list[str]] = {}
    for element in tree.css("meta[content]"):
        attributes = element.attributes
        name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
        if content := clean.line(attributes.get("content") or ""):
            named.setdefault(name, []).append(content)
    return named


def _text(value: Any) -> str | None:
    """The text of a JSON-LD value: itself, or its `name`; several are joined by a comma."""
    values = value if isinstance(value, list) else [value]
    texts = [each.get("name") if isinstance(each, dict) else each for each in values]
    lines = [clean.line(html.unescape(text)) for text in texts if isinstance(text, str)]
    return "، ".join(dict.fromkeys(filter(None, lines))) or None


def _person(text: str | None) -> str | None:
    """A name; the address of a profile is none."""
    return None if canonical_url(text) else text


def _shown(tree: LexborHTMLParser, selector: str) -> str | None:
    element = tree.css_first(selector)
    return clean.line(element.text()) or None if element else None


def _address(tree: LexborHTMLParser, data: dict[str, Any], og_url: str | None) -> str | None:
    """The first whole web address of: the canonical link, og:url, JSON-LD's mainEntityOfPage and url."""
    link = tree.css_first('link[rel~="canonical"]')
    main = data.get("mainEntityOfPage")
    main = main.get("@id") if isinstance(main, dict) else main
    given = (link and link.attributes.get("href"), og_url, main, data.get("url"))
    return next((address for address in given if isinstance(address, str) and canonical_url(address)), None)


def _keywords(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    parts = [part for each in values if isinstance(each, str) for part in _BETWEEN_KEYWORDS.split(html.unescape(each))]
    return list(dict.fromkeys(word for part in parts if (word := clean.line(part))))
