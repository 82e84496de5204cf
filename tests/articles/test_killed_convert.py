"""`convert` killed with SIGKILL at many moments and run again gives the bytes of a run that was never killed."""

import signal
import subprocess
import sys
import time

import pytest
from real_data import shared

from corpus import store, workspace
from corpus.articles.convert import convert
from corpus.records import Article

# Dies at the n-th file, or just before or after the n-th record file takes its place.
RUN = """
import os, signal, sys
from pathlib import Path
from corpus import store, workspace
from corpus.articles import convert, merge
root, raw, moment, n = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
merge.CHUNK_BYTES = 2**20
def die(): os.kill(os.getpid(), signal.SIGKILL)
def progress(done, total):
    if moment == "file" and done == n: die()
replace, seen = Path.replace, []
def dying(self, target):
    seen.append(target)
    if moment == "before" and len(seen) == n: die()
    replace(self, target)
    if moment == "after" and len(seen) == n: die()
Path.replace = dying
convert.convert(workspace.find(root), [raw], progress)
"""


def run(space, raw, moment="never", n=0, **options):
    command = [sys.executable, "-c", RUN, str(space.root), str(raw), moment, str(n)]
    return subprocess.run(command, **options).returncode


def left(space) -> set[str]:
    """Every file of the corpus folder but its lock."""
    return {p.relative_to(space.root).as_posix() for p in space.root.rglob("*") if p.is_file()} - {".warraq/convert.lock"}


@pytest.fixture
def half_full(corpus_folder, ant_folder):
    """A corpus that holds two sections already, so that a kill could harm something."""
    convert(corpus_folder, [ant_folder / "culture", ant_folder / "sport"])
    return corpus_folder


@pytest.mark.parametrize(("moment", "n"), [("file", 1), ("file", 1500), ("before", 1), ("after", 1), ("before", 2)])
def test_killed_at_a_moment_then_run_again_gives_the_same_bytes(half_full, ant_folder, tmp_path, moment, n):
    raw = ant_folder / "diverse" if moment != "file" else ant_folder
    workspace.create(tmp_path / "calm")
    calm = workspace.find(tmp_path / "calm")
    convert(calm, [ant_folder / "culture", ant_folder / "sport"])
    convert(calm, [raw])

    before = half_full.articles.read_bytes()
    assert run(half_full, raw, moment, n) == -signal.SIGKILL
    if (moment, n) in {("file", 1), ("file", 1500), ("before", 1)}:  # articles.jsonl had not yet been replaced
        assert half_full.articles.read_bytes() == before
    assert list(store.read(half_full.articles, Article))  # whole at any moment
    convert(half_full, [raw])
    assert half_full.articles.read_bytes() == calm.articles.read_bytes()
    assert half_full.rejects.read_bytes() == calm.rejects.read_bytes()
    assert left(half_full) == left(calm)


def test_killed_again_and_again_by_the_clock_loses_and_doubles_nothing(corpus_folder, ant_corpus):
    raw = shared("ant", "ant-public.tar.xz")
    for seconds in (0.3, 0.6, 0.9, 1.2):
        process = subprocess.Popen([sys.executable, "-c", RUN, str(corpus_folder.root), str(raw), "never", "0"])
        time.sleep(seconds)
        process.kill()
        process.wait()
    assert run(corpus_folder, raw) == 0
    kept = [(a.id, a.text) for a in store.read(corpus_folder.articles, Article)]
    assert kept == [(a.id, a.text) for a in store.read(ant_corpus[0].articles, Article)]
    assert left(corpus_folder) == {"warraq.toml", "targets.yaml", ".gitignore", "articles.jsonl", "rejects.jsonl"}
