"""The table of input formats, and how a file's format is told by its content."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedReader
from typing import Any

from corpus.articles import feed, html, json_values, jsonl, parquet, portal, table, trec, warc
from corpus.articles.draft import Draft, Fault
from corpus.text import encoding, mojibake


@dataclass(frozen=True)
class Reader:
    """One input format: its name, whether a text begins like it, and how to read it.

    `drafts` is given UTF-8, decoded from `encoding`; with `own_charset` it is given the bytes as they are, because the format
    says inside the file how it is encoded. A format whose files begin with `magic` holds more than text, so its bytes say
    nothing of an encoding, and `sniff` is not asked.
    """

    name: str
    sniff: Callable[[str], bool]
    drafts: Callable[[BufferedReader], Iterator[Draft | Fault]]
    version: int
    own_charset: bool = False
    encoding: str = "utf-8"
    magic: bytes = b""

    def read(self, stream: BufferedReader) -> Iterator[Draft | Fault]:
        """Yield the drafts and faults of a file; a draft that holds mojibake is a fault."""
        for draft in self.drafts(stream if self.own_charset else encoding.as_utf8(stream, self.encoding)):
            yield draft if isinstance(draft, Fault) else _readable(draft)


def _never(head: str) -> bool:
    return False


def readers(columns: dict[str, str]) -> list[Reader]:
    """Every reader, asked in this order; those of tables and JSON take an article's fields from `columns` (see `fields`)."""

    def mapped(function: Callable[..., Any]) -> Callable[..., Any]:
        return partial(function, columns=columns)

    return [
        Reader("warc", warc.sniff, warc.read, warc.VERSION, own_charset=True, magic=warc.MAGIC),
        Reader("parquet", _never, mapped(parquet.read), parquet.VERSION, own_charset=True, magic=parquet.MAGIC),
        Reader("trec", trec.sniff, trec.read, trec.VERSION),
        Reader("feed", feed.sniff, feed.read, feed.VERSION, own_charset=True),
        Reader("html", html.sniff, html.read, html.VERSION, own_charset=True),
        Reader("json", json_values.sniff, mapped(json_values.read), json_values.VERSION),
        Reader("jsonl", jsonl.sniff, mapped(jsonl.read), jsonl.VERSION),
        Reader("portal", portal.sniff, portal.read, portal.VERSION),
        Reader("csv", mapped(table.sniff), mapped(table.read), table.VERSION),
    ]


READERS = readers({})

REASONS = {
    "bad_archive": "the archive is broken",
    "bad_field": "a field has the wrong type",
    "bad_json": "a line is not a JSON object",
    "bad_record": "a WARC record cannot be read",
    "bad_row": "a table's row cannot be read",
    "bad_xml": "the XML is not well-formed, or declares entities",
    "empty_file": "there is nothing in the file",
    "empty_text": "there is no text",
    "encrypted": "an encrypted file in a zip",
    "link": "a symbolic link, which is not followed",
    "missing_field": "there is no field for the text",
    "mojibake": "Arabic read in a wrong encoding, and letters were lost",
    "nested": "an archive inside an archive inside an archive",
    "no_article": "the page has no running text",
    "not_served": "the server answered with a redirect or an error",
    "not_text": "not text in UTF-8, UTF-16, windows-1256 or ISO-8859-6",
    "other_language": "not in a language that warraq.toml keeps",
    "outside": "a name in an archive that leads out of it",
    "repeated": "the same article was read already in this run",
    "too_long": "a line or page is too long",
    "unclosed": "the record has no end",
    "unknown_format": "no reader knows the format",
    "unreadable": "the file cannot be opened, or not be read to its end",
}
"""Why an input record is rejected: the code in rejects.jsonl, and what it means."""


def detect(head: bytes, known: list[Reader] = READERS, format: str | None = None) -> Reader | Fault:
    """The reader for a file that begins with these bytes, set to its encoding, or why there is none.

    Args:
        head: the first bytes; encoding.HEAD of them count.
        known: the readers that are asked.
        format: the name of the reader to take, whatever the file begins with.
    """
    head = head[: encoding.HEAD]
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return Fault(1, head, "empty_file", "the file is empty")
    known = [reader for reader in known if reader.name == format] if format else known
    for reader in known:
        if reader.magic and head.startswith(reader.magic):
            return reader
    charset = encoding.detect(head)
    text = mojibake.mend(encoding.decoded(head, charset or "utf-8", "replace").removeprefix("\ufeff"))
    if "\0" in text:
        return Fault(1, head, "not_text", f"character {text.index(chr(0))} is a NUL")
    for reader in known:
        if format or reader.sniff(text):
            return replace(reader, encoding=charset) if charset not in (None, reader.encoding) else reader
    if charset is None:
        return Fault(1, head, "not_text", "it is not text in UTF-8, UTF-16, windows-1256 or ISO-8859-6")
    names = ", ".join(reader.name for reader in known)
    return Fault(
        1,
        head,
        "unknown_format",
        f"none of the readers ({names}) knows a file that begins like this; a table needs a column for the text: see `--map`",
    )


def _readable(draft: Draft) -> Draft | Fault:
    """The draft, or a fault if one of its texts, or of those printed inside it, is mojibake that could not be mended."""
    for part in (draft, *draft.inside):
        texts = [part.title, part.source, part.author, part.section, *part.keywords]
        texts += [paragraph.text for paragraph in part.paragraphs] + [post.text for post in part.posts]
        if not mojibake.has_signs("\n".join(filter(None, texts))):
            continue
        for text in texts:
            if text and mojibake.is_mojibake(text):
                return Fault(draft.record, draft.raw, "mojibake", f"Arabic read in a wrong encoding: {text:.60}")
    return draft
