"""CSV and TSV: a header row, then rows; comma, semicolon or tab between columns. Columns as in `fields`, in any case."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from corpus.articles.draft import Draft, Fault
from corpus.articles.fields import NAMES, draft_of
from corpus.text.encoding import is_utf8

VERSION = 1
MAX_FIELD = 16 * 2**20
DELIMITERS = ",;\t"


def sniff(head: str, columns: dict[str, str]) -> bool:
    """Whether the first line is a header row with a column for the text."""
    return _lower(columns).get("text", "text") in _header(head)


def read(stream: BinaryIO, columns: dict[str, str]) -> Iterator[Draft | Fault]:
    """Yield one draft or fault for each row below the header; `record` is the row's number, the header being row 0."""
    columns = _lower(columns)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    csv.field_size_limit(MAX_FIELD)
    number = 0
    try:
        first = text.readline(MAX_FIELD)
        names = _header(first)
        if twice := {columns.get(name, name) for name in NAMES} & {name for name, n in Counter(names).items() if n > 1}:
            yield Fault(1, first.encode("utf-8", "surrogateescape"), "bad_row", f"two columns are named {min(twice)!r}")
            return
        rows = csv.reader(_lines(text), delimiter=_delimiter(first), strict=True)
        for number, row in enumerate(rows, 1):
            raw = "\x1f".join(row).encode("utf-8", "surrogateescape")
            if not is_utf8(raw):
                yield Fault(number, raw, "not_text", f"row {number} is not UTF-8")
            elif len(row) == len(names):
                yield draft_of(number, raw, dict(zip(names, row, strict=True)), columns)
            elif row:
                yield Fault(number, raw, "bad_row", f"row {number} has {len(row)} fields; the header has {len(names)}")
        if not number:
            yield Fault(1, first.encode("utf-8", "surrogateescape"), "empty_file", "the table has a header and no row")
    except csv.Error as error:
        detail = (
            f"row {number + 1} cannot be read, nor the rest of the file: {error}; is a quote inside a field written twice?"
        )
        yield Fault(number + 1, b"", "bad_row", detail)
    finally:
        text.detach()


def _lines(text: TextIO) -> Iterator[str]:
    """The lines, none longer than MAX_FIELD: `csv` would hold any."""
    while line := text.readline(MAX_FIELD):
        if len(line) == MAX_FIELD:
            raise csv.Error(f"a line is longer than {MAX_FIELD:,} characters")
        yield line


def _lower(columns: dict[str, str]) -> dict[str, str]:
    return {name: column.lower() for name, column in columns.items()}


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _header(line: str) -> list[str]:
    line = re.split("[\r\n]", line.lstrip("\ufeff"), maxsplit=1)[0]
    names = next(csv.reader([line], delimiter=_delimiter(line)), [])
    return [name.strip().lower() for name in names]
