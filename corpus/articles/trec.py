"""TREC-style files such as the ANT corpus: `<DOC>` records with DOCNO, URL, SRC, CAT, TITLE, TIME, ABSTRACT, TEXT.

They are not XML (a bare & is common), so the tags are matched, and the text between them is taken as it stands.
"""

import codecs
import re
from collections.abc import Iterator
from io import BufferedIOBase

from corpus.articles.draft import Draft, Fault, Paragraph
from corpus.text import clean, mojibake
from corpus.text.fold import fold

VERSION = 1
MAX_RECORD = 16 * 2**20
_CHUNK = 2**20
_TAG = re.compile("<(DOCNO|URL|SRC|CAT|TITLE|TIME|AUTHOR|ABSTRACT|TEXT)>")
_PLACES = {"title": "TITLE", "url": "URL", "source": "SRC", "author": "AUTHOR", "published": "TIME", "section": "CAT"}


def sniff(head: str) -> bool:
    """Whether the file begins with a `<DOC>` tag."""
    return head.lstrip().startswith("<DOC>")


def read(stream: BufferedIOBase) -> Iterator[Draft | Fault]:
    """Yield one draft for each `<DOC>`. The abstract is printed above the text unless the text begins with it."""
    for number, raw in enumerate(_documents(stream), 1):
        if not raw.rstrip().endswith(b"</DOC>"):
            yield Fault(number, raw, "unclosed", f"no </DOC> ends this record of {len(raw)} bytes")
            continue
        try:
            text = mojibake.mend(raw.removeprefix(codecs.BOM_UTF8).decode())
        except UnicodeDecodeError as error:
            yield Fault(number, raw, "not_text", f"byte {error.start} of the record is not UTF-8")
            continue
        yield _draft(number, raw, _fields(text))


def _documents(stream: BufferedIOBase) -> Iterator[bytes]:
    """Cut a stream after each `</DOC>` and before each `<DOC>`, holding one record and one chunk.

    What follows the last one comes out as it is.
    """
    rest = b""
    while (chunk := stream.read1(_CHUNK)) and len(rest) < MAX_RECORD:
        *whole, rest = (rest + chunk).split(b"</DOC>")
        for document in whole:
            yield from _openings(document + b"</DOC>")
    if rest.strip():
        yield from _openings(rest)


def _openings(raw: bytes) -> Iterator[bytes]:
    """Cut before each `<DOC>`: all but the last piece are records without an end."""
    first, *others = raw.lstrip().split(b"\n<DOC>")
    if first.strip(b"\xef\xbb\xbf\r"):
        yield first
    yield from (b"<DOC>" + other for other in others)


def _fields(text: str) -> dict[str, str]:
    """What stands between a tag and the next end of it; of several fields of one name, the last."""
    fields = {}
    endless = set()  # for no tag is the end looked for again that is not there: records can have a million tags
    at = 0
    for tag in _TAG.finditer(text):
        name = tag[1]
        if tag.start() < at or name in endless:
            continue
        end = text.find(f"</{name}>", tag.end())
        if end < 0:
            endless.add(name)
        else:
            fields[name] = text[tag.end() : end]
            at = end
    return fields


def _draft(number: int, raw: bytes, fields: dict[str, str]) -> Draft | Fault:
    lines = clean.paragraphs(fields.get("TEXT", ""))
    if not lines:
        return Fault(number, raw, "empty_text", "the TEXT of this record is empty")
    abstract = clean.line(fields.get("ABSTRACT", ""))
    printed_twice = bool(abstract) and _begins_with(" ".join(lines), abstract)
    if abstract and not printed_twice:
        lines = [abstract, *lines]
    return Draft(
        record=number,
        raw=raw,
        identity=raw.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf"),
        paragraphs=[Paragraph("paragraph", line) for line in lines],
        title=fields.get("TITLE"),
        url=fields.get("URL"),
        number=fields.get("DOCNO", "").strip() or None,
        source=fields.get("SRC"),
        author=fields.get("AUTHOR"),
        published=fields.get("TIME"),
        section=fields.get("CAT"),
        places=_PLACES,
        left=[("the text begins with this abstract", abstract)] if printed_twice else [],
    )


def _begins_with(text: str, abstract: str) -> bool:
    return text.startswith(abstract) or fold(text).startswith(fold(abstract))
