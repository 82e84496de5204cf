import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from corpus.release.layout.digest import RowsDigest

SCHEMA = pa.schema(
    {
        "text": pa.string(),
        "label": pa.int64(),
        "made": pa.timestamp("us", "UTC"),
        "soft": pa.struct({"a": pa.float64(), "b": pa.float64()}),
        "spans": pa.list_(pa.struct({"start": pa.int32(), "text": pa.string()})),
    }
)
WORDS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "text": WORDS,
            "label": st.none() | st.integers(0, 9),
            "made": st.none() | st.datetimes(timezones=st.just(UTC)),
            "soft": st.none() | st.fixed_dictionaries({"a": st.floats(0, 1), "b": st.none() | st.floats(0, 1)}),
            "spans": st.none() | st.lists(st.fixed_dictionaries({"start": st.integers(0, 9), "text": WORDS}), max_size=3),
        }
    ),
    max_size=6,
)


def of(*batches, schema=SCHEMA):
    digest = RowsDigest()
    for rows in batches:
        digest.update(pa.RecordBatch.from_pylist(rows, schema))
    return digest.hexdigest()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def test_by_hand():
    rows = [{"n": 1, "t": "نص", "l": ["a", "bc"]}, {"n": None, "t": None, "l": []}, {"n": -1, "t": "", "l": None}]
    streams = {
        "n?": b"\1\0\1",
        "n": (1).to_bytes(4, "little") + b"\xff" * 4,
        "t?": b"\1\0\1",
        "t#": b"\4\0\0\0" + bytes(4),
        "t": "نص".encode(),
        "l?": b"\1\1\0",
        "l#": b"\2\0\0\0" + bytes(4),
        "l[]?": b"\1\1",
        "l[]#": b"\1\0\0\0\2\0\0\0",
        "l[]": b"abc",
    }
    told = "".join(f"{name} {sha256(stream)}\n" for name, stream in sorted(streams.items()))
    schema = pa.schema({"n": pa.int32(), "t": pa.string(), "l": pa.list_(pa.string())})
    assert of(rows, schema=schema) == sha256(told.encode())


def test_times_and_structs_by_hand():
    made = datetime(1970, 1, 1, 3, 0, 1, tzinfo=timezone(timedelta(hours=3)))  # one second after midnight in UTC
    schema = pa.schema({"m": pa.timestamp("us", "UTC"), "s": pa.struct({"x": pa.float64()})})
    streams = {"m?": b"\1\1", "m": (1_000_000).to_bytes(8, "little") * 2, "s?": b"\1\0", "s.x?": b"\1", "s.x": bytes(8)}
    told = "".join(f"{name} {sha256(stream)}\n" for name, stream in sorted(streams.items()))
    assert of([{"m": made, "s": {"x": 0.0}}, {"m": made, "s": None}], schema=schema) == sha256(told.encode())


@given(ROWS, st.integers(0, 6))
def test_cuts_do_not_count(rows, at):
    assert of(rows[:at], rows[at:]) == of(rows)
    cut = pa.RecordBatch.from_pylist([*rows, *rows], SCHEMA)
    digest = RowsDigest()
    digest.update(pa.Table.from_batches([cut.slice(0, at), cut.slice(at)]))  # arrays that begin inside their buffers
    assert digest.hexdigest() == of(rows, rows)


@given(ROWS, ROWS)
def test_other_rows_have_another_hash(rows, others):
    assert (of(rows) == of(others)) == (rows == others)


def test_what_stands_under_a_null_does_not_count():
    filled = pa.array([1, 2], pa.int32(), mask=None)
    hidden = pa.Array.from_buffers(pa.int32(), 2, [pa.py_buffer(b"\1"), filled.buffers()[1]])
    first, second = RowsDigest(), RowsDigest()
    first.update(pa.record_batch({"n": hidden}))
    second.update(pa.record_batch({"n": pa.array([1, None], pa.int32())}))
    assert first.hexdigest() == second.hexdigest()
