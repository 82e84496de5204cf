"""Texts → sparse blocks, a view each: words, stems and letters of title and body, the title alone; joined. No files.

TF-IDF is fitted once on a training set, without labels, and the folds of a cross-validation share it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import scipy.sparse as sp
from sklearn.feature_extraction import text as stock

from baselines.analyzers import Analyzer, stemmed
from baselines.examples import Example
from baselines.recipes.texts import Texts
from baselines.vectorize import TfidfVectorizer
from corpus.errors import CheckError

STEMS = ("stems", "title")
"""The views that read light stems in place of words."""
SHARES = {"words": 0.5, "stems": 0.5, "letters": 1.0, "title": 0.5, "title words": 0.5}
"""Of the views where they are joined: words and stems say nearly the same, so the two together weigh as much as letters.

A larger share of the title gains no more on thousands of texts, and does harm where a few hundred are learnt from.
"""


@dataclass(frozen=True)
class Blocks:
    """Fitted vectorizers by view, and the analyzer before them."""

    analyzer: Analyzer
    vectorizers: dict[str, stock.TfidfVectorizer]

    def matrices(self, examples: Sequence[Example]) -> dict[str, sp.csr_matrix]:
        """One matrix (texts × terms) a view; its rows have length 1, or 0 where no term is known."""
        views = self.vectorizers.items()
        return {view: _transformed(vectorizer, self.analyzer, view, _texts(examples, view)) for view, vectorizer in views}

    def state(self) -> dict[str, Any]:
        """Plain values and vectorizers, for `from_state`."""
        analyzer = {name: getattr(self.analyzer, name) for name in self.analyzer.__struct_fields__}
        return {"analyzer": analyzer, "views": self.vectorizers}


@dataclass(frozen=True)
class Reading:
    """Examples, read by blocks that were fitted on them: one matrix (texts × terms) a view."""

    blocks: Blocks
    matrices: dict[str, sp.csr_matrix]

    @cached_property
    def joined(self) -> Texts:
        """All views side by side; a row that has terms in each view has length 1."""
        scaled = [matrix * scale for matrix, scale in zip(self.matrices.values(), scales(list(self.matrices)), strict=True)]
        return Texts(sp.hstack(scaled).tocsr())


def from_state(state: dict[str, Any]) -> Blocks:
    """What `Blocks.state` gave."""
    return Blocks(Analyzer(**state["analyzer"]), state["views"])


def views_of(analyzer: Analyzer, examples: Sequence[Example], titles: bool = True, stems: bool = True) -> tuple[str, ...]:
    """The views that there is something to see in.

    Args:
        analyzer: what reads the texts.
        examples: the texts.
        titles: whether a title is a view of its own, where one has a word.
        stems: whether light stems stand beside the words, and in place of the title's words.
    """
    plain = ("words", "stems", "letters") if stems else ("words", "letters")
    title = ("title",) if stems else ("title words",)
    return (*plain, *title) if titles and any(analyzer.tokens(example.title) for example in examples) else plain


def fit(analyzer: Analyzer, views: Sequence[str], examples: Sequence[Example]) -> Reading:
    """Fit the views on examples.

    Raises:
        CheckError: the texts hold no term.
    """
    found = {view: _fitted(analyzer, view, _texts(examples, view)) for view in views}
    vectorizers = {view: vectorizer for view, (vectorizer, _) in found.items()}
    return Reading(Blocks(analyzer, vectorizers), {view: Texts(matrix) for view, (_, matrix) in found.items()})


# A search comes back to the same texts for each choice, and several models may read them in the same way: the last views are
# kept, with as much memory as the model that was fitted last. Nobody writes into a matrix.
@lru_cache(maxsize=len(SHARES))
def _fitted(analyzer: Analyzer, view: str, texts: tuple[str, ...]) -> tuple[TfidfVectorizer, sp.csr_matrix]:
    seen = _seen(analyzer, view, texts)
    for least in (2, 1):  # a term of one text tells nothing of another; but a few texts may share no term
        vectorizer = _vectorizer(view, least)
        try:
            return vectorizer, vectorizer.fit_transform(seen)
        except ValueError:  # all that scikit-learn says against strings: no term is left
            continue
    raise CheckError(f"the {len(texts)} training texts hold no words", "check the texts of the training set")


@lru_cache(maxsize=len(SHARES))
def _transformed(vectorizer: stock.TfidfVectorizer, analyzer: Analyzer, view: str, texts: tuple[str, ...]) -> sp.csr_matrix:
    return vectorizer.transform(_seen(analyzer, view, texts))


def scales(views: Sequence[str]) -> list[float]:
    """What each view's rows are multiplied by where the views are joined."""
    whole = sum(SHARES[view] for view in views)
    return [float((SHARES[view] / whole) ** 0.5) for view in views]


def _texts(examples: Sequence[Example], view: str) -> tuple[str, ...]:
    """What a view reads of each example."""
    titles = view.startswith("title")
    return tuple(example.title if titles else f"{example.title}\n{example.text}" for example in examples)


def _seen(analyzer: Analyzer, view: str, texts: Sequence[str]) -> list[str]:
    tokens = [analyzer.tokens(text) for text in texts]
    return [stemmed(text) for text in tokens] if view in STEMS else tokens


def _vectorizer(view: str, least: int) -> TfidfVectorizer:
    if view == "letters":
        return TfidfVectorizer(lowercase=False, analyzer="char_wb", ngram_range=(2, 5), min_df=least, sublinear_tf=True)
    words = r"\S+"
    return TfidfVectorizer(lowercase=False, token_pattern=words, ngram_range=(1, 2), min_df=least, sublinear_tf=True)
