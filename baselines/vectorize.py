"""TF-IDF by columns: scikit-learn's TfidfVectorizer, its vocabulary and its matrix, many times faster. No files."""

from collections.abc import Iterable
from functools import cached_property, reduce
from operator import matmul
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction import text as stock
from sklearn.utils.validation import check_is_fitted

from baselines import ngrams, words
from baselines.ngrams import Lexicon, Spelling, Windows
from baselines.words import Ints
from corpus.errors import CorpusError

RUNS = {r"(?u)\b\w\w+\b": (r"\w", 2), r"\S+": (r"\S", 1)}
"""Token patterns that mean: the longest runs of one class of characters, of at least so many. Others go through `re`."""


class TfidfVectorizer(stock.TfidfVectorizer):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's TfidfVectorizer for the analyzers `word` and `char_wb`; takes the same options, which mean the same.

    Fitted attributes are the same too. Column indices of a row are sorted. Tokens of a `tokenizer` must be strings.
    Memory grows with the texts, 4 bytes a code point, and with the n-grams of the different words (`char_wb`) or of the
    texts (`word`), about 40 bytes each.
    """

    _lexicon: Lexicon | None = None
    """The vocabulary as numbers; None where strings must be compared."""
    _terms: Spelling
    """The vocabulary's terms, in the order of their columns."""

    @cached_property
    def vocabulary_(self) -> dict[str, int]:
        """Term → column. Made of strings when it is first asked for: neither fitting nor `transform` needs it."""
        if "_terms" not in vars(self):
            raise AttributeError("vocabulary_")  # how scikit-learn sees that `fit` has not been called
        return {term: column for column, term in enumerate(self._terms)}

    def fit(self, raw_documents: Iterable[Any], y: Any = None) -> Self:
        """Learn the vocabulary and the inverse document frequencies; errors as of `fit_transform`."""
        self.fit_transform(raw_documents)
        return self

    def fit_transform(self, raw_documents: Iterable[Any], y: Any = None) -> sp.csr_matrix:
        """Learn from documents, and return their matrix (documents × terms, CSR).

        Raises:
            ValueError: as of scikit-learn: an option's value is wrong, or no term is left.
            CorpusError: an option's value is one that this class does not take.
        """
        self._validate_params()
        self._check_params()
        self._validate_ngram_range()
        self._warn_for_unused_params()
        for name in ("_lexicon", "_terms", "vocabulary_"):
            self.__dict__.pop(name, None)
        self._validate_vocabulary()
        count = self._known if self.fixed_vocabulary_ else self._learn
        counts = count(self._windows(raw_documents))  # which lets the windows go as soon as it can
        own = {name: getattr(self, name) for name in ("norm", "use_idf", "smooth_idf", "sublinear_tf")}
        self._tfidf = stock.TfidfTransformer(**own).fit(counts)
        return self._tfidf.transform(counts, copy=False)

    def transform(self, raw_documents: Iterable[Any]) -> sp.csr_matrix:
        """The matrix of documents (documents × terms, CSR); terms that `fit` did not see are left out.

        Raises:
            NotFittedError: `fit` comes first.
        """
        check_is_fitted(self, msg="The TF-IDF vectorizer is not fitted")
        if not self._lexicon:
            self._check_vocabulary()
        return self._tfidf.transform(self._known(self._windows(raw_documents)), copy=False)

    def _windows(self, raw_documents: Iterable[Any]) -> Windows:
        if isinstance(raw_documents, str):
            raise ValueError("Iterable over raw text documents expected, string object received.")
        if self.analyzer not in ("word", "char_wb"):
            raise CorpusError(
                f"analyzer={self.analyzer!r}: this vectorizer takes 'word' and 'char_wb'",
                "choose one of the two, or use sklearn.feature_extraction.text.TfidfVectorizer",
            )
        least, most = self.ngram_range
        if least < 1:
            raise CorpusError(f"ngram_range={self.ngram_range}: an n-gram has at least one part", "begin at 1")
        prepare = self.build_preprocessor()
        texts = (prepare(self.decode(document)) for document in raw_documents)
        if self.analyzer == "char_wb":
            found, bounds = words.runs(texts, r"\S", 1)
            return ngrams.letters(found, bounds, least, most)
        run = None if self.tokenizer else RUNS.get(self.token_pattern)
        found, bounds = words.runs(texts, *run) if run else words.tokens(texts, self.build_tokenizer())
        if stop_words := self.get_stop_words() or ():
            self.build_analyzer()  # warns of stop words that no token can equal
        return ngrams.phrases(found, bounds, least, most, stop_words)

    def _known(self, windows: Windows) -> sp.csr_matrix:
        """Counts of the vocabulary's terms."""
        if self._lexicon:
            column, columns = self._lexicon.find(windows), len(self._lexicon.keys)
        else:
            gram, places, _ = ngrams.ranks(windows)
            found = (self.vocabulary_.get(term, -1) for term in windows.spelling(places))
            column, columns = np.fromiter(found, np.int64, len(places))[gram], len(self.vocabulary_)
        factors = windows.factors(column, columns)
        del windows, column  # the most memory is needed below
        return self._matrix(reduce(matmul, factors).T.tocsr())

    def _learn(self, windows: Windows) -> sp.csr_matrix:
        """Choose the vocabulary, and count its terms."""
        gram, places, lexicon = ngrams.ranks(windows)
        if not len(places):
            raise ValueError("empty vocabulary; perhaps the documents only contain stop words")
        factors, terms = windows.factors(gram, len(places)), windows.spelling(places)
        del windows, gram, places  # the most memory is needed below
        counts = reduce(matmul, factors)
        del factors
        kept = self._kept(counts)
        if len(kept) < counts.shape[0]:
            counts = counts[kept]
        by_document = counts.T.tocsr()
        del counts
        self._terms = Spelling(terms.text, terms.places[kept])
        self._lexicon = Lexicon(lexicon.alphabet, lexicon.keys[kept]) if lexicon else None
        return self._matrix(by_document)

    def _kept(self, counts: sp.csr_array) -> Ints:
        """The rows of counts (n-grams × documents) that min_df, max_df and max_features leave, rising."""
        documents = counts.shape[1]
        most = self.max_df * documents if isinstance(self.max_df, float) else self.max_df
        least = self.min_df * documents if isinstance(self.min_df, float) else self.min_df
        if most < least:
            raise ValueError("max_df corresponds to < documents than min_df")
        frequency = np.diff(counts.indptr)
        kept = np.flatnonzero((frequency >= least) & (frequency <= most))
        if self.max_features is not None and len(kept) > self.max_features:
            total = (frequency if self.binary else counts.sum(axis=1)).astype(self.dtype)
            kept = np.sort(kept[(-total[kept]).argsort()[: self.max_features]])
        if not len(kept):
            raise ValueError("After pruning, no terms remain. Try a lower min_df or a higher max_df.")
        return kept

    def _matrix(self, counts: sp.csr_array) -> sp.csr_matrix:
        data = np.ones(len(counts.data), self.dtype) if self.binary else counts.data.astype(self.dtype)
        return sp.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)
