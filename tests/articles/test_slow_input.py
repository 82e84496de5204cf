"""Input that is made to be slow: a reader whose time grows with the square of the length is several times over the bar."""

import io
import json
import time

import pytest

from corpus.articles.containers import Source
from corpus.articles.reading import records_of
from corpus.articles.settings import Settings

SECONDS = 3
"""Of the processor: the bar is the same while others use the machine."""
PROSE = "<p>سطر طويل من نص المقال يكفي ليعدّ فقرة جارية لا عنوانًا ولا رابطًا، وهو آخر الصفحة.</p>"
PORTAL = "عنوان\nتاريخ النشر: 6th, November 2024 GMT\nفقرة سليمة لا عيب فيها.\n{}\nفقرة أخيرة.\n"


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def stated(text: str) -> str:
    """An articleBody whose tags are escaped, so that the page itself shows none of them."""
    body = json.dumps({"@type": "Article", "articleBody": text}).replace("<", "\\u003c").replace(">", "\\u003e")
    return page("", f'<script type="application/ld+json">{body}</script>')


INPUTS = {
    "headings beside a long title": lambda: page(
        "".join(f"<h2>{'ab' * 8}{n}</h2>" for n in range(12_000)) + PROSE, f"<title>{'x' * 800_000}</title>"
    ),
    "options": lambda: page("<select>" + "<option>x" * 70_000 + "</select>" + PROSE),
    "tags in the stated text": lambda: stated("<div>" * 80_000),
    "the address of an author": lambda: (
        "<rss><channel><item><author>" + "@" * 30_000 + " x</author><description>نصّ</description></item></channel></rss>"
    ),
    "full stops": lambda: PORTAL.format("." * 50_000 + "a"),
    "links": lambda: PORTAL.format("http://" * 40_000 + " x\n— اسم (@handle) March 12, 2024"),
    "keywords": lambda: PORTAL.format("كلمات دلالية: " + "a " * 20_000 + "b"),
    "articles in an article": lambda: PORTAL.format("إقرأ أيضاً:\nعنوان\nنصّ\n" * 20_000),
    "columns": lambda: "text," + ",".join(f"c{n}" for n in range(60_000)) + "\nنصّ\n",
    "short objects behind a long one": lambda: json.dumps([{"text": "a" * 2_100_000}, *[{}] * 400_000]),
}


@pytest.mark.parametrize("made", INPUTS)
def test_the_time_does_not_grow_with_the_square_of_the_length(made):
    source = Source("x", "x", io.BufferedReader(io.BytesIO(INPUTS[made]().encode())))
    start = time.process_time()
    count = sum(1 for _ in records_of(source, Settings()))
    assert count and time.process_time() - start < SECONDS
