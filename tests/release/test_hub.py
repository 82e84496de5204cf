"""The real client of the Hub, in a process of its own, against a small Hub that fails where it is told to."""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hub_client
import msgspec
import pytest
from hub_answers import INITIAL, Repo
from hub_releases import content, make
from hub_server import TOKEN, Fault, Hub

from corpus import store
from corpus.release.layout import manifest

NAMES = (f"maha/corpus-{number}" for number in itertools.count())
HOW = ["500 before", "500 after", "cut before", "cut after", "kill after"]
FAULTS = [(how, False) for how in HOW] + [("cut after", True), ("kill after", True)]


class Client:
    """The process that publishes, and the Hub that it publishes to."""

    def __init__(self, home: Path) -> None:
        self.hub = Hub()
        told = {"HF_ENDPOINT": self.hub.url, "HF_HOME": str(home), "HF_TOKEN": TOKEN, "HF_HUB_DISABLE_XET": "1"}
        env = {**os.environ, **told, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
        self._process = subprocess.Popen(
            [sys.executable, hub_client.__file__], env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def publish(self, release: Path, repo: str, fault: Fault | None = None, **options: bool) -> dict[str, Any]:
        self.hub.begin(fault)
        return self.again(release, repo, **options)

    def again(self, release: Path, repo: str, **options: bool) -> dict[str, Any]:
        self._say(json.dumps({"release": str(release), "repo": repo, **options}))
        self.hub.client = json.loads(self._process.stdout.readline())["pid"]
        self._say("go")
        return json.loads(self._process.stdout.readline())

    def _say(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def stop(self) -> None:
        self._process.communicate()
        self.hub.stop()


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[Client]:
    made = Client(tmp_path_factory.mktemp("hf"))
    yield made
    made.stop()


def everything(release: Path) -> dict[str, bytes]:
    """The release, and the file that is in every repository."""
    return INITIAL | content(release)


def published(hub: Hub, name: str, release: Path) -> Repo:
    """A repository in which a release was published without a fault."""
    repo = hub.repos[name] = Repo(private=True)
    repo.commit("initial commit", dict(INITIAL))
    version = manifest.read(release).corpus.version
    repo.tags[f"v{version}"] = repo.commit(f"Release {version}", everything(release))
    return repo


def messages(repo: Repo) -> list[str]:
    return [commit.message for commit in repo.commits]


def is_there(repo: Repo, release: Path) -> bool:
    """One commit for each release, the last of this one, tagged."""
    version, head = manifest.read(release).corpus.version, repo.commits[-1]
    assert head.message == f"Release {version}" and len(set(messages(repo))) == len(repo.commits)
    assert head.files == everything(release)
    assert repo.tags[f"v{version}"] == head.oid
    return repo.private


def test_a_new_dataset_is_private_one_commit_and_a_tag(client, first):
    name = next(NAMES)
    done = client.publish(first, name)
    assert sorted(done["add"]) == sorted(everything(first).keys() - INITIAL.keys()) and not done["delete"]
    assert is_there(client.hub.repos[name], first)
    assert messages(client.hub.repos[name]) == ["initial commit", "Release 0.1.0"]


def test_the_next_version_takes_stale_files_away_in_the_same_commit(client, first, second):
    name = next(NAMES)
    repo = published(client.hub, name, first)
    done = client.publish(second, name)
    assert done["delete"] == ["tone/train.parquet"] and done["keep"] == ["codebook.json"]
    assert is_there(repo, second)
    assert messages(repo) == ["initial commit", "Release 0.1.0", "Release 0.2.0"]


def test_publishing_twice_changes_nothing(client, first):
    name = next(NAMES)
    client.publish(first, name)
    done = client.publish(first, name)
    assert not done["add"] and not done["delete"] and len(done["keep"]) == 5
    assert is_there(client.hub.repos[name], first)
    assert not [line for line in client.hub.asked if not line.startswith(("GET", "HEAD"))]


def test_a_dry_run_only_reads(client, first, second):
    name, new = next(NAMES), next(NAMES)
    published(client.hub, name, first)
    told = client.publish(second, name, dry_run=True, gated=True)
    assert told["add"] and told["delete"] == ["tone/train.parquet"] and told["keep"] == ["codebook.json"]
    assert client.again(first, new, dry_run=True)["add"] and new not in client.hub.repos
    assert not [line for line in client.hub.asked if not line.startswith(("GET", "HEAD"))]


def first_of_each_kind(asked: list[str]) -> list[int]:
    """The numbers of the requests that are the first of their kind: method, and path without names and hashes."""
    kinds = [re.sub(r"maha/[^/.]+|[0-9a-f]{40,}|resolve/.*", "", line) for line in asked]
    return sorted({kinds.index(kind) + 1 for kind in kinds})


@pytest.mark.parametrize(("how", "new"), FAULTS)
def test_a_fault_at_any_call_ends_in_one_commit_and_its_tag(client, first, second, how, new):
    def begin() -> str:
        name = next(NAMES)
        if not new:
            published(client.hub, name, first)
        return name

    release = first if new else second
    client.publish(release, begin())
    calls = first_of_each_kind(client.hub.asked)
    assert len(calls) >= 12
    for at in calls:
        name = begin()
        done = client.publish(release, name, Fault(at, how))
        assert client.hub.fault.times == 0 and "error" not in done, (client.hub.asked[at - 1], done)
        if how.startswith("kill"):
            assert done == {"killed": True} and "error" not in client.publish(release, name)
        assert is_there(client.hub.repos[name], release)


@pytest.mark.parametrize("at", ["/commit/", "/tag/", "repos/create", "validate-yaml", "PUT /store"])
def test_a_hub_that_stays_broken_is_told_and_the_next_run_goes_on(client, first, at):
    name = next(NAMES)
    done = client.publish(first, name, Fault(at, "500 before", 99))
    assert done["error"] == "ServiceError" and "signature" not in done["said"] and TOKEN not in done["said"]
    assert "error" not in client.publish(first, name)
    assert is_there(client.hub.repos[name], first)


def test_a_commit_that_was_stored_but_answered_with_errors_is_not_made_again(client, first):
    """As the Hub was seen to do (datasets pull request 7708): 500, and the commit stands."""
    name = next(NAMES)
    assert "error" not in client.publish(first, name, Fault("/commit/", "500 after", 99))
    assert is_there(client.hub.repos[name], first)
    assert len([line for line in client.hub.asked if "/commit/" in line]) == 1


def test_a_head_that_moves_while_we_upload_is_not_overwritten(client, first, second):
    name = next(NAMES)
    repo = published(client.hub, name, first)
    client.hub.begin()
    client.hub.meanwhile = lambda: repo.edit(README__md=b"by hand", notes__txt=b"mine")
    done = client.again(second, name)
    assert done["error"] == "CheckError"
    assert "README.md was changed, notes.txt was added" in done["said"]
    assert repo.commits[-1].message == "edited by hand" and "v0.2.0" not in repo.tags


def test_a_head_that_moved_to_the_same_content_is_taken(client, first, second):
    """Two runs of the same release at once: the slower one tags the faster one's commit."""
    name = next(NAMES)
    repo = published(client.hub, name, first)
    client.hub.begin()
    client.hub.meanwhile = lambda: repo.commit("Release 0.2.0", everything(second))
    assert "error" not in client.again(second, name)
    assert is_there(repo, second)


def test_a_412_without_a_reason_is_told(client, first):
    done = client.publish(first, next(NAMES), Fault("/commit/", "412"))
    assert done["error"] == "ServiceError" and "412" in done["said"]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"README__md": b"by hand"}, "README.md was changed"),
        ({"stance/train__parquet": None}, "stance/train.parquet was deleted"),
        ({"figure__png": b"mine"}, "figure.png was added"),
    ],
)
def test_what_somebody_changed_since_is_not_overwritten(client, first, second, edit, said):
    name = next(NAMES)
    repo = published(client.hub, name, first)
    repo.edit(**edit)
    done = client.publish(second, name)
    assert done["error"] == "CheckError" and said in done["said"]
    assert repo.commits[-1].message == "edited by hand"


