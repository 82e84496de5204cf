"""The topic recipe: on invented titles, and on a part of the ANT articles."""

from collections.abc import Sequence

import numpy as np
import pytest
import scipy.sparse as sp
from real_data import ant_corpus, ant_folder  # noqa: F401
from sklearn.metrics import f1_score

from baselines.analyzers import Analyzer
from baselines.examples import Example, Task
from baselines.recipes import blocks, neighbours, topic
from corpus import store
from corpus.articles.convert import ConvertReport
from corpus.records import Article
from corpus.workspace import Workspace


def metric(examples: Sequence[Example], guess: Sequence[str]) -> float:
    return float(f1_score([e.label for e in examples], list(guess), average="macro", zero_division=0))


def swapped(count: int, start: int = 0) -> list[Example]:
    """Title and body lend each other their words: only where a word stands tells the label."""
    return [
        Example(f"{label}{n}", f"يوم {n % 5} {body}", label, title=title)
        for n in range(start, start + count)
        for label, title, body in (("sky", "قمر", "نهر"), ("land", "نهر", "قمر"))
    ]


def test_a_title_is_weighed_apart() -> None:
    model = topic.fit(Task("topic", ("land", "sky"), metric), swapped(20))
    asked = swapped(5, start=20)
    assert model.predict(asked) == [example.label for example in asked]
    assert model.recipe["views"] == ["words", "letters", "title words"]  # as right as with stems
    assert model.evidence(asked[0], 1)[0][0] == "قمر"


@pytest.mark.parametrize("title", ["", "…", "\u200b"])
def test_without_titles_there_is_no_view_of_them(title: str) -> None:
    said = [Example(str(n), ("نهر", "قمر")[n % 2], "ab"[n % 2], title=title) for n in range(12)]
    model = topic.fit(Task("topic", ("a", "b"), metric), said)
    assert ("title words" in model.recipe["views"]) == (title == "…")  # a sign is a token too
    assert model.predict([Example("q", "قمر", "", title=title)]) == ["b"]
    again = topic.refit(Task("topic", ("land", "sky"), metric), swapped(3), model.recipe)
    assert "title words" in again.reader.vectorizers  # an audit sees what its own texts have


def test_joined_views_weigh_by_their_shares() -> None:
    """Words, stems and the title have half a share each, letters one: of a row's squared length 1/5, 1/5, 2/5 and 1/5."""
    examples = [Example(str(n), "نهر قمر يوم", "", title="نهر") for n in range(2)]
    reading = blocks.fit(Analyzer(), blocks.views_of(Analyzer(), examples), examples)
    joined = reading.joined.power(2)
    ends = np.cumsum([0, *(matrix.shape[1] for matrix in reading.matrices.values())])
    parts = [joined[:, ends[i] : ends[i + 1]].sum(axis=1) for i in range(4)]
    assert np.ravel(parts) == pytest.approx(np.repeat([0.2, 0.2, 0.4, 0.2], 2))
    untitled = [Example("1", "نهر قمر", "")]
    plain = blocks.views_of(Analyzer(), untitled)
    assert blocks.scales(plain) == pytest.approx([0.5, 0.5, 0.5**0.5])
    assert reading.blocks.matrices(untitled)["title"].nnz == 0


def test_near_texts_vote_with_their_squared_cosines() -> None:
    rows = sp.csr_matrix(np.array([[1.0, 0, 0], [0.6, 0.8, 0], [0, 1.0, 0], [0, 0.8, 0.6]]))
    near = neighbours.fit(rows, ["a", "b", "b", "b"], ("a", "b", "never"))
    asked = sp.csr_matrix(np.array([[1.0, 0, 0], [0, 0, 0], [0, 0, 1.0]]))
    a, b = 1 / 0.25**neighbours.BALANCE, 0.36 / 0.75**neighbours.BALANCE
    assert near.votes(asked) == pytest.approx(np.array([[a / (a + b), b / (a + b), 0], [0, 0, 0], [0, 1, 0]]))
    assert near.votes(asked[:0]).shape == (0, 3)
    again = neighbours.from_state(near.state())
    assert (again.votes(asked) == near.votes(asked)).all()


def test_only_the_nearest_vote() -> None:
    many = sp.csr_matrix(np.array([[1.0, 0.0]] * neighbours.NEAREST + [[0.6, 0.8]] * 50))
    near = neighbours.fit(many, ["a"] * neighbours.NEAREST + ["b"] * 50, ("a", "b"))
    assert near.votes(sp.csr_matrix([[1.0, 0.0]])).tolist() == [[1.0, 0.0]]


def test_target_is_never_read() -> None:
    says = {"sport": "فاز الفريق في المباراة", "economy": "ارتفع سعر النفط في السوق"}
    train = [
        Example(f"{label}{n}", words, label, title=f"خبر {n % 3}", target=label, group=f"{label}{n}")
        for label, words in says.items()
        for n in range(8)
    ]
    model = topic.fit(Task("topic", ("economy", "sport", "never"), metric), train)
    asked = [Example("q", "مباراة الفريق", "", target="economy")]
    assert model.predict(asked) == ["sport"]
    odds = model.probabilities(asked)
    again = topic.from_state(model.state())
    assert model.near is not None and (again.probabilities(asked) == odds).all()
    assert odds.shape == (1, 3) and odds[0, 2] == 0 and odds.sum() == pytest.approx(1)
    assert model.evidence(asked[0], 1)[0][0] in ("مباراة", "الفريق")


def test_ant_on_a_part(ant_corpus: tuple[Workspace, ConvertReport]) -> None:  # noqa: F811
    articles = [a for a in store.read(ant_corpus[0].articles, Article) if a.section not in (None, "localNews")]
    examples = [Example(a.id, a.text, a.section or "", title=a.title or "", group=a.sha256) for a in articles[:1800:2]]
    train, held = examples[:700], examples[700:]
    model = topic.fit(Task("topic", tuple(sorted({e.label for e in examples})), metric), train)
    assert np.mean([a == e.label for a, e in zip(model.predict(held), held, strict=True)]) >= 0.75
