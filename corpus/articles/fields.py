"""An article from named fields: what JSONL objects and CSV rows have in common. `text` is the one field that must be there."""

import re
from typing import Any

from corpus.articles.draft import Draft, Fault, Paragraph
from corpus.text import clean

NAMES = ("id", "url", "title", "text", "source", "author", "published", "section", "keywords", "language")
_BETWEEN_KEYWORDS = re.compile(r"[,،;؛|]")


def draft_of(record: int, raw: bytes, fields: dict[str, Any]) -> Draft | Fault:
    """A draft from fields named as in NAMES; other fields are not read. `id` is the source's own document number."""
    if "text" not in fields:
        return Fault(record, raw, "missing_field", f"there is no field 'text'; got {', '.join(map(str, fields)) or 'none'}")
    texts: dict[str, str | None] = {}
    for name in NAMES:
        value = fields.get(name)
        if name == "id" and isinstance(value, int):
            value = str(value)
        if name != "keywords" and value is not None and not isinstance(value, str):
            return Fault(record, raw, "bad_field", f"field {name!r} should be text; got {type(value).__name__}: {value!r:.60}")
        texts[name] = value if isinstance(value, str) and value.strip() else None
    words = fields.get("keywords") or []
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
        title=texts["title"],
        url=texts["url"],
        number=texts["id"],
        source=texts["source"],
        author=texts["author"],
        published=texts["published"],
        section=texts["section"],
        language=texts["language"],
        keywords=_keywords(words),
    )


def _keywords(value: str | list[str]) -> list[str]:
    parts = _BETWEEN_KEYWORDS.split(value) if isinstance(value, str) else value
    return list(dict.fromkeys(word for part in parts if (word := clean.line(part))))
