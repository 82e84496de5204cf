"""Where a page may state each field, and which statement goes before which."""

import json

import pytest

from corpus.articles import html
from corpus.articles.draft import Draft

TEXT = "<p>سطر طويل من نص المقال يكفي ليعدّ فقرة جارية لا عنوانًا ولا رابطًا.</p>" * 2
ADDRESS = "https://mina.example/1"


def linked(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def named(name: str, content: str, attribute: str = "name") -> str:
    return f"<meta {attribute}='{name}' content='{content}'>"


PLACES = [
    ("title", linked(headline="عنوان"), "عنوان", "JSON-LD headline"),
    ("title", named("og:title", "عنوان", "property"), "عنوان", "meta og:title"),
    ("title", named("twitter:title", "عنوان"), "عنوان", "meta twitter:title"),
    ("title", "<title>عنوان</title>", "عنوان", "element title"),
    ("author", linked(author=[{"name": "سلمى"}, "نادر"]), "سلمى، نادر", "JSON-LD author"),
    ("author", named("dc.creator", "سلمى"), "سلمى", "meta dc.creator"),
    ("author", named("author", "https://people.example/1") + named("article:author", "سلمى"), "سلمى", "meta article:author"),
    ("published", linked(datePublished="2024-11-06"), "2024-11-06", "JSON-LD datePublished"),
    ("published", named("article:published_time", "2024-11-06", "property"), "2024-11-06", "meta article:published_time"),
    ("published", named("datePublished", "2024-11-06", "itemprop"), "2024-11-06", "meta datepublished"),
    ("published", named("PubDate", "2024-11-06"), "2024-11-06", "meta pubdate"),
    ("source", named("og:site_name", "المنارة", "property") + linked(publisher={"name": "x"}), "المنارة", "meta og:site_name"),
    ("source", linked(publisher={"name": "المنارة"}), "المنارة", "JSON-LD publisher"),
    ("section", named("article:section", "محليات", "property"), "محليات", "meta article:section"),
    ("language", linked(inLanguage="ar-TN"), "ar-TN", "JSON-LD inLanguage"),
    ("language", named("og:locale", "ar_TN", "property"), "ar_TN", "meta og:locale"),
    ("url", f"<link rel=canonical href='/1'><meta property=og:url content='{ADDRESS}'>", ADDRESS, "meta og:url"),
    ("url", linked(mainEntityOfPage={"@id": ADDRESS}), ADDRESS, "JSON-LD mainEntityOfPage"),
    ("url", linked(mainEntityOfPage=ADDRESS), ADDRESS, "JSON-LD mainEntityOfPage"),
    ("url", linked(url=ADDRESS), ADDRESS, "JSON-LD url"),
    ("keywords", linked(keywords="جسور، ترميم, جسور"), ["جسور", "ترميم"], "JSON-LD keywords"),
    ("keywords", named("article:tag", "جسور") + named("article:tag", "ترميم"), ["جسور", "ترميم"], "meta article:tag"),
    ("keywords", named("news_keywords", "جسور|ترميم"), ["جسور", "ترميم"], "meta news_keywords"),
    ("keywords", named("keywords", "جسور;ترميم"), ["جسور", "ترميم"], "meta keywords"),
]


@pytest.mark.parametrize(("field", "head", "value", "place"), PLACES)
def test_a_field_is_read_where_it_is_stated_and_its_place_is_told(field, head, value, place):
    draft = html.draft_of(1, f"<!doctype html><html><head>{head}</head><body>{TEXT}</body></html>".encode())
    assert isinstance(draft, Draft)
    assert (getattr(draft, field), draft.places[field]) == (value, place)
