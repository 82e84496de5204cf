"""JSON lines: one object a line, with fields as in `fields`. A bad line is one reject, and the rest goes on."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from corpus.articles.draft import Draft, Fault
from corpus.articles.fields import draft_of
from corpus.text import mojibake

VERSION = 1
MAX_LINE = 16 * 2**20


def sniff(head: str) -> bool:
    """Whether the file begins with a `{`."""
    return head.lstrip().startswith("{")


def read(stream: BinaryIO) -> Iterator[Draft | Fault]:
    """Yield one draft or fault for each line that is not blank; `record` is the line number."""
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
            yield _draft(number, line.removeprefix(b"\xef\xbb\xbf"))


def _draft(number: int, line: bytes) -> Draft | Fault:
    try:
        fields = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Fault(number, line, "bad_json", f"line {number} is not JSON: {error}")
    if not isinstance(fields, dict):
        return Fault(number, line, "bad_json", f"line {number} should be an object; got {type(fields).__name__}")
    return draft_of(number, line, {name: _mended(value) for name, value in fields.items()})


def _mended(value: Any) -> Any:
    """A text, or the texts of a list, without mojibake: it may have been written with `\\u` escapes, so not before here."""
    if isinstance(value, list):
        return [_mended(item) if isinstance(item, str) else item for item in value]
    return mojibake.mend(value) if isinstance(value, str) else value
