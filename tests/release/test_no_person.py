"""A release of what people said on a real Label Studio tells nothing of them, in any of its forms."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus.labeling import resolve
from corpus.labeling.answers import to_result
from corpus.labeling.studio import accounts
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.records import Span
from corpus.release.dataset.publish import publish
from corpus.workspace import Workspace

pytestmark = pytest.mark.studio


def everything(folder: Path) -> str:
    """Every file of a release as text, and every value of its rows."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    rows = [str(pq.read_table(path).to_pylist()) for path in files if path.suffix == ".parquet"]
    return "".join([*rows, *(path.read_bytes().decode("utf-8", "replace") for path in files)])


def test_no_name_address_number_or_token_of_a_person_is_released(corpus, said, rewrite, studio):
    owner, server = studio
    config = corpus.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace('name = "tiny"', 'name = "release-people"'), "utf-8")
    space, said.annotations, said.gold = Workspace(corpus.root), [], []
    rewrite(said)
    names = ("rabab", "mazin")
    people = [Server(server.url, accounts.add_annotator(owner.state, server.url, name).token) for name in names]
    push(space, server)
    project = server.find_project(project_title(space))
    for data, task in [(data, task) for task, data in server.tasks(project.id)]:
        mark = Span("evidence", 0, 3, data["text"][:3])
        for person in people:
            person.annotate(task, to_result({"stance": "favor", "topic": "no"}, [mark], "ملاحظة"), 1, False)
    assert pull(space, server).submitted == 8
    resolve.resolve(space)
    stored = accounts.credentials(owner.state)
    secrets = {s for one in (stored.owner, *stored.annotators.values()) for s in (one.email, one.password, one.token)} - {""}
    secrets |= {*names, "@warraq.local", server.url, str(corpus.root)}
    for options in ({}, {"text": "withheld"}):
        assert sum(publish(space, **options).rows["annotations"].values()) == 8
        found = everything(space.release)
        assert "a-" in found and not [secret for secret in secrets if secret in found]
