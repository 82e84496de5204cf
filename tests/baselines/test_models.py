import shutil
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.pipeline import FunctionTransformer, Pipeline

from baselines import models
from corpus.errors import CorpusError

TEXTS = ["كره هدف ملعب", "هدف في مباراه كره", "سوق و سعر", "سعر عقود سوق"]
LABELS = ["sport", "sport", "economy", "economy"]


@pytest.mark.parametrize("features", models.FEATURES)
def test_a_model_comes_back_from_disk_as_it_was(features: str, tmp_path: Path) -> None:
    model = models.pipeline(features, 1.0).fit(TEXTS, LABELS)
    models.save(model, tmp_path / "m.skops")
    assert skops.io.get_untrusted_types(file=tmp_path / "m.skops") == []
    np.testing.assert_array_equal(models.load(tmp_path / "m.skops").predict_proba(TEXTS), model.predict_proba(TEXTS))


def test_single_letters_are_words() -> None:
    assert "word__و" in models.vectorizer("words 1–2").fit(["سوق و سعر", "كره و هدف"]).get_feature_names_out()


def test_a_term_of_one_document_alone_is_no_feature() -> None:
    assert set(models.vectorizer("words 1–2").fit(["سوق و سعر", "سوق و هدف"]).get_feature_names_out()) == {
        "word__سوق",
        "word__و",
        "word__سوق و",
    }


def test_strongest_features_of_two_classes_are_mirrored_and_belong_to_their_class() -> None:
    found = models.strongest(models.pipeline("words 1–2", 1.0).fit(TEXTS, LABELS), 2)
    assert {name for name, _ in found["sport"]} == {"word__كره", "word__هدف"}
    assert {name for name, _ in found["economy"]} == {"word__سعر", "word__سوق"}
    assert all(weight > 0 for features in found.values() for _, weight in features)


def test_strongest_features_of_three_classes() -> None:
    found = models.strongest(models.pipeline("words 1–2", 1.0).fit(["ا ب", "ج د", "ه ز"] * 2, ["x", "y", "z"] * 2), 3)
    assert {name for name, _ in found["y"]} == {"word__ج", "word__د", "word__ج د"}


def test_a_file_with_other_types_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "m.skops"
    skops.io.dump(Pipeline([("f", FunctionTransformer(shutil.which))]), path)
    with pytest.raises(CorpusError, match="holds types that a baseline does not"):
        models.load(path)


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04"])
def test_a_broken_file_is_one_clear_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.skops").write_bytes(content)
    with pytest.raises(CorpusError, match=r"m\.skops"):
        models.load(tmp_path / "m.skops")


def test_a_missing_file_and_something_else_than_a_model(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        models.load(tmp_path / "m.skops")
    skops.io.dump({"a": 1}, tmp_path / "m.skops")
    with pytest.raises(CorpusError, match="holds a dict"):
        models.load(tmp_path / "m.skops")
