"""Tables and JSON of any make: columns by their own names, formats by content or by force, the same articles from each."""

import io
import json
import zipfile

import msgspec
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from run_warraq import warraq

from corpus import store, workspace
from corpus.articles import json_values
from corpus.articles import parquet as parquet_reader
from corpus.articles.convert import convert
from corpus.articles.draft import Draft, Fault
from corpus.articles.settings import settings_of
from corpus.errors import CorpusError
from corpus.records import Article, Reject
from corpus.text import clean
from corpus.text.encoding import is_utf8

ROWS = [
    {"headline": "عنوان أول", "body": "نصّ أول.\nفقرة ثانية.", "link": "https://a.example/1", "day": "2024-11-06", "tag": "x"},
    {"headline": "عنوان ثان", "body": "نصّ ثان.", "link": "https://a.example/2", "day": "06/11/2024", "tag": "y"},
    {"headline": "بلا نصّ", "body": "", "link": "https://a.example/3", "day": "", "tag": "z"},
]
MAP = {"text": "body", "title": "headline", "url": "link", "published": "day"}


def written(path, kind):
    """ROWS as a file of some format."""
    if kind == "parquet":
        parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)
    elif kind in ("csv", "tsv"):
        mark = "\t" if kind == "tsv" else ","
        quoted = [[f'"{value}"' for value in row.values()] for row in ROWS]
        path.write_text("\n".join(mark.join(line) for line in [[name.upper() for name in ROWS[0]], *quoted]), "utf-8")
    elif kind == "jsonl":
        path.write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    else:
        path.write_text(json.dumps(ROWS, ensure_ascii=False, indent=2 if kind == "indented" else None), "utf-8-sig")
    return path


def facts(space):
    return sorted((a.url, a.title, a.text, a.published) for a in store.read(space.articles, Article))


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "array", "indented", "parquet"])
@pytest.mark.parametrize("told", ["call", "settings"])
def test_a_column_map_reads_the_same_articles_from_every_format(corpus_folder, tmp_path, kind, told):
    path = written(tmp_path / "rows.dat", kind)
    if told == "settings":
        lines = "".join(f'{name} = "{column}"\n' for name, column in MAP.items())
        config = corpus_folder.root / "warraq.toml"
        config.write_text(config.read_text("utf-8") + f"[convert.columns]\n{lines}", "utf-8")
        report = convert(workspace.find(corpus_folder.root), [path])
    else:
        options = settings_of(corpus_folder, [f"{name}={column}" for name, column in MAP.items()])
        report = convert(corpus_folder, [path], settings=options)
    assert facts(corpus_folder) == [
        ("https://a.example/1", "عنوان أول", "نصّ أول.\nفقرة ثانية.", "2024-11-06"),
        ("https://a.example/2", "عنوان ثان", "نصّ ثان.", "2024-11-06"),
    ]
    assert report.reasons == {"empty_text": 1}


def test_without_the_map_a_table_says_which_column_it_misses(corpus_folder, tmp_path):
    for kind in ("csv", "jsonl", "array", "parquet"):
        written(tmp_path / kind, kind)
    report = convert(corpus_folder, [tmp_path / kind for kind in ("csv", "jsonl", "array", "parquet")])
    assert report.reasons == {"missing_field": 3 + 3 + 1, "unknown_format": 1}
    details = {reject.detail for reject in store.read(corpus_folder.rejects, Reject) if reject.file == "parquet"}
    assert details == {"there is no column 'text' for the text; got headline, body, link, day, tag"}


@pytest.mark.parametrize("wrong", ["body", "texte=body", "text=", "=body", ""])
def test_a_map_that_is_none_is_an_error_that_says_what_to_write(corpus_folder, tmp_path, wrong):
    with pytest.raises(CorpusError, match="text=body") as raised:
        settings_of(corpus_folder, [wrong])
    assert "published" in raised.value.fix


def test_a_format_is_forced_whatever_the_file_begins_with(corpus_folder, tmp_path):
    page = tmp_path / "page"
    page.write_text("<p>" + "فقرة بلا وسم أعلى، طويلة بما يكفي لتكون نصّا يُقرأ. " * 4 + "</p>", "utf-8")
    assert convert(corpus_folder, [page]).reasons == {"unknown_format": 1}
    assert convert(corpus_folder, [page], settings=settings_of(corpus_folder, [], "html")).articles == 1
    assert convert(corpus_folder, [page], settings=settings_of(corpus_folder, [], "jsonl")).reasons == {"bad_json": 1}
    with pytest.raises(CorpusError, match="no format 'docx'"):
        settings_of(corpus_folder, [], "docx")


def test_content_and_not_the_name_decides(corpus_folder, tmp_path):
    for kind, name in {"parquet": "a.csv", "csv": "b.json", "array": "c.tsv", "jsonl": "d.parquet"}.items():
        written(tmp_path / name, kind)
    report = convert(corpus_folder, sorted(tmp_path.glob("?.*")), settings=settings_of(corpus_folder, ["text=body"]))
    assert report.reasons == {"empty_text": 4} and report.articles == 8
    formats = {a.origin.file: a.origin.format for a in store.read(corpus_folder.articles, Article)}
    assert formats == {"a.csv": "parquet", "b.json": "csv", "c.tsv": "json", "d.parquet": "jsonl"}


