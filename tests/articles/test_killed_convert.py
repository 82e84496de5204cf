"""`convert` killed with SIGKILL at many moments and run again gives the bytes of a run that was never killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from real_data import shared
from run_warraq import WARRAQ

from corpus import store, workspace
from corpus.articles import batches
from corpus.articles.convert import convert
from corpus.records import Article

# Dies when n files are read, or just before or after the n-th record file takes its place.
RUN = """
import os, signal, sys
from pathlib import Path
from corpus import store, workspace
from corpus.articles import batches, convert, merge
root, raw, moment, n, workers = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
merge.CHUNK_BYTES = 2**20
batches.MAX_FILES = 100
def die(): os.kill(os.getpid(), signal.SIGKILL)
def progress(done, total):
    if moment == "file" and done >= n: die()
replace, seen = Path.replace, []
def dying(self, target):
    if target.suffix == ".jsonl": seen.append(target)
    last = target.suffix == ".jsonl" and len(seen) == n
    if moment == "before" and last: die()
    replace(self, target)
    if moment == "after" and last: die()
Path.replace = dying
convert.convert(workspace.find(root), [raw], progress, workers)
"""


def run(space, raw, moment="never", n=0, workers=1):
    command = [sys.executable, "-c", RUN, str(space.root), str(raw), moment, str(n), str(workers)]
    return subprocess.run(command).returncode


def left(space) -> set[str]:
    """Every file of the corpus folder but its lock."""
    return {p.relative_to(space.root).as_posix() for p in space.root.rglob("*") if p.is_file()} - {".warraq/convert.lock"}


@pytest.fixture
def half_full(corpus_folder, ant_folder):
    """A corpus that holds two sections already, so that a kill could harm something."""
    convert(corpus_folder, [ant_folder / "culture", ant_folder / "sport"])
    return corpus_folder


@pytest.mark.parametrize(
    ("moment", "n", "workers"), [("file", 1, 1), ("file", 250, 2), ("before", 1, 1), ("after", 1, 1), ("before", 2, 2)]
)
def test_killed_at_a_moment_then_run_again_gives_the_same_bytes(half_full, ant_folder, tmp_path, moment, n, workers):
    raw = ant_folder / "diverse"
    workspace.create(tmp_path / "calm")
    calm = workspace.find(tmp_path / "calm")
    convert(calm, [ant_folder / "culture", ant_folder / "sport"])
    convert(calm, [raw])

    before = half_full.articles.read_bytes()
    assert run(half_full, raw, moment, n, workers) == -signal.SIGKILL
    if (moment, n) in {("file", 1), ("file", 250), ("before", 1)}:  # articles.jsonl had not yet been replaced
        assert half_full.articles.read_bytes() == before
    assert list(store.read(half_full.articles, Article))  # whole at any moment
    convert(half_full, [raw])
    assert half_full.articles.read_bytes() == calm.articles.read_bytes()
    assert half_full.rejects.read_bytes() == calm.rejects.read_bytes()
    assert (half_full.reports / "convert.json").read_bytes() == (calm.reports / "convert.json").read_bytes()
    assert left(half_full) == left(calm)


def test_killed_again_and_again_by_the_clock_loses_and_doubles_nothing(corpus_folder, ant_corpus):
    raw = shared("ant", "ant-public.tar.xz")
    for seconds in (0.3, 0.6, 0.9, 1.2):
        process = subprocess.Popen([sys.executable, "-c", RUN, str(corpus_folder.root), str(raw), "never", "0", "2"])
        time.sleep(seconds)
        process.kill()
        process.wait()
    assert run(corpus_folder, raw) == 0
    kept = [(a.id, a.text) for a in store.read(corpus_folder.articles, Article)]
    assert kept == [(a.id, a.text) for a in store.read(ant_corpus[0].articles, Article)]
    assert left(corpus_folder) == {"warraq.toml", "targets.yaml", ".gitignore", "articles.jsonl", "rejects.jsonl"} | {
        "reports/convert.json"
    }


def test_a_run_after_a_killed_one_reads_only_what_was_not_read(corpus_folder, ant_folder, monkeypatch):
    read: list[str] = []
    opened = batches.sources.opened
    monkeypatch.setattr(batches, "MAX_FILES", 100)
    monkeypatch.setattr(batches.sources, "opened", lambda file: read.append(file.name) or opened(file))
    raw = ant_folder / "diverse"
    whole = len(list(raw.iterdir()))
    assert run(corpus_folder, raw, "file", 200) == -signal.SIGKILL
    changed = sorted(raw.iterdir())[0]
    report = convert(corpus_folder, [raw])
    assert (report.files, len(read)) == (whole, whole - 200)

    assert run(corpus_folder, raw, "file", 200) == -signal.SIGKILL
    text = changed.read_bytes()
    try:
        changed.write_bytes(text.replace(b"</TITLE>", " جديد</TITLE>".encode()))
        read.clear()
        assert convert(corpus_folder, [raw]).changed == 1
        assert len(read) == whole - 100  # the batch with the changed file, and those that were not read
    finally:
        changed.write_bytes(text)


def test_workers_end_when_their_parent_is_killed(corpus_folder, ant_folder):
    process = subprocess.Popen([sys.executable, "-c", RUN, str(corpus_folder.root), str(ant_folder), "never", "0", "2"])
    try:
        found = _two_children(process)
    finally:
        process.kill()
        process.wait()
    _until(lambda: not any(_alive(pid) for pid in found))


@pytest.mark.parametrize("seconds", [0, 0.05, 0.1])
def test_ctrl_c_while_workers_start_is_one_line_and_ends_them(corpus_folder, ant_folder, seconds):
    command = [WARRAQ, "-C", str(corpus_folder.root), "convert", str(ant_folder), "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True)
    found = _two_children(process)  # one is multiprocessing's own
    time.sleep(seconds)  # an instant of its start, which nothing tells of
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("stopped") and "Traceback" not in said
    _until(lambda: not any(_alive(pid) for pid in found))


def _two_children(process):
    """The ids of a process's children, once it has two."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    _until(lambda: len(children.read_text().split()) >= 2)
    return children.read_text().split()


def _until(holds):
    """Look again until it holds; after 20 seconds it is a failure."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def _alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
