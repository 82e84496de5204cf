"""What may stand in an article's text: NFC, no control, bidi-control or lone-surrogate character, single spaces."""

import re
import unicodedata
from collections.abc import Iterable

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
_REMOVED = {ord(char): None for char in (*BIDI_CONTROLS, "\ufeff")} | {ord(char): " " for char in _CONTROLS}
_NOT_PLAIN = re.compile(
    f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f{BIDI_CONTROLS}\ufeff\ud800-\udfff]"
)  # `split` drops the others
FORBIDDEN = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{BIDI_CONTROLS}\ud800-\udfff]")
"""What no stored text may hold; a line feed is allowed between paragraphs."""


def line(text: str) -> str:
    """One paragraph as it is stored: NFC, forbidden characters gone (controls become spaces), runs of space made one."""
    text = text.strip()
    if not text.isprintable() or "  " in text:  # no forbidden character is printable, and of all spaces only this one
        if _NOT_PLAIN.search(text):
            text = text.translate(_REMOVED).encode("utf-8", "ignore").decode()
        text = " ".join(text.split())
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def paragraphs(text: str) -> list[str]:
    """The non-empty lines of a text, each as it is stored. Any Unicode line or paragraph separator ends a line."""
    return [cleaned for raw in text.splitlines() if (cleaned := line(raw))]


def distinct(texts: Iterable[str]) -> list[str]:
    """Keywords and the like: each as it is stored, in their order, without repeats and empty ones."""
    return list(dict.fromkeys(filter(None, map(line, texts))))