def test_the_command_takes_maps_and_formats(tmp_path):
    warraq("init", "c", cwd=tmp_path)
    written(tmp_path / "rows", "csv")
    done = warraq("-C", "c", "convert", "rows", "--map", "text=body", "--map", "url=link", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["articles"] == 2
    for options, words in ((["--map", "txt=body"], "text=body"), (["--format", "x"], "parquet")):
        done = warraq("-C", "c", "convert", "rows", *options, cwd=tmp_path)
        assert done.returncode == 2 and words in done.stderr


# JSON values.

VALUES = st.recursive(st.text(max_size=20) | st.integers() | st.booleans() | st.none(), st.lists, max_leaves=4)
OBJECTS = st.dictionaries(st.sampled_from(["text", "title", "x"]), VALUES, max_size=3)


@settings(max_examples=150, deadline=None)
@given(st.lists(OBJECTS, min_size=1, max_size=5), st.sampled_from([None, 1, 4]), st.integers(1, 40), st.booleans())
def test_an_array_gives_its_objects_in_any_layout_and_any_window(objects, indent, window, array):
    text = (
        json.dumps(objects, indent=indent, ensure_ascii=False)
        if array
        else "\n".join(json.dumps(each, indent=indent, ensure_ascii=False) for each in objects)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "_CHUNK", window)
        found = list(json_values.read(io.BytesIO(text.encode("utf-8", "surrogatepass")), {}))
    assert [draft.record for draft in found] == list(range(1, len(objects) + 1))
    for draft, given_ in zip(found, objects, strict=True):
        if isinstance(draft, Draft):
            assert clean.paragraphs(given_["text"]) == [paragraph.text for paragraph in draft.paragraphs]
        else:
            said, title = given_.get("text"), given_.get("title")
            surrogates = max(json.dumps(given_, ensure_ascii=False)) >= "\ud800" and not is_utf8(draft.raw)
            is_text = isinstance(said, str) and clean.paragraphs(said) and (title is None or isinstance(title, str))
            assert surrogates or not is_text, draft


def test_what_follows_a_fault_of_an_array_is_one_reject_and_long_objects_are_too():
    first, second = json_values.read(io.BytesIO(b'[{"text":"a"}, {"text": nope}, {"text":"c"}]'), {})
    assert isinstance(first, Draft) and (second.record, second.reason) == (2, "bad_json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "MAX_OBJECT", 200_000)
        (fault,) = json_values.read(io.BytesIO(b'[{"text":"' + b"a" * 10**6 + b'"}]'), {})
    assert fault.reason == "too_long" and len(fault.raw) <= 1000
    assert [f.reason for f in json_values.read(io.BytesIO(b"[]"), {})] == ["empty_file"]
    assert [f.reason for f in json_values.read(io.BytesIO(b'[{"text": "a"'), {})] == ["bad_json"]


# Parquet.


def test_parquet_is_read_by_groups_and_a_dictionary_that_says_too_much_is_stopped(tmp_path):
    path = tmp_path / "bomb"
    table = pyarrow.table({"text": pyarrow.array(["x" * 2**20]).dictionary_encode().take(pyarrow.array([0] * 2000))})
    parquet.write_table(table.cast(pyarrow.schema([("text", pyarrow.dictionary(pyarrow.int32(), pyarrow.string()))])), path)
    assert path.stat().st_size < 2**20
    with path.open("rb") as file:
        *drafts, fault = parquet_reader.read(file, {})
    assert fault.reason == "bad_row" and "200 times" in fault.detail
    assert 0 < len(drafts) <= 200


def test_parquet_with_other_types_broken_pages_and_inside_an_archive(corpus_folder, tmp_path):
    path = tmp_path / "a.parquet"
    table = pyarrow.table({"text": ["أ", "ب"], "id": [7, 8], "title": [b"\xff", b"\xfe"], "more": [{"a": 1}, None]})
    parquet.write_table(table, path)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "a")
    report = convert(corpus_folder, [tmp_path / "a.zip"])
    assert report.reasons == {"bad_field": 2}
    broken = bytearray(path.read_bytes())
    for place in (4, len(broken) // 2, len(broken) - 9):
        broken[place] ^= 0xFF
    path.write_bytes(broken)
    assert convert(corpus_folder, [path]).reasons == {"bad_row": 1}


def test_parquet_with_a_large_row_group_is_a_reject(monkeypatch):
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": ["أ" * 999, "ب" * 999]}), file, row_group_size=1)
    monkeypatch.setattr(parquet_reader, "MAX_GROUP", 1000)
    (fault,) = parquet_reader.read(file, {})
    assert fault.reason == "bad_row" and "row group 1 has" in fault.detail


def test_parquet_with_any_bit_of_its_footer_turned_gives_drafts_and_faults():
    """pyarrow's own `ColumnChunkMetaData` ends the process on some of these."""
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": ["أ", None], "title": ["ب", "ت"]}), file, store_schema=False)
    whole = file.getvalue()
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    for place in range(start, len(whole)):
        for bit in range(8):
            turned = bytearray(whole)
            turned[place] ^= 1 << bit
            assert all(isinstance(each, Draft | Fault) for each in parquet_reader.read(io.BytesIO(turned), {}))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.none() | st.text(max_size=9)), min_size=1, max_size=9), st.integers(1, 4))
def test_parquet_rows_are_all_there_whatever_the_groups(rows, size):
    table = pyarrow.table({"text": pyarrow.array([row[0] for row in rows], pyarrow.string()), "title": [r[1] for r in rows]})
    file = io.BytesIO()
    parquet.write_table(table, file, row_group_size=size)
    found = list(parquet_reader.read(file, {}))
    assert [draft.record for draft in found] == list(range(1, len(rows) + 1))
    raws = [msgspec.json.decode(draft.raw) for draft in found]
    assert [(raw["text"], raw["title"]) for raw in raws] == rows
