"""The sample's release, built twice: by two copies of the code, in two folders, time zones, hash seeds, locales, numbers of
threads, of workers and of files that one reads at a time; then used by somebody who has no Warraq.

The consumer's environment is a fresh one, with `datasets`, scikit-learn and what these two need, in the versions of the lock
file. It comes from uv's cache or the package index: the one test that skips without a network, with a word.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
ROOMS = ("schemas", "corpus", "baselines", "scripts")
ENVIRONMENTS = [
    (
        "1",
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C", "ARROW_NUM_THREADS": "1"},
    ),
    ("2", {"TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "LC_ALL": "C.UTF-8", "COLUMNS": "40"}),
]


@pytest.fixture(scope="module")
def releases(tmp_path_factory) -> list[Path]:
    """The two, built at the same time."""
    folders, runs = [], []
    for workers, environment in ENVIRONMENTS:
        root = tmp_path_factory.mktemp("checkout" * int(workers))
        for name in ROOMS:
            shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        folders.append(root / f"corpus of {workers}")
        run = [sys.executable, HERE / "build_sample.py", folders[-1], workers]
        env = {**os.environ, **environment, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
        runs.append(subprocess.Popen(run, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    for folder, run in zip(folders, runs, strict=True):
        told, said = run.communicate(timeout=120)
        assert run.returncode == 0, said
        assert json.loads(told) == {"code": str(folder.parent / "corpus"), "several": folder.name.endswith("2")}
    return [folder / "release" for folder in folders]


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_clean_builds_have_the_same_bytes(releases):
    one, other = map(content, releases)
    assert one.keys() == other.keys() and len(one) > 10
    assert [name for name in one if one[name] != other[name]] == []


def test_nothing_tells_where_and_by_whom_it_was_built(releases):
    for name, data in content(releases[0]).items():
        assert str(releases[0].parent.parent).encode() not in data and b"maryam" not in data, name


@pytest.fixture
def stranger(tmp_path) -> Iterator[Path]:
    """The Python of an environment that has `datasets` and scikit-learn, and nothing of ours."""
    uv, folder = [sys.executable, "-m", "uv"], tmp_path / "environment"
    python, lock = folder / "bin" / "python", PROJECT / "requirements.lock"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, folder], check=True, timeout=60)
    wanted = ["-c", lock, "datasets", "scikit-learn"]
    install = [*uv, "pip", "install", "-q", "--python", python, *wanted]
    done = subprocess.run(install, capture_output=True, text=True, timeout=120, check=False)
    if "Failed to fetch" in done.stderr:
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, done.stderr
    yield python
    shutil.rmtree(folder)  # 400 MB, which pytest would keep


def test_somebody_without_warraq_can_use_it(releases, stranger, tmp_path):
    env = {**os.environ, "HF_HOME": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    run = [stranger, "-I", HERE / "consumer.py", releases[0]]
    done = subprocess.run(run, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["ours"] == []
    promised = json.loads((releases[0] / "MANIFEST.json").read_bytes())["configs"]
    assert told["rows"] == {config: {name: split["rows"] for name, split in s.items()} for config, s in promised.items()}
    questions = json.loads((releases[0] / "codebook.json").read_bytes())["questions"]
    choices = next(question["choices"] for question in questions if question["id"] == "topic")
    assert told["names"] == [choice["value"] for choice in sorted(choices, key=lambda choice: choice["code"])]
    assert told["score"] > 1 / len(choices)
