"""A model's predictions → pre-annotations of the tasks that stand in a project, once a version of the model.

Reads a file as `warraq predict` writes it, and items.jsonl. Whether people see them is `show_predictions` in warraq.toml.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from corpus import store
from corpus.codebook import Codebook
from corpus.errors import CorpusError
from corpus.labeling.answers import to_result, wrong_answer
from corpus.labeling.sync import server as seam
from corpus.labeling.sync import standing
from corpus.labeling.sync.server import Server
from corpus.labeling.sync.standing import Version
from corpus.records import Item, Prediction
from corpus.workspace import Workspace


class PredictionsReport(Struct, frozen=True):
    """`tasks == present + sent + without`: tasks that have the version already, that got it now, that have no prediction."""

    version: str
    tasks: int
    present: int
    sent: int
    without: int


def send(workspace: Workspace, server: Server, project: int, path: Path) -> PredictionsReport:
    """Send what is not there yet: one pre-annotation a task, with the answers to all questions that the file has.

    Its version names every model of the file; its score is the least probability of its answers, or of one label of an
    answer with several: that it is there, or is not, as the answer says. Holds the file's predictions, and a listing of the
    project's tasks and pre-annotations.

    Raises:
        CorpusError: the file holds none, two answers to one question, or an answer that the codebook does not offer.
        ServiceError: the server could not be reached or refused, or did not take every one.
    """
    told = _read(path, workspace.codebook())
    version = " + ".join(sorted({one.model for one in told.values()}))
    held = standing.listed(server, project)
    tasks = {task: item for item in store.read(workspace.items, Item) for task in held.get(Version.of(item), [])}
    there = {task for task, of in server.predictions(project) if of == version}
    found = {task: _answers(item, told, workspace.codebook()) for task, item in sorted(tasks.items())}
    rows = [_row(task, answers, version) for task, answers in found.items() if answers and task not in there]
    for start in range(0, len(rows), seam.PAGE):
        server.import_predictions(project, rows[start : start + seam.PAGE])
    server.update_project(project, model_version=version)
    present = sum(task in there for task in tasks)
    return PredictionsReport(version, len(tasks), present, len(rows), len(tasks) - present - len(rows))


def _read(path: Path, book: Codebook) -> dict[tuple[str, str | None, str], Prediction]:
    """The predictions by article, target and question."""
    found: dict[tuple[str, str | None, str], Prediction] = {}
    for number, one in enumerate(store.read(path, Prediction), 1):
        key = one.article_id, one.target, one.question
        if wrong := wrong_answer(book, one.question, one.value):
            raise CorpusError(f"{path}:{number}: {wrong}", "predict with a model that was trained under this codebook")
        if key in found:
            raise CorpusError(f"{path}:{number}: a second answer to {one.question!r} on one text", "keep one of the two")
        found[key] = one
    if not found:
        raise CorpusError(f"{path} holds no prediction", "`warraq predict` labels what has no gold yet: is all of it settled?")
    return found


def _answers(item: Item, told: Mapping[tuple[str, str | None, str], Prediction], book: Codebook) -> Sequence[Prediction]:
    """What was predicted for an item: about its target, or about the article as a whole."""
    places = [(item.article_id, item.target if question.scope == "item" else None, question.id) for question in book.labelled]
    return [told[place] for place in places if place in told]


def _row(task: int, answers: Sequence[Prediction], version: str) -> dict[str, Any]:
    result = to_result({one.question: one.value for one in answers}, [], None)
    return {"task": task, "result": result, "score": min(map(_sure, answers)), "model_version": version}


def _sure(one: Prediction) -> float:
    """How sure a model is of its answer, 0 to 1."""
    if isinstance(one.value, str):
        return one.soft.get(one.value, 0.0)
    return min((odds if label in one.value else 1 - odds for label, odds in one.soft.items()), default=0.0)
