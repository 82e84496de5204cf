"""Finding a target's phrases in folded Arabic text, as whole words, with the clitics that are written together with them."""

import re
from collections.abc import Iterable

from corpus.text.fold import fold

CLITICS = "(?:[وف]?(?:[بلك]?(?:ال)?|لل))"
"""Conjunction, preposition and article before a phrase's first word: و ف, ب ل ك, ال."""


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases in folded text. A phrase's own article is optional: للشركة names الشركة.

    أل and إل belong to the word (إلهام is not هام). A phrase with nothing left after folding finds nothing.
    """
    words = "|".join(re.escape(word) for phrase in phrases if (word := _stem(phrase)))
    return re.compile(rf"(?<!\w){CLITICS}(?:{words})(?!\w)" if words else r"(?!)")


def _stem(phrase: str) -> str:
    """A phrase folded, without its article."""
    folded = " ".join(fold(phrase).split())
    return folded.removeprefix("ال") if phrase.lstrip().startswith("ا") else folded
