"""No run of RUN words of an article may stand in a release that withholds its texts: titles, texts and posts are articles'.

Words are compared folded, without punctuation, and addresses as people read them (`%D8%AA` is ت): a slug can quote a title.
What is not an article is small, so its runs are held and the articles are streamed past them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from corpus.text.fold import fold

RUN = 8
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(fold(unquote(text) if "%" in text else text))


def runs(text: str) -> Iterator[str]:
    """Every run of RUN words of a text."""
    found = words(text)
    for at in range(len(found) - RUN + 1):
        yield " ".join(found[at : at + RUN])


def quoted(suspects: set[str], texts: Iterable[str]) -> set[str]:
    """Those of `suspects`, runs of words, that stand in one of `texts`."""
    found: set[str] = set()
    if suspects:
        for text in texts:
            found.update(suspects.intersection(runs(text)))
    return found


def quotes(text: str, forbidden: set[str]) -> bool:
    """Whether a text holds a forbidden run."""
    return bool(forbidden) and not forbidden.isdisjoint(runs(text))


def strings(value: Any) -> Iterator[str]:
    """Every string in a value of a row."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def elided(address: str, forbidden: set[str]) -> str:
    """An address in which `…` stands for the parts of its path that quote: longest first, until none does.

    What is left is its host and most often the outlet's number for the article.
    """
    parts = re.split(r"([/?&#])", address)
    for at in sorted(range(len(parts)), key=lambda at: -len(words(parts[at]))):
        if not quotes("".join(parts), forbidden):
            break
        parts[at] = "…"
    return "".join(parts)
