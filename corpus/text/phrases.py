"""Finding a target's phrases in folded Arabic text, as whole words, with the clitics that are written together with them."""

import re
from collections.abc import Iterable

from corpus.text.fold import fold

CLITICS = "(?:[وف]?(?:[بلك]?(?:ال)?|لل))"
"""Conjunction, preposition and article before a phrase's first word: و ف, ب ل ك, ال."""


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases in folded text. A phrase's own article is optional: للشركة names الشركة."""
    folded = (" ".join(fold(phrase).split()).removeprefix("ال") for phrase in phrases)
    return re.compile(rf"(?<!\w){CLITICS}(?:{'|'.join(re.escape(phrase) for phrase in folded if phrase)})(?!\w)")
