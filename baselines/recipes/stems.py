"""Words of a text, and their stems: what is left of an Arabic word without clitics, endings and long vowels. No files."""

import re
from functools import lru_cache

from msgspec import Struct

from corpus.text.fold import fold, fold_with_map

_WORD = re.compile(r"\w+")
_PREFIX = re.compile(r"\A(?:(?:وال|بال|كال|فال|ولل|لل|ال)(?=\w{3})|[وبلفسك](?=\w{4}))")
_SUFFIX = re.compile(r"(?<=\w{3})(?:هما|تهم|ات|ون|ين|ان|ها|هم|يه|ته|وا|ه|ي|ا)\Z")
_LONG_VOWELS = re.compile("[اويء]")


class Words(Struct, frozen=True):
    """The folded words of a text, and the stem of each."""

    words: tuple[str, ...]
    stems: tuple[str, ...]


def words(text: str) -> Words:
    """The words of a text in their order: runs of letters and digits of the folded text."""
    found = tuple(_WORD.findall(fold(text)))
    return Words(found, tuple(map(stem, found)))


def spelled(text: str) -> dict[str, str]:
    """Folded word → how the text first prints it."""
    folded, offsets = fold_with_map(text)
    offsets.append(len(text))  # a word's marks, which folding drops, reach to the next character that it keeps
    found: dict[str, str] = {}
    for match in _WORD.finditer(folded):
        found.setdefault(match[0], text[offsets[match.start()] : offsets[match.end()]])
    return found


@lru_cache(maxsize=1 << 18)
def stem(word: str) -> str:
    """The stem of one folded word: يرتفع, ارتفاع and بالارتفاع all give رتفع. Words of other scripts stay as they are.

    One clitic before and one ending after are taken off where three letters remain (light stemming: Larkey, Ballesteros
    and Connell, 2002), then the prefix of a verb or a participle, then the long vowels, which set a verb apart from its noun.
    """
    light = _without_clitics(word)
    bare = light[1:] if len(light) > 3 and light[0] in "يتن" else light
    bare = bare[1:] if len(bare) > 4 and bare[0] == "م" else bare
    root = _LONG_VOWELS.sub("", bare)
    root = root[1:] if len(root) > 3 and root[0] == "ت" else root
    return root if len(root) > 1 else bare


def _without_clitics(word: str) -> str:
    return _SUFFIX.sub("", _PREFIX.sub("", word))
