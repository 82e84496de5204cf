"""The target and the topic recipe written plainly in scikit-learn: what the bench and a test hold ours against.

The same folds, candidates and order of choices, each written as scikit-learn has it: a TfidfVectorizer a view, fitted anew for
every candidate that needs it, and one LinearSVC or RidgeClassifier a fold on stacked matrices. Nothing is kept from one
candidate to the next; with `keep`, each view is fitted once a reading and the decisions of a candidate are made once.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache, partial

import msgspec
import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.model_selection import cross_val_predict
from sklearn.svm import LinearSVC

from baselines.analyzers import Analyzer, stemmed
from baselines.examples import Example, Task
from baselines.recipes import search, text_selection
from baselines.recipes.cross_validation import Floats, tuned
from baselines.recipes.linear import UNSEEN, Setting
from baselines.recipes.neighbours import BALANCE, NEAREST
from baselines.recipes.search import Choices, Search
from baselines.recipes.text_selection import best

SHARES = {"words": 0.5, "stems": 0.5, "letters": 1.0, "title": 0.5, "title words": 0.5}
STEMMED, BARE = ("words", "stems", "letters", "title"), ("words", "letters", "title words")
"""The joined views, with stems and without."""


class Reading:
    """A view of texts, or several joined, by scikit-learn's vectorizers."""

    def __init__(self, views: Sequence[str], analyzer: Analyzer, train: Sequence[Example], titles: bool = False) -> None:
        self.read = partial(self._tokens, analyzer)
        titles = titles and any(analyzer._tokens(example.title) for example in train)
        views = [part for part in views if titles or not part.startswith("title")]
        self.parts = {part: self._vectorizer(part) for part in views}
        whole = sum(SHARES[part] for part in views)
        self.scale = {part: (SHARES[part] / whole) ** 0.5 for part in views}
        made = [self.parts[part].fit_transform(self.read(part, train)) * self.scale[part] for part in self.parts]
        self.matrix = sp.hstack(made).tocsr()

    def transform(self, examples: Sequence[Example]) -> sp.csr_matrix:
        made = [self.parts[part].transform(self.read(part, examples)) * self.scale[part] for part in self.parts]
        return sp.hstack(made).tocsr()

    @staticmethod
    def _tokens(analyzer: Analyzer, view: str, examples: Sequence[Example]) -> list[str]:
        read = [one.title if view.startswith("title") else f"{one.title}\n{one.text}" for one in examples]
        texts = [analyzer._tokens(text) for text in read]  # without our cache
        return [stemmed(text) for text in texts] if view in ("stems", "title") else texts

    @staticmethod
    def _vectorizer(view: str) -> TfidfVectorizer:
        letters, words = {"analyzer": "char_wb", "ngram_range": (2, 5)}, {"token_pattern": r"\S+", "ngram_range": (1, 2)}
        options = letters if view == "letters" else words
        return TfidfVectorizer(lowercase=False, min_df=2, sublinear_tf=True, **options)


class Linear:
    """One linear classifier of texts, or of texts and texts × target."""

    def __init__(self, matrix: sp.csr_matrix, labels: np.ndarray, targets: np.ndarray, setting: Setting, shared: bool) -> None:
        self.known = sorted(set(targets)) if shared else []
        counts, texts = Counter(zip(targets, labels, strict=True)), Counter(targets)
        kinds = Counter(target for target, _ in counts)
        each = zip(targets, labels, strict=True)
        weight = [(texts[t] / (kinds[t] * counts[t, label])) ** setting.balance for t, label in each]
        svm, ridge = LinearSVC(C=setting.strength, random_state=1), RidgeClassifier(alpha=1 / setting.strength)
        self.model = svm if setting.kind == "svm" else ridge
        self.model.fit(self._adapted(matrix, targets), labels, sample_weight=weight)

    def decisions(self, matrix: sp.csr_matrix, targets: np.ndarray, names: Sequence[str]) -> Floats:
        made = self.model.decision_function(self._adapted(matrix, targets))
        made = np.column_stack([-made, made]) if made.ndim == 1 else made
        found = np.full((matrix.shape[0], len(names)), UNSEEN)
        found[:, [list(names).index(label) for label in self.model.classes_]] = made
        return found

    def _adapted(self, matrix: sp.csr_matrix, targets: np.ndarray) -> sp.csr_matrix:
        of = [sp.csr_array((targets == target).astype(float)[:, None]) for target in self.known]
        return sp.hstack([matrix, *(matrix.multiply(column.toarray()) for column in of), *of]).tocsr()


