"""One HTML page: its own statements (`html_meta`) and its article's text (`html_body`) → one draft."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser
from w3lib import encoding

from corpus.articles.draft import Draft, Fault, Paragraph
from corpus.articles.html_blocks import page_of
from corpus.articles.html_body import Body, body_of
from corpus.articles.html_bomb import LIMITS, is_bomb
from corpus.articles.html_meta import Meta, meta_of
from corpus.articles.html_shown import completed
from corpus.text import clean, mojibake
from corpus.text.encoding import legacy

VERSION = 2
MAX_PAGE = 4 * 2**20
BROKEN = 0.05
"""Mojibake of Arabic has a larger share of the letters Ø, Ù, Ã, Ç and á than any language."""

_BEGINNING = re.compile(r"(?>\s+|\ufeff|<\?.*?>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE)
_CHARSETS = ("utf", "cp", "iso8859", "koi8", "gb", "big5", "shift_jis", "euc", "mac", "tis")
_BROKEN = re.compile("[ØÙÃÇá]")
_LATIN = (None, "cp1252", "iso8859-15")
"""What pages declare, or say nothing, whose bytes are Arabic all the same."""


def sniff(head: str) -> bool:
    """Whether the file begins like an HTML page, after comments and an XML declaration."""
    return _BEGINNING.match(head) is not None


def read(stream: BinaryIO) -> Iterator[Draft | Fault]:
    """Yield the one article of a page."""
    raw = stream.read(MAX_PAGE + 1)
    if len(raw) > MAX_PAGE:
        yield Fault(1, raw, "too_long", f"the page is longer than {MAX_PAGE:,} bytes")
    else:
        yield draft_of(1, raw)


def draft_of(record: int, raw: bytes) -> Draft | Fault:
    """The article of a page, or why there is none. Without an address of its own, its bytes identify it."""
    text = _decoded(raw)
    if text is None:
        return Fault(record, raw, "not_text", "the page is neither UTF-8 nor in the encoding that it declares")
    if is_bomb(text):
        return Fault(record, raw, "too_long", LIMITS)
    draft = _draft(record, raw, text)
    if isinstance(draft, Draft) and _looks_broken(draft):
        draft = _draft(record, raw, mojibake.mend(text))  # the whole page: half of a letter may have looked like a space
    return draft


def _looks_broken(draft: Draft) -> bool:
    """Whether signs of Arabic mojibake are so many in the text that it is worth the time to look closer."""
    text = "".join(paragraph.text for paragraph in draft.paragraphs)
    return len(_BROKEN.findall(text)) > BROKEN * len(text)


def _draft(record: int, raw: bytes, text: str) -> Draft | Fault:
    """The article of a page's text."""
    tree = LexborHTMLParser(text)
    meta = meta_of(tree)
    page = page_of(tree)
    body = body_of(page, meta.title)
    stated = _stated(meta)
    if sum(len(each.text) for each in stated) > 2 * sum(len(each.text) for each in body.paragraphs):
        shorter = [("the articleBody of JSON-LD is more than twice as long", each.text) for each in body.paragraphs]
        body = Body(stated, [], [*shorter, *body.left], body.first)
    if not body.paragraphs:
        return Fault(record, raw, "no_article", "no element of the page holds running text")
    meta = completed(meta, tree, page, body.first)
    return Draft(
        record=record,
        raw=raw,
        identity=raw.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf"),
        paragraphs=body.paragraphs,
        title=meta.title,
        url=meta.url,
        source=meta.source,
        author=meta.author,
        published=meta.published,
        section=meta.section,
        language=meta.language,
        keywords=meta.keywords,
        posts=body.posts,
        places=meta.places,
        left=body.left,
    )


def _stated(meta: Meta) -> list[Paragraph]:
    """The text that the metadata holds: of use where a page's own text is drawn by a script."""
    body = LexborHTMLParser(meta.body).body if meta.body and not is_bomb(meta.body) else None
    text = body.text(separator="\n" if "<p" in meta.body else "") if body else ""
    return [Paragraph("paragraph", line) for line in clean.paragraphs(text)]


def _decoded(raw: bytes) -> str | None:
    """A page's text by its byte order mark, else as UTF-8, else by what it declares. None if it is in none of them.

    UTF-8 goes before the declaration: what is not ASCII and yet UTF-8 is hardly ever anything else, and servers that recode
    pages leave the old declaration in place. Of a page that declares no encoding or a western one it is asked whether its
    words are Arabic.
    """
    marked, mark = encoding.read_bom(raw)
    text = _text_in(raw[len(mark or b"") :], marked) or _text_in(raw, "utf-8")
    if text is None:
        declared = encoding.html_body_declared_encoding(raw)
        arabic = legacy(raw) if declared in _LATIN else None
        text = _text_in(raw, arabic) or _text_in(raw, declared)
    return text


def _text_in(raw: bytes, name: str | None) -> str | None:
    """A page's text in the encoding of this name; None if it is not in it."""
    if not name or not name.replace("-", "").startswith(_CHARSETS) or name in ("utf-7", "utf_7"):
        return None
    try:
        return raw.decode(name)
    except (UnicodeError, LookupError):
        return None
