"""Label what is not labelled yet: the models of `train` on articles and items without gold, by question.

Reads models/, articles, items, gold, targets.yaml and the codebook; writes predictions.jsonl, sorted by
article, question and target. Articles are read in batches; predictions are all held, about half a kilobyte each.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from msgspec import Struct

from baselines import models, reading, rows
from baselines.examples import Example, Model, labels_of
from baselines.models import ModelCard
from corpus import store
from corpus.errors import CorpusError
from corpus.progress import Progress, quiet
from corpus.records import Article, Gold, Item, Prediction, Target
from corpus.text import phrases
from corpus.text.fold import fold
from corpus.workspace import Workspace

BATCH = 200
"""Articles labelled at a time."""


class Predicted(Struct, frozen=True):
    """One question: its model's version, and what was labelled, by label; `predictions` is their sum in a single choice."""

    question: str
    model: str
    predictions: int
    values: dict[str, int]


class PredictReport(Struct, frozen=True):
    """What `predict` did. `articles` were read; predictions of other questions stay as they were and are `kept`."""

    articles: int
    kept: int
    questions: list[Predicted]


class _Asked(Struct, frozen=True):
    """One question's model, and what it is asked about."""

    model: Model
    card: ModelCard
    targets: dict[str, Target]
    labelled: set[tuple[str, str | None]]
    items: set[tuple[str, str | None]]
    finds: dict[str, Callable[[str], object]]
    language: str

    def of(self, article: Article) -> Iterator[tuple[str | None, Example]]:
        """Target and example of everything about an article that has no gold.

        A question about the article is asked of every article; one about targets, of the items and of every target that
        the article's title or text names.
        """
        if self.card.kind == "topic" or not self.card.targets:
            found: list[str | None] = [None]
        else:
            text = fold(f"{article.title or ''}\n{article.text}")
            found = [id for id in self.targets if (article.id, id) in self.items or self.finds[id](text)]
        for target in found:
            if (article.id, target) not in self.labelled:
                yield target, rows.example(article, self.targets.get(target or ""), self.language)


def predict(
    workspace: Workspace, question: str | None = None, progress: Progress = quiet, folder: Path | None = None
) -> PredictReport:
    """Label with the models of one question, or of every question that has one.

    Args:
        workspace: the corpus; needs articles.
        question: a question's id.
        progress: told of articles read.
        folder: of the models; the corpus's own if not given.

    Raises:
        CorpusError: there is no model, a model is broken, of another codebook, or not the one that its card names; a file
            is missing or wrong.
    """
    folder = folder or workspace.models
    asked = [_asked(workspace, folder, name) for name in ([question] if question else _trained(workspace, folder))]
    found: list[Prediction] = []
    count = 0
    articles = store.read(workspace.articles, Article)
    while batch := list(islice(articles, BATCH)):
        count += len(batch)
        for one in asked:
            found += _labelled(one, batch)
        progress(count, None)
    names = {one.card.question for one in asked}
    kept = [old for old in store.read_if_any(workspace.predictions, Prediction) if old.question not in names]
    store.write_sorted(workspace.predictions, kept + found, lambda p: (p.article_id, p.question, p.target or ""))
    return PredictReport(count, len(kept), [_counted(one, found) for one in asked])


def _trained(workspace: Workspace, folder: Path) -> list[str]:
    names = [asked.id for asked in workspace.codebook().questions if (folder / f"{asked.id}.skops").exists()]
    if not names:
        raise CorpusError(f"{folder} has no model", "train one: `warraq train`")
    return names


def _asked(workspace: Workspace, folder: Path, question: str) -> _Asked:
    book = workspace.codebook()
    book.question(question)  # says it, if there is no such question
    model, card = models.load(folder, question)
    if card.codebook != book.ref:
        raise CorpusError(f"the model of {question} learnt {card.codebook}; the corpus has {book.ref}", "train it again")
    targets = {target.id: target for target in workspace.targets()}
    gold = store.read_if_any(workspace.gold, Gold)
    return _Asked(
        model=model,
        card=card,
        targets=targets,
        labelled={(g.article_id, g.target) for g in gold if g.question == question and g.value is not None},
        items={(item.article_id, item.target) for item in store.read_if_any(workspace.items, Item)},
        finds={id: phrases.pattern(target.phrases).search for id, target in targets.items()},
        language=workspace.config.language,
    )


def _labelled(asked: _Asked, articles: Iterable[Article]) -> list[Prediction]:
    todo = [(article.id, *one) for article in articles for one in asked.of(article)]
    examples = [example for _, _, example in todo]
    values, odds = asked.model.predict(examples), asked.model.probabilities(examples)
    return [
        Prediction(
            article_id=article,
            target=target,
            question=asked.card.question,
            value=labels_of(value) if asked.card.kind == "multiple" else value,
            soft=_soft(asked, row),
            model=asked.card.name,
            evidence=reading.evidence(asked.model, example),
        )
        for (article, target, example), value, row in zip(todo, values, odds, strict=True)
    ]


def _soft(asked: _Asked, row: np.ndarray) -> dict[str, float]:
    """Six decimals that add up to 1, where a text has one label: what rounding leaves goes to the largest."""
    parts = np.rint(row * 1e6).astype(int)
    if asked.card.kind != "multiple":
        parts[parts.argmax()] += 1_000_000 - parts.sum()
    return dict(zip(asked.model.labels, (parts / 1e6).tolist(), strict=True))


def _counted(asked: _Asked, found: list[Prediction]) -> Predicted:
    ours = [one.value for one in found if one.question == asked.card.question]
    values = Counter(label for value in ours for label in (value if isinstance(value, list) else [value]))
    return Predicted(asked.card.question, asked.card.name, len(ours), {v: values[v] for v in asked.card.labels})
