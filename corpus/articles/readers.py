"""The table of input formats, and how a file's format is told by its content."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from corpus.articles import jsonl, portal, table, trec
from corpus.articles.draft import Draft, Fault


@dataclass(frozen=True)
class Reader:
    """One input format: its name, whether a text begins like it, and how to read it."""

    name: str
    sniff: Callable[[str], bool]
    read: Callable[[BinaryIO], Iterator[Draft | Fault]]
    version: int


READERS = [
    Reader("trec", trec.sniff, trec.read, trec.VERSION),
    Reader("jsonl", jsonl.sniff, jsonl.read, jsonl.VERSION),
    Reader("portal", portal.sniff, portal.read, portal.VERSION),
    Reader("csv", table.sniff, table.read, table.VERSION),
]
"""Asked in this order."""

REASONS = {
    "bad_archive": "the archive is broken",
    "bad_field": "a field has the wrong type",
    "bad_json": "a line is not a JSON object",
    "bad_row": "a table's row cannot be read",
    "empty_file": "there is nothing in the file",
    "empty_text": "there is no text",
    "link": "a symbolic link, which is not followed",
    "missing_field": "there is no field 'text'",
    "not_text": "not text in UTF-8",
    "repeated": "the same article was read already in this run",
    "too_long": "a line or page is too long",
    "unclosed": "the record has no end",
    "unknown_format": "no reader knows the format",
    "unreadable": "the file cannot be opened",
}
"""Why an input record is rejected: the code in rejects.jsonl, and what it means."""

_HEAD = 8192


def detect(head: bytes) -> Reader | Fault:
    """The reader for a file that begins with these bytes, or why there is none."""
    head = head[:_HEAD]
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return Fault(1, head, "empty_file", "the file is empty")
    decode = codecs.getincrementaldecoder("utf-8-sig")  # not final: a character may be cut in two at the end
    text = decode("replace").decode(head)
    if "\0" in text:
        return Fault(1, head, "not_text", f"character {text.index(chr(0))} is a NUL")
    for reader in READERS:
        if reader.sniff(text):
            return reader
    try:
        decode().decode(head)
    except UnicodeDecodeError as error:
        return Fault(1, head, "not_text", f"byte {error.start} is not UTF-8")
    names = ", ".join(reader.name for reader in READERS)
    return Fault(1, head, "unknown_format", f"none of the readers ({names}) knows a file that begins like this")