def test_a_repository_that_is_something_else_is_left_alone(client, first):
    name = next(NAMES)
    client.hub.repos[name] = Repo(private=True)
    client.hub.repos[name].commit("a model", INITIAL | {"README.md": b"weights", "model.bin": b"1"})
    assert "README.md was added, model.bin was added" in client.publish(first, name)["said"]


def test_a_published_version_stays(client, first, second, tmp_path):
    name = next(NAMES)
    published(client.hub, name, first)
    other = make(tmp_path / "other", "0.1.0", **{"stance/train.parquet": b"other", "tone/train.parquet": b"stale"})
    said = client.publish(other, name)["said"]
    assert "already has version 0.1.0, with other files: MANIFEST.json, stance/train.parquet" in said


def test_an_old_version_can_be_sent_again_after_a_newer_one(client, first, second):
    name = next(NAMES)
    repo = published(client.hub, name, first)
    client.publish(second, name)
    assert not client.publish(first, name)["add"] and is_there(repo, second)


def test_what_arrives_is_compared(client, first):
    name = next(NAMES)
    client.hub.begin()

    def rot() -> None:
        """The store loses a byte after the upload."""
        client.hub.store.update((oid, data[:-1]) for oid, data in list(client.hub.store.items()))

    client.hub.meanwhile = rot
    done = client.again(first, name)
    assert "stance/train.parquet" in done["said"] and "differs" in done["said"]


def test_it_is_opened_when_asked_and_stays_open(client, first, second):
    name = next(NAMES)
    client.publish(first, name, public=True)
    repo = client.hub.repos[name]
    assert not repo.private and not repo.gated
    client.publish(second, name)
    assert not repo.private


def test_reserved_texts_are_opened_gated_only(client, tmp_path):
    name = next(NAMES)
    release = make(tmp_path / "reserved", "0.1.0", "All rights reserved by the publishers")
    done = client.publish(release, name, public=True)
    assert done["error"] == "CheckError" and "--gated" in done["said"] and name not in client.hub.repos
    assert "error" not in client.publish(release, name, public=True, gated=True)
    assert client.hub.repos[name].gated == "manual" and not client.hub.repos[name].private
    settings = [line for line in client.hub.asked if "settings" in line or "/commit/" in line]
    assert "settings" in settings[0] and "commit" in settings[1] and "settings" in settings[2]


def test_withheld_texts_are_opened_without_a_gate(client, tmp_path):
    name = next(NAMES)
    release = make(tmp_path / "withheld", "0.1.0", "all rights reserved")
    told = manifest.read(release)
    store.write_json(release / manifest.MANIFEST, msgspec.structs.replace(told, text="withheld"))
    assert "error" not in client.publish(release, name, public=True)


def test_no_token_goes_to_the_store_of_large_files(client):
    assert client.hub.leaks == []


def test_the_card_that_the_hub_refuses_is_told(client, tmp_path):
    done = client.publish(make(tmp_path / "bare", "0.1.0", **{"README.md": b"no yaml"}), next(NAMES))
    assert done["error"] == "CheckError" and "no metadata" in done["said"]
    shutil.rmtree(tmp_path / "bare")
