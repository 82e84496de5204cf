"""What holds of every stored article, whatever it was read from: for the tests and for `make fuzz`."""

from typing import Any

import msgspec

from corpus.records import Article
from corpus.text.clean import FORBIDDEN


def strings(value: Any) -> list[str]:
    """Every string in plain data."""
    if isinstance(value, dict | list):
        return [text for each in (value.values() if isinstance(value, dict) else value) for text in strings(each)]
    return [value] if isinstance(value, str) else []


def assert_stored_well(article: Article) -> None:
    """Blocks tile the text, no field has a forbidden character, only the text has lines, and posts stand inside it."""
    assert article.text and "\n".join(article.text[b.start : b.end] for b in article.blocks) == article.text
    assert not FORBIDDEN.search(article.text)
    lines = strings(msgspec.to_builtins(msgspec.structs.replace(article, text="")))
    assert not any(FORBIDDEN.search(line) or "\n" in line for line in lines), lines
    assert all(0 <= embed.at <= len(article.text) for embed in article.embeds)