class Plain:
    """Fit the recipe on `train`; `predict` gives its labels."""

    def __init__(self, task: Task, train: Sequence[Example], choices: Choices, keep: bool = False) -> None:
        self.found = found = Search(task, train, task.labels, 1, choices)
        self.labels, self.targets = np.array([example.label for example in train]), np.array(found.targets)
        self.reading = cache(self._reading) if keep else self._reading
        self.out_of_fold = cache(self._out_of_fold) if keep else self._out_of_fold
        self.views: tuple[str, ...] = STEMMED
        self._choose_reading()
        self._choose_model()
        decisions = self._decisions(found.setting, found.mode)
        if choices.neighbours != (0.0,):
            near = self._near_out_of_fold()
            by_weight = {weight: found.score(decisions + weight * near) for weight in choices.neighbours}
            found.neighbours = best(by_weight, choices.neighbours[0])
            decisions = decisions + found.neighbours * near
        decisions = self._choose_stems(decisions)
        self.offsets = self._offsets(decisions) if choices.offsets else {}
        calibrator = LogisticRegression(max_iter=1000)
        cross_val_predict(calibrator, decisions, self.labels, cv=found.parts, method="predict_proba")
        calibrator.fit(decisions, self.labels)
        self.train = train

    def predict(self, test: Sequence[Example], train: Sequence[Example] | None = None) -> list[str]:
        """Labels by what was chosen, learnt from `train`: all that the choices were made on, if none are given."""
        found, train = self.found, train or self.train
        labels = np.array([example.label for example in train])
        seen, asked = (np.array([search.targets_of(one, found.task) for one in some]) for some in (train, test))
        reading = Reading(self.views, found.analyzer, train, found.choices.titles)
        matrices = reading.matrix, labels, seen, reading.transform(test)
        decisions = self._fitted(*matrices, asked, found.setting, found.mode)
        if found.neighbours:
            near = Reading(self._near_view(), found.analyzer, train)
            decisions += found.neighbours * self._near(near.matrix, labels, near.transform(test))
        none = np.zeros(len(found.names))
        decisions += np.array([self.offsets.get(target, none) for target in asked])
        return [found.names[i] for i in decisions.argmax(axis=1)]

    def _choose_reading(self) -> None:
        found = self.found
        all_on = found.analyzer
        base = self._score(all_on)
        for option in found.choices.options:
            off = {option: False}
            if self._score(msgspec.structs.replace(all_on, **off)) > base + text_selection.WORTH:
                found.analyzer = msgspec.structs.replace(found.analyzer, **off)

    def _choose_model(self) -> None:
        found = self.found
        settings = {of: found.score(self._decisions(of, found.mode)) for of in found.choices.settings}
        found.setting = best(settings, found.setting)
        if len(set(self.targets)) > 1:
            modes = {mode: found.score(self._decisions(found.setting, mode)) for mode in ("shared", "own", "both")}
            found.mode = best(modes, found.mode)

    def _choose_stems(self, stemmed: Floats) -> Floats:
        found, self.views = self.found, BARE
        plain = self._decisions(found.setting, found.mode)
        if found.neighbours:
            plain = plain + found.neighbours * self._near_out_of_fold()
        gains = [found.score(plain, rows) - found.score(stemmed, rows) for rows in self._tenths_left_out()]
        error = ((len(gains) - 1) * np.var(gains)) ** 0.5
        found.stems = found.score(plain) - found.score(stemmed) < text_selection.CHANCE * float(error)
        self.views = STEMMED if found.stems else BARE
        return stemmed if found.stems else plain

    def _tenths_left_out(self) -> list[np.ndarray]:
        """Numbers of the examples without each tenth of their groups."""
        block = np.unique(self.found.groups, return_inverse=True)[1] % 10
        return [np.flatnonzero(block != left) for left in sorted(set(block))]

    def _score(self, analyzer: Analyzer) -> float:
        return self.found.score(self.out_of_fold(("stems",), analyzer, self.found.setting, self.found.mode))

    def _decisions(self, setting: Setting, mode: str) -> Floats:
        return self.out_of_fold(self.views, self.found.analyzer, setting, mode)

    def _near_view(self) -> tuple[str]:
        return ("stems",) if "stems" in self.views else ("words",)

    def _reading(self, views: tuple[str, ...], analyzer: Analyzer) -> Reading:
        return Reading(views, analyzer, self.found.examples, self.found.choices.titles)

    def _out_of_fold(self, views: tuple[str, ...], analyzer: Analyzer, setting: Setting, mode: str) -> Floats:
        matrix = self.reading(views, analyzer).matrix
        made = np.zeros((len(self.labels), len(self.found.names)))
        for train, held in self.found.parts:
            seen = matrix[train], self.labels[train], self.targets[train]
            made[held] = self._fitted(*seen, matrix[held], self.targets[held], setting, mode)
        return made

    def _fitted(self, matrix: sp.csr_matrix, labels: np.ndarray, targets: np.ndarray, asked: sp.csr_matrix,
                of: np.ndarray, setting: Setting, mode: str) -> Floats:  # fmt: skip
        """Decisions on `asked`, learnt from `matrix`: by one classifier, one a target, or the mean of both."""
        names = self.found.names
        if set(targets) == {""}:
            return Linear(matrix, labels, targets, setting, shared=False).decisions(asked, of, names)
        shared = Linear(matrix, labels, targets, setting, shared=True).decisions(asked, of, names)
        own = shared.copy()
        for target in sorted(set(of)) if mode != "shared" else ():
            rows, ours = np.flatnonzero(of == target), np.flatnonzero(targets == target)
            if len(set(labels[ours])) > 1:
                alone = Linear(matrix[ours], labels[ours], targets[ours], setting, shared=False)
                own[rows] = alone.decisions(asked[rows], of[rows], names)
        return (own + shared) / 2 if mode == "both" else own

    def _near_out_of_fold(self) -> Floats:
        matrix = self._reading(self._near_view(), self.found.analyzer).matrix
        made = np.zeros((len(self.labels), len(self.found.names)))
        for train, held in self.found.parts:
            made[held] = self._near(matrix[train], self.labels[train], matrix[held])
        return made

    def _near(self, matrix: sp.csr_matrix, labels: np.ndarray, asked: sp.csr_matrix) -> Floats:
        """Votes of the nearest texts."""
        cosines = cosine_similarity(asked, matrix)
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :NEAREST]
        counts, made = Counter(labels), np.zeros((asked.shape[0], len(self.found.names)))
        for row, those in enumerate(nearest):
            for one in those:
                share = counts[labels[one]] / len(labels)
                made[row, self.found.names.index(labels[one])] += cosines[row, one] ** 2 / share**BALANCE
        total = made.sum(axis=1, keepdims=True)
        return made / np.where(total > 0, total, 1.0)

    def _offsets(self, decisions: Floats) -> dict[str, Floats]:
        """Offsets by target, if they help on folds that they were not tuned on."""
        shifted = decisions.copy()
        for train, held in self.found.parts:
            for target, row in self._tuned(decisions, train).items():
                shifted[held[self.targets[held] == target]] += row
        gains = self.found.score(shifted) > self.found.score(decisions)
        return self._tuned(decisions, np.arange(len(decisions))) if gains else {}

    def _tuned(self, decisions: Floats, rows: np.ndarray) -> dict[str, Floats]:
        examples, known = [self.found.examples[i] for i in rows], sorted(set(self.targets[rows]))

        def score(shifted: Floats) -> float:
            return self.found.task.metric(examples, [self.found.names[i] for i in shifted.argmax(axis=1)])

        of_target = [np.flatnonzero(self.targets[rows] == target) for target in known]
        return dict(zip(known, tuned(decisions[rows], of_target, score), strict=True))
