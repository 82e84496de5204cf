"""One labelled row → one string of plain words that a stock TF-IDF reads. No file is read or written.

The words are those of the folded title and text. Where a question is about a target, the string also holds, after
those words, what lets a linear model see the target: the target's own mark, and every word of the sentences that name
the target twice more, once behind the mark of nearness (shared by all targets) and once behind the target's mark.
A mark is one private-use character, which is in no word of a text; being one character, it costs the character
n-grams nothing. Address, document number, source, section and date are never features: they are shortcuts.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.records import Article, Target
from corpus.text import phrases
from corpus.text.fold import fold

NEAR = chr(0xF0000)
_FIRST_TARGET = 0xF0001
_MARK = re.compile("[\U000f0000-\U000ffffd]")
_WORD = re.compile(r"\w+")
_pattern = lru_cache(maxsize=1024)(phrases.pattern)
_SENTENCE_END = re.compile(r"\.(?!\d)|[!?؟؛…\n]")


def marks(targets: Iterable[Target]) -> dict[str, str]:
    """The mark of each target, by id. It depends on the set of ids, so a saved model keeps its own."""
    return {id_: chr(_FIRST_TARGET + number) for number, id_ in enumerate(sorted(target.id for target in targets))}


def document(article: Article, target: Target | None = None, mark: str = "") -> str:
    """The string of one row: words parted by single spaces, folded.

    Args:
        article: the article that was judged.
        target: what the judgment is about; None for a question about the article alone.
        mark: the target's mark, from `marks`.
    """
    sentences = _SENTENCE_END.split(fold(f"{article.title or ''}\n{article.text}"))
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if target is None:
        return " ".join(words)
    names_it = _pattern(tuple(target.phrases))
    near = [word for sentence in sentences if names_it.search(sentence) for word in _WORD.findall(sentence)]
    return " ".join([*words, mark, *(NEAR + word for word in near), *(mark + word for word in near)])


def readable(feature: str, targets: dict[str, str]) -> tuple[str, str, str]:
    """A feature of the vectorizer as (unit, where, text), for people to read.

    Args:
        feature: `word__…` or `char__…`, as `FeatureUnion.get_feature_names_out` gives it.
        targets: what to call each target, by its mark.

    Returns:
        unit: "words" or "characters".
        where: "anywhere", "near target", "near " and a target's name, or "target" for a target's own mark.
        text: the words, or the characters with every space shown as ␣.
    """
    kind, _, text = feature.partition("__")
    unit = "characters" if kind == "char" else "words"
    found = _MARK.findall(text)
    bare = _MARK.sub("", text)
    if found and not bare.strip():
        return unit, "target", targets.get(found[0], "any")
    where = "anywhere" if not found else "near target" if NEAR in found else f"near {targets[found[0]]}"
    return unit, where, bare.replace(" ", "␣") if unit == "characters" else bare.strip()
