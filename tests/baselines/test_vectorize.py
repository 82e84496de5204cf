"""The vectorizer beside scikit-learn's own: the same vocabulary, the same matrix, the same errors."""

import pickle
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction import text as stock
from sklearn.pipeline import FeatureUnion

from baselines.packing import packed, unpacked
from baselines.vectorize import TfidfVectorizer
from corpus import store
from corpus.articles.convert import ConvertReport
from corpus.errors import CorpusError
from corpus.records import Article
from corpus.workspace import Workspace

ARABIC = "كتاب الكتاب كِتاب مكتبة وَ و قال قالت ١٢٣ لا إله"
SPACES = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000"
LETTERS = st.one_of(
    st.sampled_from("aabbAZ_1 ١يىـًِ\u200f\u0301😀𝒜İΣς\x00\x01\ud800\udc00\U0010ffff" + SPACES),
    st.characters(exclude_categories=()),
)
TEXTS = st.lists(
    st.one_of(
        st.text(LETTERS, max_size=30),
        st.sampled_from(["", " ", "a", "كتاب", "aaaa aaaa", ARABIC, ARABIC * 20, "ab " * 50, "😀😀"]),
        st.lists(st.sampled_from(["a", "b", "ab", "a\x01", "قال", "لا"]), max_size=12).map(" ".join),
    ),
    max_size=8,
)
OPTIONS = st.fixed_dictionaries(
    {
        "lowercase": st.booleans(),
        "ngram_range": st.tuples(st.integers(1, 4), st.integers(0, 4)).map(lambda two: (two[0], sum(two))),
        "min_df": st.sampled_from([1, 2, 0.0, 0.3]),
        "max_df": st.sampled_from([1.0, 0.7, 3]),
        "max_features": st.sampled_from([None, 1, 3, 20]),
        "binary": st.booleans(),
        "dtype": st.sampled_from([np.float64, np.float32]),
        "norm": st.sampled_from(["l2", "l1", None]),
        "use_idf": st.booleans(),
        "smooth_idf": st.booleans(),
        "sublinear_tf": st.booleans(),
        "strip_accents": st.sampled_from([None, "unicode", "ascii"]),
    }
)
PATTERNS = [r"(?u)\b\w\w+\b", r"\S+", r"\w", r"a(b?)", r"[^b]+", r"\d*"]
OF_WORDS = st.fixed_dictionaries(
    {"token_pattern": st.sampled_from(PATTERNS), "stop_words": st.sampled_from([None, ["a", "قال"]])},
)


def outcome(vectorizer: Any, texts: list[str], others: list[str]) -> Any:
    """The matrices of fit_transform and transform, or what was raised."""
    try:
        return vectorizer.fit_transform(texts), vectorizer.transform(others) if others else None
    except ValueError as error:
        return str(error)


def assert_same(options: dict[str, Any], texts: list[str], others: list[str]) -> None:
    """Both classes, same options: the same vocabulary, weights and matrices, or the same error."""
    ours, theirs = TfidfVectorizer(**options), stock.TfidfVectorizer(**options)
    found, expected = outcome(ours, texts, others), outcome(theirs, texts, others)
    if isinstance(expected, str):
        assert found == expected
        return
    assert ours.vocabulary_ == theirs.vocabulary_
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()
    allowed = 1e-12 if options.get("dtype") != np.float32 else 1e-6
    for matrix, other in zip(found, expected, strict=True):
        if other is not None:
            assert (matrix.shape, matrix.dtype, type(matrix)) == (other.shape, other.dtype, type(other))
            np.testing.assert_allclose(matrix.toarray(), other.toarray(), rtol=0, atol=allowed)


@pytest.mark.filterwarnings("ignore:Your stop_words may be inconsistent")
@settings(max_examples=200, deadline=None)
@given(OPTIONS, OF_WORDS, TEXTS, TEXTS)
def test_words_are_those_of_scikit_learn(options: Any, of_words: Any, texts: list[str], others: list[str]) -> None:
    assert_same(options | of_words, texts, others)


@pytest.mark.filterwarnings("ignore:divide by zero")
@settings(max_examples=200, deadline=None)
@given(OPTIONS, TEXTS, TEXTS)
def test_letters_are_those_of_scikit_learn(options: Any, texts: list[str], others: list[str]) -> None:
    assert_same(options | {"analyzer": "char_wb"}, texts, others)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sets(st.text("ab لا", min_size=1, max_size=3), min_size=1), st.sampled_from(["word", "char_wb"]))
def test_a_given_vocabulary_keeps_its_columns(texts: list[str], terms: set[str], analyzer: str) -> None:
    options = {
        "analyzer": analyzer,
        "ngram_range": (1, 3),
        "token_pattern": r"\S+" if analyzer == "word" else r"(?u)\b\w\w+\b",
    }
    backwards = sorted(terms, reverse=True)
    for vocabulary in (terms, backwards, dict(zip(terms, range(len(terms)), strict=True))):
        assert_same(options | {"vocabulary": vocabulary}, texts, texts[:2])


def test_numbers_worked_by_hand() -> None:
    matrix = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 5), norm=None, use_idf=False).fit(["ab a ab", "abcd"])
    # " a " is shorter than 4 and counts once; " ab " has one 4-gram and is too short for 5; " abcd " has three and two.
    assert list(matrix.vocabulary_) == [" a ", " ab ", " abc", " abcd", "abcd", "abcd ", "bcd "]
    assert matrix.transform(["ab a ab", "abcd"]).toarray().tolist() == [[1, 2, 0, 0, 0, 0, 0], [0, 0, 1, 1, 1, 1, 1]]


