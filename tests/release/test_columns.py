import json
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tiny_corpus import records

from corpus import codebook, store
from corpus.errors import CorpusError, RecordError
from corpus.records import Article, Block, Embed
from corpus.release.dataset import columns
from corpus.release.layout import features

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCHEMA = features.of_release(codebook.load("news-stance"), ["ar"])["articles"].arrow_schema
SPLITS = st.sampled_from(["train", "test", None])
FIELDS = st.tuples(TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=3), st.lists(st.integers(0, 9), max_size=3), SPLITS)
LINES = [store.encode(article) + b"\n" for article in records().articles]
WHOLE = 1_000_000


def batches(path, size=WHOLE):
    with ThreadPoolExecutor(2) as pool:
        return list(columns.read(path, size, pool))


def rows(path, size=WHOLE):
    return [row for batch in batches(path, size) for row in batch.to_pylist()]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("columns") / "articles.jsonl"


def articles_of(drawn):
    for text, title, keywords, starts, _ in drawn:
        yield msgspec.structs.replace(
            records().articles[0],
            text=text,
            title=title,
            keywords=keywords,
            blocks=[Block("quote", start, start + 1) for start in starts],
            embeds=[Embed("tweet", text, title, None, title, start) for start in starts],
        )


@given(st.lists(FIELDS, min_size=1, max_size=5))
def test_columns_hold_the_records(path, drawn):
    articles, splits = list(articles_of(drawn)), [split for *_, split in drawn]
    store.write(path, articles)
    (read,) = batches(path)
    released = columns.as_rows(read, splits, SCHEMA)
    told = [msgspec.to_builtins(article) | {"split": split} for article, split in zip(articles, splits, strict=True)]
    assert read.to_pylist() == [{name: value for name, value in row.items() if name != "split"} for row in told]
    for row in told:
        row["article_id"] = row.pop("id")
        del row["origin"]
    assert released.to_pylist() == told
    released.validate(full=True)


@pytest.mark.parametrize("end", [b"\n", b""])
@pytest.mark.parametrize("lines", [1, 2, 5, 100])
def test_articles_come_in_batches(path, lines, end):
    path.write_bytes(b"".join(LINES).removesuffix(b"\n") + end)
    size = len(LINES[0]) * (lines - 1) + 1
    read = batches(path, size)
    assert [row for batch in read for row in batch.to_pylist()] == [msgspec.to_builtins(a) for a in records().articles]
    assert len(read[0]) == min(lines, 5)


def test_more_blocks_than_are_read_ahead_keep_their_order(path, monkeypatch):
    monkeypatch.setattr(columns, "RELEASED", 2)
    path.write_bytes(b"".join(LINES) * 20)
    assert [row["id"] for row in rows(path, 1)] == [article.id for article in records().articles] * 20


def test_an_empty_file_has_no_articles(path):
    path.write_bytes(b"")
    assert batches(path) == []


def changed(**fields):
    return lambda line: json.dumps(json.loads(line) | fields).encode() + b"\n"


def without(name):
    return lambda line: json.dumps({key: value for key, value in json.loads(line).items() if key != name}).encode() + b"\n"


BLOCK, EMBED = {"kind": "list", "start": 0, "end": 1}, msgspec.to_builtins(records().articles[0].embeds[0])
SPOILED = {
    "id": changed(id="A"),
    "id null": changed(id=None),
    "text null": changed(text=None),
    "text number": changed(text=1),
    "keyword null": changed(keywords=[None]),
    "keywords null": changed(keywords=None),
    "parent": changed(parent="x"),
    "related": changed(related=["f" * 15 + "\n"]),
    "hash": changed(sha256="0" * 63),
    "kind": changed(blocks=[BLOCK | {"kind": "verse"}]),
    "block null": changed(blocks=[None]),
    "offset": changed(blocks=[BLOCK | {"start": -1}]),
    "offset half": changed(blocks=[BLOCK | {"start": 0.5}]),
    "post": changed(embeds=[EMBED | {"text": None}]),
    "post's key": changed(embeds=[EMBED | {"likes": 3}]),
    "origin": changed(origin={}),
    "more": changed(likes=3),
    "no text": without("text"),
    "no words": without("keywords"),
    "blank": lambda line: b"\n",
    "cut": lambda line: line[:9] + b"\n",
    "two on a line": lambda line: line.strip() + line,
    "on two lines": lambda line: line.replace(b",", b",\n", 1),
    "not UTF-8": lambda line: line.replace("ن".encode(), b"\xff", 1),
    "half of a letter": lambda line: line.replace("ن".encode(), b"\xd9", 1),
    "single surrogate": lambda line: line.replace(b'"language":"ar"', b'"language":"\\ud83d"'),
    "other surrogate": lambda line: line.replace(b'"language":"ar"', b'"language":"\\udc00"'),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
@pytest.mark.parametrize("size", [1, WHOLE])
def test_a_bad_line_is_told_as_store_tells_it(path, spoil, size):
    path.write_bytes(b"".join([*LINES[:3], spoil(LINES[3]), LINES[4]]))
    with pytest.raises(RecordError) as expected:
        list(store.read(path, Article))
    with pytest.raises(RecordError) as told:
        batches(path, size)
    assert str(told.value) == str(expected.value)
    assert ":4:" in str(told.value)


def test_a_file_whose_lines_lack_a_field_that_may_be_null_is_told(path):
    path.write_bytes(b"".join(map(without("author"), LINES)))
    with pytest.raises(RecordError, match="missing required field `author`"):
        batches(path)


def test_a_number_beyond_32_bits_is_told(path):
    path.write_bytes(changed(blocks=[BLOCK | {"end": 2**31}])(LINES[0]))
    with pytest.raises(CorpusError, match="is not as `warraq convert` writes it"):
        batches(path)


BYTES = st.sampled_from([bytes([one]) for one in range(256)] + [b"null", b"{}", b"[]", b"\\u0000", b'"', b'","', b"1e3"])


@given(st.data())
def test_what_the_record_class_refuses_is_refused(path, data):
    whole = b"".join(LINES[:2])
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(at, min(at + 30, len(whole))))
    spoiled = whole[:at] + data.draw(BYTES | st.just(b"")) + whole[cut:]
    agree(path, spoiled)


@example(b"\xef\xbb\xbf" + LINES[0])
@example(LINES[0] + b" \n")
@example(LINES[0][:-2] + b',"id":"0000000000000000"}\n')
@given(st.binary(max_size=200))
def test_bytes_are_read_as_the_record_class_reads_them_or_refused(path, spoiled):
    agree(path, spoiled)


def agree(path, spoiled):
    """Rows are those of `store.read`, or there is an error; and there is one wherever `store.read` has one."""
    path.write_bytes(spoiled)
    try:
        expected = [msgspec.to_builtins(article) for article in store.read(path, Article)]
    except RecordError as error:
        if "missing required field" in str(error):  # such as a field that may be null
            return
        with pytest.raises(RecordError) as told:
            batches(path)
        assert str(told.value) == str(error)
        return
    try:
        assert rows(path) == expected
    except CorpusError as error:
        assert "is not as `warraq convert` writes it" in str(error)
