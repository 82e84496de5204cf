"""CSV with a header row (comma, semicolon or tab), with columns as in `fields`."""

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.articles.draft import Draft, Fault
from corpus.articles.fields import draft_of
from corpus.text import mojibake

VERSION = 1
MAX_FIELD = 16 * 2**20
DELIMITERS = ",;\t"


def sniff(head: str) -> bool:
    """Whether the first line is a header row with a column `text`."""
    return "text" in _header(head)


def read(stream: BinaryIO) -> Iterator[Draft | Fault]:
    """Yield one draft or fault for each row below the header; `record` is the row's number, the header being row 0."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    csv.field_size_limit(MAX_FIELD)
    number = 0
    try:
        first = text.readline(MAX_FIELD)
        names = _header(first)
        rows = csv.reader(text, delimiter=_delimiter(first), strict=True)
        for number, row in enumerate(rows, 1):
            raw = "\x1f".join(row).encode("utf-8", "surrogateescape")
            if not _is_text(raw):
                yield Fault(number, raw, "not_text", f"row {number} is not UTF-8")
            elif len(row) == len(names):
                yield draft_of(number, raw, dict(zip(names, map(mojibake.mend, row), strict=True)))
            elif row:
                yield Fault(number, raw, "bad_row", f"row {number} has {len(row)} fields; the header has {len(names)}")
        if not number:
            yield Fault(1, first.encode("utf-8", "surrogateescape"), "empty_file", "the table has a header and no row")
    except csv.Error as error:
        yield Fault(number + 1, b"", "bad_row", f"row {number + 1} cannot be read, nor the rest of the file: {error}")
    finally:
        text.detach()


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _header(line: str) -> list[str]:
    line = re.split("[\r\n]", line.lstrip("\ufeff"), maxsplit=1)[0]
    names = next(csv.reader([line], delimiter=_delimiter(line)), [])
    return [name.strip().lower() for name in names]
