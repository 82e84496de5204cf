"""`warraq push --predictions models`: a trained baseline labels what nobody has labelled, and its answers are sent."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from in_process import warraq

from baselines import models
from baselines.train import train
from corpus import store
from corpus.labeling.controls import Control
from corpus.labeling.studio import accounts
from corpus.labeling.sync.server import Server
from corpus.records import Gold, Item, Prediction
from corpus.workspace import Workspace
from tests.baselines.conftest import build


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A corpus of 24 items whose models learnt from all; of the last six nobody has said anything any more."""
    space = build(tmp_path_factory.mktemp("by-model") / "corpus")
    train(space)
    waiting = {item.article_id for item in list(store.read(space.items, Item))[-6:]}
    store.write(space.gold, [gold for gold in store.read(space.gold, Gold) if gold.article_id not in waiting])
    return space


@pytest.mark.studio
def test_the_models_of_a_folder_predict_and_what_they_say_is_sent_once(
    trained: Workspace, studio: tuple[Workspace, Server]
) -> None:
    owner, server = studio
    config = trained.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('url = ""', f'url = "{server.url}"'), "utf-8")
    token = accounts.owner(owner.state).token

    def push(*options: str) -> Any:
        done = warraq("push", "--json", *options, cwd=trained.root, LABEL_STUDIO_API_KEY=token)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    report = push()
    assert (report["sent"], report["predictions"]) == (24, None), "off by default"
    assert not trained.predictions.exists() and not list(server.predictions(report["project"]))

    version = " + ".join(models.load(trained.models, question)[1].name for question in ("stance", "topic"))
    told = push("--predictions", "models")["predictions"]
    assert told == {"version": version, "tasks": 24, "present": 0, "sent": 6, "without": 18}
    held: Any = server._client.predictions.list(project=report["project"])
    tasks = {task: data["item_id"] for task, data in server.tasks(report["project"])}
    waiting = list(store.read(trained.items, Item))[-6:]
    assert {tasks[row.task] for row in held} == {item.id for item in waiting}
    said = {(p.article_id, p.question): p for p in store.read(trained.predictions, Prediction)}
    for row in held:
        (item,) = [item for item in waiting if item.id == tasks[row.task]]
        answers = [said[item.article_id, question] for question in ("stance", "topic")]
        assert row.model_version == version and row.score == min(p.soft[str(p.value)] for p in answers)
        assert [part["value"]["choices"] for part in row.result] == [[p.value] for p in answers]

    assert push("--predictions", "models/")["predictions"] == told | {"present": 6, "sent": 0}
    assert len(list(server.predictions(report["project"]))) == 6


def test_the_models_predict_a_control_whose_text_does_not_name_its_target(trained: Workspace, tmp_path: Path) -> None:
    shutil.copytree(trained.root, tmp_path / "corpus")
    space = Workspace(tmp_path / "corpus")
    there = {(item.article_id, item.target) for item in store.read(space.items, Item)}
    article, about = max(there, key=lambda place: place[0])
    (other,) = {target.id for target in space.targets()} - {about}
    store.write(tmp_path / "known.jsonl", [Control(article, other, {"stance": "favor"})])
    done = warraq("push", "--control", "../known.jsonl", "--predictions", "models", cwd=space.root, LABEL_STUDIO_API_KEY="")
    assert done.returncode == 3, "there is no server; the models have predicted before it is asked"
    said = {(p.article_id, p.target) for p in store.read(space.predictions, Prediction) if p.question == "stance"}
    assert (article, other) in said and (article, other) not in there


def test_a_folder_without_a_model_is_told_before_anything_is_sent(trained: Workspace, tmp_path: Path) -> None:
    done = warraq("-C", str(trained.root), "push", "--predictions", str(tmp_path), LABEL_STUDIO_API_KEY="none")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tmp_path} has no model" in done.stderr and "warraq train" in done.stderr
