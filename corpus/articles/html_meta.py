"""What a page says of itself: schema.org JSON-LD first, then OpenGraph and other meta elements, then the visible page."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from corpus.articles.address import canonical_url
from corpus.articles.fields import KEYWORD_END
from corpus.text import clean

_TYPE = re.compile(r"(?:Article|Posting)$")
_DATES = ("article:published_time", "datepublished", "pubdate", "publishdate", "dc.date.issued", "dc.date", "date")


@dataclass(frozen=True)
class Meta:
    """What a page states, as printed; None or empty where it says nothing. `body`: the articleBody, often as HTML.

    `places` says where each of the others stood.
    """

    title: str | None
    author: str | None
    published: str | None
    source: str | None
    section: str | None
    language: str | None
    url: str | None
    keywords: list[str]
    body: str
    places: dict[str, str]


def meta_of(tree: LexborHTMLParser) -> Meta:
    """Read a parsed page's metadata."""
    data = next(_articles(tree), {})
    named = _named(tree)
    places: dict[str, str] = {}

    first, stated, metas = partial(_first, places), partial(_stated, data), partial(_metas, named)
    people = [(place, text) for place, text in metas("author", "article:author", "dc.creator") if not canonical_url(text)]
    time = tree.css_first("[itemprop=datePublished], time[pubdate]")
    printed = (time.attributes.get("content") or time.attributes.get("datetime")) if time else None
    root = tree.root.attributes if tree.root else {}
    return Meta(
        title=first(
            "title",
            stated("headline"),
            *metas("og:title", "twitter:title"),
            ("element h1", _shown(tree, "h1")),
            ("element title", _shown(tree, "title")),
        ),
        author=first("author", stated("author"), *people),  # an address is a profile's and no name
        published=first("published", stated("datePublished"), *metas(*_DATES), ("element time", printed)),
        source=first("source", *metas("og:site_name"), stated("publisher"), *metas("application-name")),
        section=first("section", stated("articleSection"), *metas("article:section")),
        language=first(
            "language", stated("inLanguage"), ("attribute lang", root.get("lang") or root.get("xml:lang")), *metas("og:locale")
        ),
        url=first("url", *_addresses(tree, data, named)),
        keywords=_stated_keywords(data, named, places),
        body=data["articleBody"] if isinstance(data.get("articleBody"), str) else "",
        places=places,
    )


def _first(places: dict[str, str], field: str, *given: tuple[str, str | None]) -> str | None:
    """The first text of those given with their places; its place goes into `places`."""
    for place, text in given:
        if text:
            places[field] = place
            return text
    return None


def _stated(data: dict[str, Any], name: str) -> tuple[str, str | None]:
    return f"JSON-LD {name}", _text(data.get(name))


def _metas(named: dict[str, list[str]], *names: str) -> list[tuple[str, str]]:
    return [(f"meta {name}", named[name][0]) for name in names if name in named]


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
    return "، ".join(clean.distinct(html.unescape(text) for text in texts if isinstance(text, str))) or None


def _shown(tree: LexborHTMLParser, selector: str) -> str | None:
    element = tree.css_first(selector)
    return clean.line(element.text()) or None if element else None


def _addresses(tree: LexborHTMLParser, data: dict[str, Any], named: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The whole web addresses, with their places, of: the canonical link, og:url, JSON-LD's mainEntityOfPage and url."""
    link = tree.css_first('link[rel~="canonical"]')
    main = data.get("mainEntityOfPage")
    given = {
        "link canonical": link and link.attributes.get("href"),
        "meta og:url": named.get("og:url", [None])[0],
        "JSON-LD mainEntityOfPage": main.get("@id") if isinstance(main, dict) else main,
        "JSON-LD url": data.get("url"),
    }
    return [(place, address) for place, address in given.items() if isinstance(address, str) and canonical_url(address)]


def _stated_keywords(data: dict[str, Any], named: dict[str, list[str]], places: dict[str, str]) -> list[str]:
    given = {"JSON-LD keywords": data.get("keywords"), "meta article:tag": named.get("article:tag")}
    given |= {f"meta {name}": named.get(name, [])[:1] for name in ("news_keywords", "keywords")}
    places["keywords"], value = next(((place, value) for place, value in given.items() if value), ("", []))
    return _keywords(value)


def _keywords(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return clean.distinct(word for text in values if isinstance(text, str) for word in KEYWORD_END.split(html.unescape(text)))
