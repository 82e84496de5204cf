"""Text → tokens parted by single spaces: what an analyzer does to a text before its terms are counted. No files.

Each option of `Analyzer` can be switched off alone, so that cross-validation shows what each of them is worth. Addresses and
@names are always put down as one token each: who is spoken to is not what is said.
"""

import re
from functools import lru_cache

from msgspec import Struct

from baselines.recipes.stems import stem
from corpus.text.fold import fold

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NAME = re.compile(r"@\w+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_HASHTAG = re.compile(r"#(\w+)")
_EMOJI = re.compile("[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_TOKEN = re.compile("#?[\\w\u064b-\u0652\u0670]+|[^\\w\\s]")
_WORD = re.compile(r"\w+")


class Analyzer(Struct, frozen=True):
    """Options of a text → text normaliser."""

    fold: bool = True
    """Forms of one Arabic letter are one letter, vowel marks and tatweel go, case goes (corpus.text.fold)."""
    elongation: bool = True
    """A letter that stands three times or more in a row stands once: جداااا → جدا."""
    hashtags: bool = True
    """A hashtag is followed by its words: #تمكين_المرأة → #تمكين_المرأة تمكين المرأة."""
    emoji: bool = True
    """Emoji and pictograms are tokens; else they are left out."""

    def tokens(self, text: str) -> str:
        """The tokens of a text (words, hashtags, single signs), parted by single spaces.

        No token goes over the end of a line, and the last 16,384 lines are kept, in some 100 MB at most: a search, and the
        fits of an audit, read the same lines over and over.
        """
        return " ".join(filter(None, (_line(self, line) for line in text.split("\n"))))

    def _tokens(self, text: str) -> str:
        text = _NAME.sub(" @ ", _ADDRESS.sub(" URL ", _INVISIBLE.sub("", text)))
        text = fold(text) if self.fold else text
        text = _ELONGATED.sub(r"\1", text) if self.elongation else text
        if self.hashtags:
            text = _HASHTAG.sub(lambda found: f"{found[0]} {found[1].replace('_', ' ')} ", text)
        text = text if self.emoji else _EMOJI.sub(" ", text)
        return " ".join(_TOKEN.findall(text))


@lru_cache(maxsize=1 << 14)
def _line(analyzer: Analyzer, line: str) -> str:
    return analyzer._tokens(line)


def stemmed(tokens: str) -> str:
    """Tokens with every word in its place as its light stem; signs and hashtags stay."""
    return " ".join(map(_stemmed, tokens.split()))


@lru_cache(maxsize=1 << 18)
def _stemmed(token: str) -> str:
    return stem(token) if _WORD.fullmatch(token) else token
