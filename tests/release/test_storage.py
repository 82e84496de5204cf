"""A release into folders and into storage of Amazon's kind, here a server of moto's in a process of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_releases import content, make

from corpus.errors import CheckError, CorpusError
from corpus.release.layout import manifest
from corpus.release.layout.manifest import MANIFEST
from corpus.release.send import storage

BUCKET = "press"
CLIENT = """
import json, sys
from pathlib import Path
import fsspec
from corpus.errors import WarraqError
from corpus.release.send import storage
for line in sys.stdin:
    release, url, *rest = json.loads(line)
    try:
        if release:
            done = storage.send(Path(release), url, *rest)
            print(json.dumps({"add": list(done.add), "delete": list(done.delete), "keep": list(done.keep)}), flush=True)
        elif rest:
            fs = fsspec.filesystem("s3")
            fs.mkdir(url) if rest[0] is None else fs.pipe_file(url, rest[0].encode())
            print("{}", flush=True)
        else:
            fs = fsspec.filesystem("s3", use_listings_cache=False)
            fs.invalidate_cache()
            found = {name: fs.cat_file(name).decode() for name in fs.find(url)}
            print(json.dumps(found), flush=True)
    except WarraqError as error:
        print(json.dumps({"error": type(error).__name__, "said": str(error)}), flush=True)
