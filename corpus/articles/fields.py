"""An article from named fields: what JSON objects and rows of tables have in common. `text` is the one that must be there."""

import re
from datetime import date
from typing import Any

from corpus.articles.draft import Draft, Fault, Paragraph
from corpus.text import clean, mojibake

NAMES = ("id", "url", "title", "text", "source", "author", "published", "section", "keywords", "language")
KEYWORD_END = re.compile(r"[,،;؛|]")
"""What stands between keywords in one text."""


def draft_of(record: int, raw: bytes, fields: dict[str, Any], columns: dict[str, str]) -> Draft | Fault:
    """A draft from fields named as in NAMES; other fields are not read. `id` is the source's own document number.

    Args:
        record: the record's number.
        raw: its bytes.
        fields: what the record holds, by the names that it uses.
        columns: name in NAMES → the name that the record uses instead.
    """
    own = {name: columns.get(name, name) for name in NAMES}
    if own["text"] not in fields:
        there = ", ".join(map(str, fields)) or "none"
        return Fault(record, raw, "missing_field", f"there is no field {own['text']!r} for the text; got {there:.300}")
    values = {name: _mended(fields[column]) for name, column in own.items() if column in fields}
    words = values.pop("keywords", None) or []
    texts = {name: _as_text(name, value) for name, value in values.items()}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            return Fault(record, raw, "bad_field", f"field {name!r} should be text; got {type(value).__name__}: {value!r:.60}")
    if not isinstance(words, str) and not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
        return Fault(record, raw, "bad_field", f"field 'keywords' should be text or a list of texts; got {words!r:.60}")
    lines = clean.paragraphs(texts["text"] or "")
    if not lines:
        return Fault(record, raw, "empty_text", "the field 'text' is empty")
    return Draft(
        record=record,
        raw=raw,
        identity=raw.strip(),
        paragraphs=[Paragraph("paragraph", line) for line in lines],
        title=texts.get("title"),
        url=texts.get("url"),
        number=texts.get("id"),
        source=texts.get("source"),
        author=texts.get("author"),
        published=texts.get("published"),
        section=texts.get("section"),
        language=texts.get("language"),
        keywords=clean.distinct(KEYWORD_END.split(words) if isinstance(words, str) else words),
        places={name: f"field {column!r}" for name, column in own.items() if column in fields},
        left=[(f"field {name!r} is not read", str(value)) for name, value in fields.items() if name not in own.values()],
    )


def _as_text(name: str, value: Any) -> Any:
    """A value as text, where it can be meant so; None for an empty one; what is no text stays as it is."""
    if isinstance(value, date):  # of Parquet; a datetime is a date too
        return value.isoformat()
    if name == "id" and type(value) is int:
        return str(value)
    return None if isinstance(value, str) and not value.strip() else value


def _mended(value: Any) -> Any:
    """A text, or the texts of a list, without mojibake: it may have been written with `\\u` escapes, so not before here."""
    if isinstance(value, list):
        return [_mended(item) if isinstance(item, str) else item for item in value]
    return mojibake.mend(value) if isinstance(value, str) else value
