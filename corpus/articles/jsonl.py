"""JSON lines: one object a line, with fields as in `fields`. A bad line is one reject, and the rest goes on."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from corpus.articles.draft import Draft, Fault
from corpus.articles.fields import draft_of

VERSION = 1
MAX_LINE = 16 * 2**20


def sniff(head: str) -> bool:
    """Whether the file begins with a `{`."""
    return head.lstrip().startswith("{")


def read(stream: BinaryIO, columns: dict[str, str]) -> Iterator[Draft | Fault]:
    """Yield one draft or fault for each line that is not blank; `record` is the line number. `columns` as in `fields`."""
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE:
            yield Fault(
                number,
                line,
                "too_long",
                f"line {number} is longer than {MAX_LINE:,} bytes; the rest of the file is not read",
            )
            return
        if line.strip(b"\xef\xbb\xbf \t\r\n"):
            yield _draft(number, line.removeprefix(b"\xef\xbb\xbf"), columns)


def _draft(number: int, line: bytes, columns: dict[str, str]) -> Draft | Fault:
    try:
        fields = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Fault(number, line, "bad_json", f"line {number} is not JSON: {error}")
    if not isinstance(fields, dict):
        return Fault(number, line, "bad_json", f"line {number} should be an object; got {type(fields).__name__}")
    return draft_of(number, line, fields, columns)
