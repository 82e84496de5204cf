"""The candidates: TF-IDF of words, of characters, or of both, under logistic regression; and how a model is kept.

A model is a pipeline from strings to labels. It is saved as a stock scikit-learn pipeline, with skops, which holds no code,
and loaded without trusting any type beyond those that skops itself trusts.
"""

import zipfile
from pathlib import Path

import numpy as np
import skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from baselines.vectorize import TfidfVectorizer
from corpus import store
from corpus.errors import CorpusError

FEATURES = {"words 1–2": ["word"], "characters 2–5": ["char"], "words and characters": ["word", "char"]}
STRENGTHS = (0.1, 1.0, 10.0)
"""C of the logistic regression: the larger, the less it is held back."""


def vectorizer(features: str) -> FeatureUnion:
    """An unfitted vectorizer; `features` is a key of FEATURES.

    Words are whatever stands between spaces, so single letters and marks stay. Each part's rows have length 1 (L2). A term
    of one document alone tells nothing of another one and is left out (min_df=2).
    """
    words = r"\S+"
    parts = {
        "word": TfidfVectorizer(lowercase=False, token_pattern=words, ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        "char": TfidfVectorizer(lowercase=False, analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    }
    return FeatureUnion([(part, parts[part]) for part in FEATURES[features]])


def classifier(strength: float) -> LogisticRegression:
    """An unfitted multinomial logistic regression, C = `strength`. All classes weigh the same, rare or not."""
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)


def pipeline(features: str, strength: float) -> Pipeline:
    """An unfitted model: strings to labels."""
    return Pipeline([("features", vectorizer(features)), ("classifier", classifier(strength))])


def strongest(model: Pipeline, count: int) -> dict[str, list[tuple[str, float]]]:
    """The features that speak most for each class, strongest first, with their weights (log-odds; always above 0).

    Features are named as `FeatureUnion` names them. Equal weights are in the order of the names.
    """
    names = model[0].get_feature_names_out()
    linear = model[-1]
    weights = linear.coef_ if len(linear.classes_) > 2 else np.vstack([-linear.coef_, linear.coef_])
    found = {}
    for label, row in zip(linear.classes_, weights.round(4), strict=True):
        order = np.lexsort((names, -row))[:count]
        found[str(label)] = [(str(names[i]), float(row[i])) for i in order if row[i] > 0]
    return found


def save(model: Pipeline, path: Path) -> None:
    """Write a fitted pipeline, whole or not at all. The bytes differ from run to run; the model does not."""
    features = FeatureUnion([(name, part.to_sklearn()) for name, part in model[0].transformer_list])
    plain = Pipeline([("features", features), ("classifier", model[-1])])
    store.write_bytes(path, skops.io.dumps(plain, compression=zipfile.ZIP_DEFLATED))


def load(path: Path) -> Pipeline:
    """Read a fitted pipeline, trusting no type that a plain scikit-learn model does not hold.

    Raises:
        CorpusError: there is no such file, it is not a model, or it holds other types.
    """
    fix = "train it again: `warraq train`"
    try:
        if unknown := skops.io.get_untrusted_types(file=path):
            raise CorpusError(f"{path} holds types that a baseline does not: {', '.join(unknown)}; it was not loaded", fix)
        model = skops.io.load(path)
    except FileNotFoundError:
        raise CorpusError(f"{path} does not exist", fix) from None
    except (zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, ImportError) as error:
        raise CorpusError(f"{path} is not a model that skops wrote: {error}", fix) from None
    if not isinstance(model, Pipeline):
        raise CorpusError(f"{path} holds a {type(model).__name__}; expected a Pipeline", fix)
    return model
