import gc
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_corpus import records

from corpus import codebook, store
from corpus.errors import RecordError
from corpus.records import Article, Block, Embed
from corpus.release.dataset import columns
from corpus.release.layout import features

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCHEMA = features.of_release(codebook.load("news-stance"), ["ar"])["articles"].arrow_schema
SPLITS = st.sampled_from(["train", "test", None])
FIELDS = st.tuples(TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=3), st.lists(st.integers(0, 9), max_size=3), SPLITS)


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


@given(st.lists(FIELDS, max_size=5))
def test_columns_hold_the_records(drawn):
    articles, splits = list(articles_of(drawn)), [split for *_, split in drawn]
    batch = columns.batch_of(articles, splits, SCHEMA)
    rows = [msgspec.to_builtins(article) | {"split": split} for article, split in zip(articles, splits, strict=True)]
    for row in rows:
        row["article_id"] = row.pop("id")
        del row["origin"]
    assert batch.to_pylist() == rows
    batch.validate(full=True)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "articles.jsonl"
    store.write(path, records().articles)
    return path


@pytest.mark.parametrize("lines", [1, 2, 5, 100])
def test_articles_come_in_batches(file, lines):
    size = len(file.read_bytes().splitlines(keepends=True)[0]) * (lines - 1) + 1
    batches = list(columns.read(file, size))
    assert [article for batch in batches for article in batch] == records().articles
    assert len(batches[0]) == min(lines, 5)


def bad_id(line):
    return json.dumps(json.loads(line) | {"id": "A"}).encode() + b"\n"


@pytest.mark.parametrize(
    "spoil", [bad_id, lambda line: b"\n", lambda line: line[:9] + b"\n", lambda line: line[:90] + b"\xff\n"]
)
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_bad_line_is_told_as_store_tells_it(file, spoil, size):
    lines = file.read_bytes().splitlines(keepends=True)
    lines[3] = spoil(lines[3])
    file.write_bytes(b"".join(lines))
    with pytest.raises(RecordError) as expected:
        list(store.read(file, Article))
    with pytest.raises(RecordError) as told:
        list(columns.read(file, size))
    assert str(told.value) == str(expected.value)
    assert ":4:" in str(told.value)


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_as_it_was_even_after_an_error(on):
    before = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with pytest.raises(ValueError, match="stop"), columns.uncollected():
            assert not gc.isenabled()
            raise ValueError("stop")
        assert gc.isenabled() == on
    finally:
        (gc.enable if before else gc.disable)()
