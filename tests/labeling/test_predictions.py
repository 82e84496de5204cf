"""Pre-annotations on a real Label Studio: once a version, shown only where asked for, named by what is made of them."""

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from labeling_corpus import small
from test_people import GOOD, of, settled, tasks

from corpus import store
from corpus.errors import CorpusError, ServiceError
from corpus.labeling.studio import accounts
from corpus.labeling.sync import predictions as predicted
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.records import Annotation, Item, Prediction
from corpus.workspace import Workspace

Studio = tuple[Workspace, Server]


def answers(item: Item, sure: float, model: str = "a1") -> list[Prediction]:
    """One of the stance toward the target, one of the article's topic, which is always sure."""
    stance = {"favor": sure, "against": 1 - sure}
    return [
        Prediction(item.article_id, item.target, "stance", "favor", stance, f"stance-{model}", []),
        Prediction(item.article_id, None, "topic", "04000000", {"04000000": 1.0}, f"topic-{model}", []),
    ]


def written(space: Workspace, rows: list[Prediction]) -> Path:
    path = space.root / "predictions.jsonl"
    store.write(path, rows)
    return path


@pytest.mark.studio
def test_predictions_are_sent_once_a_version_and_recorded_with_what_is_made_of_them(tmp_path: Path, studio: Studio) -> None:
    owner, server = studio
    space = settled(small(tmp_path / "c", "predicted", 4), 'order = "given"', 'order = "uncertain"')
    one, two, three, four = of(space)
    sure = {one.id: 0.9, two.id: 0.6, three.id: 0.8}
    path = written(space, [row for item in (one, two, three) for row in answers(item, sure[item.id])])
    report = push(space, server, predictions=path)
    version = "stance-a1 + topic-a1"
    assert report.predictions == predicted.PredictionsReport(version, 4, 0, 3, 1)
    again = push(space, server, predictions=path)
    assert again.predictions == predicted.PredictionsReport(version, 4, 3, 0, 1)
    assert len(list(server.predictions(report.project))) == 3
    held = tasks(space, server)
    own: Any = server._client.predictions.list(project=report.project)
    assert {row.task: row.score for row in own} == {held[id_]: score for id_, score in sure.items()}
    project: Any = server.find_project(project_title(space))
    assert not project.show_collab_predictions and project.sampling == "Uncertainty sampling"
    token = accounts.add_annotator(owner.state, server.url, "noor").token
    headers = {"Authorization": f"Token {token}"}
    got = httpx.get(f"{server.url}/api/projects/{report.project}/next", headers=headers).json()
    assert got["id"] == held[two.id], "the least sure comes first"
    parent = next(row.id for row in own if row.task == held[one.id])
    server._client.annotations.create(id=held[one.id], result=GOOD, lead_time=1, parent_prediction=parent)
    server.annotate(held[two.id], GOOD, 1, False)
    server.annotate(held[four.id], GOOD, 1, False)
    pull(space, server)
    made = {row.item_id: row.origin.prediction for row in store.read(space.annotations, Annotation)}
    assert made == {one.id: version, two.id: None, four.id: None}, "what was answered without it does not name it"
    assert space.annotations.read_text("utf-8").count('"prediction"') == 1
    newer = written(space, answers(four, 0.5, "b2"))
    report = push(space, server, predictions=newer)
    assert report.predictions == predicted.PredictionsReport("stance-b2 + topic-b2", 4, 0, 1, 3)
    space = settled(space, "show_predictions = false", "show_predictions = true")
    assert push(space, server).predictions is None
    project = server.find_project(project_title(space))
    assert project.show_collab_predictions


@pytest.mark.studio
def test_a_server_that_takes_only_some_is_told(tmp_path: Path, studio: Studio) -> None:
    _, server = studio
    space = small(tmp_path / "c", "dropped", 1)
    project = push(space, server).project
    bad = [{"from_name": "nope", "to_name": "text", "type": "choices", "value": {"choices": ["x"]}}]
    row = {"task": next(iter(tasks(space, server).values())), "result": bad, "score": 0.5, "model_version": "m"}
    with pytest.raises(ServiceError, match="took 0 of 1 predictions"):
        server.import_predictions(project, [row])


def test_an_answer_with_several_labels_is_as_sure_as_its_least_sure_label(tmp_path: Path) -> None:
    space = small(tmp_path / "c", "several", 1)
    topic = answers(of(space)[0], 0.5)[1]
    odds = {"01000000": 0.9, "04000000": 0.6, "11000000": 0.3}  # hand-worked: 0.9, 0.6, 1 - 0.3
    several = msgspec.structs.replace(topic, value=["01000000", "04000000"], soft=odds)
    assert predicted._sure(several) == 0.6 and predicted._sure(topic) == 1.0
    assert predicted._sure(msgspec.structs.replace(several, value=[])) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("change", "named"),
    [({"value": "maybe"}, "does not offer 'maybe'"), ({"question": "mood"}, "no question 'mood'"), ({}, "a second answer")],
)
def test_a_wrong_prediction_is_named_by_its_line(tmp_path: Path, change: dict[str, Any], named: str) -> None:
    space = small(tmp_path / "c", "wrong", 1)
    first = answers(of(space)[0], 0.5)[0]
    path = written(space, [first, msgspec.structs.replace(first, **change)])
    with pytest.raises(CorpusError, match=named) as caught:
        predicted._read(path, space.codebook())
    assert "predictions.jsonl:2" in str(caught.value)
    with pytest.raises(CorpusError, match="holds no prediction"):
        predicted._read(written(space, []), space.codebook())
