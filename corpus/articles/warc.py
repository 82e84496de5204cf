"""WARC files (ISO 28500, versions 1.0 and 1.1): the HTML pages among a crawl's records → drafts.

What counts as an input record is a `response` to HTTP whose type is HTML. The rest of a crawl (requests, metadata, revisits,
pictures, scripts) is not, and is in no sum. `record` is the place among all records of the file.

See docs/decisions/0022-containers.md for why the frame of a record is read here and not by a library.
"""

import http.client
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import BinaryIO

from msgspec.structs import replace
from w3lib.encoding import http_content_type_encoding

from corpus.articles import html
from corpus.articles.draft import Draft, Fault

VERSION = 3
MAGIC = b"WARC/1."
MAX_RECORD = 8 * 2**20
"""Of a record so many bytes are held; a page of html.MAX_PAGE fits with its headers and chunk marks."""

_CHUNK = 2**20
_MAX_LINE = 2**16
_STATUS = re.compile(rb"HTTP/\S+ +(\d{3})")
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_CODECS = {"br": "brotli", "zstd": "zstd"}
"""Content-Encoding → pyarrow's name of it."""
_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class _Record:
    """One record: its headers, the first MAX_RECORD bytes of its block, and how many the block has and should have."""

    headers: Message
    block: bytes
    length: int
    stated: int


def sniff(head: str) -> bool:
    """Whether the file begins like a WARC record."""
    return head.startswith(MAGIC.decode())


def read(stream: BinaryIO) -> Iterator[Draft | Fault]:
    """Yield one draft or fault for each HTML page. After a record that is broken the rest of the file cannot be found."""
    number = 1
    while record := _record(stream):
        if isinstance(record, str):
            yield Fault(number, b"", "bad_record", f"{record}; the rest of the file is not read")
            return
        if record.length < record.stated:
            detail = f"the record should have {record.stated:,} bytes and the file ends after {record.length:,}"
            yield Fault(number, record.block, "unclosed", detail)
            return
        if found := _page(number, record):
            yield found
        number += 1


def _record(stream: BinaryIO) -> _Record | str | None:
    """The next record, what is wrong with it, or None at the end of the file."""
    line = b"\n"
    while line in (b"\n", b"\r\n"):
        line = stream.readline(_MAX_LINE)
    if not line:
        return None
    if not line.startswith(MAGIC):
        return f"a record should begin with WARC/1.0 or WARC/1.1; got {line[:40]!r}"
    try:
        headers = http.client.parse_headers(stream)
    except http.client.HTTPException as error:
        return f"the record's headers cannot be read: {error}"
    stated = headers.get("Content-Length", "").strip()
    if not (stated.isascii() and stated.isdigit() and len(stated) < 19):
        return f"Content-Length should be a number; got {stated[:40]!r}"
    block = stream.read(min(int(stated), MAX_RECORD))
    length = len(block)
    while length < int(stated) and (skipped := len(stream.read(min(_CHUNK, int(stated) - length)))):
        length += skipped
    return _Record(headers, block, length, int(stated))


def _page(number: int, record: _Record) -> Draft | Fault | None:
    """The article of a record; None if the record holds no HTML page that a server sent."""
    kind = record.headers.get("Content-Type", "")
    if record.headers.get("WARC-Type", "").strip().lower() != "response" or not kind.lower().startswith("application/http"):
        return None
    stream = io.BytesIO(record.block)
    status = _STATUS.match(stream.readline(_MAX_LINE))
    try:
        headers = http.client.parse_headers(stream)
    except http.client.HTTPException as error:
        return Fault(number, record.block, "bad_record", f"the server's headers cannot be read: {error}")
    if not status:
        return Fault(number, record.block, "bad_record", "the server's answer does not begin with a status")
    body = stream.read()
    if not _is_html(headers, body):
        return None
    if status[1] != b"200":
        return Fault(number, body, "not_served", f"the server answered with status {status[1].decode()}, not with a page")
    if record.length > MAX_RECORD:
        return Fault(number, body, "too_long", f"the record is longer than {MAX_RECORD:,} bytes")
    if reason := record.headers.get("WARC-Truncated"):
        return Fault(number, body, "unclosed", f"the crawler cut the page off: {reason[:40]}")
    page = _decoded(headers, body)
    if page is None:
        return Fault(number, body, "bad_record", "the page is broken off, or packed in an unknown way")
    if len(page) > html.MAX_PAGE:
        return Fault(number, body, "too_long", f"the page is longer than {html.MAX_PAGE:,} bytes")
    return _draft(number, page, record, headers)


def _is_html(headers: Message, body: bytes) -> bool:
    stated = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return stated in _HTML_TYPES if stated else _looks_like_html(body)


def _looks_like_html(body: bytes) -> bool:
    return html.sniff(body[:1024].decode("utf-8", "replace"))


def _draft(number: int, page: bytes, record: _Record, headers: Message) -> Draft | Fault:
    """The article of a page, read in the server's charset where the page has none that fits; its address if it has none."""
    found = html.draft_of(number, page)
    charset = http_content_type_encoding(headers.get("Content-Type", ""))
    if isinstance(found, Fault) and found.reason == "not_text" and charset:
        try:
            found = html.draft_of(number, page.decode(charset).encode())
        except (UnicodeError, LookupError):
            return found
    if isinstance(found, Fault):
        return replace(found, raw=page)
    target = record.headers.get("WARC-Target-URI", "").strip().strip("<>").encode("latin-1", "replace")
    return replace(
        found,
        raw=page,
        identity=page,
        url=found.url or target.decode("utf-8", "replace"),
        places={"url": "WARC-Target-URI"} | found.places,
        gathered=record.headers.get("WARC-Date"),
    )


def _decoded(headers: Message, body: bytes) -> bytes | None:
    """A body without chunk marks and compression, or None. Some crawlers undo both and leave the headers as they were."""
    if "chunked" in headers.get("Transfer-Encoding", "").lower() and _CHUNK_SIZE.match(body):
        parts, at = [], 0
        while (mark := _CHUNK_SIZE.match(body, at)) and (size := int(mark[1], 16)):
            parts.append(body[mark.end() : mark.end() + size])
            at = mark.end() + size + 2
        if not mark:
            return None
        body = b"".join(parts)
    packing = headers.get("Content-Encoding", "identity").strip().lower()
    if packing in ("identity", "") or _looks_like_html(body):
        return body
    if packing in _CODECS:
        return _unpacked(body, _CODECS[packing])
    for window in (47, -15) if packing in ("gzip", "x-gzip", "deflate") else ():  # gzip or zlib; deflate without a header
        unpack = zlib.decompressobj(window)
        try:
            plain = unpack.decompress(body, html.MAX_PAGE + 1)
        except zlib.error:
            continue
        return plain if unpack.eof or len(plain) > html.MAX_PAGE else None
    return None


def _unpacked(body: bytes, codec: str) -> bytes | None:
    import pyarrow  # here, as in `containers`

    try:
        with pyarrow.CompressedInputStream(pyarrow.BufferReader(body), codec) as stream:
            return bytes(stream.read(html.MAX_PAGE + 1))
    except (OSError, pyarrow.ArrowException):
        return None
