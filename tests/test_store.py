"""Record files: errors with file:line, and whole or not at all."""

import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import store
from corpus.errors import CorpusError, RecordError
from corpus.records import Duplicate, Split

ROWS = [Split(f"{n:016x}", "train", f"{n:016x}") for n in range(3)]


def test_what_is_written_is_read_back_in_the_same_bytes(tmp_path):
    path = tmp_path / "splits.jsonl"
    assert store.write_sorted(path, reversed(ROWS), key=lambda row: row.article_id) == 3
    assert list(store.read(path, Split)) == ROWS
    before = path.read_bytes()
    store.write(path, store.read(path, Split))
    assert path.read_bytes() == before


@given(st.floats(0, 1))
def test_numbers_survive_a_file(value):
    row = Duplicate("0" * 16, "1" * 16, value, "near")
    assert store.msgspec.json.decode(store.encode(row), type=Duplicate) == row


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"article_id":', "truncated"),
        (b"not json", "malformed"),
        (b'{"article_id":"0","split":"train","group":"0000000000000000"}', "article_id"),
        (b'{"article_id":"0000000000000000","split":"dev","group":"0000000000000000"}', "split"),
        (b'{"article_id":"0000000000000000","split":"train"}', "group"),
        (b'{"article_id":"0000000000000000","split":"train","group":"0000000000000000","x":1}', "x"),
        (b"[]", "object"),
        (b"\xff\xfe", "utf-8"),
    ],
)
def test_a_bad_line_stops_the_run_with_file_line_and_field(tmp_path, line, said):
    path = tmp_path / "splits.jsonl"
    store.write(path, ROWS)
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(RecordError) as error:
        list(store.read(path, Split))
    assert error.value.what.startswith(f"{path}:4: ")
    assert said in error.value.what
    assert error.value.exit_code == 2 and error.value.fix


def test_good_records_come_before_the_bad_line_is_met(tmp_path):
    path = tmp_path / "splits.jsonl"
    store.write(path, ROWS)
    path.write_bytes(path.read_bytes() + b"x\n")
    rows = store.read(path, Split)
    assert [next(rows) for _ in range(3)] == ROWS


def test_a_missing_file_names_the_step_that_writes_it(tmp_path):
    with pytest.raises(CorpusError, match=r"splits\.jsonl does not exist\n.*warraq split"):
        list(store.read(tmp_path / "splits.jsonl", Split))
    assert list(store.read_if_any(tmp_path / "splits.jsonl", Split)) == []


def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "splits.jsonl"
    store.write(path, ROWS)
    before = path.read_bytes()

    def broken():
        yield ROWS[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(path, broken())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_nobody_but_its_owner_may_read_is_so_from_the_start(tmp_path):
    with store.atomic(tmp_path / "token", 0o600) as file:
        file.write(b"x")
        (part,) = tmp_path.iterdir()
        assert part.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600


KILLED = """
import os, signal, sys
from pathlib import Path
from corpus import store
from corpus.records import Split
def rows():
    for n in range(100_000):
        yield Split(f"{n:016x}", "train", f"{n:016x}")
    os.kill(os.getpid(), signal.SIGKILL)
store.write(Path(sys.argv[1]), rows())
"""


def test_a_killed_writer_leaves_the_old_file_and_the_next_writer_cleans_up(tmp_path):
    path = tmp_path / "splits.jsonl"
    store.write(path, ROWS)
    before = path.read_bytes()
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)]).returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2  # what it had written, under another name
    store.write(path, ROWS[:1])
    assert list(tmp_path.iterdir()) == [path]
    assert list(store.read(path, Split)) == ROWS[:1]


def test_two_writers_at_once_do_not_remove_each_others_work(tmp_path):
    path = tmp_path / "splits.jsonl"
    with store.atomic(path) as first:
        first.write(b"first")
        with store.atomic(path) as second:
            second.write(b"second")
        assert path.read_bytes() == b"second"
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]
