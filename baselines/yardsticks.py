"""The two systems that every model has to beat: the most frequent label always, and plain TF-IDF with LinearSVC. No files.

Where a text may have several labels: the most frequent labels together, and one LinearSVC a label.
"""

from collections import Counter
from collections.abc import Sequence

from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC

from baselines.examples import BETWEEN, Example, labels_of
from baselines.vectorize import TfidfVectorizer


def majority(train: Sequence[Example], labels: Sequence[str]) -> str:
    """The most frequent label; of equal ones the first of `labels`."""
    counts = Counter(example.label for example in train)
    return max(labels, key=lambda label: counts[label])


class Plain:
    """TF-IDF of words with LinearSVC, both with scikit-learn's defaults; it reads claim, title and text as one."""

    def __init__(self, train: Sequence[Example], seed: int = 1, several: bool = False) -> None:
        svm = LinearSVC(random_state=seed)
        self._labels = MultiLabelBinarizer() if several else None
        self._pipeline: Pipeline = make_pipeline(TfidfVectorizer(), OneVsRestClassifier(svm) if several else svm)
        gold = [example.label for example in train]
        truth = self._labels.fit_transform(map(labels_of, gold)) if self._labels else gold
        self._pipeline.fit([_words(example) for example in train], truth)

    def predict(self, examples: Sequence[Example]) -> list[str]:
        """One label an example, or several, joined by BETWEEN."""
        found = self._pipeline.predict([_words(example) for example in examples])
        if self._labels:
            return [BETWEEN.join(labels) for labels in self._labels.inverse_transform(found)]
        said: list[str] = found.tolist()
        return said


def _words(example: Example) -> str:
    return "\n".join(part for part in (example.claim, example.title, example.text) if part)