"""


def there(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_gets_the_release_and_loses_stale_files(tmp_path, first, second):
    to = tmp_path / "out" / "put"
    done = storage.send(first, str(to))
    assert there(to) == content(first) and sorted(done.add) == sorted(content(first))
    done = storage.send(second, str(to))
    assert there(to) == content(second)
    assert list(done.delete) == ["tone/train.parquet"] and list(done.keep) == ["codebook.json"]
    done = storage.send(second, str(to))
    assert not done.add and not done.delete


def test_a_dry_run_changes_nothing(tmp_path, first, second):
    to = tmp_path / "out"
    assert len(storage.send(first, str(to), dry_run=True).add) == 5 and not to.exists()
    storage.send(first, str(to))
    assert list(storage.send(second, str(to), dry_run=True).delete) == ["tone/train.parquet"]
    assert there(to) == content(first)


class Stopped(Exception):
    pass


def stop_at(patch: pytest.MonkeyPatch, to: Path, at: int) -> None:
    """Let the process end at its change number `at`: in the middle of a file, or before a deletion."""
    left = [at]

    def stopping(whole: Any, name: str) -> Any:
        def change(self: storage.Place, *arguments: Any) -> None:
            left[0] -= 1
            if left[0]:
                return whole(self, *arguments)
            if name != "delete":
                whole(self, *arguments)
                path = to / (arguments[1] if name == "put" else arguments[0])
                path.write_bytes(path.read_bytes()[:1])
            raise Stopped

        return change

    for name in ("put", "write", "delete"):
        patch.setattr(storage.Place, name, stopping(getattr(storage.Place, name), name))


def test_interrupted_anywhere_and_run_again_ends_the_same(tmp_path, first, second, monkeypatch):
    """Whatever was the last change that was made; and while a manifest stands, what it says stands."""
    for at in range(1, 20):
        to = tmp_path / f"out-{at}"
        storage.send(first, str(to))
        with monkeypatch.context() as patch:
            stop_at(patch, to, at)
            try:
                storage.send(second, str(to))
            except Stopped:
                half = there(to)
                if len(half.get(MANIFEST, b"")) > 1:
                    promised = manifest.read(to).files
                    assert {name: manifest.of_file(to / name) for name in promised} == promised
            else:
                assert at == 9
                return
        storage.send(second, str(to))
        assert there(to) == content(second)


@pytest.mark.parametrize("name", ["thesis.doc", "stance/notes.txt"])
def test_files_of_others_are_left_alone(tmp_path, first, second, name):
    to = tmp_path / "out"
    (to / name).parent.mkdir(parents=True)
    (to / name).write_bytes(b"mine")
    with pytest.raises(CheckError, match=f"{name} was added"):
        storage.send(first, str(to))
    assert there(to) == {name: b"mine"}


def test_a_file_that_was_changed_there_is_not_overwritten(tmp_path, first, second):
    to = tmp_path / "out"
    storage.send(first, str(to))
    (to / "README.md").write_bytes(b"by hand")
    with pytest.raises(CheckError, match=re.escape("README.md was changed")):
        storage.send(second, str(to))


def test_a_published_version_stays(tmp_path, first):
    to = tmp_path / "out"
    storage.send(first, str(to))
    other = make(tmp_path / "other", "0.1.0", **{"stance/train.parquet": b"other"})
    with pytest.raises(CheckError, match=r"already has version 0\.1\.0, with other files"):
        storage.send(other, str(to))


def test_what_arrives_is_compared(tmp_path, first, monkeypatch):
    put = storage.Place.put

    def rotten(self: Any, path: Path, name: str) -> None:
        put(self, path, name)
        if name == "README.md":
            (tmp_path / "out" / name).write_bytes(b"rot")

    monkeypatch.setattr(storage.Place, "put", rotten)
    with pytest.raises(CheckError, match=r"differs from the release: README\.md"):
        storage.send(first, str(tmp_path / "out"))
    assert not (tmp_path / "out" / MANIFEST).exists()


def test_an_address_of_nothing_is_told(first):
    with pytest.raises(CorpusError, match="nonesuch"):
        storage.send(first, "nonesuch://bucket/path")


class S3:
    """A process with the real client, and moto's server beside it."""

    def __init__(self, folder: Path) -> None:
        self._server = subprocess.Popen(
            [Path(sys.executable).with_name("moto_server"), "-H", "127.0.0.1", "-p", "0"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        url = next(found[0] for line in self._server.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
        self._client = subprocess.Popen(
            [sys.executable, "-c", CLIENT],
            env={**os.environ, **keys, "AWS_ENDPOINT_URL": url, "HOME": str(folder)},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.ask(None, BUCKET, None)

    def ask(self, *asked: Any) -> dict[str, Any]:
        self._client.stdin.write(json.dumps([str(part) if isinstance(part, Path) else part for part in asked]) + "\n")
        self._client.stdin.flush()
        return json.loads(self._client.stdout.readline())

    def stop(self) -> None:
        self._client.communicate()
        self._server.terminate()
        self._server.communicate()


@pytest.fixture(scope="module")
def s3(tmp_path_factory) -> Iterator[S3]:
    pytest.importorskip("s3fs", reason="the extra `s3` is not installed")
    made = S3(tmp_path_factory.mktemp("home"))
    yield made
    made.stop()


def test_s3_gets_the_release_and_loses_stale_files(s3, first, second):
    url = f"s3://{BUCKET}/sidrania"
    s3.ask(None, f"{BUCKET}/beside.txt", "not ours")
    assert len(s3.ask(first, url, True)["add"]) == 5 and len(s3.ask(None, BUCKET)) == 1
    assert len(s3.ask(first, url)["add"]) == 5
    assert s3.ask(second, url)["delete"] == ["tone/train.parquet"]
    found = s3.ask(None, BUCKET)
    assert found.pop(f"{BUCKET}/beside.txt") == "not ours"
    assert found == {f"{BUCKET}/sidrania/{name}": data.decode() for name, data in content(second).items()}
    assert len(s3.ask(second, url)["keep"]) == 5


def test_s3_that_holds_files_of_others_is_left_alone(s3, first):
    s3.ask(None, f"{BUCKET}/shared/thesis.doc", "mine")
    done = s3.ask(first, f"s3://{BUCKET}/shared")
    assert done["error"] == "CheckError" and "thesis.doc was added" in done["said"]


def test_a_bucket_that_is_not_there_is_told_and_not_made(s3, first):
    done = s3.ask(first, "s3://nonesuch/path")
    assert done["error"] == "ServiceError" and "s3://nonesuch/path" in done["said"]
