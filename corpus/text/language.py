"""The language of a text, by py3langid's model of 97 languages, which comes with the package; nothing is fetched.

What an article states is often its site's template: pages in Arabic that state `en` are common. So a sure finding goes before
the statement, and a statement goes before an unsure finding. See docs/decisions/0030-readers.md for the figures.
"""

import functools
import re
from typing import Any

MIN_LETTERS = 40
"""A text of fewer letters is not judged: names of people and places decide over it."""
SAMPLE = 120
"""So many characters from the beginning are judged: with more, no article of 6,000 was judged otherwise."""
SURE = 0.5
"""The probability from which a finding counts. The model's are cautious: 0.6 to 0.9 for one plain Arabic sentence."""
_TAG = re.compile("[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*")
"""The shape of a BCP 47 tag: `ar`, `ar-TN`, `zh-Hans-CN`."""
BEGINNING = 400
"""So many characters are looked at for what only Arabic has."""
_ARTICLE = re.compile(r"\b[وفبك]?ال\w{2}|\bلل\w{2}")
_ARTICLE_SHARE = 0.12
_ARABIC_WORD = re.compile(r"\bو?(?:في|على|إلى|هذا|هذه|التي|الذي|الذين|أن|إن|خلال)\b")
_NEIGHBOURS = re.compile("[پچژگکیٹڈڑںےہھەڕڵێۆۇڤ]")


def language_of(text: str, stated: str | None, default: str | None) -> str | None:
    """The BCP 47 tag of a text.

    Args:
        text: what an article says.
        stated: the tag that the article states, `ar_TN` or `ar-TN`. It is kept if the text agrees, with its region, and if it
            is of a language that the model does not know. What is no tag (`Arabic`) counts as not stated.
        default: for a text that states none and is too short.
    """
    stated = (stated or "").replace("_", "-")
    stated = _canonical(stated) if _TAG.fullmatch(stated) else None
    base = (stated or "").split("-")[0].lower()
    sample = text[:SAMPLE]
    if (base not in ("", "ar") and base not in _known()) or sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return stated or default
    found, probability = ("ar", 1.0) if _is_plain_arabic(text[:BEGINNING]) else _model().classify(sample)
    if probability < SURE:
        return stated or default
    return stated if found in (base, base[:2]) else str(found)  # the model takes Egyptian (arz) for Arabic, and it is


def _canonical(tag: str) -> str:
    """A tag in the casing that BCP 47 recommends: `en-GB`, `zh-Hans-CN`."""
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *({2: str.upper, 4: str.title}.get(len(part), str.lower)(part) for part in rest)])


def _is_plain_arabic(text: str) -> bool:
    """Whether a text is Arabic without a doubt: it has a common word that its neighbours lack, or the article in many words.

    Loading the model takes as long as reading thousands of articles; with this it is not loaded for any of 6,033 Arabic
    ones. A word is proof only without a letter of Persian, Urdu, Kurdish or Uighur.
    """
    if _ARABIC_WORD.search(text) and not _NEIGHBOURS.search(text):  # true of nearly all, and quicker than to count
        return True
    articles = len(_ARTICLE.findall(text))
    return articles >= 3 and articles / (text.count(" ") + 1) >= _ARTICLE_SHARE


@functools.cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(_model().labels)