def test_keys_longer_than_63_bits() -> None:
    rng = np.random.default_rng(1)
    texts = ["".join(chr(code) for code in rng.integers(0x4E00, 0x9FFF, 40)) + " abcdefghijklmnop" * 3 for _ in range(200)]
    for options in ({"analyzer": "char_wb", "ngram_range": (1, 9)}, {"ngram_range": (1, 12), "token_pattern": r"\S"}):
        assert_same(options, texts[:150], texts[100:])


def test_words_of_characters_that_sort_before_the_space() -> None:
    for pattern in (r"\S+", r"a b|\S+", "[^,]+"):
        assert_same({"token_pattern": pattern, "ngram_range": (1, 3)}, ["a a\x01 b", "a b a", "a\x01 a,a b,a"], ["a b a\x01"])


def test_callables_bytes_and_other_types() -> None:
    for options in (
        {"tokenizer": str.split, "token_pattern": None},
        {"preprocessor": str.upper, "lowercase": False},
        {"strip_accents": str.strip, "analyzer": "char_wb"},
        {"encoding": "cp1256", "analyzer": "char_wb"},
    ):
        assert_same(options, ["لا إله", "قال لا"], ["قال"])
    theirs, ours = stock.TfidfVectorizer(), TfidfVectorizer()
    coded = [ARABIC.encode(), "قال لا".encode()]
    assert abs(ours.fit_transform(iter(coded)) - theirs.fit_transform(coded)).max() <= 1e-12
    for vectorizer in (TfidfVectorizer(dtype=np.int64), stock.TfidfVectorizer(dtype=np.int64)):
        with pytest.warns(UserWarning, match="converted to np.float64"):
            assert vectorizer.fit_transform(["لا إله", "قال لا"]).dtype == np.float64
    with pytest.warns(UserWarning, match="Your stop_words may be inconsistent"):
        TfidfVectorizer(stop_words=["don't"], token_pattern=r"\w+").fit(["a b"])


@pytest.mark.parametrize("options", [{"analyzer": "char"}, {"analyzer": str.split}, {"ngram_range": (0, 1)}])
def test_what_it_does_not_take_is_a_clear_error(options: dict[str, Any]) -> None:
    with pytest.raises(CorpusError, match=re.escape(next(iter(options))) + "=.*\n  To mend it: "):
        TfidfVectorizer(**options).fit(["a b"])


@pytest.mark.parametrize(
    "options", [{"norm": "l3"}, {"min_df": -1}, {"ngram_range": (2, 1)}, {"token_pattern": "(a)(b)"}, {"vocabulary": []}]
)
def test_wrong_values_are_scikit_learns_errors(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".") as expected:
        stock.TfidfVectorizer(**options).fit(["ab ab"])
    with pytest.raises(ValueError, match=re.escape(str(expected.value)).replace("Tfidf", ".*")):
        TfidfVectorizer(**options).fit(["ab ab"])


def test_it_is_an_estimator() -> None:
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3))
    with pytest.raises(NotFittedError):
        vectorizer.transform(["لا"])
    with pytest.raises(ValueError, match="string object received"):
        vectorizer.fit("لا")
    assert vectorizer.fit(["لا إله"]) is vectorizer
    copy = clone(vectorizer).set_params(min_df=2)
    assert copy.get_params() == vectorizer.get_params() | {"min_df": 2}
    assert not hasattr(copy, "vocabulary_")
    again = pickle.loads(pickle.dumps(vectorizer))
    assert abs(again.transform(["لا"]) - vectorizer.transform(["لا"])).max() == 0
    both = FeatureUnion([("word", TfidfVectorizer()), ("char", vectorizer)]).fit(["لا إله"])
    assert both.get_feature_names_out()[0] == "word__إله"


def test_it_can_be_fitted_anew() -> None:
    vectorizer = TfidfVectorizer().fit(["قال لا"])
    assert vectorizer.set_params(vocabulary=["إله"]).fit_transform(["لا إله"]).toarray().tolist() == [[1.0]]
    assert vectorizer.set_params(vocabulary=None).fit(["لا إله"]).vocabulary_ == {"إله": 0, "لا": 1}


@pytest.mark.parametrize("options", [{}, {"use_idf": False}, {"vocabulary": ["لا", "قال"]}, {"analyzer": "char_wb"}])
def test_it_comes_back_from_the_arrays_of_a_saved_model(options: dict[str, Any]) -> None:
    ours = TfidfVectorizer(**options).fit(["لا إله", "قال لا"])
    again = unpacked(packed({"views": [ours]}))["views"][0]
    assert type(again) is TfidfVectorizer and again.vocabulary_ == ours.vocabulary_
    assert abs(again.transform(["قال لا لا"]) - ours.transform(["قال لا لا"])).max() == 0


@pytest.mark.parametrize(
    "options",
    [
        {"ngram_range": (1, 2), "sublinear_tf": True},
        {"ngram_range": (1, 2), "token_pattern": r"\S+", "min_df": 2, "max_features": 20_000},
        {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2, "sublinear_tf": True},
    ],
)
def test_real_articles_give_the_same_matrix(ant_corpus: tuple[Workspace, ConvertReport], options: dict[str, Any]) -> None:
    texts = [f"{a.title or ''}\n{a.text}" for a in store.read(ant_corpus[0].articles, Article)][:2000]
    learned, new = texts[:1500], texts[1000:]
    ours, theirs = TfidfVectorizer(**options), stock.TfidfVectorizer(**options)
    assert abs(ours.fit_transform(learned) - theirs.fit_transform(learned)).max() <= 1e-12
    assert ours.vocabulary_ == theirs.vocabulary_
    assert abs(ours.transform(new) - theirs.transform(new)).max() <= 1e-12
