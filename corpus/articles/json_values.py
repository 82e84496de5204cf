"""JSON files that are not one object a line: an array of objects, or objects over several lines, one after another.

Read with a window over the text, so memory is that of the longest object. After a fault the next object cannot be found.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.articles.draft import Draft, Fault
from corpus.articles.fields import draft_of
from corpus.text.encoding import is_utf8

VERSION = 1
MAX_OBJECT = 16 * 2**20
"""So many characters may one object have."""
_CHUNK = 2**14
_BEGINNING = re.compile(r"\s*(?:\[\s*[{\]]|\{[ \t]*\r?\n)")
_BETWEEN = re.compile(r"[\s,]*")
_decode = json.JSONDecoder(strict=False).raw_decode


def sniff(head: str) -> bool:
    """Whether the file begins with an array of objects, or with an object whose first line is its brace."""
    return _BEGINNING.match(head) is not None


def read(stream: BinaryIO, columns: dict[str, str]) -> Iterator[Draft | Fault]:
    """Yield one draft or fault for each object; `record` is its place. `columns` as in `fields`."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    number = 0
    try:
        for number, (raw, value) in enumerate(_values(text), 1):
            data = raw.encode("utf-8", "surrogateescape")
            if not isinstance(value, dict):
                yield Fault(number, data, "bad_json", f"value {number} should be an object; got {type(value).__name__}")
            elif is_utf8(data):
                yield draft_of(number, data, value, columns)
            else:
                yield Fault(number, data, "not_text", f"object {number} is not UTF-8")
        if not number:
            yield Fault(1, b"[]", "empty_file", "the array is empty")
    except _Broken as error:
        yield Fault(number + 1, error.rest.encode("utf-8", "surrogateescape"), error.reason, f"{error}; the rest is not read")
    finally:
        text.detach()


class _Broken(Exception):
    def __init__(self, reason: str, what: str, rest: str) -> None:
        super().__init__(what)
        self.reason = reason
        self.rest = rest[:1000]


def _values(text: io.TextIOWrapper) -> Iterator[tuple[str, object]]:
    """Each value with the text that it is written in. A value that is cut off by the window is tried again in a longer one."""
    window, size = text.read(_CHUNK).lstrip(), _CHUNK
    in_array = window.startswith("[")
    at = int(in_array)
    while True:
        if between := _BETWEEN.match(window, at):
            at = between.end()
        if in_array and window.startswith("]", at):
            return
        try:
            value, end = _decode(window, at)
            if end == len(window) and not isinstance(value, dict | list | str):  # a number may go on
                raise ValueError
        except RecursionError:
            raise _Broken("bad_json", "an object is nested too deeply", window[at:]) from None
        except ValueError as error:
            if at:
                window, at = window[at:], 0  # cut here, not at each object: behind a long one may stand a million short ones
                continue
            more = text.read(size)
            if not more and not window and not in_array:
                return
            if not more:
                raise _Broken("bad_json", f"it is not JSON, or breaks off: {error}", window) from None
            window, size = window + more, 2 * size  # doubled, so that a long object is not parsed again at each chunk
            if len(window) > MAX_OBJECT:
                raise _Broken("too_long", f"an object is longer than {MAX_OBJECT:,} characters", window) from None
            continue
        yield window[at:end], value
        at, size = end, _CHUNK
